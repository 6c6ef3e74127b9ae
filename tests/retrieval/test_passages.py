from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from codesets.models import Level
from retrieval.passages import PassageKind, passages, resolve_citation

if TYPE_CHECKING:
    from codesets.library import Library


def test_ids_are_unique_and_resolve_to_the_passage_itself(small_library: Any) -> None:
    found = list(passages(small_library))
    assert len({passage.id for passage in found}) == len(found)
    assert all(resolve_citation(small_library, passage.id) == passage for passage in found)


def test_titles_and_terms_are_searched_and_exclusions_are_not(small_library: Any) -> None:
    kinds = {passage.kind for passage in passages(small_library)}
    assert kinds == {PassageKind.TITLE, PassageKind.INCLUSION_TERM, PassageKind.INCLUDES}


def test_only_printed_codes_are_searched(small_library: Any, library: Library) -> None:
    for passage in passages(small_library):
        level = library.get(passage.code).level
        assert level not in (Level.CHAPTER, Level.SECTION)
        assert not (len(passage.code) == 8 and library.seventh_characters(passage.code))


@pytest.mark.parametrize(
    ("identifier", "text"),
    [
        ("icd10cm:FY2026-04:E11.22:title", "Type 2 diabetes mellitus with diabetic chronic kidney"),
        ("icd10cm:FY2026-04:E11:use-additional-2", "to identify control using: injectable"),
        ("icd10cm:FY2026-04:I10:includes-1", "high blood pressure"),
        ("icd10cm:FY2026-04:E08-E13:title", "Diabetes mellitus"),
        ("icd10cm:FY2026-04:4:title", "Endocrine, nutritional and metabolic diseases"),
        ("icd10cm:FY2026-04:S52.502A:title", "initial encounter for closed fracture"),
    ],
)
def test_a_citation_of_any_record_can_be_read(library: Library, identifier: str, text: str) -> None:
    passage = resolve_citation(library, identifier)
    assert passage is not None
    assert passage.id == identifier
    assert text in passage.text


@pytest.mark.parametrize(
    "identifier",
    [
        "",
        "icd10cm",
        "icd10cm:FY2026-04:E11.22",
        "icd10cm:FY1999:E11.22:title",
        "hcpcs:FY2026-04:E11.22:title",
        "icd10cm:FY2026-04:E11.229:title",
        "icd10cm:FY2026-04:E11.22:excludes1-1",
        "icd10cm:FY2026-04:E11.22:title-2",
        "icd10cm:FY2026-04::title",
        "icd10cm:FY2026-04:not a code:title",
    ],
)
def test_a_citation_that_nothing_prints_is_none(library: Library, identifier: str) -> None:
    assert resolve_citation(library, identifier) is None
