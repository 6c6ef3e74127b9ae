"""What may be handed off: the codes of an exchange that a person accepted, and who that was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.review.deriving import FEEDBACK, VERDICT, decision_of
from bot.review.errors import HandOffError
from bot.review.printed import system_of
from bot.review.records import Feedback, State

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from bot.answer import Setting
    from bot.review.desk import Desk
    from codesets.models import System


@dataclass(frozen=True, slots=True)
class AcceptedCode:
    """One code in its place: ``rank`` 1 is principal or first-listed among its system's codes."""

    system: System
    code: str
    title: str
    rank: int


@dataclass(frozen=True, slots=True)
class HandOff:
    """The accepted codes of one exchange, with who accepted them and when.

    ``role`` is ``reviewer`` or, where only the one who asked accepted, ``asker``. ``day`` is the
    date of service (discharge for inpatient).
    """

    exchange_id: str
    day: date
    setting: Setting
    codes: tuple[AcceptedCode, ...]
    person: str
    role: str
    at: datetime
    releases: dict[str, str]
    drafter: str

    def of(self, *systems: System) -> tuple[AcceptedCode, ...]:
        """The codes of these systems, in order."""
        return tuple(each for each in self.codes if each.system in systems)


def accepted(
    desk: Desk, exchange_id: str, title_of: Callable[[str, date], str] = lambda _code, _day: ""
) -> HandOff:
    """The accepted codes of an exchange. Raises HandOffError where nobody has accepted any yet."""
    exchange = desk.journal.get(exchange_id)
    desk.catch_up()
    case = desk.store.case(exchange.exchange_id)
    if case is not None and case.state in (State.SECOND, State.ADJUDICATION):
        raise HandOffError("That exchange is still under review; hand it off when it is decided.")
    events = desk.store.events(VERDICT, FEEDBACK, exchange_id=exchange.exchange_id)
    if not events:
        raise HandOffError("Nobody has accepted codes of that exchange yet.")
    last = events[-1]
    if last.kind == VERDICT:
        codes: tuple[str, ...] = decision_of(last).codes
    elif last.document["feedback"] == Feedback.ACCEPTED.value:
        codes = tuple(last.document["codes"]) or tuple(
            row["code"] for row in exchange.answer.get("suggestions", ())
        )
    else:
        raise HandOffError("That answer was not accepted; a reviewer must judge it first.")
    if not codes:
        raise HandOffError("No code of that exchange was accepted.")
    return HandOff(
        exchange_id=exchange.exchange_id,
        day=exchange.day,
        setting=exchange.setting,
        codes=_ranked(codes, exchange.day, title_of),
        person=last.actor,
        role="reviewer" if last.kind == VERDICT else "asker",
        at=last.at,
        releases=exchange.releases,
        drafter=exchange.drafter,
    )


def _ranked(
    codes: tuple[str, ...], day: date, title_of: Callable[[str, date], str]
) -> tuple[AcceptedCode, ...]:
    ranks: dict[System, int] = {}
    found = []
    for code in codes:
        system = system_of(code)
        ranks[system] = ranks.get(system, 0) + 1
        found.append(AcceptedCode(system, code, title_of(code, day), ranks[system]))
    return tuple(found)
