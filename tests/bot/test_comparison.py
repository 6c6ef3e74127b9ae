"""Codes side by side: every axis on which siblings differ is named with both values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from answer_support import question

from bot.answer import Kind
from codesets.differing import differences

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from codesets.library import Library

# What tells titles apart, read here with plain words and apart from the code under test.
WORDS = {
    "laterality": r"\b(right|left|bilateral)\b",
    "trimester": r"\b(first|second|third) trimester\b",
    "stage": r"\bstage (\d[ab]?)\b|\b(mild|moderate|severe|indeterminate) stage\b",
    "episode of care": r"\b(initial encounter|subsequent encounter|sequela)\b",
    "acuity": r"\b(acute on chronic|acute|chronic)\b",
    "intent": r"\b(accidental|intentional self-harm|assault|undetermined)\b",
    "severity": r",? \b(mild|moderate|severe)\b(?! stage)",
}
CATEGORIES = (
    *("C50", "E10", "F32", "H40", "I50", "I82", "J45", "L89", "M17", "M80"),
    *("N18", "O24", "O36", "S52", "S72", "T36", "J01", "H25", "G81", "Q66"),
)
WANTED = 50


def _classes(title: str) -> dict[str, str]:
    text = re.sub(r"\([^)]*\)", "", title.casefold())  # nonessential modifiers (I.A.7)
    found = {}
    for name, words in WORDS.items():
        if (match := re.search(words, text)) is not None:
            found[name] = match.group().strip(" ,")
    return found


def _expected(one: str, other: str) -> set[str]:
    first, second = _classes(one), _classes(other)
    return {name for name in WORDS if first.get(name) != second.get(name)}


def sibling_pairs(library: Library) -> list[tuple[str, str, set[str]]]:
    """Pairs of one category that differ in some class, spread over the Tabular."""
    pairs: list[tuple[str, str, set[str]]] = []
    for category in CATEGORIES:
        valid = library.descendants(category)
        step = max(len(valid) // 6, 1)
        found = 0
        for place in range(0, len(valid) - 1, step):
            for distance in (1, 2, 7):
                if place + distance >= len(valid) or found >= 3:
                    continue
                one, other = valid[place], valid[place + distance]
                expected = _expected(one.title, other.title)
                if expected:
                    pairs.append((one.code, other.code, expected))
                    found += 1
                    break
    return pairs


def test_every_differing_axis_of_fifty_sibling_pairs_is_named(library: Library) -> None:
    pairs = sibling_pairs(library)
    assert len(pairs) >= WANTED
    missed = []
    for one, other, expected in pairs:
        found = differences(library, (one, other))
        named = {difference.axis for difference in found}
        # Where the way parts at such a step (intermittent, mild persistent) its values say it.
        said = " ".join(value for each in found for value in each.values).casefold()
        titles = [library.get(code).title for code in (one, other)]
        for axis in expected - named:
            words = [_classes(title).get(axis, "") for title in titles]
            if not all(word in said for word in words):
                missed.append((one, other, axis, found))
    assert missed == []


def test_values_belong_to_their_codes(library: Library) -> None:
    for one, other, _ in sibling_pairs(library):
        for difference in differences(library, (one, other)):
            assert difference.values[0] != difference.values[1]
            back = {d.axis: d.values for d in differences(library, (other, one))}
            assert back[difference.axis] == difference.values[::-1]


def test_a_code_does_not_differ_from_itself(library: Library) -> None:
    assert differences(library, ("I50.22", "I50.22")) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("I50.22 vs I50.23", ["acuity", "I50.22 chronic", "I50.23 acute on chronic"]),
        ("difference between J44.1 and J44.0", ["J44.1 exacerbation", "J44.0 lower respiratory"]),
        ("S52.501A or S52.502B?", ["laterality", "episode of care", "S52.501A right"]),
        ("E10.9 vs E11.9", ["Type 1 diabetes", "Type 2 diabetes"]),
        ("N18.30 or N18.31 or N18.32", ["stage 3a", "stage 3b", "unspecified"]),
    ],
)
def test_the_answer_names_the_axes_and_cites_both_titles(
    assistant: Assistant, text: str, said: list[str]
) -> None:
    answer = assistant.answer(question(text))
    assert answer.kind is Kind.COMPARISON
    for words in said:
        assert words in answer.headline
    codes = re.findall(r"[A-Z]\d\d\.\w+", text)
    assert [citation.locator for citation in answer.citations[: len(codes)]] == codes
