"""The adverse effect of a drug that a condition is said to be due to (I.C.19.e.5.a).

A drug correctly prescribed and properly administered that harms is coded as its adverse effect,
after the nature of the harm. The code is that of the drug's class in T36 to T50; its 7th character
is the text's to give.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.abbreviations import find_drugs, lay

if TYPE_CHECKING:
    from codesets.library import Library
    from codesets.models import Code

_DUE = re.compile(
    r"\b(?:(?:due|secondary|reaction|related|attributed) to|(?:caused|induced) by|from"
    r"|after taking|effects? of)\s+(?:(?:the|a|an|her|his|oral|iv|daily)\s+)*$",
    re.IGNORECASE,
)
_ELSE = re.compile(
    r"\b(?:overdos\w*|poison\w*|ingest\w*|underdos\w*|intentional\w*|suicid\w*|wrong|mistake\w*"
    r"|in error|too (?:much|many)|extra|double|someone else|not prescribed|never prescribed"
    r"|without (?:a )?prescription|missed|skipp\w+|ran out|noncomplian\w*"
    r"|allergy to|resistan\w*)\b",
    re.IGNORECASE,
)
_ADVERSE = "5"
"""The character of T36 to T50 that says an adverse effect."""


@dataclass(frozen=True, slots=True)
class AdverseEffect:
    """The record of a drug's adverse effect, without 7th character, and the drug's offsets.

    ``harm`` is where the words end that stand before the drug is blamed: they say the harm.
    """

    code: Code
    spans: tuple[tuple[int, int], ...]
    choices: tuple[Code, ...]
    reason: str
    harm: int


def adverse_effect(library: Library, text: str) -> AdverseEffect | None:
    """What a text that blames one drug, and says nothing of wrong use, is coded to.

    None where no class of T36 to T50 is known for the drug, and where the text speaks of a
    poisoning or an underdosing (I.C.19.e.5.b and c).
    """
    if _ELSE.search(text):
        return None
    for match in find_drugs(text):
        due = _DUE.search(text[: match.start])
        if due is None:
            continue
        for drug in match.drugs:
            found = _record(library, drug.generic)
            if found is not None:
                below = library.children(found.code)
                reason = (
                    f"The text says that '{text[match.start : match.end]}' did it and nothing of "
                    f"wrong use: an adverse effect of the drug, coded after what it caused "
                    f"(I.C.19.e.5.a)."
                )
                return AdverseEffect(
                    found, ((match.start, match.end),), tuple(below), reason, due.start()
                )
    return None


def _record(library: Library, generic: str) -> Code | None:
    for term in lay(f"{generic} poisoning"):
        if term.code_hint:
            found = library.find(f"{term.code_hint}{_ADVERSE}")
            if found is not None and "adverse effect" in found.title.casefold():
                return found
    return None
