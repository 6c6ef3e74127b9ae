"""Names under which drugs are ordered, turned into the words that HCPCS descriptors use.

A descriptor prints a nonproprietary name, sometimes with the form that is billed apart
("octreotide, depot form"), and a trade name only where that product has a code of its own. The
table ``drug_brands.tsv`` holds trade names, investigational and British names, and the
abbreviations of orders; the general table of drug names is asked where it has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from codesets.drug_names import find_drugs
from codesets.phrases import PhraseTable, Token, read_rows, tokenize

_COLUMNS = ("name", "wording")


@dataclass(frozen=True, slots=True)
class Brand:
    """One name and a wording of it. A name that sells several products has several rows."""

    name: str
    wording: str


@dataclass(frozen=True, slots=True)
class BrandMatch:
    """A name found in a text: half-open character offsets, and each wording it may stand for."""

    start: int
    end: int
    wordings: tuple[str, ...]


@cache
def all_brands() -> tuple[Brand, ...]:
    """Every row of the table, in its order."""
    return tuple(Brand(*row) for row in read_rows("drug_brands.tsv", _COLUMNS))


@cache
def _table() -> PhraseTable[Brand]:
    table: PhraseTable[Brand] = PhraseTable(lambda form: (form,))
    for brand in all_brands():
        table.add(brand.name, brand)
    return table


def find_brands(text: str) -> list[BrandMatch]:
    """Every name in ``text``, in order, none overlapping, the longest preferred.

    >>> [match.wordings for match in find_brands("Prolia 60 mg today")]
    [('denosumab',)]
    """
    tokens = tokenize(text)
    found = [
        BrandMatch(
            tokens[first].start,
            tokens[last - 1].end,
            tuple(dict.fromkeys(brand.wording for brand in brands)),
        )
        for first, last, brands in _table().find(tokens, lambda _first, _last, values: values)
        if not _inside_a_word(tokens, first, last, text)
    ]
    for drug in find_drugs(text):
        if all(drug.end <= match.start or drug.start >= match.end for match in found):
            wordings = tuple(
                dict.fromkeys(
                    row.generic.replace("-", " ")
                    for row in drug.drugs
                    if row.generic.casefold() != drug.surface.casefold()
                )
            )
            if wordings:
                found.append(BrandMatch(drug.start, drug.end, wordings))
    return sorted(found, key=lambda match: match.start)


def _inside_a_word(tokens: list[Token], first: int, last: int, text: str) -> bool:
    """Whether a hyphen ties the name to a letter beside it, so that it is part of another name."""
    start, end = tokens[first].start, tokens[last - 1].end
    before, after = text[max(start - 2, 0) : start], text[end : end + 2]
    return (len(before) == 2 and before[1] == "-" and before[0].isalpha()) or (
        len(after) == 2 and after[0] == "-" and after[1].isalpha()
    )
