"""History codes by the condition that a relative or the patient had.

Categories Z80 to Z87 say what they stand for by the codes of the conditions ("Conditions
classifiable to C15-C26"), so the condition is looked up first and its code leads to the history
(Official Guidelines I.C.21.c.4).
"""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from codesets.models import NoteKind
from codesets.notation import in_range, parse_references
from codesets.resolution import resolve

if TYPE_CHECKING:
    from codesets.library import Library
    from codesets.models import Code, CodeRange, Note

_FAMILY = re.compile(r"Z8[0-4]")
_PERSONAL = re.compile(r"Z8[5-7]")
_HISTORY = re.compile(r"Z8[0-7]")
_CLASSIFIABLE = re.compile(r"\bclassifiable (?:to|in|under)\b", re.IGNORECASE)
_RANGE = re.compile(r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z-]+)?(?:\s*-\s*[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]+)?)?")
_KEPT: WeakKeyDictionary[Library, tuple[tuple[Note, tuple[CodeRange, ...]], ...]] = (
    WeakKeyDictionary()
)
_LOCK = threading.Lock()


def family_history(library: Library, code: str) -> tuple[Code, Note] | None:
    """The family-history code whose inclusion term names ``code``'s range, the narrowest first.

    None where no term names it, or where the record needs a choice below it.
    """
    found: list[tuple[int, Code, Note]] = []
    for note, ranges in _terms(library, _FAMILY):
        for reference in ranges:
            if not in_range(code, reference):
                continue
            record = library.find(note.owner)
            if record is not None and record.valid:
                found.append((_width(reference), record, note))
    if not found:
        return None
    _, record, note = min(found, key=lambda item: (item[0], item[1].code))
    return record, note


def personal_history(library: Library, code: str, condition: str) -> tuple[Code, Note] | None:
    """The personal-history code of a condition by its ``code`` and its words, and the note for it.

    None where no term names its range, or where the words do not decide below the record.
    """
    found = [
        (_width(reference), note)
        for note, ranges in _terms(library, _PERSONAL)
        for reference in ranges
        if in_range(code, reference)
    ]
    if not found:
        return None
    note = min(found, key=lambda item: (item[0], item[1].owner))[1]
    owner, title = library.get(note.owner), library.get(code).title
    if owner.valid:
        return owner, note
    resolution = resolve(library, note.owner, f"personal history of {condition} ({title})")
    reached = resolution.code
    if not resolution.final or not reached.valid or not reached.code.startswith(note.owner):
        return None
    return reached, note


def _width(reference: CodeRange) -> int:
    """How many categories a range spans; one with more characters is narrower."""
    first, last = reference.first, reference.last
    apart = (ord(last[0]) - ord(first[0])) * 100 + _number(last) - _number(first)
    return 10 * apart - len(first)


def _number(code: str) -> int:
    digits = code[1:3]
    return int(digits) if digits.isdigit() else int(digits[0]) * 10 + 9


def _terms(
    library: Library, wanted: re.Pattern[str]
) -> tuple[tuple[Note, tuple[CodeRange, ...]], ...]:
    """The inclusion terms of the ``wanted`` categories, with the ranges they name."""
    return tuple(item for item in _all_terms(library) if wanted.match(item[0].owner))


def _all_terms(library: Library) -> tuple[tuple[Note, tuple[CodeRange, ...]], ...]:
    with _LOCK:
        kept = _KEPT.get(library)
        if kept is None:
            found = []
            for note in library.all_notes():
                if note.kind is not NoteKind.INCLUSION_TERM or not _HISTORY.match(note.owner):
                    continue
                if _CLASSIFIABLE.search(note.text):
                    ranges = note.references or parse_references(
                        f"({', '.join(_RANGE.findall(note.text))})"
                    )
                    found.append((note, tuple(ranges)))
            kept = _KEPT[library] = tuple(found)
    return kept
