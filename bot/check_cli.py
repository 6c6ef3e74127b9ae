"""`codecite check`: codes in, findings out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from bot import config
from bot.answer import Setting, Severity
from bot.citing import readable
from bot.commands import err, note, out, parse_day, print_json, runtime

if TYPE_CHECKING:
    from datetime import date

    from rich.console import RenderableType

    from bot.answer import Finding
    from bot.checking import CheckResult

EXAMPLE = "Example: codecite check E11.22 N18.31 Z79.4 --setting inpatient --age 64 --sex female"

FileOption = Annotated[
    Path | None, typer.Option("--file", help="Check every row of this JSON-lines file.")
]
OutOption = Annotated[Path | None, typer.Option("--out", help="Where the records of --file go.")]

_STYLES = {
    Severity.ERROR: ("error", "bold red"),
    Severity.WARNING: ("warning", "bold yellow"),
    Severity.INFORMATION: ("note", "bold"),
}


def check(
    codes: Annotated[
        list[str] | None, typer.Argument(help="Codes in the order of the claim, the first first.")
    ] = None,
    setting: Annotated[
        Setting | None, typer.Option("--setting", help="Where the encounter took place.")
    ] = None,
    day: Annotated[
        str | None,
        typer.Option("--date", help="Date of service, YYYY-MM-DD (discharge date)."),
    ] = None,
    age: Annotated[str | None, typer.Option("--age", help="The patient's age in years.")] = None,
    sex: Annotated[str | None, typer.Option("--sex", help="female or male.")] = None,
    text: Annotated[
        str | None, typer.Option("--text", help="The note the codes are for; - reads it.")
    ] = None,
    rules: Annotated[bool, typer.Option("--rules", help="List the rules instead.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document and nothing else.")
    ] = False,
    file: FileOption = None,
    to: OutOption = None,
) -> None:
    """Check a list of codes against the rules, and show the order they ask for."""
    from bot import checking

    if rules:
        _show_rules(as_json)
        return
    settings = config.load()
    place, when = setting or settings.setting, parse_day(day)
    if file is not None:
        _check_file(file, to, place, when)
        return
    if not codes:
        raise typer.BadParameter("give CODE..., or --file, or --rules.")
    request = checking.CheckRequest(
        checking.split_codes(codes),
        when,
        place,
        checking.age_of(age),
        checking.sex_of(sex),
        sys.stdin.read() if text == "-" else text,
    )
    result = checking.check_codes(runtime().store, request)
    if as_json:
        print_json(result.to_json())
    else:
        out.print(result_view(result), highlight=False)


def result_view(result: CheckResult) -> RenderableType:
    """The findings as a coder reads them, then the order the rules ask for."""
    errors = sum(finding.severity is Severity.ERROR for finding in result.findings)
    warnings = sum(finding.severity is Severity.WARNING for finding in result.findings)
    codes = ", ".join(result.codes)
    parts: list[RenderableType] = [
        Text(f"{codes}: {_counted(errors, 'error')}, {_counted(warnings, 'warning')}", "bold")
    ]
    for finding in result.findings:
        parts += [Text(""), _finding_view(finding)]
    order = [placed.code for placed in result.order]
    if order and order != list(dict.fromkeys(result.codes)):
        parts += [Text(""), Text("Order the rules ask for", style="bold")]
        parts += [
            Padding(
                Text(f"{number}. {placed.code}  {placed.reason}" + _cited(placed.citation)),
                (0, 0, 0, 2),
            )
            for number, placed in enumerate(result.order, start=1)
        ]
    request = result.request
    footer = f"date of service {request.day.isoformat()} · {request.setting.value}"
    return Group(*parts, Text(""), Text(footer, style="dim"))


def _finding_view(finding: Finding) -> RenderableType:
    name, style = _STYLES[finding.severity]
    lines: list[RenderableType] = [
        Text.assemble((f"{name} ", style), (finding.rule, "bold"), f"  {', '.join(finding.codes)}"),
        Padding(Text(finding.message), (0, 0, 0, 2)),
    ]
    if finding.fix:
        lines.append(Padding(Text(f"→ {finding.fix}"), (0, 0, 0, 2)))
    lines.append(Padding(Text(readable(finding.citation), style="dim"), (0, 0, 0, 2)))
    return Group(*lines)


def _cited(citation: str) -> str:
    return f" ({readable(citation)})" if citation else ""


def _counted(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"


def _check_file(source: Path, target: Path | None, setting: Setting, day: date) -> None:
    from bot import batch, checking
    from bot.progress import TerminalProgress

    if target is None:
        raise typer.BadParameter("--file needs --out.")
    for row in batch.read_rows(source, ("codes",)):
        checking.request_of(row, setting, day)  # a bad row stops the run before any work
    store = runtime().store

    def work(row: batch.Row) -> dict[str, Any]:
        return checking.check_row(store, checking.request_of(row, setting, day))

    with TerminalProgress(err) as progress:
        count = batch.run(source, target, work, progress, ("codes",))
    note(f"{count} rows checked into {target}.")


def _show_rules(as_json: bool) -> None:
    from bot.checking import rules_table

    rows = rules_table()
    if as_json:
        print_json({"rules": rows})
        return
    for row in rows:
        out.print(
            Group(
                Text.assemble((row["id"], "bold"), f"  {row['severity']}  {row['section']}"),
                Padding(Text(row["description"]), (0, 0, 0, 2)),
                Padding(Text(f"Example: {row['example']}", style="dim"), (0, 0, 0, 2)),
            ),
            highlight=False,
        )
