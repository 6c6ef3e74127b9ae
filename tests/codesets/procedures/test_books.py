"""The book of a release: compiled when its files are installed, again when they change, dated."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from codesets.errors import ReleaseUnavailableError
from codesets.installing import Outcome, install
from codesets.inventory import inventory
from codesets.procedures import resolve_procedure
from codesets.procedures.explain import explain, fault, nearest_valid
from codesets.releases import ReleaseStore
from codesets.verifying import verify
from tests.codesets.official_samples import PCS_LINES, order, pcs_tables

if TYPE_CHECKING:
    from pathlib import Path

OCTOBER, APRIL = date(2023, 11, 1), date(2024, 5, 1)
TWO = {"0": "Open", "4": "Percutaneous Endoscopic"}


@pytest.fixture
def empty(tmp_path: Path) -> ReleaseStore:
    return ReleaseStore(tmp_path / "home")


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def tables(folder: Path, approaches: dict[str, str] = TWO) -> Path:
    return put(folder, "icd10pcs_tables_2024.xml", pcs_tables(approaches))


def test_installing_tables_makes_the_book(empty: ReleaseStore, tmp_path: Path) -> None:
    with pytest.raises(ReleaseUnavailableError, match="FY2024"):
        empty.procedure_book(OCTOBER)
    (report,) = install([tables(tmp_path)], empty)
    assert report.outcome is Outcome.INSTALLED
    assert empty.books.path("FY2024").is_file()
    assert [path.name for path in empty.books.path("FY2024").parent.iterdir()] == ["FY2024.sqlite"]
    book = empty.procedure_book(OCTOBER)
    assert book.release == "FY2024"
    assert resolve_procedure(book, "laparoscopic appendectomy").code == "0DTJ4ZZ"
    assert empty.procedure_book(OCTOBER) is book


def test_the_book_follows_its_files(empty: ReleaseStore, tmp_path: Path) -> None:
    install([tables(tmp_path)], empty)
    before = empty.procedure_book(OCTOBER)
    assert not before.is_valid("0DTJ8ZZ")
    more = {**TWO, "8": "Via Natural or Artificial Opening Endoscopic"}
    install([tables(tmp_path, more)], empty, replace=True)
    assert empty.procedure_book(OCTOBER).is_valid("0DTJ8ZZ")


def test_a_missing_or_damaged_book_is_compiled_again(empty: ReleaseStore, tmp_path: Path) -> None:
    install([tables(tmp_path)], empty)
    path = empty.books.path("FY2024")
    path.write_bytes(b"not a book")
    problems = [check.problem for check in verify(empty).files if check.path == path]
    assert problems != [""]
    assert ReleaseStore(empty.home).procedure_book(OCTOBER).is_valid("0DTJ4ZZ")
    path.unlink()
    assert ReleaseStore(empty.home).procedure_book(OCTOBER).is_valid("0DTJ4ZZ")
    assert all(check.ok for check in verify(empty).files)


def test_an_april_update_without_tables_reads_those_of_october(
    empty: ReleaseStore, tmp_path: Path
) -> None:
    install([tables(tmp_path)], empty)
    with pytest.raises(ReleaseUnavailableError, match="FY2024-04"):
        empty.procedure_book(APRIL)
    install([put(tmp_path, "icd10pcs_order_april_2024.txt", order(PCS_LINES))], empty)
    assert empty.procedure_book(APRIL).release == "FY2024"
    with pytest.raises(ReleaseUnavailableError, match="FY2025"):
        empty.procedure_book(date(2024, 10, 1))


def test_an_order_file_alone_has_no_book(empty: ReleaseStore, tmp_path: Path) -> None:
    install([put(tmp_path, "icd10pcs_order_2024.txt", order(PCS_LINES))], empty)
    with pytest.raises(ReleaseUnavailableError, match="the tables of FY2024"):
        empty.procedure_book(OCTOBER)


def test_the_inventory_names_the_book_and_its_files(empty: ReleaseStore, tmp_path: Path) -> None:
    install([tables(tmp_path)], empty)
    (row,) = [row for row in inventory(empty) if row.what == "procedure book"]
    assert (row.system, row.release, row.damage) == ("icd10pcs", "FY2024", "")
    assert (row.effective_from, row.effective_to) == (date(2023, 10, 1), date(2024, 3, 31))
    assert row.counts["tables"] == 1
    assert "icd10pcs_tables_2024.xml" in row.source


def test_a_code_is_explained_or_refused_with_the_nearest(
    empty: ReleaseStore, tmp_path: Path
) -> None:
    install([tables(tmp_path)], empty)
    book = empty.procedure_book(OCTOBER)
    assert [(m.character, m.label) for m in explain(book, "0dtj4zz")] == [
        ("0", "Medical and Surgical"), ("D", "Gastrointestinal System"), ("T", "Resection"),
        ("J", "Appendix"), ("4", "Percutaneous Endoscopic"), ("Z", "No Device"),
        ("Z", "No Qualifier"),
    ]  # fmt: skip
    assert fault(book, "0DTJ4ZZ") == ""
    assert explain(book, "0DTJ3ZZ") == ()
    assert "has no approach 3" in fault(book, "0DTJ3ZZ")
    assert nearest_valid(book, "0DTJ3ZZ") == ("0DTJ0ZZ", "0DTJ4ZZ")
    assert fault(book, "0XXJ3ZZ") == "There is no table 0XX."
    assert nearest_valid(book, "0XXJ3ZZ") == ()
    assert nearest_valid(book, "0DTJ4Z") == ()
