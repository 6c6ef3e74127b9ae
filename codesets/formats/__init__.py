"""One reader for each official file format."""
