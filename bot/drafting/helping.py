"""What a chat model may do for the search and after the draft, beside drafting itself.

Each help is one prompt and one schema, and is believed only so far: ``expand`` adds phrases to
search with, ``split`` names conditions of a note by words that stand in it, ``verify`` objects to
what was drafted. None of them can name a code, and what the search then finds stands or falls by
the words of the text. No help may take more than a share of the time of an answer.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import prompts
from bot.drafting.assists import Assist
from bot.drafting.case import ModelUse
from bot.drafting.chat import Spent
from bot.drafting.errors import ModelError
from bot.drafting.prose import smuggles
from bot.drafting.rendering import marker_of
from codesets.notation import find_codes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.answer import Setting
    from bot.drafting.case import Case, Draft, DraftItem
    from bot.drafting.chat import ChatModel

_LONGEST_PHRASE = 14
_SHARE = 0.3
"""Of the seconds of an answer, what one help may take: the draft matters more."""
_NUMBER = re.compile(r"\d+")


class Helper:
    """Asks one chat model for help with one answer; remembers what each help took.

    A help that fails, or whose reply holds nothing usable, changes nothing.
    """

    def __init__(self, model: ChatModel, assists: Iterable[Assist]) -> None:
        self._model = model
        self._assists = frozenset(assists)
        self.uses: list[ModelUse] = []

    def does(self, assist: Assist) -> bool:
        """Whether this help is wanted."""
        return assist in self._assists

    def phrases(self, text: str) -> tuple[str, ...]:
        """Other wordings of ``text`` to search with: about the same thing, no codes, no numbers."""
        spent, dropped = Spent(), Counter[str]()
        values = {"marker": marker_of(text), "text": text}
        reply = self._ask(Assist.EXPAND, prompts.schema("expand"), spent, values)
        kept: dict[str, None] = {}
        for phrase in reply["phrases"] if reply else ():
            said = " ".join(phrase.split())
            if _may_search(said, text):
                kept[said] = None
            else:
                dropped["phrase-says-more"] += 1
        self._note(Assist.EXPAND, spent, reply, dropped)
        return tuple(kept)

    def conditions(self, text: str, setting: Setting) -> tuple[tuple[int, int], ...]:
        """Where conditions stand in a note, by words copied from it; half-open spans, in order."""
        spent, dropped = Spent(), Counter[str]()
        values = {"marker": marker_of(text), "text": text, "setting": setting.value}
        reply = self._ask(Assist.SPLIT, prompts.schema("split"), spent, values)
        spans: dict[tuple[int, int], None] = {}
        for words in reply["conditions"] if reply else ():
            place = text.find(words) if words.strip() else -1
            if place < 0 or len(words.split()) > 2 * _LONGEST_PHRASE:
                dropped["quote-not-in-text"] += 1
            else:
                spans[place, place + len(words)] = None
        self._note(Assist.SPLIT, spent, reply, dropped)
        return tuple(spans)

    def looked_at_again(self, case: Case, draft: Draft) -> Draft:
        """``draft`` without what a second look finds unsupported, each such item counted."""
        if not draft.items:
            return draft
        spent, dropped = Spent(), Counter[str]()
        schema = copy.deepcopy(prompts.schema("verify"))
        named = [item.option_id for item in draft.items]
        schema["properties"]["verdicts"]["items"]["properties"]["option"]["enum"] = named
        values = {
            "marker": marker_of(case.text),
            "text": case.text,
            "setting": case.setting.value,
            "suggested": "\n".join(_suggested(case, item) for item in draft.items),
        }
        reply = self._ask(Assist.VERIFY, schema, spent, values)
        doubted: set[str] = set()
        for verdict in reply["verdicts"] if reply else ():
            words = verdict["quote"]
            if words.strip() and words not in case.text:
                dropped["quote-not-in-text"] += 1
            elif not verdict["supported"]:
                doubted.add(verdict["option"])
        kept = tuple(item for item in draft.items if item.option_id not in doubted)
        if kept:  # a first-listed code that goes leaves its place to the next
            kept = (replace(kept[0], role=draft.items[0].role), *kept[1:])
        dropped["objected"] += len(draft.items) - len(kept)
        self._note(Assist.VERIFY, spent, reply, +dropped)
        return replace(draft, items=kept)

    def _ask(
        self, assist: Assist, schema: dict[str, Any], spent: Spent, values: dict[str, str]
    ) -> dict[str, Any] | None:
        """The reply; None where the model has none, with the reason remembered for the note."""
        self._failure = ""
        try:
            prompt = prompts.load(assist.value).render(**values)
            return self._model.ask(prompt, schema, spent, share=_SHARE)
        except ModelError as error:
            self._failure = error.outcome
            return None

    def _note(self, assist: Assist, spent: Spent, answered: object, dropped: Counter[str]) -> None:
        prompt = prompts.load(assist.value)
        self.uses.append(
            ModelUse(
                model=self._model.name,
                prompt=f"{prompt.name} v{prompt.version} {prompt.sha256[:12]}",
                outcome="helped" if answered else self._failure,
                calls=spent.calls,
                input_tokens=spent.input_tokens,
                output_tokens=spent.output_tokens,
                cost=self._model.limits.cost(spent.input_tokens, spent.output_tokens),
                latency_ms=spent.milliseconds,
                dropped=dict(dropped),
            )
        )


def _may_search(phrase: str, text: str) -> bool:
    """Whether a phrase may be searched: short, and without a code or number nobody wrote."""
    if not 1 <= len(phrase.split()) <= _LONGEST_PHRASE or smuggles(phrase):
        return False
    if find_codes(phrase):
        return False
    return set(_NUMBER.findall(phrase)) <= set(_NUMBER.findall(text))


def _suggested(case: Case, item: DraftItem) -> str:
    option = case.option(item.option_id)
    title = f"{option.code.code} {option.code.title}" if option is not None else "unknown"
    return f"{item.option_id} {title}"
