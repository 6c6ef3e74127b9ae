"""Everything the listeners call, assembled once."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackClientError

from bot.slack.answering import failure_sentence
from bot.slack.blocks import plain_message
from bot.slack.logs import describe, log

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk import WebClient

    from bot.answer import Setting
    from bot.slack.access import Gate
    from bot.slack.acting import Desk
    from bot.slack.answering import Answering
    from bot.slack.decisions import DecisionDesk
    from bot.slack.deliveries import Delivery
    from bot.slack.home import Home
    from bot.slack.incoming import Incoming
    from bot.slack.memory import Memory
    from bot.slack.outbox import Outbox
    from bot.slack.ports import Clock
    from bot.slack.reviewing import Reviews
    from bot.slack.sharing import Sharing
    from bot.slack.turns import Turns


@dataclass(frozen=True, slots=True)
class Services:
    """One app's services. ``forget_installation`` gets an organisation's and a workspace's id."""

    answering: Answering
    decisions: DecisionDesk
    sharing: Sharing
    desk: Desk
    home: Home
    reviews: Reviews
    memory: Memory
    turns: Turns
    outbox: Outbox
    gate: Gate
    setting: Setting
    clock: Clock
    forget_installation: Callable[[str | None, str | None], None]
    _urls: dict[str, str] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def ask_privately(self, incoming: Incoming, client: WebClient, delivery: Delivery) -> None:
        """Take a question on that belongs to no conversation, and answer it. Never raises."""
        try:
            taken = self.answering.take(incoming)
        except Exception as error:  # noqa: BLE001  # a question is never left without a word
            sentence = failure_sentence(error)
            try:
                delivery.whisper(plain_message(sentence), incoming.person)
            except (SlackClientError, OSError) as again:
                log.error("failure sentence not sent: %s", describe(again))
            return
        if taken is not None:
            self.answering.reply(taken, incoming, client, delivery)

    def workspace_url(self, client: WebClient) -> str:
        """The workspace's address, for links to messages; "" where Slack does not say."""
        token = client.token or ""
        with self._lock:
            if token in self._urls:
                return self._urls[token]
        try:
            url = str(client.auth_test().get("url") or "")
        except SlackClientError as error:
            log.info("no workspace address: %s", describe(error))
            return ""
        with self._lock:
            self._urls[token] = url
        return url
