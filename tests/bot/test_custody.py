"""Retention, legal holds and the export about one person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from journal_samples import NOON, exchange
from review_support import ANA, LEE, Clock, accepted, coded, make_desk

from bot.journal import Journal, UnknownExchangeError
from bot.review.errors import NotPermittedError, ReviewError
from bot.review.records import Feedback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.review.desk import Desk

ONE, TWO, THREE = (exchange(number).exchange_id for number in (1, 2, 3))


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """Three exchanges of two people; the third is 90 days younger. The clock is 100 days on."""
    with Journal(database_url) as journal:
        journal.append(coded(1, "N17.9", person="U1"))
        journal.append(coded(2, "N17.9", person="U2"))
        journal.append(coded(3, "N17.9", person="U1", created_at=NOON + timedelta(days=90)))
        journal.mark_delivered(ONE, "C1", "1.1", NOON)
        desk = make_desk(journal, clock=Clock(NOON + timedelta(days=100)))
        desk.comment(ANA, ONE, "looks right")
        desk.decide(ANA, ONE, accepted("N17.9"))
        yield desk


def test_what_is_old_enough_goes_and_the_chain_stays_whole(desk: Desk) -> None:
    head = desk.journal.verify().head
    found = desk.custody.expired(30)
    assert (found.due, found.held) == ((ONE, TWO), 0)
    done = desk.custody.remove_expired(LEE, 30)
    assert (done.due, done.removed_rows) == ((ONE, TWO), 5)
    assert [row.exchange_id for row in desk.journal.list()] == [THREE]
    with pytest.raises(UnknownExchangeError):
        desk.journal.get(ONE)
    assert desk.store.events(exchange_id=ONE)[0].kind == "purged"
    proof = desk.journal.verify(head)
    assert (proof.ok, proof.removed) == (True, 5)
    assert desk.custody.expired(30).due == ()


def test_figures_outlive_the_content_without_the_person(desk: Desk) -> None:
    desk.custody.remove_expired(LEE, 30)
    for _ in range(2):
        case = desk.store.case(ONE)
        assert case is not None
        assert (case.outcome, case.codes, case.person) == ("accepted", ("N17.9",), "")
        (verdict,) = desk.store.verdicts(NOON, NOON + timedelta(days=1))
        assert verdict["verdict"] == "accepted"
        desk.rebuild()


@pytest.mark.parametrize(
    ("held", "due"),
    [({"person": "U1"}, (TWO,)), ({"exchange_id": TWO}, (ONE,)), ({}, ())],
    ids=["person", "exchange", "everything"],
)
def test_a_legal_hold_keeps_what_it_covers_until_it_is_lifted(
    desk: Desk, held: dict[str, str], due: tuple[str, ...]
) -> None:
    hold = desk.custody.hold(LEE, "subpoena 7", **held)
    assert desk.custody.holds() == (hold,)
    assert desk.custody.expired(30).due == due
    assert desk.custody.expired(30).held == 2 - len(due)
    desk.custody.remove_expired(LEE, 30)
    assert len(desk.journal.list()) == 3 - len(due)
    desk.custody.lift(LEE, hold.number, "settled")
    assert desk.custody.holds() == ()
    desk.custody.remove_expired(LEE, 30)
    assert [row.exchange_id for row in desk.journal.list()] == [THREE]
    with pytest.raises(ReviewError, match="No hold in force has number 1"):
        desk.custody.lift(LEE, 1, "again")
    assert desk.journal.verify().ok


def test_custody_is_for_leads(desk: Desk) -> None:
    for act in (
        lambda: desk.custody.hold(ANA, "x"),
        lambda: desk.custody.lift(ANA, 1, "x"),
        lambda: desk.custody.remove_expired(ANA, 1),
        lambda: desk.custody.about(ANA, "U1"),
    ):
        with pytest.raises(NotPermittedError):
            act()
    with pytest.raises(ReviewError, match="needs its reason"):
        desk.custody.hold(LEE, " ")


def test_everything_about_a_person_is_exported_and_nothing_about_others(desk: Desk) -> None:
    desk.feedback("U1", THREE, Feedback.REJECTED, note="not this")
    desk.feedback("U2", TWO, Feedback.REJECTED, note="nor that")
    document = desk.custody.about(LEE, "U1")
    assert [row["exchange_id"] for row in document["exchanges"]] == [THREE, ONE]
    assert document["exchanges"][0] == desk.journal.get(THREE).to_json()
    assert [row["message_ts"] for row in document["deliveries"]] == ["1.1"]
    assert {(row["kind"], row["exchange_id"]) for row in document["events"]} == {
        ("commented", ONE), ("verdict", ONE), ("feedback", THREE),
    }  # fmt: skip
    assert "nor that" not in str(document)
    assert desk.store.events("exported")[-1].document == {"person": "U1", "exchanges": 2}
