"""Which code systems a question is about, and which procedure codes it names.

Systems are named by the question (``--system``), never guessed from its words. A code is another
matter: `J1885` can only be a HCPCS code or a slip, and `99213` only CPT, whatever was asked for.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import messages
from bot.answer import Kind, Role
from bot.errors import QuestionError
from bot.phrasing import names_condition
from codesets.models import System
from codesets.notation import possible_systems
from codesets.wording import read_text

if TYPE_CHECKING:
    from bot.answer import Answer, Question

_SHAPED = re.compile(
    r"(?<![\w.$#/-])(?:[A-CE-V]\d{4}|\d{4}[\dAFMTU]|(?=\w*\d)[\dBCDFGHX][\dA-HJ-NP-Z]{6})"
    r"(?![\w]|[.-]\w)",
    re.IGNORECASE,
)
_HCPCS_WRITTEN = re.compile(r"(?<![\w.$#/-])[A-CE-V]\d{4}(?![\w]|[.-]\w)")
_WORD = re.compile(r"[a-z]+|\d+", re.IGNORECASE)
_ABOUT_TEXT = """
what is are does do the a an code codes cpt hcpcs level ii mean means meaning stand stands for valid
billable active still show me look up lookup tell about describe description title define definition
explain please can i we use used using it this that in on of to be and or vs versus between pcs icd
10 inpatient procedure
difference compare with which check verify together same claim encounter visit both report reported
bill billed today now current number
"""
_ABOUT = frozenset(_ABOUT_TEXT.split())


def asked(question: Question) -> tuple[System, ...]:
    """The systems the question names, each once.

    Raises QuestionError for a name that is no system.
    """
    named: list[System] = []
    for name in question.systems:
        try:
            named.append(System(name.casefold()))
        except ValueError:
            known = ", ".join(system.value for system in System)
            shown = name if len(name) <= 20 else f"{name[:20]}…"
            raise QuestionError(messages.NO_SYSTEM.format(name=shown, known=known)) from None
    return tuple(dict.fromkeys(named)) or (System.ICD10CM,)


def procedure_codes(text: str) -> tuple[str, ...]:
    """HCPCS-, CPT- and ICD-10-PCS-shaped codes of a text that asks about codes and nothing else.

    >>> procedure_codes("what is J1885?"), procedure_codes("CPT 99213"), procedure_codes("E11.22")
    (('J1885',), ('99213',), ())
    >>> procedure_codes("0FT44ZZ")
    ('0FT44ZZ',)
    >>> procedure_codes("lives in 60614, on insulin")
    ()
    """
    found = [code for code in _SHAPED.findall(text) if len(code) == 5 or is_pcs(code)]
    rest = _WORD.findall(_SHAPED.sub(" ", text))
    if not found or any(word.casefold() not in _ABOUT for word in rest):
        return ()
    return tuple(dict.fromkeys(code.upper() for code in found))


def written_hcpcs(text: str) -> tuple[str, ...]:
    """HCPCS-shaped codes in a text whose other words name no condition.

    >>> written_hcpcs("knee brace L1833"), written_hcpcs("left knee osteoarthritis, brace L1833")
    (('L1833',), ())
    """
    found = tuple(dict.fromkeys(m.group().upper() for m in _HCPCS_WRITTEN.finditer(text)))
    if not found or any(names_condition(word) for word in read_text(text)):
        return ()
    return found


def is_cpt(code: str) -> bool:
    """Whether a code that ``procedure_codes`` found has CPT's shape: HCPCS begins with a letter."""
    return len(code) == 5 and code[0].isdigit()


def is_pcs(code: str) -> bool:
    """Whether a code has the shape of ICD-10-PCS before any other."""
    return possible_systems(code)[:1] == (System.ICD10PCS,)


def of_code(code: str) -> System:
    """The system of a code that ``procedure_codes`` found."""
    if is_pcs(code):
        return System.ICD10PCS
    return System.CPT if is_cpt(code) else System.HCPCS


def joined(one: Answer, other: Answer) -> Answer:
    """Two answers to one question as one: what the first suggests leads the claim."""
    if not other.suggestions:
        cautions = (*one.cautions, *other.cautions, other.headline)
        return replace(one, cautions=tuple(dict.fromkeys(cautions)), releases=_releases(one, other))
    if not one.suggestions and one.kind is Kind.REFUSAL:
        return replace(other, releases=_releases(one, other))
    beside = tuple(
        replace(suggestion, role=Role.SECONDARY)
        if one.suggestions and suggestion.role is not Role.PROCEDURE
        else suggestion
        for suggestion in other.suggestions
    )
    citations = {citation.id: citation for citation in (*one.citations, *other.citations)}
    return replace(
        one,
        kind=Kind.SUGGESTION,
        headline=f"{one.headline} {other.headline}",
        suggestions=(*one.suggestions, *beside),
        citations=tuple(citations.values()),
        cautions=tuple(dict.fromkeys((*one.cautions, *other.cautions))),
        gaps=(*one.gaps, *other.gaps),
        abstained=None,
        releases=_releases(one, other),
    )


def _releases(one: Answer, other: Answer) -> dict[str, str]:
    return {**one.releases, **other.releases}
