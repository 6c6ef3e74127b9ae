"""Answers about codes that the question names: validity, what replaces them, which notes govern."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import messages
from bot.answer import Citation, Gap, Kind
from bot.lookup import HEADINGS, citation_id
from codesets.models import NoteKind

if TYPE_CHECKING:
    from bot.answer import Answer, Blank
    from bot.lookup import Lookup
    from codesets.models import Note

_MAX_NOTES = 40
_PLAIN = {
    NoteKind.EXCLUDES1: "Excludes1",
    NoteKind.EXCLUDES2: "Excludes2",
    NoteKind.INCLUSION_TERM: "inclusion term",
}
_WORDS = {
    NoteKind.EXCLUDES1: ("exclud", "together"),
    NoteKind.EXCLUDES2: ("exclud", "together"),
    NoteKind.INCLUDES: ("includ",),
    NoteKind.INCLUSION_TERM: ("includ", "inclusion"),
    NoteKind.CODE_FIRST: ("code first", "sequenc"),
    NoteKind.USE_ADDITIONAL: ("additional", "sequenc"),
    NoteKind.CODE_ALSO: ("code also",),
    NoteKind.SEVENTH_CHARACTER: ("7th", "seventh"),
}


def kinds_asked_for(text: str) -> frozenset[NoteKind]:
    """The kinds of note a question is about; empty when it names none.

    >>> sorted(kind.value for kind in kinds_asked_for("what does E11.9 exclude?"))
    ['excludes1', 'excludes2']
    """
    folded = text.casefold().replace("excludes 1", "excludes1").replace("excludes 2", "excludes2")
    kinds = {kind for kind, words in _WORDS.items() if any(word in folded for word in words)}
    for one, other in (
        (NoteKind.EXCLUDES1, NoteKind.EXCLUDES2),
        (NoteKind.EXCLUDES2, NoteKind.EXCLUDES1),
    ):
        if one.value in folded and other.value not in folded:
            kinds.discard(other)
    return frozenset(kinds)


def describe(
    blank: Blank,
    records: list[Lookup],
    unknown: tuple[str, ...],
    asked: frozenset[NoteKind] | None,
) -> Answer:
    """The answer about ``records``; ``unknown`` has a sentence for each code nobody knows.

    With ``asked`` (not None) the question was about notes, and they lead; an empty set means all
    of them.
    """
    if asked is None:
        headline = " ".join([*(record.headline() for record in records), *unknown])
    else:
        headline = " ".join([*(_about_notes(record, asked) for record in records), *unknown])
    kind = Kind.COMPARISON if len(records) > 1 else Kind.LOOKUP
    citations: dict[str, Citation] = {}
    for record in records:
        citations |= _citations(record, asked)
    cautions = []
    if asked is not None:
        cautions = [record.headline() for record in records if not record.valid]
    return replace(
        blank(kind, headline),
        citations=tuple(citations.values()),
        gaps=tuple(gap for record in records for gap in _choices(record)),
        cautions=tuple(cautions),
    )


def _about_notes(record: Lookup, asked: frozenset[NoteKind]) -> str:
    names = {"code": record.code.code, "title": record.code.title}
    if _notes(record, asked):
        return messages.NOTES_OF.format(**names)
    kinds = " or ".join(sorted(_PLAIN.get(kind, kind.value.replace("-", " ")) for kind in asked))
    return messages.NO_NOTES.format(kind=kinds or "instructional", **names)


def _notes(record: Lookup, asked: frozenset[NoteKind] | None) -> list[Note]:
    return [note for note in record.notes if not asked or note.kind in asked]


def _citations(record: Lookup, asked: frozenset[NoteKind] | None) -> dict[str, Citation]:
    """Title and notes of a code as citations by id, its own notes before inherited ones."""
    code = record.code
    title = Citation(
        id=f"{code.system.value}:{code.text_release}:{code.code}:title",
        source=record.governing.source,
        release=code.text_release,
        locator=code.code,
        text=code.title,
    )
    found = {title.id: title}
    for note in _notes(record, asked)[:_MAX_NOTES]:
        kind = _PLAIN.get(note.kind, HEADINGS[note.kind].lower())
        found[citation_id(note)] = Citation(
            id=citation_id(note),
            source=record.governing.source,
            release=note.text_release,
            locator=f"{_place(note.owner)}, {kind}",
            text=note.text,
        )
    return found


def _place(owner: str) -> str:
    """A chapter by its name; sections and codes as they are."""
    return f"chapter {owner}" if owner.isdecimal() else owner


def _choices(record: Lookup) -> list[Gap]:
    if record.valid or not (record.choices or record.replaced_by):
        return []
    offered = record.replaced_by or record.choices
    return [
        Gap(
            axis=f"which code instead of {record.code.code}",
            options=tuple(code.title for code in offered),
            codes=tuple(code.code for code in offered),
        )
    ]
