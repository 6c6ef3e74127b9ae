"""Where an answer stands: what people have decided about it, reduced from the events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.journal.door_records import EventKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.journal.door_records import DoorEvent


class Outcome(StrEnum):
    """The last word on an answer."""

    OPEN = "open"
    ACCEPTED = "accepted"
    EDITED = "edited"
    REJECTED = "rejected"


_OUTCOMES = {
    EventKind.ACCEPTED: Outcome.ACCEPTED,
    EventKind.EDITED: Outcome.EDITED,
    EventKind.REJECTED: Outcome.REJECTED,
    EventKind.REOPENED: Outcome.OPEN,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """The outcome, who decided it and when, and whether a lead was asked since.

    ``kept``, ``added`` and ``removed`` are the codes of an edit; ``reason`` is a rejection's.
    """

    outcome: Outcome = Outcome.OPEN
    person: str = ""
    at: datetime | None = None
    reason: str = ""
    comment: str = ""
    kept: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    asked_lead: str = ""


def standing_of(events: Iterable[DoorEvent]) -> Standing:
    """The standing after these events of one answer, oldest first."""
    standing = Standing()
    asked = ""
    for event in events:
        if event.kind is EventKind.ESCALATED:
            asked = event.person
        outcome = _OUTCOMES.get(event.kind)
        if outcome is None:
            continue
        if outcome is not Outcome.OPEN:
            asked = ""
        details = event.details
        standing = Standing(
            outcome,
            event.person,
            event.at,
            str(details.get("reason") or ""),
            str(details.get("comment") or ""),
            tuple(details.get("kept") or ()),
            tuple(details.get("added") or ()),
            tuple(details.get("removed") or ()),
        )
    return replace(standing, asked_lead=asked)
