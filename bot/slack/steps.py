"""The steps of an answer that takes seconds: task cards while it is made, never its content.

A chat model takes its time; the person sees which stages are over (``bot.messages.STAGES``) and
nothing of the answer, which is posted whole once it is verified. Task cards are a message of their
own in the question's thread, taken away when the answer is out. Where Slack does not stream, or
stops, the same words go into the status line. Nothing here can delay or fail an answer.
"""

from __future__ import annotations

from threading import Event, Lock
from typing import TYPE_CHECKING, Any

from bot.messages import STAGES
from bot.slack import wording
from bot.slack.logs import describe, log

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from slack_sdk import WebClient
    from slack_sdk.web.chat_stream import ChatStream

    from bot.slack.incoming import Incoming
    from bot.slack.status import Status

PATIENCE_SECONDS = 0.6
"""An answer that is out by then (a code looked up, a refusal) shows no steps."""
_WORKING = "working"


class Steps:
    """The steps of one answer. ``ended`` and ``close`` return at once and never raise.

    Everything that goes to Slack goes through ``executor``, one call at a time and in order.
    """

    def __init__(
        self, client: WebClient, incoming: Incoming, status: Status, executor: Executor
    ) -> None:
        self._client = client
        self._incoming = incoming
        self._status = status
        self._executor = executor
        self._lock = Lock()
        self._waiting: list[str] = []
        self._running = False
        self._closed = Event()
        self._begun = False
        self._stream: ChatStream | None = None
        # A stream is a reply: a question at the top of a direct message has only its status.
        self._streams = bool(incoming.thread) and not incoming.private

    def ended(self, stage: str) -> None:
        """A stage of the answer is over; stages that mean nothing to people are left out."""
        if stage in STAGES and not self._closed.is_set():
            with self._lock:
                self._waiting.append(stage)
            self._wake()

    def close(self) -> None:
        """The answer is out, or will never be: take the steps away."""
        self._closed.set()
        if self._stream is not None or self._running:
            self._wake()

    def _wake(self) -> None:
        with self._lock:
            if self._running:
                return
            self._running = True
        try:
            self._executor.submit(self._pump)
        except RuntimeError as error:  # the app is stopping
            log.info("steps not shown: %s", describe(error))

    def _pump(self) -> None:
        """Show what has ended until there is nothing new; then, once closed, take it away."""
        while True:
            if not self._begun:
                self._closed.wait(PATIENCE_SECONDS)
                self._begun = True
            with self._lock:
                stages, self._waiting = self._waiting, []
                over = self._closed.is_set()
                if not stages or over:
                    self._running = False
            if over:
                self._take_away()
                return
            if not stages:
                return
            self._show(stages)

    def _show(self, stages: list[str]) -> None:
        if self._streams:
            try:
                self._append(stages)
            except Exception as error:  # noqa: BLE001  # steps must never cost the answer
                # Not available here, expired (`message_not_in_streaming_state`) or refused.
                log.info("steps not streamed: %s", describe(error))
                self._streams = False
        if not self._streams:
            self._status.say(f"{STAGES[stages[-1]]}…")

    def _append(self, stages: list[str]) -> None:
        if self._stream is None:
            stream = self._client.chat_stream(
                channel=self._incoming.channel,
                thread_ts=self._incoming.thread,
                recipient_team_id=self._incoming.team,
                recipient_user_id=self._incoming.person,
            )
            working = _task(_WORKING, wording.WORKING, "in_progress")
            stream.append(chunks=[*map(_over, stages), working])
            self._stream = stream
        else:
            self._stream.append(chunks=[_over(stage) for stage in stages])

    def _take_away(self) -> None:
        stream, self._stream = self._stream, None
        if stream is None or not stream.ts:
            return
        try:
            stream.stop(chunks=[_task(_WORKING, wording.WORKING, "complete")])
        except Exception as error:  # noqa: BLE001  # it may have expired meanwhile
            log.info("stream not stopped: %s", describe(error))
        try:
            self._client.chat_delete(channel=self._incoming.channel, ts=stream.ts)
        except Exception as error:  # noqa: BLE001  # what stays says nothing but stages
            log.warning("steps not taken away: %s", describe(error))


def _over(stage: str) -> dict[str, Any]:
    return _task(stage, STAGES[stage].capitalize(), "complete")


def _task(id_: str, title: str, status: str) -> dict[str, Any]:
    return {"type": "task_update", "id": id_, "title": title, "status": status}
