"""Search by exact words over every passage: an inverted index in memory-mapped arrays.

Passages are a line each, so what counts is not how often a word occurs but how much of the question
a passage says and how much else it says. Both shares are weighted by rarity (idf), and both are
given to the ranker. The whole index of a release opens in milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrieval.errors import IndexBuildError
from retrieval.words import WEAK, terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

WEAK_SHARE = 0.15
EXTRA_SHARE = 0.35
"""How much a passage's further words count against it, beside the question's missing words (1)."""

_ARRAYS = ("idf", "offsets", "postings", "weights")


@dataclass(frozen=True, slots=True)
class LexicalHits:
    """Scores of one question against every passage; arrays are aligned with passage numbers.

    ``covered`` is the idf-weighted share of the question's words that the passage has, ``said`` the
    share of the passage's words that the question has, ``score`` their Tversky combination: 1 for
    a passage that says the same words in any order.
    """

    covered: NDArray[np.float32]
    said: NDArray[np.float32]
    score: NDArray[np.float32]

    def best(self, limit: int) -> NDArray[np.int64]:
        """Numbers of the best passages, best first, ties in official order; only real matches."""
        import numpy as np

        count = min(limit, len(self.score))
        if count == 0:
            return np.empty(0, np.int64)
        floor = np.partition(self.score, -count)[-count]
        rows = np.flatnonzero(self.score >= max(float(floor), 1e-6))
        order = np.lexsort((rows, -self.score[rows]))
        return rows[order[:count]].astype(np.int64)


class LexicalIndex:
    """The inverted index of one release. Safe to share between threads."""

    def __init__(self, vocabulary: Sequence[str], arrays: dict[str, NDArray[Any]]) -> None:
        self._numbers = {term: number for number, term in enumerate(vocabulary)}
        self._idf = arrays["idf"]
        self._offsets = arrays["offsets"]
        self._postings = arrays["postings"]
        self._weights = arrays["weights"]
        self._unknown = float(self._idf.max()) if len(self._idf) else 1.0

    def __len__(self) -> int:
        return len(self._weights)

    def __contains__(self, term: str) -> bool:
        return term in self._numbers

    @property
    def vocabulary(self) -> Iterable[str]:
        """Every term, as ``words.terms`` gives them."""
        return self._numbers.keys()

    @classmethod
    def build(cls, texts: Iterable[str]) -> LexicalIndex:
        """Index ``texts``; a passage's number is its place among them."""
        import numpy as np

        occurrences: dict[str, list[int]] = {}
        count = 0
        for number, text in enumerate(texts):
            count = number + 1
            for term in set(terms(text)):
                occurrences.setdefault(term, []).append(number)
        vocabulary = sorted(occurrences)
        sizes = np.array([len(occurrences[term]) for term in vocabulary], np.int64)
        idf = np.log1p((count - sizes + 0.5) / (sizes + 0.5)).astype(np.float32)
        idf *= np.array([WEAK_SHARE if term in WEAK else 1 for term in vocabulary], np.float32)
        offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
        postings = np.empty(int(offsets[-1]), np.int32)
        weights = np.zeros(count, np.float32)
        for place, term in enumerate(vocabulary):
            postings[offsets[place] : offsets[place + 1]] = occurrences[term]
            weights[occurrences[term]] += idf[place]
        arrays: dict[str, NDArray[Any]] = {
            "idf": idf,
            "offsets": offsets,
            "postings": postings,
            "weights": weights,
        }
        return cls(vocabulary, arrays)

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``, which must exist."""
        import numpy as np

        text = "\n".join(self._numbers)
        (folder / "vocabulary.txt").write_text(text, encoding="utf-8")
        values = (self._idf, self._offsets, self._postings, self._weights)
        for name, array in zip(_ARRAYS, values, strict=True):
            np.save(folder / f"{name}.npy", array)

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Map the index in ``folder``. Raises IndexBuildError when a file of it is missing."""
        import numpy as np

        try:
            words = (folder / "vocabulary.txt").read_text(encoding="utf-8")
            arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
        except (OSError, ValueError) as error:
            raise IndexBuildError(
                f"The word index in {folder} is damaged. Run `codecite index build`."
            ) from error
        return cls(words.split("\n") if words else [], arrays)

    def score(self, text: str) -> LexicalHits:
        """Compare ``text`` with every passage. Words no passage has count as missing."""
        import numpy as np

        shared = np.zeros(len(self), np.float32)
        asked = 0.0
        for term in dict.fromkeys(terms(text)):
            number = self._numbers.get(term)
            if number is None:
                asked += self._unknown * (WEAK_SHARE if term in WEAK else 1)
                continue
            weight = float(self._idf[number])
            first, last = int(self._offsets[number]), int(self._offsets[number + 1])
            shared[self._postings[first:last]] += weight
            asked += weight
        asked = max(asked, 1e-6)
        weights = np.maximum(self._weights, 1e-6)
        union = shared + (asked - shared) + EXTRA_SHARE * (weights - shared)
        return LexicalHits(
            covered=shared / np.float32(asked),
            said=shared / weights,
            score=(shared / np.maximum(union, 1e-6)).astype(np.float32),
        )
