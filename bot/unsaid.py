"""Words of a code's wording that a text does not say."""

from __future__ import annotations

import re

from codesets.wording import is_plain, read_title, word_class

_SUPPLIED = frozenset({"displacement", "wound", "healing", "encounter"})
"""Qualifiers of a title that conventions supply where a text is silent (I.C.19.a, I.C.19.c)."""
_OPEN = re.compile(r"\bunspecified\b|\bnot (?:otherwise )?specified\b|\bNOS\b", re.IGNORECASE)
_EITHER = re.compile(r"\b([\w-]+) or ([\w-]+)\b", re.IGNORECASE)
BRACKETED = re.compile(r"\([^)]*\)|\[[^\]]*\]")
"""Nonessential modifiers (I.A.7) and synonyms in brackets ask nothing of the text."""
_MOST = 4


def unsaid(wording: str, said: set[str]) -> int:
    """Meaningful words of a wording that the text lacks; what is left unspecified asks nothing."""
    missing = 0
    for first, second in _EITHER.findall(wording):
        # Of "drug or chemical" the text says one, and that is all the title asks (I.A.14).
        if said.intersection(form for word in read_title(first) for form in word.forms):
            wording = wording.replace(f"{first} or {second}", first)
        elif said.intersection(form for word in read_title(second) for form in word.forms):
            wording = wording.replace(f"{first} or {second}", second)
    for number, part in enumerate(re.split(r"[,;]", wording)):
        opened = _OPEN.search(part)
        if opened and number:
            part = part[: opened.start()]
        for word in read_title(BRACKETED.sub(" ", part)):
            plain = word.negated or all(
                is_plain(form) or word_class(form) in _SUPPLIED for form in word.forms
            )
            missing += not plain and not said.intersection(word.forms)
    return min(missing, _MOST)
