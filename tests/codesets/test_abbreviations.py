"""Abbreviations are found whole, by case, and read by their context."""

from __future__ import annotations

import pytest

from codesets import abbreviations as ab


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("AKI on CKD3a", ["AKI", "CKD3a"]),
        ("all of the above, as needed, or not", []),
        ("ALL in remission", ["ALL"]),
        ("s/p stent w/o PE", ["s/p", "w/o", "PE"]),
        ("afib and A-fib and a. fib", ["afib", "A-fib", "a. fib"]),
        ("AKIs and DVTs", ["AKIs", "DVTs"]),
        ("AKIN, preHTN1", []),
        ("", []),
        ("\u2764\ufe0f \x00 \ud83d", []),
    ],
)
def test_expand_finds_whole_abbreviations(text: str, surfaces: list[str]) -> None:
    found = ab.expand(text)
    assert [text[each.start : each.end] for each in found] == surfaces
    assert [each.surface for each in found] == surfaces
