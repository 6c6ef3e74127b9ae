"""`codecite review policy`: local policies from the terminal."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import JsonFlag, at_terminal, print_json, read_day, runtime, say
from bot.review.policies import PolicyTerms
from bot.review.records import Access, Person

if TYPE_CHECKING:
    from bot.review.policies import Policy

policy_app = typer.Typer(help="Local policies.", no_args_is_help=True)


def _me() -> Person:
    return Person(at_terminal(), Access.LEAD)


def _show(policy: Policy) -> None:
    until = policy.effective_to or "further notice"
    say(
        f"{policy.label} (version {policy.version}, {policy.state.value}, "
        f"{policy.effective_from} to {until}): “{policy.pattern}” "
        f"{', '.join(policy.codes)}. {policy.reason}",
    )


@policy_app.command("list", epilog="Example: codecite review policy list --json")
def policy_list(
    as_json: JsonFlag = False,
) -> None:
    """List local policies, the newest first."""
    found = runtime().desk.policies.book().all()
    if as_json:
        print_json({"policies": [policy.to_json() for policy in found]})
        return
    for policy in found:
        _show(policy)


@policy_app.command(
    "propose",
    epilog='Example: codecite review policy propose "high sugar" --code R73.9 --reason "agreed"',
)
def policy_propose(
    pattern: Annotated[str, typer.Argument(help="The question it answers.")],
    code: Annotated[list[str], typer.Option("--code", help="A code to assign, in order.")],
    reason: Annotated[str, typer.Option("--reason", help="Why.")],
    instead_of: Annotated[
        list[str] | None, typer.Option("--instead-of", help="A code not to assign.")
    ] = None,
    wording: Annotated[
        list[str] | None, typer.Option("--wording", help="The same question in other words.")
    ] = None,
    setting: Annotated[str, typer.Option("--setting", help="outpatient, inpatient; both.")] = "",
    since: Annotated[str, typer.Option("--from", help="First date of service; today.")] = "",
    until: Annotated[str, typer.Option("--to", help="Last one; the release's last day.")] = "",
    source: Annotated[str, typer.Option("--source", help="The exchange it comes from.")] = "",
    number: Annotated[
        int | None, typer.Option("--revise", help="A new version of this policy.")
    ] = None,
) -> None:
    """Propose a policy, or a new version of one; it governs nothing until it is approved."""
    if setting not in ("", "outpatient", "inpatient"):
        raise typer.BadParameter("--setting is outpatient or inpatient.")
    terms = PolicyTerms(
        pattern=pattern,
        codes=tuple(code),
        reason=reason,
        effective_from=read_day(since) if since else date.today(),  # the lead's own calendar day
        effective_to=read_day(until) if until else None,
        wordings=tuple(wording or ()),
        instead_of=tuple(instead_of or ()),
        setting=setting,
        source=source,
    )
    desk = runtime().desk.policies
    if number is None:
        _show(desk.propose(_me(), terms))
    else:
        _show(desk.revise(_me(), number, terms))


@policy_app.command("approve", epilog="Example: codecite review policy approve 12")
def policy_approve(number: Annotated[int, typer.Argument(help="The policy's number.")]) -> None:
    """Approve the newest version of a policy: it governs the next answer."""
    _show(runtime().desk.policies.approve(_me(), number))


@policy_app.command("withdraw", epilog='Example: codecite review policy withdraw 12 "superseded"')
def policy_withdraw(
    number: Annotated[int, typer.Argument(help="The policy's number.")],
    reason: Annotated[str, typer.Argument(help="Why.")],
) -> None:
    """Withdraw a policy: it governs no further answer."""
    _show(runtime().desk.policies.withdraw(_me(), number, reason))
