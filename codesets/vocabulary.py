"""The records of the word tables: abbreviations, lay terms, drug names, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(StrEnum):
    """What an abbreviation or lay phrase stands for."""

    CONDITION = "condition"
    SYMPTOM = "symptom"
    PROCEDURE = "procedure"
    DRUG = "drug"
    ANATOMY = "anatomy"
    LAB = "lab"
    ORGANISM = "organism"
    DEVICE = "device"
    SHORTHAND = "shorthand"
    STATUS = "status"


class Case(StrEnum):
    """How strictly the capitals of an abbreviation are read."""

    ANY = "any"
    EXACT = "exact"
    WORD = "word"
    """Exact, and an English word too: in a line all in capitals only a hint admits it."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One meaning of one abbreviation.

    ``spoken`` is how clinicians say it, ``index_wording`` what the Alphabetic Index or the Tabular
    List prints. ``rank`` 1 is the commonest without context. A hint ending in ``*`` is the
    beginning of a word.
    """

    abbreviation: str
    spoken: str
    index_wording: str
    kind: Kind
    hints: tuple[str, ...]
    rank: int
    case: Case = Case.ANY
    code_hint: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The meanings of an abbreviation in one context, best first.

    ``decided`` is true when there is one meaning only, or the context clearly favours the first.
    Iterates, indexes and measures like the tuple ``meanings``.
    """

    meanings: tuple[Meaning, ...]
    decided: bool

    def __iter__(self) -> Iterator[Meaning]:
        return iter(self.meanings)

    def __len__(self) -> int:
        return len(self.meanings)

    @overload
    def __getitem__(self, index: int) -> Meaning: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Meaning, ...]: ...
    def __getitem__(self, index: int | slice) -> Meaning | tuple[Meaning, ...]:
        return self.meanings[index]


@dataclass(frozen=True, slots=True)
class Expansion:
    """An abbreviation found in a text; ``start`` and ``end`` are character offsets into it."""

    start: int
    end: int
    surface: str
    meanings: tuple[Meaning, ...]
    decided: bool


@dataclass(frozen=True, slots=True)
class LayTerm:
    """A lay phrase, eponym or coder's synonym and the wording the classification uses."""

    phrase: str
    index_wording: str
    kind: Kind
    code_hint: str = ""


@dataclass(frozen=True, slots=True)
class LayMatch:
    """A lay term found in a text; offsets are character offsets into it."""

    start: int
    end: int
    surface: str
    term: LayTerm


@dataclass(frozen=True, slots=True)
class Drug:
    """A trade or generic name. ``long_term_code`` is the Z79 code of its class, or empty."""

    name: str
    generic: str
    drug_class: str
    long_term_code: str


@dataclass(frozen=True, slots=True)
class DrugMatch:
    """A drug named in a text; offsets are character offsets into it."""

    start: int
    end: int
    surface: str
    drugs: tuple[Drug, ...]
