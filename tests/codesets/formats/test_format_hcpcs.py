"""HCPCS Level II: one record from the spreadsheet and from the contractor file."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest

from codesets.errors import FormatError
from codesets.formats.hcpcs import (
    Action,
    Coverage,
    HcpcsCode,
    HcpcsKind,
    HcpcsStatus,
    read_hcpcs,
)

if TYPE_CHECKING:
    from pathlib import Path

# Field, first and last position, as CMS's record layout and ../shared/data/README.md give them.
LAYOUT = {
    "code": (1, 5),
    "sequence": (6, 10),
    "record": (11, 11),
    "long": (12, 91),
    "short": (92, 119),
    "pricing": (120, 127),
    "multiple": (128, 128),
    "manual": (129, 134),
    "statute": (171, 180),
    "reference": (205, 209),
    "coverage": (230, 230),
    "note": (253, 256),
    "betos": (257, 259),
    "service": (261, 265),
    "units": (266, 268),
    "added": (269, 276),
    "effective": (277, 284),
    "terminated": (285, 292),
    "action": (293, 293),
}
DETAIL = {
    "short": "Invented pump",
    "pricing": "3238",
    "multiple": "A",
    "manual": "60-14",
    "statute": "1861(n)",
    "reference": "E0002",
    "coverage": "D",
    "note": "0088",
    "betos": "D1E",
    "service": "PR",
    "units": "  0",
    "added": "20200101",
    "effective": "20210401",
    "terminated": "20251231",
    "action": "N",
}


def _line(**fields: str) -> str:
    text = [" "] * 320
    for name, value in fields.items():
        start, end = LAYOUT[name]
        assert len(value) <= end - start + 1
        text[start - 1 : start - 1 + len(value)] = value
    return "".join(text)


FIRST = _line(code="E0001", sequence="00100", record="3", long="Pump, an invention", **DETAIL)
MORE = _line(code="E0001", sequence="00200", record="4", long="of this test, each")
MODIFIER = _line(
    code="   ZX", sequence="00100", record="7", long="Invented side", short="Side", coverage="C"
)
DENTAL = _line(code="D9999", sequence="00100", record="3", long="Not to be kept", **DETAIL)


def _contractor(folder: Path, *lines: str) -> Path:
    path = folder / "contractor.txt"
    path.write_text("".join(line + "\r\n" for line in lines) + "\x1a")
    return path


def test_contractor_fields_stand_where_the_layout_says(tmp_path: Path) -> None:
    refused: Counter[str] = Counter()
    code, modifier = read_hcpcs(_contractor(tmp_path, FIRST, MORE, DENTAL, MODIFIER), refused)
    assert code == HcpcsCode(
        code="E0001",
        kind=HcpcsKind.CODE,
        long="Pump, an invention of this test, each",
        short="Invented pump",
        pricing=("32", "38"),
        multiple_pricing="A",
        coverage_manual=("60-14",),
        carriers_manual=(),
        statute="1861(n)",
        lab_certifications=(),
        cross_references=("E0002",),
        coverage=Coverage.SPECIAL_INSTRUCTIONS,
        asc_group="",
        asc_effective=None,
        processing_note="0088",
        betos="D1E",
        types_of_service=("P", "R"),
        anesthesia_units=0,
        added=date(2020, 1, 1),
        effective=date(2021, 4, 1),
        terminated=date(2025, 12, 31),
        action=Action.UNCHANGED,
        line=1,
    )
    assert (modifier.code, modifier.kind, modifier.long) == (
        "ZX",
        HcpcsKind.MODIFIER,
        "Invented side",
    )
    assert (modifier.added, modifier.anesthesia_units, modifier.action) == (None, None, None)
    assert refused == {"D": 1}


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (date(2019, 12, 31), HcpcsStatus.NOT_YET),
        (date(2020, 1, 1), HcpcsStatus.ACTIVE),
        (date(2025, 12, 31), HcpcsStatus.ACTIVE),
        (date(2026, 1, 1), HcpcsStatus.TERMINATED),
    ],
)
def test_status_on_a_date_of_service(tmp_path: Path, day: date, status: HcpcsStatus) -> None:
    (code,) = read_hcpcs(_contractor(tmp_path, FIRST))
    assert code.status(day) is status


@pytest.mark.parametrize("code", ["A0001", "C0001", "E0001", "V0001"])
def test_level_two_codes_are_read(tmp_path: Path, code: str) -> None:
    (found,) = read_hcpcs(_contractor(tmp_path, code + FIRST[5:]))
    assert found.code == code


@pytest.mark.parametrize("code", ["D0001", "W0001", "Z0001", "99999", "9999T", "A000A", "e0001"])
def test_other_codes_are_counted_and_dropped(tmp_path: Path, code: str) -> None:
    refused: Counter[str] = Counter()
    kept = list(read_hcpcs(_contractor(tmp_path, code + FIRST[5:], FIRST), refused))
    assert [record.code for record in kept] == ["E0001"]
    assert refused == {code[0]: 1}


@pytest.mark.parametrize(
    ("lines", "line", "expected"),
    [
        ((FIRST, MORE[:100]), 2, "320 characters, found 100"),
        ((FIRST + "x",), 1, "320 characters, found 321"),
        ((MORE,), 1, "the first line of E0001"),
        ((FIRST, MODIFIER, MORE), 3, "the first line of E0001"),
        ((FIRST[:10] + "5" + FIRST[11:],), 1, "record id 3, 4, 7 or 8, found '5'"),
        ((FIRST.replace("20200101", "20201301"),), 1, "a date in ADD DT"),
        ((FIRST[:229] + "X" + FIRST[230:],), 1, "in COV, found 'X'"),
        ((FIRST[:11] + " " * 80 + FIRST[91:],), 1, "a long description of E0001"),
        ((), None, "at least one HCPCS record"),
    ],
)
def test_a_contractor_file_that_departs_names_the_line(
    tmp_path: Path, lines: tuple[str, ...], line: int | None, expected: str
) -> None:
    with pytest.raises(FormatError) as caught:
        list(read_hcpcs(_contractor(tmp_path, *lines)))
    assert expected in str(caught.value)
    assert caught.value.line == line


COLUMNS = (
    "HCPC SEQNUM RECID LONG_DESCRIPTION SHORT_DESCRIPTION PRICE1 PRICE2 PRICE3 PRICE4 MULT_PI CIM1 "
    "CIM2 CIM3 MCM1 MCM2 MCM3 STATUTE LABCERT1 LABCERT2 LABCERT3 LABCERT4 LABCERT5 LABCERT6 "
    "LABCERT7 LABCERT8 XREF1 XREF2 XREF3 XREF4 XREF5 COV ASC_GRP ASC_DT OPPS OPPS_PI OPPS_DT "
    "PROCNOTE BETOS TOS1 TOS2 TOS3 TOS4 TOS5 ANEST_BU ADD_DT ACT_EFF_DT TERM_DT ACTION_CD"
)
KEPT = ("ASC_GRP", "ASC_DT", "OPPS_PI", "OPPS_DT", "MULT_PI", "ANEST_BU")
NAMES = [n if n in KEPT else n.replace("_", " ") for n in COLUMNS.split()]


def _sheet(folder: Path, names: list[str], *records: dict[str, object]) -> Path:
    book = openpyxl.Workbook()
    book.active.append(names)
    for record in records:
        book.active.append([record.get(name, "") for name in names])
    path = folder / "hcpcs.xlsx"
    book.save(path)
    return path


def test_the_spreadsheet_gives_the_same_record(tmp_path: Path) -> None:
    assert len(NAMES) == 48
    record: dict[str, object] = {
        "HCPC": "E0001",
        "SEQNUM": "0010",
        "RECID": "3",
        "LONG DESCRIPTION": "Pump, an invention of this test, each",
        "SHORT DESCRIPTION": "Invented pump",
        "PRICE1": "32",
        "PRICE2": "38",
        "MULT_PI": "A",
        "CIM1": "60-14",
        "STATUTE": "1861(n)",
        "XREF1": "E0002",
        "COV": "D",
        "PROCNOTE": "0088",
        "BETOS": "D1E",
        "TOS1": "P",
        "TOS2": "R",
        "ANEST_BU": "  0",
        "ADD DT": 20200101,
        "ACT EFF DT": "20210401",
        "TERM DT": "20251231",
        "ACTION CD": "N",
    }
    (from_sheet,) = read_hcpcs(_sheet(tmp_path, NAMES, record))
    (from_lines,) = read_hcpcs(_contractor(tmp_path, FIRST, MORE))
    assert from_sheet.line == 2
    for name in HcpcsCode.__slots__:
        if name != "line":
            assert getattr(from_sheet, name) == getattr(from_lines, name), name


def test_other_columns_are_refused(tmp_path: Path) -> None:
    swapped = [NAMES[0], NAMES[2], NAMES[1], *NAMES[3:]]
    for names in (NAMES[:-1], swapped, []):
        with pytest.raises(FormatError, match="the 48 HCPCS columns"):
            list(read_hcpcs(_sheet(tmp_path, names)))


@pytest.mark.official
def test_official_spreadsheet(official: Path) -> None:
    refused: Counter[str] = Counter()
    records = list(read_hcpcs(official / "HCPC2025_OCT_ANWEB.xlsx", refused))
    assert Counter(record.kind for record in records) == {
        HcpcsKind.CODE: 8463,
        HcpcsKind.MODIFIER: 383,
    }
    assert not refused
    by_code = {record.code: record for record in records}
    assert len(by_code) == len(records)
    assert by_code["J1815"].long == "Injection, insulin, per 5 units"
    assert by_code["AA"].kind is HcpcsKind.MODIFIER
