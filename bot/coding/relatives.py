"""A relative's condition: the family-history code whose note in the Tabular covers it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot import messages
from bot.drafting.case import Option
from bot.phrasing import means, merged
from bot.weighing import accounted_for
from codesets.histories import family_history
from codesets.resolution import resolve
from retrieval.mentions import RELATIVES
from retrieval.passages import note_passage

if TYPE_CHECKING:
    from bot.coding.gathered import Gathered, Stretch
    from retrieval.mentions import Mention

_RELATIVE = re.compile(
    rf"\b(?:family (?:medical )?history(?: of)?|(?:history|hx) (?:of|in)|{RELATIVES}|family|history"
    r"|with|had|has|of|in|the|a)\b",
    re.IGNORECASE,
)


class Relatives:
    """Takes family-history codes into what is gathered."""

    def __init__(self, gathered: Gathered) -> None:
        self._gathered = gathered

    def take(self, mention: Mention, stretch: Stretch) -> bool:
        """A relative's condition as a family-history code; whether the Tabular names one for it."""
        gathered, library = self._gathered, self._gathered.library
        condition = _RELATIVE.sub(" ", mention.text).strip(" ,.:;")
        words = [w for w in stretch.words if not _RELATIVE.search(w.surface) and means(w)]
        if not condition or not words or len(condition) == len(mention.text):
            return False
        candidates = gathered.search(condition)
        if not candidates:
            return False
        candidate = candidates[0]
        name = candidate.resolved or candidate.code
        passages = [match.passage for match in candidate.matches]
        accounted = accounted_for(words, resolve(library, name, condition), passages)
        found = family_history(library, name)
        if found is None or len(accounted) < len(words):
            return False
        code, note = found
        gathered.account(word.start + stretch.base for word in stretch.words)
        if not gathered.has(code):
            reason = messages.FAMILY_HISTORY.format(
                condition=condition, code=name, term=note.text, history=code.code
            )
            owner = library.get(note.owner)
            gathered.options.append(
                Option(
                    id=gathered.new_id(),
                    code=code,
                    score=candidate.score,
                    spans=merged([(mention.start, mention.end)], gathered.text),
                    passages=(
                        gathered.title(code),
                        note_passage(note, owner, library.release.source),
                    ),
                    reasons=(reason,),
                )
            )
        return True
