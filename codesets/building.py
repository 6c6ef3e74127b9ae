"""Put a release together from the official files that are kept for it.

Of the files that make an ICD-10-CM release the best is taken: the Tabular List, else the order
file, else the code file, else the addenda to the release before. The others are second witnesses:
a title on which two files of one release differ is an error, since copies with altered titles are
about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from codesets import building_procedures, packaged
from codesets.draft import Draft, DraftRecord
from codesets.errors import StorageError
from codesets.formats.addenda import read_addenda
from codesets.formats.kinds import FileKind
from codesets.formats.tabular import read_tabular
from codesets.models import Level, Release, System
from codesets.notation import dotted, undotted
from codesets.periods import fiscal_year, release_period
from codesets.update import apply_addenda
from codesets.witnesses import code_lines, compare

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codesets.formats.addenda import Addenda
    from codesets.library import Library
    from codesets.packaged import PackagedAddenda
    from codesets.releases import ReleaseStore
    from codesets.shelf import KeptSource

    Kept = Mapping[str, KeptSource]

ADA = "HCPCS Level II: CMS, public domain. D codes (CDT) are the ADA's and are never stored."
AMA = "CPT is copyright of the American Medical Association. Licensed to {licensee}."
_NAMES = {
    System.ICD10CM: "ICD-10-CM {release} (CDC/NCHS): {file}",
    System.ICD10PCS: "ICD-10-PCS {release} (CMS): {file}",
    System.HCPCS: "HCPCS Level II {release} (CMS): {file}",
    System.CPT: "CPT {release} (AMA): {file}",
}
# The files that hold codes of a system, the best first.
PRIMARY: dict[System, tuple[FileKind, ...]] = {
    System.ICD10CM: (
        FileKind.ICD10CM_TABULAR,
        FileKind.ICD10CM_ORDER,
        FileKind.ICD10CM_CODES,
        FileKind.ICD10CM_CODES_ADDENDA,
    ),
    System.ICD10PCS: (
        FileKind.ICD10PCS_ORDER,
        FileKind.ICD10PCS_CODES,
        FileKind.ICD10PCS_TABLES,
    ),
    System.HCPCS: (FileKind.HCPCS_SPREADSHEET, FileKind.HCPCS_CONTRACTOR),
    System.CPT: (FileKind.CPT_DESCRIPTORS,),
}


@dataclass(frozen=True, slots=True)
class Built:
    """A release ready to be written, the file its codes came from, and all that made it.

    ``primary`` is None where the release that came with the installation is better than the kept
    files, which agree with it: there is nothing to write then.
    """

    release: Release
    draft: Draft
    primary: KeptSource | None
    contributing: tuple[KeptSource, ...] = ()


def primary_source(system: System, kept: Kept) -> KeptSource | None:
    """The best of the kept files of one release; None where none of them holds codes."""
    for kind in PRIMARY[system]:
        found = [source for source in kept.values() if source.kind is kind]
        if found:
            return found[0]
    return None


def build(
    system: System, release: str, kept: Kept, store: ReleaseStore, *, trust: bool = False
) -> Built:
    """Read the kept files of a release into a draft of it.

    With ``trust`` they stand for themselves, whatever came with the installation.

    Raises:
        FormatError: a file departs from its format.
        ConflictError: two files of the release differ in a title or in which codes are valid.
        StorageError: none of the files holds codes, or the release that an addenda changes is not
            installed.

    """
    primary = primary_source(system, kept)
    packaged_one = None if trust else _packaged(system, release, store)
    if packaged_one is not None:
        for source in kept.values():
            compare(release, packaged_one.titles(), "the release that came with Codecite", source)
        if not _is_tabular(primary):
            return Built(packaged_one.release, Draft(release), None)
    if primary is None:
        raise StorageError(f"No file of {system.value} {release} holds codes and titles.")
    if system is System.ICD10CM:
        draft = _icd10cm(release, primary, store)
    elif system is System.ICD10PCS:
        draft = building_procedures.icd10pcs(release, primary, store)
    elif system is System.HCPCS:
        draft = building_procedures.hcpcs(release, primary)
    else:
        draft = building_procedures.cpt(release, kept)
    titles = {r.code: r.title for r in draft.records.values() if r.valid}
    for source in kept.values():
        if source is not primary:
            compare(release, titles, primary.name, source)
    period = release_period(system, release)
    named = _NAMES[system].format(release=release, file=primary.name)
    described = Release(system, release, period.first, period.last, named, _licence(primary))
    return Built(described, draft, primary, tuple(_contributing(primary, kept, store)))


def _is_tabular(source: KeptSource | None) -> bool:
    return source is not None and source.kind is FileKind.ICD10CM_TABULAR


def _packaged(system: System, release: str, store: ReleaseStore) -> Library | None:
    """A release as it came with the installation; None for any other release."""
    for known in store.installed():
        if (known.system, known.id) == (system, release):
            library = store.library(known)
            return library if library.meta.get("origin") is None else None
    return None


def _contributing(primary: KeptSource, kept: Kept, store: ReleaseStore) -> Iterator[KeptSource]:
    """The files that what is compiled depends on, the primary first."""
    yield primary
    if primary.kind is FileKind.CPT_DESCRIPTORS:
        yield from (source for source in kept.values() if source is not primary)
    elif primary.kind is FileKind.ICD10PCS_TABLES:
        year = fiscal_year(primary.release) or primary.release
        orders = (
            store.shelf.find(FileKind.ICD10PCS_ORDER.value, name) for name in (year, f"{year}-04")
        )
        yield from (order for order in orders if order is not None)


def _licence(source: KeptSource) -> str:
    if source.kind.system is System.CPT:
        return AMA.format(licensee=source.licensee)
    return ADA if source.kind.system is System.HCPCS else packaged.LICENCE


def _icd10cm(release: str, primary: KeptSource, store: ReleaseStore) -> Draft:
    if primary.kind is FileKind.ICD10CM_TABULAR:
        draft = Draft.from_tabular(read_tabular(primary.source), release)
    elif primary.kind is FileKind.ICD10CM_CODES_ADDENDA:
        return _changed(release, primary, store)
    else:
        draft = Draft.from_lines(code_lines(primary), release, System.ICD10CM)
    _remember(draft, release, store)
    return draft


def _changed(release: str, source: KeptSource, store: ReleaseStore) -> Draft:
    """The release before with an official addenda applied."""
    first = release_period(System.ICD10CM, release).first
    before = [
        r
        for r in store.installed()
        if r.system is System.ICD10CM and r.effective_to == first - timedelta(days=1)
    ]
    if not before:
        raise StorageError(
            f"{source.name} holds changes to the release in force on "
            f"{(first - timedelta(days=1)).isoformat()}, which is not installed."
        )
    draft = _base_draft(before[-1], store)
    apply_addenda(draft, _completed(release, source), release, first, source.name)
    return draft


def _completed(release: str, source: KeptSource) -> Addenda:
    """The changes of an official addenda, with what we derived for the same changes ourselves."""
    official = read_addenda(source.source)
    ours = packaged.read_packaged_addenda(packaged.addenda_path())
    return ours.addenda if carries_same_changes(ours, release, official) else official


def carries_same_changes(ours: PackagedAddenda, release: str, official: Addenda) -> bool:
    """Whether the packaged addenda make this release by exactly the official changes."""
    mine = ours.addenda
    return ours.release.id == release and (
        (mine.added, mine.deleted, mine.revised, mine.codes_before, mine.codes_after)
        == (
            official.added,
            official.deleted,
            official.revised,
            official.codes_before,
            official.codes_after,
        )
    )


def _base_draft(release: Release, store: ReleaseStore) -> Draft:
    """A release's draft again, from its kept files, or from the package where it came with it."""
    kept = store.shelf.of_release(System.ICD10CM.value, release.id)
    primary = primary_source(System.ICD10CM, kept)
    if primary is not None:
        return _icd10cm(release.id, primary, store)
    if release.id == packaged.TABULAR.id:
        return Draft.from_tabular(read_tabular(packaged.tabular_path()), release.id)
    raise StorageError(f"The files of {release.id} are not kept: install them again first.")


def _remember(draft: Draft, release: str, store: ReleaseStore) -> None:
    """Mark what is new since the release before, and keep what it had and this one has not.

    Only where the release that governs the day before is installed. A deleted code is replaced by
    what the packaged addenda say, else by the codes it was split into, else by what the conversion
    table names.
    """
    first = release_period(System.ICD10CM, release).first
    last_day = first - timedelta(days=1)
    before = [
        r for r in store.installed() if r.system is System.ICD10CM and r.effective_to == last_day
    ]
    if not before:
        return
    old = {code.code: code for code in store.library(before[-1]).valid_codes()}
    for record in draft.records.values():
        if record.valid and record.code not in old:
            record.effective_from = first
    changes = packaged.read_packaged_addenda(packaged.addenda_path())
    known = changes.addenda.replacements if changes.release.id == release else {}
    for code, was in old.items():
        now = draft.records.get(code)
        if now is not None and now.valid:
            continue
        if now is None:
            gone = DraftRecord(code, was.title, Level.CODE, was.text_release)
            gone.effective_to = last_day
            draft.retired.append(gone)
        else:
            now.effective_to = last_day
        under = _now_under(draft, code)
        successors = (c.code for c in store.conversions.successors(code, first))
        named = tuple(c for c in successors if c in draft.records and draft.records[c].valid)
        replacements = known.get(code) or under or named
        if replacements:
            draft.replacements[code] = tuple(dict.fromkeys(replacements))


def _now_under(draft: Draft, code: str) -> tuple[str, ...]:
    """The valid codes that a deleted code was split into.

    Those under it, or, for one with a 7th character, those under its stem with the same character.
    """
    key = undotted(code)
    record = draft.records.get(code)
    character = ""
    if record is None and len(key) == 7:
        record, character = draft.records.get(dotted(key[:6].rstrip("X"))), key[6]
    if record is None:
        return ()
    return tuple(r.code for r in record.walk() if r.valid and r.code.endswith(character))
