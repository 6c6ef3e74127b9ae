"""What can go wrong at the Slack door.

AssistantError
└── SlackDoorError
    ├── MissingTokenError      a token is not set; names the variables
    ├── SlackRefusedError      Slack does not accept a token; says what to renew
    └── Gone                   the journal no longer has the answer that was acted on
"""

from __future__ import annotations

from bot.errors import AssistantError


class SlackDoorError(AssistantError):
    """Base of this package's errors."""


class MissingTokenError(SlackDoorError):
    """One or more tokens are not set."""

    def __init__(self, variables: tuple[str, ...]) -> None:
        self.variables = variables
        verb = "is" if len(variables) == 1 else "are"
        super().__init__(
            f"{' and '.join(variables)} {verb} not set: create the Slack app, then set "
            f"{'it' if len(variables) == 1 else 'them'} or try `codecite demo`."
        )


class SlackRefusedError(SlackDoorError):
    """Slack answered a start-up call with an error."""

    def __init__(self, method: str, error: str) -> None:
        self.method = method
        self.error = error
        super().__init__(f"Slack refused {method} ({error}): check the tokens of the app.")


class Gone(SlackDoorError):  # noqa: N818  # a course of events more than an error
    """The journal no longer has the answer."""
