"""Submitted forms: a note to code, an edit, a rejection, a question to a lead."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from bot.answer import Setting
from bot.conversation import Said
from bot.slack import names
from bot.slack.access import Role
from bot.slack.acting import Act, team_of
from bot.slack.answering import failure_sentence
from bot.slack.deliveries import PostDelivery
from bot.slack.errors import Gone
from bot.slack.incoming import Incoming
from bot.slack.modals import value_of
from bot.slack.wording import NOT_HERE_ANY_MORE

if TYPE_CHECKING:
    from slack_bolt import Ack, App
    from slack_sdk import WebClient

    from bot.slack.services import Services


def register(app: App, services: Services) -> None:
    """Listen for every form of the app."""
    desk, decide = services.desk, services.decisions

    @app.view(names.NOTE_VIEW)
    def on_note(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        view = body["view"]
        incoming = note_of(body, str(view["id"]))
        # A form belongs to no channel: the answer goes to the person's own conversation.
        delivery = PostDelivery(services.outbox, client, incoming.person)
        services.ask_privately(incoming, client, delivery)

    @app.view(names.EDIT_VIEW)
    def on_edit(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        view = body["view"]
        metadata, state = str(view["private_metadata"]), view["state"]["values"]
        try:
            problems = decide.edit_problems(metadata, state)
        except Gone:
            problems = {"add": NOT_HERE_ANY_MORE}
        except Exception as error:  # noqa: BLE001  # said in the form, where the person is
            problems = {"add": failure_sentence(error)[:150]}
        if problems:
            ack(response_action="errors", errors=problems)
            return
        ack()
        desk.handle(
            "edit", _act(body, client), lambda act: decide.edited(act, metadata, state),
            needs=Role.CODER, once=f"view:{view['id']}",
        )  # fmt: skip

    @app.view(names.REJECT_VIEW)
    def on_reject(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        view = body["view"]
        metadata, state = str(view["private_metadata"]), view["state"]["values"]
        desk.handle(
            "reject", _act(body, client), lambda act: decide.rejected(act, metadata, state),
            needs=Role.CODER, once=f"view:{view['id']}",
        )  # fmt: skip

    @app.view(names.ASK_LEAD_VIEW)
    def on_ask_lead(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        view = body["view"]
        metadata, state = str(view["private_metadata"]), view["state"]["values"]
        desk.handle(
            "ask-lead", _act(body, client), lambda act: decide.lead_asked(act, metadata, state),
            once=f"view:{view['id']}",
        )  # fmt: skip


def note_of(body: dict[str, Any], view_id: str) -> Incoming:
    """The question that the form "Code a note" asks."""
    state = body["view"]["state"]["values"]
    age = value_of(state, "age")
    day = value_of(state, "date")
    return Incoming(
        text=str(value_of(state, "note") or ""),
        person=str(body["user"]["id"]),
        channel="",
        team=team_of(body),
        turn_id=f"form:{view_id}"[:255],
        position=view_id,
        door="form",
        said=Said(
            Setting(value_of(state, "setting")),
            date.fromisoformat(day) if day else None,
            tuple(value_of(state, "systems") or ()) or None,
        ),
        age=int(age) if age else None,
        sex=value_of(state, "sex"),
        private=True,
    )


def _act(body: dict[str, Any], client: WebClient) -> Act:
    return Act("", str(body["user"]["id"]), team_of(body), "", client)
