"""Words of drug names as two descriptors, or a descriptor and an order, are compared.

Orders say HCl and descriptors hydrochloride; a salt rarely decides which code is meant, a form such
as liposomal always does. How much a word counts follows from how many descriptors have it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from codesets.descriptors import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SAME = {
    "alpha": "alfa",
    "hcl": "hydrochloride",
    "dihydrochloride": "hydrochloride",
    "sulphate": "sulfate",
    "liposomal": "liposome",
    "liposomes": "liposome",
    "vit": "vitamin",
    "vaccines": "vaccine",
    "globulins": "globulin",
    "methylpred": "methylprednisolone",
    # As some descriptors misspell them.
    "aminophyllin": "aminophylline",
    "aprotonin": "aprotinin",
    "bupivicaine": "bupivacaine",
    "calcitrol": "calcitriol",
}
_SEVERAL = {
    "immunoglobulin": ("immune", "globulin"),
    "immunoglobulins": ("immune", "globulin"),
    "xr": ("extended", "release"),
    "er": ("extended", "release"),
    "pf": ("preservative", "free"),
    "nacl": ("sodium", "chloride"),
}
_FACTORS = {
    "7": "vii",
    "7a": "viia",
    "8": "viii",
    "9": "ix",
    "10": "x",
    "13": "xiii",
}
_SALTS_TEXT = """
hydrochloride sodium sulfate acetate phosphate tartrate citrate chloride mesylate maleate
succinate fumarate bromide tromethamine potassium calcium besylate lactate gluconate nitrate
bitartrate decanoate pamoate disodium monohydrate dihydrate anhydrous diphosphate
"""
SALTS = frozenset(_SALTS_TEXT.split())
"""Salts and solvates. They tell some codes apart (methylprednisolone acetate and succinate)."""
_NOISE_TEXT = """
what which is are code codes hcpcs level ii j jcode billing bill billed coding for the of in
on to at with and or a an given give gave administered administration received receive
patient pt today dose dosing mg mcg ml unit units vial vials syringe prefilled kit pen bag
bottle ampule injectable suspension solution powder sterile single use multi multidose
weekly monthly daily every q wk wks week weeks month months day days hour hours x times now
office clinic visit please find me need correct right drug medication medicine therapy
treatment product brand name generic trade per by via from this that was were cpt lookup
look up report reported supply bolus push drip started continued continue start ordered
order premedication brands hospital outpatient opps asc facility how do i get can you we us
"""
NOISE = frozenset(_NOISE_TEXT.split())
"""Words of a question or an order that name no drug."""
_RELEASE = frozenset({"extended", "release", "delayed"})
_DILUENTS = re.compile(
    r"\b(?:in|with) (?:dextrose|d5w|water|nacl|saline|(?:0\.9% )?sodium chloride|sterile water"
    r"|iso-?osmotic \w+)(?: 0\.\d+%| 5%)?\b"
)
"""What a premixed bag holds besides the drug; it decides no code unless the descriptor says so."""
_SALT_WEIGHT = 0.12
_RELEASE_WEIGHT = 0.4
_DILUENT_WEIGHT = 0.1
_SHORT_WEIGHT = 0.3
_UNKNOWN_WEIGHT = 0.35
_TOKEN = re.compile(r"[a-z]+|\d+[a-z](?![a-z0-9])|\d+(?:\.\d+)?%?")


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an order as compared, and the half-open offsets of what it was read from."""

    form: str
    start: int
    end: int
    tied: bool = False  # a hyphen ties it to the word before, as it does a biosimilar's suffix
    share: float = 1.0  # of its weight that counts where it stands


def same_words(words: Iterable[str]) -> tuple[str, ...]:
    """The words in the forms in which they are compared.

    >>> same_words(("factor", "8", "hcl"))
    ('factor', 'viii', 'hydrochloride')
    """
    found: list[str] = []
    for word in words:
        if found and found[-1] == "factor" and word in _FACTORS:
            found.append(_FACTORS[word])
        else:
            found += _SEVERAL.get(word, (_SAME.get(word, word),))
    return tuple(found)


def same_length(text: str) -> str:
    """Folded text of the same length, so that offsets hold."""
    return "".join(c if len(c) == 1 else "?" for c in (_one(each) for each in text))


def _one(character: str) -> str:
    folded = fold(character)
    return folded if len(folded) == 1 else (" " if character.isspace() or not folded else "?")


def tokens_of(text: str) -> list[Token]:
    """The words of folded text with offsets, without what names no drug."""
    found: list[Token] = []
    diluents = [match.span() for match in _DILUENTS.finditer(text)]
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        before = found[-1].form if found else ""
        word = match.group()
        if before == "factor" and word in _FACTORS:
            found.append(Token(_FACTORS[word], start, end))
            continue
        if word in NOISE or (word == "s" and text[start - 1 : start] == "'"):
            continue
        tied = start > 1 and text[start - 1] == "-" and text[start - 2].isalnum()
        diluted = any(first <= start < last for first, last in diluents)
        share = _DILUENT_WEIGHT if diluted and found else 1.0
        found += [Token(form, start, end, tied, share) for form in same_words((word,))]
    return found


class Vocabulary:
    """Every word of some descriptors: what each counts, and the nearest to a misspelt one."""

    def __init__(self, documents: Sequence[frozenset[str]]) -> None:
        counts: dict[str, int] = {}
        for document in documents:
            for word in document:
                counts[word] = counts.get(word, 0) + 1
        scale = math.log(len(documents) + 1)
        self._weights = {
            word: max(1 - math.log(count) / scale, 0.1) * _class_weight(word)
            for word, count in counts.items()
        }

    def __contains__(self, word: str) -> bool:
        return word in self._weights

    def weight(self, word: str) -> float:
        """What a word counts, above 0 and at most 1; unknown words count little."""
        return self._weights.get(word, _UNKNOWN_WEIGHT)

    def nearest(self, word: str) -> str | None:
        """The one word that a single slip makes of ``word``; None for short or unclear ones."""
        if len(word) < 6 or not word.isalpha() or word in self._weights:
            return None
        found = {
            known for key in _deletions(word) for known in self._by_deletion.get(key, ())
            if abs(len(known) - len(word)) <= 1 and known[0] == word[0]
        }  # fmt: skip
        return found.pop() if len(found) == 1 else None

    @cached_property
    def _by_deletion(self) -> dict[str, list[str]]:
        table: dict[str, list[str]] = {}
        for word in self._weights:
            if len(word) >= 6 and word.isalpha():
                for key in _deletions(word):
                    table.setdefault(key, []).append(word)
        return table


def _class_weight(word: str) -> float:
    if word in SALTS:
        return _SALT_WEIGHT
    if word in _RELEASE:
        return _RELEASE_WEIGHT
    return _SHORT_WEIGHT if len(word) == 1 or word[0].isdigit() else 1.0


def _deletions(word: str) -> set[str]:
    """The word, and the word without each of its letters in turn."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
