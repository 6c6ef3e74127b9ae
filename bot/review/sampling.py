"""Which exchanges a lead sees: every one with a reason, and a reproducible sample of the rest.

The draw of an exchange is a hash of the seed and its id, so anybody can repeat it; it is sampled
where the draw is below the rate times the weights that apply to it. Weights are configuration:
``new`` (a code that its release introduced), ``hcc``, ``cc``, ``mcc``, and ``family:E11``,
``chapter:4``, ``drafter:model``, ``person:U1``, ``setting:inpatient``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.review.records import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DEFAULT_WEIGHTS: Mapping[str, float] = {"new": 3.0, "hcc": 2.0, "mcc": 2.0, "cc": 1.5}

_URGENCY = {
    Reason.ESCALATED: 90,
    Reason.REJECTED: 80,
    Reason.REQUESTED: 75,
    Reason.EDITED: 70,
    Reason.BROKE_RULE: 60,
    Reason.DISAGREED: 50,
    Reason.FAILED: 40,
    Reason.ABSTAINED: 30,
    Reason.SAMPLED: 10,
}
HIGH_VALUE = 5
"""What a code that moves payment adds to the urgency of any reason."""


@dataclass(frozen=True, slots=True)
class SamplingRules:
    """The configuration of the queue. Rates are shares of exchanges between 0 and 1."""

    rate: float = 0.05
    second_rate: float = 0.1
    seed: str = "codecite"
    weights: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))

    def draw(self, exchange_id: str) -> float:
        """A number in [0, 1) that is always the same for this seed and exchange."""
        return _fraction(f"{self.seed}:{exchange_id}")

    def share(self, traits: Iterable[str]) -> float:
        """The share of exchanges with these traits that is sampled.

        >>> SamplingRules(rate=0.1).share(["new", "family:E11"])
        0.3
        """
        share = self.rate
        for trait in traits:
            share *= self.weights.get(trait, 1.0)
        return min(max(round(share, 9), 0.0), 1.0)

    def wants_second(self, exchange_id: str) -> bool:
        """Whether a second reviewer judges this exchange too, unseen."""
        return _fraction(f"{self.seed}:second:{exchange_id}") < self.second_rate


def urgency(reasons: Iterable[Reason], traits: Iterable[str]) -> int:
    """The place of a case in the queue; higher comes first."""
    highest = max((_URGENCY[reason] for reason in reasons), default=0)
    bonus = HIGH_VALUE if {"hcc", "mcc", "cc"} & set(traits) else 0
    return highest + bonus if highest else 0


def _fraction(words: str) -> float:
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:6], "big") / 2**48
