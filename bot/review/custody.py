"""What is kept, for how long, and what is known of one person: retention, legal holds, export."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.review.errors import ReviewError
from bot.review.people import PERSON, require
from bot.review.records import Access

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.journal.records import Exchange
    from bot.journal.reviews import ReviewStore
    from bot.journal.store import Journal
    from bot.review.records import Person

HOLD, HOLD_LIFTED, EXPORTED = "hold", "hold-lifted", "exported"
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold: nothing it covers is removed. Without person and exchange it covers all."""

    number: int
    reason: str
    placed_by: str
    placed_at: datetime
    person: str = ""
    exchange_id: str = ""

    def covers(self, exchange_id: str, person: str) -> bool:
        """Whether an exchange of a person must stay."""
        if self.exchange_id:
            return self.exchange_id == exchange_id
        return not self.person or self.person == person


@dataclass(frozen=True, slots=True)
class Expired:
    """What retention found: ``due`` exchanges that may go, and how many a hold keeps."""

    due: tuple[str, ...]
    held: int
    removed_rows: int = 0


class Custody:
    """Retention, holds and exports of one journal."""

    def __init__(self, journal: Journal, store: ReviewStore, clock: Callable[[], datetime]) -> None:
        self._journal = journal
        self._store = store
        self._clock = clock

    def holds(self) -> tuple[Hold, ...]:
        """The holds in force, by number."""
        found: dict[int, Hold] = {}
        for event in self._store.events(HOLD, HOLD_LIFTED):
            number = event.document["number"]
            if event.kind == HOLD_LIFTED:
                found.pop(number, None)
            else:
                found[number] = Hold(
                    number,
                    event.document["reason"],
                    event.actor,
                    event.at,
                    event.document["person"],
                    event.document["exchange_id"],
                )
        return tuple(found[number] for number in sorted(found))

    def hold(self, by: Person, reason: str, *, person: str = "", exchange_id: str = "") -> Hold:
        """Keep what a person asked, one exchange, or everything, until the hold is lifted."""
        require(by, Access.LEAD)
        if not reason.strip():
            raise ReviewError("A legal hold needs its reason.")
        if exchange_id:
            exchange_id = self._journal.get(exchange_id).exchange_id
        now = self._clock()
        with self._store.change() as change:
            number = len(change.events(HOLD)) + 1
            document = {
                "number": number,
                "reason": reason.strip(),
                "person": person,
                "exchange_id": exchange_id,
            }
            # Not filed under the exchange: a hold must outlive whatever it is about.
            change.add(HOLD, "", by.id, now, document)
        return Hold(number, reason.strip(), by.id, now, person, exchange_id)

    def lift(self, by: Person, number: int, reason: str) -> None:
        """End a hold. Raises ReviewError where none in force has this number."""
        require(by, Access.LEAD)
        with self._store.change() as change:
            lifted = {event.document["number"] for event in change.events(HOLD_LIFTED)}
            known = {event.document["number"] for event in change.events(HOLD)}
            if number not in known - lifted:
                raise ReviewError(f"No hold in force has number {number}.")
            document = {"number": number, "reason": reason.strip()}
            change.add(HOLD_LIFTED, "", by.id, self._clock(), document)

    def expired(self, days: int) -> Expired:
        """What is older than ``days`` days and may go, and how many exchanges a hold keeps."""
        holds = self.holds()
        old = self._store.older_than(self._clock() - timedelta(days=days))
        due = tuple(
            exchange_id
            for exchange_id, person in old
            if not any(hold.covers(exchange_id, person) for hold in holds)
        )
        return Expired(due, len(old) - len(due))

    def remove_expired(self, by: Person, days: int) -> Expired:
        """Remove what ``expired`` names, one transaction an exchange; the chain stays whole."""
        require(by, Access.LEAD)
        found = self.expired(days)
        rows = 0
        for exchange_id in found.due:
            with self._store.change() as change:
                why = {"reason": f"older than {days} days"}
                rows += change.remove(exchange_id, by.id, self._clock(), why)
        return Expired(found.due, found.held, rows)

    def about(self, by: Person, person: str) -> dict[str, Any]:
        """Everything about one person's questions, as one document. The export is an event too."""
        require(by, Access.LEAD)
        exchanges: list[Exchange] = []
        before: str | None = None
        while page := self._journal.list(_PAGE, person=person, before=before):
            exchanges += page
            before = page[-1].exchange_id
        own = {each.exchange_id for each in exchanges}
        events = [
            each
            for each in self._store.events()
            if each.exchange_id in own
            or each.actor == person
            or (each.kind == PERSON and each.document["person"] == person)
            or (each.kind == HOLD and each.document["person"] == person)
        ]
        now = self._clock()
        with self._store.change() as change:
            change.add(EXPORTED, "", by.id, now, {"person": person, "exchanges": len(own)})
        return {
            "person": person,
            "exported_at": now.isoformat(),
            "exported_by": by.id,
            "exchanges": [each.to_json() for each in exchanges],
            "deliveries": [
                asdict(each) | {"delivered_at": each.delivered_at.isoformat()}
                for exchange_id in sorted(own)
                for each in self._journal.deliveries_of(exchange_id)
            ],
            "events": [asdict(each) | {"at": each.at.isoformat()} for each in events],
        }
