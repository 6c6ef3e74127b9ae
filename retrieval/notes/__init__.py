"""A clinical note read as a coder reads it: sections, sentences, problems, mentions, status."""
