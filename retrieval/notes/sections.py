"""The sections of a note under any heading style: capitals, colon, markdown, bullets, SOAP letters.

A heading is a known name (``headings``) on a line of its own, or at the start of a line with a
colon behind it; in dictation without line breaks, behind a sentence's end. Other short lines in
capitals or with markup open a section of unknown kind; the sub-headings of an examination or a
review of systems do not.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from retrieval.notes.headings import INPATIENT_HEADINGS, SectionKind, names, pattern

_MARK = r"[ \t]*(?:[#>]+[ \t]*|[*•·\-–][ \t]+|\(?\d{1,2}[.)][ \t]+)?(?:\*\*|__|\[)?"
_AFTER = r"(?:\*\*|__|\])?"
_LINE = re.compile(
    rf"^(?P<mark>{_MARK})(?P<name>{pattern()}){_AFTER}"
    rf"(?:(?P<end>[ \t]*[:.]?{_AFTER}[ \t]*(?:\r?$|\Z))"
    rf"|(?P<colon>[ \t]*(?::{_AFTER}|[-–—][ \t]|[-–—]{{2}})[ \t]*))",
    re.IGNORECASE | re.MULTILINE,
)
_LETTER = re.compile(
    r"^[ \t]*(?:\*\*)?(?P<name>[SOAP]|A/P|A&P)(?:\*\*)?(?P<colon>[ \t]*[:.)\-–](?:\*\*)?[ \t]*(?=\S|$))",
    re.MULTILINE,
)
_RUNNING = re.compile(
    rf"(?:(?<=[.!?;:,])|\A)[ \t]+(?P<name>{pattern()})(?P<colon>[ \t]*(?::|\.(?=[ \t]+[A-Z0-9])|[-–—]{{1,2}}(?=[ \t])))[ \t]*",
    re.IGNORECASE,
)
_CAPITALS = re.compile(
    r"(?<![A-Za-z])(?P<name>[A-Z][A-Z/& ]{5,40}[A-Z])(?P<colon>[ \t]*:?[ \t]*)(?=[A-Z0-9][a-z]|\d)"
)
_UNKNOWN = re.compile(
    r"^[ \t]*(?P<mark>#+[ \t]*|\*\*)?(?P<name>[A-Za-z][A-Za-z0-9 /&,'()\-]{2,48}?)"
    r"(?:\*\*)?(?P<colon>:?)(?:\*\*)?[ \t]*\r?$",
    re.MULTILINE,
)
_DICTATED_WORDS_A_LINE = 60
_ASSESSED = frozenset(
    {SectionKind.ASSESSMENT, SectionKind.DIAGNOSES, SectionKind.PROBLEMS, SectionKind.PLAN}
)
_NESTED = frozenset({SectionKind.REVIEW, SectionKind.EXAM, SectionKind.VITALS, SectionKind.RESULTS})
_SURE_ALONE = frozenset({"history", "data", "tests", "course", "summary", "update", "treatment",
                         "management", "diet", "activity", "education", "social", "physical",
                         "findings", "background", "date", "complications", "technique",
                         "procedure", "procedures", "indication", "indications", "discussion",
                         "operation", "operations", "recommendation", "orders", "goals",
                         "counseling", "follow up", "followup", "follow-up", "prognosis",
                         "echocardiogram", "ct scan", "mri", "x-ray", "x-rays", "ekg", "ecg",
                         "medication", "allergy", "result", "impression", "diagnosis",
                         "examination", "exam", "narrative", "employment", "ap", "imp", "problems",
                         "medications", "tobacco use", "substance use", "anesthesia", "pathology",
                         "disposition", "measurements", "imaging", "labs", "studies",
                         "sh", "fh", "pe", "vs", "dx", "cc", "hx"})  # fmt: skip
"""Names that running text uses as ordinary words; within a line they need a capital and a colon."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its kind, the heading as printed, and half-open offsets.

    ``start`` is where the heading begins, ``body`` where the text below it does.
    """

    kind: SectionKind
    heading: str
    start: int
    body: int
    end: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Heading:
    kind: SectionKind
    name: str
    printed: str
    start: int
    body: int
    inline: bool
    marked: bool


@dataclass(frozen=True, slots=True)
class Sections:
    """The sections of one text, in order; they cover it without gaps."""

    all: tuple[Section, ...]

    def at(self, position: int) -> Section:
        """The section that a character offset lies in."""
        place = bisect_right(self.all, position, key=lambda section: section.start)
        return self.all[max(place - 1, 0)]

    @property
    def headed(self) -> bool:
        """Whether the text has any heading."""
        return any(section.heading for section in self.all)

    def of(self, *kinds: SectionKind) -> tuple[Section, ...]:
        """The sections of these kinds."""
        return tuple(section for section in self.all if section.kind in kinds)

    @property
    def inpatient(self) -> tuple[str, ...]:
        """Headings, as printed, that only notes of a hospital stay have."""
        return tuple(s.heading for s in self.all if s.name in INPATIENT_HEADINGS)


def find_sections(text: str) -> Sections:
    """The sections of ``text``; one of kind OPENING where it has no headings."""
    headings = _resolved(sorted(_candidates(text), key=lambda h: (h.start, -h.body)))
    found: list[Section] = []
    if not headings or headings[0].start > 0:
        end = headings[0].start if headings else len(text)
        found.append(Section(SectionKind.OPENING, "", 0, 0, end))
    for place, heading in enumerate(headings):
        end = headings[place + 1].start if place + 1 < len(headings) else len(text)
        found.append(
            Section(heading.kind, heading.printed, heading.start, heading.body, end, heading.name)
        )
    return Sections(tuple(found))


def _candidates(text: str) -> list[_Heading]:
    known = names()
    found = [_known(match, known) for match in _LINE.finditer(text)]
    letters = list(_LETTER.finditer(text))
    if len({m["name"] for m in letters} | {"A"}) > 2 or any("/" in m["name"] for m in letters):
        found += [_known(match, known) for match in letters]
    if _is_dictated(text):
        found += [
            _known(match, known)
            for match in _RUNNING.finditer(text)
            if _is_sure(match["name"], match["colon"])
        ]
        found += [
            _known(match, known)
            for match in _CAPITALS.finditer(text)
            if _normal(match["name"]) in known
        ]
    taken = {heading.start for heading in found}
    for match in _UNKNOWN.finditer(text):
        heading = _unknown(match)
        if heading is not None and heading.start not in taken:
            found.append(heading)
    return found


def _is_dictated(text: str) -> bool:
    lines = text.strip().count("\n") + 1
    return len(text.split()) / lines > _DICTATED_WORDS_A_LINE or lines <= 3


def _is_sure(name: str, colon: str) -> bool:
    if _normal(name) not in _SURE_ALONE:
        return True
    return name[0].isupper() and ":" in colon


def _normal(name: str) -> str:
    return " ".join(name.casefold().split())


def _known(match: re.Match[str], known: dict[str, SectionKind]) -> _Heading:
    name = _normal(match["name"])
    groups = match.groupdict()
    return _Heading(
        kind=known[name],
        name=name,
        printed=match["name"],
        start=match.start("name") if not groups.get("mark") else match.start(),
        body=match.end(),
        inline=groups.get("end") is None,
        marked=bool((groups.get("mark") or "").strip(" \t#>*_[")),
    )


def _unknown(match: re.Match[str]) -> _Heading | None:
    """A heading of unknown kind: a short line in capitals, or with a markdown sign."""
    name = match["name"].strip()
    shouted = name.isupper() and len(name) > 3 and len(name.split()) <= 5
    if not (shouted or match["mark"]) or len(name.split()) > 6:
        return None
    return _Heading(
        SectionKind.OTHER, _normal(name), name, match.start(), match.end(), False, False
    )


def _resolved(headings: list[_Heading]) -> list[_Heading]:
    """Headings that really open a section, in order."""
    kept: list[_Heading] = []
    major = {h.kind for h in headings}
    for heading in headings:
        last = kept[-1] if kept else None
        if last is not None and heading.start < last.body:
            continue
        current = last.kind if last is not None else SectionKind.OPENING
        if heading.inline and heading.marked and current in _ASSESSED:
            continue  # "- Plan: continue" under a problem
        if current in _ASSESSED and heading.inline and heading.name in {"impression", "findings"}:
            continue
        if current in _ASSESSED and heading.inline and heading.kind is SectionKind.INSTRUCTIONS:
            continue  # "Follow-up: two weeks" at the end of a plan
        if heading.kind is SectionKind.OTHER and (
            current in _NESTED or current in _ASSESSED or (not kept and heading.name not in names())
        ):
            continue  # "RESPIRATORY" in an examination, "HYPERTENSION" in a plan
        if (
            current is SectionKind.RESULTS
            and heading.inline
            and heading.name in {"impression", "findings", "assessment"}
            and _again(headings, heading, major)
        ):
            continue  # the radiologist's impression
        if current in (SectionKind.REVIEW, SectionKind.EXAM) and heading.inline and heading.marked:
            continue  # "• General Examination: ..." in an examination
        if heading.name == "general examination" and current is SectionKind.EXAM:
            continue
        kept.append(heading)
    return kept


def _again(headings: list[_Heading], here: _Heading, kinds: set[SectionKind]) -> bool:
    return SectionKind.ASSESSMENT in kinds and any(
        h.kind is SectionKind.ASSESSMENT and h.start > here.start for h in headings
    )
