"""Resolve a procedure phrase: table, seven characters, reasons, and what the text leaves open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codesets.formats.pcs import PcsValue
from codesets.procedures.axes import choose_axes
from codesets.procedures.conduits import parts_by_conduit
from codesets.procedures.mentions import WAY_IN, find_mentions
from codesets.procedures.patterns import read_label
from codesets.procedures.reading import read
from codesets.procedures.records import (
    MOST_CODES,
    AxisChoice,
    ProcedureResolution,
    TableCandidate,
)
from codesets.procedures.tables import Option, Tables, find_tables
from codesets.procedures.vocabulary import vocabulary_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.procedures.book import ProcedureBook, Table
    from codesets.procedures.lexicon import Sense
    from codesets.procedures.mentions import Mention
    from codesets.procedures.reading import Reading

_MOST_CANDIDATES = 6
_BOTH = re.compile(r"\b(?:bilateral(?:ly)?|both|b/l|bilat)\b", re.IGNORECASE)
# Steps of the procedure before them (ICD-10-PCS guideline B3.1b).
_INTEGRAL = frozenset({"anastomosis", "reanastomosis"})


def resolve_procedure(book: ProcedureBook, text: str) -> ProcedureResolution:
    """Resolve ``text`` as far as its words go.

    The first procedure that the text names by its own name is resolved; others are listed in
    ``also``. Nothing is guessed: an axis the text leaves open keeps its options, and ``code`` is
    None then. ICD-10-PCS Official Guidelines A9 (one row), A11 (the coder, not the physician,
    translates into root operations), B3 (root operations), B5 (approach), B6 (device).
    """
    vocabulary = vocabulary_of(book)
    reading = read(text, vocabulary)
    mentions = find_mentions(reading, vocabulary)
    found = next(filter(None, (_tables(book, reading, m, mentions) for m in mentions)), None)
    if found is None:
        step = "No word of the text names a procedure that ICD-10-PCS has a table for."
        return ProcedureResolution(text, None, None, (), False, (), (), (step,))
    return _Resolver(book, reading, found, mentions).resolve()


def resolve_procedures(book: ProcedureBook, text: str) -> tuple[ProcedureResolution, ...]:
    """Resolve every procedure that ``text`` names by its own name, the one to code first first.

    A text with no such name is resolved as by ``resolve_procedure``; empty where no word of it
    names a procedure.
    """
    return tuple(each for part in parts_by_conduit(text) for each in _both_sides(book, part))


def _both_sides(book: ProcedureBook, text: str) -> Iterator[ProcedureResolution]:
    """Each procedure; once for either side where the table has no value for both.

    ICD-10-PCS guideline B4.3: without a bilateral body part value each side is coded.
    """
    sided: dict[str, tuple[ProcedureResolution, ...]] = {}
    for number, found in enumerate(_resolve_all(book, text)):
        if not _wants_each_side(found, text):
            yield found
            continue
        for side in ("right", "left"):
            if side not in sided:
                sided[side] = _resolve_all(book, text, side)
            # The same words name the same procedures, in the same order.
            yield sided[side][number] if number < len(sided[side]) else found


def _wants_each_side(found: ProcedureResolution, text: str) -> bool:
    part = next((axis for axis in found.gaps if axis.position == 4), None)
    if part is None or not _BOTH.search(text):
        return False
    patterns = [read_label(value.label) for value in part.options]
    return {side for p in patterns for side in p.sides} == {"right", "left"}


def _resolve_all(
    book: ProcedureBook, text: str, side: str | None = None
) -> tuple[ProcedureResolution, ...]:
    vocabulary = vocabulary_of(book)
    reading = read(text, vocabulary, side)
    mentions = find_mentions(reading, vocabulary)
    found: list[Tables] = []
    for mention in mentions:
        if found and (mention.rank or any(_repeats(mention, tables) for tables in found)):
            continue
        if found and any(reading.tokens[word].form in _INTEGRAL for word in mention.words):
            continue
        tables = _tables(book, reading, mention, mentions)
        if tables is not None:
            found.append(tables)
    return tuple(_Resolver(book, reading, tables, mentions).resolve() for tables in found)


def _repeats(mention: Mention, tables: Tables) -> bool:
    """Whether a mention names no more than a procedure that was resolved already."""
    own = tables.best[0].sense
    return all(_same_procedure(sense, own) for sense in mention.senses)


def _tables(
    book: ProcedureBook, reading: Reading, mention: Mention, mentions: list[Mention]
) -> Tables | None:
    foreign = frozenset(
        number
        for other in mentions
        if other is not mention and other.rank != 1
        for number in other.words
    )
    systems = frozenset(
        scope[1]
        for other in mentions
        if other.rank == WAY_IN
        for sense in other.senses
        for scope in sense.scopes
        if scope.startswith("0") and len(scope) > 1
    )
    found = find_tables(book, reading, mention, foreign, systems)
    return found if found is not None and found.best else None


class _Resolver:
    def __init__(
        self, book: ProcedureBook, reading: Reading, found: Tables, mentions: list[Mention]
    ) -> None:
        self.book = book
        self.reading = reading
        self.found = found
        self.mentions = mentions

    def resolve(self) -> ProcedureResolution:
        tables = [option.table for option in self.found.best]
        head = self._head(tables)
        rest: tuple[AxisChoice, ...] = ()
        table = None
        notes: tuple[str, ...] = ()
        if len(tables) == 1:
            table = tables[0]
            rest, notes = choose_axes(self.book, self.reading, self.found.best[0])
        axes = (*head, *rest)
        code = "".join(axis.chosen.character for axis in axes if axis.chosen is not None)
        final = len(axes) == len(code) == 7 and self.book.is_valid(code)
        gaps = tuple(axis for axis in axes if axis.chosen is None)
        return ProcedureResolution(
            text=self.reading.text,
            table=table.prefix if table else None,
            code=code if final else None,
            axes=axes,
            final=final,
            candidates=self._candidates(tables),
            gaps=gaps,
            steps=(*(axis.why for axis in axes), *notes, *self._asides()),
            codes=self._codes(table, axes),
            also=self._also(),
            named=self.found.mention.rank == 0,
            spans=self.reading.spans(self.found.mention.words),
            index_term=self.found.best[0].sense.term,
        )

    # --- section, body system, operation ----------------------------------------------------------

    def _head(self, tables: list[Table]) -> tuple[AxisChoice, ...]:
        """The first three characters; options are those of the tables that the words leave."""
        words = self.found.mention.words
        spans = self.reading.spans(words)
        quote = self.reading.quote(words)
        axes = []
        for position in (1, 2, 3):
            named = {t.prefix[position - 1]: _title(t, position) for t in tables}
            options = tuple(PcsValue(c, label) for c, label in sorted(named.items()))
            chosen = options[0] if len(options) == 1 else None
            name = tables[0].titles[position - 1]
            if position == 3:
                why = self._why_operation(quote, chosen)
                reasons = words | self.found.objective.words | self._needed()
                axes.append(AxisChoice(name, 3, chosen, options, why, self.reading.spans(reasons)))
                continue
            why = (
                f"{name}: {chosen.label}."
                if chosen
                else f"The text does not say which {name.lower()} {quote} is about: "
                f"{_listed(options)} are possible."
            )
            axes.append(AxisChoice(name, position, chosen, options, why, spans))
        return tuple(axes)

    def _why_operation(self, quote: str, chosen: PcsValue | None) -> str:
        objective = self.found.objective
        entry = self.found.best[0].sense.entry
        index = f" (Index: {entry})" if entry else ""
        if chosen is None:
            meanings = "; ".join(_meaning(option.table) for option in _one_an_operation(self.found))
            return (
                f"{quote}{index} does not tell the objective, and the text says nothing that "
                f"decides: {meanings}."
            )
        table = self.found.best[0].table
        because = ""
        if objective.because:
            said = self.reading.quote(objective.words) + ": " if objective.words else ""
            because = f" ({said}{objective.because})"
        with_words = self._needed() - self.found.mention.words - objective.words
        beside = f", said with {self.reading.quote(with_words)}," if with_words else ""
        return f"{quote}{index}{beside} is {_meaning(table)}{because}."

    def _needed(self) -> frozenset[int]:
        """The words whose being said chose this reading of the procedure word."""
        cues = self.reading.cues
        needs = self.found.best[0].sense.needs
        return frozenset(word for need in needs for word in cues.get(need, set()))

    # --- what was passed over ---------------------------------------------------------------------

    def _candidates(self, tables: list[Table]) -> tuple[TableCandidate, ...]:
        found: dict[str, TableCandidate] = {}
        if len(tables) > 1:
            for table in tables:
                reason = "The text does not tell it from the others."
                found[table.prefix] = _candidate(table, reason)
        objective = self.found.objective
        for option in self.found.others:
            table = option.table
            if table.operation in objective.dropped:
                if not option.body and any(o.body for o in self.found.best):
                    continue
                reason = f"Not taken: {objective.because}."
            elif option.body:
                reason = "Its body parts fit fewer of the words."
            else:
                continue
            found.setdefault(table.prefix, _candidate(table, reason))
        return tuple(found.values())[:_MOST_CANDIDATES]

    def _also(self) -> tuple[str, ...]:
        """Other procedures that the text names by their own names."""
        own = self.found.best[0].sense
        kept = []
        for mention in self.mentions:
            if mention is self.found.mention or mention.rank != 0:
                continue
            if all(_same_procedure(sense, own) for sense in mention.senses):
                continue
            if any(self.reading.tokens[word].form in _INTEGRAL for word in mention.words):
                continue
            (start, end), *_ = self.reading.spans(mention.words)
            kept.append(self.reading.text[start:end])
        return tuple(dict.fromkeys(kept))

    def _asides(self) -> tuple[str, ...]:
        """What is coded besides, by the Official Guidelines."""
        notes = []
        if self.reading.converted:
            notes.append(
                "The procedure was converted to open: it is coded to the open approach, and the "
                "endoscopic attempt to Inspection as well (ICD-10-PCS guideline B3.2d)."
            )
        robotic = self.reading.forms.get("robotic")
        if robotic and "8E0" in self.book.tables:
            notes.append(
                f"{self.reading.quote(robotic)}: robotic assistance is coded in addition, in "
                f"table 8E0."
            )
        return tuple(notes)

    def _codes(self, table: Table | None, axes: tuple[AxisChoice, ...]) -> tuple[str, ...]:
        """The codes still possible, or none where they are many."""
        if table is None:
            return ()
        allowed = [{value.character for value in axis.options} for axis in axes[3:]]
        chosen = [axis.chosen.character if axis.chosen else None for axis in axes[3:]]
        sets = [{c} if c else options for c, options in zip(chosen, allowed, strict=True)]
        found: dict[str, None] = {}
        for row in table.rows:
            kept = [
                tuple(v for v in values if v.character in characters)
                for values, characters in zip(row.axes, sets, strict=True)
            ]
            if not all(kept):
                continue
            for code in type(row)(tuple(kept)).expand(table.prefix):
                found[code] = None
                if len(found) > MOST_CODES:
                    return ()
        return tuple(found)


def _same_procedure(sense: Sense, own: Sense) -> bool:
    """Whether another name says no more than the procedure's own: "angioplasty", "stenting"."""
    if not set(sense.operations) <= set(own.operations):
        return False
    parts = {i.labels for i in sense.implied if i.position == 4}
    return not parts or parts <= {i.labels for i in own.implied if i.position == 4}


def _title(table: Table, position: int) -> str:
    return (table.section, table.system, table.operation)[position - 1]


def _meaning(table: Table) -> str:
    """The operation with its definition, as the release's own file has it."""
    return (
        f"{table.operation}: {_lowered(table.definition)}"
        if table.definition
        else (table.operation)
    )


def _lowered(text: str) -> str:
    """A definition that follows a colon; abbreviations keep their capitals."""
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def _one_an_operation(found: Tables) -> list[Option]:
    kept: dict[str, Option] = {}
    for option in found.best:
        kept.setdefault(option.table.operation, option)
    return list(kept.values())


def _candidate(table: Table, reason: str) -> TableCandidate:
    return TableCandidate(table.prefix, table.title, reason, table.definition)


def _listed(options: tuple[PcsValue, ...]) -> str:
    labels = [value.label for value in options]
    shown = labels if len(labels) <= 6 else [*labels[:5], f"{len(labels) - 5} more"]
    return ", ".join(shown[:-1]) + f" and {shown[-1]}"
