"""What this door needs of the journal, and the callables it is given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from bot.answer import Answer, Question

if TYPE_CHECKING:
    from bot.journal.records import Exchange

Answerer: TypeAlias = Callable[[Question], Answer]
Clock: TypeAlias = Callable[[], datetime]
Block: TypeAlias = dict[str, Any]


class DoorJournal(Protocol):
    """The part of the journal that Slack uses; every method may be called from any thread."""

    def claim_event(self, event_id: str, now: datetime) -> bool:
        """True for the first caller of all processes, False for every later one."""
        ...

    def release_event(self, event_id: str) -> None:
        """Give a claim back after a failed attempt."""
        ...

    def thread_context(
        self, team: str, channel: str, thread: str, limit: int = 5
    ) -> tuple[str, ...]:
        """Earlier questions of the thread, redacted, oldest first, at most ``limit``."""
        ...

    def mark_delivered(
        self, exchange_id: str, channel: str, message_ts: str, now: datetime
    ) -> None:
        """Remember that the person has been shown the answer, and under which message."""
        ...

    def get(self, reference: str) -> Exchange:
        """The stored exchange; raises UnknownExchangeError when there is none."""
        ...
