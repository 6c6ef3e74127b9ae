"""Identifiers in a question: found by patterns kept as data, replaced by typed placeholders.

Covers the Safe Harbor kinds (45 CFR 164.514(b)(2)) that have a recognisable form or a label in
front of them: names after a title, role or label, dates more exact than a year, ages over 89,
telephone and fax numbers, e-mail addresses, social security, record, plan, account and licence
numbers, device serials, web addresses and IP addresses. Ages below 90, intervals, laboratory
values, scores and code numbers survive, because a coder needs them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Identifier(StrEnum):
    """What kind of identifier was found; the placeholder carries it."""

    NAME = "NAME"
    DATE = "DATE"
    AGE = "AGE"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    SSN = "SSN"
    RECORD = "RECORD"
    URL = "URL"
    IP = "IP"
    ADDRESS = "ADDRESS"


@dataclass(frozen=True, slots=True)
class Redaction:
    """One identifier: half-open offsets into the original text, and what stands there now."""

    kind: Identifier
    start: int
    end: int
    placeholder: str


@dataclass(frozen=True, slots=True)
class Screened:
    """A text without its identifiers, and what was taken from it."""

    text: str
    redactions: tuple[Redaction, ...]


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WORD = r"[A-Z][a-zA-Z'’\-]+"
_NAME = rf"{_WORD}(?:[ ]+[A-Z]\.)?(?:[ ]+{_WORD}){{0,2}}"
_LABELLED_NAME = rf"{_WORD}(?:,[ ]*{_WORD}|(?:[ ]+[A-Z]\.)?(?:[ ]+{_WORD}){{1,2}})"

# Kind, pattern. Group "v", where there is one, is the identifier; otherwise the whole match is.
# Order matters only for overlaps: the earlier pattern wins.
_PATTERNS: tuple[tuple[Identifier, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, flags))
    for kind, pattern, flags in (
        (Identifier.EMAIL, r"\b[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+\b", 0),
        (Identifier.URL, r"\b(?:https?://|www\.)[^\s<>\"')\]]+", re.IGNORECASE),
        (Identifier.SSN, r"\b\d{3}-\d{2}-\d{4}\b", 0),
        (Identifier.SSN, r"\b(?:ssn|social security(?: number| no\.?)?)[:#\s]*(?P<v>\d{9})\b",
         re.IGNORECASE),
        (Identifier.IP,
         r"\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b", 0),
        (Identifier.RECORD,
         r"\b(?:mrn|medical record|record|account|acct|policy|member|subscriber|plan|claim"
         r"|license|licence|serial|certificate|npi|dea|csn|encounter|chart|patient id)"
         r"[ ]?(?:number|num|no\.?|id|#)?[ ]?[:#=]?[ ]*"
         r"(?P<v>(?=[A-Z\-]*\d)[A-Z0-9][A-Z0-9\-]{4,})\b",
         re.IGNORECASE),
        (Identifier.PHONE,
         r"(?<![\w.\-])(?:\+?1[\s.\-]?)?(?:\(\d{3}\)[ ]?|\d{3}[\s.\-])\d{3}[\s.\-]\d{4}"
         r"(?![\w\-])", 0),
        (Identifier.DATE, r"\b\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b", 0),
        (Identifier.DATE,
         r"\b(?:0?[1-9]|1[0-2]|[12]\d|3[01])/(?:0?[1-9]|[12]\d|3[01]|1[0-2])/(?:\d{4}|\d{2})\b", 0),
        (Identifier.DATE, r"\b(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01])-(?:19|20)\d{2}\b", 0),
        (Identifier.DATE,
         rf"\b{_MONTH}\.?[ ]+\d{{1,2}}(?:st|nd|rd|th)?(?:,?[ ]+(?:19|20)\d{{2}})?\b",
         re.IGNORECASE),
        (Identifier.DATE,
         rf"\b\d{{1,2}}(?:st|nd|rd|th)?[ ]+(?:of[ ]+)?{_MONTH}\.?,?(?:[ ]+(?:19|20)\d{{2}})?\b",
         re.IGNORECASE),
        (Identifier.AGE, r"\b(?P<v>(?:9\d|1[01]\d))[ \-]?(?:years?|yrs?|y/?o)\b", re.IGNORECASE),
        (Identifier.ADDRESS,
         rf"\b\d{{1,5}}[ ]+(?:{_WORD}[ ]+){{1,3}}"
         r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Way|Place|Pl)\b\.?",
         0),
        (Identifier.NAME, rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.?[ ]+(?P<v>{_NAME})", 0),
        (Identifier.NAME,
         rf"\b(?i:patient(?:'s)?(?: name)?|pt|name|attending|provider|physician|signed(?: by)?"
         rf"|dictated by|referred by|surgeon)[ ]?[:=][ ]*(?P<v>{_LABELLED_NAME})", 0),
    )
)  # fmt: skip
_TITLE_WORDS = frozenset({"Name", "Dob", "DOB", "Date", "Age", "Sex", "Id", "ID", "MRN"})


def find(text: str) -> tuple[Redaction, ...]:
    """The identifiers of ``text`` in order, never overlapping, each with a stable placeholder.

    The same identifier gets the same placeholder wherever it stands.

    >>> [r.placeholder for r in find("Mr. Smith, MRN 1234567, seen 3/4/2026. Mr. Smith is 64.")]
    ['[NAME-1]', '[RECORD-1]', '[DATE-1]', '[NAME-1]']
    """
    taken: list[tuple[int, int, Identifier]] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span("v") if "v" in pattern.groupindex else match.span()
            if text[start:end].split(" ")[0] in _TITLE_WORDS:
                continue
            if all(end <= other[0] or start >= other[1] for other in taken):
                taken.append((start, end, kind))
    numbers: dict[tuple[Identifier, str], int] = {}
    counts: dict[Identifier, int] = {}
    found = []
    for start, end, kind in sorted(taken):
        key = (kind, " ".join(text[start:end].casefold().split()))
        if key not in numbers:
            counts[kind] = counts.get(kind, 0) + 1
            numbers[key] = counts[kind]
        found.append(Redaction(kind, start, end, f"[{kind.value}-{numbers[key]}]"))
    return tuple(found)


def redact(text: str) -> Screened:
    """``text`` with every identifier replaced by its placeholder.

    >>> redact("call 555-867-5309 about her pneumonia").text
    'call [PHONE-1] about her pneumonia'
    """
    redactions = find(text)
    parts, position = [], 0
    for item in redactions:
        parts += [text[position : item.start], item.placeholder]
        position = item.end
    parts.append(text[position:])
    return Screened("".join(parts), redactions)
