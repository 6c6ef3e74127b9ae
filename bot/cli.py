"""The `codecite` command. Each command unpacks its arguments, calls one service and renders."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import Annotated, Any

import typer

from bot import config
from bot.ask_cli import ask, chat, examples
from bot.check_cli import EXAMPLE as CHECK_EXAMPLE
from bot.check_cli import check
from bot.codesets_cli import codesets_app
from bot.commands import (
    DateOption,
    FileOption,
    JsonFlag,
    OutOption,
    batch,
    note,
    out,
    parse_day,
    print_json,
    read_text,
    runtime,
)
from bot.errors import AssistantError
from bot.eval_cli import EXAMPLE as EVAL_EXAMPLE
from bot.eval_cli import evaluate
from bot.index_cli import index_app
from bot.query_cli import query_app
from bot.report_cli import EXAMPLE as REPORT_EXAMPLE
from bot.report_cli import report
from bot.review_cli import review_app
from bot.serve_cli import demo, serve
from bot.slack_cli import slack_app
from codesets.errors import CodesetError, UnknownCodeError
from codesets.models import System

ASK_EXAMPLE = (
    'Example: codecite ask "type 2 diabetes with diabetic CKD stage 3a" --setting outpatient'
)

app = typer.Typer(
    name="codecite",
    help="Codecite: medical codes that exist, are valid on the date, and come with their source.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,  # locals may hold note text
    rich_markup_mode=None,
)
app.add_typer(index_app, name="index")
app.add_typer(review_app, name="review")
app.add_typer(codesets_app, name="codesets")
app.add_typer(slack_app, name="slack")
app.add_typer(query_app, name="query")
app.command(epilog=CHECK_EXAMPLE)(check)
app.command("eval", epilog=EVAL_EXAMPLE)(evaluate)
app.command(epilog=REPORT_EXAMPLE)(report)
app.command(epilog=ASK_EXAMPLE)(ask)
app.command(epilog="Example: codecite examples")(examples)
app.command(epilog="Example: codecite chat --setting inpatient")(chat)


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


app.command(epilog="Example: codecite serve --mode socket")(serve)
app.command(epilog="Example: codecite demo --port 8765")(demo)


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
        note(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
