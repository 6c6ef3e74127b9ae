"""Whether the words that carry a code name anything a diagnosis code could say.

A body part, a test or a drug is no diagnosis: "right knee", "CT chest" and "insulin" come near many
titles and support none of them (IV.D, III.B). The search is not to blame, it ranks what is nearest;
the words must bear it. Of a drug alone only codes of its use speak (Z79, Z88).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.coding.plural import CONDITIONS
from bot.phrasing import tells
from codesets.abbreviations import Kind, expand, find_drugs
from codesets.wording import read_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.drafting.case import Option

_BEARING = CONDITIONS | {Kind.DRUG, Kind.ORGANISM, Kind.DEVICE}
_ABOUT_DRUGS = re.compile(r"Z79|Z88|Z91|Z92")
_PLAIN = re.compile(r"[A-Za-z]+")
_TESTS = frozenset(
    {
        "x-ray", "xray", "x-rays", "xrays", "radiograph", "radiographs", "film", "films", "scan",
        "scans", "imaging", "ultrasound", "ultrasonography", "sonogram", "doppler", "echo",
        "echocardiogram", "electrocardiogram", "mri", "ct", "ekg", "ecg", "eeg", "emg", "dexa",
        "lab", "labs", "bloodwork", "panel", "count", "level", "levels", "sat", "sats",
        "saturation", "oximetry", "spirometry", "test", "tests", "view", "views", "contrast",
        "study", "studies", "exam", "examination",
    }
)  # fmt: skip
"""Investigations: what they found may be coded, that they were done is not."""


_BEARS = frozenset(
    {
        "disease", "diseases", "disorder", "disorders", "syndrome", "condition", "complication",
        "complications", "problem", "problems", "abnormal", "abnormality", "elevated", "raised",
        "increased", "decreased", "reduced", "low", "high", "positive", "dependent", "dependence",
    }
)  # fmt: skip
"""General words that name a condition once a part or a test stands beside them."""


def telling_places(text: str) -> list[int]:
    """Where the words stand that name something a diagnosis code could say."""
    tests = [
        (each.start, each.end)
        for each in expand(text)
        if not any(meaning.kind in _BEARING for meaning in each.meanings)
    ]
    telling = [
        word.start
        for word in read_text(text)
        if tells(word)
        and word.surface.casefold() not in _TESTS
        and not word.surface[0].isdigit()
        and not any(start <= word.start < end for start, end in tests)
    ]
    # A reading makes one word of "chronic kidney disease": the general words are sought as written.
    telling += [m.start() for m in _PLAIN.finditer(text) if m.group().casefold() in _BEARS]
    return telling


def borne(text: str, options: Sequence[Option]) -> list[Option]:
    """The options, unless no word of theirs bears one of them out.

    One that is borne out lets those beside it stand: the stage, the status and the drug of it.
    """
    telling = telling_places(text)
    drugs = [(match.start, match.end) for match in find_drugs(text)]
    beside = [place for place in telling if not any(s <= place < e for s, e in drugs)]
    for option in options:
        places = telling if _ABOUT_DRUGS.match(option.code.code) else beside
        # What stands between its words counts: "disease" is no word of its own in a reading.
        start = min((s for s, _ in option.spans), default=0)
        end = max((e for _, e in option.spans), default=0)
        if any(start <= place < end for place in places):
            return list(options)
    return []


__all__ = ["borne", "telling_places"]
