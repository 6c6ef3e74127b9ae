"""Every phrase that means something for one book: procedures, values, cues, sayings."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Generic, TypeVar

from codesets.procedures import lexicon
from codesets.procedures.lexicon import Sense
from codesets.procedures.patterns import SIDES, key, read_label
from codesets.wordlists import level

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codesets.procedures.book import ProcedureBook
    from codesets.procedures.index_terms import IndexSense

T = TypeVar("T")
_TOKEN = re.compile(r"[A-Za-z]&[A-Za-z]|\b[Bb]/[Ll]\b|[A-Za-z0-9]+")
_POSSESSIVE = re.compile(r"['’]s\b")
_BRACKETS = re.compile(r"\(([^()]*)\)")
# Words of the Index that no procedure phrase repeats.
_IDLE_WORDS = "of in on the with for to by from and or a an see"
_IDLE = frozenset(_IDLE_WORDS.split())
# Words that are common English or too general to be taken from the Index as a procedure.
_GENERAL_WORDS = (
    "examination treatment testing assessment measurement other spacer pacemaker new "
    "technology delivery mobilization localization intubation implantation incision "
    "imaging prosthesis graft banding suction stimulation control monitoring therapy "
    "counseling contrast block ear isolation collection clamping exercise exploratory "
    "enlargement advancement application training fitting interruption collapse "
    "obliteration puncture stripping coagulation transposition recession"
)
_NOT_ALONE = frozenset(_GENERAL_WORDS.split())


@dataclass(frozen=True, slots=True)
class Token:
    """One word of the text: its offsets and level form."""

    start: int
    end: int
    form: str


def tokenize(text: str) -> list[Token]:
    """Words of ``text``; "I&D" is one, hyphens part."""
    plain = _POSSESSIVE.sub(lambda found: " " * len(found.group()), text)
    return [Token(m.start(), m.end(), level(m.group())) for m in _TOKEN.finditer(plain)]


def spelled_out(text: str, tokens: list[Token]) -> list[Token]:
    """The words of a text, shorthand replaced by what it stands for at the same offsets."""
    meant = _expansions()
    found: list[Token] = []
    for token in tokens:
        written = text[token.start : token.end]
        words = meant.get(written) or meant.get(token.form)
        if words is None:
            found.append(token)
        else:
            found += [Token(token.start, token.end, form) for form in words]
    return found


@cache
def _expansions() -> dict[str, tuple[str, ...]]:
    """The words of each shorthand in level forms; capitals are kept as they are."""
    return {
        short if short.isupper() else tokenize(short)[0].form: tuple(
            token.form for token in tokenize(words)
        )
        for short, words in lexicon.expansions()
    }


class Phrases(Generic[T]):
    """Phrases by their first word; found in text longest first."""

    def __init__(self) -> None:
        self._by_first: dict[str, dict[tuple[str, ...], list[T]]] = defaultdict(dict)

    def add(self, phrase: str, value: T) -> None:
        """List ``value`` under ``phrase``."""
        forms = tuple(token.form for token in tokenize(phrase))
        if forms:
            self._by_first[forms[0]].setdefault(forms, []).append(value)

    def find(
        self, tokens: Sequence[Token], *, across_sides: bool = False
    ) -> Iterator[tuple[int, int, list[T]]]:
        """Every phrase at every word: (first, past the last, values).

        ``across_sides`` finds "removal of ureteral stent" in "removal of left ureteral stent".
        """
        forms = [token.form for token in tokens]
        for start, form in enumerate(forms):
            for phrase, values in self._by_first.get(form, {}).items():
                end = _end(forms, start, phrase, across_sides)
                if end:
                    yield start, end, values


def _end(forms: list[str], start: int, phrase: tuple[str, ...], across_sides: bool) -> int:
    """Where the phrase that begins at ``start`` ends, or 0 where it does not stand there."""
    at = start
    for wanted in phrase:
        while across_sides and at < len(forms) and forms[at] != wanted and forms[at] in SIDES:
            at += 1
        if at >= len(forms) or forms[at] != wanted:
            return 0
        at += 1
    return at


@dataclass(frozen=True, slots=True)
class Naming:
    """A phrase names a value: ``name`` is its label's key, ``sides`` those it includes."""

    position: int
    name: str
    sides: frozenset[str]


@dataclass(frozen=True, slots=True)
class Term:
    """A sense and the words that must be said with it."""

    sense: Sense
    words: frozenset[str]


class Vocabulary:
    """What a book's phrases are read with. Built once for a book, then only read."""

    def __init__(self, book: ProcedureBook) -> None:
        self.senses: Phrases[Sense] = Phrases()
        self.terms: Phrases[Term] = Phrases()
        self.namings: Phrases[Naming] = Phrases()
        self.cues: Phrases[str] = Phrases()
        self.sayings: Phrases[tuple[str, ...]] = Phrases()
        self.reaches: Phrases[frozenset[str]] = Phrases()
        # Labels by each word of their head, and by the names that lists give them.
        self.by_word: dict[str, set[str]] = defaultdict(set)
        self.by_name: dict[str, set[str]] = defaultdict(set)
        self._read_labels(book)
        self._read_lists()
        self._read_index(book)
        self._read_keys(book)

    def _read_labels(self, book: ProcedureBook) -> None:
        axes = {
            (position, id(axis)): axis
            for table in book.tables.values()
            for row in table.rows
            for position, axis in enumerate(row.axes, start=4)
        }
        labels = {(p, value.label) for (p, _), axis in axes.items() for value in axis}
        for position, label in labels:
            for inside in _BRACKETS.findall(label):
                self.namings.add(inside, _naming(position, label))
        for label in {label for _, label in labels}:
            pattern = read_label(label)
            self.by_name[pattern.full].add(label)
            self.by_name[pattern.name].add(label)
            if not (pattern.is_none or label.startswith("Other ")):
                for form in frozenset().union(*pattern.head):
                    self.by_word[form].add(label)

    def _read_lists(self) -> None:
        for sense in lexicon.senses():
            self.senses.add(sense.phrase, sense)
        for position, phrase, labels in lexicon.aliases():
            for label in labels:
                self.namings.add(phrase, _naming(position, label))
        for phrase, parts in lexicon.reaches():
            self.reaches.add(phrase, frozenset(key(part) for part in parts))
        for phrase, cue in lexicon.cues():
            self.cues.add(phrase, cue)
        for phrase, says in lexicon.sayings():
            self.sayings.add(phrase, tuple(token.form for token in tokenize(says)))

    def _read_index(self, book: ProcedureBook) -> None:
        for term in book.senses:
            words = frozenset(term.needs) - _IDLE
            if not words and level(term.phrase) in _NOT_ALONE:
                continue
            if term.phrase.isupper() and level(term.phrase) != term.phrase.lower():
                # "TIPS" must not be read in "tip": our own list has what is said so.
                continue
            found = Term(_sense_of(term, book), words)
            self.terms.add(term.phrase, found)
            if term.phrase.endswith("graphy"):
                self.terms.add(term.phrase.removesuffix("graphy") + "gram", found)

    def _read_keys(self, book: ProcedureBook) -> None:
        for position, term, labels in book.aliases:
            names = {_naming(position, label, sided=False) for label in labels}
            # A term that stands for many values tells none of them.
            if len({naming.name for naming in names}) > 2:
                continue
            phrase = _BRACKETS.sub(" ", term)
            for naming in names:
                self.namings.add(phrase, naming)


def vocabulary_of(book: ProcedureBook) -> Vocabulary:
    """The book's vocabulary, built when first asked for."""
    found = book.prepared.get("vocabulary")
    if not isinstance(found, Vocabulary):
        found = book.prepared["vocabulary"] = Vocabulary(book)
    return found


def _naming(position: int, label: str, *, sided: bool = True) -> Naming:
    pattern = read_label(label)
    return Naming(position, key(label), pattern.sides if sided else frozenset())


def _sense_of(term: IndexSense, book: ProcedureBook) -> Sense:
    operations = []
    scopes = []
    for operation, prefix in term.targets:
        found = book.tables[prefix[:3]].operation if prefix else operation
        if found not in operations:
            operations.append(found)
        scopes.append(prefix)
    looks = operations == ["Inspection"]
    return Sense(
        term.phrase,
        "w" if looks else "n",
        tuple(operations),
        tuple(scopes),
        entry=term.entry,
        term=term.term,
    )
