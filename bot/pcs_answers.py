"""Answers from ICD-10-PCS: seven characters explained one by one, or values to choose from.

A procedure is suggested only where the words, the table and what is usual decide every axis, and
the release of the day has the code. Where they do not, the axes left open are gaps whose options
are values that a row of the table still allows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import lookup_procedures, messages, suggesting
from bot.answer import AxisNote, Gap, Kind, Role
from bot.citing import cite
from bot.coding.built import Built
from bot.desks import Desk
from bot.drafting.case import Case, Option
from bot.nearness import is_near
from bot.pcs_reading import Procedure, find_procedures, says_more
from codesets.errors import ReleaseUnavailableError
from codesets.models import System
from codesets.procedures.explain import explain
from retrieval.descriptions import described
from retrieval.mentions import is_note
from retrieval.passages import title_passage
from retrieval.procedures import (
    guideline_passages,
    index_passage,
    is_indexed,
    meaning_passage,
    row_passage,
    table_passage,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from bot.answer import Answer, Blank, Citation, Question
    from bot.lookup import Lookup
    from codesets.library import Library
    from codesets.models import Code
    from codesets.procedures import ProcedureBook, ProcedureResolution
    from codesets.procedures.records import AxisChoice
    from codesets.releases import ReleaseStore
    from retrieval.passages import Passage


_MOST_CODES = 12
_MOST_RECALLED = 6


class ProcedureDesk(Desk):
    """Answers about one installation's ICD-10-PCS releases. Safe to share between threads."""

    def installed(self, day: date) -> bool:
        """Whether codes and tables that govern ``day`` are installed."""
        try:
            self._store.procedure_book(day)
        except ReleaseUnavailableError:
            return False  # what is asked here is just that
        return True

    def book(self, day: date) -> ProcedureBook:
        """Codes and tables that govern ``day``. Raises ReleaseUnavailableError without them."""
        return self._store.procedure_book(day)

    def asked_for(self, text: str, day: date) -> tuple[Procedure, ...]:
        """The procedures to code of an inpatient text that names no system; empty without any.

        Where the text says more, only what hospitals code of a stay counts: no imaging, no blood
        pressure. Of a note, only what leads to a table.

        Raises ReleaseUnavailableError when no codes or tables that govern ``day`` are installed.
        """
        found = find_procedures(self._store.procedure_book(day), text)
        leading = tuple(each for each in found if each.leads)
        if not says_more(text, leading):
            return leading
        note = is_note(text)
        return tuple(each for each in leading if each.coded_beside(in_note=note))

    def suggest(
        self, text: str, question: Question, blank: Blank, found: Sequence[Procedure] | None = None
    ) -> Answer:
        """Codes for the procedures that ``text`` names, or those already ``found`` in it.

        Raises ReleaseUnavailableError when no installed release governs the date of service.
        """
        day = question.day
        library = self._store.library_for(System.ICD10PCS, day)
        book = self._store.procedure_book(day)
        procedures = find_procedures(book, text) if found is None else found
        source = _Source(book, library)
        built = _build(text, question, procedures, source)
        draft = self._drafter.draft(built.case)
        answer = suggesting.suggestion_answer(blank, built, draft, library)
        if not procedures:
            answer = self._recalled(answer, text, source)
        elif not answer.suggestions:
            answer = _open_answer(answer, built, procedures, source)
        answer = _with_axes(answer, procedures, book)
        return replace(answer, releases={System.ICD10PCS.value: library.release.id})

    def _recalled(self, answer: Answer, text: str, source: _Source) -> Answer:
        """What the index has for words that name no procedure: a choice, where it comes near.

        Only where an index is built already: nobody waits for one here.
        """
        nothing = messages.NO_PROCEDURE_FOUND
        answer = replace(answer, headline=nothing, abstained=nothing)
        release = source.library.release
        if not is_indexed(self._store.home, release.id):
            return answer
        found = described(self._searcher(release).index, text, _MOST_RECALLED)
        near = [candidate for candidate in found if is_near(candidate)]
        if not near:
            return answer
        passages = [candidate.matches[0].passage for candidate in near]
        options = tuple(f"{p.code} {p.text}" for p in passages)
        headline = messages.WHICH_PROCEDURE.format(tables=", ".join(p.code for p in passages))
        return replace(
            answer, kind=Kind.CLARIFICATION, headline=headline, abstained=headline,
            gaps=(Gap("which procedure", options, ()),),
            citations=tuple(cite(passage) for passage in passages),
        )  # fmt: skip


# --- one procedure --------------------------------------------------------------------------------


class _Source:
    """The release of the day and the book it is read with."""

    def __init__(self, book: ProcedureBook, library: Library) -> None:
        self.book = book
        self.library = library

    def code(self, name: str | None) -> Code | None:
        """The record of a code that the release of the day has as valid."""
        record = self.library.find(name) if name else None
        return record if record is not None and record.valid else None

    def passages(self, found: ProcedureResolution, code: Code | None) -> tuple[Passage, ...]:
        """What a resolution rests on: title, table row, definitions, Index term, guidelines."""
        book, source = self.book, self.library.release.source
        kept: list[Passage | None] = [title_passage(code, source)] if code is not None else []
        table = book.tables.get(found.table or "")
        if table is not None:
            kept.append(row_passage(book, table, code.code) if code else table_passage(book, table))
            labels = {a.position: a.chosen.label for a in found.axes if a.chosen is not None}
            kept.append(meaning_passage(book, table, 3, labels.get(3, "")))
            if 5 in labels:
                kept.append(meaning_passage(book, table, 5, labels[5]))
            kept += guideline_passages(book, table.prefix, labels)
        else:
            kept += [table_passage(book, book.tables[c.prefix]) for c in found.candidates[:4]]
        if found.index_term:
            kept.append(index_passage(book, self._entry(found), found.index_term, found.table))
        return tuple({p.id: p for p in kept if p is not None}.values())

    def _entry(self, found: ProcedureResolution) -> str:
        return next((s.entry for s in self.book.senses if s.term == found.index_term), "")


def _build(
    text: str, question: Question, procedures: Sequence[Procedure], source: _Source
) -> Built:
    options: list[Option] = []
    gaps: dict[Gap, None] = {}
    cautions: list[str] = []
    several = len(procedures) > 1
    for number, procedure in enumerate(procedures, start=1):
        found = procedure.found
        code = source.code(found.code)
        if code is None:
            gaps.update(dict.fromkeys(_gaps(procedure, source, several=several)))
            if found.code is not None:
                cautions.append(_not_listed(found.code, source))
            continue
        options.append(
            Option(
                id=f"p{number}",
                code=code,
                score=1.0,
                spans=procedure.spans,
                passages=source.passages(found, code),
                reasons=(found.axes[2].why, *found.steps[len(found.axes) :]),
                alternatives=(),
            )
        )
    if source.book.release != source.library.release.id:
        cautions.append(
            messages.PCS_OTHER_TABLES.format(
                tables=source.book.release, codes=source.library.release.id
            )
        )
    return Built(
        case=Case(text, question.setting, question.day, tuple(options)),
        candidates=(),
        gaps=tuple(gaps),
        cautions=tuple(cautions),
        open_choices=(),
    )


def _not_listed(code: str, source: _Source) -> str:
    return messages.PCS_NOT_LISTED.format(
        code=code, tables=source.book.release, codes=source.library.release.id
    )


def _gaps(procedure: Procedure, source: _Source, *, several: bool) -> Iterator[Gap]:
    """The open axes with what the row allows, and the codes left where they are few."""
    found = procedure.found
    name = f" of {_quoted(found)}" if several else ""
    if found.table is None:
        yield from (_open_head(axis, name, found) for axis in found.gaps)
        return
    valid = [code for each in found.codes if (code := source.code(each)) is not None]
    for axis in found.gaps:
        yield _axis_gap(axis, name, valid if len(found.gaps) == 1 else [])
    if len(found.gaps) > 1 and 0 < len(valid) <= _MOST_CODES:
        titles = tuple(code.title for code in valid)
        yield Gap(f"which code{name}", titles, tuple(code.code for code in valid))


def _axis_gap(axis: AxisChoice, name: str, codes: Sequence[Code]) -> Gap:
    by_character = {code.code[axis.position - 1]: code.code for code in codes}
    options = [o for o in axis.options if not codes or o.character in by_character]
    reached = tuple(by_character[o.character] for o in options) if codes else ()
    leads = [f" → {code}" for code in reached] or [""] * len(options)
    labels = tuple(f"{o.character} {o.label}{to}" for o, to in zip(options, leads, strict=True))
    return Gap(f"{axis.name.lower()} (character {axis.position}){name}", labels, reached)


def _open_head(axis: AxisChoice, name: str, found: ProcedureResolution) -> Gap:
    """An open body system or operation; the tables that each leads to stand beside it."""
    meanings = {c.prefix[axis.position - 1]: c for c in found.candidates}
    labels = []
    for option in axis.options:
        candidate = meanings.get(option.character)
        definition = candidate.definition if candidate is not None and axis.position == 3 else None
        labels.append(f"{option.label}: {definition}" if definition else option.label)
    return Gap(f"{axis.name.lower()} (character {axis.position}){name}", tuple(labels), ())


def _open_answer(
    answer: Answer, built: Built, procedures: Sequence[Procedure], source: _Source
) -> Answer:
    """The question that remains, where no procedure is decided to its last character."""
    first = procedures[0].found
    gaps = ", ".join(axis.name.lower() for axis in first.gaps)
    table = source.book.tables.get(first.table or "")
    if table is not None:
        known = "".join(axis.chosen.character if axis.chosen else "_" for axis in first.axes)
        headline = messages.PCS_OPEN_AXES.format(
            words=_quoted(first), title=table.title, table=table.prefix, code=known, gaps=gaps
        )
    else:
        headline = messages.PCS_OPEN_TABLE.format(words=_quoted(first), gaps=gaps)
    cited = {
        p.id: cite(p) for procedure in procedures for p in source.passages(procedure.found, None)
    }
    steps = tuple(step for procedure in procedures for step in _so_far(procedure.found))
    return replace(
        answer, kind=Kind.CLARIFICATION, headline=headline, abstained=headline, gaps=built.gaps,
        citations=tuple(cited.values()), cautions=(*built.cautions, *steps),
    )  # fmt: skip


def _so_far(found: ProcedureResolution) -> Iterator[str]:
    """What is decided already, in a line, and the remarks of the resolution."""
    said = [f"{a.chosen.character} {a.chosen.label}" for a in found.axes if a.chosen is not None]
    if said:
        yield messages.PCS_SO_FAR.format(words=_quoted(found), axes=" · ".join(said))
    yield from (axis.why for axis in found.axes if axis.chosen is None and axis.position < 4)
    yield from found.steps[len(found.axes) :]


def _with_axes(answer: Answer, procedures: Sequence[Procedure], book: ProcedureBook) -> Answer:
    """The answer, its codes procedures of the stay and taken apart character by character."""
    reasons = {p.found.code: [axis.why for axis in p.found.axes] for p in procedures}
    return replace(
        answer,
        suggestions=tuple(
            replace(s, role=Role.PROCEDURE, axes=tuple(_axes(book, s.code, reasons[s.code])))
            for s in answer.suggestions
        ),
    )


def _axes(book: ProcedureBook, code: str, reasons: Sequence[str]) -> Iterator[AxisNote]:
    """The characters of a code with what decided each; the first two follow from the third."""
    for m, why in zip(explain(book, code), reasons, strict=True):
        reason = why if m.position > 2 else ""
        yield AxisNote(m.position, m.axis, m.character, m.label, m.definition, reason)


def cite_code(store: ReleaseStore, record: Lookup) -> tuple[Citation, ...]:
    """The table row and the definitions that a code looked up rests on; empty without tables."""
    book = lookup_procedures.book_of(store, record.day)
    table = book.tables.get(record.code.code[:3]) if book is not None else None
    if book is None or table is None:
        return ()
    labels = {axis.position: axis.label for axis in record.axes}
    passages = [row_passage(book, table, record.code.code)]
    passages += [meaning_passage(book, table, n, labels[n]) for n in (3, 5) if n in labels]
    return tuple(cite(passage) for passage in passages if passage is not None)


def _quoted(found: ProcedureResolution) -> str:
    words = ", ".join(found.text[start:end] for start, end in found.spans)
    return f"“{words}”"
