from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from codesets.resolution import resolve
from retrieval.evaluation import LabelledRow, rank_by_search

if TYPE_CHECKING:
    from typing import Any

    from retrieval.search import Searcher


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("essential hypertension", "I10"),
        ("high blood pressure", "I10"),
        ("AKI", "N17.9"),
        ("UTI", "N39.0"),
        ("chronic kidney disease, stage 3b", "N18.32"),
        ("stage IIIb chronic kidney disease", "N18.32"),
        ("ESRD", "N18.6"),
        ("primary osteoarthritis of the left knee", "M17.12"),
        ("haemorrhoids, third degree", "K64.2"),
        ("human immunodeficiency virus disease", "B20"),
        ("long term (current) use of insulin", "Z79.4"),
        ("heart attack", "I21.9"),
        ("pneumonia", "J18.9"),
    ],
)
def test_the_first_candidate_resolves_to_the_code(
    searcher: Searcher, small_library: Any, question: str, first: str
) -> None:
    rank = rank_by_search(searcher)
    assert rank(LabelledRow("q", question, (first,))).ranked[0] == first


@pytest.mark.parametrize("spelling", ["E11.22", "e1122", "E1122", "e11.22.", "(E11.22)"])
def test_a_code_in_any_spelling_comes_first(searcher: Searcher, spelling: str) -> None:
    found = searcher.search(f"acute kidney failure {spelling}")
    assert (found[0].code, found[0].score) == ("E11.22", 1.0)
    assert "N17" in found[1].code
    assert [candidate.code for candidate in found].count("E11.22") == 1


def test_a_word_shaped_like_a_code_is_not_a_candidate(searcher: Searcher) -> None:
    assert all(candidate.code != "B12" for candidate in searcher.search("vitamin B12"))


def test_candidates_are_grouped_ordered_and_explained(
    searcher: Searcher, small_library: Any
) -> None:
    found = searcher.search("acute renal failure", limit=20)
    codes = [candidate.code for candidate in found]
    scores = [candidate.score for candidate in found]
    resolved = [candidate.resolved for candidate in found]
    assert 10 <= len(codes) == len(set(codes)) == len(set(resolved)) <= 20
    assert all(small_library.get(code).valid for code in resolved)
    assert scores == sorted(scores, reverse=True)
    for candidate in found:
        best = candidate.matches[0]
        assert candidate.score == best.score == max(match.score for match in candidate.matches)
        assert best.passage.code[:3] == candidate.code[:3]
        assert all(match.lexical_rank or match.dense_rank for match in candidate.matches)
        assert dict(best.parts)["cosine"] > 0


def test_ranks_say_which_search_found_a_passage(searcher: Searcher) -> None:
    best = searcher.search("urinary tract infection, site not specified")[0].matches[0]
    assert (best.passage.code, best.lexical_rank, best.dense_rank) == ("N39.0", 1, 1)
    assert best.lexical_score == pytest.approx(1.0)
    assert best.dense_score == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("text", ["", "   ", "😀", "\x00\x07", "?!"])
def test_nothing_to_search_gives_nothing(searcher: Searcher, text: str) -> None:
    assert searcher.search(text) == []


def test_a_very_long_text_is_searched_all_the_same(searcher: Searcher) -> None:
    assert searcher.search("acute kidney failure " * 10_000)[0].code.startswith("N17")


def test_threads_share_one_searcher(searcher: Searcher) -> None:
    questions = ["acute kidney failure", "hemorrhoids", "hypertension", "pneumonia"] * 8
    alone = [searcher.search(question) for question in questions[:4]] * 8
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(searcher.search, questions)) == alone


def test_a_category_is_answered_with_its_valid_code(searcher: Searcher, small_library: Any) -> None:
    assert searcher.search("pneumonia, unspecified organism")[0].code in ("J18", "J18.9")
    assert resolve(small_library, "J18", "pneumonia").code.code == "J18.9"
