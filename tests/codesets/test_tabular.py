"""The reader of the official Tabular List, the tree made of it, and its valid codes."""

from __future__ import annotations

import unicodedata
import zipfile
from typing import TYPE_CHECKING

import pytest

from codesets import packaged
from codesets.draft import Draft, common_title
from codesets.errors import FormatError, StorageError
from codesets.formats.order import read_codes, read_order
from codesets.formats.tabular import Tabular, TabularRecord, read_tabular
from codesets.models import NoteKind, System
from codesets.notation import dotted
from codesets.sevenths import parse_exemption

if TYPE_CHECKING:
    from pathlib import Path

    from codesets.library import Library


@pytest.fixture(scope="module")
def tabular() -> Tabular:
    return read_tabular(packaged.tabular_path())


@pytest.fixture(scope="module")
def records(tabular: Tabular) -> dict[str, TabularRecord]:
    return {record.code: record for record in tabular.records}


def lines(record: TabularRecord, kind: NoteKind) -> list[str]:
    return [note.text for note in record.notes if note.kind is kind]


def test_the_packaged_file_has_its_published_counts(tabular: Tabular) -> None:
    counts = {element: tabular.count(element) for element in ("diag", "chapter", "section")}
    assert counts == {"diag": 46_881, "chapter": 22, "section": 297}
    assert tabular.version == "2026"
    assert sum(record.placeholder for record in tabular.records) == 246
    assert sum(bool(record.sevenths) for record in tabular.records) == 508


def test_no_note_is_lost(tabular: Tabular) -> None:
    """25,178 note elements: 8 stand in the introduction and 7 explain a 7th character.

    The table of visual impairment becomes 6 lines more.
    """
    explained = sum(bool(s.note) for record in tabular.records for s in record.sevenths)
    assert explained == 7
    assert sum(len(record.notes) for record in tabular.records) == 25_178 - 8 - 7 + 6


def test_titles_leave_out_the_range_of_blocks_only(records: dict[str, TabularRecord]) -> None:
    assert records["1"].title == "Certain infectious and parasitic diseases"
    assert records["A00-A09"].title == "Intestinal infectious diseases"
    assert records["QA0-QA0"].title == "Genetic disorders, not elsewhere classified"
    assert records["J95.87"].title == "Transfusion-associated dyspnea (TAD)"


@pytest.mark.parametrize(
    ("section", "above"),
    [
        ("C50-C50", "C00-C75"),
        ("C00-C75", "C00-C96"),
        ("C76-C80", "C00-C96"),
        ("C7A-C7A", "C00-C96"),  # in letter order inside C76-C80, in print a block of its own
        ("C00-C96", "2"),
        ("D49-D49", "2"),
        ("M05-M14", "M00-M25"),
        ("T20-T25", "T20-T32"),
        ("T20-T32", "T07-T88"),
        ("S50-S59", "19"),
        ("V30-V39", "V00-V99"),
        ("Y83-Y84", "Y62-Y84"),
        ("Y90-Y99", "20"),
    ],
)
def test_blocks_nest(
    tabular: Tabular, records: dict[str, TabularRecord], section: str, above: str
) -> None:
    parent = records[section].parent
    assert parent is not None
    assert tabular.records[parent].code == above


def test_lines_of_a_list_know_what_opens_it(records: dict[str, TabularRecord]) -> None:
    e11 = {note.text: note.lead for note in records["E11"].notes}
    assert e11["insulin (Z79.4)"] == "code to identify control using:"
    assert e11["code to identify control using:"] == ""
    assert e11["type 1 diabetes mellitus (E10.-)"] == ""
    u07 = {note.text: note.lead for note in records["U07.1"].notes}
    assert u07["disseminated intravascular coagulation (D65)"].endswith("conditions such as:")


def test_the_table_of_visual_impairment_is_read(records: dict[str, TabularRecord]) -> None:
    notes = lines(records["H54.8"], NoteKind.NOTE)
    rows = [note for note in notes if note.startswith("Category of visual impairment")]
    assert len(rows) == 6
    assert "maximum less than: 6/18 / 3/10(0.3) / 20/70" in rows[0]
    assert "minimum equal to or better than: 6/60 / 1/10(0.1) / 20/200" in rows[0]
    assert rows[4] == "Category of visual impairment 5: No light perception"


def test_lines_among_seventh_characters(records: dict[str, TabularRecord]) -> None:
    notes = {s.character: s.note for s in records["S52"].sevenths}
    assert notes["B"] == "initial encounter for open fracture NOS"
    assert notes["A"] == ""
    assert {s.character: s.note for s in records["H35.31"].sevenths}["3"] == "advanced dry stage"
    # printed below "sequela", where it can only be the record's own term
    assert [s.note for s in records["W08"].sevenths] == ["", "", ""]
    assert "Fall from stool" in lines(records["W08"], NoteKind.INCLUSION_TERM)


GOOD = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular>
<version>2030</version>
<chapter>
<name>1</name>
<desc>First (A00-A09)</desc>
<sectionIndex><sectionRef first="A00" last="A09" id="A00-A09">Block</sectionRef></sectionIndex>
<section id="A00-A09">
<desc>Block (A00-A09)</desc>
<diag>
<name>A00</name>
<desc>Category</desc>
<sevenChrNote><note>7th characters</note></sevenChrNote>
<sevenChrDef>
<extension char="A">initial encounter</extension>
<extension char="S">sequela</extension>
</sevenChrDef>
<diag><name>A00.1</name><desc>Sub</desc></diag>
</diag>
</section>
</chapter>
</ICD10CM.tabular>
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "tabular.xml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_small_list_expands(tmp_path: Path) -> None:
    draft = Draft.from_tabular(read_tabular(write(tmp_path, GOOD)), "FY2030")
    valid = [(r.code, r.title) for r in draft.walk() if r.valid]
    assert valid == [("A00.1XXA", "Sub, initial encounter"), ("A00.1XXS", "Sub, sequela")]


@pytest.mark.parametrize(
    ("old", "new", "line", "expected"),
    [
        ("</chapter>", "</chaptr>", 21, "well-formed XML"),
        ("<version>2030</version>", "<edition>2030</edition>", 3, "not edition"),
        ("<name>A00</name>", "<name>A0</name>", 11, "a code such as E11.22, not 'A0'"),
        ("<name>A00.1</name>", "<name>B00.1</name>", 18, "a code under A00, not B00.1"),
        ("<name>A00.1</name>", "<name>A00</name>", 18, "A00 once (it stands at line 11)"),
        ("<desc>Category</desc>", "", 10, "a desc in this diag"),
        ("<name>A00</name>\n", "", 10, "a name in this diag"),
        ("<name>1</name>", "<name>one</name>", 5, "a chapter number"),
        ('id="A00-A09">\n<desc>', 'id="A-B">\n<desc>', 8, "a section id"),
        ('char="A"', 'char="AB"', 15, "a char attribute of one letter or digit"),
        (
            "<note>7th characters</note>",
            "<remark>7</remark>",
            13,
            "note inside sevenChrNote, not remark",
        ),
        ('encoding="utf-8"?>', 'encoding="utf-8"?><!DOCTYPE x>', 1, "without a document type"),
    ],
)
def test_departures_are_named_with_their_line(
    tmp_path: Path, old: str, new: str, line: int, expected: str
) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(FormatError) as error:
        read_tabular(path)
    assert (error.value.line, error.value.path) == (line, str(path))
    assert expected in error.value.expected


def test_entities_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]><ICD10CM.tabular>&a;</ICD10CM.tabular>'
    with pytest.raises(FormatError):
        read_tabular(write(tmp_path, bomb))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<ICD10CM.tabular></ICD10CM.tabular>",
        "<ICD10CM.index></ICD10CM.index>",
        "PK\x03\x04 zip",
    ],
)
def test_files_that_are_no_tabular_list(tmp_path: Path, text: str) -> None:
    with pytest.raises(FormatError):
        read_tabular(write(tmp_path, text))


@pytest.mark.parametrize(
    ("note", "stem", "character", "exempt"),
    [
        ("7th characters D and S do not apply to codes in category S06 with 6th character 7",
         "S06307", "D", True),
        ("7th characters D and S do not apply to codes in category S06 with 6th character 7",
         "S06307", "A", False),
        ("7th characters D and S do not apply to codes in category S06 with 6th character 7",
         "S06309", "D", False),
        ("7th characters D, E and S do not apply to codes in subcategory S06.3",
         "S06301", "E", True),
        ("7th character S does not apply to codes S06.3-S06.4", "S064X1", "S", True),
        ("7th character S does not apply to codes S06.3-S06.4", "S065X1", "S", False),
    ],
)  # fmt: skip
def test_notes_that_exempt_codes_from_seventh_characters(
    note: str, stem: str, character: str, exempt: bool
) -> None:
    exemption = parse_exemption(note)
    assert exemption is not None
    assert exemption.covers(stem, character) is exempt


@pytest.mark.parametrize(
    "note",
    [
        "The appropriate 7th character is to be added to each code from category S06",
        "7th characters D and S do not apply to fatal injuries",
        "",
    ],
)
def test_other_notes_exempt_nothing(note: str) -> None:
    assert parse_exemption(note) is None


def test_an_exemption_not_understood_stops_the_reading(tmp_path: Path) -> None:
    note = "<notes><note>7th character S does not apply to the dead</note></notes>"
    text = GOOD.replace("<sevenChrNote>", f"{note}<sevenChrNote>")
    with pytest.raises(FormatError) as error:
        Draft.from_tabular(read_tabular(write(tmp_path, text)), "FY2030")
    assert error.value.line == 13


def test_death_before_regaining_consciousness_has_no_later_encounter(
    library_fy2026: Library,
) -> None:
    assert library_fy2026.get("S06.307A").valid
    assert library_fy2026.find("S06.307D") is None
    assert library_fy2026.find("S06.8A8S") is None
    assert library_fy2026.get("S06.309D").valid
    assert [s.character for s in library_fy2026.seventh_characters("S06.307")] == ["A"]


def without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@pytest.mark.official
def test_the_valid_codes_are_the_official_list(official: Path, library_fy2026: Library) -> None:
    """Codes one for one; titles too, but for the accents that only the Tabular List prints."""
    path = official / "icd10cm_codes_2026.txt"
    listed = {dotted(line.key): line.title for line in read_codes(path)}
    ours = {code.code: code.title for code in library_fy2026.valid_codes()}
    assert len(listed) == 74_719
    assert ours.keys() == listed.keys()
    differing = {code for code, title in listed.items() if ours[code] != title}
    assert len(differing) == 119
    assert all(without_accents(ours[code]) == listed[code] for code in differing)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A000    Cholera, one", [("A000", True, "Cholera, one")]),
        ("S52502A Fracture  of radius", [("S52502A", True, "Fracture  of radius")]),
        ("", []),
    ],
)
def test_lines_of_a_code_file(
    tmp_path: Path, text: str, expected: list[tuple[str, bool, str]]
) -> None:
    path = tmp_path / "codes.txt"
    path.write_text(f"{text}\n", encoding="utf-8")
    assert [(line.key, line.valid, line.title) for line in read_codes(path)] == expected


@pytest.mark.parametrize("text", ["A0 Too short", "A000", "a000 Lower", "A000 One\nA000 Twice"])
def test_code_files_with_errors(tmp_path: Path, text: str) -> None:
    path = tmp_path / "codes.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError) as error:
        list(read_codes(path))
    assert error.value.line == text.count("\n") + 1


def order_line(number: int, key: str, valid: int, title: str) -> str:
    return f"{number:05} {key:7} {valid} {title[:60]:60} {title}"


def test_an_order_file_gives_headers_and_codes(tmp_path: Path) -> None:
    path = tmp_path / "order.txt"
    rows = [
        order_line(1, "W03", 0, "Fall, other"),
        order_line(2, "W03XXXA", 1, "Fall, other, initial encounter"),
        order_line(3, "W04", 1, "Fall while carried"),
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    draft = Draft.from_lines(read_order(path), "FY2030", System.ICD10CM)
    assert [(r.code, r.valid, r.extension) for r in draft.walk()] == [
        ("W03", False, False),
        ("W03.XXXA", True, True),
        ("W04", True, False),
    ]
    path.write_text(rows[0].replace(" 0 ", " 2 "), encoding="utf-8")
    with pytest.raises(FormatError):
        list(read_order(path))


def test_a_code_file_alone_gives_the_levels_between(tmp_path: Path) -> None:
    path = tmp_path / "codes.txt"
    path.write_text(
        "S43601A Sprain of left joint, initial encounter\n"
        "S43601S Sprain of left joint, sequela\n"
        "S4361XA Sprain of right joint, initial encounter\n",
        encoding="utf-8",
    )
    draft = Draft.from_lines(read_codes(path), "FY2030", System.ICD10CM)
    assert [(r.code, r.title) for r in draft.walk() if r.derived and r.children] == [
        ("S43", "Sprain"),
        ("S43.6", "Sprain"),
        ("S43.60", "Sprain of left joint"),
        ("S43.601", "Sprain of left joint"),
        ("S43.61", "Sprain of right joint, initial encounter"),
    ]


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (["One, a", "One, b"], "One"),
        (["Right thing of x", "Left thing of x"], "Thing of x"),
        (["Exposure to other blasts", "Exposure to mines"], "Exposure"),
        (["One"], "One"),
        (["Alpha", "Beta"], "Alpha; Beta"),
        (["A one", "B two", "C three", "D four"], "A one; B two; C three; and 1 more"),
    ],
)
def test_titles_from_shared_words(titles: list[str], expected: str) -> None:
    assert common_title(titles) == expected


@pytest.mark.official
def test_a_code_file_and_its_order_file_give_the_same_tree(official: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(official / "2025-code-descriptions-tabular-order-april.zip") as archive:
        for name in archive.namelist():
            if name.endswith(("icd10cm_order_2025.txt", "icd10cm_codes_2025.txt")):
                (tmp_path / name.rsplit("/", 1)[-1]).write_bytes(archive.read(name))
    lines_read = list(read_order(tmp_path / "icd10cm_order_2025.txt"))
    assert (len(lines_read), sum(line.valid for line in lines_read)) == (97_584, 74_260)
    with_headers = Draft.from_lines(lines_read, "FY2025", System.ICD10CM)
    codes = read_codes(tmp_path / "icd10cm_codes_2025.txt")
    without = Draft.from_lines(codes, "FY2025", System.ICD10CM)
    assert with_headers.records.keys() == without.records.keys()
    assert not any(record.derived for record in with_headers.walk())


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged, "find_spec", lambda _: None)
    with pytest.raises(StorageError, match=r"pip install simple-icd-10-cm==1\.5\.0"):
        packaged.tabular_path()
