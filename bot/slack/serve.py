"""`codecite serve`: the Slack app on its transport, from start to an orderly stop."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import sys
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from threading import Event, Thread, current_thread, main_thread
from time import monotonic, sleep
from typing import TYPE_CHECKING, TypeAlias
from urllib.error import URLError

from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.error import BoltError
from slack_sdk.errors import SlackApiError

from bot.errors import ConfigurationError
from bot.slack.app import SLACK_API, SlackApp, build_app
from bot.slack.errors import MissingTokenError, SlackDoorError, SlackRefusedError
from bot.slack.http import asgi_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.applications import Starlette
    from starlette.types import ASGIApp

    from bot.config import Settings
    from bot.journal.store import Journal
    from bot.slack.codes import CodeDesk
    from bot.slack.ports import Answerer, Clock, ReviewDesk, WatchedAnswerer

MODES = ("socket", "http")
# The SDK's reader recurses once a chunk; at its default of 1,024 bytes a large message overflows.
_CHUNK = 65_536
# How soon a connection that broke without notice is opened again.
_PING_SECONDS = 3
_LOOK_UP_SECONDS = 0.25
_YIELD_SECONDS = 10.0
# A `disconnect` notice is a few hundred characters; longer messages are not parsed twice.
_NOTICE_LENGTH = 1_000


class SocketConnection:
    """One app on one Socket Mode connection; the SDK reconnects by itself.

    The SDK's reader holds a lock through up to three seconds of silence, and a connection can only
    be closed or replaced between two reads. Left alone, events on a new connection would wait that
    long to be acknowledged, and so would a stop; both are brought about at once here.
    """

    def __init__(self, app: SlackApp, app_token: str) -> None:
        self._app = app
        # One thread takes events off the socket, in the order in which Slack sent them; it only
        # claims and acknowledges, and everything that takes time happens elsewhere.
        self.handler = SocketModeHandler(
            app.bolt,
            app_token,
            ping_interval=_PING_SECONDS,
            receive_buffer_size=_CHUNK,
            concurrency=1,
        )
        self.handler.client.on_message_listeners.append(self._yield_to_the_next)

    @property
    def where(self) -> str:
        """For the line that says it runs."""
        return "is connected to Slack"

    def start(self) -> None:
        """Connect, then repair what a crash left. Raises SlackApiError for a refused app token."""
        self.handler.connect()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped
        self._app.start()

    def stop(self) -> None:
        """Take no further event, then wait until every running answer is posted."""
        client = self.handler.client
        client.auto_reconnect_enabled = False
        client.closed = True
        client.enqueue_message("")  # wakes the thread that waits for messages to hand out
        if client.current_session_runner.thread is not None:
            # Not to be started again: the reader ends with the pong that answers this ping.
            client.current_session_runner.event.set()
            client.current_session_state.terminated = True
            if client.current_session is not None:
                with suppress(OSError):  # a socket that is gone already needs no ping to end
                    client.current_session.ping("stop")
        self.handler.close()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped
        self._app.finish()

    def _yield_to_the_next(self, message: str) -> None:
        """On a `disconnect` notice, read no more until the SDK has opened the next connection.

        Runs in the reader's thread, between two reads. Slack sends nothing after the notice.
        """
        if len(message) > _NOTICE_LENGTH or json.loads(message).get("type") != "disconnect":
            return
        client = self.handler.client
        session, deadline = client.current_session, monotonic() + _YIELD_SECONDS
        while client.current_session is session and not client.closed and monotonic() < deadline:
            sleep(0.01)


class HttpConnection:
    """One app behind an ASGI server in a thread."""

    def __init__(self, app: SlackApp, asgi: Starlette, host: str, port: int) -> None:
        """Bind the address. Raises ConfigurationError when it cannot be used."""
        import uvicorn

        self._app = app
        try:
            self._listener = socket.create_server((host, port))
        except OSError as error:
            reason = error.strerror or "not available"
            raise ConfigurationError(
                f"HTTP mode cannot listen on {host}:{port} ({reason}): choose another --port."
            ) from None
        self.host, self.port = self._listener.getsockname()[:2]
        config = uvicorn.Config(
            asgi, log_config=None, access_log=False, timeout_graceful_shutdown=10, ws="none"
        )
        self._server = uvicorn.Server(config)
        self._thread = Thread(
            target=self._server.run, args=([self._listener],), name="slack-http", daemon=True
        )

    @property
    def where(self) -> str:
        """For the line that says it runs."""
        return f"answers Slack at http://{self.host}:{self.port}/slack/events"

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{self.host}:{self.port}"

    def start(self) -> None:
        """Listen, then repair what a crash left."""
        for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._thread.start()
        deadline = monotonic() + _YIELD_SECONDS
        while not self._server.started and self._thread.is_alive() and monotonic() < deadline:
            sleep(0.01)
        self._app.start()

    def stop(self) -> None:
        """Take no further request, then wait until every running answer is posted."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join()
        self._listener.close()
        self._app.finish()


Connection: TypeAlias = SocketConnection | HttpConnection


def serve(
    settings: Settings,
    answer: Answerer,
    journal: Journal,
    mode: str = "socket",
    *,
    codes: CodeDesk | None = None,
    review: ReviewDesk | None = None,
    watched: WatchedAnswerer | None = None,
    host: str = "127.0.0.1",
    port: int = 3000,
    console: ASGIApp | None = None,
    clock: Clock | None = None,
    stop: Event | None = None,
) -> None:
    """Run until SIGTERM, SIGINT or ``stop``; running answers are finished first.

    ``host`` and ``port`` are where HTTP mode listens, and where it serves ``console`` too.
    `SLACK_API_URL` in the environment points the app at another server. Raises MissingTokenError,
    SlackRefusedError, SlackDoorError or ConfigurationError, each one line, before it listens.
    """
    if mode not in MODES:
        raise ConfigurationError(f"--mode {mode} is not known: use {' or '.join(MODES)}.")
    app_token = _tokens(settings) if mode == "socket" else _http_secrets(settings)
    api_url = os.environ.get("SLACK_API_URL", SLACK_API)
    clock = clock or _utc_now
    stopping = stop or Event()
    with _startup(api_url):
        app = build_app(
            settings,
            answer,
            journal,
            clock,
            codes=codes,
            review=review,
            watched=watched,
            api_url=api_url.rstrip("/") + "/",
            verify_token=settings.slack_bot_token is not None,
        )
        connection: Connection = (
            SocketConnection(app, app_token)
            if mode == "socket"
            else HttpConnection(app, asgi_app(app, journal, clock, console), host, port)
        )
    # Before the first question can arrive, so that no signal finds nobody listening.
    with _on_signals(stopping.set):
        with _startup(api_url):
            connection.start()
        _say(f"Codecite {connection.where}. Press Ctrl+C to stop.")
        # The system may hand a signal to any thread, and Python acts on it in this one only, which
        # a wait without an end never gives the turn to.
        while not stopping.wait(_LOOK_UP_SECONDS):
            pass
    _say("Stopping: finishing the answers that are being written.")
    connection.stop()


def _http_secrets(settings: Settings) -> str:
    """Nothing; raises MissingTokenError where HTTP mode has no signing secret or no token."""
    missing = []
    if settings.slack_bot_token is None and not settings.slack_client_id:
        missing.append("CODECITE_SLACK_BOT_TOKEN")
    secret = settings.slack_signing_secret
    if secret is None or not secret.get_secret_value():
        missing.append("CODECITE_SLACK_SIGNING_SECRET")
    if missing:
        raise MissingTokenError(tuple(missing))
    return ""


def _tokens(settings: Settings) -> str:
    """The app token, once both tokens are known to be set."""
    missing = [
        variable
        for variable, value in (
            ("CODECITE_SLACK_BOT_TOKEN", settings.slack_bot_token),
            ("CODECITE_SLACK_APP_TOKEN", settings.slack_app_token),
        )
        if value is None or not value.get_secret_value()
    ]
    if missing or settings.slack_app_token is None:
        raise MissingTokenError(tuple(missing))
    return settings.slack_app_token.get_secret_value()


@contextmanager
def _startup(api_url: str) -> Iterator[None]:
    """Turn the SDK's start-up errors into one line each."""
    try:
        yield
    except BoltError as error:
        refusal = error.__context__
        if not isinstance(refusal, SlackApiError):
            raise
        raise SlackRefusedError("auth.test", str(refusal.response.get("error"))) from None
    except SlackApiError as error:
        refused = str(error.response.get("error"))
        raise SlackRefusedError("apps.connections.open", refused) from None
    except (URLError, OSError):
        raise SlackDoorError(f"Slack cannot be reached at {api_url}: check the network.") from None


@contextmanager
def _on_signals(act: Callable[[], None]) -> Iterator[None]:
    """Call ``act`` on SIGTERM or SIGINT; a second signal has its usual effect.

    Only a process's main thread receives signals; elsewhere this changes nothing.
    """
    if current_thread() is not main_thread():
        yield
        return
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, lambda *_: act()) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def _utc_now() -> datetime:
    return datetime.now(UTC)
