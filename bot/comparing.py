"""Codes side by side: on which axes they differ, what each says, and whether they go together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import code_answers, messages
from bot.answer import Citation, Severity
from codesets.differing import differences
from codesets.errors import CodesetError
from codesets.models import NoteKind, System

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.answer import Answer, Blank
    from bot.checking import CheckResult
    from bot.lookup import Lookup
    from codesets.differing import Difference
    from codesets.library import Library

_BETWEEN = frozenset(
    (
        *(NoteKind.EXCLUDES1, NoteKind.EXCLUDES2, NoteKind.CODE_FIRST),
        *(NoteKind.USE_ADDITIONAL, NoteKind.CODE_ALSO, NoteKind.INCLUSION_TERM),
    )
)
_MOST_NOTES = 3


def describe(
    blank: Blank,
    records: list[Lookup],
    unknown: tuple[str, ...],
    library: Library,
    check: Callable[[list[str]], CheckResult],
) -> Answer:
    """The answer that compares ``records``: every axis first, then validity and what binds both."""
    answer = code_answers.describe(blank, records, unknown, _BETWEEN)
    codes = [record.code.code for record in records]
    if any(record.code.system is not System.ICD10CM for record in records):
        return code_answers.describe(blank, records, unknown, None)
    try:
        found = differences(library, codes)
    except CodesetError:  # a code of another release: its titles are compared by the reader
        return code_answers.describe(blank, records, unknown, None)
    headline = " ".join([_sentence(codes, found), *unknown])
    valid = [record for record in records if not record.valid]
    cautions = [record.headline() for record in valid]
    cautions += [
        finding.message
        for finding in check(codes).findings
        if finding.severity is not Severity.INFORMATION and not valid
    ]
    return replace(
        answer,
        headline=headline,
        citations=_citations(answer, records),
        cautions=tuple(dict.fromkeys(cautions)),
    )


def _sentence(codes: Sequence[str], found: Sequence[Difference]) -> str:
    if not found:
        return messages.SAME_WORDS.format(codes=" and ".join(codes))
    names = ", ".join(difference.axis for difference in found)
    lines = [messages.DIFFER.format(codes=_listed(codes), axes=names)]
    for difference in found:
        values = "; ".join(
            f"{code} {value}" for code, value in zip(codes, difference.values, strict=True)
        )
        lines.append(f"{difference.axis[:1].upper()}{difference.axis[1:]}: {values}.")
    return " ".join([*lines, messages.RECORD_DECIDES])


def _listed(codes: Sequence[str]) -> str:
    return f"{', '.join(codes[:-1])} and {codes[-1]}"


def _citations(answer: Answer, records: Sequence[Lookup]) -> tuple[Citation, ...]:
    """Titles first, then the notes that name one of the other codes, then each code's own notes."""
    codes = [record.code.code for record in records]
    titles = [each for each in answer.citations if each.id.endswith(":title")]
    notes = [each for each in answer.citations if not each.id.endswith(":title")]
    naming = [
        each
        for each in notes
        if any(code in each.text for code in codes if code not in each.locator)
    ]
    own = [
        each
        for code in codes
        for each in [n for n in notes if n.locator.startswith(f"{code},")][:_MOST_NOTES]
    ]
    return tuple({each.id: each for each in (*titles, *naming, *own)}.values())
