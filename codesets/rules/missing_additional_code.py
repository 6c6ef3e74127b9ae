"""A further code that a "use additional code" note asks for and the list does not have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codesets.models import NoteKind
from codesets.notation import in_range
from codesets.pairing import companions
from codesets.rules.excludes1 import note_text
from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.models import Note
    from codesets.rules.claim import Claim, Diagnosis

ID = "missing-additional-code"
_CONDITIONAL = re.compile(
    r"if applicable|such as|\bany\b|when specified|if present|:$", re.IGNORECASE
)
# What always exists where the code does, so that its code is due.
_DUE = re.compile(
    r"\b(?:stage of|type of (?:heart failure|hypertens|secondary hypertension|obesity)|"
    r"severity of|percentage of|site of the embolism)\b|\bthe severity of\b|"
    r"\bto identify the (?:type of hypertensi|type of secondary|deep vein|superficial)",
    re.IGNORECASE,
)
# What the record may give, and is asked for if it does.
_IF_KNOWN = re.compile(
    r"infectious agent|organism|bacteria|body mass index|dialysis status|control using|"
    r"personal history of malignant",
    re.IGNORECASE,
)
# Rules of their own: weeks of gestation and outcome of delivery.
_ELSEWHERE = frozenset({"Z3A", "Z37"})


def find(claim: Claim) -> Iterator[RuleFinding]:
    """Findings for notes of the category or below that no listed code answers.

    A warning where the code is due by itself (the stage of a kidney disease) or where the text
    supports it; information where it depends on what the record says.
    """
    told: set[str] = set()
    if claim.text:
        for entry in claim.diagnoses:
            for finding in _told_by_text(claim, entry, claim.text):
                if finding.codes[1] not in told:
                    told.add(finding.codes[1])
                    yield finding
    seen: set[tuple[str, str]] = set()
    for entry in claim.diagnoses:
        for note in claim.facts.notes(entry.code, NoteKind.USE_ADDITIONAL):
            key = (note.owner, note.lead or note.text)
            if key in seen or not _is_near(note) or not note.references:
                continue
            seen.add(key)
            yield from _unanswered(claim, entry, note, told)


def _is_near(note: Note) -> bool:
    return not note.owner.isdecimal() and "-" not in note.owner


def _unanswered(
    claim: Claim, entry: Diagnosis, note: Note, told: set[str]
) -> Iterator[RuleFinding]:
    text = note_text(note)
    if any(reference.first[:3] in _ELSEWHERE for reference in note.references):
        return
    due = bool(_DUE.search(text)) and not _CONDITIONAL.search(text)
    if not due and not _IF_KNOWN.search(text):
        return
    group = _group(claim, note)
    wanted = [reference for line in group for reference in line.references]
    if claim.among(wanted) or _answering(group, told):
        return
    asked = "; ".join(line.text for line in group) if note.lead else note.text.strip(" .,")
    opening = "Add the" if asked.startswith("code") else "Add one of:"
    condition = "" if due else ", if the record says so"
    yield RuleFinding(
        ID,
        Severity.WARNING if due and "if known" not in text else Severity.INFORMATION,
        (entry.code,),
        f"{entry.code} ({entry.title}): the note at {note.owner} asks “use additional "
        f"{(note.lead or note.text).strip(' :.')}”, and no such code is listed.",
        claim.cite(note),
        f"{opening} {asked}{condition}.",
    )


def _group(claim: Claim, note: Note) -> list[Note]:
    """The lines of a note's list, or the note alone."""
    if not note.lead:
        return [note]
    return [
        other
        for other in claim.facts.own_notes(note.owner)
        if other.kind is note.kind and other.lead == note.lead
    ]


def _answering(group: list[Note], told: set[str]) -> list[str]:
    """The codes already reported as told by the text that the lines name."""
    return [
        code
        for code in told
        if any(in_range(code, reference) for line in group for reference in line.references)
    ]


def _told_by_text(claim: Claim, entry: Diagnosis, text: str) -> Iterator[RuleFinding]:
    """Codes that notes of ``entry`` ask for and the text supports."""
    listed = {other.code for other in claim.diagnoses}
    families = {other.code[:3] for other in claim.diagnoses}
    for companion in companions(claim.library, entry.code, text):
        code = companion.code.code
        if code in listed or companion.note.kind is NoteKind.CODE_ALSO:
            continue
        if code[:3] in families and code[0] not in "Z":
            continue
        yield RuleFinding(
            ID,
            Severity.WARNING,
            (entry.code, code),
            f"{companion.reason} {code} is not listed.",
            claim.cite(companion.note),
            f"Add {code} ({companion.code.title}).",
        )


RULE = Rule(
    ID,
    Severity.WARNING,
    "I.A.13",
    "The further codes that “use additional code” notes ask for are listed.",
    "E11.22 alone: the stage of the chronic kidney disease (N18.1 to N18.6) is due",
    find,
)
