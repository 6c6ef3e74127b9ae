"""What a chat model sees: versioned prompt text and the schema of its reply."""
