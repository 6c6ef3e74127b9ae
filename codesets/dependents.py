"""Codes that come after a code: their own "code first" note names it, and the text says them.

The etiology may have no note that asks for the manifestation ("Gastroparesis" names the diabetes
it is coded after; the diabetes does not name it). Both conventions are one (Official Guidelines
I.A.13).
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from codesets.asks import asks_of, is_needed
from codesets.models import CodeRange, NoteKind
from codesets.pairing import Companion, Pairing
from codesets.references import in_range

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codesets.library import Library
    from codesets.models import Note

_NOTES: WeakKeyDictionary[Library, tuple[tuple[Note, tuple[frozenset[str], ...]], ...]] = (
    WeakKeyDictionary()
)
_LOCK = threading.Lock()


def dependents(library: Library, code: str, text: str) -> tuple[Companion, ...]:
    """Codes whose "code first" note names ``code`` and which ``text`` says in full.

    Raises:
        UnknownCodeError: the release has no such code.

    """
    pairing = Pairing(library, code, text)
    found: dict[str, Companion] = {}
    for note, needed in _notes(library):
        if not any(in_range(pairing.code.code, reference) for reference in note.references):
            continue
        if note.owner[:3] == pairing.code.code[:3] or not _is_said(needed, pairing):
            continue
        companion = pairing.after(note, CodeRange(note.owner, note.owner))
        if companion is not None:
            found.setdefault(companion.code.code, companion)
    return tuple(found.values())


def _is_said(needed: Iterable[frozenset[str]], pairing: Pairing) -> bool:
    return all(any(form in pairing.said for form in group) for group in needed)


def _notes(library: Library) -> tuple[tuple[Note, tuple[frozenset[str], ...]], ...]:
    """Every "code first" line of a category or below that names codes, with what its owner asks.

    Read once a library.
    """
    with _LOCK:
        kept = _NOTES.get(library)
        if kept is None:
            kept = _NOTES[library] = tuple(_read(library))
    return kept


def _read(library: Library) -> Iterable[tuple[Note, tuple[frozenset[str], ...]]]:
    titles = library.titles()
    for note in library.all_notes():
        if note.kind is NoteKind.CODE_FIRST and note.references and note.owner[:1].isalpha():
            if "-" in note.owner:
                continue
            ask = asks_of(titles.get(note.owner, ""))[0]
            needed = tuple(group for group in ask.groups if is_needed(group))
            if needed:
                yield note, needed
