"""A desk with three people, on a journal of either database."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from journal_samples import NOON, exchange

from bot.journal import Exchange, Journal
from bot.review.desk import Desk
from bot.review.errors import VerdictError
from bot.review.records import Access, CodeVerdict, Person, Verdict
from bot.review.sampling import SamplingRules

LEE = Person("ULEE", Access.LEAD)
ANA = Person("UANA", Access.REVIEWER)
BEN = Person("UBEN", Access.REVIEWER)
VIC = Person("UVIC", Access.VIEWER)
NOBODY = Person("UNOBODY", Access.NONE)
EVERYTHING = SamplingRules(rate=1.0, second_rate=0.0, weights={})
NOTHING = SamplingRules(rate=0.0, second_rate=0.0, weights={})
TWICE = SamplingRules(rate=1.0, second_rate=1.0, weights={})


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOON + timedelta(days=1)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: int) -> None:
        self.now += timedelta(**by)


def strict(code: str, _day: date) -> str:
    """A code set that knows everything but codes with a Z9."""
    if code.strip().upper().startswith("Z9"):
        raise VerdictError(f"{code} is not valid on that day.")
    return code.strip().upper()


def make_desk(journal: Journal, rules: SamplingRules = EVERYTHING, **more: Any) -> Desk:
    values: dict[str, Any] = {"clock": Clock(), "validate": strict}
    return Desk(journal, rules=rules, **(values | more))


def coded(number: int, *codes: str, **changes: Any) -> Exchange:
    """An exchange whose answer suggests ``codes``, the first of them first-listed."""
    base = exchange(number)
    answer = dict(base.answer)
    pattern = answer["suggestions"][0]
    answer["suggestions"] = [
        pattern | {"code": code, "findings": [], "role": "secondary" if place else "first-listed"}
        for place, code in enumerate(codes)
    ]
    return exchange(number, **({"answer": answer, "findings": ()} | changes))


def accepted(*codes: str) -> tuple[CodeVerdict, ...]:
    return tuple(CodeVerdict(code, Verdict.ACCEPTED) for code in codes)


def wrong(code: str, right: str) -> tuple[CodeVerdict, ...]:
    return (CodeVerdict(code, Verdict.WRONG_CODE, right),)
