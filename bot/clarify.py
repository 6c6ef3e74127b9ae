"""Documentation gaps into a provider query that a compliance officer would let through.

After the ACDIS/AHIMA practice brief on compliant queries: the clinical indicators are quoted from
the record, the question leads to no answer, every option the codes allow is offered beside "other"
and "unable to determine", and nothing is said of payment, severity scores or quality measures.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.queries.checking import PAYMENT, check
from bot.queries.forms import (
    CLOSING,
    HEADER,
    INDICATORS,
    OTHER,
    UNDETERMINED,
    Form,
    Purpose,
    QueryRefusedError,
    open_ended,
    yes_no,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.answer import Answer, Gap

    Words = Callable[[str, Sequence[str], Sequence[str]], str | None]

MOST_INDICATORS = 6
FORBIDDEN = PAYMENT
"""Words that have no place in the question or an option of a query."""


@dataclass(frozen=True, slots=True)
class QueryPoint:
    """One thing to clarify: the neutral question, and its options with the two that are always."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProviderQuery:
    """A query to the provider who documented. ``indicators`` are quoted words of the record.

    It holds words of the note: show it only where the note itself may be shown.
    """

    indicators: tuple[str, ...]
    points: tuple[QueryPoint, ...]

    def text(self) -> str:
        """The query as plain text, ready to copy."""
        lines = [HEADER, "", INDICATORS]
        lines.extend(f"- “{indicator}”" for indicator in self.indicators)
        for point in self.points:
            lines.extend(["", point.question, *(f"[ ] {option}" for option in point.options)])
        lines.extend(["", CLOSING])
        return "\n".join(lines)


def draft_query(answer: Answer, words: Words = lambda *_: None) -> ProviderQuery | None:
    """The query that the gaps of ``answer`` ask for; None where nothing is left to clarify.

    ``words(axis, indicators, options)`` may word a question; None leaves the fixed wording.
    """
    points = tuple(point for gap in answer.gaps if (point := _point(gap)) is not None)
    if not points:
        return None
    indicators = _indicators(answer)
    axes = [" ".join(gap.axis.split()) for gap in answer.gaps if _point(gap) is not None]
    worded = tuple(
        replace(point, question=words(axis, indicators, point.options[:-2]) or point.question)
        for axis, point in zip(axes, points, strict=True)
    )
    return ProviderQuery(indicators, worded)


def query_text(
    answer: Answer,
    form: Form = Form.MULTIPLE_CHOICE,
    purpose: Purpose = Purpose.SUBSTANTIATE,
    about: str = "",
    cause: str = "",
    words: Words = lambda *_: None,
) -> str:
    """The query of a form that ``answer`` gives rise to, as plain text.

    Raises QueryRefusedError where nothing is left to ask in that form, or it would not comply.
    """
    indicators = _indicators(answer)
    if form is Form.YES_NO:
        # A yes/no query is about words of the record, so the whole record may carry it.
        record = (*indicators, *(w for w in (about, cause) if w and w in answer.text))
        return yes_no(purpose, about, cause, tuple(dict.fromkeys(record)))
    if form is Form.OPEN:
        subject = answer.gaps[0].axis if answer.gaps else ""
        return open_ended(indicators, subject)
    query = draft_query(answer, words)
    if query is None:
        raise QueryRefusedError(
            "This answer leaves no choice open that a provider could clarify. Ask an open "
            "question (--form open), or a yes/no question about what is documented."
        )
    text = query.text()
    if found := check(text):
        raise QueryRefusedError(" ".join(f"{each.reason} [{each.rule}]" for each in found))
    return text


def _indicators(answer: Answer) -> tuple[str, ...]:
    """Words of the record that the answer rests on; the whole text where it quotes none."""
    quotes = [" ".join(q.quote.split()) for item in answer.suggestions for q in item.evidence]
    distinct = list(dict.fromkeys(quote for quote in quotes if quote))
    # A quote inside a longer one says nothing new.
    whole = [q for q in distinct if not any(q != other and q in other for other in distinct)]
    return tuple(whole[:MOST_INDICATORS]) or (" ".join(answer.text.split())[:400],)


def _point(gap: Gap) -> QueryPoint | None:
    axis = " ".join(gap.axis.split())
    options = tuple(dict.fromkeys(_option(option) for option in gap.options if option.strip()))
    if not axis or PAYMENT.search(axis) or any(PAYMENT.search(option) for option in options):
        return None
    question = f"Based on your clinical judgment, can the following be further specified: {axis}?"
    kept = tuple(
        option for option in options if option.casefold() not in ("other", "unspecified", "unknown")
    )
    return QueryPoint(question, (*kept, OTHER, UNDETERMINED))


def _option(option: str) -> str:
    words = " ".join(option.split())
    return words[:1].upper() + words[1:]
