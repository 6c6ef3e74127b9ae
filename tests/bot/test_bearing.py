"""What names no condition gets no code: body parts, tests, values and drugs by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from answer_support import question

from bot.answer import Kind

if TYPE_CHECKING:
    from bot.assistant import Assistant


@pytest.mark.parametrize(
    "text",
    [
        "chest", "right knee", "kidney", "abdomen", "CT chest", "MRI brain", "MRI lumbar spine",
        "chest x-ray", "xray left foot", "echocardiogram", "CBC and BMP", "O2 sat 95 on room air",
        "EF 25%", "BMI 42", "A1c 9", "stage 4", "insulin", "penicillin", "metformin", "1 ppd",
    ],
)  # fmt: skip
def test_no_code_without_a_condition(assistant: Assistant, text: str) -> None:
    answer = assistant.answer(question(text))
    assert answer.suggestions == ()
    assert answer.kind in (Kind.REFUSAL, Kind.CLARIFICATION)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("chest pain", "R07.9"),
        ("pain in right knee", "M25.561"),
        ("kidney transplant", "Z94.0"),
        ("abnormal EKG", "R94.31"),
        ("elevated WBC", "D72.829"),
        ("on insulin", "Z79.4"),
        ("allergic to penicillin", "Z88.0"),
        ("pacemaker", "Z95.0"),
        ("home oxygen", "Z99.81"),
        ("blood in urine", "R31.9"),
        ("A1c 6.2, prediabetes", "R73.03"),
        ("MRI brain for migraine", "G43.909"),
    ],
)
def test_the_words_that_name_one_are_coded(assistant: Assistant, text: str, code: str) -> None:
    assert code in [suggestion.code for suggestion in assistant.answer(question(text)).suggestions]
