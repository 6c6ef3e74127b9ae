"""The stages of an answer: screen, understand, route, draft, verify, record."""
