"""Words as lexical search compares them: folded, American, singular, in arabic numerals.

Nothing is dropped for being short: AKI, UTI and MI are words like any other. Only articles and
prepositions go, and words that the classification itself uses as filler count little.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from codesets.spelling import american_word

_TOKEN = re.compile(r"[0-9]+[a-z](?![a-z0-9])|[a-z]+|[0-9]+(?:\.[0-9]+)?")
_POSSESSIVE = re.compile(r"(?<=[^\W\d_])['’]s\b|(?<=s)['’](?!\w)")

STOP = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "by",
        "for",
        "from",
        "into",
        "as",
        "and",
        "or",
        "due",
        "is",
        "are",
        "be",
        "been",
        "was",
        "were",
        "has",
        "have",
        "had",
        "its",
        "this",
        "that",
        "these",
        "those",
        "their",
        "which",
        "who",
    ]
)

WEAK = frozenset(
    [
        "unspecified",
        "other",
        "specified",
        "nos",
        "nec",
        "classified",
        "elsewhere",
        "not",
        "condition",
        "disorder",
        "disease",
        "site",
        "type",
        "with",
        "without",
        "patient",
        "organism",
        "cause",
        "stated",
        "episode",
        "part",
        "severity",
        "complication",
    ]
)
"""Words that say little about which condition is meant; they count a fraction of their weight."""

_ROMAN = {
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "xi": "11",
    "xii": "12",
}
_ROMAN_AFTER_SCALE = {"i": "1", "v": "5", "x": "10"}
_SCALES = frozenset({"type", "stage", "grade", "class", "degree", "category", "factor", "level"})

_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "κ": "kappa",
          "λ": "lambda", "μ": "mu", "ω": "omega"}  # fmt: skip

_UNCHANGED = frozenset(
    [
        "diabetes",
        "herpes",
        "rabies",
        "scabies",
        "caries",
        "pubes",
        "series",
        "species",
        "facies",
        "aids",
        "mumps",
        "measles",
        "rickets",
        "biceps",
        "triceps",
        "yaws",
        "pancreas",
        "lens",
    ]
)


def terms(text: str) -> list[str]:
    """The words of ``text`` in order, without stop words.

    >>> terms("Crohn's disease of the small intestines, Type II")
    ['crohn', 'disease', 'small', 'intestine', 'type', '2']
    >>> terms("AKI on CKD; oesophageal varices")
    ['aki', 'ckd', 'esophageal', 'varix']
    """
    plain = _POSSESSIVE.sub("", fold(text))
    found: list[str] = []
    previous = ""
    for match in _TOKEN.finditer(plain):
        token = match.group()
        if token[0].isdigit() and token[-1].isalpha():  # stage 3a is a stage 3 too
            found.append(token[:-1])
        elif token in _ROMAN:
            token = _ROMAN[token]
        elif token in _ROMAN_AFTER_SCALE and previous in _SCALES:
            token = _ROMAN_AFTER_SCALE[token]
        elif token in STOP:
            previous = token
            continue
        else:
            token = stem(token)
        found.append(token)
        previous = token
    return found


def fold(text: str) -> str:
    """Lower case without accents; Greek letters by name.

    >>> fold("Ménière β-thalassemia")
    'meniere beta-thalassemia'
    """
    lowered = "".join(_GREEK.get(letter, letter) for letter in text.casefold())
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """One lower-case word in American spelling and in the singular.

    >>> [stem(word) for word in ("fractures", "biopsies", "diagnoses", "vertebrae", "aki", "mass")]
    ['fracture', 'biopsy', 'diagnosis', 'vertebra', 'aki', 'mass']
    """
    word = american_word(word)
    if len(word) < 4 or word in _UNCHANGED or word[0].isdigit():
        return word
    return _singular(word)


def _singular(word: str) -> str:
    if word.endswith("ices") and len(word) > 6:
        return word[:-4] + (
            "ex" if word.endswith(("tices", "dices")) and word != "appendices" else "ix"
        )
    if word.endswith(("oses", "yses", "eses", "stases")) and word not in ("doses", "noses"):
        return word[:-2] + "is"
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("ae"):
        return word[:-1]
    if word.endswith(("sses", "xes", "shes", "ches")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
