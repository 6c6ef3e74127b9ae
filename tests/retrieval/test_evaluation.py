from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrieval.errors import EvaluationFileError
from retrieval.evaluation import LabelledRow, Prediction, evaluate, is_hit, judge, read_rows

if TYPE_CHECKING:
    from pathlib import Path

    from codesets.library import Library

GOOD = '{"id": "a", "text": "gout", "codes": ["M10.9"], "kind": "phrase"}'


@pytest.mark.parametrize(
    ("predicted", "gold", "hit"),
    [
        ("E11.22", "E11.22", True),
        ("e1122", "E11.22", True),
        ("E11.22", "E11.2", True),
        ("E11.22", "E11", True),
        ("E11.2", "E11.22", False),
        ("E11.22", "E11.21", False),
        ("I10", "I1", True),
        ("S52.502A", "S52.502", True),
        ("E11.22", "E11.229", False),
        ("N18.31", "N18.3", True),
        ("J18.91", "J18.9", False),
        ("J0402", "J0402", True),
        ("J1030", "J1020", False),
        ("I10", "", False),
        ("", "I10", False),
        ("Q99.9", "not a code", False),
    ],
)
def test_a_hit_is_exact_or_under_a_gold_that_is_not_valid(
    library: Library, predicted: str, gold: str, hit: bool
) -> None:
    assert is_hit(predicted, gold, library) is hit


def test_scores_count_places_and_suggestions(library: Library) -> None:
    rows = [
        LabelledRow("a", "", ("I10",)),
        LabelledRow("b", "", ("N17.9", "E11.9")),
        LabelledRow("c", "", ("J18.9",)),
        LabelledRow("d", "", ("B20",)),
    ]
    predictions = {
        "a": Prediction("a", ("I10", "I11.9"), ("I10",)),
        "b": Prediction("b", ("N18.9", "N19", "E11.9"), ("E11.9", "E11.9", "N19")),
        "c": Prediction("c", (*(f"J{n}" for n in range(20, 29)), "J18.9"), ()),
        "d": Prediction("d", (), ()),
    }
    kept: list[str] = []
    scores = evaluate(
        rows, lambda row: predictions[row.id], library, lambda row, _: kept.append(row.id)
    )
    assert scores.hits == {1: 0.25, 5: 0.5, 10: 0.75, 50: 0.75}
    assert scores.precision == pytest.approx(2 / 3)
    assert scores.recall == pytest.approx(2 / 5)
    assert scores.f1 == pytest.approx(0.5)
    assert kept == ["a", "b", "c", "d"]


def test_no_rows_score_nothing(library: Library) -> None:
    scores = evaluate([], lambda row: Prediction(row.id, ()), library)
    assert (scores.rows, scores.hits[1], scores.f1) == (0, 0.0, 0.0)


def test_an_outcome_tells_each_gold_code_apart(library: Library) -> None:
    row = LabelledRow("a", "", ("N18.3", "E11.22", "I10"))
    prediction = Prediction("a", ("E11.9", "E11.22", "N18.31"), ("N18.31", "N18.32", "E11.9"))
    outcome = judge(row, prediction, library)
    assert outcome.places == (3, 2, None)
    assert outcome.place == 2
    assert (outcome.hit(1), outcome.hit(5)) == (False, True)
    assert outcome.assigned == (True, False, False)
    assert (outcome.correct, outcome.said) == (2, 3)  # both children of an invalid gold are right


def test_a_code_that_stood_twice_is_wanted_once(tmp_path: Path, library: Library) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": 7, "text": "x", "codes": ["I10", "I10", "E11.9"]}\n')
    (row,) = read_rows(path)
    assert (row.id, row.codes) == ("7", ("I10", "E11.9"))


def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "bytes.jsonl").write_bytes(b"\xff\xfe")
    for name in ("none.jsonl", "bytes.jsonl"):
        with pytest.raises(EvaluationFileError, match=name):
            list(read_rows(tmp_path / name))


def test_rows_keep_their_other_fields(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(f"{GOOD}\n\n")
    (row,) = read_rows(path)
    assert (row.id, row.text, row.codes, row.kind) == ("a", "gout", ("M10.9",), "phrase")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{", "one JSON object"),
        ("[]", "one JSON object"),
        ('{"id": "b", "codes": []}', '"text"'),
        ('{"id": "", "text": "x", "codes": []}', '"id"'),
        ('{"id": true, "text": "x", "codes": []}', '"id"'),
        ('{"text": "x", "codes": []}', '"id"'),
        ('{"id": "b", "text": "x", "codes": "I10"}', '"codes"'),
        ('{"id": "b", "text": "x", "codes": [1]}', '"codes"'),
        (GOOD, "no earlier line"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, expected: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(f"{GOOD}\n{line}\n")
    with pytest.raises(EvaluationFileError, match=expected) as caught:
        list(read_rows(path))
    assert caught.value.line == 2
