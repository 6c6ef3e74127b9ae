"""Streaming messages: `chat.startStream`, `chat.appendStream`, `chat.stopStream`.

A stream is a message that grows while it is in its streaming state: task cards by their ids, then
text. After it has been stopped, or has expired, Slack takes no more chunks for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

from bot.sandbox import validator
from bot.sandbox.arguments import place
from bot.sandbox.errors import SlackError

if TYPE_CHECKING:
    from bot.sandbox.arguments import Arguments, Method
    from bot.sandbox.workspace import Workspace


@dataclass(slots=True)
class _Stream:
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    text: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)

    def take(self, chunks: list[dict[str, Any]]) -> None:
        for chunk in chunks:
            kind = chunk["type"]
            if kind == "markdown_text":
                self.text += chunk["text"]
            elif kind == "blocks":
                self.blocks.extend(chunk["blocks"])
            elif kind == "task_update":
                card = {"type": "task_card", "task_id": chunk["id"]}
                named = {k: chunk[k] for k in ("title", "status")}
                self.tasks[chunk["id"]] = card | named

    def shown(self) -> list[dict[str, Any]]:
        text = [{"type": "markdown", "text": self.text}] if self.text else []
        return [*self.tasks.values(), *text, *self.blocks]


class Streams:
    """The streams of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = Lock()
        self._streams: dict[tuple[str, str], _Stream] = {}

    def methods(self) -> dict[str, Method]:
        """The methods by their names."""
        return {
            "chat.appendStream": self.append,
            "chat.startStream": self.start,
            "chat.stopStream": self.stop,
        }

    def expire(self) -> None:
        """End every stream, as Slack does with idle ones."""
        with self._lock:
            self._streams.clear()

    def start(self, arguments: Arguments) -> dict[str, Any]:
        """Post a message that is to grow; always a reply, and in a channel for somebody."""
        channel = place(self._workspace, arguments)
        thread = str(arguments.get("thread_ts") or "")
        if not thread:
            raise SlackError("invalid_arguments", ("missing required field: thread_ts",))
        if not self._workspace.channel(channel).direct:
            for name in ("recipient_team_id", "recipient_user_id"):
                if not arguments.get(name):
                    raise SlackError(f"missing_{name}")
        if arguments.get("task_display_mode") not in (None, "timeline", "plan"):
            raise SlackError("invalid_arguments")
        stream = _Stream()
        stream.take(_chunks(arguments))
        bot = self._workspace.bot.user_id
        posted = self._workspace.post(channel, bot, "", blocks=stream.shown(), thread_ts=thread)
        with self._lock:
            self._streams[channel, posted.ts] = stream
        return {"channel": channel, "ts": posted.ts}

    def append(self, arguments: Arguments) -> dict[str, Any]:
        """Add to a stream. Raises SlackError `message_not_in_streaming_state`."""
        channel, ts, stream = self._found(arguments)
        chunks = _chunks(arguments)
        if not chunks:
            raise SlackError("no_text")
        self._grow(channel, ts, stream, chunks)
        return {"channel": channel, "ts": ts}

    def stop(self, arguments: Arguments) -> dict[str, Any]:
        """Add what is last, and the closing blocks, and end the stream."""
        channel, ts, stream = self._found(arguments)
        chunks, blocks = _chunks(arguments), arguments.get("blocks") or []
        if problems := validator.message_problems({"blocks": blocks}):
            raise SlackError("invalid_blocks", tuple(problems))
        stream.blocks.extend(blocks)
        self._grow(channel, ts, stream, chunks)
        with self._lock:
            self._streams.pop((channel, ts), None)
        message = self._workspace.message(channel, ts).to_json()
        return {"channel": channel, "ts": ts, "message": message}

    def _found(self, arguments: Arguments) -> tuple[str, str, _Stream]:
        channel, ts = place(self._workspace, arguments), str(arguments.get("ts") or "")
        if not self._workspace.message(channel, ts).bot_id:
            raise SlackError("message_not_owned_by_app")
        with self._lock:
            stream = self._streams.get((channel, ts))
        if stream is None:
            raise SlackError("message_not_in_streaming_state")
        return channel, ts, stream

    def _grow(self, channel: str, ts: str, stream: _Stream, chunks: list[dict[str, Any]]) -> None:
        text = len(stream.text) + sum(len(str(c.get("text") or "")) for c in chunks)
        if text > validator.MARKDOWN_TOTAL:
            raise SlackError("msg_too_long")
        stream.take(chunks)
        self._workspace.update(channel, ts, stream.text, stream.shown(), edited=False)


def _chunks(arguments: Arguments) -> list[dict[str, Any]]:
    """The chunks of a call, ``markdown_text`` as the first. Raises SlackError."""
    chunks = arguments.get("chunks") or []
    if problems := validator.chunk_problems(chunks):
        raise SlackError("invalid_chunks", tuple(problems))
    text = str(arguments.get("markdown_text") or "")
    if len(text) > validator.MARKDOWN_TOTAL:
        raise SlackError("msg_too_long")
    return [*([{"type": "markdown_text", "text": text}] if text else []), *chunks]
