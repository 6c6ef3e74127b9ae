from __future__ import annotations

import pytest

from retrieval.words import terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AKI", ["aki"]),
        ("MI, UTI and COPD", ["mi", "uti", "copd"]),
        ("fractures", ["fracture"]),
        ("Crohn's disease", ["crohn", "disease"]),
        ("Parkinsons’ disease", ["parkinson", "disease"]),
        ("Sjögren", ["sjogren"]),
        ("oesophageal haemorrhage", ["esophageal", "hemorrhage"]),
        ("Type II", ["type", "2"]),
        ("stage V", ["stage", "5"]),
        ("vitamin V", ["vitamin", "v"]),
        ("stage 3a", ["stage", "3", "3a"]),
        ("2nd degree", ["2", "nd", "degree"]),
        ("doses", ["dose"]),
        ("herpes", ["herpes"]),
        ("diabetes mellitus", ["diabetes", "mellitus"]),
        ("sepsis", ["sepsis"]),
        ("virus", ["virus"]),
        ("mass", ["mass"]),
        ("biopsies", ["biopsy"]),
        ("metastases", ["metastasis"]),
        ("β-thalassemia", ["beta", "thalassemia"]),
        ("", []),
        ("😀 !!", []),
        ("in the of", []),
    ],
)
def test_words_are_folded_and_short_ones_kept(text: str, expected: list[str]) -> None:
    assert terms(text) == expected
