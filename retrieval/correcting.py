"""Unknown words in the spelling of known ones: the last resort after the table of misspellings.

A word is mended only when nothing knows it, it is long enough to leave little doubt, and exactly
one word of the index's vocabulary is nearest: one slip away from five letters on, two from eight.
A slip is a letter added, dropped, changed, or two neighbours exchanged; the first letter is right,
or exchanged with the second.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from codesets import abbreviations
from retrieval.words import STOP, fold, stem

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 5
_LEAST_FOR_TWO = 8


class Corrector:
    """The vocabulary of one index, ready to be asked for near words. Safe between threads."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._known = frozenset(vocabulary)
        self._near = lru_cache(maxsize=4096)(self._nearest)
        self._buckets: dict[tuple[str, int], list[tuple[str, int]]] | None = None

    def mend(self, text: str) -> str:
        """``text`` with each unknown word replaced by the one known word it must mean.

        >>> Corrector(["pneumonia", "asthma", "sepsis"]).mend("Pneumomia, asthmma")
        'Pneumonia, asthma'
        """
        return _WORD.sub(lambda match: self._mended(match.group()), text)

    def _mended(self, word: str) -> str:
        lowered = fold(word)
        if (
            len(lowered) < _LEAST
            or not lowered.isascii()
            or lowered in STOP
            or stem(lowered) in self._known
            or lowered in self._known
            or (word.isupper() and len(word) < _LEAST_FOR_TWO)
            or is_listed(word)
        ):
            return word
        near = self._near(lowered)
        if near is None:
            return word
        return near.capitalize() if word[0].isupper() else near

    def _nearest(self, word: str) -> str | None:
        """The one known word fewest slips away; None when there is none, or more than one."""
        most = 2 if len(word) >= _LEAST_FOR_TWO else 1
        letters = _letters(word)
        found: dict[int, list[str]] = {}
        for first in {word[0], word[1]}:
            for length in range(len(word) - most, len(word) + most + 1):
                for known, theirs in self._bucket(first, length):
                    if (letters ^ theirs).bit_count() > 2 * most:
                        continue
                    slips = distance(word, known, most)
                    if slips <= most:
                        found.setdefault(slips, []).append(known)
        if not found:
            return None
        nearest = found[min(found)]
        return nearest[0] if len(nearest) == 1 else None

    def _bucket(self, first: str, length: int) -> list[tuple[str, int]]:
        buckets = self._buckets
        if buckets is None:
            buckets = {}
            for word in self._known:
                if len(word) >= _LEAST - 1 and word.isalpha():
                    buckets.setdefault((word[0], len(word)), []).append((word, _letters(word)))
            self._buckets = buckets
        return buckets.get((first, length), [])


@lru_cache(maxsize=16_384)
def is_listed(word: str) -> bool:
    """Whether a table of ours knows the word: an abbreviation, a lay word, a drug."""
    return bool(
        abbreviations.meanings(word, case_sensitive=False)
        or abbreviations.find_lay_terms(word)
        or abbreviations.find_drugs(word)
    )


def _letters(word: str) -> int:
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return bits


def distance(one: str, other: str, most: int) -> int:
    """Slips between two words (optimal string alignment), or ``most`` + 1 when there are more.

    >>> distance("pnuemonia", "pneumonia", 2), distance("asthma", "anthrax", 2)
    (1, 3)
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i] + [0] * len(other)
        for j, theirs in enumerate(other, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != theirs))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == theirs:
                row[j] = min(row[j], earlier[j - 2] + 1)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
