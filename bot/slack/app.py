"""The Bolt app, assembled from settings, an assistant, a journal and a clock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from slack_bolt import App, BoltResponse
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)

from bot.journal.door import DoorStore
from bot.review.configured import rules_of
from bot.review.desk import Desk as ReviewRoom
from bot.slack import middleware
from bot.slack.access import Directory, Gate
from bot.slack.acting import Desk
from bot.slack.answering import Answering
from bot.slack.codes import CodeDesk, no_codes
from bot.slack.decisions import DecisionDesk
from bot.slack.errors import MissingTokenError
from bot.slack.files import FileReader
from bot.slack.home import Home
from bot.slack.installations import Installations, oauth_settings, wants_oauth
from bot.slack.lanes import Lanes
from bot.slack.listeners import register
from bot.slack.logs import describe, log, pin_loggers
from bot.slack.memory import Memory
from bot.slack.metrics import Metrics
from bot.slack.outbox import Outbox
from bot.slack.repair import Repair
from bot.slack.reviewing import Reviews, checked_by
from bot.slack.services import Services
from bot.slack.sharing import Sharing
from bot.slack.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.config import Settings
    from bot.journal.store import Journal
    from bot.queries.desk import QueryKeeper
    from bot.slack.ports import Answerer, Clock, ReviewDesk, WatchedAnswerer

SLACK_API = WebClient.BASE_URL


@dataclass(frozen=True, slots=True)
class SlackApp:
    """The app, the pools its work runs in, and what runs beside it."""

    bolt: App
    services: Services
    metrics: Metrics
    lanes: Lanes
    repair: Repair
    listeners: ThreadPoolExecutor
    workers: ThreadPoolExecutor
    statuses: ThreadPoolExecutor
    signing_secret: str = field(default="", repr=False)

    def start(self) -> None:
        """Keep leases, and repair what a crash left behind."""
        self.services.turns.start()
        self.repair.start()

    def finish(self) -> None:
        """Wait until every running answer is posted. Take the app off its transport first."""
        self.repair.stop()
        self.listeners.shutdown(wait=True)
        self.lanes.drain()
        self.workers.shutdown(wait=True)
        self.statuses.shutdown(wait=True)
        self.services.turns.stop()


def build_app(
    settings: Settings,
    answer: Answerer,
    journal: Journal,
    clock: Clock,
    *,
    codes: CodeDesk | None = None,
    review: ReviewDesk | None = None,
    watched: WatchedAnswerer | None = None,
    api_url: str = SLACK_API,
    verify_token: bool = False,
) -> SlackApp:
    """The app with every listener and middleware, not yet connected to a transport.

    ``api_url`` is where Web API calls go. ``verify_token`` calls `auth.test` at once (Bolt raises
    BoltError when it is refused); otherwise the first event does. ``codes`` asks the official code
    sets; ``review`` is the leads' desk, by default one over this journal with the usual rules.
    ``watched`` answers in place of ``answer`` where that takes seconds, and tells its steps.
    Raises MissingTokenError, and ConfigurationError for an unusable encryption key.
    """
    notes = DoorStore(journal)
    installations = Installations(settings, notes, clock) if wants_oauth(settings) else None
    if settings.slack_bot_token is None and installations is None:
        raise MissingTokenError(("CODECITE_SLACK_BOT_TOKEN",))
    logger = pin_loggers()
    token = settings.slack_bot_token
    client = web_client(token.get_secret_value() if token is not None else None, api_url)
    pools = [
        # Bolt's own pool has five threads: five long answers would hold up every acknowledgement.
        ThreadPoolExecutor(settings.slack_workers, thread_name_prefix=f"slack-{name}")
        for name in ("listener", "worker", "status")
    ]
    bolt = _bolt(settings, client, logger, pools[0], installations, journal, clock, verify_token)
    lanes, metrics, outbox = Lanes(pools[1]), Metrics(), Outbox()
    metrics.watch_waiting(lambda: lanes.waiting)
    turns = Turns(notes, clock)
    services = _services(
        settings, answer, journal, clock, codes or no_codes(), review, watched, notes, turns,
        lanes, outbox, metrics, pools[2],
        urlsplit(api_url).netloc if api_url != SLACK_API else "", installations,
    )  # fmt: skip
    bolt.error(_on_error)
    middleware.install(bolt, journal, notes, clock, services.answering, metrics)
    register(bolt, services)
    client_of = _client_of(client, installations, api_url)
    repair = Repair(turns, journal, outbox, clock, client_of)
    secret = settings.slack_signing_secret
    signing = secret.get_secret_value() if secret is not None else ""
    listeners, workers, statuses = pools
    return SlackApp(bolt, services, metrics, lanes, repair, listeners, workers, statuses, signing)


def _bolt(
    settings: Settings,
    client: WebClient,
    logger: Any,
    listeners: ThreadPoolExecutor,
    installations: Installations | None,
    journal: Journal,
    clock: Clock,
    verify_token: bool,
) -> App:
    secret = settings.slack_signing_secret
    oauth: dict[str, Any] = {}
    if installations is not None and settings.slack_bot_token is None:
        oauth["oauth_settings"] = oauth_settings(settings, installations, journal, clock, client)
    return App(
        name="codecite",
        logger=logger,
        client=client,
        signing_secret=secret.get_secret_value() if secret is not None else "",
        token_verification_enabled=verify_token and not oauth,
        listener_executor=listeners,
        **oauth,
    )


def _services(
    settings: Settings,
    answer: Answerer,
    journal: Journal,
    clock: Clock,
    codes: CodeDesk,
    review: ReviewDesk | None,
    watched: WatchedAnswerer | None,
    notes: DoorStore,
    turns: Turns,
    lanes: Lanes,
    outbox: Outbox,
    metrics: Metrics,
    statuses: ThreadPoolExecutor,
    file_host: str,
    installations: Installations | None,
) -> Services:
    gate = Gate(settings, notes, clock, Directory())
    memory = Memory(journal, notes, clock)
    leads = (*settings.review_leads, *settings.slack_leads, *settings.slack_admins)
    desk = review or ReviewRoom(
        journal, rules=rules_of(settings), validate=checked_by(codes.find), clock=clock, leads=leads
    )

    def forget(enterprise: str | None, team: str | None) -> None:
        if installations is not None:
            installations.delete_all(enterprise_id=enterprise, team_id=team)

    return Services(
        answering=Answering(
            answer, journal, clock, setting=settings.setting, status_executor=statuses,
            turns=turns, lanes=lanes, memory=memory, outbox=outbox, gate=gate,
            files=FileReader(file_host), metrics=metrics, watched=watched,
        ),
        decisions=DecisionDesk(
            journal, notes, clock, outbox, gate, codes.find, settings.slack_lead_channel,
            _keeper(journal, clock),
        ),
        sharing=Sharing(journal, notes, clock),
        desk=Desk(gate, journal, clock, metrics),
        home=Home(journal, notes, memory, settings.setting, codes.installed),
        reviews=Reviews(desk, gate, outbox, clock, codes.find),
        memory=memory,
        turns=turns,
        outbox=outbox,
        gate=gate,
        setting=settings.setting,
        clock=clock,
        forget_installation=forget,
    )  # fmt: skip


def _client_of(
    client: WebClient, installations: Installations | None, api_url: str
) -> Callable[[str], WebClient | None]:
    """The client of a workspace, for work that no event brings a client for."""

    def of(team: str) -> WebClient | None:
        if client.token is not None or installations is None:
            return client
        bot = installations.find_bot(enterprise_id=None, team_id=team)
        return web_client(bot.bot_token, api_url) if bot is not None else None

    return of


def web_client(token: str | None, api_url: str = SLACK_API) -> WebClient:
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


def _keeper(journal: object, clock: Clock) -> QueryKeeper | None:
    """Who notes provider queries in the journal's history; None for a journal without one."""
    from bot import phi
    from bot.journal.reviews import ReviewStore
    from bot.journal.store import Journal
    from bot.queries.desk import QueryDesk, QueryKeeper

    if not isinstance(journal, Journal):
        return None
    return QueryKeeper(QueryDesk(ReviewStore(journal), clock, lambda text: phi.redact(text).text))
