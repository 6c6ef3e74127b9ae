"""One category of a release as a tree, with what each record asks of a text.

Read from the library once a category and kept: resolving walks the same few trees over and over.
Records that only differ by a 7th character are not part of the tree; they are composed afterwards.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from codesets.asks import Ask, asks_of, is_needed
from codesets.models import Level, SeventhCharacter
from codesets.wording import is_plain, lists, read_title, word_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codesets.library import Library
    from codesets.models import Code
    from codesets.specificity import Axis

# More categories than a day's questions touch; about 100 kB each.
_KEPT = 640
_HARMS = frozenset({"poisoning", "adverse", "effect", "underdosing"})
_DEFAULT_NOTE = re.compile(
    r"not indicated as (\w+) or (\w+) should be coded to (\w+)", re.IGNORECASE
)
# The note of T51 to T65.
_NO_INTENT = re.compile(r"when no intent is indicated code to accidental", re.IGNORECASE)
_INTENTS = frozenset({"intentional", "selfharm", "assault", "undetermined", "suicide"})


@dataclass(slots=True, repr=False)
class Branch:
    """One record of the tree.

    ``assumed`` are the forms that every sibling or the parent carries: below the parent they tell
    nothing apart. ``family`` are the forms of its own wordings and of those above it. ``terms``
    are the asks of the record's inclusion terms.
    """

    code: Code
    parent: Branch | None
    titles: tuple[Ask, ...]
    terms: tuple[Ask, ...]
    sevenths: tuple[SeventhCharacter, ...] = ()
    children: list[Branch] = field(default_factory=list)
    assumed: frozenset[str] = frozenset()
    assumed_groups: frozenset[frozenset[str]] = frozenset()
    family: frozenset[str] = frozenset()

    @property
    def title(self) -> Ask:
        """What the title asks."""
        return self.titles[0]

    def is_other(self, ask: Ask, base: Branch | None = None) -> bool:
        """Whether a wording of this record is the "other specified" choice.

        Below a record that is itself "other" (``base``, the category unless given) the word tells
        nothing apart.
        """
        if base is None:
            base = self.lineage()[0]
        return ask.other and not base.title.other

    @property
    def side_open(self) -> bool:
        """Whether this is the "unspecified side" among siblings for the right and the left."""
        if not self.title.unspecified or self.parent is None:
            return False
        sides = {"left", "right"}
        return sides.isdisjoint(self.title.forms) and any(
            not sides.isdisjoint(child.title.forms) for child in self.parent.children
        )

    def walk(self) -> list[Branch]:
        """The record and everything below it, in official order."""
        found = [self]
        for child in self.children:
            found += child.walk()
        return found

    def lineage(self) -> list[Branch]:
        """The category first, this record last."""
        path: list[Branch] = []
        step: Branch | None = self
        while step is not None:
            path.append(step)
            step = step.parent
        return path[::-1]


@dataclass(slots=True, repr=False, eq=False)  # compared by identity: a key of caches
class Tree:
    """A category: its records by code, and what is common to all of them.

    ``given`` are the forms that choosing the category has settled. ``vocabulary`` holds every
    meaningful form of its titles and terms, so that a qualifier can be tied to them.
    ``measured`` says that some title is about a number.
    ``defaults`` are the words that notes tell to assume ("displaced", "closed").
    """

    root: Branch
    branches: dict[str, Branch]
    given: frozenset[str]
    vocabulary: frozenset[str]
    defaults: dict[str, frozenset[str]]
    measured: bool = False
    axes: dict[str, tuple[Axis, ...]] = field(default_factory=dict)

    def find(self, code: str) -> Branch | None:
        """The record, or the record whose 7th-character expansion ``code`` is."""
        branch = self.branches.get(code)
        if branch is None and len(code) == 8:
            stem = code[:-1].rstrip("X").rstrip(".")
            branch = self.branches.get(code[:-1]) or self.branches.get(stem)
            while branch is None and len(stem) > 3:
                stem = stem[:-1].rstrip(".")
                branch = self.branches.get(stem)
        return branch


class _Store:
    """The trees of each open library, the least recently used dropped first."""

    def __init__(self) -> None:
        self._trees: WeakKeyDictionary[Library, OrderedDict[str, Tree]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def get(self, library: Library, category: str) -> Tree:
        with self._lock:
            kept = self._trees.setdefault(library, OrderedDict())
            if category in kept:
                kept.move_to_end(category)
                return kept[category]
        tree = _grow(library, category)
        with self._lock:
            kept[category] = tree
            if len(kept) > _KEPT:
                kept.popitem(last=False)
        return tree


_STORE = _Store()


def tree_of(library: Library, code: str) -> Tree:
    """The tree of the category that ``code`` belongs to (any category, subcategory or code).

    Raises:
        UnknownCodeError: the release has no such code, or it is a chapter or section.

    """
    return _STORE.get(library, category_of(library, code))


def category_of(library: Library, code: str) -> str:
    """The category (first three characters) of a code the release has."""
    from codesets.errors import UnknownCodeError

    found = library.get(code)
    if found.level in (Level.CHAPTER, Level.SECTION):
        raise UnknownCodeError(code)
    return found.code.split(".")[0]


def _grow(library: Library, category: str) -> Tree:
    branches: dict[str, Branch] = {}
    root = _branch(library, library.get(category), None, branches)
    _assume(root)
    given = _given(root)
    vocabulary = frozenset(
        form
        for branch in branches.values()
        for ask in (*branch.titles, *branch.terms)
        for form in (*ask.forms, *ask.optional, *ask.open)
        if not is_plain(form) and word_class(form) is None
    )
    notes = library.notes(category, inherited=True)
    return Tree(
        root,
        branches,
        given,
        vocabulary,
        _defaults(note.text for note in notes),
        measured=any(branch.title.quantity is not None for branch in branches.values()),
    )


def _branch(
    library: Library, code: Code, parent: Branch | None, branches: dict[str, Branch]
) -> Branch:
    terms = tuple(ask for term in library.inclusion_terms(code.code) for ask in asks_of(term))
    branch = Branch(code, parent, asks_of(code.title), terms)
    own = (
        form for ask in (*branch.titles, *terms) for form in (*ask.forms, *ask.optional, *ask.open)
    )
    branch.family = frozenset(own) | (parent.family if parent is not None else frozenset())
    branches[code.code] = branch
    below = library.children(code.code)
    if below and all(_expands(code.code, child.code) for child in below):
        branch.sevenths = _sevenths(library, code, below, parent)
        if branch.sevenths:
            return branch
    for child in below:
        branch.children.append(_branch(library, child, branch, branches))
    return branch


def _sevenths(
    library: Library, code: Code, below: Sequence[Code], parent: Branch | None
) -> tuple[SeventhCharacter, ...]:
    """The 7th characters of a stem; siblings that take the same ones are read once."""
    taken = {child.code[-1] for child in below}
    for sibling in parent.children if parent is not None else ():
        if {seventh.character for seventh in sibling.sevenths} == taken:
            return sibling.sevenths
    return tuple(s for s in library.seventh_characters(code.code) if s.character in taken)


def _expands(stem: str, code: str) -> bool:
    """Whether ``code`` is ``stem`` with placeholders and a 7th character."""
    if len(code) != 8:
        return False
    padded = (stem if "." in stem else stem + ".").ljust(7, "X")
    return code[:-1] == padded


def _assume(branch: Branch) -> None:
    """Work out, below each record, the words that tell no sibling apart."""
    asks = [child.title for child in branch.children]
    if asks:
        shared = frozenset.intersection(*map(_settled, asks)) if len(asks) > 1 else frozenset()
        opens = [ask.open for ask in asks if ask.unspecified]
        left_open = frozenset[str].intersection(*opens) if opens else frozenset[str]()
        single = _settled(branch.title)
        named = [_settled(ask) for ask in asks if not ask.unspecified and not ask.other]
        if len(named) > 1:  # "of humerus" tells no dislocation of the shoulder joint apart
            shared |= frozenset.intersection(*named) & lists().body
        for child in branch.children:
            above = _listed_harms(branch.title)
            child.assumed = (shared | left_open | single | branch.assumed) - above
            child.assumed_groups = frozenset(g for g in branch.title.groups if not g & above)
            _assume(child)


def _listed_harms(ask: Ask) -> frozenset[str]:
    """What "Poisoning by, adverse effect of and underdosing of ..." lists: it settles none."""
    return _HARMS if ask.forms >= {"adverse", "underdosing"} else frozenset()


def _settled(ask: Ask) -> frozenset[str]:
    """The forms a title states outright, not as one of several alternatives."""
    return frozenset(form for group in ask.groups if len(group) == 1 for form in group)


def _given(root: Branch) -> frozenset[str]:
    """The forms of the category's title that no record below has without the others.

    "Overweight and obesity" settles neither: E66.3 is the one without the other.
    """
    # A category "suppurative and unspecified otitis media" settles neither of the two.
    unsettled = {
        form
        for match in re.finditer(r"([\w-]+) and unspecified", root.code.title, re.IGNORECASE)
        for word in read_title(match[1])
        for form in word.forms
    }
    given: set[str] = set(root.title.open)
    harms = _listed_harms(root.title)
    below = [b.title.forms | b.title.open for b in root.walk()[1:]]
    for group in root.title.groups:
        if len(group) > 1 and any(0 < len(group & forms) < len(group) for forms in below):
            seen = {frozenset(group & forms) for forms in below if group & forms}
            if len(seen) > 1:
                continue
        given |= group - harms
    leaves = [branch.title for branch in root.walk() if not branch.children]
    given = {
        form
        for form in given
        if not (word_class(form) == "intent" or form.startswith("nonst"))
        or all(form in leaf.forms for leaf in leaves)
    }
    named = {form for ask in root.titles[1:] for form in ask.forms}
    return frozenset((given | root.title.optional | named) - unsettled)


def _defaults(notes: Iterable[str]) -> dict[str, frozenset[str]]:
    """What the notes tell to assume: the form assumed, and the forms it is chosen over."""
    found: dict[str, frozenset[str]] = {}
    for text in notes:
        if match := _DEFAULT_NOTE.search(text):
            first, second, chosen = (word.casefold().removesuffix("ed") for word in match.groups())
            other = second if chosen == first else first
            found[_participle(chosen)] = frozenset({_participle(other)})
        if _NO_INTENT.search(text):
            found["accidental"] = _INTENTS
    return found


def _participle(word: str) -> str:
    return word if word == "open" else word + "ed"


def neutral(ask: Ask, branch: Branch, given: frozenset[str]) -> bool:
    """Whether the wording asks nothing beyond what is settled above the record."""
    return ask.quantity is None and all(
        not is_needed(group)
        or group & given
        or group & branch.assumed
        or group in branch.assumed_groups
        for group in ask.groups
    )


__all__ = ["Branch", "Tree", "category_of", "neutral", "tree_of"]
