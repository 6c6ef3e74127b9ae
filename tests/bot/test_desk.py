"""The desk: what comes into the queue, who may take it, and what verdicts lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from journal_samples import NOON, exchange
from review_support import (
    ANA,
    BEN,
    EVERYTHING,
    LEE,
    NOBODY,
    NOTHING,
    TWICE,
    VIC,
    Clock,
    accepted,
    coded,
    make_desk,
    wrong,
)

from bot.journal import Journal, Status, UnknownExchangeError
from bot.journal.door import DoorStore
from bot.journal.door_records import DoorEvent, EventKind
from bot.review.errors import (
    AlreadyClaimedError,
    ClosedCaseError,
    NotPermittedError,
    NotYoursError,
    VerdictError,
)
from bot.review.records import (
    Access,
    CodeVerdict,
    Feedback,
    Filter,
    Reason,
    State,
    Verdict,
)
from bot.review.sampling import SamplingRules

if TYPE_CHECKING:
    from collections.abc import Iterator

ONE, TWO, THREE = (exchange(number).exchange_id for number in (1, 2, 3))


@pytest.fixture
def journal(database_url: str) -> Iterator[Journal]:
    with Journal(database_url) as opened:
        yield opened


# What comes into the queue


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": Status.ABSTAINED}, Reason.ABSTAINED),
        ({"status": Status.FAILED}, Reason.FAILED),
        ({"findings": ({"rule": "excludes1", "severity": "error", "codes": [], "message": ""},)},
         Reason.BROKE_RULE),
        ({"answer": {"suggestions": [], "second_opinion": [{"code": "N17.0"}]}}, Reason.DISAGREED),
    ],
)  # fmt: skip
def test_an_exchange_with_a_reason_is_always_in_the_queue(
    journal: Journal, changes: dict[str, Any], reason: Reason
) -> None:
    journal.append(coded(1, "N17.9", **changes))
    journal.append(coded(2, "N17.9"))
    ((item),) = make_desk(journal, NOTHING).queue()
    assert item.case.exchange_id == ONE
    assert item.case.reasons == (reason,)
    assert item.question == "AKI, patient number 1"


def test_a_warning_alone_is_no_broken_rule(journal: Journal) -> None:
    finding = {"rule": "code-first", "severity": "warning", "codes": [], "message": ""}
    journal.append(coded(1, "N17.9", findings=(finding,)))
    assert make_desk(journal, NOTHING).queue() == ()


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (Feedback.REJECTED, Reason.REJECTED),
        (Feedback.EDITED, Reason.EDITED),
        (Feedback.ESCALATED, Reason.ESCALATED),
    ],
)
def test_what_the_asker_did_brings_it_into_the_queue(
    journal: Journal, what: Feedback, reason: Reason
) -> None:
    journal.append(coded(1, "N17.9"))
    desk = make_desk(journal, NOTHING)
    desk.feedback("U1", ONE, Feedback.ACCEPTED)
    assert desk.queue() == ()
    desk.feedback("U1", ONE, what, ("N17.0",), "not what Jane Doe, MRN 1234567, has")
    ((item),) = desk.queue()
    assert item.case.reasons == (reason,)
    said = desk.open(LEE, ONE).history[-1].document
    assert said["codes"] == ["N17.0"]
    assert "1234567" not in said["note"]


def test_the_most_urgent_comes_first_and_pages_follow(journal: Journal) -> None:
    for number in range(1, 7):
        journal.append(coded(number, "N17.9"))
    desk = make_desk(journal, EVERYTHING)
    desk.feedback("U1", THREE, Feedback.REJECTED)
    desk.feedback("U1", TWO, Feedback.ESCALATED)
    order = [item.case.sequence for item in desk.queue()]
    assert order == [2, 3, 1, 4, 5, 6]
    first = desk.queue(limit=2)
    second = desk.queue(limit=3, after=first[-1].case.exchange_id)
    assert [item.case.sequence for item in (*first, *second)] == [2, 3, 1, 4, 5]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Filter(), [1, 2, 3]),
        (Filter(person="U2"), [2]),
        (Filter(drafter="model"), [3]),
        (Filter(family="E11"), [2, 3]),
        (Filter(setting="inpatient"), []),
        (Filter(reason=Reason.ABSTAINED), [3]),
        (Filter(reason=Reason.SAMPLED), [1, 2]),
        (Filter(states=(State.DONE,)), []),
        (Filter(holder="UANA"), [1]),
        (Filter(free=True), [2, 3]),
    ],
)
def test_the_queue_can_be_filtered(journal: Journal, asked: Filter, found: list[int]) -> None:
    journal.append(coded(1, "N17.9", person="U1"))
    journal.append(coded(2, "E11.22", person="U2"))
    journal.append(coded(3, "E11.9", drafter="model", status=Status.ABSTAINED))
    desk = make_desk(journal)
    desk.claim(ANA, ONE)
    assert sorted(item.case.sequence for item in desk.queue(asked)) == found


@pytest.mark.parametrize(
    ("kind", "details", "reason", "said"),
    [
        (EventKind.REJECTED, {"reason": "wrong code", "comment": "see"}, Reason.REJECTED,
         {"feedback": "rejected", "codes": [], "note": "wrong code: see"}),
        (EventKind.EDITED, {"kept": ["N17.9"], "added": ["N18.31"], "comment": ""}, Reason.EDITED,
         {"feedback": "edited", "codes": ["N17.9", "N18.31"], "note": ""}),
        (EventKind.ESCALATED, {"comment": "?", "copies": [["C1", "1.1"]]}, Reason.ESCALATED,
         {"feedback": "escalated", "codes": [], "note": "?"}),
        (EventKind.UNHELPFUL, {}, Reason.REJECTED,
         {"feedback": "rejected", "codes": [], "note": ""}),
        (EventKind.ACCEPTED, {"kept": ["N17.9"]}, None,
         {"feedback": "accepted", "codes": ["N17.9"], "note": ""}),
        (EventKind.QUERIED, {}, None, None),
    ],
)  # fmt: skip
def test_what_is_pressed_in_slack_enters_the_chain_and_the_queue(
    journal: Journal,
    kind: EventKind,
    details: dict[str, Any],
    reason: Reason | None,
    said: dict[str, Any] | None,
) -> None:
    """Buttons of any process, at any time: also before the exchange has a case."""
    journal.append(coded(1, "N17.9", person="U1"))
    DoorStore(journal).tell(DoorEvent(kind, NOON, "T1", "C1", "U1", ONE, details))
    desk = make_desk(journal, NOTHING)
    assert [item.case.reasons for item in desk.queue()] == ([(reason,)] if reason else [])
    events = desk.store.events(exchange_id=ONE)
    assert [(e.kind, e.actor, e.document) for e in events] == (
        [("feedback", "U1", said)] if said else []
    )
    assert journal.verify().ok


# Sampling


def test_a_sample_is_the_same_for_the_same_seed_and_has_the_size_of_its_rate() -> None:
    ids = [f"{number:08x}-aaaa" for number in range(4000)]
    rules = SamplingRules(rate=0.1, seed="one")
    drawn = [name for name in ids if rules.draw(name) < rules.share(())]
    again = SamplingRules(rate=0.1, seed="one")
    assert drawn == [name for name in ids if again.draw(name) < again.share(())]
    assert 330 < len(drawn) < 470
    other = SamplingRules(rate=0.1, seed="two")
    assert drawn != [name for name in ids if other.draw(name) < other.share(())]
    wider = SamplingRules(rate=0.2, seed="one")
    assert set(drawn) < {name for name in ids if wider.draw(name) < wider.share(())}


@pytest.mark.parametrize(
    ("trait", "share"),
    [("family:E11", 0.2), ("drafter:model", 0.3), ("person:U9", 0.4), ("new", 0.5),
     ("hcc", 0.6), ("mcc", 0.7), ("cc", 0.8), ("setting:inpatient", 1.0), ("family:I10", 0.1)],
)  # fmt: skip
def test_risk_raises_the_rate(trait: str, share: float) -> None:
    weights = {
        "family:E11": 2, "drafter:model": 3, "person:U9": 4, "new": 5, "hcc": 6, "mcc": 7,
        "cc": 8, "setting:inpatient": 90,
    }  # fmt: skip
    assert SamplingRules(rate=0.1, weights=weights).share([trait]) == share


def test_the_draw_and_its_share_are_kept_with_the_case(journal: Journal) -> None:
    journal.append(coded(1, "E11.22", person="U9"))
    rules = SamplingRules(rate=0.1, weights={"person:U9": 4.0, "family:E11": 2.0})
    desk = make_desk(journal, rules)
    desk.catch_up()
    case = desk.store.case(ONE)
    assert case is not None
    assert (case.draw, case.share) == (rules.draw(ONE), 0.8)


# Claims


def test_a_claim_keeps_others_out_until_it_is_released_or_runs_out(journal: Journal) -> None:
    journal.append(coded(1, "N17.9"))
    clock = Clock()
    desk = make_desk(journal, clock=clock)
    desk.claim(ANA, ONE)
    assert desk.claim(ANA, ONE).holder == "UANA"
    with pytest.raises(AlreadyClaimedError, match="UANA has claimed"):
        desk.claim(BEN, ONE)
    with pytest.raises(NotYoursError):
        desk.release(BEN, ONE)
    desk.release(ANA, ONE)
    desk.claim(BEN, ONE)
    desk.release(LEE, ONE)
    desk.claim(ANA, ONE)
    clock.move(hours=8)
    assert desk.claim(BEN, ONE).holder == "UBEN"


def test_access_is_held_to(journal: Journal) -> None:
    journal.append(coded(1, "N17.9"))
    desk = make_desk(journal)
    for person in (VIC, NOBODY):
        for act in (
            lambda person=person: desk.claim(person, ONE),
            lambda person=person: desk.release(person, ONE),
            lambda person=person: desk.comment(person, ONE, "x"),
            lambda person=person: desk.decide(person, ONE, accepted("N17.9")),
            lambda person=person: desk.ask_second(person, ONE),
        ):
            with pytest.raises(NotPermittedError):
                act()
    assert desk.open(VIC, ONE).case.exchange_id == ONE
    with pytest.raises(NotPermittedError):
        desk.open(NOBODY, ONE)
    assert journal.verify().rows == 1


def test_leads_give_access_and_configuration_names_leads(journal: Journal) -> None:
    desk = make_desk(journal, leads=("ULEE",))
    assert desk.person("ULEE").access is Access.LEAD
    assert desk.person("UANA").access is Access.NONE
    with pytest.raises(NotPermittedError):
        desk.people.grant(ANA, "UANA", Access.LEAD)
    desk.people.grant(LEE, "UANA", Access.REVIEWER, "Cardiology")
    desk.people.grant(LEE, "ULEE", Access.NONE, "Coding")
    assert [(p.id, p.access, p.group) for p in desk.people.all()] == [
        ("UANA", Access.REVIEWER, "Cardiology"),
        ("ULEE", Access.LEAD, "Coding"),
    ]


# Verdicts


def test_an_accepted_answer_is_done(journal: Journal) -> None:
    journal.append(coded(1, "E11.22", "N18.31"))
    desk = make_desk(journal)
    decision = desk.decide(ANA, ONE, accepted("E11.22", "N18.31"), note="fine")
    assert (decision.round, decision.accepted, decision.severity) == (1, True, 0)
    assert decision.codes == ("E11.22", "N18.31")
    case = desk.open(LEE, ONE).case
    assert (case.state, case.outcome, case.reviewers) == (State.DONE, "accepted", ("UANA",))
    assert desk.queue() == ()
    with pytest.raises(ClosedCaseError):
        desk.decide(BEN, ONE, accepted("E11.22", "N18.31"))


@pytest.mark.parametrize(
    ("verdicts", "sequence", "codes", "severity"),
    [
        ([("E11.9", "wrong-code", "E11.22"), ("I10", "accepted", "")], (), ("E11.22", "I10"), 2),
        ([("E11.9", "accepted", ""), ("I10", "unsupported", "")], (), ("E11.9",), 1),
        ([("E11.9", "accepted", ""), ("I10", "over-coded", "")], (), ("E11.9",), 1),
        ([("E11.9", "over-coded", "R73.9"), ("I10", "accepted", "")], (), ("R73.9", "I10"), 2),
        ([("E11.9", "under-coded", "E11.65"), ("I10", "accepted", "")], (), ("E11.65", "I10"), 2),
        ([("E11.9", "accepted", ""), ("I10", "accepted", ""), ("", "under-coded", "Z79.4")],
         (), ("E11.9", "I10", "Z79.4"), 1),
        ([("E11.9", "wrong-sequence", ""), ("I10", "wrong-sequence", "")],
         ("I10", "E11.9"), ("I10", "E11.9"), 3),
        ([("E11.9", "guideline-misread", "E13.9"), ("I10", "accepted", "")],
         (), ("E13.9", "I10"), 2),
        ([("E11.9", "documentation-insufficient", ""), ("I10", "accepted", "")], (), ("I10",), 2),
    ],
)  # fmt: skip
def test_verdicts_give_the_right_codes_and_an_auditors_severity(
    journal: Journal,
    verdicts: list[tuple[str, str, str]],
    sequence: tuple[str, ...],
    codes: tuple[str, ...],
    severity: int,
) -> None:
    journal.append(coded(1, "E11.9", "I10"))
    said = [CodeVerdict(code, Verdict(what), right) for code, what, right in verdicts]
    decision = make_desk(journal).decide(ANA, ONE, said, sequence=sequence)
    assert decision.codes == codes
    assert decision.severity == severity
    assert not decision.accepted


@pytest.mark.parametrize(
    ("verdicts", "sequence", "says"),
    [
        ([("E11.9", "accepted", "")], (), "exactly one verdict: E11.9, I10"),
        ([("E11.9", "accepted", "")] * 2, (), "exactly one verdict"),
        ([("E11.9", "wrong-code", ""), ("I10", "accepted", "")], (), "needs the right code"),
        ([("E11.9", "under-coded", ""), ("I10", "accepted", "")], (), "needs the right code"),
        ([("E11.9", "wrong-code", "e11.9"), ("I10", "accepted", "")], (), "one that was given"),
        ([("E11.9", "wrong-code", "Z99.9"), ("I10", "accepted", "")], (), "not valid"),
        ([("E11.9", "accepted", "E11.22"), ("I10", "accepted", "")], (), "keeps the code"),
        ([("E11.9", "accepted", ""), ("I10", "accepted", ""), ("", "accepted", "")], (), "lacked"),
        ([("E11.9", "wrong-sequence", ""), ("I10", "accepted", "")], (), "needs the right one"),
        ([("E11.9", "wrong-sequence", ""), ("I10", "accepted", "")], ("I10",), "must name"),
    ],
)  # fmt: skip
def test_a_verdict_that_does_not_fit_is_refused_whole(
    journal: Journal, verdicts: list[tuple[str, str, str]], sequence: tuple[str, ...], says: str
) -> None:
    journal.append(coded(1, "E11.9", "I10"))
    desk = make_desk(journal)
    said = [CodeVerdict(code, Verdict(what), right) for code, what, right in verdicts]
    with pytest.raises(VerdictError, match=says):
        desk.decide(ANA, ONE, said, sequence=sequence)
    assert desk.decisions(ONE) == ()
    assert desk.open(LEE, ONE).case.state is State.OPEN


def test_verdicts_are_events_and_a_later_one_leaves_the_first(journal: Journal) -> None:
    journal.append(coded(1, "N17.9"))
    desk = make_desk(journal)
    desk.decide(ANA, ONE, accepted("N17.9"))
    desk.feedback("U1", ONE, Feedback.REJECTED)
    desk.decide(ANA, ONE, wrong("N17.9", "N17.0"))
    assert [d.codes for d in desk.decisions(ONE)] == [("N17.9",), ("N17.0",)]
    assert journal.verify().ok


# Second review


def test_a_second_reviewer_sees_no_verdict_and_disagreement_goes_to_a_lead(
    journal: Journal,
) -> None:
    journal.append(coded(1, "N17.9"))
    desk = make_desk(journal, TWICE)
    desk.comment(ANA, ONE, "tubular necrosis is documented")
    desk.decide(ANA, ONE, wrong("N17.9", "N17.0"), note="see the biopsy")
    assert desk.tally()["second"] == 1
    for act in (desk.claim, lambda p, e: desk.decide(p, e, accepted("N17.9"))):
        with pytest.raises(NotYoursError):
            act(ANA, ONE)

    seen = desk.open(BEN, ONE)
    assert seen.blinded
    assert seen.decisions == ()
    assert seen.case.reviewers == ()
    assert "N17.0" not in repr(seen.history)
    assert all(
        line.document == {} for line in seen.history if line.kind in ("verdict", "commented")
    )
    assert {line.actor for line in seen.history} == {"another reviewer"}
    assert not desk.open(ANA, ONE).blinded

    desk.decide(BEN, ONE, accepted("N17.9"))
    assert len(desk.open(BEN, ONE).decisions) == 2
    assert desk.open(LEE, ONE).case.state is State.ADJUDICATION
    with pytest.raises(NotPermittedError):
        desk.claim(type(ANA)("UCAT", Access.REVIEWER), ONE)
    final = desk.decide(LEE, ONE, wrong("N17.9", "N17.0"))
    assert final.round == 3
    assert desk.open(LEE, ONE).case.state is State.DONE


def test_two_who_agree_are_done(journal: Journal) -> None:
    journal.append(coded(1, "N17.9"))
    desk = make_desk(journal, TWICE)
    desk.decide(ANA, ONE, wrong("N17.9", "N17.0"))
    desk.decide(BEN, ONE, wrong("N17.9", "n17.0"))
    assert desk.open(LEE, ONE).case.state is State.DONE


def test_a_second_review_can_be_asked_for(journal: Journal) -> None:
    for number in (1, 2):
        journal.append(coded(number, "N17.9"))
    desk = make_desk(journal)
    desk.decide(ANA, ONE, accepted("N17.9"))
    assert desk.ask_second(LEE, ONE).state is State.SECOND
    with pytest.raises(ClosedCaseError):
        desk.ask_second(LEE, ONE)
    desk.ask_second(LEE, TWO)
    desk.decide(ANA, TWO, accepted("N17.9"))
    assert desk.open(LEE, TWO).case.state is State.SECOND


def test_kappa_is_over_every_code_judged_twice(journal: Journal) -> None:
    desk = make_desk(journal, TWICE)
    assert desk.agreement().kappa is None
    table = [("yes", "yes")] * 4 + [("yes", "no")] * 1 + [("no", "yes")] * 2 + [("no", "no")] * 3
    for number, (one, other) in enumerate(table, start=1):
        journal.append(coded(number, "N17.9"))
        for person, said in ((ANA, one), (BEN, other)):
            verdicts = accepted("N17.9") if said == "yes" else wrong("N17.9", "N17.0")
            desk.decide(person, exchange(number).exchange_id, verdicts)
    found = desk.agreement()
    assert (found.codes, found.observed) == (10, 0.7)
    assert found.kappa == pytest.approx(0.4)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.4 < found.high


# The derived cases


def test_everything_derived_can_be_derived_again(journal: Journal) -> None:
    for number in range(1, 5):
        journal.append(coded(number, "N17.9"))
    desk = make_desk(journal, TWICE)
    desk.feedback("U1", ONE, Feedback.REJECTED)
    desk.claim(ANA, TWO)
    desk.decide(ANA, THREE, wrong("N17.9", "N17.0"))
    desk.decide(BEN, THREE, accepted("N17.9"))
    names = (ONE, TWO, THREE, exchange(4).exchange_id)
    before = [desk.store.case(name) for name in names]
    assert desk.rebuild() == 4
    assert [desk.store.case(name) for name in names] == before


def test_an_unknown_exchange_is_said_to_be_unknown(journal: Journal) -> None:
    desk = make_desk(journal)
    with pytest.raises(UnknownExchangeError):
        desk.claim(ANA, "nonesuch")
    with pytest.raises(UnknownExchangeError):
        desk.feedback("U1", "nonesuch", Feedback.REJECTED)
