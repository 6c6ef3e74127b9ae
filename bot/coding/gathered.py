"""What one question has yielded so far: options, the words they account for, what to tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import messages
from bot.coding.bearing import borne, telling_places
from bot.coding.built import Built
from bot.coding.plural import CONDITIONS, Asked, ask_meanings, nearest, stands
from bot.completing import complete
from bot.drafting.case import Case
from bot.phrasing import undecided
from bot.trials import Trials
from bot.weighing import SHARE
from codesets.wording import read_text
from retrieval.passages import title_passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.answer import Question
    from bot.drafting.case import Option
    from codesets.library import Library
    from codesets.models import Code
    from codesets.wording import Word
    from retrieval.passages import Passage
    from retrieval.search import Candidate, Searcher

_MEANINGS_TOLD = 4
_MOST_CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words to be coded, the text they are read in, and where that text starts in the question.

    Offsets of ``words`` are into ``context``; with ``base`` added, into the question.
    """

    words: Sequence[Word]
    context: str
    base: int = 0

    @property
    def phrase(self) -> str:
        """The context from the first word to the last."""
        return self.context[self.words[0].start : self.words[-1].end] if self.words else ""


class Gathered:
    """One question under way. Whoever reads it adds options here and marks their words."""

    def __init__(self, text: str, question: Question, library: Library, searcher: Searcher) -> None:
        self.text = text
        self.question = question
        self.library = library
        self.words = list(read_text(text))
        self.options: list[Option] = []
        self.trials = Trials()
        self.whole: tuple[Candidate, ...] = ()
        self._searcher = searcher
        self._count = 0
        self._cautions: list[str] = []
        self._explained: set[int] = set()
        self._candidates: dict[str, Candidate] = {}

    def search(self, words: str) -> list[Candidate]:
        """Candidates for ``words``, best first, kept for the exchange's record."""
        found = list(self._searcher.search(words))
        for candidate in found:
            known = self._candidates.get(candidate.code)
            if known is None or known.score < candidate.score:
                self._candidates[candidate.code] = candidate
        return found

    def has(self, code: Code) -> bool:
        """Whether an option of this code is there."""
        return any(option.code.code == code.code for option in self.options)

    def title(self, code: Code) -> Passage:
        """The passage of a code's official title."""
        return title_passage(code, self.library.release.source)

    def new_id(self) -> str:
        """An id that no option has yet."""
        self._count += 1
        return f"o{self._count}"

    def say(self, sentence: str) -> None:
        """Tell the reader, once."""
        if sentence not in self._cautions:
            self._cautions.append(sentence)

    # --- which words are accounted for ------------------------------------------------------------

    def account(self, starts: Iterable[int]) -> None:
        """Words that start here, in the question, are accounted for."""
        self._explained.update(starts)

    def account_within(self, spans: Iterable[tuple[int, int]], context: str, base: int = 0) -> None:
        """Words of ``context`` within ``spans`` of the question are accounted for."""
        kept = tuple(spans)
        self._explained.update(
            word.start + base
            for word in read_text(context)
            if any(start <= word.start + base < end for start, end in kept)
        )

    def accounts_for(self, word: Word, base: int = 0) -> bool:
        """Whether some option says this word."""
        return word.start + base in self._explained

    def accounts_for_most(self, words: Sequence[Word], base: int) -> bool:
        """Whether the options say so many of these words that they need no code of their own."""
        known = sum(self.accounts_for(word, base) for word in words)
        return known / len(words) >= SHARE

    # --- the end ----------------------------------------------------------------------------------

    def built(self) -> Built:
        """What was found, in the order of the text, completed by what guidelines add."""
        asked = ask_meanings(self.text, borne(self.text, self.options), self._searcher.search)
        self.options = asked.options
        asked = asked if self.options or asked.sentences else self._nearest(asked)
        for token, each in undecided(self.text).items():
            if each.meanings[0].kind not in CONDITIONS or not stands(token):
                continue  # "PE on CT": nothing is coded for the scan; or it was asked above
            meanings = [m.spoken for m in each.meanings[:_MEANINGS_TOLD]]
            if any(token in self.text[s:e] for o in self.options for s, e in o.spans):
                self.say(messages.AMBIGUOUS.format(token=token, meanings=" or ".join(meanings)))
        ranked = sorted(self._candidates.values(), key=lambda c: (-c.score, c.code))
        question = self.question
        self.options.sort(key=self._place)
        done = complete(self.options, self.text, self.library, question.setting, self.new_id)
        for caution in done.cautions:
            self.say(caution)
        options = tuple(done.options)
        gaps = dict.fromkeys((*asked.gaps, *(gap for o in options for gap in o.gaps)))
        return Built(
            case=Case(self.text, question.setting, question.day, options),
            candidates=tuple(ranked[:_MOST_CANDIDATES]),
            gaps=tuple(gaps),
            cautions=tuple(self._cautions),
            open_choices=tuple(option for option in options if not option.final),
            trials=self.trials.all(),
            whole=self.whole,
            unread=asked.sentences,
        )

    def _nearest(self, asked: Asked) -> Asked:
        """What to choose from, where words that name a condition carry no code by themselves."""
        if not telling_places(self.text):
            return asked
        gap = nearest(self.text, self.whole, lambda code: self.library.get(code).title)
        if gap is None:
            return asked
        return Asked([], (gap,), (messages.NEAREST,))

    def _place(self, option: Option) -> tuple[int, int]:
        """Where an option's first words stand; companions follow what asked for them."""
        asker = next((o for o in self.options if o.id == option.companion_of), option)
        first = min((start for start, _ in asker.spans), default=len(self.text))
        return first, int(option.companion_of is not None)
