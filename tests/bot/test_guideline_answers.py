"""Questions about the guidelines: the governing section leads, and what is cited can be opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from answer_support import question

from bot.answer import Kind

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.journal.store import Journal

# The section a coder would open, among the first three cited.
GOVERNING = [
    ("can I code probable pneumonia outpatient?", "IV.H"),
    ("can we code a suspected diagnosis at discharge for an inpatient?", "II.H"),
    ("what are the rules for coding Excludes1?", "I.A.12.a"),
    ("when should I code hypertension with heart failure?", "I.C.9.a.1"),
    ("are symptoms integral to a disease process coded, what is the rule?", "I.B.5"),
    ("how should I sequence a manifestation code?", "I.A.13"),
    ("how is COVID-19 with pneumonia coded?", "I.C.1.g.1.c.i"),
    ("how do I code bilateral conditions, what are the rules for laterality?", "I.B.13"),
    ("how do we code a sequela, what is the guideline?", "I.B.10"),
    ("what is the guideline for underdosing?", "I.C.19.e.5.c"),
]


@pytest.mark.parametrize(("text", "section"), GOVERNING)
def test_the_governing_section_is_among_the_first_three(
    assistant: Assistant, text: str, section: str
) -> None:
    answer = assistant.answer(question(text))
    assert answer.kind is Kind.GUIDELINE
    assert section in [citation.locator for citation in answer.citations[:3]]


def test_the_digest_is_cited_as_the_digest(assistant: Assistant, journal: Journal) -> None:
    answer = assistant.answer(question("can I code probable pneumonia outpatient?"))
    assert answer.headline.endswith("(digest of IV.H)")
    assert answer.citations[0].source == "digest of IV.H"
    assert answer.citations[0].release == "FY2026"
    assert any("outpatient setting only" in caution for caution in answer.cautions)
    assert journal.get(answer.exchange_id).kind is Kind.GUIDELINE
