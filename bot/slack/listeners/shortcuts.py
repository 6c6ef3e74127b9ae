"""The message shortcut "Suggest codes" and the global shortcut "Code a note"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack import modals
from bot.slack.acting import Act, team_of
from bot.slack.deliveries import RespondDelivery
from bot.slack.incoming import Incoming
from bot.slack.names import NOTE_SHORTCUT, SUGGEST_SHORTCUT
from bot.slack.text import plain

if TYPE_CHECKING:
    from slack_bolt import Ack, App, BoltContext, Respond
    from slack_sdk import WebClient

    from bot.slack.services import Services


def register(app: App, services: Services) -> None:
    """Listen for both."""

    @app.shortcut(SUGGEST_SHORTCUT)
    def on_suggest(
        ack: Ack, shortcut: dict[str, Any], respond: Respond, client: WebClient,
        context: BoltContext,
    ) -> None:  # fmt: skip
        ack()
        message = shortcut.get("message") or {}
        once = str(shortcut.get("trigger_id") or shortcut.get("action_ts") or "")
        incoming = Incoming(
            text=plain(str(message.get("text") or ""), context.bot_user_id),
            person=str(shortcut["user"]["id"]),
            channel=str((shortcut.get("channel") or {}).get("id") or ""),
            team=team_of(shortcut),
            turn_id=f"shortcut:{once}"[:255],
            position=once,
            door="shortcut",
            files=tuple(message.get("files") or ()),
            private=True,
        )
        thread = str(message.get("thread_ts") or "")
        services.ask_privately(incoming, client, RespondDelivery(respond, thread))

    @app.shortcut(NOTE_SHORTCUT)
    def on_note(ack: Ack, shortcut: dict[str, Any], client: WebClient) -> None:
        ack()
        person, team = str(shortcut["user"]["id"]), team_of(shortcut)
        act = Act("", person, team, "", client, trigger=str(shortcut.get("trigger_id") or ""))

        def open_form(found: Act) -> None:
            said = services.memory.preferences(team, person)
            view = modals.note_view(said, services.setting, services.clock().date())
            found.client.views_open(trigger_id=found.trigger, view=view)

        services.desk.handle("note-form", act, open_form)
