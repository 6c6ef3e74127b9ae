"""The Web API over HTTP: tokens, arguments and blocks checked, errors in Slack's own words."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qsl

from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.sandbox import validator
from bot.sandbox.records import Call
from bot.sandbox.workspace import SlackError, Workspace

if TYPE_CHECKING:
    from starlette.requests import Request

Arguments: TypeAlias = dict[str, Any]
Method: TypeAlias = Callable[[Arguments], dict[str, Any]]

_JSON_ARGUMENTS = ("blocks", "view", "prompts", "loading_messages", "attachments")
_TRUE = frozenset({True, "1", "true", "True"})


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer to give instead of the real one, once: an error code, or an HTTP status."""

    error: str = ""
    status: int = 200
    retry_after: int = 0


class WebApi:
    """`POST /api/{method}` and `POST /response/{id}`; every call is kept in the workspace."""

    def __init__(self, workspace: Workspace, socket_url: Callable[[], str]) -> None:
        self._workspace = workspace
        self._socket_url = socket_url
        self._faults: dict[str, list[Fault]] = {}
        self._reactions: list[tuple[str, str, str]] = []
        self._methods: dict[str, Method] = {
            "api.test": lambda _: {},
            "apps.connections.open": lambda _: {"url": self._socket_url()},
            "assistant.threads.setStatus": self._set_status,
            "assistant.threads.setSuggestedPrompts": self._set_prompts,
            "assistant.threads.setTitle": self._set_title,
            "auth.test": self._auth_test,
            "chat.delete": self._chat_delete,
            "chat.postEphemeral": self._chat_post_ephemeral,
            "chat.postMessage": self._chat_post_message,
            "chat.update": self._chat_update,
            "conversations.info": self._conversations_info,
            "conversations.open": self._conversations_open,
            "reactions.add": self._reactions_add,
            "users.info": self._users_info,
            "views.publish": self._views_publish,
        }

    def fail_next(self, method: str, fault: Fault) -> None:
        """Answer the next call of ``method`` (``response`` for a `response_url`) with ``fault``."""
        self._faults.setdefault(method, []).append(fault)

    async def call(self, request: Request) -> Response:
        """Answer one Web API call."""
        method = request.path_params["method"]
        arguments = _arguments(await request.body(), request.headers.get("content-type", ""))
        if (fault := self._fault(method)) is not None:
            self._workspace.record(Call(method, arguments, fault.error or str(fault.status)))
            return _faulty(fault)
        try:
            token = _token(request.headers.get("authorization", ""), arguments)
            self._authorize(method, token)
            handler = self._methods.get(method)
            if handler is None:
                raise SlackError("unknown_method")
            body = {"ok": True} | handler(arguments)
        except SlackError as error:
            self._workspace.record(Call(method, arguments, error.code))
            return JSONResponse(_refusal(error))
        self._workspace.record(Call(method, arguments))
        return JSONResponse(body)

    async def respond(self, request: Request) -> Response:
        """Answer a use of a `response_url`."""
        body = _arguments(await request.body(), request.headers.get("content-type", ""))
        if (fault := self._fault("response")) is not None:
            self._workspace.record(Call("response", body, fault.error or str(fault.status)))
            return _faulty(fault)
        try:
            self._use_response(request.path_params["id"], body)
        except SlackError as error:
            self._workspace.record(Call("response", body, error.code))
            return PlainTextResponse(error.code, status_code=404)
        self._workspace.record(Call("response", body))
        return PlainTextResponse("ok")

    def _use_response(self, response_id: str, body: Arguments) -> None:
        response = self._workspace.use_response(response_id)
        if body.get("delete_original") in _TRUE and response.message_ts:
            self._workspace.delete(response.channel, response.message_ts)
        if not (body.get("text") or body.get("blocks")):
            return
        _check_message(body)
        if body.get("replace_original") in _TRUE and response.message_ts:
            self._workspace.update(
                response.channel, response.message_ts, str(body.get("text")), body.get("blocks")
            )
            return
        public = body.get("response_type") == "in_channel"
        self._workspace.post(
            response.channel,
            self._workspace.bot.user_id,
            str(body.get("text") or ""),
            blocks=body.get("blocks"),
            thread_ts=response.thread_ts,
            visible_to="" if public else response.user,
        )

    def _fault(self, method: str) -> Fault | None:
        faults = self._faults.get(method)
        return faults.pop(0) if faults else None

    def _authorize(self, method: str, token: str) -> None:
        if not token:
            raise SlackError("not_authed")
        wanted, other = self._workspace.bot_token, self._workspace.app_token
        if method == "apps.connections.open":
            wanted, other = other, wanted
        if token == other:
            raise SlackError("not_allowed_token_type")
        if token != wanted:
            raise SlackError("invalid_auth")

    # -- methods -----------------------------------------------------------------------------

    def _auth_test(self, _arguments: Arguments) -> dict[str, Any]:
        workspace = self._workspace
        return {
            "url": "https://sandbox.slack.test/",
            "team": workspace.team_name,
            "user": workspace.bot.name,
            "team_id": workspace.team_id,
            "user_id": workspace.bot.user_id,
            "bot_id": workspace.bot.bot_id,
            "is_enterprise_install": False,
        }

    def _chat_post_message(self, arguments: Arguments) -> dict[str, Any]:
        channel = self._place(arguments)
        _check_message(arguments)
        posted = self._workspace.post(
            channel,
            self._workspace.bot.user_id,
            str(arguments.get("text") or ""),
            blocks=arguments.get("blocks"),
            thread_ts=str(arguments.get("thread_ts") or ""),
        )
        return {"channel": channel, "ts": posted.ts, "message": posted.to_json()}

    def _chat_post_ephemeral(self, arguments: Arguments) -> dict[str, Any]:
        channel = self._place(arguments)
        _check_message(arguments)
        user = _required(arguments, "user")
        if user not in self._workspace.channel(channel).members:
            raise SlackError("user_not_in_channel")
        posted = self._workspace.post(
            channel,
            self._workspace.bot.user_id,
            str(arguments.get("text") or ""),
            blocks=arguments.get("blocks"),
            thread_ts=str(arguments.get("thread_ts") or ""),
            visible_to=user,
        )
        return {"message_ts": posted.ts}

    def _chat_update(self, arguments: Arguments) -> dict[str, Any]:
        channel = self._place(arguments)
        _check_message(arguments)
        posted = self._own(channel, _required(arguments, "ts"), "cant_update_message")
        new = self._workspace.update(
            channel, posted, str(arguments.get("text") or ""), arguments.get("blocks")
        )
        return {"channel": channel, "ts": new.ts, "text": new.text, "message": new.to_json()}

    def _chat_delete(self, arguments: Arguments) -> dict[str, Any]:
        channel = self._place(arguments)
        ts = self._own(channel, _required(arguments, "ts"), "cant_delete_message")
        self._workspace.delete(channel, ts)
        return {"channel": channel, "ts": ts}

    def _set_status(self, arguments: Arguments) -> dict[str, Any]:
        channel = self._place(arguments, "channel_id")
        thread_ts = _required(arguments, "thread_ts")
        if "status" not in arguments:
            raise SlackError("invalid_arguments")
        if len(arguments.get("loading_messages") or []) > 10:
            raise SlackError("invalid_arguments")
        self._workspace.message(channel, thread_ts)
        self._workspace.set_status(channel, thread_ts, str(arguments["status"]))
        return {}

    def _set_prompts(self, arguments: Arguments) -> dict[str, Any]:
        channel = self._place(arguments, "channel_id")
        prompts = arguments.get("prompts")
        if not isinstance(prompts, list) or not 1 <= len(prompts) <= 4:
            raise SlackError("invalid_arguments")
        if not all(isinstance(p, dict) and p.get("title") and p.get("message") for p in prompts):
            raise SlackError("invalid_arguments")
        self._workspace.set_prompts(channel, str(arguments.get("title") or ""), prompts)
        return {}

    def _set_title(self, arguments: Arguments) -> dict[str, Any]:
        channel = self._place(arguments, "channel_id")
        self._workspace.message(channel, _required(arguments, "thread_ts"))
        _required(arguments, "title")
        return {}

    def _conversations_info(self, arguments: Arguments) -> dict[str, Any]:
        channel = self._workspace.channel(_required(arguments, "channel"))
        return {
            "channel": {
                "id": channel.id,
                "name": channel.name,
                "is_channel": not channel.direct,
                "is_im": channel.direct,
                "is_ext_shared": False,
                "is_member": self._workspace.bot.user_id in channel.members,
            }
        }

    def _conversations_open(self, arguments: Arguments) -> dict[str, Any]:
        channel = self._workspace.direct_with(_required(arguments, "users"))
        return {"channel": {"id": channel.id}}

    def _users_info(self, arguments: Arguments) -> dict[str, Any]:
        person = self._workspace.people.get(_required(arguments, "user"))
        if person is None:
            raise SlackError("user_not_found")
        return {
            "user": {
                "id": person.id,
                "name": person.name,
                "real_name": person.real_name,
                "deleted": False,
                "is_bot": False,
                "profile": {"title": person.title, "real_name": person.real_name},
            }
        }

    def _views_publish(self, arguments: Arguments) -> dict[str, Any]:
        view = arguments.get("view")
        if not isinstance(view, dict):
            raise SlackError("invalid_arguments")
        problems = validator.view_problems(view)
        if view.get("type") != "home":
            problems.append("type: only a home view is published")
        if problems:
            raise SlackError("invalid_arguments", tuple(problems))
        self._workspace.publish_home(_required(arguments, "user_id"), view)
        return {"view": view}

    def _reactions_add(self, arguments: Arguments) -> dict[str, Any]:
        channel = self._place(arguments)
        posted = self._workspace.message(channel, _required(arguments, "timestamp"))
        reaction = (channel, posted.ts, _required(arguments, "name"))
        if reaction in self._reactions:
            raise SlackError("already_reacted")
        self._reactions.append(reaction)
        return {}

    def _place(self, arguments: Arguments, name: str = "channel") -> str:
        channel = self._workspace.channel(_required(arguments, name))
        if self._workspace.bot.user_id not in channel.members:
            raise SlackError("not_in_channel")
        return channel.id

    def _own(self, channel: str, ts: str, refusal: str) -> str:
        """``ts``, if that message is the bot's own."""
        if not self._workspace.message(channel, ts).bot_id:
            raise SlackError(refusal)
        return ts


def _check_message(arguments: Arguments) -> None:
    if not (arguments.get("text") or arguments.get("blocks")):
        raise SlackError("no_text")
    problems = validator.message_problems(arguments)
    if problems:
        raise SlackError("invalid_blocks", tuple(problems))
    if validator.too_long(arguments):
        raise SlackError("msg_blocks_too_long")


def _required(arguments: Arguments, name: str) -> str:
    value = arguments.get(name)
    if not value:
        raise SlackError("invalid_arguments", (f"missing required field: {name}",))
    return str(value)


def _token(authorization: str, arguments: Arguments) -> str:
    scheme, _, token = authorization.partition(" ")
    return token if scheme.lower() == "bearer" else str(arguments.pop("token", ""))


def _arguments(body: bytes, content_type: str) -> Arguments:
    if content_type.startswith("application/json"):
        document = json.loads(body or b"{}")
        return document if isinstance(document, dict) else {}
    arguments: Arguments = dict(parse_qsl(body.decode(), keep_blank_values=True))
    for name in _JSON_ARGUMENTS:
        if isinstance(arguments.get(name), str) and arguments[name][:1] in ("[", "{"):
            arguments[name] = json.loads(arguments[name])
    return arguments


def _refusal(error: SlackError) -> dict[str, Any]:
    body: dict[str, Any] = {"ok": False, "error": error.code}
    if error.messages:
        body["errors"] = list(error.messages)
        body["response_metadata"] = {"messages": [f"[ERROR] {line}" for line in error.messages]}
    return body


def _faulty(fault: Fault) -> Response:
    headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
    body = {"ok": False, "error": fault.error or "internal_error"}
    return JSONResponse(body, status_code=fault.status, headers=headers)
