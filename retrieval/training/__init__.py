"""How the shipped embedding weights were made, from official files only, by one command."""
