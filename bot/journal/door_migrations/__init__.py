"""Revisions of the doors' working notes."""
