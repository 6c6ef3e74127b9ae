"""Two myocardial infarctions within four weeks, the older one told by its time (I.C.9.e.4).

The newer one is coded to I22 beside the older one's code of I21, which stays until 28 days are
over. A new type 2 infarction is I21.A1 and no I22 (Excludes1 at I22).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MI = (
    r"(?:N?STEMI|(?:non-?\s?)?ST[- ]elevation(?: myocardial infarction| MI)?|AMI|MI"
    r"|myocardial infarction|heart attack)"
)
_KIND = r"(?:[\w-]+\s+){0,3}?"
_AGO = re.compile(
    rf"(?P<older>{_KIND}\b{_MI}\b(?:\s+of\s+(?:the\s+)?[\w ]{{3,30}}?)?)\s*,?\s*"
    r"(?P<count>\d{1,2}|one|two|three|four|a|last)\s*(?P<unit>days?|weeks?|wks?)"
    r"(?:\s+(?:ago|back|prior))?",
    re.IGNORECASE,
)
_NEW = re.compile(
    r"\b(?:now|today|presents?(?:ing)? with|(?:re)?admitted (?:with|for)|new|another|second|again"
    r"|and|with)\s+(?:(?:has|with|a|an|new|acute)\s+)*"
    rf"(?P<newer>{_KIND}\b{_MI}\b[\w ]*)",
    re.IGNORECASE,
)
_LONG_AGO = re.compile(
    rf"\b(?:h/o|(?:history|hx)(?: of)?|old|prior|previous|remote)\s+(?:an?\s+)?{_MI}\b"
    rf"|\b(?P<mi>{_MI})\b(?:\s+(?:of\s+(?:the\s+)?[\w ]{{3,30}}?|was))?[\s,(]*"
    r"(?:(?P<weeks>\d{1,2}|five|six|seven|eight|ten|twelve)\s*(?:weeks?|wks?)\s+(?:ago|back|prior)"
    r"|(?:\d{1,2}|a|one|two|three|four|five|six|several|many|some)\s*(?:months?|mos?|years?|yrs?)"
    r"\s+(?:ago|back|prior)|last year|(?:in\s+)?(?:19|20)\d\d\b)",
    re.IGNORECASE,
)
_TYPE_2 = re.compile(r"\btype (?:2|II|[3-5])\b", re.IGNORECASE)
_COUNTS = {"one": 1, "a": 1, "last": 1, "two": 2, "three": 3, "four": 4}
_DAYS = 28


@dataclass(frozen=True, slots=True)
class Pair:
    """Half-open offsets of the words for the older and for the newer infarction."""

    older: tuple[int, int]
    newer: tuple[int, int]


def old_infarction(text: str) -> tuple[int, int] | None:
    """Half-open offsets of an infarction more than four weeks old, with its time; None without one.

    After 28 days an infarction that needs no more care is an old one (I.C.9.e.1).

    >>> old_infarction("MI 3 months ago"), old_infarction("MI 3 weeks ago")
    ((0, 15), None)
    """
    match = _LONG_AGO.search(text)
    if match is None:
        return None
    weeks = match["weeks"]
    if weeks is not None and weeks.isdigit() and int(weeks) * 7 <= _DAYS:
        return None
    return match.span()


def reinfarction(text: str) -> Pair | None:
    """The two infarctions of a text that gives the older one's time; None where it gives none.

    >>> text = "STEMI 3 weeks ago, now NSTEMI"
    >>> pair = reinfarction(text)
    >>> text[slice(*pair.older)], text[slice(*pair.newer)]
    ('STEMI', 'NSTEMI')
    >>> reinfarction("NSTEMI 2 weeks ago") is None
    True
    >>> reinfarction("MI 6 weeks ago, now STEMI") is None
    True
    """
    older = _AGO.search(text)
    if older is None or _TYPE_2.search(text):
        return None
    count = older["count"].casefold()
    number = int(count) if count.isdigit() else _COUNTS[count]
    if number * (1 if older["unit"].casefold().startswith("d") else 7) > _DAYS:
        return None
    newer = _NEW.search(text, older.end())
    return Pair(older.span("older"), newer.span("newer")) if newer is not None else None
