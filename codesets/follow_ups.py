"""Follow-up after a treatment that is over (Official Guidelines I.C.21.c.8, I.C.2.m).

The condition has been treated and is gone: Z08 for a malignant neoplasm, Z09 for another condition,
with the code of its history. While it is still treated, or has come back, it is coded itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_VISIT = re.compile(
    r"\b(?:follow(?:ed)?[- ]?up|f/u|surveillance|check[- ]?up|re-?check)\b", re.IGNORECASE
)
_OVER = re.compile(
    r"\b(?:after|following|post|s/p|status post|completed|completion of|finished)\b[^.;]*?"
    r"\b(?:treatments?|therapy|chemo\w*|radiation|radiotherapy|resection|excision|surgery|removal"
    r"|\w+ectomy|antibiotics?)\b|\b(?:treatment|therapy|chemo\w*|radiation) (?:is )?(?:completed?"
    r"|finished|done|over)\b|\bresolved\b|\bcured\b",
    re.IGNORECASE,
)
_STILL = re.compile(
    r"\b(?:recurren\w+|metasta\w+|mets|active|residual|persist\w+|ongoing|current\w*|worsening"
    r"|not resolved|still|fractures?|fx|sprain\w*|injur\w+|wounds?|burns?|replacement|arthroplasty"
    r"|transplant\w*|abnormal)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\b(?:follow(?:ed)?[- ]?up|f/u|surveillance|check[- ]?up|re-?check|exam(?:ination)?|visit"
    r"|appointment|encounter|for|after|following|post|s/p|status post|completed|completion"
    r"|finished|treatments?|therapy|chemo\w*|radiation|radiotherapy|resection|excision|surgery"
    r"|surgical|removal|\w+ectomy|antibiotics?|of|with|the|a|an|and|was|is|has|been|patient|pt"
    r"|ned|no (?:evidence|signs?) of (?:disease|recurrence)|resolved|cured|colonoscopy|cystoscopy"
    r"|mammogram|ct|mri|scan|oncology|clinic|years?|months?|weeks?|ago|\d+|years? out|routine"
    r"|h/o|hx|history|personal)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z][\w'-]*")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Offsets of the words that say the visit, and of each run of words of the condition."""

    visit: tuple[int, int]
    condition: tuple[tuple[int, int], ...]


def follow_up(text: str) -> FollowUp | None:
    """A follow-up after treatment that is over; None where the text says no such visit.

    >>> text = "follow up after colon cancer treatment"
    >>> [text[a:b] for a, b in follow_up(text).condition]
    ['colon cancer']
    >>> follow_up("follow up of colon cancer") is None
    True
    """
    visit = _VISIT.search(text)
    if visit is None or not _OVER.search(text) or _STILL.search(text):
        return None
    aside = [match.span() for match in _ASIDE.finditer(text)]
    runs: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        if any(start <= match.start() < end for start, end in aside):
            continue
        if runs and text[runs[-1][1] : match.start()].isspace():
            runs[-1] = (runs[-1][0], match.end())
        else:
            runs.append(match.span())
    return FollowUp(visit.span(), tuple(runs)) if runs else None
