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
_SPLIT = re.compile(
    r"^(?P<stem>.*?),?\s*\b(?P<word>without|with|uncomplicated)\b(?P<rest>.*)$", re.I
)
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
    without = _split(one.title)
    if without is None or without[1] == "with":
        return None
    if _sides_apart(one.title, other.title):
        return None
    stem, word, rest = without
    if word == "uncomplicated" or rest & _ANY:
        if stem and stem <= wording(other.title).words and _has_more(other.title):
            return one, other
        return None
    having = _split(other.title)
    if having is None or having[1] != "with" or having[0] != stem:
        return None
    return (one, other) if rest & having[2] else None


def _has_more(title: str) -> bool:
    """Whether a title states a complication or exacerbation of the condition."""
    split = _split(title)
    return split is not None and split[1] == "with" and not split[2] <= _ANY | {"unspecified"}


def _sides_apart(one: str, other: str) -> bool:
    return {wording(one).side, wording(other).side} == {Side.RIGHT, Side.LEFT}


@lru_cache(maxsize=16_384)
def _split(title: str) -> tuple[frozenset[str], str, frozenset[str]] | None:
    """The words before "with", "without" or "uncomplicated", that word, and the words after."""
    match = _SPLIT.match(title)
    if match is None:
        return None
    stem, rest = wording(match["stem"]).words, wording(match["rest"]).words
    return stem, match["word"].lower(), rest


RULE = Rule(
    ID,
    Severity.WARNING,
    "I.A.15",
    "No code “without” a complication stands beside a code of the same condition “with” it.",
    "E11.9, E11.22: type 2 diabetes without complications beside one with kidney disease",
    find,
)
