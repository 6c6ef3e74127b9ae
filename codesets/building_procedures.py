"""Put the releases of procedure codes together: ICD-10-PCS, HCPCS Level II, CPT."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.draft import Draft, DraftRecord, level_of
from codesets.formats.cpt import CptDescriptor, category, read_cpt, read_cpt_modifiers
from codesets.formats.hcpcs import HcpcsKind, read_hcpcs
from codesets.formats.kinds import FileKind
from codesets.formats.order import read_order
from codesets.formats.pcs import PcsTable, read_tables
from codesets.models import Level, Modifier, System
from codesets.periods import fiscal_year, release_period
from codesets.witnesses import code_lines, reportable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codesets.formats.hcpcs import HcpcsCode
    from codesets.formats.source import Source
    from codesets.releases import ReleaseStore
    from codesets.shelf import KeptSource


def icd10pcs(release: str, primary: KeptSource, store: ReleaseStore) -> Draft:
    """ICD-10-PCS from its order or code file, or from its tables."""
    if primary.kind is FileKind.ICD10PCS_TABLES:
        return _from_tables(release, primary.source, _titles_of_year(release, store))
    lines = list(code_lines(primary))
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


def hcpcs(release: str, source: KeptSource) -> Draft:
    """HCPCS Level II: codes that have ended before the quarter are kept as retired."""
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
            record.valid = reportable(entry, period)
            draft.add(record, None, sort=False)
        if entry.terminated is not None and entry.cross_references:
            draft.replacements[entry.code] = entry.cross_references
    for code, others in list(draft.replacements.items()):
        # A cross-reference may lead to a code of another system, or to one that has ended too.
        draft.replacements[code] = tuple(c for c in others if c in draft.records)
    return draft


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


def cpt(release: str, kept: Mapping[str, KeptSource]) -> Draft:
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
