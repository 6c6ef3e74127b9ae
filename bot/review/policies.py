"""Local policies: a correction that leads approved, kept by version, in force for its dates.

A policy never replaces the official rules. It says which valid codes this facility wants for a
question, and every answer that follows it says so and cites it (see bot.local_policies).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot import phi
from bot.review.errors import PolicyError, UnknownPolicyError, VerdictError
from bot.review.people import require
from bot.review.records import Access

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.journal.reviews import Change, Event, ReviewStore
    from bot.review.records import Person

POLICY = "policy"
MOST_PATTERN = 600


class PolicyState(StrEnum):
    """Where a policy stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a local policy.

    ``pattern`` and ``wordings`` are questions it answers, ``codes`` what to assign in order,
    ``instead_of`` what not to, ``setting`` empty for both. It governs dates of service from
    ``effective_from`` to ``effective_to`` (None: until a release obsoletes one of its codes).
    ``source`` is the exchange whose review it came from.
    """

    number: int
    version: int
    state: PolicyState
    pattern: str
    codes: tuple[str, ...]
    reason: str
    proposer: str
    proposed_at: datetime
    effective_from: date
    effective_to: date | None = None
    wordings: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    setting: str = ""
    source: str = ""
    approver: str = ""
    approved_at: datetime | None = None
    ended: str = field(default="")

    @property
    def label(self) -> str:
        """How an answer cites it."""
        if self.approved_at is None:
            return f"local policy {self.number}, not approved"
        return (
            f"local policy {self.number}, approved by {self.approver} on "
            f"{self.approved_at:%Y-%m-%d}"
        )

    def in_force(self, day: date, setting: str) -> bool:
        """Whether it governs a date of service in a setting."""
        return (
            self.state is PolicyState.APPROVED
            and self.effective_from <= day
            and (self.effective_to is None or day <= self.effective_to)
            and self.setting in ("", setting)
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__} | {
            "label": self.label
        }


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """What a policy says, as it is proposed or revised."""

    pattern: str
    codes: tuple[str, ...]
    reason: str
    effective_from: date
    effective_to: date | None = None
    wordings: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    setting: str = ""
    source: str = ""


class PolicyBook:
    """Every version of every policy, folded from events in their order."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._versions: dict[int, list[Policy]] = {}
        for event in events:
            self._take(event)

    def _take(self, event: Event) -> None:
        document = event.document
        versions = self._versions.setdefault(document["number"], [])
        action = document["action"]
        if action in ("proposed", "revised"):
            versions.append(_proposed(event, len(versions) + 1))
        elif action == "approved":
            for place, each in enumerate(versions[:-1]):
                if each.state is PolicyState.APPROVED:
                    versions[place] = replace(
                        each, state=PolicyState.WITHDRAWN, ended="replaced by a newer version"
                    )
            versions[-1] = replace(
                versions[-1],
                state=PolicyState.APPROVED,
                approver=event.actor,
                approved_at=event.at,
            )
        else:
            versions[:] = [
                each
                if each.state is PolicyState.WITHDRAWN
                else replace(each, state=PolicyState.WITHDRAWN, ended=document["reason"])
                for each in versions
            ]

    def all(self) -> tuple[Policy, ...]:
        """The newest version of each policy, the newest policy first."""
        return tuple(self._versions[n][-1] for n in sorted(self._versions, reverse=True))

    def versions(self, number: int) -> tuple[Policy, ...]:
        """Every version of a policy, oldest first. Raises UnknownPolicyError."""
        found = self._versions.get(number)
        if not found:
            raise UnknownPolicyError(f"No policy has number {number}.")
        return tuple(found)

    def in_force(self, day: date, setting: str) -> tuple[Policy, ...]:
        """The approved versions that govern a date of service, the newest approval first."""
        found = [
            each
            for versions in self._versions.values()
            for each in versions
            if each.in_force(day, setting)
        ]
        return tuple(sorted(found, key=lambda each: (each.approved_at, each.number), reverse=True))


class PolicyDesk:
    """Policies of one journal. ``release_end`` gives the last day of a date's release."""

    def __init__(
        self,
        store: ReviewStore,
        clock: Callable[[], datetime],
        validate: Callable[[str, date], str],
        release_end: Callable[[date], date | None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._validate = validate
        self._release_end = release_end

    def book(self) -> PolicyBook:
        """Every policy as it stands now."""
        return PolicyBook(self._store.events(POLICY))

    def generation(self) -> int:
        """A number that grows whenever any policy changes."""
        return self._store.newest(POLICY)

    def propose(self, by: Person, terms: PolicyTerms) -> Policy:
        """Put a policy before the leads. Raises PolicyError."""
        require(by, Access.REVIEWER)
        fitting = self._fitting(terms)
        with self._store.change() as change:
            book = PolicyBook(change.events(POLICY))
            number = 1 + max((each.number for each in book.all()), default=0)
            return self._write(change, by, "proposed", number, _document(fitting))

    def revise(self, by: Person, number: int, terms: PolicyTerms) -> Policy:
        """A new version of a policy; the approved one stays in force until this is approved."""
        require(by, Access.REVIEWER)
        fitting = self._fitting(terms)
        with self._store.change() as change:
            PolicyBook(change.events(POLICY)).versions(number)
            return self._write(change, by, "revised", number, _document(fitting))

    def approve(self, by: Person, number: int) -> Policy:
        """Put the newest version in force; leads only."""
        require(by, Access.LEAD)
        with self._store.change() as change:
            newest = PolicyBook(change.events(POLICY)).versions(number)[-1]
            if newest.state is not PolicyState.PROPOSED:
                raise PolicyError(f"Policy {number} is {newest.state.value}: revise it first.")
            return self._write(change, by, "approved", number, {})

    def withdraw(self, by: Person, number: int, reason: str) -> Policy:
        """End a policy at once; leads only."""
        require(by, Access.LEAD)
        if not reason.strip():
            raise PolicyError("Withdrawing a policy needs a reason.")
        with self._store.change() as change:
            newest = PolicyBook(change.events(POLICY)).versions(number)[-1]
            if newest.state is PolicyState.WITHDRAWN:
                raise PolicyError(f"Policy {number} is withdrawn already.")
            return self._write(change, by, "withdrawn", number, {"reason": reason.strip()})

    def _write(
        self, change: Change, by: Person, action: str, number: int, more: dict[str, Any]
    ) -> Policy:
        document = {"action": action, "number": number} | more
        change.add(POLICY, "", by.id, self._clock(), document)
        return PolicyBook(change.events(POLICY)).versions(number)[-1]

    def _fitting(self, terms: PolicyTerms) -> PolicyTerms:
        pattern = phi.redact(terms.pattern.strip()).text
        wordings = tuple(phi.redact(each.strip()).text for each in terms.wordings if each.strip())
        if not any(character.isalnum() for character in pattern):
            raise PolicyError("A policy needs the question that it answers.")
        if len(pattern) > MOST_PATTERN:
            raise PolicyError(
                f"A policy's question has up to {MOST_PATTERN} characters: name the condition, "
                f"not the note."
            )
        if not terms.codes:
            raise PolicyError("A policy needs at least one code.")
        if not terms.reason.strip():
            raise PolicyError("A policy needs its reason.")
        try:
            codes = tuple(self._validate(code, terms.effective_from) for code in terms.codes)
        except VerdictError as error:
            raise PolicyError(str(error)) from None
        wrong = tuple(code.strip().upper() for code in terms.instead_of if code.strip())
        if set(codes) & set(wrong):
            raise PolicyError("A policy cannot ask for a code and against it.")
        end = terms.effective_to or self._release_end(terms.effective_from)
        if end is not None and end < terms.effective_from:
            raise PolicyError("A policy cannot end before it begins.")
        return replace(
            terms,
            pattern=pattern,
            wordings=wordings,
            codes=tuple(dict.fromkeys(codes)),
            instead_of=wrong,
            reason=phi.redact(terms.reason.strip()).text,
            effective_to=end,
        )


def _document(terms: PolicyTerms) -> dict[str, Any]:
    return {name: _plain(getattr(terms, name)) for name in terms.__dataclass_fields__}


def _proposed(event: Event, version: int) -> Policy:
    document = event.document
    end = document["effective_to"]
    return Policy(
        number=document["number"],
        version=version,
        state=PolicyState.PROPOSED,
        pattern=document["pattern"],
        codes=tuple(document["codes"]),
        reason=document["reason"],
        proposer=event.actor,
        proposed_at=event.at,
        effective_from=date.fromisoformat(document["effective_from"]),
        effective_to=None if end is None else date.fromisoformat(end),
        wordings=tuple(document["wordings"]),
        instead_of=tuple(document["instead_of"]),
        setting=document["setting"],
        source=document["source"],
    )


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value.value if isinstance(value, StrEnum) else value
