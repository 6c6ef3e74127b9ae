"""What an answer keeps back until somebody asks for more, and how it says so in one line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import messages

if TYPE_CHECKING:
    from bot.answer import Answer, Rejected


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.escape(template).replace(re.escape("{words}"), ".+?"), re.DOTALL)


# A caution of one of these forms speaks of a mention that was read and deliberately not coded.
_SET_ASIDE = tuple(
    _pattern(template)
    for template in (
        messages.NEGATED_SKIPPED,
        messages.HISTORY_SKIPPED,
        messages.FAMILY_SKIPPED,
        messages.UNCERTAIN_SKIPPED,
    )
)


@dataclass(frozen=True, slots=True)
class Folded:
    """An answer's cautions, parted: those to show at once, and mentions that were not coded."""

    cautions: tuple[str, ...]
    set_aside: tuple[str, ...]
    alternatives: int
    noted: int = 0

    @property
    def line(self) -> str:
        """How much there is behind "Show more"; "" where there is nothing."""
        parts = []
        if self.set_aside:
            count = len(self.set_aside)
            parts.append(f"{count} {'mention' if count == 1 else 'mentions'} not coded")
        if self.alternatives:
            noun = "alternative" if self.alternatives == 1 else "alternatives"
            parts.append(f"{self.alternatives} {noun} considered")
        if self.noted:
            codes = "code" if self.noted == 1 else "codes"
            parts.append(f"notes on {self.noted} {codes}")
        return " · ".join(parts)


def _rejection(mention: Rejected) -> str:
    codes = f" ({', '.join(mention.codes)})" if mention.codes else ""
    return f"“{' '.join(mention.quote.split())}”{codes}: {mention.reason}"


def fold(answer: Answer) -> Folded:
    """What of the answer is shown at once and what is kept for "Show more"."""
    said = tuple(c for c in answer.cautions if any(p.fullmatch(c) for p in _SET_ASIDE))
    shown = tuple(c for c in answer.cautions if c not in said)
    aside = tuple(map(_rejection, answer.rejected)) or said
    noted = sum(bool(item.information or item.axes) for item in answer.suggestions)
    return Folded(shown, aside, sum(len(item.alternatives) for item in answer.suggestions), noted)
