"""Planted identifiers are searched for wherever something is written: none may be there."""

from __future__ import annotations

import io
import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from answer_support import TODAY, question
from rich.console import Console

from bot import batch
from bot.answer import Kind, Question, Setting
from bot.assistant import Assistant
from bot.config import PhiPolicy
from bot.drafting.rules import RulesDrafter
from bot.errors import QuestionError
from bot.journal.store import Journal
from bot.pipeline.routing import Router
from bot.slack.blocks import render
from bot.terminal import answer_view

if TYPE_CHECKING:
    from bot.answer import Answer
    from bot.pipeline.work import Work
    from bot.runtime import Runtime
    from codesets.releases import ReleaseStore

PLANTED = (
    "Quartermain", "Zebulon", "7788990", "555-867-5309", "03/04/2026", "Oak Hollow", "83702",
    "zq@example.org", "123-45-6789", "1HGCM82633A004352",
)  # fmt: skip
NOTE = (
    "Zebulon Quartermain, MRN 7788990, SSN 123-45-6789, 12 Oak Hollow Lane, Boise, ID 83702, "
    "phone 555-867-5309, zq@example.org, VIN 1HGCM82633A004352, seen 03/04/2026.\n"
    "Assessment: gout of the right knee. Quartermain will return in 2 weeks."
)
WORDINGS = (
    NOTE,
    "E11.22 for Mr. Quartermain, MRN 7788990?",
    "what does E11.9 exclude? asked by Zebulon Quartermain on 03/04/2026",
    "hello from Zebulon Quartermain, 555-867-5309",
    "ZZZ99 for Mr. Quartermain, SSN 123-45-6789",
    "Zebulon Quartermain tiene dolor de pecho y fiebre desde el 03/04/2026, 555-867-5309",
)


def assert_clean(said: str) -> None:
    assert [word for word in PLANTED if word in said] == []


@pytest.mark.parametrize("text", WORDINGS)
def test_nothing_planted_reaches_journal_answer_screen_or_log(
    assistant: Assistant, tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = assistant.answer(question(text))
    assert answer.redactions
    assert_clean(json.dumps(answer.to_json()) + (answer.text or ""))
    console = Console(file=io.StringIO(), width=120)
    console.print(answer_view(answer))
    assert isinstance(console.file, io.StringIO)
    assert_clean(console.file.getvalue())
    assert_clean(str(render(answer)))
    assert_clean(caplog.text)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert_clean(path.read_bytes().decode("utf-8", "replace"))


def test_a_refusing_installation_keeps_nothing(
    built_runtime: Runtime, store: ReleaseStore, journal: Journal
) -> None:
    refusing = Assistant(
        store, built_runtime.searcher, journal, RulesDrafter(), built_runtime.guidelines,
        PhiPolicy.REFUSE,
    )  # fmt: skip
    answer = refusing.answer(question(NOTE))
    assert answer.kind is Kind.REFUSAL
    assert_clean(json.dumps(answer.to_json()))
    assert journal.get(answer.exchange_id).text == ""


def test_a_conversation_remembers_only_what_was_screened(
    assistant: Assistant, journal: Journal
) -> None:
    asked = Question(
        NOTE, TODAY, Setting.OUTPATIENT, door="slack", channel="C1", thread="1.1", person="U1"
    )
    assistant.answer(asked)
    assert_clean(str(journal.thread_context("", "C1", "1.1")))


def test_scoring_and_ranking_see_the_screened_text_only(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    route = Router.answer

    def spy(self: Router, work: Work) -> Answer:
        seen.append(work.text)
        return route(self, work)

    monkeypatch.setattr(Router, "answer", spy)
    assistant.rank(question(NOTE))
    assistant.explain(question(NOTE), record=False)
    assert len(seen) == 2
    assert_clean(" ".join(seen))


def test_a_failure_inside_says_nothing_of_the_note(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: Router, work: Work) -> Answer:
        raise RuntimeError(f"broken at {work.text}")

    monkeypatch.setattr(Router, "answer", fail)
    with pytest.raises(RuntimeError) as caught:
        assistant.answer(question(NOTE))
    assert_clean(str(caught.value))


@pytest.mark.parametrize(
    "line",
    ['{"id": "a", "text": "%s"', '["%s"]', '{"text": "%s"}', '{"id": "a", "note": "%s"}'],
)
def test_a_bad_row_is_named_by_its_line(tmp_path: Path, line: str) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(line % "Zebulon Quartermain MRN 7788990" + "\n")
    with pytest.raises(QuestionError) as caught:
        list(batch.read_rows(source))
    assert_clean(str(caught.value))
    assert "line 1" in str(caught.value)
