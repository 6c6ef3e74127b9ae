"""A search that is also given other wordings of one text.

What another wording finds is ranked for the text, but never speaks for it: its passages carry no
closeness to the text that they do not have, and each code is settled by the text's own words.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from retrieval.search import SETTLED, Candidate, Searcher
from retrieval.settling import default_below, settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codesets.library import Library
    from retrieval.index import VectorIndex
    from retrieval.passages import Passage

WEIGHT = 3.0
"""What a place in the text's own list counts beside a place in the list of another wording."""
_AT_FIRST = 10
"""The places before the first: how little the first of a list counts beside the second."""
_WORTH = 0.9
"""Score of what another wording finds first, as a share of the text's own first."""
_EACH = 20
"""Finds of one wording that are taken."""


class WordedSearcher(Searcher):
    """``inner``, and for ``text`` also what ``wordings`` find."""

    def __init__(  # the search itself is the inner one's; nothing of it is set up twice
        self, inner: Searcher, library: Library, text: str, wordings: Sequence[str]
    ) -> None:
        self._inner = inner
        self._own = library
        self._text = _key(text)
        self._wordings = tuple(wordings)

    @property
    def index(self) -> VectorIndex:
        """The index that is searched."""
        return self._inner.index

    @property
    def fingerprint(self) -> str:
        """What the vectors were made with."""
        return self._inner.fingerprint

    def citation(self, identifier: str) -> Passage | None:
        """The passage that a citation id names."""
        return self._inner.citation(identifier)

    def search(self, text: str, limit: int = 50) -> list[Candidate]:
        """Candidate codes for ``text``, best first."""
        found = self._inner.search(text, limit)
        return found if _key(text) != self._text else self._joined(found, text)[:limit]

    def _joined(self, found: list[Candidate], text: str) -> list[Candidate]:
        """The text's finds with those of its wordings between them; its own first stays first."""
        best = {candidate.resolved or candidate.code: candidate for candidate in found}
        places = dict.fromkeys(best, 0.0)
        for place, code in enumerate(best):
            places[code] += WEIGHT / (_AT_FIRST + place)
        top = found[0].score if found else 1.0
        for wording in self._wordings:
            finds = self._inner.search(wording, _EACH)
            for place, candidate in enumerate(finds):
                worth = _WORTH * top * candidate.score / max(finds[0].score, candidate.score, 1e-6)
                lent = self._lent(candidate, worth, text, place < SETTLED)
                best.setdefault(lent.resolved, lent)
                places[lent.resolved] = places.get(lent.resolved, 0.0) + 1 / (_AT_FIRST + place)
        first = next(iter(best), "")
        order = sorted(best, key=lambda code: (code != first, -places[code], code))
        return [best[code] for code in order]

    def _lent(self, candidate: Candidate, worth: float, text: str, settled: bool) -> Candidate:
        """A find of another wording as the text may have it."""
        matches = tuple(
            replace(match, variant="", dense_score=0.0, lexical_score=0.0)
            for match in candidate.matches
        )
        if settled:
            resolved, chosen = settle(self._own, candidate.code, text)
        else:
            resolved, chosen = default_below(self._own, candidate.code), False
        return Candidate(candidate.code, worth, matches, resolved, chosen)


def _key(text: str) -> str:
    return " ".join(text.casefold().split())
