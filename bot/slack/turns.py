"""Who is at work on which question, over all processes, and what a dead process left behind."""

from __future__ import annotations

import os
import socket
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread
from time import sleep
from typing import TYPE_CHECKING
from uuid import uuid4

from bot.journal.door_records import OPEN_STATES, DoorEvent, EventKind, Turn, TurnState
from bot.slack.logs import describe, log

if TYPE_CHECKING:
    from bot.slack.incoming import Incoming
    from bot.slack.ports import Clock, DoorNotes

LEASE = timedelta(seconds=60)
_HEARTBEAT_SECONDS = 15.0
_POLL_SECONDS = 0.05
KEPT = timedelta(days=120)
"""How long a question may still be edited or deleted with an effect."""


class Turns:
    """The turns of this process; every method may be called from any thread."""

    def __init__(self, notes: DoorNotes, clock: Clock) -> None:
        self.notes = notes
        self._clock = clock
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._stopped = Event()
        self._heart = Thread(target=self._beat, name="slack-leases", daemon=True)

    def start(self) -> None:
        """Keep this process's leases alive from now on."""
        if not self._heart.is_alive():
            self._heart.start()

    def stop(self) -> None:
        """Let the leases end."""
        self._stopped.set()

    def begin(self, incoming: Incoming) -> Turn | None:
        """Take the question on; None where this or another process has it already."""
        now = self._clock()
        turn = Turn(
            turn_id=incoming.turn_id,
            team=incoming.team,
            channel=incoming.channel,
            thread=incoming.thread,
            position=incoming.position,
            person=incoming.person,
            door=incoming.door,
            exchange_id=uuid4().hex,
            owner=self.owner,
            started_at=now,
            lease_until=now + LEASE,
        )
        return turn if self.notes.begin(turn) else None

    def revise(self, turn: Turn) -> Turn | None:
        """The turn for a new version of its question; None where it was overtaken meanwhile."""
        now = self._clock()
        values = {
            "revision": turn.revision + 1,
            "state": TurnState.WORKING,
            "exchange_id": uuid4().hex,
            "owner": self.owner,
            "lease_until": now + LEASE,
        }
        # Read again: the answer before may have been settled between the reading and the change.
        return self.notes.turn(turn.turn_id) if self.notes.change(turn, **values) else None

    def await_earlier(self, turn: Turn) -> None:
        """Wait until no other process is at work on an earlier question of the conversation."""
        while not self._stopped.is_set() and self.notes.waiting_before(turn, self._clock()):
            sleep(_POLL_SECONDS)

    def posting(self, turn: Turn) -> bool:
        """Say that the answer goes out now; False where the question has changed or is gone."""
        return self.notes.change(turn, state=TurnState.POSTING)

    def settle(
        self, turn: Turn, state: TurnState, replies: tuple[str, ...] = (), channel: str = ""
    ) -> bool:
        """Close the turn; False where the question has changed or is gone.

        ``channel`` is where the replies are, where that was not known before.
        """
        place = {"channel": channel} if channel and channel != turn.channel else {}
        return self.notes.change(turn, state=state, replies=replies, **place)

    def withdraw(self, turn: Turn) -> Turn | None:
        """The person deleted the question: the turn as it was, or None where it was gone."""
        latest: Turn | None = turn
        for _ in range(5):
            if latest is None or latest.state is TurnState.WITHDRAWN:
                return None
            if self.notes.change(latest, state=TurnState.WITHDRAWN):
                self.notes.tell(
                    DoorEvent(
                        EventKind.WITHDRAWN, self._clock(), latest.team, latest.channel,
                        latest.person, latest.exchange_id,
                    )
                )  # fmt: skip
                # Read again: its answer may have been settled since it was read.
                return self.notes.turn(turn.turn_id)
            latest = self.notes.turn(turn.turn_id)
        return None

    def abandoned(self) -> tuple[Turn, ...]:
        """Take over the open turns whose process is dead; each is returned to one caller only."""
        now = self._clock()
        taken = []
        for turn in self.notes.open_turns():
            if turn.owner == self.owner or not (turn.lease_until < now or _dead(turn.owner)):
                continue
            if self.notes.change(turn, owner=self.owner, lease_until=now + LEASE):
                taken.append(replace(turn, owner=self.owner))
        return tuple(taken)

    def _beat(self) -> None:
        while not self._stopped.wait(_HEARTBEAT_SECONDS):
            try:
                self.notes.extend(self.owner, self._clock() + LEASE)
            except Exception as error:  # noqa: BLE001  # the next beat may succeed
                log.error("leases not renewed: %s", describe(error))


def is_open(turn: Turn) -> bool:
    """Whether the turn is still to be answered."""
    return turn.state in OPEN_STATES


def _dead(owner: str) -> bool:
    """Whether the owner ran on this machine and is gone; of other machines only leases tell."""
    host, _, rest = owner.partition(":")
    number = rest.partition(":")[0]
    if host != socket.gethostname() or not number.isdigit():
        return False
    if int(number) == os.getpid():
        return False  # another app in this process: its lease decides
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True  # there is no such process any more
    except PermissionError:
        return False  # there is one, of another user
    return False
