"""The printed table of contents of the Official Guidelines, and its check against the sections."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.errors import FormatError
from codesets.formats.guidelines_numbers import Marker, follows, markers

if TYPE_CHECKING:
    from collections.abc import Mapping, Set
    from pathlib import Path

    from codesets.formats.pdf_text import Line

# The dotted leader shrinks to a dot, or to nothing, where the title nearly fills its line.
_WITH_LEADER = re.compile(r"^(.*?)\s*\.[.\s]*(\d{1,3})$")
_WITHOUT_LEADER = re.compile(r"^(.*?)\s(\d{1,3})$")
# A title may itself end in a number, so one without a leader must fit the page it follows.
_PAGES_TURNED = 5


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """One entry: the section number it stands for, its title, and the page it names."""

    number: str
    title: str
    page: int


def read_contents(path: Path, lines: list[Line]) -> list[ContentsEntry]:
    """The numbered entries among the lines before Section I; entries may run over two lines.

    Raises FormatError when an entry's number does not follow the one before.
    """
    entries: list[ContentsEntry] = []
    stack: list[Marker] = []
    pending = ""
    for line in lines:
        text = " ".join(f"{pending} {line.text}".split())
        marker = _next(stack, text)
        if marker is None:
            if markers(text) and _WITH_LEADER.match(text):
                raise FormatError(f"{path}, page {line.page}", None, f'the entry before "{text}"')
            continue
        found = _titled(marker.title, entries[-1].page if entries else 0)
        if found is None:
            pending = text
            continue
        pending = ""
        stack = [*stack[: marker.level], marker]
        number = ".".join(item.symbol for item in stack)
        entries.append(ContentsEntry(number, *found))
    return entries


def _titled(text: str, last_page: int) -> tuple[str, int] | None:
    """Title and page of an entry, or None while its line has not reached the page number."""
    found = _WITH_LEADER.match(text)
    if found:
        return found.group(1), int(found.group(2))
    found = _WITHOUT_LEADER.match(text)
    if found and last_page <= int(found.group(2)) <= last_page + _PAGES_TURNED:
        return found.group(1), int(found.group(2))
    return None


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
    name them (the FY2026 contents forgets I.B.20 and I.C.5.d); where it lists none, as under most
    lettered headings, the contents says nothing about them.
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
