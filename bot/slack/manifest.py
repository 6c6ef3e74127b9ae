"""The app manifest: exactly the scopes, events and features that the listeners use.

`METHOD_SCOPES` says which scope each Web API method needs that this app calls; a test reads the
calls out of the source and holds both together.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from bot.slack.names import COMMAND, NOTE_SHORTCUT, SUGGEST_SHORTCUT
from bot.slack.wording import GREETING, SUGGESTED_PROMPTS

METHOD_SCOPES = {
    "assistant.threads.setStatus": "assistant:write",
    "assistant.threads.setSuggestedPrompts": "assistant:write",
    "auth.test": "",
    "blocks.validate": "",
    "chat.appendStream": "chat:write",
    "chat.delete": "chat:write",
    "chat.getPermalink": "",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.startStream": "chat:write",
    "chat.stopStream": "chat:write",
    "chat.update": "chat:write",
    "conversations.info": "channels:read",
    "usergroups.users.list": "usergroups:read",
    "users.info": "users:read",
    "views.open": "",
    "views.publish": "",
}
EVENT_SCOPES = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "app_uninstalled": "",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "tokens_revoked": "",
    "user_change": "users:read",
}
EVENTS = tuple(sorted(EVENT_SCOPES))
SCOPES = ("app_mentions:read", "assistant:write", "chat:write", "commands", "im:history")
"""Without these there is no app."""
OPTIONAL_SCOPES = (
    "channels:history",
    "channels:read",
    "files:read",
    "groups:history",
    "groups:read",
    "usergroups:read",
    "users:read",
)
"""Follow-ups without a mention (history), files, and what access is decided by (read)."""


def manifest(*, socket_mode: bool = True, url: str = "", oauth: bool = False) -> dict[str, Any]:
    """What to paste under "Create an app from a manifest".

    ``url`` is the public address of HTTP mode, ``oauth`` says that many workspaces install it.

    >>> manifest()["settings"]["socket_mode_enabled"]
    True
    """
    base = url.rstrip("/")
    request_url = {} if socket_mode else {"request_url": f"{base}/slack/events"}
    oauth_config: dict[str, Any] = {
        "scopes": {"bot": list(SCOPES), "bot_optional": list(OPTIONAL_SCOPES)}
    }
    if oauth:
        oauth_config["redirect_urls"] = [f"{base}/slack/oauth_redirect"]
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
            "shortcuts": [
                {
                    "name": "Suggest codes",
                    "type": "message",
                    "callback_id": SUGGEST_SHORTCUT,
                    "description": "Codes for this message, for you alone",
                },
                {
                    "name": "Code a note",
                    "type": "global",
                    "callback_id": NOTE_SHORTCUT,
                    "description": "Codes for a note, with setting and date of service",
                },
            ],
            "slash_commands": [
                {
                    "command": COMMAND,
                    "description": "Code a phrase or a note excerpt, for you alone",
                    "usage_hint": "left knee osteoarthritis",
                    "should_escape": False,
                    **({} if socket_mode else {"url": f"{base}/slack/events"}),
                }
            ],
        },
        "oauth_config": oauth_config,
        "settings": {
            "event_subscriptions": {**request_url, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request_url},
            "org_deploy_enabled": True,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": oauth,
        },
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(manifest(), indent=2) + "\n")
