"""Trade and generic drug names, their class, and the Z79 code of its long-term use."""

from __future__ import annotations

from functools import cache

from codesets.phrases import PhraseTable, read_rows, tokenize
from codesets.spelling import word_variants
from codesets.vocabulary import Drug, DrugMatch

_COLUMNS = ("name", "generic", "drug_class", "long_term_code")


@cache
def all_drugs() -> tuple[Drug, ...]:
    """Every row of the table of drug names."""
    return tuple(Drug(*row) for row in read_rows("drug_names.tsv", _COLUMNS))


@cache
def _drug_table() -> PhraseTable[Drug]:
    table: PhraseTable[Drug] = PhraseTable(word_variants)
    for drug in all_drugs():
        table.add(drug.name, drug)
    return table


def drugs(name: str) -> tuple[Drug, ...]:
    """What the trade or generic ``name`` is; several when a name sells several products.

    >>> [(drug.generic, drug.long_term_code) for drug in drugs("Eliquis")]
    [('apixaban', 'Z79.01')]
    """
    tokens = tokenize(name)
    for end, values in _drug_table().at(tokens, 0) if tokens else ():
        if end == len(tokens):
            return tuple(values)
    return ()


def find_drugs(text: str) -> list[DrugMatch]:
    """Every drug named in ``text``, in order, none overlapping, the longest preferred."""
    tokens = tokenize(text)
    found = []
    for first, last, values in _drug_table().find(tokens, lambda _first, _last, values: values):
        start, end = tokens[first].start, tokens[last - 1].end
        found.append(DrugMatch(start, end, text[start:end], tuple(values)))
    return found
