"""What a candidate is worth for a phrase: its score, less what its code adds, omits or turns.

Every code of a question is weighed here against its rivals; each figure says what one kind of
misfit costs. None depends on a code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.barring import is_barred
from bot.phrasing import (
    KINDS,
    is_head_word,
    means,
    names_condition,
    said_in,
    says_itself,
    tells,
    undecided,
)
from bot.trials import Fate
from bot.unsaid import BRACKETED, unsaid
from codesets.asks import asks_of, site_readings
from codesets.models import Level
from codesets.reading import GENERAL
from codesets.resolution import resolve
from codesets.wording import is_plain, lists, read_title, word_class
from retrieval.passages import SEARCHED_NOTES, title_passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codesets.abbreviations import Expansion
    from codesets.library import Library
    from codesets.models import Code
    from codesets.resolution import Resolution
    from codesets.wording import Word
    from retrieval.passages import Passage
    from retrieval.search import Candidate

TRIED = 12
"""Candidates of one phrase that are resolved and compared."""
SHARE = 0.6
"""Share of a phrase's meaningful words that a code's wording must account for."""
_BESIDE = 0.05
"""What a code gains for each word that a further code of its category says beside it."""
_UNSAID = 0.10
"""What one meaningful word of a code's wording costs that the text does not say."""
_UNCODED_HEAD = 0.10
"""What a body part or condition of the text costs that the code's wording leaves out."""
_OTHER = 0.25
"""An "other" title is for detail that has no code of its own (I.A.9.a), never for none at all."""
_MOVED = 0.15
"""What it costs that the text does not bear out the entry found, only something beside it."""
_RARER = 0.35
"""What an abbreviation costs that is read in another than its commonest meaning."""
_ENTRIES = frozenset({"index", "external-cause", "drug"})
_UNFINISHED = 0.10
_LEFT_OUT = 0.1
"""What any other meaningful word costs that the code's wording leaves out."""
_KIND = 0.15
"""What a title costs besides that is about another time of a condition than the text speaks of."""
_NO_CONDITION = 0.3
"""What it costs that a code says nothing of any condition the phrase names, only of its site."""
_TITLED = 0.1
"""What a code gains whose own title is the phrase, over others that an entry leads to."""
_KIND_UNCODED = 0.2
"""What such a word of the text costs that the code's wording leaves out."""
_OTHER_TYPE = 0.5
"""What it costs that a category is of another type than the text says ("type 1" and E11)."""
_OUT_OF_PLACE = 0.20
_CLOSE = 0.62
"""Cosine from which a passage may stand for a phrase whose words it does not repeat."""
_SEARCHED = frozenset(kind.value for kind in SEARCHED_NOTES)
_OTHER_TITLE = re.compile(r"other\b", re.IGNORECASE)
_OTHER_WORD = re.compile(r"\b(?:other|nec|specified|atypical)\b", re.IGNORECASE)
_MANIFESTATION = re.compile(r"\bclassified elsewhere$", re.IGNORECASE)
"""Titles of manifestation codes, which never lead and need the disease they belong to (I.A.13)."""
_SUBCATEGORY = 5
"""Characters of a subcategory with its point (``J96.2``)."""
_CARE = frozenset({"aftercare"})
_NEOPLASM = re.compile(r"C|D[0-4]|Z")
"""Neoplasms, and the statuses and histories of them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One candidate as the text resolves it, the words it accounts for, and what it is worth."""

    candidate: Candidate
    resolution: Resolution
    passages: Sequence[Passage]
    accounted: Sequence[Word]
    worth: float
    doubt: float


class Scale:
    """Weighs the candidates of one release."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def read(
        self, candidate: Candidate, context: str, own: Sequence[Word], *, leading: bool
    ) -> tuple[Fate, Reading]:
        """How a candidate fares for the words ``own`` of ``context``.

        TOO_BROAD and UNSUPPORTED readings cannot be taken and are worth 0; OUTWEIGHED is what any
        other is until the best is known. ``leading`` says that no code stands yet.
        """
        short = undecided(context)
        resolution = self._resolve(candidate, context, short)
        if resolution.code.level in (Level.CHAPTER, Level.SECTION):
            return Fate.TOO_BROAD, Reading(candidate, resolution, (), (), 0.0, 0.0)
        passages = self._passages(candidate, resolution)
        accounted = accounted_for(own, resolution, passages)
        accounted += [w for w in own if w not in accounted and self._is_nonessential(w, resolution)]
        accounted += [w for w in own if w.surface in short and w not in accounted]
        if not _stands(own, accounted, candidate):
            return Fate.UNSUPPORTED, Reading(candidate, resolution, passages, accounted, 0.0, 0.0)
        phrase = context[own[0].start : own[-1].end] if own else ""
        code = resolution.code
        barred = is_barred(candidate, code, context, phrase)
        if barred:
            return Fate.UNSUPPORTED, Reading(candidate, resolution, passages, accounted, 0.0, 0.0)
        doubt = self._doubt(candidate, resolution, context, leading=leading)
        told = accounted + [w for w in own if _is_said_beside(w, resolution)]
        worth = candidate.score - doubt - self._omissions(own, told, code)
        worth += _BESIDE * len(told[len(accounted) :])
        return Fate.OUTWEIGHED, Reading(candidate, resolution, passages, accounted, worth, doubt)

    def _omissions(self, own: Sequence[Word], accounted: Sequence[Word], code: Code) -> float:
        """What the code leaves out of the phrase, less what a title that is the phrase gains."""
        cost = _UNCODED_HEAD * sum(is_head_word(w) and w not in accounted for w in own)
        conditions = [word for word in own if names_condition(word)]
        if conditions and all(word not in accounted for word in conditions):
            cost += _NO_CONDITION
        cost += _KIND_UNCODED * self._leaves_out_kind(own, code)
        cost += _LEFT_OUT * sum(
            tells(w) and not w.negated and not is_head_word(w) and w not in accounted for w in own
        )
        return cost - (_TITLED if _is_titled(code, own) else 0.0)

    def _resolve(
        self, candidate: Candidate, context: str, short: dict[str, Expansion]
    ) -> Resolution:
        """The candidate as the text resolves it.

        A text that is nothing but an abbreviation of several meanings is read in the meaning that
        found the candidate; the abbreviation itself is then the evidence.
        """
        resolution = resolve(self._library, candidate.code, context, entries_of(candidate))
        found_by = candidate.matches[0].variant if candidate.matches else ""
        if not short or not found_by or found_by == context:
            return resolution
        read = resolve(self._library, candidate.code, found_by, entries_of(candidate))
        spans = tuple((each.start, each.end) for each in short.values())
        return replace(read, spans=spans)

    def _doubt(
        self, candidate: Candidate, resolution: Resolution, context: str, *, leading: bool
    ) -> float:
        """What counts against a resolved code: detail the text does not give, or no code yet."""
        code = resolution.code
        doubt = 0.0 if resolution.final and code.valid else _UNFINISHED
        if _MANIFESTATION.search(code.title) and leading:
            doubt += _OUT_OF_PLACE
        found, stem = candidate.code.replace(".", ""), code.code.replace(".", "")
        if not (stem.startswith(found) or found.startswith(stem)):
            doubt += _MOVED
        if candidate.matches and _OTHER_TITLE.match(candidate.matches[0].passage.text):
            doubt += 0.0 if _OTHER_WORD.search(context) else _OTHER
        title = {form for word in read_title(self._category_title(code)) for form in word.forms}
        doubt += _KIND * bool(KINDS & title - said_in(context))
        doubt += _OTHER_TYPE * _is_other_type(title, said_in(context))
        doubt += _OTHER_TYPE * ("unidentified" in title and "identified" in said_in(context))
        doubt += _RARER * _rarer_meanings(candidate, undecided(context))
        said = said_in(context)
        if candidate.matches and candidate.matches[0].variant:
            said |= said_in(candidate.matches[0].variant)
        wordings = [code.title, *site_readings(code.title)]
        wordings += self._library.inclusion_terms(code.code)
        wordings += [
            match.passage.text
            for match in candidate.matches
            if match.passage.code == code.code
            or (_speaks_below(match.passage) and _is_above(match.passage.code, code.code))
        ]
        return doubt + _UNSAID * min(unsaid(wording, said) for wording in wordings)

    def _passages(self, candidate: Candidate, resolution: Resolution) -> list[Passage]:
        """What is cited: the title of the code, then the entries that led to it."""
        found = [title_passage(resolution.code, self._library.release.source)]
        stem = resolution.code.code.replace(".", "")
        for match in candidate.matches:
            near = stem.startswith(match.passage.code.replace(".", ""))
            if near and all(match.passage.id != passage.id for passage in found):
                found.append(match.passage)
        return found[:3]

    def _leaves_out_kind(self, own: Sequence[Word], code: Code) -> bool:
        """Whether the phrase speaks of another time or person than the code ("MRSA carrier")."""
        title = f"{self._category_title(code)} {code.title}"
        printed = {form for word in read_title(title) for form in word.forms}
        for word in own:
            kinds = (KINDS | _CARE).intersection(word.own) - printed
            # A liveborn infant is a newborn, though its title does not say the word.
            if kinds and not word.negated and printed.isdisjoint(word.forms):
                return True
        return False

    def _is_nonessential(self, word: Word, resolution: Resolution) -> bool:
        """Whether a term of the code has a word in parentheses: "(bleeding)" (I.A.7)."""
        terms = self._library.inclusion_terms(resolution.code.code)
        optional = {form for term in terms for ask in asks_of(term) for form in ask.optional}
        return not word.negated and means(word) and not optional.isdisjoint(word.own)

    def _category_title(self, code: Code) -> str:
        found = self._library.find(code.code[:3])
        return found.title if found else code.title


def _is_said_beside(word: Word, resolution: Resolution) -> bool:
    """Whether a further code of the category says the word, which is taken with this one."""
    return any(
        form in part.forms
        for code in resolution.also
        if code.code[:-1] == resolution.code.code[:-1]
        for part in read_title(code.title)
        for form in word.own
        if not is_plain(form)
    )


def _rarer_meanings(candidate: Candidate, short: dict[str, Expansion]) -> int:
    """How many undecided abbreviations the wording that found a candidate reads unusually."""
    wording = candidate.matches[0].variant.casefold() if candidate.matches else ""
    firsts = [(each.meanings[0].spoken, each.meanings[0].index_wording) for each in short.values()]
    return sum(
        not any(meaning.casefold() in wording for meaning in first) for first in firsts if wording
    )


def accounted_for(
    own: Sequence[Word], resolution: Resolution, passages: Iterable[Passage]
) -> list[Word]:
    """Words of a phrase that the code's wording, or a passage that led to it, repeats."""
    forms = {
        form
        for wording in [resolution.code.title, *(passage.text for passage in passages)]
        for word in read_title(wording)
        for form in word.forms
    }
    if not _NEOPLASM.match(resolution.code.code) and "neoplasm" not in forms:
        forms.discard("malignant")  # of a "malignant pleural effusion", no cancer is said
    spans = resolution.spans
    return [
        word
        for word in own
        if not word.negated
        and means(word)
        and (_repeats(word, forms) or any(start <= word.start < end for start, end in spans))
    ]


def _repeats(word: Word, forms: set[str]) -> bool:
    """Whether a wording of these forms says a word.

    What a short form stands for is said only with its qualifiers: "acute kidney failure" says a
    kidney, but no CKD; a primary neoplasm says no metastasis; an infection elsewhere says no UTI.
    """
    if any(form in forms for form in word.own):
        return True
    implied = [form for form in word.forms if form not in word.own]
    kinds = {form for form in implied if word_class(form) in ("acuity", "origin")}
    # Of "urinary tract infection", an infection alone is no part of what makes it one.
    telling = [form for form in implied if form not in GENERAL and not is_plain(form)]
    # Of a "coronary artery bypass", its artery alone is no part of what makes it one.
    named = [form for form in telling if form not in lists().body]
    return kinds <= forms and any(form in forms for form in named or telling or implied)


def _speaks_below(passage: Passage) -> bool:
    """Whether a passage's wording holds for the codes below its record."""
    title = passage.kind == "title" and len(passage.code) >= _SUBCATEGORY
    return title or passage.kind.value in _SEARCHED


def _is_above(owner: str, code: str) -> bool:
    """Whether the record ``owner`` stands above ``code``; its inclusion terms hold there too."""
    return code.replace(".", "").startswith(owner.replace(".", ""))


def _is_other_type(title: set[str], said: set[str]) -> bool:
    """Whether a category's title names a type and the text names only others."""
    asked = {form for form in title if form.startswith("type=")}
    stated = {form for form in said if form.startswith("type=")}
    return bool(asked and stated) and asked.isdisjoint(stated)


def _is_titled(code: Code, own: Sequence[Word]) -> bool:
    """Whether a code's title says each word of a phrase and nothing else."""
    title = [w for w in read_title(BRACKETED.sub(" ", code.title)) if means(w)]
    words = [word for word in own if means(word)]
    printed = {form for part in title for form in part.own}
    return (
        len(title) == len(words) > 0
        and all(any(form in word.forms for word in words for form in part.own) for part in title)
        and all(not printed.isdisjoint(word.forms) for word in words)
    )


def entries_of(candidate: Candidate) -> tuple[str, ...]:
    """The entries of the index and of the drug table that lead to a candidate."""
    return tuple(
        match.passage.text.split(":")[0] if match.passage.kind == "drug" else match.passage.text
        for match in candidate.matches
        if match.passage.kind in _ENTRIES and match.passage.code == candidate.code
    )


def _stands(own: Sequence[Word], accounted: Sequence[Word], candidate: Candidate) -> bool:
    """Whether a candidate is sure enough to be suggested for a phrase."""
    meaningful = [word for word in own if means(word) and not word.negated]
    if not meaningful or (accounted and not any(says_itself(word) for word in accounted)):
        return False
    closest = max((match.dense_score or 0.0 for match in candidate.matches), default=0.0)
    share = len(accounted) / len(meaningful)
    return share >= SHARE or (share > 0 and closest >= _CLOSE) or closest >= 0.75
