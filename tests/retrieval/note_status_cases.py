"""Invented sentences of clinical notes, each with one marked mention and what is claimed of it.

One a line: a letter, then the sentence with the mention in brackets. A asserted, N negated,
H historical, R resolved, F family, O someone else's, U uncertain, Q rule out, C conditional or
hypothetical, S screening, P copied forward. Every third sentence of `note_statuses.txt` was held
back while the rules were written and scored once; `note_statuses_later.txt` was written after that
and scored before anything was changed for it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

LETTERS = {
    "A": "asserted",
    "N": "negated",
    "H": "historical",
    "R": "resolved",
    "F": "family",
    "O": "someone else's",
    "U": "uncertain",
    "Q": "rule out",
    "C": "hypothetical",
    "S": "screening",
    "P": "copied forward",
}


class Case(NamedTuple):
    """One sentence without its brackets, where the mention stands, and its status."""

    text: str
    start: int
    end: int
    status: str
    held: bool
    later: bool


def _lines(name: str) -> list[str]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip()]


def cases() -> tuple[Case, ...]:
    """The table."""
    found = []
    lines, later = _lines("note_statuses.txt"), _lines("note_statuses_later.txt")
    for number, line in enumerate([*lines, *later]):
        letter, sentence = line[0], line[2:]
        match = re.search(r"\[(.*?)\]", sentence)
        assert match is not None, line
        text = sentence.replace("[", "").replace("]", "")
        start = match.start()
        found.append(
            Case(
                text,
                start,
                start + len(match[1]),
                LETTERS[letter],
                number % 3 == 2,
                number >= len(lines),
            )
        )
    return tuple(found)


def f1(pairs: list[tuple[str, str]], *statuses: str) -> float:
    """F1 of saying one of ``statuses``, over (expected, given) pairs."""
    right = sum(expected in statuses and given in statuses for expected, given in pairs)
    said = sum(given in statuses for _, given in pairs)
    wanted = sum(expected in statuses for expected, _ in pairs)
    return 2 * right / max(said + wanted, 1)
