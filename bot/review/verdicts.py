"""Verdicts held against the answer they are about, and the codes that follow from them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.review.errors import VerdictError
from bot.review.records import (
    KEEPS_THE_CODE,
    NEEDS_THE_RIGHT_CODE,
    CodeVerdict,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from bot.journal.records import Exchange

MOST_NOTE = 2000


def checked(
    exchange: Exchange,
    verdicts: Sequence[CodeVerdict],
    validate: Callable[[str, date], str],
    screen: Callable[[str], str],
) -> tuple[CodeVerdict, ...]:
    """The verdicts in the order of the answer, with roles, right codes as printed, notes screened.

    Every suggested code has exactly one verdict; codes the answer lacked come after them.
    ``validate`` gives a code as printed and raises VerdictError where it is not valid on the day.
    Raises VerdictError.
    """
    roles = {row["code"]: row["role"] for row in exchange.answer.get("suggestions", ())}
    given = [each.code for each in verdicts if each.code]
    if sorted(given) != sorted(roles):
        raise VerdictError(
            "Every suggested code needs exactly one verdict: " + ", ".join(roles) + "."
            if roles
            else "The answer suggested no code: name the ones it should have had."
        )
    order = {code: place for place, code in enumerate(roles)}
    ordered = sorted(verdicts, key=lambda each: order.get(each.code, len(order)))
    return tuple(_checked(each, roles, exchange.day, validate, screen) for each in ordered)


def _checked(
    each: CodeVerdict,
    roles: dict[str, str],
    day: date,
    validate: Callable[[str, date], str],
    screen: Callable[[str], str],
) -> CodeVerdict:
    if not each.code and (each.verdict is not Verdict.UNDER_CODED or not each.right_code):
        raise VerdictError("A code that the answer lacked is under-coded, with the right code.")
    if each.verdict in NEEDS_THE_RIGHT_CODE and not each.right_code:
        raise VerdictError(f"{each.code}: {each.verdict.value} needs the right code.")
    if each.verdict in KEEPS_THE_CODE and each.right_code:
        raise VerdictError(f"{each.code}: {each.verdict.value} keeps the code; name no other.")
    right = validate(each.right_code, day) if each.right_code else ""
    if right and right == each.code:
        raise VerdictError(f"{each.code}: the right code is the one that was given.")
    note = screen(each.note.strip()[:MOST_NOTE])
    return replace(each, right_code=right, note=note, role=roles.get(each.code, ""))


def final_codes(verdicts: Sequence[CodeVerdict], sequence: Sequence[str] = ()) -> tuple[str, ...]:
    """The codes as they should be. ``sequence`` gives their order where it was wrong.

    Raises VerdictError where ``sequence`` names other codes, or is missing.
    """
    kept = [each.code if each.verdict in KEEPS_THE_CODE else each.right_code for each in verdicts]
    codes = tuple(dict.fromkeys(code for code in kept if code))
    resequenced = any(each.verdict is Verdict.WRONG_SEQUENCE for each in verdicts)
    if sequence:
        if sorted(sequence) != sorted(codes):
            raise VerdictError("The sequence must name these codes: " + ", ".join(codes) + ".")
        return tuple(sequence)
    if resequenced:
        raise VerdictError("A wrong sequence needs the right one.")
    return codes


def agree(one: Sequence[CodeVerdict], other: Sequence[CodeVerdict]) -> bool:
    """Whether two reviewers said the same of every code."""
    return _said(one) == _said(other)


def _said(verdicts: Sequence[CodeVerdict]) -> set[tuple[str, str, str]]:
    return {(each.code, each.verdict.value, each.right_code) for each in verdicts}


def pairs(first: Mapping[str, str], second: Mapping[str, str]) -> list[tuple[str, str]]:
    """The two verdicts on each code, for Cohen's kappa.

    Both map a code to its verdict; a code that the answer lacked stands with a plus before it, and
    counts as ``none`` for the reviewer who did not miss it.
    """
    codes = sorted({*first, *second})
    return [(first.get(code, "none"), second.get(code, "none")) for code in codes]
