"""The codes that an instructional note names: its bracketed references read into ranges.

The Tabular List writes references in a small language of its own: ``(N18.1-N18.6)``, ``(E10.-)``,
``(O98.-, P35-P39)``, ``(T36-T50 with fifth or sixth character 5)``, ``(E08-E13 with .52)``. Outside
brackets a code counts when a word that introduces codes stands before it ("codes from category
O30"), so that "vitamin B12" and "LGMD R12" stay words.
"""

from __future__ import annotations

import re

from codesets.models import CharacterCondition, CharacterPlace, CodeRange

_CODE = re.compile(r"(?<![\w.])(?:[A-Z][0-9]|QA)[0-9AB](?:\.[0-9A-Z]{1,4})?(?![0-9A-Za-z])")
_LIST_GAP = re.compile(
    r"\.?-?(?:\s*[,;]\s*(?:and\s+|or\s+)?(?:both\s+)?|\s+(?:and|or)\s+(?:both\s+)?|\s*\.\s+)"
)
_RANGE_GAP = re.compile(r"[.\s]*[-–—][-–—.\s]*|[.-]*\s+(?:to|through)\s+")
_INTRODUCES = re.compile(
    r"(?:\b(?:categor(?:y|ies)|subcategor(?:y|ies)|blocks?|codes?|in|to|under|from|both|see|of|for"
    r"|except|receptor:)\s+|[:(\[]\s*)$",
    re.IGNORECASE,
)
_DASH_OR_POINT_AFTER = re.compile(r"\.?\s?-|\.[-–]")

_VALUE = r"[0-9A-Z](?:-[0-9A-Z])?(?:\s-\s[^,()\[\]]+)?"
_VALUES = rf"({_VALUE}(?:(?:,\s*(?:or\s+|and\s+)?|\s+or\s+|\s+and\s+){_VALUE})*)(?![0-9A-Za-z])"
_WITH = r"\.?-?\s*,?\s*with\s+"
_OPEN_FRACTURE = re.compile(_WITH + r"open fracture (?:7th|seventh) character", re.IGNORECASE)
_INTENT = re.compile(_WITH + r"fifth or six(?:th)? characters?\s+" + _VALUES)
_RUN = re.compile(_WITH + r"fifth to sixth characters\s+([0-9A-Z]{2})\b")
_PLACE = re.compile(
    _WITH + r"(fourth|fifth|sixth|seventh|4th|5th|6th|7th)[ -]characters?\s+\.?" + _VALUES
)
_FINAL = re.compile(_WITH + r"final characters?\s+([.-]?[0-9A-Z]+(?:\s+or\s+[.-]?[0-9A-Z]+)*)\b")
_TAIL = re.compile(_WITH + r"(\.[0-9A-Z]+-?(?:[,.-]{0,2}\s*\.[0-9A-Z]+-?)*)")
_PLACES = {
    "fourth": CharacterPlace.FOURTH,
    "4th": CharacterPlace.FOURTH,
    "fifth": CharacterPlace.FIFTH,
    "5th": CharacterPlace.FIFTH,
    "sixth": CharacterPlace.SIXTH,
    "6th": CharacterPlace.SIXTH,
    "seventh": CharacterPlace.SEVENTH,
    "7th": CharacterPlace.SEVENTH,
}
_FROM = {
    CharacterPlace.FOURTH: 3,
    CharacterPlace.FIFTH: 4,
    CharacterPlace.SIXTH: 5,
    CharacterPlace.SEVENTH: 6,
    CharacterPlace.AFTER_CATEGORY: 3,
}
# The 7th characters that mean an open fracture: B in every fracture category, and the Gustilo
# types of S52, S72 and S82 (C, E, F, H, J, M, N, Q, R).
_OPEN_FRACTURE_CHARACTERS: tuple[str, ...] = ("B", "C", "E", "F", "H", "J", "M", "N", "Q", "R")


def parse_references(note_text: str) -> tuple[CodeRange, ...]:
    """The codes that ``note_text`` names, in the order printed.

    >>> parse_references("type 2 diabetes mellitus with CKD (N18.1-N18.6)")
    (CodeRange(first='N18.1', last='N18.6', condition=None),)
    >>> [r.first for r in parse_references("sepsis (A40.-, A41.-) due to vitamin B12 (D51)")]
    ['A40', 'A41', 'D51']
    """
    found: list[CodeRange] = []
    position = 0
    while (match := _CODE.search(note_text, position)) is not None:
        if not _is_reference(note_text, match):
            position = match.end()
            continue
        ranges, end = _expression(note_text, match)
        condition, end = _condition(note_text, end)
        found += [CodeRange(first, last, condition) for first, last in ranges]
        position = end
    return tuple(found)


def in_range(code: str, reference: CodeRange) -> bool:
    """Whether ``code`` (any dotted or undotted spelling, upper case) is one ``reference`` means.

    Codes compare character by character, digits before letters, and each end stands for everything
    under it. A code too short to carry the character a condition asks for is not in the range.

    >>> [in_range(c, CodeRange("N18.1", "N18.6")) for c in ("N18.31", "N18.6", "N18.9", "N18")]
    [True, True, False, False]
    """
    key = code.replace(".", "")
    first, last = reference.first.replace(".", ""), reference.last.replace(".", "")
    if not (key[: len(first)] >= first and key[: len(last)] <= last):
        return False
    return reference.condition is None or _meets(key, reference.condition)


def _meets(key: str, condition: CharacterCondition) -> bool:
    if condition.place is CharacterPlace.INTENT:
        sixth = key[5:6]
        intent = sixth if sixth and sixth != "X" else key[4:5]
        return intent in condition.values
    if condition.place is CharacterPlace.ENDING:
        stem = key[:6].rstrip("X")
        return any(stem.endswith(v) and len(stem) > 3 + len(v) for v in condition.values)
    return key.startswith(condition.values, _FROM[condition.place])


def _is_reference(text: str, match: re.Match[str]) -> bool:
    """Whether a code-shaped word is meant as a code: bracketed, introduced, or visibly a code."""
    if "." in match.group() or _DASH_OR_POINT_AFTER.match(text, match.end()):
        return True
    before = text[: match.start()]
    opened = max(before.rfind("("), before.rfind("["))
    if opened > max(before.rfind(")"), before.rfind("]")):
        return True
    return _INTRODUCES.search(before) is not None


def _expression(text: str, match: re.Match[str]) -> tuple[list[tuple[str, str]], int]:
    """Read a list of codes and ranges that starts at ``match``; where it ends."""
    ranges = [(match.group(), match.group())]
    end = match.end()
    closed = False  # the last entry is already a range
    while (after := _CODE.search(text, end)) is not None:
        gap = text[end : after.start()]
        if _LIST_GAP.fullmatch(gap):
            ranges.append((after.group(), after.group()))
            closed = False
        elif _RANGE_GAP.fullmatch(gap) and not closed:
            first = ranges.pop()[0]
            ranges += _range(first, after.group(), gap, text[after.end() : after.end() + 1])
            closed = True
        else:
            break
        end = after.end()
    return ranges, end


def _range(first: str, last: str, gap: str, following: str) -> list[tuple[str, str]]:
    """A range, or its two ends where a comma was lost in print.

    F04's ``(I69.01-I69.11-, I69.21-I69.31-, ...)`` means the subcategories I69.-1- one by one:
    both ends carry the same last character, so nothing between them could be meant.
    """
    lost_comma = (
        len(first) == len(last) == 6
        and first[-1] == last[-1]
        and first != last
        and following == "-"
        and gap.strip() == "-"
    )
    return [(first, first), (last, last)] if lost_comma else [(first, last)]


def _condition(text: str, end: int) -> tuple[CharacterCondition | None, int]:
    """The ``with ... character`` clause that follows a list of codes, if one does."""
    if match := _OPEN_FRACTURE.match(text, end):
        values = _OPEN_FRACTURE_CHARACTERS
        return CharacterCondition(CharacterPlace.SEVENTH, values), match.end()
    if match := _INTENT.match(text, end):
        values = _values(match.group(1))
        return CharacterCondition(CharacterPlace.INTENT, values), match.end()
    if match := _RUN.match(text, end):
        return CharacterCondition(CharacterPlace.FIFTH, (match.group(1),)), match.end()
    if match := _PLACE.match(text, end):
        place = _PLACES[match.group(1)]
        return CharacterCondition(place, _values(match.group(2))), match.end()
    if match := _FINAL.match(text, end):
        words = re.split(r"\s+or\s+", match.group(1))
        pointed = words[0].startswith(".")
        place = CharacterPlace.AFTER_CATEGORY if pointed else CharacterPlace.ENDING
        return CharacterCondition(place, tuple(word.lstrip(".-") for word in words)), match.end()
    if match := _TAIL.match(text, end):
        values = tuple(re.findall(r"[0-9A-Z]+", match.group(1)))
        return CharacterCondition(CharacterPlace.AFTER_CATEGORY, values), match.end()
    return None, end


def _values(text: str) -> tuple[str, ...]:
    """The characters in ``1-4 or 6``: one by one, in order."""
    values: list[str] = []
    for part in re.split(r",\s*(?:or\s+|and\s+)?|\s+or\s+|\s+and\s+", text):
        character = part.split(" ", 1)[0]
        if "-" in character:
            low, _, high = character.partition("-")
            values += [
                chr(point) for point in range(ord(low), ord(high) + 1) if chr(point).isalnum()
            ]
        else:
            values.append(character)
    return tuple(values)
