"""Names of diseases that the classification does not print, and the code each leads to.

Eponyms, older and newer names, deficient enzymes, subtypes and histologies, from
``data/synonyms.tsv``, written for this project. A row gives the phrase, its code and the wording of
that code; variants of a phrase that differ by rule (``deficiency of X`` and ``X deficiency``, type
3 and type III) are listed here and not in the table.
"""

from __future__ import annotations

import re
from functools import cache

from codesets.phrases import read_rows
from codesets.vocabulary import Kind, LayTerm

_COLUMNS = ("phrase", "code", "wording")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_NUMBERED = re.compile(
    r"\b(?P<word>type|types|grade|stage|group|class|factor|complex|syndrome|disease|deficiency"
    r"|neoplasia) (?P<number>\d{1,2}|[ivx]{1,4})(?P<letter>[a-h]?)\b",
    re.IGNORECASE,
)
_DEFICIENCY = re.compile(r"(?P<what>[^,;]+?) (?P<word>deficiency|insufficiency|defect)")


@cache
def all_synonyms() -> tuple[LayTerm, ...]:
    """Every row of the table; ``code_hint`` is the code of its phrase."""
    return tuple(
        LayTerm(phrase, wording, Kind.CONDITION, code)
        for phrase, code, wording in read_rows("synonyms.tsv", _COLUMNS)
    )


def spellings(phrase: str) -> tuple[str, ...]:
    """``phrase`` and its variants by rule, each once.

    >>> spellings("galactokinase deficiency")
    ('galactokinase deficiency', 'deficiency of galactokinase')
    >>> spellings("multiple endocrine neoplasia type 2a")[1]
    'multiple endocrine neoplasia type iia'
    """
    found = [phrase]
    deficient = _DEFICIENCY.fullmatch(phrase)
    if deficient is not None:
        found.append(f"{deficient['word']} of {deficient['what']}")
    found += [_NUMBERED.sub(_renumbered, each) for each in tuple(found)]
    return tuple(dict.fromkeys(found))


def _renumbered(match: re.Match[str]) -> str:
    number = match["number"].lower()
    if number.isdigit():
        other = _ROMAN[int(number) - 1] if 0 < int(number) <= len(_ROMAN) else number
    else:
        other = str(_ROMAN.index(number) + 1) if number in _ROMAN else number
    return f"{match['word']} {other}{match['letter']}"


def is_acronym(phrase: str) -> bool:
    """Whether ``phrase`` is written in capitals only: in a sentence it must stand so too.

    >>> is_acronym("GIST"), is_acronym("MPS IVA"), is_acronym("gout")
    (True, True, False)
    """
    return phrase.isupper()
