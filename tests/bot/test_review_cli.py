"""`codecite review` and `codecite report` from a terminal, on a journal of either database."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from journal_samples import exchange
from review_support import coded
from sqlalchemy import text
from typer.testing import CliRunner

from bot.answer import Setting
from bot.cli import app, domain_errors
from bot.journal import Journal, Status
from retrieval.evaluation import read_rows

if TYPE_CHECKING:
    from pathlib import Path

ONE, TWO = (exchange(number).exchange_id for number in (1, 2))


@pytest.fixture
def run(
    compiled_home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> CliRunner:
    """A runner on the packaged code sets and a journal with two exchanges."""
    monkeypatch.setenv("CODECITE_HOME", str(compiled_home))
    monkeypatch.setenv("CODECITE_DATABASE_URL", database_url)
    monkeypatch.setenv("CODECITE_REVIEW_RATE", "1")
    monkeypatch.setenv("CODECITE_REVIEW_SECOND_RATE", "0")
    monkeypatch.chdir(tmp_path)
    with Journal(database_url) as journal:
        journal.append(coded(1, "E11.9", "I10", person="U1"))
        journal.append(coded(2, "N17.9", person="U2", setting=Setting.INPATIENT))
    return CliRunner()


def said(run: CliRunner, *words: str, status: int = 0) -> str:
    found = run.invoke(app, list(words))
    if status and isinstance(found.exception, domain_errors()):
        return str(found.exception)
    assert found.exit_code == status, found.output
    return found.stdout


def test_an_answer_goes_from_the_queue_to_the_claim(run: CliRunner) -> None:
    queue = json.loads(said(run, "review", "queue", "--json"))
    assert queue["tally"] == {"open": 2}
    # HCC and CC codes come first: N17.9 is a CC, and E11.9 is in an HCC.
    assert {row["case"]["exchange_id"] for row in queue["queue"]} == {ONE, TWO}
    assert "AKI, patient" in " ".join(said(run, "review", "queue").split())
    assert "yours until" in said(run, "review", "claim", ONE[:8])
    assert "is free" in said(run, "review", "release", ONE)
    said(run, "review", "comment", ONE, "see the record")
    assert "E11.22, I10, N18.31" in said(
        run, "review", "decide", ONE, "--code", "E11.9=wrong-code:e1122", "--missing", "N18.31"
    )
    assert said(run, "review", "handoff", ONE, "--form", "837p") == (
        "HI*ABK:E1122*ABF:I10*ABF:N1831~\n"
    )
    bundle = json.loads(said(run, "review", "handoff", ONE))
    titles = [e["resource"].get("code", {}).get("coding", [{}])[0].get("display")
              for e in bundle["entry"]]  # fmt: skip
    assert "Essential (primary) hypertension" in titles


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("decide", ONE, "--code", "E11.9=wrong-code:E11"), "not valid"),
        (("decide", ONE, "--code", "E11.9=wrong-code:Q99.999"), "Q99.999"),
        (("decide", ONE, "--code", "E11.9=wrong-code"), "needs the right code"),
        (("handoff", ONE), "Nobody has accepted"),
        (("claim", "nonesuch"), "No exchange goes by"),
        (("claim", ONE, "--as", "UNOBODY"), "needs the access of a reviewer"),
        (("lift", "7", "x"), "No hold in force"),
        (("retain",), "CODECITE_RETENTION_DAYS"),
        (("policy", "approve", "9"), "No policy has number 9"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    run: CliRunner, words: tuple[str, ...], says: str
) -> None:
    assert says in said(run, "review", *words, status=1)


@pytest.mark.parametrize(
    "words", [("--code", "E11.9=nonsense"), ("--code", "Z00.00=accepted")], ids=["verdict", "code"]
)
def test_wrong_use_ends_with_status_2(run: CliRunner, words: tuple[str, ...]) -> None:
    said(run, "review", "decide", ONE, *words, status=2)


def test_decided_answers_are_rows_for_eval(run: CliRunner, tmp_path: Path) -> None:
    said(run, "review", "decide", ONE, "--code", "E11.9=wrong-code:E11.22")
    said(run, "review", "decide", TWO)
    for words, ids in (((), [ONE, TWO]), (("--corrected",), [ONE])):
        said(run, "review", "export", "--out", "rows.jsonl", *words)
        rows = list(read_rows(tmp_path / "rows.jsonl"))
        assert [row.id for row in rows] == ids
    assert rows[0].codes == ("E11.22", "I10")
    assert rows[0].fields["kind"] == "corrected"
    assert rows[0].fields["date"] == "2026-11-21"


def test_verify_proves_or_names_the_first_broken_row(run: CliRunner, database_url: str) -> None:
    whole = json.loads(said(run, "review", "verify", "--json"))
    assert (whole["ok"], whole["rows"]) == (True, 2)
    with Journal(database_url) as journal, journal._writer.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
        else:
            connection.execute(text("DROP TRIGGER exchanges_refuse_update"))
        connection.execute(text("UPDATE exchanges SET person = 'U9' WHERE sequence = 2"))
    told = said(run, "review", "verify", status=1)
    assert told == "BROKEN at position 2: row 2 of exchanges: its content was changed.\n"
    assert "noted head" not in told
    assert json.loads(said(run, "review", "verify", "--json", status=1))["broken"]["key"] == 2


def test_policies_people_holds_and_retention(run: CliRunner) -> None:
    made = said(run, "review", "policy", "propose", "high sugar", "--code", "R73.9",
                "--reason", "agreed", "--from", "2026-10-01")  # fmt: skip
    assert "local policy 1, not approved" in made
    assert "2026-10-01 to 2027-03-31" in made
    assert "approved by terminal:" in said(run, "review", "policy", "approve", "1")
    (policy,) = json.loads(said(run, "review", "policy", "list", "--json"))["policies"]
    assert (policy["codes"], policy["state"]) == (["R73.9"], "approved")
    assert "withdrawn" in said(run, "review", "policy", "withdraw", "1", "superseded")
    said(run, "review", "grant", "U7", "reviewer", "--group", "Medicine")
    assert said(run, "review", "people") == "U7  reviewer  Medicine\n"
    said(run, "review", "claim", ONE, "--as", "U7")
    assert said(run, "review", "hold", "subpoena", "--person", "U1") == "Hold 1 is in force.\n"
    assert "1  U1  subpoena" in said(run, "review", "holds")
    assert "Hold 1 is lifted." in said(run, "review", "lift", "1", "settled")
    assert "0 exchanges may go, 0 are held" in said(run, "review", "retain", "--days", "36500")
    about = json.loads(said(run, "review", "person", "U1"))
    assert [row["exchange_id"] for row in about["exchanges"]] == [ONE]
    assert said(run, "review", "rebuild") == "2 cases were derived.\n"
    assert json.loads(said(run, "review", "agreement", "--json"))["codes"] == 0


def test_a_report_in_each_form(run: CliRunner, tmp_path: Path) -> None:
    said(run, "review", "decide", ONE)
    span = ("--from", "2026-11-01", "--to", "2026-11-30")
    document = json.loads(said(run, "report", *span, "--format", "json"))
    assert (document["answers"], document["acceptance"]["k"]) == (2, 1)
    assert {row["name"] for row in document["accuracy"] if row["field"] == "chapter"} == {"4"}
    said(run, "report", *span, "--out", "report.html")
    shown = (tmp_path / "report.html").read_text()
    assert "Essential (primary) hypertension" in shown
    assert said(run, "report", *span, "--format", "csv").startswith("section,name")
    said(run, "report", "--from", "2026-12-01", "--to", "2026-11-01", status=2)


def test_abstained_questions_are_told_by_topic(run: CliRunner, database_url: str) -> None:
    with Journal(database_url) as journal:
        journal.append(coded(3, status=Status.ABSTAINED))
    document = json.loads(said(run, "report", "--from", "2026-11-01", "--to", "2026-11-30",
                               "--format", "json"))  # fmt: skip
    assert document["unanswered"] == [{"name": "N17 Acute kidney failure", "count": 1}]
