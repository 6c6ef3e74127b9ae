"""What a chat model may word besides a draft: a guideline answer, a follow-up, a provider query.

Each is checked by what it may hold; where it holds more, or the model has nothing usable, the
rules' own wording stands.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import prompts
from bot import messages
from bot.drafting.case import ModelUse
from bot.drafting.chat import Spent
from bot.drafting.errors import ModelError
from bot.drafting.following import stands_alone
from bot.drafting.prose import may_say
from bot.drafting.rendering import marker_of
from bot.queries.checking import check
from bot.queries.forms import INDICATORS, OTHER, UNDETERMINED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer import Answer
    from bot.drafting.chat import ChatModel

_LEADING = re.compile(
    r"\b(?:likely|probabl[ey]|expected|clearly|obvious(?:ly)?|appears?|suggests?|indicates?"
    r"|consistent with|agree|please (?:document|add|confirm)|should|must|supports? (?:a|the)"
    r"|in order to|so that)\b",
    re.IGNORECASE,
)
_LONGEST_SECTION = 900


def _as_query(question: str, indicators: Sequence[str], options: Sequence[str]) -> str:
    """The whole query that a question would stand in, as the checker reads it."""
    shown = [f"- “{each}”" for each in indicators] or ["- “…”"]
    boxes = [f"[ ] {each}" for each in (*options, OTHER, UNDETERMINED)]
    return "\n".join([INDICATORS, *shown, "", question, *boxes])


class Writer:
    """Asks one chat model to word what the rules have found."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        self.name = f"model:{model.name}"

    def guideline(self, answer: Answer) -> Answer:
        """``answer``, which cites guideline sections, with a direct answer before them.

        The model may say only what the cited sections say; otherwise the answer stays as it is,
        with a caution that says so. Cites nothing that ``answer`` does not cite.
        """
        if not answer.citations:
            return answer
        spent = Spent()
        short = {f"c{number}": each for number, each in enumerate(answer.citations, 1)}
        text = prompts.load("guideline").render(
            setting=answer.setting.value,
            marker=marker_of(answer.text),
            text=answer.text,
            sections="\n".join(
                f"{name} [{each.locator}]: {each.text[:_LONGEST_SECTION]}"
                for name, each in short.items()
            ),
        )
        try:
            reply = self._model.ask(text, prompts.schema("guideline"), spent)
        except ModelError as error:
            return self._kept(answer, spent, error.outcome)
        cited = [short[name] for name in dict.fromkeys(reply["citations"]) if name in short]
        said = " ".join(reply["answer"].split())
        sources = [each.text for each in cited] + [each.locator for each in cited]
        if not cited or not may_say(said, answer.text, *sources):
            return self._kept(answer, spent, "unverified")
        rest = [each for each in answer.citations if each not in cited]
        label = ", ".join(each.locator for each in cited)
        cautions = answer.cautions
        if not reply["settled"]:
            cautions = (messages.GUIDELINE_UNSETTLED, *cautions)
        return replace(
            answer,
            headline=f"{said} ({label})",
            citations=(*cited, *rest),
            cautions=cautions,
            drafter=self.name,
            model=self._use(spent, "drafted").to_json(),
        )

    def follow_up(self, thread: Sequence[str], message: str) -> tuple[str, ModelUse]:
        """``message`` as a question that stands alone, and what it took to word it so.

        It may use words of the thread and the message only, names no code that nobody wrote, keeps
        what the message says, and asserts nothing that was denied, doubted or told of a relative.
        Where the model's wording does not hold, ``message`` stays as it is.
        """
        spent = Spent()
        context = "\n".join(thread)
        text = prompts.load("follow_up").render(
            marker=marker_of(f"{context}\n{message}"), thread=context, text=message
        )
        try:
            reply = self._model.ask(text, prompts.schema("follow_up"), spent)
        except ModelError as error:
            return message, self._use(spent, error.outcome, "follow_up")
        said = " ".join(reply["question"].split())
        fine = stands_alone(said, thread, message)
        use = self._use(spent, "worded" if fine else "unverified", "follow_up")
        return (said if fine else message), use

    def query(
        self, axis: str, indicators: Sequence[str], options: Sequence[str]
    ) -> tuple[str | None, ModelUse]:
        """The question of a provider query, None where the fixed wording should stand; its cost.

        ACDIS/AHIMA practice: it leads to no option, names nothing that is not in front of the
        provider already, and speaks of no payment.
        """
        spent = Spent()
        shown = [*indicators, *options]
        text = prompts.load("query").render(
            marker=marker_of("\n".join(shown)),
            axis=axis,
            indicators="\n".join(f"- {each}" for each in indicators) or "none",
            options="\n".join(f"- {each}" for each in options),
        )
        try:
            reply = self._model.ask(text, prompts.schema("query"), spent)
        except ModelError as error:  # the rules' own wording stands, as wherever a model fails
            return None, self._use(spent, error.outcome, "query")
        said = " ".join(reply["question"].split())
        named = [each for each in options if each.casefold() in said.casefold()]
        fine = (
            said.endswith("?")
            and may_say(said, axis, *shown)
            and not _LEADING.search(said)
            and len(named) in (0, len(options))  # naming some options and not others leads
            and not check(_as_query(said, (axis, *indicators), options))
        )
        use = self._use(spent, "worded" if fine else "unverified", "query")
        return (said if fine else None), use

    def _kept(self, answer: Answer, spent: Spent, outcome: str) -> Answer:
        return replace(
            answer,
            cautions=(*answer.cautions, messages.MODEL_NOT_USED),
            model=self._use(spent, outcome).to_json(),
        )

    def _use(self, spent: Spent, outcome: str, name: str = "guideline") -> ModelUse:
        prompt = prompts.load(name)
        return ModelUse(
            model=self._model.name,
            prompt=f"{prompt.name} v{prompt.version} {prompt.sha256[:12]}",
            outcome=outcome,
            calls=spent.calls,
            input_tokens=spent.input_tokens,
            output_tokens=spent.output_tokens,
            cost=self._model.limits.cost(spent.input_tokens, spent.output_tokens),
            latency_ms=spent.milliseconds,
        )
