"""What a note says in running text: conditions it assesses, else the reason for the visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.notes import history
from bot.notes.collected import MOST_CODED
from bot.notes.phrases import phrases_of
from bot.notes.records import VAGUE, Ground, Phrase
from bot.notes.titled import TITLED
from bot.notes.wording import CAUSED_BY, NO_PROBLEM, ORGANISMS, REGARDING, qualified_from
from retrieval.notes.cues import Status
from retrieval.notes.headings import TELLING, SectionKind

if TYPE_CHECKING:
    from bot.notes.under_way import UnderWay
    from retrieval.notes.reading import Mention

MOST_SEARCHED = 60


class Prose:
    """Codes what the running text of one note assesses."""

    def __init__(self, way: UnderWay) -> None:
        self._way = way
        self._searches = 0

    def take(self) -> None:
        """Conditions that the assessment's running text assesses."""
        titled = bool(self._way.found.coded)
        prose = {(s.start, s.end) for s, _ in self._way.note.assessed.prose}
        kinds = {section.kind for _, section in self._way.note.places}
        whole = not titled and not kinds & {*TITLED, SectionKind.PLAN, SectionKind.PROBLEMS}
        for mention in self._way.note.mentions:
            place = (mention.sentence.start, mention.sentence.end)
            if mention.judgement.status is not Status.ASSERTED:
                continue
            if (whole and mention.section.kind in TELLING) or (
                place in prose and mention.section.kind in TITLED and not titled
            ):
                self._take_mention(mention)
            elif place in prose and REGARDING.match(mention.sentence.text):
                self._take_mention(mention, lasting=True)

    def _take_mention(self, mention: Mention, *, lasting: bool = False) -> None:
        if self._searches >= MOST_SEARCHED or len(self._way.found.coded) >= MOST_CODED:
            return
        if all(code in VAGUE or code[:3] in VAGUE for code in mention.codes):
            return
        if lasting and not any(history.LASTING.match(code) for code in mention.codes):
            return
        if all(code.startswith(ORGANISMS) for code in mention.codes):
            self._take_organism(mention)
            return
        self._searches += 1
        start = qualified_from(self._way.text, mention.sentence.start, mention.start)
        phrase = Phrase(start, mention.end, self._way.text[start : mention.end], Status.ASSERTED)
        chosen = self._way.choose(phrase.text, (mention.sentence,))
        if chosen is not None:
            self._way.found.add(chosen, phrase, Ground.PROSE)

    def _take_organism(self, mention: Mention) -> None:
        """An organism named in prose, beside the condition that it causes (I.B.8)."""
        before = self._way.text[mention.sentence.start : mention.start]
        if self._way.found.has_condition and CAUSED_BY.search(before):
            phrase = Phrase(mention.start, mention.end, mention.text, Status.ASSERTED)
            span = ((mention.start, mention.end),)
            self._way.found.add_status(mention.codes[0], phrase, span, None, Ground.COMPANION)

    def take_reason(self) -> None:
        """The reason for the visit, where the note makes no diagnosis (IV.G)."""
        for sentence in self._way.note.of(SectionKind.COMPLAINT):
            words = sentence.text
            if NO_PROBLEM.match(words):
                continue
            for phrase in phrases_of(
                self._way.reader,
                self._way.text,
                sentence.start,
                sentence.end,
                SectionKind.COMPLAINT,
            ):
                if phrase.status is Status.ASSERTED:
                    chosen = self._way.choose(phrase.text, (sentence,))
                    if chosen is not None:
                        self._way.found.add(chosen, phrase, Ground.REASON)
        if self._way.found.coded:
            return
        for mention in self._way.note.mentions:
            if mention.judgement.status is Status.ASSERTED and mention.section.kind in TELLING:
                self._take_mention(mention)
                if self._way.found.coded:
                    return
