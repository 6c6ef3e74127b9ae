"""HTTP mode over real HTTP: signatures, replays, OAuth, two workspaces, an organisation."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr
from slack_support import CODING, DANA, DIRECT, NOON, Assistant, settings_for

from bot.errors import ConfigurationError
from bot.journal import Journal
from bot.journal.door import DoorStore
from bot.sandbox.http_hub import HttpHub, body_of
from bot.sandbox.records import Channel, Person
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace
from bot.slack import names
from bot.slack.app import build_app
from bot.slack.errors import MissingTokenError
from bot.slack.http import asgi_app
from bot.slack.installations import States, new_key
from bot.slack.serve import HttpConnection, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.config import Settings

SECRET = "a signing secret"


class Web:
    """The app in HTTP mode, the sandbox that calls it, and its clock."""

    def __init__(self, sandbox: Sandbox, settings: Settings, assistant: Assistant) -> None:
        self.sandbox = sandbox
        self.assistant = assistant
        self.now = NOON

        def clock() -> Any:
            return self.now

        app = build_app(settings, assistant, assistant.journal, clock, api_url=sandbox.api_url)
        web = asgi_app(app, assistant.journal, clock)
        self.connection = HttpConnection(app, web, "127.0.0.1", 0)
        self.app = app
        self.connection.start()
        self.hub = HttpHub(f"{self.connection.url}/slack/events", SECRET)
        self.people = sandbox.people_of(sandbox.workspace, self.hub)

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.connection.url}{path}")

    def wait(self, holds: Callable[[], Any], workspace: Workspace | None = None) -> None:
        deadline = monotonic() + 15
        while not (workspace or self.sandbox.workspace).wait_until(lambda: bool(holds()), 0.05):
            assert monotonic() < deadline, "never happened"


@contextmanager
def web(tmp_path: Path, **changes: Any) -> Iterator[Web]:
    with Journal(tmp_path / "journal.sqlite") as journal, Sandbox() as sandbox:
        settings = settings_for(
            sandbox, tmp_path, slack_signing_secret=SecretStr(SECRET), **changes
        )
        made = Web(sandbox, settings, Assistant(journal))
        try:
            yield made
        finally:
            made.hub.close()
            made.connection.stop()


OAUTH: dict[str, Any] = {
    "slack_bot_token": None,
    "slack_client_id": "1.2",
    "slack_client_secret": SecretStr("client secret"),
    "slack_encryption_key": SecretStr(new_key()),
}


def test_every_kind_of_request_is_answered(tmp_path) -> None:
    with web(tmp_path) as http:
        workspace = http.sandbox.workspace
        posted, (envelope,) = http.people.say(DANA, CODING, "@Codecite gout")
        http.wait(lambda: workspace.in_thread(CODING, posted.ts))
        http.hub.redeliver(envelope)
        http.people.command(DANA, CODING, "/code", "asthma")
        http.wait(lambda: [m for m in workspace.from_bot(CODING) if m.visible_to == DANA])
        answer = workspace.in_thread(CODING, posted.ts)[0]
        http.people.press(DANA, CODING, answer.ts, names.REJECT)
        http.wait(lambda: workspace.views.get(DANA))
        http.people.submit(DANA, {"reason": "other"})
        http.wait(lambda: not workspace.views[DANA])
        http.people.open_app(DANA, "home")
        http.wait(lambda: workspace.homes.get(DANA))
        assert len(http.assistant.asked) == 2
        assert [c for c in workspace.calls if c.error] == []
        health = http.get("/healthz")
        assert health.json()["ok"]
        metrics = http.get("/metrics").text
        assert 'codecite_slack_questions_total{door="command"} 1.0' in metrics
        assert "codecite_slack_repeats_total 1.0" in metrics
        assert "gout" not in metrics
        assert "asthma" not in metrics


def post(http: Web, body: str, headers: dict[str, str]) -> int:
    return httpx.post(http.hub.url, content=body, headers=headers).status_code


def test_a_wrong_signature_or_an_old_one_is_refused(tmp_path) -> None:
    with web(tmp_path) as http:
        form, kind = body_of("slash_commands", {"command": "/code", "text": "x", "user_id": DANA})
        event, json_kind = body_of("events_api", {"type": "event_callback", "event": {}})
        for body, content_type in ((form, kind), (event, json_kind)):
            good = http.hub.signed(body, content_type=content_type)
            assert post(http, body + " ", good) == 401
            assert post(http, body, {"Content-Type": content_type}) == 401
            stamp = float(good["X-Slack-Request-Timestamp"])
            old = http.hub.signed(body, content_type=content_type, at=stamp - 301)
            assert post(http, body, old) == 401
        assert http.assistant.asked == []


def test_a_recorded_press_cannot_be_played_again(tmp_path) -> None:
    with web(tmp_path) as http:
        payload = {
            "command": "/code", "text": "gout", "user_id": DANA, "channel_id": CODING,
            "team_id": "T0SANDBOX", "trigger_id": "1", "response_url": f"{http.sandbox.url}/x",
        }  # fmt: skip
        body, kind = body_of("slash_commands", payload)
        headers = http.hub.signed(body, content_type=kind)
        assert [post(http, body, headers) for _ in range(3)] == [200, 409, 409]


def test_a_body_without_end_is_refused(tmp_path) -> None:
    with web(tmp_path) as http:
        assert post(http, "x" * 3_000_001, {"Content-Type": "application/json"}) == 413


def test_what_is_missing_is_named(tmp_path) -> None:
    with Journal(tmp_path / "journal.sqlite") as journal, Sandbox() as sandbox:
        settings = settings_for(sandbox, tmp_path)
        with pytest.raises(MissingTokenError, match="CODECITE_SLACK_SIGNING_SECRET"):
            serve(settings, Assistant(journal), journal, "http")
        for key, said in ((None, "codecite slack key"), (SecretStr("no"), "is not a key")):
            wrong = settings_for(sandbox, tmp_path, **OAUTH | {"slack_encryption_key": key})
            with pytest.raises(ConfigurationError, match=said):
                build_app(wrong, Assistant(journal), journal, lambda: NOON)


# -- installing by OAuth ---------------------------------------------------------------------------


def second() -> Workspace:
    robin = Person("U0ROBIN", "robin", "Robin Vale", "Coder")
    place = Channel("C0SECOND", "second", (robin.id, "U0CODECITE"))
    return Workspace(team_id="T0SECOND", team_name="Second", people=(robin,), channels=(place,))


def install(http: Web, workspace: Workspace, *, organisation: bool = False) -> httpx.Response:
    """Click "Add to Slack", approve, come back."""
    page = http.get("/slack/install")
    link = next(part for part in page.text.split('"') if "oauth/v2/authorize" in part)
    query = parse_qs(urlsplit(link.replace("&amp;", "&")).query)
    code = http.sandbox.gateway.approve(workspace, organisation=organisation)
    return httpx.get(
        f"{http.connection.url}/slack/oauth_redirect",
        params={"code": code, "state": query["state"][0]},
        cookies=page.cookies,
        headers={"Cookie": page.headers.get("set-cookie", "").split(";")[0]},
    )


def test_two_workspaces_install_and_each_gets_its_own_answers(tmp_path) -> None:
    with web(tmp_path, **OAUTH) as http:
        other = second()
        their = http.sandbox.add_workspace(other, http.hub)
        assert install(http, http.sandbox.workspace).status_code == 200
        assert install(http, other).status_code == 200
        mine, _ = http.people.say(DANA, CODING, "@Codecite gout")
        theirs, _ = their.say("U0ROBIN", "C0SECOND", "@Codecite asthma")
        http.wait(lambda: http.sandbox.workspace.in_thread(CODING, mine.ts))
        http.wait(lambda: other.in_thread("C0SECOND", theirs.ts), other)
        assert {q.team for q in http.assistant.asked} == {"T0SANDBOX", "T0SECOND"}
        raw = sqlite3.connect(tmp_path / "journal.sqlite")
        kept = b"".join(row[0] for row in raw.execute("SELECT secret FROM door_installations"))
        raw.close()
        assert http.sandbox.workspace.bot_token.encode() not in kept
        assert b"xoxb" not in kept


def test_an_uninstalled_workspace_is_forgotten(tmp_path) -> None:
    with web(tmp_path, **OAUTH) as http:
        install(http, http.sandbox.workspace)
        door = DoorStore(http.assistant.journal)
        assert door.installation("", "T0SANDBOX") is not None
        http.people.deliver({"type": "app_uninstalled"})
        http.wait(lambda: door.installation("", "T0SANDBOX") is None)
        count = len(http.assistant.asked)
        _, (envelope,) = http.people.say(DANA, DIRECT, "gout")
        http.wait(lambda: envelope.sent)
        http.hub.close()
        assert len(http.assistant.asked) == count


def test_an_organisation_installs_once_for_all_its_workspaces(tmp_path) -> None:
    with web(tmp_path, **OAUTH) as http:
        one = http.sandbox.workspace
        one.enterprise_id = "E0ORG"
        other = second()
        other.enterprise_id = "E0ORG"
        their = http.sandbox.add_workspace(other, http.hub)
        assert install(http, one, organisation=True).status_code == 200
        mine, _ = http.people.say(DANA, CODING, "@Codecite gout")
        theirs, _ = their.say("U0ROBIN", "C0SECOND", "@Codecite asthma")
        http.wait(lambda: one.in_thread(CODING, mine.ts))
        http.wait(lambda: other.in_thread("C0SECOND", theirs.ts), other)
        door = DoorStore(http.assistant.journal)
        assert door.installation("E0ORG", "") is not None
        assert door.installation("", "T0SANDBOX") is None


def test_a_token_that_grows_old_is_renewed(tmp_path) -> None:
    with web(tmp_path, **OAUTH) as http:
        http.sandbox.gateway.rotates = True
        install(http, http.sandbox.workspace)
        before = http.sandbox.workspace.bot_token
        store = http.app.bolt.installation_store
        assert store is not None
        kept = store.find_installation(enterprise_id=None, team_id="T0SANDBOX")
        assert kept is not None
        assert kept.bot_refresh_token
        kept.bot_token_expires_at = 1_700_000_000  # long ago
        store.save(kept)
        posted, _ = http.people.say(DANA, CODING, "@Codecite gout")
        http.wait(lambda: http.sandbox.workspace.in_thread(CODING, posted.ts))
        assert http.sandbox.workspace.bot_token != before
        assert http.sandbox.gateway.exchanges == ["code", "refresh_token"]


def test_a_state_is_good_once_and_for_ten_minutes(tmp_path) -> None:
    with Journal(tmp_path / "journal.sqlite") as journal:
        now = [NOON]
        states = States("secret", journal, lambda: now[0])
        state = states.issue()
        assert not states.consume(state[:-1] + ("0" if state[-1] != "0" else "1"))
        assert not States("other", journal, lambda: NOON).consume(state)
        assert states.consume(state)
        assert not states.consume(state)
        late = states.issue()
        now[0] += timedelta(seconds=601)
        assert not states.consume(late)
        assert not states.consume("nonsense")


def test_a_changed_key_loses_nothing_it_should_keep(tmp_path) -> None:
    from slack_sdk.oauth.installation_store.models.installation import Installation

    from bot.slack.installations import Installations

    with Journal(tmp_path / "journal.sqlite") as journal, Sandbox() as sandbox:
        notes = DoorStore(journal)
        old, new = new_key(), new_key()

        def store(key: str) -> Installations:
            changes = OAUTH | {"slack_encryption_key": SecretStr(key)}
            return Installations(settings_for(sandbox, tmp_path, **changes), notes, lambda: NOON)

        installation = Installation(user_id="U1", team_id="T1", bot_token="xoxb-1", bot_id="B1",
                                    bot_user_id="U2")  # fmt: skip
        store(old).save(installation)
        find = {"enterprise_id": None, "team_id": "T1"}
        rotated = store(f"{new},{old}").find_bot(**find)
        assert rotated is not None
        assert rotated.bot_token == "xoxb-1"
        assert store(new).find_bot(**find) is None


def test_a_slow_network_delays_and_loses_nothing(tmp_path) -> None:
    with web(tmp_path) as http:
        http.sandbox.api.slowness["chat.postMessage"] = 0.5
        posted, (envelope,) = http.people.say(DANA, CODING, "@Codecite gout")
        http.wait(lambda: http.sandbox.workspace.in_thread(CODING, posted.ts))
        assert envelope.latency is not None
        assert len(envelope.sent) == 1
