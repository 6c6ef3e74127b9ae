"""The queue and the page of one exchange, with everything that can be done about it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.console import forms
from bot.console.highlighting import pieces
from bot.console.web import SEE_OTHER
from bot.handoff.accepted import accepted
from bot.handoff.writing import Form as HandOffForm
from bot.handoff.writing import written
from bot.review import views
from bot.review.errors import HandOffError, ReviewError
from bot.review.records import Access, Reason, State, Verdict

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request

    from bot.console.forms import Form
    from bot.console.web import Visit, Web

PAGE = 50
_A_MINUTE = timedelta(minutes=1)
_TYPES = {
    HandOffForm.FHIR: ("application/fhir+json", "json"),
    HandOffForm.CSV: ("text/csv; charset=utf-8", "csv"),
    HandOffForm.PROFESSIONAL: ("text/plain; charset=utf-8", "txt"),
    HandOffForm.INSTITUTIONAL: ("text/plain; charset=utf-8", "txt"),
}


class ReviewPages:
    """The queue and its exchanges."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._drafters: tuple[datetime, tuple[str, ...]] | None = None

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/", self.queue),
            Route("/exchange/{id}", self.exchange),
            Route("/exchange/{id}/handoff", self.hand_off),
            Route("/exchange/{id}/{action}", self.act, methods=["POST"]),
        ]

    def queue(self, request: Request) -> Response:
        """What waits, the most urgent first."""
        visit = self._web.visit(request)
        desk, query = self._web.desk, request.query_params
        asked = forms.queue_filter(query, visit.person.id)
        items = desk.queue(asked, PAGE + 1, query.get("after") or None)
        more = ""
        if len(items) > PAGE:
            kept = {k: v for k, v in query.items() if k != "after" and v}
            more = urlencode(kept | {"after": items[PAGE - 1].case.exchange_id})
        return self._web.page(
            "queue.html",
            visit,
            items=items[:PAGE],
            more=more,
            query=query,
            now=self._web.clock(),
            tally=desk.tally(),
            reasons=list(Reason),
            states=[State.OPEN, State.SECOND, State.ADJUDICATION, State.DONE],
            drafters=self._known_drafters(),
        )

    def _known_drafters(self) -> tuple[str, ...]:
        """Drafters of waiting answers, looked up once a minute: it takes a walk over them all."""
        now = self._web.clock()
        if self._drafters is None or now - self._drafters[0] > _A_MINUTE:
            self._drafters = (now, self._web.desk.store.values("drafter"))
        return self._drafters[1]

    def exchange(self, request: Request, message: str = "", status: int = 200) -> Response:
        """One exchange whole, as this person may see it."""
        visit = self._web.visit(request)
        return self._exchange(visit, request.path_params["id"], message, status)

    def _exchange(self, visit: Visit, exchange_id: str, message: str, status: int) -> Response:
        desk = self._web.desk
        file = desk.open(visit.person, exchange_id)
        exchange, now = file.exchange, self._web.clock()
        replay = views.replay(exchange, desk.journal.deliveries_of(exchange.exchange_id))
        holder = file.case.held_by(now)
        judged = visit.person.id in file.case.reviewers
        may = (
            visit.person.access.includes(Access.REVIEWER)
            and file.case.state is not State.DONE
            and holder in ("", visit.person.id)
            and not judged
            and (file.case.state is not State.ADJUDICATION or visit.person.access is Access.LEAD)
        )
        last = file.decisions[-1] if file.decisions else None
        return self._web.page(
            "exchange.html",
            visit,
            status,
            message=message,
            file=file,
            case=file.case,
            exchange=exchange,
            replay=replay,
            holder=holder,
            may_decide=may,
            pieces=pieces(exchange.text, exchange.answer.get("suggestions", ())),
            verdicts=list(Verdict),
            last=last,
            title_of=lambda code: self._web.title_of(code, exchange.day),
            forms=list(HandOffForm),
        )

    async def act(self, request: Request) -> Response:
        """Claim, release, comment, judge, ask for a second review, or propose a policy."""
        visit = await run_in_threadpool(self._web.visit, request, Access.REVIEWER)
        form = await self._web.form(request)
        exchange_id, action = request.path_params["id"], request.path_params["action"]
        try:
            where = await run_in_threadpool(self._do, visit, exchange_id, action, form)
        except ReviewError as error:
            return await run_in_threadpool(self._exchange, visit, exchange_id, str(error), 422)
        return RedirectResponse(where, SEE_OTHER)

    def _do(self, visit: Visit, exchange_id: str, action: str, form: Form) -> str:
        desk, person = self._web.desk, visit.person
        here = f"/exchange/{exchange_id}"
        if action == "claim":
            desk.claim(person, exchange_id)
        elif action == "release":
            desk.release(person, exchange_id)
        elif action == "comment":
            desk.comment(person, exchange_id, form.one("text"))
        elif action == "second":
            desk.ask_second(person, exchange_id)
        elif action == "verdict":
            rows = desk.journal.get(exchange_id).answer.get("suggestions", ())
            codes = tuple(row["code"] for row in rows)
            sequence = tuple(code.upper() for code in form.words("sequence"))
            said = forms.verdicts(form, codes)
            desk.decide(person, exchange_id, said, sequence=sequence, note=form.one("note"))
        elif action == "policy":
            made = desk.policies.propose(person, forms.terms(form))
            return f"/policies/{made.number}"
        else:
            raise ReviewError("There is nothing of that name to do.")
        return here

    def hand_off(self, request: Request) -> Response:
        """The accepted codes as a file."""
        self._web.visit(request, Access.REVIEWER)
        try:
            form = HandOffForm(request.query_params.get("form", ""))
        except ValueError:
            raise HandOffError("A hand-off is fhir, 837p, 837i or csv.") from None
        given = accepted(self._web.desk, request.path_params["id"], self._web.title_of)
        kind, ending = _TYPES[form]
        name = f"{given.exchange_id[:12]}-{form.value}.{ending}"
        return Response(
            written(given, form),
            headers={"Content-Type": kind, "Content-Disposition": f'attachment; filename="{name}"'},
        )
