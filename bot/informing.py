"""What a coder wants beside a code, as one line, as lines with sources, and as JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.answer import Role, Setting
from codesets.errors import CodesetError
from codesets.information import Topic, brief, information
from codesets.models import System

if TYPE_CHECKING:
    from datetime import date

    from bot.answer import Answer
    from codesets.information import CodeInformation, Fact
    from codesets.releases import ReleaseStore

_SHOWN = (Topic.SEVERITY, Topic.HCC, Topic.POA, Topic.AGE, Topic.EDIT)
_SILENT = ("neither", "in no payment", "to be reported")


def information_of(store: ReleaseStore, code: str, day: date) -> CodeInformation | None:
    """The facts about an ICD-10-CM code; None where the release of the day does not know it."""
    try:
        return information(store, code, day)
    except CodesetError:
        return None  # an answer stands without its facts


def informed(answer: Answer, store: ReleaseStore) -> Answer:
    """The answer, with what a coder wants beside each ICD-10-CM code in a word or two."""
    inpatient = answer.setting is Setting.INPATIENT
    return replace(
        answer,
        suggestions=tuple(
            replace(s, information=_compact(store, s.code, answer.day, s.role, inpatient=inpatient))
            if s.system == System.ICD10CM.value
            else s
            for s in answer.suggestions
        ),
    )


def _compact(
    store: ReleaseStore, code: str, day: date, role: Role, *, inpatient: bool
) -> tuple[str, ...]:
    """CC, HCC, POA exempt, limits: facts of an edition that is not the day's say so.

    Edits of the Medicare Code Editor on reasons for an admission are about principal diagnoses.

    What is absent, and what says that nothing is special about the code, is left to
    ``codecite code``.
    """
    found = brief(store, code, day, inpatient=inpatient)
    return tuple(
        _short(fact)
        for topic in _SHOWN
        for fact in found
        if fact.topic is topic
        and not fact.value.startswith(_SILENT)
        and (fact.topic is not Topic.EDIT or role is Role.PRINCIPAL)
    )


def _short(fact: Fact) -> str:
    text = fact.value
    if fact.topic is Topic.SEVERITY:
        text = fact.value.partition(",")[0]
    elif fact.topic is Topic.POA:
        text = "POA exempt"
    return text if fact.current else f"{text} ({fact.source})"


def information_lines(found: CodeInformation) -> tuple[str, ...]:
    """One line a fact, with its source; then what is not installed."""
    lines = [
        f"{fact.topic.value}: {fact.value}  [{fact.source}]"
        + ("" if fact.current else " (not the edition of the date)")
        for fact in found.facts
    ]
    return (*lines, *found.absent)


def information_json(found: CodeInformation | None) -> dict[str, Any] | None:
    """As one JSON object: ``facts`` and ``absent``."""
    if found is None:
        return None
    return {
        "facts": [
            {"topic": f.topic.value, "value": f.value, "source": f.source, "current": f.current}
            for f in found.facts
        ],
        "absent": list(found.absent),
    }
