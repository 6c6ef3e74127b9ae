"""Why a code is not valid: shared by the rules about codes and about 7th characters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from codesets.models import Level
from codesets.notation import dotted, undotted

if TYPE_CHECKING:
    from codesets.library import Library
    from codesets.models import Code
    from codesets.rules.claim import Claim, Diagnosis

_CODE = re.compile(r"[A-Z0-9]{3,7}")
_SHOWN = 5


class Fault(StrEnum):
    """What is wrong with a code."""

    UNKNOWN = "unknown"
    INCOMPLETE = "incomplete"
    DELETED = "deleted"
    NOT_YET = "not-yet"
    SEVENTH_MISSING = "seventh-missing"
    SEVENTH_WRONG = "seventh-wrong"
    PLACEHOLDER_MISSING = "placeholder-missing"

    @property
    def about_seventh(self) -> bool:
        """Whether it concerns the 7th character or its placeholders."""
        return self in (Fault.SEVENTH_MISSING, Fault.SEVENTH_WRONG, Fault.PLACEHOLDER_MISSING)


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """A fault, the record it concerns (a stem, a deleted code), and the codes meant instead."""

    fault: Fault
    record: Code | None
    nearest: tuple[Code, ...]
    since: str = ""


def diagnose(claim: Claim, entry: Diagnosis) -> Diagnosed | None:
    """What is wrong with an entry; None for a valid code."""
    if entry.valid:
        return None
    library = claim.library
    nearest = tuple(library.nearest(entry.code, _SHOWN) or _same_block(library, entry.code))
    record = entry.record
    if record is not None and record.level in (Level.CHAPTER, Level.SECTION):
        return Diagnosed(Fault.INCOMPLETE, record, nearest)
    if record is not None:
        if record.effective_to is not None and not library.descendants(record.code):
            return Diagnosed(Fault.DELETED, record, nearest or _instead(claim, entry.code))
        below = library.children(record.code)
        if below and all(_extends(record.code, child.code) for child in below):
            return Diagnosed(Fault.SEVENTH_MISSING, record, nearest)
        return Diagnosed(Fault.INCOMPLETE, record, nearest)
    elsewhere = _elsewhere(claim, entry.code)
    if elsewhere is not None:
        instead = _instead(claim, entry.code) or nearest
        return Diagnosed(*elsewhere[:2], instead, elsewhere[2])
    return _unknown(claim, entry.code, nearest)


def _same_block(library: Library, code: str) -> list[Code]:
    """Codes that begin alike, for a code of a category that the release does not have."""
    return library.starting_with(code[:2], _SHOWN) if _CODE.fullmatch(undotted(code)) else []


def _unknown(claim: Claim, code: str, nearest: tuple[Code, ...]) -> Diagnosed:
    key = undotted(code)
    if not _CODE.fullmatch(key):
        return Diagnosed(Fault.UNKNOWN, None, nearest)
    if 4 <= len(key) < 7:
        padded = claim.library.find(dotted(key[:-1].ljust(6, "X") + key[-1]))
        if padded is not None and padded.valid:
            return Diagnosed(
                Fault.PLACEHOLDER_MISSING, padded, (padded, *_without(nearest, padded))
            )
    stem = _stem(claim, key)
    if stem is not None and not stem.valid:
        below = tuple(claim.library.children(stem.code))
        if below and all(_extends(stem.code, child.code) for child in below):
            return Diagnosed(Fault.SEVENTH_WRONG, stem, below[:_SHOWN])
    return Diagnosed(Fault.UNKNOWN, stem, nearest)


def _stem(claim: Claim, key: str) -> Code | None:
    """The longest beginning of the code that is a record."""
    for end in range(len(key) - 1, 2, -1):
        record = claim.facts.record(dotted(key[:end]))
        if record is not None:
            return record
    return None


def _extends(stem: str, code: str) -> bool:
    """Whether ``code`` is ``stem`` with placeholders and a 7th character."""
    key = undotted(code)
    return len(key) == 7 and key[:6] == undotted(stem).ljust(6, "X")


def _without(codes: tuple[Code, ...], one: Code) -> tuple[Code, ...]:
    return tuple(code for code in codes if code.code != one.code)[: _SHOWN - 1]


def _elsewhere(claim: Claim, code: str) -> tuple[Fault, Code, str] | None:
    """A release of another date that has the code as valid."""
    if claim.store is None:
        return None
    for release, record in claim.store.everywhere(code):
        if release.system is not claim.library.release.system or not record.valid:
            continue
        if release.effective_from > claim.day:
            return Fault.NOT_YET, record, release.effective_from.isoformat()
        if release.effective_to is not None and release.effective_to < claim.day:
            return Fault.DELETED, record, release.effective_to.isoformat()
    return None


def _instead(claim: Claim, code: str) -> tuple[Code, ...]:
    if claim.store is None:
        return ()
    return tuple(claim.store.instead(claim.library.release.system, code, claim.day))


def choices(codes: tuple[Code, ...]) -> str:
    """Codes with their titles, for a fix.

    The titles let a coder pick without another look-up.
    """
    return "; ".join(f"{code.code} {code.title}" for code in codes)
