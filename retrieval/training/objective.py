"""Batches of pairs and the loss of one: each wording must find its own title, and be found by it.

Titles of the same code, or of a code above or below it, are no wrong answers and are masked. Runs
of pairs share a category, so that sibling codes stand among the wrong answers.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.training.pairs import Pair


def batches(
    pairs: Sequence[Pair], size: int, cluster: int, seed: int
) -> Iterator[list[tuple[Pair, str]]]:
    """Shuffled batches of (pair, the wording chosen this time); a last short batch is left out."""
    shuffle = random.Random(seed)  # noqa: S311  # a seeded shuffle, not a secret
    by_category: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_category.setdefault(pair.code[:3], []).append(pair)
    runs = []
    for members in by_category.values():
        shuffle.shuffle(members)
        runs += [members[start : start + cluster] for start in range(0, len(members), cluster)]
    shuffle.shuffle(runs)
    flat = [pair for run in runs for pair in run]
    for start in range(0, len(flat) - size + 1, size):
        yield [(pair, shuffle.choice(pair.wordings)) for pair in flat[start : start + size]]


def related(codes: Sequence[str], others: Sequence[str]) -> Any:
    """Whether two undotted codes are equal or one stands above the other: a boolean matrix."""
    import torch

    return torch.tensor(
        [[one.startswith(other) or other.startswith(one) for other in others] for one in codes]
    )


def contrast(wordings: Any, titles: Any, codes: Sequence[str], scale: float) -> Any:
    """Cross-entropy both ways over cosines times ``scale``; row n of both belongs to code n."""
    import torch

    scores = wordings @ titles.T * scale
    masked = related(codes, codes).fill_diagonal_(False)
    scores = scores.masked_fill(masked, -1e4)
    goal = torch.arange(len(codes))
    forward = torch.nn.functional.cross_entropy(scores, goal)
    backward = torch.nn.functional.cross_entropy(scores.T, goal)
    return (forward + backward) / 2
