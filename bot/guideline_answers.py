"""Answers to questions about the coding guidelines: the rule first, then where it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import messages
from bot.answer import Citation, Kind, Setting
from codesets.guidelines import GuidelineSetting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.answer import Answer
    from retrieval.guidelines import FoundSection, GuidelineSearch

SHOWN = 4
GUIDANCE_LINES = 4
_GUIDANCE_FROM = 400
"""Characters of a text that the guidelines are searched for; a note's first lines say its kind."""
_SETTINGS = {
    Setting.OUTPATIENT: GuidelineSetting.OUTPATIENT,
    Setting.INPATIENT: GuidelineSetting.INPATIENT,
}
_NAMED = {
    "outpatient": GuidelineSetting.OUTPATIENT,
    "office": GuidelineSetting.OUTPATIENT,
    "clinic": GuidelineSetting.OUTPATIENT,
    "professional": GuidelineSetting.OUTPATIENT,
    "inpatient": GuidelineSetting.INPATIENT,
    "admission": GuidelineSetting.INPATIENT,
    "discharge": GuidelineSetting.INPATIENT,
    "principal diagnosis": GuidelineSetting.INPATIENT,
}


def setting_of(text: str) -> GuidelineSetting:
    """The one setting a question names; both when it names none or several.

    >>> setting_of("can I code probable pneumonia outpatient?").value
    'outpatient'
    """
    named = {setting for word, setting in _NAMED.items() if word in text.casefold()}
    return named.pop() if len(named) == 1 else GuidelineSetting.BOTH


def describe(
    blank: Callable[[Kind, str], Answer], found: Sequence[FoundSection], text: str
) -> Answer:
    """The answer that rests on ``found``, best first; its first rule is the headline.

    Where nothing was found the answer says so, cites nothing and abstains.
    """
    if not found:
        answer = blank(Kind.GUIDELINE, messages.NO_GUIDELINE)
        return replace(answer, abstained=messages.NO_GUIDELINE)
    best = found[0]
    headline = f"{best.entry.rule} ({best.citation.label})"
    cautions = [messages.GUIDELINE_YEAR.format(year=best.citation.fiscal_year)]
    named = setting_of(text)
    if best.entry.setting is not GuidelineSetting.BOTH:
        cautions.insert(0, messages.GUIDELINE_SETTING.format(setting=best.entry.setting.value))
    elif named is not GuidelineSetting.BOTH:
        cautions.insert(0, messages.GUIDELINE_EITHER)
    return replace(
        blank(Kind.GUIDELINE, headline),
        citations=tuple(
            Citation(
                id=each.passage.id,
                source=each.citation.label,
                release=each.citation.fiscal_year,
                locator=each.citation.locator,
                text=f"{each.citation.title}: {each.citation.text}",
            )
            for each in found[:SHOWN]
        ),
        cautions=tuple(cautions),
    )


def guidance(search: GuidelineSearch, text: str, setting: Setting) -> str:
    """The rules that bear on ``text`` in ``setting``, a line each, as a drafting prompt shows them.

    Only the digest's own words and section numbers; ``none`` where nothing bears on it.
    """
    found = search.search(text[:_GUIDANCE_FROM], setting=_SETTINGS[setting])
    lines = [f"{each.citation.label}: {each.entry.rule}" for each in found[:GUIDANCE_LINES]]
    return "\n".join(lines) or "none"
