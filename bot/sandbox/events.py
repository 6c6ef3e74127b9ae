"""The payloads Slack sends to an app, as pure functions of the workspace and what a person did."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.sandbox.records import Channel, Person, Posted
    from bot.sandbox.workspace import Workspace


def callback(
    workspace: Workspace, event: dict[str, Any], *, shared: bool = False
) -> dict[str, Any]:
    """An `event_callback` around one event, under a fresh event id."""
    return {
        "token": "sandbox",
        "team_id": workspace.team_id,
        "enterprise_id": workspace.enterprise_id or None,
        "api_app_id": workspace.bot.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(6).upper()}",
        "event_time": int(float(event.get("event_ts") or 0)),
        "authorizations": [
            {
                "enterprise_id": workspace.enterprise_id or None,
                "team_id": workspace.team_id,
                "user_id": workspace.bot.user_id,
                "is_bot": True,
                "is_enterprise_install": bool(workspace.enterprise_id),
            }
        ],
        "is_ext_shared_channel": shared,
    }


def mention_event(posted: Posted) -> dict[str, Any]:
    """`app_mention` for a channel message that names the bot."""
    return _written(posted, "app_mention")


def message_event(posted: Posted, channel: Channel) -> dict[str, Any]:
    """`message` for anything written in a conversation the app hears."""
    subtype = {"subtype": "file_share"} if posted.files else {}
    return _written(posted, "message") | {"channel_type": channel.kind} | subtype


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


def tombstone_event(before: Posted, channel: Channel, ts: str) -> dict[str, Any]:
    """A deleted message whose thread has replies stays as a tombstone."""
    tombstone = {
        "type": "message", "subtype": "tombstone", "ts": before.ts, "user": "USLACKBOT",
        "text": "This message was deleted.", "hidden": True, "thread_ts": before.ts,
    }  # fmt: skip
    return _subtype("message_changed", channel, ts) | {
        "message": tombstone,
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


def person_event(person: Person, ts: str) -> dict[str, Any]:
    """`user_change`: somebody's account has changed."""
    user = {"id": person.id, "name": person.name, "deleted": person.deleted}
    return {"type": "user_change", "user": user, "event_ts": ts}


def command(
    workspace: Workspace, person: Person, channel: Channel, name: str, text: str, response_url: str
) -> dict[str, Any]:
    """What a slash command sends."""
    return {
        "token": "sandbox",
        "team_id": workspace.team_id,
        "team_domain": workspace.team_name.lower(),
        **_enterprise(workspace),
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.direct else channel.name,
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": workspace.bot.app_id,
        "is_enterprise_install": "true" if workspace.enterprise_id else "false",
        "response_url": response_url,
        "trigger_id": workspace.handles.open_trigger(person.id),
    }


def block_actions(
    workspace: Workspace,
    person: Person,
    posted: Posted,
    channel: Channel,
    action: dict[str, Any],
    response_url: str,
) -> dict[str, Any]:
    """What a pressed button or a chosen option of a message sends."""
    return _interaction(workspace, person, "block_actions") | {
        "container": {
            "type": "message",
            "message_ts": posted.ts,
            "channel_id": channel.id,
            "is_ephemeral": bool(posted.visible_to),
            **({"thread_ts": posted.thread_ts} if posted.thread_ts else {}),
        },
        "trigger_id": workspace.handles.open_trigger(person.id),
        "channel": {"id": channel.id, "name": channel.name},
        # Slack leaves the content of an ephemeral message out of the payload.
        **({} if posted.visible_to else {"message": posted.to_json()}),
        "state": {"values": {}},
        "response_url": response_url,
        "actions": [action | {"action_ts": workspace.next_ts()}],
    }


def view_actions(
    workspace: Workspace, person: Person, view: dict[str, Any], action: dict[str, Any]
) -> dict[str, Any]:
    """The same in a Home tab or a modal."""
    return _interaction(workspace, person, "block_actions") | {
        "container": {"type": "view", "view_id": view.get("id", "V0HOME")},
        "trigger_id": workspace.handles.open_trigger(person.id),
        "view": view,
        "actions": [action | {"action_ts": workspace.next_ts()}],
    }


def view_submission(
    workspace: Workspace, person: Person, view: dict[str, Any], values: dict[str, Any]
) -> dict[str, Any]:
    """What a submitted modal sends."""
    return _interaction(workspace, person, "view_submission") | {
        "trigger_id": workspace.handles.open_trigger(person.id),
        "view": view | {"state": {"values": values}},
        "response_urls": [],
    }


def view_closed(workspace: Workspace, person: Person, view: dict[str, Any]) -> dict[str, Any]:
    """What a cancelled modal sends that asked for it."""
    return _interaction(workspace, person, "view_closed") | {"view": view, "is_cleared": False}


def message_shortcut(
    workspace: Workspace,
    person: Person,
    posted: Posted,
    channel: Channel,
    callback_id: str,
    response_url: str,
) -> dict[str, Any]:
    """What a shortcut in a message's menu sends."""
    return _interaction(workspace, person, "message_action") | {
        "callback_id": callback_id,
        "trigger_id": workspace.handles.open_trigger(person.id),
        "action_ts": workspace.next_ts(),
        "channel": {"id": channel.id, "name": channel.name},
        "message_ts": posted.ts,
        "message": posted.to_json(),
        "response_url": response_url,
    }


def global_shortcut(workspace: Workspace, person: Person, callback_id: str) -> dict[str, Any]:
    """What a shortcut of the composer's menu sends."""
    return _interaction(workspace, person, "shortcut") | {
        "callback_id": callback_id,
        "trigger_id": workspace.handles.open_trigger(person.id),
        "action_ts": workspace.next_ts(),
    }


def action_of(element: dict[str, Any], block_id: str, chosen: Any = None) -> dict[str, Any]:
    """What an element says when it is used; ``chosen`` is an option's value, a list, or a date."""
    kind = element["type"]
    action: dict[str, Any] = {
        "type": kind,
        "action_id": element.get("action_id", ""),
        "block_id": block_id,
    }
    if kind == "button":
        return action | {"text": element.get("text"), "value": element.get("value")}
    if kind == "feedback_buttons":
        side = "positive_button" if chosen in ("positive", None) else "negative_button"
        return action | {"value": element[side]["value"], "text": element[side]["text"]}
    return action | entered(element, chosen)


def entered(element: dict[str, Any], chosen: Any) -> dict[str, Any]:
    """What an element holds once somebody entered ``chosen``; what it began with for None."""
    kind = element["type"]
    options = {option["value"]: option for option in element.get("options") or ()}
    if kind in ("static_select", "radio_buttons", "overflow"):
        if chosen is None:
            return {"selected_option": element.get("initial_option")}
        return {"selected_option": options[chosen]}
    if kind in ("checkboxes", "multi_static_select"):
        if chosen is None:
            return {"selected_options": element.get("initial_options") or []}
        return {"selected_options": [options[value] for value in chosen]}
    if kind == "datepicker":
        return {"selected_date": chosen or element.get("initial_date")}
    return {"value": chosen if chosen else element.get("initial_value")}


def _interaction(workspace: Workspace, person: Person, kind: str) -> dict[str, Any]:
    return {
        "type": kind,
        "user": {
            "id": person.id,
            "username": person.name,
            "name": person.name,
            "team_id": workspace.team_id,
        },
        "api_app_id": workspace.bot.app_id,
        "token": "sandbox",
        "team": {"id": workspace.team_id, "domain": workspace.team_name.lower()},
        "enterprise": {"id": workspace.enterprise_id} if workspace.enterprise_id else None,
        "is_enterprise_install": bool(workspace.enterprise_id),
    }


def _enterprise(workspace: Workspace) -> dict[str, Any]:
    return {"enterprise_id": workspace.enterprise_id} if workspace.enterprise_id else {}


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
