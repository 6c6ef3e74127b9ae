"""What a person does in Slack: each action changes the workspace and sends the app its event."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.sandbox import events
from bot.sandbox.errors import SlackError
from bot.sandbox.records import StoredFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.sandbox.ports import Envelope, Hub
    from bot.sandbox.records import Person, Posted
    from bot.sandbox.workspace import Workspace


class Client:
    """The people's side of the workspace.

    ``hears_channels`` adds the `message.channels` subscription, under which a mention arrives
    twice: as `app_mention` and as `message`. ``echoes`` sends the app its own messages back.
    """

    def __init__(
        self,
        workspace: Workspace,
        hub: Hub,
        response_url: Callable[[str], str],
        file_url: Callable[[str], str] = str,
        *,
        hears_channels: bool = False,
        echoes: bool = False,
    ) -> None:
        self._workspace = workspace
        self.hub = hub
        self._response_url = response_url
        self._file_url = file_url
        self.hears_channels = hears_channels
        self.echoes = echoes
        workspace.on_post(self._echo)

    def say(
        self, person: str, channel: str, text: str, thread_ts: str = "", files: tuple[str, ...] = ()
    ) -> tuple[Posted, list[Envelope]]:
        """Write a message. ``@Codecite`` in it becomes a mention, as the composer makes it.

        ``files`` are ids that ``upload`` gave.
        """
        self._member(person, channel)
        escaped = self._composed(text)
        attached = [self._file(id_) for id_ in files]
        posted = self._workspace.post(channel, person, escaped, thread_ts=thread_ts, files=attached)
        place = self._workspace.channel(channel)
        found: list[dict[str, Any]] = []
        if f"<@{self._workspace.bot.user_id}>" in escaped and not place.direct:
            found.append(events.mention_event(posted))
        if place.direct or self.hears_channels:
            found.append(events.message_event(posted, place))
        return posted, [self.deliver(event) for event in found]

    def upload(self, name: str, content: bytes, mimetype: str = "text/plain") -> str:
        """Put a file up, to be sent with a message."""
        file = StoredFile(f"F{secrets.token_hex(5).upper()}", name, content, mimetype)
        self._workspace.add_file(file)
        return file.id

    def edit(self, person: str, channel: str, ts: str, text: str) -> list[Envelope]:
        """Change one's own message."""
        before = replace(self._own(person, channel, ts))
        place = self._workspace.channel(channel)
        after = self._workspace.update(channel, ts, self._composed(text))
        event = events.changed_event(after, before, place, self._workspace.next_ts())
        return [self.deliver(event)] if place.direct or self.hears_channels else []

    def delete(self, person: str, channel: str, ts: str) -> list[Envelope]:
        """Take one's own message away; above replies it leaves a tombstone."""
        self._own(person, channel, ts)
        place = self._workspace.channel(channel)
        replies = self._workspace.in_thread(channel, ts)
        before = replace(self._workspace.message(channel, ts))
        make = events.tombstone_event if replies else events.deleted_event
        if replies:
            self._workspace.update(channel, ts, "This message was deleted.")
        else:
            self._workspace.delete(channel, ts)
        event = make(before, place, self._workspace.next_ts())
        return [self.deliver(event)] if place.direct or self.hears_channels else []

    def command(self, person: str, channel: str, name: str, text: str) -> Envelope:
        """Type a slash command; a text in the acknowledgement is shown to the person alone."""
        who = self._member(person, channel)
        place = self._workspace.channel(channel)
        url = self._response_url(self._workspace.handles.open_response(channel, person))

        def show(response: dict[str, Any]) -> None:
            if not (response.get("text") or response.get("blocks")):
                return
            public = response.get("response_type") == "in_channel"
            self._workspace.post(
                channel,
                self._workspace.bot.user_id,
                str(response.get("text") or ""),
                blocks=response.get("blocks"),
                visible_to="" if public else person,
            )

        return self.hub.send(
            "slash_commands",
            events.command(self._workspace, who, place, name, text, url),
            accepts_response=True,
            on_response=show,
        )

    def press(
        self, person: str, channel: str, ts: str, action_id: str, chosen: Any = None
    ) -> Envelope:
        """Use a button or a menu of a message; ``chosen`` is an option's value.

        Raises SlackError `no_such_action` where there is none.
        """
        who = self._member(person, channel)
        posted = self._workspace.message(channel, ts)
        if posted.visible_to not in ("", person):
            raise SlackError("message_not_found")
        block_id, element = _element(posted.blocks, action_id)
        url = self._response_url(
            self._workspace.handles.open_response(channel, person, ts, posted.thread_ts)
        )
        place = self._workspace.channel(channel)
        action = events.action_of(element, block_id, chosen)
        payload = events.block_actions(self._workspace, who, posted, place, action, url)
        return self.hub.send("interactive", payload, accepts_response=True)

    def shortcut(self, person: str, callback_id: str) -> Envelope:
        """Choose a shortcut of the composer's menu."""
        payload = events.global_shortcut(self._workspace, self._person(person), callback_id)
        return self.hub.send("interactive", payload, accepts_response=True)

    def message_shortcut(self, person: str, channel: str, ts: str, callback_id: str) -> Envelope:
        """Choose a shortcut of a message's menu."""
        who = self._member(person, channel)
        posted = self._workspace.message(channel, ts)
        place = self._workspace.channel(channel)
        url = self._response_url(
            self._workspace.handles.open_response(channel, person, ts, posted.thread_ts)
        )
        payload = events.message_shortcut(self._workspace, who, posted, place, callback_id, url)
        return self.hub.send("interactive", payload, accepts_response=True)

    def press_home(self, person: str, action_id: str, chosen: Any = None) -> Envelope:
        """Use an element of one's Home tab."""
        view = self._workspace.homes.get(person) or {"blocks": []}
        return self._view_action(person, view, action_id, chosen)

    def press_view(self, person: str, action_id: str, chosen: Any = None) -> Envelope:
        """Use an element of the modal one sees."""
        return self._view_action(person, self._workspace.top_view(person), action_id, chosen)

    def submit(self, person: str, entered: dict[str, Any]) -> Envelope:
        """Submit the modal one sees. ``entered`` maps block ids to what was entered.

        Raises SlackError `missing_input` where a required field is empty.
        """
        view = self._workspace.top_view(person)
        values: dict[str, Any] = {}
        for block in view["blocks"]:
            if block.get("type") != "input":
                continue
            element, block_id = block["element"], block["block_id"]
            state = events.entered(element, entered.get(block_id))
            if not block.get("optional") and not any(state.values()):
                raise SlackError("missing_input")
            values.setdefault(block_id, {})[element["action_id"]] = {
                "type": element["type"]
            } | state
        payload = events.view_submission(self._workspace, self._person(person), view, values)

        def settle(response: dict[str, Any]) -> None:
            action = response.get("response_action")
            if action == "errors":
                self._workspace.reject_view(person, response.get("errors") or {})
            elif action in ("update", "push"):
                if action == "update":
                    self._workspace.close_view(person)
                self._workspace.push_view(person, response["view"], root=False)
            else:
                self._workspace.close_view(person, everything=action == "clear")

        return self.hub.send("interactive", payload, accepts_response=True, on_response=settle)

    def close(self, person: str) -> None:
        """Cancel the modal one sees."""
        view = self._workspace.top_view(person)
        self._workspace.close_view(person)
        if view.get("notify_on_close"):
            payload = events.view_closed(self._workspace, self._person(person), view)
            self.hub.send("interactive", payload)

    def open_app(self, person: str, tab: str) -> Envelope:
        """Open the app's Home or Messages tab."""
        who = self._person(person)
        place = self._workspace.direct_with(person)
        return self.deliver(events.home_event(who, place, tab, self._workspace.next_ts()))

    def deactivate(self, person: str) -> Envelope:
        """Take somebody's account away."""
        gone = replace(self._person(person), deleted=True)
        self._workspace.change_person(gone)
        return self.deliver(events.person_event(gone, self._workspace.next_ts()))

    def deliver(self, event: dict[str, Any]) -> Envelope:
        """Send the app an event of any kind, under a fresh event id."""
        place = self._workspace.channels.get(str(event.get("channel") or ""))
        shared = place is not None and place.ext_shared
        return self.hub.send("events_api", events.callback(self._workspace, event, shared=shared))

    def _echo(self, posted: Posted) -> None:
        place = self._workspace.channel(posted.channel)
        if self.echoes and (place.direct or self.hears_channels):
            self.deliver(events.message_event(posted, place))

    def _view_action(
        self, person: str, view: dict[str, Any], action_id: str, chosen: Any
    ) -> Envelope:
        block_id, element = _element(view["blocks"], action_id)
        action = events.action_of(element, block_id, chosen)
        payload = events.view_actions(self._workspace, self._person(person), view, action)
        return self.hub.send("interactive", payload, accepts_response=True)

    def _composed(self, text: str) -> str:
        name = re.escape(self._workspace.bot.real_name)
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        mention = f"<@{self._workspace.bot.user_id}>"
        return re.sub(rf"@{name}\b", mention, escaped, flags=re.IGNORECASE)

    def _file(self, file_id: str) -> dict[str, Any]:
        file = self._workspace.files.get(file_id)
        if file is None:
            raise SlackError("file_not_found")
        url = self._file_url(file.id)
        return {
            "id": file.id,
            "name": file.name,
            "mimetype": file.mimetype,
            "filetype": "text" if file.mimetype == "text/plain" else file.mimetype.split("/")[-1],
            "mode": "hosted",
            "size": len(file.content),
            "url_private": url,
            "url_private_download": url,
        }

    def _person(self, person: str) -> Person:
        who = self._workspace.people.get(person)
        if who is None:
            raise SlackError("user_not_found")
        return who

    def _member(self, person: str, channel: str) -> Person:
        who = self._person(person)
        if person not in self._workspace.channel(channel).members:
            raise SlackError("not_in_channel")
        return who

    def _own(self, person: str, channel: str, ts: str) -> Posted:
        posted = self._workspace.message(channel, ts)
        if posted.user != person:
            raise SlackError("cant_update_message")
        return posted


def _element(blocks: list[dict[str, Any]], action_id: str) -> tuple[str, dict[str, Any]]:
    for position, element in _elements(blocks):
        if element.get("action_id") == action_id:
            return str(blocks[position].get("block_id") or f"b{position}"), element
    raise SlackError("no_such_action")


def _elements(blocks: list[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    for position, block in enumerate(blocks):
        found = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        for element in found:
            if isinstance(element, dict):
                yield position, element
