"""The app manifest: exactly the scopes, events and features that the listeners use."""

from __future__ import annotations

import json
import sys
from typing import Any

from bot.slack.listeners.command import COMMAND
from bot.slack.wording import GREETING, SUGGESTED_PROMPTS

SCOPES = ("app_mentions:read", "assistant:write", "chat:write", "commands", "im:history")
EVENTS = ("app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked")


def manifest(*, socket_mode: bool = True) -> dict[str, Any]:
    """What to paste under "Create an app from a manifest".

    >>> manifest()["settings"]["socket_mode_enabled"]
    True
    """
    return {
        "display_information": {
            "name": "Codecite",
            "description": "Medical codes with the words and official entries they rest on.",
            "background_color": "#1d3d5c",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "agent_view": {
                "agent_description": GREETING,
                "suggested_prompts": [
                    {"title": title, "message": message} for title, message in SUGGESTED_PROMPTS
                ],
            },
            "bot_user": {"display_name": "Codecite", "always_online": True},
            "slash_commands": [
                {
                    "command": COMMAND,
                    "description": "Code a phrase or a note excerpt, for you alone",
                    "usage_hint": "left knee osteoarthritis",
                    "should_escape": False,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": True,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(manifest(), indent=2) + "\n")
