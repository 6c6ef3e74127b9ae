"""`codecite check`: the contract's record, files of rows, what is refused, and what is shown."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from bot import checking
from bot.answer import Finding, Setting, Severity
from bot.batch import Row
from bot.checking import CheckRequest, check_codes
from bot.cli import app
from bot.errors import QuestionError
from codesets.errors import ReleaseUnavailableError
from codesets.rules.engine import RULES
from codesets.rules.records import Sex

if TYPE_CHECKING:
    from pathlib import Path

    from codesets.releases import ReleaseStore

DAY = date(2026, 11, 21)
KEYS = ["ok", "date", "setting", "codes", "findings"]
FINDING_KEYS = ["rule", "severity", "codes", "message", "citation", "fix"]
SECRET = "Zebulon Quartermaine"


@pytest.fixture
def runner(compiled_home: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("CODECITE_HOME", str(compiled_home))
    return CliRunner()


def document(runner: CliRunner, *words: str) -> dict[str, Any]:
    result = runner.invoke(app, ["check", *words, "--json"])
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)  # type: ignore[no-any-return]  # a JSON object


def test_the_record_is_the_contracts(runner: CliRunner) -> None:
    found = document(runner, "n184", "I12.9", "--date", "2026-11-21", "--setting", "inpatient")
    assert list(found) == KEYS
    assert found["ok"] is False
    assert (found["date"], found["setting"]) == ("2026-11-21", "inpatient")
    assert found["codes"] == ["N18.4", "I12.9"]
    assert [list(finding) for finding in found["findings"]] == [FINDING_KEYS]
    (finding,) = found["findings"]
    assert (finding["rule"], finding["severity"]) == ("code-first", "error")
    assert finding["codes"] == ["N18.4", "I12.9"]
    assert finding["citation"] == "icd10cm:FY2026-04:N18:code-first-3"


def test_a_list_in_order_is_ok(runner: CliRunner) -> None:
    found = document(runner, "E11.22,N18.31 Z79.4", "I10", "--date", "2026-11-21")
    assert found["ok"] is True
    assert found["codes"] == ["E11.22", "N18.31", "Z79.4", "I10"]
    assert {finding["severity"] for finding in found["findings"]} == {"warning"}


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        (["Z68.54", "--age", "45"], "age-conflict"),
        (["N40.1", "--sex", "female"], "sex-conflict"),
        (["J18.9", "--text", "probable pneumonia"], "uncertain-diagnosis"),
        (["E11"], "invalid-code"),
        (["99213", "I10", "I10"], "duplicate"),
    ],
)
def test_options_reach_the_rules(runner: CliRunner, options: list[str], rule: str) -> None:
    found = document(runner, *options, "--date", "2026-11-21")
    assert rule in {finding["rule"] for finding in found["findings"]}


def test_the_date_picks_the_release(runner: CliRunner, store: ReleaseStore) -> None:
    library = store.library_for(checking.System.ICD10CM, DAY)
    new = next(
        code.code for code in library.valid_codes() if code.effective_from == date(2026, 10, 1)
    )
    assert document(runner, new, "--date", "2026-10-01")["ok"] is True
    assert document(runner, new, "--date", "2026-09-30")["ok"] is False


def test_the_view_names_findings_and_order(runner: CliRunner) -> None:
    words = ["check", "W19.XXXA", "S52.501A", "--date", "2026-11-21"]
    result = runner.invoke(app, words)
    assert result.exit_code == 0
    shown = " ".join(result.stdout.split())
    assert "external-cause-first" in shown
    assert "I.C.20.a.6" in shown
    assert re.search(r"Order the rules ask for 1\. S52\.501A .* 2\. W19\.XXXA", shown)
    clean = runner.invoke(app, ["check", "I10", "--date", "2026-11-21"])
    assert "I10: no errors, no warnings" in clean.stdout
    assert "Order the rules ask for" not in clean.stdout


def test_the_rules_are_listed(runner: CliRunner) -> None:
    shown = runner.invoke(app, ["check", "--rules"]).stdout
    listed = json.loads(runner.invoke(app, ["check", "--rules", "--json"]).stdout)["rules"]
    assert [row["id"] for row in listed] == [rule.id for rule in RULES]
    for row in listed:
        assert list(row) == ["id", "severity", "section", "description", "example"]
        assert row["id"] in shown


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["check"], 2, "CODE"),
        (["check", "I10", "--date", "soon"], 2, "2026-11-21"),
        (["check", "--file", "missing.jsonl"], 2, "--out"),
        (["check", "I10", "--setting", "ward"], 2, "outpatient"),
    ],
)
def test_wrong_use(runner: CliRunner, words: list[str], status: int, said: str) -> None:
    result = runner.invoke(app, words)
    assert result.exit_code == status
    assert said in result.stderr


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["check", "I10", "--date", "2031-01-01"], ReleaseUnavailableError),
        (["check", "I10", "--age", "old"], QuestionError),
        (["check", "I10", "--sex", "x"], QuestionError),
        (["check", " , "], QuestionError),
    ],
)
def test_refusals_are_known_errors(
    runner: CliRunner, words: list[str], error: type[Exception]
) -> None:
    result = runner.invoke(app, words)
    assert result.exit_code == 1
    assert isinstance(result.exception, error)


def rows(path: Path, *listed: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in listed), encoding="utf-8")
    return path


def test_a_file_of_rows(runner: CliRunner, tmp_path: Path) -> None:
    source = rows(
        tmp_path / "in.jsonl",
        {"id": 1, "codes": ["N18.4", "I12.9"], "date": "2026-09-01", "setting": "inpatient"},
        {"id": "b", "codes": ["Z68.54", "E66.9"], "age": 45, "sex": "F"},
        {"id": "c", "codes": ["I10"], "date": "2031-01-01"},
        {"id": "d", "codes": ["J18.9"], "text": f"{SECRET}: probable pneumonia"},
    )
    target = tmp_path / "out.jsonl"
    words = ["check", "--file", str(source), "--out", str(target), "--date", "2026-11-21"]
    result = runner.invoke(app, words)
    assert result.exit_code == 0, result.stderr
    found = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [list(row) for row in found] == [["id", *KEYS]] * 4
    assert [row["id"] for row in found] == [1, "b", "c", "d"]
    assert (found[0]["date"], found[0]["setting"]) == ("2026-09-01", "inpatient")
    assert (found[1]["date"], found[1]["setting"]) == ("2026-11-21", "outpatient")
    assert [row["ok"] for row in found] == [False, False, False, True]
    assert "FY2031" in found[2]["findings"][0]["message"]
    assert found[3]["findings"][0]["rule"] == "uncertain-diagnosis"
    assert SECRET not in target.read_text(encoding="utf-8") + result.stderr


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": 1, "codes": "I10"}, "codes must be a list of strings"),
        ({"id": 1, "codes": [10]}, "codes must be a list of strings"),
        ({"id": 1, "codes": []}, "at least one code"),
        ({"id": 1, "codes": ["I10"], "setting": "ward"}, "setting must be"),
        ({"id": 1, "codes": ["I10"], "date": "tomorrow"}, "date must be YYYY-MM-DD"),
        ({"id": 1, "codes": ["I10"], "date": 20261121}, "date must be YYYY-MM-DD"),
        ({"id": 1, "codes": ["I10"], "age": -1}, "age must be"),
        ({"id": 1, "codes": ["I10"], "age": True}, "age must be"),
        ({"id": 1, "codes": ["I10"], "sex": SECRET}, "sex must be"),
        ({"id": 1, "codes": ["I10"], "text": [SECRET]}, "text must be"),
    ],
)
def test_a_bad_row_is_named_by_line_and_field_only(row: dict[str, Any], said: str) -> None:
    with pytest.raises(QuestionError, match=said) as raised:
        checking.request_of(Row(3, "1", row), Setting.OUTPATIENT, DAY)
    assert "ine 3" in str(raised.value)
    assert SECRET not in str(raised.value)


def test_no_row_is_worked_on_when_one_is_bad(runner: CliRunner, tmp_path: Path) -> None:
    source = rows(tmp_path / "in.jsonl", {"id": 1, "codes": ["I10"]}, {"id": 2, "codes": 5})
    target = tmp_path / "out.jsonl"
    result = runner.invoke(app, ["check", "--file", str(source), "--out", str(target)])
    assert isinstance(result.exception, QuestionError)
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize(
    ("given", "sex"), [("female", Sex.FEMALE), ("M", Sex.MALE), (" f ", Sex.FEMALE), ("", None)]
)
def test_sexes(given: str, sex: Sex | None) -> None:
    assert checking.sex_of(given) is sex


@pytest.mark.parametrize(("given", "age"), [(0, 0.0), ("64", 64.0), (0.5, 0.5), (None, None)])
def test_ages(given: object, age: float | None) -> None:
    assert checking.age_of(given) == age


def test_more_codes_than_a_claim_has_are_refused() -> None:
    with pytest.raises(QuestionError, match="at most 200"):
        checking.limited(["I10"] * 201)


def test_findings_become_the_answers(store: ReleaseStore) -> None:
    result = check_codes(store, CheckRequest(("E11.9", "E10.9"), DAY))
    assert not result.ok
    assert all(isinstance(finding, Finding) for finding in result.findings)
    assert result.findings[0].severity is Severity.ERROR
    assert [placed.code for placed in result.order] == ["E11.9", "E10.9"]


def test_identifiers_are_removed_before_the_rules_read_a_text(
    store: ReleaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str | None] = []
    real = checking.check

    def spy(*arguments: Any, **options: Any) -> Any:
        read.append(options["text"])
        return real(*arguments, **options)

    monkeypatch.setattr(checking, "check", spy)
    check_codes(store, CheckRequest(("J18.9",), DAY, text="Mr. Smith has probable pneumonia."))
    assert read == ["Mr. [NAME-1] has probable pneumonia."]
