"""The procedure books of one home: one compiled file a release, kept in step with the kept files.

A book lies at ``HOME/codesets/procedures/<release>.sqlite``. It is compiled when files of
ICD-10-PCS are installed, and again where it is missing or was made from other files. A release
without tables of its own (an April update of which only the order file is installed) is read with
the tables of the October release of its fiscal year; the release of the tables is in the book, so
that whoever uses it can say so, and no code stands that the release of the day does not list.
"""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

from codesets.errors import StorageError
from codesets.formats.kinds import FileKind
from codesets.models import System
from codesets.periods import fiscal_year, list_period, release_period
from codesets.procedures.book import SCHEMA, ProcedureBook, write_book
from codesets.storage import read_meta

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from codesets.shelf import KeptSource, Shelf

FOLDER = "procedures"
_TABLES, _DEFINITIONS, _INDEX = (
    FileKind.ICD10PCS_TABLES.value,
    FileKind.ICD10PCS_DEFINITIONS.value,
    FileKind.ICD10PCS_INDEX.value,
)


class ProcedureBooks:
    """The books of one home, opened when first asked for. Safe to share between threads."""

    def __init__(self, folder: Path, shelf: Shelf) -> None:
        self._folder = folder
        self._shelf = shelf
        self._lock = threading.Lock()
        self._open: dict[Path, tuple[tuple[int, int], ProcedureBook]] = {}

    def path(self, release: str) -> Path:
        """Where the book of a release belongs."""
        return self._folder / FOLDER / f"{release}.sqlite"

    def releases(self) -> list[str]:
        """The releases whose tables are kept, in time."""
        names = [path.stem for path in (self._shelf.folder / _TABLES).glob("*.zip")]
        return sorted(names, key=lambda name: release_period(System.ICD10PCS, name).first)

    def refresh(self) -> dict[str, dict[str, int]]:
        """Compile every book that is missing or not of the kept files; their counts by release.

        Raises:
            FormatError: a kept file is not what its format says.
            StorageError: a book cannot be written.

        """
        return {
            release: counts
            for release in self.releases()
            if (counts := self._compile(release)) is not None
        }

    def for_release(self, release: str) -> ProcedureBook | None:
        """The book to read codes of ``release`` with; None where no tables of its year are kept.

        Raises:
            FormatError: it has to be compiled, and a kept file is not what its format says.
            StorageError: it cannot be written or read.

        """
        kept = set(self.releases())
        wanted = release if release in kept else fiscal_year(release) or release
        return self._opened(wanted) if wanted in kept else None

    def verify(self, path: Path) -> None:
        """Compare a book with the kept files that it should be of.

        Raises:
            StorageError: it was compiled from others.

        """
        meta = read_meta(path, SCHEMA)
        if meta.get("sources") != _written(list(self._sources(path.stem))):
            raise StorageError(f"{path} was compiled from other files than those kept.")

    def _opened(self, release: str) -> ProcedureBook:
        path = self.path(release)
        with self._lock:
            stamp = _stamp(path)
            known = self._open.get(path)
            if known is None or known[0] != stamp:
                self._compile(release)
                known = (_stamp(path), ProcedureBook.open(path))
                self._open[path] = known
            return known[1]

    def _compile(self, release: str) -> dict[str, int] | None:
        """Compile the book of a release; None where it fits the kept files already."""
        sources = list(self._sources(release))
        try:
            if read_meta(self.path(release), SCHEMA).get("sources") == _written(sources):
                return None
        except StorageError:
            pass  # missing, damaged or of another schema: exactly what compiling mends
        by_kind = {kept.slot: kept.source for kept in sources}
        return write_book(
            by_kind[_TABLES],
            by_kind.get(_DEFINITIONS),
            by_kind.get(_INDEX),
            self.path(release),
            release=release,
            sources=[(kept.name, kept.sha256) for kept in sources],
            index_release=next((k.release for k in sources if k.slot == _INDEX), ""),
        )

    def _sources(self, release: str) -> Iterator[KeptSource]:
        """The tables of a release, the definitions of its year, and the Index then in print."""
        first = release_period(System.ICD10PCS, release).first
        tables = self._shelf.find(_TABLES, release)
        if tables is None:
            raise StorageError(f"The tables of ICD-10-PCS {release} are not kept: install them.")
        yield tables
        year = fiscal_year(release) or release
        for name in dict.fromkeys((release, year)):
            definitions = self._shelf.find(_DEFINITIONS, name)
            if definitions is not None:
                yield definitions
                break
        index = self._nearest_index(first)
        if index is not None:
            yield index

    def _nearest_index(self, day: date) -> KeptSource | None:
        """The latest Index in print on ``day``, else the earliest; an older one still leads."""
        folder = self._shelf.folder / _INDEX
        dated = sorted(
            (period.first, path.stem)
            for path in folder.glob("*.zip")
            if (period := list_period(path.stem)) is not None
        )
        begun = [name for first, name in dated if first <= day]
        name = begun[-1] if begun else next((name for _, name in dated), None)
        return self._shelf.find(_INDEX, name) if name is not None else None


def _stamp(path: Path) -> tuple[int, int]:
    try:
        state = path.stat()
    except OSError:
        return (0, 0)
    return (state.st_ino, state.st_mtime_ns)


def _written(sources: list[KeptSource]) -> str:
    return json.dumps([[kept.name, kept.sha256] for kept in sources])
