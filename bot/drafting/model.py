"""The drafter that asks a chat model, and the rules whenever the model has nothing usable.

The model sees the redacted text, the options retrieved with their entries, and the guidance that
bears on them. Its reply can only name options by id and quote the text; everything else in it is
prose, checked by ``bot.drafting.prose`` and replaced by the rules' own words where it claims more.
"""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import prompts
from bot.answer import Role, Setting
from bot.drafting.case import Draft, DraftItem, ModelUse
from bot.drafting.chat import Spent
from bot.drafting.errors import ModelError
from bot.drafting.prose import may_say
from bot.drafting.rendering import allowed_ids, shown, support_of
from bot.drafting.rules import RulesDrafter, rationale, sequenced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.drafting.case import Case, Option
    from bot.drafting.chat import ChatModel

NOTE_WORDS = 60
"""A text of more words, or of several lines, is read with the prompt for notes."""
_FELL_BACK = "The model's answer could not be used ({reason}); the rules answered."
_REASONS = {
    "timeout": "it did not come in time",
    "over-budget": "it would exceed the budget of an answer",
    "refused": "the model declined",
    "unreadable": "it did not follow the required form",
    "unavailable": "the model could not be reached",
    "resting": "the model failed several times in a row",
    "empty": "it chose nothing",
}


class ModelDrafter:
    """Lets a chat model choose and explain; never says more than the case holds.

    ``guidance`` gives the lines of the guideline digest that bear on a case.
    """

    weighs_more = True

    def __init__(
        self, model: ChatModel, guidance: Callable[[Case], str] = lambda _case: "none"
    ) -> None:
        self._model = model
        self._guidance = guidance
        self._rules = RulesDrafter()
        self.name = f"model:{model.name}"

    def draft(self, case: Case) -> Draft:
        """The model's draft, or the rules' with a note that says why."""
        if not allowed_ids(case):
            return self._rules.draft(case)
        prompt = prompts.load("notes" if _is_note(case.text) else "draft")
        use = ModelUse(
            self._model.name, f"{prompt.name} v{prompt.version} {prompt.sha256[:12]}", ""
        )
        spent = Spent()
        view = shown(case)
        text = prompt.render(
            setting=case.setting.value,
            day=case.day.isoformat(),
            marker=view.marker,
            text=case.text,
            options=view.options,
            guidance=self._guidance(case),
        )
        try:
            reply = self._model.ask(text, reply_schema(allowed_ids(case)), spent)
        except ModelError as error:
            return self._fallen_back(case, use, spent, error.outcome)
        items, dropped = self._items(case, reply, view.citations)
        if not items and any(o.final and o.chosen for o in case.options):
            return self._fallen_back(case, use, spent, "empty", dropped)
        used = self._used(use, spent, "drafted", dropped)
        return Draft(tuple(items), drafter=self.name, use=used)

    def _fallen_back(
        self, case: Case, use: ModelUse, spent: Spent, outcome: str, dropped: Iterable[str] = ()
    ) -> Draft:
        note = _FELL_BACK.format(reason=_REASONS.get(outcome, "it failed"))
        used = self._used(use, spent, outcome, dropped)
        return replace(self._rules.draft(case), use=used, note=note)

    def _used(self, use: ModelUse, spent: Spent, outcome: str, dropped: Iterable[str]) -> ModelUse:
        return replace(
            use,
            outcome=outcome,
            calls=spent.calls,
            input_tokens=spent.input_tokens,
            output_tokens=spent.output_tokens,
            cost=self._model.limits.cost(spent.input_tokens, spent.output_tokens),
            latency_ms=spent.milliseconds,
            dropped=dict(Counter(dropped)),
        )

    def _items(
        self, case: Case, reply: dict[str, Any], citations: dict[str, str]
    ) -> tuple[list[DraftItem], list[str]]:
        """What the reply says as a draft, in the sequence the notes fix; and what was dropped."""
        dropped: list[str] = []
        chosen: dict[str, dict[str, Any]] = {}
        for item in reply["suggestions"]:
            option = case.option(item["option"])
            if option is None or not option.final:
                dropped.append("unknown-option")
            elif option.id in chosen:
                dropped.append("repeated-option")
            else:
                chosen[option.id] = item
        options = [option for name in chosen if (option := case.option(name)) is not None]
        lead = Role.PRINCIPAL if case.setting is Setting.INPATIENT else Role.FIRST_LISTED
        items = []
        for place, option in enumerate(sequenced(options)):
            role = Role.SECONDARY if place else lead
            items.append(_item(case, option, chosen[option.id], role, citations, dropped))
        return items, dropped


def _item(
    case: Case,
    option: Option,
    said: dict[str, Any],
    role: Role,
    citations: dict[str, str],
    dropped: list[str],
) -> DraftItem:
    quotes: list[tuple[int, int, str]] = []
    for words in said["quotes"]:
        place = case.text.find(words) if words.strip() else -1
        if place < 0:
            dropped.append("quote-not-in-text")
        elif (place, place + len(words), words) not in quotes:
            quotes.append((place, place + len(words), words))
    if not quotes and option.chosen:  # the rules' own evidence stands where the model gave none
        quotes = [(start, end, case.text[start:end]) for start, end in option.spans]
    own = {passage.id for passage in option.passages}
    cited = [citations[name] for name in said["citations"] if citations.get(name) in own]
    dropped += ["citation-not-retrieved"] * (len(said["citations"]) - len(cited))
    why = " ".join(said["rationale"].split())
    if not may_say(why, case.text, support_of(option), " ".join(option.reasons),
                   codes={option.code.code}):  # fmt: skip
        dropped.append("rationale-claims-more")
        why = rationale(case, option)
    return DraftItem(
        option_id=option.id,
        role=role,
        rationale=why,
        quotes=tuple(quotes),
        citations=tuple(dict.fromkeys(cited)) or tuple(p.id for p in option.passages),
    )


def reply_schema(ids: list[str]) -> dict[str, Any]:
    """The schema of a reply in which only ``ids`` can be named."""
    schema = copy.deepcopy(prompts.schema())
    schema["properties"]["suggestions"]["items"]["properties"]["option"]["enum"] = ids
    return schema


def _is_note(text: str) -> bool:
    return "\n" in text.strip() or len(text.split()) > NOTE_WORDS
