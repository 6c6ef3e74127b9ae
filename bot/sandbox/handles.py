"""What Slack hands out for a while: triggers that open one modal, and `response_url`s."""

from __future__ import annotations

import secrets
from threading import Lock
from typing import TYPE_CHECKING

from bot.sandbox.errors import SlackError
from bot.sandbox.records import ResponseUrl, Trigger

if TYPE_CHECKING:
    from collections.abc import Callable

RESPONSE_USES = 5
RESPONSE_SECONDS = 30 * 60
TRIGGER_SECONDS = 3.0


class Handles:
    """The triggers and response urls of one workspace. Safe to share between threads."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._responses: dict[str, ResponseUrl] = {}
        self._triggers: dict[str, Trigger] = {}

    def open_trigger(self, person: str) -> str:
        """A new trigger id for an interaction of a person's."""
        trigger = f"{secrets.randbelow(10**9)}.{secrets.token_hex(12)}"
        with self._lock:
            self._triggers[trigger] = Trigger(person, self._clock())
        return trigger

    def use_trigger(self, trigger_id: str) -> str:
        """The person a modal may be opened for. Raises SlackError as Slack does."""
        with self._lock:
            trigger = self._triggers.get(trigger_id)
            if trigger is None:
                raise SlackError("invalid_trigger_id")
            if trigger.used:
                raise SlackError("exchanged_trigger_id")
            if self._clock() - trigger.opened > TRIGGER_SECONDS:
                raise SlackError("expired_trigger_id")
            trigger.used = True
            return trigger.person

    def open_response(
        self, channel: str, user: str, message_ts: str = "", thread_ts: str = ""
    ) -> str:
        """A new `response_url` id for an interaction."""
        response = ResponseUrl(
            secrets.token_urlsafe(16), channel, user, message_ts, thread_ts, self._clock()
        )
        with self._lock:
            self._responses[response.id] = response
        return response.id

    def has_response(self, response_id: str) -> bool:
        """Whether a `response_url` is of this workspace."""
        with self._lock:
            return response_id in self._responses

    def use_response(self, response_id: str) -> ResponseUrl:
        """Count one use. Raises SlackError `used_url` or `expired_url`."""
        with self._lock:
            response = self._responses.get(response_id)
            if response is None:
                raise SlackError("no_such_url")
            if self._clock() - response.opened > RESPONSE_SECONDS:
                raise SlackError("expired_url")
            if response.uses >= RESPONSE_USES:
                raise SlackError("used_url")
            response.uses += 1
            return response
