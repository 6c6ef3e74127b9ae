"""Reads the ICD-10-CM Official Guidelines PDF into the sections coders cite.

The document's bookmarks say which lines are headings; a heading the bookmarks forgot is recognised
by its bold title and by being the next in its sequence. What was found is then held against the
printed table of contents: every entry must be there, on the page it names, and nothing else may
stand beside the entries.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codesets.errors import FormatError
from codesets.formats.guidelines_appendix import appendix_sections
from codesets.formats.guidelines_contents import ContentsEntry, check_contents, read_contents
from codesets.formats.guidelines_numbers import Marker, follows, markers
from codesets.formats.pdf_text import join_lines, read_pdf
from codesets.models import GuidelineSection

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codesets.formats.pdf_text import Bookmark, Line, PdfText

# Running heads and feet stand in the bottom margin, below the last line of any page's text.
_RUNNING = (
    re.compile(r"ICD-10-CM Official Guidelines for Coding and Reporting"),
    re.compile(r"FY \d{4}"),
    re.compile(r"Page (\d+) of (\d+)"),
)
_BOTTOM_MARGIN = 64.0
_YEAR = re.compile(r"\bFY\s*(\d{4})\b")


@dataclass(slots=True)
class _Open:
    """A section being filled: its heading, and the body lines met so far."""

    number: str
    title: str
    page: int
    bookmarked: bool
    lines: list[Line] = field(default_factory=list)


def read_guidelines(
    path: Path, progress: Callable[[str, int, int], None] | None = None
) -> tuple[GuidelineSection, ...]:
    """Every section of the Official Guidelines PDF at ``path``, in printed order.

    Raises FormatError, which names the page and what was expected there, when a heading that the
    bookmarks or the table of contents promise is missing, out of sequence or on another page.
    """
    pdf = read_pdf(path, progress)
    year = _fiscal_year(path, pdf)
    pages = [_without_running_heads(path, page, lines) for page, lines in enumerate(pdf.pages, 1)]
    first, appendix = _body_range(path, pdf)
    contents = read_contents(path, [line for page in pages[: first - 1] for line in page])
    if not contents:
        raise FormatError(f"{path}, page 2", None, "the table of contents")
    body = [line for page in pages[first - 1 : appendix - 1] for line in page]
    bookmarks = [mark for mark in pdf.bookmarks if first <= mark.page < appendix]
    found = _numbered(path, body, bookmarks)
    _check(path, contents, found)
    return (
        *(_closed(section, year) for section in found),
        *appendix_sections(path, [line for page in pages[appendix - 1 :] for line in page], year),
    )


def _fiscal_year(path: Path, pdf: PdfText) -> str:
    for line in pdf.pages[0] if pdf.pages else ():
        found = _YEAR.search(line.text)
        if found:
            return f"FY{found.group(1)}"
    raise FormatError(f"{path}, page 1", None, "a title that names the fiscal year, as in FY 2026")


def _without_running_heads(path: Path, page: int, lines: tuple[Line, ...]) -> list[Line]:
    kept = []
    for line in lines:
        running = next((found for p in _RUNNING if (found := p.fullmatch(line.text))), None)
        if running is None or line.y > _BOTTOM_MARGIN:
            kept.append(line)
        elif running.re.groups and int(running.group(1)) != page:
            raise FormatError(f"{path}, page {page}", None, f'the foot "Page {page}"')
    return kept


def _body_range(path: Path, pdf: PdfText) -> tuple[int, int]:
    """The pages on which Section I and the appendix begin, by the bookmarks."""
    first = next((m.page for m in pdf.bookmarks if m.title.startswith("Section I.")), None)
    appendix = next((m.page for m in pdf.bookmarks if m.title.startswith("Appendix")), None)
    if first is None or appendix is None:
        raise FormatError(path, None, "bookmarks that name Section I and the appendix")
    return first, appendix


def _numbered(path: Path, body: list[Line], bookmarks: list[Bookmark]) -> list[_Open]:
    """Sections I to IV: cut the body at its headings, numbering them as they nest."""
    found: list[_Open] = []
    stack: list[Marker] = []
    awaited = iter(bookmarks)
    mark = next(awaited, None)
    position = 0
    while position < len(body):
        used = _heading_length(body, position, mark) if mark else 0
        bookmarked = bool(used)
        if mark and bookmarked:
            title = mark.title
            mark = next(awaited, None)
        elif _unbookmarked(body[position], stack):
            title, used = body[position].text, 1
        else:
            if not found:
                raise FormatError(
                    f"{path}, page {body[position].page}", None, "the heading of Section I"
                )
            found[-1].lines.append(body[position])
            position += 1
            continue
        stack = _nested(path, body[position], stack, title)
        found.append(_Open(_number(stack), stack[-1].title, body[position].page, bookmarked))
        position += used
    if mark:
        raise FormatError(f"{path}, page {mark.page}", None, f'the heading "{mark.title}"')
    return found


def _heading_length(body: list[Line], position: int, mark: Bookmark) -> int:
    """How many lines from ``position`` print the bookmark's title; 0 when they do not."""
    if body[position].page != mark.page:
        return 0
    wanted, got = _letters(mark.title), ""
    for used, line in enumerate(body[position : position + 5], start=1):
        got += _letters(line.text)
        if got == wanted:
            return used
        if not wanted.startswith(got):
            return 0
    return 0


def _unbookmarked(line: Line, stack: list[Marker]) -> bool:
    """A bold title whose marker comes next: the first subsection here, or the next sibling."""
    if not line.bold or not stack:
        return False
    last = stack[-1]
    for marker in markers(line.text):
        if marker.level == last.level and follows(last, marker):
            return True
        if marker.level == last.level + 1 and follows(None, marker):
            return True
    return False


def _nested(path: Path, line: Line, stack: list[Marker], title: str) -> list[Marker]:
    """The stack with this heading on top, at the one level where its marker is the next."""
    options = markers(title)
    for marker in options:
        if marker.level > len(stack):
            continue
        before = stack[marker.level] if marker.level < len(stack) else None
        if follows(before, marker):
            return [*stack[: marker.level], marker]
    expected = " or ".join(item.printed for item in options) or "a numbered heading"
    raise FormatError(
        f"{path}, page {line.page}", None, f'the section before {expected} of "{title[:60]}"'
    )


def _number(stack: list[Marker]) -> str:
    return ".".join(marker.symbol for marker in stack)


def _closed(section: _Open, year: str) -> GuidelineSection:
    last = section.lines[-1].page if section.lines else section.page
    return GuidelineSection(
        section.number, section.title, join_lines(section.lines), section.page, last, year
    )


def _check(path: Path, contents: list[ContentsEntry], sections: list[_Open]) -> None:
    problem = check_contents(
        contents,
        {section.number: section.page for section in sections},
        {section.number for section in sections if section.bookmarked},
    )
    if problem:
        page, expected = problem
        raise FormatError(f"{path}, page {page}", None, expected)


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text).lower()
