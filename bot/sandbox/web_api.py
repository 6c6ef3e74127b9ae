"""The Web API over HTTP: tokens, arguments and blocks checked, errors in Slack's own words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qsl

from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.sandbox import validator
from bot.sandbox.records import Call
from bot.sandbox.streaming import Streams
from bot.sandbox.workspace import SlackError, Workspace

if TYPE_CHECKING:
    from starlette.requests import Request

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
_UNLIMITED = 0


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
        self.posts_per_second = _UNLIMITED
        self._posted: dict[str, list[float]] = {}
        self._reactions: list[tuple[str, str, str]] = []
        self._accepted: set[str] = set()
        self.streams = Streams(workspace, self._place)
        self._methods: dict[str, Method] = {
            "api.test": lambda _: {},
            "apps.connections.open": lambda _: {"url": self._socket_url()},
            "assistant.threads.setStatus": self._set_status,
            "assistant.threads.setSuggestedPrompts": self._set_prompts,
            "assistant.threads.setTitle": self._set_title,
            "auth.test": self._auth_test,
            "blocks.validate": self._blocks_validate,
            "chat.appendStream": self.streams.append,
            "chat.delete": self._chat_delete,
            "chat.getPermalink": self._chat_get_permalink,
            "chat.postEphemeral": self._chat_post_ephemeral,
            "chat.postMessage": self._chat_post_message,
            "chat.startStream": self.streams.start,
            "chat.stopStream": self.streams.stop,
            "chat.update": self._chat_update,
            "conversations.info": self._conversations_info,
            "conversations.open": self._conversations_open,
            "reactions.add": self._reactions_add,
            "usergroups.users.list": self._usergroup_members,
            "users.info": self._users_info,
            "views.open": self._views_open,
            "views.publish": self._views_publish,
            "views.push": self._views_push,
            "views.update": self._views_update,
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
        return self._workspace.has_response(response_id)

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

    def _check_scope(self, method: str) -> None:
        needed = METHOD_SCOPES.get(method, ())
        if needed and not self._workspace.scopes & set(needed):
            raise SlackError("missing_scope", (f"needed: {needed[0]}",))

    def _pace(self, channel: str) -> None:
        """Let so many posts a second through a channel, as Slack does. Raises RateLimited."""
        if not self.posts_per_second:
            return
        now = monotonic()
        recent = [at for at in self._posted.get(channel, []) if now - at < 1.0]
        if len(recent) >= self.posts_per_second:
            raise RateLimited(1)
        self._posted[channel] = [*recent, now]

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
            "is_enterprise_install": bool(self._workspace.enterprise_id),
            "enterprise_id": self._workspace.enterprise_id or None,
        }

    def _blocks_validate(self, arguments: Arguments) -> dict[str, Any]:
        _check_message({"text": "x", "blocks": arguments.get("blocks")})
        return {}

    def _chat_get_permalink(self, arguments: Arguments) -> dict[str, Any]:
        channel = self._place(arguments)
        posted = self._workspace.message(channel, _required(arguments, "message_ts"))
        link = f"https://sandbox.slack.test/archives/{channel}/p{posted.ts.replace('.', '')}"
        if posted.thread_ts:
            link += f"?thread_ts={posted.thread_ts}&cid={channel}"
        return {"channel": channel, "permalink": link}

    def _usergroup_members(self, arguments: Arguments) -> dict[str, Any]:
        group = self._workspace.groups.get(_required(arguments, "usergroup"))
        if group is None:
            raise SlackError("no_such_subteam")
        return {"users": list(group)}

    def _views_open(self, arguments: Arguments) -> dict[str, Any]:
        return self._show_view(arguments, root=True)

    def _views_push(self, arguments: Arguments) -> dict[str, Any]:
        return self._show_view(arguments, root=False)

    def _show_view(self, arguments: Arguments, *, root: bool) -> dict[str, Any]:
        person = self._workspace.use_trigger(_required(arguments, "trigger_id"))
        view = _modal(arguments)
        return {"view": self._workspace.push_view(person, view, root=root)}

    def _views_update(self, arguments: Arguments) -> dict[str, Any]:
        view = _modal(arguments)
        return {"view": self._workspace.replace_view(_required(arguments, "view_id"), view)}

    def _chat_post_message(self, arguments: Arguments) -> dict[str, Any]:
        person = str(arguments.get("channel") or "")
        if person in self._workspace.people:
            # A person's id stands for their direct message with the app.
            arguments = arguments | {"channel": self._workspace.direct_with(person).id}
        channel = self._place(arguments)
        _check_message(arguments)
        self._pace(channel)
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
        steps = arguments.get("loading_messages") or []
        if len(steps) > 10:
            raise SlackError("invalid_arguments")
        self._workspace.message(channel, thread_ts)
        self._workspace.set_status(channel, thread_ts, str(arguments["status"]), list(steps))
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
                "is_ext_shared": channel.ext_shared,
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
                "team_id": person.home_team or self._workspace.team_id,
                "deleted": person.deleted,
                "is_restricted": person.guest,
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


class RateLimited(Exception):  # noqa: N818  # a course of events, not an error
    """Too many posts in a channel; ``seconds`` until the next may come."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(str(seconds))


def _modal(arguments: Arguments) -> dict[str, Any]:
    view = arguments.get("view")
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments")
    problems = validator.view_problems(view)
    if view.get("type") != "modal":
        problems.append("type: only a modal is opened")
    if problems:
        raise SlackError("invalid_arguments", tuple(problems))
    return view


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
