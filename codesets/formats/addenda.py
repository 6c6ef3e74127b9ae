"""The official code addenda: what a release adds, deletes and revises against the one before.

The text of ``icd10cm_codes_addenda_<year>.txt`` has one change a line (``Add:``, ``Delete:``, and
``Revise from:`` with ``Revise to:`` below it) and closes with counts that must agree with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codesets.errors import FormatError
from codesets.formats.source import Source, as_source, lines
from codesets.notation import dotted

if TYPE_CHECKING:
    from pathlib import Path

_CHANGE = re.compile(r"(Add|Delete|Revise from|Revise to):\s+([0-9A-Z]{3,7})\s+(\S.*)")
_COUNT = re.compile(r"\s*(\d+)\s+(codes in \S+|additions?|deletions?|revisions?)")


@dataclass(frozen=True, slots=True)
class Revision:
    """A code whose title changes."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Addenda:
    """The changes from one release to the next. Every code is dotted.

    ``added`` and ``deleted`` map codes to titles. ``codes_before`` and ``codes_after`` count the
    valid codes of the two releases. The other fields are empty in what the official text gives:
    ``replacements`` (deleted code to the codes that stand for it, where structure does not say),
    ``parents`` (titles of records that the added codes imply) and ``moved_terms`` (record and
    inclusion term that now has a code elsewhere).
    """

    added: dict[str, str]
    deleted: dict[str, str]
    revised: dict[str, Revision]
    codes_before: int
    codes_after: int
    replacements: dict[str, tuple[str, ...]] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    moved_terms: tuple[tuple[str, str], ...] = ()


def read_addenda(where: Path | str | Source) -> Addenda:
    """Read an official code addenda text.

    Raises:
        FormatError: a line is no change, a revision lacks its other half, a code changes twice, or
            the counts at the end do not agree with the lines.

    """
    source = as_source(where)
    reader = _Reader(source)
    for number, text in lines(source):
        reader.line(number, text.rstrip())
    return reader.finish()


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.added: dict[str, str] = {}
        self.deleted: dict[str, str] = {}
        self.revised: dict[str, Revision] = {}
        self.counts: dict[str, int] = {}
        self.totals: list[int] = []
        self._from: tuple[str, str] | None = None
        self._number = 0

    def line(self, number: int, text: str) -> None:
        self._number = number
        if match := _CHANGE.fullmatch(text):
            self._change(match.group(1), dotted(match.group(2)), match.group(3))
        elif match := _COUNT.fullmatch(text):
            if match.group(2).startswith("codes in"):
                self.totals.append(int(match.group(1)))
            else:
                self.counts[match.group(2).rstrip("s")] = int(match.group(1))
        elif text.strip() not in ("", "Codes"):
            self._fail("Add:, Delete:, Revise from:, Revise to: or a count")

    def _change(self, action: str, code: str, title: str) -> None:
        if (self._from is not None) != (action == "Revise to"):
            self._fail("each Revise from: followed by its Revise to:")
        if action == "Revise from":
            self._from = (code, title)
            return
        if code in self.added or code in self.deleted or code in self.revised:
            self._fail(f"one change for {code}")
        if action == "Add":
            self.added[code] = title
        elif action == "Delete":
            self.deleted[code] = title
        elif self._from is not None:
            if self._from[0] != code:
                self._fail(f"Revise to: {self._from[0]}, not {code}")
            self.revised[code] = Revision(self._from[1], title)
            self._from = None

    def finish(self) -> Addenda:
        if self._from is not None:
            self._fail("a Revise to: at the end")
        read = {
            "addition": len(self.added),
            "deletion": len(self.deleted),
            "revision": len(self.revised),
        }
        for what, number in read.items():
            if self.counts.get(what) != number:
                self._fail(f"{number} {what}s counted at the end, not {self.counts.get(what)}")
        if len(self.totals) != 2:
            self._fail("the number of codes before and after")
        before, after = self.totals
        if before + read["addition"] - read["deletion"] != after:
            self._fail(f"{before} codes and the changes to make {after}")
        return Addenda(self.added, self.deleted, self.revised, before, after)

    def _fail(self, expected: str) -> None:
        raise FormatError(str(self.source), self._number, expected)
