"""Code sets as a terminal shows them: Rich renderables from plain records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from bot.terminal import table
from codesets.installing import Outcome, tally

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rich.console import RenderableType

    from codesets.acquire import Update
    from codesets.diffing import Difference
    from codesets.installing import FileReport
    from codesets.inventory import Installed
    from codesets.verifying import Verification

_MAX_DIFFERENCES = 40


def inventory_view(rows: Sequence[Installed]) -> RenderableType:
    """What is installed, one line a file."""
    return table(
        "Code sets on this machine",
        ("system", "what", "release", "from", "to", "counts", "source", "licence"),
        [
            (
                row.system,
                row.what,
                row.release,
                _day(row.effective_from),
                _day(row.effective_to),
                counts(row.counts),
                row.damage or row.source,
                row.licence,
            )
            for row in rows
        ],
    )


def reports_view(reports: Sequence[FileReport]) -> RenderableType:
    """What each file was and what became of it."""
    return table(
        "",
        ("file", "what it is", "system", "release", "counts", "outcome"),
        [
            (
                report.name,
                report.kind.value,
                report.system,
                report.release or "",
                counts(report.counts),
                f"{report.outcome.value}. {report.detail}".removesuffix(" "),
            )
            for report in reports
        ],
    )


def summary(reports: Sequence[FileReport]) -> str:
    """How many files came to which outcome, in one line."""
    if not reports:
        return "There is no file in what you named; nothing was changed."
    numbers = tally(reports)
    told = ", ".join(f"{numbers[o]} {o.value}" for o in Outcome if numbers[o])
    return f"{len(reports)} files: {told}."


def update_view(result: Update) -> RenderableType:
    """What was looked for, what came of it, and what was installed."""
    parts: list[RenderableType] = [
        table(
            "Catalogue",
            ("file", "release", "outcome"),
            [
                (d.name, d.release, f"{d.outcome.value}. {d.detail}".removesuffix(" "))
                for d in result.downloads
            ],
        )
    ]
    if result.files:
        parts.append(reports_view(result.files))
    return Group(*parts)


def verification_view(result: Verification) -> RenderableType:
    """Damaged files, the comparisons that were made, and the titles that differ."""
    parts: list[RenderableType] = [
        Text(f"damaged: {check.problem}", style="bold") for check in result.files if not check.ok
    ]
    parts.append(table("Titles compared", ("source", "with", "codes"), result.compared))
    if result.differences:
        rows = [
            (d.code, d.one, d.one_title or "–", d.other, d.other_title or "–")
            for d in result.differences[:_MAX_DIFFERENCES]
        ]
        parts.append(table("Differences", ("code", "source", "title", "source", "title"), rows))
        more = len(result.differences) - len(rows)
        if more > 0:
            parts.append(Text(f"and {more} more; --json has all of them"))
    return Group(*parts)


def verification_sentence(result: Verification) -> str:
    """The verdict in one line."""
    damaged = sum(not check.ok for check in result.files)
    certain = sum(d.certain for d in result.differences)
    other = len(result.differences) - certain
    parts = [f"{len(result.files)} files checked, {damaged} damaged"]
    parts.append(f"{len(result.compared)} comparisons of titles, {certain} altered titles")
    if other:
        parts.append(f"{other} titles that an April update may have revised")
    return "; ".join(parts) + "."


def difference_view(found: Difference) -> RenderableType:
    """Added, deleted and revised codes, one table each."""
    where = f", chapter {found.chapter}" if found.chapter else ""
    span = f"{found.old.id} to {found.new.id}{where}"
    parts: list[RenderableType] = []
    if found.added:
        rows = [(c.code, c.title) for c in found.added]
        parts.append(table(f"Added, {span}", ("code", "title"), rows))
    if found.deleted:
        deleted = [
            (c.code, c.title, ", ".join(found.replacements.get(c.code, ()))) for c in found.deleted
        ]
        parts.append(table(f"Deleted, {span}", ("code", "title", "replaced by"), deleted))
    if found.revised:
        revised = [(r.code, r.before, r.after) for r in found.revised]
        parts.append(table(f"Revised, {span}", ("code", "before", "after"), revised))
    told = (
        f"{span}: {len(found.added)} added, {len(found.deleted)} deleted, "
        f"{len(found.revised)} revised."
    )
    return Group(*parts, Text(told))


def counts(numbers: dict[str, int]) -> str:
    """Counts as one short phrase: ``74,260 valid, 97,584 records``."""
    return ", ".join(f"{number:,} {name}" for name, number in numbers.items() if number)


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""
