"""What the queue and the reports know of an exchange: families, chapters, topics, what pays.

Facts come from the code sets of the exchange's own date; what no installed release knows stays
empty, so that review works on a machine without the code sets too.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bot.journal.records import Status
from bot.review.printed import system_of
from bot.review.records import Case, Reason, State
from bot.review.sampling import SamplingRules, urgency
from codesets.errors import CodesetError
from codesets.information import Topic, information
from codesets.models import System

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from bot.journal.records import Exchange
    from codesets.releases import ReleaseStore

_CATEGORY = 3
_HCPCS_FAMILY = 1
_CACHED = 50_000


class CodeFacts(NamedTuple):
    """One code on one day. ``traits`` are those of ``new``, ``hcc``, ``cc``, ``mcc`` that apply."""

    family: str
    chapter: str
    topic: str
    traits: tuple[str, ...]


def plain_facts(code: str, _day: date) -> CodeFacts:
    """What a code says by itself, without any code set.

    >>> from datetime import date
    >>> plain_facts("E11.22", date(2026, 11, 21)).family
    'E11'
    """
    family = code[:_HCPCS_FAMILY] if system_of(code) is System.HCPCS else code[:_CATEGORY]
    return CodeFacts(family, "", family, ())


def facts_from(store: ReleaseStore) -> Callable[[str, date], CodeFacts]:
    """Facts from the installed code sets; each code and day is looked up once."""

    @lru_cache(maxsize=_CACHED)
    def look_up(code: str, release_day: date) -> CodeFacts:
        plain = plain_facts(code, release_day)
        if system_of(code) is not System.ICD10CM:
            return plain
        try:
            library = store.library_for(System.ICD10CM, release_day)
            lineage = library.lineage(code)
        except CodesetError:
            return plain
        chapter = lineage[0].code
        category = next((each for each in lineage if len(each.code) == _CATEGORY), lineage[-1])
        return CodeFacts(
            plain.family,
            chapter,
            f"{category.code} {category.title}",
            _traits(store, code, release_day),
        )

    def of(code: str, day: date) -> CodeFacts:
        # Facts change with the release, not with the day: look up its first day.
        try:
            day = store.for_date(System.ICD10CM, day).effective_from
        except CodesetError:
            return plain_facts(code, day)
        return look_up(code, day)

    return of


def _traits(store: ReleaseStore, code: str, first_day: date) -> tuple[str, ...]:
    try:
        known = information(store, code, first_day)
    except CodesetError:
        return ()  # the release of that day does not know the code
    found = []
    for fact in known.facts:
        if fact.topic is Topic.HCC and not fact.value.startswith("in no"):
            found.append("hcc")
        elif fact.topic is Topic.SEVERITY and (level := fact.value.split(",")[0]) in ("CC", "MCC"):
            found.append(level.lower())
    if _is_new(store, code, first_day):
        found.append("new")
    return tuple(found)


def _is_new(store: ReleaseStore, code: str, first_day: date) -> bool:
    """Whether the release of that first day introduced the code; the oldest one cannot tell."""
    oldest = min(
        (r.effective_from for r in store.installed() if r.system is System.ICD10CM),
        default=first_day,
    )
    spans = store.validity(System.ICD10CM, code)
    return bool(spans) and spans[0].first_day == first_day > oldest


def case_of(
    sequence: int,
    exchange: Exchange,
    facts: Callable[[str, date], CodeFacts],
    rules: SamplingRules,
) -> Case:
    """The case of a fresh exchange, before anybody has said anything about it."""
    codes = tuple(row["code"] for row in exchange.answer.get("suggestions", ()))
    of_codes = [facts(code, exchange.day) for code in codes]
    first = of_codes[0] if of_codes else _about(exchange, facts)
    traits = _case_traits(exchange, of_codes)
    draw, share = rules.draw(exchange.exchange_id), rules.share(traits)
    reasons = _reasons(exchange)
    if not reasons and draw < share:
        reasons = (Reason.SAMPLED,)
    return Case(
        sequence=sequence,
        exchange_id=exchange.exchange_id,
        created_at=exchange.created_at,
        door=exchange.door,
        team=exchange.team,
        person=exchange.person,
        setting=exchange.setting.value,
        day=exchange.day,
        kind=exchange.kind.value,
        status=exchange.status.value,
        drafter=exchange.drafter,
        release=exchange.releases.get(System.ICD10CM.value, ""),
        codes=codes,
        family=first.family,
        chapter=first.chapter,
        topic=first.topic,
        gaps=tuple(row["axis"] for row in exchange.answer.get("gaps", ())),
        milliseconds=exchange.timings_ms.get("total", 0.0),
        reasons=reasons,
        draw=draw,
        share=share,
        priority=urgency(reasons, traits),
        state=State.OPEN if reasons else State.NONE,
    )


def _reasons(exchange: Exchange) -> tuple[Reason, ...]:
    found = []
    if any(finding.get("severity") == "error" for finding in exchange.findings):
        found.append(Reason.BROKE_RULE)
    if disagreed(exchange):
        found.append(Reason.DISAGREED)
    if exchange.status is Status.FAILED:
        found.append(Reason.FAILED)
    if exchange.status is Status.ABSTAINED:
        found.append(Reason.ABSTAINED)
    return tuple(found)


def disagreed(exchange: Exchange) -> bool:
    """Whether two drafters chose different codes: the answer then carries the other's too."""
    return bool(exchange.answer.get("second_opinion"))


def _case_traits(exchange: Exchange, of_codes: list[CodeFacts]) -> tuple[str, ...]:
    traits = [trait for facts in of_codes for trait in facts.traits]
    traits += [f"family:{facts.family}" for facts in of_codes]
    traits += [f"chapter:{facts.chapter}" for facts in of_codes if facts.chapter]
    traits += [
        f"drafter:{exchange.drafter}",
        f"person:{exchange.person}",
        f"setting:{exchange.setting.value}",
    ]
    return tuple(dict.fromkeys(traits))


def _about(exchange: Exchange, facts: Callable[[str, date], CodeFacts]) -> CodeFacts:
    """What a question without a suggested code was about: its best candidate."""
    if not exchange.candidates:
        return CodeFacts("", "", "", ())
    return facts(exchange.candidates[0].code, exchange.day)._replace(traits=())
