"""The reviewer's rows and replays as Rich tables for a terminal.

Cells are plain text, never markup: brackets in a note stay brackets, and characters that would
drive the terminal are shown as replacement characters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from bot.review.records import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from rich.console import RenderableType

    from bot.review.records import QueueItem
    from bot.review.views import CandidateView, ListingRow, Replay, SuggestionView

CANDIDATES_SHOWN = 10
_QUEUE_ID, _QUESTION = 12, 90
_DRIVING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """``text`` without characters that would drive or mislead a terminal.

    Control characters but line ends and tabs, halves of surrogate pairs, and the marks that turn
    the direction of writing.

    >>> printable("red " + chr(27) + "[31m") == "red " + chr(0xFFFD) + "[31m"
    True
    """
    return _DRIVING.sub("\ufffd", text)


def listing_table(rows: Iterable[ListingRow]) -> Table:
    """The rows as a table for a terminal; the question takes the room that is left, and wraps."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("Exchange", "Asked (UTC)", "From", "Outcome"):
        table.add_column(title, no_wrap=True)
    table.add_column("Question", ratio=2, overflow="fold")
    table.add_column("Codes", ratio=1, overflow="fold")
    table.add_column("ms", justify="right", no_wrap=True)
    for row in rows:
        who = f"{row.door} {row.person}".strip()
        # A suggestion that was abstained from, or a lookup that failed, is told by its status.
        outcome = row.kind if row.status == "answered" else row.status
        cells = (row.id, row.asked, who, outcome, row.question, row.codes, row.milliseconds)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    return table


def queue_table(items: Iterable[QueueItem], now: datetime) -> Table:
    """What waits for review, a line an exchange: why it is there, and who is at it."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("Exchange", no_wrap=True)
    table.add_column("Why", ratio=2, overflow="fold")
    table.add_column("Question", ratio=4, overflow="fold")
    table.add_column("Codes", ratio=2, overflow="fold")
    for item in items:
        case = item.case
        why = [reason.value for reason in case.reasons]
        why += [case.state.value] if case.state is not State.OPEN else []
        why += [f"claimed by {holder}"] if (holder := case.held_by(now)) else []
        question = " ".join(item.question.split())[:_QUESTION]
        cells = (case.exchange_id[:_QUEUE_ID], ", ".join(why), question, " ".join(case.codes))
        table.add_row(*(Text(printable(cell)) for cell in cells))
    return table


def replay_view(view: Replay, candidates: int = CANDIDATES_SHOWN) -> Group:
    """The exchange for a terminal, with up to ``candidates`` of its candidates."""
    parts: list[RenderableType] = [Text(f"Exchange {view.exchange_id}", style="bold")]
    parts.append(_pairs(view.circumstances))
    parts += [_heading("Question"), Text(printable(view.question))]
    parts += [_heading("Answer"), Text(printable(view.headline))]
    if view.abstained is not None:
        parts.append(Text(printable(f"Abstained: {view.abstained}")))
    if view.suggestions:
        parts.append(_suggestions_table(view.suggestions))
    for title, lines in (("Documentation gaps", view.gaps), ("Cautions", view.cautions)):
        if lines:
            parts += [_heading(title), *(Text(printable(f"- {line}")) for line in lines)]
    if view.findings:
        rows = [(row.severity, row.rule, " ".join(row.codes), row.message) for row in view.findings]
        parts += [_heading("Findings"), _grid(("Severity", "Rule", "Codes", "Message"), rows)]
    if view.candidates:
        parts += [_heading(f"Candidates ({len(view.candidates)})")]
        parts.append(_candidates_table(view.candidates[:candidates]))
    if view.sources:
        sources = [(row.id, row.locator, row.release, row.text) for row in view.sources]
        parts += [_heading("Sources"), _grid(("Citation", "Locator", "Release", "Text"), sources)]
    parts += [_heading("Provenance"), _pairs(view.provenance)]
    parts.append(_pairs(tuple((name, f"{value:.1f} ms") for name, value in view.timings)))
    if view.deliveries:
        parts += [_heading("Shown in"), _grid(("Channel", "Message", "At (UTC)"), view.deliveries)]
    return Group(*parts)


def _heading(title: str) -> Text:
    return Text(f"\n{title}", style="bold")


def _pairs(pairs: Iterable[tuple[str, str]]) -> Table:
    return _grid((), pairs)


def _grid(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(box=None, show_header=bool(titles), header_style="italic", pad_edge=False)
    for title in titles:
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    return table


def _suggestions_table(suggestions: Iterable[SuggestionView]) -> Table:
    return _grid(
        ("Role", "Code", "Title", "Evidence", "Why"),
        [
            (row.role, row.code, row.title, " | ".join(row.evidence), row.rationale)
            for row in suggestions
        ],
    )


def _candidates_table(candidates: Iterable[CandidateView]) -> Table:
    return _grid(
        ("", "Code", "Score", "Words", "Meaning", "Strongest passage", ""),
        [
            (
                str(row.rank),
                row.code,
                f"{row.score:.4f}",
                _rank(row.lexical_rank),
                _rank(row.dense_rank),
                row.passages[0] if row.passages else "",
                "suggested" if row.suggested else "",
            )
            for row in candidates
        ],
    )


def _rank(rank: int | None) -> str:
    return "–" if rank is None else str(rank)
