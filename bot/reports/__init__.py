"""Figures from the journal for leads and compliance: computed, drawn, and written out."""
