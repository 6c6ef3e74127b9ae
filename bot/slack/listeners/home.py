"""`app_home_opened`: suggested prompts in the agent view, and the Home tab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack import wording
from bot.slack.logs import describe, log
from bot.slack.views import home

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import App
    from slack_sdk import WebClient


def register(app: App) -> None:
    """Listen for someone opening the app."""

    @app.event("app_home_opened")
    def on_home_opened(
        event: dict[str, Any],
        client: WebClient,
        set_suggested_prompts: Callable[..., Any] | None,
    ) -> None:
        try:
            if event.get("tab") == "home":
                client.views_publish(user_id=str(event["user"]), view=home())
            elif event.get("tab") == "messages" and set_suggested_prompts is not None:
                set_suggested_prompts(
                    title=wording.GREETING,
                    prompts=[
                        {"title": title, "message": message}
                        for title, message in wording.SUGGESTED_PROMPTS
                    ],
                )
        except Exception as error:  # noqa: BLE001  # a greeting is a courtesy; nobody asked anything
            log.warning("home or prompts not shown: %s", describe(error))
