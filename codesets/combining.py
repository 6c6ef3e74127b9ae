"""Codes that the classification joins: parts found one by one become their combination code.

The table of the ``combination-available`` rule says which parts belong together and by which
section (I.A.15 for what "with" presumes, I.B.9, the chapters' own); the combination's exact code
is resolved from the titles of its parts, so that a stage or an acuity found in a part decides it.
A record that calls two conditions unrelated keeps them apart (I.A.15).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.notation import in_range
from codesets.resolution import resolve
from codesets.rules.lists import Combination, combinations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codesets.library import Library
    from codesets.models import Code, CodeRange

_UNRELATED = re.compile(
    r"\b(?:unrelated|not (?:related|due|secondary|attributable)|independent of|"
    r"not caused by|other than)\b",
    re.IGNORECASE,
)
_PRESUMING = ("I.A.15", "I.C.9.a", "I.C.9.b")
_MOST_STEPS = 6


@dataclass(frozen=True, slots=True)
class Joined:
    """A combination code, the listed codes it rests on, and those whose place it takes.

    ``message`` is a clause ("hypertension with ... is presumed ..."), ``section`` the guideline
    section it rests on.
    """

    code: Code
    parts: tuple[str, ...]
    replaced: tuple[str, ...]
    message: str
    section: str


def keeps_apart(text: str) -> bool:
    """Whether a text calls conditions unrelated, so that "with" presumes nothing (I.A.15).

    >>> keeps_apart("heart failure not due to hypertension")
    True
    """
    return _UNRELATED.search(text) is not None


def is_presumed(code: str) -> bool:
    """Whether ``code`` joins two conditions that "with" presumes to be related (I.A.15, I.C.9)."""
    return any(
        in_range(code, reference)
        for found in combinations()
        if found.section.startswith(_PRESUMING)
        for reference in found.instead
    )


def joined(library: Library, codes: Sequence[str], text: str) -> tuple[Joined, ...]:
    """The combinations to make of ``codes``, in order; each works on the list the last one left.

    Raises:
        UnknownCodeError: the release has no such code.

    """
    if keeps_apart(text):
        return ()
    listed = [library.get(code) for code in codes]
    found: list[Joined] = []
    for _ in range(_MOST_STEPS):
        step = next((one for c in combinations() if (one := _apply(library, c, listed))), None)
        if step is None:
            break
        found.append(step)
        at = next((n for n, code in enumerate(listed) if code.code in step.parts), len(listed))
        listed.insert(at, step.code)
        listed = [code for code in listed if code.code not in step.replaced]
    return tuple(found)


def _apply(library: Library, combination: Combination, listed: Sequence[Code]) -> Joined | None:
    if any(_within(code, combination.unless) for code in listed):
        return None
    parts: list[list[Code]] = []
    used: set[str] = set()
    for ranges in combination.parts:
        own = [code for code in listed if code.code not in used and _within(code, ranges)]
        if not own:
            return None
        used.update(code.code for code in own)
        parts.append(own)
    target = _target(library, combination, [code for part in parts for code in part])
    if target is None or any(code.code == target.code for code in listed):
        return None
    replaced = tuple(
        code.code
        for at in combination.replaced
        for code in parts[at]
        if not combination.only_without or "without" in code.title
    )
    return Joined(target, tuple(used), replaced, combination.message, combination.section)


def _within(code: Code, ranges: Sequence[CodeRange]) -> bool:
    return any(in_range(code.code, reference) for reference in ranges)


def _target(library: Library, combination: Combination, parts: Sequence[Code]) -> Code | None:
    """The one valid code of the combination that the parts' titles decide, if they do."""
    for reference in combination.instead:
        record = library.find(reference.first)
        if record is None:
            continue
        said = "; ".join([record.title, *(part.title for part in parts)])
        resolution = resolve(library, record.code, said)
        reached = resolution.code
        if resolution.final and reached.valid and in_range(reached.code, reference):
            return reached
    return None
