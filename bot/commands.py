"""What the commands share: their streams, common options, dates, and one way to fail."""

from __future__ import annotations

import getpass
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console

from bot import config
from bot.answer import Setting

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.runtime import Runtime

out = Console()
err = Console(stderr=True)

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
DateOption = Annotated[
    str | None,
    typer.Option("--date", help="Date of service, YYYY-MM-DD (discharge date). Today by default."),
]

FileOption = Annotated[
    Path | None, typer.Option("--file", help="Answer every row of this JSON-lines file.")
]
OutOption = Annotated[Path | None, typer.Option("--out", help="Where the answers of --file go.")]
SettingOption = Annotated[
    Setting | None, typer.Option("--setting", help="Where the encounter took place.")
]


def fail(message: str) -> NoReturn:
    """One line on standard error, exit status 1."""
    note(message)
    raise typer.Exit(1)


def note(sentence: str) -> None:
    """A line for a person, on standard error: progress, a result that went to a file."""
    err.print(sentence, markup=False, highlight=False, soft_wrap=True)


def say(sentence: str) -> None:
    """A line for a person, on standard output."""
    out.print(sentence, markup=False, highlight=False, soft_wrap=True)


def print_json(document: Any) -> None:
    """One JSON document on standard output; dates and the like as their text."""
    sys.stdout.write(json_text(document))


def json_text(document: Any) -> str:
    """One JSON document as the commands print it."""
    return json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n"


def read_day(text: str) -> date:
    """A date somebody typed. Raises typer.BadParameter for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is not a date like 2026-11-21.") from None


def parse_day(text: str | None) -> date:
    """The date of service; today when nothing is said."""
    if text is None:
        return date.today()  # the coder's own calendar day is what is meant
    return read_day(text)


def read_text(text: str | None) -> str:
    """The argument, or standard input for `-`."""
    if text == "-":
        return sys.stdin.buffer.read().decode("utf-8", errors="replace")
    if text is None:
        raise typer.BadParameter("give TEXT, or - to read standard input, or --file.")
    return text


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
    note(f"{count} rows answered into {target}.")


def at_terminal() -> str:
    """Who types, as the journal names them."""
    return f"terminal:{getpass.getuser()}"


def runtime() -> Runtime:
    """The collaborators of this process, with progress on standard error."""
    from bot.progress import TerminalProgress
    from bot.runtime import Runtime

    return Runtime(config.load(), TerminalProgress(err))
