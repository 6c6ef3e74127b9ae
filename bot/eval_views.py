"""What `codecite eval` prints: tables of a report, and its chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group as Stack

from bot.charts import Bar, Panel, bar_chart
from bot.terminal import table
from retrieval.evaluation import DEPTHS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from bot.scoring import Comparison, Confusion, ModelTotal, Report
    from codesets.library import Library

_TITLE = 60


def report_view(report: Report, library: Library) -> RenderableType:
    """The whole report, overall first. ``library`` gives the titles of codes."""
    parts: list[RenderableType] = [_scores(report)]
    if report.groups:
        parts.append(_groups(report))
    if report.chapters:
        parts.append(_chapters(report))
    parts += _lists(report, library)
    if report.comparison is not None:
        parts.append(_comparison(report.comparison))
    if report.models:
        parts.append(_models(report.models))
    return Stack(*parts)


def chart(report: Report, title: str) -> str:
    """The measures overall and by group as SVG, beside the other predictions' where compared."""
    compared = report.comparison
    theirs = {d.measure: d.theirs for d in compared.differences} if compared else {}
    overall: list[Bar] = []
    for name, value in report.scores.values().items():
        interval = report.intervals.get(name)
        edges = (interval.low, interval.high) if interval else (None, None)
        overall.append(Bar(name, value, *edges))
        if name in theirs:
            overall.append(Bar("", theirs[name], series=1))
    panels = [Panel(f"all rows ({report.scores.rows:,})", tuple(overall))]
    panels += [
        Panel(
            f"{group.field}: {group.value} ({group.scores.rows:,})",
            tuple(Bar(name, value) for name, value in group.scores.values().items()),
        )
        for group in report.groups
        if group.scores.rows < report.scores.rows
    ]
    return bar_chart(title, panels, ("this run", compared.other) if compared else ())


def _scores(report: Report) -> RenderableType:
    rows = []
    for name, value in report.scores.values().items():
        interval = report.intervals.get(name)
        spread = f"{interval.low:.3f} to {interval.high:.3f}" if interval else ""
        rows.append((_named(name), f"{value:.3f}", spread, str(report.scores.rows)))
    return table("Scores", ("measure", "value", "95 % interval", "rows"), rows)


def _groups(report: Report) -> RenderableType:
    return table(
        "By kind of row",
        ("rows where", "rows", *(f"hit@{depth}" for depth in DEPTHS), "P", "R", "F1"),
        [
            (
                f"{g.field} = {g.value}",
                g.scores.rows,
                *(f"{v:.3f}" for v in g.scores.values().values()),
            )
            for g in report.groups
        ],
    )


def _chapters(report: Report) -> RenderableType:
    return table(
        "By chapter of the gold code",
        ("chapter", "title", "codes", *(f"hit@{d}" for d in DEPTHS), "recall"),
        [
            (c.number, _short(c.title), c.codes, *(f"{c.hits[d]:.3f}" for d in DEPTHS),
             f"{c.recall:.3f}")
            for c in report.chapters
        ],
    )  # fmt: skip


def _lists(report: Report, library: Library) -> list[RenderableType]:
    found: list[RenderableType] = []
    if report.confusions:
        rows = [
            (c.count, c.gold, _title(c.gold, library), c.said or "nothing", _title(c.said, library))
            for c in report.confusions
        ]
        columns = ("rows", "gold", "title", "said first", "title")
        found.append(table("Commonest wrong first codes", columns, rows))
    if report.missed:
        found.append(_named_codes("Gold codes most often not suggested", report.missed, library))
    if report.extra:
        found.append(_named_codes("Suggested most often without gold", report.extra, library))
    return found


def _named_codes(title: str, counted: Sequence[Confusion], library: Library) -> RenderableType:
    rows = [
        (each.count, each.gold or each.said, _title(each.gold or each.said, library))
        for each in counted
    ]
    return table(title, ("rows", "code", "title"), rows)


def _comparison(compared: Comparison) -> RenderableType:
    rows = []
    for each in compared.differences:
        changed = "" if each.gained is None else f"{each.gained} / {each.lost}"
        rows.append(
            (
                _named(each.measure), f"{each.ours:.3f}", f"{each.theirs:.3f}",
                f"{each.ours - each.theirs:+.3f}",
                f"{each.interval.low:+.3f} to {each.interval.high:+.3f}", changed, p_value(each.p),
            )
        )  # fmt: skip
    columns = ("measure", "this", compared.other, "difference", "95 % interval", "gained / lost",
               "p")  # fmt: skip
    return table(f"Against {compared.other}, {compared.rows} rows of both", columns, rows)


def _models(totals: Sequence[ModelTotal]) -> RenderableType:
    rows = [
        (
            each.predictions, each.answers, each.calls, f"{each.input_tokens:,}",
            f"{each.output_tokens:,}", "no price set" if each.cost is None else f"${each.cost:.4f}",
            f"{each.latency_p50:,.0f} / {each.latency_p95:,.0f} ms",
            ", ".join(f"{name} {count}" for name, count in sorted(each.outcomes.items())),
        )
        for each in totals
    ]  # fmt: skip
    columns = ("predictions", "answers", "calls", "tokens in", "tokens out", "cost",
               "latency p50 / p95", "outcomes")  # fmt: skip
    return table("What the chat model took", columns, rows)


def p_value(p: float) -> str:
    """A p value to three places; below the smallest that shows, said so."""
    return f"{p:.3f}" if p >= 0.0005 else "< 0.001"


def _named(measure: str) -> str:
    return measure if measure.startswith("hit@") else f"{measure} (suggested)"


def _title(code: str, library: Library) -> str:
    from codesets.errors import NotationError

    try:
        record = library.find(code) if code else None
    except NotationError:
        return ""  # what the rows call a code may be none
    return _short(record.title) if record else ""


def _short(title: str) -> str:
    return title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"
