"""CPT: shapes, and the AMA's layouts with invented descriptors."""

from __future__ import annotations

from pathlib import Path

import pytest

from codesets.errors import FormatError, LicenceError
from codesets.formats.cpt import (
    CptCategory,
    CptDescriptor,
    category,
    is_cpt_shaped,
    read_cpt,
    read_cpt_modifiers,
)

NOTICE = (
    "CPT codes are copyright of the American Medical Association.\r\nAll rights are theirs.\r\n\r\n"
)
LICENSEE = "Example Hospital"


def _file(folder: Path, text: str) -> Path:
    path = folder / "cpt.txt"
    path.write_bytes(text.encode("cp1252"))
    return path


@pytest.mark.parametrize(
    ("text", "shaped"),
    [
        ("99213", True),
        ("00100", True),
        ("0001T", True),
        ("0001F", True),
        ("0001U", True),
        ("0001M", True),
        (" 0001u ", True),
        ("J1815", False),
        ("9921", False),
        ("992133", False),
        ("0001A", False),
        ("E11.9", False),
        ("99213-25", False),
        ("", False),
    ],
)
def test_shape(text: str, shaped: bool) -> None:
    assert is_cpt_shaped(text) is shaped


def test_category() -> None:
    assert category("99213") is CptCategory.CATEGORY_I
    assert category("0001T") is CptCategory.CATEGORY_III
    assert category("0001u") is CptCategory.LABORATORY


@pytest.mark.parametrize(
    ("body", "descriptor", "texts"),
    [
        ("00001\tInvented\r\n0002T\tSecond\r\n", CptDescriptor.SHORT, ["Invented", "Second"]),
        ("00001 INVENTED\r\n", CptDescriptor.SHORT, ["INVENTED"]),
        (f"00001 {'M' * 48}\r\n", CptDescriptor.MEDIUM, ["M" * 48]),
        (f'00001\tA 2" {"L" * 60}\r\n\x1a', CptDescriptor.LONG, [f'A 2" {"L" * 60}']),
        (
            "0000101 An invented descriptor that runs over\r\n0000102 two lines of the file\r\n",
            CptDescriptor.LONG,
            ["An invented descriptor that runs over two lines of the file"],
        ),
    ],
)
def test_layouts(tmp_path: Path, body: str, descriptor: CptDescriptor, texts: list[str]) -> None:
    found = list(read_cpt(_file(tmp_path, NOTICE + body), LICENSEE))
    assert [record.text for record in found] == texts
    assert {record.descriptor for record in found} == {descriptor}
    assert {record.licensee for record in found} == {LICENSEE}
    assert found[0].line == 4


def test_the_caller_may_say_which_descriptor(tmp_path: Path) -> None:
    path = _file(tmp_path, NOTICE + "00001\tInvented\r\n")
    (record,) = read_cpt(path, LICENSEE, CptDescriptor.LONG)
    assert record.descriptor is CptDescriptor.LONG


def test_consolidated_list(tmp_path: Path) -> None:
    body = "Concept Id\tCPT Code\tLong\tMedium\tShort\r\n1\t00001\tInvented thing\tInv thing\t\r\n"
    found = list(read_cpt(_file(tmp_path, NOTICE + body), LICENSEE))
    assert [(r.code, r.descriptor, r.text) for r in found] == [
        ("00001", CptDescriptor.LONG, "Invented thing"),
        ("00001", CptDescriptor.MEDIUM, "Inv thing"),
    ]
    with pytest.raises(FormatError, match="5 columns with a CPT code"):
        list(read_cpt(_file(tmp_path, NOTICE + body + "1\t0000\r\n"), LICENSEE))


@pytest.mark.parametrize("licensee", ["", "   "])
def test_without_a_licensee_nothing_is_opened(licensee: str) -> None:
    for read in (read_cpt, read_cpt_modifiers):
        with pytest.raises(LicenceError, match="--licensee NAME"):
            read(Path("there-is-no-such-file"), licensee)


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        (NOTICE + "00001\tInvented\r\n0000", 5, "a CPT code, a tab and a descriptor"),
        (NOTICE + "00001\tInvented\r\nE0001\tOther\r\n", 5, "a CPT code"),
        (NOTICE + "00001\t \r\n", 4, "a descriptor after 00001"),
        (NOTICE + "0000102 second line\r\n", 4, "line 01 of 00001 before line 02"),
        (NOTICE, None, "CPT records"),
    ],
)
def test_other_files_are_refused(
    tmp_path: Path, text: str, line: int | None, expected: str
) -> None:
    with pytest.raises(FormatError) as caught:
        list(read_cpt(_file(tmp_path, text), LICENSEE))
    assert expected in str(caught.value)
    assert caught.value.line == line


def test_modifiers(tmp_path: Path) -> None:
    body = NOTICE + "In no event\r\n98\tInvented modifier\r\nP1  Invented status\r\nZZ\tSide\r\n"
    found = list(read_cpt_modifiers(_file(tmp_path, body), LICENSEE))
    assert [(m.code, m.text) for m in found] == [
        ("98", "Invented modifier"),
        ("P1", "Invented status"),
        ("ZZ", "Side"),
    ]
    with pytest.raises(FormatError, match="a modifier, a tab"):
        list(read_cpt_modifiers(_file(tmp_path, body + "cut"), LICENSEE))
    with pytest.raises(FormatError, match="CPT modifiers"):
        list(read_cpt_modifiers(_file(tmp_path, NOTICE), LICENSEE))
