"""`codecite review`: the queue, verdicts, the proof of the journal, exports, the console."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.answer import Kind
from bot.commands import JsonFlag, at_terminal, note, out, print_json, runtime, say
from bot.custody_cli import add_custody
from bot.handoff.writing import Form
from bot.policy_cli import policy_app
from bot.review.records import Access, CodeVerdict, Feedback, Filter, Person, Reason, Verdict

if TYPE_CHECKING:
    from bot.review.desk import Desk

review_app = typer.Typer(help="The leads' side: queue, verdicts, policies.", no_args_is_help=True)
review_app.add_typer(policy_app, name="policy")
add_custody(review_app)

Exchange = Annotated[str, typer.Argument(help="The exchange id, or how it begins.")]
As = Annotated[
    str,
    typer.Option("--as", help="Id of the person who acts; without it you do, as a lead."),
]


KindOption = Annotated[Kind | None, typer.Option("--kind", help="Only this kind of answer.")]
OutFile = Annotated[Path, typer.Option("--out", help="Where the rows go.")]


def desk_and_person(acting: str) -> tuple[Desk, Person]:
    """The desk, and who acts at it. Whoever can open the journal's database is a lead of it."""
    desk = runtime().desk
    if acting:
        return desk, desk.person(acting)
    return desk, Person(at_terminal(), Access.LEAD)


@review_app.command("list", epilog="Example: codecite review list --limit 20 --kind refusal")
def review_list(
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000)] = 20,
    kind: KindOption = None,
    person: Annotated[str | None, typer.Option("--person", help="Only this person's.")] = None,
    door: Annotated[str | None, typer.Option("--door", help="Only from this door.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """List journalled exchanges, newest first."""
    from bot.review import views
    from bot.review.tables import listing_table

    found = runtime().journal.list(limit=limit, kind=kind, person=person, door=door)
    if as_json:
        print_json({"exchanges": [exchange.to_json() for exchange in found]})
    else:
        out.print(listing_table(views.listing(found)))


@review_app.command("show", epilog="Example: codecite review show 3f2a9c1e")
def review_show(exchange: Exchange, as_json: JsonFlag = False) -> None:
    """Show one exchange whole: question, answer, candidates, sources, timings."""
    from bot.review import views
    from bot.review.tables import replay_view

    journal = runtime().journal
    found = journal.get(exchange)
    view = views.replay(found, journal.deliveries_of(found.exchange_id))
    if as_json:
        print_json(view.to_json())
    else:
        out.print(replay_view(view))


@review_app.command("queue", epilog="Example: codecite review queue --reason rejected --limit 20")
def review_queue(
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000)] = 20,
    reason: Annotated[Reason | None, typer.Option("--reason", help="Only for this reason.")] = None,
    person: Annotated[str, typer.Option("--person", help="Only this person's.")] = "",
    family: Annotated[str, typer.Option("--family", help="Only this category, E11.")] = "",
    drafter: Annotated[str, typer.Option("--drafter", help="Only this drafter's.")] = "",
    free: Annotated[bool, typer.Option("--free", help="Only what nobody has claimed.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Show what waits for review, the most urgent first."""
    from bot.review.tables import queue_table

    desk = runtime().desk
    asked = Filter(reason=reason, person=person, family=family, drafter=drafter, free=free)
    found = desk.queue(asked, limit)
    if as_json:
        from dataclasses import asdict

        print_json({"tally": desk.tally(), "queue": [asdict(item) for item in found]})
    else:
        out.print(queue_table(found, datetime.now(UTC)))


@review_app.command("claim", epilog="Example: codecite review claim 3f2a9c1e --as U1")
def review_claim(exchange: Exchange, acting: As = "") -> None:
    """Take an exchange on, so that nobody else reviews it meanwhile."""
    desk, person = desk_and_person(acting)
    case = desk.claim(person, desk.journal.get(exchange).exchange_id)
    say(f"{case.exchange_id} is yours until {case.held_until:%Y-%m-%d %H:%M} UTC.")


@review_app.command("release", epilog="Example: codecite review release 3f2a9c1e --as U1")
def review_release(exchange: Exchange, acting: As = "") -> None:
    """Give a claimed exchange back."""
    desk, person = desk_and_person(acting)
    case = desk.release(person, desk.journal.get(exchange).exchange_id)
    say(f"{case.exchange_id} is free.")


@review_app.command("comment", epilog='Example: codecite review comment 3f2a9c1e "see the biopsy"')
def review_comment(
    exchange: Exchange, text: Annotated[str, typer.Argument(help="What to say.")], acting: As = ""
) -> None:
    """Say something about an exchange."""
    desk, person = desk_and_person(acting)
    desk.comment(person, desk.journal.get(exchange).exchange_id, text)
    say("Noted.")


@review_app.command(
    "decide", epilog="Example: codecite review decide 3f2a9c1e --code E11.9=wrong-code:E11.22"
)
def review_decide(
    exchange: Exchange,
    code: Annotated[
        list[str] | None,
        typer.Option("--code", help="CODE=VERDICT or CODE=VERDICT:RIGHT; the others are accepted."),
    ] = None,
    missing: Annotated[
        list[str] | None, typer.Option("--missing", help="A code that the answer lacked.")
    ] = None,
    sequence: Annotated[
        str, typer.Option("--sequence", help="The right order, codes separated by commas.")
    ] = "",
    note: Annotated[str, typer.Option("--note", help="Why.")] = "",
    acting: As = "",
) -> None:
    """Judge every code of an exchange; codes that are not named are accepted."""
    desk, person = desk_and_person(acting)
    found = desk.journal.get(exchange)
    said = dict(_judged(text) for text in code or ())
    given = [row["code"] for row in found.answer.get("suggestions", ())]
    if unknown := set(said) - set(given):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: the answer did not suggest that.")
    verdicts = [said.get(each, CodeVerdict(each, Verdict.ACCEPTED)) for each in given]
    verdicts += [CodeVerdict("", Verdict.UNDER_CODED, each) for each in missing or ()]
    order = tuple(part.strip() for part in sequence.split(",") if part.strip())
    decision = desk.decide(person, found.exchange_id, verdicts, sequence=order, note=note)
    state = desk.store.case(found.exchange_id)
    say(
        f"Review {decision.round} is recorded: {', '.join(decision.codes) or 'no code'}. "
        f"The exchange is now {state.state.value if state is not None else 'decided'}."
    )


def _judged(text: str) -> tuple[str, CodeVerdict]:
    code, _, rest = text.partition("=")
    verdict, _, right = rest.partition(":")
    try:
        return code, CodeVerdict(code, Verdict(verdict), right)
    except ValueError:
        names = ", ".join(each.value for each in Verdict)
        raise typer.BadParameter(f"{text}: the verdicts are {names}.") from None


@review_app.command("feedback", epilog="Example: codecite review feedback 3f2a9c1e rejected")
def review_feedback(
    exchange: Exchange,
    what: Annotated[Feedback, typer.Argument(help="What was done with the answer.")],
    note: Annotated[str, typer.Option("--note", help="Why.")] = "",
    acting: As = "",
) -> None:
    """Say what the one who asked did with the answer; all but accepted goes to the queue."""
    desk, person = desk_and_person(acting)
    desk.feedback(person.id, desk.journal.get(exchange).exchange_id, what, note=note)
    say("Noted.")


@review_app.command("second", epilog="Example: codecite review second 3f2a9c1e")
def review_second(exchange: Exchange, acting: As = "") -> None:
    """Ask for a second, blinded review."""
    desk, person = desk_and_person(acting)
    desk.ask_second(person, desk.journal.get(exchange).exchange_id)
    say("A second reviewer will judge it without seeing the first verdict.")


@review_app.command("agreement", epilog="Example: codecite review agreement --json")
def review_agreement(as_json: JsonFlag = False) -> None:
    """How far first and second reviewers agree: Cohen's kappa."""
    from dataclasses import asdict

    found = runtime().desk.agreement()
    if as_json:
        print_json(asdict(found))
    elif found.kappa is None:
        say(f"{found.codes} codes were judged twice: too few, or too alike, for a kappa.")
    else:
        say(
            f"Cohen's kappa {found.kappa:.2f} ({found.low:.2f} to {found.high:.2f}), "
            f"{found.observed:.0%} of {found.codes} codes judged alike."
        )


@review_app.command("verify", epilog="Example: codecite review verify --head 3f2a9c1e…")
def review_verify(
    head: Annotated[
        str | None, typer.Option("--head", help="A head noted earlier that must be in the chain.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Prove that no row of the journal was changed, removed, added or moved."""
    from dataclasses import asdict

    found = runtime().journal.verify(head)
    if as_json:
        print_json(asdict(found) | {"ok": found.ok})
    elif found.broken is None:
        gone = f", {found.removed} removed by retention" if found.removed else ""
        say(f"The journal is whole: {found.rows} rows{gone}. Head {found.head}")
    else:
        broken = found.broken
        where = f"position {broken.position}" if broken.position else "outside the chain"
        say(f"BROKEN at {where}: row {broken.key} of {broken.subject}: {broken.reason}.")
    if not found.ok:
        raise typer.Exit(1)


@review_app.command("export", epilog="Example: codecite review export --out rows.jsonl --corrected")
def review_export(
    to: OutFile,
    corrected: Annotated[
        bool, typer.Option("--corrected", help="Only answers that were corrected.")
    ] = False,
) -> None:
    """Write decided exchanges as rows for `codecite eval`."""
    from bot.review.eval_rows import eval_rows

    count = 0
    with to.open("w", encoding="utf-8") as target:
        for row in eval_rows(runtime().desk, corrected_only=corrected):
            target.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    note(f"{count} rows written to {to}.")


@review_app.command("handoff", epilog="Example: codecite review handoff 3f2a9c1e --form 837p")
def review_handoff(
    exchange: Exchange,
    form: Annotated[Form, typer.Option("--form", help="fhir, 837p, 837i or csv.")] = Form.FHIR,
    patient: Annotated[str, typer.Option("--patient", help="FHIR reference, Patient/123.")] = "",
) -> None:
    """Print the accepted codes of an exchange for a billing system."""
    from bot.handoff.accepted import accepted
    from bot.handoff.writing import written
    from bot.review.configured import titles

    running = runtime()
    given = accepted(running.desk, exchange, titles(running.store))
    sys.stdout.write(written(given, form, patient))


@review_app.command("rebuild", epilog="Example: codecite review rebuild")
def review_rebuild() -> None:
    """Derive the queue anew from the journal, under the settings as they are now."""
    count = runtime().desk.rebuild()
    say(f"{count} cases were derived.")


@review_app.command("serve", epilog="Example: codecite review serve --port 8787")
def review_serve(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port; 0 picks a free one.")] = 8787,
) -> None:
    """Open the review console in a browser; prints a link that signs you in once, as a lead."""
    from bot.console.serving import serve

    serve(runtime(), host, port)
