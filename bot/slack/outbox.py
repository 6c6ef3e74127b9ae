"""What goes out to Slack: one message of a channel at a time, in order, through rate limits."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from time import sleep
from typing import TYPE_CHECKING, Any, TypeVar

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.slack.logs import describe, log
from bot.turnstile import Turnstile

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk import WebClient
    from slack_sdk.webhook import WebhookResponse

    from bot.slack.packing import Message

T = TypeVar("T")

BLOCKS_REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
GONE = frozenset({"message_not_found", "channel_not_found", "cant_delete_message"})
# The client waits out three limits by itself; these come on top, so a busy hour delays and no more.
RATE_LIMIT_ROUNDS = 20
LONGEST_WAIT = 60.0
SERVER_FAILURES = 5
REMEMBERED = 1_000


class Outbox:
    """Posts, updates and deletes messages; safe to use from many threads."""

    def __init__(self, wait: Callable[[float], None] = sleep) -> None:
        self._wait = wait
        self._lock = Lock()
        self._turnstiles: dict[str, Turnstile] = {}
        self._shown: OrderedDict[tuple[str, str], Message] = OrderedDict()

    def last(self, channel: str, ts: str) -> Message | None:
        """What this process last put into a message, where it still remembers."""
        with self._lock:
            return self._shown.get((channel, ts))

    def _remember(self, channel: str, ts: str, message: Message) -> None:
        with self._lock:
            self._shown[channel, ts] = message
            while len(self._shown) > REMEMBERED:
                self._shown.popitem(last=False)

    def post(
        self,
        client: WebClient,
        channel: str,
        message: Message,
        thread: str = "",
        *,
        only_for: str = "",
    ) -> str:
        """Post a message and return its ts; ``only_for`` names the only person who sees it.

        Where Slack refuses the blocks, the words go without their dress. Raises SlackClientError.
        """
        if only_for:
            arguments = {"channel": channel, "text": message.text, "user": only_for}
            if thread:
                arguments["thread_ts"] = thread
            response = self._send(channel, client.chat_postEphemeral, message, arguments)
            return str(response["message_ts"])
        return self.post_to(client, channel, message, thread)[1]

    def post_to(
        self, client: WebClient, place: str, message: Message, thread: str = ""
    ) -> tuple[str, str]:
        """Post to a channel, or to a person directly; the channel and ts of the message."""
        arguments: dict[str, Any] = {
            "channel": place,
            "text": message.text,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if thread:
            arguments["thread_ts"] = thread
        response = self._send(place, client.chat_postMessage, message, arguments)
        found = (str(response.get("channel") or place), str(response["ts"]))
        self._remember(*found, message)
        return found

    def update(self, client: WebClient, channel: str, ts: str, message: Message) -> bool:
        """Replace a message; False where it is gone. Raises SlackClientError otherwise."""
        arguments = {"channel": channel, "ts": ts, "text": message.text}
        try:
            self._send(channel, client.chat_update, message, arguments)
        except SlackApiError as error:
            if error.response.get("error") in GONE:
                return False
            raise
        self._remember(channel, ts, message)
        return True

    def delete(self, client: WebClient, channel: str, ts: str) -> None:
        """Take a message away; one that is gone already is no error. Raises SlackClientError."""
        try:
            self._patiently(channel, lambda: client.chat_delete(channel=channel, ts=ts))
        except SlackApiError as error:
            if error.response.get("error") not in GONE:
                raise

    def _send(
        self, channel: str, call: Callable[..., Any], message: Message, arguments: dict[str, Any]
    ) -> Any:
        try:
            return self._patiently(channel, lambda: call(blocks=list(message.blocks), **arguments))
        except SlackApiError as error:
            if error.response.get("error") not in BLOCKS_REFUSED:
                raise
            # The words matter more than their dress: the fallback text carries the codes.
            log.error("blocks refused by Slack, sending text: %s", describe(error))
            return self._patiently(channel, lambda: call(**arguments))

    def _patiently(self, channel: str, call: Callable[[], T]) -> T:
        """Call in the channel's turn. Waits out rate limits and failures of Slack's, in turn.

        A rate limit is waited out as long as Slack says; a failing server a little longer each
        time, after which the failure is raised.
        """
        failures = 0
        with self._turnstile(channel).turn():
            for _ in range(RATE_LIMIT_ROUNDS):
                try:
                    return call()
                except SlackApiError as error:
                    if error.response.get("error") == "ratelimited":
                        after = float(error.response.headers.get("Retry-After") or 1)
                    elif error.response.status_code >= 500 and failures < SERVER_FAILURES:
                        failures += 1
                        after = 0.25 * 2**failures
                    else:
                        raise
                    self._wait(min(after, LONGEST_WAIT))
            return call()

    def _turnstile(self, channel: str) -> Turnstile:
        with self._lock:
            if len(self._turnstiles) > 10_000:
                idle = [name for name, one in self._turnstiles.items() if one.idle]
                for name in idle:
                    del self._turnstiles[name]
            return self._turnstiles.setdefault(channel, Turnstile())


def respond_with(
    respond: Callable[..., WebhookResponse],
    message: Message,
    response_type: str = "ephemeral",
    *,
    replace_original: bool = False,
    thread: str = "",
    wait: Callable[[float], None] = sleep,
) -> None:
    """Send one message through a `response_url`. Raises SlackClientError when it is refused."""
    arguments: dict[str, Any] = {"thread_ts": thread} if thread else {}
    for _ in range(4):
        response = respond(
            text=message.text,
            blocks=list(message.blocks),
            response_type=response_type,
            replace_original=replace_original,
            unfurl_links=False,
            unfurl_media=False,
            **arguments,
        )
        if response.status_code not in (429, 500, 502, 503):
            break
        after = {k.casefold(): v for k, v in (response.headers or {}).items()}.get("retry-after")
        wait(min(float(after or 1), LONGEST_WAIT))
    if response.status_code != 200:
        raise SlackClientError(f"response_url answered {response.status_code}")
