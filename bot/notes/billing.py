"""Drugs given and supplies handed out or ordered, in HCPCS Level II with units from the dose.

A drug's words decide by themselves; where the note does not say the route, the code of an
injection would be a guess and stays a gap. Supplies are data: the products the words may mean,
among which the note's other words (material, kind, age) choose; what they leave open is a gap.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import messages, suggesting
from bot.answer import Gap
from bot.coding.built import Built
from bot.drafting.case import Case, Option
from bot.drafting.rules import RulesDrafter
from bot.hcpcs_answers import drug_option, stands
from bot.notes.parts import Part
from codesets.descriptors import PARENTERAL, ROUTES
from codesets.doses import read_order
from codesets.errors import DoseError
from codesets.models import System
from codesets.units import bill, billing_unit
from retrieval.notes.services import ServiceKind
from retrieval.notes.standing import Standing
from retrieval.passages import title_passage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer import Blank, Question
    from bot.hcpcs_answers import HcpcsDesk
    from codesets.library import Library
    from codesets.models import Code
    from retrieval.drugs import DrugIndex
    from retrieval.notes.services import Service


_BY_INJECTION = re.compile(
    r"\b(?:inject\w*|shot|infus\w+|I\.?M|I\.?V|IVP|SC|SQ|sub-?q|push|drip|bolus|intra\w+)\b", re.I
)
_NOISE = re.compile(r"\b(?:x ?\d+|bolus|once|stat|now|depot|total)\b|[()]", re.IGNORECASE)
_AGE = re.compile(
    r"\b(\d{1,3})[- ]?(?:year|yr)s?[- ]old\b|\b(\d{1,3}) ?y/?o\b|\bage:? (\d{1,3})\b", re.IGNORECASE
)
_MONTHS = re.compile(r"\b\d{1,2}[- ]?(?:month|week|day)s?[- ]old\b|\bnewborn\b", re.IGNORECASE)
_GROWN = 11
"""Years from which casts are those of adults (the descriptors of Q4001 to Q4048)."""
_VOLUME = re.compile(r"(\d+(?:\.\d+)?) ?(l|liters?|litres?|ml|cc)\b", re.IGNORECASE)
_TOKEN = re.compile(r"(?<![a-z])(?!(?:cc|ml|l)\b)[a-z]+(?:-[a-z]+)*|\d+")
_LONGEST_TITLE = 90


def code(
    desk: HcpcsDesk, sold: Sequence[Service], question: Question, blank: Blank, text: str
) -> Part:
    """Codes, units and open choices for ``sold``; offsets are those of ``text``.

    Raises ReleaseUnavailableError where no HCPCS release governs the day.
    """
    library = desk.library(question.day)
    work = _Bill(library, desk.drugs(library), text)
    for service in sold:
        if service.codes:
            work.take_listed(service)
        else:
            work.take_drug(service)
    return work.part(question, blank)


class _Bill:
    """The drugs and supplies of one note under way."""

    def __init__(self, library: Library, drugs: DrugIndex, text: str) -> None:
        self._library = library
        self._drugs = drugs
        self._text = text
        self._grown = _is_grown(text)
        self._options: dict[str, Option] = {}
        self._gaps: dict[Gap, None] = {}
        self._units: dict[str, str] = {}
        self._cautions: dict[str, None] = {}

    def part(self, question: Question, blank: Blank) -> Part:
        """What was found, verified."""
        cautions = tuple(self._cautions)
        if not self._options:
            return Part(gaps=tuple(self._gaps), cautions=cautions, releases=self._releases())
        options = tuple(self._options.values())
        case = Case(self._text, question.setting, question.day, options)
        built = Built(case, (), tuple(self._gaps), cautions, ())
        answer = suggesting.suggestion_answer(
            blank, built, RulesDrafter().draft(case), self._library
        )
        part = Part.of(answer)
        counted = tuple(
            replace(s, information=(self._units[s.code], *s.information))
            if s.code in self._units
            else s
            for s in part.suggestions
        )
        return replace(part, suggestions=counted, releases=self._releases())

    def _releases(self) -> dict[str, str]:
        return {System.HCPCS.value: self._library.release.id}

    # --- drugs ------------------------------------------------------------------------------------

    def take_drug(self, service: Service) -> None:
        """The code of a drug by its name, form and route; its units by the dose."""
        words = _NOISE.sub(lambda match: " " * len(match.group()), service.text)
        readings = self._drugs.read(words)
        if not readings or not stands(readings[0]):
            return
        best = readings[0]
        said = best.stated & (ROUTES | PARENTERAL) or _BY_INJECTION.search(service.sentence.text)
        if best.traits & ROUTES and not said:
            codes = tuple(r.code for r in readings[:4] if stands(r))
            self._open(messages.ROUTE_OF.format(words=_shown(service)), codes)
            return
        option = drug_option(readings, service.first, len(self._options), self._library)
        self._gaps.update(dict.fromkeys(option.gaps))
        self._take(replace(option, gaps=(), reasons=(_reason(service),)), service)
        self._count(option.code, service.text)

    def _count(self, record: Code, words: str) -> None:
        unit = billing_unit(record.title)
        if unit is None:
            return
        try:
            found = bill(unit, read_order(words))
        except DoseError:
            axis = messages.AMOUNT_OF.format(words=" ".join(words.split()))
            self._gaps[Gap(axis, (messages.ONE_UNIT.format(unit=unit.shown),), (record.code,))] = (
                None
            )
            return
        self._units[record.code] = messages.UNITS_OF.format(
            code=record.code,
            count=found.count,
            unit="unit" if found.count == 1 else "units",
            step="; ".join(found.steps),
        )
        self._cautions[messages.WASTE_UNSAID] = None

    # --- supplies ---------------------------------------------------------------------------------

    def take_listed(self, service: Service) -> None:
        """The product among those that the words may mean, where the note decides it."""
        records = [r for code in service.codes if (r := self._library.find(code)) and r.valid]
        kept = _narrowed(records, _tokens(service), grown=self._grown)
        if not kept:
            return
        if len(kept) > 1:
            axis = messages.PRODUCT_OF.format(words=_shown(service))
            self._open(axis, tuple(record.code for record in kept))
            return
        record = kept[0]
        option = Option(
            id=f"n{len(self._options) + 1}",
            code=record,
            score=1.0,
            spans=((service.first, service.last),),
            passages=(title_passage(record, self._library.release.source),),
            reasons=(_reason(service),),
        )
        self._take(option, service)
        if service.kind is ServiceKind.FLUID:
            self._count(record, _in_cc(service.text))

    def _take(self, option: Option, service: Service) -> None:
        known = self._options.get(option.code.code)
        if known is not None:
            spans = tuple(dict.fromkeys((*known.spans, *option.spans)))
            self._options[option.code.code] = replace(known, spans=spans)
            return
        spans = ((service.first, service.last),)
        name = f"n{len(self._options) + 1}"
        self._options[option.code.code] = replace(option, id=name, spans=spans)

    def _open(self, axis: str, codes: tuple[str, ...]) -> None:
        titles = tuple(_short(self._library.get(code).title) for code in codes)
        self._gaps[Gap(axis, titles, codes)] = None


def _narrowed(records: Sequence[Code], said: set[str], *, grown: bool | None) -> list[Code]:
    """The products that say most of what the note says and nothing it contradicts."""
    wrong = {True: "pediatric", False: "adult"}.get(grown) if grown is not None else None
    words = {record.code: set(_TOKEN.findall(record.title.casefold())) for record in records}
    fitting = [r for r in records if wrong is None or wrong not in words[r.code]] or list(records)
    shared = set.intersection(*(words[r.code] for r in fitting)) if fitting else set()
    hits = {r.code: len((words[r.code] - shared) & said) for r in fitting}
    most = max(hits.values(), default=0)
    return [r for r in fitting if hits[r.code] == most]


def _tokens(service: Service) -> set[str]:
    """The words said of a product: in its clause, volumes in cubic centimeters."""
    return set(_TOKEN.findall(_in_cc(service.text).casefold()))


def _in_cc(words: str) -> str:
    """Volumes as HCPCS writes them.

    >>> _in_cc("1 L normal saline"), _in_cc("500 mL NS")
    ('1000 cc normal saline', '500 cc NS')
    """

    def written(match: re.Match[str]) -> str:
        factor = 1000 if match[2].casefold().startswith("l") else 1
        return f"{float(match[1]) * factor:g} cc"

    return _VOLUME.sub(written, words)


def _is_grown(text: str) -> bool | None:
    """Whether the patient is of an age that casts for adults are made for; None where unsaid."""
    match = _AGE.search(text)
    if match is not None:
        return int(next(group for group in match.groups() if group)) >= _GROWN
    return False if _MONTHS.search(text) else None


def _reason(service: Service) -> str:
    return (
        messages.SERVICE_ORDERED if service.standing is Standing.ORDERED else messages.SERVICE_DONE
    )


def _shown(service: Service) -> str:
    return f"“{' '.join(service.text.split())}”"


def _short(title: str) -> str:
    if len(title) <= _LONGEST_TITLE:
        return title
    return title[:_LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(" ,;") + " …"
