"""The floors on a sample small enough for every run; `python -m tests.benchmarks.rules` has all."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from codesets.guidelines import GuidelineSetting
from codesets.rules.engine import check
from tests.benchmarks.rules import DAY, EARLIER, EXCLUDES1, Codes, findings, refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codesets.library import Library

OUT = GuidelineSetting.OUTPATIENT


@pytest.fixture(scope="module")
def codes(library: Library) -> Codes:
    return Codes(library)


def flagged(codes: Codes, pair: Sequence[str]) -> bool:
    return bool(check(codes.library, pair, day=DAY, setting=OUT, rules=EXCLUDES1))


def test_pairs_of_the_tabulars_own_notes_are_flagged(codes: Codes) -> None:
    chance = random.Random(5)
    pairs = list(codes.excluded(1, chance))[::6]
    missed = [
        pair
        for pair in pairs
        if not check(codes.library, pair, day=DAY, setting=OUT, rules=EXCLUDES1)
    ]
    assert len(pairs) > 800
    assert len(missed) <= len(pairs) / 100, missed


def test_unrelated_pairs_are_not(codes: Codes) -> None:
    chance = random.Random(6)
    pairs = [chance.sample(codes.valid, 2) for _ in range(2000)]
    wrong = [pair for pair in pairs if flagged(codes, pair)]
    assert len(wrong) <= 20, wrong


def test_valid_codes_are_accepted(codes: Codes) -> None:
    assert findings(codes.library, codes.valid[::11], DAY) == ()


def test_near_misses_are_refused_with_codes_to_use(codes: Codes) -> None:
    slips = list(codes.near_misses(25, random.Random(8)))
    assert len({kind for kind, _ in slips}) == 5
    wrong = [slip for slip in slips if refused(codes.library, slip[1], DAY) != (True, True)]
    assert wrong == []


def test_codes_of_another_date_are_refused(
    codes: Codes, library_fy2026: Library, library: Library
) -> None:
    earlier = Codes(library_fy2026)
    new = sorted(set(codes.valid) - set(earlier.valid))[::9]
    old = sorted(set(earlier.valid) - set(codes.valid))
    assert len(new) > 15
    assert len(old) > 15
    assert [c for c in new if refused(library_fy2026, c, EARLIER) != (True, True)] == []
    assert [c for c in old if refused(library, c, DAY) != (True, True)] == []
