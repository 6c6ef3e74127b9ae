"""The share button: an answer only its asker saw, shown to the channel, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.journal.errors import AmbiguousExchangeError, UnknownExchangeError
from bot.slack import wording
from bot.slack.answering import Respond, failure_sentence, respond_with, within_uses
from bot.slack.blocks import plain_message
from bot.slack.stored import restore

if TYPE_CHECKING:
    from bot.slack.ports import Clock, DoorJournal


class Sharing:
    """Posts a journalled answer to the channel it was asked in.

    The button carries the exchange id only, so what is shown is what the journal holds. It is
    posted through the button's `response_url`, which works where the bot is not a member.
    """

    def __init__(self, journal: DoorJournal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    def share(self, exchange_id: str, person: str, respond: Respond) -> None:
        """Show the exchange to everyone in the channel, or say why not. Never raises."""
        try:
            sentence = self._share(exchange_id, person, respond)
        except Exception as error:  # noqa: BLE001  # a pressed button is never left without a word
            sentence = failure_sentence(error)
        if sentence:
            _quietly(respond, sentence)

    def _share(self, exchange_id: str, person: str, respond: Respond) -> str:
        try:
            exchange = self._journal.get(exchange_id)
        except (UnknownExchangeError, AmbiguousExchangeError):
            return wording.NO_SUCH_EXCHANGE
        if exchange.person != person:
            return wording.NOT_YOURS_TO_SHARE
        claim = f"share:{exchange.exchange_id}"
        if not self._journal.claim_event(claim, self._clock()):
            return wording.SHARED_ALREADY
        try:
            answer = restore(exchange.answer)
            for message in within_uses(answer, heading=wording.shared_by(person)):
                respond_with(respond, message, response_type="in_channel")
        except Exception:
            self._journal.release_event(claim)
            raise
        return ""


def _quietly(respond: Respond, sentence: str) -> None:
    try:
        respond_with(respond, plain_message(sentence))
    except Exception as error:  # noqa: BLE001  # there is no further way to reach the person
        failure_sentence(error)
