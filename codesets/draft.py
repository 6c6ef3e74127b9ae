"""A release while it is being put together: a tree of records that can still change.

Built from a Tabular List (or, where a release comes without one, from its code or order file), then
changed by addenda, and finally handed to ``codesets.compile``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codesets.errors import FormatError
from codesets.models import Level, NoteKind, SeventhCharacter, System
from codesets.notation import dotted, undotted
from codesets.sevenths import Exemption, parse_exemption

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from codesets.formats.order import CodeLine
    from codesets.formats.tabular import Tabular, TabularNote, TabularRecord
    from codesets.models import Modifier


@dataclass(slots=True, eq=False)
class DraftRecord:
    """One record of a release to be. ``extension`` marks codes made by adding a 7th character."""

    code: str
    title: str
    level: Level
    text_release: str
    parent: DraftRecord | None = None
    valid: bool = False
    extension: bool = False
    derived: bool = False
    children: list[DraftRecord] = field(default_factory=list)
    notes: list[TabularNote] = field(default_factory=list)
    sevenths: list[SeventhCharacter] = field(default_factory=list)
    effective_from: date | None = None
    effective_to: date | None = None

    @property
    def key(self) -> str:
        """The undotted code."""
        return undotted(self.code)

    def walk(self) -> Iterator[DraftRecord]:
        """Yield this record and everything under it, in printed order."""
        waiting = [self]
        while waiting:
            record = waiting.pop()
            yield record
            waiting += reversed(record.children)


class Draft:
    """The records of one release by code, their roots in order, and what it retired."""

    def __init__(self, release: str) -> None:
        self.release = release
        self.roots: list[DraftRecord] = []
        self.records: dict[str, DraftRecord] = {}
        self.retired: list[DraftRecord] = []
        self.replacements: dict[str, tuple[str, ...]] = {}
        self.details: dict[str, dict[str, str]] = {}
        self.modifiers: list[Modifier] = []
        self._exemptions: list[Exemption] = []
        self._categories: list[str] = []  # in letter order

    @classmethod
    def from_tabular(cls, tabular: Tabular, release: str) -> Draft:
        """Every record of a Tabular List, with the codes that 7th characters make.

        Raises:
            FormatError: a note exempts codes from 7th characters in words not understood.

        """
        draft = cls(release)
        made: list[DraftRecord] = []
        for record in tabular.records:
            parent = made[record.parent] if record.parent is not None else None
            made.append(draft.add(_from_tabular(record, release), parent, sort=False))
            draft._exemptions += _exemptions(record, tabular.path)
        for leaf in made:
            if not leaf.children and leaf.level not in (Level.CHAPTER, Level.SECTION):
                draft._finish(leaf)
        return draft

    @classmethod
    def from_lines(cls, lines: Iterable[CodeLine], release: str, system: System) -> Draft:
        """Codes and titles only: a release whose Tabular List is not at hand.

        A code hangs under the longest of its beginnings that the file prints as a header. An
        ICD-10-CM code file prints none: there each character is a level, and the missing headers
        are made and titled from the codes under them.
        """
        draft = cls(release)
        derived: list[DraftRecord] = []
        pointed = system is System.ICD10CM
        for line in lines:
            parent = draft._line_parent(line.key, pointed, derived)
            record = DraftRecord(
                dotted(line.key) if pointed else line.key,
                line.title,
                level_of(line.key, line.valid),
                release,
                valid=line.valid,
            )
            record.extension = (
                pointed
                and len(line.key) == 7
                and parent is not None
                and (parent.derived or line.title.startswith(f"{parent.title}, "))
            )
            draft.add(record, parent, sort=False)
        for record in derived:
            record.title = common_title([r.title for r in record.walk() if r.valid])
        return draft

    def _line_parent(
        self, key: str, pointed: bool, derived: list[DraftRecord]
    ) -> DraftRecord | None:
        if not pointed:
            ends = range(len(key) - 1, 0, -1)
            return next((self.records[key[:e]] for e in ends if key[:e] in self.records), None)
        if len(key) == 3:
            return None
        above = key[:6].rstrip("X") if len(key) == 7 else key[:-1]
        return self.chain(above, derived)

    def add(
        self, record: DraftRecord, parent: DraftRecord | None, *, sort: bool = True
    ) -> DraftRecord:
        """Hang a record under its parent, last or (``sort``) in letter order among its siblings."""
        record.parent = parent
        siblings = parent.children if parent is not None else self.roots
        place = len(siblings)
        if sort:
            place = bisect_right(siblings, record.key, key=lambda sibling: sibling.key)
        siblings.insert(place, record)
        self.records[record.code] = record
        if record.level is Level.CATEGORY:
            insort(self._categories, record.code)
        return record

    def extensions_of(self, record: DraftRecord) -> list[SeventhCharacter]:
        """The 7th characters of the nearest record at or above ``record`` that defines some."""
        above: DraftRecord | None = record
        while above is not None:
            if above.sevenths:
                key = record.key
                return [
                    seventh
                    for seventh in above.sevenths
                    if not any(e.covers(key, seventh.character) for e in self._exemptions)
                ]
            above = above.parent
        return []

    def _finish(self, record: DraftRecord) -> None:
        """Make a record without children valid, or give it its 7th-character codes."""
        extensions = self.extensions_of(record) if len(record.key) < 7 else []
        record.valid = not extensions
        record.level = level_of(record.key, record.valid)
        for seventh in extensions:
            self.extend(record, seventh.character, f"{record.title}, {seventh.meaning}")

    def extend(self, stem: DraftRecord, character: str, title: str) -> DraftRecord:
        """Add the code ``stem`` makes with a 7th character, X filling what is short of six."""
        code = dotted(stem.key.ljust(6, "X") + character)
        record = DraftRecord(code, title, Level.CODE, stem.text_release, valid=True, extension=True)
        return self.add(record, stem, sort=False)

    def retire(self, record: DraftRecord, last_day: date) -> None:
        """Take a record without children out of the tree; it stays known as ``retired``."""
        siblings = record.parent.children if record.parent is not None else self.roots
        siblings.remove(record)
        del self.records[record.code]
        if record.level is Level.CATEGORY:
            self._categories.remove(record.code)
        record.effective_to = record.effective_to or last_day
        self.retired.append(record)

    def nearest_above(self, key: str) -> DraftRecord | None:
        """The record of the longest beginning of ``key`` that has one."""
        for end in range(len(key), 2, -1):
            found = self.records.get(dotted(key[:end]))
            if found is not None:
                return found
        return None

    def block_of(self, key: str) -> DraftRecord | None:
        """Where a new category belongs: with the category before it in letter order."""
        place = bisect_left(self._categories, key)
        return self.records[self._categories[place - 1]].parent if place else None

    def chain(self, key: str, derived: list[DraftRecord]) -> DraftRecord:
        """The record of ``key``, made (and noted in ``derived``) with its parents if missing."""
        found = self.records.get(dotted(key))
        if found is None:
            parent = self.chain(key[:-1], derived) if len(key) > 3 else self.block_of(key)
            record = DraftRecord(dotted(key), "", level_of(key, False), self.release, derived=True)
            found = self.add(record, parent)
            derived.append(found)
        return found

    def walk(self) -> Iterator[DraftRecord]:
        """Every record in printed order."""
        for root in self.roots:
            yield from root.walk()

    def valid_count(self) -> int:
        """How many codes are valid."""
        return sum(record.valid for record in self.records.values())


def level_of(key: str, valid: bool) -> Level:
    """The level of a code: three characters a category, else a valid code or a subcategory."""
    if len(key) == 3:
        return Level.CATEGORY
    return Level.CODE if valid else Level.SUBCATEGORY


def common_title(titles: list[str]) -> str:
    """The words that titles share at their start, or else at their end, or the first of them.

    >>> common_title(["Toxic effect of alkenes, assault", "Toxic effect of alkenes, sequela"])
    'Toxic effect of alkenes'
    >>> common_title(["Right cornual ectopic pregnancy", "Left cornual ectopic pregnancy"])
    'Cornual ectopic pregnancy'
    """
    words = [title.split() for title in titles]
    if len(words) == 1:
        return titles[0]
    start = _shared(words)
    while start and (start[-1].rstrip(",") in _LOOSE_ENDS):
        start.pop()
    end = _shared([list(reversed(title)) for title in words])[::-1]
    best = start if start else end
    text = " ".join(best).strip(" ,")
    if text:
        return text[:1].upper() + text[1:]
    several = list(dict.fromkeys(titles))
    rest = f"; and {len(several) - 3} more" if len(several) > 3 else ""
    return "; ".join(several[:3]) + rest


_LOOSE_ENDS = frozenset(
    {"and", "or", "of", "with", "without", "due", "to", "in", "by", "unspecified", "other", "for"}
)


def _shared(words: list[list[str]]) -> list[str]:
    shared = []
    for column in zip(*words, strict=False):
        if len({word.rstrip(",") for word in column}) != 1:
            break
        shared.append(column[0].rstrip(",") if "," not in column[0] else column[0])
    return shared


def _from_tabular(record: TabularRecord, release: str) -> DraftRecord:
    if record.element == "chapter":
        level = Level.CHAPTER
    elif record.element == "section":
        level = Level.SECTION
    else:
        level = level_of(undotted(record.code), False)
    return DraftRecord(
        record.code,
        record.title,
        level,
        release,
        notes=record.notes,
        sevenths=record.sevenths,
    )


def _exemptions(record: TabularRecord, path: str) -> Iterator[Exemption]:
    for note in record.notes:
        if note.kind is NoteKind.NOTE and "not apply" in note.text and "7th" in note.text:
            exemption = parse_exemption(note.text)
            if exemption is None:
                raise FormatError(
                    path,
                    note.line,
                    'an exemption worded "7th characters D and S do not apply to codes in '
                    'category S06 with 6th character 7"',
                )
            yield exemption
