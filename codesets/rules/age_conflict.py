"""A code that does not go with the patient's age."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.formats.mce import MceFlag
from codesets.models import NoteKind
from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.rules.claim import Claim, Diagnosis

ID = "age-conflict"
# Years, both ends included, as the Medicare Code Editor draws them.
_FLAGGED = {
    MceFlag.NEWBORN: (0, 0, "newborns"),
    MceFlag.PEDIATRIC: (0, 17, "patients under 18"),
    MceFlag.MATERNITY: (9, 64, "patients of 9 to 64 years"),
    MceFlag.ADULT: (15, 124, "patients of 15 years and over"),
}
_NOTE_FROM = re.compile(r"\b(adult|pediatric) codes.*?persons (\d+) years of age or older", re.I)
_NOTE_BETWEEN = re.compile(r"\b(adult|pediatric) codes.*?persons (\d+)-(\d+) years", re.I)
_ADULT = re.compile(r"^adult\b|, adult$|\bgeneral adult\b|\bsenile\b|\bage-related\b", re.I)
_CHILD = re.compile(r"^child\b|\bof child\b|\broutine child health\b|\bpediatric\b", re.I)
_NEWBORN = re.compile(
    r"^liveborn infant|^single liveborn|^twin liveborn|\bexamination for newborn\b", re.I
)
_ABUSE_OR_EXAM = ("T74", "T76", "Z00", "Z68")
_PREGNANCY = ("Z34", "Z37", "Z3A")


@dataclass(frozen=True, slots=True)
class Ages:
    """The ages a code is for, in whole years, both ends included, and what says so."""

    low: int
    high: int
    whom: str
    citation: str
    certain: bool


def find(claim: Claim) -> Iterator[RuleFinding]:
    """One finding for each listed code that the age rules out; none where no age is given."""
    if claim.age is None:
        return
    for entry in claim.diagnoses:
        ages = ages_of(claim, entry)
        if ages is not None and not ages.low <= int(claim.age) <= ages.high:
            yield RuleFinding(
                ID,
                Severity.ERROR if ages.certain else Severity.WARNING,
                (entry.code,),
                f"{entry.code} ({entry.title}) is for {ages.whom}; the patient is {claim.age:g}.",
                ages.citation,
                "Check the age and the code.",
            )


def ages_of(claim: Claim, entry: Diagnosis) -> Ages | None:
    """The ages a code is for: by the editor's flags, else by its notes, chapter and title."""
    flags = claim.flags(entry.code)
    if flags is not None:
        for flag, (low, high, whom) in _FLAGGED.items():
            if flag in flags:
                return Ages(low, high, whom, claim.editor(entry.code), certain=True)
    return _noted(claim, entry) or _titled(claim, entry)


def _noted(claim: Claim, entry: Diagnosis) -> Ages | None:
    """Ages that a note gives: the body mass index codes of adults and of children."""
    for note in claim.facts.notes(entry.code, NoteKind.NOTE):
        for pattern in (_NOTE_FROM, _NOTE_BETWEEN):
            match = pattern.search(note.text)
            if match is None or match[1].lower() not in entry.title.lower():
                continue
            low = int(match[2])
            high = int(match[3]) if match.re is _NOTE_BETWEEN else 124
            whom = f"patients of {low} years and over" if high == 124 else f"ages {low} to {high}"
            return Ages(low, high, whom, claim.cite(note), certain=True)
    return None


def _titled(claim: Claim, entry: Diagnosis) -> Ages | None:
    if entry.record is None:
        return None
    citation = claim.cite_title(entry.record)
    title = entry.title
    if claim.facts.chapter(entry.code) == "15" or entry.code[:3] in _PREGNANCY:
        return Ages(9, 64, "patients of 9 to 64 years", citation, certain=False)
    if entry.code[:3] == "Z38" or _NEWBORN.search(title):
        return Ages(0, 0, "newborns", citation, certain=False)
    if _CHILD.search(title) and entry.code[:3] in _ABUSE_OR_EXAM:
        return Ages(0, 17, "patients under 18", citation, certain=False)
    if _ADULT.search(title):
        return Ages(15, 124, "patients of 15 years and over", citation, certain=False)
    return None


RULE = Rule(
    ID,
    Severity.ERROR,
    "Medicare Code Editor, age conflict",
    "The age fits the code: newborn, pediatric, maternity and adult codes, and ages in notes.",
    "Z68.54 with age 45: a pediatric body mass index",
    find,
)
