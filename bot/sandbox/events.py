"""The payloads Slack sends to an app, as pure functions of the workspace and what a person did."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.sandbox.records import Channel, Person, Posted
    from bot.sandbox.workspace import Workspace


def callback(workspace: Workspace, event: dict[str, Any]) -> dict[str, Any]:
    """An `event_callback` around one event, under a fresh event id."""
    return {
        "token": "sandbox",
        "team_id": workspace.team_id,
        "api_app_id": workspace.bot.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(6).upper()}",
        "event_time": int(float(event.get("event_ts") or 0)),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team_id,
                "user_id": workspace.bot.user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }


def mention_event(posted: Posted) -> dict[str, Any]:
    """`app_mention` for a channel message that names the bot."""
    return _written(posted, "app_mention")


def message_event(posted: Posted, channel: Channel) -> dict[str, Any]:
    """`message` for anything written in a conversation the app hears."""
    return _written(posted, "message") | {"channel_type": channel.kind}


def changed_event(posted: Posted, before: Posted, channel: Channel, ts: str) -> dict[str, Any]:
    """`message` of subtype `message_changed`: somebody edited a message."""
    return _subtype("message_changed", channel, ts) | {
        "message": posted.to_json(),
        "previous_message": before.to_json(),
    }


def deleted_event(before: Posted, channel: Channel, ts: str) -> dict[str, Any]:
    """`message` of subtype `message_deleted`."""
    return _subtype("message_deleted", channel, ts) | {
        "deleted_ts": before.ts,
        "previous_message": before.to_json(),
    }


def home_event(person: Person, channel: Channel, tab: str, ts: str) -> dict[str, Any]:
    """`app_home_opened` for the tab `home` or `messages`."""
    return {
        "type": "app_home_opened",
        "user": person.id,
        "channel": channel.id,
        "tab": tab,
        "event_ts": ts,
    }


def command(
    workspace: Workspace, person: Person, channel: Channel, name: str, text: str, response_url: str
) -> dict[str, Any]:
    """What a slash command sends."""
    return {
        "token": "sandbox",
        "team_id": workspace.team_id,
        "team_domain": workspace.team_name.lower(),
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.direct else channel.name,
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": workspace.bot.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": secrets.token_hex(8),
    }


def block_actions(
    workspace: Workspace,
    person: Person,
    posted: Posted,
    channel: Channel,
    element: dict[str, Any],
    block_id: str,
    response_url: str,
) -> dict[str, Any]:
    """What a pressed button sends."""
    return {
        "type": "block_actions",
        "user": {
            "id": person.id,
            "username": person.name,
            "name": person.name,
            "team_id": workspace.team_id,
        },
        "api_app_id": workspace.bot.app_id,
        "token": "sandbox",
        "container": {
            "type": "message",
            "message_ts": posted.ts,
            "channel_id": channel.id,
            "is_ephemeral": bool(posted.visible_to),
        },
        "trigger_id": secrets.token_hex(8),
        "team": {"id": workspace.team_id, "domain": workspace.team_name.lower()},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": channel.id, "name": channel.name},
        # Slack leaves the content of an ephemeral message out of the payload.
        **({} if posted.visible_to else {"message": posted.to_json()}),
        "response_url": response_url,
        "actions": [
            {
                "type": element["type"],
                "action_id": element.get("action_id", ""),
                "block_id": block_id,
                "text": element.get("text"),
                "value": element.get("value"),
                "action_ts": workspace.next_ts(),
            }
        ],
    }


def _written(posted: Posted, kind: str) -> dict[str, Any]:
    event = posted.to_json() | {
        "type": kind,
        "channel": posted.channel,
        "event_ts": posted.ts,
    }
    if posted.thread_ts:
        event["parent_user_id"] = posted.user
    return event


def _subtype(subtype: str, channel: Channel, ts: str) -> dict[str, Any]:
    return {
        "type": "message",
        "subtype": subtype,
        "hidden": True,
        "channel": channel.id,
        "channel_type": channel.kind,
        "ts": ts,
        "event_ts": ts,
    }
