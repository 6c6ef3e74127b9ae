"""`codecite query`: draft a provider query, follow it to its answer, check anybody's."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands import JsonFlag, at_terminal, note, out, print_json, runtime, say
from bot.queries.forms import Form, Purpose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.queries.desk import QueryDesk, QueryState
    from bot.runtime import Runtime

query_app = typer.Typer(help="Provider queries: draft, send, answer, check.", no_args_is_help=True)
Query = Annotated[str, typer.Argument(help="The query id, or how it begins.")]


def _desk(running: Runtime) -> QueryDesk:
    from bot.journal.reviews import ReviewStore
    from bot.queries.desk import QueryDesk

    def redact(text: str) -> str:
        return running.screener.redact(text).text

    return QueryDesk(ReviewStore(running.journal), lambda: datetime.now(UTC), redact)


def _show(state: QueryState, as_json: bool) -> None:
    if as_json:
        print_json(state.to_json())
        return
    say(state.text)
    took = f", answered after {state.turnaround}" if state.turnaround else ""
    word = state.step.value.removeprefix("query-")
    note(f"Query {state.query_id}: {word}{took}.")


@query_app.command("draft", epilog="Example: codecite query draft 3f2a9c1e --form open")
def query_draft(
    exchange: Annotated[str, typer.Argument(help="The exchange whose gaps to ask about.")],
    form: Annotated[Form, typer.Option("--form", help="How to ask.")] = Form.MULTIPLE_CHOICE,
    purpose: Annotated[
        Purpose, typer.Option("--purpose", help="What a yes/no query is for.")
    ] = Purpose.SUBSTANTIATE,
    about: Annotated[
        str, typer.Option("--about", help="The documented condition a yes/no query is about.")
    ] = "",
    cause: Annotated[
        str, typer.Option("--cause", help="The documented cause, for --purpose cause.")
    ] = "",
    text: Annotated[
        str, typer.Option("--text", help="Your own wording; refused where it leads.")
    ] = "",
    as_json: JsonFlag = False,
) -> None:
    """Draft a query from an exchange's gaps, or keep your own wording, and note it as drafted."""
    from bot.clarify import query_text
    from bot.drafting.chat import one_answer
    from bot.journal.restoring import restore

    running = runtime()
    found = running.journal.get(exchange)
    used: list[dict[str, Any]] = []

    def words(axis: str, indicators: Sequence[str], options: Sequence[str]) -> str | None:
        if running.writer is None:
            return None
        said, use = running.writer.query(axis, indicators, options)
        used.append(use.to_json())
        return said

    with one_answer():
        drafted = text or query_text(restore(found.answer), form, purpose, about, cause, words)
    state = _desk(running).draft(found.exchange_id, form, drafted, at_terminal(), used)
    _show(state, as_json)


@query_app.command("sent", epilog="Example: codecite query sent 7c1d --to attending")
def query_sent(
    query: Query,
    to: Annotated[str, typer.Option("--to", help="Role or id of who was asked.")] = "provider",
    as_json: JsonFlag = False,
) -> None:
    """Note that a query was sent; turnaround starts here."""
    _show(_desk(runtime()).sent(query, to, at_terminal()), as_json)


@query_app.command("answered", epilog='Example: codecite query answered 7c1d "acute on chronic"')
def query_answered(
    query: Query,
    answer: Annotated[str, typer.Argument(help="What the provider answered.")],
    agreed: Annotated[
        bool, typer.Option("--agreed", help="Record and codes agree with it already.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Note the provider's answer."""
    desk = _desk(runtime())
    state = desk.answered(query, answer, at_terminal())
    _show(desk.agreed(query, at_terminal()) if agreed else state, as_json)


@query_app.command("agreed", epilog="Example: codecite query agreed 7c1d")
def query_agreed(query: Query, as_json: JsonFlag = False) -> None:
    """Note that record and codes agree with the answer: the query is closed."""
    _show(_desk(runtime()).agreed(query, at_terminal()), as_json)


@query_app.command("list", epilog="Example: codecite query list --json")
def query_list(
    exchange: Annotated[str, typer.Option("--exchange", help="Only about this exchange.")] = "",
    as_json: JsonFlag = False,
) -> None:
    """List queries with their state and turnaround, the oldest first."""
    from bot.terminal import table

    running = runtime()
    wanted = running.journal.get(exchange).exchange_id if exchange else None
    found = _desk(running).all(wanted)
    if as_json:
        print_json({"queries": [state.to_json() for state in found]})
        return
    rows = [
        (
            state.query_id, state.exchange_id[:8], state.form.value,
            state.step.value.removeprefix("query-"), state.drafted_at.isoformat("T", "minutes"),
            str(state.turnaround or ""),
        )
        for state in found
    ]  # fmt: skip
    out.print(table("", ("query", "exchange", "form", "state", "drafted", "turnaround"), rows))


@query_app.command("check", epilog='Example: codecite query check "Does the patient have sepsis?"')
def query_check(
    text: Annotated[str, typer.Argument(help="The query, or - for standard input.")],
    as_json: JsonFlag = False,
) -> None:
    """Say whether a query leads or breaks another rule, and why; exit 1 where it does."""
    from bot.queries.checking import check

    words = sys.stdin.read() if text == "-" else text
    found = check(words)
    if as_json:
        print_json({"ok": not found, "objections": [
            {"rule": each.rule, "reason": each.reason} for each in found
        ]})  # fmt: skip
    elif found:
        for each in found:
            say(f"{each.rule}: {each.reason}")
    else:
        say("No rule objects to this query.")
    if found:
        raise typer.Exit(1)
