"""Titles compared: their sides, and whether one says the same as another or less."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

_WORD = re.compile(r"[a-z0-9][a-z0-9'-]*")
_LITTLE = frozenset(
    (
        *("a", "an", "and", "at", "by", "due", "for", "from", "in", "into", "of", "on", "or"),
        *("the", "to", "with", "side", "sided"),
    )
)
_SIDES = frozenset({"right", "left", "bilateral", "unilateral", "both"})
# What "bilateral" says without naming it ("cataract, right eye" and "cataract, bilateral").
_PAIRED = frozenset({"eye", "eyes", "ear", "ears"})
# What "unspecified" may leave open without naming another condition.
_AXES = frozenset(
    (
        *("site", "sites", "part", "severity", "organism", "type", "stage", "degree", "trimester"),
        *("cause", "side", "limb", "level", "location", "nature", "intent"),
        *("status", "number", "episode", "duration", "complication", "complications", "eyelid"),
        *("behavior", "depth", "character", "extremity"),
    )
)


class Side(StrEnum):
    """The side of the body a title names."""

    RIGHT = "right"
    LEFT = "left"
    BILATERAL = "bilateral"
    UNSPECIFIED = "unspecified"


@dataclass(frozen=True, slots=True)
class Wording:
    """A title read: its words without sides and little words, its side, what it leaves open.

    ``left_open`` says that the title is an "unspecified" one in any respect but the side.
    """

    words: frozenset[str]
    side: Side | None
    unspecified: bool
    left_open: bool


@lru_cache(maxsize=32_768)
def wording(title: str) -> Wording:
    """Read a title.

    >>> a, b = wording("Bilateral primary osteoarthritis of knee"), wording("Unilateral primary "
    ...     "osteoarthritis, left knee")
    >>> a.words == b.words, a.side.value, b.side.value
    (True, 'bilateral', 'left')
    """
    listed = _WORD.findall(title.lower().replace("not otherwise specified", "unspecified"))
    sides = {word for word in listed if word in _SIDES}
    unspecified = "unspecified" in listed
    words: list[str] = []
    opened: list[str] = []
    for at, word in enumerate(listed):
        before = listed[at - 1] if at else ""
        if word in _LITTLE or word in _SIDES or word == "unspecified":
            continue
        if word in _PAIRED and (before in _SIDES or before == "unspecified"):
            continue
        if before == "unspecified" and word in _AXES:
            opened.append(word)
            continue
        words.append(_singular(word))
    return Wording(frozenset(words), _side(sides, unspecified), unspecified, bool(opened))


def _side(sides: set[str], unspecified: bool) -> Side | None:
    if "right" in sides and "left" in sides:
        return None
    if "bilateral" in sides or "both" in sides:
        return Side.BILATERAL
    for side in (Side.RIGHT, Side.LEFT):
        if side.value in sides:
            return side
    return Side.UNSPECIFIED if unspecified else None


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "is", "us")) else word


def is_less_specific(title: str, than: str) -> bool:
    """Whether ``title`` is the "unspecified" form of what ``than`` says in more detail.

    >>> is_less_specific("Heart failure, unspecified", "Chronic systolic heart failure")
    True
    >>> is_less_specific("Pneumonia, unspecified organism", "Acute bronchitis due to rhinovirus")
    False
    """
    general, exact = wording(title), wording(than)
    if not general.unspecified or general.words == exact.words:
        return False
    if exact.unspecified and not general.left_open:
        return False
    if {general.side, exact.side} == {Side.RIGHT, Side.LEFT}:
        return False
    return bool(general.words) and general.words < exact.words
