"""What a question supports: its codes, with the words and records behind each."""
