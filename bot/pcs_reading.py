"""The procedures that a text says were done now, and what of the text is about something else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.procedures import resolve_procedures
from retrieval.mentions import is_note
from retrieval.segments import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codesets.procedures import ProcedureBook, ProcedureResolution

_NOT_NOW = re.compile(
    r"\b(?:s/p|status post|h/o|hx(?: of)?|history(?: of)?|prior|previous(?:ly)?|old|remote|past"
    r"|years? ago|months? ago|weeks? ago|in (?:19|20)\d\d|plan(?:s|ned|ning)?(?: for| to)?"
    r"|schedul(?:ed|e)|will (?:need|undergo|have|require)|await(?:s|ing)|candidate for"
    r"|consider(?:s|ed|ing)?|recommend(?:s|ed)?|offered|pending|may need|evaluat\w+ for"
    r"|refus(?:ed|es)|declin(?:ed|es)|cancel+ed|deferred|not performed|allergic)\b",
    re.IGNORECASE,
)
_MOST_BEFORE = 2
_SURGICAL = re.compile(
    r"(?:excis|resect|repair|replac|insert|plac|implant|reconstruct|debrid|amputat|evacuat|ligat"
    r"|releas|incis|remov|revis|sutur|drain)",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"\b(?:from|due to|d/t|secondary to|because of|following|after|post|complicat(?:ing|ion of))"
    r"\s+(?:the\s+|a\s+)?$",
    re.IGNORECASE,
)
_CODED = ("0", "1", "302", "3E0", "5A", "6A", "8E0", "D")
"""Surgery, obstetrics, transfusion, substances, organ support, pheresis, radiation: what hospitals
code; not imaging, measurement, rehabilitation or new technology."""
_MOST_PROCEDURES = 12
_LETTER_OR_DIGIT = re.compile(r"[A-Za-z0-9]+")
_IDLE_TEXT = """
a an and at by for from in into of on onto or the to under using via with without underwent undergo
undergoes performed done had has have was were is patient pt status procedure procedures surgery
operation operative then left right bilateral both today uncomplicated elective emergent emergency
urgent routine successful successfully code codes pcs icd 10 what which
"""
_IDLE = frozenset(_IDLE_TEXT.split())


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure of a text: its resolution, and where its part of the text begins."""

    found: ProcedureResolution
    start: int

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The deciding words, in the whole text, each stretch once and in order."""
        spans = {span for axis in self.found.axes for span in axis.spans} | set(self.found.spans)
        return _joined((a + self.start, b + self.start) for a, b in spans)

    @property
    def leads(self) -> bool:
        """Whether a procedure is what is asked: it is named, or its operation opens the text.

        "Excision of the appendix" is one; "occlusion of the vertebral artery" is a diagnosis, and
        "neutropenia from chemotherapy" has one as its cause.
        """
        first, last = self.found.spans[0] if self.found.spans else (0, 0)
        before = self.found.text[:first]
        if _CAUSE.search(before):
            return False
        if self.found.named:
            return True
        opens = self.start == 0 and len(before.split()) <= _MOST_BEFORE
        surgical = _SURGICAL.match(self.found.text[first:last]) is not None
        return opens and surgical and self.found.table is not None

    def coded_beside(self, *, in_note: bool) -> bool:
        """Whether a hospital codes the procedure beside the diagnoses of the same text."""
        tables = (
            [self.found.table] if self.found.table else [c.prefix for c in self.found.candidates]
        )
        if in_note and self.found.table is None:
            return False
        return any(table.startswith(_CODED) for table in tables)

    @property
    def own_spans(self) -> tuple[tuple[int, int], ...]:
        """The words that name the procedure and say how it was done, not where."""
        spans = {span for axis in self.found.axes if axis.position in (3, 5) for span in axis.spans}
        return _joined((a + self.start, b + self.start) for a, b in spans | set(self.found.spans))


def find_procedures(book: ProcedureBook, text: str) -> tuple[Procedure, ...]:
    """The procedures that ``text`` says were done: parts of a note by themselves, else whole."""
    parts = [part for part in sentences(text) if not _NOT_NOW.search(part.text)]
    found = [
        Procedure(each, part.start)
        for part in parts
        for each in resolve_procedures(book, part.text)
        if each.named or not is_note(text)
    ]
    if any(each.found.named for each in found):
        # "Removal" beside a procedure's own name is a step of it.
        found = [each for each in found if each.found.named]
    if len(found) == 1 and len(parts) > 1 and not is_note(text) and not _NOT_NOW.search(text):
        # "Left knee. Total replacement, cemented.": one procedure, said in pieces.
        found = [Procedure(each, 0) for each in resolve_procedures(book, text)]
    kept: dict[object, Procedure] = {}
    for each in found:
        kept.setdefault(each.found.code or (each.found.table, each.found.codes, each.start), each)
    return tuple(kept.values())[:_MOST_PROCEDURES]


def besides(text: str, procedures: Sequence[Procedure]) -> str:
    """The text with the words of its procedures blanked, offsets as they were."""
    characters = list(text)
    for procedure in procedures:
        for start, end in procedure.own_spans:
            characters[start:end] = " " * (end - start)
    return "".join(characters)


def says_more(text: str, procedures: Sequence[Procedure]) -> bool:
    """Whether the text has words that no procedure in it accounts for: a diagnosis, perhaps."""
    taken = [span for procedure in procedures for span in procedure.spans]
    for word in _LETTER_OR_DIGIT.finditer(text):
        if word.group().casefold() in _IDLE or word.group().isdecimal():
            continue
        if not any(start <= word.start() and word.end() <= end for start, end in taken):
            return True
    return False


def _joined(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)
