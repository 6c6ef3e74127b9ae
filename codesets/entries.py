"""Whether a text says an entry of the Alphabetic Index, and by which of its words.

An entry is a path from a main term down ("Cellulitis > foot"). Nonessential modifiers in
parentheses need not be said (Official Guidelines I.A.7); of the forms a main term lists
("Disease, diseased") one will do. An entry for what has no entry of its own ("specified
NEC", I.A.6) decides nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from codesets.wording import is_plain, read_text, read_title

_STEP = " > "
_BRACKETED = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_ELSEWHERE = re.compile(r"> *NEC\b|\bspecified\b|\bother\b", re.IGNORECASE)
_OPEN = re.compile(r"\bNOS\b|\bNEC\b|\bunspecified\b", re.IGNORECASE)
_Wording = tuple[frozenset[str], ...]


@lru_cache(maxsize=8_192)
def _asked(entry: str) -> tuple[tuple[_Wording, ...], ...]:
    """What each step of an entry asks for: wordings of which one will do, each a run of words."""
    if _ELSEWHERE.search(entry):
        return ()
    steps = []
    for place, step in enumerate(_BRACKETED.sub(" ", entry).split(_STEP)):
        parts = step.split(",") if place == 0 else [step]
        wordings = tuple(words for part in parts if (words := _words(part)))
        if wordings:
            steps.append(wordings)
    return tuple(steps)


def _words(part: str) -> _Wording:
    return tuple(
        frozenset(word.forms)
        for word in read_title(_OPEN.sub(" ", part))
        if not word.negated and not all(is_plain(form) for form in word.forms)
    )


def entry_words(text: str, entry: str) -> frozenset[int]:
    """The words of ``text`` that say ``entry``, by index; none where it is not said in full.

    >>> sorted(entry_words("cellulitis of the right foot", "Cellulitis (diffuse) > foot"))
    [0, 4]
    >>> entry_words("cellulitis of the right foot", "Cellulitis > toe")
    frozenset()
    """
    asked = _asked(entry)
    if not asked:
        return frozenset()
    said: dict[str, list[int]] = {}
    words = read_text(text)
    for index, word in enumerate(words):
        if not word.negated:
            for form in word.forms:
                said.setdefault(form, []).append(index)
    for form, places in said.items():
        # The word itself, before those that only imply it: of a cancer, "malignant".
        said[form] = [index for index in places if words[index].own == (form,)] or places
    found: set[int] = set()
    for wordings in asked:
        hit = next((hit for words in wordings if (hit := _hits(words, said))), None)
        if hit is None:
            return frozenset()
        found |= hit
    return frozenset(found)


def _hits(words: _Wording, said: dict[str, list[int]]) -> set[int]:
    """Where the text says every word of a wording; empty where one is missing."""
    found: set[int] = set()
    for forms in words:
        places = [index for form in forms for index in said.get(form, ())]
        if not places:
            return set()
        found.update(places)
    return found
