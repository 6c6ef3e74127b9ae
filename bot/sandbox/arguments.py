"""The arguments of a Web API call: read from either encoding, and what is asked of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qsl

from bot.sandbox import validator
from bot.sandbox.errors import SlackError

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

Arguments: TypeAlias = dict[str, Any]
Method: TypeAlias = Callable[[Arguments], dict[str, Any]]

_JSON_ARGUMENTS = (
    "blocks",
    "view",
    "prompts",
    "loading_messages",
    "attachments",
    "metadata",
    "chunks",
)


def token_of(authorization: str, arguments: Arguments) -> str:
    """The token of a call: in its header, or among its arguments, where it is taken out."""
    scheme, _, token = authorization.partition(" ")
    return token if scheme.lower() == "bearer" else str(arguments.pop("token", ""))


def arguments_of(body: bytes, content_type: str) -> Arguments:
    """The arguments of a call, sent as JSON or as a form with JSON in it."""
    if content_type.startswith("application/json"):
        document = json.loads(body or b"{}")
        return document if isinstance(document, dict) else {}
    arguments: Arguments = dict(parse_qsl(body.decode(), keep_blank_values=True))
    for name in _JSON_ARGUMENTS:
        if isinstance(arguments.get(name), str) and arguments[name][:1] in ("[", "{"):
            arguments[name] = json.loads(arguments[name])
    return arguments


def required(arguments: Arguments, name: str) -> str:
    """An argument that must be there. Raises SlackError `invalid_arguments`."""
    value = arguments.get(name)
    if not value:
        raise SlackError("invalid_arguments", (f"missing required field: {name}",))
    return str(value)


def place(workspace: Workspace, arguments: Arguments, name: str = "channel") -> str:
    """The conversation a call names, if the bot is in it. Raises SlackError."""
    channel = workspace.channel(required(arguments, name))
    if workspace.bot.user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel.id


def check_message(arguments: Arguments) -> None:
    """Whether a message may be posted. Raises SlackError in Slack's own words."""
    if not (arguments.get("text") or arguments.get("blocks")):
        raise SlackError("no_text")
    problems = validator.message_problems(arguments)
    if problems:
        raise SlackError("invalid_blocks", tuple(problems))
    if validator.too_long(arguments):
        raise SlackError("msg_blocks_too_long")
