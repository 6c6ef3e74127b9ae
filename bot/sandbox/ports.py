"""How the sandbox reaches the app: over its sockets, or at its web address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.socket_mode import Envelope


class Hub(Protocol):
    """Sends payloads to the app and hears its acknowledgements."""

    def send(
        self,
        kind: str,
        payload: dict[str, Any],
        *,
        accepts_response: bool = False,
        on_response: Callable[[dict[str, Any]], None] | None = None,
    ) -> Envelope:
        """Deliver a payload; returns at once."""
        ...
