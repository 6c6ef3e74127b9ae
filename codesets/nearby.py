"""What someone may have meant by a code: near codes of one release, the likeliest first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codesets.models import Level, System
from codesets.notation import dotted, undotted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from codesets.library import Library
    from codesets.models import Code

_SHAPE = re.compile(r"[A-Z0-9][A-Z0-9.]{1,8}")
_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Characters read or typed for one another.
_CONFUSED = str.maketrans({"O": "0", "I": "1", "L": "1"})
_CONFUSED_FIRST = {"0": "O", "1": "I", "5": "S", "8": "B", "2": "Z"}
_FAMILY = 300


def nearest_codes(library: Library, code: str, limit: int) -> list[Code]:
    """Valid codes near ``code`` (as printed), in this order of trust.

    A deleted code is answered by its replacements alone, a category or subcategory by the codes
    under it. Otherwise: the code with letters and digits that look alike put right; the 7th
    character moved to its place; the longest beginning that is a valid code, or the codes of one
    that is not; codes one slip away (two characters swapped, then one wrong, missing or too many);
    and at last codes of the same beginning. Empty for what is no code at all.
    """
    if replacements := library.replacements(code):
        return replacements[:limit]
    record = library.find(code)
    if record is not None and not record.valid:
        under = library.descendants(record.code)
        if under:
            return under[:limit]
    found: dict[str, Code] = {}
    for near in _candidates(library, code, limit):
        if near.code != code:
            found.setdefault(near.code, near)
        if len(found) == limit:
            break
    return list(found.values())


def _candidates(library: Library, code: str, limit: int) -> Iterator[Code]:
    if _SHAPE.fullmatch(code) is None or not any(c.isdigit() for c in code):
        return
    key = undotted(code)
    icd10cm = library.release.system is System.ICD10CM
    spell = dotted if icd10cm else str
    if icd10cm:
        put_right = _put_right(key)
        yield from library.valid_among([dotted(put_right)])
        if not put_right[0].isalpha():
            return
        key = key if key[0].isalpha() else put_right
        yield from library.valid_among(_padded(key))
    yield from _beginning(library, key, limit, spell)
    for slips in (_swapped(key), _slips(key)):
        near_ones = library.valid_among([spell(slip) for slip in slips])
        yield from sorted(near_ones, key=lambda near: _rank(key, near))
    for end in range(len(key) - 1, 2, -1):
        family = library.starting_with(spell(key[:end]), _FAMILY)
        yield from sorted(family, key=lambda near: _rank(key, near))


def _put_right(key: str) -> str:
    """Letters where digits must be, and the reverse, exchanged for those they look like."""
    first = _CONFUSED_FIRST.get(key[0], key[0])
    return first + key[1:2].translate(_CONFUSED) + key[2:6].translate(_CONFUSED) + key[6:]


def _padded(key: str) -> list[str]:
    """The code with its last character as 7th character, the placeholder X filling the gap."""
    return [dotted(key[:-1].ljust(6, "X") + key[-1])] if 4 <= len(key) < 7 else []


def _beginning(library: Library, key: str, limit: int, spell: Callable[[str], str]) -> list[Code]:
    """The longest shorter beginning that is a valid code, or the codes of one that is not."""
    for end in range(len(key) - 1, 2, -1):
        record = library.find(spell(key[:end]))
        if record is not None and record.valid:
            return [record]
        if record is not None and record.level is not Level.CATEGORY:
            under = library.descendants(record.code)
            return sorted(under, key=lambda near: _rank(key, near))[:limit]
    return []


def _swapped(key: str) -> set[str]:
    """Every word with two neighbours of ``key`` exchanged."""
    return {key[:i] + key[i + 1] + key[i] + key[i + 2 :] for i in range(len(key) - 1)}


def _slips(key: str) -> set[str]:
    """Every word with one character of ``key`` wrong, missing or too many."""
    parts = [(key[:i], key[i:]) for i in range(len(key) + 1)]
    dropped = {a + b[1:] for a, b in parts if b}
    changed = {a + c + b[1:] for a, b in parts if b for c in _CHARACTERS}
    inserted = {a + c + b for a, b in parts for c in _CHARACTERS}
    return {word for word in dropped | changed | inserted if 3 <= len(word) <= 7}


def _rank(key: str, near: Code) -> tuple[int, bool, bool, int, str]:
    """Edit distance, the same category, the same last (7th) character, the common beginning."""
    other = undotted(near.code)
    common = next((i for i, (x, y) in enumerate(zip(key, other, strict=False)) if x != y), len(key))
    distance = _distance(key, other)
    return distance, key[:3] != other[:3], key[-1] != other[-1], -common, near.code


def _distance(a: str, b: str) -> int:
    """Edit distance, two neighbours swapped counting once."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        current = [i]
        for j, y in enumerate(b, start=1):
            cost = min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        before, row = row, current
    return row[-1]
