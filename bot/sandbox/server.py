"""The sandbox as one server on loopback: Web API, Socket Mode and the page, in its own thread."""

from __future__ import annotations

import asyncio
import logging
import socket
from contextlib import asynccontextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Self

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Route, WebSocketRoute

from bot.sandbox.client import Client
from bot.sandbox.gateway import Gateway
from bot.sandbox.pages import Pages
from bot.sandbox.socket_mode import ACK_SECONDS, SocketHub
from bot.sandbox.web_api import WebApi
from bot.sandbox.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import uvicorn

    from bot.sandbox.ports import Hub

LOOPBACK = "127.0.0.1"
_START_SECONDS = 15.0
# These print frames and requests, which hold what people wrote.
_QUIET = ("uvicorn", "uvicorn.error", "uvicorn.access", "websockets", "asyncio")


class Sandbox:
    """A running workspace. Use it as a context manager, or call ``start`` and ``stop``."""

    def __init__(
        self, host: str = LOOPBACK, port: int = 0, *, ack_seconds: float = ACK_SECONDS
    ) -> None:
        """``port`` 0 picks a free one. Raises OSError when the address cannot be used."""
        self.workspace = Workspace()
        self.hub = SocketHub(self.workspace, ack_seconds)
        self.api = WebApi(self.workspace, self._socket_url)
        self.gateway = Gateway(self.api)
        self.client = self.people_of(self.workspace)
        self._pages = Pages(self.workspace, self.hub, self.client)
        self._listener = socket.create_server((host, port))
        self.host, self.port = self._listener.getsockname()[:2]
        self._started = Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server, self._thread = self._build()

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{self.host}:{self.port}"

    @property
    def api_url(self) -> str:
        """What `SLACK_API_URL` must be for an app to use this workspace."""
        return f"{self.url}/api/"

    def people_of(self, workspace: Workspace, hub: Hub | None = None) -> Client:
        """The people of a workspace, whose events go to the app by ``hub``."""
        return Client(
            workspace,
            hub or self.hub,
            lambda id_: f"{self.url}/response/{id_}",
            lambda id_: f"{self.url}/files/{id_}",
        )

    def add_workspace(self, workspace: Workspace, hub: Hub | None = None) -> Client:
        """A further workspace behind the same address; its people."""
        self.gateway.apis.append(WebApi(workspace, self._socket_url))
        return self.people_of(workspace, hub)

    def start(self) -> Self:
        """Serve in a thread; returns when requests are taken."""
        for name in _QUIET:
            logging.getLogger(name).setLevel(logging.WARNING)
        self._thread.start()
        if not self._started.wait(_START_SECONDS):
            raise RuntimeError("the sandbox did not start")
        return self

    def stop(self) -> None:
        """Close every connection and end the thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._pages.close)
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join()
        self._listener.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def _socket_url(self) -> str:
        return f"ws://{self.host}:{self.port}/link/?ticket={self.hub.ticket()}"

    def _build(self) -> tuple[uvicorn.Server, Thread]:
        import uvicorn

        application = Starlette(
            routes=[
                Route("/api/{method}", self.gateway.call, methods=["POST"]),
                Route("/response/{id}", self.gateway.respond, methods=["POST"]),
                Route("/files/{id}", self.gateway.file),
                WebSocketRoute("/link/", self.hub.endpoint),
                *self._pages.routes(),
            ],
            # A page elsewhere that points its own name at this address (DNS rebinding) is refused.
            middleware=[
                Middleware(TrustedHostMiddleware, allowed_hosts=["localhost", LOOPBACK, self.host])
            ],
            lifespan=self._lifespan,
        )
        config = uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            ws="websockets-sansio",
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, args=([self._listener],), name="sandbox", daemon=True)
        return server, thread

    @asynccontextmanager
    async def _lifespan(self, _application: Starlette) -> AsyncIterator[None]:
        self._loop = loop = asyncio.get_running_loop()
        self.hub.attach(loop)
        self._pages.attach(loop)
        self._started.set()
        yield
