"""What a sandbox workspace holds: people, conversations, messages, and the calls it received."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the workspace. ``title`` is what they do, shown beside the name.

    ``guest`` and ``deleted`` accounts, and those of another workspace (``home_team``), are here to
    be refused.
    """

    id: str
    name: str
    real_name: str
    title: str
    guest: bool = False
    deleted: bool = False
    home_team: str = ""


@dataclass(frozen=True, slots=True)
class Bot:
    """The app's bot: ``user_id`` is mentioned, ``bot_id`` signs its messages."""

    user_id: str = "U0CODECITE"
    bot_id: str = "B0CODECITE"
    app_id: str = "A0CODECITE"
    name: str = "codecite"
    real_name: str = "Codecite"


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation: a channel by name, or a direct message between ``members``."""

    id: str
    name: str
    members: tuple[str, ...]
    direct: bool = False
    ext_shared: bool = False

    @property
    def kind(self) -> str:
        """Slack's ``channel_type``."""
        return "im" if self.direct else "channel"


@dataclass(slots=True)
class Posted:
    """One message. ``visible_to`` names the only person who sees it, "" for everyone."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    thread_ts: str = ""
    bot_id: str = ""
    visible_to: str = ""
    edited: bool = False
    client_msg_id: str = ""
    files: list[dict[str, Any]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The message as Slack's `message` object."""
        document: dict[str, Any] = {
            "type": "message",
            "user": self.user,
            "ts": self.ts,
            "text": self.text,
        }
        if self.blocks:
            document["blocks"] = self.blocks
        if self.thread_ts:
            document["thread_ts"] = self.thread_ts
        if self.bot_id:
            document["bot_id"] = self.bot_id
        if self.client_msg_id:
            document["client_msg_id"] = self.client_msg_id
        if self.edited:
            document["edited"] = {"user": self.user, "ts": self.ts}
        if self.files:
            document["files"] = self.files
        return document


@dataclass(frozen=True, slots=True)
class Call:
    """One Web API call as it arrived, and the error it was answered with ("" for none)."""

    method: str
    arguments: dict[str, Any]
    error: str = ""


@dataclass(slots=True)
class ResponseUrl:
    """Where an interaction may be answered: five times within thirty minutes."""

    id: str
    channel: str
    user: str
    message_ts: str = ""
    thread_ts: str = ""
    opened: float = 0.0
    uses: int = 0


@dataclass(slots=True)
class Trigger:
    """What lets the app open a modal: three seconds, once."""

    person: str
    opened: float
    used: bool = False


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An uploaded text file."""

    id: str
    name: str
    content: bytes = field(repr=False)
    mimetype: str = "text/plain"
