"""HTTP mode: the app as an ASGI application. `/slack/events`, `/healthz`, `/metrics`, OAuth pages.

Bolt checks each request's signature and refuses timestamps more than five minutes old. Within those
five minutes an identical request is answered once more only where that is harmless: a signature is
taken once, so that a recorded button press cannot be played again.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from bot.slack.logs import describe, log

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from bot.slack.app import SlackApp
    from bot.slack.ports import Clock, DoorJournal

LARGEST_BODY = 3_000_000
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def asgi_app(
    app: SlackApp, journal: DoorJournal, clock: Clock, console: ASGIApp | None = None
) -> Starlette:
    """The ASGI application, with the leads' ``console`` at every other address.

    Start and finish ``app`` around it.
    """
    beside = [Mount("/", console)] if console is not None else []
    return Starlette(routes=[*routes(app, journal, clock), *beside])


def routes(app: SlackApp, journal: DoorJournal, clock: Clock) -> list[BaseRoute]:
    """Its routes, to be served alone or beside others."""

    async def events(request: Request) -> Response:
        body = await request.body()
        if len(body) > LARGEST_BODY:
            return PlainTextResponse("too large", status_code=413)
        return await run_in_threadpool(lambda: _dispatch(app, journal, clock, request, body))

    async def healthz(_request: Request) -> Response:
        """Alive, and able to reach the journal."""
        try:
            await run_in_threadpool(app.services.turns.notes.setting, "health", "check")
        except Exception as error:  # noqa: BLE001  # any failure of the journal is ill health
            log.error("not healthy: %s", describe(error))
            return JSONResponse({"ok": False}, status_code=503)
        return JSONResponse({"ok": True, "waiting": app.lanes.waiting})

    async def metrics(_request: Request) -> Response:
        return Response(app.metrics.text(), media_type=METRICS_TYPE)

    found: list[BaseRoute] = [
        Route("/slack/events", events, methods=["POST"]),
        Route("/healthz", healthz),
        Route("/metrics", metrics),
    ]
    flow = app.bolt.oauth_flow
    if flow is not None:
        found.append(Route(flow.install_path, _page(flow.handle_installation)))
        found.append(Route(flow.redirect_uri_path, _page(flow.handle_callback)))
    return found


def _dispatch(
    app: SlackApp, journal: DoorJournal, clock: Clock, request: Request, body: bytes
) -> Response:
    signature = request.headers.get("x-slack-signature", "")
    # Events have ids of their own and are redelivered on purpose; everything else comes once.
    once = (
        ""
        if request.headers.get("content-type", "").startswith("application/json")
        else (f"signature:{hashlib.sha256(signature.encode()).hexdigest()}" if signature else "")
    )
    if once and not _genuine(app, request, body):
        return PlainTextResponse("", status_code=401)
    if once and not journal.claim_event(once, clock()):
        return PlainTextResponse("", status_code=409)
    return to_starlette_response(app.bolt.dispatch(to_bolt_request(request, body)))


def _genuine(app: SlackApp, request: Request, body: bytes) -> bool:
    """Whether Slack signed this, before its signature is remembered."""
    return SignatureVerifier(app.signing_secret).is_valid(
        body=body,
        timestamp=request.headers.get("x-slack-request-timestamp", ""),
        signature=request.headers.get("x-slack-signature", ""),
    )


def _page(handle: Callable[..., object]) -> Callable[..., object]:
    async def page(request: Request) -> Response:
        body = await request.body()
        answer = await run_in_threadpool(handle, to_bolt_request(request, body))
        return to_starlette_response(answer)  # type: ignore[arg-type]  # Bolt's own answer

    return page
