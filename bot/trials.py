"""What became of each candidate while a text was coded: kept so that an answer can be explained."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codesets.resolution import Resolution


class Fate(StrEnum):
    """How a candidate fared for a phrase."""

    TAKEN = "taken"
    OUTWEIGHED = "outweighed"
    UNSUPPORTED = "unsupported"
    TOO_BROAD = "too broad"


@dataclass(frozen=True, slots=True)
class Trial:
    """Candidate ``code`` as ``phrase`` resolves it. ``worth`` is its score less its doubts.

    ``winner`` is the code that was taken for the phrase instead, where one was.
    """

    code: str
    phrase: str
    resolved: str
    fate: Fate
    worth: float = 0.0
    steps: tuple[str, ...] = ()
    winner: str = ""


class Trials:
    """The trials of one text. A candidate tried for several phrases keeps its best fate."""

    _BETTER = (Fate.TAKEN, Fate.OUTWEIGHED, Fate.UNSUPPORTED, Fate.TOO_BROAD)

    def __init__(self) -> None:
        self._found: dict[str, Trial] = {}

    def note(
        self, code: str, phrase: str, resolution: Resolution, fate: Fate, worth: float = 0.0
    ) -> None:
        """Note how ``code`` fared for ``phrase``."""
        trial = Trial(code, phrase, resolution.code.code, fate, worth, resolution.steps)
        known = self._found.get(code)
        if known is None or self._BETTER.index(fate) < self._BETTER.index(known.fate):
            self._found[code] = trial

    def settle(self, phrase: str, winner: str, resolved: str) -> None:
        """Candidate ``winner``, resolved to ``resolved``, was taken for ``phrase``."""
        for code, trial in self._found.items():
            if code == winner:
                self._found[code] = replace(
                    trial, phrase=phrase, resolved=resolved, fate=Fate.TAKEN, winner=""
                )
            elif trial.phrase == phrase and trial.fate is Fate.OUTWEIGHED:
                self._found[code] = replace(trial, winner=resolved)

    def all(self) -> tuple[Trial, ...]:
        """Every trial, in the order in which the candidates were first tried."""
        return tuple(self._found.values())
