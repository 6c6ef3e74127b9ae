"""The steps of a slow answer: task cards or a status while it is made, never its content."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_support import CODING, DANA, DIRECT, Assistant, Scene, scene

from bot.messages import STAGES
from bot.sandbox import validator
from bot.sandbox.server import Sandbox
from bot.sandbox.web_api import Fault
from bot.slack import steps as steps_module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.answer import Answer, Question

    Watch = Callable[[str], None]

PLANTED = "Zebulon Quistgaard has gout"


class Model:
    """A slow answerer: tells its stages, and does at each pause what the test wants."""

    def __init__(self) -> None:
        self.pauses: list[Callable[[], None]] = []

    def __call__(self, assistant: Assistant, question: Question, watch: Watch) -> Answer:
        watch("screen")
        watch("understand")
        watch("policies")  # a stage that means nothing to people
        for stage, pause in zip(("retrieve", "draft"), self.pauses, strict=False):
            pause()
            watch(stage)
        for pause in self.pauses[2:]:
            pause()
        watch("verify")
        return assistant(question)


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def slack(tmp_path, model: Model, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setattr(steps_module, "PATIENCE_SECONDS", 0.0)
    with scene(tmp_path, steps=model) as made:
        yield made


def cards(slack: Scene) -> dict[str, str]:
    """The task cards to be seen now: status by title."""
    return {
        block["title"]: block["status"]
        for posted in slack.sandbox.workspace.from_bot()
        for block in posted.blocks
        if block["type"] == "task_card"
    }


def calls(slack: Scene, method: str) -> list[Any]:
    return slack.sandbox.workspace.calls_of(method)


def shown(stage: str) -> str:
    return STAGES[stage].capitalize()


def answers(slack: Scene, thread: str) -> list[str]:
    return [text for text in slack.replies(CODING, thread) if "E11.22" in text]


def test_steps_are_cards_while_the_answer_is_made(slack: Scene, model: Model) -> None:
    seen: list[dict[str, str]] = []

    def after(stage: str) -> Callable[[], None]:
        def pause() -> None:
            slack.wait(lambda: cards(slack).get(shown(stage)) == "complete", stage)
            seen.append(cards(slack))

        return pause

    model.pauses = [after("understand"), after("retrieve"), after("draft")]
    posted, _ = slack.sandbox.client.say(DANA, CODING, f"@Codecite {PLANTED}")
    slack.wait(lambda: answers(slack, posted.ts), "the answer")
    slack.finish()
    assert seen[0] == {
        "Identifiers removed": "complete",
        "Question understood": "complete",
        "Working on the answer": "in_progress",
    }
    assert shown("draft") in seen[-1]
    assert cards(slack) == {}  # taken away when the answer was out
    (answer,) = slack.sandbox.workspace.in_thread(CODING, posted.ts)
    assert "N18.31" in answer.text
    order = [c.method for c in slack.sandbox.workspace.calls if c.method.startswith("chat.")]
    assert order[0] == "chat.startStream"
    assert order[-3:] == ["chat.postMessage", "chat.stopStream", "chat.delete"]


def test_what_streams_names_stages_and_nothing_else(
    slack: Scene, model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    model.pauses = [lambda: slack.wait(lambda: cards(slack), "the cards")]
    posted, _ = slack.sandbox.client.say(DANA, CODING, f"@Codecite {PLANTED}")
    slack.wait(lambda: answers(slack, posted.ts), "the answer")
    slack.finish()
    streamed = [c for c in slack.sandbox.workspace.calls if c.method.endswith("Stream")]
    text = json.dumps([call.arguments for call in streamed])
    for word in ("Zebulon", "Quistgaard", "gout", "E11.22", "N18.31", "diabetes"):
        assert word not in text
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert "Zebulon" not in logged


@pytest.mark.parametrize(
    "error", ["unknown_method", "missing_scope", "channel_type_not_supported", "internal_error"]
)
def test_where_slack_does_not_stream_the_status_says_it(
    slack: Scene, model: Model, error: str
) -> None:
    slack.sandbox.api.fail_next("chat.startStream", Fault(error=error))
    status = slack.sandbox.workspace.statuses

    def pause() -> None:
        slack.wait(lambda: f"{STAGES['understand']}…" in status.values(), "the status")

    model.pauses = [pause]
    posted, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite gout")
    slack.wait(lambda: answers(slack, posted.ts), "the answer")
    slack.finish()
    assert cards(slack) == {}
    assert len(slack.sandbox.workspace.in_thread(CODING, posted.ts)) == 1
    assert status == {}


def test_an_expired_stream_costs_nothing(slack: Scene, model: Model) -> None:
    status = slack.sandbox.workspace.statuses

    def expire() -> None:
        slack.wait(lambda: cards(slack), "the cards")
        slack.sandbox.api.streams.expire()

    def on_the_status_line() -> None:
        slack.wait(lambda: f"{STAGES['retrieve']}…" in status.values(), "the status")

    model.pauses = [expire, on_the_status_line]
    posted, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite gout")
    slack.wait(lambda: answers(slack, posted.ts), "the answer")
    slack.finish()
    errors = [c.error for c in calls(slack, "chat.appendStream")]
    assert "message_not_in_streaming_state" in errors
    assert len(slack.sandbox.workspace.in_thread(CODING, posted.ts)) == 1
    assert status == {}


@pytest.mark.parametrize("method", ["chat.startStream", "chat.stopStream", "chat.delete"])
def test_a_failing_call_never_costs_the_answer(slack: Scene, model: Model, method: str) -> None:
    slack.sandbox.api.fail_next(method, Fault(error="fatal_error"))
    tried = [lambda: slack.wait(lambda: calls(slack, "chat.startStream"), "the attempt")]
    model.pauses = tried
    posted, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite gout")
    slack.wait(lambda: answers(slack, posted.ts), "the answer")
    slack.finish()
    assert len(answers(slack, posted.ts)) == 1


def test_a_slow_stream_does_not_hold_the_answer_up(slack: Scene, model: Model) -> None:
    slack.sandbox.api.slowness["chat.startStream"] = 1.5
    posted, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite gout")
    slack.wait(lambda: answers(slack, posted.ts), "the answer")
    assert calls(slack, "chat.startStream") == []  # not answered yet: the answer came first
    slack.finish()
    assert len(slack.sandbox.workspace.in_thread(CODING, posted.ts)) == 1


def test_a_failed_answer_leaves_no_steps(slack: Scene, model: Model) -> None:
    def fail() -> None:
        slack.wait(lambda: cards(slack), "the cards")
        raise RuntimeError(PLANTED)

    model.pauses = [fail]
    posted, _ = slack.sandbox.client.say(DANA, CODING, f"@Codecite {PLANTED}")
    slack.wait(lambda: any("error id" in t for t in slack.replies(CODING, posted.ts)), "a word")
    slack.finish()
    assert cards(slack) == {}


def test_a_direct_message_has_its_status(slack: Scene, model: Model) -> None:
    """A stream is a reply, and answers at the top of a direct message open no thread."""
    status = slack.sandbox.workspace.statuses

    def pause() -> None:
        slack.wait(lambda: f"{STAGES['understand']}…" in status.values(), "the status")

    model.pauses = [pause]
    slack.sandbox.client.say(DANA, DIRECT, "gout")
    slack.wait(lambda: slack.replies(DIRECT), "the answer")
    slack.finish()
    assert calls(slack, "chat.startStream") == []
    assert status == {}


def test_an_answer_at_once_shows_no_steps(tmp_path) -> None:
    with scene(tmp_path, steps=Model()) as slack:
        posted, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite gout")
        slack.wait(lambda: answers(slack, posted.ts), "the answer")
        slack.finish()
        assert calls(slack, "chat.startStream") == []


def test_without_a_model_nothing_streams(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps_module, "PATIENCE_SECONDS", 0.0)
    with scene(tmp_path) as slack:
        posted, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite gout")
        slack.wait(lambda: answers(slack, posted.ts), "the answer")
        slack.finish()
        assert calls(slack, "chat.startStream") == []
        assert len(slack.sandbox.workspace.in_thread(CODING, posted.ts)) == 1


# -- the sandbox holds streams to Slack's rules --------------------------------------------------


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def refused(call: Callable[[], Any]) -> str:
    with pytest.raises(SlackApiError) as caught:
        call()
    return str(caught.value.response["error"])


def test_the_sandbox_streams_as_slack_does(sandbox: Sandbox) -> None:
    web = WebClient(sandbox.workspace.bot_token, base_url=sandbox.api_url)
    asked = sandbox.workspace.post(CODING, DANA, "asked")
    where = {"channel": CODING, "thread_ts": asked.ts}
    recipient = {"recipient_team_id": "T0SANDBOX", "recipient_user_id": DANA}
    assert refused(lambda: web.chat_startStream(**where)) == "missing_recipient_team_id"
    task = {"type": "task_update", "id": "a", "title": "A", "status": "in_progress"}
    wrong = task | {"status": "done"}
    assert refused(lambda: web.chat_startStream(**where, **recipient, chunks=[wrong])) == (
        "invalid_chunks"
    )
    ts = web.chat_startStream(**where, **recipient, chunks=[task])["ts"]
    grow = {"channel": CODING, "ts": ts}
    assert refused(lambda: web.chat_appendStream(**grow, markdown_text="x" * 12_001)) == (
        "msg_too_long"
    )
    web.chat_appendStream(**grow, chunks=[task | {"status": "complete"}], markdown_text="Done.")
    web.chat_stopStream(**grow, blocks=[{"type": "divider"}])
    kinds = [b["type"] for b in sandbox.workspace.message(CODING, ts).blocks]
    assert kinds == ["task_card", "markdown", "divider"]
    assert sandbox.workspace.message(CODING, ts).blocks[0]["status"] == "complete"
    for method in (web.chat_appendStream, web.chat_stopStream):
        error = refused(lambda: method(**grow, markdown_text="more"))  # noqa: B023  # at once
        assert error == "message_not_in_streaming_state"


@pytest.mark.parametrize(
    ("chunk", "problem"),
    [
        ({"type": "task_update", "id": "a", "title": "A", "status": "complete"}, ""),
        ({"type": "task_update", "id": "a", "title": "", "status": "complete"}, "title: required"),
        ({"type": "task_update", "id": "a", "title": "A", "status": "done"}, "status: pending"),
        (
            {"type": "task_update", "id": "a", "title": "A", "status": "error",
             "details": "x" * 257},
            "details: 257 characters, at most 256",
        ),
        ({"type": "markdown_text", "text": "x" * 12_001}, "at most 12000"),
        ({"type": "plan_update", "title": "Plan"}, ""),
        ({"type": "blocks", "blocks": [{"type": "header"}]}, "text object is required"),
        ({"type": "surprise"}, "unsupported chunk"),
    ],
)  # fmt: skip
def test_chunks_are_held_to_slacks_limits(chunk: dict[str, Any], problem: str) -> None:
    found = validator.chunk_problems([chunk])
    assert (found == []) is (problem == "")
    assert problem in "".join(found)
