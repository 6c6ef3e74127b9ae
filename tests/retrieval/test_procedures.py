"""ICD-10-PCS as passages: stable ids, one index a release, and what words in it find."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.answer import Kind, Question, Setting
from bot.assistant import Assistant
from bot.drafting.rules import RulesDrafter
from bot.journal.store import Journal
from codesets.installing import install
from codesets.models import System
from codesets.releases import ReleaseStore
from retrieval.descriptions import described
from retrieval.errors import IndexMismatchError
from retrieval.index import VectorIndex
from retrieval.procedures import (
    contents,
    guideline_passages,
    index_passage,
    is_indexed,
    meaning_passage,
    row_passage,
    table_passage,
)
from retrieval.search import Searcher
from tests.bot.part_support import Light
from tests.codesets.official_samples import pcs_tables

if TYPE_CHECKING:
    from pathlib import Path

    from codesets.models import Release

DAY = date(2026, 2, 21)
INVENTED_DAY = date(2023, 11, 1)


@pytest.fixture
def small(tmp_path: Path) -> ReleaseStore:
    """One table: resection of the appendix, open."""
    path = tmp_path / "icd10pcs_tables_2024.xml"
    path.write_bytes(pcs_tables({"0": "Open"}))
    store = ReleaseStore(tmp_path / "home")
    install([path], store)
    return store


def test_a_small_release_is_indexed_and_found(small: ReleaseStore) -> None:
    library = small.library_for(System.ICD10PCS, INVENTED_DAY)
    assert not is_indexed(small.home, "FY2024")
    index = VectorIndex.build(small.home, library, Light())
    assert is_indexed(small.home, "FY2024")
    assert index.manifest.collection == "icd10pcs-fy2024"
    assert set(index.manifest.sources) == {"icd10pcs-book-FY2024"}
    found = described(index, "taking out the appendix", 5)
    assert found[0].code == "0DTJ"
    assert found[0].matches[0].passage.id == "icd10pcs:FY2024:0DTJ:part"
    assert described(index, "...", 5) == []


def test_other_tables_need_another_index(small: ReleaseStore, tmp_path: Path) -> None:
    library = small.library_for(System.ICD10PCS, INVENTED_DAY)
    VectorIndex.build(small.home, library, Light())
    path = tmp_path / "icd10pcs_tables_2024.xml"
    path.write_bytes(pcs_tables({"0": "Open", "4": "Percutaneous Endoscopic"}))
    install([path], small, replace=True)
    with pytest.raises(IndexMismatchError):
        VectorIndex.open(small.home, small.library_for(System.ICD10PCS, INVENTED_DAY), Light())


def test_words_that_name_no_procedure_lead_to_the_tables_that_come_near(
    small: ReleaseStore, tmp_path: Path
) -> None:
    library = small.library_for(System.ICD10PCS, INVENTED_DAY)
    index = VectorIndex.build(small.home, library, Light())

    def searcher(_release: Release) -> Searcher:
        return Searcher.open(library, index, index.embedder)

    asked = Question("the appendix came out", INVENTED_DAY, Setting.INPATIENT, ("icd10pcs",))
    with Journal(tmp_path / "journal.sqlite") as journal:
        guidelines = None
        assistant = Assistant(
            small,
            searcher,
            journal,
            RulesDrafter(),
            guidelines,  # type: ignore[arg-type]  # unused here
        )
        answer = assistant.answer(asked)
    assert answer.kind is Kind.CLARIFICATION
    assert answer.suggestions == ()
    assert any("0DTJ" in option for option in answer.gaps[0].options)
    assert any(citation.id == "icd10pcs:FY2024:0DTJ:part" for citation in answer.citations)


@pytest.mark.official
def test_everything_of_a_release_has_an_id_of_its_own(
    pcs_home: Path, pcs_store: ReleaseStore
) -> None:
    library = pcs_store.library_for(System.ICD10PCS, DAY)
    made = contents(pcs_home, library)
    ids = [passage.id for passage in made.passages]
    assert len(ids) == len(set(ids)) > 25_000
    assert {"icd10pcs:FY2026:0FT:table", "icd10pcs:FY2026:0FT4:part"} <= set(ids)
    assert any(id_.startswith("icd10pcs:index-FY2025:appendectomy") for id_ in ids)
    assert set(made.sources) == {"icd10pcs-book-FY2026", "icd10pcs-index-FY2025"}
    assert all(made.get(passage.code).code == passage.code for passage in made.passages)
    assert contents(pcs_home, library).passages == made.passages


@pytest.mark.official
def test_what_a_code_rests_on_is_citable(pcs_store: ReleaseStore) -> None:
    book = pcs_store.procedure_book(DAY)
    table = book.tables["0FT"]
    assert table_passage(book, table).text.startswith("Medical and Surgical, Hepatobiliary")
    row = row_passage(book, table, "0FT44ZZ")
    assert row is not None
    assert row.text.startswith("Body Part: 4 Gallbladder; ")
    assert row_passage(book, table, "0FT4ZZZ") is None
    approach = meaning_passage(book, table, 5, "Open")
    assert approach is not None
    assert approach.id == "icd10pcs:FY2026:definition:05-open"
    assert meaning_passage(book, table, 6, "No Device") is None
    assert index_passage(book, "", "", "0FT") is None
    numbers = [p.id for p in guideline_passages(book, "0FT", {3: "Resection"})]
    assert numbers == ["icd10pcs:guidelines:B3.8"]
