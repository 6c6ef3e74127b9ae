"""From a question to candidate codes: word and vector search together, ranked and settled.

Both searches compare every passage the other found (``evidence``), a linear ranker weighs what they
say (``ranking``), and the best codes are settled into the valid codes an answer would assign
(``settling``). Codes that settle into one are one candidate. Every passage that matched stays with
its candidate, so that a citation can be shown and a rank explained.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codesets.notation import find_codes
from retrieval.conventions import CONVENTIONS
from retrieval.correcting import Corrector
from retrieval.evidence import COLUMN, gather
from retrieval.passages import resolve_citation, title_passage
from retrieval.ranking import packaged_ranker
from retrieval.rewriting import variants
from retrieval.settling import default_below, settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from codesets.library import Library
    from retrieval.embedding import Embedder
    from retrieval.evidence import Evidence
    from retrieval.index import VectorIndex
    from retrieval.lexical import LexicalIndex
    from retrieval.passages import Passage
    from retrieval.ranking import Ranker
    from retrieval.rewriting import Variant

EMBEDDED = 3
"""Wordings of a question that are searched by vector; the others by words only."""
SETTLED = 3
"""Candidates that are resolved with the text; those below stand with their default."""
_MATCHES = 4


@dataclass(frozen=True, slots=True)
class Match:
    """One passage that speaks for a code.

    Ranks count from 1 and are None where that search did not put the passage in its pool.
    ``dense_score`` is a cosine; ``lexical_score`` is 1 when the same words are said, ``covered``
    the idf-weighted share of the question's words that the passage has, ``said`` the share of the
    passage's words that the question has. ``variant`` is the wording that found it, ``lowered_by``
    names the conventions that cost it score, and ``parts`` is what each feature added to it.
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
    parts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A code, valid or not, with the passages that speak for it, best first.

    ``score`` is 1 for a perfect match and for a code that the question names. ``resolved`` is the
    valid code that an answer would assign for it, and ``chosen`` whether the text decided that;
    without it a default filled what the text leaves open.
    """

    code: str
    score: float
    matches: tuple[Match, ...]
    resolved: str = ""
    chosen: bool = False


def _named_rules(bits: int) -> tuple[str, ...]:
    return tuple(rule.name for place, rule in enumerate(CONVENTIONS) if bits >> place & 1)


def _encounter(text: str) -> str:
    """The encounter that a question names, which its wordings leave out."""
    found = re.search(r"\b(?:initial|subsequent) encounter\b", text, re.IGNORECASE)
    return f", {found.group()}" if found else ""


class Searcher:
    """Search over one release. Safe to share between threads."""

    def __init__(
        self,
        library: Library,
        index: VectorIndex,
        embedder: Embedder,
        lexical: LexicalIndex,
        ranker: Ranker | None = None,
    ) -> None:
        self._library = library
        self._index = index
        self._embedder = embedder
        self._lexical = lexical
        self._corrector = Corrector(lexical.vocabulary)
        self._ranker = packaged_ranker() if ranker is None else ranker

    @classmethod
    def open(cls, library: Library, index: VectorIndex, embedder: Embedder) -> Searcher:
        """Search with the index's own word index."""
        return cls(library, index, embedder, index.lexical)

    @property
    def index(self) -> VectorIndex:
        """The index that is searched."""
        return self._index

    @property
    def fingerprint(self) -> str:
        """What the vectors were made with, for the journal."""
        return self._index.fingerprint

    def search(self, text: str, limit: int = 50) -> list[Candidate]:
        """Candidate codes for ``text``, best first; codes that ``text`` names come before all.

        An empty list when the text has no word to search.
        """
        named = self._named(text)
        known = {candidate.code for candidate in named}
        found: list[Candidate] = []
        if any(character.isalnum() for character in text):
            wordings = variants(text, self._corrector.mend)
            if wordings:
                pool = gather(self._index, wordings, self._vectors(wordings))
                ranked = self._ranked(pool, wordings, limit)
                found = self._settled(ranked, f"{wordings[0].text}{_encounter(text)}")
        rest = [candidate for candidate in found if candidate.code not in known]
        return [*named, *rest][:limit]

    def citation(self, identifier: str) -> Passage | None:
        """The passage that a citation id names, those of installed indexes included."""
        found = self._index.store.by_id([identifier])
        if identifier in found:
            return found[identifier][1]
        return resolve_citation(self._library, identifier)

    def _vectors(self, wordings: Sequence[Variant]) -> NDArray[np.float32]:
        texts = [wording.text for wording in wordings if wording.whole][:EMBEDDED]
        return self._embedder.vectors(texts)

    def _named(self, text: str) -> list[Candidate]:
        """The codes written in the text that this release knows, in the text's order."""
        named: dict[str, Candidate] = {}
        for name, _, _ in find_codes(text):
            code = self._library.find(name)
            if code is None or code.code in named:
                continue
            passage = title_passage(code, self._library.release.source)
            match = Match(passage, 1.0, 1, None, 1.0, 0.0, 1.0, 1.0, name)
            resolved = default_below(self._library, code.code)
            named[code.code] = Candidate(code.code, 1.0, (match,), resolved, code.valid)
        return list(named.values())

    def _ranked(self, pool: Evidence, wordings: Sequence[Variant], limit: int) -> list[Candidate]:
        """One candidate a code, best first; equal scores in code order."""
        import numpy as np

        scores = self._ranker.scores(pool.values)
        codes = self._index.traits.code_numbers[pool.numbers]
        order = np.lexsort((pool.numbers, -scores))
        rows: dict[int, list[int]] = {}
        for row in order.tolist():
            code = int(codes[row])
            if code in rows:
                rows[code].append(row)
            elif len(rows) < limit:
                rows[code] = [row]
        kept = [row for found in rows.values() for row in found[:_MATCHES]]
        passages = self._index.store.by_number(int(pool.numbers[row]) for row in kept)
        candidates = []
        for code, found in rows.items():
            matches = tuple(
                self._match(pool, row, float(scores[row]), passages, wordings)
                for row in found[:_MATCHES]
            )
            candidates.append(Candidate(self._index.traits.codes[code], matches[0].score, matches))
        candidates.sort(key=lambda candidate: (-candidate.score, candidate.code))
        return candidates

    def _match(
        self,
        pool: Evidence,
        row: int,
        score: float,
        passages: dict[int, Passage],
        wordings: Sequence[Variant],
    ) -> Match:
        values = pool.values[row]
        lowered = int(pool.lowered[row])
        return Match(
            passage=passages[int(pool.numbers[row])],
            score=score,
            lexical_rank=int(pool.lexical_rank[row]) or None,
            dense_rank=int(pool.dense_rank[row]) or None,
            lexical_score=float(values[COLUMN["words"]]),
            dense_score=float(values[COLUMN["cosine"]]),
            covered=float(values[COLUMN["covered"]]),
            said=float(values[COLUMN["said"]]),
            variant=wordings[int(pool.wording[row])].text,
            lowered_by=_named_rules(lowered) if lowered else (),
            parts=tuple(self._ranker.parts(values).items()),
        )

    def _settled(self, candidates: Sequence[Candidate], text: str) -> list[Candidate]:
        """The candidates with the valid codes they lead to, each such code once."""
        by_code: dict[str, Candidate] = {}
        for place, candidate in enumerate(candidates):
            if place < SETTLED:
                resolved, chosen = settle(self._library, candidate.code, text)
            else:
                resolved, chosen = default_below(self._library, candidate.code), False
            gave_way = candidate.code != resolved and self._library.get(candidate.code).valid
            known = by_code.get(resolved)
            if known is not None:
                matches = (*known.matches, *candidate.matches)[: 2 * _MATCHES]
                by_code[resolved] = replace(known, matches=matches)
            else:
                code = resolved if gave_way else candidate.code
                by_code[resolved] = replace(candidate, code=code, resolved=resolved, chosen=chosen)
            if gave_way:  # the default stays a candidate, behind what the text says
                by_code.setdefault(candidate.code, replace(candidate, resolved=candidate.code))
        return list(by_code.values())
