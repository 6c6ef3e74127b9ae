"""NCCI: pairs, unit limits and add-on codes in CMS's layouts, with invented pairs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from codesets.errors import FormatError
from codesets.formats.ncci import (
    AddOnType,
    ModifierIndicator,
    MueAdjudication,
    MueService,
    read_add_ons,
    read_mue,
    read_ptp,
)

if TYPE_CHECKING:
    from pathlib import Path

NOTICE = "CPT codes and other data are copyright of the American Medical Association, 2026."
PTP: list[list[Any]] = [
    [NOTICE],
    ["Column1/Column2 Edits"],
    [
        "Column 1",
        "Column 2",
        "*=in existence prior to 1996",
        "Effective Date",
        "Deletion Date",
        "Modifier",
        "PTP Edit Rationale",
    ],
    ["", "", "", "", "*=no data", "0=not allowed", ""],
    ["", "", "", "", "", "1=allowed", ""],
    ["", "", "", "", "", "9=not applicable", ""],
    ["00001", "0002T", "", "20200101", "*", "1", "Misuse of column two code"],
    ["J0001", "00003", "*", "19960101", "20051231", "0", "Standards of practice"],
    ["00004", "G0005", "", "20100401", "20100401", "9", "More extensive procedure"],
]
MUE: list[list[Any]] = [
    [NOTICE],
    [
        "HCPCS/CPT\nCode",
        "Practitioner Services MUE Values",
        "MUE Adjudication Indicator",
        "MUE Rationale",
    ],
    ["00001", "2", "2 Date of Service Edit: Policy", "Anatomic Consideration"],
    ["J0001", "0", "1 Line Edit", "CMS Policy"],
    ["0002T", "100", "3 Date of Service Edit: Clinical", "Clinical: Data"],
]
ADD_ONS: list[list[Any]] = [
    [NOTICE],
    [
        "AOC_Edit_Type",
        "Add-On_Code",
        "AOC_DelDT",
        "Primary_Code",
        "Primary_Code_DelDT",
        "AOC_Edit_EffDT",
        "AOC_Edit_DelDT",
        "Special_Instruction_Notes",
    ],
    ["1", "00001", "", "00002", "", "2020001", "", ""],
    ["2", "00003", "", "CCCCC", "", "2013060", "2024366", "Read the manual"],
]


def _text(path: Path, table: list[list[Any]], mark: str) -> Path:
    def cell(value: Any) -> str:
        text = str(value)
        return f'"{text}"' if "," in text or "\n" in text else text

    path.write_text("".join(mark.join(map(cell, row)) + "\r\n" for row in table))
    return path


def _sheet(path: Path, table: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    for row in table:
        # CMS's sheets hold numbers, so that anesthesia codes lose their leading zeros.
        book.active.append([int(v) if str(v).isdigit() else v or None for v in row])
    book.save(path)
    return path


@pytest.fixture(params=["tab", "comma", "sheet"])
def write(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    def written(table: list[list[Any]]) -> Path:
        if request.param == "sheet":
            return _sheet(tmp_path / "file", table)
        return _text(tmp_path / "file", table, "\t" if request.param == "tab" else ",")

    return written


def test_pairs(write: Any) -> None:
    first, second, third = read_ptp(write(PTP))
    assert (first.column1, first.column2, first.before_1996) == ("00001", "0002T", False)
    assert (first.effective, first.deleted) == (date(2020, 1, 1), None)
    assert first.modifier is ModifierIndicator.ALLOWED
    assert first.rationale == "Misuse of column two code"
    assert (second.before_1996, second.deleted) == (True, date(2005, 12, 31))
    assert second.modifier is ModifierIndicator.NOT_ALLOWED
    assert third.modifier is ModifierIndicator.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("day", "in_force"),
    [
        (date(1995, 12, 31), False),
        (date(1996, 1, 1), True),
        (date(2005, 12, 31), True),
        (date(2006, 1, 1), False),
    ],
)
def test_pairs_on_a_date(tmp_path: Path, day: date, in_force: bool) -> None:
    second = list(read_ptp(_text(tmp_path / "file", PTP, "\t")))[1]
    assert second.in_force(day) is in_force


def test_unit_limits(write: Any) -> None:
    first, second, third = read_mue(write(MUE))
    assert (first.code, first.units, first.service) == ("00001", 2, MueService.PRACTITIONER)
    assert first.adjudication is MueAdjudication.DATE_OF_SERVICE_POLICY
    assert first.rationale == "Anatomic Consideration"
    assert (second.units, second.adjudication) == (0, MueAdjudication.CLAIM_LINE)
    assert (third.units, third.adjudication.value) == (100, "3")


@pytest.mark.parametrize(
    ("heading", "service"),
    [
        ("Outpatient Hospital Services MUE Values", MueService.OUTPATIENT_HOSPITAL),
        ("DME Supplier Services MUE Values", MueService.DME_SUPPLIER),
    ],
)
def test_unit_limits_of_other_services(tmp_path: Path, heading: str, service: MueService) -> None:
    table = [MUE[0], [MUE[1][0], heading, *MUE[1][2:]], MUE[2]]
    (limit,) = read_mue(_text(tmp_path / "file", table, ","))
    assert limit.service is service


def test_add_on_codes(write: Any) -> None:
    first, second = read_add_ons(write(ADD_ONS))
    assert (first.code, first.kind, first.primary) == ("00001", AddOnType.LISTED, "00002")
    assert (first.effective, first.deleted) == (date(2020, 1, 1), None)
    assert (second.kind, second.primary) == (AddOnType.CONTRACTOR_DEFINED, None)
    assert (second.effective, second.deleted) == (date(2013, 3, 1), date(2024, 12, 31))
    assert second.notes == "Read the manual"
    assert second.in_force(date(2024, 12, 31))
    assert not second.in_force(date(2025, 1, 1))


def test_older_headings_of_add_on_codes(tmp_path: Path) -> None:
    heading = ["AOC_Edit_Type", "Add_On_Code", "AOC_Del_Dt_Julian", "Primary_Code"]
    heading += ["Primary_Code_Del_Dt_Julian", "AOC_Edit_Eff_Dt_Julian", "AOC_Edit_Del_Dt_Julian"]
    table = [[NOTICE], heading, ADD_ONS[2][:7]]
    (found,) = read_add_ons(_text(tmp_path / "file", table, ","))
    assert (found.primary, found.effective) == ("00002", date(2020, 1, 1))


def _with(table: list[list[Any]], row: int, column: int, value: str) -> list[list[Any]]:
    changed = [list(cells) for cells in table]
    changed[row][column] = value
    return changed


@pytest.mark.parametrize(
    ("read", "table", "line", "expected"),
    [
        (read_ptp, PTP[:2] + PTP[6:], None, "a heading that begins column 1, column 2"),
        (read_ptp, PTP[:6], 3, "at least one pair of codes"),
        (read_ptp, [*PTP, ["00009", "00010", "", "2020"]], 10, "7 columns, found 4"),
        (read_ptp, _with(PTP, 7, 0, "office visit"), 8, "a CPT or HCPCS code"),
        (read_ptp, _with(PTP, 7, 3, "1996"), 8, "YYYYMMDD dates"),
        (read_ptp, _with(PTP, 7, 4, "never"), 8, "YYYYMMDD dates"),
        (read_ptp, _with(PTP, 7, 5, "2"), 8, "modifier indicator 0, 1 or 9, found '2'"),
        (read_ptp, MUE, None, "a heading that begins column 1"),
        (read_mue, PTP, None, "a heading that begins hcpcs/cpt code"),
        (read_mue, _with(MUE, 1, 1, "MUE Values"), 3, "the MUE columns"),
        (read_mue, _with(MUE, 2, 1, "two"), 4, "a number of units, found 'two'"),
        (read_mue, _with(MUE, 2, 2, "4 Other"), 4, "adjudication 1, 2 or 3"),
        (read_mue, MUE[:2], 3, "at least one code"),
        (read_add_ons, _with(ADD_ONS, 1, 3, "Other"), 2, "the add-on columns"),
        (read_add_ons, _with(ADD_ONS, 2, 0, "4"), 3, "add-on type 1, 2 or 3, found '4'"),
        (read_add_ons, _with(ADD_ONS, 2, 5, "2020367"), 3, "a day as YYYYDDD"),
        (read_add_ons, _with(ADD_ONS, 2, 5, "20200101"), 3, "a day as YYYYDDD"),
        (read_add_ons, ADD_ONS[:2], 2, "at least one add-on code"),
    ],
)
def test_altered_files_are_refused(
    tmp_path: Path, read: Any, table: list[list[Any]], line: int | None, expected: str
) -> None:
    with pytest.raises(FormatError) as caught:
        list(read(_text(tmp_path / "file", table, ",")))
    assert expected in str(caught.value)
    assert caught.value.line == line
