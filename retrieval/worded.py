"""A search that is also given other wordings of one text, and codes that somebody led it to.

What another wording finds is ranked for the text, but never speaks for it: its passages carry no
closeness to the text that they do not have, and each code is settled by the text's own words.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from retrieval.passages import title_passage
from retrieval.search import SETTLED, Candidate, Match, Searcher
from retrieval.settling import default_below, settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codesets.library import Library
    from retrieval.index import VectorIndex
    from retrieval.passages import Passage

WORTH = 0.95
"""What a find by another wording counts beside a find by the text itself."""
_EACH = 12
"""Finds of one wording that are taken."""


class WordedSearcher(Searcher):
    """``inner``, and for ``text`` also what ``wordings`` find; the codes of ``leads`` go first."""

    def __init__(  # the search itself is the inner one's; nothing of it is set up twice
        self,
        inner: Searcher,
        library: Library,
        text: str,
        wordings: Sequence[str] = (),
        leads: Sequence[str] = (),
    ) -> None:
        self._inner = inner
        self._own = library
        self._text = _key(text)
        self._wordings = tuple(wordings)
        self._leads = tuple(leads)

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
        if _key(text) != self._text:
            return found
        best = {candidate.code: candidate for candidate in found}
        for wording in self._wordings:
            for place, candidate in enumerate(self._inner.search(wording, _EACH)):
                self._add(best, self._lent(candidate, text, settled=place < SETTLED))
        top = max((candidate.score for candidate in best.values()), default=1.0)
        for code in self._leads:
            self._lead(best, code, top, text)
        # Leads were put in first to last: of equal scores the earliest stands first.
        first = {code: place for place, code in enumerate(self._leads)}
        return sorted(best.values(), key=lambda c: (-c.score, first.get(c.code, len(first))))[
            :limit
        ]

    def _lent(self, candidate: Candidate, text: str, *, settled: bool) -> Candidate:
        """A find of another wording as the text may have it."""
        matches = tuple(
            replace(match, variant="", dense_score=0.0, lexical_score=0.0)
            for match in candidate.matches
        )
        code, chosen = candidate.code, False
        if settled:
            resolved, chosen = settle(self._own, code, text)
        else:
            resolved = default_below(self._own, code)
        return Candidate(code, candidate.score * WORTH, matches, resolved, chosen)

    @staticmethod
    def _add(best: dict[str, Candidate], lent: Candidate) -> None:
        known = best.get(lent.code)
        if known is None:
            best[lent.code] = lent
        elif lent.score > known.score:
            best[lent.code] = replace(known, score=lent.score)

    def _lead(self, best: dict[str, Candidate], code: str, score: float, text: str) -> None:
        """Put ``code`` before all others; what the text itself found of it stays its evidence."""
        known = best.get(code)
        if known is not None:
            best[code] = replace(known, score=score)
            return
        record = self._own.find(code)
        if record is not None:
            passage = title_passage(record, self._own.release.source)
            match = Match(passage, score, None, None, 0.0, 0.0)
            resolved, chosen = settle(self._own, record.code, text)
            best[record.code] = Candidate(record.code, score, (match,), resolved, chosen)


def _key(text: str) -> str:
    return " ".join(text.casefold().split())
