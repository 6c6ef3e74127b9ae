"""Codes whose descriptions are near some words: for systems that have titles and no Index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.search import Candidate, Match

if TYPE_CHECKING:
    from retrieval.index import VectorIndex

_POOL = 100
_WORDS_SHARE = 0.25
"""What full word overlap adds to a cosine of 1; scores are divided so that 1 is the best."""


def described(index: VectorIndex, text: str, limit: int) -> list[Candidate]:
    """The codes whose passages are nearest to ``text``, best first, at most ``limit``.

    An empty list when the text has no word to search.
    """
    import numpy as np

    if not any(character.isalnum() for character in text):
        return []
    vectors = index.embedder.vectors([text])
    words = index.lexical.score(text)
    (near,), same = index.nearest(vectors, _POOL), words.best(_POOL)
    dense = {number: rank for rank, number in enumerate(near.tolist(), 1)}
    lexical = {number: rank for rank, number in enumerate(same.tolist(), 1)}
    numbers = np.unique(np.concatenate((near, same)))
    hits = words.at(numbers)
    cosines = index.similarities(vectors, numbers)[0]
    scores = (cosines + _WORDS_SHARE * hits.score) / (1 + _WORDS_SHARE)
    passages = index.store.by_number(numbers.tolist())
    by_code: dict[str, list[Match]] = {}
    for row in np.argsort(-scores, kind="stable").tolist():
        number = int(numbers[row])
        passage = passages[number]
        match = Match(
            passage=passage,
            score=float(scores[row]),
            lexical_rank=lexical.get(number),
            dense_rank=dense.get(number),
            lexical_score=float(hits.score[row]),
            dense_score=float(cosines[row]),
            covered=float(hits.covered[row]),
            said=float(hits.said[row]),
            variant=text,
        )
        by_code.setdefault(passage.code, []).append(match)
    found = [Candidate(code, matches[0].score, tuple(matches)) for code, matches in by_code.items()]
    return found[:limit]
