"""The console over HTTP: signing in, access, forged forms, headers, hostile text."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from console_support import Served, console, make_web, serving
from journal_samples import exchange
from pydantic import SecretStr
from review_support import ANA, LEE, TWICE, Clock, accepted, coded, make_desk, wrong
from slack_support import Assistant, settings_for
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

from bot.console.app import console_app
from bot.console.sessions import COOKIE, Session, Signer, key_of
from bot.console.signin import SlackSignIn
from bot.journal import Journal
from bot.review.records import Access, State
from bot.sandbox.server import Sandbox
from bot.slack.app import build_app
from bot.slack.http import asgi_app
from bot.slack.serve import HttpConnection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ONE = exchange(1).exchange_id
HOSTILE = '<script>alert(1)</script> "AKI" & <b>CKD</b>'


@pytest.fixture
def served(journal: Journal) -> Iterator[Served]:
    journal.append(coded(1, "E11.9", "I10", person="U1"))
    journal.append(coded(2, "N17.9", text=HOSTILE))
    with console(make_web(journal)) as running:
        yield running


@pytest.fixture
def lead(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url) as client:
        assert client.get(served.link()).status_code == 303
        yield client


def as_person(served: Served, person: str) -> httpx.Client:
    """A client with the session that Slack's sign-in gives."""
    document = {"person": person, "local": False, "nonce": "n"}
    cookie = served.web.signer.sign("session", document, 3600)
    return httpx.Client(base_url=served.url, cookies={COOKIE: cookie})


def token(client: httpx.Client, where: str = "/policies") -> str:
    found = re.search(r'name="token" value="([0-9a-f]+)"', client.get(where).text)
    assert found is not None
    return found[1]


def judge(client: httpx.Client, **changes: str) -> httpx.Response:
    data = {"token": token(client), "verdict-0": "wrong-code", "right-0": "e11.22",
            "verdict-1": "accepted"} | changes  # fmt: skip
    return client.post(f"/exchange/{ONE}/verdict", data=data)


# Signing in


PAGES = (
    "/",
    f"/exchange/{ONE}",
    "/policies",
    "/people",
    "/reports",
    "/reports/file?format=csv",
    "/reports/plot/trend.svg",
    "/reports/ready",
    f"/exchange/{ONE}/handoff?form=csv",
)


@pytest.mark.parametrize("where", PAGES)
def test_nothing_is_shown_to_who_is_not_signed_in(served: Served, where: str) -> None:
    reply = httpx.get(served.url + where)
    assert (reply.status_code, reply.headers["location"]) == (303, "/signin")


def test_the_local_link_works_once_and_not_for_long(journal: Journal) -> None:
    clock = Clock()
    with console(make_web(journal, clock=clock)) as served:
        link = served.link()
        assert httpx.get(link).headers["location"] == "/"
        assert httpx.get(link).status_code == 403
        late = served.link()
        clock.move(minutes=10)
        assert httpx.get(late).status_code == 403
        assert httpx.get(f"{served.url}/signin/local?token=").status_code == 403


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(served: Served) -> None:
    cookie = httpx.get(served.link()).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


@pytest.mark.parametrize("change", ["flip", "other key", "other purpose", "late", "nonsense"])
def test_a_cookie_that_is_not_ours_or_over_is_none(served: Served, change: str) -> None:
    document = {"person": "ULEE", "local": True, "nonce": "n"}
    signer = served.web.signer
    good = signer.sign("session", document, 3600)
    body, mac = good.split(".")
    forged = base64.urlsafe_b64encode(base64.urlsafe_b64decode(body).replace(b"ULEE", b"UBAD"))
    cookie = {
        "flip": f"{forged.decode()}.{mac}",
        "other key": Signer(b"x" * 32, served.web.clock).sign("session", document, 3600),
        "other purpose": signer.sign("state", document, 3600),
        "late": signer.sign("session", document, -1),
        "nonsense": "a.b",
    }[change]
    reply = httpx.get(served.url, cookies={COOKIE: cookie})
    assert reply.headers["location"] == "/signin"
    assert httpx.get(served.url, cookies={COOKIE: good}).status_code == 200


def test_signing_out_ends_the_session(lead: httpx.Client) -> None:
    assert lead.post("/signout", data={"token": token(lead)}).headers["location"] == "/signin"
    assert lead.get("/").status_code == 303


def test_the_key_is_the_users_own_and_stays(tmp_path: Path) -> None:
    key = key_of(tmp_path)
    assert key_of(tmp_path) == key
    assert (tmp_path / "console.key").stat().st_mode & 0o077 == 0


# Access


@pytest.mark.parametrize(
    ("access", "pages", "acts"),
    [
        (Access.NONE, {"/": 403, "/policies": 403, "/people": 403}, 403),
        (Access.VIEWER, {"/": 200, "/policies": 200, "/people": 403}, 403),
        (Access.REVIEWER, {"/": 200, "/policies": 200, "/people": 403}, 303),
        (Access.LEAD, {"/": 200, "/policies": 200, "/people": 200}, 303),
    ],
)
def test_the_server_holds_everybody_to_their_access(
    served: Served, access: Access, pages: dict[str, int], acts: int
) -> None:
    served.web.desk.people.grant(LEE, "UX", access)
    with as_person(served, "UX") as client:
        assert {where: client.get(where).status_code for where in pages} == pages
        given = served.web.signer.form_token(Session("UX", False, "n"))
        reply = client.post(f"/exchange/{ONE}/claim", data={"token": given})
        assert reply.status_code == acts
        grant = client.post("/people", data={"token": given, "person": "UY", "access": "lead"})
        assert grant.status_code == (303 if access is Access.LEAD else 403)


def test_access_that_was_taken_away_is_gone_at_once(served: Served) -> None:
    served.web.desk.people.grant(LEE, "UX", Access.REVIEWER)
    with as_person(served, "UX") as client:
        assert client.get("/").status_code == 200
        served.web.desk.people.grant(LEE, "UX", Access.NONE)
        assert client.get("/").status_code == 403


# Forged forms


POSTS = (f"/exchange/{ONE}/claim", f"/exchange/{ONE}/verdict", "/policies", "/policies/1/approve",
         "/people", "/signout")  # fmt: skip


@pytest.mark.parametrize("where", POSTS)
def test_a_form_without_the_sessions_token_is_refused(
    served: Served, lead: httpx.Client, where: str
) -> None:
    rows = served.web.desk.journal.verify().rows
    for data in ({}, {"token": "0" * 64}):
        assert lead.post(where, data=data).status_code == 403
    elsewhere = {"Origin": "https://evil.example"}
    assert lead.post(where, data={"token": token(lead)}, headers=elsewhere).status_code == 403
    assert served.web.desk.journal.verify().rows == rows


def test_another_sessions_token_is_none_of_ours(served: Served, lead: httpx.Client) -> None:
    with httpx.Client(base_url=served.url) as other:
        other.get(served.link())
        theirs = token(other)
    assert lead.post(f"/exchange/{ONE}/claim", data={"token": theirs}).status_code == 403


def test_nothing_is_changed_by_following_a_link(lead: httpx.Client) -> None:
    for where in POSTS[:2]:
        assert lead.get(where).status_code in (404, 405)


# Headers and hostile text


@pytest.mark.parametrize(
    "where", ["/", "/signin", f"/exchange/{ONE}", "/nope", "/static/console.js"]
)
def test_every_answer_carries_the_safe_headers(lead: httpx.Client, where: str) -> None:
    headers = lead.get(where).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("where", ["/", f"/exchange/{exchange(2).exchange_id}"])
def test_text_of_a_question_stays_text(lead: httpx.Client, where: str) -> None:
    shown = lead.get(where).text
    assert "<script>alert" not in shown
    assert "ipt&gt;alert(1)&lt;/script&gt;" in shown


def test_pages_use_nothing_of_others_and_no_inline_code(lead: httpx.Client) -> None:
    for where in ("/", f"/exchange/{ONE}", "/policies", "/people", "/reports"):
        shown = lead.get(where).text
        assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", shown)
        assert not re.search(r"<script(?! src=\"/static/)|\son\w+=|\sstyle=|<style", shown)


# What the pages do


def test_an_exchange_shows_evidence_candidates_and_sources(lead: httpx.Client) -> None:
    shown = lead.get(f"/exchange/{ONE}").text
    assert '<mark title="E11.9, I10">AKI</mark>, patient number 1' in shown
    assert "By meaning" in shown
    assert 'id="source-icd10cm:FY2026-04:N17.9:title"' in shown
    assert lead.get("/exchange/nonesuch").status_code == 404


def test_a_verdict_is_recorded_and_a_wrong_one_told(served: Served, lead: httpx.Client) -> None:
    assert judge(lead, **{"right-0": ""}).status_code == 422
    assert "needs the right code" in judge(lead, **{"right-0": ""}).text
    assert judge(lead, **{"verdict-1": "nonsense"}).status_code == 422
    assert judge(lead, missing="n18.31").status_code == 303
    (decision,) = served.web.desk.decisions(ONE)
    assert decision.codes == ("E11.22", "I10", "N18.31")
    assert judge(lead).status_code == 422
    shown = lead.get(f"/exchange/{ONE}").text
    assert "title of E11.22" in shown
    assert "Record the verdict" not in shown
    handed = lead.get(f"/exchange/{ONE}/handoff?form=837p")
    assert handed.text == "HI*ABK:E1122*ABF:I10*ABF:N1831~\n"


def test_a_correction_becomes_a_policy_that_a_lead_approves(
    served: Served, lead: httpx.Client
) -> None:
    judge(lead)
    data = {"token": token(lead), "pattern": "AKI, patient number 1", "codes": "e11.22 I10",
            "instead_of": "E11.9", "reason": "agreed", "from": "2026-11-21", "to": "",
            "setting": "outpatient", "source": ONE}  # fmt: skip
    reply = lead.post(f"/exchange/{ONE}/policy", data=data)
    assert reply.headers["location"] == "/policies/1"
    assert lead.post("/policies/1/approve", data={"token": data["token"]}).status_code == 303
    (policy,) = served.web.desk.policies.book().all()
    assert (policy.codes, policy.source, policy.approver) == (
        ("E11.22", "I10"), ONE, "this-machine",
    )  # fmt: skip
    assert "local policy 1, approved by this-machine" in lead.get("/policies/1").text
    bad = lead.post("/policies", data=data | {"from": "yesterday"})
    assert (bad.status_code, "must be like" in bad.text) == (422, True)
    gone = {"token": data["token"], "reason": "wrong"}
    assert lead.post("/policies/1/withdraw", data=gone).status_code == 303
    assert "Ended" in lead.get("/policies/1").text
    assert lead.get("/policies/9").status_code == 404


def test_a_second_reviewer_is_shown_no_verdict(journal: Journal) -> None:
    journal.append(coded(1, "N17.9"))
    web = make_web(journal, rules=TWICE)
    web.desk.people.grant(LEE, "UBEN", Access.REVIEWER)
    web.desk.comment(ANA, ONE, "secret remark")
    web.desk.decide(ANA, ONE, wrong("N17.9", "N17.0"), note="secret note")
    with console(web) as served, as_person(served, "UBEN") as client:
        shown = client.get(f"/exchange/{ONE}").text
        assert "N17.0" not in shown
        assert "secret" not in shown
        assert "UANA" not in shown
        assert "second review" in shown
        data = {"token": token(client), "verdict-0": "accepted"}
        assert client.post(f"/exchange/{ONE}/verdict", data=data).status_code == 303
        assert "secret note" in client.get(f"/exchange/{ONE}").text
    case = web.desk.store.case(ONE)
    assert case is not None
    assert case.state is State.ADJUDICATION


def test_the_queue_filters_and_pages(journal: Journal) -> None:
    for number in range(1, 61):
        journal.append(coded(number, "E11.9" if number % 2 else "I10", person=f"U{number % 3}"))
    with console(make_web(journal)) as served, httpx.Client(base_url=served.url) as client:
        client.get(served.link())
        first = client.get("/").text
        assert first.count("data-row") == 50
        more = re.search(r'href="(/\?[^"]*after=[^"]+)"', first)
        assert more is not None
        assert client.get(more[1].replace("&amp;", "&")).text.count("data-row") == 10
        assert client.get("/?family=e11&person=U1").text.count("data-row") == 10
        assert "Nothing waits here" in client.get("/?reason=rejected").text


def test_reports_are_shown_and_kept(served: Served, lead: httpx.Client) -> None:
    judge(lead)
    span = "from=2026-11-01&to=2026-11-30"
    assert "worked out" in lead.get(f"/reports?{span}").text
    table = lead.get(f"/reports/file?format=csv&{span}").text
    assert "accuracy by family,E11" in table
    assert lead.get(f"/reports/ready?{span}").json() == {"ready": True}
    shown = lead.get(f"/reports?{span}").text
    assert 'src="/reports/plot/pareto.svg?from=2026-11-01&amp;to=2026-11-30"' in shown
    plot = lead.get(f"/reports/plot/pareto.svg?{span}")
    assert plot.headers["content-type"] == "image/svg+xml"
    assert plot.headers["content-security-policy"].startswith("default-src 'none'; style-src")
    assert lead.get(f"/reports/plot/nonesuch.svg?{span}").status_code == 404
    assert "must be like" in lead.get("/reports?from=x").text


# Sign in with Slack


def slack(claims: dict[str, Any], told: dict[str, Any]) -> Starlette:
    """Slack's three addresses; ``claims`` and ``told`` change what it says."""
    asked: dict[str, str] = {}

    def authorize(request: Request) -> RedirectResponse:
        asked.update(request.query_params)
        target = f"{asked['redirect_uri']}?code=c0de&state={asked['state']}"
        return RedirectResponse(target)

    async def grant(request: Request) -> JSONResponse:
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        if form["code"] != "c0de" or form["client_secret"] != "s3cret":
            return JSONResponse({"ok": False, "error": "invalid_code"})
        body = {
            "iss": "https://slack.com", "aud": "123.456", "nonce": asked["nonce"],
            "exp": (datetime(2026, 11, 22, 13, 0, tzinfo=UTC) + timedelta(hours=1)).timestamp(),
            "https://slack.com/user_id": "UANA",
        } | claims  # fmt: skip
        packed = base64.urlsafe_b64encode(json.dumps(body).encode()).decode().rstrip("=")
        return JSONResponse({"ok": True, "access_token": "xoxp-1", "id_token": f"h.{packed}.s"})

    async def info(request: Request) -> JSONResponse:
        assert request.headers["authorization"] == "Bearer xoxp-1"
        reply = {"ok": True, "https://slack.com/user_id": "UANA", "https://slack.com/team_id": "T1"}
        return JSONResponse(reply | told)

    return Starlette(
        routes=[
            Route("/openid/connect/authorize", authorize),
            Route("/api/openid.connect.token", grant, methods=["POST"]),
            Route("/api/openid.connect.userInfo", info, methods=["POST"]),
        ]
    )


@pytest.mark.parametrize(
    ("claims", "told", "status"),
    [
        ({}, {}, 200),
        ({"nonce": "another"}, {}, 403),
        ({"aud": "999"}, {}, 403),
        ({"iss": "https://evil.example"}, {}, 403),
        ({"exp": 1}, {}, 403),
        ({"https://slack.com/user_id": "UOTHER"}, {}, 403),
        ({}, {"https://slack.com/team_id": "T2"}, 403),
        ({}, {"ok": False}, 403),
    ],
    ids=["good", "nonce", "audience", "issuer", "late", "other user", "other team", "refused"],
)
def test_sign_in_with_slack(
    journal: Journal, claims: dict[str, Any], told: dict[str, Any], status: int
) -> None:
    make_desk(journal).people.grant(LEE, "UANA", Access.REVIEWER)
    journal.append(coded(1, "N17.9"))
    make_desk(journal).decide(ANA, ONE, accepted("N17.9"))
    with serving(slack(claims, told)) as provider:
        web = make_web(journal)
        with console(web) as served:
            web.slack = SlackSignIn(
                "123.456", "s3cret", f"{served.url}/signin/slack/callback", ("T1",),
                f"{provider}/api/",
            )  # fmt: skip
            with httpx.Client(follow_redirects=True) as client:
                reply = client.get(f"{served.url}/signin/slack")
                assert reply.status_code == status
                assert ("UANA, reviewer" in reply.text) is (status == 200)


def test_a_callback_that_was_not_begun_here_is_refused(journal: Journal) -> None:
    web = make_web(journal)
    web.slack = SlackSignIn("1", "s", "http://127.0.0.1/signin/slack/callback")
    with console(web) as served:
        where = f"{served.url}/signin/slack/callback?code=c&state="
        assert httpx.get(where + "x").status_code == 403
        begun = httpx.get(f"{served.url}/signin/slack")
        query = parse_qs(urlsplit(begun.headers["location"]).query)
        assert query["scope"] == ["openid"]
        assert httpx.get(where + "x", cookies=begun.cookies).status_code == 403


def test_without_a_slack_app_there_is_no_such_sign_in(served: Served) -> None:
    assert "Slack" not in httpx.get(f"{served.url}/signin").text
    assert httpx.get(f"{served.url}/signin/slack").status_code == 403


def test_the_console_is_served_beside_slack(journal: Journal, tmp_path: Path) -> None:
    """HTTP mode's app has Slack's addresses and, at every other one, the console."""
    web = make_web(journal)
    with Sandbox() as sandbox:
        settings = settings_for(sandbox, tmp_path, slack_signing_secret=SecretStr("signing"))
        app = build_app(settings, Assistant(journal), journal, web.clock, api_url=sandbox.api_url)
        connection = HttpConnection(
            app, asgi_app(app, journal, web.clock, console_app(web)), "127.0.0.1", 0
        )
        connection.start()
        with httpx.Client(base_url=connection.url, follow_redirects=True) as client:
            assert client.get("/healthz").json()["ok"] is True
            assert client.post("/slack/events", content=b"{}").status_code == 401
            client.get(f"/signin/local?token={web.links.new()}")
            assert "Nothing waits here" in client.get("/").text
            assert client.get("/static/console.css").status_code == 200
        connection.stop()
