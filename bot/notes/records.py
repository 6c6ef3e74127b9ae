"""What a note is worked on as: phrases to look up, what was coded, what was not and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codesets.resolution import Resolution
    from retrieval.notes.cues import Status
    from retrieval.passages import Passage
    from retrieval.search import Candidate


VAGUE = frozenset(
    {"R52", "R69", "T14.90", "T14.90XA", "T14.8", "T14.8XXA", "R68.89", "R58", "B99.8", "B99.9",
     "D49.9", "C80.1", "C79.9", "R22.9", "T88.4", "T88.4XXA", "B97.89"}
)  # fmt: skip
"""Codes of words that name no condition by themselves: pain, disease, injury, mass."""


class Link(StrEnum):
    """How a phrase hangs on the one before it in a problem's title."""

    NONE = ""
    AND = "and"
    DUE_TO = "due to"
    WITH = "with"


class Ground(StrEnum):
    """Why a condition counts for this encounter."""

    TITLE = "assessed as a problem"
    PROSE = "assessed in the text"
    REASON = "reason for the visit"
    CAUSE = "external cause"
    STATUS = "status"
    DRUG = "long-term drug"
    SOCIAL = "social determinant"
    COMBINED = "combination"
    COMPANION = "asked for by a note"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of the note to look up: half-open offsets, what is claimed, how it hangs on."""

    start: int
    end: int
    text: str
    status: Status
    link: Link = Link.NONE
    cue: str = ""


@dataclass(frozen=True, slots=True)
class Coded:
    """One condition with the code that was chosen for it.

    ``spans`` are the words of the note that carry it; ``reasons`` are plain sentences. ``final`` is
    False while characters are missing.
    """

    code: str
    phrase: Phrase
    ground: Ground
    score: float
    spans: tuple[tuple[int, int], ...]
    passages: tuple[Passage, ...]
    reasons: tuple[str, ...] = ()
    resolution: Resolution | None = None
    candidate: Candidate | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A candidate as the note resolves it. ``exact``: its wording says the phrase and no more.

    ``rivals`` are other codes of its category that are worth about as much.
    """

    candidate: Candidate
    code: str
    resolution: Resolution
    worth: float
    covered: float
    exact: bool
    inferred: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    rivals: tuple[str, ...] = ()
