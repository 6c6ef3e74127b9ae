"""Appendix I of the Official Guidelines, present-on-admission reporting: headings by their setting.

Its headings carry no numbers and no bookmarks. Main headings stand at the left margin in larger
type, or outdented from the text of the section before; under "Assigning the POA Indicator" each
rule has its own heading, outdented from its text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codesets.errors import FormatError
from codesets.formats.pdf_text import join_lines
from codesets.models import GuidelineSection

if TYPE_CHECKING:
    from pathlib import Path

    from codesets.formats.pdf_text import Line

PREFIX = "POA"
_LEFT_MARGIN = 80.0
_FIRST_INDENT = 115.0
_HEADING_SIZE = 13.0
_TITLE_SIZE = 15.0
_SLUG_WORDS = 6


@dataclass(slots=True)
class _Part:
    heading: list[Line]
    lines: list[Line] = field(default_factory=list)


def appendix_sections(path: Path, lines: list[Line], year: str) -> list[GuidelineSection]:
    """The appendix as sections: ``POA`` with the introduction, then one a heading.

    Raises FormatError when the appendix has no title or no headings.
    """
    titles = [line for line in lines if line.size >= _TITLE_SIZE]
    page = lines[0].page if lines else 0
    if len(titles) < 2:
        raise FormatError(f"{path}, page {page}", None, "the title of the appendix")
    parts = _parts([line for line in lines if line.size < _TITLE_SIZE])
    if len(parts) < 2:
        raise FormatError(f"{path}, page {page}", None, "headings in the appendix")
    sections = []
    for index, part in enumerate(
        rule for whole in parts for rule in _rules(whole) if rule.lines or rule is not whole
    ):
        heading = " ".join(line.text for line in (titles[1:] if index == 0 else part.heading))
        number = PREFIX if index == 0 else f"{PREFIX}.{slug(heading)}"
        sections.append(_section(number, heading, part, year))
    return sections


def slug(heading: str) -> str:
    """The first words of an unnumbered heading, as its section number carries them.

    >>> slug("Codes That Contain Multiple Clinical Concepts")
    'codes-that-contain-multiple-clinical-concepts'
    """
    words: list[str] = re.findall(r"[a-z0-9]+", heading.lower())
    return "-".join(words[:_SLUG_WORDS])


def _parts(lines: list[Line]) -> list[_Part]:
    parts: list[_Part] = []
    for line in lines:
        outdented = (
            parts and line.x < _LEFT_MARGIN and any(t.x > _LEFT_MARGIN for t in parts[-1].lines)
        )
        if line.size >= _HEADING_SIZE or outdented or not parts:
            parts.append(_Part([line]))
        else:
            parts[-1].lines.append(line)
    return parts


def _rules(part: _Part) -> list[_Part]:
    """The part itself, or, where its lines stand at two depths, one part a rule heading."""
    deep = [line for line in part.lines if line.x > _FIRST_INDENT]
    if not deep:
        return [part]
    rules = [_Part(part.heading)]
    for line in part.lines:
        heading = line.x < _FIRST_INDENT
        if heading and (rules[-1].lines or len(rules) == 1):
            rules.append(_Part([line]))
        elif heading:
            rules[-1].heading.append(line)
        else:
            rules[-1].lines.append(line)
    return rules


def _section(number: str, heading: str, part: _Part, year: str) -> GuidelineSection:
    first = part.heading[0].page
    last = part.lines[-1].page if part.lines else first
    return GuidelineSection(number, heading, join_lines(part.lines), first, last, year)
