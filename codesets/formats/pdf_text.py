"""Lines of a PDF's pages with their geometry, its bookmarks, and lines joined to paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from codesets.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# Points. The documents read here set 12 point text 13.8 points apart, up to 17 below a heading,
# and leave a whole line free between paragraphs.
_PARAGRAPH_GAP = 20.0
_RIGHT_MARGIN = 540.0
_INDENT = 10.0
# Bullets of symbol fonts arrive as private-use characters.
_BULLETS = str.maketrans(dict.fromkeys("◦▪\uf0b7\uf0a7\uf0d8", "•"))
_CODE = re.compile(r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z-]+)?\b")
_SENTENCE_END = (".", ":", ";", "?", "!", ".”", '."', ".)")
# Words after which a code at the start of the next line belongs to the same sentence.
_CODE_AWAITED = re.compile(r"\b(?:(?:sub)?categor(?:y|ies)|codes?|and|or|from|with|of)$")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line. ``x`` and ``y`` are points from the page's lower left corner.

    ``bold`` says that every run of type is bold, a leading marker such as ``(a)`` apart; ``size``
    is the type size of the longest run.
    """

    page: int
    x: float
    y: float
    size: float
    bold: bool
    text: str


@dataclass(frozen=True, slots=True)
class Bookmark:
    """One entry of the PDF's outline and the page (from 1) it leads to."""

    title: str
    page: int


@dataclass(frozen=True, slots=True)
class PdfText:
    """The pages' lines, top to bottom, and the bookmarks in document order."""

    pages: tuple[tuple[Line, ...], ...]
    bookmarks: tuple[Bookmark, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    x: float
    y: float
    size: float
    bold: bool
    text: str


def read_pdf(path: Path, progress: Callable[[str, int, int], None] | None = None) -> PdfText:
    """Read every page of ``path``; FormatError when it is no PDF that can be read."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(path, strict=False)
        total = len(reader.pages)
        pages = []
        for index, page in enumerate(reader.pages, start=1):
            pages.append(tuple(_whole(_lines(index, _runs(page)))))
            if progress:
                progress("reading pages", index, total)
        bookmarks = tuple(_bookmarks(reader, reader.outline))
    except (PyPdfError, OSError, ValueError, KeyError) as error:
        raise FormatError(path, None, "a readable, unencrypted PDF") from error
    return PdfText(tuple(pages), bookmarks)


def _bookmarks(reader: Any, entries: Any) -> Iterator[Bookmark]:
    for entry in entries:
        if isinstance(entry, list):
            yield from _bookmarks(reader, entry)
            continue
        page = reader.get_destination_page_number(entry)
        if page is not None and page >= 0:
            yield Bookmark(" ".join(str(entry.title).split()), page + 1)


def _runs(page: Any) -> list[_Run]:
    runs: list[_Run] = []

    def visit(text: str, matrix: Any, text_matrix: Any, font: Any, _size: float) -> None:
        x = text_matrix[4] * matrix[0] + text_matrix[5] * matrix[2] + matrix[4]
        y = text_matrix[4] * matrix[1] + text_matrix[5] * matrix[3] + matrix[5]
        bold = "Bold" in str(font.get("/BaseFont", "")) if font else False
        runs.append(_Run(x, y, abs(text_matrix[0] * matrix[0]), bold, text))

    page.extract_text(visitor_text=visit)
    return runs


def _lines(page: int, runs: list[_Run]) -> Iterator[Line]:
    current: list[_Run] = []
    for run in runs:
        first, *others = run.text.split("\n")
        current.append(_Run(run.x, run.y, run.size, run.bold, first))
        for part in others:
            yield from _line(page, current)
            current = [_Run(run.x, run.y, run.size, run.bold, part)]
    yield from _line(page, current)


def _whole(lines: Iterator[Line]) -> list[Line]:
    """Lines with the pieces put together that the extraction set apart, as after a wide capital."""
    whole: list[Line] = []
    for line in lines:
        before = whole[-1] if whole else None
        if before and abs(before.y - line.y) < 1 and line.x > before.x:
            gap = line.x - before.x - _width(before.text, before.size)
            text = f"{before.text}{' ' if gap > 0.2 * line.size else ''}{line.text}"
            whole[-1] = replace(before, bold=before.bold and line.bold, text=text)
        else:
            whole.append(line)
    return whole


def _line(page: int, runs: list[_Run]) -> Iterator[Line]:
    inked = [run for run in runs if run.text.strip()]
    if not inked:
        return
    judged = inked[1:] if len(inked) > 1 else inked
    text = " ".join("".join(run.text for run in runs).translate(_BULLETS).split())
    first, longest = inked[0], max(inked, key=lambda run: len(run.text))
    yield Line(
        page,
        round(first.x, 1),
        round(first.y, 1),
        round(longest.size, 1),
        all(run.bold for run in judged),
        text,
    )


def join_lines(lines: list[Line]) -> str:
    """Lines as running text: a blank line between paragraphs, a line break before list items.

    Words that a line's end divided at a hyphen are closed up; the hyphen stays, because these
    documents break lines only at hyphens that belong to the word.
    """
    text = ""
    for before, line in zip([None, *lines], lines, strict=False):
        text = line.text if before is None else _append(text, before, line)
    return text


def _append(text: str, before: Line, line: Line) -> str:
    if _starts_paragraph(before, line):
        return f"{text}\n\n{line.text}"
    if _starts_item(before, line):
        return f"{text}\n{line.text}"
    if re.search(r"\w-$", text) and _closes_up(text, line.text):
        return text + line.text
    return f"{text} {line.text}"


def _starts_paragraph(before: Line, line: Line) -> bool:
    if line.page != before.page:
        return not _wrapped(before, line) and before.text.endswith(_SENTENCE_END)
    return before.y - line.y > _PARAGRAPH_GAP


def _starts_item(before: Line, line: Line) -> bool:
    if line.text.startswith("•"):
        return True
    if _CODE.match(line.text):
        if _CODE_AWAITED.search(before.text):
            return False
        if before.text.endswith(":") or (line.x == before.x and _CODE.match(before.text)):
            return True
    return before.x - line.x > _INDENT or not _wrapped(before, line)


def _wrapped(before: Line, line: Line) -> bool:
    """Whether the first word of ``line`` had no room at the end of the line before."""
    word = line.text.split(" ", 1)[0]
    used = before.x + _width(f"{before.text} {word}", before.size)
    return used > _RIGHT_MARGIN - 1.5 * before.size


def _closes_up(text: str, following: str) -> bool:
    """A code's trailing hyphen (``X37.0-``) before a word stays apart from it."""
    if re.search(r"[A-Za-z]-$", text):
        return True
    return bool(re.match(r"[A-Z]?\d|-", following))


def _width(text: str, size: float) -> float:
    """Approximate width in points of ``text`` in a Times-like face, good to a few percent."""
    return size * sum(_share(character) for character in text)


def _share(character: str) -> float:
    if character in "ijlt.,;:'!|()[]/’‘ -":
        return 0.28
    if character in "frsI":
        return 0.36
    if character in "mw–—":
        return 0.76
    if character in "MW":
        return 0.92
    if character.isupper():
        return 0.67
    return 0.48
