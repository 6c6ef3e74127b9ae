"""Guideline questions: the governing section leads, and the answer says yes, no or the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from answer_support import question
from guideline_questions import QUESTIONS

from bot.answer import Kind, Setting
from bot.guideline_answers import quoted, setting_of
from bot.guideline_verdicts import EXAMPLES, VERDICTS, is_yes_no, verdict
from codesets.guidelines import load
from codesets.notation import find_codes

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.runtime import Runtime
    from codesets.library import Library

LEAST = 0.95
LEAST_QUESTIONS = 150


@pytest.mark.parametrize("held", [False, True])
def test_the_governing_section_is_among_the_first_three(built_runtime: Runtime, held: bool) -> None:
    assert len(QUESTIONS) >= LEAST_QUESTIONS
    search = built_runtime.guidelines
    asked = [row for place, row in enumerate(QUESTIONS) if (place % 3 == 2) is held]
    missed = []
    for text, sections in asked:
        found = [f.entry.number for f in search.search(text, setting=setting_of(text))[:3]]
        if not set(found) & set(sections):
            missed.append((text, sections, found))
    assert 1 - len(missed) / len(asked) >= LEAST, missed


@pytest.mark.parametrize(
    "text",
    [
        "what are the rules for parking in the garage?",
        "when should I report to work on Monday?",
        "what are the rules of chess?",
        "can we list our house with an agent?",
        "what is the rule for overtime pay?",
    ],
)
def test_what_the_guidelines_do_not_speak_of_is_said_so(built_runtime: Runtime, text: str) -> None:
    assert built_runtime.guidelines.search(text) == []


@pytest.mark.parametrize(
    ("text", "says", "section"),
    [
        ("can I code probable pneumonia outpatient?", "No.", "IV.H"),
        ("can I code probable pneumonia for an inpatient at discharge?", "Yes, if", "II.H"),
        ("can underdosing be the first listed code?", "No.", "I.C.19.e.5.c"),
        ("can an external cause code be principal?", "No.", "I.C.20.a.6"),
        ("do I assume a link between hypertension and heart failure?", "Yes, unless", "I.C.9.a.1"),
        ("can the same code be reported twice?", "No:", "I.B.12"),
        ("can a nurse document BMI?", "Yes, where", "I.B.14"),
    ],
)
def test_a_yes_no_question_is_answered_first(
    assistant: Assistant, text: str, says: str, section: str
) -> None:
    answer = assistant.answer(question(text))
    assert answer.kind is Kind.GUIDELINE
    assert answer.headline.startswith(says)
    assert section in answer.headline
    assert answer.citations[0].locator.split(",")[0] in (section, answer.citations[0].locator)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("how is pneumonia coded outpatient?", "IV.H"),  # no yes/no question
        ("can I code pneumonia outpatient?", "IV.H"),  # nothing uncertain
        ("should I not code probable pneumonia?", "IV.H"),  # asked the other way round
        ("can I code a fall?", "I.C.20.a.6"),
    ],
)
def test_near_misses_get_no_verdict(text: str, number: str) -> None:
    assert verdict(text, number) == ""


def test_a_question_about_both_settings_is_answered_for_each(assistant: Assistant) -> None:
    answer = assistant.answer(question("can I code a probable diagnosis?"))
    assert "Outpatient: no." in answer.headline
    assert "Inpatient: yes, if" in answer.headline


def test_the_answer_gives_setting_example_and_what_is_open(assistant: Assistant) -> None:
    answer = assistant.answer(question("can I code probable pneumonia outpatient?"))
    told = "\n".join(answer.cautions)
    assert "outpatient setting only" in told
    assert "Example: " in told
    assert "Not settled" in told
    assert "Codecite's own digest" in told


def test_verdicts_and_examples_are_of_real_sections_and_codes(library: Library) -> None:
    digest = load()
    for number in {each.number for each in VERDICTS} | EXAMPLES.keys():
        assert digest.find(number) is not None, number
    for number, example in EXAMPLES.items():
        for code, _, _ in find_codes(example):
            assert library.find(code) is not None, (number, code)


def test_a_long_section_is_quoted_where_it_bears_on_the_question(built_runtime: Runtime) -> None:
    section = built_runtime.guidelines.section("I.C.21.c.3")
    assert section is not None
    shown = quoted(section, "status Z codes")
    for line in shown.split("\n"):
        assert line == "[…]" or line in section.citation.text


def test_the_kind_of_question_is_told() -> None:
    assert is_yes_no("may we code it?")
    assert not is_yes_no("which code is first?")


def test_an_inpatient_question_keeps_the_inpatient_rule(assistant: Assistant) -> None:
    asked = question("can we code suspected sepsis at discharge, inpatient?", Setting.INPATIENT)
    answer = assistant.answer(asked)
    assert "IV.H" not in [citation.locator for citation in answer.citations]
