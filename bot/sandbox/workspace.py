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

from bot.sandbox.errors import SlackError
from bot.sandbox.handles import Handles
from bot.sandbox.records import (
    Bot,
    Call,
    Channel,
    Person,
    Posted,
    StoredFile,
)

if TYPE_CHECKING:
    from collections.abc import Callable

DANA = Person("U0DANA", "dana", "Dana Okafor", "Coder")
MORGAN = Person("U0MORGAN", "morgan", "Morgan Lee", "Coding lead")
CODING = Channel("C0CODING", "coding", (DANA.id, MORGAN.id, Bot().user_id))


SCOPES = frozenset({
    "app_mentions:read", "assistant:write", "channels:history", "channels:read", "chat:write",
    "commands", "files:read", "groups:history", "groups:read", "im:history", "usergroups:read",
    "users:read",
})  # fmt: skip
MOST_VIEWS = 3


class Workspace:
    """One workspace with people, a channel, and a direct message of each person with the bot.

    ``enterprise_id`` names the organisation it belongs to. ``scopes`` are those the token has.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time,
        *,
        team_id: str = "T0SANDBOX",
        team_name: str = "Sandbox",
        enterprise_id: str = "",
        people: tuple[Person, ...] = (DANA, MORGAN),
        channels: tuple[Channel, ...] = (CODING,),
    ) -> None:
        self.team_id = team_id
        self.team_name = team_name
        self.enterprise_id = enterprise_id
        self.bot = Bot()
        self.people = {person.id: person for person in people}
        self.channels = {channel.id: channel for channel in channels}
        for person in people:
            direct = Channel(
                f"D0{person.name.upper()}", self.bot.name, (person.id, self.bot.user_id), True
            )
            self.channels[direct.id] = direct
        self.scopes = set(SCOPES)
        self.groups: dict[str, tuple[str, ...]] = {}
        self.bot_token = f"xoxb-sandbox-{secrets.token_hex(12)}"
        self.app_token = f"xapp-sandbox-{secrets.token_hex(12)}"
        self.messages: list[Posted] = []
        self.calls: list[Call] = []
        self.statuses: dict[tuple[str, str], str] = {}
        self.steps: dict[tuple[str, str], list[str]] = {}
        self.prompts: dict[str, dict[str, Any]] = {}
        self.homes: dict[str, dict[str, Any]] = {}
        self.views: dict[str, list[dict[str, Any]]] = {}
        self.view_errors: dict[str, dict[str, str]] = {}
        self.files: dict[str, StoredFile] = {}
        self.revision = 0
        self._by_place: dict[tuple[str, str], Posted] = {}
        self.handles = Handles(clock)
        self._clock = clock
        self._last_ts = 0
        self._listeners: list[Callable[[], None]] = []
        self._posted: list[Callable[[Posted], None]] = []
        self._lock = RLock()
        self._condition = Condition(self._lock)

    # -- watching ----------------------------------------------------------------------------

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` after every change, from whichever thread made it."""
        self._listeners.append(listener)

    def on_post(self, listener: Callable[[Posted], None]) -> None:
        """Call ``listener`` with every message the bot posts for all to see."""
        self._posted.append(listener)

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
            found = self._by_place.get((channel, ts))
        if found is None:
            raise SlackError("message_not_found")
        return found

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
        files: list[dict[str, Any]] | None = None,
    ) -> Posted:
        """Add a message of a person or the bot. Raises SlackError for an unknown place."""
        self.channel(channel)
        with self._lock:
            if thread_ts and (channel, thread_ts) not in self._by_place:
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
                files=files or [],
            )
            self.messages.append(posted)
            self._by_place[channel, posted.ts] = posted
            if posted.bot_id and not visible_to:
                # Slack clears a status when the app answers.
                for place in [p for p in self.statuses if p[0] == channel]:
                    if thread_ts in ("", place[1]):
                        del self.statuses[place]
                        self.steps.pop(place, None)
        self.touch()
        if posted.bot_id and not visible_to:
            for listener in self._posted:
                listener(posted)
        return posted

    def update(
        self,
        channel: str,
        ts: str,
        text: str,
        blocks: list[dict[str, Any]] | None = None,
        *,
        edited: bool = True,
    ) -> Posted:
        """Replace a message's content. Raises SlackError `message_not_found`."""
        posted = self.message(channel, ts)
        with self._lock:
            new = replace(posted, text=text, blocks=blocks or [], edited=edited)
            self.messages[self.messages.index(posted)] = new
            self._by_place[channel, ts] = new
        self.touch()
        return new

    def delete(self, channel: str, ts: str) -> Posted:
        """Take a message away. Raises SlackError `message_not_found`."""
        posted = self.message(channel, ts)
        with self._lock:
            self.messages.remove(posted)
            del self._by_place[channel, ts]
        self.touch()
        return posted

    def set_status(
        self, channel: str, thread_ts: str, status: str, steps: list[str] | None = None
    ) -> None:
        """Show ``status`` under a message, with ``steps`` in turn; an empty one takes it away."""
        self.channel(channel)
        with self._lock:
            if status:
                self.statuses[channel, thread_ts] = status
                self.steps[channel, thread_ts] = list(steps or ())
            else:
                self.statuses.pop((channel, thread_ts), None)
                self.steps.pop((channel, thread_ts), None)
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

    # -- people, files and modals --------------------------------------------------------------

    def change_person(self, person: Person) -> None:
        """Replace an account, for example by a deactivated one."""
        with self._lock:
            self.people[person.id] = person
        self.touch()

    def add_file(self, file: StoredFile) -> None:
        """Keep an uploaded file."""
        with self._lock:
            self.files[file.id] = file

    def push_view(self, person: str, view: dict[str, Any], *, root: bool) -> dict[str, Any]:
        """Show a modal, alone or above open ones. Raises SlackError `push_limit_reached`."""
        with self._lock:
            stack = [] if root else self.views.get(person, [])
            if len(stack) >= MOST_VIEWS:
                raise SlackError("push_limit_reached")
            shown = view | {
                "id": f"V{secrets.token_hex(5).upper()}",
                "hash": secrets.token_hex(6),
                "team_id": self.team_id,
                "app_id": self.bot.app_id,
                "bot_id": self.bot.bot_id,
                "state": {"values": {}},
            }
            self.views[person] = [*stack, shown]
            self.view_errors.pop(person, None)
        self.touch()
        return shown

    def replace_view(self, view_id: str, view: dict[str, Any]) -> dict[str, Any]:
        """Change an open modal. Raises SlackError `not_found`."""
        with self._lock:
            for stack in self.views.values():
                for position, shown in enumerate(stack):
                    if shown["id"] == view_id:
                        stack[position] = shown | view
                        break
                else:
                    continue
                break
            else:
                raise SlackError("not_found")
            changed = stack[position]
        self.touch()
        return changed

    def top_view(self, person: str) -> dict[str, Any]:
        """The modal a person sees. Raises SlackError `view_not_found`."""
        with self._lock:
            stack = self.views.get(person)
            if not stack:
                raise SlackError("view_not_found")
            return stack[-1]

    def close_view(self, person: str, *, everything: bool = False) -> None:
        """Take the top modal away, or all of them."""
        with self._lock:
            stack = self.views.get(person, [])
            self.views[person] = [] if everything else stack[:-1]
            self.view_errors.pop(person, None)
        self.touch()

    def reject_view(self, person: str, errors: dict[str, str]) -> None:
        """Show errors at the fields of the modal a person sees."""
        with self._lock:
            self.view_errors[person] = errors
        self.touch()
