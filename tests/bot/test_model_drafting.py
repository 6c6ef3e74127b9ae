"""A chat model drafts, and says nothing that the text and the records do not carry."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from answer_support import question
from model_support import (
    Make,
    Reply,
    ScriptedChat,
    codes,
    drafter,
    item,
    rules_options,
    suggesting,
)
from rich.console import Console

from bot import messages
from bot.answer import Kind, Setting
from bot.drafting.errors import ModelBudgetError, ModelTimeoutError
from bot.drafting.model import ModelDrafter
from bot.drafting.rules import RulesDrafter
from bot.journal.store import Journal
from bot.terminal import answer_view

DIABETES = "type 2 diabetes with diabetic CKD stage 3a, on long-term insulin"
RULED = ["E11.22", "N18.31", "Z79.4"]


def test_a_model_that_agrees_words_the_answer(assisted: Make) -> None:
    drafts = drafter(lambda prompt, _: rules_options(prompt))
    answer = assisted(drafts).answer(question(DIABETES))
    assert codes(answer) == RULED
    assert answer.drafter == "model:scripted:test"
    assert [suggestion.rationale for suggestion in answer.suggestions] == ["The text says so."] * 3
    assert answer.second_opinion == ()
    assert answer.model is not None
    assert answer.model["outcome"] == "drafted"
    assert (answer.model["input_tokens"], answer.model["output_tokens"]) == (100, 10)
    assert answer.model["cost"] == pytest.approx(0.00012)
    assert answer.model["prompt"].startswith("draft v")


def test_the_journal_keeps_what_the_model_used(assisted: Make, journal: Journal) -> None:
    answer = assisted(drafter(lambda p, _: rules_options(p))).answer(question(DIABETES))
    kept = journal.get(answer.exchange_id)
    assert kept.drafter == "model:scripted:test"
    assert kept.answer["model"]["calls"] == 1
    assert kept.answer["model"]["latency_ms"] >= 0


def test_the_model_sees_redacted_text_and_nothing_else(assisted: Make) -> None:
    chat = ScriptedChat(lambda prompt, _: rules_options(prompt))
    assisted(ModelDrafter(chat)).answer(
        question("Mr. John Smith, MRN 1234567, DOB 03/04/1951: type 2 diabetes with CKD stage 3a")
    )
    (prompt,) = chat.prompts
    assert "Smith" not in prompt
    assert "1234567" not in prompt
    assert "03/04/1951" not in prompt
    assert "E11.22" in prompt


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (lambda ids: suggesting(item("o99", "type 2 diabetes")), "unknown-option"),
        (lambda ids: suggesting(item("99215", "type 2 diabetes")), "unknown-option"),
        (lambda ids: suggesting(item(ids[0]), item(ids[0])), "repeated-option"),
        (lambda ids: suggesting(item(ids[0], "sepsis due to pneumonia")), "quote-not-in-text"),
        (lambda ids: suggesting(item(ids[0], "TYPE 2 DIABETES")), "quote-not-in-text"),
        (lambda ids: suggesting(item(ids[0], " ")), "quote-not-in-text"),
        (lambda ids: suggesting(item(ids[0], cite="c99")), "citation-not-retrieved"),
        (lambda ids: suggesting(item(ids[0], cite="icd10cm:x:title")), "citation-not-retrieved"),
        (lambda ids: suggesting(item(ids[0], why="Report 99215.")), "rationale-claims-more"),
        (lambda ids: suggesting(item(ids[0], why="GFR is 41.")), "rationale-claims-more"),
        (lambda ids: suggesting(item(ids[0], why="It says “on dialysis”.")),
         "rationale-claims-more"),
        (lambda ids: suggesting(item(ids[0], why="See http://x.example")),
         "rationale-claims-more"),
        (lambda ids: suggesting(item(ids[0], why="This pays a higher DRG.")),
         "rationale-claims-more"),
        (lambda ids: suggesting(item(ids[0]), item("m1", "insulin")), "words-do-not-support"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_dropped_and_counted(
    assisted: Make, reply: Callable[[list[str]], Reply], reason: str
) -> None:
    answer = assisted(drafter(lambda _, ids: reply(ids))).answer(question(DIABETES))
    assert answer.model is not None
    assert answer.model["dropped"].get(reason), answer.model
    assert set(codes(answer)) <= set(RULED)
    for suggestion in answer.suggestions:
        assert suggestion.citations
        assert all(answer.text[q.start : q.end] == q.quote for q in suggestion.evidence)
        smuggled = ("99215", "GFR", "on dialysis", "http", "DRG")
        assert not [words for words in smuggled if words in suggestion.rationale]


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("no pneumonia. gout", "pneumonia"),
        ("mother had type 2 diabetes. gout", "type 2 diabetes"),
        ("suspected pneumonia. gout", "suspected pneumonia"),
    ],
)
def test_ignored_negation_family_and_doubt_are_caught(
    assisted: Make, text: str, taken: str
) -> None:
    def careless(prompt: str, ids: list[str]) -> Reply:
        more = [item(name, taken, taken.split()[-1]) for name in ids if name.startswith("m")]
        return suggesting(*rules_options(prompt)["suggestions"], *more)

    plain = codes(assisted(RulesDrafter()).answer(question(text)))
    assert codes(assisted(drafter(careless)).answer(question(text))) == plain


def test_disagreement_is_said_and_both_are_shown(assisted: Make) -> None:
    answer = assisted(drafter(lambda _, ids: suggesting(item(ids[0])))).answer(question(DIABETES))
    assert codes(answer) == ["E11.22"]
    assert [suggestion.code for suggestion in answer.second_opinion] == RULED
    assert "disagree" in answer.cautions[0]
    assert "N18.31" in answer.cautions[0]
    known = {citation.id for citation in answer.citations}
    assert all(set(each.citations) <= known for each in answer.second_opinion)
    console = Console(width=100, file=io.StringIO())
    console.print(answer_view(answer))
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # the file given above
    assert "What the rules say" in shown
    assert shown.index("What the rules say") < shown.index("N18.31", shown.index("What the rules"))


@pytest.mark.parametrize(
    "script",
    [
        lambda _, ids: suggesting(),
        lambda _, ids: suggesting(*(item(i, "diabetes") for i in ids if i.startswith("m"))),
        lambda _, ids: ModelTimeoutError("late"),
        lambda _, ids: ModelBudgetError("dear"),
    ],
)
def test_where_the_model_has_nothing_the_rules_answer(
    assisted: Make, script: Callable[[str, list[str]], Reply | Exception]
) -> None:
    answer = assisted(drafter(script)).answer(question(DIABETES))
    assert codes(answer) == RULED
    assert answer.drafter == "rules"
    assert "the rules answered" in answer.cautions[0]
    assert answer.model is not None
    assert answer.model["outcome"] != "drafted"


def test_a_watcher_hears_the_stages_and_nothing_of_the_answer(assisted: Make) -> None:
    heard: list[str] = []
    assisted(drafter(lambda p, _: rules_options(p))).answer(question(DIABETES), heard.append)
    told = [stage for stage in heard if stage in messages.STAGES]
    assert told == ["screen", "understand", "retrieve", "draft", "verify"]
    assert not [stage for stage in heard if any(c.isdigit() for c in stage)]


def test_a_lookup_asks_no_model(assisted: Make) -> None:
    chat = ScriptedChat(lambda prompt, _: rules_options(prompt))
    answer = assisted(ModelDrafter(chat)).answer(question("M54.5"))
    assert answer.kind is Kind.LOOKUP
    assert chat.prompts == []


def test_a_note_gets_the_prompt_for_notes(assisted: Make) -> None:
    chat = ScriptedChat(lambda prompt, _: rules_options(prompt))
    answer = assisted(ModelDrafter(chat)).answer(question("Assessment:\n1. Gout\n2. Hypertension"))
    assert answer.model is not None
    assert answer.model["prompt"].startswith("notes v")


def test_an_inpatient_model_may_use_what_is_probable(assisted: Make) -> None:
    drafts = drafter(lambda prompt, _: rules_options(prompt))
    answer = assisted(drafts).answer(question("probable pneumonia", Setting.INPATIENT))
    assert codes(answer) == ["J18.9"]
