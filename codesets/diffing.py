"""What changed from one release to another: codes added, deleted, and revised in title."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from codesets.errors import CodesetError
from codesets.models import Level
from codesets.witnesses import plain

if TYPE_CHECKING:
    from codesets.library import Library
    from codesets.models import Code, Release, System
    from codesets.releases import ReleaseStore


@dataclass(frozen=True, slots=True)
class Revised:
    """A code valid in both releases under different titles."""

    code: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """The changes in valid codes from ``old`` to ``new``, each list in letter order.

    ``replacements`` are, by deleted code, the codes that stand for it in ``new``, where known.
    Titles that differ in accents or blanks alone are the same: files differ in these.
    """

    old: Release
    new: Release
    chapter: str | None
    added: tuple[Code, ...]
    deleted: tuple[Code, ...]
    revised: tuple[Revised, ...]
    replacements: dict[str, tuple[str, ...]]

    def to_json(self) -> dict[str, Any]:
        """The document of ``codecite codesets diff --json``."""
        return {
            "system": self.new.system.value,
            "old": self.old.id,
            "new": self.new.id,
            "chapter": self.chapter,
            "counts": {
                "added": len(self.added),
                "deleted": len(self.deleted),
                "revised": len(self.revised),
            },
            "added": [{"code": c.code, "title": c.title} for c in self.added],
            "deleted": [
                {
                    "code": c.code,
                    "title": c.title,
                    "replaced_by": list(self.replacements.get(c.code, ())),
                }
                for c in self.deleted
            ],
            "revised": [
                {"code": r.code, "before": r.before, "after": r.after} for r in self.revised
            ],
        }


def find_release(store: ReleaseStore, system: System, name: str) -> Release:
    """The installed release of ``system`` with the id ``name``, in any case.

    Raises:
        CodesetError: it is not installed; names those that are.

    """
    installed = [release for release in store.installed() if release.system is system]
    for release in installed:
        if release.id.casefold() == name.strip().casefold():
            return release
    known = ", ".join(release.id for release in installed) or "none"
    raise CodesetError(
        f"{system.value} {name} is not installed (installed: {known}). "
        f"Run `codecite codesets update`, or `codecite codesets install PATH` with its files."
    )


def diff(store: ReleaseStore, old: Release, new: Release, chapter: str | None = None) -> Difference:
    """The changes from ``old`` to ``new``, in one chapter (its number) where one is given.

    Raises:
        CodesetError: the releases are of different systems, or no installed release of theirs has
            chapters, or not that one.

    """
    if old.system is not new.system:
        raise CodesetError("Only releases of the same code system can be compared.")
    here, there = store.library(old), store.library(new)
    before, after = here.titles(), there.titles()
    chapters = _Chapters(store, new, chapter) if chapter is not None else None

    def inside(code: str) -> bool:
        return chapters is None or chapters.holds(code)

    added = [there.get(code) for code in sorted(after.keys() - before.keys()) if inside(code)]
    deleted = [here.get(code) for code in sorted(before.keys() - after.keys()) if inside(code)]
    revised = [
        Revised(code, before[code], after[code])
        for code in sorted(before.keys() & after.keys())
        if before[code] != after[code]
        and plain(before[code]) != plain(after[code])
        and inside(code)
    ]
    replacements = {
        code.code: tuple(c.code for c in store.instead(new.system, code.code, new.effective_from))
        for code in deleted
    }
    name = chapters.number if chapters is not None else None
    return Difference(old, new, name, tuple(added), tuple(deleted), tuple(revised), replacements)


class _Chapters:
    """Which codes belong to a chapter, also in releases whose files print no chapters."""

    def __init__(self, store: ReleaseStore, near: Release, chapter: str) -> None:
        self.number = chapter.strip().lstrip("0")
        library = _with_chapters(store, near)
        named = library.find(self.number) if library is not None and self.number else None
        if library is None:
            raise CodesetError(
                f"No installed {near.system.value} release has chapters: install a Tabular List."
            )
        if named is None or named.level is not Level.CHAPTER:
            raise CodesetError(f"{near.system.value} has no chapter {chapter}.")
        pairs = sorted(library.chapters_of_categories().items())
        self._categories = [category for category, _ in pairs]
        self._numbers = [number for _, number in pairs]

    def holds(self, code: str) -> bool:
        """Whether the chapter has the code's category, or the one before it in letter order."""
        place = bisect_right(self._categories, code[:3]) - 1
        return place >= 0 and self._numbers[place] == self.number


def _with_chapters(store: ReleaseStore, near: Release) -> Library | None:
    """The release itself, or the one nearest in time, whose file prints chapters."""
    candidates = [
        release
        for release in store.installed()
        if release.system is near.system and store.library(release).counts()["chapters"]
    ]
    candidates.sort(key=lambda r: abs((r.effective_from - near.effective_from).days))
    return store.library(candidates[0]) if candidates else None
