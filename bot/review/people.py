"""Who may do what: configuration first, then what leads granted, as events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.review.errors import NotPermittedError
from bot.review.records import Access, Person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from bot.journal.reviews import ReviewStore

PERSON = "person"
"""The kind of event that gives a person access and a group."""


class People:
    """The people of one journal. ``leads`` always have a lead's access."""

    def __init__(
        self, store: ReviewStore, clock: Callable[[], datetime], leads: Iterable[str] = ()
    ) -> None:
        self._store = store
        self._clock = clock
        self._leads = frozenset(leads)

    def all(self) -> tuple[Person, ...]:
        """Everybody who was named, by id."""
        found = {name: Person(name, Access.LEAD) for name in self._leads}
        for event in self._store.events(PERSON):
            name = event.document["person"]
            access = Access.LEAD if name in self._leads else Access(event.document["access"])
            found[name] = Person(name, access, event.document["group"])
        return tuple(found[name] for name in sorted(found))

    def get(self, person: str) -> Person:
        """The person; somebody nobody named has no access."""
        found = {each.id: each for each in self.all()}
        return found.get(person, Person(person, Access.NONE))

    def grant(self, by: Person, person: str, access: Access, group: str = "") -> Person:
        """Give a person access and a group; leads only. Raises NotPermittedError."""
        require(by, Access.LEAD)
        document = {"person": person, "access": access.value, "group": group.strip()}
        with self._store.change() as change:
            change.add(PERSON, "", by.id, self._clock(), document)
        return self.get(person)

    def groups(self) -> dict[str, str]:
        """The clinician group of each person who has one."""
        return {each.id: each.group for each in self.all() if each.group}


def require(person: Person, access: Access) -> None:
    """Raise NotPermittedError where the person has less than ``access``."""
    if not person.access.includes(access):
        raise NotPermittedError(
            f"That needs the access of a {access.value}; a lead can grant it with "
            f"`codecite review grant`."
        )
