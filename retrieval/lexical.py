"""Search by exact words over every passage: an inverted index in memory-mapped arrays.

Passages are a line each, so what counts is not how often a word occurs but how much of the question
a passage says and how much else it says. Both shares are weighted by rarity (idf), and both are
given to the ranker. The whole index of a release opens in milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from retrieval.errors import IndexBuildError
from retrieval.words import WEAK, terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

WEAK_SHARE = 0.15
EXTRA_SHARE = 0.35
"""How much a passage's further words count against it, beside the question's missing words (1)."""

_ARRAYS = ("idf", "offsets", "postings", "weights", "figures")


@dataclass(frozen=True, slots=True)
class LexicalHits:
    """How one question compares with passages; arrays are aligned with the numbers asked for.

    ``covered`` is the idf-weighted share of the question's words that the passage has, ``said`` the
    share of the passage's words that the question has, ``score`` their Tversky combination: 1 for
    a passage that says the same words in any order. ``unsaid`` and ``missing`` are the idf sums of
    the passage's words that the question lacks, and of the question's that the passage lacks;
    ``figures`` counts the numbers of the passage that the question does not say, and
    ``figures_missing`` those of the question that the passage does not.
    """

    covered: Floats
    said: Floats
    score: Floats
    unsaid: Floats
    missing: Floats
    figures: Floats
    figures_missing: Floats


class LexicalQuestion:
    """One question against one index: which passages share its words, and how each compares."""

    def __init__(
        self,
        index: LexicalIndex,
        shared: Floats,
        also: Floats,
        figures: tuple[Floats, Floats, int],
        asked: float,
    ) -> None:
        self._index = index
        self._shared = shared
        self._also = also
        self._figures, self._figures_also, self._figures_asked = figures
        self._asked = max(asked, 1e-6)

    def at(self, numbers: NDArray[np.int64]) -> LexicalHits:
        """How the passages ``numbers`` compare with the question."""
        import numpy as np

        shared = self._shared[numbers]
        covered = shared + self._also[numbers]
        weights = self._index.weights[numbers]
        unsaid = np.maximum(weights - shared, 0)
        union: Floats = np.float32(self._asked) + np.float32(EXTRA_SHARE) * unsaid
        return LexicalHits(
            covered=covered / np.float32(self._asked),
            said=shared / np.maximum(weights, 1e-6),
            score=(covered / np.maximum(union, np.float32(1e-6))).astype(np.float32),
            unsaid=unsaid,
            missing=np.maximum(np.float32(self._asked) - covered, 0),
            figures=self._index.figures[numbers] - self._figures[numbers],
            figures_missing=self._figures_asked
            - self._figures[numbers]
            - self._figures_also[numbers],
        )

    @property
    def score(self) -> Floats:
        """The score of every passage, aligned with passage numbers."""
        import numpy as np

        return self.at(np.arange(len(self._index))).score

    @property
    def covered(self) -> Floats:
        """The share of the question's words that every passage has."""
        import numpy as np

        return self.at(np.arange(len(self._index))).covered

    def best(self, limit: int) -> NDArray[np.int64]:
        """Numbers of the best passages, best first, ties in official order; only real matches."""
        import numpy as np

        rows = np.flatnonzero(self._shared + self._also)
        if not len(rows) or limit < 1:
            return np.empty(0, np.int64)
        score = self.at(rows).score
        if len(rows) > limit:
            floor = np.partition(score, -limit)[-limit]
            kept = score >= floor
            rows, score = rows[kept], score[kept]
        order = np.lexsort((rows, -score))
        return rows[order[:limit]].astype(np.int64)


class LexicalIndex:
    """The inverted index of one release. Safe to share between threads."""

    def __init__(self, vocabulary: Sequence[str], arrays: dict[str, NDArray[Any]]) -> None:
        self._numbers = {term: number for number, term in enumerate(vocabulary)}
        self._idf = arrays["idf"]
        self._offsets = arrays["offsets"]
        self._postings = arrays["postings"]
        self.weights = arrays["weights"]
        self.figures = arrays["figures"]
        self._unknown = float(self._idf.max()) if len(self._idf) else 1.0

    def __len__(self) -> int:
        return len(self.weights)

    def __contains__(self, term: str) -> bool:
        return term in self._numbers

    @property
    def vocabulary(self) -> Iterable[str]:
        """Every term, as ``words.terms`` gives them."""
        return self._numbers.keys()

    def asked_by(self, term: str) -> NDArray[np.int64]:
        """Numbers of the passages that ask for ``term``; those that merely allow it left out."""
        number = self._numbers[term]
        postings = self._postings[int(self._offsets[number]) : int(self._offsets[number + 1])]
        found: NDArray[np.int64] = (postings[(postings & 1) == 0] >> 1).astype("int64")
        return found

    def allowed_by(self, term: str) -> NDArray[np.int64]:
        """Numbers of the passages that allow ``term`` and do not ask for it."""
        number = self._numbers[term]
        postings = self._postings[int(self._offsets[number]) : int(self._offsets[number + 1])]
        found: NDArray[np.int64] = (postings[(postings & 1) == 1] >> 1).astype("int64")
        return found

    @classmethod
    def build(cls, texts: Iterable[str], allowed: Iterable[str] = ()) -> LexicalIndex:
        """Index ``texts``; a passage's number is its place among them.

        ``allowed``, aligned with ``texts``, holds words that a question may say of the passage and
        that do not count against it unsaid: nonessential modifiers, synonyms in brackets.
        """
        import numpy as np

        occurrences: dict[str, list[int]] = {}
        count = 0
        for number, (text, also) in enumerate(zip_longest(texts, allowed, fillvalue="")):
            count = number + 1
            asked = set(terms(text))
            for term in asked:
                occurrences.setdefault(term, []).append(2 * number)
            for term in set(terms(also)) - asked:
                occurrences.setdefault(term, []).append(2 * number + 1)
        vocabulary = sorted(occurrences)
        sizes = np.array([len(occurrences[term]) for term in vocabulary], np.int64)
        idf = np.log1p((count - sizes + 0.5) / (sizes + 0.5)).astype(np.float32)
        idf *= np.array([WEAK_SHARE if term in WEAK else 1 for term in vocabulary], np.float32)
        offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
        postings = np.empty(int(offsets[-1]), np.int32)
        weights = np.zeros(count, np.float32)
        figures = np.zeros(count, np.int8)
        for place, term in enumerate(vocabulary):
            postings[offsets[place] : offsets[place + 1]] = occurrences[term]
            places = np.array(occurrences[term], np.int64)
            asked_by = places[places % 2 == 0] // 2
            weights[asked_by] += idf[place]
            if term[0].isdigit():
                figures[asked_by] += 1
        arrays: dict[str, NDArray[Any]] = {
            "idf": idf,
            "offsets": offsets,
            "postings": postings,
            "weights": weights,
            "figures": figures,
        }
        return cls(vocabulary, arrays)

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``, which must exist."""
        import numpy as np

        text = "\n".join(self._numbers)
        (folder / "vocabulary.txt").write_text(text, encoding="utf-8")
        values = (self._idf, self._offsets, self._postings, self.weights, self.figures)
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

    def score(self, text: str) -> LexicalQuestion:
        """Compare ``text`` with every passage. Words no passage has count as missing."""
        import numpy as np

        shared = np.zeros(len(self), np.float32)
        also = np.zeros(len(self), np.float32)
        figures = np.zeros(len(self), np.float32)
        figures_also = np.zeros(len(self), np.float32)
        said = 0
        asked = 0.0
        for term in dict.fromkeys(terms(text)):
            number = self._numbers.get(term)
            said += term[0].isdigit()
            if number is None:
                asked += self._unknown * (WEAK_SHARE if term in WEAK else 1)
                continue
            weight = float(self._idf[number])
            first, last = int(self._offsets[number]), int(self._offsets[number + 1])
            postings = self._postings[first:last]
            optional = (postings & 1).astype(bool)
            numbers = postings >> 1
            shared[numbers[~optional]] += weight
            also[numbers[optional]] += weight
            if term[0].isdigit():
                figures[numbers[~optional]] += 1
                figures_also[numbers[optional]] += 1
            asked += weight
        return LexicalQuestion(self, shared, also, (figures, figures_also, said), asked)
