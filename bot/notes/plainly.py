"""A phrase in the words that the classification uses, and what one phrase says of two sides.

Only turns of phrase of which the Alphabetic Index says "see": an adenoma is a benign neoplasm by
site, a tick's bite an insect's; hypogonadism and infertility are looked up by sex.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codesets.library import Library

_SEE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:micro|macro)?adenomas?\b", re.IGNORECASE), "benign neoplasm"),
    (
        re.compile(r"\b(?:tick|mosquito|flea|bed ?bug|chigger) bites?\b", re.IGNORECASE),
        "insect bite",
    ),
)
_BY_SEX = re.compile(r"\b(?:hypogonadism|infertility)\b", re.IGNORECASE)
_SEXED = re.compile(
    r"\b(?:male|female|wom[ae]n|m[ae]n|hypogonadotropic|ovarian|testicular)\b", re.I
)
_PATIENT = re.compile(
    r"\b\d{1,3}[- ]?(?:year|yr)s?[- ]old\b(?:,? [\w-]+){0,3}?,? (?P<sex>female|woman|lady|girl|male|man|gentleman|boy)\b"
    r"|\b\d{1,3} ?(?:y/?o|yo) (?P<short>[FM]|female|male|woman|man)\b",
    re.IGNORECASE,
)
_FEMALE = re.compile(r"f|w|l|g(?!e)", re.IGNORECASE)
_BOTH = re.compile(r"\b(?:bilateral(?:ly)?|both|bilat)\b", re.IGNORECASE)
_SIDE = re.compile(r"\bunspecified (?=\w)")
_CHRONIC_PAIN = re.compile(r"\bchronic\b.{0,30}\bpain\b", re.IGNORECASE)
_PAINFUL = re.compile(r"M54\.[2-69]|M25\.5|M79\.6")


def sex_of(text: str) -> str:
    """The patient's sex as the note introduces the patient; "" where it does not."""
    match = _PATIENT.search(text)
    if match is None:
        return ""
    said = match["sex"] or match["short"]
    return "female" if _FEMALE.match(said) else "male"


def plainly(words: str, sex: str) -> str:
    """``words`` as the Index has them; the same words where it has no other.

    >>> plainly("pituitary adenoma", ""), plainly("hypogonadism", "male")
    ('pituitary benign neoplasm', 'male hypogonadism')
    """
    for pattern, meant in _SEE:
        words = pattern.sub(meant, words)
    if sex and _BY_SEX.search(words) and not _SEXED.search(words):
        words = _BY_SEX.sub(lambda match: f"{sex} {match.group()}", words)
    return words


def both_sides(library: Library, code: str, words: str) -> tuple[str, ...]:
    """The codes of the right and the left side for a bilateral condition without a code (I.B.13).

    Empty where ``words`` do not say both sides, or where ``code`` has a side or both already.
    """
    record = library.find(code)
    if record is None or not _BOTH.search(words) or not _SIDE.search(record.title):
        return ()
    place = code.find(".") + 1
    if place == 0:
        return ()
    found: dict[str, str] = {}
    parents = [each.code for each in library.lineage(code)[:-1]]
    for sibling in library.descendants(parents[-1]):
        if len(sibling.code) != len(code) or sibling.code[7:] != code[7:]:
            continue
        for side in ("right", "left", "bilateral"):
            if _SIDE.sub(f"{side} ", record.title, count=1) == sibling.title:
                found[side] = sibling.code
    if "bilateral" in found or not {"right", "left"} <= found.keys():
        return ()
    return found["right"], found["left"]


def is_chronic_pain(code: str, words: str) -> bool:
    """Whether G89.29 adds that the pain of a site is chronic, which its code does not say."""
    return _PAINFUL.match(code) is not None and _CHRONIC_PAIN.search(words) is not None
