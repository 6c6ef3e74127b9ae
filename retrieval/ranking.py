"""Order what was found: one score a passage from its features, one a code from its best passage.

The score is linear, so that it can be read: ``ranker.json`` beside this module holds a weight for
each feature, learnt from official files only (``python -m retrieval.training.ranker``), with what
each feature means and how the weights came about.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from retrieval.errors import SearchIndexError
from retrieval.evidence import FEATURES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_FILE = "ranker.json"


@dataclass(frozen=True, slots=True)
class Ranker:
    """Weights of ``FEATURES``, and the constant that puts a perfect match at 1."""

    weights: tuple[float, ...]
    constant: float

    def scores(self, values: Floats) -> Floats:
        """One score a row of ``values`` (rows, len(FEATURES)); 1 is a perfect match."""
        import numpy as np

        total: Floats = values @ np.array(self.weights, np.float32) + np.float32(self.constant)
        return total

    def parts(self, values: Floats) -> dict[str, float]:
        """What each feature adds to the score of one row, the zeros left out."""
        pairs = zip(FEATURES, self.weights, values.tolist(), strict=True)
        return {name: added for name, weight, value in pairs if (added := weight * value)}


@cache
def packaged_ranker() -> Ranker:
    """The ranker that ships. Raises SearchIndexError when its file does not fit this code."""
    text = resources.files("retrieval").joinpath(_FILE).read_text(encoding="utf-8")
    document = json.loads(text)
    weights = document["weights"]
    if set(weights) != set(FEATURES):
        raise SearchIndexError(f"{_FILE} does not weigh the features that are computed.")
    return Ranker(tuple(float(weights[name]) for name in FEATURES), float(document["constant"]))
