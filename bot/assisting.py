"""A chat model's help around the draft: before it with the search, after it with a second look.

``CODECITE_MODEL_ASSIST`` names what is wanted. Every help is bounded as the draft is, by the limits
of one answer, and by what it may say (``bot.drafting.helping``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.coding.case import build_case
from bot.drafting.assists import Assist
from bot.drafting.case import ModelUse
from bot.drafting.helping import Helper
from retrieval.mentions import is_note
from retrieval.worded import WordedSearcher

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.answer import Answer, Question
    from bot.coding.built import Built
    from bot.drafting.case import Case, Draft, Option
    from bot.drafting.chat import ChatModel
    from codesets.library import Library
    from retrieval.search import Searcher

_MOST_WORDS = 60
"""A longer question is a story: there is no one condition to word otherwise or look up."""


class Assisting:
    """The help that a deployment wants of its model; one ``Help`` is begun for each answer."""

    def __init__(self, model: ChatModel | None, assists: Iterable[Assist]) -> None:
        self._model = model
        self._assists = frozenset(assists)

    def begin(self) -> Help:
        """Help with one answer; none where no model is configured or no help is wanted."""
        if self._model is None or not self._assists:
            return Help(None)
        return Help(Helper(self._model, self._assists))


UNASSISTED = Assisting(None, ())


class Help:
    """A model's help with one answer, and what it took; without a ``helper`` nothing changes."""

    def __init__(self, helper: Helper | None) -> None:
        self._helper = helper

    def searcher(self, text: str, library: Library, searcher: Searcher) -> Searcher:
        """``searcher``, which finds more for the whole of a short question."""
        helper = self._helper
        if helper is None or is_note(text) or len(text.split()) > _MOST_WORDS:
            return searcher
        phrases = helper.phrases(text) if helper.does(Assist.EXPAND) else ()
        return WordedSearcher(searcher, library, text, phrases) if phrases else searcher

    def built(
        self, built: Built, question: Question, library: Library, searcher: Searcher
    ) -> Built:
        """``built`` with further options for a note's conditions that the rules passed over.

        None of them is ``chosen``: only a model that drafts may weigh them, with words of the note.
        """
        case, helper = built.case, self._helper
        if helper is None or not helper.does(Assist.SPLIT) or not is_note(case.text):
            return built
        more: dict[str, Option] = {}
        known = {option.code.code for option in case.options}
        for start, end in helper.conditions(case.text, case.setting):
            if any(s < end and start < e for option in case.options for s, e in option.spans):
                continue
            for option in self._options(case.text[start:end], question, library, searcher):
                if option.final and option.code.code not in known:
                    more.setdefault(option.code.code, option)
        offered = tuple(
            replace(
                option, id=f"n{number}", spans=(), chosen=False, companion_of=None, asked_by=None
            )
            for number, option in enumerate(more.values(), 1)
        )
        return replace(built, case=replace(case, options=(*case.options, *offered)))

    def _options(
        self, words: str, question: Question, library: Library, searcher: Searcher
    ) -> Sequence[Option]:
        asked = replace(question, text=words)
        return build_case(words, asked, library, searcher).case.options

    def second_look(self, case: Case, draft: Draft) -> Draft:
        """``draft`` after a second look; only what a model drafted is looked at again."""
        if self._helper is None or draft.use is None or draft.use.outcome != "drafted":
            return draft
        if not self._helper.does(Assist.VERIFY):
            return draft
        return self._helper.looked_at_again(case, draft)

    def noted(self, answer: Answer) -> Answer:
        """``answer`` with what each help took, beside what the draft did."""
        return answer if self._helper is None else with_uses(answer, self._helper.uses)


def with_uses(answer: Answer, uses: Sequence[ModelUse]) -> Answer:
    """``answer`` with what a model was asked beside the draft, as ``assists`` of its ``model``."""
    if not uses:
        return answer
    cost = None if any(use.cost is None for use in uses) else 0.0
    drafted = answer.model or ModelUse(uses[0].model, "", "not-asked", cost=cost).to_json()
    assists = [*(use.to_json() for use in uses), *drafted.get("assists", ())]
    return replace(answer, model={**drafted, "assists": assists})
