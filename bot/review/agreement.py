"""How far two reviewers agree: Cohen's kappa over the codes that both judged."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from bot.review.records import Agreement

if TYPE_CHECKING:
    from collections.abc import Iterable

_Z95 = 1.959963984540054


def kappa(pairs: Iterable[tuple[str, str]]) -> Agreement:
    """Agreement over (first verdict, second verdict) pairs.

    Kappa is (po - pe) / (1 - pe), with po the share judged alike and pe what chance would give
    from how often each said what (Cohen 1960). Its interval is the large-sample one,
    sqrt(po (1 - po) / n) / (1 - pe).

    >>> kappa([("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10
    ...       + [("no", "no")] * 15).kappa
    0.4
    """
    counted = Counter(pairs)
    n = sum(counted.values())
    if not n:
        return Agreement(0, None, None, None, None)
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for (one, other), times in counted.items():
        first[one] += times
        second[other] += times
    observed = sum(times for (one, other), times in counted.items() if one == other) / n
    chance = sum(first[name] * second[name] for name in first) / n**2
    if math.isclose(chance, 1.0):
        return Agreement(n, observed, None, None, None)
    value = (observed - chance) / (1 - chance)
    half = _Z95 * math.sqrt(observed * (1 - observed) / n) / (1 - chance)
    return Agreement(n, observed, round(value, 12), max(value - half, -1.0), min(value + half, 1.0))
