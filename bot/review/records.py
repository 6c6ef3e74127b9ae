"""What the leads' side speaks of: people, cases, verdicts and decisions. Frozen, without I/O."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.journal.records import Exchange


class Access(StrEnum):
    """What a person may do. Each includes the ones before it."""

    NONE = "none"
    VIEWER = "viewer"
    REVIEWER = "reviewer"
    LEAD = "lead"

    def includes(self, other: Access) -> bool:
        """Whether this access is ``other`` or more.

        >>> Access.LEAD.includes(Access.REVIEWER), Access.VIEWER.includes(Access.REVIEWER)
        (True, False)
        """
        order = list(Access)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with access. ``group`` is the clinician group that reports count them under."""

    id: str
    access: Access
    group: str = ""


class Reason(StrEnum):
    """Why an exchange is in the queue; the order is that of urgency."""

    ESCALATED = "escalated"
    REJECTED = "rejected"
    EDITED = "edited"
    BROKE_RULE = "broke-rule"
    DISAGREED = "disagreed"
    ABSTAINED = "abstained"
    FAILED = "failed"
    SAMPLED = "sampled"
    REQUESTED = "requested"


class State(StrEnum):
    """Where an exchange is on its way through review."""

    NONE = "none"
    OPEN = "open"
    SECOND = "second"
    ADJUDICATION = "adjudication"
    DONE = "done"


WAITING = (State.OPEN, State.SECOND, State.ADJUDICATION)


class Feedback(StrEnum):
    """What the person who asked did with the answer."""

    ACCEPTED = "accepted"
    EDITED = "edited"
    REJECTED = "rejected"
    ESCALATED = "escalated"


class Verdict(StrEnum):
    """What a reviewer says of one code."""

    ACCEPTED = "accepted"
    WRONG_CODE = "wrong-code"
    OVER_CODED = "over-coded"
    UNDER_CODED = "under-coded"
    UNSUPPORTED = "unsupported"
    WRONG_SEQUENCE = "wrong-sequence"
    GUIDELINE_MISREAD = "guideline-misread"
    DOCUMENTATION_INSUFFICIENT = "documentation-insufficient"


KEEPS_THE_CODE = frozenset({Verdict.ACCEPTED, Verdict.WRONG_SEQUENCE})
NEEDS_THE_RIGHT_CODE = frozenset({Verdict.WRONG_CODE, Verdict.UNDER_CODED})
PRINCIPAL_ROLES = frozenset({"principal", "first-listed"})


@dataclass(frozen=True, slots=True)
class CodeVerdict:
    """One code judged. An empty ``code`` is one that the answer should have had: ``right_code``.

    ``role`` is the code's place in the answer; a principal or first-listed diagnosis weighs
    double, as auditors count it.
    """

    code: str
    verdict: Verdict
    right_code: str = ""
    note: str = field(default="", repr=False)
    role: str = ""

    @property
    def weight(self) -> int:
        """2 for a principal or first-listed diagnosis, 1 for any other."""
        return 2 if self.role in PRINCIPAL_ROLES else 1

    @property
    def error(self) -> int:
        """The error's severity: 0 where the code was accepted."""
        return 0 if self.verdict is Verdict.ACCEPTED else self.weight

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self) | {"verdict": self.verdict.value, "weight": self.weight}


@dataclass(frozen=True, slots=True)
class Decision:
    """One reviewer's verdicts on an exchange, and the codes as they should be, in order.

    ``round`` is 1 for the first review, 2 for the second, 3 for adjudication.
    """

    exchange_id: str
    reviewer: str
    at: datetime
    round: int
    verdicts: tuple[CodeVerdict, ...]
    codes: tuple[str, ...]
    note: str = field(default="", repr=False)

    @property
    def accepted(self) -> bool:
        """Whether the answer stood as it was."""
        return all(each.verdict is Verdict.ACCEPTED for each in self.verdicts)

    @property
    def severity(self) -> int:
        """The errors' severities added up."""
        return sum(each.error for each in self.verdicts)


@dataclass(frozen=True, slots=True)
class Case:
    """One exchange as the queue knows it: derived values, no free text.

    ``draw`` fell in [0, 1) and the exchange was sampled if it is below ``share``.
    """

    sequence: int
    exchange_id: str
    created_at: datetime
    door: str
    team: str
    person: str
    setting: str
    day: date
    kind: str
    status: str
    drafter: str
    release: str
    codes: tuple[str, ...]
    family: str
    chapter: str
    topic: str
    gaps: tuple[str, ...]
    milliseconds: float
    reasons: tuple[Reason, ...]
    draw: float
    share: float
    priority: int
    state: State
    holder: str = ""
    held_until: datetime | None = None
    reviewers: tuple[str, ...] = ()
    outcome: str = ""

    def held_by(self, now: datetime) -> str:
        """Who has it claimed at ``now``; empty where nobody has."""
        held = self.held_until is not None and self.held_until > now
        return self.holder if held else ""


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One line of the queue: the case and the question, redacted as it is stored."""

    case: Case
    question: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which cases are wanted; an empty value asks for all. ``holder`` is who has claimed it."""

    states: tuple[State, ...] = WAITING
    reason: Reason | None = None
    person: str = ""
    drafter: str = ""
    family: str = ""
    chapter: str = ""
    setting: str = ""
    holder: str = ""
    free: bool = False


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event about an exchange. ``document`` is what was said; empty where blinded."""

    at: datetime
    kind: str
    actor: str
    document: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case opened: the whole exchange, its decisions and its history, as the reader may see them.

    ``blinded`` says that earlier verdicts are kept from a second reviewer until their own is in.
    """

    case: Case
    exchange: Exchange
    decisions: tuple[Decision, ...]
    history: tuple[HistoryLine, ...]
    blinded: bool = False


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far first and second reviewers agree over ``codes`` judged twice.

    ``observed`` is the share judged alike; ``kappa`` is Cohen's, with its 95% interval; None where
    nothing was judged twice, or where both always said the same one thing.
    """

    codes: int
    observed: float | None
    kappa: float | None
    low: float | None
    high: float | None
