"""A console on loopback over a journal with a few exchanges."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import uvicorn
from review_support import Clock, make_desk

from bot.console.app import console_app
from bot.console.sessions import Signer
from bot.console.web import Web

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from bot.journal import Journal

KEY = b"k" * 32


def title_of(code: str, _day: date) -> str:
    return f"title of {code}"


def make_web(journal: Journal, **more: Any) -> Web:
    """The console's collaborators; the desk and the sessions share one clock."""
    clock = more.pop("clock", None) or Clock()
    slack = more.pop("slack", None)
    desk = make_desk(journal, clock=clock, **more)
    return Web(desk, Signer(KEY, clock), clock, title_of, slack)


@dataclass(frozen=True, slots=True)
class Served:
    """A running console."""

    web: Web
    url: str

    def link(self) -> str:
        """A link that signs in once."""
        return f"{self.url}/signin/local?token={self.web.links.new()}"


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """The address of ``app`` on loopback."""
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, access_log=False, ws="none")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def console(web: Web) -> Iterator[Served]:
    """``web`` served on loopback."""
    with serving(console_app(web)) as url:
        yield Served(web, url)
