"""The resolver on a small hand-written release: tables, definitions and index of a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codesets.errors import FormatError, StorageError
from codesets.formats.pcs import read_tables
from codesets.procedures import ProcedureBook, compile_book, resolve_procedure
from codesets.procedures.book import verify_book

if TYPE_CHECKING:
    from pathlib import Path

    from codesets.procedures import ProcedureResolution

Row = tuple[str, str, str, str]
OUT_OF = "Taking all of the part"
PORTION = "Taking some of the part"


def _axis(position: int, title: str, values: str, definition: str = "") -> str:
    labels = [value.strip() for value in values.split("|")]
    made = "".join(f'<label code="{label[0]}">{label[2:]}</label>' for label in labels)
    meaning = f"<definition>{definition}</definition>" if definition else ""
    return (
        f'<axis pos="{position}" values="{len(labels)}"><title>{title}</title>{made}{meaning}'
        "</axis>"
    )


def _table(prefix: str, system: str, operation: str, definition: str, *rows: Row) -> str:
    made = ""
    for row in rows:
        size = 1
        axes = ""
        titles = ("Body Part", "Approach", "Device", "Qualifier")
        for position, (title, values) in enumerate(zip(titles, row, strict=True), start=4):
            size *= len(values.split("|"))
            axes += _axis(position, title, values)
        made += f'<pcsRow codes="{size}">{axes}</pcsRow>'
    head = (
        _axis(1, "Section", f"{prefix[0]} Medical and Surgical")
        + _axis(2, "Body System", f"{prefix[1]} {system}")
        + _axis(3, "Operation", f"{prefix[2]} {operation}", definition)
    )
    return f"<pcsTable>{head}{made}</pcsTable>"


SURGICAL = "0 Open|3 Percutaneous|4 Percutaneous Endoscopic"
TABLES = (
    "<ICD10PCS.tabular><version>2031</version><title>T</title>"
    + _table(
        "0DT", "Gastrointestinal System", "Resection", OUT_OF,
        ("J Appendix|6 Stomach", "0 Open|4 Percutaneous Endoscopic", "Z No Device",
         "Z No Qualifier"),
        ("F Large Intestine, Right|G Large Intestine, Left", "0 Open", "Z No Device",
         "Z No Qualifier"),
    )
    + _table(
        "0DB", "Gastrointestinal System", "Excision", PORTION,
        ("J Appendix|6 Stomach|7 Stomach, Pylorus", SURGICAL, "Z No Device",
         "X Diagnostic|Z No Qualifier"),
    )
    + _table(
        "0T9", "Urinary System", "Drainage", "Letting fluid out",
        ("3 Kidney Pelvis, Right|4 Kidney Pelvis, Left", SURGICAL, "0 Drainage Device",
         "Z No Qualifier"),
        ("3 Kidney Pelvis, Right|4 Kidney Pelvis, Left", SURGICAL, "Z No Device",
         "X Diagnostic|Z No Qualifier"),
    )
    + _table(
        "0TB", "Urinary System", "Excision", PORTION,
        ("0 Kidney, Right|1 Kidney, Left", SURGICAL, "Z No Device",
         "X Diagnostic|Z No Qualifier"),
    )
    + "</ICD10PCS.tabular>"
)  # fmt: skip
DEFINITIONS = """<ICD10PCS.definitions><version>2031</version><title>D</title>
<section code="0"><title>Medical and Surgical</title>
<axis pos="5"><title>Approach</title><terms><title>Open</title>
<definition>Through a cut</definition></terms></axis>
<axis pos="4"><title>Body Part</title><terms><title>Stomach</title>
<includes>Ventriculus (of Galen)</includes></terms></axis>
</section></ICD10PCS.definitions>"""
INDEX = """<ICD10PCS.index><version>2031</version><title>I</title><letter><title>V</title>
<mainTerm><title>Ventriculectomy</title>
<term level="1"><see>Excision, Stomach<codes>0DB6</codes></see></term>
<term level="1"><see>Resection, Stomach<codes>0DT6</codes></see></term></mainTerm>
<mainTerm><title>Zapping, stomach</title><see>Resection<tab>0DT</tab></see></mainTerm>
<mainTerm><title>Lost procedure</title><see>Excision<tab>0XX</tab></see></mainTerm>
</letter></ICD10PCS.index>"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    folder = tmp_path_factory.mktemp("release")
    made = []
    for name, text in (("tables", TABLES), ("definitions", DEFINITIONS), ("index", INDEX)):
        path = folder / f"{name}.xml"
        path.write_text(text)
        made.append(path)
    return made[0], made[1], made[2]


@pytest.fixture(scope="module")
def path(files: tuple[Path, Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("book") / "book.sqlite"
    counts = compile_book(*files, out, release="FY2031")
    assert counts == {"tables": 4, "meanings": 1, "key terms": 1, "index terms": 2}
    return out


@pytest.fixture(scope="module")
def book(path: Path) -> ProcedureBook:
    return ProcedureBook.open(path)


def _open(found: ProcedureResolution) -> dict[str, list[str]]:
    return {gap.name: [option.label for option in gap.options] for gap in found.gaps}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("laparoscopic appendectomy", "0DTJ4ZZ"),
        ("appendectomy through an open approach", "0DTJ0ZZ"),
        ("laparoscopic partial appendectomy", "0DBJ4ZZ"),
        ("percutaneous biopsy of appendix", "0DBJ3ZX"),
        ("open biopsy of left kidney", "0TB10ZX"),
        ("open excision of lesion of right kidney", "0TB00ZZ"),
        ("open excision of the pylorus of the stomach", "0DB70ZZ"),
        ("open excision of stomach lesion", "0DB60ZZ"),
        ("open right hemicolectomy", "0DTF0ZZ"),
        ("percutaneous nephrostomy, left", "0T9430Z"),
        # by the Index: the word names the whole body part, unless a portion is said
        ("open ventriculectomy", "0DT60ZZ"),
        ("open partial ventriculectomy", "0DB60ZZ"),
        ("open zapping of the stomach", "0DT60ZZ"),
        # by the body part key
        ("open biopsy of the ventriculus", "0DB60ZX"),
    ],
)
def test_phrases_lead_to_codes(book: ProcedureBook, text: str, code: str) -> None:
    found = resolve_procedure(book, text)
    assert (found.code, found.final, found.gaps) == (code, True, ())
    assert found.codes == (code,)


@pytest.mark.parametrize(
    ("text", "gaps"),
    [
        ("appendectomy", {"Approach": ["Open", "Percutaneous Endoscopic"]}),
        ("open biopsy of kidney", {"Body Part": ["Kidney, Right", "Kidney, Left"]}),
        ("open drainage of left kidney pelvis", {"Device": ["Drainage Device", "No Device"]}),
        # the table has no percutaneous row: the approach stays open and that is told
        ("percutaneous appendectomy", {"Approach": ["Open", "Percutaneous Endoscopic"]}),
        ("open gastrectomy", {"Operation": ["Excision", "Resection"]}),
        (
            "biopsy",
            {"Body System": ["Gastrointestinal System", "Urinary System"]},
        ),
    ],
)
def test_what_is_not_said_is_offered(
    book: ProcedureBook, text: str, gaps: dict[str, list[str]]
) -> None:
    found = resolve_procedure(book, text)
    assert _open(found) == gaps
    assert found.code is None
    assert not found.final


def test_a_value_that_stands_alone_is_taken_as_such(book: ProcedureBook) -> None:
    device = resolve_procedure(book, "laparoscopic appendectomy").axes[5]
    assert device.chosen is not None
    assert device.chosen.label == "No Device"
    assert "only value" in device.why
    assert device.spans == ()


def test_only_combinations_of_one_row_are_made(book: ProcedureBook) -> None:
    # A drain leaves no diagnostic value: the row with Diagnostic has no device.
    found = resolve_procedure(book, "percutaneous nephrostomy, left, diagnostic")
    assert found.code is None or book.is_valid(found.code)
    assert not book.is_valid("0T9430X")
    assert set(found.codes) <= set(book.codes())


def test_reasons_quote_definitions_and_words(book: ProcedureBook) -> None:
    found = resolve_procedure(book, "open appendectomy")
    operation, approach = found.axes[2], found.axes[4]
    assert "taking all of the part" in operation.why
    assert "'appendectomy'" in operation.why
    assert operation.spans == ((5, 17),)
    assert "through a cut" in approach.why
    assert approach.spans == ((0, 4),)


def test_the_operation_passed_over_is_a_candidate(book: ProcedureBook) -> None:
    (passed,) = resolve_procedure(book, "open partial appendectomy").candidates
    assert (passed.prefix, passed.definition) == ("0DT", OUT_OF)
    assert "portion" in passed.reason


def test_the_codes_left_are_listed(book: ProcedureBook) -> None:
    found = resolve_procedure(book, "open biopsy of kidney")
    assert found.codes == ("0TB00ZX", "0TB10ZX")


@pytest.mark.parametrize("text", ["", "   ", "hypertension", "no biopsy", "§ & #", "0DTJ4ZZ"])
def test_texts_without_a_procedure(book: ProcedureBook, text: str) -> None:
    found = resolve_procedure(book, text)
    assert not found.recognised
    assert (found.table, found.code) == (None, None)


def test_a_book_without_definitions_and_index_resolves(files: tuple[Path, Path, Path]) -> None:
    bare = ProcedureBook.of(read_tables(files[0]))
    assert resolve_procedure(bare, "open appendectomy").code == "0DTJ0ZZ"
    assert not resolve_procedure(bare, "open ventriculectomy").final
    assert set(bare.codes()) == {code for table in read_tables(files[0]) for code in table.expand()}


def test_a_file_of_another_kind_compiles_nothing(
    files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "book.sqlite"
    with pytest.raises(FormatError):
        compile_book(files[1], files[1], files[2], out)
    assert list(tmp_path.iterdir()) == []


def test_an_altered_book_is_found_out(path: Path, tmp_path: Path) -> None:
    import sqlite3

    verify_book(path)
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes(path.read_bytes())
    connection = sqlite3.connect(copy)
    connection.execute("UPDATE part SET body = x'00' WHERE name = 'index'")
    connection.commit()
    connection.close()
    with pytest.raises(StorageError):
        verify_book(copy)
    with pytest.raises(StorageError):
        ProcedureBook.open(copy)


_SAID = (
    "laparoscopic open percutaneous partial total biopsy excision resection appendectomy "
    "gastrectomy nephrostomy drainage kidney pelvis stomach pylorus appendix left right "
    "bilateral colon of with and no drain tube catheter lesion two x3 for 30 hours "
    "ventriculectomy hemicolectomy removal stone converted to diagnostic L4-L5"
)
WORDS = _SAID.split()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=9))
def test_any_words_give_a_valid_code_or_options(book: ProcedureBook, words: list[str]) -> None:
    text = " ".join(words)
    found = resolve_procedure(book, text)
    codes = set(book.codes())
    assert found.code is None or found.code in codes
    assert found.final == (found.code is not None)
    assert set(found.codes) <= codes
    for axis in found.axes:
        assert axis.options
        assert axis.chosen is None or axis.chosen in axis.options
        assert all(0 <= a < b <= len(text) for a, b in axis.spans)
