"""`codecite index`: the vector index of each release."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands import DateOption, JsonFlag, note, out, parse_day, print_json, runtime
from codesets.models import System

index_app = typer.Typer(help="The vector index.", no_args_is_help=True)


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
    note(
        f"The index of {release.system.value} {release.id} holds "
        f"{index.manifest.passages:,} passages."
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
