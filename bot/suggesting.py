"""From a drafted case to the answer: verified suggestions, gaps, and what a reader must be told."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import messages
from bot.answer import Citation, Gap, Kind
from bot.verification import verify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer import Answer, Blank
    from bot.coding.built import Built
    from bot.drafting.case import Draft, Option
    from codesets.library import Library
    from retrieval.search import Candidate


def suggestion_answer(
    blank: Blank,
    built: Built,
    draft: Draft,
    library: Library,
) -> Answer:
    """The answer that ``draft`` makes once it is verified; a refusal when nothing codable is left.

    Options that lack a character become a choice: they are shown with the valid codes to choose
    from, never as a suggestion.
    """
    verified = verify(built.case, draft, library)
    cautions = [*built.unread, *built.cautions]
    dropped = Counter(draft.use.dropped if draft.use is not None else {})
    dropped.update(failure.value for failure, _ in verified.dropped)
    if draft.note:
        cautions.append(draft.note)
    if verified.suggestions:
        cautions += map(_choice_beside, built.open_choices)
    if dropped:
        cautions.append(messages.DROPPED.format(count=dropped.total()))
    use = replace(draft.use, dropped=dict(dropped)) if draft.use is not None else None
    citations = {citation.id: citation for citation in verified.citations}
    for option in built.open_choices:
        for passage in option.passages[:1]:
            citations.setdefault(
                passage.id,
                Citation(
                    passage.id, passage.source, passage.release, passage.locator, passage.text
                ),
            )
    answer = replace(
        blank(Kind.SUGGESTION, messages.NOTHING_TO_ASSIGN),
        suggestions=verified.suggestions,
        citations=tuple(citations.values()),
        gaps=_with_choices(built.gaps, built.open_choices),
        cautions=tuple(cautions),
        rejected=built.rejected,
        drafter=draft.drafter,
        model=use.to_json() if use is not None else None,
    )
    if verified.suggestions:
        first = verified.suggestions[0]
        form = messages.SUGGESTED_ONE if len(verified.suggestions) == 1 else messages.SUGGESTED_MANY
        headline = form.format(code=first.code, title=first.title, count=len(verified.suggestions))
        return replace(answer, headline=headline)
    if built.open_choices:
        option = built.open_choices[0]
        axis = option.gaps[-1].axis if option.gaps else "a further character"
        headline = messages.CHOICE_NEEDED.format(
            code=option.code.code, title=option.code.title, axis=axis
        )
        return replace(answer, kind=Kind.CLARIFICATION, headline=headline, abstained=headline)
    if built.unread:
        headline = " ".join(built.unread)
        return replace(
            answer, kind=Kind.CLARIFICATION, headline=headline, abstained=headline,
            cautions=tuple(cautions[len(built.unread) :]),
        )  # fmt: skip
    if built.cautions:
        return replace(answer, abstained=answer.headline)
    refused = messages.NOT_CODABLE
    return replace(
        blank(Kind.REFUSAL, refused), abstained=refused, drafter=draft.drafter, model=answer.model
    )


def _choice_beside(option: Option) -> str:
    """What a reader is told of a code that lacks a character, beside codes that are suggested."""
    axis = option.gaps[-1].axis if option.gaps else "a further character"
    return messages.CHOICE_BESIDE.format(code=option.code.code, title=option.code.title, axis=axis)


def _with_choices(gaps: Sequence[Gap], choices: Sequence[Option]) -> tuple[Gap, ...]:
    """The gaps, and for an option without one the valid codes to choose from."""
    asked = (
        Gap(
            axis=f"which code of {option.code.code}",
            options=tuple(code.title for code in option.choices),
            codes=tuple(code.code for code in option.choices),
        )
        for option in choices
        if not option.gaps and option.choices
    )
    return (*gaps, *asked)


def ranked_codes(
    answer: Answer, candidates: Sequence[Candidate], whole: Sequence[Candidate] = ()
) -> tuple[str, ...]:
    """Codes best first.

    What the search finds for the ``whole`` question leads, and the suggestions follow at once: of a
    phrase with several parts, the suggestions are in the order of the parts, and the code that says
    all of it may be none of them. A note has no ``whole``; its suggestions lead. Last come what
    every other candidate leads to, and the choices of an answer that abstains.
    """
    names = [candidate.resolved or candidate.code for candidate in whole[:1]]
    names += [suggestion.code for suggestion in answer.suggestions]
    names += [candidate.resolved or candidate.code for candidate in (*whole[1:], *candidates)]
    names += [code for gap in answer.gaps[:1] for code in gap.codes if answer.abstained]
    return tuple(dict.fromkeys(names))
