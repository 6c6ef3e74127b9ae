"""What a rule is and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from codesets.rules.claim import Claim


class Severity(StrEnum):
    """How much a finding matters: an ERROR stops a claim, a WARNING asks for a second look."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


class Sex(StrEnum):
    """The patient's sex, as the claim states it."""

    FEMALE = "female"
    MALE = "male"


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """One thing a rule has to say about one or more codes of the list.

    ``message`` is one plain sentence, ``fix`` what to do. ``citation`` is what it rests on: the
    citation id of a note or title (``icd10cm:FY2026-04:E11:excludes1-3``), the number of a
    guideline section (``I.C.4.a.3``), or the name and edition of an installed edit.
    """

    rule: str
    severity: Severity
    codes: tuple[str, ...]
    message: str
    citation: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its stable id, usual severity, guideline section, what it checks, and an example.

    ``section`` is a number of the Official Guidelines, or the name of the edit where the guidelines
    are silent. ``example`` is a list of codes that makes it fire and why.
    """

    id: str
    severity: Severity
    section: str
    description: str
    example: str
    find: Callable[[Claim], Iterable[RuleFinding]]
