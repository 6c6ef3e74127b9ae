"""What a drafter is given and what it gives back. A drafter refers to options by id only."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from datetime import date

    from bot.answer import Gap, Role, Setting
    from codesets.models import Code, Note
    from retrieval.passages import Passage


@dataclass(frozen=True, slots=True)
class Option:
    """One code that may be suggested, with everything that speaks for it.

    ``spans`` are half-open offsets into the case's text. ``asked_by`` is the instructional note
    that asks for this code beside option ``companion_of``. ``final`` is False while characters are
    missing that the text does not give (``choices`` then lists the valid codes to choose from).
    ``reasons`` are plain sentences from the resolution. ``chosen`` is False for a code that was
    retrieved and that the rules would not report: only a model may weigh it again, and only with
    words of the text.
    """

    id: str
    code: Code
    score: float
    spans: tuple[tuple[int, int], ...]
    passages: tuple[Passage, ...]
    reasons: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    alternatives: tuple[Code, ...] = ()
    companion_of: str | None = None
    asked_by: Note | None = None
    final: bool = True
    choices: tuple[Code, ...] = ()
    place: str = ""
    chosen: bool = True


@dataclass(frozen=True, slots=True)
class Case:
    """A redacted text and the options retrieved and resolved for it, best first."""

    text: str
    setting: Setting
    day: date
    options: tuple[Option, ...]

    def option(self, option_id: str) -> Option | None:
        """The option with this id, or None when the drafter made the id up."""
        return next((option for option in self.options if option.id == option_id), None)


@dataclass(frozen=True, slots=True)
class DraftItem:
    """One suggestion as drafted: an option, its role, the words that carry it, and why."""

    option_id: str
    role: Role
    rationale: str
    quotes: tuple[tuple[int, int, str], ...]
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What one answer asked of a chat model: journalled with it, never shown with note text.

    ``prompt`` is the prompt's name, version and hash. ``cost`` is in US dollars, None where no
    price is configured. ``outcome`` is ``drafted``, or why the rules answered instead.
    ``dropped`` counts what verification took out, by reason.
    """

    model: str
    prompt: str
    outcome: str
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None
    latency_ms: float = 0.0
    dropped: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain values for the journal and for ``--json``."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Draft:
    """Suggestions in order.

    ``drafter`` is who wrote it, ``use`` what a model was asked for it, and ``note`` what a reader
    must be told about that ("the model did not answer in time").
    """

    items: tuple[DraftItem, ...]
    drafter: str = "rules"
    use: ModelUse | None = None
    note: str = ""


class Drafter(Protocol):
    """Orders options into suggestions and says why. It adds no code, quote or citation.

    ``weighs_more`` says that it wants to see retrieved codes that the rules would not report.
    """

    name: str
    weighs_more: bool

    def draft(self, case: Case) -> Draft:
        """The suggestions for ``case``, in the order they should be reported."""
