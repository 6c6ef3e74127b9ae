"""The last gate: nothing a drafter says is believed until it is checked against the records.

A suggestion stands only if its option was offered, its code exists and is valid on the date of
service, every quote is in the text at its offsets, and every citation was retrieved. What fails is
dropped and counted; it is never reworded into something softer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.answer import Alternative, Citation, Quote, Suggestion
from bot.citing import cite
from bot.drafting.doubts import Failure, doubt

if TYPE_CHECKING:
    from bot.drafting.case import Case, Draft, DraftItem, Option
    from codesets.library import Library


@dataclass(frozen=True, slots=True)
class Verified:
    """What survived, the citations it uses, and what was dropped (reason, option id)."""

    suggestions: tuple[Suggestion, ...]
    citations: tuple[Citation, ...]
    dropped: tuple[tuple[Failure, str], ...]


def verify(case: Case, draft: Draft, library: Library) -> Verified:
    """Check ``draft`` against the case it was drafted from and the release of the date."""
    suggestions: list[Suggestion] = []
    dropped: list[tuple[Failure, str]] = []
    citations: dict[str, Citation] = {}
    seen: set[str] = set()
    for item in draft.items:
        option = case.option(item.option_id)
        failure = _refuse(case, option, library, seen)
        if option is None or failure is not None:
            dropped.append((failure or Failure.UNKNOWN_OPTION, item.option_id))
            continue
        quotes, lost_quotes = _quotes(case, item)
        failure = None if option.chosen else doubt(case, option, quotes, library)
        if failure is not None:
            dropped.append((failure, item.option_id))
            continue
        cited, lost_citations = _citations(item, option)
        dropped += [(Failure.QUOTE_NOT_IN_TEXT, item.option_id)] * lost_quotes
        dropped += [(Failure.CITATION_NOT_RETRIEVED, item.option_id)] * lost_citations
        if not cited:
            dropped.append((Failure.NOTHING_LEFT, item.option_id))
            continue
        seen.add(option.code.code)
        citations.update(cited)
        suggestions.append(_suggestion(option, item, quotes, tuple(cited)))
    return Verified(tuple(suggestions), tuple(citations.values()), tuple(dropped))


def _refuse(case: Case, option: Option | None, library: Library, seen: set[str]) -> Failure | None:
    if option is None:
        return Failure.UNKNOWN_OPTION
    if option.code.code in seen:
        return Failure.REPEATED_OPTION
    if not option.final:
        return Failure.NOT_FINAL
    code = library.find(option.code.code)
    if code is None:
        return Failure.UNKNOWN_CODE
    if not code.valid or not library.release.covers(case.day):
        return Failure.NOT_VALID
    return None


def _quotes(case: Case, item: DraftItem) -> tuple[tuple[Quote, ...], int]:
    good = tuple(
        Quote(words, start, end)
        for start, end, words in item.quotes
        if 0 <= start < end <= len(case.text) and case.text[start:end] == words
    )
    return good, len(item.quotes) - len(good)


def _citations(item: DraftItem, option: Option) -> tuple[dict[str, Citation], int]:
    retrieved = {passage.id: passage for passage in option.passages}
    good = {name: cite(retrieved[name]) for name in item.citations if name in retrieved}
    return good, len(set(item.citations) - retrieved.keys())


def _suggestion(
    option: Option, item: DraftItem, quotes: tuple[Quote, ...], cited: tuple[str, ...]
) -> Suggestion:
    return Suggestion(
        system=option.code.system.value,
        code=option.code.code,
        title=option.code.title,
        valid=True,
        role=item.role,
        rationale=item.rationale,
        evidence=quotes,
        citations=cited,
        alternatives=tuple(
            Alternative(code.code, code.title, "Use it only if the record says so.")
            for code in option.alternatives
        ),
    )
