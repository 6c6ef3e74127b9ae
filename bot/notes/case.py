"""A note becomes a case: the conditions this encounter dealt with, and what is left out and why.

The problems of the assessment come first, then conditions its text assesses; a note without an
assessment is read whole; one without a diagnosis is coded by its reason for the visit. What is
found is combined, integral symptoms and repetitions go, external causes and status codes join.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.coding.built import Built
from bot.drafting.case import Case
from bot.notes.prose import Prose
from bot.notes.rejecting import rejected_mentions
from bot.notes.titled import Problems
from bot.notes.under_way import UnderWay

if TYPE_CHECKING:
    from bot.answer import Question
    from codesets.library import Library
    from retrieval.search import Searcher


def build_note_case(text: str, question: Question, library: Library, searcher: Searcher) -> Built:
    """Read ``text`` as a note and code what the encounter dealt with."""
    way = UnderWay(text, question, library, searcher)
    prose = Prose(way)
    Problems(way).take()
    prose.take()
    if not way.found.has_condition:
        prose.take_reason()
    way.found.settle()
    way.found.take_whole(way.services, stay=not way.is_outpatient)
    way.found.take_companions()
    way.found.take_ulcer_site()
    way.found.take_circumstances()
    return _built(way)


def _built(way: UnderWay) -> Built:
    options = way.found.options()
    coded = way.found.coded
    taken = [span for each in coded.values() for span in each.spans]
    rejected = rejected_mentions(way.note, way.library, tuple(coded), taken, way.found.dropped)
    ranked = sorted(way.chooser.seen.values(), key=lambda c: (-c.score, c.code))
    gaps = {gap: None for option in options for gap in option.gaps}
    return Built(
        case=Case(way.text, way.setting, way.question.day, tuple(options)),
        candidates=tuple(ranked[:50]),
        gaps=tuple(gaps),
        cautions=tuple(way.cautions),
        open_choices=tuple(option for option in options if not option.final),
        trials=way.found.trials(),
        rejected=rejected,
        services=way.services,
    )
