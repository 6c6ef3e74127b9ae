"""What reading a text comes to: the case for the drafter, and what a reader has to be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.answer import Gap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer import Rejected
    from bot.drafting.case import Case, Option
    from bot.trials import Trial
    from codesets.specificity import Axis
    from retrieval.notes.services import Service
    from retrieval.search import Candidate


@dataclass(frozen=True, slots=True)
class Built:
    """The case for the drafter, what was retrieved for it, and what a reader has to be told.

    ``open_choices`` are options that fit but lack characters the text does not give; ``trials``
    say what became of each candidate that was resolved. ``whole`` is what the search found for the
    whole question, best first; empty for a note. ``services`` are what a note says was done, given
    or ordered beside its diagnoses. ``unread`` are sentences about short forms whose meaning has to
    be asked; nothing rests on them.
    """

    case: Case
    candidates: tuple[Candidate, ...]
    gaps: tuple[Gap, ...]
    cautions: tuple[str, ...]
    open_choices: tuple[Option, ...]
    trials: tuple[Trial, ...] = ()
    whole: tuple[Candidate, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    services: tuple[Service, ...] = ()
    unread: tuple[str, ...] = ()


def gap_of(axis: Axis) -> Gap:
    """An undocumented axis as the answer shows it: each option with the code it leads to."""
    return Gap(
        axis=axis.name,
        options=tuple(option.label for option in axis.options),
        codes=tuple(_shortest(option.codes) for option in axis.options),
    )


def _shortest(codes: Sequence[str]) -> str:
    """One code as it is; several by what they share, with the dash of an unfinished code."""
    if len(codes) == 1:
        return codes[0]
    shared = codes[0]
    for code in codes[1:]:
        while not code.startswith(shared):
            shared = shared[:-1]
    return f"{shared}-" if shared else ", ".join(codes)
