"""Lay phrases, eponyms and coders' synonyms, and the wording that the classification uses."""

from __future__ import annotations

from functools import cache

from codesets.phrases import PhraseTable, is_half_a_compound, read_rows, tokenize
from codesets.spelling import word_variants
from codesets.synonyms import all_synonyms, is_acronym, spellings
from codesets.vocabulary import Kind, LayMatch, LayTerm

_COLUMNS = ("phrase", "index_wording", "kind", "code_hint")


@cache
def all_lay_terms() -> tuple[LayTerm, ...]:
    """Every row of the table of lay terms."""
    kinds = {kind.value: kind for kind in Kind}
    return tuple(
        LayTerm(phrase, wording, kinds[kind], code_hint)
        for phrase, wording, kind, code_hint in read_rows("lay_terms.tsv", _COLUMNS)
    )


@cache
def _lay_table() -> PhraseTable[LayTerm]:
    table: PhraseTable[LayTerm] = PhraseTable(word_variants)
    lay = all_lay_terms()
    for term in lay:
        table.add(term.phrase, term)
    listed = {term.phrase.casefold() for term in lay}
    for term in all_synonyms():
        if term.phrase.casefold() not in listed:
            for phrase in spellings(term.phrase):
                table.add(phrase, term)
    return table


def lay(phrase: str) -> tuple[LayTerm, ...]:
    """What the classification calls the lay ``phrase``; empty when it is not listed.

    >>> [term.index_wording for term in lay("heart attack")]
    ['myocardial infarction']
    """
    tokens = tokenize(phrase)
    for end, values in _lay_table().at(tokens, 0) if tokens else ():
        if end == len(tokens):
            return tuple(values)
    return ()


def find_lay_terms(text: str) -> list[LayMatch]:
    """Every lay term in ``text``, in order, none overlapping, the longest preferred."""
    tokens = tokenize(text)
    alone = len(tokens)

    def keep(first: int, last: int, values: list[LayTerm]) -> list[LayTerm]:
        """Half a compound ("flu-like", "Niemann-Pick disease") is another word."""
        start, end = tokens[first].start, tokens[last - 1].end
        if is_half_a_compound(text, start, end):
            return []
        if last - first == alone or text[start:end].isupper():
            return values
        return [term for term in values if not is_acronym(term.phrase)]

    found = []
    for first, last, values in _lay_table().find(tokens, keep):
        start, end = tokens[first].start, tokens[last - 1].end
        found += [LayMatch(start, end, text[start:end], value) for value in values]
    return found
