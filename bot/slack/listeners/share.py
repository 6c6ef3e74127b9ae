"""The "Share to channel" button under an answer that only its asker sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack.blocks import SHARE_ACTION

if TYPE_CHECKING:
    from slack_bolt import Ack, App, Respond

    from bot.slack.sharing import Sharing


def register(app: App, sharing: Sharing) -> None:
    """Listen for the button."""

    @app.action(SHARE_ACTION)
    def on_share(ack: Ack, action: dict[str, Any], body: dict[str, Any], respond: Respond) -> None:
        ack()
        sharing.share(str(action.get("value") or ""), str(body["user"]["id"]), respond)
