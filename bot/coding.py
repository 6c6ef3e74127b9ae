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
from bot.phrasing import (
    bare,
    is_head_word,
    means,
    merged,
    names_condition,
    parts_of,
    said_in,
    tells,
    undecided,
    with_modifiers,
)
from bot.trials import Fate, Trials
from bot.weighing import BRACKETED, SHARE, TRIED, Reading, Scale, accounted_for
from codesets.adverse import adverse_effect
from codesets.combining import keeps_apart
from codesets.dependents import dependents
from codesets.histories import family_history
from codesets.metastases import metastasis_piece, neoplasm_pieces, unknown_primary
from codesets.models import NoteKind
from codesets.pairing import companions, prompted
from codesets.quantities import range_of
from codesets.references import in_range
from codesets.resolution import resolve
from codesets.wording import read_text, read_title
from retrieval.mentions import Assertion, Mention, find_mentions, is_note, status_of
from retrieval.passages import note_passage, title_passage
from retrieval.segments import Segment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer import Question, Rejected
    from bot.trials import Trial
    from codesets.library import Library
    from codesets.pairing import Companion, Prompt
    from codesets.resolution import Resolution
    from codesets.specificity import Axis
    from codesets.wording import Word
    from retrieval.passages import Passage
    from retrieval.search import Candidate, Searcher

_MEANINGS_TOLD = 4
MOST_OPTIONS = 25
MOST_PHRASES = 150
_RELATIVES = ("Z80", "Z81", "Z82", "Z83", "Z84")
_SECONDARY = ("C77", "C78", "C79")
_LEAST_OF_ALL = 0.25
"""Worth from which one code may stand for all conditions of a list."""
_LEAST_OF_REST = 0.0
_NO_DOUBT = 0.05
_CATEGORY = 4
"""Characters of a category with its point, whose codes may be siblings."""
_LEAST_UNNAMED = 0.45
"""Worth from which words are coded that no other code says and that name no known condition."""
_FOUND_NEGATIVE = re.compile(r"\b(?:negative|neg|not detected|nonreactive)\W*$", re.IGNORECASE)
"""A test that found nothing: "HIV negative"."""
_UNKNOWN_SITE = "C80.1"
"""A malignant neoplasm whose primary site nobody knows."""
_ANSWERED = frozenset({"O80"})
"""Records whose note a guideline answers: the outcome of a normal delivery (I.C.15.n.3)."""
_IDENTIFY = re.compile(r"code to identify (?:the )?(?P<what>infection|sepsis)", re.IGNORECASE)
"""Notes that name a condition and no codes."""
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
        self._scale = Scale(library)
        self._words = [] if self._note else list(read_text(text))

    def take_whole(self) -> None:
        """The question as one phrase, unless it is only a list of several."""
        mentions = find_mentions(self._text)
        statuses = {mention.status for mention in mentions}
        candidates = self._search(self._text)
        self._whole = tuple(candidates)
        if any(_FOUND_NEGATIVE.search(mention.text) for mention in mentions):
            return
        if len(mentions) > 1 and keeps_apart(self._text):
            return
        if statuses != {Assertion.ASSERTED}:
            return
        if self._take_unknown_primary() or self._take_neoplasms(0, self._text):
            return
        self._take_harm()
        named = [
            [w for w in self._words if m.start <= w.start < m.end and names_condition(w)]
            for m in mentions
        ]
        conditions = [heads for heads in named if heads]
        if not self._options:
            self._try_whole(candidates, conditions)
        self._take_leftovers(0, self._text, self._words)
        self._take_metastasis()
        self._take_adverse_effect()

    def _try_whole(self, candidates: Sequence[Candidate], conditions: list[list[Word]]) -> None:
        """The question as one phrase; of several conditions only what says a word of each."""
        self._try(
            candidates,
            0,
            self._text,
            self._words,
            every=conditions if len(conditions) > 1 else (),
            least=_LEAST_OF_ALL if len(conditions) > 1 else -1.0,
        )

    def _take_harm(self) -> None:
        """What a drug that the text blames has done: the words before it."""
        found = adverse_effect(self._library, self._text)
        own = [word for word in self._words if found is not None and word.end <= found.harm]
        if any(tells(word) for word in own):
            phrase = self._text[own[0].start : own[-1].end]
            self._try(self._search(phrase), 0, self._text, own, whole_only=True)

    def _take_adverse_effect(self) -> None:
        """The adverse effect of a drug that the text blames, its 7th character left to choose."""
        found = adverse_effect(self._library, self._text)
        if found is None or not self._options:
            return
        if any(option.code.code.startswith(found.code.code[:5]) for option in self._options):
            return
        said = f"{found.code.title}, {self._text}"
        resolution = resolve(self._library, found.code.code, said)
        if not resolution.code.code.startswith(found.code.code):
            return
        code, final = resolution.code, resolution.final and resolution.code.valid
        self._options.append(
            Option(
                id=self._new_id(),
                code=code,
                score=self._options[0].score,
                spans=found.spans,
                passages=(title_passage(code, self._library.release.source),),
                reasons=(found.reason,),
                gaps=tuple(gap_of(axis) for axis in resolution.gaps),
                final=final,
                choices=() if final else found.choices,
            )
        )
        self._explained.update(
            word.start
            for word in self._words
            if any(start <= word.start < end for start, end in found.spans)
        )

    def _take_unknown_primary(self) -> bool:
        """C80.1 where the primary is called unknown, then what the rest says by itself."""
        unknown = unknown_primary(self._text)
        code = self._library.find(_UNKNOWN_SITE) if unknown is not None else None
        if unknown is None or code is None or not code.valid:
            return False
        for start, end in ((0, unknown[0]), (unknown[1], len(self._text))):
            rest = self._text[start:end]
            own = bare(read_text(rest))
            if any(tells(word) for word in own):
                self._try(self._search(rest.strip(" ,;.")), start, rest, own)
        self._options.append(
            Option(
                id=self._new_id(),
                code=code,
                score=1.0,
                spans=(unknown,),
                passages=(title_passage(code, self._library.release.source),),
                reasons=(messages.UNKNOWN_PRIMARY.format(code=code.code),),
                final=True,
            )
        )
        self._explained.update(w.start for w in self._words if unknown[0] <= w.start < unknown[1])
        return True

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
        context = mention.sentence if self._note else self._apart(mention)
        base = context.start if context else 0
        words = self._words if context is None else list(read_text(context.text))
        own = [w for w in words if mention.start <= w.start + base < mention.end]
        meaningful = [w for w in own if means(w)]
        if not any(tells(w) for w in meaningful):
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

    def _apart(self, mention: Mention) -> Segment | None:
        """The phrase alone as its context, where the text calls conditions unrelated."""
        if not keeps_apart(self._text):
            return None
        return Segment(mention.start, mention.end, mention.text)

    def _take_relative(self, mention: Mention, base: int, own: Sequence[Word]) -> bool:
        """A relative's condition as a family-history code; whether the Tabular names one for it."""
        condition = _RELATIVE.sub(" ", mention.text).strip(" ,.:;")
        words = [word for word in own if not _RELATIVE.search(word.surface) and means(word)]
        if not condition or not words or len(condition) == len(mention.text):
            return False
        for candidate in self._search(condition)[:1]:
            name = candidate.resolved or candidate.code
            accounted = accounted_for(
                words, resolve(self._library, name, condition), self._passages_of(candidate)
            )
            found = family_history(self._library, name)
            if found is None or len(accounted) < len(words):
                return False
            code, note = found
            owner = self._library.get(note.owner)
            source = self._library.release.source
            spans = merged([(mention.start, mention.end)], self._text)
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
            self._take_rest(base, context, bare(run), own)
            run = []

    def _take_rest(self, base: int, context: str, run: Sequence[Word], own: Sequence[Word]) -> None:
        """Words that the best code of their phrase leaves out, with what stands before them."""
        if not any(tells(word) for word in run):
            return
        named = any(names_condition(word) for word in run)
        wider = with_modifiers(run, own) if named else run
        tried = (wider, run) if len(wider) > len(run) else (run,)
        for words in tried if len(run) < len(own) else ():
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
        for part in parts_of(run):
            if any(names_condition(word) for word in part):
                self._take_rest(base, context, part, own)

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
        best: Reading | None = None
        phrase = context[own[0].start : own[-1].end] if own else ""
        for candidate in candidates[:TRIED]:
            fate, reading = self._scale.read(candidate, context, own, leading=not self._options)
            repeated = len(reading.accounted) >= sum(means(w) for w in own) or not whole_only
            if fate is Fate.OUTWEIGHED and not repeated:
                fate = Fate.UNSUPPORTED
            if fate is not Fate.OUTWEIGHED:
                self._trials.note(candidate.code, phrase, reading.resolution, fate)
                continue
            if any(all(word not in reading.accounted for word in group) for group in every):
                continue
            if plainly and reading.doubt > _NO_DOUBT:
                continue
            self._trials.note(candidate.code, phrase, reading.resolution, fate, reading.worth)
            if best is None or reading.worth > best.worth:
                best = reading
        if best is None or best.worth < least:
            return False
        self._trials.settle(phrase, best.candidate.code, best.resolution.code.code)
        self._add(best, base, context)
        return True

    def _add(self, reading: Reading, base: int, context: str) -> None:
        resolution, accounted = reading.resolution, reading.accounted
        spans = merged(
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
            self._add_identified(option, base, context)
        for prompt in prompted(self._library, resolution.code.code, context):
            if _is_asked_for(prompt) and prompt.note.owner not in _ANSWERED:
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
                    spans=merged([(s + base, e + base) for s, e in spans], self._text),
                    passages=(title_passage(code, self._library.release.source),),
                    reasons=(),
                    gaps=(),
                    alternatives=(),
                )
            )
            self._explained.update(start + base for start, _ in spans)

    def _add_identified(self, asker: Option, base: int, context: str) -> None:
        """What a note that names no codes asks to identify: the infection of a catheter's UTI."""
        for note in self._library.notes(asker.code.code):
            asked = _IDENTIFY.fullmatch(note.text.strip())
            if note.kind is not NoteKind.USE_ADDITIONAL or note.references or asked is None:
                continue
            noun = asked["what"].casefold()
            for word in read_text(context):
                if word.negated or noun not in word.forms:
                    continue
                found = self._identified(word, noun, context)
                if found is None or any(found.code.code == o.code.code for o in self._options):
                    continue
                passages = (
                    *found.passages,
                    note_passage(note, self._library.get(note.owner), self._library.release.source),
                )
                spans = ((word.start + base, word.end + base),)
                self._options.append(
                    replace(
                        found, spans=spans, passages=passages, companion_of=asker.id, asked_by=note
                    )
                )
                return

    def _identified(self, word: Word, noun: str, context: str) -> Option | None:
        """The code of a condition that one word names, outside the complications' own chapter."""
        phrase = context[word.start : word.end]
        for candidate in self._search(phrase)[:TRIED]:
            if candidate.code.startswith("T"):
                continue
            fate, reading = self._scale.read(candidate, phrase, read_text(phrase), leading=False)
            code = reading.resolution.code
            title = {form for part in read_title(code.title) for form in part.forms}
            if (
                fate is Fate.OUTWEIGHED
                and reading.accounted
                and reading.resolution.final
                and noun in title
                and reading.doubt <= _NO_DOUBT
            ):
                return Option(
                    id=self._new_id(),
                    code=code,
                    score=candidate.score,
                    spans=(),
                    passages=(title_passage(code, self._library.release.source),),
                    reasons=(),
                    final=True,
                )
        return None

    def _is_told_elsewhere(
        self, companion: Companion, asker: Option, base: int, context: str
    ) -> bool:
        """Whether what a companion adds to its asker is coded already by another option."""
        spans = [(s + base, e + base) for s, e in companion.spans]
        heads = [
            word.start + base
            for word in read_text(context)
            if names_condition(word) and any(s <= word.start + base < e for s, e in spans)
        ]
        own = [place for place in heads if not any(s <= place < e for s, e in asker.spans)]
        others = [o for o in self._options if o is not asker and o.final]
        # What the note itself puts first does not stand for what follows it.
        others = [
            o
            for o in others
            if not any(in_range(o.code.code, each) for each in companion.note.references)
        ]
        return bool(own) and all(
            any(s <= place < e for other in others for s, e in other.spans) for place in own
        )

    def _add_companion(
        self, asker: Option, companion: Companion, base: int, context: str, after: bool = False
    ) -> None:
        """Take a code that a note pairs with ``asker``; ``after``: the note is the code's own."""
        spans = merged([(s + base, e + base) for s, e in companion.spans], self._text)
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

    def _title(self, candidate: Candidate) -> str:
        code = self._library.find(candidate.code)
        return code.title if code else ""

    def _is_explained(self, words: Sequence[Word], base: int) -> bool:
        known = sum(word.start + base in self._explained for word in words)
        return known / len(words) >= SHARE

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
        for token, each in undecided(self._text).items():
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


def _is_said(companion: Companion, context: str) -> bool:
    """Whether the text names the condition of a companion, not only a qualifier of it.

    A code that would lead (a "code first" note) must have every condition of its title said.
    """
    said = said_in(context)
    title = BRACKETED.sub(" ", companion.code.title)
    heads = [word for word in read_title(title) if is_head_word(word)]
    named = sum(bool(said.intersection(word.forms)) for word in heads)
    if companion.note.kind is NoteKind.CODE_FIRST:
        return named == len(heads)
    if range_of(companion.code.title) is not None:
        return True  # the value that the text states is what the title asks for
    return named > 0 or not heads
