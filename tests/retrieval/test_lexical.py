from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from retrieval.errors import IndexBuildError
from retrieval.lexical import LexicalIndex

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = (
    "Urinary tract infection, site not specified",
    "Acute kidney failure, unspecified",
    "Chronic kidney disease, stage 3a",
    "Chronic kidney disease, stage 3b",
    "Old myocardial infarction",
    "MI of the septum",
    "Fracture of lower end of left radius",
    "Other fracture of lower end of left radius with routine healing",
)


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex.build(TEXTS)


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("urinary infections", 0),
        ("acute renal kidney failure", 1),
        ("stage 3b kidney disease", 3),
        ("infarction myocardial old", 4),
        ("MI", 5),
        ("left radius fractures", 6),
    ],
)
def test_the_passage_that_says_most_and_least_else_comes_first(
    index: LexicalIndex, question: str, best: int
) -> None:
    assert index.score(question).best(3)[0] == best


def test_the_same_words_in_any_order_score_one(index: LexicalIndex) -> None:
    hits = index.score("infarction, myocardial (old)").at(np.array([4]))
    assert hits.score[0] == hits.covered[0] == hits.said[0] == pytest.approx(1.0)
    assert hits.unsaid[0] == hits.missing[0] == pytest.approx(0.0)


def test_words_that_may_be_left_out_do_not_count_against_a_passage() -> None:
    index = LexicalIndex.build(["hypertension", "secondary hypertension"], ["benign essential"])
    assert list(index.score("hypertension").best(2)) == [0, 1]
    assert index.score("hypertension").at(np.array([0])).score[0] == pytest.approx(1.0)
    assert index.score("benign hypertension").at(np.array([0])).score[0] == pytest.approx(1.0)


def test_numbers_that_are_not_said_are_counted(index: LexicalIndex) -> None:
    assert index.score("kidney disease").at(np.array([2, 4])).figures.tolist() == [2, 0]
    assert index.score("kidney disease, stage 3a").at(np.array([2, 3])).figures.tolist() == [0, 1]


def test_a_word_that_no_passage_has_counts_as_missing(index: LexicalIndex) -> None:
    known, unknown = index.score("old infarction"), index.score("old infarction zebra")
    for name in ("covered", "score"):
        old, new = (getattr(each.at(np.array([4])), name)[0] for each in (known, unknown))
        assert new < old


def test_only_passages_that_share_a_word_are_hits(index: LexicalIndex) -> None:
    assert list(index.score("kidney").best(10)) == sorted(index.score("kidney").best(10))
    assert set(index.score("kidney").best(10)) == {1, 2, 3}
    assert list(index.score("zebra").best(10)) == []
    assert list(index.score("").best(10)) == []


def test_an_index_reads_back_as_it_was_saved(index: LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    again = LexicalIndex.open(tmp_path)
    for question in ("kidney", "left radius", "MI", ""):
        assert list(again.score(question).score) == list(index.score(question).score)
    assert "kidney" in again
    assert "zebra" not in again


def test_a_damaged_index_says_how_to_mend_it(index: LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    (tmp_path / "postings.npy").unlink()
    with pytest.raises(IndexBuildError, match="codecite index build"):
        LexicalIndex.open(tmp_path)
