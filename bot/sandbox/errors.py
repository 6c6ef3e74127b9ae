"""What the sandbox refuses, in Slack's own words."""

from __future__ import annotations


class SlackError(Exception):
    """Slack's answer to a call it does not accept: a short code, with details for blocks."""

    def __init__(self, code: str, messages: tuple[str, ...] = ()) -> None:
        self.code = code
        self.messages = messages
        super().__init__(code)
