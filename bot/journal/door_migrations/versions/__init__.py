"""One file a revision; a shipped file never changes."""
