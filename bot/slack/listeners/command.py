"""`/code TEXT`: an answer for the person who typed it, who may share it with the channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack import wording
from bot.slack.deliveries import RespondDelivery
from bot.slack.incoming import Incoming
from bot.slack.names import COMMAND
from bot.slack.text import plain

if TYPE_CHECKING:
    from slack_bolt import Ack, App, Respond
    from slack_sdk import WebClient

    from bot.slack.services import Services


def register(app: App, services: Services) -> None:
    """Listen for the slash command."""

    @app.command(COMMAND)
    def on_command(ack: Ack, command: dict[str, Any], respond: Respond, client: WebClient) -> None:
        text = plain(str(command.get("text") or ""))
        if not text:
            ack(text=wording.COMMAND_USAGE, response_type="ephemeral")
            return
        ack()
        once = str(command.get("trigger_id") or command.get("response_url") or "")
        incoming = Incoming(
            text=text,
            person=str(command["user_id"]),
            channel=str(command["channel_id"]),
            team=str(command.get("team_id") or ""),
            turn_id=f"command:{once}"[:255],
            position=once,
            door="command",
            private=True,
        )
        services.ask_privately(incoming, client, RespondDelivery(respond))
