"""From a redacted text to a case: which codes it supports, with the words and records behind each.

A question is searched whole and phrase by phrase; a note is read for what its encounter dealt with
(``bot.notes``). A candidate is resolved to the most specific valid code that the words support, and
stands only if its wording accounts for the words that led to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.coding.gathered import Gathered
from bot.coding.phrases import Phrases
from bot.coding.taking import Taker
from bot.coding.whole import Whole
from bot.notes.case import build_note_case
from retrieval.mentions import find_mentions, is_note

if TYPE_CHECKING:
    from bot.answer import Question
    from bot.coding.built import Built
    from codesets.library import Library
    from retrieval.search import Searcher

MOST_PHRASES = 150


def build_case(text: str, question: Question, library: Library, searcher: Searcher) -> Built:
    """Find, resolve and pair the codes that ``text`` supports, best first."""
    if is_note(text):
        return build_note_case(text, question, library, searcher)
    gathered = Gathered(text, question, library, searcher)
    taker = Taker(gathered)
    Whole(gathered, taker).take()
    phrases = Phrases(gathered, taker)
    for mention in find_mentions(text)[:MOST_PHRASES]:
        phrases.take(mention)
    return gathered.built()
