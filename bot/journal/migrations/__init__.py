"""Numbered migrations of the journal, each applied once and in order."""
