"""What is installed: every compiled file with its release, dates, counts, source and licence."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from codesets import official_guidelines
from codesets.errors import StorageError
from codesets.formats.kinds import FileKind
from codesets.models import System
from codesets.packaged import LICENCE
from codesets.periods import list_period, release_period
from codesets.procedures.book import SCHEMA as BOOK_SCHEMA
from codesets.storage import read_meta
from codesets.targets import licence_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codesets.library import Library
    from codesets.releases import ReleaseStore
    from codesets.sidefile import SideFile

CODES = "codes"


@dataclass(frozen=True, slots=True)
class Installed:
    """One installed release or list.

    ``what`` is ``codes`` for a release and the kind of list otherwise. Dates are None where the
    file itself holds spans of dates. ``origin`` is ``packaged`` for what came with Codecite.
    ``damage`` says why a file cannot be used; its other fields are then what its name tells.
    """

    system: str
    what: str
    release: str
    effective_from: date | None
    effective_to: date | None
    counts: dict[str, int]
    source: str
    licence: str
    licensee: str
    origin: str
    path: Path
    damage: str = ""

    def to_json(self) -> dict[str, Any]:
        """As one JSON object; ``effective`` has ``from`` and ``to``, both included."""
        return {
            "system": self.system,
            "what": self.what,
            "release": self.release,
            "effective": {
                "from": self.effective_from.isoformat() if self.effective_from else None,
                "to": self.effective_to.isoformat() if self.effective_to else None,
            },
            "counts": self.counts,
            "source": self.source,
            "licence": self.licence,
            "licensee": self.licensee or None,
            "origin": self.origin,
            "path": str(self.path),
            "damage": self.damage or None,
        }


def inventory(store: ReleaseStore) -> list[Installed]:
    """Every release and list under the store's home, releases first, unusable ones included."""
    rows = [*_releases(store), *_lists(store), *_guidelines(store), *_documents(store)]
    rows += _books(store)
    usable = {row.path for row in rows}
    return rows + [row for row in _unusable(store) if row.path not in usable]


def headline_counts(library: Library) -> dict[str, int]:
    """The counts of a release that tell it apart: codes, valid codes, modifiers, records.

    ``codes`` counts what the file lists as codes; HCPCS lists codes that have ended too.
    """
    counts = library.counts()
    shown = {"valid": counts["valid"]}
    if library.release.system is System.HCPCS:
        shown = {"codes": counts["records"] + counts["retired"], **shown}
    elif library.release.system is not System.CPT:
        shown["records"] = counts["records"] + counts["extensions"]
    if counts.get("modifiers"):
        shown["modifiers"] = counts["modifiers"]
    return shown


def _releases(store: ReleaseStore) -> Iterator[Installed]:
    for release in store.installed():
        library = store.library(release)
        yield Installed(
            release.system.value,
            CODES,
            release.id,
            release.effective_from,
            release.effective_to,
            headline_counts(library),
            release.source,
            release.licence,
            library.meta.get("licensee", ""),
            library.meta.get("origin", "packaged"),
            library.path,
        )


def _lists(store: ReleaseStore) -> Iterator[Installed]:
    files: list[SideFile] = [
        *store.indexes.installed(),
        *store.lists.installed(),
        *store.conversions.installed(),
        *store.edits.installed(),
    ]
    for file in files:
        first, last = file.meta["effective_from"], file.meta["effective_to"]
        system, _, what = file.meta["slot"].partition("-")
        yield Installed(
            system,
            what,
            file.release,
            date.fromisoformat(first) if first else None,
            date.fromisoformat(last) if last else None,
            file.counts,
            file.meta["source"],
            file.meta["licence"],
            "",
            "installed",
            file.path,
        )


def _guidelines(store: ReleaseStore) -> Iterator[Installed]:
    for year in official_guidelines.installed(store.home):
        path = official_guidelines.compiled_path(store.home, year)
        with contextlib.suppress(StorageError):  # damaged: not listed as usable
            sections = len(official_guidelines.OfficialGuidelines.open(path))
            period = list_period(year)
            yield Installed(
                "icd10cm",
                "guidelines",
                year,
                period.first if period else None,
                period.last if period else None,
                {"sections": sections},
                _kept_name(store, FileKind.ICD10CM_GUIDELINES, year),
                LICENCE,
                "",
                "installed",
                path,
            )


def _kept_name(store: ReleaseStore, kind: FileKind, year: str) -> str:
    for release in (f"{year}-04", year):
        kept = store.shelf.find(kind.value, release)
        if kept is not None:
            return kept.name
    return ""


def _documents(store: ReleaseStore) -> Iterator[Installed]:
    """Official files that are read as they are: ICD-10-PCS tables and definitions."""
    for kept in store.shelf.all():
        if kept.kind in (FileKind.ICD10PCS_TABLES, FileKind.ICD10PCS_DEFINITIONS):
            tables = kept.kind is FileKind.ICD10PCS_TABLES
            period = (
                release_period(System.ICD10PCS, kept.release)
                if tables
                else list_period(kept.release)
            )
            system, _, what = kept.slot.partition("-")
            yield Installed(
                system,
                what,
                kept.release,
                period.first if period else None,
                period.last if period else None,
                {"bytes": kept.size},
                kept.name,
                licence_of(kept.kind),
                "",
                "installed",
                kept.path,
            )


def _books(store: ReleaseStore) -> Iterator[Installed]:
    """What procedure phrases are resolved with, release by release."""
    for release in store.books.releases():
        path = store.books.path(release)
        with contextlib.suppress(StorageError):  # damaged: not listed as usable
            meta = read_meta(path, BOOK_SCHEMA)
            period = release_period(System.ICD10PCS, release)
            yield Installed(
                System.ICD10PCS.value,
                "procedure book",
                release,
                period.first,
                period.last,
                json.loads(meta["counts"]),
                ", ".join(name for name, _ in json.loads(meta["sources"])),
                LICENCE,
                "",
                "installed",
                path,
            )


def _unusable(store: ReleaseStore) -> Iterator[Installed]:
    for path in sorted(store.folder.glob("*/*.sqlite")):
        folder, release = path.parent.name, path.stem
        damage = f"{path.name} cannot be used: install its files again."
        yield Installed(
            folder, CODES, release, None, None, {}, "", "", "", "installed", path, damage
        )
