"""Whether a service that a sentence names was done, ordered, planned, declined, or had before.

A governing word stands before the service in the sentence ("gave", "will schedule") or behind it in
the same clause ("was performed", "declined"). What keeps a service from being coded wins.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import NamedTuple


class Standing(StrEnum):
    """Where a service stands at this encounter."""

    DONE = "done"
    ORDERED = "ordered"
    PLANNED = "planned"
    DECLINED = "declined"
    PAST = "past"
    UNSAID = "unsaid"


class Verdict(StrEnum):
    """What the governing words say; ``HOME`` is a drug taken or prescribed for home."""

    DONE = "done"
    ORDERED = "ordered"
    PLANNED = "planned"
    DECLINED = "declined"
    PAST = "past"
    HOME = "home"
    NONE = ""


_STAY = re.compile(r"\b(?:POD|post[- ]?op(?:erative)? day) ?#?\d", re.IGNORECASE)


class _Words(NamedTuple):
    """The governing words, compiled."""

    said: tuple[tuple[Verdict, re.Pattern[str]], ...]
    hint: re.Pattern[str]
    breaks: re.Pattern[str]
    hidden: re.Pattern[str]
    handed_out: re.Pattern[str]


@cache
def _words() -> _Words:
    """The packaged words, read once."""
    lists: dict[str, list[str]] = {}
    text = resources.files("retrieval.notes").joinpath("standing.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("[") and line.endswith("]"):
            current = lists.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            current.append(line)
    said = tuple((Verdict(name), _whole(lists[name])) for name in _VERDICTS)
    plain = (re.compile("|".join(lists[n]), re.IGNORECASE) for n in ("break", "hidden"))
    breaks, hidden = plain
    return _Words(said, _whole(lists["hint"]), breaks, hidden, _whole(lists["handed out"]))


_VERDICTS = ("declined", "ordered", "planned", "past", "done", "home")


def _whole(words: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?![\w])", re.IGNORECASE)


def governed(text: str, start: int, end: int, *, drug: bool = False) -> Verdict:
    """What the words of one sentence say of the service at ``text[start:end]``.

    Only of a ``drug`` do they say that it is taken at home.

    >>> governed("Gave ketorolac 30 mg IM", 5, 14), governed("Knee injection was declined", 0, 14)
    (<Verdict.DONE: 'done'>, <Verdict.DECLINED: 'declined'>)
    """
    words = _words()
    hidden = [match.span() for match in words.hidden.finditer(text)]
    hits = [
        (match.start(), match.end(), verdict)
        for verdict, pattern in words.said
        for match in pattern.finditer(text)
        if (match.end() <= start or match.start() >= end)
        and (drug or verdict is not Verdict.HOME)
        and not any(s <= match.start() < e for s, e in hidden)
    ]
    hits += [(m.start(), m.end(), Verdict.HOME) for m in words.handed_out.finditer(text)]
    stop = words.breaks.search(text, end)
    limit = stop.start() if stop else len(text)
    behind = sorted(hit for hit in hits if end <= hit[0] < limit)
    before = _nearest([hit for hit in hits if hit[1] <= start])
    own = before is not None and not words.breaks.search(text, before[1], start)
    said = {verdict for _, _, verdict in behind} | ({before[2]} if before and own else set())
    for verdict in (Verdict.DECLINED, Verdict.PAST):
        if verdict in said:
            stayed = verdict is Verdict.PAST and of_stay(text, start)
            return Verdict.DONE if stayed else verdict
    for _, _, verdict in behind:
        if verdict is not Verdict.HOME:
            return verdict
    if before is not None:
        return before[2]
    if behind:
        return Verdict.HOME
    hinted = any(match.start() < limit for match in words.hint.finditer(text))
    return Verdict.DONE if hinted else Verdict.NONE


def of_stay(text: str, start: int) -> bool:
    """Whether a day after an operation is counted before ``start``: it was done during the stay."""
    return _STAY.search(text, 0, start) is not None


def _nearest(hits: list[tuple[int, int, Verdict]]) -> tuple[int, int, Verdict] | None:
    """The last of the words before; of words at one place the longest."""
    if not hits:
        return None
    last = max(hits, key=lambda hit: (hit[1], hit[1] - hit[0]))
    over = [hit for hit in hits if hit[0] <= last[0] and hit[1] >= last[1]]
    return max(over, key=lambda hit: hit[1] - hit[0])
