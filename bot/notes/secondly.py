"""A second reading of a problem's words, by the way questions are read, where the first was weak.

The note's own reading compares a few candidates as wholes. A question is taken apart further: its
parts, adverse effects, metastases and companions are each looked for. What comes of that counts
only where its wordings bear it out and nothing in it is too general to be a diagnosis.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.notes.records import VAGUE

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.coding.built import Built
    from bot.drafting.case import Option
    from bot.notes.records import Chosen

WEAK = 0.45
"""Worth of a first reading from which it is not asked again, if it covers the phrase."""
_PARTLY = 0.6
_MOST_WORDS = 24
_BORNE_OUT = 0.1
"""Worth from which an option of the second reading stands by itself."""
_BESIDE = 0.5
"""Score from which an option stands beside another of the same phrase; a rule's has none."""
_JOINS = re.compile(
    r"\b(?:with|due to|secondary to|from|and|metasta\w+|in the setting of)\b|[- ]induced\b", re.I
)
"""Words by which one phrase says more than one condition."""


def is_weak(chosen: Chosen | None, words: str) -> bool:
    """Whether a first reading of ``words`` is worth asking again for."""
    if chosen is None or chosen.worth < WEAK:
        return True
    partly = chosen.covered < 1 and chosen.worth < _PARTLY
    return partly and _JOINS.search(words) is not None


def second_reading(words: str, encounter: str, read: Callable[[str], Built]) -> list[Option]:
    """What ``read`` makes of ``words``; empty where nothing of it can be relied on.

    Offsets of the options are those of ``words``. ``encounter`` is said by the note as a whole.
    """
    if not 0 < len(words.split()) <= _MOST_WORDS or "\n" in words:
        return []
    built = read(f"{words}, {encounter}")
    options = [option for option in built.case.options if option.final]
    if any(o.code.code in VAGUE or o.code.code[0] in "VWXYZ" for o in options):
        return []
    worth: dict[str, float] = {}
    for trial in built.trials:
        worth[trial.resolved] = max(worth.get(trial.resolved, trial.worth), trial.worth)
    joined = len(options) > 1 and _JOINS.search(words) is not None
    kept = [
        option
        for number, option in enumerate(options)
        if option.companion_of is not None
        or (not number and worth.get(option.code.code, _BORNE_OUT) >= _BORNE_OUT)
        or (joined and (option.score >= _BESIDE or not option.score))
    ]
    within = len(words)
    return [o for o in kept if all(end <= within for _, end in o.spans)]
