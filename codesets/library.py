"""One compiled release, open for reading: look a code up, walk its tree, read its notes."""

from __future__ import annotations

import json
import sqlite3
import threading
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from codesets.errors import NotationError, StorageError, UnknownCodeError
from codesets.models import (
    CharacterCondition,
    CharacterPlace,
    Code,
    CodeRange,
    Level,
    Modifier,
    Note,
    NoteKind,
    Release,
    SeventhCharacter,
    System,
)
from codesets.nearby import nearest_codes
from codesets.notation import normalize
from codesets.proving import is_intact
from codesets.storage import connect, damaged, read_meta

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_COLUMNS = (
    "id, code, title, valid, level, parent_code, text_release, effective_from, effective_to,"
    " derived"
)
_SELECT = " ".join(("SELECT", _COLUMNS, "FROM record WHERE "))
_UNDER = "id > ? AND id <= (SELECT last FROM record WHERE id = ?)"
_BATCH = 2000
_LEVELS = {level.value: level for level in Level}


class Library:
    """One release in its read-only SQLite file; safe to share between threads.

    Codes are accepted in any spelling and returned as printed. ``release`` is the release and
    ``sha256`` identifies the sources it was compiled from; ``meta`` is all the file says of itself.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, meta: dict[str, str]) -> None:
        self.path = path
        self.release = _release(meta)
        self.sha256 = meta["sha256"]
        self.meta = meta
        self._counts: dict[str, int] = json.loads(meta["counts"])
        self._connection = connection
        self._lock = threading.Lock()
        self._records = sum(self._counts[what] for what in ("records", "extensions", "retired"))

    @classmethod
    def open(cls, path: Path) -> Library:
        """Open a compiled release.

        Raises:
            StorageError: the file is missing, damaged or of another schema; the message says which
                and how to mend it.

        """
        meta = read_meta(path)
        return cls(path, connect(path), meta)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def counts(self) -> dict[str, int]:
        """Counts taken when the release was compiled: valid codes, records, notes by kind, ..."""
        return dict(self._counts)

    def verify(self) -> None:
        """Read the whole file and compare it with the digest taken when it was compiled.

        Raises:
            StorageError: something in it is damaged.

        """
        if not is_intact(self._connection, self._lock, self.meta):
            raise damaged(self.path)

    def find(self, code: str) -> Code | None:
        """The record of ``code`` in any spelling, or None.

        Chapters (``4``, ``chapter 4``) and sections (``E08-E13``) are records too. A code that
        this release retired is found as well: not valid, with the last day it was.
        """
        row = self._row(code)
        return self._code(row) if row is not None else None

    def get(self, code: str) -> Code:
        """The record of ``code`` in any spelling.

        Raises:
            UnknownCodeError: this release does not know it; carries the nearest codes it has.

        """
        found = self.find(code)
        if found is None:
            raise UnknownCodeError(
                self._spelled(code), tuple(near.code for near in self.nearest(code))
            )
        return found

    def children(self, code: str) -> list[Code]:
        """The records directly under ``code``, 7th-character codes included, in printed order."""
        row = self._known(code)
        return self._codes("parent = ? ORDER BY id", (row[0],))

    def descendants(self, code: str, valid_only: bool = True) -> list[Code]:
        """Every record under ``code`` in printed order; only the valid codes unless told."""
        row = self._known(code)
        condition = _UNDER + (" AND valid" if valid_only else "") + " ORDER BY id"
        return self._codes(condition, (row[0], row[0]))

    def lineage(self, code: str) -> list[Code]:
        """The records from the chapter down to ``code``, which comes last."""
        line = [self._code(self._known(code))]
        while (parent := line[-1].parent) is not None:
            found = self.find(parent)
            if found is None:
                break
            line.append(found)
        return line[::-1]

    def notes(self, code: str, inherited: bool = True) -> list[Note]:
        """The instructional notes that hold for ``code``: its own, then each ancestor's outward."""
        owners = [self._known(code)[1]]
        if inherited:
            owners = [record.code for record in reversed(self.lineage(code))]
        rows = self._all(
            "SELECT r.code, n.kind, n.text, n.position, r.text_release, n.ranges, n.lead"
            " FROM json_each(?) o JOIN record r ON r.code = o.value JOIN note n ON n.record = r.id"
            " ORDER BY o.key, n.number",
            (json.dumps(owners),),
        )
        return [_note(row) for row in rows]

    def all_notes(self) -> Iterator[Note]:
        """Every note of the release, record by record in printed order."""
        after = -1
        while True:
            rows = self._all(
                "SELECT r.code, n.kind, n.text, n.position, r.text_release, n.ranges, n.lead, r.id"
                " FROM record r JOIN note n ON n.record = r.id WHERE r.id > ? AND r.id <= ?"
                " ORDER BY r.id, n.number",
                (after, after + _BATCH),
            )
            yield from (_note(row[:7]) for row in rows)
            after += _BATCH
            if after >= self._records:
                return

    def inclusion_terms(self, code: str) -> list[str]:
        """The inclusion terms printed at ``code`` itself."""
        return [
            note.text
            for note in self.notes(code, inherited=False)
            if note.kind is NoteKind.INCLUSION_TERM
        ]

    def seventh_characters(self, code: str) -> list[SeventhCharacter]:
        """The 7th characters that ``code`` takes, by the nearest record that defines some.

        For a code that already has one, those its stem takes; for a category, all that are defined
        for it; empty where none are. A release without a Tabular List tells them by its titles.
        """
        line = self.lineage(code)
        stem = line[-2] if len(line) > 1 and self._is_extension(line[-1].code) else line[-1]
        made = {child.code[-1]: child for child in self._extensions(stem.code)}
        for record in reversed(line):
            rows = self._all(
                "SELECT character, meaning, note FROM seventh"
                " WHERE record = (SELECT id FROM record WHERE code = ?) ORDER BY number",
                (record.code,),
            )
            if rows:
                return [SeventhCharacter(*row) for row in rows if not made or row[0] in made]
        return [
            SeventhCharacter(character, child.title.removeprefix(f"{stem.title}, "))
            for character, child in made.items()
        ]

    def replacements(self, code: str) -> list[Code]:
        """The codes that stand, in this release, for a code it deleted."""
        row = self._row(code)
        spelled = row[1] if row is not None else self._spelled(code)
        return self._codes(
            "code IN (SELECT new FROM replacement WHERE old = ?) ORDER BY id", (spelled,)
        )

    def replaced(self, code: str) -> list[Code]:
        """The codes, deleted by this release, that ``code`` stands for."""
        spelled = self._known(code)[1]
        return self._codes(
            "code IN (SELECT old FROM replacement WHERE new = ?) ORDER BY id", (spelled,)
        )

    def nearest(self, code: str, limit: int = 5) -> list[Code]:
        """Codes someone may have meant by ``code``, the likeliest first.

        The replacements of a deleted code; the codes under a category; otherwise codes that a slip
        of eye or keyboard explains, and then those of the same family. Empty for no code at all.
        """
        return nearest_codes(self, self._spelled(code), limit)

    def nodes(self) -> Iterator[Code]:
        """Every printed record in official order: all but 7th-character and retired codes."""
        return self._iterate("NOT extension AND NOT retired")

    def valid_codes(self) -> Iterator[Code]:
        """Every valid code in official order."""
        return self._iterate("valid")

    def details(self, code: str) -> dict[str, str]:
        """What only this system prints of a code, by field name; empty for ICD-10-CM.

        HCPCS: ``short``, ``coverage``, ``action``, ``added`` and others; CPT: ``short``,
        ``medium`` and ``category``; ICD-10-PCS: ``short``.
        """
        rows = self._all("SELECT name, value FROM detail WHERE code = ?", (self._spelled(code),))
        return dict(rows)

    def modifiers(self) -> list[Modifier]:
        """The modifiers of the release, in letter order; empty for ICD-10."""
        return [_modifier(row) for row in self._all("SELECT * FROM modifier ORDER BY code", ())]

    def modifier(self, code: str) -> Modifier | None:
        """One modifier in any case, or None."""
        rows = self._all("SELECT * FROM modifier WHERE code = ?", (code.strip().upper(),))
        return _modifier(rows[0]) if rows else None

    def titles(self, *, derived: bool = True) -> dict[str, str]:
        """Every valid code with its title, in official order; without ``derived`` titles if told.

        A pass over the whole release in a tenth of the time that ``valid_codes`` takes.
        """
        which = "valid" if derived else "valid AND NOT derived"
        return dict(self._all(f"SELECT code, title FROM record WHERE {which} ORDER BY id", ()))  # noqa: S608  # one of two fixed conditions

    def chapters_of_categories(self) -> dict[str, str]:
        """The chapter number of every category; empty for a release whose file prints none."""
        query = (
            "SELECT r.code, c.code FROM record c JOIN record r ON r.id > c.id AND r.id <= c.last"
            " WHERE c.level = 'chapter' AND r.level = 'category'"
        )
        return dict(self._all(query, ()))

    def retired_codes(self) -> Iterator[Code]:
        """Every code that this release retired."""
        return self._iterate("retired")

    def starting_with(self, key: str, limit: int) -> list[Code]:
        """Valid codes whose dotted spelling starts with ``key``, in letter order."""
        bounds = (key, f"{key}\uffff", limit)
        return self._codes("code >= ? AND code < ? AND valid ORDER BY code LIMIT ?", bounds)

    def valid_among(self, codes: Sequence[str]) -> list[Code]:
        """Those of ``codes``, spelled as printed, that are valid, in printed order."""
        listed = json.dumps(list(codes))
        return self._codes(
            "valid AND code IN (SELECT value FROM json_each(?)) ORDER BY id", (listed,)
        )

    def _iterate(self, condition: str) -> Iterator[Code]:
        after = -1
        while True:
            query = _SELECT + condition + " AND id > ? ORDER BY id LIMIT ?"
            rows = self._all(query, (after, _BATCH))
            if not rows:
                return
            yield from (self._code(row) for row in rows)
            after = rows[-1][0]

    def _row(self, code: str) -> tuple[Any, ...] | None:
        rows = self._all(_SELECT + "code = ?", (self._spelled(code),))
        return rows[0] if rows else None

    def _known(self, code: str) -> tuple[Any, ...]:
        row = self._row(code)
        if row is None:
            self.get(code)
            raise StorageError(f"{self.path} changed while it was read.")
        return row

    def _spelled(self, code: str) -> str:
        """``code`` as this system prints it; unchanged where it cannot be one of its codes."""
        word = code.strip().upper().replace("–", "-")
        chapter = word.removeprefix("CHAPTER").strip()
        if chapter.isdecimal() and len(chapter) <= 2:
            return chapter.lstrip("0")
        first, _, last = word.partition("-")
        if len(first.strip()) == 3 and len(last.strip()) == 3:
            return f"{first.strip()}-{last.strip()}"
        if self.release.system is not System.ICD10CM:
            return word
        return _normalized(code, word)

    def _extensions(self, code: str) -> list[Code]:
        parent = "(SELECT id FROM record WHERE code = ?)"
        return self._codes(f"extension AND parent = {parent} ORDER BY id", (code,))

    def _is_extension(self, code: str) -> bool:
        return bool(self._all("SELECT 1 FROM record WHERE code = ? AND extension", (code,)))

    def _codes(self, condition: str, values: Sequence[object]) -> list[Code]:
        return [self._code(row) for row in self._all(_SELECT + condition, values)]

    def _all(self, query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._connection.execute(query, values).fetchall()
        except sqlite3.DatabaseError:
            raise damaged(self.path) from None

    def _code(self, row: tuple[Any, ...]) -> Code:
        return Code(
            system=self.release.system,
            code=row[1],
            title=row[2],
            valid=bool(row[3]),
            level=_LEVELS[row[4]],
            parent=row[5],
            release=self.release.id,
            text_release=row[6],
            effective_from=date.fromisoformat(row[7]) if row[7] else None,
            effective_to=date.fromisoformat(row[8]) if row[8] else None,
            derived=bool(row[9]),
        )


def _release(meta: dict[str, str]) -> Release:
    end = meta["effective_to"]
    return Release(
        System(meta["system"]),
        meta["release"],
        date.fromisoformat(meta["effective_from"]),
        date.fromisoformat(end) if end else None,
        meta["source"],
        meta["licence"],
    )


def _modifier(row: tuple[Any, ...]) -> Modifier:
    code, title, short, first, last = row
    return Modifier(
        code,
        title,
        short,
        date.fromisoformat(first) if first else None,
        date.fromisoformat(last) if last else None,
    )


def _note(row: tuple[Any, ...]) -> Note:
    owner, kind, text, position, text_release, ranges, lead = row
    return Note(owner, NoteKind(kind), text, position, text_release, _decode(ranges), lead)


def _decode(ranges: str) -> tuple[CodeRange, ...]:
    found = []
    for first, last, *rest in json.loads(ranges) if ranges else ():
        condition = None
        if rest:
            condition = CharacterCondition(CharacterPlace(rest[0]), tuple(rest[1]))
        found.append(CodeRange(first, last, condition))
    return tuple(found)


@lru_cache(maxsize=65536)
def _normalized(code: str, otherwise: str) -> str:
    """``code`` as ICD-10-CM prints it; ``otherwise`` where it cannot be one of its codes.

    Rules ask for the same few spellings again and again.
    """
    try:
        return normalize(code)
    except NotationError:
        return otherwise
