"""Units to bill for the drugs an answer suggests, with what modifiers JW and JZ ask for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import messages
from bot.answer import Kind
from codesets.descriptors import find_doses, fold
from codesets.doses import read_order
from codesets.errors import DoseError
from codesets.models import System
from codesets.units import Units, bill, billing_unit

if TYPE_CHECKING:
    from bot.answer import Answer, Suggestion


def counted(answer: Answer, text: str) -> Answer:
    """``answer`` with the units of each HCPCS drug it suggests; unchanged where no dose is said.

    The arithmetic rests on the descriptor that the suggestion cites.
    """
    drugs = [s for s in answer.suggestions if s.system == System.HCPCS.value]
    if answer.kind is not Kind.SUGGESTION or not drugs or not find_doses(fold(text)):
        return answer
    lines: dict[str, str] = {}
    cautions: list[str] = []
    for drug in drugs:
        unit = billing_unit(drug.title)
        if unit is None:
            continue
        # Of several drugs each dose stands beside its own name.
        words = text if len(drugs) == 1 else _own_words(drug, text)
        try:
            found = bill(unit, read_order(words))
        except DoseError as error:
            cautions.append(messages.UNITS_OPEN.format(code=drug.code, reason=error))
            continue
        lines[drug.code] = _line(drug.code, found)
        cautions += _waste(drug.code, found)
    suggestions = tuple(
        replace(s, information=(lines[s.code], *s.information)) if s.code in lines else s
        for s in answer.suggestions
    )
    return replace(
        answer,
        headline=" ".join([answer.headline, *lines.values()]),
        suggestions=suggestions,
        cautions=tuple(dict.fromkeys((*answer.cautions, *cautions))),
    )


def _own_words(drug: Suggestion, text: str) -> str:
    """The part of the text from the drug's words to the end of its line or clause."""
    if not drug.evidence:
        return text
    start = min(quote.start for quote in drug.evidence)
    end = max(quote.end for quote in drug.evidence)
    stops = [place for mark in (";", "\n", " and ", ", ") if (place := text.find(mark, end)) >= 0]
    return text[start : min(stops, default=len(text))]


def _line(code: str, found: Units) -> str:
    return messages.UNITS_OF.format(
        code=code,
        count=found.count,
        unit="unit" if found.count == 1 else "units",
        step="; ".join(found.steps),
    )


def _waste(code: str, found: Units) -> list[str]:
    if found.discarded is None:
        return [messages.WASTE_UNSAID]
    if found.discarded:
        unit = "unit" if found.discarded == 1 else "units"
        return [messages.JW.format(code=code, count=found.discarded, unit=unit)]
    partly = any("discarded" in step for step in found.steps)
    return [(messages.JW_NONE if partly else messages.JZ).format(code=code)]
