"""Clinical abbreviations, lay words and drug names, with the wording that coders look up.

The tables under ``data/`` are ours. An abbreviation with several meanings lists them by rank, the
commonest first, each with the context words (hints) that favour it; nothing is decided without
one, and the caller is told so (``decided``). Everything is read once, on first use.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from codesets.drug_names import all_drugs, drugs, find_drugs
from codesets.hints import Context
from codesets.lay_terms import all_lay_terms, find_lay_terms, lay
from codesets.phrases import PhraseTable, Token, is_half_a_compound, read_rows, tokenize
from codesets.spelling import americanize, corrections
from codesets.vocabulary import (
    Case,
    Drug,
    DrugMatch,
    Expansion,
    Kind,
    LayMatch,
    LayTerm,
    Meaning,
    Reading,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "Case",
    "Drug",
    "DrugMatch",
    "Expansion",
    "Kind",
    "LayMatch",
    "LayTerm",
    "Meaning",
    "Reading",
    "all_drugs",
    "all_lay_terms",
    "all_meanings",
    "americanize",
    "corrections",
    "disambiguate",
    "drugs",
    "expand",
    "find_drugs",
    "find_lay_terms",
    "lay",
    "meanings",
]

_ABBREVIATION_COLUMNS = (
    "abbreviation",
    "spoken",
    "index_wording",
    "kind",
    "hints",
    "rank",
    "case",
    "code_hint",
)
# The best reading decides only when it clearly beats the next.
_DECISIVE_RATIO = 1.25


# --- the tables -----------------------------------------------------------------------------------


@cache
def _abbreviation_rows() -> tuple[list[str], ...]:
    return tuple(read_rows("abbreviations.tsv", _ABBREVIATION_COLUMNS))


@cache
def _meaning(number: int) -> Meaning:
    """The record of one row, made when first met: a text meets few of the thousands."""
    abbreviation, spoken, wording, kind, hints, rank, case, code_hint = _abbreviation_rows()[number]
    return Meaning(
        abbreviation,
        spoken,
        wording,
        Kind(kind),
        tuple(hints.split(", ")) if hints else (),
        int(rank),
        Case(case),
        code_hint,
    )


def all_meanings() -> tuple[Meaning, ...]:
    """Every row of the abbreviation table."""
    return tuple(map(_meaning, range(len(_abbreviation_rows()))))


@cache
def _abbreviation_table() -> PhraseTable[int]:
    """Row numbers of the abbreviation table by what is written."""
    table: PhraseTable[int] = PhraseTable(_abbreviation_variants)
    for number, row in enumerate(_abbreviation_rows()):
        table.add(row[0], number)
    return table


def _abbreviation_variants(form: str) -> tuple[str, ...]:
    """The form, and its singular: ``PEs`` is found as ``PE`` (capitals are compared later)."""
    return (form, form[:-1]) if len(form) > 2 and form.endswith("s") else (form,)


# --- abbreviations --------------------------------------------------------------------------------


def meanings(token: str, case_sensitive: bool = True) -> tuple[Meaning, ...]:
    """Every meaning of the abbreviation ``token``, the commonest first; empty when unlisted.

    With ``case_sensitive`` (the default) rows marked exact need their own capitals.

    >>> [meaning.spoken for meaning in meanings("AKI")], meanings("all")
    (['acute kidney injury'], ())
    """
    tokens = tokenize(token)
    if not tokens:
        return ()
    for end, rows in _abbreviation_table().at(tokens, 0):
        if end == len(tokens):
            surface = token.strip()
            values = list(map(_meaning, rows))
            if not case_sensitive:
                return _by_rank(values, surface)
            kept = [m for m in values if _case_fits(m, surface)]
            return _by_rank(_own_spelling(kept, surface), surface)
    return ()


def disambiguate(token: str, context_text: str, at: int | None = None) -> Reading:
    """The meanings of ``token`` in ``context_text``, those that the context favours first.

    ``at`` is the character offset of the token in the context, so that near words count more.
    """
    return _read(meanings(token), tokenize(context_text), at)


def expand(text: str) -> list[Expansion]:
    """Every abbreviation in ``text``, in order, none overlapping, the longest preferred.

    >>> [(found.surface, found.meanings[0].spoken) for found in expand("CKD, r/o PEs; all or none")]
    [('CKD', 'chronic kidney disease'), ('r/o', 'rule out'), ('PEs', 'pulmonary embolism')]
    """
    tokens = tokenize(text)
    context = Context(tokens)

    def keep(first: int, last: int, rows: list[int]) -> list[Meaning]:
        start, end = tokens[first].start, tokens[last - 1].end
        surface = text[start:end]
        fitting = [m for m in map(_meaning, rows) if _case_fits(m, surface)]
        fitting = _own_spelling(fitting, surface)
        if surface.islower() and is_half_a_compound(text, start, end):
            fitting = [m for m in fitting if not m.abbreviation.islower()]
        if any(m.case is Case.WORD for m in fitting) and _is_shouted(text, start, end):
            fitting = [
                m for m in fitting if m.case is not Case.WORD or context.weight(m, first) > 0
            ]
        return fitting

    found = []
    for first, last, values in _abbreviation_table().find(tokens, keep):
        start, end = tokens[first].start, tokens[last - 1].end
        surface = text[start:end]
        reading = _weigh(_by_rank(values, surface), context, first)
        found.append(Expansion(start, end, surface, reading.meanings, reading.decided))
    return found


def _by_rank(values: Sequence[Meaning], surface: str) -> tuple[Meaning, ...]:
    """The commonest first, those listed in the very capitals of ``surface`` before the others."""
    return tuple(sorted(values, key=lambda m: (m.abbreviation not in surface, m.rank)))


def _own_spelling(values: list[Meaning], surface: str) -> list[Meaning]:
    """Only the rows spelled like a ``surface`` of mixed capitals: "PsA" is never "PSA"."""
    if surface.islower() or surface.isupper():
        return values
    return [m for m in values if m.abbreviation in surface] or values


def _case_fits(meaning: Meaning, surface: str) -> bool:
    """Whether ``surface`` is written as the row demands; a plural ``s`` may follow."""
    listed = "".join(meaning.abbreviation.replace("-", " ").split())
    written = "".join(surface.replace("-", " ").split())
    for ending in ("'s", "’s"):
        written = written.removesuffix(ending)
    if meaning.case is not Case.ANY:
        return written in (listed, listed + "s")
    if written.casefold() == listed.casefold():
        return True
    # "PEs" and "DVTs" are plurals; "ass" is not the plural of "AS", nor "his" of "HI".
    return written.endswith("s") and len(listed) > 1 and written[:-1].isupper()


def _is_shouted(text: str, start: int, end: int) -> bool:
    """Whether the line around the span is prose in capitals, where capitals tell nothing."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    line = text[first : last if last >= 0 else len(text)]
    if re.search(r"[a-z]", line):
        return False
    return len(re.findall(r"[A-Z]{5,}", line)) >= 2


def _read(found: tuple[Meaning, ...], tokens: Sequence[Token], at: int | None) -> Reading:
    position = None
    if at is not None:
        position = next((i for i, token in enumerate(tokens) if token.end > at), None)
    return _weigh(found, Context(tokens), position)


def _weigh(found: tuple[Meaning, ...], context: Context, position: int | None) -> Reading:
    if len(found) < 2:
        return Reading(found, decided=len(found) == 1)
    weights = {id(meaning): context.weight(meaning, position) for meaning in found}
    ordered = tuple(sorted(found, key=lambda meaning: -weights[id(meaning)]))
    best, second = weights[id(ordered[0])], weights[id(ordered[1])]
    return Reading(ordered, decided=best > 0 and best >= _DECISIVE_RATIO * second)
