"""What speaks against a code for a phrase: what its title says that the phrase does not, or denies.

The other side, the other end, crushing where there was only an injury, a preterm birth where nobody
said so, a part of the body of which nothing in the note speaks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codesets.wording import read_text, read_title
from codesets.wordlists import is_head as is_head_form
from codesets.wordlists import lists

if TYPE_CHECKING:
    from codesets.models import Code

_OPPOSITES = tuple(
    frozenset(pair.split())
    for pair in (
        "left right", "upper lower", "proximal distal", "anterior posterior", "medial lateral",
        "acute chronic", "internal external", "systolic diastolic", "thoracic lumbar",
        "cervical lumbar", "cervical thoracic", "bilateral unilateral", "open closed",
    )
)  # fmt: skip
_SAID_ONLY: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(title, re.IGNORECASE), re.compile(words, re.IGNORECASE))
    for title, words in (
        (r"^crushing\b", r"\bcrush"),
        (r"^burn\b", r"\bburn|\bscald"),
        (r"^corrosion\b", r"\bcorro|\bchemical|\bacid|\balkali"),
        (r"^frostbite\b", r"\bfrost"),
        (r"^traumatic amputation\b", r"\bamputat|\bsever"),
        (r"^post-term\b", r"\bpost[- ]?(?:term|dates?)\b|\bprolonged\b|\b4[12]\b"),
        (r"\bpreterm\b", r"\bpre-?term\b|\bpremature|\b(?:2\d|3[0-6])\b"),
    )
)
"""Titles that are only about what these words of a phrase say."""
_LACKING = re.compile(r"\bwithout ([a-z]+)", re.IGNORECASE)
_LEFT_OPEN = re.compile(r"\bunspecified as (?:to )?([\w ]+)", re.IGNORECASE)


def is_opposed(record: Code | None, said: set[str], text: str) -> bool:
    """Whether a code says what a phrase excludes or must have said: left for right.

    ``said`` are the forms of the words of the phrase, ``text`` is the phrase.
    """
    if record is None:
        return False
    for title, words in _SAID_ONLY:
        if title.search(record.title) and not words.search(text):
            return True
    left = _LEFT_OPEN.search(record.title)
    if left is not None and said & {form for w in read_title(left[1]) for form in w.forms}:
        return True  # "unspecified as acute or chronic" where the phrase says which
    lacking = _LACKING.findall(record.title)
    denied = [w.forms for words in lacking for w in read_title(words)]
    if any(said & set(forms) for forms in denied if any(map(is_head_form, forms))):
        return True  # "without cholecystitis" where the phrase says cholecystitis
    told = {form for word in read_title(record.title) for form in word.forms}
    return any(said & pair and told & pair and not said & told & pair for pair in _OPPOSITES)


def is_elsewhere(record: Code | None, text: str) -> bool:
    """Whether a code is of an injury to a part of the body that ``text`` does not speak of."""
    if record is None or record.code[0] != "S":
        return False
    told = {form for word in read_title(record.title) for form in word.forms} & lists().body
    return bool(told) and told.isdisjoint(f for word in read_text(text) for f in word.forms)
