"""Listed codes that another listed code makes wrong: precedence that no note prints.

A diabetes without complications is none beside one of its complications (I.C.4.a); use, abuse and
dependence of one substance are one code, the gravest (I.C.5.b.2); a newborn's code never stands on
the mother's record (I.C.15.a.2); an unspecified adverse effect gives way to its nature
(I.C.19.e.5.a).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_SUBSTANCE = re.compile(r"F1[0-689]\.(?P<pattern>[129])")
# Dependence, then abuse, then use.
_GRAVER = {"2": 0, "1": 1, "9": 2}
_UNCOMPLICATED = re.compile(r"E(?:08|09|10|11|13)\.9")
_NATURE = re.compile(r"[A-R]|T(?:3[6-9]|4\d|50)\.\w{2}6")
"""What an adverse effect or an underdosing did, or the drug that was underdosed."""
_KNOWN_CAUSE = re.compile(r"T(?:6[1-5]|78\.0|80\.5|88\.6)")


@dataclass(frozen=True, slots=True)
class Ground:
    """The listed code that decides, and one plain sentence with its section."""

    code: str
    reason: str


def superseded(codes: Sequence[str]) -> tuple[tuple[str, Ground], ...]:
    """Each code that does not stand beside the others, with the code that decides.

    >>> [(code, by.code) for code, by in superseded(["F14.10", "F14.20"])]
    [('F14.10', 'F14.20')]
    """
    found: list[tuple[str, Ground]] = []
    for code in codes:
        by = next((by for rule in _RULES if (by := rule(code, codes)) is not None), None)
        if by is not None:
            found.append((code, by))
    return tuple(found)


def _by_complication(code: str, codes: Sequence[str]) -> Ground | None:
    if not _UNCOMPLICATED.fullmatch(code):
        return None
    other = next((c for c in codes if c[:4] == code[:4] and c != code), None)
    if other is None:
        return None
    reason = f"{code} says that there is no complication, and {other} names one (I.C.4.a)."
    return Ground(other, reason)


def _by_substance(code: str, codes: Sequence[str]) -> Ground | None:
    own = _SUBSTANCE.match(code)
    if own is None:
        return None
    for other in codes:
        match = _SUBSTANCE.match(other)
        if match is None or other[:3] != code[:3]:
            continue
        if _GRAVER[match["pattern"]] < _GRAVER[own["pattern"]]:
            reason = (
                f"Use, abuse and dependence of one substance are one code, the gravest: {other} "
                f"stands and {code} does not (I.C.5.b.2)."
            )
            return Ground(other, reason)
    return None


def _by_mother(code: str, codes: Sequence[str]) -> Ground | None:
    mother = next((other for other in codes if other.startswith("O")), None)
    if mother is None or not code.startswith(("Z38", "P")):
        return None
    reason = (
        f"{mother} makes this the mother's record; {code} belongs on the newborn's (I.C.15.a.2)."
    )
    return Ground(mother, reason)


def _by_nature(code: str, codes: Sequence[str]) -> Ground | None:
    nature = next((other for other in codes if _NATURE.match(other)), None)
    if nature is None or not code.startswith("T88.7"):
        return None
    return Ground(nature, f"{nature} is the nature of the adverse effect (I.C.19.e.5.a).")


def _by_cause(code: str, codes: Sequence[str]) -> Ground | None:
    """Effects whose cause is known: category T78 is for unknown and undetermined causes (note)."""
    cause = next((other for other in codes if _KNOWN_CAUSE.match(other)), None)
    if cause is None or not code.startswith(("T78.2", "T78.3", "T78.40")):
        return None
    reason = f"{cause} says what caused it, and T78 is for causes that are not known (note at T78)."
    return Ground(cause, reason)


_RULES = (_by_complication, _by_substance, _by_mother, _by_nature, _by_cause)
