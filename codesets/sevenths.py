"""Notes that exempt codes from some 7th characters.

The rule of Official Guidelines I.A.5 (the 7th character is required for all codes within the
category, or as the notes of the Tabular List instruct) has its exceptions in such notes: codes of
S06 for death before regaining consciousness have no later encounters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.references import in_range, parse_references

if TYPE_CHECKING:
    from codesets.models import CodeRange

_EXEMPTION = re.compile(
    r"(?:7th|seventh) characters? "
    r"(?P<characters>[0-9A-Z](?:(?:, | and | or |, and |, or )[0-9A-Z])*)"
    r" (?:does|do) not apply to (?P<codes>.*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Exemption:
    """7th characters that the codes of ``references`` do not take."""

    characters: frozenset[str]
    references: tuple[CodeRange, ...]

    def covers(self, stem: str, character: str) -> bool:
        """Whether the code ``stem`` (undotted, before its 7th character) does not take it."""
        return character in self.characters and any(
            in_range(stem, reference) for reference in self.references
        )


def parse_exemption(note_text: str) -> Exemption | None:
    """Read a note such as S06's; None when it is worded otherwise or names no code.

    >>> e = parse_exemption("7th character S does not apply to codes in category S06 with "
    ...                     "6th character 7 - death due to brain injury, or 8 - other death")
    >>> e.covers("S06307", "S"), e.covers("S06307", "A"), e.covers("S06309", "S")
    (True, False, False)
    """
    match = _EXEMPTION.match(note_text)
    if match is None:
        return None
    references = parse_references(match.group("codes"))
    if not references:
        return None
    characters = re.split(r"\W+(?:and |or )?", match.group("characters"))
    return Exemption(frozenset(characters), references)
