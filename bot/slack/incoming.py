"""A question as it reached Slack: what it says, who asked, where the answer goes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.conversation import Said
from bot.slack.text import mentions, plain

if TYPE_CHECKING:
    from slack_bolt import BoltContext

    from bot.slack.ports import DoorNotes

QUESTION_SUBTYPES = frozenset({None, "file_share", "thread_broadcast"})
MESSAGE_EVENTS = frozenset({"message", "app_mention"})
NOTHING_SAID = Said()
_COURTESY = re.compile(
    r"(?:(?:ok(?:ay)?|thanks?(?: you)?(?: (?:so|very) much| a lot)?|thx|ty|great|perfect|cool|nice"
    r"|got it|good|yes|yep|no|sure|agreed|will do|done|lol|that helps|makes sense|np|welcome"
    r"|you'?re welcome|:[a-z0-9_+\-]+:)[\s,.!]*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A question. ``thread`` is the ts to answer under; "" for none.

    ``turn_id`` names it however often it arrives, ``position`` is its place in the conversation.
    ``files`` are Slack's file objects. ``said`` are settings a form gave. ``shared`` says that the
    channel is shared with another organisation, where the event tells. ``private`` questions are
    answered to their asker alone and belong to no conversation.
    """

    text: str = field(repr=False)
    person: str
    channel: str
    thread: str = ""
    team: str = ""
    turn_id: str = ""
    position: str = ""
    door: str = "message"
    files: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    said: Said = NOTHING_SAID
    age: int | None = None
    sex: str | None = None
    shared: bool = False
    private: bool = False

    @property
    def lane(self) -> str:
        """The conversation whose answers must come in order."""
        if self.private:
            return self.turn_id
        return f"{self.team}:{self.channel}:{self.thread}"


def is_direct(event: dict[str, Any]) -> bool:
    """Whether the event happened in a direct message (`app_mention` names no channel type)."""
    kind = event.get("channel_type")
    return kind == "im" if kind else str(event.get("channel", "")).startswith("D")


def turn_id(team: str, channel: str, ts: str) -> str:
    """The name of the question that a message asks, in whichever shape its event arrives."""
    return f"message:{team}:{channel}:{ts}"


def question_of(body: dict[str, Any], context: BoltContext, notes: DoorNotes) -> Incoming | None:
    """The question that an `app_mention` or `message` event asks; None where it asks none.

    In a channel the answer goes into the message's thread, which it may open; in a direct message
    it stays where the question is, because top-level agent messages have no thread. A message that
    names nobody is a question only in a direct message or in a thread of the bot's own.
    """
    event = body.get("event")
    if not isinstance(event, dict) or event.get("type") not in MESSAGE_EVENTS:
        return None
    if event.get("subtype") not in QUESTION_SUBTYPES or not event.get("ts"):
        return None
    team = str(context.team_id or body.get("team_id") or "")
    channel, thread = str(event["channel"]), str(event.get("thread_ts") or "")
    text = str(event.get("text") or "")
    direct = is_direct(event)
    if event["type"] == "message" and not direct and not mentions(text, context.bot_user_id):
        # Written to others, unless it follows up in a thread that the bot was called into.
        if not thread or _names_someone(text) or is_courtesy(text):
            return None
        if not notes.opened_thread(team, channel, thread):
            return None
    if not thread and not direct:
        thread = str(event["ts"])
    return Incoming(
        text=plain(text, context.bot_user_id),
        person=str(event.get("user") or ""),
        channel=channel,
        thread=thread,
        team=team,
        turn_id=turn_id(team, channel, str(event["ts"])),
        position=str(event["ts"]),
        files=tuple(event.get("files") or ()),
        shared=bool(body.get("is_ext_shared_channel")),
    )


def is_courtesy(text: str) -> bool:
    """Whether a message is thanks or assent between people, which asks nothing.

    >>> is_courtesy("Thanks, that helps!"), is_courtesy("thanks, and if it is type 1?")
    (True, False)
    """
    return _COURTESY.fullmatch(text.strip()) is not None


def _names_someone(text: str) -> bool:
    return "<@" in text or "<!" in text
