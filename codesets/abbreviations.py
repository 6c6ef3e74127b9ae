"""Clinical abbreviations, lay words and drug names, with the wording that coders look up.

The tables under ``data/`` are ours. An abbreviation with several meanings lists them by rank, the
commonest first, each with the context words (hints) that favour it; nothing is decided without
one, and the caller is told so (``decided``). Everything is read once, on first use.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING, overload

from codesets.phrases import PhraseTable, Token, read_rows, tokenize
from codesets.spelling import american_word, americanize, corrections

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = [
    "Case",
    "Drug",
    "DrugMatch",
    "Expansion",
    "Kind",
    "LayMatch",
    "LayTerm",
    "Meaning",
    "Reading",
    "all_drugs",
    "all_lay_terms",
    "all_meanings",
    "americanize",
    "corrections",
    "disambiguate",
    "drugs",
    "expand",
    "find_drugs",
    "find_lay_terms",
    "lay",
    "meanings",
]

_ABBREVIATION_COLUMNS = (
    "abbreviation",
    "spoken",
    "index_wording",
    "kind",
    "hints",
    "rank",
    "case",
    "code_hint",
)
_LAY_COLUMNS = ("phrase", "index_wording", "kind", "code_hint")
_DRUG_COLUMNS = ("name", "generic", "drug_class", "long_term_code")

# A hint this many tokens away weighs half as much as one beside the abbreviation.
_HALF_WEIGHT_DISTANCE = 25
# The full meaning written out in the same text ("multiple sclerosis (MS)") outweighs hints.
_WRITTEN_OUT_WEIGHT = 4.0
# Shorter wordings ("or", "pain") are met by chance.
_LEAST_WRITTEN_OUT = 6
# The best reading decides only when it clearly beats the next.
_DECISIVE_RATIO = 1.25


class Kind(StrEnum):
    """What an abbreviation or lay phrase stands for."""

    CONDITION = "condition"
    SYMPTOM = "symptom"
    PROCEDURE = "procedure"
    DRUG = "drug"
    ANATOMY = "anatomy"
    LAB = "lab"
    ORGANISM = "organism"
    DEVICE = "device"
    SHORTHAND = "shorthand"
    STATUS = "status"


class Case(StrEnum):
    """How strictly the capitals of an abbreviation are read."""

    ANY = "any"
    EXACT = "exact"
    WORD = "word"
    """Exact, and an English word too: in a line all in capitals only a hint admits it."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One meaning of one abbreviation.

    ``spoken`` is how clinicians say it, ``index_wording`` what the Alphabetic Index or the Tabular
    List prints. ``rank`` 1 is the commonest without context. A hint ending in ``*`` is the
    beginning of a word.
    """

    abbreviation: str
    spoken: str
    index_wording: str
    kind: Kind
    hints: tuple[str, ...]
    rank: int
    case: Case = Case.ANY
    code_hint: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The meanings of an abbreviation in one context, best first.

    ``decided`` is true when there is one meaning only, or the context clearly favours the first.
    Iterates, indexes and measures like the tuple ``meanings``.
    """

    meanings: tuple[Meaning, ...]
    decided: bool

    def __iter__(self) -> Iterator[Meaning]:
        return iter(self.meanings)

    def __len__(self) -> int:
        return len(self.meanings)

    @overload
    def __getitem__(self, index: int) -> Meaning: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Meaning, ...]: ...
    def __getitem__(self, index: int | slice) -> Meaning | tuple[Meaning, ...]:
        return self.meanings[index]


@dataclass(frozen=True, slots=True)
class Expansion:
    """An abbreviation found in a text; ``start`` and ``end`` are character offsets into it."""

    start: int
    end: int
    surface: str
    meanings: tuple[Meaning, ...]
    decided: bool


@dataclass(frozen=True, slots=True)
class LayTerm:
    """A lay phrase, eponym or coder's synonym and the wording the classification uses."""

    phrase: str
    index_wording: str
    kind: Kind
    code_hint: str = ""


@dataclass(frozen=True, slots=True)
class LayMatch:
    """A lay term found in a text; offsets are character offsets into it."""

    start: int
    end: int
    surface: str
    term: LayTerm


@dataclass(frozen=True, slots=True)
class Drug:
    """A trade or generic name. ``long_term_code`` is the Z79 code of its class, or empty."""

    name: str
    generic: str
    drug_class: str
    long_term_code: str


@dataclass(frozen=True, slots=True)
class DrugMatch:
    """A drug named in a text; offsets are character offsets into it."""

    start: int
    end: int
    surface: str
    drugs: tuple[Drug, ...]


# --- the tables -----------------------------------------------------------------------------------


@cache
def all_meanings() -> tuple[Meaning, ...]:
    """Every row of the abbreviation table."""
    kinds = {kind.value: kind for kind in Kind}
    cases = {case.value: case for case in Case}
    return tuple(
        Meaning(
            abbreviation,
            spoken,
            wording,
            kinds[kind],
            tuple(hints.split(", ")) if hints else (),
            int(rank),
            cases[case],
            code_hint,
        )
        for abbreviation, spoken, wording, kind, hints, rank, case, code_hint in read_rows(
            "abbreviations.tsv", _ABBREVIATION_COLUMNS
        )
    )


@cache
def all_lay_terms() -> tuple[LayTerm, ...]:
    """Every row of the table of lay terms."""
    kinds = {kind.value: kind for kind in Kind}
    return tuple(
        LayTerm(phrase, wording, kinds[kind], code_hint)
        for phrase, wording, kind, code_hint in read_rows("lay_terms.tsv", _LAY_COLUMNS)
    )


@cache
def all_drugs() -> tuple[Drug, ...]:
    """Every row of the table of drug names."""
    return tuple(Drug(*row) for row in read_rows("drug_names.tsv", _DRUG_COLUMNS))


@cache
def _abbreviation_table() -> PhraseTable[Meaning]:
    table: PhraseTable[Meaning] = PhraseTable(_abbreviation_variants)
    for meaning in all_meanings():
        table.add(meaning.abbreviation, meaning)
    return table


@cache
def _lay_table() -> PhraseTable[LayTerm]:
    table: PhraseTable[LayTerm] = PhraseTable(_word_variants)
    for term in all_lay_terms():
        table.add(term.phrase, term)
    return table


@cache
def _drug_table() -> PhraseTable[Drug]:
    table: PhraseTable[Drug] = PhraseTable(_word_variants)
    for drug in all_drugs():
        table.add(drug.name, drug)
    return table


def _abbreviation_variants(form: str) -> tuple[str, ...]:
    """The form, and its singular: ``PEs`` is found as ``PE`` (capitals are compared later)."""
    return (form, form[:-1]) if len(form) > 2 and form.endswith("s") else (form,)


@lru_cache(maxsize=16_384)
def _word_variants(form: str) -> tuple[str, ...]:
    """The form, its singulars, and the American spelling of each."""
    forms = [form]
    if len(form) > 3 and form.endswith("s"):
        forms.append(form[:-1])
        if form.endswith("es"):
            forms.append(form[:-2])
        if form.endswith("ies"):
            forms.append(form[:-3] + "y")
    return tuple(dict.fromkeys([*forms, *(american_word(each) for each in forms)]))


# --- abbreviations --------------------------------------------------------------------------------


def meanings(token: str, case_sensitive: bool = True) -> tuple[Meaning, ...]:
    """Every meaning of the abbreviation ``token``, the commonest first; empty when unlisted.

    With ``case_sensitive`` (the default) rows marked exact need their own capitals.

    >>> [meaning.spoken for meaning in meanings("AKI")], meanings("all")
    (['acute kidney injury'], ())
    """
    tokens = tokenize(token)
    if not tokens:
        return ()
    for end, values in _abbreviation_table().at(tokens, 0):
        if end == len(tokens):
            surface = token.strip()
            if not case_sensitive:
                return _by_rank(values, surface)
            kept = [m for m in values if _case_fits(m, surface)]
            return _by_rank(_own_spelling(kept, surface), surface)
    return ()


def disambiguate(token: str, context_text: str, at: int | None = None) -> Reading:
    """The meanings of ``token`` in ``context_text``, those that the context favours first.

    ``at`` is the character offset of the token in the context, so that near words count more.
    """
    return _read(meanings(token), tokenize(context_text), at)


def expand(text: str) -> list[Expansion]:
    """Every abbreviation in ``text``, in order, none overlapping, the longest preferred.

    >>> [(found.surface, found.meanings[0].spoken) for found in expand("CKD, r/o PEs; all or none")]
    [('CKD', 'chronic kidney disease'), ('r/o', 'rule out'), ('PEs', 'pulmonary embolism')]
    """
    tokens = tokenize(text)
    context = _Context(tokens)

    def keep(first: int, last: int, values: list[Meaning]) -> list[Meaning]:
        start, end = tokens[first].start, tokens[last - 1].end
        surface = text[start:end]
        fitting = [meaning for meaning in values if _case_fits(meaning, surface)]
        fitting = _own_spelling(fitting, surface)
        if surface.islower() and _is_half_a_compound(text, start, end):
            fitting = [m for m in fitting if not m.abbreviation.islower()]
        if any(m.case is Case.WORD for m in fitting) and _is_shouted(text, start, end):
            fitting = [
                m for m in fitting if m.case is not Case.WORD or context.weight(m, first) > 0
            ]
        return fitting

    found = []
    for first, last, values in _abbreviation_table().find(tokens, keep):
        start, end = tokens[first].start, tokens[last - 1].end
        surface = text[start:end]
        reading = _weigh(_by_rank(values, surface), context, first)
        found.append(Expansion(start, end, surface, reading.meanings, reading.decided))
    return found


def _by_rank(values: Sequence[Meaning], surface: str) -> tuple[Meaning, ...]:
    """The commonest first, those listed in the very capitals of ``surface`` before the others."""
    return tuple(sorted(values, key=lambda m: (m.abbreviation not in surface, m.rank)))


def _own_spelling(values: list[Meaning], surface: str) -> list[Meaning]:
    """Only the rows spelled like a ``surface`` of mixed capitals: "PsA" is never "PSA"."""
    if surface.islower() or surface.isupper():
        return values
    return [m for m in values if m.abbreviation in surface] or values


def _case_fits(meaning: Meaning, surface: str) -> bool:
    """Whether ``surface`` is written as the row demands; a plural ``s`` may follow."""
    listed = "".join(meaning.abbreviation.replace("-", " ").split())
    written = "".join(surface.replace("-", " ").split())
    for ending in ("'s", "’s"):
        written = written.removesuffix(ending)
    if meaning.case is not Case.ANY:
        return written in (listed, listed + "s")
    if written.casefold() == listed.casefold():
        return True
    # "PEs" and "DVTs" are plurals; "ass" is not the plural of "AS", nor "his" of "HI".
    return written.endswith("s") and len(listed) > 1 and written[:-1].isupper()


def _is_half_a_compound(text: str, start: int, end: int) -> bool:
    """Whether a hyphen ties the span to another word: "mono-articular" is no mononucleosis."""
    after = text[end : end + 2]
    before = text[max(start - 2, 0) : start]
    return (after[:1] == "-" and after[1:].isalpha()) or (
        before[1:] == "-" and before[:1].isalpha()
    )


def _is_shouted(text: str, start: int, end: int) -> bool:
    """Whether the line around the span is prose in capitals, where capitals tell nothing."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    line = text[first : last if last >= 0 else len(text)]
    if re.search(r"[a-z]", line):
        return False
    return len(re.findall(r"[A-Z]{5,}", line)) >= 2


class _Context:
    """The words of a text, ready to be asked how near a hint stands."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._forms = [token.form for token in tokens]
        self._where: dict[str, list[int]] = {}
        for index, form in enumerate(self._forms):
            for variant in _word_variants(form):
                self._where.setdefault(variant, []).append(index)
        self._places: dict[str, list[int]] = {}

    def weight(self, meaning: Meaning, position: int | None) -> float:
        """How strongly this text favours ``meaning`` for the abbreviation at ``position``."""
        total = sum(self._one(hint, position) for hint in meaning.hints)
        for wording in {meaning.spoken.casefold(), meaning.index_wording.casefold()}:
            if len(wording) >= _LEAST_WRITTEN_OUT:
                total += _WRITTEN_OUT_WEIGHT * self._one(wording, position)
        return total

    def _one(self, hint: str, position: int | None) -> float:
        """Between 0 (the hint is nowhere) and 1 (it stands beside, or no position is known)."""
        places = self._places.get(hint)
        if places is None:
            places = self._stem(hint[:-1]) if hint.endswith("*") else self._phrase(hint)
            self._places[hint] = places
        if not places:
            return 0.0
        if position is None:
            return 1.0
        after = bisect_left(places, position)
        around = [p for p in places[max(after - 1, 0) : after + 2] if p != position]
        if not around:
            return 0.0
        distance = min(abs(place - position) for place in around)
        return 1.0 / (1.0 + distance / _HALF_WEIGHT_DISTANCE)

    def _stem(self, stem: str) -> list[int]:
        """Positions, ascending, of the words that begin with ``stem``."""
        return sorted(
            place
            for form, places in self._where.items()
            if form.startswith(stem)
            for place in places
        )

    def _phrase(self, phrase: str) -> list[int]:
        """Positions, ascending, where the words of ``phrase`` follow one another."""
        words = _forms_of(phrase)
        return [
            place
            for place in (self._where.get(words[0], ()) if words else ())
            if place + len(words) <= len(self._forms)
            and all(
                word in _word_variants(form)
                for word, form in zip(words, self._forms[place : place + len(words)], strict=True)
            )
        ]


@lru_cache(maxsize=8_192)
def _forms_of(phrase: str) -> tuple[str, ...]:
    return tuple(token.form for token in tokenize(phrase))


def _read(found: tuple[Meaning, ...], tokens: Sequence[Token], at: int | None) -> Reading:
    position = None
    if at is not None:
        position = next((i for i, token in enumerate(tokens) if token.end > at), None)
    return _weigh(found, _Context(tokens), position)


def _weigh(found: tuple[Meaning, ...], context: _Context, position: int | None) -> Reading:
    if len(found) < 2:
        return Reading(found, decided=len(found) == 1)
    weights = {id(meaning): context.weight(meaning, position) for meaning in found}
    ordered = tuple(sorted(found, key=lambda meaning: -weights[id(meaning)]))
    best, second = weights[id(ordered[0])], weights[id(ordered[1])]
    return Reading(ordered, decided=best > 0 and best >= _DECISIVE_RATIO * second)


# --- lay words and drugs --------------------------------------------------------------------------


def lay(phrase: str) -> tuple[LayTerm, ...]:
    """What the classification calls the lay ``phrase``; empty when it is not listed.

    >>> [term.index_wording for term in lay("heart attack")]
    ['myocardial infarction']
    """
    tokens = tokenize(phrase)
    for end, values in _lay_table().at(tokens, 0) if tokens else ():
        if end == len(tokens):
            return tuple(values)
    return ()


def find_lay_terms(text: str) -> list[LayMatch]:
    """Every lay term in ``text``, in order, none overlapping, the longest preferred."""
    tokens = tokenize(text)
    found = []
    for first, last, values in _lay_table().find(tokens):
        start, end = tokens[first].start, tokens[last - 1].end
        found += [LayMatch(start, end, text[start:end], value) for value in values]
    return found


def drugs(name: str) -> tuple[Drug, ...]:
    """What the trade or generic ``name`` is; several when a name sells several products.

    >>> [(drug.generic, drug.long_term_code) for drug in drugs("Eliquis")]
    [('apixaban', 'Z79.01')]
    """
    tokens = tokenize(name)
    for end, values in _drug_table().at(tokens, 0) if tokens else ():
        if end == len(tokens):
            return tuple(values)
    return ()


def find_drugs(text: str) -> list[DrugMatch]:
    """Every drug named in ``text``, in order, none overlapping, the longest preferred."""
    tokens = tokenize(text)
    found = []
    for first, last, values in _drug_table().find(tokens):
        start, end = tokens[first].start, tokens[last - 1].end
        found.append(DrugMatch(start, end, text[start:end], tuple(values)))
    return found
