"""The command as a person or a script runs it: exit codes, one line or one JSON document.

What a process of its own decides (streams, the interpreter's start, what is kept between two runs)
is proved with real processes; the same entry point called here proves the rest in a tenth of the
time.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from bot.cli import main

if TYPE_CHECKING:
    from bot.runtime import Runtime


class Command(Protocol):
    def __call__(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]: ...


@pytest.fixture
def environment(built_runtime: Runtime, tmp_path: Path) -> dict[str, str]:
    """The compiled code sets and built index, and a journal of its own."""
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("CODECITE_")},
        "CODECITE_HOME": str(built_runtime.settings.home),
        "CODECITE_DATABASE_URL": f"sqlite:///{tmp_path / 'journal.sqlite'}",
        "COLUMNS": "100",
    }


@pytest.fixture
def codecite(environment: dict[str, str], tmp_path: Path) -> Command:
    """`codecite` in a process of its own."""

    def run(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "bot.cli", *words],
            input=stdin, capture_output=True, text=True, env=environment, cwd=tmp_path,
            timeout=120, check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def called(
    environment: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """The entry point of `codecite`, called in this process."""
    for name in os.environ.keys() - environment.keys():
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def run(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["codecite", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        with pytest.raises(SystemExit) as end:
            main()
        shown = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return subprocess.CompletedProcess(words, end.value.code, shown.out, shown.err)

    return run


def test_ask_prints_one_document_and_the_journal_keeps_it(codecite: Command) -> None:
    asked = codecite("ask", "obesity BMI 41", "--json")
    document = json.loads(asked.stdout)
    assert asked.returncode == 0
    assert [s["code"] for s in document["suggestions"]] == ["E66.9", "Z68.41"]
    listed = json.loads(codecite("review", "list", "--json").stdout)
    assert [row["exchange_id"] for row in listed["exchanges"]] == [document["exchange_id"]]
    shown = codecite("review", "show", document["exchange_id"][:8])
    assert shown.returncode == 0
    assert "Z68.41" in shown.stdout
    assert "obesity BMI 41" in shown.stdout


def test_ask_reads_standard_input(codecite: Command) -> None:
    asked = codecite("ask", "-", "--setting", "inpatient", stdin="gout\n")
    assert asked.returncode == 0
    assert "M10.9" in asked.stdout
    assert "principal" in asked.stdout


def test_a_process_that_cannot_says_so_in_one_line(codecite: Command) -> None:
    result = codecite("ask", "how do I bake bread")
    assert (result.returncode, result.stdout) == (1, "")
    assert "no diagnosis or code" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "stdin", "says"),
    [
        (["ask", ""], "", "nothing to code"),
        (["ask", "-"], "x " * 100_000, "limit is"),
        (["ask", "gout", "--date", "2019-05-01"], "", "codesets update"),
        (["code", "E11.222"], "", "Nearest: E11.22"),
        (["code", "nonsense"], "", "cannot be an ICD-10-CM code"),
        (["review", "show", "ffffffffff"], "", "ffffffffff"),
        (["redact", "--file", "none.jsonl", "--out", "x"], "", "does not exist"),
        (["serve"], "", "CODECITE_SLACK"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_status_one(
    called: Command, words: list[str], stdin: str, says: str
) -> None:
    result = called(*words, stdin=stdin)
    assert result.returncode == 1
    assert says in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["ask"],
        ["ask", "gout", "--date", "soon"],
        ["ask", "gout", "--setting", "moon"],
        ["nonesuch"],
        ["ask", "--file", "in.jsonl"],
    ],
)
def test_wrong_use_is_status_two(called: Command, words: list[str]) -> None:
    assert called(*words).returncode == 2


def test_code_answers_for_a_date(called: Command) -> None:
    document = json.loads(called("code", "d69.1", "--date", "2026-11-21", "--json").stdout)
    assert document["code"] == "D69.1"
    assert document["valid"] is False
    assert document["release"] == "FY2027"
    assert document["effective"]["to"] == "2026-09-30"
    assert document["replaced_by"] == ["D69.11", "D69.19"]
    assert [step["code"] for step in document["lineage"]][-1] == "D69.1"
    assert {note["kind"] for note in document["notes"]} >= {"excludes1"}


def test_an_unknown_code_in_json_names_the_nearest(called: Command) -> None:
    result = called("code", "E11.222", "--json")
    assert result.returncode == 1
    assert "E11.22" in json.loads(result.stdout)["nearest"]


def test_redact_gives_offsets_into_the_original(called: Command, tmp_path: Path) -> None:
    text = "Mr. Smith, MRN 1234567, gout"
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": "a", "text": text}) + "\n")
    result = called("redact", "--file", "in.jsonl", "--out", "out.jsonl")
    assert result.returncode == 0
    row = json.loads((tmp_path / "out.jsonl").read_text())
    assert row["id"] == "a"
    assert row["text"] == "Mr. [NAME-1], MRN [RECORD-1], gout"
    assert [text[r["start"] : r["end"]] for r in row["redactions"]] == ["Smith", "1234567"]


def test_many_questions_from_a_file(called: Command, tmp_path: Path) -> None:
    rows = [
        {"id": "1", "text": "gout"},
        {"id": "2", "text": "probable pneumonia", "setting": "inpatient"},
        {"id": "3", "text": "D69.1", "date": "2026-09-30"},
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    result = called("ask", "--file", "in.jsonl", "--out", "out.jsonl")
    answers = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert result.returncode == 0
    assert [answer["id"] for answer in answers] == ["1", "2", "3"]
    assert answers[0]["suggestions"][0]["code"] == "M10.9"
    assert answers[1]["suggestions"][0]["role"] == "principal"
    assert answers[2]["releases"] == {"icd10cm": "FY2026-04"}


def test_a_conversation_keeps_one_thread(codecite: Command) -> None:
    result = codecite("chat", stdin="gout\nAKI\n\n")
    assert result.returncode == 0
    assert "M10.9" in result.stdout
    assert "N17.9" in result.stdout


def test_doctor_says_what_is_there(called: Command) -> None:
    result = called("doctor", "--json")
    checks = {check["name"]: check for check in json.loads(result.stdout)["checks"]}
    assert result.returncode == 0
    assert checks["release governing today"]["ok"]
    assert checks["index icd10cm FY2027"]["ok"]
    assert checks["journal"]["ok"]
    assert not checks["CODECITE_SLACK_BOT_TOKEN"]["ok"]


def test_a_bad_setting_is_named(built_runtime: Runtime, tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "bot.cli", "index", "status"],
        env={**os.environ, "CODECITE_SLACK_WORKERS": "many"}, cwd=tmp_path,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert result.returncode == 1
    assert "CODECITE_SLACK_WORKERS" in result.stderr


def test_index_status_tells_built_from_missing(called: Command) -> None:
    rows = json.loads(called("index", "status", "--json").stdout)["indexes"]
    states = {row["release"]: row["state"] for row in rows}
    assert states["FY2027"] == "ready"
    assert rows[0]["system"] == "icd10cm"
