"""Every figure of a report, from derived cases and verdicts alone: no question is read.

An exchange counts by its last decision. Accuracy is over judged codes: those accepted as they were.
Intervals are Wilson's, at 95%. A change from one release to the next is tested with Fisher's exact
test.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bot.reports.statistics import fisher, wilson
from bot.review.records import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from bot.review.records import Agreement, Case

MOST_LISTED = 25
_UNANSWERED = frozenset({"abstained", "refused", "failed"})


@dataclass(frozen=True, slots=True)
class Share:
    """``k`` of ``n``, with Wilson's 95% interval; the share is None where ``n`` is 0."""

    k: int
    n: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Count:
    """How often something occurred."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds from question to answer: median and 95th percentile of ``n`` answers."""

    name: str
    n: int
    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Judged codes of one value of a field. ``severity`` adds the errors up, principals double."""

    field: str
    name: str
    accuracy: Share
    severity: int


@dataclass(frozen=True, slots=True)
class Correction:
    """``code`` was judged ``verdict`` and ``right_code`` given, ``count`` times."""

    code: str
    verdict: str
    right_code: str
    count: int


@dataclass(frozen=True, slots=True)
class GroupGaps:
    """Details that the notes of one clinician group did not give, and how often."""

    group: str
    axis: str
    count: int


@dataclass(frozen=True, slots=True)
class Period:
    """One week: its Monday, answers, those not answered, and how many decided ones stood."""

    monday: date
    answers: int
    unanswered: int
    accepted: Share


@dataclass(frozen=True, slots=True)
class Drift:
    """One release beside the one before it. ``p`` tests accuracy; None without both."""

    release: str
    answers: int
    unanswered: Share
    accuracy: Share
    p: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The whole report. ``heat`` maps (chapter, verdict) to how often."""

    since: date
    until: date
    made_at: datetime
    head: str
    answers: int
    by_door: tuple[Count, ...]
    by_kind: tuple[Count, ...]
    times: tuple[Times, ...]
    acceptance: Share
    feedback: tuple[Count, ...]
    weeks: tuple[Period, ...]
    accuracy: tuple[Accuracy, ...]
    corrections: tuple[Correction, ...]
    verdicts: tuple[Count, ...]
    heat: dict[str, dict[str, int]]
    unanswered: tuple[Count, ...]
    abstention: Share
    gaps: tuple[GroupGaps, ...]
    drift: tuple[Drift, ...]
    codes: tuple[Count, ...]
    agreement: Agreement
    queue: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        """Plain values; days and times in ISO 8601."""
        return _plain(asdict(self))  # type: ignore[no-any-return]  # recursion returns Any


@dataclass(frozen=True, slots=True)
class Material:
    """What a report is made of. ``verdicts`` are rows of judged codes in the order of judging."""

    since: date
    until: date
    made_at: datetime
    head: str
    cases: Sequence[Case]
    verdicts: Sequence[Mapping[str, Any]]
    feedback: Sequence[str]
    groups: Mapping[str, str]
    agreement: Agreement
    queue: Mapping[str, int]


def figures(material: Material) -> Figures:
    """Every figure of ``material``."""
    cases = material.cases
    by_id = {case.exchange_id: case for case in cases}
    judged = _final(material.verdicts, by_id)
    decided = [case for case in cases if case.outcome]
    return Figures(
        since=material.since,
        until=material.until,
        made_at=material.made_at,
        head=material.head,
        answers=len(cases),
        by_door=_counted(case.door for case in cases),
        by_kind=_counted(case.kind for case in cases),
        times=_times(cases),
        acceptance=share(_stood(decided), len(decided)),
        feedback=_counted(material.feedback),
        weeks=_weeks(cases),
        accuracy=_accuracy(judged),
        corrections=_corrections(judged),
        verdicts=_counted(row["verdict"] for row, _ in judged),
        heat=_heat(judged),
        unanswered=_counted(
            (case.topic or "no candidate found" for case in cases if case.status in _UNANSWERED),
            MOST_LISTED,
        ),
        abstention=share(sum(case.status in _UNANSWERED for case in cases), len(cases)),
        gaps=_gaps(cases, material.groups),
        drift=_drift(cases, judged),
        codes=_counted((code for case in cases for code in case.codes), MOST_LISTED),
        agreement=material.agreement,
        queue=dict(material.queue),
    )


def share(k: int, n: int) -> Share:
    """``k`` of ``n`` with Wilson's interval."""
    if not n:
        return Share(0, 0, None, None, None)
    return Share(k, n, k / n, *wilson(k, n))


def _final(
    rows: Sequence[Mapping[str, Any]], by_id: Mapping[str, Case]
) -> list[tuple[Mapping[str, Any], Case]]:
    """The judged codes of each exchange's last decision, with its case."""
    last = {row["exchange_id"]: row["event"] for row in rows}
    return [
        (row, by_id[row["exchange_id"]])
        for row in rows
        if row["event"] == last[row["exchange_id"]] and row["exchange_id"] in by_id
    ]


def _stood(cases: Iterable[Case]) -> int:
    return sum(case.outcome == "accepted" for case in cases)


def _right(row: Mapping[str, Any]) -> bool:
    return bool(row["verdict"] == Verdict.ACCEPTED.value)


def _counted(names: Iterable[str], most: int | None = None) -> tuple[Count, ...]:
    counts = Counter(names)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Count(name, count) for name, count in ordered[:most])


def _times(cases: Sequence[Case]) -> tuple[Times, ...]:
    import numpy as np

    by_kind: dict[str, list[float]] = {"all": []}
    for case in cases:
        if case.milliseconds > 0:
            by_kind["all"].append(case.milliseconds)
            by_kind.setdefault(case.kind, []).append(case.milliseconds)
    return tuple(
        Times(name, len(values), *(float(v) for v in np.percentile(values, (50, 95))))
        for name, values in by_kind.items()
        if values
    )


def _weeks(cases: Sequence[Case]) -> tuple[Period, ...]:
    from datetime import timedelta

    weeks: dict[date, list[Case]] = {}
    for case in cases:
        day = case.created_at.date()
        weeks.setdefault(day - timedelta(days=day.weekday()), []).append(case)
    found = []
    for monday in sorted(weeks):
        decided = [case for case in weeks[monday] if case.outcome]
        found.append(
            Period(
                monday,
                len(weeks[monday]),
                sum(case.status in _UNANSWERED for case in weeks[monday]),
                share(_stood(decided), len(decided)),
            )
        )
    return tuple(found)


_FIELDS: dict[str, Callable[[Mapping[str, Any], Case], str]] = {
    "family": lambda row, _: (row["code"] or row["right_code"])[:3],
    "chapter": lambda _, case: case.chapter,
    "person": lambda _, case: case.person,
    "setting": lambda _, case: case.setting,
    "drafter": lambda _, case: case.drafter,
    "release": lambda _, case: case.release,
}


def _accuracy(judged: Sequence[tuple[Mapping[str, Any], Case]]) -> tuple[Accuracy, ...]:
    found = []
    for field, value_of in _FIELDS.items():
        groups: dict[str, list[Mapping[str, Any]]] = {}
        for row, case in judged:
            groups.setdefault(value_of(row, case), []).append(row)
        biggest = sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        found += [
            Accuracy(
                field,
                name or "unknown",
                share(sum(map(_right, rows)), len(rows)),
                sum(row["weight"] for row in rows if not _right(row)),
            )
            for name, rows in biggest[:MOST_LISTED]
        ]
    return tuple(found)


def _corrections(
    judged: Sequence[tuple[Mapping[str, Any], Case]],
) -> tuple[Correction, ...]:
    counts = Counter(
        (row["code"], row["verdict"], row["right_code"]) for row, _ in judged if not _right(row)
    )
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Correction(*key, count) for key, count in ordered[:MOST_LISTED])


def _heat(judged: Sequence[tuple[Mapping[str, Any], Case]]) -> dict[str, dict[str, int]]:
    heat: dict[str, dict[str, int]] = {}
    for row, case in judged:
        line = heat.setdefault(case.chapter or "unknown", {each.value: 0 for each in Verdict})
        line[row["verdict"]] += 1
    return dict(sorted(heat.items(), key=lambda pair: (not pair[0].isdigit(), pair[0].zfill(9))))


def _gaps(cases: Sequence[Case], groups: Mapping[str, str]) -> tuple[GroupGaps, ...]:
    counts = Counter(
        (groups.get(case.person, "no group"), axis) for case in cases for axis in case.gaps
    )
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(GroupGaps(*key, count) for key, count in ordered[: 2 * MOST_LISTED])


def _drift(
    cases: Sequence[Case], judged: Sequence[tuple[Mapping[str, Any], Case]]
) -> tuple[Drift, ...]:
    first: dict[str, date] = {}
    for case in cases:
        if case.release:
            first[case.release] = min(case.day, first.get(case.release, case.day))
    found: list[Drift] = []
    for release in sorted(first, key=lambda name: (first[name], name)):
        of = [case for case in cases if case.release == release]
        rows = [row for row, case in judged if case.release == release]
        accuracy = share(sum(map(_right, rows)), len(rows))
        unanswered = share(sum(case.status in _UNANSWERED for case in of), len(of))
        p = _fisher(found[-1].accuracy, accuracy) if found else None
        found.append(Drift(release, len(of), unanswered, accuracy, p))
    return tuple(found)


def _fisher(before: Share, after: Share) -> float | None:
    if not (before.n and after.n):
        return None
    return fisher(before.k, before.n, after.k, after.n)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
