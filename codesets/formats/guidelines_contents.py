"""The printed table of contents of the Official Guidelines, and its check against the sections."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.formats.guidelines_numbers import Marker, follows, markers

if TYPE_CHECKING:
    from collections.abc import Mapping, Set

    from codesets.formats.pdf_text import Line

# The dotted leader shrinks to a single dot where the title nearly fills its line.
_ENDS_IN_PAGE = re.compile(r"^(.*?)\s*\.[.\s]*(\d{1,3})$")


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """One entry: the section number it stands for, its title, and the page it names."""

    number: str
    title: str
    page: int


def read_contents(lines: list[Line]) -> list[ContentsEntry]:
    """The numbered entries among the lines before Section I; entries may run over two lines."""
    entries: list[ContentsEntry] = []
    stack: list[Marker] = []
    pending = ""
    for line in lines:
        text = f"{pending} {line.text}".strip() if pending else line.text
        marker = _next(stack, text)
        if marker is None:
            pending = ""
            continue
        found = _ENDS_IN_PAGE.match(text)
        if found is None:
            pending = text
            continue
        pending = ""
        stack = [*stack[: marker.level], marker]
        title = _leaderless(marker.title)
        number = ".".join(item.symbol for item in stack)
        entries.append(ContentsEntry(number, title, int(found.group(2))))
    return entries


def _leaderless(title: str) -> str:
    found = _ENDS_IN_PAGE.match(title)
    return found.group(1) if found else title


def _next(stack: list[Marker], text: str) -> Marker | None:
    for marker in markers(text):
        if marker.level > len(stack):
            continue
        if follows(stack[marker.level] if marker.level < len(stack) else None, marker):
            return marker
    return None


def check_contents(
    contents: list[ContentsEntry], pages: Mapping[str, int], bookmarked: Set[str]
) -> tuple[int, str] | None:
    """The first difference between contents and sections as (page, what was expected), or None.

    ``pages`` maps the number of each section found to the page of its heading. Under a heading
    whose subsections the contents lists, no others may exist unless the document's own bookmarks
    name them (the FY2026 contents forgets I.B.20); where it lists none, as under most lettered
    headings, the contents says nothing about them.
    """
    listed: dict[str, set[str]] = defaultdict(set)
    for entry in contents:
        listed[_parent(entry.number)].add(entry.number)
        if entry.number not in pages:
            return entry.page, f"section {entry.number}, {entry.title}, as its contents says"
        if pages[entry.number] != entry.page:
            found = pages[entry.number]
            return entry.page, f"section {entry.number} here, as its contents says, not on {found}"
    for number, page in pages.items():
        beside = listed[_parent(number)]
        if beside and number not in beside | bookmarked:
            return page, f"no section {number}, which its contents does not list"
    return None


def _parent(number: str) -> str:
    return number.rpartition(".")[0]
