"""Connections that are refreshed, dropped or stopped lose no question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slack_support import (
    CODING,
    DANA,
    Held,
    scene,
)

if TYPE_CHECKING:
    pass


def test_a_refreshed_connection_loses_nothing(tmp_path) -> None:
    with scene(tmp_path, ack_seconds=0.5) as slack:
        held = slack.assistant.script = Held()
        before, (envelope,) = slack.sandbox.client.say(DANA, CODING, "@Codecite before")
        slack.wait(lambda: envelope.acknowledged, "the acknowledgement")
        slack.sandbox.hub.refresh()
        after, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite after")
        slack.wait(lambda: slack.sandbox.hub.connections == 1, "the new connection")
        held.let_go()
        for posted in (before, after):
            slack.wait(lambda: slack.replies(CODING, posted.ts), "an answer")  # noqa: B023  # at once
        slack.finish()
        assert len(slack.assistant.asked) == 2


def test_a_dropped_connection_is_opened_again(tmp_path) -> None:
    with scene(tmp_path, ack_seconds=0.5) as slack:
        slack.sandbox.hub.drop()
        posted, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite after the drop")
        slack.wait(lambda: slack.replies(CODING, posted.ts), "the answer")


def test_stopping_finishes_the_running_answer(tmp_path) -> None:
    with scene(tmp_path) as slack:
        held = slack.assistant.script = Held()
        posted, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite last words")
        assert held.working.wait(10)
        slack.sandbox.workspace.on_change(
            lambda: held.let_go() if slack.sandbox.hub.connections == 0 else None
        )
        slack.finish()
        assert len(slack.replies(CODING, posted.ts)) == 1
