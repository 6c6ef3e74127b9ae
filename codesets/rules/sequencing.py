"""The order of a list of codes, with a reason for each place that is not the given one.

The circumstances of the encounter choose the first code; what is fixed is who may not be first and
who follows whom: notes "code first" and "use additional code" (I.A.13, I.B.7), external causes
(I.C.20.a.6), codes that are secondary only, chapter 15 before others (I.C.15.a.1), the acute form
before the chronic one (I.B.8). Codes that no rule moves keep the order in which they were given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.models import NoteKind
from codesets.notation import in_range
from codesets.rules.claim import Claim, StayProcedure
from codesets.rules.lists import guideline_list, guideline_order
from codesets.rules.markers import additional_only, is_external_cause, manifestation
from codesets.rules.wordings import wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codesets.guidelines import GuidelineSetting
    from codesets.library import Library
    from codesets.models import Code
    from codesets.rules.claim import Diagnosis
    from codesets.rules.facts import Target

_CHRONIC = re.compile(r"\bchronic\b", re.IGNORECASE)
_ACUTE = re.compile(r"\b(?:acute|subacute)\b", re.IGNORECASE)
_SEQUELA = re.compile(r"[ST]\d\w\.\w{3}S")
_LATE = re.compile(r"Z(?:1[4-9]|2[1-2]|6[6-8]|7[7-9]|8\d|9[0-9])")


@dataclass(frozen=True, slots=True)
class Placed:
    """A code at its place, and why it stands there; ``citation`` is "" where nothing fixes it."""

    code: str
    record: Code | None
    reason: str
    citation: str


@dataclass(frozen=True, slots=True)
class _Edge:
    """``first`` goes before ``then``."""

    first: str
    then: str
    reason: str
    citation: str


def sequence(
    library: Library,
    codes: Sequence[str],
    setting: GuidelineSetting,
) -> tuple[Placed, ...]:
    """``codes`` in the order the rules ask for, each with its reason; unknown codes come last."""
    claim = Claim(library, codes, day=library.release.effective_from, setting=setting)
    valid = list(claim.diagnoses)
    ranks = {entry.code: _rank(claim, entry) for entry in valid}
    edges = _edges(claim, valid)
    placed: list[Placed] = []
    waiting = sorted(valid, key=lambda entry: (ranks[entry.code][0], entry.position))
    while waiting:
        names = {entry.code for entry in waiting}
        entry = next((e for e in waiting if not _held(e, names, edges)), waiting[0])
        waiting.remove(entry)
        placed.append(_placed(claim, entry, edges, ranks, first=not placed))
    known = {entry.code for entry in valid}
    seen: set[str] = set()
    for other in claim.entries:
        if other.code not in known | seen:
            seen.add(other.code)
            of_stay = isinstance(other, StayProcedure)
            reason = "is a procedure of the stay" if of_stay else "is no valid ICD-10-CM code"
            placed.append(Placed(other.code, None, reason, ""))
    return tuple(placed)


def _held(entry: Diagnosis, names: set[str], edges: Sequence[_Edge]) -> bool:
    """Whether a code still to be placed goes before this one."""
    return any(edge.then == entry.code and edge.first in names for edge in edges)


def _placed(
    claim: Claim,
    entry: Diagnosis,
    edges: Sequence[_Edge],
    ranks: dict[str, tuple[int, str, str]],
    first: bool,
) -> Placed:
    _, reason, citation = ranks[entry.code]
    follows = next((edge for edge in edges if edge.then == entry.code), None)
    leads = next((edge for edge in edges if edge.first == entry.code), None)
    if follows is not None:
        reason, citation = f"follows {follows.first}: {follows.reason}", follows.citation
    elif leads is not None and not reason:
        reason, citation = f"goes before {leads.then}: {leads.reason}", leads.citation
    if first and not reason:
        section = "II" if claim.inpatient else "IV.G"
        reason = (
            f"is {claim.place} as given: no rule moves it, and the circumstances of the encounter "
            f"decide"
        )
        return Placed(entry.code, entry.record, reason, section)
    return Placed(entry.code, entry.record, reason or "keeps the order given", citation)


def _rank(claim: Claim, entry: Diagnosis) -> tuple[int, str, str]:
    """How late a code stands by its kind alone, with the reason and citation; 1 is ordinary."""
    (only_first,) = guideline_list("first_only")
    if any(in_range(entry.code, reference) for reference in only_first.ranges):
        return 0, f"may only be {claim.place}: {only_first.why}", only_first.section
    if is_external_cause(claim, entry):
        return 6, "comes after the diagnoses: it is an external cause code", "I.C.20.a.6"
    ground = additional_only(claim, entry)
    if ground is not None:
        return 5, f"is secondary only: {ground.why}", ground.citation
    ground = manifestation(claim, entry)
    if ground is not None and ground.certain:
        return 3, f"follows its cause: {ground.why}", ground.citation
    if _SEQUELA.fullmatch(entry.code):
        return 3, "follows the condition that it has left: it is the cause of a sequela", "I.B.10"
    if claim.facts.chapter(entry.code) == "15":
        return 1, "is of chapter 15, which goes before other chapters", "I.C.15.a.1"
    if _LATE.match(entry.code):
        return 4, "is a status or history code, which adds to the diagnoses", "I.C.21.c.3"
    return 2, "", ""


def _edges(claim: Claim, valid: Sequence[Diagnosis]) -> list[_Edge]:
    """Every "goes before" that notes and guidelines fix between listed codes, surest first."""
    found: list[_Edge] = []
    for entry in valid:
        for target in claim.targets(entry, NoteKind.CODE_FIRST):
            for other in claim.within(target):
                _add(found, _noted(claim, other, entry, "code first", target))
    for entry in valid:
        for target in claim.targets(entry, NoteKind.USE_ADDITIONAL):
            for other in claim.within(target):
                _add(found, _noted(claim, entry, other, "use additional code", target))
    for rule in guideline_order():
        for first in claim.among(rule.first):
            for then in claim.among(rule.then):
                if not claim.among(rule.unless):
                    _add(found, _Edge(first.code, then.code, rule.why, rule.section))
    acutes = [e for e in valid if _ACUTE.search(e.title) and not _CHRONIC.search(e.title)]
    for chronic in valid:
        for acute in acutes:
            if _is_acute_form(acute, chronic):
                reason = "the acute form of a condition goes before the chronic one"
                _add(found, _Edge(acute.code, chronic.code, reason, "I.B.8"))
    return found


def _noted(claim: Claim, first: Diagnosis, then: Diagnosis, words: str, target: Target) -> _Edge:
    reason = f"the note at {target.note.owner} says “{words}”"
    return _Edge(first.code, then.code, reason, claim.cite(target.note))


def _add(edges: list[_Edge], edge: _Edge) -> None:
    """Keep an edge that no earlier one contradicts, directly or round about."""
    if edge.first == edge.then or _reaches(edges, edge.then, edge.first):
        return
    edges.append(edge)


def _reaches(edges: Sequence[_Edge], start: str, goal: str) -> bool:
    seen, open_ = {start}, [start]
    while open_:
        at = open_.pop()
        for edge in edges:
            if edge.first == at and edge.then not in seen:
                if edge.then == goal:
                    return True
                seen.add(edge.then)
                open_.append(edge.then)
    return False


def _is_acute_form(acute: Diagnosis, chronic: Diagnosis) -> bool:
    """Whether the title of something acute differs from another in "acute" and "chronic" alone."""
    if not _CHRONIC.search(chronic.title) or _ACUTE.search(chronic.title):
        return False
    little = {"acute", "subacute", "chronic", "unspecified", "other"}
    return wording(acute.title).words - little == wording(chronic.title).words - little
