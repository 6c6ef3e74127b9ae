"""Figures worked out by hand, intervals and tests with known answers, and what is made of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from bot import scoring
from bot.charts import Bar, Panel, bar_chart
from bot.errors import QuestionError
from bot.eval_views import chart, p_value
from bot.resampling import differences, intervals, mcnemar
from retrieval.evaluation import LabelledRow, Outcome, Prediction, judge

if TYPE_CHECKING:
    from codesets.library import Library

ROWS: tuple[dict[str, Any], ...] = (
    {"id": "a", "text": "high blood pressure", "codes": ["I10"], "kind": "phrase"},
    {"id": "b", "text": "kidney failure", "codes": ["N17.9"], "kind": "phrase"},
    {"id": "c", "text": "renal failure", "codes": ["N17.9"], "kind": "phrase"},
    {"id": "d", "text": "a note", "codes": ["E11.22", "N18.3"], "kind": "note"},
)
PREDICTED: tuple[dict[str, Any], ...] = (
    {"id": "a", "ranked": ["I10", "I11.9"], "suggested": ["I10"]},
    {"id": "b", "ranked": ["N19", "N17.9"], "suggested": ["N19"]},
    {"id": "c", "ranked": ["N19"], "suggested": []},
    {"id": "d", "ranked": ["N18.31", "E11.22"], "suggested": ["N18.31", "Z79.4"]},
)


def write(path: Path, rows: tuple[dict[str, Any], ...]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    return write(tmp_path / "gold.jsonl", ROWS)


@pytest.fixture
def predicted(tmp_path: Path) -> Path:
    return write(tmp_path / "predicted.jsonl", PREDICTED)


def outcome(place: int | None, library: Library, name: str = "x") -> Outcome:
    """A row whose gold code, I10, is ranked at ``place`` and suggested if first."""
    ranked = ["Z00.00"] * 50
    if place is not None:
        ranked[place - 1] = "I10"
    suggested = ("I10",) if place == 1 else ("Z00.00",)
    row = LabelledRow(name, "", ("I10",))
    return judge(row, Prediction(name, tuple(ranked), suggested), library)


def test_a_report_counts_rows_codes_and_suggestions(
    gold: Path, predicted: Path, library: Library
) -> None:
    outcomes = scoring.outcomes_of(gold, predicted, lambda _: library)
    report = scoring.report(outcomes, lambda _: library)
    assert report.scores.hits == {1: 0.5, 5: 0.75, 10: 0.75, 50: 0.75}
    assert report.scores.precision == pytest.approx(2 / 4)
    assert report.scores.recall == pytest.approx(2 / 5)
    by_kind = {group.value: (group.scores.rows, group.scores.hits[1]) for group in report.groups}
    assert by_kind == {"note": (1, 1.0), "phrase": (3, pytest.approx(1 / 3))}
    chapters = {chapter.number: chapter for chapter in report.chapters}
    assert {number: chapter.codes for number, chapter in chapters.items()} == {
        "4": 1,
        "9": 1,
        "14": 3,
    }
    assert chapters["14"].hits == {1: pytest.approx(1 / 3), 5: pytest.approx(2 / 3),
                                   10: pytest.approx(2 / 3), 50: pytest.approx(2 / 3)}  # fmt: skip
    assert chapters["14"].recall == pytest.approx(1 / 3)
    assert report.confusions == (scoring.Confusion("N17.9", "N19", 2),)
    assert [each.gold for each in report.missed] == ["E11.22"]
    assert [each.said for each in report.extra] == ["Z79.4"]


def test_the_json_document_has_the_contract_at_its_top(
    gold: Path, predicted: Path, library: Library
) -> None:
    outcomes = scoring.outcomes_of(gold, predicted, lambda _: library)
    document = json.loads(json.dumps(scoring.report(outcomes, lambda _: library).to_json()))
    assert {"rows", "hit@1", "hit@5", "hit@10", "hit@50", "precision", "recall", "f1"} <= set(
        document
    )
    low, high = document["intervals"]["hit@1"]
    assert low <= document["hit@1"] <= high
    assert document["comparison"] is None


@pytest.mark.parametrize(
    ("gold_code", "chapter"),
    [
        ("E11.22", ("4", "Endocrine")),
        ("e1122", ("4", "Endocrine")),
        ("E11.2299", ("4", "Endocrine")),  # a code the release lacks counts by its stem
        ("N18.3", ("14", "Diseases of the genitourinary")),
        ("J0402", ("", "HCPCS Level II, J codes")),
        ("J04.0", ("10", "Diseases of the respiratory")),
        ("?", ("", "not in the release")),
    ],
)
def test_a_gold_code_counts_in_its_chapter(
    library: Library, gold_code: str, chapter: tuple[str, str]
) -> None:
    number, title = scoring._chapter_of(gold_code, library)
    assert number == chapter[0]
    assert title.startswith(chapter[1])


def test_a_row_without_a_prediction_has_predicted_nothing(
    tmp_path: Path, gold: Path, library: Library
) -> None:
    partial = write(tmp_path / "partial.jsonl", PREDICTED[:1])
    outcomes = scoring.outcomes_of(gold, partial, lambda _: library)
    report = scoring.report(outcomes, lambda _: library)
    assert report.scores.hits[50] == 0.25
    assert report.confusions == (scoring.Confusion("N17.9", "", 2),)


@pytest.mark.parametrize(
    "line",
    ['{"id": "a", "ranked": "I10", "suggested": []}', '{"id": "a", "ranked": [1], "suggested": []}',
     '{"id": "a", "ranked": []}', "{"],
)  # fmt: skip
def test_predictions_of_another_shape_are_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(QuestionError, match="line 1"):
        scoring.read_predictions(path)


def test_intervals_hold_the_measure_narrow_with_rows_and_repeat(library: Library) -> None:
    def spread(count: int) -> float:
        rows = [outcome(1 if n % 4 else None, library) for n in range(count)]
        found = intervals(rows)["hit@1"]
        assert found == intervals(rows)["hit@1"]
        assert found.low < 0.75 < found.high
        return found.high - found.low

    few, many = spread(40), spread(640)
    assert many == pytest.approx(few / 4, rel=0.2)  # the root of 16 times as many rows
    # The normal approximation: 2 × 1.96 × sqrt(p (1 - p) / n).
    assert many == pytest.approx(2 * 1.96 * (0.75 * 0.25 / 640) ** 0.5, rel=0.1)
    sure = intervals([outcome(1, library)] * 5)["f1"]
    assert (sure.low, sure.high) == (1.0, 1.0)
    assert intervals([]) == {}


@pytest.mark.parametrize(
    ("gained", "lost", "p"),
    [(0, 0, 1.0), (1, 0, 1.0), (6, 0, 0.03125), (10, 2, 0.0386), (2, 10, 0.0386), (5, 5, 1.0),
     (25, 10, 0.0167)],
)  # fmt: skip
def test_mcnemar_is_the_exact_two_sided_test(gained: int, lost: int, p: float) -> None:
    assert mcnemar(gained, lost) == pytest.approx(p, abs=5e-5)


def test_a_paired_test_sees_what_changed(library: Library) -> None:
    ours = [outcome(1, library)] * 30 + [outcome(3, library)] * 10
    theirs = [outcome(1, library)] * 18 + [outcome(3, library)] * 20 + [outcome(1, library)] * 2
    found = {each.measure: each for each in differences(ours, theirs)}
    first = found["hit@1"]
    assert (first.gained, first.lost) == (12, 2)
    assert first.p == pytest.approx(mcnemar(12, 2))
    assert first.ours - first.theirs == pytest.approx(0.25)
    assert first.interval.low < 0.25 < first.interval.high
    assert (found["hit@10"].gained, found["hit@10"].lost, found["hit@10"].p) == (0, 0, 1.0)
    assert found["f1"].gained is None
    assert found["f1"].p < 0.05
    same = {each.measure: each for each in differences(ours, ours)}
    assert same["f1"].p == 1.0


def test_comparing_uses_the_rows_that_both_have(
    tmp_path: Path, gold: Path, predicted: Path, library: Library
) -> None:
    other = write(
        tmp_path / "other.jsonl",
        (
            {"id": "b", "ranked": ["N17.9"], "suggested": ["N17.9"]},
            {"id": "a", "ranked": ["I10"], "suggested": ["I10"]},
            {"id": "unknown", "ranked": ["I10"], "suggested": []},
        ),
    )
    ours = scoring.outcomes_of(gold, predicted, lambda _: library)
    comparison, others = scoring.compare(ours, other, gold, lambda _: library)
    assert comparison.rows == 2
    assert sorted(others) == ["a", "b"]
    first = comparison.differences[0]
    assert (first.measure, first.ours, first.theirs, first.lost) == ("hit@1", 0.5, 1.0, 1)
    strange = write(tmp_path / "strange.jsonl", ({"id": "z", "ranked": [], "suggested": []},))
    with pytest.raises(QuestionError, match="nothing to compare"):
        scoring.compare(ours, strange, gold, lambda _: library)


def test_the_plot_draws_every_measure(gold: Path, predicted: Path, library: Library) -> None:
    outcomes = scoring.outcomes_of(gold, predicted, lambda _: library)
    comparison, _ = scoring.compare(outcomes, predicted, gold, lambda _: library)
    report = scoring.report(outcomes, lambda _: library, comparison=comparison)
    svg = ElementTree.fromstring(chart(report, "rows <1> & 2"))
    words = [element.text for element in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert words[0] == "rows <1> & 2"
    assert {"hit@1", "hit@50", "f1", "kind: note (1)", "kind: phrase (3)"} <= set(words)
    assert "predicted.jsonl" in words
    bars = list(svg.iter("{http://www.w3.org/2000/svg}rect"))
    assert len(bars) == 1 + 2 + 2 * 7 + 2 * 7  # ground, legend, both runs, two kinds


def test_a_bar_is_as_long_as_its_share() -> None:
    svg = bar_chart("t", [Panel("p", (Bar("half", 0.5, 0.4, 0.6), Bar("all", 1.0)))])
    bars = list(ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}rect"))[1:]
    assert float(bars[0].attrib["width"]) * 2 == float(bars[1].attrib["width"])
    assert "0.500 (0.400–0.600)" in svg


def test_a_small_p_is_not_printed_as_none() -> None:
    assert (p_value(0.04), p_value(0.0004), p_value(1.0)) == ("0.040", "< 0.001", "1.000")
