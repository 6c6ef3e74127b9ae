"""Two drafters on one case: what a model may weigh, where it and the rules differ, what rules bar.

The rules' draft costs nothing, so it is always made. Where a model's answer differs from it, the
answer says so and shows both; a code that only the model chose and that a coding rule objects to is
taken out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import checked_answers, messages, suggesting
from bot.answer import Severity
from bot.drafting.offering import widened
from bot.drafting.rules import RulesDrafter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.answer import Answer, Blank, Finding, Suggestion
    from bot.coding.built import Built
    from bot.drafting.case import Draft, Drafter
    from codesets.library import Library

_BROKEN = "rule-broken"


def offered(drafter: Drafter, built: Built, library: Library) -> Built:
    """``built`` with the further options that ``drafter`` wants to weigh, if it does."""
    if not drafter.weighs_more:
        return built
    return replace(built, case=widened(built.case, built.candidates, library))


def compared(
    answer: Answer,
    built: Built,
    draft: Draft,
    library: Library,
    blank: Blank,
) -> Answer:
    """``answer`` with the rules' own suggestions beside it, where a model's differ from them."""
    if draft.use is None or draft.drafter == RulesDrafter.name:
        return answer
    rules = suggesting.suggestion_answer(blank, built, RulesDrafter().draft(built.case), library)
    mine = [suggestion.code for suggestion in answer.suggestions]
    theirs = [suggestion.code for suggestion in rules.suggestions]
    if mine == theirs:
        return answer
    if not mine:  # nothing the model chose survived verification
        use = replace(draft.use, outcome="nothing-verified", dropped=_dropped(answer))
        return replace(
            rules, model=use.to_json(), cautions=(messages.MODEL_UNVERIFIED, *rules.cautions)
        )
    said = messages.DISAGREE.format(
        model=", ".join(mine) or "none", rules=", ".join(theirs) or "none"
    )
    known = {citation.id for citation in answer.citations}
    return replace(
        answer,
        second_opinion=rules.suggestions,
        cautions=(said, *answer.cautions),
        citations=(*answer.citations, *(c for c in rules.citations if c.id not in known)),
    )


def ruled(answer: Answer, built: Built, check: Callable[[list[str]], Sequence[Finding]]) -> Answer:
    """``answer`` with the findings of the coding rules beside its suggestions.

    A code that no rule of resolution chose (only a model did) does not survive an error.
    """
    if not answer.suggestions:
        return answer
    ruled_in = {option.code.code for option in built.case.options if option.chosen}
    findings = check([suggestion.code for suggestion in answer.suggestions])
    barred = {
        code
        for finding in findings
        if finding.severity is Severity.ERROR
        for code in finding.codes
        if code not in ruled_in
    }
    kept = [s for s in answer.suggestions if s.code not in barred]
    if len(kept) < len(answer.suggestions):
        answer = _without(answer, kept, len(answer.suggestions) - len(kept))
        findings = check([suggestion.code for suggestion in kept]) if kept else ()
    return checked_answers.with_findings(answer, findings)


def _dropped(answer: Answer) -> dict[str, int]:
    return dict(answer.model["dropped"]) if answer.model is not None else {}


def _without(answer: Answer, kept: list[Suggestion], count: int) -> Answer:
    first = answer.suggestions[0].role
    led = [replace(s, role=s.role if n else first) for n, s in enumerate(kept)]
    model = answer.model
    if model is not None:
        model = {**model, "dropped": {**model["dropped"], _BROKEN: count}}
    form = messages.SUGGESTED_ONE if len(led) == 1 else messages.SUGGESTED_MANY
    headline = messages.NOTHING_TO_ASSIGN
    if led:
        headline = form.format(code=led[0].code, title=led[0].title, count=len(led))
    return replace(
        answer,
        suggestions=tuple(led),
        headline=headline,
        abstained=answer.abstained if led else headline,
        model=model,
        cautions=(*answer.cautions, messages.DROPPED.format(count=count)),
    )
