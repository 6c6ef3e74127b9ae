"""What to document, and whether a note says it: documented, missing, what each answer changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from answer_support import question

from bot.answer import Kind
from bot.clarify import query_text
from bot.queries.checking import check
from bot.queries.forms import Form

if TYPE_CHECKING:
    from bot.answer import Answer, Gap
    from bot.assistant import Assistant
    from bot.journal.store import Journal


def _axes(answer: Answer) -> dict[str, Gap]:
    return {gap.axis: gap for gap in answer.gaps}


@pytest.mark.parametrize(
    ("subject", "axes", "category"),
    [
        ("heart failure", {"type", "acuity"}, "I50"),
        ("CKD", {"stage"}, "N18"),
        ("asthma", {"kind of asthma", "complication"}, "J45"),
        ("a pressure ulcer of the sacrum", {"stage"}, "L89"),
        ("distal radius fracture", {"laterality", "episode of care"}, "S52"),
    ],
)
def test_what_to_document_names_the_axes_of_the_category(
    assistant: Assistant, subject: str, axes: set[str], category: str
) -> None:
    answer = assistant.answer(question(f"what do I need to document for {subject}?"))
    assert answer.kind is Kind.CLARIFICATION
    assert axes <= _axes(answer).keys()
    assert answer.citations[0].locator == category
    assert all(code.startswith(category) for gap in answer.gaps for code in gap.codes)


def test_what_is_said_is_documented_and_the_rest_is_missing(assistant: Assistant) -> None:
    text = "is my note enough for heart failure: Systolic heart failure, on furosemide, EF 30%."
    answer = assistant.answer(question(text))
    assert answer.headline.startswith("In part.")
    assert "I50.20" in answer.headline
    assert _axes(answer).keys() == {"acuity"}
    assert dict(zip(*_pairs(_axes(answer)["acuity"]), strict=True))["chronic"] == "I50.22"
    quote = answer.suggestions[0].evidence[0]
    assert text[quote.start : quote.end] == quote.quote


def _pairs(gap: Gap) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return gap.options, gap.codes


def test_a_whole_note_is_enough(assistant: Assistant) -> None:
    text = "is my note enough for heart failure: Chronic HFrEF, on furosemide."
    answer = assistant.answer(question(text))
    assert answer.headline.startswith("Yes. The note supports I50.22")
    assert answer.gaps == ()


@pytest.mark.parametrize(
    "note", ["BMI 17, poor intake, albumin 2.1", "No malnutrition. BMI 24, eats well."]
)
def test_findings_and_denials_do_not_establish_a_condition(assistant: Assistant, note: str) -> None:
    answer = assistant.answer(question(f"does this note support severe malnutrition? {note}"))
    assert answer.headline.startswith("No. The note does not establish severe malnutrition")
    assert not any(suggestion.code.startswith("E4") for suggestion in answer.suggestions)


def test_the_gaps_become_a_compliant_query(assistant: Assistant, journal: Journal) -> None:
    text = "is my note enough for heart failure: Systolic heart failure, on furosemide."
    answer = assistant.answer(question(text))
    query = query_text(answer)
    assert check(query) == ()
    assert "Systolic heart failure" in query
    assert "is my note enough" not in query
    assert "I50" not in query
    assert check(query_text(answer, Form.OPEN)) == ()
    assert journal.get(answer.exchange_id).kind is Kind.CLARIFICATION


def test_words_without_a_category_are_said_to_have_none(assistant: Assistant) -> None:
    answer = assistant.answer(question("what do I need to document for zzyqx?"))
    assert answer.abstained
    assert answer.citations == ()


def test_every_answer_cites_the_category_and_a_guideline(assistant: Assistant) -> None:
    answer = assistant.answer(question("documentation requirements for CKD"))
    assert any(citation.locator.startswith("I.C.14.a") for citation in answer.citations)
    assert any(citation.id.endswith("N18:title") for citation in answer.citations)
