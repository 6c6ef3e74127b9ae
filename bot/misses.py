"""The misses of an evaluation as a readable list: what was asked, wanted, ranked, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.explain_views import COLUMNS, cells, place_of
from codesets.errors import NotationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bot.explaining import Explained, Explanation
    from codesets.library import Library
    from retrieval.evaluation import LabelledRow, Outcome

_SHOWN = 5
_MOST_TEXT = 1500


def is_miss(outcome: Outcome) -> bool:
    """Whether the first code is wrong or, of several gold codes, one is not suggested."""
    return not outcome.hit(1) or (len(outcome.assigned) > 1 and not all(outcome.assigned))


def misses_document(
    outcomes: Sequence[Outcome],
    explain: Callable[[LabelledRow], Explanation],
    library_of: Callable[[LabelledRow], Library],
    others: Mapping[str, Outcome],
    progress: Callable[[str, int, int], None],
) -> Iterator[str]:
    """The document in Markdown, one miss a piece; each miss is searched again to say why.

    ``others`` are the outcomes of the predictions compared with, by row id.
    """
    missed = [outcome for outcome in outcomes if is_miss(outcome)]
    yield f"# Misses: {len(missed)} of {len(outcomes)} rows\n"
    for number, outcome in enumerate(missed, 1):
        other = others.get(outcome.row.id)
        won = other is not None and other.hit(1) and not outcome.hit(1)
        explanation = explain(outcome.row)
        yield "\n".join(_miss(outcome, explanation, library_of(outcome.row), won))
        progress("misses", number, len(missed))


def _miss(outcome: Outcome, explanation: Explanation, library: Library, won: bool) -> Iterable[str]:
    row = outcome.row
    yield f"\n## {_plain(row.id)}\n"
    text = row.text if len(row.text) <= _MOST_TEXT else f"{row.text[:_MOST_TEXT]}…"
    yield from (f"> {_plain(line)}" for line in text.splitlines())
    yield ""
    if won:
        yield "The predictions compared with have the first code right.\n"
    for gold, place, assigned in zip(row.codes, outcome.places, outcome.assigned, strict=True):
        ranked = f"ranked {place}" if place is not None else "not ranked"
        suggested = "suggested" if assigned else "not suggested"
        yield f"- gold **{_plain(gold)}** {_plain(_title(gold, library))}: {ranked}, {suggested}"
    said = ", ".join(outcome.prediction.suggested) or "nothing"
    yield f"- suggested: {_plain(said)}\n"
    yield from _candidates(outcome, explanation.candidates)


def _candidates(outcome: Outcome, candidates: Sequence[Explained]) -> Iterable[str]:
    """The first candidates, and those that are or lead to a gold code however low they rank."""
    if not candidates:
        yield "No candidate was searched for."
        return
    yield f"| | {' | '.join(COLUMNS)} |"
    yield f"|{' --- |' * (len(COLUMNS) + 1)}"
    gold = set(outcome.row.codes)
    for place, candidate in enumerate(candidates, 1):
        if place <= _SHOWN or candidate.suggested or gold & {candidate.code, candidate.resolved}:
            row = (place_of(place, candidate), *cells(candidate))
            yield f"| {' | '.join(_cell(cell) for cell in row)} |"


def _title(code: str, library: Library) -> str:
    try:
        record = library.find(code)
    except NotationError:
        return ""  # what the rows call a code may be none
    return record.title if record else "(not in the release)"


def _plain(words: str) -> str:
    """Words that Markdown shows as they are."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|" else c for c in words)


def _cell(words: str) -> str:
    return _plain(" ".join(words.split()))
