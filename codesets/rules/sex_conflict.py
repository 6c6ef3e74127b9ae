"""A code that does not go with the patient's sex, by the organs its title or section names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codesets.formats.mce import MceFlag
from codesets.rules.records import Rule, RuleFinding, Severity, Sex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.rules.claim import Claim, Diagnosis

ID = "sex-conflict"
_ORGANS = {
    Sex.FEMALE: re.compile(
        r"\bfemales?\b|\buter(?:us|i|ine)\b|\bintrauterine\b|\bovar(?:y|ies|ian)\b|"
        r"\b(?:endo|exo)?cervix\b|\bcervicitis\b|\bvagin(?:a|al|itis|ismus)\b|\bvulv\w+|"
        r"\bfallopian\b|\bpregnan\w+|\b(?:post)?menopaus\w+|\b(?:pre)?menstru\w+|"
        r"\bplacenta\w*|\bgestation\b|\bpostpartum\b|\bpuerperal\b|\bobstetrical\b|"
        r"\blactating\b|\bendometri\w+",
        re.IGNORECASE,
    ),
    Sex.MALE: re.compile(
        r"\bmales?\b|\bprostat\w+|\btest(?:is|es|icle|icular)\b|\borchitis\b|"
        r"\bpeni(?:s|le)\b|\bscrot\w+|\bepididym\w+|\bspermat\w+|\bvasectomy\b|"
        r"\bphimosis\b|\bbalan(?:itis|oposthitis)\b|\bejaculation\b",
        re.IGNORECASE,
    ),
}
_SECTION = {
    Sex.FEMALE: re.compile(r"\bfemale (?:genital|pelvic)|^Pregnancy, childbirth", re.IGNORECASE),
    Sex.MALE: re.compile(r"(?<!fe)\bmale genital", re.IGNORECASE),
}
# Family history is about another person, chapter 16 about the newborn, chapter 20 about events; a
# prosthesis or family planning is no sign of either sex.
_ABOUT_OTHERS = re.compile(
    r"family history|family planning|\bpartner\b|\bfather\b|\bmother\b|"
    r"prosthesis|artificial",
    re.IGNORECASE,
)
_OTHER_CHAPTERS = ("16", "20")


def find(claim: Claim) -> Iterator[RuleFinding]:
    """One warning for each listed code of the other sex; none where no sex is given."""
    if claim.sex is None:
        return
    for entry in claim.diagnoses:
        found = sex_of(claim, entry)
        if found is None or found[0] is claim.sex:
            continue
        sex, why, citation = found
        yield RuleFinding(
            ID,
            Severity.WARNING,
            (entry.code,),
            f"{entry.code} ({entry.title}) is for a {sex.value} patient, since {why}; the claim "
            f"says {claim.sex.value}.",
            citation,
            "Check the sex and the code; where the record bears both out, the payer may want a "
            "condition code or modifier.",
        )


def sex_of(claim: Claim, entry: Diagnosis) -> tuple[Sex, str, str] | None:
    """The sex a code is for, why, and what to cite; None where it may be either.

    The Medicare Code Editor had such an edit up to 2024-09-30, and its flags count where they are
    in force; otherwise the titles of the code and of its sections tell.
    """
    flags = claim.flags(entry.code) or frozenset()
    for flag, sex in ((MceFlag.FEMALE, Sex.FEMALE), (MceFlag.MALE, Sex.MALE)):
        if flag in flags:
            editor = claim.editor(entry.code)
            return sex, f"the {editor} says so", editor
    line = claim.facts.lineage(entry.code)
    chapter = claim.facts.chapter(entry.code)
    for record in line[1:]:
        named = [sex for sex, pattern in _SECTION.items() if pattern.search(record.title)]
        if len(named) == 1:
            kind = "chapter " if record.code.isdecimal() else ""
            why = f"{kind}{record.code} is “{record.title}”"
            return named[0], why, claim.cite_title(record)
    if chapter in _OTHER_CHAPTERS or any(_ABOUT_OTHERS.search(r.title) for r in line[:-1]):
        return None
    named = [sex for sex, pattern in _ORGANS.items() if pattern.search(entry.title)]
    if len(named) == 1 and entry.record is not None:
        return named[0], "its title says so", claim.cite_title(entry.record)
    return None


RULE = Rule(
    ID,
    Severity.WARNING,
    "titles and sections of the Tabular List",
    "The sex fits the organs or condition that the code's title or section names.",
    "N40.1 with sex female: enlarged prostate",
    find,
)
