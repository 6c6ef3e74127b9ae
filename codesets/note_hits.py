"""What of a text answers a note: the code that the note names or ranges over, and the words for it.

A record in the note's range counts when the text says its title or an inclusion term in full; else
a drug of the class that the note asks for, or the note's own words where it names one code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.asks import Ask, asks_of, is_needed
from codesets.branches import tree_of
from codesets.models import Level
from codesets.note_lines import ENTRY_WORDS, all_categories, drugs_in, item_of
from codesets.references import in_range
from codesets.resolution import resolve
from codesets.support import Support, matcher_of
from codesets.wording import is_plain, read_text, word_class

if TYPE_CHECKING:
    from codesets.library import Library
    from codesets.models import Code, CodeRange, Note

# A range over more categories is searched only where the text names the category itself.
_NARROW = 6
_DRUG_EFFECT = frozenset({"adverse", "underdosing", "poisoning", "toxicity", "toxic"})
# Words near a drug that say its use is for a time only, or over.
_NOT_LASTING = frozenset(
    {"temporary", "temporarily", "stat", "once", "longer", "stopped", "discontinued", "formerly"}
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A code, the indexes of the words that support it, and the wording that they repeat."""

    code: Code
    words: frozenset[int]
    how: str


class NoteHits:
    """One text, to be asked what it says of notes."""

    def __init__(self, library: Library, text: str) -> None:
        self.library = library
        self.text = text
        self.words = read_text(text)
        self.said: dict[str, list[int]] = {}
        for index, word in enumerate(self.words):
            if not word.negated:
                for form in word.forms:
                    self.said.setdefault(form, []).append(index)

    def of_note(self, note: Note) -> list[Hit]:
        """The codes one note gives: one a reference at most, the best supported."""
        found = [hit for r in note.references if (hit := self.of_range(r)) is not None]
        if not found:
            by_drug = self._by_drug(note)
            found = [by_drug] if by_drug is not None else self._by_item(note)
        return [self._sharpened(hit) for hit in _most_specific(found)]

    def _sharpened(self, hit: Hit) -> Hit:
        """The code of the same category that says what the text does, for one left open.

        "Code first sepsis NOS" is answered by the sepsis that the text names.
        """
        if "unspecified" not in hit.code.title.casefold() or not hit.words:
            return hit
        resolution = resolve(self.library, hit.code.code[:3], self.text)
        reached = resolution.code
        told = resolution.final and reached.valid and "unspecified" not in reached.title.casefold()
        if not told or not resolution.spans:
            return hit
        return Hit(reached, hit.words | self._indexes(resolution.spans), hit.how)

    def _indexes(self, spans: tuple[tuple[int, int], ...]) -> frozenset[int]:
        """The words that stand in the spans."""
        return frozenset(
            index
            for index, word in enumerate(self.words)
            if any(start <= word.start < end for start, end in spans)
        )

    def of_range(self, reference: CodeRange) -> Hit | None:
        """The record in the range that the text says in full."""
        best: Support | None = None
        for category in self._categories(reference):
            tree = tree_of(self.library, category)
            if not any(form in self.said for form in tree.vocabulary) and not tree.measured:
                continue
            matcher = matcher_of(self.text, tree, whole=True)
            if matcher.is_of_other_course():
                continue
            for support in matcher.ranked():
                inside = in_range(support.branch.code.code, reference) or any(
                    in_range(below.code.code, reference) for below in support.branch.walk()
                )
                if not inside or not self._is_said(support):
                    continue
                if best is None or support.rank > best.rank:
                    best = support
        if best is None:
            return None
        return self._settled(best.branch.code, reference, best.words, best.ask.wording)

    def _settled(
        self, code: Code, reference: CodeRange, words: frozenset[int], how: str
    ) -> Hit | None:
        """The valid code at or below ``code`` that the text supports, if it is in the range."""
        resolution = resolve(self.library, code.code, self.text)
        reached = resolution.code
        if not reached.code.startswith(code.code) and code.valid:
            reached = code
        elif not resolution.final:
            return None
        if not reached.valid or not in_range(reached.code, reference):
            return None
        indexes = self._indexes(resolution.spans)
        if reached.code != code.code:
            return Hit(reached, words | indexes, reached.title)
        return Hit(reached, words, how)

    def _is_said(self, support: Support) -> bool:
        """Whether the wording is said of the present, or is itself about the past."""
        about_past = "history" in support.ask.forms or "history" in support.ask.optional
        words = [self.words[index] for index in support.words]
        if not about_past and any(word.past for word in words):
            return False
        return not (support.ask.other and not support.ask.unspecified)

    def _by_drug(self, note: Note) -> Hit | None:
        """A long-term drug code for a drug the text names, of the class the note asks for."""
        for match in drugs_in(self.text):
            for drug in match.drugs:
                code = self.library.find(drug.long_term_code) if drug.long_term_code else None
                if code is None or not code.valid:
                    continue
                if any(in_range(code.code, reference) for reference in note.references):
                    words = frozenset(
                        index
                        for index, word in enumerate(self.words)
                        if match.start <= word.start < match.end and not word.negated
                    )
                    if words and not self._is_temporary(words):
                        return Hit(code, words, f"{drug.generic}, {drug.drug_class}")
        return None

    def _by_item(self, note: Note) -> list[Hit]:
        """The code that the note's own words name, where the text says those words."""
        item = item_of(note)
        if item is None or not note.references:
            return []
        words = self._says(item)
        if not words or self._is_temporary(words):
            return []
        within = self._within(note, words)
        if within is not None:
            return [within]
        if len(note.references) > 1:
            return []
        reference = note.references[0]
        if reference.first != reference.last or reference.condition is not None:
            return []
        code = self.library.find(reference.first)
        if code is None or code.level in (Level.CHAPTER, Level.SECTION):
            return []
        if code.valid:
            return [Hit(code, words, item.wording)]
        settled = self._settled(code, reference, words, item.wording)
        return [settled] if settled is not None else []

    def _within(self, note: Note, words: frozenset[int]) -> Hit | None:
        """The record of the one category a note names, when the text tells it apart there.

        The note's own words stand for the category's ("site of ulcer" for L97's).
        """
        categories = {code[:3] for r in note.references for code in (r.first, r.last)}
        if len(categories) != 1:
            return None
        tree = tree_of(self.library, categories.pop())
        for support in matcher_of(self.text, tree).ranked():
            code = support.branch.code
            reference = next((r for r in note.references if in_range(code.code, r)), None)
            told = any(any(word_class(f) is None for f in group) for group in support.groups)
            if reference is not None and told and self._is_said(support):
                return self._settled(code, reference, words | support.words, support.ask.wording)
        return None

    def _says(self, item: Ask) -> frozenset[int]:
        """The words of the text that say every needed word of a note's item; empty when not."""
        found: set[int] = set()
        about_past = "history" in item.forms
        for group in item.groups:
            if not is_needed(group) or group <= ENTRY_WORDS:
                continue
            hits = [
                index
                for form in group
                for index in self._where(form)
                if about_past or not self.words[index].past
            ]
            if not hits:
                return frozenset()
            found.update(hits)
        for phrase in item.negated:
            if all(form in self.said for form in phrase if not is_plain(form)):
                return frozenset()
        return frozenset(found)

    def _where(self, form: str) -> list[int]:
        """The words that say the form: those that are the word itself, before those implying it."""
        found = self.said.get(form, [])
        own = [index for index in found if form in self.words[index].own]
        return own or found

    def _is_temporary(self, words: frozenset[int]) -> bool:
        """A drug given for a time only is no long-term use (Official Guidelines I.C.4.a.3)."""
        near = range(min(words) - 3, max(words) + 4)
        return any(
            self.words[index].surface.casefold() in _NOT_LASTING
            for index in near
            if 0 <= index < len(self.words)
        )

    # --- ranges -----------------------------------------------------------------------------------

    def _categories(self, reference: CodeRange) -> list[str]:
        """The categories a range covers; of a wide range only those the text could mean."""
        first, last = reference.first[:3], reference.last[:3]
        if first == last:
            return [first] if self.library.find(first) is not None else []
        inside = [
            (code, title) for code, title in all_categories(self.library) if first <= code <= last
        ]
        if len(inside) <= _NARROW or (first[0] == "T" and not _DRUG_EFFECT.isdisjoint(self.said)):
            return [code for code, _ in inside]
        return [code for code, title in inside if self._names(title)]

    def _names(self, title: str) -> bool:
        """Whether the text says a category's title."""
        groups = [group for group in asks_of(title)[0].groups if is_needed(group)]
        return bool(groups) and all(any(form in self.said for form in group) for group in groups)


def _most_specific(
    found: list[Hit],
) -> list[Hit]:
    """Of several codes of one category that a note names, those resting on the most words."""
    return [hit for hit in found if not any(_says_more(other, hit) for other in found)]


def _says_more(one: Hit, other: Hit) -> bool:
    return one.code.code[:3] == other.code.code[:3] and other.words < one.words
