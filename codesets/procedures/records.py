"""What is said about a procedure: its table, what each character says, and what is still open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codesets.formats.pcs import PcsValue

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class AxisChoice:
    """One character of the code (position 1 to 7).

    ``chosen`` is None where the text does not decide; ``options`` are the values that its table
    still allows with everything the text says, the chosen one among them. ``why`` is one sentence,
    with the official definition where the release has one. ``spans`` are the deciding words
    (character offsets into the text); empty where the choice rests on the table or on silence.
    """

    name: str
    position: int
    chosen: PcsValue | None
    options: tuple[PcsValue, ...]
    why: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class TableCandidate:
    """Another table that the words could mean, and why it was not taken.

    ``title`` names section, body system and operation; ``definition`` is the operation's.
    """

    prefix: str
    title: str
    reason: str
    definition: str | None = None


@dataclass(frozen=True, slots=True)
class ProcedureResolution:
    """A procedure phrase resolved as far as its words go.

    ``table`` names the table (three characters), or is None while operation or body system are
    open. ``code`` is set only where all seven characters are decided; it is then a valid code of
    the release and ``final`` is true. ``axes`` are the seven characters in order; ``gaps`` those
    of them without a choice. ``codes`` are the codes still possible, where they are few (at most
    ``MOST_CODES``). ``also`` are further procedures that the text names, as written: each is coded
    by itself. ``steps`` are the reasons in plain sentences. ``named`` says that the text has a
    procedure's own name, not just a general word such as "removal"; ``spans`` are its words, and
    ``index_term`` the id of the Index term that has them, or "".
    """

    text: str
    table: str | None
    code: str | None
    axes: tuple[AxisChoice, ...]
    final: bool
    candidates: tuple[TableCandidate, ...]
    gaps: tuple[AxisChoice, ...]
    steps: tuple[str, ...]
    codes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    named: bool = False
    spans: tuple[Span, ...] = ()
    index_term: str = ""

    @property
    def recognised(self) -> bool:
        """Whether any word of the text names a procedure."""
        return bool(self.axes)


MOST_CODES = 48
