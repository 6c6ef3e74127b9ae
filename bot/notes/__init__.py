"""What of a note is coded, with which code, and what is not and why."""
