"""The console as an ASGI app: sign-in, pages, headers on every answer, errors as sentences."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.console.lead_pages import LeadPages
from bot.console.review_pages import ReviewPages
from bot.console.sessions import COOKIE, STATE_COOKIE, STATE_SECONDS
from bot.console.web import HEADERS, SEE_OTHER, ForgedFormError, NotSignedInError, Web
from bot.errors import AssistantError
from bot.journal.errors import JournalError
from bot.review.errors import NotPermittedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATIC = Path(__file__).parent / "static"
LOCAL_PERSON = "this-machine"
_STATUS: dict[type[Exception], int] = {ForgedFormError: 403, NotPermittedError: 403}


def console_app(web: Web) -> Starlette:
    """The console of ``web``; the same app serves alone and beside Slack's HTTP mode."""
    sign_in = _SignIn(web)
    # Starlette looks handlers up by the class and its bases in their order, so sub-classes win.
    handlers: dict[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
        NotSignedInError: _to_sign_in,
        AssistantError: _Sentence(web).show,
        JournalError: _Sentence(web).show,
        404: _Sentence(web).missing,
    }
    app = Starlette(
        routes=[
            *ReviewPages(web).routes(),
            *LeadPages(web).routes(),
            *sign_in.routes(),
            Mount("/static", StaticFiles(directory=STATIC), name="static"),
        ],
        exception_handlers=handlers,
    )
    app.add_middleware(SafeHeaders)
    return app


class SafeHeaders:
    """Puts the headers of ``HEADERS`` on every answer that does not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(
                        (name.lower().encode(), value.encode())
                        for name, value in HEADERS.items()
                        if name.lower().encode() not in present
                    ),
                ]
            await send(message)

        await self._app(scope, receive, with_headers)


class _SignIn:
    def __init__(self, web: Web) -> None:
        self._web = web

    def routes(self) -> list[Route]:
        return [
            Route("/signin", self.page),
            Route("/signin/local", self.local),
            Route("/signin/slack", self.to_slack),
            Route("/signin/slack/callback", self.from_slack),
            Route("/signout", self.out, methods=["POST"]),
        ]

    def page(self, _request: Request) -> Response:
        """How to sign in."""
        return self._web.page("signin.html", None, slack=self._web.slack is not None)

    def local(self, request: Request) -> Response:
        """The link that `codecite review serve` prints; it works once."""
        if not self._web.links.use(request.query_params.get("token", "")):
            message = "That link was used or is too old: start `codecite review serve` again."
            return self._web.page(
                "signin.html", None, 403, slack=self._web.slack is not None, message=message
            )
        return self._web.sign_in(request, LOCAL_PERSON, local=True)

    def to_slack(self, request: Request) -> Response:
        """Send the browser to Slack, with a state and a nonce it must bring back."""
        if self._web.slack is None:
            raise NotPermittedError("Signing in with Slack is not set up here.")
        state, nonce = secrets.token_urlsafe(18), secrets.token_urlsafe(18)
        response = RedirectResponse(self._web.slack.address(state, nonce), SEE_OTHER)
        signed = self._web.signer.sign("state", {"state": state, "nonce": nonce}, STATE_SECONDS)
        response.set_cookie(
            STATE_COOKIE, signed, max_age=STATE_SECONDS, httponly=True, samesite="lax",
            secure=request.url.scheme == "https", path="/signin",
        )  # fmt: skip
        return response

    def from_slack(self, request: Request) -> Response:
        """Slack sends the browser back here."""
        begun = self._web.signer.read("state", request.cookies.get(STATE_COOKIE, ""))
        state = request.query_params.get("state", "")
        if self._web.slack is None or begun is None:
            raise NotPermittedError("That sign-in was not begun here, or took too long.")
        if not secrets.compare_digest(begun["state"].encode(), state.encode()):
            raise NotPermittedError("That sign-in was not begun here.")
        code = request.query_params.get("code", "")
        person = self._web.slack.person(code, begun["nonce"], self._web.clock())
        response = self._web.sign_in(request, person, local=False)
        response.delete_cookie(STATE_COOKIE, path="/signin")
        return response

    async def out(self, request: Request) -> Response:
        """End the session."""
        await self._web.form(request)
        response = RedirectResponse("/signin", SEE_OTHER)
        response.delete_cookie(COOKIE)
        return response


async def _to_sign_in(request: Request, _error: Exception) -> Response:
    if request.method == "GET":
        return RedirectResponse("/signin", SEE_OTHER)
    return PlainTextResponse("Sign in first.", 401)


class _Sentence:
    def __init__(self, web: Web) -> None:
        self._web = web

    async def show(self, _request: Request, error: Exception) -> Response:
        """A known error is a page with its sentence."""
        status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 404)
        return await run_in_threadpool(
            self._web.page, "error.html", None, status, sentence=str(error)
        )

    async def missing(self, _request: Request, _error: Exception) -> Response:
        """An address that leads nowhere."""
        return await run_in_threadpool(
            self._web.page, "error.html", None, 404, sentence="There is no such page."
        )
