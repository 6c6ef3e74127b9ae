"""Slack's front door for several workspaces: tokens tell them apart, and OAuth hands tokens out."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.sandbox.arguments import arguments_of, token_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from bot.sandbox.web_api import WebApi
    from bot.sandbox.workspace import Workspace


class Gateway:
    """Routes each call to its workspace's Web API. ``apis`` begins with the first workspace's.

    ``codes`` are OAuth codes that somebody has just approved: a workspace, or an organisation by
    its id, for which one token serves every workspace.
    """

    def __init__(self, first: WebApi) -> None:
        self.apis = [first]
        self._codes: dict[str, Workspace] = {}
        self._org_codes: dict[str, str] = {}
        self._org_tokens: dict[str, str] = {}
        self._refresh: dict[str, Workspace] = {}
        self.rotates = False
        self.exchanges: list[str] = []

    def approve(self, workspace: Workspace, *, organisation: bool = False) -> str:
        """Somebody allows the app: the code Slack sends to the redirect address."""
        code = secrets.token_hex(8)
        self._codes[code] = workspace
        if organisation:
            self._org_codes[code] = workspace.enterprise_id
        return code

    async def call(self, request: Request) -> Response:
        """`POST /api/{method}`."""
        method = request.path_params["method"]
        arguments = arguments_of(await request.body(), request.headers.get("content-type", ""))
        if method == "oauth.v2.access":
            return JSONResponse(self._access(arguments))
        token = token_of(request.headers.get("authorization", ""), arguments)
        return await self._api(token, arguments).answer(method, arguments, token)

    async def respond(self, request: Request) -> Response:
        """`POST /response/{id}`."""
        for api in self.apis:
            if api.knows_response(request.path_params["id"]):
                return await api.respond(request)
        return await self.apis[0].respond(request)

    async def file(self, request: Request) -> Response:
        """`GET /files/{id}`."""
        for api in self.apis:
            if api.knows_file(request.path_params["id"]):
                return await api.file(request)
        return PlainTextResponse("", status_code=404)

    def _api(self, token: str, arguments: dict[str, Any]) -> WebApi:
        organisation = self._org_tokens.get(token)
        candidates: Iterable[WebApi] = self.apis
        if organisation is not None:
            candidates = [a for a in self.apis if a.enterprise_id == organisation]
            for api in candidates:
                if api.concerns(arguments):
                    api.accept(token)
                    return api
        for api in candidates:
            if organisation is not None:
                api.accept(token)
                return api
            if api.owns(token):
                return api
        return self.apis[0]

    def _access(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Exchange a code, or a refresh token, for a bot token."""
        grant = str(arguments.get("grant_type") or "code")
        self.exchanges.append(grant)
        if grant == "refresh_token":
            workspace = self._refresh.pop(str(arguments.get("refresh_token")), None)
        else:
            workspace = self._codes.pop(str(arguments.get("code")), None)
        if workspace is None:
            return {"ok": False, "error": "invalid_code"}
        organisation = self._org_codes.get(str(arguments.get("code")), "")
        token = f"xoxb-sandbox-{secrets.token_hex(12)}"
        if organisation:
            self._org_tokens[token] = organisation
        else:
            workspace.bot_token = token
        answer: dict[str, Any] = {
            "ok": True,
            "app_id": workspace.bot.app_id,
            "authed_user": {"id": next(iter(workspace.people))},
            "scope": ",".join(sorted(workspace.scopes)),
            "token_type": "bot",
            "access_token": token,
            "bot_user_id": workspace.bot.user_id,
            "team": None
            if organisation
            else {"id": workspace.team_id, "name": workspace.team_name},
            "enterprise": {"id": workspace.enterprise_id, "name": "Sandbox Org"}
            if workspace.enterprise_id
            else None,
            "is_enterprise_install": bool(organisation),
        }
        if self.rotates:
            refresh = f"xoxe-1-{secrets.token_hex(8)}"
            self._refresh[refresh] = workspace
            answer |= {"refresh_token": refresh, "expires_in": 43_200}
        return answer
