"""`message`: direct messages are questions; in a channel only a message that names the bot is.

Edits and deletions (`message_changed`, `message_deleted`) and the other subtypes are acknowledged
and leave the given answer as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack import wording
from bot.slack.listeners.incoming import from_event, is_direct, only_files
from bot.slack.middleware import QUESTION_SUBTYPES
from bot.slack.text import mentions

if TYPE_CHECKING:
    from slack_bolt import App, BoltContext
    from slack_sdk import WebClient

    from bot.slack.answering import Answering
    from bot.slack.status import SetStatus


def register(app: App, answering: Answering) -> None:
    """Listen for messages of every kind."""

    @app.event("message")
    def on_message(
        event: dict[str, Any],
        context: BoltContext,
        client: WebClient,
        set_status: SetStatus | None,
    ) -> None:
        if event.get("subtype") not in QUESTION_SUBTYPES:
            return
        named = mentions(str(event.get("text") or ""), context.bot_user_id)
        if not (is_direct(event) or named):
            return
        incoming = from_event(event, context)
        if only_files(event, incoming):
            answering.say(incoming, wording.FILES_NOT_READ, client)
            return
        answering.reply(incoming, client, set_status)
