"""Policies, people and reports."""

from __future__ import annotations

import json
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from typing import TYPE_CHECKING

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.console import forms
from bot.console.web import SEE_OTHER
from bot.reports.figures import Figures, figures
from bot.reports.gathering import gather
from bot.reports.plots import plots
from bot.reports.writing import Format, page, table
from bot.review.errors import PolicyError, ReviewError
from bot.review.records import Access

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.console.web import Visit, Web

_DAYS = 90
_REPORTS_KEPT = 8
_PLOTS = {
    "trend": "Answers a week, and the share accepted on review",
    "accuracy": "Accuracy by code family, with intervals",
    "pareto": "Commonest corrections, most frequent first",
    "heat": "Errors by chapter and verdict",
}
# A drawing is an image of its own: what it styles in itself reaches no page.
_DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


class LeadPages:
    """Policies, people and reports."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="report")
        self._lock = threading.Lock()
        self._made: dict[tuple[date, date, str], Future[tuple[Figures, dict[str, str]]]] = {}

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/policies", self.policies),
            Route("/policies", self.propose, methods=["POST"]),
            Route("/policies/{number:int}", self.policy),
            Route("/policies/{number:int}/{action}", self.decide, methods=["POST"]),
            Route("/people", self.people),
            Route("/people", self.grant, methods=["POST"]),
            Route("/reports", self.reports),
            Route("/reports/ready", self.ready),
            Route("/reports/plot/{name}.svg", self.plot),
            Route("/reports/file", self.file),
        ]

    # --- policies -----------------------------------------------------------------------------

    def policies(self, request: Request) -> Response:
        """Every policy, the newest first, and a form for one more."""
        return self._policies(self._web.visit(request), "", 200)

    def _policies(self, visit: Visit, message: str, status: int) -> Response:
        return self._web.page(
            "policies.html",
            visit,
            status,
            message=message,
            policies=self._web.desk.policies.book().all(),
            today=self._web.clock().date(),
        )

    async def propose(self, request: Request) -> Response:
        """Propose a policy."""
        visit = await run_in_threadpool(self._web.visit, request, Access.REVIEWER)
        form = await self._web.form(request)
        try:
            made = await run_in_threadpool(
                lambda: self._web.desk.policies.propose(visit.person, forms.terms(form))
            )
        except ReviewError as error:
            return await run_in_threadpool(self._policies, visit, str(error), 422)
        return RedirectResponse(f"/policies/{made.number}", SEE_OTHER)

    def policy(self, request: Request) -> Response:
        """One policy with its versions."""
        return self._policy(self._web.visit(request), request.path_params["number"], "", 200)

    def _policy(self, visit: Visit, number: int, message: str, status: int) -> Response:
        versions = self._web.desk.policies.book().versions(number)
        return self._web.page(
            "policy.html",
            visit,
            status,
            message=message,
            policy=versions[-1],
            versions=versions,
            title_of=lambda code: self._web.title_of(code, versions[-1].effective_from),
        )

    async def decide(self, request: Request) -> Response:
        """Approve, withdraw or revise a policy."""
        visit = await run_in_threadpool(self._web.visit, request, Access.REVIEWER)
        form = await self._web.form(request)
        number, action = request.path_params["number"], request.path_params["action"]
        desk = self._web.desk.policies

        def do() -> None:
            if action == "approve":
                desk.approve(visit.person, number)
            elif action == "withdraw":
                desk.withdraw(visit.person, number, form.one("reason"))
            elif action == "revise":
                desk.revise(visit.person, number, forms.terms(form))
            else:
                raise PolicyError("There is nothing of that name to do.")

        try:
            await run_in_threadpool(do)
        except ReviewError as error:
            return await run_in_threadpool(self._policy, visit, number, str(error), 422)
        return RedirectResponse(f"/policies/{number}", SEE_OTHER)

    # --- people -------------------------------------------------------------------------------

    def people(self, request: Request) -> Response:
        """Who has access; leads only."""
        return self._people(self._web.visit(request, Access.LEAD), "", 200)

    def _people(self, visit: Visit, message: str, status: int) -> Response:
        desk = self._web.desk
        return self._web.page(
            "people.html",
            visit,
            status,
            message=message,
            people=desk.people.all(),
            levels=list(Access),
            agreement=desk.agreement(),
        )

    async def grant(self, request: Request) -> Response:
        """Give somebody access."""
        visit = await run_in_threadpool(self._web.visit, request, Access.LEAD)
        form = await self._web.form(request)
        person, group = form.one("person")[:64], form.one("group")[:64]
        access = form.one("access")
        if not person or access not in {each.value for each in Access}:
            message = "Name a person and what they may do."
            return await run_in_threadpool(self._people, visit, message, 422)
        await run_in_threadpool(
            self._web.desk.people.grant, visit.person, person, Access(access), group
        )
        return RedirectResponse("/people", SEE_OTHER)

    # --- reports ------------------------------------------------------------------------------

    def reports(self, request: Request) -> Response:
        """The report of a time; a large one is computed while the page waits for it."""
        visit = self._web.visit(request)
        since, until, message = self._span(request)
        made = self._report(since, until)
        shown = made.result() if made.done() else None
        return self._web.page(
            "reports.html",
            visit,
            message=message,
            since=since,
            until=until,
            figures=shown[0] if shown else None,
            plots={n: _image(n, since, until) for n in (shown[1] if shown else ())},
            title_of=lambda code: self._web.title_of(code, until),
        )

    def ready(self, request: Request) -> Response:
        """Whether the report of a time has been computed."""
        self._web.visit(request)
        since, until, _ = self._span(request)
        done = self._report(since, until).done()
        return Response(json.dumps({"ready": done}), media_type="application/json")

    def plot(self, request: Request) -> Response:
        """One drawing of a report."""
        self._web.visit(request)
        since, until, _ = self._span(request)
        drawing = self._report(since, until).result()[1].get(request.path_params["name"])
        if drawing is None:
            return Response(status_code=404)
        return Response(
            drawing,
            media_type="image/svg+xml",
            headers={"Content-Security-Policy": _DRAWING_POLICY},
        )

    def file(self, request: Request) -> Response:
        """A report to keep."""
        self._web.visit(request)
        since, until, _ = self._span(request)
        made = self._report(since, until).result()[0]
        try:
            form = Format(request.query_params.get("format", ""))
        except ValueError:
            raise ReviewError("A report is html, csv or json.") from None
        if form is Format.HTML:
            text = page(made, lambda code: self._web.title_of(code, until))
            kind = "text/html; charset=utf-8"
        elif form is Format.CSV:
            text, kind = table(made), "text/csv; charset=utf-8"
        else:
            text = json.dumps(made.to_json(), ensure_ascii=False, indent=2)
            kind = "application/json"
        name = f"codecite-{since}-{until}.{form.value}"
        return Response(
            text,
            headers={"Content-Type": kind, "Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _span(self, request: Request) -> tuple[date, date, str]:
        today = self._web.clock().date()
        usual = today - timedelta(days=_DAYS), today
        query = request.query_params
        try:
            since = date.fromisoformat(query["from"]) if query.get("from") else usual[0]
            until = date.fromisoformat(query["to"]) if query.get("to") else usual[1]
        except ValueError:
            return *usual, "The dates must be like 2026-11-21."
        if since > until:
            return *usual, "The first day is after the last."
        return since, until, ""

    def _report(self, since: date, until: date) -> Future[tuple[Figures, dict[str, str]]]:
        """The report over the journal as it is now, computed once."""
        key = (since, until, self._web.desk.journal.head())

        def make() -> tuple[Figures, dict[str, str]]:
            made = figures(gather(self._web.desk, since, until, self._web.clock))
            return made, plots(made)

        with self._lock:
            if key not in self._made:
                while len(self._made) >= _REPORTS_KEPT:
                    self._made.pop(next(iter(self._made)))
                self._made[key] = self._pool.submit(make)
            return self._made[key]


def _image(name: str, since: date, until: date) -> Markup:
    form = Markup('<img class="plot" src="/reports/plot/{}.svg?from={}&amp;to={}" alt="{}">')
    return form.format(name, since.isoformat(), until.isoformat(), _PLOTS[name])
