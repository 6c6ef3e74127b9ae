"""The share button: an answer only its asker saw, shown to the channel, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.journal.errors import AmbiguousExchangeError, UnknownExchangeError
from bot.journal.restoring import restore
from bot.slack import wording
from bot.slack.answering import within_uses
from bot.slack.outbox import respond_with
from bot.slack.standing import standing_of

if TYPE_CHECKING:
    from bot.slack.acting import Act
    from bot.slack.ports import Clock, DoorJournal, DoorNotes


class Sharing:
    """Posts a journalled answer to the channel it was asked in.

    The button carries the exchange id only, so what is shown is what the journal holds. It is
    posted through the button's `response_url`, which works where the bot is not a member.
    """

    def __init__(self, journal: DoorJournal, notes: DoorNotes, clock: Clock) -> None:
        self._journal = journal
        self._notes = notes
        self._clock = clock

    def share(self, act: Act) -> str | None:
        """Show the exchange to everyone in the channel, or say why not."""
        try:
            exchange = self._journal.get(act.value)
        except (UnknownExchangeError, AmbiguousExchangeError):
            return wording.NO_SUCH_EXCHANGE
        if exchange.person != act.person:
            return wording.NOT_YOURS_TO_SHARE
        claim = f"share:{exchange.exchange_id}"
        if not self._journal.claim_event(claim, self._clock()):
            return wording.SHARED_ALREADY
        try:
            answer = restore(exchange.answer)
            standing = standing_of(self._notes.events_of([exchange.exchange_id]))
            heading = wording.shared_by(act.person)
            for message in within_uses(answer, heading=heading, standing=standing):
                if act.respond is not None:
                    respond_with(act.respond, message, response_type="in_channel")
        except Exception:
            self._journal.release_event(claim)
            raise
        return None
