"""From a message event to the question it asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack.answering import Incoming
from bot.slack.text import plain

if TYPE_CHECKING:
    from slack_bolt import BoltContext


def from_event(event: dict[str, Any], context: BoltContext) -> Incoming:
    """The question of an `app_mention` or `message` event.

    In a channel the answer goes into the message's thread, which it may open; in a direct message
    it stays where the question is, because top-level agent messages have no thread.
    """
    thread = str(event.get("thread_ts") or "")
    if not thread and not is_direct(event):
        thread = str(event["ts"])
    return Incoming(
        text=plain(str(event.get("text") or ""), context.bot_user_id),
        person=str(event.get("user") or ""),
        channel=str(event["channel"]),
        thread=thread,
        team=str(context.team_id or ""),
    )


def is_direct(event: dict[str, Any]) -> bool:
    """Whether the event happened in a direct message (`app_mention` names no channel type)."""
    kind = event.get("channel_type")
    return kind == "im" if kind else str(event.get("channel", "")).startswith("D")


def only_files(event: dict[str, Any], incoming: Incoming) -> bool:
    """Whether someone sent files and no words."""
    return bool(event.get("files")) and not incoming.text
