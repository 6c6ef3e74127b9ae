"""The question and the answer: frozen records that every door renders and the journal keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from datetime import date


class Setting(StrEnum):
    """Where the encounter took place; it decides how uncertain diagnoses are coded."""

    OUTPATIENT = "outpatient"
    INPATIENT = "inpatient"


class Kind(StrEnum):
    """What sort of answer this is."""

    SUGGESTION = "suggestion"
    LOOKUP = "lookup"
    COMPARISON = "comparison"
    GUIDELINE = "guideline"
    CHECK = "check"
    CLARIFICATION = "clarification"
    REFUSAL = "refusal"
    HELP = "help"


class Role(StrEnum):
    """The place of a code in the claim (Official Guidelines II, III and IV).

    Diagnoses, services and supplies are ordered; an ICD-10-PCS code is a procedure of the stay.
    """

    FIRST_LISTED = "first-listed"
    PRINCIPAL = "principal"
    SECONDARY = "secondary"
    PROCEDURE = "procedure"


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, where and by whom. ``text`` may hold identifiers: never log it.

    ``day`` is the date of service (discharge date for inpatient). ``team``, ``person``,
    ``channel`` and ``thread`` are opaque ids of the door. ``systems`` are the code systems asked
    for; without any it is ICD-10-CM and, for an inpatient, the procedures of installed ICD-10-PCS.
    ``context`` holds earlier questions of the thread, oldest first, already redacted.
    ``infer_setting`` says that ``setting`` is only what is assumed: a note that shows where the
    encounter took place overrules it. ``exchange_id`` is the id the door has chosen for the
    exchange, "" to have one made. ``age`` is in years and ``sex`` "female" or "male", where the
    door was told. ``leans`` says that ``text`` rests on ``context`` in a way no rule could read.
    """

    text: str
    day: date
    setting: Setting = Setting.OUTPATIENT
    infer_setting: bool = field(default=False, kw_only=True)
    systems: tuple[str, ...] = ()
    door: str = "terminal"
    team: str = ""
    person: str = ""
    channel: str = ""
    thread: str = ""
    context: tuple[str, ...] = ()
    exchange_id: str = ""
    age: int | None = None
    sex: str | None = None
    leans: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the redacted text, and the half-open character offsets at which they stand."""

    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage the answer rests on. ``locator`` is how a coder cites it (code, section number)."""

    id: str
    source: str
    release: str
    locator: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check has to say about one or more codes."""

    rule: str
    severity: Severity
    codes: tuple[str, ...]
    message: str
    citation: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another code a coder would weigh, and what tells it apart."""

    code: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class AxisNote:
    """One character of an ICD-10-PCS code: axis, value, official definition or "", and ``why``.

    ``why`` is one sentence about what decided it; empty where the code was only looked up.
    """

    position: int
    axis: str
    character: str
    label: str
    definition: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One code, why it fits, and the words and passages that carry it.

    ``axes`` take an ICD-10-PCS code apart; ``information`` is what a coder wants beside the code
    (CC, HCC, POA), each with its source. Both are empty where nothing is known.
    """

    system: str
    code: str
    title: str
    valid: bool
    role: Role
    rationale: str
    evidence: tuple[Quote, ...] = ()
    citations: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    axes: tuple[AxisNote, ...] = ()
    information: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Detail the text does not give, the choices, and the codes each choice would lead to."""

    axis: str
    options: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """Words of a note that name a condition which is not coded, and why.

    ``codes`` are what the words would lead to, a Z code for what is past first.
    """

    quote: str
    start: int
    end: int
    reason: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One exchange's result. ``to_json`` gives the document that the contract fixes.

    ``headline`` is the answer in one or two plain sentences; ``text`` is the question after
    redaction, to which quotes' offsets refer. Timings are milliseconds. ``model`` is what a chat
    model was asked for the answer (tokens, cost, latency, what was dropped), None where none was;
    ``second_opinion`` then holds the rules' own suggestions, where they differ. ``services`` are
    candidates for the procedures, drugs and supplies that a note documents (HCPCS Level II, CPT or
    ICD-10-PCS), apart from ``suggestions``, which are its diagnoses.
    """

    exchange_id: str
    kind: Kind
    setting: Setting
    day: date
    releases: dict[str, str]
    headline: str
    text: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    citations: tuple[Citation, ...] = ()
    cautions: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    abstained: str | None = None
    redactions: int = 0
    drafter: str = "rules"
    model: dict[str, Any] | None = None
    second_opinion: tuple[Suggestion, ...] = ()
    services: tuple[Suggestion, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The contract's document: plain dictionaries, lists, strings and numbers."""
        document = asdict(self)
        document["date"] = document.pop("day").isoformat()
        return _plain(document)  # type: ignore[no-any-return]  # recursion returns Any


Blank: TypeAlias = Callable[[Kind, str], Answer]
"""Begins an answer to the question at hand: its kind and headline, with nothing else in it yet."""


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    return value
