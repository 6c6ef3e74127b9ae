"""The further codes that a code's notes ask for, where the text supports them.

"Use additional code", "code first" and "code also" stand at a code or at any of its ancestors and
name codes or ranges (Official Guidelines I.A.13, I.A.17, I.B.7). A companion is added only when the
text says it: in the words of the candidate's own title or inclusion terms, in the words of the note
where it names one code, by a value within a title's range, or by a drug of the class. What a note
asks for and the text does not say is returned apart, as a prompt for the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.asks import Ask, asks_of, is_needed
from codesets.branches import tree_of
from codesets.explanation import spans_of
from codesets.models import Level, NoteKind
from codesets.note_lines import ENTRY_WORDS, all_categories, drugs_in, is_conditional, item_of
from codesets.references import in_range
from codesets.resolution import resolve
from codesets.support import Support, matcher_of
from codesets.wording import is_plain, read_text, word_class

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codesets.library import Library
    from codesets.models import Code, CodeRange, Note

_KINDS = {
    NoteKind.USE_ADDITIONAL: "Use additional",
    NoteKind.CODE_FIRST: "Code first",
    NoteKind.CODE_ALSO: "Code also",
}
# A range over more categories is searched only where the text names the category itself.
_NARROW = 6
_DRUG_EFFECT = frozenset({"adverse", "underdosing", "poisoning", "toxicity", "toxic"})
# Words near a drug that say its use is for a time only, or over.
_NOT_LASTING = frozenset(
    {"temporary", "temporarily", "stat", "once", "longer", "stopped", "discontinued", "formerly"}
)


@dataclass(frozen=True, slots=True)
class Companion:
    """A further code that a note asks for and the text supports.

    ``note`` is the note that asks; ``spans`` are half-open character offsets of the words that
    support the code; ``reason`` is one plain sentence. A companion of a "code first" note is
    sequenced before the code.
    """

    code: Code
    note: Note
    spans: tuple[tuple[int, int], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A note whose codes the text does not support: what to look for in the record.

    ``text`` is the note as a sentence; ``conditional`` says that it applies only where the
    condition exists ("if applicable", "any associated").
    """

    note: Note
    text: str
    conditional: bool


def companions(library: Library, code: str, text: str) -> tuple[Companion, ...]:
    """The codes that the notes of ``code``, own and inherited, ask for and ``text`` supports.

    Raises:
        UnknownCodeError: the release has no such code.

    """
    return Pairing(library, code, text).companions()


def prompted(library: Library, code: str, text: str) -> tuple[Prompt, ...]:
    """The notes of ``code`` that name codes which ``text`` does not support.

    Raises:
        UnknownCodeError: the release has no such code.

    """
    return Pairing(library, code, text).prompts()


class Pairing:
    """One code with one text: what its notes ask for, and what the text says of that."""

    def __init__(self, library: Library, code: str, text: str) -> None:
        self.library = library
        self.code = library.get(code)
        self.text = text
        self.words = read_text(text)
        self.said: dict[str, list[int]] = {}
        for index, word in enumerate(self.words):
            if not word.negated:
                for form in word.forms:
                    self.said.setdefault(form, []).append(index)
        self.notes = [n for n in library.notes(self.code.code) if n.kind in _KINDS]

    def companions(self) -> tuple[Companion, ...]:
        """The codes that the notes ask for and the text supports."""
        found: dict[str, Companion] = {}
        for note in self.notes:
            for companion in self._of_note(note):
                found.setdefault(companion.code.code, companion)
        kept: list[Companion] = []
        for companion in found.values():
            if not any(self._exclude(companion.code, other.code) for other in kept) and not any(
                _is_part(companion, other) for other in found.values()
            ):
                kept.append(companion)
        return tuple(kept)

    def after(self, note: Note, reference: CodeRange) -> Companion | None:
        """The code of ``reference`` that the text says, whose own ``note`` puts this code first."""
        hit = self._whole(reference)
        if hit is None or hit[0].code == self.code.code or not hit[1]:
            return None
        code, words, how = hit
        spans = self._spans(words)
        quoted = " and ".join(f"'{self.text[a:b]}'" for a, b in spans)
        reason = (
            f"{code.code} follows {self.code.code}: its note at {note.owner} says to code that "
            f"first, and the text says {quoted} ({how})."
        )
        return Companion(code, note, spans, reason)

    def _exclude(self, first: Code, second: Code) -> bool:
        """Whether an Excludes1 note keeps the two apart ("tobacco use" beside a dependence)."""
        return self._excludes(first, second) or self._excludes(second, first)

    def _excludes(self, first: Code, second: Code) -> bool:
        return any(
            note.kind is NoteKind.EXCLUDES1
            and any(in_range(second.code, reference) for reference in note.references)
            for note in self.library.notes(first.code)
        )

    def prompts(self) -> tuple[Prompt, ...]:
        """The notes whose codes the text does not support."""
        met = {
            (companion.note.owner, companion.note.kind, companion.note.lead or companion.note.text)
            for companion in self.companions()
        }
        prompts: dict[tuple[str, NoteKind, str], Prompt] = {}
        for note in self.notes:
            key = (note.owner, note.kind, note.lead or note.text)
            if note.references and key not in met and key not in prompts:
                prompts[key] = Prompt(note, self._sentence(note), is_conditional(note))
        return tuple(prompts.values())

    def _sentence(self, note: Note) -> str:
        """The note as a sentence; the items of a list after what introduces them."""
        if not note.lead:
            return _joined(_KINDS[note.kind], note.text)
        items = [n.text for n in self.notes if n.lead == note.lead and n.owner == note.owner]
        return f"{_joined(_KINDS[note.kind], note.lead.rstrip(':'))}: {'; '.join(items)}"

    # --- one note ---------------------------------------------------------------------------------

    def _of_note(self, note: Note) -> Iterable[Companion]:
        """The companions one note gives: one a reference at most, the best supported."""
        found: list[tuple[Code, frozenset[int], str]] = []
        for reference in note.references:
            hit = self._whole(reference)
            if hit is not None:
                found.append(hit)
        if not found:
            by_drug = self._by_drug(note)
            found += [by_drug] if by_drug is not None else self._by_item(note)
        for plain, own, how in _most_specific(found):
            code, words = self._sharpened(plain, own)
            if code.code != self.code.code and words:
                spans = self._spans(words)
                yield Companion(code, note, spans, self._reason(note, code, spans, how))

    def _sharpened(self, code: Code, words: frozenset[int]) -> tuple[Code, frozenset[int]]:
        """The code of the same category that says what the text does, for one left open.

        "Code first sepsis NOS" is answered by the sepsis that the text names.
        """
        if "unspecified" not in code.title.casefold() or not words:
            return code, words
        resolution = resolve(self.library, code.code[:3], self.text)
        reached = resolution.code
        told = resolution.final and reached.valid and "unspecified" not in reached.title.casefold()
        if not told or not resolution.spans:
            return code, words
        return reached, words | self._indexes(resolution.spans)

    def _indexes(self, spans: tuple[tuple[int, int], ...]) -> frozenset[int]:
        """The words that stand in the spans."""
        return frozenset(
            index
            for index, word in enumerate(self.words)
            if any(start <= word.start < end for start, end in spans)
        )

    def _whole(self, reference: CodeRange) -> tuple[Code, frozenset[int], str] | None:
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
    ) -> tuple[Code, frozenset[int], str] | None:
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
            return reached, words | indexes, reached.title
        return reached, words, how

    def _is_said(self, support: Support) -> bool:
        """Whether the wording is said of the present, or is itself about the past."""
        about_past = "history" in support.ask.forms or "history" in support.ask.optional
        words = [self.words[index] for index in support.words]
        if not about_past and any(word.past for word in words):
            return False
        return not (support.ask.other and not support.ask.unspecified)

    def _by_drug(self, note: Note) -> tuple[Code, frozenset[int], str] | None:
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
                        return code, words, f"{drug.generic}, {drug.drug_class}"
        return None

    def _by_item(self, note: Note) -> list[tuple[Code, frozenset[int], str]]:
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
            return [(code, words, item.wording)]
        settled = self._settled(code, reference, words, item.wording)
        return [settled] if settled is not None else []

    def _within(self, note: Note, words: frozenset[int]) -> tuple[Code, frozenset[int], str] | None:
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

    # --- words ------------------------------------------------------------------------------------

    def _spans(self, words: frozenset[int]) -> tuple[tuple[int, int], ...]:
        return spans_of(self.text, self.words, words)

    def _reason(self, note: Note, code: Code, spans: tuple[tuple[int, int], ...], how: str) -> str:
        order = {
            NoteKind.CODE_FIRST: f"is sequenced before {self.code.code}",
            NoteKind.USE_ADDITIONAL: f"is added after {self.code.code}",
            NoteKind.CODE_ALSO: f"is coded with {self.code.code}",
        }[note.kind]
        quoted = " and ".join(f"'{self.text[a:b]}'" for a, b in spans)
        return (
            f"{code.code} {order}: the note at {note.owner} asks for it, and the text says "
            f"{quoted} ({how})."
        )


def _is_part(companion: Companion, other: Companion) -> bool:
    """Whether another "code first" choice of the same record rests on the same words and more.

    A combination code stands for its parts: hypertension, heart failure and kidney disease
    together are one code, not two.
    """
    first, second = companion.note, other.note
    if first.kind is not NoteKind.CODE_FIRST or (first.owner, first.kind) != (
        second.owner,
        second.kind,
    ):
        return False
    return _covered(companion) < _covered(other)


def _covered(companion: Companion) -> set[int]:
    return {place for start, end in companion.spans for place in range(start, end)}


def _most_specific(
    found: list[tuple[Code, frozenset[int], str]],
) -> list[tuple[Code, frozenset[int], str]]:
    """Of several codes of one category that a note names, those resting on the most words."""
    return [
        hit
        for hit in found
        if not any(other[0].code[:3] == hit[0].code[:3] and hit[1] < other[1] for other in found)
    ]


def _joined(start: str, rest: str) -> str:
    rest = rest.strip()
    return f"{start}{rest}" if rest.startswith(",") else f"{start} {rest}"
