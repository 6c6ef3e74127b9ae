"""Measured values beside a condition, and words that are short forms only in capitals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from answer_support import TODAY

from bot.answer import Question

if TYPE_CHECKING:
    from bot.assistant import Assistant

VISIT = "67 yo F here for follow-up.\nA/P\n1) HTN - continue lisinopril\n2) {}\n"


@pytest.mark.parametrize(
    ("problem", "codes"),
    [
        ("obesity BMI 34", {"I10", "E66.9", "Z68.34"}),
        ("obesity, BMI 34", {"I10", "E66.9", "Z68.34"}),
        ("morbid obesity (BMI 44.2)", {"I10", "E66.01", "Z68.41"}),
        ("anemia Hgb 9.8", {"I10", "D64.9"}),
        ("DM2 A1c 8.9", {"I10", "E11.9"}),
        ("hypothyroid TSH 5.4", {"I10", "E03.9"}),
        ("anxiety GAD-7 14", {"I10", "F41.9"}),  # a scale's name is no generalized anxiety
        ("GAD, GAD-7 14", {"I10", "F41.1"}),
        ("HLD LDL 160", {"I10", "E78.5"}),  # nor does a level say which hyperlipidemia
        ("hypercholesterolemia LDL 160", {"I10", "E78.00"}),
        ("A1c 8.9", {"I10"}),  # a value alone is no diagnosis (III.B)
        ("LDL 160", {"I10"}),
    ],
)
def test_a_value_neither_hides_nor_narrows_its_condition(
    assistant: Assistant, problem: str, codes: set[str]
) -> None:
    answer = assistant.answer(Question(VISIT.format(problem), TODAY, door="test"))
    assert {suggestion.code for suggestion in answer.suggestions} == codes


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("Gave her a handout.", False),
        ("EGD showed GAVE.", True),
        ("He was in a lad's home.", False),
    ],
)
def test_a_plain_word_is_no_short_form(assistant: Assistant, words: str, read: bool) -> None:
    text = f"HISTORY OF PRESENT ILLNESS\n67 yo F with gout. {words}\nASSESSMENT\n1. Gout\n"
    answer = assistant.answer(Question(text, TODAY, door="test"))
    named = {code for each in answer.rejected for code in each.codes}
    named |= {suggestion.code for suggestion in answer.suggestions}
    assert ("K31.819" in named) is read


def test_what_the_assessment_says_again_is_no_history(assistant: Assistant) -> None:
    text = (
        "HPI: 67 yo M w/ hx of T2DM, HTN, CKD3b, gout here for f/u.\n"
        "A/P\n1) DM2 w hyperglycemia - increase insulin glargine\n2) CKD 3b\n3) HTN - lisinopril\n"
    )
    answer = assistant.answer(Question(text, TODAY, door="test"))
    reasons = {each.quote: each.reason for each in answer.rejected}
    assert "I12.9" in reasons["HTN"]
    assert "E11.22" in reasons["T2DM"]
    assert "history of gout" in reasons["gout"]  # the near-miss: only the history has it
