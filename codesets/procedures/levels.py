"""Spinal levels: L4-L5 is one lumbar joint, L3-L5 two, L5-S1 the lumbosacral one."""

from __future__ import annotations

import re
from dataclasses import dataclass

_RANGE = re.compile(
    r"\b([CTLS])(\d{1,2})\s*(?:-|–|/|to|through)\s*([CTLS])?(\d{1,2})\b", re.IGNORECASE
)
_SINGLE = re.compile(r"\b([CTL])(\d{1,2})\b")
_REGIONS = {"C": "cervical", "T": "thoracic", "L": "lumbar", "S": "sacral"}
_LAST = {"C": 7, "T": 12, "L": 5, "S": 5}
_BETWEEN = {"CT": "cervicothoracic", "TL": "thoracolumbar", "LS": "lumbosacral"}
_ORDER = "CTLS"
REGIONS = frozenset({*_REGIONS.values(), *_BETWEEN.values()})


@dataclass(frozen=True, slots=True)
class Levels:
    """What levels the text gives: words of the tables for the region, how many joints, where.

    ``joints`` is 0 where no range of vertebrae is given, and where the range leaves its region.
    """

    words: tuple[str, ...] = ()
    joints: int = 0
    spans: tuple[tuple[int, int], ...] = ()


def read_levels(text: str) -> Levels:
    """The spinal levels of ``text``.

    >>> read_levels("posterior fusion L3-L5").joints, read_levels("fusion L5-S1").words
    (2, ('lumbosacral', 'joint', 'disc'))
    >>> read_levels("kyphoplasty of L1 fracture").words
    ('lumbar', 'vertebra', 'vertebral')
    """
    words: list[str] = []
    joints = 0
    spans = []
    crossing = False
    for found in _RANGE.finditer(text):
        first, a, second, b = found.groups()
        first = first.upper()
        second = (second or first).upper()
        low, high = int(a), int(b)
        if not (_valid(first, low) and _valid(second, high)):
            continue
        spans.append(found.span())
        if first == second and low < high:
            words += [_REGIONS[first], "vertebral", "joint", "disc"]
            joints += high - low
        elif low == _LAST[first] and high == 1 and first + second in _BETWEEN:
            words += [_BETWEEN[first + second], "joint", "disc"]
            joints += 1
        elif _ORDER.find(first) < _ORDER.find(second):
            words += [_REGIONS[first], "vertebral", "joint", "disc"]
            crossing = True
    if not spans:
        for found in _SINGLE.finditer(text):
            region, number = found.groups()
            if _valid(region, int(number)):
                words += [_REGIONS[region], "vertebra", "vertebral"]
                spans.append(found.span())
    return Levels(tuple(dict.fromkeys(words)), 0 if crossing else joints, tuple(spans))


def _valid(region: str, number: int) -> bool:
    return 1 <= number <= _LAST[region]
