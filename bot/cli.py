"""The `codecite` command. Each command unpacks its arguments, calls one service and renders."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console

from bot import config, messages
from bot.answer import Kind, Question, Setting
from bot.check_cli import EXAMPLE as CHECK_EXAMPLE
from bot.check_cli import check
from bot.codesets_cli import codesets_app
from bot.errors import AssistantError
from bot.eval_cli import EXAMPLE as EVAL_EXAMPLE
from bot.eval_cli import evaluate
from bot.query_cli import query_app
from bot.report_cli import EXAMPLE as REPORT_EXAMPLE
from bot.report_cli import report
from bot.review_cli import review_app
from bot.rows import row_day, row_setting
from bot.slack_cli import slack_app
from codesets.errors import CodesetError, UnknownCodeError
from codesets.models import System

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.answer import Answer
    from bot.explaining import Explanation
    from bot.runtime import Runtime
    from bot.slack.ports import WatchedAnswerer

app = typer.Typer(
    name="codecite",
    help="Codecite: medical codes that exist, are valid on the date, and come with their source.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,  # locals may hold note text
    rich_markup_mode=None,
)
index_app = typer.Typer(help="The vector index.", no_args_is_help=True)
app.add_typer(index_app, name="index")
app.add_typer(review_app, name="review")
app.add_typer(codesets_app, name="codesets")
app.add_typer(slack_app, name="slack")
app.add_typer(query_app, name="query")
app.command(epilog=CHECK_EXAMPLE)(check)
app.command("eval", epilog=EVAL_EXAMPLE)(evaluate)
app.command(epilog=REPORT_EXAMPLE)(report)

out = Console()
err = Console(stderr=True)

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
DateOption = Annotated[
    str | None,
    typer.Option("--date", help="Date of service, YYYY-MM-DD (discharge date). Today by default."),
]
SettingOption = Annotated[
    Setting | None, typer.Option("--setting", help="Where the encounter took place.")
]
FileOption = Annotated[
    Path | None, typer.Option("--file", help="Answer every row of this JSON-lines file.")
]
OutOption = Annotated[Path | None, typer.Option("--out", help="Where the answers of --file go.")]


def fail(message: str) -> NoReturn:
    """One line on standard error, exit status 1."""
    err.print(message, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)


def parse_day(text: str | None) -> date:
    """The date of service; today when nothing is said."""
    if text is None:
        return date.today()  # the coder's own calendar day is what is meant
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is not a date like 2026-11-21.") from None


def read_text(text: str | None) -> str:
    """The argument, or standard input for `-`."""
    if text == "-":
        return sys.stdin.buffer.read().decode("utf-8", errors="replace")
    if text is None:
        raise typer.BadParameter("give TEXT, or - to read standard input, or --file.")
    return text


def print_json(document: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def runtime() -> Runtime:
    """The collaborators of this process, with progress on standard error."""
    from bot.progress import TerminalProgress
    from bot.runtime import Runtime

    return Runtime(config.load(), TerminalProgress(err))


def batch(
    source: Path, target: Path | None, work: Callable[[Any], dict[str, Any]], *required: str
) -> None:
    """Answer the rows of ``source`` into ``target`` with a progress bar."""
    from bot import batch as rows
    from bot.progress import TerminalProgress

    if target is None:
        raise typer.BadParameter("--file needs --out.")
    with TerminalProgress(err) as progress:
        count = rows.run(source, target, work, progress, required)
    err.print(f"{count} rows answered into {target}.", markup=False, highlight=False)


@app.command(
    epilog='Example: codecite ask "type 2 diabetes with diabetic CKD stage 3a" --setting outpatient'
)
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


@app.command(epilog="Example: codecite examples")
def examples(as_json: JsonFlag = False) -> None:
    """Show what can be asked, with an example of each."""
    from bot import messages
    from bot.terminal import table

    if as_json:
        print_json({"examples": [{"asks": w, "text": text} for w, text in messages.CAN_ASK]})
        return
    rows = [(what, f'codecite ask "{text}"') for what, text in messages.CAN_ASK]
    out.print(table("", ("to", "run"), rows))


@app.command(epilog="Example: codecite chat --setting inpatient")
def chat(setting: SettingOption = None, day: DateOption = None) -> None:
    """Ask question after question; an empty line or Ctrl-D ends it."""
    running = runtime()
    thread = datetime.now().astimezone().strftime("chat-%Y%m%dT%H%M%S%f")
    err.print("Ask a question. An empty line ends the conversation.", highlight=False)
    from bot.terminal import answer_view

    while line := _prompt():
        context = running.journal.thread_context("", "terminal", thread)
        question = Question(
            line, parse_day(day), setting or running.settings.setting, person=_person(),
            channel="terminal", thread=thread, context=context,
        )  # fmt: skip
        answer = running.assistant.answer(question, _steps(running, as_json=False))
        out.print(answer_view(answer), highlight=False)


def _prompt() -> str:
    try:
        return input("› " if sys.stdin.isatty() else "").strip()
    except EOFError:
        return ""


@app.command(epilog="Example: codecite code E11.22 --date 2026-09-30")
def code(
    code: Annotated[str, typer.Argument(help="The code, in any spelling.")],
    day: DateOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Show one code: title, validity on the date, lineage, inherited notes."""
    from bot.informing import information_of
    from bot.lookup import lookup, lookup_view

    running = runtime()
    try:
        record = lookup(running.store, code, parse_day(day))
    except UnknownCodeError as error:
        if as_json:
            print_json({"code": error.code, "valid": False, "nearest": list(error.nearest)})
            raise typer.Exit(1) from None
        raise
    if record.valid and record.code.system is System.ICD10CM:
        found = information_of(running.store, record.code.code, record.day)
        record = replace(record, information=found)
    if as_json:
        print_json(record.to_json())
    else:
        out.print(lookup_view(record), highlight=False)


@app.command(epilog='Example: codecite redact "Mr. Smith, MRN 1234567, seen 3/4/2026"')
def redact(
    text: Annotated[str | None, typer.Argument(help="The text, or - for standard input.")] = None,
    as_json: JsonFlag = False,
    file: FileOption = None,
    to: OutOption = None,
) -> None:
    """Replace identifiers by placeholders."""
    screener = runtime().screener

    def document(words: str) -> dict[str, Any]:
        screened = screener.redact(words)
        return {
            "text": screened.text,
            "redactions": [
                {"kind": r.kind.value, "start": r.start, "end": r.end, "placeholder": r.placeholder}
                for r in screened.redactions
            ],
        }

    if file is not None:
        screener.load()
        batch(file, to, lambda row: document(str(row.fields["text"])), "text")
        return
    result = document(read_text(text))
    if as_json:
        print_json(result)
    else:
        sys.stdout.write(result["text"] + ("" if result["text"].endswith("\n") else "\n"))


@index_app.command("build", epilog="Example: codecite index build --date 2026-09-30")
def index_build(
    day: DateOption = None,
    system: Annotated[
        System, typer.Option("--system", help="The code system, icd10cm if left out.")
    ] = System.ICD10CM,
    again: Annotated[bool, typer.Option("--force", help="Build it anew even if it fits.")] = False,
) -> None:
    """Build the vector index of the release that governs a date."""
    running = runtime()
    release = running.store.for_date(system, parse_day(day))
    index = running.build_index(release, force=again)
    err.print(
        f"The index of {release.system.value} {release.id} holds "
        f"{index.manifest.passages:,} passages.",
        highlight=False,
    )


@index_app.command("status", epilog="Example: codecite index status --json")
def index_status(as_json: JsonFlag = False) -> None:
    """Show which indexes exist and whether they fit what is installed."""
    from bot.terminal import table

    rows = runtime().index_status()
    if as_json:
        print_json({"indexes": rows})
        return
    out.print(
        table(
            "Vector indexes",
            ("system", "release", "state", "passages", "model", "built"),
            [[row[k] for k in ("system", "release", "state", "passages", "model", "built")]
             for row in rows],
        )
    )  # fmt: skip


def _watched(running: Runtime) -> WatchedAnswerer | None:
    """What tells its steps in Slack: with a chat model, whose answers take seconds."""
    return running.assistant.answer if running.settings.model else None


@app.command(epilog="Example: codecite serve --mode socket")
def serve(
    mode: Annotated[
        str, typer.Option("--mode", help="How Slack reaches the app: socket or http.")
    ] = "socket",
    host: Annotated[str, typer.Option("--host", help="Where HTTP mode listens.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Its port.")] = 3000,
) -> None:
    """Run the Slack app."""
    from bot.slack.codes import code_desk
    from bot.slack.serve import serve as run_app

    running = runtime()
    running.warm()
    console = None
    if mode == "http":
        from bot.console.app import console_app
        from bot.console.serving import web_of

        console = console_app(web_of(running))
    run_app(
        running.settings, running.assistant.answer, running.journal, mode=mode,
        codes=code_desk(running.store), review=running.desk, watched=_watched(running),
        host=host, port=port, console=console,
    )  # fmt: skip


@app.command(epilog="Example: codecite demo --port 8765")
def demo(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port; 0 picks a free one.")] = 8765,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page.")] = True,
) -> None:
    """Open a Slack workspace on this machine with Codecite in it: no account needed."""
    from bot.sandbox.demo import run_demo
    from bot.slack.codes import code_desk

    running = runtime()
    running.warm()
    run_demo(
        running.settings, running.assistant.answer, running.journal,
        host=host, port=port, open_browser=open_browser, codes=code_desk(running.store),
        review=running.desk, watched=_watched(running),
    )  # fmt: skip


@app.command(epilog="Example: codecite doctor --json")
def doctor(as_json: JsonFlag = False) -> None:
    """Show what is installed, configured and reachable, and what to do about what is not."""
    from bot import doctor as checks
    from bot.terminal import table

    found = checks.examine(config.load())
    if as_json:
        print_json({"ok": all(c.ok for c in found), "checks": [c.to_json() for c in found]})
    else:
        rows = [("ok" if c.ok else "MISSING", c.name, c.state, c.remedy) for c in found]
        out.print(table("", ("", "what", "state", "what to do"), rows))
    if not all(c.ok or c.optional for c in found):
        raise typer.Exit(1)


def domain_errors() -> tuple[type[Exception], ...]:
    """Errors whose message is written for a person."""
    from bot.journal.errors import JournalError
    from retrieval.errors import RetrievalError

    return AssistantError, CodesetError, JournalError, RetrievalError


def main() -> None:
    """Run the command; a known error is one line and status 1, never a traceback."""
    try:
        app()
    except domain_errors() as error:
        err.print(str(error), markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
