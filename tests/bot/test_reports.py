"""Reports: figures worked out by hand, statistics against scipy, pages that ask for nothing."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from journal_samples import NOON, exchange
from review_support import ANA, BEN, LEE, TWICE, Clock, accepted, coded, make_desk, wrong
from scipy.stats import binomtest, fisher_exact
from sklearn.metrics import cohen_kappa_score

from bot.answer import Setting
from bot.journal import Journal, Status
from bot.reports.figures import Figures, figures
from bot.reports.gathering import gather
from bot.reports.plots import plots
from bot.reports.statistics import fisher, wilson
from bot.reports.writing import page, table
from bot.review.agreement import kappa
from bot.review.records import Access, CodeVerdict, Feedback, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = date(2026, 11, 21)


def name(number: int) -> str:
    return exchange(number).exchange_id


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    """Six exchanges of two people over two weeks and two releases."""
    folder: Path = tmp_path_factory.mktemp("reports")
    with Journal(folder / "journal.sqlite") as opened:
        old: dict[str, Any] = {
            "created_at": NOON - timedelta(days=60), "day": date(2026, 9, 22),
            "releases": {"icd10cm": "FY2026-04"},
        }  # fmt: skip
        opened.append(coded(1, "E11.9", "I10", person="U1", **old))
        opened.append(coded(2, "E11.9", person="U2", setting=Setting.INPATIENT, **old))
        opened.append(coded(3, "N17.9", person="U1", drafter="model"))
        opened.append(coded(4, "E11.9", person="U2"))
        opened.append(coded(5, person="U1", status=Status.ABSTAINED))
        opened.append(coded(6, "I10", person="U2", timings_ms={"total": 1000.0}))
        yield opened


@pytest.fixture(scope="module")
def made(journal: Journal) -> Figures:
    desk = make_desk(journal, TWICE, clock=Clock(NOON + timedelta(days=1)))
    desk.people.grant(LEE, "U1", Access.NONE, "Cardiology")
    desk.decide(ANA, name(1), (*wrong("E11.9", "E11.22"), *accepted("I10")))
    desk.decide(BEN, name(1), (*wrong("E11.9", "E11.22"), *accepted("I10")))
    desk.decide(ANA, name(2), accepted("E11.9"))
    desk.decide(BEN, name(2), wrong("E11.9", "E11.22"))
    desk.decide(LEE, name(2), wrong("E11.9", "E11.22"))
    desk.decide(ANA, name(3), accepted("N17.9"))
    desk.decide(ANA, name(4), accepted("E11.9"))
    desk.decide(ANA, name(5), [CodeVerdict("", Verdict.UNDER_CODED, "R73.9")])
    desk.feedback("U1", name(3), Feedback.ACCEPTED)
    return figures(gather(desk, date(2026, 9, 1), DAY, clock=Clock()))


def accuracy(made: Figures, field: str) -> dict[str, tuple[int, int, int]]:
    return {
        row.name: (row.accuracy.k, row.accuracy.n, row.severity)
        for row in made.accuracy
        if row.field == field
    }


def test_figures_are_those_worked_out_by_hand(made: Figures) -> None:
    assert made.answers == 6
    assert (made.acceptance.k, made.acceptance.n) == (2, 5)
    assert (made.abstention.k, made.abstention.n) == (1, 6)
    assert [(c.name, c.count) for c in made.feedback] == [("accepted", 1)]
    assert [(c.name, c.count) for c in made.codes] == [("E11.9", 3), ("I10", 2), ("N17.9", 1)]
    assert [(c.code, c.verdict, c.right_code, c.count) for c in made.corrections] == [
        ("E11.9", "wrong-code", "E11.22", 2), ("", "under-coded", "R73.9", 1),
    ]  # fmt: skip
    assert [(c.name, c.count) for c in made.unanswered] == [("N17", 1)]
    assert {(g.group, g.axis): g.count for g in made.gaps} == {
        ("Cardiology", "lesion"): 3, ("no group", "lesion"): 3,
    }  # fmt: skip
    assert [(w.monday, w.answers, w.unanswered) for w in made.weeks] == [
        (date(2026, 9, 21), 2, 0), (date(2026, 11, 16), 4, 1),
    ]  # fmt: skip
    times = {row.name: (row.n, row.median) for row in made.times}
    assert times["all"] == (6, 41.0)
    assert made.heat["unknown"]["wrong-code"] == 2


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("family", {"E11": (1, 3, 4), "I10": (1, 1, 0), "N17": (1, 1, 0), "R73": (0, 1, 1)}),
        ("person", {"U1": (2, 4, 3), "U2": (1, 2, 2)}),
        ("setting", {"outpatient": (3, 5, 3), "inpatient": (0, 1, 2)}),
        ("drafter", {"rules": (2, 5, 5), "model": (1, 1, 0)}),
        ("release", {"FY2026-04": (1, 3, 4), "FY2027": (2, 3, 1)}),
        ("chapter", {"unknown": (3, 6, 5)}),
    ],
)
def test_accuracy_by_field(
    made: Figures, field: str, expected: dict[str, tuple[int, int, int]]
) -> None:
    assert accuracy(made, field) == expected


def test_drift_sets_each_release_beside_the_one_before(made: Figures) -> None:
    old, new = made.drift
    assert (old.release, old.answers, old.p) == ("FY2026-04", 2, None)
    assert (new.release, new.answers, new.accuracy.k, new.accuracy.n) == ("FY2027", 4, 2, 3)
    assert new.p == pytest.approx(fisher_exact([[1, 2], [2, 1]]).pvalue)


def test_agreement_is_that_of_scikit_learn(made: Figures) -> None:
    one = ["wrong-code", "accepted", "accepted"]
    other = ["wrong-code", "accepted", "wrong-code"]
    assert made.agreement.codes == 3
    assert made.agreement.kappa == pytest.approx(cohen_kappa_score(one, other))


@pytest.mark.parametrize(("k", "n"), [(0, 1), (1, 1), (0, 40), (40, 40), (7, 9), (913, 1000)])
def test_wilson_is_scipys(k: int, n: int) -> None:
    known = binomtest(k, n).proportion_ci(0.95, method="wilson")
    assert wilson(k, n) == pytest.approx((known.low, known.high), abs=1e-12)


@pytest.mark.parametrize(
    "counts", [(8, 10, 1, 6), (0, 5, 5, 5), (3, 3, 3, 3), (300, 340, 200, 260), (1, 2, 900, 1000)]
)
def test_fisher_is_scipys(counts: tuple[int, int, int, int]) -> None:
    k1, n1, k2, n2 = counts
    known = fisher_exact([[k1, n1 - k1], [k2, n2 - k2]]).pvalue
    assert fisher(*counts) == pytest.approx(known, rel=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_kappa_is_scikit_learns(seed: int) -> None:
    import random

    draw = random.Random(seed)
    pairs = [(draw.choice("abc"), draw.choice("aabc")) for _ in range(60)]
    one, other = zip(*pairs, strict=True)
    assert kappa(pairs).kappa == pytest.approx(cohen_kappa_score(one, other))


def test_the_page_is_one_file_that_asks_for_nothing(made: Figures) -> None:
    shown = page(made, {"E11.9": "<b>Type 2 diabetes</b>"}.get)  # type: ignore[arg-type]  # a dict
    without_namespaces = re.sub(r'xmlns(:\w+)?="[^"]*"', "", shown)
    assert not re.search(r"(src|href)=[\"']?(https?:|//|/)", without_namespaces)
    assert "http" not in re.sub(r"<!--.*?-->|<!DOCTYPE[^>]*>", "", without_namespaces)
    assert "<script" not in shown
    assert "&lt;b&gt;Type 2" in shown
    assert shown.count('<svg role="img" aria-label=') == len(plots(made)) == 4
    assert made.head in shown


def test_an_empty_time_makes_a_page_too(journal: Journal) -> None:
    desk = make_desk(journal)
    nothing = figures(gather(desk, date(2020, 1, 1), date(2020, 1, 2), clock=Clock()))
    assert nothing.answers == 0
    assert plots(nothing) == {}
    assert "No code was judged" in page(nothing)
    assert "volume,answers" in table(nothing)


def test_json_and_csv_carry_the_same_figures(made: Figures) -> None:
    document = json.loads(json.dumps(made.to_json()))
    assert document["acceptance"]["k"] == 2
    assert document["since"] == "2026-09-01"
    rows = list(csv.DictReader(io.StringIO(table(made))))
    (row,) = [r for r in rows if r["section"] == "acceptance"]
    assert (row["count"], row["of"], float(row["value"])) == ("2", "5", 0.4)
    assert {r["name"] for r in rows if r["section"] == "accuracy by family"} == {
        "E11", "I10", "N17", "R73",
    }  # fmt: skip


def test_a_cell_is_never_a_formula(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.sqlite") as journal:
        journal.append(coded(1, "N17.9", door="=HYPERLINK(1)"))
        made = figures(gather(make_desk(journal), DAY, DAY, clock=Clock()))
    assert "\ndoor,'=HYPERLINK(1)," in table(made).replace("\r", "")
