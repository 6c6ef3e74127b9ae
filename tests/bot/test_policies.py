"""Local policies: proposed, approved, revised, withdrawn; and what they change in answers."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from answer_support import TODAY, question
from journal_samples import REPOSITORY
from review_support import ANA, LEE, VIC, Clock

from bot.answer import Answer, Kind, Setting
from bot.assistant import Assistant
from bot.drafting.rules import RulesDrafter
from bot.journal import Journal
from bot.local_policies import LocalPolicies
from bot.review.configured import validator
from bot.review.desk import Desk
from bot.review.errors import NotPermittedError, PolicyError, UnknownPolicyError
from bot.review.facts import facts_from
from bot.review.policies import PolicyState, PolicyTerms
from bot.review.records import CodeVerdict, Verdict
from codesets.models import System
from retrieval.local import LocalIndex, meaning

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.runtime import Runtime
    from codesets.releases import ReleaseStore

ASKED = "type 2 diabetes with high sugar"
TERMS = PolicyTerms(
    pattern=ASKED,
    codes=("E11.65",),
    reason="High sugar in our notes means hyperglycemia.",
    effective_from=date(2026, 10, 1),
    instead_of=("E11.9",),
)


@pytest.fixture
def desk(database_url: str, store: ReleaseStore) -> Iterator[Desk]:
    with Journal(database_url) as journal:
        yield _desk(journal, store)


def _desk(journal: Journal, store: ReleaseStore) -> Desk:
    return Desk(
        journal,
        facts=facts_from(store),
        validate=validator(store),
        release_end=lambda day: store.for_date(System.ICD10CM, day).effective_to,
        clock=Clock(datetime(2026, 11, 22, 9, 0, tzinfo=UTC)),
    )


# The book


def test_a_policy_is_numbered_approved_and_cited(desk: Desk) -> None:
    first = desk.policies.propose(ANA, TERMS)
    second = desk.policies.propose(ANA, replace(TERMS, pattern="other words"))
    assert (first.number, second.number, first.state) == (1, 2, PolicyState.PROPOSED)
    assert desk.policies.book().in_force(TODAY, "outpatient") == ()
    approved = desk.policies.approve(LEE, 1)
    assert approved.label == "local policy 1, approved by ULEE on 2026-11-22"
    assert desk.policies.book().in_force(TODAY, "outpatient") == (approved,)
    assert desk.journal.verify().ok


def test_only_leads_approve_and_withdraw(desk: Desk) -> None:
    with pytest.raises(NotPermittedError):
        desk.policies.propose(VIC, TERMS)
    desk.policies.propose(ANA, TERMS)
    for act in (lambda: desk.policies.approve(ANA, 1), lambda: desk.policies.withdraw(ANA, 1, "x")):
        with pytest.raises(NotPermittedError):
            act()


def test_a_policy_ends_with_its_release_unless_it_says_otherwise(desk: Desk) -> None:
    assert desk.policies.propose(ANA, TERMS).effective_to == date(2027, 3, 31)
    longer = replace(TERMS, effective_to=date(2028, 1, 1))
    assert desk.policies.propose(ANA, longer).effective_to == date(2028, 1, 1)
    desk.policies.approve(LEE, 1)
    book = desk.policies.book()
    for day, count in ((date(2026, 9, 30), 0), (date(2026, 10, 1), 1), (date(2027, 3, 31), 1),
                       (date(2027, 4, 1), 0)):  # fmt: skip
        assert len(book.in_force(day, "inpatient")) == count


def test_a_revision_waits_while_the_approved_version_governs(desk: Desk) -> None:
    desk.policies.propose(ANA, TERMS)
    desk.policies.approve(LEE, 1)
    revised = desk.policies.revise(ANA, 1, replace(TERMS, codes=("E11.69",)))
    assert (revised.version, revised.state) == (2, PolicyState.PROPOSED)
    (now,) = desk.policies.book().in_force(TODAY, "outpatient")
    assert (now.version, now.codes) == (1, ("E11.65",))
    desk.policies.approve(LEE, 1)
    (now,) = desk.policies.book().in_force(TODAY, "outpatient")
    assert (now.version, now.codes) == (2, ("E11.69",))
    assert [v.state for v in desk.policies.book().versions(1)] == [
        PolicyState.WITHDRAWN,
        PolicyState.APPROVED,
    ]


def test_a_withdrawn_policy_governs_nothing_and_says_why(desk: Desk) -> None:
    desk.policies.propose(ANA, TERMS)
    desk.policies.approve(LEE, 1)
    assert desk.policies.withdraw(LEE, 1, "wrong after all").ended == "wrong after all"
    assert desk.policies.book().in_force(TODAY, "outpatient") == ()
    with pytest.raises(PolicyError, match="withdrawn already"):
        desk.policies.withdraw(LEE, 1, "again")
    with pytest.raises(PolicyError, match="revise it first"):
        desk.policies.approve(LEE, 1)
    with pytest.raises(UnknownPolicyError):
        desk.policies.approve(LEE, 9)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"pattern": " ?"}, "needs the question"),
        ({"pattern": "x" * 601}, "up to 600"),
        ({"codes": ()}, "at least one code"),
        ({"codes": ("E11",)}, "not valid"),
        ({"codes": ("E11.999",)}, "E11.999"),
        ({"codes": ("E11.65",), "instead_of": ("e11.65",)}, "for a code and against"),
        ({"reason": " "}, "needs its reason"),
        ({"effective_to": date(2026, 1, 1)}, "before it begins"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(
    desk: Desk, changes: dict[str, object], says: str
) -> None:
    with pytest.raises(PolicyError, match=says):
        desk.policies.propose(ANA, replace(TERMS, **changes))  # type: ignore[arg-type]  # a table


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("AKI", "acute kidney injury", True),
        ("Type 2 diabetes with high sugar", "type II diabetes, with high sugar.", True),
        ("left knee pain", "right knee pain", False),
        ("knee pain", "left knee pain", False),
        ("no diabetes, hypertension", "no hypertension, diabetes", False),
        ("type 1 diabetes", "type 2 diabetes", False),
        ("CKD stage 3a", "CKD stage 3b", False),
        ("suspected pneumonia", "pneumonia", False),
        ("history of stroke", "stroke", False),
    ],
)
def test_only_the_same_question_has_the_same_meaning(one: str, other: str, same: bool) -> None:
    assert bool(meaning(one) & meaning(other)) is same


# The next answer


@pytest.fixture
def governed(built_runtime: Runtime, store: ReleaseStore, desk: Desk, tmp_path: Path) -> Assistant:
    """The real pipeline with policies, the index of which is written into a folder of its own."""
    return Assistant(
        store,
        built_runtime.searcher,
        desk.journal,
        RulesDrafter(),
        built_runtime.guidelines,
        local=LocalPolicies(desk.policies, store, LocalIndex(tmp_path, built_runtime.embedder)),
    )


def test_a_rejected_answer_turned_into_a_policy_changes_the_next_answer(
    governed: Assistant, desk: Desk
) -> None:
    before = governed.answer(question(ASKED))
    codes = [each.code for each in before.suggestions]
    assert "E11.65" not in codes
    desk.decide(
        ANA,
        before.exchange_id,
        [CodeVerdict(code, Verdict.WRONG_CODE, "E11.65") for code in codes]
        or [CodeVerdict("", Verdict.UNDER_CODED, "E11.65")],
    )
    desk.policies.propose(ANA, replace(TERMS, instead_of=tuple(codes), source=before.exchange_id))
    assert [s.code for s in governed.answer(question(ASKED)).suggestions] == codes
    desk.policies.approve(LEE, 1)

    after = governed.answer(question("Type II diabetes, with high sugar"))
    (first,) = after.suggestions
    assert (first.code, first.valid) == ("E11.65", True)
    assert after.text[first.evidence[0].start : first.evidence[0].end] == first.evidence[0].quote
    cited = {each.id: each for each in after.citations}
    assert cited["local:policy-1:v1"].locator == "local policy 1, approved by ULEE on 2026-11-22"
    assert after.citations[0].id == "local:policy-1:v1"
    assert first.citations[0] == "local:policy-1:v1"
    assert cited[first.citations[1]].locator == "E11.65"
    assert "asks for E11.65" in after.cautions[0] or "decides this" in after.cautions[0]
    stored = desk.journal.get(after.exchange_id)
    assert stored.answer["suggestions"][0]["code"] == "E11.65"

    desk.policies.withdraw(LEE, 1, "wrong after all")
    assert [s.code for s in governed.answer(question(ASKED)).suggestions] == codes


def test_a_near_question_cites_the_policy_and_changes_nothing(
    governed: Assistant, desk: Desk
) -> None:
    asked = question("type 1 diabetes with high sugar")
    before = governed.answer(asked)
    desk.policies.propose(ANA, TERMS)
    desk.policies.approve(LEE, 1)
    after = governed.answer(asked)
    assert after.suggestions == before.suggestions
    assert after.citations[-1].id == "local:policy-1:v1"
    assert "was not applied" in after.cautions[-1]
    far = governed.answer(question("fracture of the left wrist"))
    assert not [each for each in far.citations if each.id.startswith("local:")]


def test_another_setting_is_not_governed(governed: Assistant, desk: Desk) -> None:
    desk.policies.propose(ANA, replace(TERMS, setting="inpatient"))
    desk.policies.approve(LEE, 1)
    outside = governed.answer(question(ASKED))
    assert not [each for each in outside.citations if each.id.startswith("local:")]
    inside = governed.answer(question(ASKED, Setting.INPATIENT))
    assert (inside.suggestions[0].code, inside.suggestions[0].role) == ("E11.65", "principal")


def test_the_official_rules_are_never_overridden_silently(governed: Assistant, desk: Desk) -> None:
    """E10 and E11 exclude each other: the policy asks for both, and is not followed."""
    before = governed.answer(question(ASKED))
    desk.policies.propose(ANA, replace(TERMS, codes=("E11.65", "E10.65"), instead_of=()))
    desk.policies.approve(LEE, 1)
    after = governed.answer(question(ASKED))
    assert after.suggestions == before.suggestions
    assert "was not followed: the official rules refuse it" in after.cautions[0]
    assert "local:policy-1:v1" in [each.id for each in after.citations]


def test_a_policy_whose_code_the_release_changed_is_obsolete(
    desk: Desk, store: ReleaseStore
) -> None:
    """A code that FY2027 deleted: the policy was made under FY2026 for longer than that."""
    old = store.library_for(System.ICD10CM, date(2026, 9, 30))
    new = store.library_for(System.ICD10CM, date(2026, 10, 1))
    still = {code.code for code in new.valid_codes()}
    gone = next(code.code for code in old.valid_codes() if code.code not in still)
    terms = replace(
        TERMS, codes=(gone,), effective_from=date(2026, 9, 1), effective_to=date(2027, 9, 30)
    )
    desk.policies.propose(ANA, terms)
    desk.policies.approve(LEE, 1)
    policies = LocalPolicies(desk.policies, store)

    def answered(day: date) -> Answer:
        asked = question(ASKED, day=day)
        blank = Answer("0" * 8, Kind.REFUSAL, asked.setting, day, {}, "Nothing found.", text=ASKED)
        return policies.apply(blank, asked, ASKED)

    assert [each.code for each in answered(date(2026, 9, 30)).suggestions] == [gone]
    now = answered(TODAY)
    assert now.suggestions == ()
    assert "no longer has its codes" in now.cautions[0]
    assert answered(date(2027, 10, 1)).cautions == ()


OTHER_PROCESS = """
import sys
from datetime import date
from bot.journal import Journal
from bot.review.desk import Desk
from bot.review.policies import PolicyTerms
from bot.review.records import Access, Person
lead = Person("UOTHER", Access.LEAD)
desk = Desk(Journal(sys.argv[1]))
desk.policies.propose(lead, PolicyTerms(sys.argv[2], ("E11.65",), "as agreed", date(2026, 10, 1)))
desk.policies.approve(lead, 1)
"""


def test_what_another_process_approves_governs_the_next_answer(
    governed: Assistant, desk: Desk, database_url: str
) -> None:
    before = governed.answer(question(ASKED))
    assert before.citations[0].id != "local:policy-1:v1"
    subprocess.run(
        [sys.executable, "-c", OTHER_PROCESS, database_url, ASKED], cwd=REPOSITORY, check=True
    )
    after = governed.answer(question(ASKED))
    assert after.suggestions[0].code == "E11.65"
    assert "approved by UOTHER" in after.citations[0].locator
