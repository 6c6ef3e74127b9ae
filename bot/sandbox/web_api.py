"""The Web API over HTTP: tokens, arguments and blocks checked, errors in Slack's own words."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.sandbox.arguments import arguments_of, check_message, token_of
from bot.sandbox.chat_api import ChatApi, RateLimited
from bot.sandbox.errors import SlackError
from bot.sandbox.people_api import PeopleApi
from bot.sandbox.records import Call
from bot.sandbox.streaming import Streams
from bot.sandbox.view_api import ViewApi

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from bot.sandbox.arguments import Arguments, Method
    from bot.sandbox.workspace import Workspace

_TRUE = frozenset({True, "1", "true", "True"})

METHOD_SCOPES: dict[str, tuple[str, ...]] = {
    "assistant.threads.setStatus": ("assistant:write", "chat:write"),
    "assistant.threads.setSuggestedPrompts": ("assistant:write",),
    "assistant.threads.setTitle": ("assistant:write",),
    "chat.appendStream": ("chat:write",),
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.startStream": ("chat:write",),
    "chat.stopStream": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.info": ("channels:read", "groups:read", "im:read"),
    "conversations.open": ("im:write",),
    "reactions.add": ("reactions:write",),
    "usergroups.users.list": ("usergroups:read",),
    "users.info": ("users:read",),
}
"""Any one of these scopes lets a token call the method; methods not named need none."""


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
        self.slowness: dict[str, float] = {}
        self._accepted: set[str] = set()
        self.chat = ChatApi(workspace)
        self.streams = Streams(workspace)
        self._methods: dict[str, Method] = {
            "api.test": lambda _: {},
            "apps.connections.open": lambda _: {"url": self._socket_url()},
            **self.chat.methods(),
            **self.streams.methods(),
            **ViewApi(workspace).methods(),
            **PeopleApi(workspace).methods(),
        }

    @property
    def enterprise_id(self) -> str:
        """The organisation of this workspace."""
        return self._workspace.enterprise_id

    def owns(self, token: str) -> bool:
        """Whether a token is this workspace's."""
        return token in (self._workspace.bot_token, self._workspace.app_token)

    def accept(self, token: str) -> None:
        """Take an organisation's token."""
        self._accepted.add(token)

    def concerns(self, arguments: Arguments) -> bool:
        """Whether a call is about something of this workspace."""
        named = {
            str(arguments.get(k)) for k in ("channel", "channel_id", "user", "user_id", "team_id")
        }
        ours = {*self._workspace.channels, *self._workspace.people, self._workspace.team_id}
        return bool(named & ours)

    def knows_response(self, response_id: str) -> bool:
        """Whether a response_url is this workspace's."""
        return self._workspace.handles.has_response(response_id)

    def knows_file(self, file_id: str) -> bool:
        """Whether a file is this workspace's."""
        return file_id in self._workspace.files

    def fail_next(self, method: str, fault: Fault) -> None:
        """Answer the next call of ``method`` (``response`` for a `response_url`) with ``fault``."""
        self._faults.setdefault(method, []).append(fault)

    async def call(self, request: Request) -> Response:
        """Answer one Web API call."""
        arguments = arguments_of(await request.body(), request.headers.get("content-type", ""))
        token = token_of(request.headers.get("authorization", ""), arguments)
        return await self.answer(request.path_params["method"], arguments, token)

    async def answer(self, method: str, arguments: Arguments, token: str) -> Response:
        """The same, once the request has been read."""
        if seconds := self.slowness.get(method, 0.0):
            await asyncio.sleep(seconds)
        if (fault := self._fault(method)) is not None:
            self._workspace.record(Call(method, arguments, fault.error or str(fault.status)))
            return _faulty(fault)
        headers = {"X-OAuth-Scopes": ",".join(sorted(self._workspace.scopes))}
        try:
            self._authorize(method, token)
            handler = self._methods.get(method)
            if handler is None:
                raise SlackError("unknown_method")
            self._check_scope(method)
            body = {"ok": True} | handler(arguments)
        except RateLimited as error:
            self._workspace.record(Call(method, arguments, "ratelimited"))
            return _faulty(Fault("ratelimited", 429, error.seconds))
        except SlackError as error:
            self._workspace.record(Call(method, arguments, error.code))
            return JSONResponse(_refusal(error), headers=headers)
        self._workspace.record(Call(method, arguments))
        return JSONResponse(body, headers=headers)

    async def file(self, request: Request) -> Response:
        """`GET /files/{id}`: an uploaded file, for who may read files."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        file = self._workspace.files.get(request.path_params["id"])
        allowed = scheme.lower() == "bearer" and token == self._workspace.bot_token
        self._workspace.record(Call("files.download", {"id": request.path_params["id"]}))
        if not allowed or "files:read" not in self._workspace.scopes:
            return PlainTextResponse("", status_code=302, headers={"Location": "/signin"})
        if file is None:
            return PlainTextResponse("", status_code=404)
        return Response(file.content, media_type=file.mimetype)

    async def respond(self, request: Request) -> Response:
        """Answer a use of a `response_url`."""
        body = arguments_of(await request.body(), request.headers.get("content-type", ""))
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
        response = self._workspace.handles.use_response(response_id)
        if body.get("delete_original") in _TRUE and response.message_ts:
            self._workspace.delete(response.channel, response.message_ts)
        if not (body.get("text") or body.get("blocks")):
            return
        check_message(body)
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

    def _check_scope(self, method: str) -> None:
        needed = METHOD_SCOPES.get(method, ())
        if needed and not self._workspace.scopes & set(needed):
            raise SlackError("missing_scope", (f"needed: {needed[0]}",))

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
        if token != wanted and token not in self._accepted:
            raise SlackError("invalid_auth")


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
