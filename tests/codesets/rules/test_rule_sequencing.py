"""The order of a list: what goes first, what follows what, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codesets.guidelines import GuidelineSetting
from codesets.rules.engine import check
from codesets.rules.sequencing import sequence

if TYPE_CHECKING:
    from codesets.library import Library

OUT, IN = GuidelineSetting.OUTPATIENT, GuidelineSetting.INPATIENT


@pytest.mark.parametrize(
    ("given", "ordered"),
    [
        ("F02.80 G30.9", "G30.9 F02.80"),
        ("W19.XXXA S52.501A", "S52.501A W19.XXXA"),
        ("N18.31 I12.9 Z79.4 E11.22", "I12.9 E11.22 N18.31 Z79.4"),
        ("J42 J20.9", "J20.9 J42"),
        ("B96.20 N39.0", "N39.0 B96.20"),
        ("Z68.41 E66.813", "E66.813 Z68.41"),
        ("R65.20 A41.9 J96.01", "A41.9 R65.20 J96.01"),
        ("Z3A.20 I10 O24.410", "O24.410 I10 Z3A.20"),
        ("I10 Z00.00", "Z00.00 I10"),
        ("D63.1 N18.4 I12.9", "I12.9 N18.4 D63.1"),
        ("C50.911 Z51.11", "Z51.11 C50.911"),
        ("J12.82 U07.1", "U07.1 J12.82"),
        ("Z91.128 T46.5X6A I10", "I10 T46.5X6A Z91.128"),
        ("Y92.009 W19.XXXA S52.501A", "S52.501A Y92.009 W19.XXXA"),
        ("I50.22 N18.4 I13.0", "I13.0 I50.22 N18.4"),
        ("E11.9 I10 E78.5", "E11.9 I10 E78.5"),
        ("K35.80 I10", "K35.80 I10"),
        ("I10 I10 E11.9", "I10 E11.9"),
    ],
)
def test_order(library: Library, given: str, ordered: str) -> None:
    placed = sequence(library, given.split(), OUT)
    assert [one.code for one in placed] == ordered.split()
    assert all(one.reason for one in placed)


def test_the_order_satisfies_the_rules_of_order(library: Library) -> None:
    given = "Z68.41 W19.XXXA D63.1 N18.4 F02.80 I50.22 B96.20 G30.9 N39.0 I13.0 E66.813 S52.501A"
    placed = [one.code for one in sequence(library, given.split(), IN)]
    assert sorted(placed) == sorted(given.split())
    day = library.release.effective_from
    rules = {"code-first", "manifestation-first", "external-cause-first", "unacceptable-principal"}
    findings = check(library, placed, day=day, setting=IN)
    assert [f.message for f in findings if f.rule in rules] == []


def test_reasons_cite(library: Library) -> None:
    first, second = sequence(library, ["F02.80", "G30.9"], OUT)
    assert second.citation == "icd10cm:FY2026-04:F02:code-first-2"
    assert "follows G30.9" in second.reason
    assert first.citation == second.citation
    (alone,) = sequence(library, ["K35.80"], IN)
    assert alone.citation == "II"
    assert "principal" in alone.reason
    (visit,) = sequence(library, ["K35.80"], OUT)
    assert visit.citation == "IV.G"


def test_other_systems_and_unknown_codes_come_last(library: Library) -> None:
    placed = sequence(library, ["99213", "I10", "XX", "E11"], OUT)
    assert [one.code for one in placed] == ["I10", "99213", "XX", "E11"]
