"""The adverse effect of a drug that a condition is said to be due to (I.C.19.e.5.a).

A drug correctly prescribed and properly administered that harms is coded as its adverse effect,
after the nature of the harm. The code is that of the drug's class in T36 to T50; its 7th character
is the text's to give.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from codesets.drug_names import find_drugs
from codesets.lay_terms import lay
from codesets.phrases import read_rows

if TYPE_CHECKING:
    from codesets.library import Library
    from codesets.models import Code

_DUE = re.compile(
    r"\b(?:(?:due|secondary|reaction|related|attributed) to|2/2|(?:caused|induced) by|from"
    r"|after taking|effects? of)\s+(?:(?:the|a|an|her|his|oral|iv|daily|chronic|prescribed|use of"
    r"|long[- ]term)\s+)*$",
    re.IGNORECASE,
)
_INDUCED = re.compile(
    r"^[ -]*(?:induced|associated|related)\b\s*(?P<harm>[^,;.\n]*)", re.IGNORECASE
)
_ELSE = re.compile(
    r"\b(?:overdos\w*|poison\w*|ingest\w*|underdos\w*|intentional\w*|suicid\w*|wrong|mistake\w*"
    r"|in error|too (?:much|many)|extra|double|someone else|not prescribed|never prescribed"
    r"|without (?:a )?prescription|missed|skipp\w+|ran out|noncomplian\w*"
    r"|allergy to|resistan\w*|withdrawal|abuse|dependence|addiction|use disorder)\b",
    re.IGNORECASE,
)
_ADVERSE = "5"
"""The character of T36 to T50 that says an adverse effect."""


@dataclass(frozen=True, slots=True)
class Blame:
    """A drug that a text blames: half-open offsets, the record of its class, and of its harm.

    ``stem`` is a record of T36 to T50 without intent, "" where none is known. ``harm`` holds the
    offsets of the words that say what the drug did.
    """

    start: int
    end: int
    stem: str
    harm: tuple[int, int]


@dataclass(frozen=True, slots=True)
class AdverseEffect:
    """The record of a drug's adverse effect, without 7th character, and the drug's offsets.

    ``harm`` are the offsets of the words that say what the drug did.
    """

    code: Code
    spans: tuple[tuple[int, int], ...]
    choices: tuple[Code, ...]
    reason: str
    harm: tuple[int, int]


@lru_cache(maxsize=64)
def blamed_drugs(text: str) -> tuple[Blame, ...]:
    """Each drug, or class of drugs, that a text says a condition is due to.

    Nothing where the text speaks of a poisoning or an underdosing (I.C.19.e.5.b and c).

    >>> text = "constipation due to opioids"
    >>> [(text[b.start:b.end], b.stem, text[slice(*b.harm)]) for b in blamed_drugs(text)]
    [('opioids', 'T40.2X', 'constipation')]
    >>> blamed_drugs("constipation, takes opioids")
    ()
    """
    if _ELSE.search(text):
        return ()
    named = [(m.start, m.end, _stem(m.drugs[0].generic)) for m in find_drugs(text)]
    taken = {place for start, end, _ in named for place in range(start, end)}
    named += [
        (m.start(), m.end(), _classes()[m.group().casefold()])
        for m in _class_pattern().finditer(text)
        if m.start() not in taken
    ]
    found = []
    for start, end, stem in sorted(named):
        due = _DUE.search(text[:start])
        induced = _INDUCED.match(text[end:])
        if due is not None:
            found.append(Blame(start, end, stem, (0, len(text[: due.start()].rstrip(" ,")))))
        elif induced is not None and induced["harm"].strip():
            found.append(
                Blame(start, end, stem, (end + induced.start("harm"), end + induced.end()))
            )
    return tuple(found)


def adverse_effect(library: Library, text: str) -> AdverseEffect | None:
    """What a text that blames one drug, and says nothing of wrong use, is coded to.

    None where no class of T36 to T50 is known for the drug.
    """
    for blame in blamed_drugs(text):
        found = library.find(f"{blame.stem}{_ADVERSE}") if blame.stem else None
        if found is None or "adverse effect" not in found.title.casefold():
            continue
        reason = (
            f"The text says that '{text[blame.start : blame.end]}' did it and nothing of "
            f"wrong use: an adverse effect of the drug, coded after what it caused "
            f"(I.C.19.e.5.a)."
        )
        below = tuple(library.children(found.code))
        return AdverseEffect(found, ((blame.start, blame.end),), below, reason, blame.harm)
    return None


def _stem(generic: str) -> str:
    """The record that lists a drug by its generic name, or "" where none is known."""
    return next((term.code_hint for term in lay(f"{generic} poisoning") if term.code_hint), "")


@cache
def _classes() -> dict[str, str]:
    rows = read_rows("drug_classes.tsv", ("name", "stem"))
    return {name.casefold(): stem for name, stem in rows}


@cache
def _class_pattern() -> re.Pattern[str]:
    names = sorted(map(re.escape, _classes()), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(names)})(?!\w)", re.IGNORECASE)
