"""Setting, long-term drugs and social determinants that a note documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.abbreviations import find_drugs
from retrieval.notes.headings import SectionKind

if TYPE_CHECKING:
    from retrieval.notes.reading import Note

_STAY = re.compile(
    r"\b(?:was admitted (?:to|for|with|on)|hospital day|discharged (?:home|to)|admitted to (?:the )?(?:icu|floor|medicine|hospital|ward)"
    r"|transferred to (?:the )?(?:icu|floor|ward)|POD ?#?\d|inpatient (?:stay|admission|service)|length of stay)\b",
    re.IGNORECASE,
)
_GIVEN_ONCE = re.compile(
    r"[^,;.]{0,20}\b(?:I\.?V|I\.?M|IVP|IVPB|x ?1|once|drip|bolus)\b(?!.{0,30}\b(?:weekly|monthly|every)\b)",
    re.IGNORECASE,
)
"""A drug that was given at the encounter, of which nothing says that it goes on."""
_FOR_NOW = re.compile(
    r"\b(?:drip|gtt|infusion|sliding scale|ssi|correction(?:al)?|in the ed|temporar\w+|while inpatient|during (?:the )?(?:stay|admission|hospitali[sz]ation))\b",
    re.IGNORECASE,
)
"""Insulin given for a while only is no long-term use (I.C.4.a.3)."""
_VISIT = re.compile(r"ed\b|emergency|clinic")
_LONG_TERM = re.compile(
    r"\b(?:long[- ]term|chronic(?:ally)? (?:use|therapy|anticoag\w*|on|takes|taking)|lifelong|indefinite(?:ly)?|maintained on|maintenance|dependent on)\b",
    re.IGNORECASE,
)
_ALWAYS = {"Z79.4": "insulin", "Z79.01": "anticoagulant"}
_UNTOLD = frozenset({"Z79.899", "Z79.2"})
"""Codes that would be listed for nearly every drug, or for every course of antibiotics."""
_SOCIAL: tuple[tuple[str, str], ...] = (
    (r"\bsleep(?:s|ing)? in (?:his|her|their) (?:car|vehicle)|\bon the street(?:s)?\b(?=.{0,20}\b(?:homeless|sleeps?))|unsheltered", "Z59.02"),
    (r"\b(?:lives|living|staying|resides) in (?:a |the )?(?:homeless )?shelter|sheltered homeless", "Z59.01"),
    (r"\bhomeless(?:ness)?\b", "Z59.00"),
    (r"\b(?:food insecurity|food insecure|not enough food|runs? out of food|skips? meals because)", "Z59.41"),
    (r"\b(?:housing (?:insecurity|instability)|unstable housing|facing eviction|eviction)", "Z59.819"),
    (r"\b(?:transportation (?:insecurity|barriers?|problems?)|lacks? (?:of )?transportation|no (?:reliable )?transportation)", "Z59.82"),
    (r"\b(?:financial (?:insecurity|strain|hardship|difficult\w+)|cannot afford|can't afford|unable to afford)", "Z59.869"),
    (r"\b(?:uninsured|no (?:health )?insurance|lost (?:his|her|their) insurance|lack of insurance)", "Z59.71"),
    (r"\b(?:unemployed|unemployment|lost (?:his|her|their) job|laid off)\b", "Z56.0"),
    (r"\blives alone\b", "Z60.2"),
    (r"\b(?:illitera(?:te|cy)|cannot read|low (?:health )?literacy)", "Z55.0"),
    (r"\b(?:recently )?(?:incarcerated|in prison|in jail)\b", "Z65.1"),
    (r"\b(?:recent(?:ly)? )?released from (?:prison|jail)\b", "Z65.2"),
    (r"\bsocial isolation|socially isolated\b", "Z60.4"),
    (r"\b(?:going through (?:a )?divorce|recently divorced|marital separation|recent separation from)", "Z63.5"),
    (r"\b(?:death|loss) of (?:his|her|their) (?:wife|husband|spouse|mother|father|son|daughter|child|parent)", "Z63.4"),
)  # fmt: skip
_SOCIAL_RULES = tuple((re.compile(words, re.IGNORECASE), code) for words, code in _SOCIAL)
_DENIED = re.compile(r"\b(?:denies|no|not|never|without|negative for)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A code that words of the note document by themselves, and where."""

    code: str
    start: int
    end: int
    name: str = ""


def reads_inpatient(note: Note) -> tuple[str, ...]:
    """What in the note says that it is of a hospital stay: headings first, then words."""
    headings = note.sections.inpatient
    if headings:
        return headings
    courses = note.sections.of(SectionKind.COURSE)
    if all(_VISIT.match(section.name) for section in courses):
        return ()  # none, or only that of an emergency department or clinic
    said = _STAY.search(note.text)
    return (said.group(),) if said else ()


def long_term_drugs(note: Note) -> tuple[list[Found], list[Found]]:
    """Long-term drugs to code, and those that are listed only.

    Insulin and anticoagulants count wherever the patient takes them; other drugs where the note
    calls their use long-term (I.C.21.c.3).
    """
    sure: dict[str, Found] = {}
    listed: dict[str, Found] = {}
    for sentence, section in note.places:
        if section.kind in (SectionKind.ALLERGIES, SectionKind.FAMILY, SectionKind.RESULTS):
            continue
        for match in find_drugs(sentence.text):
            drug = match.drugs[0]
            code = drug.long_term_code
            if not code or re.search(
                r"\b(?:stop|discontinue\w*|held|hold|off|allerg\w+|avoid|no longer|denies|level|levels"
                r"|resistance|consider|resistant|used to)\b",
                sentence.text, re.IGNORECASE,
            ):  # fmt: skip
                continue
            if _GIVEN_ONCE.match(sentence.text, match.start + len(match.surface)):
                continue
            start = sentence.start + match.start
            found = Found(code, start, start + len(match.surface), drug.generic)
            lasting = code in _ALWAYS or (
                code not in _UNTOLD and _LONG_TERM.search(sentence.text) is not None
            )
            if code == "Z79.4" and _FOR_NOW.search(sentence.text):
                continue
            if code == "Z79.4" and section.kind is SectionKind.COURSE:
                lasting = _LONG_TERM.search(sentence.text) is not None
            target = sure if lasting else listed
            target.setdefault(code, found)
    kept = [f for code, f in listed.items() if code not in sure and code not in _UNTOLD]
    return list(sure.values()), kept


def social_determinants(note: Note) -> list[Found]:
    """Problems of Z55 to Z65 that the note documents as present (I.B.14)."""
    found: dict[str, Found] = {}
    for sentence, section in note.places:
        if section.kind is SectionKind.FAMILY:
            continue
        for pattern, code in _SOCIAL_RULES:
            match = pattern.search(sentence.text)
            if match is None or _DENIED.search(sentence.text[: match.start()]):
                continue
            start = sentence.start + match.start()
            found.setdefault(code, Found(code, start, sentence.start + match.end()))
    if "Z59.01" in found or "Z59.02" in found:
        found.pop("Z59.00", None)
    return list(found.values())
