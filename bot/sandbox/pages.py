"""The page's own endpoints: the workspace as one person sees it, and what that person does.

Only a page served from this address may act: bodies must be JSON, which another site's form cannot
send without a permission the sandbox never gives.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.sandbox.errors import SlackError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request

    from bot.sandbox.client import Client
    from bot.sandbox.records import Posted
    from bot.sandbox.socket_mode import SocketHub
    from bot.sandbox.workspace import Workspace

FOLDER = Path(__file__).parent / "page"
# The page may load nothing but its own files, and no other page may frame it.
_POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'"
_HEARTBEAT_SECONDS = 15.0


class Pages:
    """Routes of the page. ``attach`` must be called on the server's loop before it serves."""

    def __init__(self, workspace: Workspace, hub: SocketHub, client: Client) -> None:
        self._workspace = workspace
        self._hub = hub
        self._client = client
        self._wake: set[asyncio.Event] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing = False
        workspace.on_change(self._changed)

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Use the server's event loop for change notices."""
        self._loop = loop

    def close(self) -> None:
        """End every open stream of changes. Runs on the server's loop."""
        self._closing = True
        self._notify()

    def routes(self) -> list[BaseRoute]:
        """What the sandbox's server adds to its own routes."""
        return [
            Route("/", self._index),
            Mount("/page", StaticFiles(directory=FOLDER)),
            Route("/sandbox/state", self._state),
            Route("/sandbox/changes", self._changes),
            Route("/sandbox/do", self._do, methods=["POST"]),
        ]

    async def _index(self, _request: Request) -> Response:
        return FileResponse(
            FOLDER / "index.html",
            headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"},
        )

    async def _state(self, request: Request) -> Response:
        person = request.query_params.get("person", "")
        if person not in self._workspace.people:
            person = next(iter(self._workspace.people))
        return JSONResponse(
            state(self._workspace, person) | {"connected": self._hub.connections > 0},
            headers={"Cache-Control": "no-store"},
        )

    async def _changes(self, _request: Request) -> Response:
        return StreamingResponse(
            self._stream(),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store"},
        )

    async def _stream(self) -> AsyncIterator[str]:
        """A line for every change, so that the page knows to look again."""
        event = asyncio.Event()
        self._wake.add(event)
        try:
            while not self._closing:
                yield f"data: {self._workspace.revision}\n\n"
                try:
                    await asyncio.wait_for(event.wait(), _HEARTBEAT_SECONDS)
                except TimeoutError:
                    continue  # nothing changed: say the same again, so that the page stays
                event.clear()
        finally:
            self._wake.discard(event)

    async def _do(self, request: Request) -> Response:
        if not request.headers.get("content-type", "").startswith("application/json"):
            return JSONResponse({"ok": False, "error": "json_required"}, status_code=415)
        wanted = await request.json()
        actions: dict[str, Callable[[dict[str, Any]], Any]] = {
            "say": lambda a: (
                self._client.say(a["person"], a["channel"], a["text"], a.get("thread_ts") or "")[
                    0
                ].ts
            ),
            "command": lambda a: (
                self._client.command(a["person"], a["channel"], a["name"], a["text"]).id
            ),
            "press": lambda a: (
                self._client.press(
                    a["person"], a["channel"], a["ts"], a["action_id"], a.get("chosen")
                ).id
            ),
            "press_home": lambda a: (
                self._client.press_home(a["person"], a["action_id"], a.get("chosen")).id
            ),
            "press_view": lambda a: (
                self._client.press_view(a["person"], a["action_id"], a.get("chosen")).id
            ),
            "shortcut": lambda a: self._client.shortcut(a["person"], a["callback_id"]).id,
            "message_shortcut": lambda a: (
                self._client.message_shortcut(
                    a["person"], a["channel"], a["ts"], a["callback_id"]
                ).id
            ),
            "submit": lambda a: self._client.submit(a["person"], dict(a["values"])).id,
            "close": lambda a: self._client.close(a["person"]),
            "edit": lambda a: [
                e.id for e in self._client.edit(a["person"], a["channel"], a["ts"], a["text"])
            ],
            "delete": lambda a: [
                e.id for e in self._client.delete(a["person"], a["channel"], a["ts"])
            ],
            "open": lambda a: self._client.open_app(a["person"], a["tab"]).id,
        }
        try:
            result = actions[wanted["action"]](wanted)
        except SlackError as error:
            return JSONResponse({"ok": False, "error": error.code}, status_code=400)
        except (KeyError, TypeError):
            return JSONResponse({"ok": False, "error": "invalid_arguments"}, status_code=400)
        return JSONResponse({"ok": True, "result": result})

    def _changed(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._notify)

    def _notify(self) -> None:
        for event in self._wake:
            event.set()


def state(workspace: Workspace, person: str) -> dict[str, Any]:
    """The workspace as ``person`` sees it: their conversations, and no one else's ephemerals."""
    channels = [c for c in workspace.channels.values() if person in c.members]
    seen = {channel.id for channel in channels}
    return {
        "me": person,
        "team": workspace.team_name,
        "revision": workspace.revision,
        "people": [
            {"id": who.id, "name": who.real_name, "title": who.title}
            for who in workspace.people.values()
        ],
        "bot": {"id": workspace.bot.user_id, "name": workspace.bot.real_name},
        "channels": [
            {"id": c.id, "name": c.name, "direct": c.direct, "members": len(c.members)}
            for c in channels
        ],
        "messages": [
            _message(posted)
            for posted in list(workspace.messages)
            if posted.channel in seen and posted.visible_to in ("", person)
        ],
        "statuses": [
            {
                "channel": channel,
                "thread_ts": thread,
                "text": text,
                "steps": workspace.steps.get((channel, thread), []),
            }
            for (channel, thread), text in list(workspace.statuses.items())
            if channel in seen
        ],
        "prompts": {c: workspace.prompts[c] for c in seen if c in workspace.prompts},
        "home": workspace.homes.get(person),
        "view": next(reversed(workspace.views.get(person) or []), None),
        "view_errors": workspace.view_errors.get(person, {}),
    }


def _message(posted: Posted) -> dict[str, Any]:
    return {
        "channel": posted.channel,
        "ts": posted.ts,
        "user": posted.user,
        "text": posted.text,
        "blocks": posted.blocks,
        "thread_ts": posted.thread_ts,
        "bot": bool(posted.bot_id),
        "ephemeral": bool(posted.visible_to),
        "edited": posted.edited,
        "files": [file["name"] for file in posted.files],
    }
