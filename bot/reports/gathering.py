"""The material of a report, gathered from the desk."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.reports.figures import Material
from bot.review.deriving import FEEDBACK
from bot.review.desk import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from bot.review.desk import Desk


def gather(
    desk: Desk, since: date, until: date, clock: Callable[[], datetime] = utc_now
) -> Material:
    """Everything asked on the days from ``since`` to ``until``, both counted, in UTC.

    The journal's head stands in the report, so that it can be held against the chain later.
    """
    desk.catch_up()
    first = datetime.combine(since, time(), UTC)
    end = datetime.combine(until + timedelta(days=1), time(), UTC)
    cases = desk.store.cases_between(first, end)
    names = {case.exchange_id for case in cases}
    said = (e for e in desk.store.events(FEEDBACK) if e.exchange_id in names)
    return Material(
        since=since,
        until=until,
        made_at=clock(),
        head=desk.journal.head(),
        cases=cases,
        verdicts=desk.store.verdicts(first, end),
        feedback=[event.document["feedback"] for event in said],
        groups=desk.people.groups(),
        agreement=desk.agreement(),
        queue=desk.tally(),
    )
