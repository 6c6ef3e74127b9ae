"""Score a ranking on labelled rows: hits at depths, and precision and recall of what is assigned.

A row is ``{id, text, codes, kind?, setting?, date?}``, one JSON object a line. A hit is an exact
match, or a prediction under the gold code where the gold code is not valid.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from codesets.notation import undotted
from codesets.resolution import resolve
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
class Scores:
    """Shares between 0 and 1 over ``rows`` rows; ``hits`` by depth; the rest is micro-averaged."""

    rows: int
    hits: dict[int, float]
    precision: float
    recall: float
    f1: float


def read_rows(path: Path) -> Iterator[LabelledRow]:
    """The rows of a labelled file, blank lines skipped.

    Raises EvaluationFileError, naming the line, for anything that is not a labelled row.
    """
    seen: set[str] = set()
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            row = _row(path, number, line)
            if row.id in seen:
                raise EvaluationFileError(path, number, "an id that no earlier line has")
            seen.add(row.id)
            yield row


def _row(path: Path, number: int, line: str) -> LabelledRow:
    try:
        document = json.loads(line)
    except ValueError:
        raise EvaluationFileError(path, number, "one JSON object") from None
    if not isinstance(document, dict):
        raise EvaluationFileError(path, number, "one JSON object")
    for name in ("id", "text"):
        if not isinstance(document.get(name), str) or not document[name]:
            raise EvaluationFileError(path, number, f'a non-empty string in "{name}"')
    codes = document.get("codes")
    if not isinstance(codes, list) or not all(isinstance(code, str) and code for code in codes):
        raise EvaluationFileError(path, number, 'a list of codes in "codes"')
    rest = {key: value for key, value in document.items() if key not in ("id", "text", "codes")}
    return LabelledRow(
        document["id"], document["text"], tuple(codes), str(rest.get("kind", "")), rest
    )


def is_hit(predicted: str, gold: str, library: Library) -> bool:
    """Whether ``predicted`` counts as ``gold``, both in any spelling."""
    one, other = undotted(predicted.strip().upper()), undotted(gold.strip().upper())
    if one == other:
        return True
    if not one.startswith(other):
        return False
    record = library.find(gold)
    return record is None or not record.valid


def evaluate(
    rows: Iterable[LabelledRow],
    rank: Callable[[LabelledRow], Prediction],
    library: Library,
    keep: Callable[[LabelledRow, Prediction], None] | None = None,
) -> Scores:
    """Rank every row and score the rankings. ``keep`` receives each row with its prediction."""
    found = dict.fromkeys(DEPTHS, 0)
    count = right = said = wanted = correct = 0
    for row in rows:
        prediction = rank(row)
        if keep is not None:
            keep(row, prediction)
        count += 1
        place = first_hit(prediction.ranked, row.codes, library)
        for depth in DEPTHS:
            found[depth] += place is not None and place <= depth
        suggested = tuple(dict.fromkeys(prediction.suggested))
        right += sum(any(is_hit(p, gold, library) for p in suggested) for gold in row.codes)
        correct += sum(any(is_hit(p, gold, library) for gold in row.codes) for p in suggested)
        said += len(suggested)
        wanted += len(row.codes)
    precision, recall = correct / max(said, 1), right / max(wanted, 1)
    total = precision + recall
    return Scores(
        rows=count,
        hits={depth: found[depth] / max(count, 1) for depth in DEPTHS},
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / total if total else 0.0,
    )


def first_hit(ranked: Sequence[str], gold: Sequence[str], library: Library) -> int | None:
    """The place, from 1, of the first prediction that hits any gold code."""
    for place, predicted in enumerate(ranked, 1):
        if any(is_hit(predicted, code, library) for code in gold):
            return place
    return None


def rank_by_search(searcher: Searcher, library: Library) -> Callable[[LabelledRow], Prediction]:
    """Rank by search alone, each candidate resolved to the valid code that the text supports.

    A category is answered with the code that stands for it when nothing narrower is said, as a
    coder would; where there is none, the category itself keeps its place.
    """

    def rank(row: LabelledRow) -> Prediction:
        ranked: dict[str, None] = {}
        for candidate in searcher.search(row.text):
            code = library.get(candidate.code)
            if not code.valid:
                resolution = resolve(library, code.code, row.text)
                if resolution.final:
                    code = resolution.code
            ranked[code.code] = None
        return Prediction(row.id, tuple(ranked)[:50], tuple(ranked)[:1])

    return rank
