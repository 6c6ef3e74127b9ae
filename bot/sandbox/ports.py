"""How the sandbox reaches the app: over its sockets, or at its web address."""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(slots=True)
class Envelope:
    """One thing sent to the app, and how it was received. Times are monotonic seconds."""

    kind: str
    payload: dict[str, Any]
    accepts_response: bool = False
    on_response: Callable[[dict[str, Any]], None] | None = None
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sent: list[float] = field(default_factory=list)
    acknowledged: float | None = None

    @property
    def latency(self) -> float | None:
        """Seconds from the first sending to the acknowledgement; None while there is none."""
        return None if self.acknowledged is None else self.acknowledged - self.sent[0]


class Hub(ABC):
    """Sends payloads to the app and hears its acknowledgements. ``envelopes`` holds all of them."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    def send(
        self,
        kind: str,
        payload: dict[str, Any],
        *,
        accepts_response: bool = False,
        on_response: Callable[[dict[str, Any]], None] | None = None,
    ) -> Envelope:
        """Deliver a payload; returns at once. May be called from any thread."""
        envelope = Envelope(kind, payload, accepts_response, on_response)
        self.envelopes.append(envelope)
        self._begin(envelope)
        return envelope

    @abstractmethod
    def _begin(self, envelope: Envelope) -> None:
        """Deliver an envelope for the first time, without waiting for it."""
