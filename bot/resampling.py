"""How sure a measured share is: bootstrap intervals, and paired tests of two sets of predictions.

Rows are what is resampled, since a row's codes stand or fall together. Everything is seeded: the
same predictions always give the same figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING

from retrieval.evaluation import DEPTHS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from retrieval.evaluation import Outcome

    Array = NDArray[np.float64]

RESAMPLES = 2000
SEED = 20260401
LEVEL = 0.95
MEASURES = (*(f"hit@{depth}" for depth in DEPTHS), "precision", "recall", "f1")
_AT_ONCE = 2_000_000
"""Sampled row numbers held in memory at a time."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A two-sided percentile interval of one measure."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure of one set of predictions less that of another on the same rows.

    ``p`` is two-sided; ``gained`` and ``lost`` are the rows that only one of them got right, and
    None for a measure that is no count of rows.
    """

    measure: str
    ours: float
    theirs: float
    interval: Interval
    p: float
    gained: int | None = None
    lost: int | None = None


def intervals(outcomes: Sequence[Outcome]) -> dict[str, Interval]:
    """A 95 % bootstrap interval of every measure; empty where there are no rows."""
    import numpy as np

    if not outcomes:
        return {}
    sampled = np.concatenate([_measures(sums) for sums in _resampled(_table(outcomes))])
    return {name: _interval(sampled[:, place]) for place, name in enumerate(MEASURES)}


def differences(ours: Sequence[Outcome], theirs: Sequence[Outcome]) -> list[Difference]:
    """Every measure of ``ours`` against ``theirs``, row by row of the same rows in the same order.

    Hits are tested by McNemar's exact test, the other measures by a paired bootstrap.
    """
    import numpy as np

    if not ours:
        return []
    one, other = _table(ours), _table(theirs)
    width = one.shape[1]
    drawn = [
        _measures(sums[:, :width]) - _measures(sums[:, width:])
        for sums in _resampled(np.hstack([one, other]))
    ]
    sampled = np.concatenate(drawn)
    first, second = (_measures(part.sum(axis=0)[None])[0] for part in (one, other))
    found = []
    for place, name in enumerate(MEASURES):
        interval = _interval(sampled[:, place])
        values = (name, float(first[place]), float(second[place]), interval)
        if place < len(DEPTHS):
            gained = int(((one[:, place] > 0) & (other[:, place] == 0)).sum())
            lost = int(((one[:, place] == 0) & (other[:, place] > 0)).sum())
            found.append(Difference(*values, mcnemar(gained, lost), gained, lost))
        else:
            found.append(Difference(*values, _bootstrap_p(sampled[:, place])))
    return found


def mcnemar(gained: int, lost: int) -> float:
    """Two-sided p of McNemar's exact test: the rows that changed, as tosses of a fair coin.

    >>> mcnemar(0, 0), mcnemar(5, 0), round(mcnemar(12, 4), 4)
    (1.0, 0.0625, 0.0768)
    """
    changed = gained + lost
    tail: int = sum(comb(changed, k) for k in range(min(gained, lost) + 1))
    return min(1.0, float(2 * tail / 2**changed))


def _table(outcomes: Sequence[Outcome]) -> Array:
    """An outcome a row: hits at the depths, what precision and recall are made of, and 1."""
    import numpy as np

    return np.array(
        [
            [
                *(outcome.hit(depth) for depth in DEPTHS),
                outcome.correct,
                outcome.said,
                sum(outcome.assigned),
                len(outcome.assigned),
                1,
            ]
            for outcome in outcomes
        ],
        np.float64,
    )


def _resampled(table: Array) -> Iterator[Array]:
    """Column sums of ``table`` over RESAMPLES samples of its rows, in blocks."""
    import numpy as np

    random = np.random.default_rng(SEED)
    rows = len(table)
    block = max(1, min(RESAMPLES, _AT_ONCE // rows))
    for start in range(0, RESAMPLES, block):
        size = min(block, RESAMPLES - start)
        drawn = random.integers(0, rows, (size, rows))
        cells = (drawn + np.arange(size)[:, None] * rows).ravel()
        weights = np.bincount(cells, minlength=size * rows).reshape(size, rows)
        yield weights @ table


def _measures(sums: Array) -> Array:
    """The measures in the order of MEASURES from column sums, one sample a row."""
    import numpy as np

    depths = len(DEPTHS)
    correct, said, right, wanted, rows = sums[:, depths:].T
    precision = correct / np.maximum(said, 1)
    recall = right / np.maximum(wanted, 1)
    both = precision + recall
    f1 = np.divide(2 * precision * recall, both, out=np.zeros_like(both), where=both > 0)
    return np.column_stack([sums[:, :depths] / rows[:, None], precision, recall, f1])


def _interval(values: Array) -> Interval:
    import numpy as np

    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))


def _bootstrap_p(sampled: Array) -> float:
    """Two-sided: twice the smaller share of samples on either side of no difference."""
    count = len(sampled)
    smaller = min(int((sampled <= 0).sum()), int((sampled >= 0).sum()))
    return min(1.0, 2 * max(smaller, 1) / count)
