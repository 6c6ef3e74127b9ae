"""Put a release together from the official files that are kept for it.

Of the files that make an ICD-10-CM release the best is taken: the Tabular List, else the order
file, else the code file, else the addenda to the release before. The others are second witnesses:
a title on which two files of one release differ is an error, since copies with altered titles are
about.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from codesets import packaged
from codesets.draft import Draft, DraftRecord, level_of
from codesets.errors import ConflictError, FormatError, StorageError
from codesets.formats.addenda import read_addenda
from codesets.formats.cpt import CptDescriptor, category, read_cpt, read_cpt_modifiers
from codesets.formats.hcpcs import HcpcsKind, HcpcsStatus, read_hcpcs
from codesets.formats.kinds import FileKind
from codesets.formats.order import CodeLine, read_codes, read_order
from codesets.formats.pcs import PcsTable, read_tables
from codesets.formats.tabular import read_tabular
from codesets.models import Level, Modifier, Release, System
from codesets.notation import dotted, undotted
from codesets.periods import Period, fiscal_year, release_period
from codesets.update import apply_addenda

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codesets.formats.addenda import Addenda
    from codesets.formats.hcpcs import HcpcsCode
    from codesets.formats.source import Source
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
    if system is System.ICD10CM and not trust and not _is_tabular(primary):
        witness = _packaged(release, store)
        if witness is not None:
            for source in kept.values():
                _compare(release, witness, "the release that came with Codecite", source)
            return Built(store.library(_named(release, store)).release, Draft(release), None)
    if primary is None:
        raise StorageError(f"No file of {system.value} {release} holds codes and titles.")
    if system is System.ICD10CM:
        draft = _icd10cm(release, primary, store)
    elif system is System.ICD10PCS:
        draft = _icd10pcs(release, primary, store)
    elif system is System.HCPCS:
        draft = _hcpcs(release, primary)
    else:
        draft = _cpt(release, kept)
    titles = {r.code: r.title for r in draft.records.values() if r.valid}
    for source in kept.values():
        if source is not primary:
            _compare(release, titles, primary.name, source)
    period = release_period(system, release)
    named = _NAMES[system].format(release=release, file=primary.name)
    described = Release(system, release, period.first, period.last, named, _licence(primary))
    return Built(described, draft, primary, tuple(_contributing(primary, kept, store)))


def _is_tabular(source: KeptSource | None) -> bool:
    return source is not None and source.kind is FileKind.ICD10CM_TABULAR


def _named(release: str, store: ReleaseStore) -> Release:
    return next(r for r in store.installed() if (r.system, r.id) == (System.ICD10CM, release))


def _packaged(release: str, store: ReleaseStore) -> dict[str, str] | None:
    """The titles of a release that came with the installation; None for any other release."""
    for known in store.installed():
        if (known.system, known.id) == (System.ICD10CM, release):
            library = store.library(known)
            if library.meta.get("origin") is None:
                return {code.code: code.title for code in library.valid_codes()}
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


def titles_of(source: KeptSource) -> dict[str, str] | None:
    """The valid codes of a kept file with their titles, or None where it does not list them all."""
    kind = source.kind
    if kind is FileKind.ICD10CM_TABULAR:
        draft = Draft.from_tabular(read_tabular(source.source), source.release)
        return {r.code: r.title for r in draft.records.values() if r.valid}
    if kind in (FileKind.ICD10CM_ORDER, FileKind.ICD10CM_CODES):
        return {dotted(line.key): line.title for line in _lines(source) if line.valid}
    if kind in (FileKind.ICD10PCS_ORDER, FileKind.ICD10PCS_CODES):
        return {line.key: line.title for line in _lines(source) if line.valid}
    if kind in (FileKind.HCPCS_SPREADSHEET, FileKind.HCPCS_CONTRACTOR):
        period = release_period(System.HCPCS, source.release)
        records = (r for r in read_hcpcs(source.source) if r.kind is HcpcsKind.CODE)
        return {r.code: r.long for r in records if _reportable(r, period)}
    return None


def check_same_titles(old: KeptSource, new: KeptSource) -> None:
    """A file that is to take another's place says the same of every code.

    Raises:
        ConflictError: a title differs, or a code is valid in one only.

    """
    if old.sha256 == new.sha256:
        return
    before, after = titles_of(old), titles_of(new)
    found = differing(before, after) if before is not None and after is not None else []
    if found:
        raise ConflictError(new.release, old.name, new.name, tuple(found))


def plain(title: str) -> str:
    """A title without accents and repeated blanks: code files print plain ASCII."""
    decomposed = unicodedata.normalize("NFKD", title)
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def differing(
    one: Mapping[str, str], other: Mapping[str, str]
) -> list[tuple[str, str | None, str | None]]:
    """Codes whose titles differ by more than accents and blanks, or that only one side has."""
    return [
        (code, one.get(code), other.get(code))
        for code in sorted(one.keys() | other.keys())
        if code not in one or code not in other or plain(one[code]) != plain(other[code])
    ]


def _compare(release: str, titles: dict[str, str], name: str, source: KeptSource) -> None:
    if source.kind is FileKind.ICD10CM_CODES_ADDENDA:
        _compare_addenda(release, titles, name, source)
        return
    others = titles_of(source)
    if others is None and source.kind is FileKind.ICD10PCS_TABLES:
        others = {c: titles.get(c, "") for t in read_tables(source.source) for c in t.expand()}
    found = differing(titles, others) if others is not None else []
    if found:
        raise ConflictError(release, name, source.name, tuple(found))


def _compare_addenda(release: str, titles: dict[str, str], name: str, source: KeptSource) -> None:
    """What an addenda adds and revises is in the release, and what it deletes is not."""
    changes = read_addenda(source.source)
    said = changes.added | {code: revision.after for code, revision in changes.revised.items()}
    found: list[tuple[str, str | None, str | None]] = [
        (code, titles.get(code), title)
        for code, title in said.items()
        if code not in titles or plain(titles[code]) != plain(title)
    ]
    found += [(code, titles[code], None) for code in changes.deleted if code in titles]
    if found:
        raise ConflictError(release, name, source.name, tuple(found))
    if changes.codes_after != len(titles):
        expected = f"{changes.codes_after} valid codes, as {source.name} counts, not {len(titles)}"
        raise FormatError(name, None, expected)


def _licence(source: KeptSource) -> str:
    if source.kind.system is System.CPT:
        return AMA.format(licensee=source.licensee)
    return ADA if source.kind.system is System.HCPCS else packaged.LICENCE


def _lines(source: KeptSource) -> Iterator[CodeLine]:
    ordered = source.kind in (FileKind.ICD10CM_ORDER, FileKind.ICD10PCS_ORDER)
    return read_order(source.source) if ordered else read_codes(source.source)


def _icd10cm(release: str, primary: KeptSource, store: ReleaseStore) -> Draft:
    if primary.kind is FileKind.ICD10CM_TABULAR:
        draft = Draft.from_tabular(read_tabular(primary.source), release)
    elif primary.kind is FileKind.ICD10CM_CODES_ADDENDA:
        return _changed(release, primary, store)
    else:
        draft = Draft.from_lines(_lines(primary), release, System.ICD10CM)
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


def _icd10pcs(release: str, primary: KeptSource, store: ReleaseStore) -> Draft:
    if primary.kind is FileKind.ICD10PCS_TABLES:
        return _from_tables(release, primary.source, _titles_of_year(release, store))
    lines = list(_lines(primary))
    draft = Draft.from_lines(lines, release, System.ICD10PCS)
    draft.details = {line.key: {"short": line.short} for line in lines if line.short}
    return draft


def _titles_of_year(release: str, store: ReleaseStore) -> dict[str, tuple[str, str]]:
    """Official titles, with their release, from an order file kept for the same fiscal year."""
    year = fiscal_year(release) or release
    found: dict[str, tuple[str, str]] = {}
    for name in (year, f"{year}-04"):
        kept = store.shelf.find(FileKind.ICD10PCS_ORDER.value, name)
        for line in read_order(kept.source) if kept is not None else ():
            found.setdefault(line.key, (line.title, name))
    return found


def _from_tables(release: str, source: Source, titles: dict[str, tuple[str, str]]) -> Draft:
    """Every code of the tables. A title that no order file gives says the axes' labels in turn."""
    draft = Draft(release)
    for table in read_tables(source):
        system, operation = table.axes[1].values[0].label, table.axes[2].values[0].label
        parent = draft.add(
            _pcs_record(table.prefix, f"{system}, {operation}", release, titles, valid=False),
            None,
            sort=False,
        )
        for code, labels in _table_codes(table):
            title = f"{operation}: {', '.join(labels)}"
            draft.add(_pcs_record(code, title, release, titles, valid=True), parent, sort=False)
    return draft


def _table_codes(table: PcsTable) -> Iterator[tuple[str, list[str]]]:
    labels = [
        {value.character: value.label for value in axis.values}
        for row in table.rows
        for axis in row.axes
    ]
    for number, row in enumerate(table.rows):
        own = labels[4 * number : 4 * number + 4]
        single = PcsTable(table.axes, (row,), row.line)
        for code in single.expand():
            yield code, [own[i][code[3 + i]] for i in range(4)]


def _pcs_record(
    code: str, title: str, release: str, titles: dict[str, tuple[str, str]], *, valid: bool
) -> DraftRecord:
    official = titles.get(code)
    text, text_release = official if official is not None else (title, release)
    record = DraftRecord(code, text, level_of(code, valid), text_release, valid=valid)
    record.derived = official is None
    return record


def _hcpcs(release: str, source: KeptSource) -> Draft:
    draft = Draft(release)
    period = release_period(System.HCPCS, release)
    for entry in read_hcpcs(source.source):
        if entry.kind is HcpcsKind.MODIFIER:
            draft.modifiers.append(
                Modifier(entry.code, entry.long, entry.short, entry.added, entry.terminated)
            )
            continue
        record = DraftRecord(entry.code, entry.long, Level.CODE, release)
        record.effective_from, record.effective_to = entry.added, entry.terminated
        draft.details[entry.code] = _hcpcs_details(entry)
        if entry.terminated is not None and entry.terminated < period.first:
            draft.retired.append(record)
        else:
            record.valid = _reportable(entry, period)
            draft.add(record, None, sort=False)
        if entry.terminated is not None and entry.cross_references:
            draft.replacements[entry.code] = entry.cross_references
    for code, others in list(draft.replacements.items()):
        # A cross-reference may lead to a code of another system, or to one that has ended too.
        draft.replacements[code] = tuple(c for c in others if c in draft.records)
    return draft


def _reportable(entry: HcpcsCode, period: Period) -> bool:
    """Whether the code may be reported on some day of the quarter."""
    return entry.status(period.last) is HcpcsStatus.ACTIVE or (
        entry.terminated is not None
        and entry.status(entry.terminated) is HcpcsStatus.ACTIVE
        and entry.terminated >= period.first
    )


def _hcpcs_details(entry: HcpcsCode) -> dict[str, str]:
    fields = {
        "short": entry.short,
        "coverage": entry.coverage.name.lower().replace("_", " ") if entry.coverage else "",
        "coverage code": entry.coverage.value if entry.coverage else "",
        "action": entry.action.name.lower().replace("_", " ") if entry.action else "",
        "added": entry.added.isoformat() if entry.added else "",
        "changed": entry.effective.isoformat() if entry.effective else "",
        "betos": entry.betos,
        "statute": entry.statute,
        "types of service": ", ".join(entry.types_of_service),
        "pricing": ", ".join(entry.pricing),
    }
    return {name: value for name, value in fields.items() if value}


def _cpt(release: str, kept: Kept) -> Draft:
    """The longest wording of each code is its title; the others are details."""
    wordings: dict[CptDescriptor, dict[str, str]] = {wording: {} for wording in CptDescriptor}
    draft = Draft(release)
    for source in kept.values():
        if source.kind is FileKind.CPT_MODIFIERS:
            draft.modifiers += [
                Modifier(m.code, m.text) for m in read_cpt_modifiers(source.source, source.licensee)
            ]
        elif source.kind is FileKind.CPT_DESCRIPTORS:
            for text in read_cpt(source.source, source.licensee):
                wordings[text.descriptor][text.code] = text.text
    codes = sorted(set().union(*wordings.values()))
    for code in codes:
        texts = {w.value: wordings[w][code] for w in CptDescriptor if code in wordings[w]}
        title = next(iter(texts.values()))
        draft.add(DraftRecord(code, title, Level.CODE, release, valid=True), None, sort=False)
        draft.details[code] = {"category": category(code).value, **texts}
    return draft
