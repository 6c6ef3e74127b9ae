"""What someone may have meant by a code: near codes of one release, the likeliest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codesets.library import Library
    from codesets.models import Code

_FAMILY = 400


def nearest_codes(library: Library, code: str, limit: int) -> list[Code]:
    """Valid codes near ``code`` (as printed), in this order of trust.

    Its replacements, if it was deleted; the codes under it, if it is not complete; the code it
    begins with, if it carries characters too many; then codes of the same beginning by edit
    distance, those with the same 7th character first.
    """
    found: dict[str, Code] = {}
    for near in library.replacements(code):
        found.setdefault(near.code, near)
    record = library.find(code)
    if record is not None and not record.valid and not found and record.effective_to is None:
        for near in library.descendants(record.code)[:limit]:
            found.setdefault(near.code, near)
    if len(found) < limit:
        for near in _alike(library, code, limit):
            if near.code != code:
                found.setdefault(near.code, near)
    return list(found.values())[:limit]


def _alike(library: Library, code: str, limit: int) -> list[Code]:
    """Codes that share the longest beginning with ``code`` that any code has, closest first."""
    for end in range(len(code), 0, -1):
        family = library.starting_with(code[:end].rstrip("."), _FAMILY)
        if len(family) > 1 or (family and family[0].code != code):
            return sorted(family, key=lambda near: (_distance(code, near.code), near.code))[:limit]
    return []


def _distance(asked: str, known: str) -> tuple[int, bool]:
    """Edit distance with neighbours swapped counted once; a tie prefers the same last character."""
    a, b = asked.replace(".", ""), known.replace(".", "")
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
    return row[-1], a[-1:] != b[-1:]
