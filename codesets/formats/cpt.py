"""CPT descriptors and modifiers from the AMA's own files, read only for a named licensee.

CPT is the American Medical Association's. No descriptor ships with this package; the text comes
from files the customer has licensed, and the licensee's name travels with every record. Without it
the code can still be recognised by its shape.

The AMA's text files begin with a copyright notice; then one record a line: the code, a tab (in the
fixed-field files a blank, or a two-digit sequence number and a blank where a long descriptor runs
over several lines) and the descriptor. The consolidated code list has a heading row and one column
a descriptor.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from codesets.errors import FormatError, LicenceError
from codesets.formats.source import Source, as_source, lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Category I; II (F), III (T), proprietary laboratory analyses (U), multianalyte assays (M).
_CODE = re.compile(r"[0-9]{4}[0-9FTUM]")
_RECORD = re.compile(r"([0-9]{4}[0-9FTUM])(?:\t|([0-9]{2})? )(.*)")
# A modifier that begins with a letter needs a tab after it, as words of the notice do not have.
_MODIFIER = re.compile(r"([0-9][0-9A-Z]|P[1-6]|[A-Z][0-9A-Z](?=\t))[\t ]+(\S.*)")
_SHORT = 28
_MEDIUM = 48


class CptCategory(StrEnum):
    """What a code's last character says it is."""

    CATEGORY_I = "category-1"
    CATEGORY_II = "category-2"
    CATEGORY_III = "category-3"
    LABORATORY = "proprietary-laboratory-analysis"
    MULTIANALYTE = "multianalyte-assay"


class CptDescriptor(StrEnum):
    """Which of the AMA's three wordings a file holds."""

    LONG = "long"
    MEDIUM = "medium"
    SHORT = "short"


_CATEGORIES = {
    "F": CptCategory.CATEGORY_II,
    "T": CptCategory.CATEGORY_III,
    "U": CptCategory.LABORATORY,
    "M": CptCategory.MULTIANALYTE,
}
_HEADINGS = {
    "long": CptDescriptor.LONG,
    "medium": CptDescriptor.MEDIUM,
    "short": CptDescriptor.SHORT,
}


@dataclass(frozen=True, slots=True)
class CptText:
    """One descriptor of one code, and who holds the licence it was read under."""

    code: str
    descriptor: CptDescriptor
    text: str
    licensee: str
    line: int


@dataclass(frozen=True, slots=True)
class CptModifier:
    """One modifier with its wording, and who holds the licence it was read under."""

    code: str
    text: str
    licensee: str
    line: int


def is_cpt_shaped(text: str) -> bool:
    """Whether ``text`` has the shape of a CPT code, whatever is installed.

    >>> [is_cpt_shaped(t) for t in ("99213", "0001T", "0001F", "0001U", "0001M", "J1815", "9921")]
    [True, True, True, True, True, False, False]
    """
    return _CODE.fullmatch(text.strip().upper()) is not None


def category(code: str) -> CptCategory:
    """The category that a CPT-shaped code's last character names.

    >>> category("0001F").value
    'category-2'
    """
    return _CATEGORIES.get(code.strip().upper()[-1:], CptCategory.CATEGORY_I)


def read_cpt(
    where: Path | str | Source, licensee: str, descriptor: CptDescriptor | None = None
) -> Iterator[CptText]:
    """Descriptors in file order. ``descriptor`` says which wording; None measures the file.

    Short descriptors have at most 28 characters and medium ones 48. LicenceError without a
    licensee's name, before the file is opened; FormatError for a line that is no record after the
    copyright notice.
    """
    licensee = _licensed(licensee)
    return _read(as_source(where), licensee, descriptor)


def read_cpt_modifiers(where: Path | str | Source, licensee: str) -> Iterator[CptModifier]:
    """Modifiers in file order: two characters, a tab or blanks, and the wording.

    LicenceError without a licensee's name; FormatError for a line that is no record after the
    copyright notice.
    """
    return _read_modifiers(as_source(where), _licensed(licensee))


def _licensed(licensee: str) -> str:
    name = licensee.strip()
    if not name:
        raise LicenceError(
            "CPT descriptors are read only for a named licensee: "
            "run `codecite codesets install PATH --licensee NAME`."
        )
    return name


def _read(source: Source, licensee: str, descriptor: CptDescriptor | None) -> Iterator[CptText]:
    columns = _heading(source)
    if columns:
        yield from _consolidated(source, licensee, columns)
        return
    wording = descriptor or _measure(source)
    for line, code, text in _joined(source):
        yield CptText(code, wording, text, licensee, line)


def _joined(source: Source) -> Iterator[tuple[int, str, str]]:
    """Records, with numbered continuations joined; a record is held until it is complete."""
    held: tuple[int, str, str] | None = None
    for line, code, sequence, text in _records(source):
        if sequence and sequence != "01":
            if held is None or held[1] != code:
                raise FormatError(str(source), line, f"line 01 of {code} before line {sequence}")
            held = (held[0], code, f"{held[2]} {text}")
            continue
        if held:
            yield held
        held = (line, code, text)
    if held is None:
        raise FormatError(str(source), None, "CPT records: a code, a tab and a descriptor")
    yield held


def _records(source: Source) -> Iterator[tuple[int, str, str, str]]:
    begun = False
    for number, line in lines(source):
        if not line.strip("\x1a \t"):
            continue
        match = _RECORD.fullmatch(line)
        if match is None:
            if begun:
                raise FormatError(str(source), number, "a CPT code, a tab and a descriptor")
            continue
        begun = True
        code, sequence, text = match.group(1), match.group(2) or "", match.group(3).strip()
        if not text:
            raise FormatError(str(source), number, f"a descriptor after {code}")
        yield number, code, sequence, text


def _measure(source: Source) -> CptDescriptor:
    longest = max((len(text) for _, _, text in _joined(source)), default=0)
    if longest <= _SHORT:
        return CptDescriptor.SHORT
    return CptDescriptor.MEDIUM if longest <= _MEDIUM else CptDescriptor.LONG


def _heading(source: Source) -> dict[str, int]:
    """Columns of a consolidated code list, by lower-case heading; empty for other files."""
    for _, line in lines(source):
        names = [name.strip().lower() for name in line.split("\t")]
        if "cpt code" in names and _HEADINGS.keys() & set(names):
            return {name: at for at, name in enumerate(names)}
        if _RECORD.fullmatch(line):
            break
    return {}


def _consolidated(source: Source, licensee: str, columns: dict[str, int]) -> Iterator[CptText]:
    begun = False
    for number, line in lines(source):
        cells = [cell.strip() for cell in line.split("\t")]
        if not begun:
            begun = "cpt code" in [cell.lower() for cell in cells]
            continue
        if not any(cells):
            continue
        if len(cells) < len(columns) or not _CODE.fullmatch(cells[columns["cpt code"]]):
            raise FormatError(str(source), number, f"{len(columns)} columns with a CPT code")
        for name, descriptor in _HEADINGS.items():
            if name in columns and cells[columns[name]]:
                code, text = cells[columns["cpt code"]], cells[columns[name]]
                yield CptText(code, descriptor, text, licensee, number)


def _read_modifiers(source: Source, licensee: str) -> Iterator[CptModifier]:
    begun = False
    for number, line in lines(source):
        match = _MODIFIER.fullmatch(line.rstrip("\x1a \t"))
        if match is None:
            if begun and line.strip("\x1a \t"):
                raise FormatError(str(source), number, "a modifier, a tab and its wording")
            continue
        begun = True
        yield CptModifier(match.group(1), match.group(2).strip(), licensee, number)
    if not begun:
        raise FormatError(str(source), None, "CPT modifiers: two characters, a tab and the wording")
