"""The workspace lets the app go, or somebody's account changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack.logs import log

if TYPE_CHECKING:
    from slack_bolt import App, BoltContext

    from bot.slack.services import Services


def register(app: App, services: Services) -> None:
    """Listen for the end of an installation and for changed accounts."""

    @app.event("app_uninstalled")
    def on_uninstalled(context: BoltContext) -> None:
        log.warning("the app was uninstalled from workspace %s", context.team_id)
        services.forget_installation(context.enterprise_id, context.team_id)

    @app.event("tokens_revoked")
    def on_tokens_revoked(event: dict[str, Any], context: BoltContext) -> None:
        log.warning("tokens of workspace %s were revoked", context.team_id)
        if (event.get("tokens") or {}).get("bot"):
            services.forget_installation(context.enterprise_id, context.team_id)

    @app.event("user_change")
    def on_user_change(event: dict[str, Any], context: BoltContext) -> None:
        """A deactivated account loses its access at once, not when what is known grows old."""
        user = str((event.get("user") or {}).get("id") or "")
        services.gate.directory.forget_person(str(context.team_id or ""), user)
