"""`codecite review`, the part about people and custody: access, holds, retention, export."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import config
from bot.commands import at_terminal, json_text, note, runtime, say
from bot.errors import ConfigurationError
from bot.review.records import Access, Person

OutFile = Annotated[Path | None, typer.Option("--out", help="A file; standard output without.")]


def _me() -> Person:
    return Person(at_terminal(), Access.LEAD)


def grant(
    person: Annotated[str, typer.Argument(help="The person's id, U… in Slack.")],
    access: Annotated[Access, typer.Argument(help="none, viewer, reviewer or lead.")],
    group: Annotated[str, typer.Option("--group", help="Clinician group for reports.")] = "",
) -> None:
    """Give a person access to review, and a group for the reports."""
    found = runtime().desk.people.grant(_me(), person, access, group)
    say(f"{found.id} has the access of a {found.access.value}.")


def people() -> None:
    """List who has access."""
    for each in runtime().desk.people.all():
        say(f"{each.id}  {each.access.value}  {each.group}".rstrip())


def hold(
    reason: Annotated[str, typer.Argument(help="Why it must be kept.")],
    person: Annotated[str, typer.Option("--person", help="Only this person's questions.")] = "",
    exchange: Annotated[str, typer.Option("--exchange", help="Only this exchange.")] = "",
) -> None:
    """Place a legal hold: what it covers is not removed, whatever its age."""
    found = runtime().desk.custody.hold(_me(), reason, person=person, exchange_id=exchange)
    say(f"Hold {found.number} is in force.")


def lift(
    number: Annotated[int, typer.Argument(help="The hold's number.")],
    reason: Annotated[str, typer.Argument(help="Why it ends.")],
) -> None:
    """Lift a legal hold."""
    runtime().desk.custody.lift(_me(), number, reason)
    say(f"Hold {number} is lifted.")


def holds() -> None:
    """List the legal holds in force."""
    found = runtime().desk.custody.holds()
    for each in found:
        covers = each.exchange_id or each.person or "everything"
        say(
            f"{each.number}  {covers}  {each.reason}  ({each.placed_by}, {each.placed_at:%Y-%m-%d})"
        )
    if not found:
        say("No hold is in force.")


def retain(
    days: Annotated[
        int | None, typer.Option("--days", min=1, help="Instead of CODECITE_RETENTION_DAYS.")
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Remove it; otherwise it is counted.")
    ] = False,
) -> None:
    """Remove what is older than the retention allows and under no hold; the chain stays whole."""
    kept = days or config.load().retention_days
    if kept is None:
        raise ConfigurationError(
            "CODECITE_RETENTION_DAYS is not set and no --days was given: everything is kept."
        )
    custody = runtime().desk.custody
    if not apply:
        found = custody.expired(kept)
        say(f"{len(found.due)} exchanges may go, {found.held} are held. Nothing was removed.")
        return
    found = custody.remove_expired(_me(), kept)
    say(f"{len(found.due)} exchanges were removed ({found.removed_rows} rows), {found.held} held.")


def person(
    name: Annotated[str, typer.Argument(help="The person's id.")],
    to: OutFile = None,
) -> None:
    """Export everything about one person's questions as JSON."""
    document = runtime().desk.custody.about(_me(), name)
    text = json_text(document)
    if to is None:
        sys.stdout.write(text)
        return
    to.write_text(text, encoding="utf-8")
    note(f"{len(document['exchanges'])} exchanges written to {to}.")


def add_custody(app: typer.Typer) -> None:
    """Add these commands to `codecite review`."""
    app.command("grant", epilog="Example: codecite review grant U1 reviewer")(grant)
    app.command("people", epilog="Example: codecite review people")(people)
    app.command("hold", epilog='Example: codecite review hold "subpoena 7" --person U1')(hold)
    app.command("lift", epilog='Example: codecite review lift 1 "settled"')(lift)
    app.command("holds", epilog="Example: codecite review holds")(holds)
    app.command("retain", epilog="Example: codecite review retain --days 2555 --apply")(retain)
    app.command("person", epilog="Example: codecite review person U1 --out u1.json")(person)
