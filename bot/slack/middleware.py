"""What happens to every event before a listener sees it.

Bolt has already checked the token and dropped the bot's own messages when these run. Each returns a
response whenever it stops an event: Bolt logs the whole body of a request that nobody answers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from slack_bolt import App, BoltResponse

if TYPE_CHECKING:
    from bot.slack.ports import Clock, DoorJournal

Next: TypeAlias = Callable[[], Any]

QUESTION_SUBTYPES = frozenset({None, "file_share", "thread_broadcast"})
_MESSAGES = frozenset({"message", "app_mention"})


def install(app: App, journal: DoorJournal, clock: Clock) -> None:
    """Add this module's middleware to the app, in order."""

    def ignore_other_bots(body: dict[str, Any], next_: Next) -> BoltResponse | None:
        """Two bots that answer each other never stop; people ask, bots do not."""
        event = _event(body)
        if event.get("type") in _MESSAGES and event.get("bot_id"):
            return BoltResponse(status=200, body="")
        next_()
        return None

    def once(body: dict[str, Any], next_: Next) -> BoltResponse | None:
        """Let one delivery of an event through, over retries, reconnects and processes.

        If the journal cannot be asked, the error reaches Bolt, nothing is acknowledged, and Slack
        delivers the event again.
        """
        key = event_key(body)
        if key is not None and not journal.claim_event(key, clock()):
            return BoltResponse(status=200, body="")
        next_()
        return None

    app.use(ignore_other_bots)
    app.use(once)


def event_key(body: dict[str, Any]) -> str | None:
    """What identifies an event however often and in whichever shape it arrives.

    A redelivery repeats ``event_id``. A mention in a thread may come as `app_mention` and again as
    `message`, under two event ids but one (channel, ts), so a message somebody wrote is known by
    its place; a redelivery repeats that as well. One key a delivery means one claim: with two, a
    failure between them would claim an event that nobody answers.
    """
    event = _event(body)
    team = body.get("team_id") or ""
    if (
        event.get("type") in _MESSAGES
        and event.get("subtype") in QUESTION_SUBTYPES
        and event.get("channel")
        and event.get("ts")
    ):
        return f"message:{team}:{event['channel']}:{event['ts']}"
    event_id = body.get("event_id")
    return f"event:{event_id}" if event_id else None


def _event(body: dict[str, Any]) -> dict[str, Any]:
    event = body.get("event")
    return event if isinstance(event, dict) else {}
