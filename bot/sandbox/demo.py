"""`codecite demo`: the real Slack app, connected to a workspace on this machine."""

from __future__ import annotations

import signal
import sys
import webbrowser
from datetime import UTC, datetime
from threading import Event, current_thread, main_thread
from typing import TYPE_CHECKING, Self

from pydantic import SecretStr

from bot.errors import ConfigurationError
from bot.sandbox.server import LOOPBACK, Sandbox
from bot.slack.app import build_app
from bot.slack.serve import SocketConnection

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.journal.store import Journal
    from bot.slack.codes import CodeDesk
    from bot.slack.ports import Answerer, Clock, ReviewDesk, WatchedAnswerer


class Demo:
    """A sandbox with the app in it, both running in this process. A context manager."""

    def __init__(
        self,
        settings: Settings,
        answer: Answerer,
        journal: Journal,
        *,
        codes: CodeDesk | None = None,
        review: ReviewDesk | None = None,
        watched: WatchedAnswerer | None = None,
        host: str = LOOPBACK,
        port: int = 0,
        clock: Clock | None = None,
    ) -> None:
        """Bind the address; nothing is served before ``start``. Raises ConfigurationError."""
        try:
            self.sandbox = Sandbox(host, port)
        except OSError as error:
            reason = error.strerror or "not available"
            raise ConfigurationError(
                f"The demo cannot listen on {host}:{port} ({reason}): choose another --port."
            ) from None
        self._settings = settings.model_copy(
            update={
                "slack_bot_token": SecretStr(self.sandbox.workspace.bot_token),
                "slack_app_token": SecretStr(self.sandbox.workspace.app_token),
                "slack_leads": ("U0MORGAN",),
            }
        )
        self._answer = answer
        self._journal = journal
        self._codes = codes
        self._review = review
        self._watched = watched
        self._clock = clock or _utc_now
        self._connection: SocketConnection | None = None

    @property
    def url(self) -> str:
        """Where the page is."""
        return self.sandbox.url

    def start(self) -> Self:
        """Serve the page and connect the app."""
        self.sandbox.start()
        app = build_app(
            self._settings,
            self._answer,
            self._journal,
            self._clock,
            codes=self._codes,
            review=self._review,
            watched=self._watched,
            api_url=self.sandbox.api_url,
            verify_token=True,
        )
        self._connection = SocketConnection(app, self.sandbox.workspace.app_token)
        self._connection.start()
        return self

    def stop(self) -> None:
        """Finish running answers, then close the workspace."""
        if self._connection is not None:
            self._connection.stop()
        self.sandbox.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_exception: object) -> None:
        self.stop()


def run_demo(
    settings: Settings,
    answer: Answerer,
    journal: Journal,
    host: str = LOOPBACK,
    port: int = 0,
    open_browser: bool = True,
    *,
    codes: CodeDesk | None = None,
    review: ReviewDesk | None = None,
    watched: WatchedAnswerer | None = None,
    stop: Event | None = None,
) -> None:
    """Run the demo until Ctrl+C, SIGTERM or ``stop``; its address is the line printed."""
    stopping = stop or Event()
    with Demo(
        settings, answer, journal, codes=codes, review=review, watched=watched, host=host, port=port
    ) as demo:
        if current_thread() is main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stopping.set())
        sys.stderr.write(f"Codecite is in a Slack workspace at {demo.url} (Ctrl+C to stop)\n")
        sys.stderr.flush()
        if open_browser:
            webbrowser.open(demo.url)
        while not stopping.wait(0.25):  # a signal may reach another thread, which wakes nobody here
            pass


def _utc_now() -> datetime:
    return datetime.now(UTC)
