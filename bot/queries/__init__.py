"""Provider queries: their forms, what makes one compliant, and how far each has come."""
