"""`codecite ask`, `chat` and `examples`: questions from the terminal."""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot import messages
from bot.answer import Kind, Question, Setting
from bot.commands import (
    DateOption,
    FileOption,
    JsonFlag,
    OutOption,
    SettingOption,
    batch,
    err,
    fail,
    note,
    out,
    parse_day,
    print_json,
    read_text,
    runtime,
)
from bot.rows import row_day, row_setting

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.answer import Answer
    from bot.explaining import Explanation
    from bot.runtime import Runtime


def ask(
    text: Annotated[
        str | None, typer.Argument(help="The question, or - for standard input.")
    ] = None,
    setting: SettingOption = None,
    day: DateOption = None,
    system: Annotated[
        str,
        typer.Option(
            "--system",
            help="Code systems, separated by commas. Left out: icd10cm and, for an inpatient, "
            "procedures by installed icd10pcs.",
        ),
    ] = "",
    as_json: JsonFlag = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show every candidate, and why it was taken or not.")
    ] = False,
    file: FileOption = None,
    to: OutOption = None,
) -> None:
    """Answer one question with cited, checked codes."""
    running = runtime()
    default = setting or running.settings.setting
    systems = tuple(part.strip() for part in system.split(",") if part.strip())

    def question(words: str, where: Setting, when: date) -> Question:
        return Question(
            words, when, where, systems, person=_person(), infer_setting=setting is None
        )

    if file is not None:
        standard = parse_day(day)

        def work(row: Any) -> dict[str, Any]:
            where = row_setting(f"Line {row.line}", row.fields, default)
            when = row_day(f"Line {row.line}", row.fields, standard)
            return running.assistant.answer(
                question(str(row.fields["text"]), where, when)
            ).to_json()

        batch(file, to, work, "text")
        return
    asked = question(read_text(text), default, parse_day(day))
    if explain:
        show_explained(running.assistant.explain(asked), as_json)
    else:
        show(running.assistant.answer(asked, _steps(running, as_json)), as_json)


def show_explained(explanation: Explanation, as_json: bool) -> None:
    """Print an answer with its candidates; a refusal ends with status 1, after its candidates."""
    from bot.explain_views import explanation_view

    if as_json:
        candidates = [candidate.to_json() for candidate in explanation.candidates]
        print_json(explanation.answer.to_json() | {"explanation": candidates})
        if explanation.answer.kind is Kind.REFUSAL:
            raise typer.Exit(1)
        return
    out.print(explanation_view(explanation.candidates), highlight=False)
    show(explanation.answer, as_json)


def show(answer: Answer, as_json: bool) -> None:
    """Print an answer; a refusal ends with status 1 and its one-line reason."""
    from bot.terminal import answer_view

    if as_json:
        print_json(answer.to_json())
    elif answer.kind is Kind.REFUSAL:
        fail(answer.headline)
    else:
        out.print(answer_view(answer), highlight=False)
    if answer.kind is Kind.REFUSAL:
        raise typer.Exit(1)


def _steps(running: Runtime, as_json: bool) -> Callable[[str], None] | None:
    """Says each stage as it ends, to a person who waits for a model; the rules are too quick."""
    if as_json or running.settings.model is None or not err.is_terminal:
        return None

    def say(stage: str) -> None:
        if stage in messages.STAGES:
            err.print(f"· {messages.STAGES[stage]}", style="dim", highlight=False)

    return say


def _person() -> str:
    return os.environ.get("USER", "")


def examples(as_json: JsonFlag = False) -> None:
    """Show what can be asked, with an example of each."""
    from bot.terminal import table

    if as_json:
        print_json({"examples": [{"asks": w, "text": text} for w, text in messages.CAN_ASK]})
        return
    rows = [(what, f'codecite ask "{text}"') for what, text in messages.CAN_ASK]
    out.print(table("", ("to", "run"), rows))


def chat(setting: SettingOption = None, day: DateOption = None) -> None:
    """Ask question after question; an empty line or Ctrl-D ends it."""
    running = runtime()
    thread = datetime.now().astimezone().strftime("chat-%Y%m%dT%H%M%S%f")
    note("Ask a question. An empty line ends the conversation.")
    from bot import conversation
    from bot.pipeline.following import is_reworded
    from bot.terminal import answer_view

    kept = conversation.Said(setting, parse_day(day) if day is not None else None)
    while line := _prompt():
        context = running.journal.thread_context("", "terminal", thread)
        read = conversation.understand(line, context[-1] if context else "", date.today())
        kept = read.said.over(kept)
        if not read.text:
            note("Noted for this conversation. What shall I code?")
            continue
        question = Question(
            read.text, kept.day or parse_day(None), kept.setting or running.settings.setting,
            kept.systems or (), person=_person(), channel="terminal", thread=thread,
            context=context, leans=read.leans, infer_setting=kept.setting is None,
        )  # fmt: skip
        answer = running.assistant.answer(question, _steps(running, as_json=False))
        if read.refined or is_reworded(answer):
            note(f"Read together with your question before, as: {answer.text}")
        out.print(answer_view(answer), highlight=False)


def _prompt() -> str:
    try:
        return input("› " if sys.stdin.isatty() else "").strip()
    except EOFError:
        return ""  # Ctrl-D ends the conversation
