"""The line "is looking it up…" under a question: best effort, beside the work, never in its way."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.slack import wording
from bot.slack.logs import describe, log

if TYPE_CHECKING:
    from concurrent.futures import Executor

SetStatus: TypeAlias = Callable[..., Any]


class Status:
    """One status, shown from ``begin`` until the answer is posted (Slack clears it on a post).

    Slack shows the steps of the work (``wording.WHILE_WORKING``) one after the other by itself. The
    call runs on ``executor`` so that a slow or failing status cannot delay the answer. A status
    that Slack accepts only after the answer is out would stay for minutes, so it is taken back.
    """

    def __init__(self, set_status: SetStatus | None, executor: Executor) -> None:
        self._set_status = set_status
        self._finished = Event()
        if set_status is not None:
            executor.submit(self._show, set_status)

    def _show(self, set_status: SetStatus) -> None:
        steps = list(wording.WHILE_WORKING)
        if self._finished.is_set() or not _quietly(set_status, wording.STATUS, steps):
            return
        if self._finished.is_set():
            _quietly(set_status, "")

    def say(self, text: str) -> None:
        """Say where the work is, in place of what the line said; nothing once it is finished."""
        if self._set_status is None or self._finished.is_set():
            return
        if _quietly(self._set_status, text) and self._finished.is_set():
            _quietly(self._set_status, "")

    def finish(self) -> None:
        """The answer is posted, or will never be."""
        self._finished.set()

    def withdraw(self) -> None:
        """Nothing will be posted into the thread: take the status back."""
        self.finish()
        if self._set_status is not None:
            _quietly(self._set_status, "")


def _quietly(set_status: SetStatus, text: str, steps: list[str] | None = None) -> bool:
    try:
        if steps:
            set_status(text, loading_messages=steps)
        else:
            set_status(text)
    except Exception as error:  # noqa: BLE001  # a status must never cost the answer
        log.info("status not shown: %s", describe(error))
        return False
    return True
