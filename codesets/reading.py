"""A text as one category sees it: what it asserts, denies and measures.

A qualifier ("left", "acute", "stage 3") counts only where it belongs to the condition: in "acute
bronchitis and systolic heart failure", acute says nothing about the heart failure.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from codesets.quantities import Measure, find_quantities
from codesets.wording import is_head, is_plain, lists, read_text, word_class

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codesets.branches import Tree
    from codesets.quantities import Quantity, Range
    from codesets.wording import Word

# Where a qualifier stops looking for what it belongs to.
_BOUNDARY = frozenset(
    (
        *("and", "with", "or", "due", "secondary", "on", "in", "without", "from", "to", "for"),
        *("plus", "but", "since", "after"),
    )
)
# Words that join two qualifiers of one condition ("acute on chronic", "left and right").
_JOINING = frozenset({"and", "or", "on", "to"})
# Words that name a condition only together with the part before them ("kidney disease").
_GENERAL = frozenset({"disease", "disorder", "syndrome", "condition"})
# What is said of a substance: in "alcohol use, cocaine dependence", only cocaine's is a dependence.
_PATTERNS = frozenset({"dependence", "abuse", "withdrawal", "intoxication", "remission"})
# Conditions that a site or a kind must make one.
GENERAL = _GENERAL | {"infection", "failure", "injury"}
_NOWHERE: list[int] = []


# Gestation is counted in trimesters (chapter 15): until 14 weeks, until 28 weeks, until delivery.
_TRIMESTERS = frozenset({"trimester=1", "trimester=2", "trimester=3"})
_HANDS = {"lefthanded": "left", "righthanded": "right"}
_DOMINANCE = frozenset({"dominant", "nondominant"})


def trimester_of(weeks: float) -> int:
    """The trimester of a number of completed weeks, by the note of chapter 15.

    >>> trimester_of(13), trimester_of(14), trimester_of(28)
    (1, 2, 3)
    """
    return 1 if weeks < 14 else 2 if weeks < 28 else 3


def _is_common(form: str) -> bool:
    """Whether many conditions share a form: a part of the body, or "disease"."""
    return form in lists().body or form in GENERAL or is_plain(form)


class Reader:
    """One text, read for one category."""

    def __init__(self, text: str, tree: Tree) -> None:
        self.text = text
        self.tree = tree
        self.words = read_text(text)
        self.quantities = find_quantities(text)
        self._said: dict[str, list[int]] = {}
        self._denied: dict[str, list[int]] = {}
        known = lists()
        self._course = {f for f in tree.root.title.forms if word_class(f) == "acuity"}
        for index, word in enumerate(self.words):
            for form in self._forms_of(word):
                kind = word_class(form)
                tied = kind is not None and kind not in known.everywhere
                if tied and not self._belongs(index):
                    continue
                if form in _PATTERNS and self._is_of_another(index):
                    continue
                target = self._denied if word.negated else self._said
                target.setdefault(form, []).append(index)
                whole = known.wholes.get(form)
                if whole in tree.vocabulary and form not in tree.vocabulary:
                    target.setdefault(whole, []).append(index)
        self._derive()
        self.names_other = self._says_other()
        for form, places in self._said.items():
            if len(places) > 1:
                own = [index for index in places if form in self.words[index].own]
                self._said[form] = own or places
        self.forms = frozenset(self._said)

    def _forms_of(self, word: Word) -> tuple[str, ...]:
        """What a word says here: of a short form for another part of the body, only itself.

        The end stage of "ESRD" is the kidney's and says nothing of a heart failure.
        """
        if "neoplasm" in word.forms and "neoplasm" not in self.tree.vocabulary:
            # A cancer makes nothing else malignant: not the effusion beside it.
            forms, own = (
                tuple(f for f in each if f != "malignant") for each in (word.forms, word.own)
            )
            word = replace(word, forms=forms, own=own)
        implied = {form for form in word.forms if form not in word.own}
        courses = {form for form in implied if word_class(form) == "acuity"}
        if courses and self._course and courses.isdisjoint(self._course):
            return word.own  # "CKD" says nothing of an acute failure of the kidney
        # "COPD" says nothing of a chronic failure of breathing: its obstruction is no part of one.
        telling = {f for f in implied if word_class(f) is None and not _is_common(f)}
        if courses and telling and self.tree.vocabulary.isdisjoint(telling):
            return word.own
        parts = [form for form in implied if form in lists().body]
        if parts and self.tree.vocabulary.isdisjoint(parts):
            return word.own
        # Nor does "UTI" say anything of an infection of the intestine.
        known = {form for form in implied if form in self.tree.vocabulary}
        if known and known <= GENERAL and not implied <= GENERAL:
            return word.own
        return word.forms

    def _derive(self) -> None:
        """What is said in other measures: a trimester by weeks, a dominant side by handedness."""
        for quantity in self.quantities:
            if quantity.measure is Measure.WEEKS and not self.has(_TRIMESTERS):
                form = f"trimester={trimester_of(quantity.value)}"
                self._said.setdefault(form, []).extend(self._words_of(quantity))
        sides = [side for side in ("left", "right") if side in self._said]
        for hand in (*_HANDS, "ambidextrous"):
            if hand in self._said and len(sides) == 1 and not self.has(_DOMINANCE):
                same = _HANDS.get(hand, sides[0]) == sides[0]
                self._said["dominant" if same else "nondominant"] = self._said[hand]

    def _words_of(self, quantity: Quantity) -> list[int]:
        """The words of a measured value, as indexes of ``words``."""
        return [i for i, w in enumerate(self.words) if quantity.start <= w.start < quantity.end]

    def _says_other(self) -> bool:
        """Whether the text itself says "other" of the condition ("other hearing loss")."""
        for index, word in enumerate(self.words):
            near = self.words[index + 1 : index + 4]
            if word.surface.casefold() == "other" and not word.negated:
                return any(
                    form in self.tree.vocabulary
                    for after in near
                    if after.clause == word.clause
                    for form in after.forms
                )
        return False

    def said(self, form: str) -> list[int]:
        """Where the text asserts the form, as indexes of ``words``.

        Words that are the form itself come alone; only without them, words that imply it.
        """
        return self._said.get(form, _NOWHERE)

    def denied(self, form: str) -> list[int]:
        """Where the text denies the form."""
        return self._denied.get(form, [])

    def has(self, forms: Iterable[str]) -> bool:
        """Whether the text asserts one of the forms."""
        return any(form in self._said for form in forms)

    def measured(self, wanted: Range) -> list[int]:
        """The words of the values that lie in the range."""
        return [
            index
            for quantity in self.quantities
            if quantity.measure is wanted.measure and wanted.covers(quantity.value)
            for index in self._words_of(quantity)
        ]

    def category_words(self) -> frozenset[int]:
        """The words that name the category itself."""
        forms = {form for form in self.tree.given if not is_plain(form)}
        return frozenset(index for form in forms for index in self.said(form))

    def speaks_of_category(self) -> bool:
        """Whether any word of the text is one of the category's."""
        return any(form in self._said for form in self.tree.vocabulary)

    # --- what a qualifier belongs to --------------------------------------------------------------

    def _belongs(self, index: int) -> bool:
        """Whether the qualifier at ``index`` belongs to the condition of this category."""
        if any(form in self.tree.vocabulary for form in self.words[index].forms):
            return True
        after = self._scan(index, 1)
        if after is not None:
            return after
        before = self._scan(index, -1)
        if before is not None:
            return before
        return self._clause_of_its_own(index)

    def _scan(self, index: int, step: int) -> bool | None:
        """Look for the nearest head on one side: ours (True), another's (False), or none."""
        clause = self.words[index].clause
        position = index + step
        while 0 <= position < len(self.words) and self.words[position].clause == clause:
            word = self.words[position]
            if any(form in self.tree.vocabulary for form in word.forms):
                return True
            general = step < 0 and not _GENERAL.isdisjoint(word.forms)
            if not general and any(is_head(form) for form in word.forms):
                return False
            joining = word.surface.casefold() in _JOINING and self._between_qualifiers(position)
            if word.surface.casefold() in _BOUNDARY and not joining:
                return None
            position += step
        return None

    def _is_of_another(self, index: int) -> bool:
        """Whether the clause of a word names another thing before it, and none of this category."""
        clause = self.words[index].clause
        named = {
            form
            for word in self.words[:index]
            if word.clause == clause
            for form in word.own
            if not is_plain(form) and word_class(form) is None
        }
        return bool(named) and self.tree.vocabulary.isdisjoint(named)

    def head_after(self, index: int) -> int | None:
        """The word a qualifier stands before: the next part or condition in its clause."""
        clause = self.words[index].clause
        for position in range(index + 1, len(self.words)):
            word = self.words[position]
            if word.clause != clause or word.surface.casefold() in _BOUNDARY:
                return None
            if any(is_head(form) for form in word.forms):
                return position
        return None

    def _between_qualifiers(self, position: int) -> bool:
        """Whether a joining word stands between two qualifiers ("acute on chronic")."""
        around = [
            self.words[near] for near in (position - 1, position + 1) if 0 <= near < len(self.words)
        ]
        return len(around) == 2 and all(
            any(word_class(form) for form in word.forms) for word in around
        )

    def _clause_of_its_own(self, index: int) -> bool:
        """Whether the clause names nothing else, and this category stands in the sentence."""
        word = self.words[index]
        ours = False
        for other in self.words:
            if other.sentence != word.sentence:
                continue
            mine = any(form in self.tree.vocabulary for form in other.forms)
            if other.clause == word.clause and not mine and any(map(is_head, other.forms)):
                return False
            ours = ours or mine
        return ours or not self.speaks_anywhere()

    def speaks_anywhere(self) -> bool:
        """Whether some word of the text, in any clause, is one of the category's."""
        vocabulary = self.tree.vocabulary
        return any(form in vocabulary for word in self.words for form in word.forms)
