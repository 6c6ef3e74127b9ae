"""Many rows from a file: one JSON line in, one JSON line out, and interrupted work resumes.

Results are appended to `OUT.part`; when the last row is done the file takes its final name in one
step. A second run with the same arguments skips the ids that `OUT.part` already holds.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an input file: its number from 1, its id, and the whole object."""

    line: int
    id: str
    fields: dict[str, Any]


def read_rows(path: Path, required: tuple[str, ...] = ("text",)) -> Iterator[Row]:
    """The rows of a JSON-lines file.

    Raises QuestionError naming the line for broken JSON, a missing or repeated id, or a missing
    field; the line's content is never quoted, since it may be a note.
    """
    seen: dict[str, int] = {}
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _row(path, number, line, required, seen)
    except FileNotFoundError:
        raise QuestionError(f"{path} does not exist.") from None
    except UnicodeDecodeError:
        raise QuestionError(f"{path} is not UTF-8 text.") from None
    except OSError as error:
        raise QuestionError(f"{path} cannot be read: {error.strerror}.") from None


def _row(
    path: Path, number: int, line: str, required: tuple[str, ...], seen: dict[str, int]
) -> Row:
    try:
        fields = json.loads(line)
    except ValueError:
        raise QuestionError(f"{path}, line {number}: not valid JSON.") from None
    if not isinstance(fields, dict):
        raise QuestionError(f"{path}, line {number}: expected a JSON object.")
    name = fields.get("id")
    if not isinstance(name, str | int) or isinstance(name, bool):
        raise QuestionError(f"{path}, line {number}: the row needs an `id`.")
    if (first := seen.get(str(name))) is not None:  # the id may be a record number: not quoted
        raise QuestionError(f"{path}, line {number}: its id stands twice, first on line {first}.")
    for key in required:
        if key not in fields:
            raise QuestionError(f"{path}, line {number}: the row needs `{key}`.")
    seen[str(name)] = number
    return Row(number, str(name), fields)


def run(
    source: Path,
    out: Path,
    work: Callable[[Row], dict[str, Any]],
    progress: Callable[[str, int, int], None],
    required: tuple[str, ...] = ("text",),
    about: str = "",
) -> int:
    """Answer every row of ``source`` into ``out``; returns how many rows it holds.

    The whole input is checked before the first row is worked on. Rows answered before an
    interruption are kept only where the input and ``about``, what else the answers depend on, are
    the same. Raises QuestionError.
    """
    rows = list(read_rows(source, required))
    part = out.with_name(out.name + ".part")
    stamp = json.dumps({"source": hashlib.sha256(source.read_bytes()).hexdigest(), "about": about})
    done = _finished(part, stamp)
    try:
        with part.open("a" if done is not None else "w", encoding="utf-8") as sink:
            if done is None:
                sink.write(stamp + "\n")
            for number, row in enumerate(rows, start=1):
                if row.id not in (done or set()):
                    line = json.dumps({"id": row.fields["id"], **work(row)}, ensure_ascii=False)
                    sink.write(line + "\n")
                    sink.flush()
                progress("rows", number, len(rows))
        _publish(part, out)
    except OSError as error:
        raise QuestionError(f"{out} cannot be written: {error.strerror}.") from None
    return len(rows)


def _finished(part: Path, stamp: str) -> set[str] | None:
    """Ids already answered from the same input, or None when there is nothing to go on from."""
    try:
        lines = part.read_text(encoding="utf-8").splitlines(keepends=True)
    except (FileNotFoundError, UnicodeDecodeError):
        return None  # never begun, or cut within a character: begin anew
    if not lines or lines[0].rstrip("\n") != stamp:
        return None
    whole = [line for line in lines if line.endswith("\n")]
    if len(whole) < len(lines):  # the last line was cut off by the interruption
        part.write_text("".join(whole), encoding="utf-8")
    return {str(json.loads(line)["id"]) for line in whole[1:]}


def _publish(part: Path, out: Path) -> None:
    """Drop the stamp line and give the file its name in one step."""
    final = out.with_name(out.name + ".tmp")
    with part.open("rb") as source, final.open("wb") as sink:
        source.readline()
        while block := source.read(1 << 20):
            sink.write(block)
        sink.flush()
        os.fsync(sink.fileno())
    final.replace(out)
    part.unlink()
