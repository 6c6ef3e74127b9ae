"""`codecite ask --explain`: the candidates of an answer as a table, and as lines of a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.terminal import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from bot.explaining import Explained
    from retrieval.search import Match

COLUMNS = (
    "candidate",
    "score",
    "best passage",
    "words",
    "meaning",
    "searched as",
    "leads to",
    "why",
)
SHOWN = 15
_PARTS = 4


def explanation_view(candidates: Sequence[Explained], shown: int = SHOWN) -> Table:
    """The first candidates, and every suggested one however low it ranks."""
    rows = []
    for place, candidate in enumerate(candidates, 1):
        if place <= shown or candidate.suggested:
            code, score, passage, words, meaning, searched, resolved, why = cells(candidate)
            found = [passage]
            if words:
                found += [f"words {words}", f"meaning {meaning}", f"searched as: {searched}"]
            if candidate.best is not None and candidate.best.parts:
                found.append(f"score: {_parts(candidate.best)}")
            leads = f"→ {resolved}" if resolved and resolved != code else ""
            rows.append(
                (place_of(place, candidate), "\n".join(filter(None, (code, score, leads))),
                 "\n".join(found), why)
            )  # fmt: skip
    title = f"{len(candidates)} candidates" if candidates else "No candidate was searched for"
    return table(title, ("", "candidate", "how it was found", "what became of it"), rows)


def cells(candidate: Explained) -> tuple[str, ...]:
    """One candidate as the texts of COLUMNS. Ranks are given as #1; a dash is not in the pool."""
    best = candidate.best
    tail = (candidate.resolved, candidate.why)
    if best is None:
        return (candidate.code, f"{candidate.score:.3f}", candidate.title, "", "", "", *tail)
    lowered = f" (lowered by: {', '.join(best.lowered_by)})" if best.lowered_by else ""
    return (
        candidate.code,
        f"{candidate.score:.3f}{lowered}",
        f"{best.passage.text} [{best.passage.kind.value}]",
        f"{_rank(best.lexical_rank)} {best.lexical_score:.2f} (covers {best.covered:.2f}, "
        f"says {best.said:.2f})",
        f"{_rank(best.dense_rank)} {best.dense_score:.2f}",
        best.variant,
        *tail,
    )


def place_of(place: int, candidate: Explained) -> str:
    """The candidate's rank, with a tick where it was suggested."""
    return f"{place}{' ✓' if candidate.suggested else ''}"


def _parts(match: Match) -> str:
    """What weighed most in a passage's score, by the ranker's features."""
    weightiest = sorted(match.parts, key=lambda part: -abs(part[1]))[:_PARTS]
    return ", ".join(f"{name.replace('_', ' ')} {value:+.2f}" for name, value in weightiest)


def _rank(rank: int | None) -> str:
    return f"#{rank}" if rank is not None else "–"
