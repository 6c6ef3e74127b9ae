"""Answers to questions about the coding guidelines: the rule first, then where it stands."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import messages
from bot.answer import Citation, Kind, Setting
from bot.guideline_verdicts import EXAMPLES, is_yes_no, verdict
from codesets.guidelines import GuidelineSetting
from retrieval.words import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer import Answer, Blank
    from codesets.guidelines import DigestEntry
    from retrieval.guidelines import FoundSection, GuidelineSearch

SHOWN = 4
GUIDANCE_LINES = 4
_GUIDANCE_FROM = 400
"""Characters of a text that the guidelines are searched for; a note's first lines say its kind."""
_LONGEST_QUOTE = 800
_ANSWERING = 4
_EITHER = frozenset({GuidelineSetting.INPATIENT, GuidelineSetting.OUTPATIENT})
_LEFT_OPEN = (
    (re.compile(r"\bcircumstances?\b", re.I), messages.UNSETTLED_SEQUENCE),
    (re.compile(r"\b(?:query|queried|unclear|conflict\w*)\b", re.I), messages.UNSETTLED_QUERY),
    (
        re.compile(r"\bunless\b.{0,60}\b(?:provider|document\w*|record)\b", re.I),
        messages.UNSETTLED_EXCEPTION,
    ),
)
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


def describe(blank: Blank, found: Sequence[FoundSection], text: str) -> Answer:
    """The answer that rests on ``found``, best first; its first rule is the headline.

    Where nothing was found the answer says so, cites nothing and abstains.
    """
    if not found:
        answer = blank(Kind.GUIDELINE, messages.NO_GUIDELINE)
        return replace(answer, abstained=messages.NO_GUIDELINE)
    says, best = _governing(found, text)
    found = [best, *(each for each in found if each is not best)]
    headline = f"{says} {best.entry.rule} ({best.citation.label})".strip()
    if best.entry.setting is not GuidelineSetting.BOTH:
        cautions = [messages.GUIDELINE_SETTING.format(setting=best.entry.setting.value)]
    else:
        cautions = [messages.GUIDELINE_EITHER]
    if (example := EXAMPLES.get(best.entry.number)) is not None:
        cautions.append(messages.GUIDELINE_EXAMPLE.format(example=example))
    if not says and is_yes_no(text):
        cautions.append(messages.GUIDELINE_NO_YES_NO)
    cautions.append(_unsettled(best.entry))
    cautions.append(messages.GUIDELINE_YEAR.format(year=best.citation.fiscal_year))
    if not best.citation.official:
        cautions.append(messages.GUIDELINE_DIGEST)
    return replace(
        blank(Kind.GUIDELINE, headline),
        citations=tuple(
            Citation(
                id=each.passage.id,
                source=each.citation.label,
                release=each.citation.fiscal_year,
                locator=each.citation.locator,
                text=f"{each.citation.title}: {quoted(each, text)}",
            )
            for each in found[:SHOWN]
        ),
        cautions=tuple(cautions),
    )


def quoted(found: FoundSection, question: str) -> str:
    """The words of a section to show: all of a short one, of a long one what bears on the question.

    What is left out is marked; nothing is reworded.
    """
    text = found.citation.text
    if len(text) <= _LONGEST_QUOTE:
        return text
    asked = set(terms(f"{question} {found.entry.rule}"))
    parts = [part.strip() for part in text.split("\n") if part.strip()]
    weighed = sorted(
        range(len(parts)),
        key=lambda place: (
            -len(asked & set(terms(parts[place]))) / (3 + len(terms(parts[place]))),
            place,
        ),
    )
    kept: list[int] = []
    for place in weighed:
        if kept and sum(len(parts[k]) for k in kept) + len(parts[place]) > _LONGEST_QUOTE:
            continue
        kept.append(place)
    shown, last = [], -1
    for place in sorted(kept):
        shown += ["[…]"] if place != last + 1 else []
        shown.append(parts[place])
        last = place
    return "\n".join([*shown, *(["[…]"] if last != len(parts) - 1 else [])])


def _governing(found: Sequence[FoundSection], text: str) -> tuple[str, FoundSection]:
    """The direct answer and the section that gives it: the first of those near that has one."""
    answering = [
        (says, each) for each in found[:_ANSWERING] if (says := verdict(text, each.entry.number))
    ]
    if not answering:
        return "", found[0]
    by_setting = {each.entry.setting: says for says, each in reversed(answering)}
    if setting_of(text) is GuidelineSetting.BOTH and by_setting.keys() >= _EITHER:
        told = [f"{s.value.capitalize()}: {_lower(by_setting[s])}" for s in sorted(_EITHER)]
        return " ".join(told), answering[0][1]
    return answering[0]


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _unsettled(entry: DigestEntry) -> str:
    """What the section leaves open, read from its own words."""
    for words, said in _LEFT_OPEN:
        if words.search(entry.rule):
            return said
    return messages.UNSETTLED_ELSEWHERE


def guidance(search: GuidelineSearch, text: str, setting: Setting) -> str:
    """The rules that bear on ``text`` in ``setting``, a line each, as a drafting prompt shows them.

    Only the digest's own words and section numbers; ``none`` where nothing bears on it.
    """
    found = search.search(text[:_GUIDANCE_FROM], setting=_SETTINGS[setting])
    lines = [f"{each.citation.label}: {each.entry.rule}" for each in found[:GUIDANCE_LINES]]
    return "\n".join(lines) or "none"
