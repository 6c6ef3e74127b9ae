"""Which release governs a system on a date: strict, with no silent fallback."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets import packaged
from codesets.attributes import Attributes
from codesets.compile import write_release
from codesets.conversions import Conversions
from codesets.draft import Draft
from codesets.edits import Edits
from codesets.errors import NotationError, ReleaseUnavailableError, StorageError
from codesets.formats.kinds import FileKind
from codesets.formats.pcs import PcsTables, read_tables
from codesets.formats.tabular import read_tabular
from codesets.indexes import Indexes
from codesets.library import Library
from codesets.models import System
from codesets.periods import release_needed, release_period
from codesets.procedures.installed import ProcedureBooks
from codesets.shelf import Shelf
from codesets.sidefile import changed, settled
from codesets.storage import read_meta
from codesets.update import apply_addenda

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from codesets.attributes import CodeAttributes
    from codesets.indexes import AnyTerm, IndexEntry
    from codesets.models import Code, Release
    from codesets.procedures.book import ProcedureBook

    Progress = Callable[[str, int, int], None]

__all__ = ["INSTALLED", "ReleaseStore", "Validity", "release_needed"]

INSTALLED = "installed"  # ``origin`` of a release compiled from files that a person installed
_SYSTEMS = tuple(system.value for system in System)


@dataclass(frozen=True, slots=True)
class Validity:
    """A span of dates on which a code is valid, both ends included, and the releases that say so.

    ``first_day`` is when the oldest of these releases takes effect (the code may be older);
    ``last_day`` is None where no end is known.
    """

    first_day: date
    last_day: date | None
    releases: tuple[str, ...]


class ReleaseStore:
    """The compiled releases under ``home/codesets/<system>/<release>.sqlite``.

    Libraries stay open once asked for and are shared; the store may be used from many threads.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / "codesets"
        self.shelf = Shelf(self.folder)
        self.indexes = Indexes(self.folder)
        self.lists = Attributes(self.folder)
        self.conversions = Conversions(self.folder)
        self.edits = Edits(self.folder)
        self.books = ProcedureBooks(self.folder, self.shelf)
        self._libraries: dict[Path, tuple[int, Library]] = {}
        self._tables: dict[Path, PcsTables] = {}
        self._listed: tuple[tuple[int, ...], tuple[Path, ...]] = ((), ())
        self._lock = threading.Lock()

    def path(self, system: System, release: str) -> Path:
        """Where a release's compiled file belongs."""
        return self.folder / system.value / f"{release}.sqlite"

    def ensure_default(self, progress: Progress | None = None) -> None:
        """Compile the packaged releases where missing, damaged, or of other sources or schema.

        A release that was installed from official files stays as it is.

        ``progress`` is called with a stage, what is done and the total. Two processes may do this
        at once: each writes a file of its own, and the last rename wins with equal content.

        Raises:
            StorageError: a package that carries the sources is missing.
            FormatError: its files are not what they should be.

        """
        tabular = packaged.tabular_path()
        changes = packaged.read_packaged_addenda(packaged.addenda_path())
        base_hash = packaged.file_sha256(tabular)
        next_hash = _joint_hash(base_hash, packaged.file_sha256(changes.path))
        base_path = self.path(System.ICD10CM, packaged.TABULAR.id)
        next_path = self.path(System.ICD10CM, changes.release.id)
        base_ready = _is_current(base_path, base_hash)
        next_ready = _is_current(next_path, next_hash)
        if base_ready and next_ready:
            return
        if progress is not None:
            progress("icd10cm Tabular List", 0, 1)
        with _collector_paused():
            draft = Draft.from_tabular(read_tabular(tabular), packaged.TABULAR.id)
            if progress is not None:
                progress("icd10cm Tabular List", 1, 1)
            if not base_ready:
                write_release(draft, packaged.TABULAR, base_hash, base_path, progress)
            if not next_ready:
                release, name = changes.release, str(changes.path)
                day = release.effective_from
                apply_addenda(draft, changes.addenda, release.id, day, name)
                write_release(draft, release, next_hash, next_path, progress)

    def installed(self) -> list[Release]:
        """Every usable release, by system and first day."""
        releases = [library.release for library in self._all()]
        return sorted(releases, key=lambda r: (r.system.value, r.effective_from, r.id))

    def for_date(self, system: System, day: date) -> Release:
        """The release that governs ``system`` on the date of service ``day``.

        Where two cover the day, the later one does.

        Raises:
            ReleaseUnavailableError: nothing installed covers it; names the release needed.

        """
        covering = [r for r in self.installed() if r.system is system and r.covers(day)]
        if not covering:
            raise ReleaseUnavailableError(system, day, release_needed(system, day))
        return covering[-1]

    def library(self, release: Release) -> Library:
        """The open library of an installed release.

        Raises:
            StorageError: its file is missing, damaged or of another schema.

        """
        return self._open(self.path(release.system, release.id))

    def library_for(self, system: System, day: date) -> Library:
        """The open library of the release that governs ``system`` on ``day``.

        Raises:
            ReleaseUnavailableError: nothing installed covers the day.

        """
        return self.library(self.for_date(system, day))

    def everywhere(self, code: str) -> list[tuple[Release, Code]]:
        """Every installed release that knows ``code``, with its record there, oldest first."""
        found = []
        for release in self.installed():
            with contextlib.suppress(NotationError):  # no code of this system is written so
                record = self.library(release).find(code)
                if record is not None:
                    found.append((release, record))
        return found

    def validity(self, system: System, code: str) -> list[Validity]:
        """The spans of dates on which ``code`` is valid, as far as installed releases tell."""
        spans: list[Validity] = []
        for release, record in self.everywhere(code):
            if release.system is not system or not record.valid:
                continue
            before = spans[-1] if spans else None
            if before is not None and _follows(before.last_day, release.effective_from):
                joined = (*before.releases, release.id)
                spans[-1] = Validity(before.first_day, release.effective_to, joined)
            else:
                span = Validity(release.effective_from, release.effective_to, (release.id,))
                spans.append(span)
        return spans

    def instead(self, system: System, code: str, day: date) -> list[Code]:
        """The codes valid on ``day`` that stand for ``code``, which is not.

        A code deleted by then leads to its replacements; a code too new for ``day``, to the codes
        it was split from or replaced. Empty where no installed release says.

        Raises:
            ReleaseUnavailableError: nothing installed covers the day.

        """
        library = self.library_for(system, day)
        found = {c.code: c for c in library.replacements(code)}
        for release in self.installed():
            if release.system is not system or release.effective_from <= day:
                continue
            later = self.library(release)
            known = later.find(code)
            for old in later.replaced(code) if known is not None else ():
                record = library.find(old.code)
                if record is not None and record.valid:
                    found.setdefault(record.code, record)
        if not found and system is System.ICD10CM:
            found = self._converted(library, code, day)
        return list(found.values())

    def index_terms(self, kind: FileKind, release: str) -> Iterator[AnyTerm]:
        """Every term of an installed index in printed order; empty when it is not installed.

        ``IndexTerm`` for the Alphabetic and External Cause Indexes, ``DrugTerm``, ``NeoplasmTerm``
        and ``PcsIndexTerm`` for the others. ``indexes.installed()`` tells which there are.
        """
        file = self.indexes.find(kind, release)
        return file.terms() if file is not None else iter(())

    def entries_for_code(self, code: str, day: date) -> list[IndexEntry]:
        """The index entries that lead to ``code``, the most exact first, kind by kind.

        Each names the release of its index, the one nearest to ``day``.
        """
        return self.indexes.entries(code, day)

    def attributes(self, code: str, day: date) -> CodeAttributes:
        """What POA, editor and HCC lists say of an ICD-10-CM code; what is absent is said to be.

        Raises:
            NotationError: ``code`` cannot be an ICD-10-CM code.

        """
        return self.lists.of(code, day)

    def pcs_tables(self, day: date) -> PcsTables:
        """The ICD-10-PCS tables that govern ``day``, to build and explain codes with.

        Raises:
            ReleaseUnavailableError: the tables for that day are not installed.

        """
        system, slot = System.ICD10PCS, FileKind.ICD10PCS_TABLES.value
        for path in sorted(self.shelf.folder.glob(f"{slot}/*.zip")):
            if not release_period(system, path.stem).holds(day):
                continue
            kept = self.shelf.find(slot, path.stem)
            if kept is not None:
                if path not in self._tables:
                    self._tables[path] = PcsTables(read_tables(kept.source))
                return self._tables[path]
        raise ReleaseUnavailableError(system, day, f"the tables of {release_needed(system, day)}")

    def procedure_book(self, day: date) -> ProcedureBook:
        """The tables, definitions and Index to resolve procedures of ``day`` with.

        Its ``release`` is that of the tables: for an April update without tables of its own, the
        October release of its fiscal year.

        Raises:
            ReleaseUnavailableError: no codes are installed for that day, or no tables of its year.

        """
        governing = self.for_date(System.ICD10PCS, day)
        book = self.books.for_release(governing.id)
        if book is None:
            needed = f"the tables of {release_needed(System.ICD10PCS, day)}"
            raise ReleaseUnavailableError(System.ICD10PCS, day, needed)
        return book

    def _converted(self, library: Library, code: str, day: date) -> dict[str, Code]:
        """Codes that came in the place of a deleted one, by the conversion table."""
        known = [record for _, record in self.everywhere(code)]
        here = library.find(code)
        if not any(record.valid for record in known) or (here and here.effective_to is None):
            return {}
        found = {}
        for conversion in self.conversions.successors(known[0].code, day):
            record = library.find(conversion.code)
            if record is not None and record.valid:
                found[record.code] = record
        return found

    def close(self) -> None:
        """Close every library."""
        with self._lock:
            for _, library in self._libraries.values():
                library.close()
            self._libraries.clear()
        for part in (self.indexes, self.lists, self.conversions, self.edits):
            part.close()

    def _all(self) -> list[Library]:
        libraries = []
        for path in self._paths():
            with contextlib.suppress(StorageError):  # doctor and list report unusable files
                libraries.append(self._open(path))
        return libraries

    def _paths(self) -> tuple[Path, ...]:
        """The compiled files, in order; the folders are listed again once they have changed."""
        stamps = tuple(changed(self.folder / system) for system in _SYSTEMS)
        seen, paths = self._listed
        if stamps != seen or not settled(stamps):
            found = (p for name in _SYSTEMS for p in (self.folder / name).glob("*.sqlite"))
            paths = tuple(sorted(found))
            self._listed = (stamps, paths)
        return paths

    def _open(self, path: Path) -> Library:
        """The library of a file, opened again when another has taken its place."""
        with self._lock:
            try:
                inode = path.stat().st_ino
            except OSError:
                inode = 0
            known = self._libraries.get(path)
            # Readers of a file that was replaced keep it; it closes when the last lets go.
            if known is None or inode not in (0, known[0]):
                known = (inode, Library.open(path))
                self._libraries[path] = known
            return known[1]


def _follows(last_day: date | None, first_day: date) -> bool:
    """Whether no day lies between the end of one release and the start of the next."""
    return last_day is None or first_day.toordinal() <= last_day.toordinal() + 1


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Halve the time to build large trees: none of their objects is garbage before the end."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _is_current(path: Path, sha256: str) -> bool:
    try:
        meta = read_meta(path)
    except StorageError:
        return False  # damaged or not there: compiled anew
    return meta["sha256"] == sha256 or meta.get("origin") == INSTALLED


def _joint_hash(*hashes: str) -> str:
    return hashlib.sha256("\n".join(hashes).encode("ascii")).hexdigest()
