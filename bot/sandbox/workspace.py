"""The state of a workspace on loopback, and the rules of Slack that state alone decides.

Knows nothing of HTTP or WebSockets: `web_api` and `socket_mode` carry requests and events to and
from it. Every method may be called from any thread; ``changed`` runs after each change.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from threading import Condition, RLock
from time import time
from typing import TYPE_CHECKING, Any

from bot.sandbox.records import Bot, Call, Channel, Person, Posted, ResponseUrl

if TYPE_CHECKING:
    from collections.abc import Callable

DANA = Person("U0DANA", "dana", "Dana Okafor", "Coder")
MORGAN = Person("U0MORGAN", "morgan", "Morgan Lee", "Coding lead")
CODING = Channel("C0CODING", "coding", (DANA.id, MORGAN.id, Bot().user_id))
RESPONSE_USES = 5
RESPONSE_SECONDS = 30 * 60


class SlackError(Exception):
    """Slack's answer to a call it does not accept: a short code, with details for blocks."""

    def __init__(self, code: str, messages: tuple[str, ...] = ()) -> None:
        self.code = code
        self.messages = messages
        super().__init__(code)


class Workspace:
    """One workspace with two people, a channel, and a direct message of each with the bot."""

    def __init__(self, clock: Callable[[], float] = time) -> None:
        self.team_id = "T0SANDBOX"
        self.team_name = "Sandbox"
        self.bot = Bot()
        self.people = {person.id: person for person in (DANA, MORGAN)}
        self.channels = {CODING.id: CODING}
        for person in self.people.values():
            direct = Channel(
                f"D0{person.name.upper()}", self.bot.name, (person.id, self.bot.user_id), True
            )
            self.channels[direct.id] = direct
        self.bot_token = f"xoxb-sandbox-{secrets.token_hex(12)}"
        self.app_token = f"xapp-sandbox-{secrets.token_hex(12)}"
        self.messages: list[Posted] = []
        self.calls: list[Call] = []
        self.statuses: dict[tuple[str, str], str] = {}
        self.prompts: dict[str, dict[str, Any]] = {}
        self.homes: dict[str, dict[str, Any]] = {}
        self.revision = 0
        self._responses: dict[str, ResponseUrl] = {}
        self._clock = clock
        self._last_ts = 0
        self._listeners: list[Callable[[], None]] = []
        self._lock = RLock()
        self._condition = Condition(self._lock)

    # -- watching ----------------------------------------------------------------------------

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` after every change, from whichever thread made it."""
        self._listeners.append(listener)

    def wait_until(self, holds: Callable[[], bool], seconds: float = 10.0) -> bool:
        """Block until ``holds()`` is true after a change, or the time is up; say which."""
        with self._condition:
            return self._condition.wait_for(holds, seconds)

    def touch(self) -> None:
        """Something changed: count it, wake whoever waits, tell the listeners."""
        with self._condition:
            self.revision += 1
            self._condition.notify_all()
        for listener in self._listeners:
            listener()

    # -- reading -----------------------------------------------------------------------------

    def channel(self, channel_id: str) -> Channel:
        """The conversation. Raises SlackError `channel_not_found`."""
        found = self.channels.get(channel_id)
        if found is None:
            raise SlackError("channel_not_found")
        return found

    def direct_with(self, user: str) -> Channel:
        """The direct message between ``user`` and the bot. Raises SlackError `user_not_found`."""
        for channel in self.channels.values():
            if channel.direct and user in channel.members and user != self.bot.user_id:
                return channel
        raise SlackError("user_not_found")

    def message(self, channel: str, ts: str) -> Posted:
        """One message. Raises SlackError `message_not_found`."""
        with self._lock:
            for posted in self.messages:
                if posted.channel == channel and posted.ts == ts:
                    return posted
        raise SlackError("message_not_found")

    def in_thread(self, channel: str, thread_ts: str) -> list[Posted]:
        """Replies of a thread, without the message that opened it, oldest first."""
        with self._lock:
            return [
                posted
                for posted in self.messages
                if posted.channel == channel and posted.thread_ts == thread_ts
            ]

    def from_bot(self, channel: str = "") -> list[Posted]:
        """What the bot posted, ephemeral messages included, oldest first."""
        with self._lock:
            return [
                posted
                for posted in self.messages
                if posted.bot_id and channel in ("", posted.channel)
            ]

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one Web API method, in order."""
        with self._lock:
            return [call for call in self.calls if call.method == method]

    # -- writing -----------------------------------------------------------------------------

    def record(self, call: Call) -> None:
        """Keep a call in the journal of calls."""
        with self._lock:
            self.calls.append(call)
        self.touch()

    def next_ts(self) -> str:
        """A message timestamp: seconds and microseconds, unique and rising."""
        with self._lock:
            self._last_ts = max(int(self._clock() * 1_000_000), self._last_ts + 1)
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def post(
        self,
        channel: str,
        user: str,
        text: str,
        *,
        blocks: list[dict[str, Any]] | None = None,
        thread_ts: str = "",
        visible_to: str = "",
    ) -> Posted:
        """Add a message of a person or the bot. Raises SlackError for an unknown place."""
        self.channel(channel)
        with self._lock:
            if thread_ts and not any(m.ts == thread_ts for m in self.messages):
                raise SlackError("thread_not_found")
            posted = Posted(
                channel=channel,
                ts=self.next_ts(),
                user=user,
                text=text,
                blocks=blocks or [],
                thread_ts=thread_ts,
                bot_id=self.bot.bot_id if user == self.bot.user_id else "",
                visible_to=visible_to,
                client_msg_id="" if user == self.bot.user_id else secrets.token_hex(8),
            )
            self.messages.append(posted)
            if posted.bot_id and not visible_to:
                # Slack clears a status when the app answers.
                for place in [p for p in self.statuses if p[0] == channel]:
                    if thread_ts in ("", place[1]):
                        del self.statuses[place]
        self.touch()
        return posted

    def update(
        self, channel: str, ts: str, text: str, blocks: list[dict[str, Any]] | None = None
    ) -> Posted:
        """Replace a message's content. Raises SlackError `message_not_found`."""
        posted = self.message(channel, ts)
        with self._lock:
            new = replace(posted, text=text, blocks=blocks or [], edited=True)
            self.messages[self.messages.index(posted)] = new
        self.touch()
        return new

    def delete(self, channel: str, ts: str) -> Posted:
        """Take a message away. Raises SlackError `message_not_found`."""
        posted = self.message(channel, ts)
        with self._lock:
            self.messages.remove(posted)
        self.touch()
        return posted

    def set_status(self, channel: str, thread_ts: str, status: str) -> None:
        """Show ``status`` under a message; an empty one takes it away."""
        self.channel(channel)
        with self._lock:
            if status:
                self.statuses[channel, thread_ts] = status
            else:
                self.statuses.pop((channel, thread_ts), None)
        self.touch()

    def set_prompts(self, channel: str, title: str, prompts: list[dict[str, str]]) -> None:
        """Offer suggested prompts in a direct message."""
        self.channel(channel)
        with self._lock:
            self.prompts[channel] = {"title": title, "prompts": prompts}
        self.touch()

    def publish_home(self, user: str, view: dict[str, Any]) -> None:
        """Replace a person's Home tab. Raises SlackError `user_not_found`."""
        if user not in self.people:
            raise SlackError("user_not_found")
        with self._lock:
            self.homes[user] = view
        self.touch()

    # -- response_url ------------------------------------------------------------------------

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
