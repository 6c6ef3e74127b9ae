"""Slack's side of HTTP mode: signed requests to the app's address, retried unless answered."""

from __future__ import annotations

import hashlib
import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep, time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx

from bot.sandbox.ports import Hub
from bot.sandbox.socket_mode import ACK_SECONDS, ATTEMPTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.ports import Envelope


class HttpHub(Hub):
    """Posts events, commands and interactions to ``url``. Use as a context manager or ``close``.

    ``retry_after`` is how many seconds pass before an event is sent again.
    """

    def __init__(
        self,
        url: str,
        secret: str,
        *,
        clock: Callable[[], float] = time,
        retry_after: float = 0.2,
    ) -> None:
        super().__init__()
        self.url = url
        self._secret = secret.encode()
        self._clock = clock
        self._retry_after = retry_after
        self._pool = ThreadPoolExecutor(16, thread_name_prefix="sandbox-http")
        self._client = httpx.Client(timeout=ACK_SECONDS)

    def _begin(self, envelope: Envelope) -> None:
        self._pool.submit(self._deliver, envelope)

    def redeliver(self, envelope: Envelope) -> None:
        """Send an event once more, as a retry."""
        self._pool.submit(self._post, envelope, 1)

    def signed(self, body: str, *, content_type: str, at: float | None = None) -> dict[str, str]:
        """The headers that Slack would send with a body at a time."""
        stamp = str(int(at if at is not None else self._clock()))
        base = f"v0:{stamp}:{body}".encode()
        signature = hmac.new(self._secret, base, hashlib.sha256).hexdigest()
        return {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signature}",
        }

    def close(self) -> None:
        """Wait for what is on its way."""
        self._pool.shutdown(wait=True)
        self._client.close()

    def __enter__(self) -> HttpHub:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _deliver(self, envelope: Envelope) -> None:
        attempts = ATTEMPTS if envelope.kind == "events_api" else 1
        for attempt in range(attempts):
            if self._post(envelope, attempt):
                return
            sleep(self._retry_after)

    def _post(self, envelope: Envelope, attempt: int) -> bool:
        body, content_type = body_of(envelope.kind, envelope.payload)
        headers = self.signed(body, content_type=content_type)
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_error"}
        envelope.sent.append(monotonic())
        try:
            answer = self._client.post(self.url, content=body, headers=headers)
        except httpx.HTTPError:
            return False  # the app is down or slow: Slack tries again, so does this
        if answer.status_code != 200:
            return False
        if envelope.acknowledged is None:
            envelope.acknowledged = monotonic()
        if envelope.accepts_response and envelope.on_response is not None:
            envelope.on_response(_document(answer))
        return True


def body_of(kind: str, payload: dict[str, Any]) -> tuple[str, str]:
    """A payload as Slack sends it: events as JSON, the rest as a form."""
    if kind == "events_api":
        return json.dumps(payload), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form), "application/x-www-form-urlencoded"


def _document(answer: httpx.Response) -> dict[str, Any]:
    try:
        document = answer.json()
    except ValueError:
        return {"text": answer.text} if answer.text else {}
    return document if isinstance(document, dict) else {}
