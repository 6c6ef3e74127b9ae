"""British and mistaken spellings of medical words, turned into those the classification prints."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from codesets.phrases import read_rows

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_COLUMNS = ("kind", "pattern", "replacement")


@dataclass(frozen=True, slots=True)
class Correction:
    """One word of a text and the spelling that ICD-10-CM uses; offsets into the text given."""

    start: int
    end: int
    surface: str
    replacement: str


@cache
def _british_rules() -> tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], str], ...]]:
    """A quick test whether any rule can apply, and the rules in the order of the data file."""
    rows = [row for row in read_rows("spelling.tsv", _COLUMNS) if row[0] == "british"]
    quick = re.compile("|".join(f"(?:{pattern})" for _, pattern, _ in rows))
    return quick, tuple((re.compile(pattern), replacement) for _, pattern, replacement in rows)


@cache
def misspellings() -> dict[str, str]:
    """Mistaken spellings (lower case) and the right ones."""
    rows = read_rows("spelling.tsv", _COLUMNS)
    return {pattern: replacement for kind, pattern, replacement in rows if kind == "misspelling"}


@lru_cache(maxsize=16_384)
def american_word(word: str) -> str:
    """The American spelling of one lower-case word; the word itself where nothing is known.

    >>> american_word("oesophagitis"), american_word("pnuemonia"), american_word("aerobic")
    ('esophagitis', 'pneumonia', 'aerobic')
    """
    known = misspellings().get(word)
    if known is not None:
        return known
    if "-" in word:
        return "-".join(american_word(part) for part in word.split("-"))
    quick, rules = _british_rules()
    if not quick.search(word):
        return word
    for pattern, replacement in rules:
        word = pattern.sub(replacement, word)
    return word


@lru_cache(maxsize=16_384)
def word_variants(form: str) -> tuple[str, ...]:
    """The form, its singulars, and the American spelling of each."""
    forms = [form]
    if len(form) > 3 and form.endswith("s"):
        forms.append(form[:-1])
        if form.endswith("es"):
            forms.append(form[:-2])
        if form.endswith("ies"):
            forms.append(form[:-3] + "y")
    return tuple(dict.fromkeys([*forms, *(american_word(each) for each in forms)]))


def corrections(text: str) -> tuple[Correction, ...]:
    """Every word of ``text`` that the classification spells another way, in order."""
    found = []
    for match in _WORD.finditer(text):
        surface = match.group()
        lowered = surface.lower()
        replacement = american_word(lowered)
        if replacement != lowered:
            cased = _like(surface, replacement)
            found.append(Correction(match.start(), match.end(), surface, cased))
    return tuple(found)


def americanize(text: str) -> str:
    """``text`` in American medical spelling, common misspellings mended, capitals kept.

    >>> americanize("Anaemia with haemorrhage; DIARRHOEA")
    'Anemia with hemorrhage; DIARRHEA'
    """
    pieces = []
    position = 0
    for correction in corrections(text):
        pieces += [text[position : correction.start], correction.replacement]
        position = correction.end
    return "".join([*pieces, text[position:]])


def _like(surface: str, replacement: str) -> str:
    """``replacement`` with the capitals of ``surface``."""
    if surface.isupper() and len(surface) > 1:
        return replacement.upper()
    if surface[0].isupper():
        return replacement[0].upper() + replacement[1:]
    return replacement
