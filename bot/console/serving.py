"""`codecite review serve`: the console alone, on loopback unless told otherwise."""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING

from bot.console.app import console_app
from bot.console.sessions import Signer, key_of
from bot.console.signin import SLACK_API, SlackSignIn
from bot.console.web import Web
from bot.errors import ConfigurationError
from bot.review.configured import titles
from bot.review.desk import utc_now

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.runtime import Runtime


def web_of(running: Runtime, base: str = "") -> Web:
    """The console's collaborators for an installation; ``base`` is where browsers reach it."""
    return Web(
        running.desk,
        Signer(key_of(running.settings.home), utc_now),
        utc_now,
        titles(running.store),
        slack_of(running.settings, base),
    )


def slack_of(settings: Settings, base: str) -> SlackSignIn | None:
    """Signing in with Slack, where a Slack app is set up."""
    base = (settings.review_url or base).rstrip("/")
    if not (settings.slack_client_id and settings.slack_client_secret and base):
        return None
    return SlackSignIn(
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret.get_secret_value(),
        redirect=f"{base}/signin/slack/callback",
        teams=settings.slack_teams,
        api=os.environ.get("SLACK_API_URL", SLACK_API).rstrip("/") + "/",
    )


def serve(running: Runtime, host: str, port: int) -> None:
    """Serve until Ctrl+C; the link that signs in once is the line printed."""
    import uvicorn

    try:
        listener = socket.create_server((host, port))
    except OSError as error:
        raise ConfigurationError(
            f"The console cannot listen on {host}:{port} ({error.strerror or 'not available'}): "
            f"choose another --port."
        ) from None
    base = f"http://{host}:{listener.getsockname()[1]}"
    web = web_of(running, base)
    sys.stderr.write(
        f"The review console is at {base} (Ctrl+C to stop).\n"
        f"Open this link once, within ten minutes: {base}/signin/local?token={web.links.new()}\n"
    )
    sys.stderr.flush()
    server = uvicorn.Server(
        uvicorn.Config(console_app(web), log_config=None, access_log=False, ws="none")
    )
    server.run(sockets=[listener])
