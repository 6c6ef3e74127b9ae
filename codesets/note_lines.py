"""What a line of an instructional note names, and where in a release it can be looked up."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from codesets.abbreviations import DrugMatch, find_drugs
from codesets.asks import Ask, asks_of, is_needed
from codesets.models import Level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codesets.library import Library
    from codesets.models import Note

_BRACKETS = re.compile(r"\([^()]*\d[^()]*\)|\[[^\[\]]*\d[^\[\]]*\]")
_BOILERPLATE = re.compile(
    r"^\W*(?:(?:additional\s+)?code(?:\(s\)|s)?\b|from category\b|,|if applicable\b|if known\b|"
    r"when specified\b|to (?:further )?(?:identify|specify|indicate)\b|for\b|any\b|the\b|and\b|"
    r"associated\b|underlying\b|current\b|types? of\b|stage of\b|severity of\b|site of\b|"
    r"presence of\b|control using\b|\W)*",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r",?\s*\b(?:if applicable|if known|when specified|such as:?|if any)\W*$", re.I
)
_CONDITIONAL = re.compile(r"if applicable|if known|such as|\bany\b|when specified", re.IGNORECASE)
# What a list of organisms or drugs calls each entry need not be said of it.
ENTRY_WORDS = frozenset({"infection", "cause", "use", "current", "drug"})
_CATEGORIES: WeakKeyDictionary[Library, list[tuple[str, str]]] = WeakKeyDictionary()


def is_conditional(note: Note) -> bool:
    """Whether a note applies only where its condition exists ("if applicable")."""
    return bool(_CONDITIONAL.search(f"{note.lead} {note.text}"))


@lru_cache(maxsize=4096)
def _read_item(text: str) -> Ask | None:
    bare = _BRACKETS.sub(" ", text)
    bare = _TRAILING.sub("", _BOILERPLATE.sub("", bare))
    if not bare.strip(" ,.:;"):
        return None
    ask = asks_of(bare.strip(" ,.:;"))[0]
    needed = [g for g in ask.groups if is_needed(g) and not g <= ENTRY_WORDS]
    return ask if needed and not ask.other else None


def item_of(note: Note) -> Ask | None:
    """What a note's line names, without its codes and without "use additional code to identify"."""
    return _read_item(note.text)


@lru_cache(maxsize=64)
def drugs_in(text: str) -> tuple[DrugMatch, ...]:
    """The drugs that a text names; read once for all notes of one text."""
    return tuple(find_drugs(text))


def all_categories(library: Library) -> list[tuple[str, str]]:
    """Every category with its title, in official order; read once a library."""
    kept = _CATEGORIES.get(library)
    if kept is None:
        kept = _CATEGORIES[library] = [
            found for chapter in range(1, 23) for found in _below(library, str(chapter))
        ]
    return kept


def _below(library: Library, code: str) -> Iterable[tuple[str, str]]:
    """The categories of a chapter or section, whose sections may hold sections."""
    for child in library.children(code):
        if child.level is Level.SECTION:
            yield from _below(library, child.code)
        else:
            yield child.code, child.title
