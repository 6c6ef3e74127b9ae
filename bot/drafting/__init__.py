"""Drafters: they order verified candidates and write the rationale."""
