"""A code "without" something beside a code of the same condition "with" it."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

from codesets.rules.records import Rule, RuleFinding, Severity
from codesets.rules.wordings import Side, wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.rules.claim import Claim, Diagnosis

ID = "with-without-conflict"
_SPLIT = re.compile(r"\b(?:without|with|uncomplicated)\b", re.IGNORECASE)
_ANY = frozenset({"complication", "complications"})


def find(claim: Claim) -> Iterator[RuleFinding]:
    """One finding for each contradicting pair of one category."""
    for first, second in combinations(claim.diagnoses, 2):
        if first.code[:3] != second.code[:3]:
            continue
        pair = _contradiction(first, second) or _contradiction(second, first)
        if pair is None:
            continue
        without, having = pair
        yield RuleFinding(
            ID,
            Severity.WARNING,
            (without.code, having.code),
            f"{without.code} ({without.title}) says “without”, {having.code} ({having.title}) "
            f"says the opposite of the same condition.",
            claim.cite_title(without.record) if without.record is not None else "I.B.2",
            f"Remove {without.code} if both describe one condition.",
        )


def _contradiction(one: Diagnosis, other: Diagnosis) -> tuple[Diagnosis, Diagnosis] | None:
    """The pair, the "without" one first, where ``one`` says it and ``other`` contradicts it."""
    if _sides_apart(one.title, other.title):
        return None
    for stem, word, rest in _parts(one.title):
        if word == "with":
            continue
        if word == "uncomplicated" or rest & _ANY:
            if stem and stem <= wording(other.title).words and _has_more(other.title):
                return one, other
            continue
        for other_stem, other_word, other_rest in _parts(other.title):
            if other_word == "with" and other_stem == stem and rest & other_rest:
                return one, other
    return None


def _has_more(title: str) -> bool:
    """Whether a title states a complication or exacerbation of the condition."""
    return any(
        word == "with" and not rest <= _ANY | {"unspecified"} for _, word, rest in _parts(title)
    )


def _sides_apart(one: str, other: str) -> bool:
    return {wording(one).side, wording(other).side} == {Side.RIGHT, Side.LEFT}


@lru_cache(maxsize=16_384)
def _parts(title: str) -> tuple[tuple[frozenset[str], str, frozenset[str]], ...]:
    """For each "with", "without" and "uncomplicated": the words before it, it, and those after.

    The words after it end where the next one stands.
    """
    found = list(_SPLIT.finditer(title))
    ends = [*(match.start() for match in found[1:]), len(title)][: len(found)]
    return tuple(
        (
            wording(title[: match.start()]).words,
            match.group().lower(),
            wording(title[match.end() : end]).words,
        )
        for match, end in zip(found, ends, strict=True)
    )


RULE = Rule(
    ID,
    Severity.WARNING,
    "I.A.15",
    "No code “without” a complication stands beside a code of the same condition “with” it.",
    "E11.9, E11.22: type 2 diabetes without complications beside one with kidney disease",
    find,
)
