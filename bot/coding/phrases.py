"""The phrases of a question one by one, each unless it is not to be coded or accounted for."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import messages
from bot.answer import Setting
from bot.coding.gathered import Stretch
from bot.coding.relatives import Relatives
from bot.coding.whole import FOUND_NEGATIVE
from bot.phrasing import means, tells
from codesets.combining import keeps_apart
from codesets.wording import read_text
from retrieval.mentions import RELATIVES, Assertion, status_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.coding.gathered import Gathered
    from bot.coding.taking import Taker
    from codesets.wording import Word
    from retrieval.mentions import Mention
    from retrieval.search import Candidate

MOST_OPTIONS = 25
_NAMED_RELATIVE = re.compile(rf"\b(?:family|{RELATIVES})\b", re.IGNORECASE)
_FAMILY_TITLE = re.compile(r"\bfamily history\b", re.IGNORECASE)


class Phrases:
    """Takes what each phrase says into what is gathered."""

    def __init__(self, gathered: Gathered, taker: Taker) -> None:
        self._gathered = gathered
        self._taker = taker
        self._relatives = Relatives(gathered)
        self._apart = keeps_apart(gathered.text)

    def take(self, mention: Mention) -> None:
        """One phrase of the text, unless it is not to be coded or already accounted for."""
        if len(self._gathered.options) >= MOST_OPTIONS:
            return
        mention = self._of_patient(mention)
        family = mention.status is Assertion.FAMILY
        stretch = self._stretch(mention)
        meaningful = [word for word in stretch.words if means(word) and not word.negated]
        if not any(tells(word) for word in meaningful):
            return
        if not family and self._gathered.accounts_for_most(meaningful, stretch.base):
            return
        if not self._may_code(mention, stretch):
            return
        candidates = self._gathered.search(mention.text)
        if family:
            if not self._relatives.take(mention, stretch):
                self._taker.take([c for c in candidates if self._is_family(c)], stretch)
            return
        self._taker.take(candidates, stretch)
        self._taker.take_leftovers(stretch)

    def _stretch(self, mention: Mention) -> Stretch:
        """The phrase in its question; alone, where the text calls conditions unrelated."""
        if self._apart:
            return Stretch(read_text(mention.text), mention.text, mention.start)
        words = [w for w in self._gathered.words if mention.start <= w.start < mention.end]
        return Stretch(words, self._gathered.text)

    def _of_patient(self, mention: Mention) -> Mention:
        """A phrase before any relative is named in its sentence is the patient's own."""
        if mention.status is not Assertion.FAMILY:
            return mention
        if _NAMED_RELATIVE.search(self._gathered.text[mention.sentence.start : mention.end]):
            return mention
        return replace(mention, status=status_of(mention.text))

    def _may_code(self, mention: Mention, stretch: Stretch) -> bool:
        """Whether the phrase's status lets it be coded; says so where a reader would wonder."""
        own: Sequence[Word] = stretch.words
        if mention.status is Assertion.NEGATED or all(w.negated for w in own):
            return False
        if FOUND_NEGATIVE.search(mention.text):
            return False
        if mention.status is not Assertion.UNCERTAIN:
            return True
        words = " ".join(mention.text.split())
        if self._gathered.question.setting is Setting.INPATIENT:
            self._gathered.say(messages.UNCERTAIN_KEPT.format(words=words))
            return True
        self._gathered.account(w.start + stretch.base for w in own)
        self._gathered.say(messages.UNCERTAIN_SKIPPED.format(words=words))
        return False

    def _is_family(self, candidate: Candidate) -> bool:
        """Whether a candidate is a code of family history."""
        code = self._gathered.library.find(candidate.code)
        return code is not None and bool(_FAMILY_TITLE.search(code.title))
