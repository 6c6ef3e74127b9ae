"""Bytes, lines and rows from files, zip members and workbooks, and what is refused."""

from __future__ import annotations

import zipfile
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest

from codesets.errors import FormatError
from codesets.formats import source as sources
from codesets.formats.elements import Schema, read_records
from codesets.formats.source import Source, as_source, is_workbook, lines, members, parse_date, rows

if TYPE_CHECKING:
    from pathlib import Path


def _workbook(path: Path, table: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in table:
        book.active.append(row)
    book.save(path)
    return path


def test_rows_read_the_same_from_all_three_layouts(tmp_path: Path) -> None:
    table = [["Code", "Day", "Note"], ["A01.0", "20251001", "one, two"], ["00100", "7", ""]]
    comma = tmp_path / "a.bin"
    comma.write_text('Code,Day,Note\r\nA01.0,20251001,"one, two"\r\n00100,7,\r\n')
    tabs = tmp_path / "b.bin"
    tabs.write_text('Code\tDay\tNote\nA01.0\t20251001\t"one, two"\n00100\t7\t\n')
    sheet = _workbook(
        tmp_path / "c.bin", [["Code", "Day", "Note"], ["A01.0", 20251001, "one, two"]]
    )
    assert [row for _, row in rows(as_source(comma))] == [tuple(row) for row in table]
    assert [row for _, row in rows(as_source(tabs))] == [tuple(row) for row in table]
    assert [row for _, row in rows(as_source(sheet))] == [tuple(row) for row in table[:2]]
    assert is_workbook(as_source(sheet))
    assert not is_workbook(as_source(tabs))


def test_cells_of_a_sheet_become_text(tmp_path: Path) -> None:
    sheet = _workbook(tmp_path / "t.xlsx", [[date(2023, 4, 1), 2017.0, None, " x ", 1.5]])
    assert next(rows(as_source(sheet)))[1] == ("2023-04-01", "2017", "", "x", "1.5")


def test_member_of_a_zip_reads_like_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("folder/", "")
        archive.writestr("folder/codes.txt", "one\ntwo\n")
    (member,) = members(path)
    assert list(lines(member)) == [(1, "one"), (2, "two")]
    assert str(member) == f"{path}!folder/codes.txt"
    with pytest.raises(FormatError, match="a member named gone"):
        list(lines(Source(path, "gone")))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"caf\xc3\xa9", "café"),
        (b"caf\xe9", "café"),
        (b"\xef\xbb\xbfcode", "code"),
        (b"code\r\n", "code"),
    ],
)
def test_lines_decode_official_text(tmp_path: Path, raw: bytes, expected: str) -> None:
    path = tmp_path / "t.txt"
    path.write_bytes(raw)
    assert list(lines(as_source(path))) == [(1, expected)]


@pytest.mark.parametrize(
    ("raw", "line", "expected"),
    [
        (b"good\nbad\0\n", 2, "binary data"),
        (b"good\n\x81\x8d\n", 2, "UTF-8 or Windows-1252"),
        (b"x" * (sources.MAX_LINE + 1), 1, "lines shorter"),
    ],
)
def test_lines_refuse_what_is_not_text(
    tmp_path: Path, raw: bytes, line: int, expected: str
) -> None:
    path = tmp_path / "t.txt"
    path.write_bytes(raw)
    with pytest.raises(FormatError, match=expected) as caught:
        list(lines(as_source(path)))
    assert caught.value.line == line


def test_an_unfinished_quoted_cell_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('a,b\n1,"cut sho')
    with pytest.raises(FormatError, match="well-formed rows"):
        list(rows(as_source(path)))


def test_a_damaged_member_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "0123456789" * 1000)
    data = bytearray(path.read_bytes())
    data[45] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(FormatError, match="undamaged zip"):
        list(lines(Source(path, "a.txt")))


def test_a_member_that_unpacks_too_large_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MAX_BYTES", 1000)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", "0" * 1001)
        archive.writestr("fine.txt", "0" * 1000)
    with pytest.raises(FormatError, match="at most 1000 bytes unpacked, found 1001"):
        list(lines(Source(path, "bomb.txt")))
    assert len(list(lines(Source(path, "fine.txt")))) == 1
    sheet = _workbook(tmp_path / "t.xlsx", [["x"]])
    with pytest.raises(FormatError, match="at most 1000 bytes"):
        list(rows(as_source(sheet)))


def test_a_workbook_with_a_document_type_is_refused(tmp_path: Path) -> None:
    sheet = _workbook(tmp_path / "t.xlsx", [["x"]])
    evil = tmp_path / "evil.xlsx"
    with zipfile.ZipFile(sheet) as good, zipfile.ZipFile(evil, "w") as bad:
        for info in good.infolist():
            data = good.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                data = b'<!DOCTYPE x [<!ENTITY a "b">]>' + data
            bad.writestr(info.filename, data)
    with pytest.raises(FormatError, match="document type"):
        list(rows(as_source(evil)))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20251001", date(2025, 10, 1)),
        ("2025-10-01", date(2025, 10, 1)),
        ("04/01/23", date(2023, 4, 1)),
        ("20251301", None),
        ("", None),
        ("October", None),
    ],
)
def test_dates_as_cms_writes_them(text: str, day: date | None) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("<other/>", 1, "<r> as the root element, found <other>"),
        ("<r>\n<group>\n<x/></group></r>", 3, "found <x>"),
        ("<r>\n<group><record>", 2, "well-formed XML"),
        ("<r>\n<group><record></group></r>", 2, "well-formed XML"),
        ('<!DOCTYPE r [<!ENTITY a "b">]>\n<r>&a;</r>', 1, "document type"),
        ("", 1, "well-formed XML"),
        ("plain words", 1, "well-formed XML"),
    ],
)
def test_records_refuse_other_xml(tmp_path: Path, text: str, line: int, expected: str) -> None:
    path = tmp_path / "t.xml"
    path.write_text(text)
    with pytest.raises(FormatError, match=expected) as caught:
        list(read_records(as_source(path), "r", [("group", "record")]))
    assert caught.value.line == line


def test_records_keep_children_lines_and_text(tmp_path: Path) -> None:
    path = tmp_path / "t.xml"
    path.write_text("<r><group>\n<record>a &amp; <b>x</b>\n c</record>\n<record/></group></r>")
    found = list(read_records(as_source(path), "r", [("group", "record")]))
    assert [(way, node.line, node.text) for way, node in found] == [
        (("group", "record"), 2, "a & c"),
        (("group", "record"), 4, ""),
    ]
    first = found[0][1]
    assert first.texts("b") == ("x",)
    with pytest.raises(FormatError, match="<c> in <record>, found <b>"):
        Schema(as_source(path)).only(first, ("c",))


def test_a_damaged_workbook_is_an_error(tmp_path: Path) -> None:
    sheet = _workbook(tmp_path / "t.xlsx", [[f"words {n}"] for n in range(2000)])
    good = sheet.read_bytes()
    at = good.index(b"xl/worksheets/sheet1.xml") + 200
    sheet.write_bytes(good[:at] + bytes(40) + good[at + 40 :])
    with pytest.raises(FormatError, match="a workbook with a readable first sheet"):
        list(rows(as_source(sheet)))
    sheet.write_bytes(good[: len(good) // 2])
    assert not is_workbook(as_source(sheet))
