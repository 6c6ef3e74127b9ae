"""A question is cut where a coder would cut it, and every piece keeps its offsets."""

import pytest

from retrieval.segments import clauses, sentences

SENTENCES = [
    ("gout", ["gout"]),
    ("Gout. Hypertension.", ["Gout", "Hypertension"]),
    ("1) COPD exacerbation\n2) CHF", ["COPD exacerbation", "CHF"]),
    ("- asthma\n- eczema", ["asthma", "eczema"]),
    ("A1c 8.1 today", ["A1c 8.1 today"]),
    ("• anemia • gout", ["anemia", "gout"]),
    ("pneumonia; sepsis", ["pneumonia", "sepsis"]),
    ("what is E11.9?", ["what is E11.9"]),
    ("non-small cell cancer", ["non-small cell cancer"]),
    ("  ,;\n", []),
    ("", []),
]
CLAUSES = [
    ("hypertension and gout", ["hypertension", "gout"]),
    ("radius fracture, initial encounter", ["radius fracture", "initial encounter"]),
    ("1,000 mg daily", ["1,000 mg daily"]),
    ("sandstorm", ["sandstorm"]),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_sentences(text: str, expected: list[str]) -> None:
    found = sentences(text)
    assert [segment.text for segment in found] == expected
    assert all(text[s.start : s.end] == s.text for s in found)


@pytest.mark.parametrize(("text", "expected"), CLAUSES)
def test_clauses(text: str, expected: list[str]) -> None:
    found = clauses(sentences(text)[0], text)
    assert [segment.text for segment in found] == expected
    assert all(text[s.start : s.end] == s.text for s in found)
