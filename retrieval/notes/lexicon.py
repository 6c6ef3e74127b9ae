"""Conditions named in running text: every wording of the release, looked up by its set of words.

Each passage of the index is known by the sum of its words' hashes, so a run of words of a note is
looked up in one binary search whatever their order ("pain of the right knee", "right knee pain").
The table is made from the word index in a fraction of a second and holds 12 bytes a passage.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from retrieval.words import STOP, stem
from retrieval.words import terms as words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from retrieval.index import VectorIndex

LONGEST = 7
_OPTIONAL = 2
"""Words of the longest run looked up."""
_SILENT = frozenset(
    ["unspecified", "nos", "nec", "specified", "classified", "elsewhere", "stated", "part",
     "with", "site", "organism", "episode", "type", "not"]
)  # fmt: skip
"""Words of the classification that a note need not say, and that say nothing by themselves."""
_QUALIFIERS = frozenset(
    ["left", "right", "bilateral", "acute", "chronic", "mild", "moderate", "severe", "recent",
     "significant", "possible", "likely", "new", "known", "worsening", "persistent", "intermittent",
     "occasional", "recurrent", "small", "large", "subacute", "minimal", "marked", "diffuse"]
)  # fmt: skip
_TOKEN = re.compile(r"[^\W_]+(?:['’][a-zA-Z]+)?(?:\.\d+)?")
_APART = re.compile(
    r"[;:|•\n\t]|\.\s|,\s(?!(?:stage|grade|type|left|right|bilateral|unspecified|acute|chronic)\b)|\b(?:or|nor|but|and/or)\b",
    re.IGNORECASE,
)
_AND = re.compile(r"(?:^|\s)(?:and|&|/)(?:\s|$)", re.IGNORECASE)
_PAIRS = frozenset(
    [("nausea", "vomiting"), ("vomiting", "diarrhea"), ("dizziness", "giddiness"), ("head", "neck"),
     ("hand", "foot"), ("foot", "mouth"), ("heart", "kidney"), ("lid", "lash"), ("wrist", "hand"),
     ("ankle", "foot"), ("hip", "thigh"), ("fever", "chill")]
)  # fmt: skip
"""Words that the classification itself joins by "and"; elsewhere "and" parts two conditions."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a text as the word index compares it, with half-open offsets."""

    form: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Named:
    """A run of words that names something: half-open offsets, and the passages it is a wording of.

    ``numbers`` are passage numbers of the index, in official order.
    """

    start: int
    end: int
    words: int
    numbers: tuple[int, ...]


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Term]:
    """The words of ``text[start:end]`` with offsets; stop words left out."""
    found: list[Term] = []
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        surface = match.group().casefold()
        if surface in STOP or surface in _SILENT:
            continue
        for form in words_of(match.group()):
            if form not in _SILENT:
                found.append(Term(form, match.start(), match.end()))
                break
    return found


class Lexicon:
    """The wordings of one index. Safe to share between threads."""

    def __init__(self, index: VectorIndex) -> None:
        import numpy as np

        self._index = index
        lexical = index.lexical
        keys = np.zeros(len(lexical), np.uint64)
        hashes = self._hashes = {
            term: _hash(term) for term in lexical.vocabulary if term not in _SILENT
        }
        for term, number in hashes.items():
            keys[lexical.asked_by(term)] += np.uint64(number)
        keys, numbers = self._with_optional(keys)
        order = np.argsort(keys, kind="stable")
        self._order = numbers[order]
        self._keys = keys[order]

    def _with_optional(
        self, keys: NDArray[np.uint64]
    ) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
        """The keys, then those of passages said with their one or two nonessential words."""
        import numpy as np

        also = np.zeros(len(keys), np.uint64)
        count = np.zeros(len(keys), np.int8)
        for term, number in self._hashes.items():
            allowed = self._index.lexical.allowed_by(term)
            also[allowed] += np.uint64(number)
            count[allowed] += count[allowed] < 100
        rows = np.flatnonzero((count > 0) & (count <= _OPTIONAL) & (keys > 0))
        numbers = np.concatenate([np.arange(len(keys)), rows]).astype(np.int32)
        return np.concatenate([keys, keys[rows] + also[rows]]), numbers

    def find(self, text: str, start: int = 0, end: int | None = None) -> list[Named]:
        """What ``text[start:end]`` names, in order: the longest runs, none overlapping."""
        import numpy as np

        words = tokens(text, start, end)
        runs = [*_runs(text, words)]
        if not runs:
            return []
        keys = np.array([self._key(run) for run in runs], np.uint64)
        known = keys != 0
        first = np.searchsorted(self._keys, keys, "left")
        last = np.searchsorted(self._keys, keys, "right")
        hits = np.flatnonzero((last > first) & known)
        found = [
            Named(
                min(word.start for word in runs[hit]),
                max(word.end for word in runs[hit]),
                len(runs[hit]),
                tuple(sorted(self._order[first[hit] : last[hit]].tolist())),
            )
            for hit in hits.tolist()
        ]
        return _longest(found)

    def exact(self, text: str) -> tuple[int, ...]:
        """Numbers of the passages that say the words of ``text`` and nothing else."""
        import numpy as np

        key = np.uint64(self._key(tokens(text)))
        if not key:
            return ()
        first, last = (int(np.searchsorted(self._keys, key, side)) for side in ("left", "right"))
        return tuple(sorted(self._order[first:last].tolist()))

    def _key(self, run: Iterable[Term]) -> int:
        total = 0
        for form in {word.form for word in run}:
            number = self._hashes.get(form)
            if number is None:
                return 0
            total += number
        return total & 0xFFFFFFFFFFFFFFFF


def _hash(term: str) -> int:
    return int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "little")


def _runs(text: str, words: Sequence[Term]) -> Iterable[list[Term]]:
    """Every run of up to LONGEST words within a clause, and each without its qualifiers."""
    breaks = [_is_apart(text, words[place], words[place + 1]) for place in range(len(words) - 1)]
    for first in range(len(words)):
        run: list[Term] = []
        for place in range(first, min(first + LONGEST, len(words))):
            run.append(words[place])
            yield list(run)
            if len(run) > 2:
                plain = [word for word in run if word.form not in _QUALIFIERS]
                if 1 < len(plain) < len(run) and plain[0] is run[0] and plain[-1] is run[-1]:
                    yield plain
            if place < len(breaks) and breaks[place]:
                break


def _is_apart(text: str, one: Term, other: Term) -> bool:
    """Whether what stands between two words parts two conditions."""
    if _APART.search(text[one.end : other.end]):
        return True
    return bool(_AND.search(text[one.end : other.start])) and (one.form, other.form) not in _PAIRS


def _longest(found: list[Named]) -> list[Named]:
    """The longest of what overlaps, then the leftmost; in text order."""
    kept: list[Named] = []
    taken: set[int] = set()
    for named in sorted(found, key=lambda n: (-n.words, n.start - n.end, n.start)):
        places = range(named.start, named.end)
        if taken.isdisjoint(places):
            kept.append(named)
            taken.update(places)
    return sorted(kept, key=lambda named: named.start)


def stems(text: str) -> frozenset[str]:
    """The words of ``text`` as the lexicon compares them."""
    return frozenset(stem(word.form) for word in tokens(text))
