"""Procedure phrases resolved with the official tables, definitions and index."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from procedure_cases import CASES

from codesets.errors import StorageError
from codesets.formats.pcs import PcsTables, read_tables
from codesets.procedures import ProcedureBook, compile_book, lexicon, resolve_procedure
from codesets.procedures.book import verify_book
from codesets.procedures.patterns import key, read_label

if TYPE_CHECKING:
    from pathlib import Path

    from codesets.procedures import ProcedureResolution

pytestmark = pytest.mark.official


@pytest.fixture(scope="module")
def path(official: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pcs") / "book.sqlite"
    compile_book(
        official / "icd10pcs_tables_2026.xml",
        official / "icd10pcs_definitions_2026.xml",
        official / "icd10pcs_index_2025.xml",
        out,
        release="FY2026",
    )
    return out


@pytest.fixture(scope="module")
def book(path: Path) -> ProcedureBook:
    return ProcedureBook.open(path)


@pytest.fixture(scope="module")
def codes(book: ProcedureBook) -> frozenset[str]:
    return frozenset(book.codes())


def written(found: ProcedureResolution) -> str:
    """The code with ``_`` for open characters; three characters while the table is open."""
    chosen = {a.position: a.chosen.character for a in found.axes if a.chosen}
    return "".join(chosen.get(p, "_") for p in range(1, 8 if found.table else 4))


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_a_phrase_resolves_as_far_as_its_words_go(
    book: ProcedureBook, codes: frozenset[str], text: str, expected: str
) -> None:
    found = resolve_procedure(book, text)
    assert written(found) == expected
    assert found.final == ("_" not in expected)
    assert found.code == (expected if found.final else None)
    assert found.code is None or found.code in codes
    assert set(found.codes) <= codes


@pytest.mark.parametrize("text", [text for text, _ in CASES])
def test_every_axis_says_why_and_where(book: ProcedureBook, text: str) -> None:
    found = resolve_procedure(book, text)
    assert [axis.position for axis in found.axes] == list(range(1, 8 if found.table else 4))
    assert found.gaps == tuple(axis for axis in found.axes if axis.chosen is None)
    for axis in found.axes:
        assert axis.why.endswith(".")
        assert axis.options
        assert axis.chosen is None or axis.chosen in axis.options
        assert len(axis.options) > 1 or axis.chosen is not None
        assert all(0 <= start < end <= len(text) for start, end in axis.spans)


@pytest.mark.parametrize("text", [text for text, _ in CASES])
def test_options_of_an_open_axis_are_in_rows_of_the_table(book: ProcedureBook, text: str) -> None:
    found = resolve_procedure(book, text)
    if found.table is None:
        assert found.candidates
        return
    for gap in found.gaps:
        allowed = {
            value.character
            for row in book.tables[found.table].rows
            for value in row.axes[gap.position - 4]
        }
        assert {option.character for option in gap.options} <= allowed


def test_the_phrases_cover_operations_and_sections(book: ProcedureBook) -> None:
    tables = [book.tables[expected[:3]] for _, expected in CASES if "_" not in expected[:3]]
    assert len({t.operation for t in tables if t.prefix[0] == "0"}) >= 25
    assert len({t.prefix[0] for t in tables}) >= 14


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("open partial splenectomy", "open total splenectomy"),
        ("percutaneous biopsy of liver", "percutaneous ablation of liver"),
        ("laparoscopic left nephrectomy", "open left nephrectomy"),
        ("laparoscopic left nephrectomy", "laparoscopic right nephrectomy"),
        ("open left inguinal hernia repair", "open left inguinal hernia repair with mesh"),
        ("phacoemulsification of left cataract", "phacoemulsification of left cataract with IOL"),
        (
            "percutaneous drainage of liver abscess with drainage catheter",
            "percutaneous drainage of liver abscess, no drain left",
        ),
        ("PTCA with stent in LAD", "PTCA with drug-eluting stent in LAD"),
        ("PTCA of LAD", "PTCA with stent in LAD"),
        ("removal of IVC filter", "placement of IVC filter"),
        ("mechanical ventilation for 96 hours", "mechanical ventilation for 97 hours"),
        ("laparoscopic cholecystectomy", "laparoscopic cholecystectomy converted to open"),
        ("diagnostic paracentesis", "paracentesis"),
    ],
)
def test_one_word_makes_another_code(book: ProcedureBook, one: str, other: str) -> None:
    first, second = resolve_procedure(book, one), resolve_procedure(book, other)
    assert first.code is not None
    assert second.code is not None
    assert first.code != second.code


def test_reasons_quote_the_definition_of_the_file(book: ProcedureBook, official: Path) -> None:
    tables = read_tables(official / "icd10pcs_tables_2026.xml")
    definition = next(table for table in tables if table.prefix == "0DT").axes[2].definition
    found = resolve_procedure(book, "laparoscopic appendectomy")
    assert definition is not None
    (operation,) = [axis for axis in found.axes if axis.position == 3]
    assert definition[1:] in operation.why
    assert found.axes[4].spans == ((0, 12),)
    assert operation.spans == ((13, 25),)


def test_what_was_passed_over_is_named_with_its_reason(book: ProcedureBook) -> None:
    found = resolve_procedure(book, "open partial gastrectomy")
    assert found.table == "0DB"
    (passed,) = [c for c in found.candidates if c.prefix == "0DT"]
    assert "portion" in passed.reason
    assert passed.definition is not None


def test_other_procedures_of_the_text_are_named(book: ProcedureBook) -> None:
    found = resolve_procedure(book, "laparoscopic cholecystectomy with liver biopsy")
    assert found.code == "0FT44ZZ"
    assert found.also == ("biopsy",)


def test_a_refused_procedure_is_not_coded(book: ProcedureBook) -> None:
    assert resolve_procedure(book, "colonoscopy without biopsy").code == "0DJD8ZZ"


def test_an_approach_the_table_lacks_is_told(book: ProcedureBook) -> None:
    found = resolve_procedure(book, "laparoscopic spontaneous vaginal delivery")
    assert any("has no such approach" in step for step in found.steps)


def test_a_text_without_a_procedure_has_no_table(book: ProcedureBook) -> None:
    found = resolve_procedure(book, "type 2 diabetes with neuropathy")
    assert not found.recognised
    assert (found.table, found.code, found.final, found.gaps) == (None, None, False, ())
    assert found.steps


def test_the_book_holds_every_code_of_the_tables(
    book: ProcedureBook, official: Path, codes: frozenset[str]
) -> None:
    assert codes == set(PcsTables(read_tables(official / "icd10pcs_tables_2026.xml")).codes())
    assert len(codes) == 79_115
    assert book.is_valid("0DTJ4ZZ")
    assert not book.is_valid("0DTJ3ZZ")
    assert not book.is_valid("0DTJ4Z")


def test_a_damaged_book_is_refused(path: Path, tmp_path: Path) -> None:
    verify_book(path)
    copy = tmp_path / "copy.sqlite"
    body = path.read_bytes()
    copy.write_bytes(body[: len(body) // 2])
    with pytest.raises(StorageError):
        ProcedureBook.open(copy)
    with pytest.raises(StorageError):
        ProcedureBook.open(tmp_path / "none.sqlite")


def test_the_book_says_what_it_was_made_from(book: ProcedureBook) -> None:
    assert book.release == "FY2026"
    names = [name for name, _ in json.loads(book.meta["sources"])]
    assert names == [
        "icd10pcs_tables_2026.xml",
        "icd10pcs_definitions_2026.xml",
        "icd10pcs_index_2025.xml",
    ]


def _labels(book: ProcedureBook, position: int, tables: list[str]) -> set[str]:
    found: set[str] = set()
    for prefix in tables:
        for row in book.tables[prefix].rows:
            for value in row.axes[position - 4]:
                pattern = read_label(value.label)
                found |= {pattern.full, pattern.name}
    return found


def test_the_lists_name_only_values_of_the_tables(book: ProcedureBook) -> None:
    everywhere = list(book.tables)
    known = {position: _labels(book, position, everywhere) for position in (4, 5, 6, 7)}
    wrong = [
        (phrase, label)
        for position, phrase, labels in lexicon.aliases()
        for label in labels
        if key(label) not in known[position] and label != "Not an approach"
    ]
    assert wrong == []


def test_the_procedure_words_lead_to_tables_with_the_values_they_imply(
    book: ProcedureBook,
) -> None:
    wrong = []
    for sense in lexicon.senses():
        tables = [
            prefix
            for prefix, table in book.tables.items()
            if table.operation in sense.operations and prefix.startswith(sense.scopes)
        ]
        operations = {book.tables[prefix].operation for prefix in tables}
        if operations != set(sense.operations):
            wrong.append((sense.phrase, "operation"))
        for implied in sense.implied:
            known = _labels(book, implied.position, tables)
            wrong += [(sense.phrase, label) for label in implied.labels if key(label) not in known]
    assert wrong == []


def test_every_cue_is_used_and_every_cue_used_is_known() -> None:
    known = {cue for _, cue in lexicon.cues()}
    used = {cue.removeprefix("!") for sense in lexicon.senses() for cue in sense.needs}
    used |= {cue.removeprefix("!") for choice in lexicon.choices() for cue in choice.cues}
    assert known == used
