"""From candidates to an option: the one whose wording says what a stretch says and least besides.

What stands then brings its companions, and the words it leaves out are tried by themselves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import messages
from bot.barring import is_past_attack
from bot.coding.built import gap_of
from bot.coding.companions import NO_DOUBT, Companions
from bot.coding.gathered import Stretch
from bot.drafting.case import Option
from bot.phrasing import (
    bare,
    means,
    merged,
    names_condition,
    parts_of,
    tells,
    with_modifiers,
)
from bot.trials import Fate
from bot.weighing import TRIED, Scale
from codesets.quantities import range_of
from codesets.wording import is_plain, read_text, read_title
from retrieval.mentions import Assertion, status_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.coding.gathered import Gathered
    from bot.weighing import Reading
    from codesets.resolution import Resolution
    from codesets.wording import Word
    from retrieval.search import Candidate

_LEAST_OF_REST = 0.0
_LEAST_UNNAMED = 0.45
"""Worth from which words are coded that no other code says and that name no known condition."""
_GUESS = 0.3
"""Worth below which a code has to say more of the text than a degree."""
_DEGREES = frozenset(
    {"low", "high", "elevated", "raised", "decreased", "increased", "reduced", "abnormal", "normal"}
)
_LEAST_BESIDE = 0.0
"""Worth from which a further code stands beside those there are."""
_CATEGORY = 4
"""Characters of a category with its point, whose codes may be siblings."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a candidate has to meet beside being the best.

    ``whole_only`` admits only one whose wording repeats every meaningful word; ``every`` only one
    that says a word of each group, so that a list of conditions is not one of them. ``least`` is
    the worth from which it is taken; ``doubt`` the most that its wording may say beyond the text.
    """

    whole_only: bool = False
    every: Sequence[Sequence[Word]] = ()
    least: float = -1.0
    doubt: float = math.inf


_ANY = Terms()


def _is_guess(reading: Reading) -> bool:
    """Whether all that a reading says of the text is how something is, and little speaks for it.

    Of "potassium low" an anemia says only the "low".
    """
    said = {word.surface.casefold() for word in reading.accounted}
    return reading.worth < _GUESS and bool(said) and said <= _DEGREES


class Taker:
    """Takes options into what is gathered."""

    def __init__(self, gathered: Gathered) -> None:
        self._gathered = gathered
        self._scale = Scale(gathered.library)
        self._companions = Companions(gathered, self._scale)

    def take(self, candidates: Sequence[Candidate], stretch: Stretch, terms: Terms = _ANY) -> bool:
        """Take the candidate that says what the stretch says and least besides; whether one is."""
        best = self._best(candidates, stretch, terms)
        if best is None or best.worth < terms.least or _is_guess(best):
            return False
        # One that says every word of its stretch is no stray find, whatever its title adds.
        whole = len(best.accounted) >= sum(means(word) for word in stretch.words)
        if self._gathered.options and not whole and best.worth < _LEAST_BESIDE:
            return False
        code = best.resolution.code.code
        self._gathered.trials.settle(stretch.phrase, best.candidate.code, code)
        self._add(best, stretch)
        return True

    def _best(
        self, candidates: Sequence[Candidate], stretch: Stretch, terms: Terms
    ) -> Reading | None:
        """The candidate worth most of those that meet the terms; each one's fate is noted."""
        best: Reading | None = None
        gathered, own, phrase = self._gathered, stretch.words, stretch.phrase
        for candidate in candidates[:TRIED]:
            fate, reading = self._scale.read(
                candidate, stretch.context, own, leading=not gathered.options
            )
            if candidate is candidates[0] and is_past_attack(reading.resolution.code, phrase):
                # What is only history is not coded as something like it.
                gathered.say(messages.HISTORY_SKIPPED.format(words=phrase))
                return None
            repeated = len(reading.accounted) >= sum(means(w) for w in own) or not terms.whole_only
            if fate is Fate.OUTWEIGHED and not repeated:
                fate = Fate.UNSUPPORTED
            if fate is not Fate.OUTWEIGHED:
                gathered.trials.note(candidate.code, phrase, reading.resolution, fate)
                continue
            if any(all(word not in reading.accounted for word in group) for group in terms.every):
                continue
            if reading.doubt > terms.doubt:
                continue
            gathered.trials.note(candidate.code, phrase, reading.resolution, fate, reading.worth)
            if best is None or reading.worth > best.worth:
                best = reading
        return best

    def _add(self, reading: Reading, stretch: Stretch) -> None:
        gathered, base = self._gathered, stretch.base
        resolution, accounted = reading.resolution, reading.accounted
        spans = merged(
            [(start + base, end + base) for start, end in resolution.spans]
            + [(w.start + base, w.end + base) for w in accounted],
            gathered.text,
        )
        gathered.account(w.start + base for w in accounted)
        gathered.account_within(spans, stretch.context, base)
        if gathered.has(resolution.code):
            return
        option = Option(
            id=gathered.new_id(),
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
        gathered.options.append(option)
        self._add_siblings(option, resolution, stretch)
        self._companions.take_for(option, stretch.context, base)

    def _add_siblings(self, option: Option, resolution: Resolution, stretch: Stretch) -> None:
        """Codes of the same subcategory that other words support ("hypoxia and hypercapnia")."""
        gathered = self._gathered
        stem = resolution.code.code[:-1]
        for code in resolution.also:
            measured = (
                range_of(code.title) is not None
            )  # a birth weight beside an age (note at P07)
            if not option.final or len(stem) < _CATEGORY:
                continue
            if code.code[:-1] != stem and not measured:
                continue
            words = {
                form for word in read_title(code.title) for form in word.forms if not is_plain(form)
            }
            base = stretch.base
            said = read_text(stretch.context)
            spans = [(w.start, w.end) for w in said if words.intersection(w.own)]
            gathered.options.append(
                replace(
                    option,
                    id=gathered.new_id(),
                    code=code,
                    spans=merged([(s + base, e + base) for s, e in spans], gathered.text),
                    passages=(gathered.title(code),),
                    reasons=(),
                    gaps=(),
                    alternatives=(),
                )
            )
            gathered.account(start + base for start, _ in spans)

    # --- what the best code leaves out ------------------------------------------------------------

    def take_leftovers(self, stretch: Stretch) -> None:
        """Conditions within a stretch that its best code says nothing of, each by itself."""
        run: list[Word] = []
        for word in stretch.words:
            if self._gathered.accounts_for(word, stretch.base) or word.negated:
                self._take_rest(stretch, bare(run))
                run = []
            else:
                run.append(word)
        self._take_rest(stretch, bare(run))

    def _take_rest(self, stretch: Stretch, run: Sequence[Word]) -> None:
        """Words that the best code of their phrase leaves out, with what stands before them."""
        if not any(tells(word) for word in run):
            return
        own = stretch.words
        named = any(names_condition(word) for word in run)
        wider = with_modifiers(run, own) if named else run
        tried = (wider, run) if len(wider) > len(run) else (run,)
        for words in tried if len(run) < len(own) else ():
            part = Stretch(words, stretch.context, stretch.base)
            if status_of(part.phrase) is not Assertion.ASSERTED:
                continue
            terms = Terms(
                whole_only=True,
                least=_LEAST_OF_REST if named else _LEAST_UNNAMED,
                doubt=math.inf if named else NO_DOUBT,
            )
            if self.take(self._gathered.search(part.phrase), part, terms):
                return
        for piece in parts_of(run):
            if any(names_condition(word) for word in piece):
                self._take_rest(stretch, piece)
