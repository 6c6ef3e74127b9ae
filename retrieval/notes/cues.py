"""What words say of the conditions around them: each cue, its status, and its reach.

The cues are data, ``cues.txt``: one regular expression a line. ``FORWARD`` cues speak of what
follows them up to the end of their scope, ``BACKWARD`` cues of what stands before. Words that only
look like a cue ("no longer on oxygen", "not only", "no change in") hide it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources


class Status(StrEnum):
    """What a note claims of a mention."""

    ASSERTED = "asserted"
    NEGATED = "negated"
    HISTORICAL = "historical"
    RESOLVED = "resolved"
    FAMILY = "family"
    OTHER_PERSON = "someone else's"
    UNCERTAIN = "uncertain"
    RULE_OUT = "rule out"
    HYPOTHETICAL = "hypothetical"
    SCREENING = "screening"
    COPIED = "copied forward"


class Reach(StrEnum):
    """Which side of a cue it speaks of."""

    FORWARD = "forward"
    BACKWARD = "backward"
    SENTENCE = "sentence"


PRIORITY = (
    Status.NEGATED,
    Status.FAMILY,
    Status.OTHER_PERSON,
    Status.HYPOTHETICAL,
    Status.SCREENING,
    Status.RULE_OUT,
    Status.UNCERTAIN,
    Status.RESOLVED,
    Status.HISTORICAL,
    Status.COPIED,
)
"""Which status stands where several reach a mention: the one that keeps it from being coded."""


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues, compiled: what opens a scope, what ends one, and what hides a cue."""

    openings: tuple[tuple[Status, Reach, re.Pattern[str]], ...]
    ends: dict[Status, re.Pattern[str]]
    hidden: re.Pattern[str]


@cache
def cues() -> Cues:
    """The packaged cues, read once."""
    lists: dict[str, list[str]] = {}
    text = resources.files("retrieval.notes").joinpath("cues.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("[") and line.endswith("]"):
            current = lists.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            current.append(line)
    openings = []
    ends: dict[Status, re.Pattern[str]] = {}
    for name, words in lists.items():
        if name in ("hidden", "ends any"):
            continue
        if name.startswith("ends "):
            ends[Status(name.removeprefix("ends "))] = _compiled([*lists["ends any"], *words])
            continue
        status, _, reach = name.rpartition(" ")
        openings.append((Status(status), Reach(reach), _compiled(words)))
    return Cues(tuple(openings), ends, _compiled(lists["hidden"]))


def _compiled(words: list[str]) -> re.Pattern[str]:
    """Alternatives as one pattern of whole words."""
    joined = "|".join(words)
    return re.compile(rf"(?:(?<![\w/])|(?=\W))(?:{joined})(?:(?<=\?)|(?![\w]))", re.IGNORECASE)
