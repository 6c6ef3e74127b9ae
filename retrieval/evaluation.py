"""Score predictions on labelled rows: the one rule of what counts as a hit, and the measures.

A row is ``{id, text, codes, kind?, setting?, date?}``, one JSON object a line. A hit is an exact
match, or a prediction under the gold code where the gold code is not valid in the release.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from codesets.errors import NotationError
from codesets.notation import undotted
from retrieval.errors import EvaluationFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from codesets.library import Library
    from retrieval.search import Searcher

DEPTHS = (1, 5, 10, 50)


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """One question and the codes that others gave it; ``fields`` holds the rest of the row."""

    id: str
    text: str
    codes: tuple[str, ...]
    kind: str = ""
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prediction:
    """Codes for one row: ``ranked`` best first, and ``suggested``, those an answer would assign."""

    id: str
    ranked: tuple[str, ...]
    suggested: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row beside its prediction.

    ``places`` has for each gold code the place, from 1, of the first ranked code that hits it;
    ``assigned`` whether any suggested code hits it. ``correct`` counts the suggested codes that hit
    a gold code, of ``said`` distinct ones.
    """

    row: LabelledRow
    prediction: Prediction
    places: tuple[int | None, ...]
    assigned: tuple[bool, ...]
    correct: int
    said: int

    @property
    def place(self) -> int | None:
        """The place of the first ranked code that hits any gold code."""
        return min((place for place in self.places if place is not None), default=None)

    def hit(self, depth: int) -> bool:
        """Whether one of the first ``depth`` ranked codes hits a gold code."""
        place = self.place
        return place is not None and place <= depth


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares between 0 and 1 over ``rows`` rows; ``hits`` by depth; the rest is micro-averaged.

    ``precision`` is the share of suggested codes that hit a gold code, ``recall`` the share of gold
    codes that a suggested code hits.
    """

    rows: int
    hits: dict[int, float]
    precision: float
    recall: float
    f1: float

    def values(self) -> dict[str, float]:
        """Every measure by its name, in the order it is printed."""
        hits = {f"hit@{depth}": self.hits[depth] for depth in DEPTHS}
        return hits | {"precision": self.precision, "recall": self.recall, "f1": self.f1}


def read_rows(path: Path) -> Iterator[LabelledRow]:
    """The rows of a labelled file, blank lines skipped.

    Raises EvaluationFileError, naming the line and never quoting it, for anything that is not a
    labelled row.
    """
    seen: set[str] = set()
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                row = _row(path, number, line)
                if row.id in seen:
                    raise EvaluationFileError(path, number, "an id that no earlier line has")
                seen.add(row.id)
                yield row
    except (OSError, UnicodeDecodeError):
        raise EvaluationFileError(path, 1, "a readable UTF-8 file") from None


def _row(path: Path, number: int, line: str) -> LabelledRow:
    try:
        document = json.loads(line)
    except ValueError:
        raise EvaluationFileError(path, number, "one JSON object") from None
    if not isinstance(document, dict):
        raise EvaluationFileError(path, number, "one JSON object")
    name, text, codes = (document.get(key) for key in ("id", "text", "codes"))
    if not isinstance(name, str | int) or isinstance(name, bool) or name == "":
        raise EvaluationFileError(path, number, 'a non-empty string or a number in "id"')
    if not isinstance(text, str) or not text:
        raise EvaluationFileError(path, number, 'a non-empty string in "text"')
    if not isinstance(codes, list) or not all(isinstance(code, str) and code for code in codes):
        raise EvaluationFileError(path, number, 'a list of codes in "codes"')
    rest = {key: value for key, value in document.items() if key not in ("id", "text", "codes")}
    gold = tuple(dict.fromkeys(codes))
    return LabelledRow(str(name), text, gold, str(rest.get("kind", "")), rest)


def is_hit(predicted: str, gold: str, library: Library) -> bool:
    """Whether ``predicted`` counts as ``gold``, both in any spelling."""
    one, other = undotted(predicted.strip().upper()), undotted(gold.strip().upper())
    if one == other:
        return True
    return bool(other) and one.startswith(other) and not _is_valid(gold, library)


def _is_valid(code: str, library: Library) -> bool:
    try:
        record = library.find(code)
    except NotationError:
        return False  # what the rows call a code may be none
    return record is not None and record.valid


def first_hit(ranked: Sequence[str], gold: Sequence[str], library: Library) -> int | None:
    """The place, from 1, of the first prediction that hits any gold code."""
    for place, predicted in enumerate(ranked, 1):
        if any(is_hit(predicted, code, library) for code in gold):
            return place
    return None


def judge(row: LabelledRow, prediction: Prediction, library: Library) -> Outcome:
    """The row's gold codes beside what was predicted, in the release of ``library``."""
    suggested = tuple(dict.fromkeys(prediction.suggested))
    return Outcome(
        row,
        prediction,
        tuple(first_hit(prediction.ranked, (gold,), library) for gold in row.codes),
        tuple(any(is_hit(said, gold, library) for said in suggested) for gold in row.codes),
        sum(any(is_hit(said, gold, library) for gold in row.codes) for said in suggested),
        len(suggested),
    )


def total(outcomes: Sequence[Outcome]) -> Scores:
    """The measures over ``outcomes``; all 0 where there is none."""
    count = max(len(outcomes), 1)
    correct, said = sum(o.correct for o in outcomes), sum(o.said for o in outcomes)
    right, wanted = sum(sum(o.assigned) for o in outcomes), sum(len(o.assigned) for o in outcomes)
    precision, recall = correct / max(said, 1), right / max(wanted, 1)
    return Scores(
        rows=len(outcomes),
        hits={depth: sum(o.hit(depth) for o in outcomes) / count for depth in DEPTHS},
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall) if precision + recall else 0.0,
    )


def evaluate(
    rows: Iterable[LabelledRow],
    rank: Callable[[LabelledRow], Prediction],
    library: Library,
    keep: Callable[[LabelledRow, Prediction], None] | None = None,
) -> Scores:
    """Rank every row and score the rankings. ``keep`` receives each row with its prediction."""
    outcomes = []
    for row in rows:
        prediction = rank(row)
        if keep is not None:
            keep(row, prediction)
        outcomes.append(judge(row, prediction, library))
    return total(outcomes)


def rank_by_search(searcher: Searcher) -> Callable[[LabelledRow], Prediction]:
    """Rank by search alone, each candidate resolved to the valid code that the text supports.

    A category is answered with the code that stands for it when nothing narrower is said, as a
    coder would.
    """

    def rank(row: LabelledRow) -> Prediction:
        found = searcher.search(row.text)
        ranked = dict.fromkeys(candidate.resolved or candidate.code for candidate in found)
        return Prediction(row.id, tuple(ranked)[:50], tuple(ranked)[:1])

    return rank
