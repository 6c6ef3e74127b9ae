"""Batches: nothing is lost when one is interrupted, and bad rows are named by line only."""

import json
from pathlib import Path

import pytest

from bot import batch
from bot.errors import QuestionError


def quiet(stage: str, done: int, total: int) -> None:
    pass


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def read(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_every_row_is_answered_with_its_id(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", {"id": 7, "text": "a"}, {"id": "x", "text": "b"})
    out = tmp_path / "out.jsonl"
    count = batch.run(source, out, lambda row: {"said": row.fields["text"].upper()}, quiet)
    assert count == 2
    assert read(out) == [{"id": 7, "said": "A"}, {"id": "x", "said": "B"}]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", *({"id": str(n), "text": "t"} for n in range(5)))
    out = tmp_path / "out.jsonl"
    worked: list[str] = []

    def work(row: batch.Row) -> dict[str, str]:
        if len(worked) == 3:
            raise KeyboardInterrupt
        worked.append(row.id)
        return {"said": row.id}

    with pytest.raises(KeyboardInterrupt):
        batch.run(source, out, work, quiet)
    assert not out.exists()
    with (tmp_path / "out.jsonl.part").open("a") as part:
        part.write('{"id": "3", "sa')  # the line that was being written
    again: list[str] = []
    batch.run(source, out, lambda row: again.append(row.id) or {"said": row.id}, quiet)  # type: ignore[func-returns-value]  # list.append as a recorder
    assert again == ["3", "4"]
    assert [row["id"] for row in read(out)] == ["0", "1", "2", "3", "4"]


def test_a_changed_input_starts_afresh(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", {"id": "1", "text": "new"})
    (tmp_path / "out.jsonl.part").write_text('{"source": "old"}\n{"id": "1", "said": "old"}\n')
    batch.run(source, tmp_path / "out.jsonl", lambda row: {"said": "new"}, quiet)
    assert read(tmp_path / "out.jsonl") == [{"id": "1", "said": "new"}]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"id": 1, "text": "a"}\nnot json SECRET\n', "line 2: not valid JSON"),
        ('["SECRET"]\n', "line 1: expected a JSON object"),
        ('{"text": "SECRET"}\n', "line 1: the row needs an `id`"),
        ('{"id": true, "text": "SECRET"}\n', "line 1: the row needs an `id`"),
        ('{"id": 1}\n', "line 1: the row needs `text`"),
        (
            '{"id": "SECRET", "text": "a"}\n\n{"id": "SECRET", "text": "b"}\n',
            "line 3: its id stands twice, first on line 1",
        ),
    ],
)
def test_a_bad_row_is_named_by_line_and_never_quoted(
    tmp_path: Path, content: str, message: str
) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(content)
    with pytest.raises(QuestionError, match=message) as caught:
        batch.run(source, tmp_path / "out.jsonl", lambda row: {}, quiet)
    assert "SECRET" not in str(caught.value)
    assert not (tmp_path / "out.jsonl").exists()


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match=r"none\.jsonl does not exist"):
        batch.run(tmp_path / "none.jsonl", tmp_path / "o", lambda row: {}, quiet)


def test_bytes_that_are_no_text_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(QuestionError, match="not UTF-8"):
        batch.run(tmp_path / "in.jsonl", tmp_path / "o", lambda row: {}, quiet)
