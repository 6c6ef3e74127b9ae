"""The status line: shown beside the work, taken back when it comes too late, never in the way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from slack_sdk.errors import SlackClientError

from bot.slack.status import Status
from bot.slack.wording import STATUS


class Line:
    """Stands for Bolt's `set_status`: remembers what it was told, waits when asked to."""

    def __init__(self, *, wait: Event | None = None, error: Exception | None = None) -> None:
        self.told: list[str] = []
        self.called = Event()
        self._wait = wait
        self._error = error

    def __call__(self, status: str, loading_messages: list[str] | None = None) -> None:
        self.called.set()
        if self._wait is not None:
            assert self._wait.wait(10)
        if self._error is not None:
            raise self._error
        self.told.append(status)


def test_it_is_shown_once() -> None:
    line = Line()
    with ThreadPoolExecutor(1) as executor:
        status = Status(line, executor)
        executor.submit(status.finish).result()
    assert line.told == [STATUS]


def test_one_that_arrives_after_the_answer_is_taken_back() -> None:
    arrives = Event()
    line = Line(wait=arrives)
    with ThreadPoolExecutor(1) as executor:
        status = Status(line, executor)
        assert line.called.wait(10)
        status.finish()
        arrives.set()
    assert line.told == [STATUS, ""]


def test_one_that_never_started_is_not_shown() -> None:
    busy, line = Event(), Line()
    with ThreadPoolExecutor(1) as executor:
        executor.submit(busy.wait, 10)
        Status(line, executor).finish()
        busy.set()
    assert line.told == []


@pytest.mark.parametrize(
    "error", [SlackClientError("x"), TimeoutError(), ValueError()], ids=lambda e: type(e).__name__
)
def test_a_failure_is_swallowed(error: Exception) -> None:
    with ThreadPoolExecutor(1) as executor:
        Status(Line(error=error), executor).withdraw()


def test_where_slack_offers_no_status_there_is_none() -> None:
    with ThreadPoolExecutor(1) as executor:
        status = Status(None, executor)
        status.finish()
        status.withdraw()
