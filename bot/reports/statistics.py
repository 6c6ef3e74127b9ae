"""Two small statistics, by formula: importing scipy.stats takes longer than a whole report."""

from __future__ import annotations

from math import exp, lgamma, sqrt

Z95 = 1.959963984540054
_TIES = 1 + 1e-7


def wilson(k: int, n: int) -> tuple[float, float]:
    """Wilson's 95% score interval of ``k`` of ``n`` (1927). Raises ZeroDivisionError for n = 0.

    >>> [round(edge, 4) for edge in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    p, z2 = k / n, Z95**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def fisher(k1: int, n1: int, k2: int, n2: int) -> float:
    """Fisher's exact two-sided p that ``k1`` of ``n1`` and ``k2`` of ``n2`` have one share.

    The sum of the chances of all tables with these margins that are no likelier than this one.

    >>> round(fisher(8, 10, 1, 6), 4)
    0.035
    """
    total, successes = n1 + n2, k1 + k2

    def chance(k: int) -> float:
        return exp(
            _log_choose(n1, k) + _log_choose(n2, successes - k) - _log_choose(total, successes)
        )

    seen = chance(k1)
    possible = range(max(0, successes - n2), min(n1, successes) + 1)
    return min(sum(p for k in possible if (p := chance(k)) <= seen * _TIES), 1.0)


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
