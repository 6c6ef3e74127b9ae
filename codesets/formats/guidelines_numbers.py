"""How the Official Guidelines number their headings, from ``Section I.`` down to ``(i)``."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")

# One style a level, outermost first; `ordinal` reads the symbol by the alphabet named.
_STYLES: tuple[tuple[int, str, re.Pattern[str]], ...] = (
    (0, "roman", re.compile(r"Section ([IVX]+)\.\s*")),
    (1, "letter", re.compile(r"([A-Z])\.\s*")),
    (2, "number", re.compile(r"(\d{1,2})\.\s*")),
    (3, "letter", re.compile(r"([a-z])\.\s*")),
    (4, "number", re.compile(r"(\d{1,2})\)\s*")),
    (5, "letter", re.compile(r"\(([a-z])\)\s*")),
    (6, "roman", re.compile(r"\(([ivx]+)\)\s*")),
)


@dataclass(frozen=True, slots=True)
class Marker:
    """A heading's marker: its level from 0, place in its sequence from 1, and the title after it.

    ``symbol`` is what a citation carries (``a``), ``printed`` what the page shows (``(a)``).
    """

    level: int
    ordinal: int
    symbol: str
    printed: str
    title: str


def markers(text: str) -> tuple[Marker, ...]:
    """Every reading of a heading's marker: ``(i)`` can be a letter or a Roman numeral.

    >>> [(m.level, m.ordinal) for m in markers("(i) Pneumonia")]
    [(5, 9), (6, 1)]
    >>> markers("b. Coding of Injuries")[0].title
    'Coding of Injuries'
    """
    found = []
    for level, alphabet, pattern in _STYLES:
        match = pattern.match(text)
        title = text[match.end() :].strip() if match else ""
        if match and title:
            symbol = match.group(1)
            ordinal = _ordinal(symbol, alphabet)
            if ordinal:
                found.append(Marker(level, ordinal, symbol, match.group(0).strip(), title))
    return tuple(found)


def follows(before: Marker | None, marker: Marker) -> bool:
    """Whether ``marker`` is the next after ``before``, or the first where there is none."""
    return marker.ordinal == (before.ordinal + 1 if before else 1)


def _ordinal(symbol: str, alphabet: str) -> int:
    if alphabet == "number":
        return int(symbol)
    if alphabet == "letter":
        return ord(symbol.lower()) - ord("a") + 1
    return _ROMAN.index(symbol.lower()) + 1 if symbol.lower() in _ROMAN else 0
