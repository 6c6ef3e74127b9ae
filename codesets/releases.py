"""Which release governs a system on a date: strict, with no silent fallback."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets import packaged
from codesets.compile import write_release
from codesets.draft import Draft
from codesets.errors import NotationError, ReleaseUnavailableError, StorageError
from codesets.formats.tabular import read_tabular
from codesets.library import Library
from codesets.models import System
from codesets.storage import read_meta
from codesets.update import apply_addenda

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from codesets.models import Code, Release

    Progress = Callable[[str, int, int], None]

_MONTHS = ("January", "April", "July", "October")


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
        self.folder = home / "codesets"
        self._libraries: dict[Path, Library] = {}
        self._lock = threading.Lock()

    def path(self, system: System, release: str) -> Path:
        """Where a release's compiled file belongs."""
        return self.folder / system.value / f"{release}.sqlite"

    def ensure_default(self, progress: Progress | None = None) -> None:
        """Compile the packaged releases where missing, damaged, or of other sources or schema.

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
        self._forget(base_path, next_path)

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
            with contextlib.suppress(NotationError):
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
        return list(found.values())

    def close(self) -> None:
        """Close every library."""
        with self._lock:
            for library in self._libraries.values():
                library.close()
            self._libraries.clear()

    def _all(self) -> list[Library]:
        libraries = []
        for path in sorted(self.folder.glob("*/*.sqlite")):
            with contextlib.suppress(StorageError):  # doctor and list report unusable files
                libraries.append(self._open(path))
        return libraries

    def _open(self, path: Path) -> Library:
        with self._lock:
            if path not in self._libraries:
                self._libraries[path] = Library.open(path)
            return self._libraries[path]

    def _forget(self, *paths: Path) -> None:
        """Let the next question open a replaced file; readers of the old one keep it."""
        with self._lock:
            for path in paths:
                self._libraries.pop(path, None)


def release_needed(system: System, day: date) -> str:
    """The name of the release that governs ``system`` on ``day``, installed or not.

    ICD-10-CM and ICD-10-PCS change on October 1 and April 1, HCPCS every quarter, CPT every year.
    """
    if system in (System.ICD10CM, System.ICD10PCS):
        year = day.year + (day.month >= 10)
        if 4 <= day.month <= 9:
            return f"FY{year}-04 (April {year} update)"
        return f"FY{year} (October {year - 1})"
    if system is System.HCPCS:
        quarter = (day.month - 1) // 3
        return f"{day.year}-{quarter * 3 + 1:02d} ({_MONTHS[quarter]} {day.year} update)"
    return f"{day.year} (CPT {day.year})"


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
        return read_meta(path)["sha256"] == sha256
    except StorageError:
        return False


def _joint_hash(*hashes: str) -> str:
    return hashlib.sha256("\n".join(hashes).encode("ascii")).hexdigest()
