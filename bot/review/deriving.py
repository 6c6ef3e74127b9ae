"""What follows from an event: the case as the queue shows it, the judged codes of a decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.review import verdicts as judging
from bot.review.records import CodeVerdict, Decision, Feedback, Reason, State, Verdict
from bot.review.sampling import SamplingRules, urgency

if TYPE_CHECKING:
    from bot.journal.reviews import Change, Event
    from bot.review.records import Case

CLAIMED, RELEASED, COMMENTED = "claimed", "released", "commented"
VERDICT, SECOND_ASKED, FEEDBACK = "verdict", "second-asked", "feedback"
DERIVED = frozenset({CLAIMED, RELEASED, VERDICT, SECOND_ASKED, FEEDBACK})

_FEEDBACK_REASONS = {
    Feedback.EDITED: Reason.EDITED,
    Feedback.REJECTED: Reason.REJECTED,
    Feedback.ESCALATED: Reason.ESCALATED,
}


def after(change: Change, case: Case, event: Event, rules: SamplingRules) -> Case:
    """The case as it is after an event."""
    if event.kind == CLAIMED:
        until = datetime.fromisoformat(event.document["until"])
        return replace(case, holder=event.actor, held_until=until)
    if event.kind == RELEASED:
        return replace(case, holder="", held_until=None)
    if event.kind == FEEDBACK:
        return _after_feedback(case, Feedback(event.document["feedback"]))
    if event.kind == SECOND_ASKED:
        return _after_request(case)
    return _after_verdict(change, case, event, rules)


def _after_feedback(case: Case, what: Feedback) -> Case:
    reason = _FEEDBACK_REASONS.get(what)
    if reason is None:
        return case
    return _reopened(case, reason)


def _after_request(case: Case) -> Case:
    opened = _reopened(case, Reason.REQUESTED)
    return replace(opened, state=State.SECOND) if case.reviewers else opened


def _reopened(case: Case, reason: Reason) -> Case:
    reasons = (*(each for each in case.reasons if each is not Reason.SAMPLED), reason)
    reasons = tuple(dict.fromkeys(reasons))
    traits = ("hcc",) if case.priority % 10 else ()
    state = State.OPEN if case.state in (State.NONE, State.DONE) else case.state
    # A case decided before starts again: its earlier reviewers may judge it anew.
    reviewers = () if case.state is State.DONE and reason is not Reason.REQUESTED else None
    return replace(
        case,
        reasons=reasons,
        priority=urgency(reasons, traits),
        state=state,
        reviewers=case.reviewers if reviewers is None else reviewers,
    )


def _after_verdict(change: Change, case: Case, event: Event, rules: SamplingRules) -> Case:
    decision = decision_of(event)
    change.add_verdicts(
        [
            {
                "event": event.sequence,
                "place": place,
                "exchange_id": decision.exchange_id,
                "at": decision.at,
                "reviewer": decision.reviewer,
                "round": decision.round,
                "code": each.code,
                "role": each.role,
                "verdict": each.verdict.value,
                "right_code": each.right_code,
                "weight": each.weight,
            }
            for place, each in enumerate(decision.verdicts)
        ]
    )
    return replace(
        case,
        state=_next_state(change, case, decision, event.sequence, rules),
        holder="",
        held_until=None,
        reviewers=(*case.reviewers, decision.reviewer),
        outcome="accepted" if decision.accepted else "corrected",
    )


def _next_state(
    change: Change, case: Case, decision: Decision, sequence: int, rules: SamplingRules
) -> State:
    if decision.round == 1:
        again = rules.wants_second(case.exchange_id) or Reason.REQUESTED in case.reasons
        return State.SECOND if again else State.DONE
    if decision.round == 2:
        earlier = [
            decision_of(event)
            for event in change.events(VERDICT, exchange_id=case.exchange_id)
            if event.sequence < sequence
        ]
        first = [each for each in earlier if each.round == 1][-1]
        same = judging.agree(first.verdicts, decision.verdicts) and (first.codes == decision.codes)
        return State.DONE if same else State.ADJUDICATION
    return State.DONE


def decision_of(event: Event) -> Decision:
    """The decision that a verdict event holds."""
    document = event.document
    return Decision(
        exchange_id=event.exchange_id,
        reviewer=event.actor,
        at=event.at,
        round=document["round"],
        verdicts=tuple(
            CodeVerdict(
                row["code"], Verdict(row["verdict"]), row["right_code"], row["note"], row["role"]
            )
            for row in document["verdicts"]
        ),
        codes=tuple(document["codes"]),
        note=document["note"],
    )
