"""Check what is installed: every file against its hash, every title against its second witness."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from codesets import official_guidelines
from codesets.errors import CodesetError, StorageError
from codesets.formats.kinds import FileKind
from codesets.library import Library
from codesets.models import System
from codesets.periods import fiscal_year
from codesets.procedures.book import verify_book
from codesets.procedures.installed import FOLDER as BOOKS
from codesets.sidefile import SideFile
from codesets.slots import RELEASE_KINDS
from codesets.witnesses import differing, plain, titles_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from codesets.models import Release
    from codesets.releases import ReleaseStore

    Progress = Callable[[str, int, int], None]

_SYSTEMS = frozenset(system.value for system in System)


@dataclass(frozen=True, slots=True)
class FileCheck:
    """One file, and what is wrong with it; ``problem`` is empty where nothing is."""

    path: Path
    problem: str

    @property
    def ok(self) -> bool:
        """Whether the file is as it was written."""
        return not self.problem


@dataclass(frozen=True, slots=True)
class TitleDifference:
    """One code on which two sources differ; a title is None where a source lacks the code.

    ``certain`` says that both speak of the same release, so that one of them was altered; sources
    of a fiscal year's two releases may differ because the April update revised a title.
    """

    code: str
    one: str
    one_title: str | None
    other: str
    other_title: str | None
    certain: bool


@dataclass(frozen=True, slots=True)
class Verification:
    """Files that were checked, comparisons that were made, and every difference."""

    files: tuple[FileCheck, ...]
    compared: tuple[tuple[str, str, int], ...]
    differences: tuple[TitleDifference, ...]

    @property
    def ok(self) -> bool:
        """Whether every file is whole and no two sources of one release differ."""
        return all(f.ok for f in self.files) and not any(d.certain for d in self.differences)

    def to_json(self) -> dict[str, Any]:
        """The document of ``codecite codesets verify --json``."""
        return {
            "ok": self.ok,
            "files": [
                {"path": str(f.path), "ok": f.ok, "problem": f.problem or None} for f in self.files
            ],
            "compared": [
                {"one": one, "other": other, "codes": codes} for one, other, codes in self.compared
            ],
            "differences": [
                {
                    "code": d.code,
                    "one": {"source": d.one, "title": d.one_title},
                    "other": {"source": d.other, "title": d.other_title},
                    "same_release": d.certain,
                }
                for d in self.differences
            ],
        }


def verify(store: ReleaseStore, progress: Progress | None = None) -> Verification:
    """Check every installed file, then compare titles across the sources of each system.

    Within a release, each kept official file is held against the compiled release, and the
    POA-exempt list of a fiscal year against its releases; then the October release against its
    April update.
    """
    files = []
    paths = sorted(store.folder.glob("*/*.sqlite")) + sorted(store.shelf.folder.glob("*/*.zip"))
    for done, path in enumerate(paths):
        if progress is not None:
            progress("Checking files", done, len(paths))
        files.append(FileCheck(path, _problem(store, path)))
    compared: list[tuple[str, str, int]] = []
    differences: list[TitleDifference] = []
    releases = store.installed()
    for done, release in enumerate(releases):
        if progress is not None:
            progress("Comparing titles", done, len(releases))
        for witness in _witnesses(store, release, releases):
            codes, found = witness.compare()
            compared.append((witness.one, witness.other, codes))
            differences += found
    if progress is not None:
        progress("Comparing titles", len(releases), max(len(releases), 1))
    return Verification(tuple(files), tuple(compared), tuple(differences))


def _problem(store: ReleaseStore, path: Path) -> str:
    folder = path.parent.name
    try:
        if path.suffix == ".zip":
            kept = store.shelf.find(folder, path.stem)
            if kept is None:
                return f"{path} is not the file that was installed."
            kept.verify()
        elif folder in _SYSTEMS:
            with contextlib.closing(Library.open(path)) as library:
                library.verify()
        elif folder == "guidelines":
            return _guidelines_problem(store, path)
        elif folder == BOOKS:
            verify_book(path)
            store.books.verify(path)
        else:
            with contextlib.closing(SideFile.open(path)) as file:
                file.verify()
    except StorageError as error:
        return str(error)
    return ""


def _guidelines_problem(store: ReleaseStore, path: Path) -> str:
    opened = official_guidelines.OfficialGuidelines.open(path)
    slot = FileKind.ICD10CM_GUIDELINES.value
    kept = [store.shelf.find(slot, name) for name in (path.stem, f"{path.stem}-04")]
    hashes = {source.sha256 for source in kept if source is not None}
    if hashes and opened.sha256 not in hashes:
        return f"{path} was compiled from another PDF than the one kept: install the PDF again."
    return ""


@dataclass(frozen=True, slots=True)
class _Witness:
    """Two sources of titles; ``partial`` where the other lists only some of the codes."""

    one: str
    titles: Mapping[str, str]
    other: str
    others: Mapping[str, str]
    certain: bool
    partial: bool = False

    def compare(self) -> tuple[int, list[TitleDifference]]:
        """How many codes both have, and the differences."""
        shared = self.titles.keys() & self.others.keys()
        if self.partial:
            found: list[tuple[str, str | None, str | None]] = [
                (code, self.titles[code], self.others[code])
                for code in sorted(shared)
                if plain(self.titles[code]) != plain(self.others[code])
            ]
        else:
            found = differing(self.titles, self.others)
        return len(shared), [
            TitleDifference(code, self.one, mine, self.other, theirs, self.certain)
            for code, mine, theirs in found
        ]


def _witnesses(
    store: ReleaseStore, release: Release, releases: list[Release]
) -> Iterator[_Witness]:
    name = f"{release.system.value} {release.id}"
    titles = store.library(release).titles(derived=False)
    derived = store.library(release).counts()["derived"] > 0 and release.system is System.ICD10PCS
    for kept in store.shelf.of_release(release.system.value, release.id).values():
        if kept.kind not in RELEASE_KINDS:
            continue
        with contextlib.suppress(CodesetError):  # a file that cannot be read was named above
            others = titles_of(kept)
            if others is not None:
                yield _Witness(name, titles, f"{name}: {kept.name}", others, certain=True)
    year = fiscal_year(release.id)
    if release.system is System.ICD10CM and year is not None:
        for file in store.lists.installed():
            if file.kind is FileKind.ICD10CM_POA_EXEMPT and file.release == year:
                other = f"icd10cm {year}: {file.meta['source']}"
                certain = release.id == year
                yield _Witness(name, titles, other, file.titles(), certain, partial=True)
    if year == release.id:
        for update in releases:
            if (update.system, update.id) == (release.system, f"{year}-04"):
                later = store.library(update).titles()
                other = f"{update.system.value} {update.id}"
                yield _Witness(name, titles, other, later, certain=False, partial=derived)
