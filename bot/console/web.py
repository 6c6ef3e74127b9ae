"""What every page shares: who asks, what they may do, forms that cannot be forged, the frame."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console.forms import MOST_BYTES, Form
from bot.console.sessions import COOKIE, SESSION_SECONDS, OneTimeLinks, Session, Signer, new_session
from bot.review.errors import NotPermittedError, ReviewError
from bot.review.people import require
from bot.review.records import Access, Person

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    import jinja2
    from starlette.requests import Request

    from bot.console.signin import SlackSignIn
    from bot.review.desk import Desk

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Under no-referrer a browser would send forms with the origin "null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
SEE_OTHER = 303


class ForgedFormError(ReviewError):
    """A form that does not carry this session's token, or comes from elsewhere."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody signed in."""

    session: Session
    person: Person
    token: str


class Web:
    """The console's collaborators, and what its pages are made with."""

    def __init__(
        self,
        desk: Desk,
        signer: Signer,
        clock: Callable[[], datetime],
        title_of: Callable[[str, date], str],
        slack: SlackSignIn | None = None,
    ) -> None:
        self.desk = desk
        self.signer = signer
        self.clock = clock
        self.title_of = title_of
        self.slack = slack
        self.links = OneTimeLinks(clock)

    @cached_property
    def environment(self) -> jinja2.Environment:
        """The templates; everything is escaped."""
        from bot.reports.writing import templates

        environment = templates("bot.console", "bot.reports")
        environment.filters["minute"] = lambda moment: f"{moment:%Y-%m-%d %H:%M}"
        return environment

    # --- who asks -----------------------------------------------------------------------------

    def session(self, request: Request) -> Session | None:
        """The session of a request, or None."""
        found = self.signer.read("session", request.cookies.get(COOKIE, ""))
        return None if found is None else Session(found["person"], found["local"], found["nonce"])

    def visit(self, request: Request, access: Access = Access.VIEWER) -> Visit:
        """Who asks. Raises NotPermittedError where they are not signed in or may not."""
        session = self.session(request)
        if session is None:
            raise NotSignedInError
        if session.local:
            person = Person(session.person, Access.LEAD)
        else:
            person = self.desk.person(session.person)
        require(person, access)
        return Visit(session, person, self.signer.form_token(session))

    async def form(self, request: Request) -> Form:
        """A form's fields. Raises ForgedFormError where it is not one of this session's pages'."""
        session = self.session(request)
        if session is None:
            raise NotSignedInError
        origin = request.headers.get("origin")
        if origin is not None and origin != f"{request.url.scheme}://{request.url.netloc}":
            raise ForgedFormError("That form came from another site.")
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                raise ForgedFormError("That form is too large.")
        found = Form(body)
        if not self.signer.fits(session, found.one("token")):
            raise ForgedFormError("That form is out of date: go back, reload the page, try again.")
        return found

    # --- answers ------------------------------------------------------------------------------

    def page(
        self, name: str, visit: Visit | None, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """A template as a page."""
        shown = {"visit": visit, "message": "", "Access": Access} | values
        return HTMLResponse(self.environment.get_template(name).render(shown), status)

    def sign_in(self, request: Request, person: str, *, local: bool) -> Response:
        """Start a session and go to the queue."""
        session = new_session(person, local=local)
        document = {"person": session.person, "local": session.local, "nonce": session.nonce}
        response = RedirectResponse("/", SEE_OTHER)
        response.set_cookie(
            COOKIE,
            self.signer.sign("session", document, SESSION_SECONDS),
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return response


class NotSignedInError(NotPermittedError):
    """Nobody is signed in."""

    def __init__(self) -> None:
        super().__init__("Sign in first.")
