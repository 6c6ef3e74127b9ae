"""Official US code sets: read, compiled, looked up by date of service. No model, no Slack."""
