"""The leads' queue on App Home: ids, codes, reasons and times, and never a word of a question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.review.records import Filter, Reason, State
from bot.slack import names
from bot.slack.decision_blocks import button, moment
from bot.slack.modals import option, plain
from bot.slack.packing import context, mrkdwn
from bot.slack.text import escape

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.review.records import Case
    from bot.slack.ports import Block

SHOWN = 10
_CODES = 8


class QueueFilter(StrEnum):
    """Which waiting answers a lead looks at."""

    WAITING = "waiting"
    FREE = "free"
    MINE = "mine"
    ESCALATED = "escalated"
    REJECTED = "rejected"
    EDITED = "edited"
    BROKE_RULE = "broke-rule"
    DISAGREED = "disagreed"
    ABSTAINED = "abstained"
    SAMPLED = "sampled"
    REQUESTED = "requested"


_LABELS = {
    QueueFilter.WAITING: "All that waits",
    QueueFilter.FREE: "Claimed by nobody",
    QueueFilter.MINE: "Claimed by me",
    QueueFilter.ESCALATED: "A lead was asked",
    QueueFilter.REJECTED: "Rejected",
    QueueFilter.EDITED: "Edited",
    QueueFilter.BROKE_RULE: "Broke a rule",
    QueueFilter.DISAGREED: "Drafters disagreed",
    QueueFilter.ABSTAINED: "No code suggested",
    QueueFilter.SAMPLED: "Sampled",
    QueueFilter.REQUESTED: "Second review asked for",
}
_REASONS = {
    Reason.ESCALATED: "🙋 a lead was asked",
    Reason.REJECTED: "⛔ rejected",
    Reason.EDITED: "✏️ edited",
    Reason.BROKE_RULE: "broke a rule",
    Reason.DISAGREED: "drafters disagreed",
    Reason.ABSTAINED: "no code suggested",
    Reason.FAILED: "failed",
    Reason.SAMPLED: "sampled",
    Reason.REQUESTED: "second review asked for",
}
_STATES = {
    State.OPEN: "first review",
    State.SECOND: "second review, blinded",
    State.ADJUDICATION: "reviewers disagree",
}


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The queue as one reviewer's Home shows it."""

    person: str
    now: datetime
    cases: tuple[Case, ...]
    tally: Mapping[str, int]
    filter: QueueFilter


def queue_filter(chosen: QueueFilter, person: str) -> Filter:
    """The desk's filter for a choice on Home."""
    waiting = Filter()
    if chosen is QueueFilter.WAITING:
        return waiting
    if chosen is QueueFilter.FREE:
        return replace(waiting, free=True)
    if chosen is QueueFilter.MINE:
        return replace(waiting, holder=person)
    return replace(waiting, reason=Reason(chosen.value))


def queue_blocks(page: QueuePage) -> list[Block]:
    """The queue as blocks, two for each answer."""
    options = [option(label, each.value) for each, label in _LABELS.items()]
    blocks: list[Block] = [
        {"type": "divider"},
        {"type": "header", "text": plain("Review queue")},
        {"type": "section", "text": mrkdwn(_summary(page.tally))},
        {
            "type": "actions",
            "block_id": "home-filters",
            "elements": [
                {
                    "type": "static_select",
                    "action_id": names.HOME_STATUS,
                    "placeholder": plain("Which answers"),
                    "options": options,
                    "initial_option": next(o for o in options if o["value"] == page.filter.value),
                }
            ],
        },
    ]
    if not page.cases:
        blocks.append(context("Nothing waits under this filter."))
    for case in page.cases:
        blocks.extend(_row(case, page))
    return blocks


def _summary(tally: Mapping[str, int]) -> str:
    waiting = sum(tally.get(state.value, 0) for state in _STATES)
    noun = "answer waits" if waiting == 1 else "answers wait"
    return (
        f"*{waiting} {noun} for a lead*: {tally.get(State.OPEN.value, 0)} for a first review, "
        f"{tally.get(State.SECOND.value, 0)} for a second, "
        f"{tally.get(State.ADJUDICATION.value, 0)} where reviewers disagree. "
        f"{tally.get(State.DONE.value, 0)} decided."
    )


def _row(case: Case, page: QueuePage) -> list[Block]:
    codes = ", ".join(f"`{escape(code)}`" for code in case.codes[:_CODES]) or "_No code suggested_"
    if len(case.codes) > _CODES:
        codes += f" and {len(case.codes) - _CODES} more"
    why = ", ".join(_REASONS[reason] for reason in case.reasons)
    asked = f"<@{case.person}>" if case.door == "slack" else escape(case.door)
    holder = case.held_by(page.now)
    held = ""
    if holder:
        held = " · claimed by " + ("you" if holder == page.person else f"<@{holder}>")
    state = _STATES.get(case.state, case.state.value)
    elements = []
    judged = page.person in case.reviewers
    if judged:
        held += " · judged by you"
    elif not holder:
        elements.append(
            button(names.REVIEW_CLAIM, "Claim", case.exchange_id, spoken="Claim this answer")
        )
    elif holder == page.person:
        elements.append(
            button(names.REVIEW_RELEASE, "Release", case.exchange_id, spoken="Release this answer")
        )
    if not judged and holder in ("", page.person):
        elements.append(
            button(names.REVIEW_OPEN, "Review", case.exchange_id, spoken="Review this answer")
        )
    words = f"{codes}\n{state} · {why}\n{asked} · {moment(case.created_at)}{held}"
    row: list[Block] = [
        {"type": "section", "block_id": f"queue:{case.exchange_id}", "text": mrkdwn(words)}
    ]
    if elements:
        row.append(
            {"type": "actions", "block_id": f"queue-do:{case.exchange_id}", "elements": elements}
        )
    return row
