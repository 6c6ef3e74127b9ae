"""From a question to ranked, citable candidates."""
