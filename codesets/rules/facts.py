"""What the rules need of a release, read once a code and kept while its library is open."""

from __future__ import annotations

import threading
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from codesets.models import Level, NoteKind
from codesets.notation import in_range, undotted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from codesets.library import Library
    from codesets.models import Code, CodeRange, Note

# More codes than a day's lists name; a few kB each.
_KEPT = 8192
_LAST = "\uffff"


@dataclass(frozen=True, slots=True)
class Target:
    """One reference of an inherited note, ready to be searched for among sorted codes."""

    note: Note
    reference: CodeRange
    first: str
    upto: str


class Facts:
    """Records, lineages and notes of one library, cached; safe to share between threads."""

    def __init__(self, library: Library) -> None:
        self._find = library.find
        self._notes_of = library.notes
        self._children_of = library.children
        self._records: dict[str, Code | None] = {}
        self._lines: dict[str, tuple[Code, ...]] = {}
        self._own: dict[str, tuple[Note, ...]] = {}
        self._targets: dict[tuple[str, NoteKind], tuple[Target, ...]] = {}
        self._children: dict[str, tuple[Code, ...]] = {}

    def record(self, code: str) -> Code | None:
        """The record of ``code`` in any spelling."""
        if code not in self._records:
            self._trim()
            self._records[code] = self._find(code)
        return self._records[code]

    def lineage(self, code: str) -> tuple[Code, ...]:
        """The record of a known code, then each ancestor outward to the chapter."""
        line = self._lines.get(code)
        if line is None:
            record = self.record(code)
            above = () if record is None or record.parent is None else self.lineage(record.parent)
            line = (() if record is None else (record,)) + above
            self._lines[code] = line
        return line

    def own_notes(self, owner: str) -> tuple[Note, ...]:
        """The notes printed at a record itself."""
        if owner not in self._own:
            self._own[owner] = tuple(self._notes_of(owner, inherited=False))
        return self._own[owner]

    def notes(self, code: str, kind: NoteKind) -> tuple[Note, ...]:
        """The notes of one kind that hold for ``code``, its own first."""
        return tuple(
            note
            for record in self.lineage(code)
            for note in self.own_notes(record.code)
            if note.kind is kind
        )

    def targets(self, code: str, kind: NoteKind) -> tuple[Target, ...]:
        """The codes that the notes of ``code`` name.

        A reference inside the owner's own range is left out where the note names others: it says
        which of the owner's codes is meant ("any type in A15 (J65)").
        """
        key = (code, kind)
        found = self._targets.get(key)
        if found is None:
            found = self._targets[key] = tuple(
                target for note in self.notes(code, kind) for target in _targets(note)
            )
        return found

    def chapter(self, code: str) -> str:
        """The number of the chapter that holds a known code, or ""."""
        line = self.lineage(code)
        return line[-1].code if line and line[-1].level is Level.CHAPTER else ""

    def children(self, code: str) -> tuple[Code, ...]:
        """The records directly under a known one."""
        if code not in self._children:
            self._children[code] = tuple(self._children_of(code))
        return self._children[code]

    def siblings(self, code: str) -> tuple[Code, ...]:
        """Every record directly under the parent of a known code, itself included."""
        record = self.record(code)
        return self.children(record.parent) if record is not None and record.parent else ()

    def _trim(self) -> None:
        if len(self._records) > _KEPT:
            kept = (self._records, self._lines, self._own, self._targets, self._children)
            for store in kept:
                store.clear()


def _targets(note: Note) -> list[Target]:
    found = [Target(note, reference, *_bounds(reference)) for reference in note.references]
    outside = [target for target in found if not _inside(target.reference, note.owner)]
    return outside or found


def _inside(reference: CodeRange, owner: str) -> bool:
    first, _, last = owner.partition("-")
    low, high = undotted(first), undotted(last or first)
    if not low[:1].isalpha():
        return False
    start, end = undotted(reference.first), undotted(reference.last)
    return start[: len(low)] >= low and end[: len(high)] <= high and len(start) >= len(low)


class SortedCodes:
    """Codes in letter order, so that a range is found without asking each."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = tuple(codes)
        order = sorted(range(len(codes)), key=lambda at: undotted(codes[at]))
        self._order = order
        self._keys = [undotted(codes[at]) for at in order]

    def within(self, target: Target) -> list[int]:
        """The positions, in the order given, of the codes that a note's reference means."""
        return sorted(self._between(target.first, target.upto, target.reference))

    def among(self, ranges: Iterable[CodeRange]) -> list[int]:
        """The positions, in the order given, of the codes in any of the ranges."""
        found: set[int] = set()
        for reference in ranges:
            found.update(self._between(*_bounds(reference), reference))
        return sorted(found)

    def _between(self, first: str, upto: str, reference: CodeRange) -> Iterator[int]:
        at = bisect_left(self._keys, first)
        while at < len(self._keys) and self._keys[at] <= upto:
            place = self._order[at]
            if reference.condition is None or in_range(self.codes[place], reference):
                yield place
            at += 1


@lru_cache(maxsize=8192)
def _bounds(reference: CodeRange) -> tuple[str, str]:
    """Where the codes of a range begin and end in letter order."""
    return undotted(reference.first), undotted(reference.last) + _LAST


_LOCK = threading.Lock()
_FACTS: WeakKeyDictionary[Library, Facts] = WeakKeyDictionary()


def facts_of(library: Library) -> Facts:
    """The facts of an open library, shared by all who ask."""
    with _LOCK:
        found = _FACTS.get(library)
        if found is None:
            found = _FACTS[library] = Facts(library)
        return found
