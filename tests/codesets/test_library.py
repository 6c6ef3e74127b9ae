"""One compiled release: look-ups, lineage, inherited notes, near codes, sharing and damage."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING

import pytest

from codesets.compile import SCHEMA, write_release
from codesets.draft import Draft
from codesets.errors import StorageError, UnknownCodeError
from codesets.formats.order import CodeLine
from codesets.library import Library
from codesets.models import Level, NoteKind, Release, System
from codesets.storage import read_meta

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from codesets.models import Code


def codes(records: Sequence[Code]) -> list[str]:
    return [record.code for record in records]


@pytest.mark.parametrize(
    ("written", "code", "title", "valid", "level"),
    [
        ("E1122", "E11.22", "Type 2 diabetes mellitus with diabetic chronic kidney disease",
         True, Level.CODE),
        ("e11.22.", "E11.22", "Type 2 diabetes mellitus with diabetic chronic kidney disease",
         True, Level.CODE),
        ("i10", "I10", "Essential (primary) hypertension", True, Level.CATEGORY),
        ("E11.-", "E11", "Type 2 diabetes mellitus", False, Level.CATEGORY),
        ("S52.502", "S52.502", "Unspecified fracture of the lower end of left radius",
         False, Level.SUBCATEGORY),
        ("s52502a", "S52.502A", "Unspecified fracture of the lower end of left radius, initial"
         " encounter for closed fracture", True, Level.CODE),
        ("T36.0X", "T36.0X", "Poisoning by, adverse effect of and underdosing of penicillins",
         False, Level.SUBCATEGORY),
        ("a00-a09", "A00-A09", "Intestinal infectious diseases", False, Level.SECTION),
        ("A00–A09", "A00-A09", "Intestinal infectious diseases", False, Level.SECTION),
        ("Chapter 4", "4", "Endocrine, nutritional and metabolic diseases", False, Level.CHAPTER),
        ("04", "4", "Endocrine, nutritional and metabolic diseases", False, Level.CHAPTER),
    ],
)  # fmt: skip
def test_any_spelling_finds_the_record(
    library: Library, written: str, code: str, title: str, valid: bool, level: Level
) -> None:
    found = library.get(written)
    assert (found.code, found.title, found.valid, found.level) == (code, title, valid, level)
    assert (found.system, found.release) == (System.ICD10CM, "FY2027")


@pytest.mark.parametrize("written", ["", " ", "hello", "E11.22345", "23", "0", "Z99.999", "'; --"])
def test_what_is_not_there_is_not_found(library: Library, written: str) -> None:
    assert library.find(written) is None
    with pytest.raises(UnknownCodeError):
        library.get(written)


def test_an_unknown_code_carries_its_nearest(library: Library) -> None:
    with pytest.raises(UnknownCodeError) as error:
        library.get("e11.222")
    assert error.value.code == "E11.222"
    assert error.value.nearest[0] == "E11.22"


@pytest.mark.parametrize(
    ("code", "lineage"),
    [
        ("S52.502A", ["19", "S50-S59", "S52", "S52.5", "S52.50", "S52.502", "S52.502A"]),
        ("C50.911", ["2", "C00-C96", "C00-C75", "C50-C50", "C50", "C50.9", "C50.91", "C50.911"]),
        ("B99", ["1", "B99-B99", "B99"]),
        ("QA1.71", ["17", "QA0-QA0", "QA1", "QA1.7", "QA1.71"]),
        ("J4B", ["10", "J40-J4A", "J4B"]),
        ("K6A.01", ["11", "K65-K68", "K6A", "K6A.0", "K6A.01"]),
        ("O31.40X0", ["15", "O30-O48", "O31", "O31.4", "O31.40", "O31.40X0"]),
        ("W03.XXXA", ["20", "V00-X58", "W00-X58", "W00-W19", "W03", "W03.XXXA"]),
        ("A00-A09", ["1", "A00-A09"]),
        ("1", ["1"]),
    ],
)
def test_lineage_runs_from_the_chapter_to_the_code(
    library: Library, code: str, lineage: list[str]
) -> None:
    assert codes(library.lineage(code)) == lineage


def test_children_and_descendants(library: Library) -> None:
    assert codes(library.children("M54.5")) == ["M54.50", "M54.51", "M54.59"]
    assert codes(library.children("S52.502"))[:3] == ["S52.502A", "S52.502B", "S52.502C"]
    assert len(library.children("S52.502")) == 16
    assert library.children("M54.50") == []
    assert "E11" in codes(library.children("E08-E13"))
    under = library.descendants("E11.2")
    assert codes(under) == ["E11.21", "E11.22", "E11.29"]
    assert codes(library.descendants("W03")) == ["W03.XXXA", "W03.XXXD", "W03.XXXS"]
    every = codes(library.descendants("S52.50", valid_only=False))
    assert every[:2] == ["S52.501", "S52.501A"]
    assert len(every) == 3 + 3 * 16
    assert library.descendants("E11.22") == []


def test_notes_come_nearest_first(library: Library) -> None:
    notes = library.notes("E11.22")
    owners = list(dict.fromkeys(note.owner for note in notes))
    assert owners == ["E11.22", "E11", "4"]
    own = library.notes("E11.22", inherited=False)
    assert [(note.kind, note.text) for note in own] == [
        (
            NoteKind.USE_ADDITIONAL,
            "code to identify stage of chronic kidney disease (N18.1-N18.6)",
        )
    ]
    assert [(r.first, r.last) for r in own[0].references] == [("N18.1", "N18.6")]
    assert own[0].passage_id == "E11.22:use-additional-1"
    insulin = next(note for note in notes if note.text == "insulin (Z79.4)")
    assert insulin.lead == "code to identify control using:"
    assert insulin.passage_id == "E11:use-additional-3"
    assert insulin.text_release == "FY2026-04"


def test_extensions_and_blocks_inherit_notes(library: Library) -> None:
    owners = {note.owner for note in library.notes("S52.502A")}
    assert {"S52", "S50-S59", "19"} <= owners
    assert "M00-M25" in {note.owner for note in library.notes("M17.12")}
    assert "T20-T32" in {note.owner for note in library.notes("T20.00XA")}


def test_positions_count_each_kind_by_itself(library: Library) -> None:
    counted: dict[tuple[str, NoteKind], int] = {}
    for note in library.all_notes():
        key = (note.owner, note.kind)
        counted[key] = counted.get(key, 0) + 1
        assert note.position == counted[key]
    assert sum(counted.values()) == library.counts()["notes"]


def test_inclusion_terms_are_the_records_own(library: Library) -> None:
    assert "Myocardial infarction (acute) NOS" in library.inclusion_terms("I21.9")
    assert library.inclusion_terms("E11.22") == []


@pytest.mark.parametrize(
    ("code", "characters"),
    [
        ("S52.502", "ABCDEFGHJKMNPQRS"),
        ("S52.502A", "ABCDEFGHJKMNPQRS"),
        ("S42.301", "ABDGKPS"),
        ("S42.311", "ADGKPS"),  # S42.31- defines its own: a greenstick fracture is never open
        ("W03", "ADS"),
        ("S06.307", "A"),
        ("H35.321", "0123"),
        ("O31.40", "0123459"),
        ("E11.22", ""),
        ("M54.50", ""),
    ],
)
def test_seventh_characters(library: Library, code: str, characters: str) -> None:
    assert "".join(s.character for s in library.seventh_characters(code)) == characters


def test_a_seventh_character_means_what_is_printed(library: Library) -> None:
    meaning = {s.character: s for s in library.seventh_characters("S52.502")}
    assert meaning["B"].meaning == "initial encounter for open fracture type I or II"
    assert meaning["B"].note == "initial encounter for open fracture NOS"


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("M54.5", ["M54.50", "M54.51", "M54.59"]),  # not valid by itself
        ("S52.502", ["S52.502A", "S52.502B"]),  # lacks its 7th character
        ("S43.60A", ["S43.60XA"]),  # lacks the placeholder
        ("W03.A", ["W03.XXXA"]),
        ("E11.222", ["E11.22"]),  # a character too many
        ("I10.0", ["I10"]),
        ("E11.2Z", ["E11.21", "E11.22", "E11.29"]),
        ("EI1.22", ["E11.22"]),  # I for 1
        ("E11.2I", ["E11.21"]),
        ("110", ["I10"]),
        ("J81.9", ["J18.9", "J81.0", "J81.1"]),
        ("S52.502X", ["S52.502A"]),
        ("S52.5002A", ["S52.502A"]),
        ("N81.31", ["N81.3", "N83.11", "N18.31"]),  # swapped
        ("3.14", []),
        ("A1C", []),
        ("C78.13X", ["C78.1"]),
        ("M54.05", ["M54.00", "M54.01", "M54.02", "M54.03"]),
        ("D69.1", ["D69.11", "D69.19"]),  # deleted: its replacements
        ("T52.8X1A", ["T52.811A", "T52.821A", "T52.891A"]),
        ("hello", []),
        ("ZZZ", []),
        ("", []),
    ],
)
def test_near_codes(library: Library, asked: str, first: list[str]) -> None:
    near = codes(library.nearest(asked))
    assert near[: len(first)] == first
    assert len(near) <= 5
    assert asked not in near
    if not first:
        assert near == []


def test_near_codes_are_valid_and_never_more_than_asked(library: Library) -> None:
    for asked in ("E11", "4", "A00-A09", "S52", "K6A", "Q99.99", "T52.8X"):
        for limit in (1, 3):
            near = library.nearest(asked, limit)
            assert len(near) <= limit
            assert all(code.valid for code in near)


def test_walks_are_complete_and_in_order(library: Library, library_fy2026: Library) -> None:
    counts = library_fy2026.counts()
    nodes = list(library_fy2026.nodes())
    assert len(nodes) == counts["records"] == 47_200
    assert codes(nodes[:4]) == ["1", "A00-A09", "A00", "A00.0"]
    assert len({node.code for node in nodes}) == len(nodes)
    assert counts["valid"] == sum(1 for _ in library_fy2026.valid_codes()) == 74_719
    assert library.counts()["valid"] == sum(1 for _ in library.valid_codes()) == 74_879
    assert (counts["chapters"], counts["sections"]) == (22, 297)


def test_valid_codes_are_exactly_the_leaves(library: Library) -> None:
    parents = {code.parent for code in library.nodes()}
    parents |= {code.parent for code in library.valid_codes()}
    for code in library.nodes():
        assert code.valid is (code.code not in parents), code.code


def test_new_codes_stand_in_letter_order_among_their_siblings(library: Library) -> None:
    assert codes(library.children("C78.3"))[-3:] == ["C78.31", "C78.32", "C78.39"]
    assert codes(library.children("K74.0")) == ["K74.00", "K74.01", "K74.02", "K74.0A"]
    assert codes(library.children("T52.8")) == ["T52.81", "T52.82", "T52.89"]
    categories = [c for c in codes(library.children("J40-J4A")) if c > "J47"]
    assert categories == ["J4A", "J4B"]


def test_retired_codes_answer_questions_but_stand_outside_the_tree(library: Library) -> None:
    retired = library.get("T52.8X1A")
    assert (retired.valid, retired.effective_to) == (False, date(2026, 9, 30))
    assert codes(library.lineage("T52.8X1A"))[-3:] == ["T52.8X", "T52.8X1", "T52.8X1A"]
    assert "T52.8X" not in codes(library.children("T52.8"))
    assert "T52.8X1" not in {code.code for code in library.nodes()}
    assert len(list(library.retired_codes())) == library.counts()["retired"] == 21


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("D69.1", ["D69.11", "D69.19"]),
        ("Z68.1", ["Z68.18", "Z68.19"]),
        ("I42.8", ["I42.81", "I42.89"]),
        ("S23.420A", ["S43.60XA", "S43.61XA", "S43.62XA"]),
        ("T52.8X3S", ["T52.813S", "T52.823S", "T52.893S"]),
        ("M72.2", ["M67.A01", "M67.A02", "M67.A09", "M72.20", "M72.21", "M72.22"]),
        ("M86.8X7", ["M86.8X71", "M86.8X72", "M86.8X79"]),
        ("E11.22", []),
        ("Z99.999", []),
    ],
)
def test_replacements(library: Library, old: str, new: list[str]) -> None:
    assert codes(library.replacements(old)) == new
    for code in new:
        assert old in codes(library.replaced(code))


def test_every_deleted_code_has_valid_replacements(library: Library) -> None:
    deleted = [code for code in library.nodes() if code.effective_to] + [
        code for code in library.retired_codes() if len(code.code) == 8
    ]
    assert len(deleted) == 30
    for code in deleted:
        replacements = library.replacements(code.code)
        assert replacements, code.code
        assert all(replacement.valid for replacement in replacements)


def test_a_library_is_shared_between_threads(library: Library) -> None:
    wanted = codes(list(library.valid_codes()))[::600]
    alone = [codes(library.lineage(code)) for code in wanted]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(4):
            assert list(pool.map(lambda code: codes(library.lineage(code)), wanted)) == alone


RELEASE = Release(System.ICD10CM, "FY2030", date(2029, 10, 1), None, "a test", "none")
LINES = [
    CodeLine("W03", False, "Fall", "", 1),
    CodeLine("W03XXXA", True, "Fall, initial encounter", "", 2),
    CodeLine("W03XXXS", True, "Fall, sequela", "", 3),
]


def compiled(path: Path) -> Path:
    write_release(Draft.from_lines(LINES, "FY2030", System.ICD10CM), RELEASE, "abc", path)
    return path


def test_a_release_of_codes_and_titles_only(tmp_path: Path) -> None:
    library = Library.open(compiled(tmp_path / "a.sqlite"))
    assert library.release == RELEASE
    assert library.sha256 == "abc"
    assert codes(library.lineage("w03xxxa")) == ["W03", "W03.XXXA"]
    assert library.notes("W03.XXXA") == []
    told = [(s.character, s.meaning) for s in library.seventh_characters("W03")]
    assert told == [("A", "initial encounter"), ("S", "sequela")]
    assert codes(library.nearest("W03")) == ["W03.XXXA", "W03.XXXS"]
    library.verify()
    library.close()


def test_other_systems_keep_their_own_spelling(tmp_path: Path) -> None:
    release = Release(System.ICD10PCS, "FY2030", date(2029, 10, 1), None, "a test", "none")
    lines = [
        CodeLine("0DT", False, "Resection", "", 1),
        CodeLine("0DTJ0ZZ", True, "Resection of Appendix, Open Approach", "", 2),
        CodeLine("0DTJ4ZZ", True, "Resection of Appendix, Percutaneous Endoscopic", "", 3),
    ]
    path = tmp_path / "p.sqlite"
    write_release(Draft.from_lines(lines, "FY2030", System.ICD10PCS), release, "abc", path)
    library = Library.open(path)
    assert codes(library.lineage("0dtj4zz")) == ["0DT", "0DTJ4ZZ"]
    assert codes(library.nearest("0DTJ5ZZ")) == ["0DTJ0ZZ", "0DTJ4ZZ"]
    assert library.find("0DT.J4ZZ") is None
    library.close()


def test_the_file_is_opened_read_only(tmp_path: Path) -> None:
    library = Library.open(compiled(tmp_path / "a.sqlite"))
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        library._connection.execute("DELETE FROM record")
    library.close()


def test_compiling_leaves_nothing_but_the_file(tmp_path: Path) -> None:
    compiled(tmp_path / "a.sqlite")
    assert [path.name for path in tmp_path.iterdir()] == ["a.sqlite"]


def test_a_failed_compilation_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = compiled(tmp_path / "a.sqlite")
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("codesets.compile._counts", fail)
    with pytest.raises(OSError, match="No space left"):
        compiled(path)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["a.sqlite"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: b"not a database " * 100,
        lambda data: b"\0" * len(data),
        lambda data: data[:100] + b"\xff" * 4000 + data[4100:],
    ],
)
def test_damaged_files_are_noticed(tmp_path: Path, damage: object) -> None:
    path = compiled(tmp_path / "a.sqlite")
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]  # one of the above
    with pytest.raises(StorageError, match="damaged"):
        Library.open(path)


def test_damage_deep_inside_is_found_by_verifying(tmp_path: Path) -> None:
    path = compiled(tmp_path / "a.sqlite")
    data = bytearray(path.read_bytes())
    connection = sqlite3.connect(path)
    root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name='record'").fetchone()[
        0
    ]
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    data[(root - 1) * size : root * size] = b"\xff" * size
    path.write_bytes(data)
    library = Library.open(path)
    with pytest.raises(StorageError, match="damaged"):
        library.verify()
    with pytest.raises(StorageError, match="damaged"):
        library.get("W03")
    library.close()


def test_a_missing_file_and_another_schema_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="does not exist"):
        Library.open(tmp_path / "none.sqlite")
    path = compiled(tmp_path / "a.sqlite")
    connection = sqlite3.connect(path)
    connection.execute("UPDATE meta SET value = ? WHERE name = 'schema'", (str(SCHEMA + 1),))
    connection.commit()
    connection.close()
    with pytest.raises(StorageError, match=f"has schema {SCHEMA + 1}"):
        read_meta(path)
