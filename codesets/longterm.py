"""Long-term use of a drug that a text says the patient is on (Z79, I.C.21.c.3).

Only classes that are taken for good are read from "on apixaban": anticoagulants, antiplatelets,
aspirin, insulin and other antidiabetics, agents affecting estrogen receptors. Courses of
antibiotics, steroids or opioids count only where the text itself says that the use is long-term.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.abbreviations import find_drugs

if TYPE_CHECKING:
    from codesets.library import Library
    from codesets.models import Code

_LASTING = ("Z79.01", "Z79.02", "Z79.82", "Z79.4", "Z79.84", "Z79.85", "Z79.81")
_ON = re.compile(
    r"\b(?:on|takes|taking|continues?(?: on| to take)?|maintained on|treated with|controlled with"
    r"|using|uses|anticoagulated with)\s+(?:(?:daily|home|chronic|oral|po|his|her|long[- ]?term"
    r"|lifelong|maintenance)\s+)*(?:[\w-]+\s+(?:and|&|,)\s*)?$",
    re.IGNORECASE,
)
_LONG = re.compile(
    r"\b(?:long[- ]?term|chronic|lifelong|maintenance)\b[^.;,\n]{0,30}$", re.IGNORECASE
)
_SHORT = re.compile(
    r"\b(?:drip|infusion|gtt|bolus|stat|once|prophyla\w+|bridg\w+|temporar\w+|x\s?\d+ days?)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:no longer|not|off|stopped|discontinued|never|previously|formerly)\b", re.IGNORECASE
)
_HARM = re.compile(
    r"\b(?:overdose|poison\w*|toxic\w*|underdos\w*|adverse|reaction to|due to)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class LongTerm:
    """The Z79 code, the offsets of the words that say the use, and one plain sentence."""

    code: Code
    spans: tuple[tuple[int, int], ...]
    reason: str


def long_term_use(library: Library, text: str) -> tuple[LongTerm, ...]:
    """The Z79 codes that ``text`` supports by its own words."""
    found: dict[str, LongTerm] = {}
    for match in find_drugs(text):
        before, after = text[: match.start], text[match.end : match.end + 25]
        if _HARM.search(text[max(0, match.start - 25) : match.start]) or _SHORT.search(after):
            continue
        for drug in match.drugs[:1]:
            code = library.find(drug.long_term_code) if drug.long_term_code else None
            if code is None or not code.valid or code.code == "Z79.899":
                continue
            if _PAST.search(text[max(0, match.start - 30) : match.start]):
                continue
            said = _LONG.search(before)
            if said is None and code.code.startswith(_LASTING):
                said = _ON.search(before)
            if said is None:
                continue
            reason = (
                f"The text says that the patient is on {drug.generic} ({drug.drug_class}); current "
                f"long-term use is a status code (I.C.21.c.3)."
            )
            found.setdefault(code.code, LongTerm(code, ((said.start(), match.end),), reason))
    return tuple(found.values())
