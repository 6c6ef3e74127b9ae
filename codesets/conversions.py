"""Installed conversion tables: which code was assigned before a new code came.

The table lies at ``HOME/codesets/conversions/icd10cm-conversion-<release>.sqlite`` and is
cumulative, so the latest one installed answers for all dates.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from codesets.formats.conversion import Conversion, read_conversion
from codesets.formats.kinds import FileKind
from codesets.models import CodeRange
from codesets.notation import undotted
from codesets.references import in_range
from codesets.sidefile import SideFile, SideFolder, write_side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from codesets.formats.source import Source

_TABLES = """
CREATE TABLE conversion (
    code TEXT NOT NULL, effective TEXT NOT NULL, previous TEXT NOT NULL, wording TEXT NOT NULL,
    line INTEGER PRIMARY KEY
);
"""
_COUNTS = {"conversions": "SELECT count(*) FROM conversion"}


class ConversionFile(SideFile):
    """One compiled conversion table."""

    @cached_property
    def conversions(self) -> tuple[Conversion, ...]:
        """Every line, in printed order."""
        rows = self.rows(
            "SELECT code, effective, previous, wording, line FROM conversion ORDER BY line"
        )
        return tuple(
            Conversion(
                code,
                date.fromisoformat(effective),
                tuple(CodeRange(*pair) for pair in json.loads(previous)),
                wording,
                line,
            )
            for code, effective, previous, wording, line in rows
        )


class Conversions:
    """The conversion tables installed under one home."""

    def __init__(self, folder: Path) -> None:
        self._files = SideFolder(folder / "conversions", ConversionFile.open)

    def installed(self) -> list[ConversionFile]:
        """Every usable table, by release."""
        return self._files.all()

    def successors(self, code: str, day: date) -> list[Conversion]:
        """New codes in effect by ``day`` for which ``code`` was assigned before."""
        key = undotted(code)
        return [
            conversion
            for conversion in self._latest()
            if conversion.effective <= day
            and any(in_range(key, previous) for previous in conversion.previous)
        ]

    def previous(self, code: str) -> list[Conversion]:
        """What the table says was assigned before ``code`` existed."""
        return [conversion for conversion in self._latest() if conversion.code == code]

    def close(self) -> None:
        """Close every table."""
        self._files.close()

    def _latest(self) -> tuple[Conversion, ...]:
        files = self.installed()
        return files[-1].conversions if files else ()


def conversions_path(folder: Path, release: str) -> Path:
    """Where a compiled conversion table belongs; ``folder`` is the store's."""
    return folder / "conversions" / f"{FileKind.ICD10CM_CONVERSION.value}-{release}.sqlite"


def compile_conversions(source: Source, path: Path, meta: Mapping[str, str]) -> dict[str, int]:
    """Read a conversion table and compile it into ``path``; returns its counts.

    Raises:
        FormatError: the file departs from its format; nothing is written then.

    """
    return write_side(path, _TABLES, _rows(source), meta, _COUNTS)


def _rows(source: Source) -> Iterator[tuple[str, Sequence[object]]]:
    for c in read_conversion(source):
        previous = json.dumps([[p.first, p.last] for p in c.previous])
        yield "conversion", (c.code, c.effective.isoformat(), previous, c.wording, c.line)
