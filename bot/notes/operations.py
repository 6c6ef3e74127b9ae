"""Procedures that a note says were done during a stay, in ICD-10-PCS.

Each sentence is read by itself. What its words, the table and what is usual decide becomes a code;
what they leave open (body part, approach, device) stays a gap, unless another sentence of the note
says the same procedure whole.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.notes.parts import Part
from bot.pcs_reading import Procedure
from codesets.procedures import resolve_procedures

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.answer import Blank, Question
    from bot.pcs_answers import ProcedureDesk
    from retrieval.notes.services import Service


_MOST_SENTENCES = 40


def code(
    desk: ProcedureDesk, done: Sequence[Service], question: Question, blank: Blank, text: str
) -> Part:
    """Codes and open axes for the procedures ``done``; offsets are those of ``text``.

    Raises ReleaseUnavailableError where no codes or tables that govern the day are installed.
    """
    book = desk.book(question.day)
    sentences: dict[int, list[Service]] = {}
    for service in done:
        sentences.setdefault(service.sentence.start, []).append(service)
    found = [
        Procedure(each, start)
        for start, services in list(sentences.items())[:_MOST_SENTENCES]
        for each in resolve_procedures(book, services[0].sentence.text)
    ]
    stated = [p for p in found if _is_stated(p, sentences[p.start])]
    kept = _fullest(stated)
    if not kept:
        return Part()
    return Part.of(replace(desk.suggest(text, question, blank, kept), text=text))


def _is_stated(procedure: Procedure, services: Iterable[Service]) -> bool:
    """Whether a procedure is named, is one that hospitals code, and is among those done."""
    if not procedure.found.named or not procedure.coded_beside(in_note=False):
        return False
    return any(
        service.start < end and start < service.end
        for service in services
        for start, end in procedure.spans
    )


def _fullest(procedures: Sequence[Procedure]) -> list[Procedure]:
    """Each code once; what is open only where no other sentence decides it."""
    decided = [p for p in procedures if p.found.code is not None]
    tables = {p.found.table for p in decided}
    kept: dict[object, Procedure] = {}
    for procedure in decided:
        kept.setdefault(procedure.found.code, procedure)
    for procedure in procedures:
        table = procedure.found.table
        heads = {candidate.prefix for candidate in procedure.found.candidates}
        if procedure.found.code is None and table not in tables and not heads & tables:
            key = table or tuple(sorted(heads))
            known = kept.get(key)
            if known is None or len(procedure.found.gaps) < len(known.found.gaps):
                kept[key] = procedure
    return sorted(kept.values(), key=lambda procedure: procedure.start)
