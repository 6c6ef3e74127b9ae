"""Procedures, drugs given and supplies that a note documents, and whether they were done.

Done or ordered at this encounter is one thing; planned, offered, declined, had before or merely in
use is another. The words that govern a service stand before it in its sentence or behind it in its
clause; where none does, the section decides. What services are called is data, ``services.tsv``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from codesets.abbreviations import find_drugs
from retrieval.notes.cues import Status
from retrieval.notes.headings import SectionKind
from retrieval.notes.standing import Standing, Verdict, governed, of_stay
from retrieval.notes.status import SentenceStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.notes.reading import Note
    from retrieval.notes.sections import Section
    from retrieval.notes.sentences import Sentence

MOST_SERVICES = 60


class ServiceKind(StrEnum):
    """What sort of service words of a note name."""

    DRUG = "drug"
    FLUID = "fluid"
    VACCINE = "vaccine"
    SUPPLY = "supply"
    SERVICE = "service"
    PROCEDURE = "procedure"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Service:
    """A service that a note names: half-open offsets of its name and of its clause.

    ``codes`` are HCPCS codes that the words may mean; empty where they are looked up.
    """

    kind: ServiceKind
    start: int
    end: int
    first: int
    last: int
    text: str
    codes: tuple[str, ...]
    standing: Standing
    sentence: Sentence
    section: Section

    @property
    def took_place(self) -> bool:
        """Whether the encounter has it: it was done, or it was ordered and is no procedure."""
        if self.standing is Standing.DONE:
            return True
        return self.standing is Standing.ORDERED and self.kind is not ServiceKind.PROCEDURE


class _Row(NamedTuple):
    kind: ServiceKind
    words: re.Pattern[str]
    codes: tuple[str, ...]


@cache
def _rows() -> tuple[_Row, ...]:
    text = resources.files("retrieval.notes").joinpath("services.tsv").read_text(encoding="utf-8")
    rows = []
    for line in text.splitlines():
        if line and not line.startswith("#") and not line.startswith("kind\t"):
            kind, words, *codes = line.split("\t")
            listed = tuple(codes[0].split()) if codes else ()
            pattern = re.compile(rf"(?<![\w-])(?:{words})(?!\w)", re.IGNORECASE)
            rows.append(_Row(ServiceKind(kind), pattern, listed))
    return tuple(rows)


def listed_codes() -> tuple[str, ...]:
    """Every HCPCS code of the data."""
    return tuple(code for row in _rows() for code in row.codes)


_ANY = re.compile(
    r"inject|given|gave|receiv|administ|\b(?:IM|IV|SC|SQ|neb)\b|vaccin|shot|boot|brace|splint"
    r"|cast|sling|crutch|walker|cane|wheelchair"
    r"|collar|cpap|pap\b|nebul|oxygen|strips|lancets|gluco|cgm|pump|stocking|cathet|ostomy"
    r"|orthotic|bed\b|commode|saline|ringer"
    r"|ectomy|otomy|plasty|scopy|centesis|rrhaphy|pexy|desis|biops|repair|sutur|staple|aspirat"
    r"|drain|debrid|reduction|fixation|orif"
    r"|transfus|dialysis|intubat|ventilat|line|port|tube|puncture|cardioversion|ablation"
    r"|pacemaker|cath|angio|bypass|cabg|delivery"
    r"|section|replacement|fusion|amputat|block|manipulat|epley|unna|insert|placement|removal|ekg"
    r"|ecg|spirometry|test|swab|spacer|chamber"
    r"|immobili|support|strap|shoe|hose|monitor|cuff|tens|device|machine|supplies|cryo|nitrogen"
    r"|lavage|irrigat|curett|i ?& ?d|d ?& ?c|bka|aka|egd|ercp|turp|tavr|evar|ecmo|tha|tka|pci|bal"
    r"|leep|ect|peg|tips|acdf|tah|bso|vats|lvad|icd|lp\b",
    re.IGNORECASE,
)
"""A word that any line of the data needs: most sentences have none and are passed over."""
_SKIPPED = frozenset(
    {
        SectionKind.FAMILY, SectionKind.PAST, SectionKind.SURGICAL, SectionKind.SOCIAL,
        SectionKind.ALLERGIES, SectionKind.REVIEW, SectionKind.VITALS, SectionKind.EXAM,
        SectionKind.RESULTS, SectionKind.PROBLEMS, SectionKind.COMPLAINT, SectionKind.DIAGNOSES,
    }
)  # fmt: skip
_TOLD = frozenset({SectionKind.PRESENT, SectionKind.OPENING})
_HERE = re.compile(
    r"\b(?:today|here|(?:in|at) (?:the |our )?(?:clinic|office|ed|er|emergency department"
    r"|urgent care)|in triage|during (?:this|the|today's) (?:visit|encounter))\b",
    re.IGNORECASE,
)
_GIVEN_HEADING = re.compile(r"\b(?:administered|given|dispensed|in[- ]clinic|in[- ]office)\b", re.I)
_SIDELINES = frozenset({"anesthesia", "complications", "estimated blood loss", "findings",
                        "operative findings", "technique"})  # fmt: skip
_AMOUNT_BEFORE = re.compile(
    r"(?:\d[\d.,/]*\s?(?:mg|mcg|g|gm|grams?|ml|cc|units?|mu|million units|meq|l|liters?)"
    r"\.?\s+(?:of\s+)?)+\Z",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"[;\n]|,(?=\s)|\.\s|\b(?:and|with|for|then|plus|followed|which|who|without|to|was|were|not"
    r"|given|injected|administered|into|today|now|stat|once|x ?\d+|on|at|if|by|from|per|after"
    r"|during|because|provided|ordered|performed|placed|applied|declined|deferred|tolerated"
    r"|removed|dispensed|infused|overdue|in(?! \d)|every)\b",
    re.IGNORECASE,
)
_ROUTE = re.compile(
    r"\b(?:I\.?M|I\.?V|IVP|IVPB|intramuscular(?:ly)?|intravenous(?:ly)?|neb(?:s|uli[sz]ed|uli[sz]er)?"
    r"|intra-?articular(?:ly)?|intravitreal(?:ly)?|inject(?:ed|ion))\b",
    re.IGNORECASE,
)
_REGIMEN = re.compile(
    r"\b(?:daily|weekly|monthly|nightly|yearly|q ?\d|q[.]?d|qhs|b\.?i\.?d|t\.?i\.?d|q\.?i\.?d|every"
    r"|twice|once a|at bedtime|prn|as needed|refills?|days?|tablets?|tabs?|capsules?)\b",
    re.IGNORECASE,
)
_BLOCKS = re.compile(
    r"lidocaine|xylocaine|bupivacaine|marcaine|ropivacaine|mepivacaine|carbocaine|sensorcaine",
    re.IGNORECASE,
)


def find_services(note: Note) -> tuple[Service, ...]:
    """The services of ``note`` in order, those that are only in use left out."""
    found: list[Service] = []
    alone = not any(section.heading for section in note.sections.all)
    for sentence, section in note.places:
        if len(found) >= MOST_SERVICES:
            break
        if section.kind in _SKIPPED or not _ANY.search(sentence.text):
            continue
        if section.kind is SectionKind.MEDICATIONS and not _GIVEN_HEADING.search(
            f"{section.heading} {sentence.text}"
        ):
            continue
        found += _of_sentence(sentence, section, alone=alone)
    return tuple(found[:MOST_SERVICES])


def is_local_anesthetic(service: Service) -> bool:
    """Whether a drug is one that numbs for a procedure, of which it is part."""
    return service.kind is ServiceKind.DRUG and _BLOCKS.search(service.text) is not None


def _of_sentence(sentence: Sentence, section: Section, *, alone: bool) -> list[Service]:
    text = sentence.text
    status: SentenceStatus | None = None
    found: list[Service] = []
    named = [*_named(text)]
    for kind, start, end, codes in named:
        if status is None:
            status = SentenceStatus(text, section.kind)
        if status.of(start, end).status in (Status.FAMILY, Status.OTHER_PERSON):
            continue
        others = [(s, e) for _, s, e, _ in named if s != start]
        first, last = _clause(text, start, end, others)
        standing = _standing(text, start, end, kind, section, status, alone=alone)
        if standing is None:
            continue
        at = sentence.start
        found.append(
            Service(
                kind, at + start, at + end, at + first, at + last, text[first:last], codes,
                standing, sentence, section,
            )
        )  # fmt: skip
    if not found and _is_procedure_line(section) and 0 < len(text.split()) <= 30 and not named:
        span = (sentence.start, sentence.end)
        if SentenceStatus(text, section.kind).of(0, 1).status is Status.ASSERTED:
            found.append(
                Service(
                    ServiceKind.PROCEDURE, *span, *span, text, (), Standing.DONE, sentence, section
                )
            )
    return found


def _is_procedure_line(section: Section) -> bool:
    return section.kind is SectionKind.PROCEDURE and section.name not in _SIDELINES


def _named(text: str) -> Iterator[tuple[ServiceKind, int, int, tuple[str, ...]]]:
    """What a sentence names, the longest of what overlaps, in text order."""
    hits = [
        (match.start(), match.end(), row.kind, row.codes)
        for row in _rows()
        for match in row.words.finditer(text)
        if match.group().strip()
    ]
    hits += [
        (match.start, match.start + len(match.surface), ServiceKind.DRUG, ())
        for match in find_drugs(text)
    ]
    kept: list[tuple[int, int, ServiceKind, tuple[str, ...]]] = []
    for hit in sorted(hits, key=lambda h: (h[0] - h[1], h[2] is ServiceKind.DRUG, h[0])):
        if not any(hit[0] < e and s < hit[1] for s, e, _, _ in kept):
            kept.append(hit)
    for start, end, kind, codes in sorted(kept, key=lambda h: h[0]):
        yield kind, start, end, codes


def _clause(text: str, start: int, end: int, others: list[tuple[int, int]]) -> tuple[int, int]:
    """The service with its amount before it and what is said of it up to the next one."""
    before = _AMOUNT_BEFORE.search(text, max(0, start - 40), start)
    first = before.start() if before else start
    stop = min((s for s, _ in others if s > start), default=len(text))
    ended = _CLAUSE_END.search(text, end, stop)
    last = ended.start() if ended else stop
    while last > end and not (text[last - 1].isalnum() or text[last - 1] in ")%"):
        last -= 1
    return first, max(last, end)


def _standing(
    text: str,
    start: int,
    end: int,
    kind: ServiceKind,
    section: Section,
    status: SentenceStatus,
    *,
    alone: bool,
) -> Standing | None:
    """Where a service stands; None where nothing says that the encounter is about it."""
    verdict = governed(text, start, end, drug=kind is ServiceKind.DRUG)
    claimed = status.of(start, end).status
    if claimed is Status.NEGATED:
        return Standing.DECLINED
    if verdict is Verdict.NONE and _SAYS_DONE.search(text[start:end]):
        verdict = Verdict.DONE
    if verdict in (Verdict.NONE, Verdict.HOME):
        if claimed in (Status.HISTORICAL, Status.RESOLVED, Status.COPIED):
            return Standing.PAST
        if verdict is Verdict.HOME:
            return None
        return _by_section(text, end, kind, section)
    if kind is ServiceKind.DRUG and verdict in (Verdict.ORDERED, Verdict.PLANNED):
        here = verdict is Verdict.ORDERED and _ROUTE.search(text, end)
        return Standing.ORDERED if here and not _REGIMEN.search(text) else None
    if verdict is Verdict.DONE:
        if claimed in (Status.HISTORICAL, Status.COPIED) and not of_stay(text, start):
            return Standing.PAST
        if kind is ServiceKind.DRUG and _REGIMEN.search(text, end) and not _HERE.search(text):
            return None
        if section.kind in _TOLD and not alone and not _HERE.search(text):
            return Standing.PAST
    return Standing(verdict.value)


def _by_section(text: str, end: int, kind: ServiceKind, section: Section) -> Standing | None:
    """What the section says of a service of which its sentence says nothing."""
    if section.kind is SectionKind.PROCEDURE or _GIVEN_HEADING.search(section.heading):
        return Standing.DONE
    if section.kind not in (SectionKind.PLAN, SectionKind.ASSESSMENT, SectionKind.INSTRUCTIONS):
        return None
    if kind in (ServiceKind.DRUG, ServiceKind.FLUID):
        sent = _ROUTE.search(text, end) and not _REGIMEN.search(text)
        return Standing.ORDERED if sent else None
    if kind is ServiceKind.SUPPLY:
        return Standing.ORDERED if len(text.split()) <= 8 else None
    if kind is ServiceKind.PROCEDURE:
        return Standing.UNSAID
    return None


_SAYS_DONE = re.compile(
    r"(?:repaired|closed|sutured|approximated|placed|aspirated|biopsied|removed|irrigated|debrided|inserted"
    r"|intubated|extubated|transfused|defibrillated|drained|applied|given)$",
    re.IGNORECASE,
)
