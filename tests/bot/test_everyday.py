"""Releases, changes, values and help: answered directly, and cited."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from answer_support import TODAY, question
from typer.testing import CliRunner

from bot import messages
from bot.answer import Kind
from bot.cli import app
from bot.everyday import named_day
from retrieval.query import Intent, understand
from retrieval.requests import Request, read

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from codesets.library import Library


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("which release for a discharge on 30 September", "FY2026-04"),
        ("which release governs 2026-10-01?", "FY2027"),
        ("which release are you on?", "FY2027"),
        ("what version of ICD-10-CM applies for a visit on May 4?", "FY2026-04"),
    ],
)
def test_the_release_of_the_day_named(assistant: Assistant, text: str, release: str) -> None:
    answer = assistant.answer(question(text))
    assert answer.kind is Kind.LOOKUP
    assert answer.releases["icd10cm"] == release
    assert [citation.locator for citation in answer.citations] == [release]


def test_a_day_without_a_release_is_said_to_have_none(assistant: Assistant) -> None:
    answer = assistant.answer(question("which release governs 2019-02-03?"))
    assert answer.abstained
    assert answer.citations == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("discharge on 30 September", date(2026, 9, 30)),
        ("seen December 3", date(2025, 12, 3)),
        ("on 2026-04-01", date(2026, 4, 1)),
        ("on the 3rd of March 2026", date(2026, 3, 3)),
        ("today", TODAY),
        ("which release are you on", None),
    ],
)
def test_days_are_read_as_the_latest_that_passed(text: str, day: date | None) -> None:
    assert named_day(text, TODAY) == day


def test_what_changed_names_codes_that_are_cited(assistant: Assistant) -> None:
    answer = assistant.answer(question("what changed this October?"))
    assert "190 codes added" in answer.headline
    assert "30 no longer valid" in answer.headline
    locators = [citation.locator for citation in answer.citations]
    assert locators[0] == "FY2027"
    assert all(code in answer.headline for code in locators[1:4])


def test_what_changed_in_a_chapter_and_without_a_release_before(assistant: Assistant) -> None:
    chapter = assistant.answer(question("what changed in chapter 9 this October?"))
    assert "in chapter 9" in chapter.headline
    unknown = assistant.answer(question("what is new in FY2020?"))
    assert unknown.abstained
    assert "not installed" in unknown.headline


@pytest.mark.parametrize(
    ("text", "code", "section"),
    [
        ("which BMI code for 41.3", "Z68.41", "I.B.14"),
        ("what is the code for BMI 27", "Z68.27", "I.B.14"),
        ("which BMI code for 19.9", "Z68.19", "I.B.14"),
        ("which BMI code for 70", "Z68.45", "I.B.14"),
        ("what code for BMI 90th percentile", "Z68.53", "I.B.14"),
        ("NIHSS code for 12", "R29.712", "I.C.18.i"),
        ("which code for 34 weeks gestation", "Z3A.34", "I.C.21.c.11"),
    ],
)
def test_a_value_leads_to_its_code(
    assistant: Assistant, text: str, code: str, section: str
) -> None:
    answer = assistant.answer(question(text))
    locators = [citation.locator for citation in answer.citations]
    assert answer.headline.startswith(f"{code}: ")
    assert locators[:2] == [code, section]


def test_a_value_nobody_has_is_refused(assistant: Assistant) -> None:
    answer = assistant.answer(question("NIHSS code for 99"))
    assert answer.abstained
    assert answer.citations == ()


@pytest.mark.parametrize("text", ["help", "what can you do?", "examples", "what can I ask?"])
def test_help_shows_an_example_of_everything(assistant: Assistant, text: str) -> None:
    answer = assistant.answer(question(text))
    assert answer.kind is Kind.HELP
    assert all(example in answer.headline for _, example in messages.CAN_ASK)


def test_the_examples_command_lists_them() -> None:
    run = CliRunner().invoke(app, ["examples", "--json"])
    assert run.exit_code == 0
    assert all(f'"{text}"' in run.output for _, text in messages.CAN_ASK)


@pytest.mark.parametrize(
    "text",
    [
        "what is the code for asthma",
        "what changed in his mental status",
        "obesity with BMI 41.3",
        "change in bowel habits",
        "released from hospital after a fall",
        "new onset diabetes",
        "34 weeks pregnant with bleeding",
        "patient took 2.5 mg of albuterol",
    ],
)
def test_questions_for_a_code_are_no_requests(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("can underdosing be the first listed code?", Intent.GUIDELINE),
        ("when do I use B20?", Intent.GUIDELINE),
        ("POA indicator for newborns", Intent.GUIDELINE),
        ("what does NEC mean?", Intent.GUIDELINE),
        ("what is the code for first trimester bleeding", Intent.TERM),
        ("which code for default of payment stress", Intent.TERM),
        ("unspecified fracture, displaced", Intent.TERM),
        ("what time is it", Intent.UNCODABLE),
    ],
)
def test_questions_about_coding_are_told_from_questions_for_a_code(
    library: Library, text: str, intent: Intent
) -> None:
    assert understand(text, library).intent is intent


def test_documentation_is_read_with_its_subject() -> None:
    asked = read("Does this note support severe malnutrition? BMI 17, poor intake")
    assert asked is not None
    assert (asked.request, asked.subject) == (Request.NOTE_ENOUGH, "severe malnutrition")
    assert asked.note == "BMI 17, poor intake"
