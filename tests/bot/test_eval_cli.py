"""`codecite eval` and `codecite ask --explain` over the whole release, as a person runs them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from bot import batch
from bot.cli import app
from bot.errors import QuestionError
from bot.eval_cli import told_by_gold
from codesets.errors import ReleaseUnavailableError
from retrieval.errors import EvaluationFileError

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from bot.runtime import Runtime

ROWS: tuple[dict[str, Any], ...] = (
    {"id": "1", "text": "essential hypertension", "codes": ["I10"], "kind": "phrase", "from": "x"},
    {"id": "2", "text": "acute kidney injury", "codes": ["N17.9"], "kind": "phrase", "from": "y"},
    {"id": "3", "text": "gout", "codes": ["E11.22"], "kind": "phrase", "from": "y"},
    {"id": 4, "text": "type 2 diabetes with CKD stage 3a", "codes": ["E11.22", "N18.3", "Z79.4"]},
    {"id": "5", "text": "probable pneumonia", "codes": ["J18.9"], "setting": "inpatient"},
)


class Command(Protocol):
    def __call__(self, *words: object) -> Result: ...


@pytest.fixture
def codecite(built_runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("CODECITE_HOME", str(built_runtime.settings.home))
    monkeypatch.setenv("CODECITE_DATABASE_URL", f"sqlite:///{tmp_path / 'journal.sqlite'}")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    return lambda *words: runner.invoke(app, [str(word) for word in words])


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_eval_writes_predictions_and_prints_figures(codecite: Command, tmp_path: Path) -> None:
    gold, out = write(tmp_path / "rows.jsonl", *ROWS), tmp_path / "out.jsonl"
    done = codecite(
        "eval", gold, "--out", out, "--date", "2026-11-21", "--json", "--by", "from",
        "--misses", tmp_path / "misses.md", "--plot", tmp_path / "plot.svg",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    predicted = read(out)
    assert [row["id"] for row in predicted] == ["1", "2", "3", 4, "5"]
    assert all(set(row) == {"id", "ranked", "suggested"} for row in predicted)
    assert all(len(row["ranked"]) <= 50 for row in predicted)
    assert predicted[0]["ranked"][0] == "I10"
    assert "J18.9" in predicted[4]["suggested"]  # uncertain, yet coded: the row is of an inpatient
    document = json.loads(done.stdout)
    assert document["rows"] == 5
    assert document["hit@1"] == 0.8
    assert [(g["field"], g["value"], g["rows"]) for g in document["groups"]] == [
        ("kind", "phrase", 3), ("from", "x", 1), ("from", "y", 2),
    ]  # fmt: skip
    assert {"gold": "E11.22", "said": predicted[2]["ranked"][0], "count": 1} in document[
        "confusions"
    ]
    assert "5 rows answered" in done.stderr
    ElementTree.parse(tmp_path / "plot.svg")
    misses = (tmp_path / "misses.md").read_text()
    assert misses.startswith("# Misses: 2 of 5 rows")
    assert "## 3\n\n> gout\n" in misses
    assert "gold **E11.22** Type 2 diabetes mellitus with diabetic chronic kidney disease" in misses
    assert "not ranked, not suggested" in misses
    assert "## 4\n" in misses  # Z79.4 is gold and no word of the text supports it
    assert "## 1\n" not in misses


def test_eval_journals_nothing(codecite: Command, tmp_path: Path) -> None:
    gold = write(tmp_path / "rows.jsonl", ROWS[2])
    out, misses = tmp_path / "out.jsonl", tmp_path / "misses.md"
    assert codecite("eval", gold, "--out", out, "--misses", misses).exit_code == 0
    listed = json.loads(codecite("review", "list", "--json").stdout)
    assert listed == {"exchanges": []}


def test_eval_compares_and_scores_again(codecite: Command, tmp_path: Path) -> None:
    gold, out = write(tmp_path / "rows.jsonl", *ROWS[:3]), tmp_path / "out.jsonl"
    write(out, *({"id": row["id"], "ranked": ["I10"], "suggested": ["I10"]} for row in ROWS[:3]))
    other = write(
        tmp_path / "other.jsonl",
        *({"id": row["id"], "ranked": row["codes"], "suggested": row["codes"]} for row in ROWS[:3]),
    )
    before = out.read_text()
    done = codecite("eval", gold, "--out", out, "--score-only", "--compare", other)
    assert done.exit_code == 0, done.stderr
    assert out.read_text() == before
    assert "Against other.jsonl, 3 rows of both" in done.stdout
    assert "0.333" in done.stdout
    assert "0 / 2" in done.stdout
    document = json.loads(
        codecite("eval", gold, "--out", out, "--score-only", "--compare", other, "--json").stdout
    )
    first = document["comparison"]["differences"][0]
    assert (first["gained"], first["lost"], first["p"]) == (0, 2, 0.5)


def test_a_prediction_under_a_valid_code_is_no_hit(codecite: Command, tmp_path: Path) -> None:
    gold = write(
        tmp_path / "rows.jsonl",
        {"id": "category", "text": "x", "codes": ["I73.8"]},
        {"id": "valid", "text": "x", "codes": ["I10"]},
    )
    out = write(
        tmp_path / "out.jsonl",
        {"id": "category", "ranked": ["I73.81"], "suggested": []},
        {"id": "valid", "ranked": ["I10.9"], "suggested": []},
    )
    for words in (("--release", "FY2026-04"), ("--date", "2026-11-21")):
        done = codecite("eval", gold, "--out", out, "--score-only", "--json", *words)
        assert json.loads(done.stdout)["hit@1"] == 0.5


def test_a_code_split_on_1_october_counts_from_then_on(
    codecite: Command, tmp_path: Path, built_runtime: Runtime
) -> None:
    """A code that FY2027 split into new ones: valid until 30 September 2026."""
    store = built_runtime.store
    old, new = (r for r in store.installed() if r.system.value == "icd10cm")
    before, after = store.library(old), store.library(new)
    split, child = next(
        (code.code, child.code)
        for code in before.valid_codes()
        if (now := after.find(code.code)) is not None and not now.valid
        for child in after.descendants(code.code)[:1]
    )
    gold = write(
        tmp_path / "rows.jsonl",
        {"id": "before", "text": "x", "codes": [split], "date": "2026-09-30"},
        {"id": "after", "text": "x", "codes": [split], "date": "2026-10-01"},
    )
    out = write(
        tmp_path / "out.jsonl",
        {"id": "before", "ranked": [child], "suggested": []},
        {"id": "after", "ranked": [child], "suggested": []},
    )
    done = codecite("eval", gold, "--out", out, "--score-only", "--json")
    assert json.loads(done.stdout)["hit@1"] == 0.5


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--plot", "figures.png"], "svg"),
        (["--release", "FY1999"], "FY2026-04"),
        (["--release", "FY2027", "--date", "2026-11-21"], "not both"),
        (["--date", "tomorrow"], "tomorrow is not a date"),
    ],
)
def test_wrong_use_is_status_2(
    codecite: Command, tmp_path: Path, options: list[str], says: str
) -> None:
    gold = write(tmp_path / "rows.jsonl", ROWS[0])
    done = codecite("eval", gold, "--out", tmp_path / "out.jsonl", *options)
    assert done.exit_code == 2
    assert says in " ".join(done.stderr.split())
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize(
    ("row", "error", "says"),
    [
        ({"id": "2", "text": "SECRET"}, EvaluationFileError, "line 2"),
        ({"id": "2", "text": "SECRET", "codes": [], "setting": "moon"}, QuestionError, "Row 2"),
        ({"id": "2", "text": "SECRET", "codes": ["I10"], "date": "x"}, QuestionError, "Row 2"),
        ({"id": "2", "text": "SECRET", "codes": ["I10"], "date": "1999-01-01"},
         ReleaseUnavailableError, "1999"),
    ],
)  # fmt: skip
def test_a_bad_row_stops_before_the_first_is_answered(
    codecite: Command, tmp_path: Path, row: dict[str, Any], error: type[Exception], says: str
) -> None:
    gold = write(tmp_path / "rows.jsonl", ROWS[0], row)
    done = codecite("eval", gold, "--out", tmp_path / "out.jsonl")
    assert isinstance(done.exception, error)
    assert says in str(done.exception)
    assert "SECRET" not in str(done.exception)
    assert [path.name for path in tmp_path.glob("out*")] == []


def test_an_interrupted_evaluation_goes_on_unless_what_it_rests_on_changed(
    tmp_path: Path,
) -> None:
    gold, out = write(tmp_path / "rows.jsonl", *ROWS), tmp_path / "out.jsonl"
    asked: list[str] = []

    def run(about: str, stop_at: int = 99) -> None:
        def work(row: batch.Row) -> dict[str, Any]:
            if len(asked) == stop_at:
                raise KeyboardInterrupt
            asked.append(row.id)
            return {"ranked": [], "suggested": []}

        batch.run(gold, out, work, lambda *_: None, ("text", "codes"), about=about)

    with pytest.raises(KeyboardInterrupt):
        run("2026-11-21", stop_at=3)
    with pytest.raises(KeyboardInterrupt):
        run("2026-09-30", stop_at=5)
    assert asked == ["1", "2", "3", "1", "2"]
    run("2026-09-30")
    assert asked[5:] == ["3", "4", "5"]


def test_explain_shows_every_candidate_and_what_became_of_it(codecite: Command) -> None:
    done = codecite("ask", "--explain", "--json", "T2DM with CKD 3a", "--date", "2026-11-21")
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    suggested = [suggestion["code"] for suggestion in document["suggestions"]]
    rows = {row["code"]: row for row in document["explanation"]}
    assert {"E11.22", "N18.31"} <= set(suggested)
    marked = {row["resolved"] or row["code"] for row in rows.values() if row["suggested"]}
    assert set(suggested) <= marked | set(rows)
    scores = [row["score"] for row in document["explanation"] if row["passage"]]
    assert scores == sorted(scores, reverse=True)
    best = document["explanation"][0]
    assert best["passage"]["id"].startswith("icd10cm:")
    assert "diabetes" in best["wording"]  # the abbreviation was searched as its words
    assert best["parts"]["cosine"] > 0
    assert best["lexical"]["rank"] == 1 or best["dense"]["rank"] == 1
    assert all(row["why"].endswith((".", "”", "Index).")) for row in rows.values())
    (listed,) = json.loads(codecite("review", "list", "--json").stdout)["exchanges"]
    assert listed["exchange_id"] == document["exchange_id"]


def test_explain_says_why_a_code_that_a_note_asks_for_is_there(codecite: Command) -> None:
    done = codecite("ask", "--explain", "--json", "obesity BMI 41", "--date", "2026-11-21")
    rows = {row["code"]: row for row in json.loads(done.stdout)["explanation"]}
    assert rows["Z68.41"]["suggested"]
    assert "note at E66" in rows["Z68.41"]["why"]


def test_explain_is_a_table_above_the_answer(codecite: Command) -> None:
    done = codecite("ask", "--explain", "gout", "--date", "2026-11-21")
    assert done.exit_code == 0, done.stderr
    table, _, answer = done.stdout.partition("M10.9")
    assert "what became of it" in table
    assert "words #" in answer
    assert "meaning #" in answer
    assert "✓" in done.stdout


def test_a_refusal_is_explained_and_still_status_1(codecite: Command) -> None:
    done = codecite("ask", "--explain", "--json", "how do I bake bread")
    assert done.exit_code == 1
    document = json.loads(done.stdout)
    assert document["kind"] == "refusal"
    assert not any(row["suggested"] for row in document["explanation"])


@pytest.mark.parametrize(
    ("codes", "systems"),
    [
        ((["J0402"], ["Q4325"]), ("hcpcs",)),
        ((["E11.22"], ["I10"]), ()),
        ((["J04.0"], ["J0402"]), ()),
        ((["0FT44ZZ"],), ("icd10pcs",)),
        ((["99213"],), ("cpt",)),
    ],
)
def test_gold_codes_tell_the_system(
    codes: tuple[list[str], ...], systems: tuple[str, ...], tmp_path: Path
) -> None:
    rows = [{"id": str(n), "text": "x", "codes": each} for n, each in enumerate(codes)]
    assert told_by_gold(write(tmp_path / "rows.jsonl", *rows)) == systems
