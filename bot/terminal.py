"""Answers and code records as a terminal shows them: Rich renderables from plain records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot import messages
from bot.answer import Role, Severity
from codesets.models import System

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

    from bot.answer import Answer, AxisNote, Gap, Suggestion

_SIGNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "note"}
_MAX_GAP_OPTIONS = 12


def answer_view(answer: Answer) -> RenderableType:
    """The whole answer, in the order a coder reads: codes, why, gaps, cautions, sources."""
    numbers = {citation.id: n for n, citation in enumerate(answer.citations, start=1)}
    parts: list[RenderableType] = [Text(answer.headline, style="bold")]
    if len(answer.suggestions) > 1:
        parts.append(Text("Codes: " + ", ".join(s.code for s in answer.suggestions)))
    for suggestion in answer.suggestions:
        parts += [Text(""), _card(suggestion, numbers)]
    if answer.second_opinion:
        parts += [Text(""), Text("What the rules say", style="bold")]
        for suggestion in answer.second_opinion:
            parts += [Text(""), _card(suggestion, numbers)]
    if answer.services:
        parts += [Text(""), Text(messages.SERVICES_HEADING, style="bold")]
        for service in answer.services:
            parts += [Text(""), _card(service, numbers)]
    if answer.gaps:
        parts += [Text(""), Text("Not documented", style="bold")]
        parts += [_gap(gap) for gap in answer.gaps]
    if answer.rejected:
        parts += [Text(""), Text("Not coded", style="bold")]
        parts += [Padding(Text(f"• {each.reason}"), (0, 0, 0, 2)) for each in answer.rejected]
    if answer.cautions:
        parts += [Text(""), Text("Take care", style="bold")]
        parts += [Padding(Text(f"• {caution}"), (0, 0, 0, 2)) for caution in answer.cautions]
    if answer.citations:
        parts += [Text(""), *_sources(answer, numbers)]
    if answer.redactions:
        parts += [Text(""), Text(messages.PHI_REDACTED.format(count=answer.redactions))]
    parts += [Text(""), Text(footer(answer), style="dim")]
    return Group(*parts)


def _sources(answer: Answer, numbers: dict[str, int]) -> list[RenderableType]:
    """Numbered entries under the name of the publication they stand in."""
    by_source: dict[str, list[RenderableType]] = {}
    for citation in answer.citations:
        line = Text.assemble(
            (f"[{numbers[citation.id]}] ", "dim"), (citation.locator, "bold"), f"  {citation.text}"
        )
        by_source.setdefault(citation.source, []).append(Padding(line, (0, 0, 0, 2)))
    lines: list[RenderableType] = []
    for source, entries in by_source.items():
        lines += [Text.assemble(("Sources: ", "bold"), source), *entries]
    return lines


def footer(answer: Answer) -> str:
    """Release, date of service, setting and exchange id in one line."""
    releases = ", ".join(f"{system} {release}" for system, release in answer.releases.items())
    return (
        f"{releases or 'no release'} · date of service {answer.day.isoformat()} · "
        f"{answer.setting.value} · {answer.drafter} · exchange {answer.exchange_id[:8]}"
    )


def _card(suggestion: Suggestion, numbers: dict[str, int]) -> RenderableType:
    marks = " ".join(f"[{numbers[c]}]" for c in suggestion.citations if c in numbers)
    head = Text.assemble(
        (f" {suggestion.code} ", "bold reverse"), " ", (suggestion.title, "bold"),
        (f"  {_standing(suggestion)}", "dim"), (f"  {marks}", "dim"),
    )  # fmt: skip
    lines: list[RenderableType] = [head]
    if suggestion.information:
        lines.append(Padding(Text(" · ".join(suggestion.information), style="dim"), (0, 0, 0, 2)))
    lines.append(Padding(Text(suggestion.rationale), (0, 0, 0, 2)))
    lines += [
        Padding(
            Text.assemble(
                (f"{axis.character} ", "bold"),
                f"{axis.axis}: {axis.label}",
                (f"  {axis.why}", "dim"),
            ),
            (0, 0, 0, 4),
        )
        for axis in suggestion.axes
    ]
    lines += [
        Padding(Text(f"{_SIGNS[f.severity]}: {f.message}"), (0, 0, 0, 2))
        for f in suggestion.findings
    ]
    if suggestion.alternatives:
        near = "; ".join(f"{a.code} {a.title}" for a in suggestion.alternatives[:4])
        lines.append(Padding(Text(f"Also weighed: {near}", style="dim"), (0, 0, 0, 2)))
    return Group(*lines)


def _standing(suggestion: Suggestion) -> str:
    """A diagnosis' or a stay's place in the claim; of other services the system they are of."""
    named = {System.HCPCS.value: "HCPCS Level II", System.CPT.value: "CPT"}
    if suggestion.role is Role.PROCEDURE:
        return named.get(suggestion.system, suggestion.role.value)
    return suggestion.role.value


def _why(axis: AxisNote, suggestion: Suggestion) -> str:
    """What decided an axis, unless the rationale says it already."""
    return f"  {axis.why}" if axis.why and axis.why not in suggestion.rationale else ""


def _gap(gap: Gap) -> RenderableType:
    shown = gap.options[:_MAX_GAP_OPTIONS]
    more = len(gap.options) - len(shown)
    text = f"• {gap.axis}: {'; '.join(shown)}" + (f"; and {more} more" if more > 0 else "")
    return Padding(Text(text), (0, 0, 0, 2))


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> Table:
    """A plain table; every cell is shown as text, never read as markup."""
    built = Table(title=title or None, title_justify="left", header_style="bold")
    for column in columns:
        built.add_column(column, overflow="fold")
    for row in rows:
        built.add_row(*(escape(str(cell)) for cell in row))
    return built
