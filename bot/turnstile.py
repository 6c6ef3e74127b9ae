"""Threads of one process in line for one thing: in order, and the urgent ones first."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from threading import Event, Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Turnstile:
    """A lock whose waiters come in order; an urgent one overtakes those that are not.

    Urgent is what somebody outside is waiting for with a clock in hand, such as the acknowledgement
    of an event, which must not wait for fifty answers to be filed.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._urgent: deque[Event] = deque()
        self._usual: deque[Event] = deque()
        self._held = False

    @property
    def idle(self) -> bool:
        """Whether nobody holds it or waits for it."""
        return not self._held

    @contextmanager
    def turn(self, *, urgent: bool = False) -> Iterator[None]:
        """Wait for one's turn, then hold the turnstile."""
        mine: Event | None = None
        with self._lock:
            if self._held:
                mine = Event()
                (self._urgent if urgent else self._usual).append(mine)
            self._held = True
        if mine is not None:
            mine.wait()
        try:
            yield
        finally:
            with self._lock:
                waiting = self._urgent or self._usual
                if waiting:
                    waiting.popleft().set()
                else:
                    self._held = False
