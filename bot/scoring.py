"""Score a file of predictions against its labelled rows: `codecite eval`'s figures as records.

What counts as a hit, and the measures themselves, are ``retrieval.evaluation``'s.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bot.batch import read_rows as read_lines
from bot.errors import QuestionError
from bot.resampling import differences, intervals
from codesets.errors import NotationError
from codesets.notation import undotted
from retrieval.evaluation import DEPTHS, Prediction, judge, read_rows, total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from bot.resampling import Difference, Interval
    from codesets.library import Library
    from retrieval.evaluation import LabelledRow, Outcome, Scores

    LibraryOf = Callable[[LabelledRow], Library]

_HCPCS = re.compile(r"[A-CE-V][0-9]{4}")
_MOST_LISTED = 15


@dataclass(frozen=True, slots=True)
class Group:
    """The rows that share one value of a field, and their scores."""

    field: str
    value: str
    scores: Scores


@dataclass(frozen=True, slots=True)
class Chapter:
    """Gold codes of one chapter: how many, the share ranked by depth, the share assigned."""

    number: str
    title: str
    codes: int
    hits: dict[int, float]
    recall: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """``said`` was given for ``gold`` in ``count`` rows; an empty one stands for no code."""

    gold: str
    said: str
    count: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """These predictions less those of ``other`` on the ``rows`` that both have."""

    other: str
    rows: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class ModelTotal:
    """What a chat model took for one file of predictions: milliseconds an answer, US dollars.

    ``cost`` is None where no price was configured; ``outcomes`` counts how the answers ended.
    """

    predictions: str
    answers: int
    calls: int
    input_tokens: int
    output_tokens: int
    cost: float | None
    latency_p50: float
    latency_p95: float
    outcomes: dict[str, int]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that `codecite eval` has to say about one file of predictions.

    ``confusions`` are of rows with one gold code, where it is clear what was given for what;
    ``missed`` and ``extra`` codes are of rows with several.
    """

    scores: Scores
    intervals: dict[str, Interval]
    groups: tuple[Group, ...]
    chapters: tuple[Chapter, ...]
    confusions: tuple[Confusion, ...]
    missed: tuple[Confusion, ...]
    extra: tuple[Confusion, ...]
    comparison: Comparison | None = None
    models: tuple[ModelTotal, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """One document; the contract's measures stand at its top."""
        compared = self.comparison
        return {
            "rows": self.scores.rows,
            **self.scores.values(),
            "intervals": {name: [each.low, each.high] for name, each in self.intervals.items()},
            "groups": [
                {"field": g.field, "value": g.value, "rows": g.scores.rows, **g.scores.values()}
                for g in self.groups
            ],
            "chapters": [
                {"chapter": c.number, "title": c.title, "codes": c.codes}
                | {f"hit@{depth}": c.hits[depth] for depth in DEPTHS}
                | {"recall": c.recall}
                for c in self.chapters
            ],
            "confusions": [asdict(each) for each in self.confusions],
            "missed": [{"gold": each.gold, "count": each.count} for each in self.missed],
            "extra": [{"said": each.said, "count": each.count} for each in self.extra],
            "comparison": None if compared is None else asdict(compared),
            "models": [asdict(each) for each in self.models],
        }


def outcomes_of(gold: Path, predictions: Path, library_of: LibraryOf) -> list[Outcome]:
    """Every labelled row beside its prediction; a row without one has predicted nothing.

    Raises EvaluationFileError or QuestionError for a malformed line.
    """
    predicted = read_predictions(predictions)
    return [
        judge(row, predicted.get(row.id, Prediction(row.id, ())), library_of(row))
        for row in read_rows(gold)
    ]


def read_predictions(path: Path) -> dict[str, Prediction]:
    """The lines of a file of predictions by id. Raises QuestionError for a malformed one."""
    found = {}
    for row in read_lines(path, ("ranked", "suggested")):
        lists = [row.fields[name] for name in ("ranked", "suggested")]
        if not all(isinstance(x, list) and all(isinstance(c, str) for c in x) for x in lists):
            raise QuestionError(f"{path}, line {row.line}: expected two lists of codes.")
        found[row.id] = Prediction(row.id, tuple(lists[0]), tuple(lists[1]))
    return found


def model_total(path: Path) -> ModelTotal | None:
    """What a chat model took for the predictions in ``path``; None where none was asked."""
    used = [
        _with_assists(row.fields["model"])
        for row in read_lines(path, ("ranked", "suggested"))
        if isinstance(row.fields.get("model"), dict)
    ]
    if not used:
        return None
    latencies = sorted(float(each["latency_ms"]) for each in used)
    costs = [each["cost"] for each in used]
    return ModelTotal(
        predictions=path.name,
        answers=len(used),
        calls=sum(int(each["calls"]) for each in used),
        input_tokens=sum(int(each["input_tokens"]) for each in used),
        output_tokens=sum(int(each["output_tokens"]) for each in used),
        cost=None if None in costs else round(sum(costs), 6),
        latency_p50=latencies[len(latencies) // 2],
        latency_p95=latencies[min(int(len(latencies) * 0.95), len(latencies) - 1)],
        outcomes=dict(Counter(str(each["outcome"]) for each in used)),
    )


def _with_assists(used: dict[str, Any]) -> dict[str, Any]:
    """What an answer asked of a model, with what each help around its draft took added."""
    every = [used, *used.get("assists", ())]
    costs = [each["cost"] for each in every]
    added = ("calls", "input_tokens", "output_tokens", "latency_ms")
    return {
        **used,
        **{name: sum(each[name] for each in every) for name in added},
        "cost": None if None in costs else sum(costs),
    }


def report(
    outcomes: Sequence[Outcome],
    library_of: LibraryOf,
    fields: Sequence[str] = ("kind",),
    comparison: Comparison | None = None,
) -> Report:
    """The whole report. ``fields`` name what rows are grouped by."""
    several = [outcome for outcome in outcomes if len(outcome.row.codes) > 1]
    return Report(
        scores=total(outcomes),
        intervals=intervals(outcomes),
        groups=tuple(group for name in fields for group in _groups(outcomes, name)),
        chapters=_chapters(outcomes, library_of),
        confusions=_confusions(outcomes),
        missed=_counted((gold, "") for each in several for gold in _not_assigned(each)),
        extra=_counted(("", said) for each in several for said in _extra(each, library_of)),
        comparison=comparison,
    )


def compare(
    ours: Sequence[Outcome], other: Path, gold: Path, library_of: LibraryOf
) -> tuple[Comparison, dict[str, Outcome]]:
    """``ours`` tested against the predictions in ``other``, and those predictions' outcomes by id.

    Raises QuestionError where the two files share no row.
    """
    known = read_predictions(other).keys()
    judged = outcomes_of(gold, other, library_of)
    theirs = {outcome.row.id: outcome for outcome in judged if outcome.row.id in known}
    both = [outcome for outcome in ours if outcome.row.id in theirs]
    if not both:
        raise QuestionError(f"{other} has no row of {gold}: there is nothing to compare.")
    tested = differences(both, [theirs[outcome.row.id] for outcome in both])
    return Comparison(other.name, len(both), tuple(tested)), theirs


def _groups(outcomes: Sequence[Outcome], name: str) -> list[Group]:
    """Scores by the value of a field, in the order of the values; rows without it are left out."""
    members: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        value = outcome.row.fields.get(name)
        if value is not None and not isinstance(value, list | dict):
            members.setdefault(str(value), []).append(outcome)
    return [Group(name, value, total(members[value])) for value in sorted(members)]


def _chapters(outcomes: Sequence[Outcome], library_of: LibraryOf) -> tuple[Chapter, ...]:
    found: dict[tuple[str, str], list[tuple[int | None, bool]]] = {}
    for outcome in outcomes:
        library = library_of(outcome.row)
        judged = zip(outcome.row.codes, outcome.places, outcome.assigned, strict=True)
        for gold, place, assigned in judged:
            found.setdefault(_chapter_of(gold, library), []).append((place, assigned))
    chapters = [
        Chapter(
            number,
            title,
            len(codes),
            {d: sum(p is not None and p <= d for p, _ in codes) / len(codes) for d in DEPTHS},
            sum(assigned for _, assigned in codes) / len(codes),
        )
        for (number, title), codes in found.items()
    ]
    return tuple(sorted(chapters, key=lambda c: (not c.number, int(c.number or 0), c.title)))


def _chapter_of(code: str, library: Library) -> tuple[str, str]:
    """Number and title of a code's chapter; a code that the release lacks counts by its stem.

    A letter and four digits without a point are a HCPCS code: ICD-10-CM prints one.
    """
    if _HCPCS.fullmatch(code):
        return "", f"HCPCS Level II, {code[0]} codes"
    key = undotted(code)
    for length in range(len(key), 2, -1):
        try:
            record = library.find(key[:length])
        except NotationError:
            break
        if record is not None:
            chapter = library.lineage(record.code)[0]
            return chapter.code, chapter.title
    return "", "not in the release"


def _confusions(outcomes: Sequence[Outcome]) -> tuple[Confusion, ...]:
    """Wrong first codes of rows with one gold code."""
    return _counted(
        (outcome.row.codes[0], outcome.prediction.ranked[0] if outcome.prediction.ranked else "")
        for outcome in outcomes
        if len(outcome.row.codes) == 1 and not outcome.hit(1)
    )


def _not_assigned(outcome: Outcome) -> list[str]:
    given = zip(outcome.row.codes, outcome.assigned, strict=True)
    return [gold for gold, assigned in given if not assigned]


def _extra(outcome: Outcome, library_of: LibraryOf) -> list[str]:
    """Suggested codes that hit no gold code."""
    if outcome.correct == outcome.said:
        return []
    library = library_of(outcome.row)
    return [
        said
        for said in dict.fromkeys(outcome.prediction.suggested)
        if judge(outcome.row, Prediction("", (), (said,)), library).correct == 0
    ]


def _counted(pairs: Iterable[tuple[str, str]]) -> tuple[Confusion, ...]:
    counts = Counter(pairs)
    ordered = sorted(counts, key=lambda pair: (-counts[pair], pair))
    return tuple(Confusion(*pair, counts[pair]) for pair in ordered[:_MOST_LISTED])
