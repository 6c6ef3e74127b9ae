"""A report written out: one self-contained page, one JSON document, or one long table."""

from __future__ import annotations

import csv
import io
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.reports.plots import plots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import jinja2

    from bot.reports.figures import Figures, Share

_COLUMNS = ("section", "name", "detail", "count", "of", "value", "low", "high")


class Format(StrEnum):
    """How a report is written."""

    HTML = "html"
    CSV = "csv"
    JSON = "json"


def page(figures: Figures, title_of: Callable[[str], str] = lambda _code: "") -> str:
    """The report as one HTML file that asks for nothing else. ``title_of`` names a code."""
    return (
        templates("bot.reports")
        .get_template("report.html")
        .render(figures=figures, plots=plots(figures), title_of=title_of)
    )


def templates(*packages: str) -> jinja2.Environment:
    """The page templates of ``packages``, the first before the next; everything is escaped."""
    import jinja2

    loaders = [jinja2.PackageLoader(package, "templates") for package in packages]
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader(loaders),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["percent"] = percent
    environment.filters["interval"] = interval
    return environment


def percent(value: float | None) -> str:
    """A share for a reader.

    >>> percent(0.1234), percent(None)
    ('12.3%', '–')
    """
    return "–" if value is None else f"{100 * value:.1f}%"


def interval(share: Share) -> str:
    """A share's interval for a reader."""
    return "–" if share.low is None else f"{percent(share.low)} to {percent(share.high)}"


def table(figures: Figures) -> str:
    """The report as CSV: one figure a line."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(_COLUMNS)
    for row in _lines(figures):
        writer.writerow([_cell(value) for value in row])
    return target.getvalue()


def _cell(value: object) -> object:
    """A spreadsheet runs a cell that begins like a formula: such text is quoted."""
    if isinstance(value, str) and value[:1] in "=+-@\t\r" and value:
        return f"'{value}"
    return "" if value is None else value


def _lines(figures: Figures) -> Iterator[tuple[object, ...]]:
    yield ("volume", "answers", "", figures.answers, "", "", "", "")
    yield ("journal", "head", figures.head, "", "", "", "", "")
    for name, counts in (("door", figures.by_door), ("kind", figures.by_kind),
                         ("feedback", figures.feedback), ("verdict", figures.verdicts),
                         ("unanswered topic", figures.unanswered),
                         ("code frequency", figures.codes)):  # fmt: skip
        for each in counts:
            yield (name, each.name, "", each.count, "", "", "", "")
    for times in figures.times:
        yield ("milliseconds", times.name, "median", times.n, "", times.median, "", "")
        yield ("milliseconds", times.name, "p95", times.n, "", times.p95, "", "")
    yield _share("acceptance", "all", "", figures.acceptance)
    yield _share("not answered", "all", "", figures.abstention)
    for week in figures.weeks:
        yield ("week", week.monday.isoformat(), "answers", week.answers, "", "", "", "")
        yield _share("week", week.monday.isoformat(), "accepted", week.accepted)
    for row in figures.accuracy:
        yield _share(f"accuracy by {row.field}", row.name, f"severity {row.severity}", row.accuracy)
    for fix in figures.corrections:
        yield ("correction", fix.code, f"{fix.verdict} {fix.right_code}".strip(), fix.count,
               "", "", "", "")  # fmt: skip
    for gap in figures.gaps:
        yield ("documentation gap", gap.group, gap.axis, gap.count, "", "", "", "")
    for drift in figures.drift:
        yield _share("release accuracy", drift.release, "", drift.accuracy)
        yield _share("release not answered", drift.release, "", drift.unanswered)
        if drift.p is not None:
            yield ("release change", drift.release, "Fisher p", "", "", drift.p, "", "")
    agreed = figures.agreement
    yield ("agreement", "kappa", "", agreed.codes, "", agreed.kappa, agreed.low, agreed.high)
    for state, count in sorted(figures.queue.items()):
        yield ("queue", state, "", count, "", "", "", "")


def _share(section: str, name: str, detail: str, share: Share) -> tuple[object, ...]:
    return (section, name, detail, share.k, share.n, share.share, share.low, share.high)
