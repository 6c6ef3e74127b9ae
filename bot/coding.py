"""From a redacted text to a case: which codes it supports, with the words and records behind each.

A question is searched whole and clause by clause; a note clause by clause, its assessment only
where it has one. A candidate is resolved to the most specific valid code that the words support,
and stands only if its wording accounts for the words that led to it. Instructional notes of what
stands then ask for its companions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import messages
from bot.answer import Gap, Setting
from bot.completing import complete
from bot.drafting.case import Case, Option
from bot.trials import Fate, Trials
from codesets.abbreviations import Expansion, expand
from codesets.dependents import dependents
from codesets.histories import family_history
from codesets.metastases import metastasis_piece, neoplasm_pieces
from codesets.models import Level, NoteKind
from codesets.pairing import companions, prompted
from codesets.quantities import range_of
from codesets.resolution import resolve
from codesets.wording import is_head, is_plain, lists, read_text, read_title, word_class
from retrieval.mentions import Assertion, Mention, find_mentions, is_note, status_of
from retrieval.passages import SEARCHED_NOTES, note_passage, title_passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.answer import Question, Rejected
    from bot.trials import Trial
    from codesets.library import Library
    from codesets.models import Code
    from codesets.pairing import Companion, Prompt
    from codesets.resolution import Resolution
    from codesets.specificity import Axis
    from codesets.wording import Word
    from retrieval.passages import Passage
    from retrieval.search import Candidate, Searcher

_MEANINGS_TOLD = 4
TRIED = 12
"""Candidates of one phrase that are resolved and compared."""
MOST_OPTIONS = 25
MOST_PHRASES = 150
_SHARE = 0.6
"""Share of a phrase's meaningful words that a code's wording must account for."""
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
_RELATIVES = ("Z80", "Z81", "Z82", "Z83", "Z84")
_SECONDARY = ("C77", "C78", "C79")
_ENTRIES = frozenset({"index", "external-cause", "drug"})
_UNFINISHED = 0.10
_SUPPLIED = frozenset({"displacement", "wound", "healing", "encounter"})
"""Qualifiers of a title that conventions supply where a text is silent (I.C.19.a, I.C.19.c)."""
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
_LEAST_OF_ALL = 0.25
"""Worth from which one code may stand for all conditions of a list."""
_LEAST_OF_REST = 0.0
_NO_DOUBT = 0.05
_SUBCATEGORY = 5
"""Characters of a subcategory with its point (``J96.2``)."""
_CATEGORY = 4
"""Characters of a category with its point, whose codes may be siblings."""
_LEAST_UNNAMED = 0.45
"""Worth from which words are coded that no other code says and that name no known condition."""
_OUT_OF_PLACE = 0.20
_CLOSE = 0.62
"""Cosine from which a passage may stand for a phrase whose words it does not repeat."""
_OPEN = re.compile(r"\bunspecified\b|\bnot (?:otherwise )?specified\b|\bNOS\b", re.IGNORECASE)
_BRACKETED = re.compile(r"\([^)]*\)|\[[^\]]*\]")
"""Nonessential modifiers (I.A.7) and synonyms in brackets ask nothing of the text."""
_SEARCHED = frozenset(kind.value for kind in SEARCHED_NOTES)
_OTHER_TITLE = re.compile(r"other\b", re.IGNORECASE)
_OTHER_WORD = re.compile(r"\b(?:other|nec|specified|atypical)\b", re.IGNORECASE)
_MANIFESTATION = re.compile(r"\bclassified elsewhere$", re.IGNORECASE)
"""Titles of manifestation codes, which never lead and need the disease they belong to (I.A.13)."""
_FOUND_NEGATIVE = re.compile(r"\b(?:negative|neg|not detected|nonreactive)\W*$", re.IGNORECASE)
"""A test that found nothing: "HIV negative"."""
_NAMED_RELATIVE = re.compile(
    r"\b(?:family|fhx?|fam hx|mother|father|brother|sister|siblings?|grand(?:mother|father)|aunt"
    r"|uncle|cousin|maternal|paternal)\b",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:family (?:medical )?history(?: of)?|fhx?|fam hx|(?:history|hx) (?:of|in)|mother|father"
    r"|brother|sister|siblings?|grand(?:mother|father)|aunt|uncle|cousin|maternal|paternal|family"
    r"|history|with|had|has|of|in|the|a)\b",
    re.IGNORECASE,
)
_FAMILY_TITLE = re.compile(r"\bfamily history\b", re.IGNORECASE)
# Words of a title that the text must say: the condition at another time, or in another person.
_KINDS = frozenset(
    {"subsequent", "sequela", "history", "newborn", "carrier", "family", "traumatic"}
)
# Words that say where, when or how a patient is cared for; no code is needed to account for them.
_UNCODED = frozenset(
    [
        "patient",
        "pt",
        "year",
        "old",
        "male",
        "female",
        "man",
        "woman",
        "boy",
        "girl",
        "presents",
        "presented",
        "presenting",
        "complains",
        "complaint",
        "reports",
        "evaluation",
        "management",
        "treated",
        "treatment",
        "follow",
        "up",
        "followup",
        "visit",
        "seen",
        "today",
        "history",
        "diagnosis",
        "diagnosed",
        "diagnoses",
        "code",
        "codes",
        "icd",
        "icd10",
        "cm",
        "what",
        "which",
        "best",
        "correct",
        "right",
        "assign",
        "coding",
        "coded",
        "bill",
        "billing",
        "record",
        "note",
        "documented",
        "stable",
        "continue",
        "currently",
        "current",
        "known",
        "encounter",
        "initial",
        "subsequent",
        "taken",
        "correctly",
        "properly",
        "prescribed",
        "directed",
        "active",
    ]
)


@dataclass(frozen=True, slots=True)
class Built:
    """The case for the drafter, what was retrieved for it, and what a reader has to be told.

    ``open_choices`` are options that fit but lack characters the text does not give; ``trials``
    say what became of each candidate that was resolved. ``whole`` is what the search found for the
    whole question, best first; empty for a note.
    """

    case: Case
    candidates: tuple[Candidate, ...]
    gaps: tuple[Gap, ...]
    cautions: tuple[str, ...]
    open_choices: tuple[Option, ...]
    trials: tuple[Trial, ...] = ()
    whole: tuple[Candidate, ...] = ()
    rejected: tuple[Rejected, ...] = ()


def build_case(text: str, question: Question, library: Library, searcher: Searcher) -> Built:
    """Find, resolve and pair the codes that ``text`` supports, best first.

    A note is read for what its encounter dealt with (``bot.notes``).
    """
    if is_note(text):
        from bot.notes.case import build_note_case

        return build_note_case(text, question, library, searcher)
    builder = _Builder(text, question, library, searcher)
    if not is_note(text):
        builder.take_whole()
    for mention in find_mentions(text)[:MOST_PHRASES]:
        builder.take(mention)
    return builder.built()


@dataclass(frozen=True, slots=True)
class _Reading:
    """One candidate as the text resolves it, the words it accounts for, and what it is worth."""

    candidate: Candidate
    resolution: Resolution
    passages: Sequence[Passage]
    accounted: Sequence[Word]
    worth: float


class _Builder:
    """One text under way: options taken so far, and which words they account for."""

    def __init__(self, text: str, question: Question, library: Library, searcher: Searcher) -> None:
        self._text = text
        self._question = question
        self._library = library
        self._searcher = searcher
        self._note = is_note(text)
        self._options: list[Option] = []
        self._count = 0
        self._cautions: list[str] = []
        self._explained: set[int] = set()
        self._candidates: dict[str, Candidate] = {}
        self._whole: tuple[Candidate, ...] = ()
        self._trials = Trials()
        self._words = [] if self._note else list(read_text(text))

    def take_whole(self) -> None:
        """The question as one phrase, unless it is only a list of several."""
        mentions = find_mentions(self._text)
        statuses = {mention.status for mention in mentions}
        candidates = self._search(self._text)
        self._whole = tuple(candidates)
        if any(_FOUND_NEGATIVE.search(mention.text) for mention in mentions):
            return
        if statuses != {Assertion.ASSERTED} or self._take_neoplasms(0, self._text):
            return
        named = [
            [w for w in self._words if m.start <= w.start < m.end and _is_condition(w)]
            for m in mentions
        ]
        conditions = [heads for heads in named if heads]
        self._try(
            candidates,
            0,
            self._text,
            self._words,
            every=conditions if len(conditions) > 1 else (),
            least=_LEAST_OF_ALL if len(conditions) > 1 else -1.0,
        )
        self._take_leftovers(0, self._text, self._words)
        self._take_metastasis()

    def _take_metastasis(self) -> None:
        """The metastasis that a fracture or another condition is due to, where none is coded."""
        piece = metastasis_piece(self._text)
        coded = any(option.code.code.startswith(_SECONDARY) for option in self._options)
        if piece is not None and not coded:
            start, end = piece
            words = self._text[start:end]
            self._try(self._search(words), start, words, read_text(words))

    def _take_neoplasms(self, base: int, text: str) -> bool:
        """A primary neoplasm and its metastases, each by itself; whether the text has both."""
        pieces = neoplasm_pieces(text)
        for start, end in pieces:
            words = text[start:end]
            self._try(self._search(words), base + start, words, read_text(words))
        return bool(pieces)

    def take(self, mention: Mention) -> None:
        """One phrase of the text, unless it is not to be coded or already accounted for."""
        mention = self._of_patient(mention)
        if not mention.assessed or len(self._options) >= MOST_OPTIONS:
            return
        context = mention.sentence if self._note else None
        base = context.start if context else 0
        words = self._words if context is None else list(read_text(context.text))
        own = [w for w in words if mention.start <= w.start + base < mention.end]
        meaningful = [w for w in own if _means(w)]
        if not any(_tells(w) for w in meaningful):
            return
        family = mention.status is Assertion.FAMILY
        if not family and self._is_explained(meaningful, base):
            return
        if not self._may_code(mention, own, base):
            return
        asserted = mention.status is not Assertion.FAMILY
        if asserted and self._note and self._take_neoplasms(mention.start, mention.text):
            return
        candidates = self._search(mention.text)
        if mention.status is Assertion.FAMILY:
            if self._take_relative(mention, base, own):
                return
            candidates = [c for c in candidates if _FAMILY_TITLE.search(self._title(c))]
        whole = context.text if context else self._text
        self._try(candidates, base, whole, own)
        if mention.status is not Assertion.FAMILY:
            self._take_leftovers(base, whole, own)

    def _take_relative(self, mention: Mention, base: int, own: Sequence[Word]) -> bool:
        """A relative's condition as a family-history code; whether the Tabular names one for it."""
        condition = _RELATIVE.sub(" ", mention.text).strip(" ,.:;")
        words = [word for word in own if not _RELATIVE.search(word.surface) and _means(word)]
        if not condition or not words or len(condition) == len(mention.text):
            return False
        for candidate in self._search(condition)[:1]:
            name = candidate.resolved or candidate.code
            accounted = _accounted(
                words, resolve(self._library, name, condition), self._passages_of(candidate)
            )
            found = family_history(self._library, name)
            if found is None or len(accounted) < len(words):
                return False
            code, note = found
            owner = self._library.get(note.owner)
            source = self._library.release.source
            spans = _merged([(mention.start, mention.end)], self._text)
            self._explained.update(word.start + base for word in own)
            if all(option.code.code != code.code for option in self._options):
                self._options.append(
                    Option(
                        id=self._new_id(),
                        code=code,
                        score=candidate.score,
                        spans=spans,
                        passages=(title_passage(code, source), note_passage(note, owner, source)),
                        reasons=(
                            messages.FAMILY_HISTORY.format(
                                condition=condition, code=name, term=note.text, history=code.code
                            ),
                        ),
                    )
                )
            return True
        return False

    def _passages_of(self, candidate: Candidate) -> list[Passage]:
        return [match.passage for match in candidate.matches]

    def _take_leftovers(self, base: int, context: str, own: Sequence[Word]) -> None:
        """Conditions within a phrase that its best code says nothing of, each by itself."""
        run: list[Word] = []
        for word in [*own, None]:
            if word is not None and (word.start + base in self._explained or word.negated):
                word = None
            if word is not None:
                run.append(word)
                continue
            self._take_rest(base, context, _bare(run), own)
            run = []

    def _take_rest(self, base: int, context: str, run: Sequence[Word], own: Sequence[Word]) -> None:
        """Words that the best code of their phrase leaves out, with what stands before them."""
        if not any(_tells(word) for word in run) or len(run) == len(own):
            return
        named = any(_is_condition(word) for word in run)
        wider = _with_modifiers(run, own) if named else run
        for words in (wider, run) if len(wider) > len(run) else (run,):
            phrase = context[words[0].start : words[-1].end]
            if status_of(phrase) is not Assertion.ASSERTED:
                continue
            taken = self._try(
                self._search(phrase),
                base,
                context,
                words,
                whole_only=True,
                least=_LEAST_OF_REST if named else _LEAST_UNNAMED,
                plainly=not named,
            )
            if taken:
                return

    def _of_patient(self, mention: Mention) -> Mention:
        """A phrase before any relative is named in its sentence is the patient's own."""
        if self._note or mention.status is not Assertion.FAMILY:
            return mention
        if _NAMED_RELATIVE.search(self._text[mention.sentence.start : mention.end]):
            return mention
        return replace(mention, status=status_of(mention.text))

    def _may_code(self, mention: Mention, own: Sequence[Word], base: int) -> bool:
        """Whether the phrase's status lets it be coded; says so where a reader would wonder."""
        if mention.status is Assertion.NEGATED or all(w.negated for w in own):
            return False
        if _FOUND_NEGATIVE.search(mention.text):
            return False
        if mention.status is not Assertion.UNCERTAIN:
            return True
        words = " ".join(mention.text.split())
        if self._question.setting is Setting.INPATIENT:
            self._say(messages.UNCERTAIN_KEPT.format(words=words))
            return True
        self._explained.update(w.start + base for w in own)
        self._say(messages.UNCERTAIN_SKIPPED.format(words=words))
        return False

    def _search(self, words: str) -> list[Candidate]:
        found = list(self._searcher.search(words))
        for candidate in found:
            known = self._candidates.get(candidate.code)
            if known is None or known.score < candidate.score:
                self._candidates[candidate.code] = candidate
        return found

    def _try(
        self,
        candidates: Sequence[Candidate],
        base: int,
        context: str,
        own: Sequence[Word],
        whole_only: bool = False,
        every: Sequence[Sequence[Word]] = (),
        least: float = -1.0,
        plainly: bool = False,
    ) -> bool:
        """Take the candidate that says what the phrase says and least besides; whether one is.

        ``least`` is the worth from which it is taken; ``plainly`` admits only one whose wording
        says nothing that the text does not.

        ``whole_only`` admits only one whose wording repeats every meaningful word; ``every`` only
        one that says a word of each group, so that a list of conditions is not one of them.
        """
        best: _Reading | None = None
        phrase = context[own[0].start : own[-1].end] if own else ""
        short = _undecided(context)
        for candidate in candidates[:TRIED]:
            resolution = self._resolve(candidate, context, short)
            if resolution.code.level in (Level.CHAPTER, Level.SECTION):
                self._trials.note(candidate.code, phrase, resolution, Fate.TOO_BROAD)
                continue
            passages = self._passages(candidate, resolution)
            accounted = _accounted(own, resolution, passages)
            accounted += [w for w in own if w.surface in short and w not in accounted]
            if not _stands(own, accounted, candidate) or (
                whole_only and len(accounted) < sum(_means(w) for w in own)
            ):
                self._trials.note(candidate.code, phrase, resolution, Fate.UNSUPPORTED)
                continue
            if any(all(word not in accounted for word in group) for group in every):
                continue
            doubt = self._doubt(candidate, resolution, context)
            if plainly and doubt > _NO_DOUBT:
                continue
            worth = candidate.score - doubt
            left_out = [w for w in own if _is_head(w) and w not in accounted]
            worth -= _UNCODED_HEAD * len(left_out)
            conditions = [word for word in own if _is_condition(word)]
            if conditions and all(word not in accounted for word in conditions):
                worth -= _NO_CONDITION
            worth -= _KIND_UNCODED * self._leaves_out_kind(own, resolution.code)
            worth -= _LEFT_OUT * sum(
                _tells(w) and not w.negated and not _is_head(w) and w not in accounted for w in own
            )
            if _is_titled(resolution.code, own):
                worth += _TITLED
            self._trials.note(candidate.code, phrase, resolution, Fate.OUTWEIGHED, worth)
            if best is None or worth > best.worth:
                best = _Reading(candidate, resolution, passages, accounted, worth)
        if best is None or best.worth < least:
            return False
        self._trials.settle(phrase, best.candidate.code, best.resolution.code.code)
        self._add(best, base, context)
        return True

    def _resolve(
        self, candidate: Candidate, context: str, short: dict[str, Expansion]
    ) -> Resolution:
        """The candidate as the text resolves it.

        A text that is nothing but an abbreviation of several meanings is read in the meaning that
        found the candidate; the abbreviation itself is then the evidence.
        """
        resolution = resolve(self._library, candidate.code, context, _entries(candidate))
        found_by = candidate.matches[0].variant if candidate.matches else ""
        if not short or not found_by or found_by == context:
            return resolution
        read = resolve(self._library, candidate.code, found_by, _entries(candidate))
        spans = tuple((each.start, each.end) for each in short.values())
        return replace(read, spans=spans)

    def _doubt(self, candidate: Candidate, resolution: Resolution, context: str) -> float:
        """What counts against a resolved code: detail the text does not give, or no code yet."""
        code = resolution.code
        doubt = 0.0 if resolution.final and code.valid else _UNFINISHED
        if _MANIFESTATION.search(code.title) and not self._options:
            doubt += _OUT_OF_PLACE
        found, stem = candidate.code.replace(".", ""), code.code.replace(".", "")
        if not (stem.startswith(found) or found.startswith(stem)):
            doubt += _MOVED
        if candidate.matches and _OTHER_TITLE.match(candidate.matches[0].passage.text):
            doubt += 0.0 if _OTHER_WORD.search(context) else _OTHER
        title = {form for word in read_title(self._category_title(code)) for form in word.forms}
        doubt += _KIND * bool(_KINDS & title - _said(context))
        doubt += _OTHER_TYPE * _is_other_type(title, _said(context))
        doubt += _RARER * _rarer_meanings(candidate, _undecided(context))
        said = _said(context)
        if candidate.matches and candidate.matches[0].variant:
            said |= _said(candidate.matches[0].variant)
        wordings = [code.title, *self._library.inclusion_terms(code.code)]
        wordings += [
            match.passage.text
            for match in candidate.matches
            if match.passage.code == code.code
            or (_speaks_below(match.passage) and _is_above(match.passage.code, code.code))
        ]
        return doubt + _UNSAID * min(_unsaid(wording, said) for wording in wordings)

    def _add(self, reading: _Reading, base: int, context: str) -> None:
        resolution, accounted = reading.resolution, reading.accounted
        spans = _merged(
            [(start + base, end + base) for start, end in resolution.spans]
            + [(w.start + base, w.end + base) for w in accounted],
            self._text,
        )
        self._explained.update(w.start + base for w in accounted)
        for word in read_text(context):
            if any(s <= word.start + base < e for s, e in spans):
                self._explained.add(word.start + base)
        if any(option.code.code == resolution.code.code for option in self._options):
            return
        option = Option(
            id=self._new_id(),
            code=resolution.code,
            score=reading.candidate.score,
            spans=spans,
            passages=tuple(reading.passages),
            reasons=resolution.steps,
            gaps=tuple(gap_of(axis) for axis in resolution.gaps),
            alternatives=() if not resolution.final else resolution.alternatives,
            final=resolution.final and resolution.code.valid,
            choices=() if resolution.final else resolution.alternatives,
        )
        self._options.append(option)
        self._add_siblings(option, resolution, context)
        for companion in companions(self._library, resolution.code.code, context):
            self._add_companion(option, companion, base, context)
        if option.final:
            for companion in dependents(self._library, resolution.code.code, context):
                if not self._is_told_elsewhere(companion, option, base, context):
                    self._add_companion(option, companion, base, context, after=True)
        for prompt in prompted(self._library, resolution.code.code, context):
            if _is_asked_for(prompt):
                self._say(
                    messages.COMPANION_MISSING.format(owner=prompt.note.owner, text=prompt.text)
                )

    def _add_siblings(self, option: Option, resolution: Resolution, context: str) -> None:
        """Codes of the same subcategory that other words support ("hypoxia and hypercapnia")."""
        stem = resolution.code.code[:-1]
        for code in resolution.also:
            if not option.final or code.code[:-1] != stem or len(stem) < _CATEGORY:
                continue
            words = {form for word in read_title(code.title) for form in word.forms}
            spans = [(w.start, w.end) for w in read_text(context) if words.intersection(w.own)]
            base = option.spans[0][0] - resolution.spans[0][0] if resolution.spans else 0
            self._options.append(
                replace(
                    option,
                    id=self._new_id(),
                    code=code,
                    spans=_merged([(s + base, e + base) for s, e in spans], self._text),
                    passages=(title_passage(code, self._library.release.source),),
                    reasons=(),
                    gaps=(),
                    alternatives=(),
                )
            )
            self._explained.update(start + base for start, _ in spans)

    def _is_told_elsewhere(
        self, companion: Companion, asker: Option, base: int, context: str
    ) -> bool:
        """Whether what a companion adds to its asker is coded already by another option."""
        spans = [(s + base, e + base) for s, e in companion.spans]
        heads = [
            word.start + base
            for word in read_text(context)
            if _is_condition(word) and any(s <= word.start + base < e for s, e in spans)
        ]
        own = [place for place in heads if not any(s <= place < e for s, e in asker.spans)]
        others = [o for o in self._options if o is not asker and o.final]
        return bool(own) and all(
            any(s <= place < e for other in others for s, e in other.spans) for place in own
        )

    def _add_companion(
        self, asker: Option, companion: Companion, base: int, context: str, after: bool = False
    ) -> None:
        """Take a code that a note pairs with ``asker``; ``after``: the note is the code's own."""
        spans = _merged([(s + base, e + base) for s, e in companion.spans], self._text)
        for word in read_text(context):
            if any(s <= word.start + base < e for s, e in spans):
                self._explained.add(word.start + base)
        self._options = [
            option
            for option in self._options
            if option.code.code != companion.code.code or option.companion_of is not None
        ]
        if any(option.code.code == companion.code.code for option in self._options):
            return
        if not after and not _is_said(companion, context):
            return
        if companion.code.code.startswith(_RELATIVES):
            return  # a relative's condition is looked up by what it is
        owner = self._library.get(companion.note.owner)
        source = self._library.release.source
        self._options.append(
            Option(
                id=self._new_id(),
                code=companion.code,
                score=asker.score,
                spans=spans,
                passages=(
                    title_passage(companion.code, source),
                    note_passage(companion.note, owner, source),
                ),
                reasons=(companion.reason,) if after else (),
                companion_of=asker.id,
                asked_by=None if after else companion.note,
                final=companion.code.valid,
            )
        )
        if not after and companion.note.kind is NoteKind.USE_ADDITIONAL:
            # What the added code asks for in turn: end-stage disease and its dialysis.
            added = self._options[-1]
            for further in companions(self._library, companion.code.code, context):
                if further.note.kind is NoteKind.USE_ADDITIONAL:
                    self._add_companion(added, further, base, context)

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
        said = {form for word in own if not word.negated for form in word.own} & _KINDS
        title = f"{self._category_title(code)} {code.title}"
        return bool(said - {form for word in read_title(title) for form in word.forms})

    def _category_title(self, code: Code) -> str:
        found = self._library.find(code.code[:3])
        return found.title if found else code.title

    def _title(self, candidate: Candidate) -> str:
        code = self._library.find(candidate.code)
        return code.title if code else ""

    def _is_explained(self, words: Sequence[Word], base: int) -> bool:
        known = sum(word.start + base in self._explained for word in words)
        return known / len(words) >= _SHARE

    def _new_id(self) -> str:
        self._count += 1
        return f"o{self._count}"

    def _place(self, option: Option) -> tuple[int, int]:
        """Where an option's first words stand; companions follow what asked for them."""
        asker = next((o for o in self._options if o.id == option.companion_of), option)
        first = min((start for start, _ in asker.spans), default=len(self._text))
        return first, int(option.companion_of is not None)

    def _say(self, sentence: str) -> None:
        if sentence not in self._cautions:
            self._cautions.append(sentence)

    def built(self) -> Built:
        """What was found."""
        for token, each in _undecided(self._text).items():
            meanings = [m.spoken for m in each.meanings[:_MEANINGS_TOLD]]
            if any(token in self._text[s:e] for o in self._options for s, e in o.spans):
                self._say(messages.AMBIGUOUS.format(token=token, meanings=" or ".join(meanings)))
        ranked = sorted(self._candidates.values(), key=lambda c: (-c.score, c.code))
        self._options.sort(key=lambda option: self._place(option))
        done = complete(
            self._options, self._text, self._library, self._question.setting, self._new_id
        )
        self._options = list(done.options)
        for caution in done.cautions:
            self._say(caution)
        gaps = {gap: None for option in self._options for gap in option.gaps}
        return Built(
            case=Case(self._text, self._question.setting, self._question.day, tuple(self._options)),
            candidates=tuple(ranked[:50]),
            gaps=tuple(gaps),
            cautions=tuple(self._cautions),
            open_choices=tuple(option for option in self._options if not option.final),
            trials=self._trials.all(),
            whole=self._whole,
        )


def gap_of(axis: Axis) -> Gap:
    """An undocumented axis as the answer shows it: each option with the code it leads to."""
    return Gap(
        axis=axis.name,
        options=tuple(option.label for option in axis.options),
        codes=tuple(_shortest(option.codes) for option in axis.options),
    )


def _shortest(codes: Sequence[str]) -> str:
    """One code as it is; several by what they share, with the dash of an unfinished code."""
    if len(codes) == 1:
        return codes[0]
    shared = codes[0]
    for code in codes[1:]:
        while not code.startswith(shared):
            shared = shared[:-1]
    return f"{shared}-" if shared else ", ".join(codes)


def _is_asked_for(prompt: Prompt) -> bool:
    """Whether a reader should hear of a note the text does not answer.

    A "use additional code" note of the category or below speaks of this condition; notes of whole
    chapters, and those that apply only in some cases, would be noise beside every answer.
    """
    near = re.fullmatch(r"[A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]+)?", prompt.note.owner) is not None
    return near and not prompt.conditional and prompt.note.kind is NoteKind.USE_ADDITIONAL


def _undecided(text: str) -> dict[str, Expansion]:
    """Abbreviations of several meanings that the text does not decide, by how they are written."""
    return {
        each.surface: each for each in expand(text) if not each.decided and len(each.meanings) > 1
    }


def _rarer_meanings(candidate: Candidate, short: dict[str, Expansion]) -> int:
    """How many undecided abbreviations the wording that found a candidate reads unusually."""
    wording = candidate.matches[0].variant.casefold() if candidate.matches else ""
    firsts = [(each.meanings[0].spoken, each.meanings[0].index_wording) for each in short.values()]
    return sum(
        not any(meaning.casefold() in wording for meaning in first) for first in firsts if wording
    )


def _means(word: Word) -> bool:
    """Whether a word carries something that a code could say."""
    return not (word.surface.casefold() in _UNCODED or all(is_plain(f) for f in word.forms))


def _accounted(
    own: Sequence[Word], resolution: Resolution, passages: Iterable[Passage]
) -> list[Word]:
    """Words of a phrase that the code's wording, or a passage that led to it, repeats."""
    forms = {
        form
        for wording in [resolution.code.title, *(passage.text for passage in passages)]
        for word in read_title(wording)
        for form in word.forms
    }
    spans = resolution.spans
    return [
        word
        for word in own
        if not word.negated
        and _means(word)
        and (_repeats(word, forms) or any(start <= word.start < end for start, end in spans))
    ]


def _repeats(word: Word, forms: set[str]) -> bool:
    """Whether a wording of these forms says a word.

    What a short form stands for is said only with its qualifiers: "acute kidney failure" says a
    kidney, but no CKD; a primary neoplasm says no metastasis.
    """
    if any(form in forms for form in word.own):
        return True
    implied = [form for form in word.forms if form not in word.own]
    kinds = {form for form in implied if word_class(form) in ("acuity", "origin")}
    return kinds <= forms and any(form in forms for form in implied)


def _speaks_below(passage: Passage) -> bool:
    """Whether a passage's wording holds for the codes below its record."""
    title = passage.kind == "title" and len(passage.code) >= _SUBCATEGORY
    return title or passage.kind.value in _SEARCHED


def _is_above(owner: str, code: str) -> bool:
    """Whether the record ``owner`` stands above ``code``; its inclusion terms hold there too."""
    return code.replace(".", "").startswith(owner.replace(".", ""))


def _said(context: str) -> set[str]:
    """The forms of every word a text asserts."""
    return {form for word in read_text(context) if not word.negated for form in word.forms}


def _is_head(word: Word) -> bool:
    """Whether a word names a body part or a condition and is not denied."""
    return not word.negated and _means(word) and any(is_head(form) for form in word.forms)


def _is_said(companion: Companion, context: str) -> bool:
    """Whether the text names the condition of a companion, not only a qualifier of it.

    A code that would lead (a "code first" note) must have every condition of its title said.
    """
    said = _said(context)
    title = _BRACKETED.sub(" ", companion.code.title)
    heads = [word for word in read_title(title) if _is_head(word)]
    named = sum(bool(said.intersection(word.forms)) for word in heads)
    if companion.note.kind is NoteKind.CODE_FIRST:
        return named == len(heads)
    if range_of(companion.code.title) is not None:
        return True  # the value that the text states is what the title asks for
    return named > 0 or not heads


def _is_other_type(title: set[str], said: set[str]) -> bool:
    """Whether a category's title names a type and the text names only others."""
    asked = {form for form in title if form.startswith("type=")}
    stated = {form for form in said if form.startswith("type=")}
    return bool(asked and stated) and asked.isdisjoint(stated)


def _is_condition(word: Word) -> bool:
    """Whether a word names a condition: a body part, a side or a degree alone names none."""
    return not word.negated and _means(word) and any(_names(form) for form in word.forms)


def _names(form: str) -> bool:
    return is_head(form) and form not in lists().body


def _tells(word: Word) -> bool:
    """Whether a phrase of this word could be coded: more than a part, a side or a degree."""
    return any(
        not is_plain(form) and word_class(form) is None and form not in lists().body
        for form in word.forms
    )


def _says_itself(word: Word) -> bool:
    """Whether a word is more than a qualifier of whatever it stands before ("primary", "left")."""
    return any(word_class(form) is None for form in word.own)


def _bare(run: Sequence[Word]) -> list[Word]:
    """A run of words without the joining words at its ends."""
    stop = lists().stop | _UNCODED
    kept = [n for n, word in enumerate(run) if not stop.issuperset(word.forms)]
    return list(run[kept[0] : kept[-1] + 1]) if kept else []


def _is_titled(code: Code, own: Sequence[Word]) -> bool:
    """Whether a code's title says each word of a phrase and nothing else."""
    title = [w for w in read_title(_BRACKETED.sub(" ", code.title)) if _means(w)]
    words = [word for word in own if _means(word)]
    return len(title) == len(words) > 0 and all(
        any(form in word.forms for word in words for form in part.own) for part in title
    )


def _with_modifiers(run: Sequence[Word], own: Sequence[Word]) -> Sequence[Word]:
    """A run with the words straight before it that qualify it and name no condition themselves."""
    at = next(number for number, word in enumerate(own) if word.start == run[0].start)
    first = at
    while first and own[first - 1].clause == run[0].clause:
        before = own[first - 1]
        named = any(_names(form) for form in before.own)
        if named or before.negated or lists().stop.issuperset(before.own):
            break
        first -= 1
    return [*own[first:at], *run]


def _entries(candidate: Candidate) -> tuple[str, ...]:
    """The entries of the index and of the drug table that lead to a candidate."""
    return tuple(
        match.passage.text.split(":")[0] if match.passage.kind == "drug" else match.passage.text
        for match in candidate.matches
        if match.passage.kind in _ENTRIES and match.passage.code == candidate.code
    )


def _unsaid(wording: str, said: set[str]) -> int:
    """Meaningful words of a wording that the text lacks; what is left unspecified asks nothing."""
    missing = 0
    for number, part in enumerate(re.split(r"[,;]", wording)):
        opened = _OPEN.search(part)
        if opened and number:
            part = part[: opened.start()]
        for word in read_title(_BRACKETED.sub(" ", part)):
            plain = word.negated or all(
                is_plain(form) or word_class(form) in _SUPPLIED for form in word.forms
            )
            missing += not plain and not said.intersection(word.forms)
    return min(missing, 4)


def _stands(own: Sequence[Word], accounted: Sequence[Word], candidate: Candidate) -> bool:
    """Whether a candidate is sure enough to be suggested for a phrase."""
    meaningful = [word for word in own if _means(word) and not word.negated]
    if not meaningful or (accounted and not any(_says_itself(word) for word in accounted)):
        return False
    closest = max((match.dense_score or 0.0 for match in candidate.matches), default=0.0)
    share = len(accounted) / len(meaningful)
    return share >= _SHARE or (share > 0 and closest >= _CLOSE) or closest >= 0.75


def _merged(spans: Iterable[tuple[int, int]], text: str) -> tuple[tuple[int, int], ...]:
    """Overlapping spans, and spans with only blanks between them, as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(set(spans)):
        if merged and (start <= merged[-1][1] or text[merged[-1][1] : start].isspace()):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
