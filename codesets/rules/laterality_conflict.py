"""Sides that contradict each other: among the codes, or between a code and the text."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from codesets.rules.records import Rule, RuleFinding, Severity
from codesets.rules.wordings import Side, wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codesets.models import Code
    from codesets.rules.claim import Claim, Diagnosis

ID = "laterality-conflict"
_SAID = {
    Side.RIGHT: re.compile(r"\b(?:right|rt|r)\b(?!\s*/)", re.IGNORECASE),
    Side.LEFT: re.compile(r"\b(?:left|lt|l)\b(?!\s*/)", re.IGNORECASE),
    Side.BILATERAL: re.compile(r"\b(?:bilateral(?:ly)?|both|bilat|b/l)\b", re.IGNORECASE),
}
_OPPOSITE = {Side.RIGHT: Side.LEFT, Side.LEFT: Side.RIGHT}


def find(claim: Claim) -> Iterator[RuleFinding]:
    """Findings about codes that differ in nothing but the side, and about the text's side."""
    groups: dict[tuple[str, frozenset[str]], list[Diagnosis]] = defaultdict(list)
    for entry in claim.diagnoses:
        read = wording(entry.title)
        if read.side is not None:
            groups[entry.code[:3], read.words].append(entry)
    for entries in groups.values():
        if len(entries) > 1:
            yield from _among(claim, entries)
    if claim.text:
        for entries in groups.values():
            for entry in entries:
                yield from _against_text(claim, entry, claim.text)


def _among(claim: Claim, entries: Sequence[Diagnosis]) -> Iterator[RuleFinding]:
    by_side = {wording(entry.title).side: entry for entry in entries}
    named = [by_side[side] for side in (Side.RIGHT, Side.LEFT) if side in by_side]
    both = by_side.get(Side.BILATERAL)
    open_ = by_side.get(Side.UNSPECIFIED)
    for entry in named:
        if both is not None:
            yield _finding(
                (both, entry),
                f"{both.code} already says both sides, {entry.code} one of them",
                f"Remove {entry.code} if the condition is on both sides.",
            )
    if open_ is not None and (told := [*named, *([both] if both else [])]):
        yield _finding(
            (open_, told[0]),
            f"{open_.code} leaves the side open that {told[0].code} gives",
            f"Remove {open_.code}.",
        )
    if len(named) == 2 and both is None:
        joint = _counterpart(claim, named[0], Side.BILATERAL)
        if joint is not None:
            yield _finding(
                named,
                f"{named[0].code} and {named[1].code} are the two sides of {joint.code} "
                f"({joint.title})",
                f"Use {joint.code} alone.",
            )


def _counterpart(claim: Claim, entry: Diagnosis, side: Side) -> Code | None:
    """The valid code of the same condition on another side, or on both."""
    words = wording(entry.title).words
    for code in _relatives(claim, entry):
        read = wording(code.title)
        if code.valid and read.side is side and read.words == words:
            return code
    return None


def _relatives(claim: Claim, entry: Diagnosis) -> Iterator[Code]:
    """The records beside a code, beside its parent, and directly under those.

    M17.0 stands beside M17.1-, not beside M17.11; S52.501A under a neighbour of S52.502.
    """
    yield from claim.facts.siblings(entry.code)
    parent = entry.record.parent if entry.record is not None else None
    if parent is None or "-" in parent:
        return
    for cousin in claim.facts.siblings(parent):
        yield cousin
        if cousin.code != parent and "-" not in cousin.code and "." in parent:
            yield from claim.facts.children(cousin.code)


def _against_text(claim: Claim, entry: Diagnosis, text: str) -> Iterator[RuleFinding]:
    side = wording(entry.title).side
    other = _OPPOSITE.get(side) if side is not None else None
    if side is None or other is None or not _SAID[other].search(text):
        return
    if _SAID[side].search(text) or _SAID[Side.BILATERAL].search(text):
        return
    mirror = _counterpart(claim, entry, other)
    if mirror is not None:
        yield RuleFinding(
            ID,
            Severity.WARNING,
            (entry.code,),
            f"{entry.code} says {side.value}, the text says only {other.value} (I.B.13).",
            "I.B.13",
            f"Use {mirror.code} ({mirror.title}) if that is the side.",
        )


def _finding(entries: Sequence[Diagnosis], said: str, fix: str) -> RuleFinding:
    codes = tuple(entry.code for entry in entries)
    return RuleFinding(ID, Severity.WARNING, codes, f"{said} (I.B.13).", "I.B.13", fix)


RULE = Rule(
    ID,
    Severity.WARNING,
    "I.B.13",
    "Codes of one condition agree on the side, use the bilateral code, and agree with the text.",
    "M17.11, M17.12: both knees, for which M17.0 is the bilateral code",
    find,
)
