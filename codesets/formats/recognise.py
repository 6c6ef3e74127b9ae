"""What a file is, told from its content: the name is never asked which kind it is.

``recognise`` looks at the first lines, the heading or the root element only. The release is a guess
from what the file says of itself, and where it says nothing, from its name and its date inside a
zip; installing confirms it.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from codesets.errors import FormatError
from codesets.formats import recognise_tables, recognise_text, recognise_xml
from codesets.formats.kinds import FileKind, Guess
from codesets.formats.source import ZIP_MAGIC, Source, as_source, is_workbook, members, starts_with

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.models import System

__all__ = ["FileKind", "Recognised", "recognise", "recognise_all"]

_GUIDELINES = re.compile(r"ICD-10-CM Official Guidelines for Coding and Reporting")
_FISCAL_YEAR = re.compile(r"\bFY ?(20[0-9]{2})\b")
_NAME_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")
# CMS publishes October releases from June to September and April updates from November to April.
_APRIL_MONTHS = frozenset({11, 12, 1, 2, 3, 4})
_YEARLY = frozenset({"icd10cm", "icd10pcs"})


@dataclass(frozen=True, slots=True)
class Recognised:
    """One file, what it is, and the release it seems to belong to (``FY2026-04``, ``2025-10``)."""

    source: Source
    kind: FileKind
    release: str | None

    @property
    def system(self) -> System | None:
        """The code system the file is about; None for documents and unknown files."""
        return self.kind.system


def recognise(where: Path | str | Source) -> Recognised:
    """What one file, or one member of a zip, is. A zip of files is ``FileKind.ARCHIVE``.

    FormatError for a file that begins like a known format and breaks off or attacks the reader;
    files of no known format are ``FileKind.UNKNOWN``.
    """
    source = as_source(where)
    guess = _guess(source)
    release = guess.release
    if guess.kind is not FileKind.UNKNOWN and guess.kind is not FileKind.ARCHIVE:
        release = _updated(release or _named(source, guess.kind), source, guess.kind)
    return Recognised(source, guess.kind, release)


def recognise_all(where: Path | str) -> Iterator[Recognised]:
    """Every file of a folder, of the zips in it, of a zip, or the one file, in name order.

    A file that cannot be read as what it begins like is reported as ``FileKind.DAMAGED``.
    """
    path = Path(where)
    if path.is_dir():
        for entry in sorted(path.iterdir()):
            if not entry.name.startswith("."):
                yield from recognise_all(entry)
        return
    found = _or_damaged(Source(path))
    if found.kind is not FileKind.ARCHIVE:
        yield found
        return
    try:
        inside = members(path)
    except FormatError:
        yield Recognised(Source(path), FileKind.DAMAGED, None)
        return
    for member in inside:
        yield _or_damaged(member)


def _or_damaged(source: Source) -> Recognised:
    try:
        return recognise(source)
    except FormatError:
        return Recognised(source, FileKind.DAMAGED, None)


def _guess(source: Source) -> Guess:
    head = starts_with(source, 4096)
    if head.startswith(b"%PDF"):
        return _pdf(source)
    if head.startswith(ZIP_MAGIC):
        return recognise_tables.guess(source) if is_workbook(source) else Guess(FileKind.ARCHIVE)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"<?xml", b"<ICD10")):
        return recognise_xml.guess(source)
    if b"\0" in head or not head.strip():
        return Guess(FileKind.UNKNOWN)
    found = recognise_text.guess(source)
    return found if found.kind is not FileKind.UNKNOWN else recognise_tables.guess(source)


def _pdf(source: Source) -> Guess:
    import io

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        with source.open() as stream:
            reader = PdfReader(io.BytesIO(stream.read()))
            text = " ".join(reader.pages[0].extract_text().split())
    except (PyPdfError, IndexError, KeyError, ValueError, TypeError) as exc:
        raise FormatError(str(source), None, "a readable PDF") from exc
    if not _GUIDELINES.search(text):
        return Guess(FileKind.UNKNOWN)
    year = _FISCAL_YEAR.search(text)
    return Guess(FileKind.ICD10CM_GUIDELINES, f"FY{year.group(1)}" if year else None)


def _named(source: Source, kind: FileKind) -> str | None:
    """The fiscal year in the file's own name, else in its zip's."""
    if kind.system is None or kind.system.value not in _YEARLY:
        return None
    for name in (source.name, source.path.name):
        if match := _NAME_YEAR.search(name):
            return f"FY{match.group(1)}"
    return None


def _updated(release: str | None, source: Source, kind: FileKind) -> str | None:
    """Mark an April update by the names or, inside a zip, by the date the file was written."""
    if release is None or not release.startswith("FY") or not kind.has_updates:
        return release
    names = f"{source.path.name} {source.member or ''}".lower()
    if "april" in names or re.search(r"(?<![a-z])apr(?![a-z])", names):
        return f"{release}-04"
    if source.member is not None and "october" not in names:
        with zipfile.ZipFile(source.path) as archive:
            year, month = archive.getinfo(source.member).date_time[:2]
        fiscal = int(release[2:6])
        if month in _APRIL_MONTHS and (year, month) >= (fiscal - 1, 11):
            return f"{release}-04"
    return release
