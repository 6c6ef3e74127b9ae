"""Search over a HCPCS release: drugs by their names, everything else by its description.

An order that names a drug is answered from the drug index, where words decide; what the word and
vector search finds for it follows. Whatever names no drug (a wheelchair, a catheter, a screening
visit) is left to that search.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.descriptions import described
from retrieval.drugs import EXACT, DrugIndex
from retrieval.passages import title_passage
from retrieval.search import Candidate, Match

if TYPE_CHECKING:
    from codesets.library import Library
    from retrieval.drugs import DrugReading
    from retrieval.index import VectorIndex

_FACILITY = re.compile(
    r"\b(?:OPPS|HOPD|hospital[- ]outpatient|outpatient hospital|outpatient department|ASC"
    r"|ambulatory surg\w+)\b",
    re.IGNORECASE,
)
_PARTIAL = 0.9
"""Share that the score of a drug counts which the order only half names."""
_LAST_RESORT = re.compile(
    r"\bother\b|\bnot otherwise (?:specified|classified)\b|\bmiscellaneous\b|\bunlisted\b"
    r"|\bunclassified\b|\bno[cs]\b",
    re.IGNORECASE,
)
_LAST_RESORT_COST = 0.12
"""What a code for what has no code of its own loses, unless the question asks for such a code."""
_BESIDE = 0.6
"""Share that a description's score counts where the order names a drug."""


def in_facility(text: str) -> bool:
    """Whether a question is about a hospital outpatient department, where C codes are reported.

    >>> in_facility("HOPD: bevacizumab 0.25 mg"), in_facility("bevacizumab in the office")
    (True, False)
    """
    return _FACILITY.search(text) is not None


class HcpcsSearcher:
    """Search over one HCPCS release. Safe to share between threads."""

    def __init__(self, library: Library, index: VectorIndex, drugs: DrugIndex) -> None:
        self._library = library
        self._index = index
        self._drugs = drugs

    @classmethod
    def open(cls, library: Library, index: VectorIndex) -> HcpcsSearcher:
        """Search with the release's index, and its drugs, which take a second to read."""
        return cls(library, index, DrugIndex(library))

    @property
    def fingerprint(self) -> str:
        """What the vectors were made with, for the journal."""
        return self._index.fingerprint

    def read(self, text: str) -> list[DrugReading]:
        """The drug codes that ``text`` may mean, best first; empty where it names no drug."""
        return self._drugs.read(text, facility=in_facility(text))

    def search(self, text: str, limit: int = 50) -> list[Candidate]:
        """Candidate codes for ``text``, best first, none of them terminated.

        An empty list when the text has no word to search.
        """
        readings = self.read(text)[:limit]
        named = any(_is_whole(reading) for reading in readings)
        found = {reading.code: self._candidate(reading, named) for reading in readings}
        asked_for = _LAST_RESORT.search(text) is not None
        for other in described(self._index, text, limit):
            known = found.get(other.code)
            # Where the drug is named, descriptions that merely resemble the words come after it.
            score = other.score * (_BESIDE if named else 1.0)
            if not asked_for and any(_LAST_RESORT.search(m.passage.text) for m in other.matches):
                score = max(score - _LAST_RESORT_COST, 0.0)
            if known is not None:
                matches = (*known.matches, *other.matches)
                found[other.code] = Candidate(other.code, max(known.score, score), matches)
            else:
                found[other.code] = Candidate(other.code, score, other.matches)
        ranked = sorted(found.values(), key=lambda candidate: (-candidate.score, candidate.code))
        return ranked[:limit]

    def _candidate(self, reading: DrugReading, named: bool) -> Candidate:
        code = self._library.get(reading.code)
        score = reading.score * (1.0 if named else _PARTIAL)
        match = Match(
            passage=title_passage(code, self._library.release.source),
            score=score,
            lexical_rank=None,
            dense_rank=None,
            lexical_score=reading.score,
            dense_score=0.0,
            variant=reading.wording,
        )
        return Candidate(code.code, score, (match,))


def _is_whole(reading: DrugReading) -> bool:
    return reading.names_it and reading.score >= EXACT
