"""The checker of provider queries: leading ones are refused with a reason, compliant ones pass."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import query_cases_fresh
from query_cases_compliant import COMPLIANT
from query_cases_leading import LEADING
from slack_support import answered, question
from typer.testing import CliRunner

from bot.answer import Gap
from bot.clarify import draft_query, query_text
from bot.cli import app
from bot.journal.reviews import ReviewStore
from bot.queries.checking import check
from bot.queries.desk import QueryDesk, QueryError, Step
from bot.queries.forms import Form, Purpose, QueryRefusedError, open_ended, yes_no

if TYPE_CHECKING:
    from bot.journal.store import Journal

LEAST_RECALL = 0.98
LEAST_SPECIFICITY = 0.95
LEAST_CASES = 150
START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def _third(cases: tuple[str, ...], held: bool) -> list[str]:
    """The held-back third, or the rest."""
    return [case for place, case in enumerate(cases) if (place % 3 == 2) is held]


@pytest.mark.parametrize("held", [False, True])
def test_recall_on_leading_and_specificity_on_compliant_queries(held: bool) -> None:
    assert min(len(LEADING), len(COMPLIANT)) >= LEAST_CASES
    leading, compliant = _third(LEADING, held), _third(COMPLIANT, held)
    recall = sum(bool(check(case)) for case in leading) / len(leading)
    specificity = sum(not check(case) for case in compliant) / len(compliant)
    assert recall >= LEAST_RECALL
    assert specificity >= LEAST_SPECIFICITY


def test_queries_written_after_the_last_change() -> None:
    recall = sum(bool(check(case)) for case in query_cases_fresh.LEADING)
    passed = sum(not check(case) for case in query_cases_fresh.COMPLIANT)
    assert recall >= LEAST_RECALL * len(query_cases_fresh.LEADING)
    assert passed >= LEAST_SPECIFICITY * len(query_cases_fresh.COMPLIANT)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("WBC 18. Does the patient have sepsis? Yes / No", "undocumented-diagnosis"),
        ("“Sepsis” is documented. Would sepsis change the DRG?", "payment"),
        ("Sepsis Query\n- “fever”\nWhat was treated?", "leading-title"),
        ("“Anemia” is documented. Would you agree it is acute?", "leading-words"),
        ("“CHF” is documented. Please document acute systolic heart failure.",
         "tells-what-to-document"),
        ("“Fever” is documented.\nCan you clarify?\n[ ] Sepsis\n[ ] Other\n[ ] Unable to determine",
         "one-option"),
        ("“CHF” is documented.\nWhich type?\n[ ] Systolic\n[ ] Diastolic", "choices"),
        ("“CHF”.\nWhich type?\n[x] Systolic\n[ ] Diastolic\n[ ] Other\n[ ] Unable to determine",
         "marked-option"),
        ("Please clarify the diagnosis.", "no-indicators"),
        ("Mrs. Voss, “CHF”: please clarify the type.", "identifier"),
        ("“Edema” is noted in the chart. Is this venous?\n[ ] Yes\n[ ] No", "yes-no"),
    ],
)  # fmt: skip
def test_each_rule_says_why_in_a_sentence(text: str, rule: str) -> None:
    found = {each.rule: each.reason for each in check(text)}
    assert rule in found
    assert found[rule].endswith(".")
    assert len(found[rule].split()) > 5


@pytest.mark.parametrize(
    "text",
    [
        "“Sepsis” is documented. Was the sepsis present on admission?",
        "The note states “CKD” and “hypertension”. Is the CKD due to the hypertension?",
        "“CHF” is documented; EF 30%. Can the type and acuity of the CHF be specified?",
    ],
)
def test_near_misses_pass(text: str) -> None:
    assert check(text) == ()


def test_every_form_that_is_built_passes_the_checker() -> None:
    answer = answered(question())
    assert check(query_text(answer)) == ()
    assert check(query_text(answer, Form.OPEN)) == ()
    cause = yes_no(Purpose.CAUSE, "neuropathy", "diabetes", ("diabetes with neuropathy noted",))
    assert check(cause) == ()
    for purpose in (Purpose.SUBSTANTIATE, Purpose.PRESENT_ON_ADMISSION):
        assert check(yes_no(purpose, "pneumonia", "", ("pneumonia on film",))) == ()
    assert "[ ]" not in open_ended(("sodium 122", "3% saline"))


def test_a_yes_no_query_needs_documented_words() -> None:
    with pytest.raises(QueryRefusedError, match="does not stand in the indicators"):
        yes_no(Purpose.PRESENT_ON_ADMISSION, "sepsis", "", ("fever", "WBC 18"))


def test_an_answer_without_gaps_has_no_multiple_choice_query() -> None:
    with pytest.raises(QueryRefusedError):
        query_text(answered(question(), gaps=()))
    gap = Gap("which option raises the DRG", ("a", "b"), ())
    assert draft_query(answered(question(), gaps=(gap,))) is None


def test_a_query_goes_from_draft_to_agreement_with_its_turnaround(journal: Journal) -> None:
    moments = iter(START + timedelta(hours=hours) for hours in range(10))
    desk = QueryDesk(ReviewStore(journal), lambda: next(moments), lambda text: text)
    text = query_text(answered(question()))
    drafted = desk.draft("e1", Form.MULTIPLE_CHOICE, text, "cdi")
    assert (drafted.step, drafted.turnaround) == (Step.DRAFTED, None)
    with pytest.raises(QueryError, match="only one that is sent"):
        desk.answered(drafted.query_id, "insulin", "provider")
    desk.sent(drafted.query_id, "attending", "cdi")
    answer = desk.answered(drafted.query_id[:6], "insulin", "provider")
    assert answer.turnaround == timedelta(hours=1)
    agreed = desk.agreed(drafted.query_id, "coder")
    assert agreed.step is Step.AGREED
    assert [state.step for state in desk.all("e1")] == [Step.AGREED]
    assert desk.all("e2") == ()
    assert journal.verify().ok


def test_a_leading_query_is_not_kept_whoever_wrote_it(journal: Journal) -> None:
    desk = QueryDesk(ReviewStore(journal), lambda: START, lambda text: text)
    with pytest.raises(QueryRefusedError, match="undocumented-diagnosis"):
        desk.draft("e1", Form.OPEN, "WBC 18. Does the patient have sepsis?", "provider")
    assert desk.all() == ()


def test_the_command_refuses_with_reasons() -> None:
    run = CliRunner().invoke(app, ["query", "check", "Please document sepsis."])
    assert run.exit_code == 1
    assert "tells-what-to-document" in run.output
    fine = "“CHF” is documented; EF 30%. Can the type of the CHF be specified?"
    assert CliRunner().invoke(app, ["query", "check", fine]).exit_code == 0
