"""Score predictions against labelled rows, as `codecite eval` prints them.

A hit is an exact match, or a prediction under the gold code where the gold is not a valid code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.batch import read_rows
from codesets import notation

if TYPE_CHECKING:
    from pathlib import Path

    from codesets.library import Library

DEPTHS = (1, 5, 10, 50)


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares between 0 and 1 over ``rows`` rows."""

    rows_scored: int
    hits: dict[int, float]
    precision: float
    recall: float
    f1: float

    def rows(self) -> list[tuple[str, str, str]]:
        """Measure, value and row count, for a table."""
        count = str(self.rows_scored)
        hits = [(f"hit@{depth}", f"{self.hits[depth]:.3f}", count) for depth in DEPTHS]
        return [
            *hits,
            ("precision (suggested)", f"{self.precision:.3f}", count),
            ("recall (suggested)", f"{self.recall:.3f}", count),
            ("F1 (suggested)", f"{self.f1:.3f}", count),
        ]

    def to_json(self) -> dict[str, Any]:
        """The same as one JSON document."""
        return {
            "rows": self.rows_scored,
            **{f"hit@{depth}": self.hits[depth] for depth in DEPTHS},
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
        }


def matches(predicted: str, gold: str, library: Library) -> bool:
    """Whether ``predicted`` counts as ``gold``."""
    predicted, gold = notation.normalize(predicted), notation.normalize(gold)
    if predicted == gold:
        return True
    record = library.find(gold)
    under = predicted.replace(".", "").startswith(gold.replace(".", ""))
    return under and (record is None or not record.valid)


def score_files(gold: Path, predictions: Path, library: Library) -> Scores:
    """Compare the ``codes`` of ``gold`` with the ``ranked`` and ``suggested`` of ``predictions``.

    Raises QuestionError for a malformed line of either file.
    """
    predicted = {row.id: row.fields for row in read_rows(predictions, ("ranked", "suggested"))}
    found = dict.fromkeys(DEPTHS, 0)
    right = said = wanted = rows = 0
    for row in read_rows(gold, ("codes",)):
        codes = [str(code) for code in row.fields["codes"]]
        fields = predicted.get(row.id, {"ranked": [], "suggested": []})
        rows += 1
        for depth in DEPTHS:
            top = fields["ranked"][:depth]
            found[depth] += any(matches(p, g, library) for p in top for g in codes)
        suggested = list(dict.fromkeys(fields["suggested"]))
        right += sum(any(matches(p, g, library) for p in suggested) for g in codes)
        said += len(suggested)
        wanted += len(codes)
    precision = right / said if said else 0.0
    recall = right / wanted if wanted else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    hits = {depth: found[depth] / rows if rows else 0.0 for depth in DEPTHS}
    return Scores(rows, hits, precision, recall, f1)
