"""The Bolt app, assembled from settings, an assistant, a journal and a clock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slack_bolt import App, BoltResponse
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)

from bot.slack import middleware
from bot.slack.answering import Answering
from bot.slack.errors import MissingTokenError
from bot.slack.listeners import register
from bot.slack.logs import describe, log, pin_loggers
from bot.slack.sharing import Sharing

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.slack.ports import Answerer, Clock, DoorJournal

SLACK_API = WebClient.BASE_URL


@dataclass(frozen=True, slots=True)
class SlackApp:
    """The app and the pools its listeners run in."""

    bolt: App
    listeners: ThreadPoolExecutor
    statuses: ThreadPoolExecutor

    def finish(self) -> None:
        """Wait until every running answer is posted. Take the app off its transport first."""
        self.listeners.shutdown(wait=True)
        self.statuses.shutdown(wait=True)


def build_app(
    settings: Settings,
    answer: Answerer,
    journal: DoorJournal,
    clock: Clock,
    *,
    api_url: str = SLACK_API,
    verify_token: bool = False,
) -> SlackApp:
    """The app with every listener and middleware, not yet connected to a transport.

    ``api_url`` is where Web API calls go. ``verify_token`` calls `auth.test` at once (Bolt raises
    BoltError when it is refused); otherwise the first event does. Raises MissingTokenError.
    """
    if settings.slack_bot_token is None:
        raise MissingTokenError(("CODECITE_SLACK_BOT_TOKEN",))
    logger = pin_loggers()
    client = web_client(settings.slack_bot_token.get_secret_value(), api_url)
    # Bolt's own pool has five threads: five long answers would hold up every acknowledgement.
    listeners = ThreadPoolExecutor(settings.slack_workers, thread_name_prefix="slack-listener")
    statuses = ThreadPoolExecutor(settings.slack_workers, thread_name_prefix="slack-status")
    secret = settings.slack_signing_secret
    bolt = App(
        name="codecite",
        logger=logger,
        client=client,
        signing_secret=secret.get_secret_value() if secret is not None else "",
        token_verification_enabled=verify_token,
        listener_executor=listeners,
    )
    bolt.error(_on_error)
    middleware.install(bolt, journal, clock)
    answering = Answering(
        answer, journal, clock, setting=settings.setting, status_executor=statuses
    )
    register(bolt, answering, Sharing(journal, clock))
    return SlackApp(bolt, listeners, statuses)


def web_client(token: str, api_url: str = SLACK_API) -> WebClient:
    """A client that waits out rate limits, dropped connections and server errors."""
    return WebClient(
        token=token,
        base_url=api_url,
        retry_handlers=[
            ConnectionErrorRetryHandler(max_retry_count=2),
            RateLimitErrorRetryHandler(max_retry_count=3),
            ServerErrorRetryHandler(max_retry_count=2),
        ],
    )


def _on_error(error: Exception) -> BoltResponse | None:
    """What no listener caught. Bolt's own handler would print the exception's message."""
    log.error("unhandled in Slack: %s", describe(error))
    return None
