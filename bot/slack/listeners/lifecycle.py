"""`app_uninstalled` and `tokens_revoked`: the workspace has let the app go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.logs import log

if TYPE_CHECKING:
    from slack_bolt import App, BoltContext


def register(app: App) -> None:
    """Listen for the end of an installation."""

    @app.event("app_uninstalled")
    def on_uninstalled(context: BoltContext) -> None:
        log.warning("the app was uninstalled from workspace %s", context.team_id)

    @app.event("tokens_revoked")
    def on_tokens_revoked(context: BoltContext) -> None:
        log.warning("tokens of workspace %s were revoked", context.team_id)
