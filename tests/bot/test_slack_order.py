"""Lanes and the outbox: order within a conversation, patience with rate limits, nobody starved."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_support import CODING, DANA, DIRECT, MORGAN, scene

from bot.sandbox.server import Sandbox
from bot.sandbox.web_api import Fault
from bot.slack import lanes as lanes_module
from bot.slack.lanes import Lanes
from bot.slack.outbox import Outbox, respond_with
from bot.slack.packing import Message
from bot.turnstile import Turnstile

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as made:
        yield made


def test_a_lane_runs_in_the_order_of_arrival_whoever_submits_first(pool) -> None:
    lanes, done = Lanes(pool), []
    places = [lanes.expect("thread", f"{n}.0") for n in range(5)]
    for place in reversed(places):
        lanes.submit("thread", place, lambda p=place: done.append(p[0]))
    lanes.drain()
    assert done == ["0.0", "1.0", "2.0", "3.0", "4.0"]
    assert lanes.waiting == 0


def test_lanes_do_not_wait_for_each_other(pool) -> None:
    lanes, held, done = Lanes(pool), Event(), Event()
    lanes.submit("slow", lanes.expect("slow", "1"), lambda: held.wait(10))
    lanes.submit("quick", lanes.expect("quick", "1"), done.set)
    assert done.wait(5)
    held.set()
    lanes.drain()


def test_a_place_given_up_and_a_job_that_fails_hold_nobody_up(pool) -> None:
    lanes, done = Lanes(pool), []
    given_up = lanes.expect("thread", "1")
    fails = lanes.expect("thread", "2")
    last = lanes.expect("thread", "3")
    assert lanes.newer_waits("thread", given_up)
    assert not lanes.newer_waits("thread", last)

    def fail() -> None:
        raise ValueError

    lanes.submit("thread", last, lambda: done.append("last"))
    lanes.submit("thread", fails, fail)
    assert done == []
    lanes.drop("thread", given_up)
    lanes.drain()
    assert done == ["last"]


def test_work_that_never_comes_is_passed_over(pool, monkeypatch) -> None:
    monkeypatch.setattr(lanes_module, "EXPECTED_SECONDS", 0.0)
    lanes, done = Lanes(pool), []
    lanes.expect("thread", "1")
    lanes.submit("thread", lanes.expect("thread", "2"), lambda: done.append("second"))
    lanes.drain()
    assert done == ["second"]


def test_a_turnstile_lets_through_in_order() -> None:
    turnstile, order, threads = Turnstile(), [], []
    started = [Event() for _ in range(6)]

    def pass_through(number: int) -> None:
        started[number].set()
        with turnstile.turn():
            order.append(number)

    with turnstile.turn():
        for number in range(6):
            thread = Thread(target=pass_through, args=(number,))
            thread.start()
            threads.append(thread)
            assert started[number].wait(5)
            while len(turnstile._usual) <= number:
                pass
    for thread in threads:
        thread.join(5)
    assert order == list(range(6))
    assert turnstile.idle


def test_rate_limits_are_waited_out_however_often_they_come() -> None:
    waits: list[float] = []
    with Sandbox() as sandbox:
        client = WebClient(sandbox.workspace.bot_token, base_url=sandbox.api_url)
        for _ in range(7):
            sandbox.api.fail_next("chat.postMessage", Fault("ratelimited", 429, retry_after=2))
        Outbox(waits.append).post(client, CODING, Message((), "through"))
        assert waits == [2.0] * 7
        assert [m.text for m in sandbox.workspace.from_bot(CODING)] == ["through"]


def test_a_failing_server_is_given_time_and_then_given_up() -> None:
    waits: list[float] = []
    with Sandbox() as sandbox:
        client = WebClient(sandbox.workspace.bot_token, base_url=sandbox.api_url)
        for _ in range(3):
            sandbox.api.fail_next("chat.postMessage", Fault(status=500))
        Outbox(waits.append).post(client, CODING, Message((), "through"))
        assert waits == [0.5, 1.0, 2.0]
        for _ in range(6):
            sandbox.api.fail_next("chat.postMessage", Fault(status=503))
        with pytest.raises(SlackApiError):
            Outbox(waits.append).post(client, CODING, Message((), "not through"))
        assert [m.text for m in sandbox.workspace.from_bot(CODING)] == ["through"]


def test_what_slack_refuses_for_good_is_raised() -> None:
    with Sandbox() as sandbox:
        client = WebClient(sandbox.workspace.bot_token, base_url=sandbox.api_url)
        with pytest.raises(SlackApiError, match="channel_not_found"):
            Outbox().post(client, "C0NOWHERE", Message((), "x"))
        assert Outbox().update(client, CODING, "1.0", Message((), "x")) is False
        Outbox().delete(client, CODING, "1.0")  # gone already


def test_a_response_url_is_tried_again() -> None:
    class Answer:
        def __init__(self, status: int) -> None:
            self.status_code, self.headers = status, {"Retry-After": "3"}

    answers, waits = iter([429, 500, 200]), []

    def respond(**_arguments: Any) -> Any:
        return Answer(next(answers))

    respond_with(respond, Message((), "x"), wait=waits.append)
    assert waits == [3.0, 3.0]


def test_a_channel_that_takes_few_posts_gets_every_answer_in_order(tmp_path) -> None:
    """A few posts a second a channel, as Slack allows: nothing is lost, threads keep order."""
    with scene(tmp_path) as slack:
        slack.sandbox.api.chat.posts_per_second = 4
        threads = [
            slack.sandbox.client.say(person, place, "@Codecite begin")[0]
            for person, place in ((DANA, CODING), (MORGAN, CODING), (DANA, DIRECT))
        ]
        for number in range(3):
            for opened in threads[:2]:
                slack.sandbox.client.say(DANA, CODING, f"@Codecite number {number}", opened.ts)
        slack.wait(
            lambda: all(len(slack.replies(CODING, opened.ts)) == 4 for opened in threads[:2]),
            "every answer",
        )
        slack.finish()
        limited = [c for c in slack.sandbox.workspace.calls if c.error == "ratelimited"]
        assert limited
        assert len(slack.assistant.asked) == 9
