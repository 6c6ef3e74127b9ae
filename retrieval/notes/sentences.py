"""Lines and sentences of a note with their offsets.

A line that a word processor wrapped runs on; a list item, a cell of a pasted table and a heading's
line stand alone. A full stop ends a sentence unless it belongs to a clinical abbreviation, an
initial, a number or a unit that the sentence runs on from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

_BULLET = re.compile(
    r"[ \t]*(?P<mark>\(?\d{1,2}[.)](?=\s)|#\d{1,2}[.:)]?|#+|[-–—*•·▪◦●○>+](?=\s|[A-Z])|\[[ xX]?\]|[a-zA-Z][.)](?=\s+[A-Z0-9(]))[ \t]*"
)
_ABBREVIATIONS = frozenset(
    {
        "dr", "mr", "mrs", "ms", "prof", "vs", "v", "e.g", "i.e", "eg", "ie", "etc",
        "approx", "no", "nos", "fig", "st", "jr", "sr", "pt", "pts", "hx", "dx", "rx", "tx",
        "sx", "fx", "p.o", "po", "b.i.d", "bid", "q.d", "qd", "t.i.d", "tid", "q.i.d",
        "qid", "h.s", "hs", "a.m", "p.m", "am", "pm", "s.p", "r.o", "h.o", "c.o", "w.o",
        "b.l", "i.v", "i.m", "subq", "s.c", "s.l", "p.r.n", "prn", "q.h.s", "ac", "pc",
        "a.c", "p.c", "rt", "lt", "bilat", "resp", "abd", "ext", "neuro", "cv", "gi", "gu",
        "wt", "ht", "temp", "neg", "pos", "incl", "max", "min", "avg", "dept", "est", "ca",
        "cf", "al", "c.diff", "sp", "spp", "subsp", "gen", "med", "surg", "ref", "tab",
        "tabs", "cap", "caps", "u.s", "m.d", "d.o", "r.n", "p.a", "n.p", "ph.d", "l.p.n",
        "c.c",
    }
)  # fmt: skip
_END = re.compile(r"[.!?]+(?=[\"'”’)\]]*(?:\s|$))|;|\n")
_INLINE_ITEM = re.compile(r"(?:(?<=[.;:,])|(?<=\s))\s*(?=\(?(\d{1,2})[.)]\s+[A-Za-z])")
_CELL = re.compile(r"\t+|[ \t]*\|[ \t]*| {4,}")
_WORD_BEFORE = re.compile(r"[A-Za-z][A-Za-z.]*$|\d[\d.,/]*$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line, list item or table row: half-open offsets of its words.

    ``mark`` is its bullet or number as printed, ``indent`` the blanks before it.
    """

    start: int
    end: int
    mark: str = ""
    indent: int = 0

    def text(self, note: str) -> str:
        """The words of the line."""
        return note[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence or table cell: half-open offsets into the note, and the words there."""

    start: int
    end: int
    text: str


def find_lines(text: str, start: int = 0, end: int | None = None) -> tuple[Line, ...]:
    """The lines of ``text[start:end]``, wrapped lines joined, blank ones left out."""
    stop = len(text) if end is None else end
    found: list[Line] = []
    position = start
    blank = True
    while position < stop:
        newline = text.find("\n", position, stop)
        last = stop if newline < 0 else newline
        line = _line(text, position, last)
        if line is None:
            blank = True
        else:
            if found and not blank and _runs_on(text, found[-1], line):
                before = found.pop()
                line = Line(before.start, line.end, before.mark, before.indent)
            found += _items(text, line)
            blank = False
        position = last + 1
    return tuple(found)


def _items(text: str, line: Line) -> list[Line]:
    """The items of a list written into one line ("1. Gout. 2. Hypertension."); else the line."""
    cuts: list[int] = []
    wanted = int(line.mark.strip("(.)#")) + 1 if line.mark.strip("(.)#").isdigit() else 1
    for match in _INLINE_ITEM.finditer(text, line.start, line.end):
        if int(match[1]) == wanted:
            cuts.append(match.end())
            wanted += 1
    if not cuts or (wanted == 2 and not line.mark):
        return [line]
    edges = [line.start, *cuts, line.end]
    first = _line(text, edges[0], edges[1])
    found = [Line(first.start, first.end, line.mark, line.indent)] if first else []
    for begin, end in pairwise(edges[1:]):
        item = _line(text, begin, end)
        found += [item] if item else []
    return found


def _line(text: str, start: int, end: int) -> Line | None:
    bullet = _BULLET.match(text, start, end)
    begin = bullet.end() if bullet and bullet["mark"] else start
    while begin < end and text[begin].isspace():
        begin += 1
    indent = len(text[start:end]) - len(text[start:end].lstrip(" \t"))
    stop = end
    while stop > begin and text[stop - 1].isspace():
        stop -= 1
    if stop <= begin:
        return None
    return Line(begin, stop, bullet["mark"] if bullet else "", indent)


def _runs_on(text: str, before: Line, line: Line) -> bool:
    """Whether a line only goes on with the sentence of the line before it."""
    if line.mark or text[before.end - 1] in ".!?:;|" or "\t" in text[before.start : before.end]:
        return False
    width = before.end - before.start
    return text[line.start].islower() and width > 40 and not _CELL.search(line.text(text))


def find_sentences(text: str, start: int = 0, end: int | None = None) -> tuple[Sentence, ...]:
    """The sentences of ``text[start:end]`` in order.

    >>> [s.text for s in find_sentences("Seen by Dr. Lee. E. coli UTI; no fever")]
    ['Seen by Dr. Lee', 'E. coli UTI', 'no fever']
    """
    found: list[Sentence] = []
    for line in find_lines(text, start, end):
        for first, last in _cells(text, line):
            found += _split(text, first, last)
    return tuple(found)


def _cells(text: str, line: Line) -> list[tuple[int, int]]:
    cells, position = [], line.start
    for match in _CELL.finditer(text, line.start, line.end):
        cells.append((position, match.start()))
        position = match.end()
    cells.append((position, line.end))
    return cells


def _split(text: str, start: int, end: int) -> list[Sentence]:
    found: list[Sentence] = []
    position = start
    for match in _END.finditer(text, start, end):
        sign = match.group()
        if sign == "\n" or (sign.startswith(".") and not _ends(text, start, match)):
            continue
        _add(found, text, position, match.start() + (sign[0] == "?"))
        position = match.end()
    _add(found, text, position, end)
    return found


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether the full stop at ``match`` ends a sentence."""
    before = _WORD_BEFORE.search(text, max(start, match.start() - 20), match.start())
    after = text[match.end() : match.end() + 40].lstrip(" \"'”’)]")
    if before is None or not after:
        return True
    word = before.group().casefold()
    if word[0].isdigit():
        return not after[:1].islower()
    if len(word) == 1 and word != "i" and text[before.start()].isupper():
        return False
    if word in _ABBREVIATIONS or "." in word:
        return after[:1].isupper() and word in {"etc", "bid", "tid", "qid", "prn", "po", "p.o",
                                                "b.i.d", "t.i.d", "q.d", "qd", "hs", "h.s", "pc",
                                                "p.r.n", "am", "pm", "a.m", "p.m", "q.i.d", "q.h.s",
                                                "subq", "tabs", "tab", "neg", "pos", "nos",
                                                "bilat"}  # fmt: skip
    return True


def _add(found: list[Sentence], text: str, start: int, end: int) -> None:
    while start < end and not (text[start].isalnum() or text[start] in "([<≥>+?"):
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in ")]%+?"):
        end -= 1
    if end > start:
        found.append(Sentence(start, end, text[start:end]))
