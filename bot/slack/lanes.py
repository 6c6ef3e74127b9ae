"""Work in order within a conversation, and side by side between conversations.

A question takes its place when it arrives, before anything slow happens, so that the answers of one
thread come out in the order of the questions whichever thread of this process gets to work first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from concurrent.futures import Executor

Job: TypeAlias = Callable[[], None]
Place: TypeAlias = tuple[str, int]

# A place whose work never came (its listener died) holds the others up no longer than this.
EXPECTED_SECONDS = 30.0


@dataclass(slots=True)
class _Lane:
    jobs: dict[Place, Job | None] = field(default_factory=dict)
    expected: dict[Place, float] = field(default_factory=dict)
    running: bool = False


class Lanes:
    """Lanes by conversation; every method may be called from any thread."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._lanes: dict[str, _Lane] = {}
        self._changed = Condition()
        self._serial = 0

    def expect(self, lane: str, position: str) -> Place:
        """Take a place in a lane for work that is about to come."""
        with self._changed:
            self._serial += 1
            place = (position, self._serial)
            found = self._lanes.setdefault(lane, _Lane())
            found.jobs[place] = None
            found.expected[place] = monotonic()
        return place

    def submit(self, lane: str, place: Place, job: Job) -> None:
        """Give the work of a place; it runs when everything before it is done."""
        with self._changed:
            found = self._lanes.setdefault(lane, _Lane())
            found.jobs[place] = job
            found.expected.pop(place, None)
            self._start(lane, found)

    def drop(self, lane: str, place: Place) -> None:
        """Give a place up."""
        with self._changed:
            found = self._lanes.get(lane)
            if found is not None:
                self._done(lane, found, place)

    def newer_waits(self, lane: str, place: Place) -> bool:
        """Whether a later question of the conversation has arrived."""
        with self._changed:
            found = self._lanes.get(lane)
            return found is not None and any(other[0] > place[0] for other in found.jobs)

    def drain(self) -> None:
        """Wait until every lane is empty, or holds only places whose work never came."""
        with self._changed:
            while any(self._busy(lane) for lane in self._lanes.values()):
                self._changed.wait(0.2)
                for name, lane in list(self._lanes.items()):
                    self._start(name, lane)

    @property
    def waiting(self) -> int:
        """How many questions are taken and not yet settled."""
        with self._changed:
            return sum(len(lane.jobs) for lane in self._lanes.values())

    def _busy(self, lane: _Lane) -> bool:
        return lane.running or any(job is not None for job in lane.jobs.values())

    def _start(self, name: str, lane: _Lane) -> None:
        if lane.running or not lane.jobs:
            return
        now = monotonic()
        for place in sorted(lane.jobs):
            job = lane.jobs[place]
            if job is not None:
                lane.running = True
                self._executor.submit(self._run, name, lane, place, job)
                return
            if now - lane.expected.get(place, now) < EXPECTED_SECONDS:
                return

    def _run(self, name: str, lane: _Lane, place: Place, job: Job) -> None:
        try:
            job()
        finally:
            with self._changed:
                lane.running = False
                self._done(name, lane, place)

    def _done(self, name: str, lane: _Lane, place: Place) -> None:
        lane.jobs.pop(place, None)
        lane.expected.pop(place, None)
        if not lane.jobs and not lane.running and self._lanes.get(name) is lane:
            del self._lanes[name]
        else:
            self._start(name, lane)
        self._changed.notify_all()
