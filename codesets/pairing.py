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

from codesets.explanation import spans_of
from codesets.models import NoteKind
from codesets.note_hits import NoteHits
from codesets.note_lines import is_conditional
from codesets.references import in_range

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from codesets.library import Library
    from codesets.models import Code, CodeRange, Note

_KINDS = {
    NoteKind.USE_ADDITIONAL: "Use additional",
    NoteKind.CODE_FIRST: "Code first",
    NoteKind.CODE_ALSO: "Code also",
}


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
        self._hits = NoteHits(library, text)
        self.notes = [n for n in library.notes(self.code.code) if n.kind in _KINDS]

    @property
    def said(self) -> Container[str]:
        """Every form of a word that the text says and does not deny."""
        return self._hits.said

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
        hit = self._hits.of_range(reference)
        if hit is None or hit.code.code == self.code.code or not hit.words:
            return None
        code, how, spans = hit.code, hit.how, self._spans(hit.words)
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
        """The companions one note gives."""
        for hit in self._hits.of_note(note):
            if hit.code.code != self.code.code and hit.words:
                spans = self._spans(hit.words)
                reason = self._reason(note, hit.code, spans, hit.how)
                yield Companion(hit.code, note, spans, reason)

    # --- words ------------------------------------------------------------------------------------

    def _spans(self, words: frozenset[int]) -> tuple[tuple[int, int], ...]:
        return spans_of(self.text, self._hits.words, words)

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


def _joined(start: str, rest: str) -> str:
    rest = rest.strip()
    return f"{start}{rest}" if rest.startswith(",") else f"{start} {rest}"
