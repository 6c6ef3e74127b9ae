"""What a drafter is given and what it gives back. A drafter refers to options by id only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

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
    ``reasons`` are plain sentences from the resolution.
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
class Draft:
    """Suggestions in order."""

    items: tuple[DraftItem, ...]


class Drafter(Protocol):
    """Orders options into suggestions and says why. It adds no code, quote or citation."""

    name: str

    def draft(self, case: Case) -> Draft:
        """The suggestions for ``case``, in the order they should be reported."""
