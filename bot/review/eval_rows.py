"""Decisions as rows of `codecite eval`: tomorrow's build is scored on yesterday's corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.journal.errors import UnknownExchangeError
from bot.review.deriving import VERDICT, decision_of
from bot.review.records import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.review.desk import Desk
    from bot.review.records import Decision


def eval_rows(desk: Desk, *, corrected_only: bool = False) -> Iterator[dict[str, Any]]:
    """A row ``{id, text, codes, kind, setting, date}`` for each decided exchange, oldest first.

    ``codes`` are those of the last decision, in order; ``kind`` is ``accepted`` or ``corrected``.
    Exchanges that are still judged, lost to retention, or left without any code give no row.
    """
    desk.catch_up()
    last: dict[str, Decision] = {}
    for event in desk.store.events(VERDICT):
        last[event.exchange_id] = decision_of(event)
    for exchange_id, decision in last.items():
        case = desk.store.case(exchange_id)
        if case is None or case.state is not State.DONE or not decision.codes:
            continue
        if corrected_only and decision.accepted:
            continue
        try:
            exchange = desk.journal.get(exchange_id)
        except UnknownExchangeError:
            continue  # retention has removed it
        yield {
            "id": exchange_id,
            "text": exchange.text,
            "codes": list(decision.codes),
            "kind": "accepted" if decision.accepted else "corrected",
            "setting": exchange.setting.value,
            "date": exchange.day.isoformat(),
        }
