"""A circuit breaker: after several failures in a row nothing is asked for a while, then one trial.

It holds no lock while a call is under way, so that one slow reply keeps no other question waiting
(pybreaker holds one, which puts all questions to a model in a line).
"""

from __future__ import annotations

import threading
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Breaker:
    """Counts failures in a row; safe to share between threads. ``rest`` is in seconds."""

    def __init__(
        self, most: int = 5, rest: float = 60.0, clock: Callable[[], float] = monotonic
    ) -> None:
        self._most = most
        self._rest = rest
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._until: float | None = None

    def admits(self) -> bool:
        """Whether a call may be made now. After a rest one caller at a time may try.

        >>> breaker = Breaker(most=1, rest=60)
        >>> breaker.failed()
        >>> breaker.admits()
        False
        """
        with self._lock:
            if self._until is None:
                return True
            now = self._clock()
            if now < self._until:
                return False
            self._until = now + self._rest  # the others wait for how this trial ends
            return True

    def succeeded(self) -> None:
        """The call was answered: all is well again."""
        with self._lock:
            self._failures = 0
            self._until = None

    def failed(self) -> None:
        """The call failed; the last one that is borne begins a rest."""
        with self._lock:
            self._failures += 1
            if self._failures >= self._most:
                self._until = self._clock() + self._rest
