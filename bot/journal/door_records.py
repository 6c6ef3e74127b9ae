"""What a door remembers while it works: turns, standing settings, events and installations.

The journal proper is history; these are the working notes beside it, shared by every process of
the door and kept over restarts. None of them holds what was asked or answered: texts stay in the
exchanges, and a turn only names its exchange.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime


class TurnState(StrEnum):
    """How far a question has come."""

    WORKING = "working"
    POSTING = "posting"
    ANSWERED = "answered"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


OPEN_STATES = (TurnState.WORKING, TurnState.POSTING)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question at a door, from its arrival to its answer.

    ``turn_id`` names it however often it is delivered. ``team``, ``channel`` and ``thread`` are the
    conversation, ``position`` its place in it (a message timestamp, which sorts as text).
    ``revision`` counts edits of the question. ``exchange_id`` is chosen before the question is
    asked, so that an answer whose process died can be found. ``replies`` are the messages that
    show it. ``owner`` is the process at work and ``lease_until`` when it counts as dead.
    """

    turn_id: str
    team: str
    channel: str
    thread: str
    position: str
    person: str
    door: str
    exchange_id: str
    owner: str
    started_at: datetime
    lease_until: datetime
    revision: int = 0
    state: TurnState = TurnState.WORKING
    replies: tuple[str, ...] = ()


class EventKind(StrEnum):
    """What an event of the door tells."""

    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
    EDITED = "edited"
    REJECTED = "rejected"
    ESCALATED = "escalated"
    REOPENED = "reopened"
    QUERIED = "queried"
    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"


@dataclass(frozen=True, slots=True)
class DoorEvent:
    """Something that happened at a door, kept for good. ``details`` are plain JSON values.

    ``exchange_id`` is "" for what concerns no answer, such as a refusal at the door. Free text in
    ``details`` is redacted by whoever writes it.
    """

    kind: EventKind
    at: datetime
    team: str
    channel: str
    person: str
    exchange_id: str = ""
    details: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class StoredInstallation:
    """One workspace's or organisation's installation; ``secret`` is encrypted by the door."""

    enterprise: str
    team: str
    secret: bytes = field(repr=False)
    updated_at: datetime
