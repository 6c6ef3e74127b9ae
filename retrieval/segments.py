"""A question cut into the phrases a coder would look up one by one, with their offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A line, a sentence, a list item or a clause ends here. A full stop ends a sentence only before
# white space and not after one letter or a short abbreviation, so "Dr. Lee" and "3.5" stay whole.
_BREAK = re.compile(
    r"\n+|;|\s*•\s*|\s+[-–—]\s+|(?<=[\w)\]][a-z0-9)\]])\.(?=\s|$)|\?(?=\s|$)|!(?=\s|$)"
)
_CLAUSE = re.compile(r",(?=\s)|\s+(?:and|plus|&|also)\s+", re.IGNORECASE)
_MARKER = re.compile(r"\s*(?:\(?\d{1,2}[.)]\s+|[-*•·]\s*|[a-z][.)]\s+)")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a text: half-open offsets and the words there."""

    start: int
    end: int
    text: str


def sentences(text: str) -> tuple[Segment, ...]:
    r"""Lines, list items and sentences, without their markers and the blanks around them.

    >>> [s.text for s in sentences("1. Gout.\n2. Hypertension; stable")]
    ['Gout', 'Hypertension', 'stable']
    """
    return _cut(text, 0, len(text), _BREAK)


def clauses(segment: Segment, text: str) -> tuple[Segment, ...]:
    """A sentence cut at its commas and conjunctions.

    >>> text = "type 2 diabetes with CKD, on insulin"
    >>> [c.text for c in clauses(sentences(text)[0], text)]
    ['type 2 diabetes with CKD', 'on insulin']
    """
    return _cut(text, segment.start, segment.end, _CLAUSE)


def _cut(text: str, start: int, end: int, pattern: re.Pattern[str]) -> tuple[Segment, ...]:
    pieces, position = [], start
    for match in pattern.finditer(text, start, end):
        pieces.append((position, match.start()))
        position = match.end()
    pieces.append((position, end))
    found = []
    for begin, stop in pieces:
        marker = _MARKER.match(text, begin, stop)
        begin = marker.end() if marker else begin
        while begin < stop and not text[begin].isalnum() and text[begin] not in "([<≥>":
            begin += 1
        while stop > begin and not (text[stop - 1].isalnum() or text[stop - 1] in ")]%+"):
            stop -= 1
        if stop > begin:
            found.append(Segment(begin, stop, text[begin:stop]))
    return tuple(found)
