"""Install official files: tell each by its content, compile beside what is there, then switch.

The unit is what one compiled file is made from: a release, an index, a list. A unit is installed
whole or not at all; one that fails leaves what was there and does not stop the others.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from codesets.building import build
from codesets.compile import write_release
from codesets.errors import CodesetError, ConflictError, LicenceError, StorageError
from codesets.formats.kinds import FileKind
from codesets.formats.source import is_workbook
from codesets.inventory import headline_counts
from codesets.library import Library
from codesets.models import System
from codesets.periods import fiscal_year, list_period, release_period
from codesets.releases import INSTALLED
from codesets.sidefile import SideFile
from codesets.slots import RELEASE_KINDS, SPARE, Place, place
from codesets.survey import Found, survey
from codesets.targets import compile_list, list_path
from codesets.witnesses import check_same_titles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from codesets.releases import ReleaseStore
    from codesets.shelf import KeptSource

    Progress = Callable[[str, int, int], None]

# What a procedure book is compiled from.
_BOOK_KINDS = frozenset(
    {FileKind.ICD10PCS_TABLES, FileKind.ICD10PCS_DEFINITIONS, FileKind.ICD10PCS_INDEX}
)


class Outcome(StrEnum):
    """What became of one file."""

    INSTALLED = "installed"
    UNCHANGED = "unchanged"
    CHECKED = "checked"
    SPARE = "not needed"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file: what it is and what became of it.

    CHECKED files agree with a better source of the same release that is already there. UNKNOWN ones
    were left alone. ``detail`` is a sentence, or empty where nothing is to be said.
    """

    name: str
    kind: FileKind
    release: str | None
    outcome: Outcome
    counts: dict[str, int] = field(default_factory=dict)
    detail: str = ""

    @property
    def system(self) -> str:
        """The code system, or what the file's kind begins with."""
        return self.kind.value.partition("-")[0] if "-" in self.kind.value else ""

    def to_json(self) -> dict[str, Any]:
        """As one JSON object."""
        return {
            "file": self.name,
            "kind": self.kind.value,
            "system": self.system or None,
            "release": self.release,
            "outcome": self.outcome.value,
            "counts": self.counts,
            "detail": self.detail or None,
        }


@dataclass(slots=True)
class _Unit:
    """Files that make one compiled file. ``system`` is None for lists."""

    system: System | None
    release: str
    files: dict[str, Found] = field(default_factory=dict)  # by slot

    @property
    def kinds(self) -> set[FileKind]:
        """What its files are."""
        return {found.kind for found in self.files.values()}

    @property
    def order(self) -> tuple[bool, bool, date]:
        """Releases first and in time; PCS tables after the order file that has their titles."""
        if self.system is None:
            period = list_period(self.release)
            return True, False, period.first if period else date.min
        kinds = self.kinds
        late = FileKind.ICD10PCS_TABLES in kinds and FileKind.ICD10PCS_ORDER not in kinds
        return False, late, release_period(self.system, self.release).first


def install(
    paths: Iterable[Path],
    store: ReleaseStore,
    *,
    licensee: str = "",
    release: str | None = None,
    replace: bool = False,
    progress: Progress | None = None,
) -> list[FileReport]:
    """Install everything in ``paths`` (files, folders, zips) that is an official file.

    ``licensee`` is who holds the CPT licence. ``release`` says the release of the files where they
    do not, or say it wrongly. ``replace`` trusts these files over others of the same release that
    differ in titles. Reports come in the order the files were found.

    Raises:
        StorageError: another installation is at work in the same home.

    """
    with _alone(store.folder):
        return _Installation(store, licensee, release, replace, progress).run(paths)


class _Installation:
    def __init__(
        self,
        store: ReleaseStore,
        licensee: str,
        release: str | None,
        replace: bool,
        progress: Progress | None,
    ) -> None:
        self._store = store
        self._licensee = licensee.strip()
        self._release = release
        self._replace = replace
        self._progress = progress or _no_progress
        self._reports: dict[int, FileReport] = {}
        self._numbers: dict[int, int] = {}

    def run(self, paths: Iterable[Path]) -> list[FileReport]:
        found = list(survey(paths))
        self._numbers = {id(item): number for number, item in enumerate(found)}
        units = self._sort(found)
        for done, unit in enumerate(units):
            self._progress("Installing official files", done, len(units))
            self._unit(unit)
        for unit in self._dependents(units):
            self._unit(unit)
        self._procedures(units)
        self._progress("Installing official files", len(units), max(len(units), 1))
        return [self._reports[number] for number in sorted(self._reports)]

    def _procedures(self, units: list[_Unit]) -> None:
        """Compile the books that phrases of ICD-10-PCS are resolved with from what is kept now."""
        if any(kind in _BOOK_KINDS for unit in units for kind in unit.kinds):
            try:
                self._store.books.refresh()
            except CodesetError as error:
                for unit in units:
                    if any(kind in _BOOK_KINDS for kind in unit.kinds):
                        self._conclude(unit, Outcome.FAILED, str(error))

    def _tell(
        self,
        found: Found,
        outcome: Outcome,
        detail: str = "",
        release: str | None = None,
        counts: dict[str, int] | None = None,
    ) -> None:
        self._reports[self._numbers[id(found)]] = FileReport(
            found.name, found.kind, release or found.release, outcome, counts or {}, detail
        )

    def _sort(self, found: list[Found]) -> list[_Unit]:
        """Report what cannot be installed; gather the rest into units, in the order to compile."""
        units: dict[tuple[str, str], _Unit] = {}
        for item in found:
            placed = self._place(item)
            if placed is None:
                continue
            key = (placed.system.value if placed.system else placed.slot, placed.release)
            unit = units.setdefault(key, _Unit(placed.system, placed.release))
            known = unit.files.get(placed.slot)
            if known is None:
                unit.files[placed.slot] = item
                continue
            # The same table as text and as spreadsheet: the text reads ten times as fast.
            spare, used = (item, known)
            if is_workbook(known.source) and not is_workbook(item.source):
                spare, used = (known, item)
            unit.files[placed.slot] = used
            detail = f"Not needed: {used.name} holds the same list."
            self._tell(spare, Outcome.SPARE, detail, placed.release)
        return sorted(units.values(), key=lambda unit: unit.order)

    def _place(self, item: Found) -> Place | None:
        if item.problem:
            unreadable = item.kind is FileKind.DAMAGED
            self._tell(item, Outcome.FAILED if unreadable else Outcome.UNKNOWN, item.problem)
        elif item.kind in (FileKind.UNKNOWN, FileKind.ARCHIVE):
            self._tell(item, Outcome.UNKNOWN, "Not a file of a known format; left alone.")
        elif item.kind in SPARE:
            self._tell(item, Outcome.SPARE, SPARE[item.kind])
        else:
            try:
                return place(item, self._licensee, self._release)
            except LicenceError as error:
                self._tell(item, Outcome.REFUSED, str(error))
            except CodesetError as error:
                self._tell(item, Outcome.FAILED, str(error))
        return None

    def _dependents(self, units: list[_Unit]) -> Iterator[_Unit]:
        """ICD-10-PCS releases made from tables whose titles a new order file now gives."""
        done = {unit.release for unit in units if unit.system is System.ICD10PCS}
        for unit in units:
            year = fiscal_year(unit.release)
            if unit.system is not System.ICD10PCS or year is None:
                continue
            for name in {year, f"{year}-04"} - done:
                kept = self._store.shelf.of_release(System.ICD10PCS.value, name)
                if FileKind.ICD10PCS_TABLES.value in kept:
                    done.add(name)
                    yield _Unit(System.ICD10PCS, name)

    def _unit(self, unit: _Unit) -> None:
        staged: dict[str, KeptSource] = {}
        try:
            for slot, found in unit.files.items():
                staged[slot] = self._store.shelf.stage(
                    found.source, slot, unit.release, self._licensee if "cpt" in slot else ""
                )
            if unit.files and self._is_there(unit, staged):
                self._conclude(unit, Outcome.UNCHANGED, "Already installed.")
            elif unit.system is None:
                self._list(unit, staged)
            else:
                self._whole_release(unit, unit.system, staged)
        except ConflictError as error:
            hint = " Install the one you trust alone, with --replace."
            self._conclude(unit, Outcome.REFUSED, f"{error}{hint}")
        except CodesetError as error:
            self._conclude(unit, Outcome.FAILED, str(error))
        except OSError as error:
            reason = error.strerror or "cannot be written"
            self._conclude(unit, Outcome.FAILED, f"{self._store.folder}: {reason}.")
        finally:
            for kept in staged.values():
                self._store.shelf.discard(kept)

    def _conclude(
        self,
        unit: _Unit,
        outcome: Outcome,
        detail: str = "",
        counts: dict[str, int] | None = None,
    ) -> None:
        for found in unit.files.values():
            self._tell(found, outcome, detail, unit.release, counts)

    def _is_there(self, unit: _Unit, staged: dict[str, KeptSource]) -> bool:
        """Whether the same files are kept already and what was compiled from them can be used."""
        for slot, new in staged.items():
            kept = self._store.shelf.find(slot, unit.release)
            if kept is None or (kept.sha256, kept.licensee) != (new.sha256, new.licensee):
                return False
        try:
            if unit.system is not None:
                Library.open(self._store.path(unit.system, unit.release)).close()
                return True
            (new,) = staged.values()
            path = list_path(self._store.folder, new.slot, unit.release, new.kind)
            if path is not None and new.kind is not FileKind.ICD10CM_GUIDELINES:
                SideFile.open(path).close()
            return path is None or path.is_file()
        except StorageError:
            return False  # damaged: installed anew

    def _list(self, unit: _Unit, staged: dict[str, KeptSource]) -> None:
        (new,) = staged.values()
        counts = compile_list(new, self._store.folder, self._progress)
        self._store.shelf.keep(new)
        self._conclude(unit, Outcome.INSTALLED, "", counts)

    def _whole_release(self, unit: _Unit, system: System, staged: dict[str, KeptSource]) -> None:
        shelf, store = self._store.shelf, self._store
        if system is System.ICD10CM:
            store.ensure_default(self._progress)
        before = {} if self._replace else shelf.of_release(system.value, unit.release)
        before = {s: k for s, k in before.items() if k.kind in RELEASE_KINDS}
        for slot, new in staged.items():
            if slot in before:
                check_same_titles(before[slot], new)
        kept = {**before, **staged}
        built = build(system, unit.release, kept, store, trust=self._replace)
        if built.primary is None:
            # The release that came with the installation is better than these files; they agree.
            for new in staged.values():
                shelf.keep(new)
            self._conclude(unit, Outcome.CHECKED, "Agrees with the release already installed.")
            return
        facts = {
            "origin": INSTALLED,
            "licensee": built.primary.licensee,
            "sources": json.dumps(
                [[k.slot, k.name, k.sha256] for k in sorted(kept.values(), key=lambda k: k.slot)]
            ),
        }
        digest = _identity(built.contributing)
        path = store.path(system, unit.release)
        write_release(built.draft, built.release, digest, path, self._progress, facts)
        if self._replace:
            for old in shelf.of_release(system.value, unit.release).values():
                if old.slot not in staged and old.kind in RELEASE_KINDS:
                    shelf.discard(old)
        for new in staged.values():
            shelf.keep(new)
        self._conclude_release(unit, system, staged, built.primary)

    def _conclude_release(
        self, unit: _Unit, system: System, staged: dict[str, KeptSource], primary: KeptSource
    ) -> None:
        library = Library.open(self._store.path(system, unit.release))
        counts = headline_counts(library)
        library.close()
        for slot, found in unit.files.items():
            part = staged[slot].kind is primary.kind or system is System.CPT
            outcome = Outcome.INSTALLED if part else Outcome.CHECKED
            detail = "" if part else f"Agrees with {primary.name}."
            self._tell(found, outcome, detail, unit.release, counts if part else {})


def _no_progress(_stage: str, _done: int, _total: int) -> None:
    """Nobody watches."""


def _identity(sources: Iterable[KeptSource]) -> str:
    """The hash that identifies a release's sources: the file's own where there is one."""
    hashes = [source.sha256 for source in sources]
    if len(hashes) == 1:
        return hashes[0]
    return hashlib.sha256("\n".join(hashes).encode("ascii")).hexdigest()


def tally(reports: Iterable[FileReport]) -> Counter[Outcome]:
    """How many files came to each outcome."""
    return Counter(report.outcome for report in reports)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep a second installation out while this one is at work; the system lifts a dead one's."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".installing").open("w") as file:
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StorageError(
                    "Another installation of code sets is at work here. Try again when it is done."
                ) from None
        yield
