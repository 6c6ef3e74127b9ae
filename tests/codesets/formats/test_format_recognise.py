"""Files are told apart by content: names are all alike here, and near misses stay unknown."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from codesets.errors import FormatError
from codesets.formats.recognise import FileKind, recognise, recognise_all
from codesets.models import System

if TYPE_CHECKING:
    from pathlib import Path

NOTICE = "CPT is copyright of the American Medical Association.\n"
INDEX = (
    "<?xml version='1.0'?><ICD10CM.index><version>2027</version>{}"
    "<letter><title>A</title></letter></ICD10CM.index>"
)
CASES = [
    (
        "<?xml version='1.0'?><ICD10CM.tabular><version>2027</version></ICD10CM.tabular>",
        FileKind.ICD10CM_TABULAR,
        "FY2027",
    ),
    (
        INDEX.format("<title>ICD-10-CM INDEX TO DISEASES and INJURIES</title>"),
        FileKind.ICD10CM_INDEX,
        "FY2027",
    ),
    (
        INDEX.format("<title>ICD-10-CM EXTERNAL CAUSE of INJURIES INDEX</title>"),
        FileKind.ICD10CM_EXTERNAL_CAUSE_INDEX,
        "FY2027",
    ),
    (
        INDEX.format('<indexHeading><head col="1">Substance</head></indexHeading>'),
        FileKind.ICD10CM_DRUG_TABLE,
        "FY2027",
    ),
    (
        INDEX.format('<indexHeading><head col="1">Neoplasm</head></indexHeading>'),
        FileKind.ICD10CM_NEOPLASM_TABLE,
        "FY2027",
    ),
    (
        "<ICD10PCS.tabular><version>2027</version><title>T</title></ICD10PCS.tabular>",
        FileKind.ICD10PCS_TABLES,
        "FY2027",
    ),
    (
        "<ICD10PCS.definitions><version>2027</version></ICD10PCS.definitions>",
        FileKind.ICD10PCS_DEFINITIONS,
        "FY2027",
    ),
    (
        "<ICD10PCS.index><version>2027</version></ICD10PCS.index>",
        FileKind.ICD10PCS_INDEX,
        "FY2027",
    ),
    ("A000    First title\nQA00101 Second title\n", FileKind.ICD10CM_CODES, None),
    ("0016070 First title\nXW0DXU5 Second title\n", FileKind.ICD10PCS_CODES, None),
    ("00001 A00     0 Header\n00002 A000    1 Code\n", FileKind.ICD10CM_ORDER, None),
    ("00001 001     0 Header\n00002 0016070 1 Code\n", FileKind.ICD10PCS_ORDER, None),
    (
        "Add:         C7831   A title\n\nCodes\n  9 codes in icd10cm_order_2026.txt\n"
        "  10 codes in icd10cm_order_2027.txt\n",
        FileKind.ICD10CM_CODES_ADDENDA,
        "FY2027",
    ),
    (
        "\nCodes\n  9 codes in icd10cm_order_2027.txt\nHeaders\n"
        "  2 headers in icd10cm_order_2027.txt\n",
        FileKind.ICD10CM_ORDER_ADDENDA,
        "FY2027",
    ),
    (
        "Add:         02HM3JZ Short title\nCodes\n  9 codes in icd10pcs_order_2027.txt\n",
        FileKind.ICD10PCS_ORDER_ADDENDA,
        "FY2027",
    ),
    (
        "E00010010031Words" + " " * 76 + "Short" + " " * 222 + "\n",
        FileKind.HCPCS_CONTRACTOR,
        None,
    ),
    (NOTICE + "00001\tInvented\n0002T\tInvented\n", FileKind.CPT_DESCRIPTORS, None),
    ("00001\tInvented\n", FileKind.CPT_DESCRIPTORS, None),
    (
        NOTICE + "Concept Id\tCPT Code\tLong\n1\t00001\tInvented\n",
        FileKind.CPT_DESCRIPTORS,
        None,
    ),
    (NOTICE + "98\tInvented\nP1\tInvented\n", FileKind.CPT_MODIFIERS, None),
    (
        NOTICE + "Column1/Column2 Edits\nColumn 1\tColumn 2\t*=in existence prior to 1996\n",
        FileKind.NCCI_PTP,
        None,
    ),
    (
        f'"{NOTICE}"\n"HCPCS/CPT\nCode",DME Supplier Services MUE Values\n',
        FileKind.NCCI_MUE,
        None,
    ),
    (f"{NOTICE}AOC_Edit_Type,Add-On_Code,AOC_DelDT\n", FileKind.NCCI_ADD_ONS, None),
    ("code,start,end,flags\nA000,20151001,,\n", FileKind.ICD10CM_MCE_FLAGS, None),
    (
        "FY 2027 table,,\nCurrent code assignment,Effective,Previous Code(s) Assignment\n",
        FileKind.ICD10CM_CONVERSION,
        "FY2027",
    ),
    (
        "Order27\tPOAexemptCode\tDescription\n" + "00007\tB90.0\tTitle\n" * 5000,
        FileKind.ICD10CM_POA_EXEMPT,
        "FY2027",
    ),
    (
        "Order27\tPOAexemptCode\tDescription\n00007\tB90.0\tTitle\n",
        FileKind.ICD10CM_POA_CHANGES,
        "FY2027",
    ),
    ("POAexemptCode\tDescription\nB90.0\tTitle\n", FileKind.ICD10CM_POA_CHANGES, None),
    (
        '"Diagnosis\nCode",Description,"RxHCC\nModel\nCategory\nV08 for 2027\nPayment Year"\n',
        FileKind.ICD10CM_HCC,
        "PY2027",
    ),
    ("", FileKind.UNKNOWN, None),
    ("Dear reader,\nA000 is a code.\n", FileKind.UNKNOWN, None),
    ("<?xml version='1.0'?><html><version>2027</version></html>", FileKind.UNKNOWN, None),
    ("A000    First title\nnot a code line\n", FileKind.UNKNOWN, None),
    ("98\tNo notice above it\n", FileKind.UNKNOWN, None),
    ("Codes\nof conduct\n", FileKind.UNKNOWN, None),
    ("code,start,end\n", FileKind.UNKNOWN, None),
    ("column one,column two\n", FileKind.UNKNOWN, None),
]


@pytest.mark.parametrize(("text", "kind", "release"), CASES)
def test_content_decides(tmp_path: Path, text: str, kind: FileKind, release: str | None) -> None:
    path = tmp_path / "file"
    path.write_text(text)
    found = recognise(path)
    assert (found.kind, found.release) == (kind, release)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [(b"\x89PNG\r\n\x1a\n\0\0", FileKind.UNKNOWN), (b"\0" * 100, FileKind.UNKNOWN)],
)
def test_binary_files_are_unknown(tmp_path: Path, raw: bytes, kind: FileKind) -> None:
    path = tmp_path / "icd10cm_codes_2027.txt"
    path.write_bytes(raw)
    assert recognise(path).kind is kind


@pytest.mark.parametrize(
    ("name", "release"),
    [
        ("icd10cm_codes_2027.txt", "FY2027"),
        ("icd10cm_codes_April_2027.txt", "FY2027-04"),
        ("codes.txt", None),
    ],
)
def test_the_name_helps_with_the_release_only(
    tmp_path: Path, name: str, release: str | None
) -> None:
    path = tmp_path / name
    path.write_text("A000    First title\n")
    assert (recognise(path).kind, recognise(path).release) == (FileKind.ICD10CM_CODES, release)
    assert recognise(path).system is System.ICD10CM


@pytest.mark.parametrize(
    ("written", "release"),
    [((2026, 7, 1, 0, 0, 0), "FY2027"), ((2027, 1, 15, 0, 0, 0), "FY2027-04")],
)
def test_the_date_in_a_zip_tells_an_update(
    tmp_path: Path, written: tuple[int, int, int, int, int, int], release: str
) -> None:
    path = tmp_path / "codes.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("icd10cm_codes_2027.txt", written), "A000    Title\n")
    assert recognise(path).kind is FileKind.ARCHIVE
    (found,) = recognise_all(path)
    assert (found.kind, found.release) == (FileKind.ICD10CM_CODES, release)


def test_folders_and_damaged_files_are_reported_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A000    Title\n")
    (tmp_path / "b.xml").write_text("<?xml version='1.0'?><ICD10CM.tabular><ver")
    (tmp_path / "c.xml").write_text('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>')
    (tmp_path / "d.pdf").write_bytes(b"%PDF-1.7 cut short")
    (tmp_path / "e.zip").write_bytes(b"PK\x03\x04 cut short")
    (tmp_path / ".hidden").write_text("A000    Title\n")
    assert [(r.source.name, r.kind) for r in recognise_all(tmp_path)] == [
        ("a.txt", FileKind.ICD10CM_CODES),
        ("b.xml", FileKind.DAMAGED),
        ("c.xml", FileKind.DAMAGED),
        ("d.pdf", FileKind.DAMAGED),
        ("e.zip", FileKind.DAMAGED),
    ]
    with pytest.raises(FormatError):
        recognise(tmp_path / "b.xml")


@pytest.mark.official
def test_official_files(official: Path) -> None:
    found = {r.source.name: (r.kind, r.release) for r in recognise_all(official)}
    assert {
        name: answer for name, answer in found.items() if answer[0] is not FileKind.UNKNOWN
    } == {
        "icd10cm_codes_2025.txt": (FileKind.ICD10CM_CODES, "FY2025-04"),
        "icd10cm_codes_addenda_2025.txt": (FileKind.ICD10CM_CODES_ADDENDA, "FY2025-04"),
        "icd10cm_order_2025.txt": (FileKind.ICD10CM_ORDER, "FY2025-04"),
        "icd10cm_order_addenda_2025.txt": (FileKind.ICD10CM_ORDER_ADDENDA, "FY2025-04"),
        "508_Compliant_Version_of_ICD-10-CM-Conversion-Table-FY25.csv": (
            FileKind.ICD10CM_CONVERSION,
            "FY2025",
        ),
        "ICD-10-CM-Conversion-Table-FY2025-Effective-10-01-2024-FINAL.xlsx": (
            FileKind.ICD10CM_CONVERSION,
            "FY2025",
        ),
        "order_addenda_2026.txt": (FileKind.ICD10PCS_ORDER_ADDENDA, "FY2026-04"),
        "icd10pcs_order_2026.txt": (FileKind.ICD10PCS_ORDER, "FY2026-04"),
        "2026_Initial_ICD-10-CM_Mappings.csv": (FileKind.ICD10CM_HCC, "PY2025"),
        "HCPC2025_OCT_ANWEB.xlsx": (FileKind.HCPCS_SPREADSHEET, "2025-10"),
        "POAexemptAddCodesFY26.txt": (FileKind.ICD10CM_POA_CHANGES, "FY2026"),
        "POAexemptAddCodesFY26.xlsx": (FileKind.ICD10CM_POA_CHANGES, "FY2026"),
        "POAexemptCodesFY26.txt": (FileKind.ICD10CM_POA_EXEMPT, "FY2026"),
        "POAexemptCodesFY26.xlsx": (FileKind.ICD10CM_POA_EXEMPT, "FY2026"),
        "POAexemptDeleteCodesFY26.txt": (FileKind.ICD10CM_POA_CHANGES, None),
        "POAexemptDeleteCodesFY26.xlsx": (FileKind.ICD10CM_POA_CHANGES, None),
        "POAexemptReviseCodesFY26.txt": (FileKind.ICD10CM_POA_CHANGES, "FY2026"),
        "POAexemptReviseCodesFY26.xlsx": (FileKind.ICD10CM_POA_CHANGES, "FY2026"),
        "icd10cm-drug-April-1-2026.xml": (FileKind.ICD10CM_DRUG_TABLE, "FY2026-04"),
        "icd10cm-eindex-April-1-2026.xml": (FileKind.ICD10CM_EXTERNAL_CAUSE_INDEX, "FY2026-04"),
        "icd10cm-index-2025.xml": (FileKind.ICD10CM_INDEX, "FY2025"),
        "icd10cm-neoplasm-April-1-2026.xml": (FileKind.ICD10CM_NEOPLASM_TABLE, "FY2026-04"),
        "icd10cm_codes_2026.txt": (FileKind.ICD10CM_CODES, "FY2026"),
        "icd10cm_codes_addenda_2027.txt": (FileKind.ICD10CM_CODES_ADDENDA, "FY2027"),
        "icd10cm_guidelines_FY2026_oct2025.pdf": (FileKind.ICD10CM_GUIDELINES, "FY2026"),
        "icd10pcs_definitions_2026.xml": (FileKind.ICD10PCS_DEFINITIONS, "FY2026"),
        "icd10pcs_index_2025.xml": (FileKind.ICD10PCS_INDEX, "FY2025"),
        "icd10pcs_tables_2026.xml": (FileKind.ICD10PCS_TABLES, "FY2026"),
        "mce_v43_1_icd10dx_flags.csv": (FileKind.ICD10CM_MCE_FLAGS, None),
    }
