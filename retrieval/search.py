"""From a question to candidate codes: word and vector search together, grouped by code.

Both searches score every passage the other found, so nothing depends on ranks: a passage's score
is its cosine similarity plus a share of its word overlap, less what the conventions take from a
code of a chapter that the question does not call for; a passage that says the question's very
words loses nothing. A code's score is that of its best passage; every passage that matched stays
with it, so that a citation can be shown and a rank explained.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.models import System
from codesets.notation import find_codes
from retrieval.conventions import Reading
from retrieval.passages import title_passage
from retrieval.rewriting import Variant, variants

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codesets.library import Library
    from retrieval.embedding import Embedder
    from retrieval.index import VectorIndex
    from retrieval.lexical import LexicalIndex
    from retrieval.passages import Passage

POOL = 100
"""Passages taken from each of the two searches, for each wording of the question."""
WORDS_SHARE = 0.25
"""What full word overlap adds to a cosine of 1; scores are divided so that 1 is the best."""
DEFAULT_SHARE = 0.015
"""What a passage that says "unspecified" or NOS gains: said in full, it is the Index's default."""
_MATCHES = 5
_DEFAULT = re.compile(r"\bunspecified\b|\bNOS\b")


@dataclass(frozen=True, slots=True)
class Match:
    """One passage that speaks for a code.

    Ranks count from 1 and are None where that search did not put the passage in its pool.
    ``dense_score`` is a cosine; ``lexical_score`` is 1 when the same words are said, ``covered``
    the idf-weighted share of the question's words that the passage has, ``said`` the share of the
    passage's words that the question has. ``variant`` is the wording that found it, and
    ``lowered_by`` names the conventions that cost it score.
    """

    passage: Passage
    score: float
    lexical_rank: int | None
    dense_rank: int | None
    lexical_score: float
    dense_score: float
    covered: float = 0.0
    said: float = 0.0
    variant: str = ""
    lowered_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A code, valid or not, with the passages that speak for it, best first.

    ``score`` is between 0 and 1 for what was searched, and 1 for a code that the question names.
    """

    code: str
    score: float
    matches: tuple[Match, ...]


class Searcher:
    """Search over one release. Safe to share between threads."""

    def __init__(
        self, library: Library, index: VectorIndex, embedder: Embedder, lexical: LexicalIndex
    ) -> None:
        self._library = library
        self._index = index
        self._embedder = embedder
        self._lexical = lexical

    @classmethod
    def open(cls, library: Library, index: VectorIndex, embedder: Embedder) -> Searcher:
        """Search with the index's own word index."""
        return cls(library, index, embedder, index.lexical)

    @property
    def fingerprint(self) -> str:
        """What the vectors were made with, for the journal."""
        return self._index.fingerprint

    def search(self, text: str, limit: int = 50) -> list[Candidate]:
        """Candidate codes for ``text``, best first; codes that ``text`` names come before all.

        An empty list when the text has no word to search.
        """
        named = self._named(text)
        found: dict[int, Match] = {}
        if any(character.isalnum() for character in text):
            wordings = variants(text)
            reading = self._reading(" ; ".join(variant.text for variant in wordings))
            for variant in wordings:
                for number, match in self._matches(variant, reading):
                    if number not in found or match.score > found[number].score:
                        found[number] = match
        grouped = _grouped(found.values())
        known = {candidate.code for candidate in named}
        rest = [candidate for candidate in grouped if candidate.code not in known]
        return [*named, *rest][:limit]

    def _named(self, text: str) -> list[Candidate]:
        """The codes written in the text that this release knows, in the text's order."""
        named: dict[str, Candidate] = {}
        for name, _, _ in find_codes(text):
            code = self._library.find(name)
            if code is None or code.code in named:
                continue
            passage = title_passage(code, self._library.release.source)
            match = Match(passage, 1.0, 1, None, 1.0, 0.0, 1.0, 1.0, name)
            named[code.code] = Candidate(code.code, 1.0, (match,))
        return list(named.values())

    def _reading(self, text: str) -> Reading | None:
        """What the chapter conventions make of the question; None in systems without chapters."""
        return Reading(text) if self._library.release.system is System.ICD10CM else None

    def _matches(self, variant: Variant, reading: Reading | None) -> Iterable[tuple[int, Match]]:
        import numpy as np

        vector = np.asarray(self._embedder.embed_query(variant.text), np.float32)
        words = self._lexical.score(variant.text)
        near = [identifier for identifier, _ in self._index.query(vector.tolist(), POOL)]
        stored = self._index.store.by_id(near)
        dense = {stored[identifier][0]: rank for rank, identifier in enumerate(near, 1)}
        lexical = {int(number): rank for rank, number in enumerate(words.best(POOL), 1)}
        passages = dict(stored.values())
        passages |= self._index.store.by_number(lexical.keys() - dense.keys())
        similar = self._index.similarities(vector, list(passages))
        for (number, passage), cosine in zip(passages.items(), similar, strict=True):
            overlap = float(words.score[number])
            lowered, rules = 0.0, tuple[str, ...]()
            if reading is not None:
                lowered, rules = reading.lowers(passage.code, passage.text, overlap)
            covered = float(words.covered[number])
            score = (cosine + WORDS_SHARE * overlap) / (1 + WORDS_SHARE) * variant.weight
            if _DEFAULT.search(passage.text):
                score = min(score + DEFAULT_SHARE * covered, variant.weight)
            yield (
                number,
                Match(
                    passage=passage,
                    score=score - lowered,
                    lowered_by=rules,
                    lexical_rank=lexical.get(number),
                    dense_rank=dense.get(number),
                    lexical_score=overlap,
                    dense_score=cosine,
                    covered=covered,
                    said=float(words.said[number]),
                    variant=variant.text,
                ),
            )


def _grouped(matches: Iterable[Match]) -> list[Candidate]:
    """One candidate a code, best first; equal scores in code order."""
    by_code: dict[str, list[Match]] = {}
    for match in matches:
        by_code.setdefault(match.passage.code, []).append(match)
    candidates = []
    for code, found in by_code.items():
        found.sort(key=lambda match: (-match.score, match.passage.id))
        candidates.append(Candidate(code, found[0].score, tuple(found[:_MATCHES])))
    candidates.sort(key=lambda candidate: (-candidate.score, candidate.code))
    return candidates
