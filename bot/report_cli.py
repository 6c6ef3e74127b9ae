"""`codecite report`: figures and plots from the journal."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.commands import json_text, note, read_day, runtime
from bot.reports.writing import Format

EXAMPLE = "Example: codecite report --from 2026-10-01 --to 2026-12-31 --out report.html"
_DAYS = 90

OutFile = Annotated[Path | None, typer.Option("--out", help="A file; standard output without.")]


def report(
    since: Annotated[str, typer.Option("--from", help="First day (UTC); 90 days ago.")] = "",
    until: Annotated[str, typer.Option("--to", help="Last day; today.")] = "",
    form: Annotated[Format, typer.Option("--format", help="html, csv or json.")] = Format.HTML,
    to: OutFile = None,
) -> None:
    """Report volume, time, acceptance, accuracy, corrections, gaps and drift of a time."""
    from bot.reports.figures import figures
    from bot.reports.gathering import gather
    from bot.reports.writing import page, table
    from bot.review.configured import titles

    last = read_day(until) if until else datetime.now(UTC).date()
    first = read_day(since) if since else last - timedelta(days=_DAYS)
    if first > last:
        raise typer.BadParameter("--from is after --to.")
    running = runtime()
    made = figures(gather(running.desk, first, last))
    if form is Format.HTML:
        title = titles(running.store)
        text = page(made, lambda code: title(code, last))
    elif form is Format.CSV:
        text = table(made)
    else:
        text = json_text(made.to_json())
    if to is None:
        sys.stdout.write(text)
        return
    to.write_text(text, encoding="utf-8", newline="")
    note(f"The report of {made.answers} answers is in {to}.")
