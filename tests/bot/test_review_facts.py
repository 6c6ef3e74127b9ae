"""What the queue knows of codes: families, chapters, what pays, what a release introduced."""

from __future__ import annotations

import traceback
from datetime import date
from typing import TYPE_CHECKING

import pytest
from journal_samples import exchange
from review_support import ANA, coded, make_desk
from sqlalchemy import text

from bot.journal import Journal, JournalUnavailableError
from bot.review.configured import titles, validator
from bot.review.errors import VerdictError
from bot.review.facts import case_of, facts_from
from bot.review.records import Reason
from bot.review.sampling import SamplingRules
from codesets.models import System

if TYPE_CHECKING:
    from codesets.releases import ReleaseStore

TODAY, BEFORE = date(2026, 11, 21), date(2026, 9, 30)


def introduced(store: ReleaseStore) -> str:
    """A code that FY2027 has and FY2026-04 has not."""
    old = {code.code for code in store.library_for(System.ICD10CM, BEFORE).valid_codes()}
    new = store.library_for(System.ICD10CM, TODAY)
    return next(code.code for code in new.valid_codes() if code.code not in old)


@pytest.mark.parametrize(
    ("code", "chapter", "topic", "trait"),
    [
        ("A41.9", "1", "A41 Other sepsis", "mcc"),
        ("N17.9", "14", "N17 Acute kidney failure", "cc"),
        ("E11.22", "4", "E11 Type 2 diabetes mellitus", "hcc"),
        ("I10", "9", "I10 Essential (primary) hypertension", ""),
    ],
)
def test_an_official_code(
    store: ReleaseStore, code: str, chapter: str, topic: str, trait: str
) -> None:
    found = facts_from(store)(code, TODAY)
    assert (found.family, found.chapter, found.topic) == (code[:3], chapter, topic)
    assert (trait in found.traits) if trait else found.traits == ()


def test_a_code_is_new_in_the_release_that_introduced_it(store: ReleaseStore) -> None:
    facts = facts_from(store)
    assert "new" in facts(introduced(store), TODAY).traits
    assert "new" not in facts("I10", TODAY).traits
    # The oldest release cannot tell what it introduced.
    assert "new" not in facts("I10", BEFORE).traits


@pytest.mark.parametrize(
    ("code", "family"), [("J1885", "J"), ("Q99.999", "Q99"), ("0DTJ4ZZ", "0DT")]
)
def test_what_no_release_knows_keeps_its_family(
    store: ReleaseStore, code: str, family: str
) -> None:
    found = facts_from(store)(code, TODAY)
    assert (found.family, found.chapter, found.traits) == (family, "", ())


def test_risk_raises_the_share_of_a_real_exchange(store: ReleaseStore) -> None:
    rules = SamplingRules(rate=0.1, weights={"mcc": 5.0, "new": 3.0, "chapter:14": 2.0})
    facts = facts_from(store)

    def share(*codes: str) -> float:
        return case_of(1, coded(1, *codes), facts, rules).share

    assert share("I10") == 0.1
    assert share("A41.9", "I10") == 0.5
    assert share("A41.9", "N17.9") == 1.0
    assert share(introduced(store)) == 0.3


def test_a_code_that_pays_comes_before_one_that_does_not(store: ReleaseStore) -> None:
    facts, rules = facts_from(store), SamplingRules(rate=1.0, weights={})
    plain = case_of(1, coded(1, "I10"), facts, rules)
    paid = case_of(2, coded(2, "A41.9"), facts, rules)
    assert plain.reasons == paid.reasons == (Reason.SAMPLED,)
    assert paid.priority > plain.priority


@pytest.mark.parametrize(
    ("typed", "printed"), [("e1122", "E11.22"), (" I10 ", "I10"), ("n18.31", "N18.31")]
)
def test_a_right_code_is_kept_as_printed(store: ReleaseStore, typed: str, printed: str) -> None:
    assert validator(store)(typed, TODAY) == printed


@pytest.mark.parametrize("typed", ["E11", "E11.999", "nonsense", "", "J1885", "99213"])
def test_a_right_code_must_be_valid_on_the_day(store: ReleaseStore, typed: str) -> None:
    with pytest.raises(VerdictError):
        validator(store)(typed, TODAY)


def test_titles_are_the_days_and_never_the_amas(store: ReleaseStore) -> None:
    title = titles(store)
    assert title("I10", TODAY) == "Essential (primary) hypertension"
    assert title("99213", TODAY) == ""
    assert title("Q99.999", TODAY) == ""


def test_a_failing_journal_repeats_no_comment(journal: Journal) -> None:
    journal.append(coded(1, "N17.9"))
    desk = make_desk(journal)
    desk.catch_up()
    with journal._writer.begin() as connection:
        connection.execute(
            text("CREATE TRIGGER no_more BEFORE INSERT ON review_events "
                 "BEGIN SELECT RAISE(ABORT, 'not today'); END")
        )  # fmt: skip
    planted = "the uncommonly long remark of a reviewer"
    with pytest.raises(JournalUnavailableError, match="a rule of the journal forbids") as caught:
        desk.comment(ANA, exchange(1).exchange_id, planted)
    shown = "".join(traceback.format_exception(caught.value)).replace("planted)", "")
    assert "uncommonly" not in shown
    assert journal.verify().ok
