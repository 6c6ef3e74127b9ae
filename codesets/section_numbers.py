"""How guideline sections are cited: every spelling of a number, how prose shows it, its order."""

from __future__ import annotations

import re

from codesets.formats.guidelines_appendix import PREFIX, slug

_GAP = r"[\s.,;()\-]*"
_SPELLING = re.compile(
    rf"(iv|i{{1,3}}|[1-4])(?:{_GAP}([a-z])(?:{_GAP}(\d{{1,2}})(?:{_GAP}([a-z])(?:{_GAP}(\d{{1,2}})"
    rf"(?:{_GAP}([a-z])(?:{_GAP}([ivx]+))?)?)?)?)?)?{_GAP}",
    re.IGNORECASE,
)
_PREAMBLE = re.compile(
    r"^(?:(?:the|icd-10-cm|official|digest|of|see|guidelines?|section|sect?\.?|§)[\s:,]*)+",
    re.IGNORECASE,
)
_APPENDIX = re.compile(r"^(?:appendix\s*(?:i|1)?|poa)\b[\s.,:\-]*", re.IGNORECASE)
_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV"}


def display(number: str) -> str:
    """A section number as prose shows it.

    >>> display("I.C.4.a"), display("POA"), display("POA.obstetrical-conditions")
    ('I.C.4.a', 'Appendix I', 'Appendix I, obstetrical conditions')
    """
    if number == PREFIX:
        return "Appendix I"
    head, _, rest = number.partition(".")
    return f"Appendix I, {rest.replace('-', ' ')}" if head == PREFIX else number


def normalize_number(text: str) -> str | None:
    """A section number in any spelling, as the digest writes it; None when it is none.

    >>> normalize_number("Section I.C.4.a"), normalize_number("1.C.4.a"), normalize_number("IC4a")
    ('I.C.4.a', 'I.C.4.a', 'I.C.4.a')
    >>> normalize_number("Section II, H."), normalize_number("I.C.1.g.1)(c)(ii)")
    ('II.H', 'I.C.1.g.1.c.ii')
    >>> normalize_number("Appendix I, obstetrical conditions"), normalize_number("I.C.4.a or so")
    ('POA.obstetrical-conditions', None)
    """
    bare = _PREAMBLE.sub("", text.strip())
    appendix = _APPENDIX.match(bare)
    if appendix:
        rest = slug(bare[appendix.end() :])
        return f"{PREFIX}.{rest}" if rest else PREFIX
    match = _SPELLING.fullmatch(bare)
    if match is None:
        return None
    section, letter, *rest_parts = match.groups()
    parts = [_ROMAN.get(section, section.upper())]
    if letter:
        parts.append(letter.upper())
    parts += [_plain(part) for part in rest_parts if part]
    return ".".join(parts)


def _plain(part: str) -> str:
    return str(int(part)) if part.isdigit() else part.lower()


def section_order(number: str) -> tuple[tuple[int, str], ...]:
    """Sections in the guidelines' order; the appendix's unnumbered ones last, as they were read."""
    parts = number.split(".")
    if parts[0] == PREFIX:
        return ((9, ""), *((0, "") for _ in parts[1:]))
    return tuple(_rank(depth, part) for depth, part in enumerate(parts))


def _rank(depth: int, part: str) -> tuple[int, str]:
    if part.isdigit():
        return int(part), ""
    if depth in (0, 6):
        romans = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
        return romans.index(part.lower()) + 1, ""
    return 0, part
