"""Slack's side of Socket Mode: envelopes out, acknowledgements in, redelivery when none comes."""

from __future__ import annotations

import asyncio
import json
import secrets
from time import monotonic
from typing import TYPE_CHECKING, Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.ports import Envelope, Hub

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.workspace import Workspace

MAX_SOCKETS = 10
ACK_SECONDS = 3.0
ATTEMPTS = 4


class SocketHub(Hub):
    """The open sockets of the app. ``send`` and the other verbs may be called from any thread.

    ``ack_seconds`` is how long an envelope may stay unacknowledged before it is sent again.
    """

    def __init__(self, workspace: Workspace, ack_seconds: float = ACK_SECONDS) -> None:
        super().__init__()
        self._workspace = workspace
        self._ack_seconds = ack_seconds
        self._sockets: list[WebSocket] = []
        self._tickets: set[str] = set()
        self._waiting: list[tuple[Envelope, int, str]] = []
        self._turn = 0
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def connections(self) -> int:
        """How many sockets are open."""
        return len(self._sockets)

    def ticket(self) -> str:
        """A ticket for one connection, as `apps.connections.open` hands out."""
        ticket = secrets.token_hex(12)
        self._tickets.add(ticket)
        return ticket

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Use the server's event loop."""
        self._loop = loop

    # -- verbs -------------------------------------------------------------------------------

    def _begin(self, envelope: Envelope) -> None:
        """Deliver to one of the sockets; it waits when there is none."""
        self._call(self._deliver, envelope, 0, "")

    def redeliver(self, envelope: Envelope, reason: str = "timeout") -> None:
        """Send an envelope once more, acknowledged or not, as a retry."""
        self._call(self._deliver, envelope, max(1, len(envelope.sent)), reason)

    def refresh(self) -> None:
        """Tell every socket that it will be closed, so that the app opens another."""
        self._call(self._refresh)

    def drop(self) -> None:
        """Close every socket without a word."""
        self._call(self._drop)

    def _call(self, function: Callable[..., None], *arguments: Any) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(function, *arguments)

    # -- on the event loop -------------------------------------------------------------------

    async def endpoint(self, websocket: WebSocket) -> None:
        """One connection, from `hello` to its end."""
        ticket = websocket.query_params.get("ticket", "")
        if ticket not in self._tickets or len(self._sockets) >= MAX_SOCKETS:
            await websocket.close(4001)
            return
        self._tickets.discard(ticket)
        await websocket.accept()
        await websocket.send_text(json.dumps(self._hello()))
        self._sockets.append(websocket)
        self._workspace.touch()
        waiting, self._waiting = self._waiting, []
        for entry in waiting:
            self._deliver(*entry)
        try:
            while True:
                self._received(json.loads(await websocket.receive_text()))
        except WebSocketDisconnect:
            pass  # the ordinary end of a connection
        finally:
            if websocket in self._sockets:
                self._sockets.remove(websocket)
            self._workspace.touch()

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self._sockets) + 1,
            "connection_info": {"app_id": self._workspace.bot.app_id},
            "debug_info": {"host": "sandbox", "approximate_connection_time": 3600},
        }

    def _received(self, message: dict[str, Any]) -> None:
        for envelope in reversed(self.envelopes):
            if envelope.id == message.get("envelope_id"):
                if envelope.acknowledged is None:
                    envelope.acknowledged = monotonic()
                if envelope.accepts_response and envelope.on_response is not None:
                    envelope.on_response(message.get("payload") or {})
                self._workspace.touch()
                return

    def _deliver(self, envelope: Envelope, attempt: int, reason: str) -> None:
        if not self._sockets:
            self._waiting.append((envelope, attempt, reason))
            return
        self._turn += 1
        socket = self._sockets[self._turn % len(self._sockets)]
        document: dict[str, Any] = {
            "envelope_id": envelope.id,
            "type": envelope.kind,
            "payload": envelope.payload,
            "accepts_response_payload": envelope.accepts_response,
        }
        if envelope.kind == "events_api":
            document |= {"retry_attempt": attempt, "retry_reason": reason}
        envelope.sent.append(monotonic())
        task = asyncio.ensure_future(_send(socket, document))
        task.add_done_callback(lambda done: done.exception())
        if envelope.kind == "events_api" and attempt < ATTEMPTS - 1:
            loop = asyncio.get_running_loop()
            loop.call_later(self._ack_seconds, self._retry, envelope, attempt + 1)

    def _retry(self, envelope: Envelope, attempt: int) -> None:
        if envelope.acknowledged is None:
            self._deliver(envelope, attempt, "timeout")

    def _refresh(self) -> None:
        notice = {"type": "disconnect", "reason": "refresh_requested", "debug_info": {}}
        sockets, self._sockets = self._sockets, []
        for socket in sockets:
            # The app closes the old socket itself once its new one is open.
            task = asyncio.ensure_future(_send(socket, notice))
            task.add_done_callback(lambda done: done.exception())
        self._workspace.touch()

    def _drop(self) -> None:
        sockets, self._sockets = self._sockets, []
        for socket in sockets:
            task = asyncio.ensure_future(socket.close(1012))
            task.add_done_callback(lambda done: done.exception())
        self._workspace.touch()


async def _send(socket: WebSocket, document: dict[str, Any]) -> None:
    await socket.send_text(json.dumps(document))
