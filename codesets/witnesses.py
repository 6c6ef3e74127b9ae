"""Second witnesses: what two official files say of the same release must be the same.

Copies of official files with altered titles are about. Published files of one release agree to the
letter, but for accents, which code files leave out, and a doubled blank here and there.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from codesets.draft import Draft
from codesets.errors import ConflictError, FormatError
from codesets.formats.addenda import read_addenda
from codesets.formats.hcpcs import HcpcsKind, HcpcsStatus, read_hcpcs
from codesets.formats.kinds import FileKind
from codesets.formats.order import CodeLine, read_codes, read_order
from codesets.formats.pcs import read_tables
from codesets.formats.tabular import read_tabular
from codesets.models import System
from codesets.notation import dotted
from codesets.periods import Period, release_period

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codesets.formats.hcpcs import HcpcsCode
    from codesets.shelf import KeptSource


def titles_of(source: KeptSource) -> dict[str, str] | None:
    """The valid codes of a kept file with their titles, or None where it does not list them all."""
    kind = source.kind
    if kind is FileKind.ICD10CM_TABULAR:
        draft = Draft.from_tabular(read_tabular(source.source), source.release)
        return {r.code: r.title for r in draft.records.values() if r.valid}
    if kind in (FileKind.ICD10CM_ORDER, FileKind.ICD10CM_CODES):
        return {dotted(line.key): line.title for line in code_lines(source) if line.valid}
    if kind in (FileKind.ICD10PCS_ORDER, FileKind.ICD10PCS_CODES):
        return {line.key: line.title for line in code_lines(source) if line.valid}
    if kind in (FileKind.HCPCS_SPREADSHEET, FileKind.HCPCS_CONTRACTOR):
        period = release_period(System.HCPCS, source.release)
        records = (r for r in read_hcpcs(source.source) if r.kind is HcpcsKind.CODE)
        return {r.code: r.long for r in records if reportable(r, period)}
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
        if one.get(code) != other.get(code)
        and (code not in one or code not in other or plain(one[code]) != plain(other[code]))
    ]


def compare(release: str, titles: dict[str, str], name: str, source: KeptSource) -> None:
    """Hold a file of ``release`` against its titles, which ``name`` gave.

    Raises:
        ConflictError: a title differs, or a code is valid in one only.
        FormatError: the file departs from its format.

    """
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


def code_lines(source: KeptSource) -> Iterator[CodeLine]:
    """The lines of a kept code or order file."""
    ordered = source.kind in (FileKind.ICD10CM_ORDER, FileKind.ICD10PCS_ORDER)
    return read_order(source.source) if ordered else read_codes(source.source)


def reportable(entry: HcpcsCode, period: Period) -> bool:
    """Whether the code may be reported on some day of the quarter."""
    return entry.status(period.last) is HcpcsStatus.ACTIVE or (
        entry.terminated is not None
        and entry.status(entry.terminated) is HcpcsStatus.ACTIVE
        and entry.terminated >= period.first
    )
