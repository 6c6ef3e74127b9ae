"""What happens to every event before a listener sees it.

Bolt has already checked the token and dropped the bot's own messages when these run. Each returns a
response whenever it stops an event: Bolt logs the whole body of a request that nobody answers. None
of them calls Slack: that would hold the acknowledgement up.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeAlias

from slack_bolt import App, BoltContext, BoltResponse

from bot.slack.incoming import MESSAGE_EVENTS, QUESTION_SUBTYPES, question_of

if TYPE_CHECKING:
    from bot.slack.answering import Answering
    from bot.slack.metrics import Metrics
    from bot.slack.ports import Clock, DoorJournal, DoorNotes

Next: TypeAlias = Callable[[], Any]

INCOMING, TAKEN = "codecite_incoming", "codecite_taken"


def install(
    app: App,
    journal: DoorJournal,
    notes: DoorNotes,
    clock: Clock,
    answering: Answering,
    metrics: Metrics,
) -> None:
    """Add this module's middleware to the app, in order."""

    def timed(next_: Next) -> None:
        """How long an event takes before it is acknowledged."""
        begun = monotonic()
        try:
            next_()
        finally:
            metrics.received.observe(monotonic() - begun)

    def ignore_other_bots(body: dict[str, Any], next_: Next) -> BoltResponse | None:
        """Two bots that answer each other never stop; people ask, bots do not."""
        event = _event(body)
        if event.get("type") in MESSAGE_EVENTS and _by_bot(event):
            return BoltResponse(status=200, body="")
        next_()
        return None

    def take_questions(
        body: dict[str, Any], context: BoltContext, next_: Next
    ) -> BoltResponse | None:
        """Let one delivery of a question through, over retries, reconnects, shapes and processes.

        A question takes its place in its conversation here, in the order of arrival. A message
        that asks nothing ends here, so that a busy channel costs nothing. If the journal cannot be
        written, the error reaches Bolt, nothing is acknowledged, and Slack delivers it again.
        """
        event = _event(body)
        if event.get("type") not in MESSAGE_EVENTS:
            next_()
            return None
        if event.get("subtype") not in QUESTION_SUBTYPES:
            next_()  # an edit or a deletion: claimed below
            return None
        incoming = question_of(body, context, notes)
        taken = answering.take(incoming) if incoming is not None else None
        if incoming is None or taken is None:
            return BoltResponse(status=200, body="")
        context[INCOMING], context[TAKEN] = incoming, taken
        next_()
        return None

    def once(body: dict[str, Any], next_: Next) -> BoltResponse | None:
        """Let one delivery of any other event through."""
        key = event_key(body)
        if key is not None and not journal.claim_event(key, clock()):
            metrics.repeats.inc()
            return BoltResponse(status=200, body="")
        next_()
        return None

    app.use(timed)
    app.use(ignore_other_bots)
    app.use(take_questions)
    app.use(once)


def event_key(body: dict[str, Any]) -> str | None:
    """What identifies an event however often it arrives; None for questions and interactions.

    A question is known by its place (`incoming.turn_id`), whatever its event ids: a mention in a
    thread may come as `app_mention` and again as `message`. Everything else repeats its event id.
    """
    event = _event(body)
    if event.get("type") in MESSAGE_EVENTS and event.get("subtype") in QUESTION_SUBTYPES:
        return None
    event_id = body.get("event_id")
    return f"event:{event_id}" if event_id else None


def _event(body: dict[str, Any]) -> dict[str, Any]:
    event = body.get("event")
    return event if isinstance(event, dict) else {}


def _by_bot(event: dict[str, Any]) -> bool:
    changed = event.get("message")
    return bool(
        event.get("bot_id")
        or event.get("subtype") == "bot_message"
        or (isinstance(changed, dict) and changed.get("bot_id"))
    )
