"""After a crash: every question somebody is still waiting for gets its answer, or a word."""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackClientError

from bot.journal.door_records import Turn, TurnState
from bot.journal.errors import AmbiguousExchangeError, UnknownExchangeError
from bot.journal.restoring import restore
from bot.slack import names, wording
from bot.slack.blocks import plain_message, render
from bot.slack.decision_blocks import button
from bot.slack.logs import describe, log
from bot.slack.packing import Line, Message, pack, sections
from bot.slack.standing import Standing
from bot.slack.turns import KEPT

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk import WebClient

    from bot.answer import Answer
    from bot.slack.outbox import Outbox
    from bot.slack.ports import Clock, DoorJournal
    from bot.slack.turns import Turns

SWEEP_SECONDS = 20.0
PRIVATE_DOORS = frozenset({"command", "shortcut", "form"})


class Repair:
    """Settles what dead processes left open: at start, and again every so often.

    An answer that is in the journal and was not yet on its way is posted. One whose posting had
    begun may be on show already, so a button is posted instead of a second answer. A question
    without an answer is said to be lost. A later question's answer is never followed by an older
    one: then, too, there is a button.
    """

    def __init__(
        self,
        turns: Turns,
        journal: DoorJournal,
        outbox: Outbox,
        clock: Clock,
        client_of: Callable[[str], WebClient | None],
    ) -> None:
        self._turns = turns
        self._journal = journal
        self._outbox = outbox
        self._clock = clock
        self._client_of = client_of
        self._stopped = Event()
        self._thread = Thread(target=self._sweep, name="slack-repair", daemon=True)

    def start(self) -> None:
        """Repair now and from now on, beside the work."""
        if not self._thread.is_alive():
            self._thread.start()

    def stop(self) -> None:
        """Repair nothing further."""
        self._stopped.set()

    def run(self) -> int:
        """Settle every abandoned turn once; returns how many there were. Never raises."""
        count = 0
        try:
            for turn in self._turns.abandoned():
                count += 1
                self._settle(turn)
        except Exception as error:  # noqa: BLE001  # the next sweep may succeed
            log.error("repair interrupted: %s", describe(error))
        return count

    def _sweep(self) -> None:
        try:
            self._turns.notes.forget_turns(self._clock() - KEPT)
        except Exception as error:  # noqa: BLE001  # old turns do no harm
            log.error("old turns not forgotten: %s", describe(error))
        while not self._stopped.is_set():
            self.run()
            self._stopped.wait(SWEEP_SECONDS)

    def _settle(self, turn: Turn) -> None:
        client = self._client_of(turn.team)
        if client is None:
            self._turns.settle(turn, TurnState.FAILED, turn.replies)
            return
        messages, state = self._messages(turn)
        place, thread = turn.channel, turn.thread
        if turn.door in PRIVATE_DOORS:
            place, thread = turn.person, ""
        try:
            # From here on a second crash finds a turn whose posting has begun.
            if not self._turns.posting(turn):
                return
            replies = tuple(
                self._outbox.post(client, place, message, thread) for message in messages
            )
        except (SlackClientError, OSError) as error:
            log.error("question %s not repaired: %s", turn.exchange_id, describe(error))
            self._turns.settle(turn, TurnState.FAILED, turn.replies)
            return
        self._turns.settle(turn, state, replies)
        if state is TurnState.ANSWERED:
            self._journal.mark_delivered(turn.exchange_id, turn.channel, replies[0], self._clock())

    def _messages(self, turn: Turn) -> tuple[tuple[Message, ...], TurnState]:
        answer = self._answer(turn)
        if answer is None:
            lost = wording.LOST_PRIVATELY if turn.door in PRIVATE_DOORS else wording.LOST
            return (plain_message(lost),), TurnState.FAILED
        begun = turn.state is TurnState.POSTING
        if begun or turn.door in PRIVATE_DOORS or self._turns.notes.answered_after(turn):
            return (maybe_shown(turn.exchange_id),), TurnState.ANSWERED
        return render(answer, standing=Standing()), TurnState.ANSWERED

    def _answer(self, turn: Turn) -> Answer | None:
        try:
            return restore(self._journal.get(turn.exchange_id).answer)
        except (UnknownExchangeError, AmbiguousExchangeError):
            return None  # nothing was journalled before the crash


def maybe_shown(exchange_id: str) -> Message:
    """A word and a button, where the answer itself might come twice."""
    shown = button(names.SHOW_ANSWER, wording.SHOW_ANSWER, exchange_id, style="primary")
    block = {"type": "actions", "block_id": f"show:{exchange_id}", "elements": [shown]}
    return pack([(*sections(wording.MAYBE_SHOWN), Line(block))])[0]
