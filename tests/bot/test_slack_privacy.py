"""Nothing a person wrote reaches a log, a button, a status, a view or an error."""

from __future__ import annotations

import json
import logging
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from slack_support import (
    CODING,
    DANA,
    DIRECT,
    MORGAN,
    NOON,
    Scene,
    answered,
    scene,
    suggestion,
)

from bot.answer import Quote
from bot.journal.door import DoorStore
from bot.sandbox.web_api import Fault
from bot.slack import names
from bot.slack.logs import describe, pin_loggers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.answer import Answer, Question
    from bot.sandbox.records import Posted

PLANTED = "Zebulon Quistgaard MRN 4471882"


@pytest.fixture
def loud(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Every logger of the process as talkative as it can be made before the app starts."""
    names = [
        name
        for name in logging.root.manager.loggerDict
        if name.split(".")[0] in ("slack_bolt", "slack_sdk", "codecite", "uvicorn", "websockets")
    ]
    caplog.set_level(logging.DEBUG)
    for name in ("slack_bolt", "slack_sdk", "codecite", *names):
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield caplog
    logging.getLogger("codecite").setLevel(logging.NOTSET)
    pin_loggers()


def everything_logged(caplog: pytest.LogCaptureFixture) -> str:
    formatter = logging.Formatter("%(name)s %(message)s")
    return "\n".join(formatter.format(record) for record in caplog.records)


def exercise(slack: Scene) -> None:
    """Every way in, and every way to fail, with the planted words in each text."""

    def fail(question: Question) -> Answer:
        try:
            raise KeyError(question.text)
        except KeyError as error:
            raise ValueError(f"cannot code {question.text}") from error

    good, _ = slack.sandbox.client.say(DANA, CODING, f"@Codecite {PLANTED} has gout")
    slack.wait(lambda: slack.replies(CODING, good.ts), "an answer")
    slack.sandbox.api.fail_next("chat.postMessage", Fault(error="invalid_blocks"))
    slack.sandbox.client.say(DANA, DIRECT, f"{PLANTED} with refused blocks")
    slack.wait(lambda: slack.replies(DIRECT), "words without blocks")
    slack.sandbox.api.fail_next("chat.postMessage", Fault(error="is_archived"))
    slack.sandbox.api.fail_next("chat.postMessage", Fault(error="is_archived"))
    _lost, (envelope,) = slack.sandbox.client.say(DANA, CODING, f"@Codecite {PLANTED} lost")
    slack.wait(lambda: envelope.acknowledged, "the acknowledgement")
    slack.wait(
        lambda: [c.error for c in slack.sandbox.workspace.calls].count("is_archived") == 2,
        "both refusals",
    )
    slack.assistant.script = fail
    bad, _ = slack.sandbox.client.say(DANA, CODING, f"@Codecite {PLANTED} has asthma")
    slack.wait(lambda: slack.replies(CODING, bad.ts), "the failure sentence")
    slack.sandbox.client.command(DANA, CODING, "/code", f"{PLANTED} has angina")
    slack.wait(
        lambda: [m for m in slack.sandbox.workspace.from_bot(CODING) if m.visible_to],
        "the private failure sentence",
    )
    slack.sandbox.client.command(DANA, CODING, "/unknown", PLANTED)
    slack.sandbox.client.deliver({"type": "star_added", "user": DANA, "text": PLANTED})
    slack.finish()


def test_no_log_line_holds_what_was_written(tmp_path: Path, loud: pytest.LogCaptureFixture) -> None:
    with scene(tmp_path) as slack:
        exercise(slack)
    logged = everything_logged(loud)
    assert "error" in logged  # the failures were logged at all
    for word in (*PLANTED.split(), "cannot code", "has asthma", "gout"):
        assert word not in logged


def test_a_failure_is_a_sentence_with_the_id_that_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with scene(tmp_path) as slack:

        def fail(question: Question) -> Answer:
            raise ZeroDivisionError(question.text)

        slack.assistant.script = fail
        posted, _ = slack.sandbox.client.say(DANA, CODING, f"@Codecite {PLANTED}")
        slack.wait(lambda: slack.replies(CODING, posted.ts), "the sentence")
        slack.finish()
        (sentence,) = slack.replies(CODING, posted.ts)
    assert PLANTED not in sentence
    assert "ZeroDivisionError" not in sentence
    error_id = sentence.rstrip(".").split()[-1]
    assert len(error_id) == 8
    (line,) = [r.getMessage() for r in caplog.records if error_id in r.getMessage()]
    assert "ZeroDivisionError at" in line
    assert "in fail" in line or " fail" in line


def test_values_statuses_and_views_hold_no_words_of_the_note(tmp_path: Path) -> None:
    with scene(tmp_path) as slack:
        slack.assistant.script = answered
        slack.sandbox.client.open_app(DANA, "home")
        slack.sandbox.client.open_app(DANA, "messages")
        exercise(slack)
        workspace = slack.sandbox.workspace
        buttons = [
            {k: v for k, v in element.items() if k != "text"}
            for posted in workspace.from_bot()
            for block in posted.blocks
            if block["type"] in ("actions", "context_actions")
            for element in block["elements"]
        ]
        outside = json.dumps(
            [
                buttons,
                [c.arguments for c in workspace.calls if not c.method.startswith(("chat", "resp"))],
                [c.arguments.get("metadata") for c in workspace.calls],
                workspace.homes,
            ]
        )
    for word in PLANTED.split():
        assert word not in outside


def test_forms_home_metrics_and_notes_hold_no_words_of_the_note(
    tmp_path: Path, loud: pytest.LogCaptureFixture
) -> None:
    """The planted words go through every form; only messages and the journal have them."""
    with scene(tmp_path) as slack:
        workspace, client = slack.sandbox.workspace, slack.sandbox.client
        quote = f"{PLANTED} has gout"

        def quoting(question: Question) -> Answer:
            made = suggestion(evidence=(Quote(quote, 0, len(quote)),), rationale=quote)
            return answered(question, suggestions=(made,), headline=quote)

        slack.assistant.script = quoting
        posted, _ = client.say(DANA, CODING, f"@Codecite {quote}")
        slack.wait(lambda: slack.replies(CODING, posted.ts), "an answer")
        notes = DoorStore(slack.journal)
        slack.wait(lambda: not notes.open_turns(), "settled")
        (answer,) = workspace.in_thread(CODING, posted.ts)
        seen: list[dict[str, Any]] = []
        for action, entered in (
            (names.EDIT, {"comment": PLANTED}),
            (names.ASK_LEAD, {"comment": PLANTED}),
            (names.REJECT, {"reason": "other", "comment": PLANTED}),
        ):
            shown = workspace.message(CODING, answer.ts)
            if names.REOPEN in json.dumps(shown.blocks):
                client.press(DANA, CODING, answer.ts, names.REOPEN)
                slack.wait(
                    lambda: names.REJECT in json.dumps(workspace.message(CODING, answer.ts).blocks),
                    "the buttons",
                )
            slack.wait(lambda: not workspace.views.get(DANA), "the form before closed")
            client.press(DANA, CODING, answer.ts, action)
            slack.wait(lambda: workspace.views.get(DANA), "the form")
            seen.append(workspace.top_view(DANA))
            count = len(notes.events_since(NOON))
            client.submit(DANA, entered)
            slack.wait(lambda: len(notes.events_since(NOON)) > count, "the event")  # noqa: B023  # at once
        client.press(DANA, CODING, answer.ts, names.OPEN_SOURCE, f"{exchange(answer)}:1")
        slack.wait(lambda: workspace.views.get(DANA), "the passage")
        seen.append(workspace.top_view(DANA))
        for person in (DANA, MORGAN):
            client.open_app(person, "home")
            slack.wait(lambda: person in workspace.homes, "home")  # noqa: B023  # at once
        client.press_home(DANA, names.HOME_OPEN)
        slack.wait(lambda: workspace.top_view(DANA)["title"]["text"] == "Answer", "the entry")
        seen.append(workspace.top_view(DANA))
        client.press_home(MORGAN, names.REVIEW_OPEN)
        slack.wait(lambda: workspace.views.get(MORGAN), "the review form")
        seen.append(workspace.top_view(MORGAN))
        client.submit(MORGAN, {"verdict0": "unsupported", "comment": PLANTED})
        slack.wait(lambda: not workspace.views[MORGAN], "the review")
        receipts = workspace.direct_with(MORGAN).id
        slack.wait(
            lambda: "on record" in [m.text for m in workspace.from_bot(receipts)][-1], "the receipt"
        )
        seen.append({"receipt": workspace.from_bot(receipts)[-1].text})
        slack.finish()
        metrics = slack.connections[0]._app.metrics.text().decode()
        buttons = [
            {k: v for k, v in element.items() if k != "text"}
            for message in workspace.from_bot()
            for block in message.blocks
            if block["type"] in ("actions", "context_actions")
            for element in block["elements"]
        ]
        turns = [repr(turn) for turn in notes.turns_of("T0SANDBOX", DANA)]
        outside = json.dumps([seen, workspace.homes, metrics, buttons, turns])
    for word in ("Zebulon", "Quistgaard", "4471882", "has gout"):
        assert word not in outside
        assert word not in everything_logged(loud)
    raw = sqlite3.connect(tmp_path / "journal.sqlite")
    kept = json.dumps(raw.execute("SELECT details FROM door_events").fetchall())
    kept += json.dumps(raw.execute("SELECT document FROM review_events").fetchall())
    assert "unsupported" in kept
    raw.close()
    assert "4471882" not in kept  # what looks like an identifier is gone from comments


def exchange(answer: Posted) -> str:
    found = [str(block.get("block_id") or "") for block in answer.blocks]
    return next(id_.split(":")[1] for id_ in found if id_.startswith("sources:"))


def test_the_sdks_loggers_stay_quiet_under_a_talkative_root(tmp_path: Path, loud) -> None:
    with scene(tmp_path):
        for name in ("slack_bolt", "slack_sdk", "slack_bolt.App", "slack_sdk.web.base_client"):
            assert logging.getLogger(name).getEffectiveLevel() >= logging.WARNING
        for name in list(logging.root.manager.loggerDict):
            if name.startswith(("slack_bolt.", "slack_sdk.")):
                assert logging.getLogger(name).getEffectiveLevel() >= logging.WARNING, name


def test_an_error_is_described_without_its_message() -> None:
    def raise_chain() -> None:
        try:
            raise KeyError(PLANTED)
        except KeyError as error:
            raise RuntimeError(PLANTED) from error

    with pytest.raises(RuntimeError) as caught:
        raise_chain()
    described = describe(caught.value)
    assert described.startswith("RuntimeError at ")
    assert "after KeyError at " in described
    assert "raise_chain" in described
    assert "Zebulon" not in described
