"""The assistant: one answer, three doors (terminal, Slack, review)."""
