"""Code editor flags, POA-exempt codes, risk-adjustment mappings, the conversion table."""

from __future__ import annotations

import zipfile
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from codesets.errors import FormatError
from codesets.formats.conversion import read_conversion
from codesets.formats.hcc import HccModel, read_hcc
from codesets.formats.mce import MceFlag, read_mce_flags
from codesets.formats.poa import read_poa_exempt
from codesets.formats.source import members
from codesets.models import CodeRange

if TYPE_CHECKING:
    from pathlib import Path

MCE = "code,start,end,flags\r\nA0100,20151001,,\r\nO0001,20151001,20240930,maternity|female\r\n"
POA = 'Order27\tPOAexemptCode\tDescription\r\n00007\tB90.0\t"One, two"\r\n00009\tB91\tThree\r\n'
POA_README = (
    "List of Present On Admission (POA) exempt codes, for FY2027 ({} codes).\r\n"
    "List of codes added to the current FY2027 POA exempt list (1 codes).\r\n"
)
HCC = (
    '"Title",,,,,\n"Includes",,,,,\n,,,,,\n"Diagnosis\nCode",Description,"CMS-HCC\nESRD\nModel\n'
    'Category\nV24","RxHCC\nModel\nCategory\nV08","CMS-HCC\nESRD Model\nCategory\nV24 for 2027\n'
    'Payment Year","RxHCC\nModel\nCategory\nV08 for 2027\nPayment Year"\n'
    "E0821,One,18,30,Yes,No\nE0821,One,134,,Yes,--\nI10,Two,,187,No,Yes\n,,,,,\nNotes:,,,,,\n"
)
CONVERSION = (
    '"Notice of FY 2027",,\r\nCurrent code assignment,Effective,Previous Code(s) Assignment\r\n'
    "D69.11 ,2026,D69.1\r\nA01.1,04/01/23,None\r\n"
    "B01.2,2016,I63.031-I63.032; I63.039\r\nC01.3,2018,Codes in categories O35-O36 and I63.-\r\n"
    ",,\r\n"
)


def _file(folder: Path, text: str) -> Path:
    path = folder / "file"
    path.write_text(text)
    return path


def test_editor_flags(tmp_path: Path) -> None:
    plain, mother = read_mce_flags(_file(tmp_path, MCE))
    assert (plain.code, plain.flags, plain.end) == ("A01.00", frozenset(), None)
    assert mother.flags == {MceFlag.MATERNITY, MceFlag.FEMALE}
    assert [mother.in_force(date(2024, 9, 30)), mother.in_force(date(2024, 10, 1))] == [True, False]
    assert plain.in_force(date(2026, 10, 1))


def _poa_zip(folder: Path, declared: int) -> Path:
    path = folder / "poa.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Add.txt", "Order27\tPOAexemptCode\tDescription\r\n00009\tB91\tThree\r\n")
        archive.writestr("Codes.txt", POA)
        archive.writestr("ReadMe.txt", POA_README.format(declared))
    return path


def test_poa_exempt_codes(tmp_path: Path) -> None:
    from_text = list(read_poa_exempt(_file(tmp_path, POA)))
    assert [(c.code, c.title, c.order, c.fiscal_year) for c in from_text] == [
        ("B90.0", "One, two", 7, 2027),
        ("B91", "Three", 9, 2027),
    ]
    assert list(read_poa_exempt(_poa_zip(tmp_path, 2))) == from_text
    with pytest.raises(FormatError, match=r"a list of 3 exempt codes, found \[1, 2\]"):
        list(read_poa_exempt(_poa_zip(tmp_path, 3)))


def test_risk_adjustment(tmp_path: Path) -> None:
    esrd, drugs = HccModel("CMS-HCC", "V24", True), HccModel("RxHCC", "V08", False)
    found = list(read_hcc(_file(tmp_path, HCC)))
    assert [(m.code, m.model, m.category, m.pays) for m in found] == [
        ("E08.21", esrd, 18, True),
        ("E08.21", drugs, 30, False),
        ("E08.21", esrd, 134, True),
        ("I10", drugs, 187, True),
    ]
    assert {m.payment_year for m in found} == {2027}


def test_conversions(tmp_path: Path) -> None:
    found = list(read_conversion(_file(tmp_path, CONVERSION)))
    assert [(c.code, c.effective) for c in found] == [
        ("D69.11", date(2026, 10, 1)),
        ("A01.1", date(2023, 4, 1)),
        ("B01.2", date(2016, 10, 1)),
        ("C01.3", date(2018, 10, 1)),
    ]
    assert [c.previous for c in found] == [
        (CodeRange("D69.1", "D69.1"),),
        (),
        (CodeRange("I63.031", "I63.032"), CodeRange("I63.039", "I63.039")),
        (CodeRange("O35", "O36"), CodeRange("I63", "I63")),
    ]
    assert found[3].wording == "Codes in categories O35-O36 and I63.-"


@pytest.mark.parametrize(
    ("read", "text", "old", "new", "line", "expected"),
    [
        (read_mce_flags, MCE, "code,", "codes,", 1, "the columns code,start,end,flags"),
        (read_mce_flags, MCE, "A0100", "A01.00", 2, "an ICD-10-CM code"),
        (read_mce_flags, MCE, "20240930", "2024", 3, "YYYYMMDD dates"),
        (read_mce_flags, MCE, "|female", "|male|tall", 3, "flags of the editor"),
        (read_mce_flags, MCE, ",maternity|female\r\n", "", 3, "an ICD-10-CM code and 3"),
        (read_poa_exempt, POA, "Order27", "Order", 1, "the columns Order<YY>"),
        (read_poa_exempt, POA, "B91\t", "B910\t", 3, "a dotted ICD-10-CM code"),
        (read_poa_exempt, POA, "\tThree\r\n", "", 3, "a dotted ICD-10-CM code"),
        (read_hcc, HCC, "Diagnosis", "Other", None, "a heading that begins Diagnosis Code"),
        (read_hcc, HCC, "V08 for 2027", "V09 for 2027", 20, "a category and a payment column"),
        (read_hcc, HCC, "Model\nCategory\nV08 for", "Sum\nV08 for", 19, "a model in every"),
        (read_hcc, HCC, "18,30", "18,x", 21, "a category number, found 'x'"),
        (read_hcc, HCC, "18,30,Yes,No", "18,30,Yes,", 21, "Yes, No or --, found ''"),
        (read_hcc, HCC, "\n,,,,,\nNotes:,,,,,\n", "\n", None, "may be cut short"),
        (read_conversion, CONVERSION, "Effective", "Until", None, "the heading current code"),
        (read_conversion, CONVERSION, "A01.1", "A1.1", 4, "an ICD-10-CM code"),
        (read_conversion, CONVERSION, "2016", "Fall", 5, "a year or a date, found 'Fall'"),
        (read_conversion, CONVERSION, "None", "many", 4, "previous codes or None"),
    ],
)
def test_altered_files_are_refused(
    tmp_path: Path, read: Any, text: str, old: str, new: str, line: int | None, expected: str
) -> None:
    assert old in text
    with pytest.raises(FormatError) as caught:
        list(read(_file(tmp_path, text.replace(old, new))))
    assert expected in str(caught.value)
    assert caught.value.line == line


@pytest.mark.official
def test_official_editor_flags(official: Path) -> None:
    spans = list(read_mce_flags(official / "mce_v43_1_icd10dx_flags.csv"))
    current = Counter(flag for span in spans if span.end is None for flag in span.flags)
    assert {flag: current[flag] for flag in MceFlag if current[flag] > 100} | {
        MceFlag.NEWBORN: current[MceFlag.NEWBORN]
    } == {
        MceFlag.UNACCEPTABLE: 2652,
        MceFlag.MANIFESTATION: 422,
        MceFlag.EXTERNAL_CAUSE: 7461,
        MceFlag.UNSPECIFIED: 3465,
        MceFlag.ADULT: 856,
        MceFlag.MATERNITY: 2543,
        MceFlag.PEDIATRIC: 125,
        MceFlag.NEWBORN: 42,
    }
    assert not current[MceFlag.FEMALE] + current[MceFlag.MALE]
    assert sum(span.end is None for span in spans) == 74719


@pytest.mark.official
def test_official_poa_list(official: Path) -> None:
    codes = list(read_poa_exempt(official / "POAexemptCodesFY26.zip"))
    assert len(codes) == len({code.code for code in codes}) == 38349
    assert {code.fiscal_year for code in codes} == {2026}


@pytest.mark.official
def test_official_risk_adjustment(official: Path) -> None:
    mappings = list(read_hcc(official / "2026_Initial_ICD-10-CM_Mappings.csv"))
    assert len({m.code for m in mappings if m.model.version == "V28"}) == 7903


@pytest.mark.official
def test_official_conversions(official: Path) -> None:
    path = official / "2025-conversion-table.zip"
    conversions = list(read_conversion(path))
    assert len(conversions) == 5405
    sheets = [list(read_conversion(member)) for member in members(path)]
    assert [len(sheet) for sheet in sheets] == [5405, 5405]
    for one, other in zip(*sheets, strict=True):
        assert (one.code, one.effective, one.previous) == (
            other.code,
            other.effective,
            other.previous,
        )
