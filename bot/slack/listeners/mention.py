"""`app_mention`: someone asks in a channel, and is answered in the thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack import wording
from bot.slack.listeners.incoming import from_event, only_files

if TYPE_CHECKING:
    from slack_bolt import App, BoltContext
    from slack_sdk import WebClient

    from bot.slack.answering import Answering
    from bot.slack.status import SetStatus


def register(app: App, answering: Answering) -> None:
    """Listen for mentions."""

    @app.event("app_mention")
    def on_mention(
        event: dict[str, Any],
        context: BoltContext,
        client: WebClient,
        set_status: SetStatus | None,
    ) -> None:
        incoming = from_event(event, context)
        if only_files(event, incoming):
            answering.say(incoming, wording.FILES_NOT_READ, client)
            return
        answering.reply(incoming, client, set_status)
