"""The report's plots as SVG: trend, Pareto, heat map, accuracy with intervals."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from bot.review.records import Verdict

if TYPE_CHECKING:
    from bot.reports.figures import Figures

_INK, _BAR, _LINE, _FAINT = "#1f2933", "#2f6db3", "#b3261e", "#d9dee5"
_MOST_BARS = 15


def plots(figures: Figures) -> dict[str, str]:
    """Name to SVG of every plot that has something to show; each is labelled for readers."""
    drawn = {
        "trend": _trend(figures) if figures.weeks else "",
        "accuracy": _accuracy(figures) if figures.accuracy else "",
        "pareto": _pareto(figures) if figures.corrections else "",
        "heat": _heat(figures) if figures.heat else "",
    }
    return {name: svg for name, svg in drawn.items() if svg}


def _canvas(width: float, height: float) -> tuple[Any, Any]:
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasSVG(figure)
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=_INK, labelsize=8)
    return figure, axes


def _svg(figure: Any, title: str) -> str:
    from matplotlib import rc_context

    target = io.StringIO()
    # Words stay words, so that a reader and a search find them; ids do not change by themselves.
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": title, "font.family": "sans-serif"}):
        figure.savefig(target, format="svg", metadata={"Date": None})
    drawing = target.getvalue()
    drawing = drawing[drawing.index("<svg") :]
    drawing = re.sub(r"<metadata>.*?</metadata>", "", drawing, flags=re.DOTALL)
    head = f'<svg role="img" aria-label="{title}"'
    return drawing.replace("<svg", head, 1)


def _trend(figures: Figures) -> str:
    figure, axes = _canvas(8.6, 3.2)
    weeks = [week.monday for week in figures.weeks]
    axes.bar(weeks, [week.answers for week in figures.weeks], width=5.5, color=_FAINT,
             label="answers")  # fmt: skip
    axes.bar(weeks, [week.unanswered for week in figures.weeks], width=5.5, color="#8595a8",
             label="not answered")  # fmt: skip
    axes.set_ylabel("answers a week", fontsize=8, color=_INK)
    known = [week for week in figures.weeks if week.accepted.share is not None]
    if known:
        right = axes.twinx()
        right.spines[["top"]].set_visible(False)
        days = [week.monday for week in known]
        right.fill_between(
            days,
            [week.accepted.low or 0.0 for week in known],
            [week.accepted.high or 0.0 for week in known],
            color=_LINE, alpha=0.15, linewidth=0,
        )  # fmt: skip
        right.plot(days, [week.accepted.share for week in known], color=_LINE, marker="o",
                   markersize=3, label="accepted on review, 95% interval")  # fmt: skip
        right.set_ylim(0, 1)
        right.tick_params(colors=_INK, labelsize=8)
        right.set_ylabel("share accepted", fontsize=8, color=_INK)
        right.legend(loc="lower right", bbox_to_anchor=(1, 1), fontsize=7, frameon=False)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, fontsize=7, frameon=False)
    figure.autofmt_xdate(rotation=30)
    return _svg(figure, "Answers a week, and the share accepted on review")


def _accuracy(figures: Figures) -> str:
    rows = [row for row in figures.accuracy if row.field == "family"][:_MOST_BARS][::-1]
    figure, axes = _canvas(8.6, 0.6 + 0.26 * len(rows))
    for place, row in enumerate(rows):
        given = row.accuracy
        if given.share is None or given.low is None or given.high is None:
            continue
        axes.plot([given.low, given.high], [place, place], color=_BAR, linewidth=2)
        axes.plot([given.share], [place], "o", color=_BAR, markersize=4)
    axes.set_yticks(range(len(rows)), [f"{row.name}  ({row.accuracy.n})" for row in rows])
    axes.set_xlim(0, 1.02)
    axes.grid(axis="x", color=_FAINT, linewidth=0.6)
    axes.set_xlabel("accuracy of judged codes, 95% interval", fontsize=8, color=_INK)
    return _svg(figure, "Accuracy by code family, with intervals")


def _pareto(figures: Figures) -> str:
    rows = figures.corrections[:_MOST_BARS]
    total = sum(row.count for row in figures.corrections)
    figure, axes = _canvas(8.6, 3.6)
    names = [f"{row.code or '(missing)'} → {row.right_code or 'none'}" for row in rows]
    places = range(len(rows))
    axes.bar(places, [row.count for row in rows], color=_BAR)
    axes.set_xticks(places, names, rotation=40, ha="right")
    axes.set_ylabel("corrections", fontsize=8, color=_INK)
    right = axes.twinx()
    right.spines[["top"]].set_visible(False)
    running, line = 0, []
    for row in rows:
        running += row.count
        line.append(running / total)
    right.plot(places, line, color=_LINE, marker="o", markersize=3)
    right.set_ylim(0, 1.05)
    right.tick_params(colors=_INK, labelsize=8)
    right.set_ylabel("share of those listed, added up", fontsize=8, color=_INK)
    return _svg(figure, "Commonest corrections, most frequent first")


def _heat(figures: Figures) -> str:
    columns = [each.value for each in Verdict if each is not Verdict.ACCEPTED]
    rows = list(figures.heat)
    totals = [sum(figures.heat[row].values()) or 1 for row in rows]
    cells = [
        [figures.heat[row][column] / total for column in columns]
        for row, total in zip(rows, totals, strict=True)
    ]
    figure, axes = _canvas(8.6, 1.4 + 0.26 * len(rows))
    shown = axes.imshow(cells, cmap="Blues", aspect="auto", vmin=0)
    axes.set_xticks(range(len(columns)), columns, rotation=30, ha="right")
    axes.set_yticks(range(len(rows)), [f"chapter {row}" for row in rows])
    top = max((value for line in cells for value in line), default=0.0)
    for y, line in enumerate(cells):
        for x, value in enumerate(line):
            if figures.heat[rows[y]][columns[x]]:
                axes.text(x, y, str(figures.heat[rows[y]][columns[x]]), ha="center", va="center",
                          fontsize=7, color="white" if value > top * 0.6 else _INK)  # fmt: skip
    bar = figure.colorbar(shown, ax=axes)
    bar.set_label("share of the chapter's judged codes", fontsize=8, color=_INK)
    bar.ax.tick_params(labelsize=7)
    return _svg(figure, "Errors by chapter and verdict")
