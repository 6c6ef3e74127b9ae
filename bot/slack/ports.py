"""What this door needs of the journal, and the callables it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from bot.answer import Answer, Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.journal.door import DoorStore
    from bot.journal.door_records import DoorEvent, EventKind
    from bot.journal.records import Exchange
    from bot.review.records import Case, CaseFile, CodeVerdict, Decision, Filter, Person, QueueItem

Answerer: TypeAlias = Callable[[Question], Answer]
WatchedAnswerer: TypeAlias = Callable[[Question, Callable[[str], None]], Answer]
"""One that tells the name of each stage as it ends (``bot.messages.STAGES``), never content."""
Clock: TypeAlias = Callable[[], datetime]
Block: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class KnownCode:
    """A code as the official release of a day has it."""

    code: str
    title: str
    valid: bool


@dataclass(frozen=True, slots=True)
class InstalledRelease:
    """One release on this machine, for people to see what answers rest on."""

    system: str
    release: str
    effective: str


CodeFinder: TypeAlias = Callable[[str, date], KnownCode | None]
"""The code that a person typed, on a day; None where no release knows it."""


class DoorJournal(Protocol):
    """The part of the journal that Slack uses; every method may be called from any thread."""

    def claim_event(self, event_id: str, now: datetime) -> bool:
        """True for the first caller of all processes, False for every later one."""
        ...

    def release_event(self, event_id: str) -> None:
        """Give a claim back after a failed attempt."""
        ...

    def mark_delivered(
        self, exchange_id: str, channel: str, message_ts: str, now: datetime
    ) -> None:
        """Remember that the person has been shown the answer, and under which message."""
        ...

    def get(self, reference: str) -> Exchange:
        """The stored exchange; raises UnknownExchangeError when there is none."""
        ...


class Decisions(Protocol):
    """Where people's decisions about answers go, and what was decided so far."""

    def tell(self, event: DoorEvent) -> None:
        """Keep an event for good."""
        ...

    def events_of(self, exchange_ids: Iterable[str]) -> tuple[DoorEvent, ...]:
        """The events about these exchanges, oldest first."""
        ...

    def events_since(self, since: datetime, *kinds: EventKind) -> tuple[DoorEvent, ...]:
        """Events from ``since`` on, of the kinds named or of all, oldest first."""
        ...


class ReviewDesk(Protocol):
    """The part of the leads' desk that Slack uses; it holds everybody to their access."""

    def person(self, name: str) -> Person:
        """Who this is, and what they may do."""
        ...

    def queue(
        self, asked: Filter | None = None, limit: int = 50, after: str | None = None
    ) -> tuple[QueueItem, ...]:
        """Waiting exchanges, the most urgent first."""
        ...

    def tally(self, asked: Filter | None = None) -> dict[str, int]:
        """How many exchanges there are by state."""
        ...

    def open(self, person: Person, exchange_id: str) -> CaseFile:
        """The whole case as this person may see it."""
        ...

    def claim(self, person: Person, exchange_id: str) -> Case:
        """Take an exchange on."""
        ...

    def release(self, person: Person, exchange_id: str) -> Case:
        """Give an exchange back."""
        ...

    def decide(
        self,
        person: Person,
        exchange_id: str,
        verdicts: Sequence[CodeVerdict],
        *,
        sequence: Sequence[str] = (),
        note: str = "",
    ) -> Decision:
        """Judge every code of an exchange: an event, never an edit."""
        ...


DoorNotes: TypeAlias = "DoorStore"
"""The door's working notes."""
