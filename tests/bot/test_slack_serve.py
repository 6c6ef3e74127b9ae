"""`codecite serve`: refused in one line, connected to SLACK_API_URL, stopped in order."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr
from slack_support import CODING, DANA, NOON, Assistant, settings_for

import bot.slack
from bot.config import Settings
from bot.errors import ConfigurationError
from bot.journal import Journal
from bot.sandbox.server import Sandbox
from bot.sandbox.web_api import METHOD_SCOPES as SANDBOX_SCOPES
from bot.slack import listeners
from bot.slack.app import build_app
from bot.slack.errors import MissingTokenError, SlackDoorError, SlackRefusedError
from bot.slack.manifest import (
    EVENT_SCOPES,
    EVENTS,
    METHOD_SCOPES,
    OPTIONAL_SCOPES,
    SCOPES,
    manifest,
)
from bot.slack.serve import serve
from bot.slack.wording import SUGGESTED_PROMPTS

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    with Journal(tmp_path / "journal.sqlite") as journal:
        yield Assistant(journal)


@pytest.mark.parametrize(
    ("tokens", "named"),
    [
        ({}, "CODECITE_SLACK_BOT_TOKEN and CODECITE_SLACK_APP_TOKEN are not set"),
        ({"slack_bot_token": "xoxb-1"}, "CODECITE_SLACK_APP_TOKEN is not set"),
        ({"slack_app_token": "xapp-1"}, "CODECITE_SLACK_BOT_TOKEN is not set"),
        ({"slack_bot_token": "", "slack_app_token": "xapp-1"}, "CODECITE_SLACK_BOT_TOKEN is not"),
    ],
)
def test_missing_tokens_are_named(tmp_path, assistant, tokens, named) -> None:
    settings = Settings(home=tmp_path, **{k: SecretStr(v) for k, v in tokens.items()})
    with pytest.raises(MissingTokenError) as caught:
        serve(settings, assistant, assistant.journal)
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_app_without_a_token_is_not_built(tmp_path, assistant) -> None:
    with pytest.raises(MissingTokenError):
        build_app(Settings(home=tmp_path), assistant, assistant.journal, lambda: NOON)


def test_an_unknown_mode_is_refused(sandbox, assistant, tmp_path) -> None:
    with pytest.raises(ConfigurationError, match="--mode carrier-pigeon"):
        serve(settings_for(sandbox, tmp_path), assistant, assistant.journal, "carrier-pigeon")


@pytest.mark.parametrize(
    ("wrong", "method"),
    [("slack_bot_token", "auth.test"), ("slack_app_token", "apps.connections.open")],
)
def test_a_refused_token_is_one_line(
    sandbox, assistant, tmp_path, monkeypatch, wrong, method
) -> None:
    monkeypatch.setenv("SLACK_API_URL", sandbox.api_url)
    settings = settings_for(sandbox, tmp_path).model_copy(update={wrong: SecretStr("xoxb-no")})
    with pytest.raises(SlackRefusedError) as caught:
        serve(settings, assistant, assistant.journal)
    assert method in str(caught.value)
    assert "invalid_auth" in str(caught.value)
    assert "xoxb-no" not in str(caught.value)


def test_an_unreachable_slack_is_one_line(assistant, sandbox, tmp_path, monkeypatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    monkeypatch.setenv("SLACK_API_URL", f"http://127.0.0.1:{port}/api/")
    with pytest.raises(SlackDoorError, match="cannot be reached"):
        serve(settings_for(sandbox, tmp_path), assistant, assistant.journal)


def test_it_serves_until_told_to_stop(sandbox, assistant, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SLACK_API_URL", sandbox.api_url.rstrip("/"))
    stop = Event()
    running = Thread(
        target=serve,
        args=(settings_for(sandbox, tmp_path), assistant, assistant.journal),
        kwargs={"stop": stop},
    )
    running.start()
    _posted, _ = sandbox.client.say(DANA, CODING, "@Codecite gout")
    assert sandbox.workspace.wait_until(lambda: bool(sandbox.workspace.from_bot()), 20)
    stop.set()
    running.join(15)
    assert not running.is_alive()
    assert sandbox.workspace.wait_until(lambda: sandbox.hub.connections == 0)


PROGRAM = """
import sys, time
from pathlib import Path
from bot.config import Settings
from bot.journal import Journal
from bot.slack.serve import serve
from slack_support import Assistant, answered

def slow(question):
    time.sleep(0.5)
    return answered(question)

home = Path(sys.argv[1])
with Journal(home / "journal.sqlite") as journal:
    serve(Settings(home=home), Assistant(journal, slow), journal)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["term", "int"])
def test_a_signal_stops_the_process_after_the_running_answer(sandbox, tmp_path, number) -> None:
    here = Path(__file__).parent
    workspace = sandbox.workspace
    environment = os.environ | {
        "CODECITE_SLACK_BOT_TOKEN": workspace.bot_token,
        "CODECITE_SLACK_APP_TOKEN": workspace.app_token,
        "SLACK_API_URL": sandbox.api_url,
        "PYTHONPATH": os.pathsep.join([str(here), str(here.parents[1])]),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert workspace.wait_until(lambda: sandbox.hub.connections == 1, 60)
        posted, (envelope,) = sandbox.client.say(DANA, CODING, "@Codecite the last question")
        assert workspace.wait_until(lambda: envelope.acknowledged is not None, 10)
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, errors
    assert len(workspace.in_thread(CODING, posted.ts)) == 1
    assert re.search(r"connected to Slack.*\n.*finishing", errors)


def test_the_manifest_has_a_scope_for_every_call_and_no_other() -> None:
    """Every Web API method in the source is in METHOD_SCOPES, and its scope is asked for."""
    source = "\n".join(path.read_text() for path in Path(bot.slack.__file__).parent.rglob("*.py"))
    called = set(re.findall(r"client\.((?:chat|views|users|usergroups|conversations)_\w+)", source))
    # The SDK's helper starts, grows and stops a stream.
    called = called - {"chat_stream"} | {"chat_startStream", "chat_appendStream", "chat_stopStream"}
    known = {re.sub(r"[.]", "_", method) for method in METHOD_SCOPES}
    snake = {re.sub(r"(?<=[a-z])([A-Z])", lambda m: "_" + m.group().lower(), m) for m in known}
    bare = {name.replace("_", "").lower() for name in snake}
    assert {name.replace("_", "").lower() for name in called} <= bare
    needed = {s for s in (*METHOD_SCOPES.values(), *EVENT_SCOPES.values()) if s}
    asked = {*SCOPES, *OPTIONAL_SCOPES}
    # Besides: the command itself, files of a message, and private channels' own name for a scope.
    assert asked - needed == {"commands", "files:read", "groups:read"}
    assert needed <= asked


def test_the_sandbox_needs_the_same_scopes() -> None:
    for method, scope in METHOD_SCOPES.items():
        if scope and method in SANDBOX_SCOPES:
            assert scope in SANDBOX_SCOPES[method], method


def run_cli(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CODECITE_SLACK")}
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", "slack", *arguments],
        capture_output=True, text=True, check=False, env=environment | variables,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip


def test_the_manifest_is_printed(tmp_path) -> None:
    printed = run_cli("manifest", "--mode", "http", "--url", "https://codes.test", "--oauth")
    document = json.loads(printed.stdout)
    assert document["settings"]["event_subscriptions"]["request_url"].endswith("/slack/events")
    assert document["oauth_config"]["redirect_urls"] == ["https://codes.test/slack/oauth_redirect"]
    wrong = run_cli("manifest", "--mode", "http")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "--url" in wrong.stderr


def test_the_check_asks_slack(sandbox, tmp_path) -> None:
    variables = {
        "CODECITE_SLACK_BOT_TOKEN": sandbox.workspace.bot_token,
        "SLACK_API_URL": sandbox.api_url,
        "CODECITE_HOME": str(tmp_path),
    }
    good = json.loads(run_cli("check", "--json", **variables).stdout)
    assert good["ok"]
    assert {c["name"]: c["state"] for c in good["checks"]} == {
        "token": "codecite in Sandbox", "scopes": "all there", "blocks": "well-formed",
    }  # fmt: skip
    methods = [call.method for call in sandbox.workspace.calls]
    assert methods == ["auth.test", "blocks.validate"]
    sandbox.workspace.scopes -= {"chat:write", "files:read"}
    poor = run_cli("check", **variables)
    assert poor.returncode == 1
    assert "PROBLEM scopes: missing chat:write" in poor.stdout
    assert "without files:read" in poor.stdout
    refused = run_cli("check", **variables | {"CODECITE_SLACK_BOT_TOKEN": "xoxb-no"})
    assert "invalid_auth" in refused.stdout
    assert "CODECITE_SLACK_BOT_TOKEN" in run_cli("check").stderr


def test_the_manifest_asks_for_what_the_listeners_use() -> None:
    made = manifest()
    listened = set()
    for path in Path(listeners.__file__).parent.glob("*.py"):
        listened |= set(re.findall(r'app\.event\("(\w+)"\)', path.read_text()))
    assert {event.split(".")[0] for event in EVENTS} == listened
    assert made["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert made["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)
    assert "agent_view" in made["features"]
    assert "assistant_view" not in made["features"]
    assert [c["command"] for c in made["features"]["slash_commands"]] == ["/code"]
    assert len(SUGGESTED_PROMPTS) == 4
    assert manifest(socket_mode=False)["settings"]["socket_mode_enabled"] is False
