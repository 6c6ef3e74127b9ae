"""How an answer reaches its asker: posted, in place of an older one, or through a response_url."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from slack_sdk.errors import SlackClientError

from bot.slack.logs import describe, log
from bot.slack.outbox import respond_with

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slack_sdk import WebClient
    from slack_sdk.webhook import WebhookResponse

    from bot.slack.outbox import Outbox
    from bot.slack.packing import Message


class Superseded(Exception):  # noqa: N818  # a course of events, not an error
    """The question has changed or is gone; its answer is not wanted any more."""


class Delivery(Protocol):
    """One way to reach the asker. ``channel`` is where the messages went, "" where unknown."""

    channel: str

    def deliver(self, messages: Sequence[Message]) -> tuple[str, ...]:
        """Show the messages in order; their ts, where they have one. Raises SlackClientError."""
        ...

    def undo(self, replies: Sequence[str]) -> None:
        """Take back what was shown, where that is possible. Never raises."""
        ...

    def whisper(self, message: Message, person: str) -> None:
        """Say something that concerns the asker alone. Raises SlackClientError."""
        ...


class PostDelivery:
    """Messages in a conversation, the first ones in place of those shown before."""

    def __init__(
        self,
        outbox: Outbox,
        client: WebClient,
        channel: str,
        thread: str = "",
        shown: Sequence[str] = (),
    ) -> None:
        self._outbox = outbox
        self._client = client
        self.channel = channel
        self._thread = thread
        self._shown = tuple(shown)

    def deliver(self, messages: Sequence[Message]) -> tuple[str, ...]:
        """Update what is there, post what is more, delete what is left over."""
        replies = []
        for position, message in enumerate(messages):
            ts = self._shown[position] if position < len(self._shown) else ""
            if not ts or not self._outbox.update(self._client, self.channel, ts, message):
                # A person's id stands for their direct message, whose own id comes back.
                self.channel, ts = self._outbox.post_to(
                    self._client, self.channel, message, self._thread
                )
            replies.append(ts)
        for ts in self._shown[len(messages) :]:
            self._outbox.delete(self._client, self.channel, ts)
        self._shown = tuple(replies)
        return self._shown

    def undo(self, replies: Sequence[str]) -> None:
        """Delete the messages."""
        for ts in replies:
            try:
                self._outbox.delete(self._client, self.channel, ts)
            except (SlackClientError, OSError) as error:
                log.error("stale answer not taken back: %s", describe(error))

    def whisper(self, message: Message, person: str) -> None:
        """Ephemeral in a channel; a direct message has no one else to hide it from."""
        only_for = person if self.channel.startswith(("C", "G")) else ""
        self._outbox.post(self._client, self.channel, message, self._thread, only_for=only_for)


class RespondDelivery:
    """Ephemeral messages through a response_url, which only their asker sees."""

    channel = ""

    def __init__(self, respond: Callable[..., WebhookResponse], thread: str = "") -> None:
        self._respond = respond
        self._thread = thread

    def deliver(self, messages: Sequence[Message]) -> tuple[str, ...]:
        """Send the messages; they have no ts."""
        for message in messages:
            respond_with(self._respond, message, thread=self._thread)
        return ()

    def undo(self, replies: Sequence[str]) -> None:
        """An ephemeral message cannot be taken back."""

    def whisper(self, message: Message, person: str) -> None:  # noqa: ARG002  # as the port has it
        """Everything through a response_url concerns the asker alone."""
        respond_with(self._respond, message, thread=self._thread)
