"""`app_mention` and `message`: questions, their edits and their deletions.

The middleware has decided already what is a question and has taken it on; here it is answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack.deliveries import PostDelivery
from bot.slack.incoming import Incoming, turn_id
from bot.slack.middleware import INCOMING, TAKEN
from bot.slack.text import plain

if TYPE_CHECKING:
    from slack_bolt import App, BoltContext
    from slack_sdk import WebClient

    from bot.slack.services import Services
    from bot.slack.status import SetStatus


def register(app: App, services: Services) -> None:
    """Listen for messages of every kind."""

    @app.event("app_mention")
    def on_mention(context: BoltContext, client: WebClient, set_status: SetStatus | None) -> None:
        _answer(services, context, client, set_status)

    @app.event("message")
    def on_message(
        event: dict[str, Any],
        context: BoltContext,
        client: WebClient,
        set_status: SetStatus | None,
    ) -> None:
        subtype = event.get("subtype")
        if subtype == "message_changed":
            _changed(services, event, context, client)
        elif subtype == "message_deleted":
            _deleted(services, event, context, client, str(event.get("deleted_ts") or ""))
        else:
            _answer(services, context, client, set_status)


def _answer(
    services: Services, context: BoltContext, client: WebClient, set_status: SetStatus | None
) -> None:
    incoming, taken = context.get(INCOMING), context.get(TAKEN)
    if incoming is None or taken is None:
        return
    delivery = PostDelivery(services.outbox, client, incoming.channel, incoming.thread)
    services.answering.reply(taken, incoming, client, delivery, set_status)


def _changed(
    services: Services, event: dict[str, Any], context: BoltContext, client: WebClient
) -> None:
    """An edit of a question is answered anew, in place; link previews change no words."""
    message = event.get("message") or {}
    before = event.get("previous_message") or {}
    ts = str(message.get("ts") or "")
    if message.get("subtype") == "tombstone":
        _deleted(services, event, context, client, ts)
        return
    if message.get("text") == before.get("text") or not message.get("edited"):
        return
    team, channel = str(context.team_id or ""), str(event["channel"])
    turn = services.turns.notes.turn(turn_id(team, channel, ts))
    if turn is None:
        return
    incoming = Incoming(
        text=plain(str(message.get("text") or ""), context.bot_user_id),
        person=turn.person,
        channel=channel,
        thread=turn.thread,
        team=team,
        turn_id=turn.turn_id,
        position=turn.position,
        files=tuple(message.get("files") or ()),
    )
    services.answering.revise(turn, incoming, client)


def _deleted(
    services: Services, event: dict[str, Any], context: BoltContext, client: WebClient, ts: str
) -> None:
    """The question is gone, and its answer with it."""
    found = turn_id(str(context.team_id or ""), str(event["channel"]), ts)
    turn = services.turns.notes.turn(found)
    if turn is not None:
        services.answering.withdraw(turn, client)
