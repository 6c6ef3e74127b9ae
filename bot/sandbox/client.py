"""What a person does in Slack: each action changes the workspace and sends the app its event."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.sandbox import events
from bot.sandbox.workspace import SlackError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.records import Person, Posted
    from bot.sandbox.socket_mode import Envelope, SocketHub
    from bot.sandbox.workspace import Workspace


class Client:
    """The people's side of the workspace.

    ``hears_channels`` adds the `message.channels` subscription, under which a mention arrives
    twice: as `app_mention` and as `message`.
    """

    def __init__(
        self,
        workspace: Workspace,
        hub: SocketHub,
        response_url: Callable[[str], str],
        *,
        hears_channels: bool = False,
    ) -> None:
        self._workspace = workspace
        self._hub = hub
        self._response_url = response_url
        self.hears_channels = hears_channels

    def say(
        self, person: str, channel: str, text: str, thread_ts: str = ""
    ) -> tuple[Posted, list[Envelope]]:
        """Write a message. ``@Codecite`` in it becomes a mention, as the composer makes it."""
        self._member(person, channel)
        name = re.escape(self._workspace.bot.real_name)
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        mention = f"<@{self._workspace.bot.user_id}>"
        escaped = re.sub(rf"@{name}\b", mention, escaped, flags=re.IGNORECASE)
        posted = self._workspace.post(channel, person, escaped, thread_ts=thread_ts)
        place = self._workspace.channel(channel)
        found: list[dict[str, Any]] = []
        if mention in escaped and not place.direct:
            found.append(events.mention_event(posted))
        if place.direct or self.hears_channels:
            found.append(events.message_event(posted, place))
        return posted, [self.deliver(event) for event in found]

    def edit(self, person: str, channel: str, ts: str, text: str) -> list[Envelope]:
        """Change one's own message."""
        before = replace(self._own(person, channel, ts))
        place = self._workspace.channel(channel)
        after = self._workspace.update(channel, ts, text)
        event = events.changed_event(after, before, place, self._workspace.next_ts())
        return [self.deliver(event)] if place.direct or self.hears_channels else []

    def delete(self, person: str, channel: str, ts: str) -> list[Envelope]:
        """Take one's own message away."""
        self._own(person, channel, ts)
        place = self._workspace.channel(channel)
        before = self._workspace.delete(channel, ts)
        event = events.deleted_event(before, place, self._workspace.next_ts())
        return [self.deliver(event)] if place.direct or self.hears_channels else []

    def command(self, person: str, channel: str, name: str, text: str) -> Envelope:
        """Type a slash command; a text in the acknowledgement is shown to the person alone."""
        who = self._member(person, channel)
        place = self._workspace.channel(channel)
        url = self._response_url(self._workspace.open_response(channel, person))

        def show(response: dict[str, Any]) -> None:
            public = response.get("response_type") == "in_channel"
            self._workspace.post(
                channel,
                self._workspace.bot.user_id,
                str(response.get("text") or ""),
                blocks=response.get("blocks"),
                visible_to="" if public else person,
            )

        return self._hub.send(
            "slash_commands",
            events.command(self._workspace, who, place, name, text, url),
            accepts_response=True,
            on_response=show,
        )

    def press(self, person: str, channel: str, ts: str, action_id: str) -> Envelope:
        """Press a button of a message. Raises SlackError `no_such_action` where there is none."""
        who = self._member(person, channel)
        posted = self._workspace.message(channel, ts)
        if posted.visible_to not in ("", person):
            raise SlackError("message_not_found")
        block_id, element = _button(posted, action_id)
        url = self._response_url(
            self._workspace.open_response(channel, person, ts, posted.thread_ts)
        )
        place = self._workspace.channel(channel)
        payload = events.block_actions(self._workspace, who, posted, place, element, block_id, url)
        return self._hub.send("interactive", payload, accepts_response=True)

    def open_app(self, person: str, tab: str) -> Envelope:
        """Open the app's Home or Messages tab."""
        who = self._workspace.people[person]
        place = self._workspace.direct_with(person)
        return self.deliver(events.home_event(who, place, tab, self._workspace.next_ts()))

    def deliver(self, event: dict[str, Any]) -> Envelope:
        """Send the app an event of any kind, under a fresh event id."""
        return self._hub.send("events_api", events.callback(self._workspace, event))

    def _member(self, person: str, channel: str) -> Person:
        who = self._workspace.people.get(person)
        if who is None:
            raise SlackError("user_not_found")
        if person not in self._workspace.channel(channel).members:
            raise SlackError("not_in_channel")
        return who

    def _own(self, person: str, channel: str, ts: str) -> Posted:
        posted = self._workspace.message(channel, ts)
        if posted.user != person:
            raise SlackError("cant_update_message")
        return posted


def _button(posted: Posted, action_id: str) -> tuple[str, dict[str, Any]]:
    for position, block in enumerate(posted.blocks):
        elements = [*block.get("elements", []), block.get("accessory")]
        for element in elements:
            if isinstance(element, dict) and element.get("action_id") == action_id:
                return str(block.get("block_id") or f"b{position}"), element
    raise SlackError("no_such_action")
