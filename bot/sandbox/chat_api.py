"""`chat.*` and `assistant.threads.*`: messages as Slack takes them, and what stands under them."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from bot.sandbox.arguments import check_message, place, required
from bot.sandbox.errors import SlackError

if TYPE_CHECKING:
    from bot.sandbox.arguments import Arguments, Method
    from bot.sandbox.workspace import Workspace

_UNLIMITED = 0


class RateLimited(Exception):  # noqa: N818  # a course of events, not an error
    """Too many posts in a channel; ``seconds`` until the next may come."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(str(seconds))


class ChatApi:
    """The messages of one workspace. ``posts_per_second`` limits each channel, as Slack does."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.posts_per_second = _UNLIMITED
        self._posted: dict[str, list[float]] = {}

    def methods(self) -> dict[str, Method]:
        """The methods by their names."""
        return {
            "assistant.threads.setStatus": self._set_status,
            "assistant.threads.setSuggestedPrompts": self._set_prompts,
            "assistant.threads.setTitle": self._set_title,
            "chat.delete": self._delete,
            "chat.getPermalink": self._permalink,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.postMessage": self._post,
            "chat.update": self._update,
        }

    def _post(self, arguments: Arguments) -> dict[str, Any]:
        person = str(arguments.get("channel") or "")
        if person in self._workspace.people:
            # A person's id stands for their direct message with the app.
            arguments = arguments | {"channel": self._workspace.direct_with(person).id}
        channel = place(self._workspace, arguments)
        check_message(arguments)
        self._pace(channel)
        posted = self._workspace.post(
            channel,
            self._workspace.bot.user_id,
            str(arguments.get("text") or ""),
            blocks=arguments.get("blocks"),
            thread_ts=str(arguments.get("thread_ts") or ""),
        )
        return {"channel": channel, "ts": posted.ts, "message": posted.to_json()}

    def _post_ephemeral(self, arguments: Arguments) -> dict[str, Any]:
        channel = place(self._workspace, arguments)
        check_message(arguments)
        user = required(arguments, "user")
        if user not in self._workspace.channel(channel).members:
            raise SlackError("user_not_in_channel")
        posted = self._workspace.post(
            channel,
            self._workspace.bot.user_id,
            str(arguments.get("text") or ""),
            blocks=arguments.get("blocks"),
            thread_ts=str(arguments.get("thread_ts") or ""),
            visible_to=user,
        )
        return {"message_ts": posted.ts}

    def _update(self, arguments: Arguments) -> dict[str, Any]:
        channel = place(self._workspace, arguments)
        check_message(arguments)
        posted = self._own(channel, required(arguments, "ts"), "cant_update_message")
        new = self._workspace.update(
            channel, posted, str(arguments.get("text") or ""), arguments.get("blocks")
        )
        return {"channel": channel, "ts": new.ts, "text": new.text, "message": new.to_json()}

    def _delete(self, arguments: Arguments) -> dict[str, Any]:
        channel = place(self._workspace, arguments)
        ts = self._own(channel, required(arguments, "ts"), "cant_delete_message")
        self._workspace.delete(channel, ts)
        return {"channel": channel, "ts": ts}

    def _permalink(self, arguments: Arguments) -> dict[str, Any]:
        channel = place(self._workspace, arguments)
        posted = self._workspace.message(channel, required(arguments, "message_ts"))
        link = f"https://sandbox.slack.test/archives/{channel}/p{posted.ts.replace('.', '')}"
        if posted.thread_ts:
            link += f"?thread_ts={posted.thread_ts}&cid={channel}"
        return {"channel": channel, "permalink": link}

    def _own(self, channel: str, ts: str, refusal: str) -> str:
        """``ts``, if that message is the bot's own."""
        if not self._workspace.message(channel, ts).bot_id:
            raise SlackError(refusal)
        return ts

    def _pace(self, channel: str) -> None:
        """Let so many posts a second through a channel, as Slack does. Raises RateLimited."""
        if not self.posts_per_second:
            return
        now = monotonic()
        recent = [at for at in self._posted.get(channel, []) if now - at < 1.0]
        if len(recent) >= self.posts_per_second:
            raise RateLimited(1)
        self._posted[channel] = [*recent, now]

    def _set_status(self, arguments: Arguments) -> dict[str, Any]:
        channel = place(self._workspace, arguments, "channel_id")
        thread_ts = required(arguments, "thread_ts")
        if "status" not in arguments:
            raise SlackError("invalid_arguments")
        steps = arguments.get("loading_messages") or []
        if len(steps) > 10:
            raise SlackError("invalid_arguments")
        self._workspace.message(channel, thread_ts)
        self._workspace.set_status(channel, thread_ts, str(arguments["status"]), list(steps))
        return {}

    def _set_prompts(self, arguments: Arguments) -> dict[str, Any]:
        channel = place(self._workspace, arguments, "channel_id")
        prompts = arguments.get("prompts")
        if not isinstance(prompts, list) or not 1 <= len(prompts) <= 4:
            raise SlackError("invalid_arguments")
        if not all(isinstance(p, dict) and p.get("title") and p.get("message") for p in prompts):
            raise SlackError("invalid_arguments")
        self._workspace.set_prompts(channel, str(arguments.get("title") or ""), prompts)
        return {}

    def _set_title(self, arguments: Arguments) -> dict[str, Any]:
        channel = place(self._workspace, arguments, "channel_id")
        self._workspace.message(channel, required(arguments, "thread_ts"))
        required(arguments, "title")
        return {}
