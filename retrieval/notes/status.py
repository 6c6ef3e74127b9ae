"""What a sentence claims of each mention in it: asserted, denied, past, a relative's, uncertain.

The method is ConText's (Harkema et al. 2009): a cue opens a scope on one side of itself, a
termination or the sentence's end closes it, and a mention has the status of the strongest scope
that covers it. The section sets what holds where no cue speaks: family history, past history.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.notes.cues import PRIORITY, Reach, Status, cues
from retrieval.notes.headings import SectionKind

MOST_CHARACTERS = 600
"""A longer sentence is dictation without full stops; a scope reaches no further than this."""
_BY_SECTION = {
    SectionKind.FAMILY: Status.FAMILY,
}
_BACKWARD_STOP = re.compile(
    r"[;:]|,(?=\s)|\b(?:and|but|with|which|that|for|because|although|though|while|however)\b", re.I
)
_LIST_STOP = re.compile(
    r"[;:]|\b(?:but|with|which|that|because|although|though|while|however)\b", re.I
)
_SHORT_REACH = re.compile(
    r"^(?:s/p|status[- ]post|hx|prior|previous(?:ly)?|remote|old|former|formerly|ex|past|\?"
    r"|apparent|questionable|resolved|inactive|healed|not|neg|screening|vs\.?|versus|potential(?:ly)?)$",
    re.IGNORECASE,
)
_SUBJECT_TURN = re.compile(
    r"(?:[,;]\s*|\band\s+)(?:he|she|patient|the patient|pt|his (?:own)|her (?:own))\s"
    r"(?:has|is|was|reports|denies|himself|herself|also|had)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The status of a mention, and the words that gave it (offsets into the same text)."""

    status: Status
    start: int = 0
    end: int = 0
    cue: str = ""


@dataclass(frozen=True, slots=True)
class _Scope:
    status: Status
    start: int
    end: int
    cue_start: int
    cue_end: int


class SentenceStatus:
    """The scopes of one sentence. ``of(start, end)`` judges a mention by offsets within it."""

    def __init__(self, text: str, section: SectionKind = SectionKind.OTHER) -> None:
        self._text = text
        self._section = section
        known = cues()
        hidden = [match.span() for match in known.hidden.finditer(text)]
        self._scopes = [
            scope
            for status, reach, pattern in known.openings
            for match in pattern.finditer(text)
            if not any(s <= match.start() and match.end() <= e for s, e in hidden)
            for scope in self._opened(status, reach, match)
        ]

    def of(self, start: int, end: int) -> Judgement:
        """The status of ``text[start:end]``."""
        covering = [
            scope
            for scope in self._scopes
            if scope.start <= start < scope.end and not (scope.cue_start < end <= scope.cue_end)
        ]
        by_status = {scope.status: scope for scope in reversed(covering)}
        for status in PRIORITY:
            if status in by_status:
                found = by_status[status]
                cue = self._text[found.cue_start : found.cue_end]
                return Judgement(status, found.cue_start, found.cue_end, cue)
        return Judgement(_BY_SECTION.get(self._section, Status.ASSERTED))

    def _opened(self, status: Status, reach: Reach, match: re.Match[str]) -> list[_Scope]:
        start, end = match.span()
        if reach is Reach.SENTENCE:
            return [_Scope(status, 0, len(self._text), start, end)]
        if reach is Reach.BACKWARD:
            return [_Scope(status, self._back_to(status, start), start, start, end)]
        return [_Scope(status, end, self._reaches(status, match), start, end)]

    def _reaches(self, status: Status, match: re.Match[str]) -> int:
        """Where the scope of a cue that speaks of what follows it ends."""
        text, start = self._text, match.end()
        limit = min(len(text), start + MOST_CHARACTERS)
        stop = cues().ends[status].search(text, start, limit)
        end = stop.start() if stop else limit
        if _SHORT_REACH.match(match.group().strip()):
            comma = re.search(r",(?=\s)|[;:]|\b(?:and|but|or|with|who|for|on)\b", text[start:end])
            end = start + comma.start() if comma else end
        if status in (Status.FAMILY, Status.OTHER_PERSON):
            turn = _SUBJECT_TURN.search(text, start, end)
            end = turn.start() if turn else end
        break_ = re.search(r";|:(?=\s)(?!\s*$)", text[start:end])
        if break_ and break_.start() > 3:
            end = start + break_.start()
        return end

    def _back_to(self, status: Status, start: int) -> int:
        """Where the scope of a cue that speaks of what stands before it begins."""
        if self._text[start] in ":-":
            return max(self._text.rfind(",", 0, start), self._text.rfind(";", 0, start)) + 1
        listed = status in (Status.NEGATED, Status.FAMILY, Status.RESOLVED)
        pattern = _LIST_STOP if listed else _BACKWARD_STOP
        begin = 0
        for match in pattern.finditer(self._text, 0, start):
            if self._text[match.end() : start].strip(" ,"):
                begin = match.end()
        return begin
