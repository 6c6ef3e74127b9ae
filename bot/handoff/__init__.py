"""Accepted codes handed to the systems that bill with them: FHIR R4, X12 837, CSV."""
