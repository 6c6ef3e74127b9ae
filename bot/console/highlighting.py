"""A question cut into pieces, so that the words that carried a code can be marked."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and the codes that rest on them; none for plain words."""

    text: str
    codes: tuple[str, ...] = ()


def pieces(text: str, suggestions: Sequence[dict[str, Any]]) -> tuple[Piece, ...]:
    """The whole text in order, cut wherever evidence begins or ends.

    >>> [(p.text, p.codes) for p in pieces("AKI on CKD", [
    ...     {"code": "N17.9", "evidence": [{"start": 0, "end": 3}]}])]
    [('AKI', ('N17.9',)), (' on CKD', ())]
    """
    spans = [
        (max(quote["start"], 0), min(quote["end"], len(text)), row["code"])
        for row in suggestions
        for quote in row.get("evidence", ())
    ]
    edges = sorted({0, len(text), *(s for s, _, _ in spans), *(e for _, e, _ in spans)})
    found = []
    for start, end in pairwise(edges):
        codes = tuple(dict.fromkeys(c for s, e, c in spans if s <= start and end <= e))
        found.append(Piece(text[start:end], codes))
    return tuple(found)
