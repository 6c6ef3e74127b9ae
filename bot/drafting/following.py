"""Whether a model's wording of a follow-up says what was said, and no more and no less.

A wording made of words of the thread can still turn a denial into a finding or drop what the newest
message adds; each is looked for by itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.drafting.prose import may_say
from codesets.notation import find_codes
from codesets.wording import is_plain, read_text
from retrieval.mentions import Assertion, find_mentions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_JOINING = frozenset(
    ["and", "with", "without", "of", "the", "a", "an", "in", "on", "is", "not", "instead", "for"]
)
_POINTING = frozenset(
    [
        "it",
        "its",
        "it's",
        "that",
        "those",
        "these",
        "they",
        "them",
        "same",
        "instead",
        "former",
        "latter",
        "before",
        "else",
        "rather",
        "earlier",
        "still",
        "one",
        "other",
        "what",
        "about",
        "how",
        "if",
        "would",
        "does",
        "do",
        "change",
        "code",
        "codes",
        "coded",
        "use",
        "used",
        "case",
        "then",
        "and",
        "but",
        "or",
        "so",
        "also",
        "too",
        "now",
        "please",
        "was",
        "were",
        "be",
        "been",
        "being",
        "this",
        "there",
        "here",
        "when",
        "which",
        "should",
        "could",
        "can",
        "will",
        "happen",
        "happens",
        "mean",
        "means",
        "say",
        "says",
        "said",
        "answer",
        "question",
    ]
)
"""Words of a message that only point at what was said, or ask; nothing is lost without them."""


def stands_alone(said: str, thread: Sequence[str], message: str) -> bool:
    """Whether ``said`` may stand for ``message`` in a conversation of ``thread``."""
    if not thread or not may_say(said, *thread, message):
        return False
    words, known = _words(said), _words(" ".join((*thread, message)))
    if not words or not words <= known | _JOINING:
        return False
    named = {code for code, _, _ in find_codes(said)}
    written = {code for each in (*thread, message) for code, _, _ in find_codes(each)}
    if not named <= written:
        return False
    if not _words(message) - _POINTING - _JOINING <= words:
        return False  # what the message itself says is lost
    if not (_telling(said) - _telling(message)) & _telling(" ".join(thread)):
        return False  # nothing of the thread is in it: it is the message again
    return not _asserted([said]) - _asserted((*thread, message))


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}


def _telling(text: str) -> set[str]:
    return {form for word in read_text(text) for form in word.own if not is_plain(form)}


def _asserted(texts: Iterable[str]) -> set[str]:
    """Forms that the texts say of the patient as they are: not denied, doubted or a relative's."""
    found: set[str] = set()
    for text in texts:
        plain = [(m.start, m.end) for m in find_mentions(text) if m.status is Assertion.ASSERTED]
        found |= {
            form
            for word in read_text(text)
            if not word.negated and any(s <= word.start < e for s, e in plain)
            for form in word.own
            if not is_plain(form)
        }
    return found
