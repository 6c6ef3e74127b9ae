"""`/code TEXT`: an answer for the person who typed it, who may share it with the channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack import wording
from bot.slack.answering import Answering, Incoming
from bot.slack.text import plain

if TYPE_CHECKING:
    from slack_bolt import Ack, App, Respond

COMMAND = "/code"


def register(app: App, answering: Answering) -> None:
    """Listen for the slash command."""

    @app.command(COMMAND)
    def on_command(ack: Ack, command: dict[str, Any], respond: Respond) -> None:
        text = plain(str(command.get("text") or ""))
        if not text:
            ack(text=wording.COMMAND_USAGE, response_type="ephemeral")
            return
        ack()
        answering.reply_privately(
            Incoming(
                text=text,
                person=str(command["user_id"]),
                channel=str(command["channel_id"]),
                team=str(command.get("team_id") or ""),
            ),
            respond,
        )
