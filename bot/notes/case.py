"""A note becomes a case: the conditions this encounter dealt with, and what is left out and why.

The problems of the assessment come first, then conditions its text assesses; a note without an
assessment is read whole; one without a diagnosis is coded by its reason for the visit. What is
found is combined, integral symptoms and repetitions go, external causes and status codes join.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import messages
from bot.answer import Setting
from bot.coding.built import Built
from bot.drafting.case import Case
from bot.notes import history
from bot.notes.choosing import Chooser
from bot.notes.circumstances import reads_inpatient
from bot.notes.collected import MOST_CODED, Collected
from bot.notes.phrases import phrases_of, without_value
from bot.notes.records import VAGUE, Ground, Link, Phrase
from bot.notes.rejecting import rejected_mentions
from bot.notes.secondly import is_weak, second_reading
from bot.notes.wording import (
    HAD,
    LATER,
    NO_PROBLEM,
    ORDERED,
    PAST_LEAD,
    PLANNED_TEST,
    REGARDING,
)
from retrieval.notes.cues import Status
from retrieval.notes.headings import TELLING, SectionKind
from retrieval.notes.reading import reader_of
from retrieval.notes.services import find_services
from retrieval.notes.tables import row_status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer import Question
    from bot.notes.records import Chosen
    from codesets.library import Library
    from retrieval.notes.problems import Problem
    from retrieval.notes.reading import Mention, Note
    from retrieval.notes.sentences import Sentence
    from retrieval.search import Searcher

MOST_SEARCHED = 60
MOST_SECOND = 20
"""Phrases of one note that are read a second time."""
_TITLED = frozenset({SectionKind.ASSESSMENT, SectionKind.DIAGNOSES})


def build_note_case(text: str, question: Question, library: Library, searcher: Searcher) -> Built:
    """Read ``text`` as a note and code what the encounter dealt with."""
    return _NoteCase(text, question, library, searcher).built()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A phrase to code, its ground, and the sentences that may add detail."""

    phrase: Phrase
    ground: Ground
    details: tuple[Sentence, ...]


class _NoteCase:
    """One note under way."""

    def __init__(self, text: str, question: Question, library: Library, searcher: Searcher) -> None:
        self._text = text
        self._question = question
        self._library = library
        self._searcher = searcher
        self._reader = reader_of(searcher.index)
        self._note: Note = self._reader.read(text)
        self._chooser = Chooser(library, searcher, self._reader)
        self._setting, self._cautions = self._inferred_setting()
        self._found = Collected(self._note, library)
        self._searches = 0
        self._second = 0
        self._later = self._is_later()

    # --- what the note is -------------------------------------------------------------------------

    def _inferred_setting(self) -> tuple[Setting, list[str]]:
        signs = reads_inpatient(self._note)
        given = self._question.setting
        if signs and self._question.infer_setting and given is Setting.OUTPATIENT:
            said = messages.INFERRED_INPATIENT.format(
                signs=", ".join(f"“{sign}”" for sign in signs[:3])
            )
            return Setting.INPATIENT, [said]
        if signs and given is Setting.OUTPATIENT:
            said = messages.READS_INPATIENT.format(signs=", ".join(f"“{s}”" for s in signs[:3]))
            return given, [said]
        return given, []

    def _is_later(self) -> bool:
        """Whether the note is of a later visit for what it treats, not of the first."""
        opening = [
            sentence.text
            for sentence, section in self._note.places
            if section.kind in (SectionKind.COMPLAINT,)
        ]
        told = [
            sentence.text
            for sentence, section in self._note.places
            if section.kind in (SectionKind.PRESENT, SectionKind.OPENING)
        ][:3]
        return any(LATER.search(words) for words in (*opening, *told))

    @property
    def _is_outpatient(self) -> bool:
        return self._setting is Setting.OUTPATIENT

    # --- what is asked ----------------------------------------------------------------------------

    def built(self) -> Built:
        """What was found."""
        self._take_problems()
        self._take_prose()
        if not self._found.has_condition:
            self._take_reason()
        self._found.settle()
        self._found.take_companions()
        self._found.take_ulcer_site()
        self._found.take_circumstances()
        return self._case()

    def _take_problems(self) -> None:
        problems = self._note.assessed.problems
        titled = [p for p in problems if p.section.kind in _TITLED]
        listed = [p for p in problems if p.section.kind is SectionKind.PROBLEMS]
        planned = [p for p in problems if p.section.kind is SectionKind.PLAN]
        lead = titled or listed
        for problem in lead:
            self._take_problem(problem, self._body_of(problem, planned))
        for problem in planned:
            if not any(_alike(problem.title.text, other.title.text) for other in lead):
                self._take_problem(problem, problem.body, sure=not lead)

    def _body_of(self, problem: Problem, planned: Sequence[Problem]) -> tuple[Sentence, ...]:
        body = list(problem.body)
        for other in planned:
            if _alike(problem.title.text, other.title.text):
                body += other.body
        only = len([p for p in self._note.assessed.problems if p.section.kind in _TITLED]) == 1
        if only:
            body += [sentence for sentence, _ in self._note.assessed.prose]
        return tuple(body)

    def _take_problem(
        self, problem: Problem, body: tuple[Sentence, ...], *, sure: bool = True
    ) -> None:
        title = problem.title
        if NO_PROBLEM.match(title.text) or PLANNED_TEST.match(title.text):
            return
        if problem.section.kind is SectionKind.PLAN and ORDERED.search(title.text):
            return
        told = row_status(self._text, title.end)
        if told is not None and (told is not Status.UNCERTAIN or self._is_outpatient):
            return
        phrases = phrases_of(self._reader, self._text, title.start, title.end, problem.section.kind)
        details = (title, *body)
        if self._take_whole(title, phrases, details):
            return
        for phrase in phrases:
            self._take_phrase(phrase, details, sure=sure)

    def _take_whole(
        self, title: Sentence, phrases: list[Phrase], details: tuple[Sentence, ...]
    ) -> bool:
        """One code for a title of several conditions that are one ("CKD due to hypertension")."""
        if len(phrases) < 2 or any(p.status is not Status.ASSERTED for p in phrases):
            return False
        if all(p.link is Link.AND for p in phrases[1:]):
            return False
        chosen = self._choose(title.text, details)
        if chosen is None or chosen.covered < 1 or chosen.worth < 0.75:
            return False
        whole = Phrase(title.start, title.end, title.text, Status.ASSERTED)
        self._found.add(chosen, whole, Ground.TITLE)
        return True

    def _take_phrase(
        self, phrase: Phrase, details: tuple[Sentence, ...], *, sure: bool = True
    ) -> bool:
        status = phrase.status
        if status is Status.UNCERTAIN or status is Status.RULE_OUT:
            status = self._uncertain(phrase)
        if status is Status.RESOLVED and not self._is_outpatient:
            status = Status.ASSERTED  # it was treated during the stay
        if status in (Status.HISTORICAL, Status.RESOLVED):
            return self._take_past(phrase, details)
        operation = history.operation_code(phrase.text)
        if operation is not None and HAD.search(phrase.text):
            return self._take_past(phrase, details)
        if status is not Status.ASSERTED:
            return False
        words = without_value(self._reader, phrase.text)
        if not words:
            return False
        chosen = self._choose(words, details)
        if sure and is_weak(chosen) and self._take_secondly(phrase, words):
            return True
        if chosen is None and (head := re.split(r"[,(;:]", words)[0]) != words:
            chosen = self._choose(head, details)
        if chosen is None or (not sure and chosen.worth < 0.8):
            return False
        self._found.add(chosen, phrase, Ground.TITLE)
        return True

    def _take_secondly(self, phrase: Phrase, words: str) -> bool:
        """What reading the phrase as a question finds, where its first reading was weak."""
        if self._second >= MOST_SECOND:
            return False
        self._second += 1
        found = second_reading(words, self._encounter, self._read_question)
        for option in found:
            self._found.add_option(option, phrase)
        return bool(found)

    def _read_question(self, words: str) -> Built:
        from bot.coding.case import build_case  # which reads notes by this module

        question = replace(self._question, text=words, setting=self._setting)
        return build_case(words, question, self._library, self._searcher)

    def _uncertain(self, phrase: Phrase) -> Status:
        words = " ".join(phrase.text.split())
        if self._setting is Setting.INPATIENT:
            self._say(messages.UNCERTAIN_KEPT.format(words=words))
            return Status.ASSERTED
        if self._is_certain_elsewhere(phrase):
            return Status.ASSERTED
        self._say(messages.UNCERTAIN_SKIPPED.format(words=words))
        return Status.UNCERTAIN

    def _is_certain_elsewhere(self, phrase: Phrase) -> bool:
        """Whether the assessment or plan states without doubt what a title states with doubt."""
        heads = re.findall(r"[a-z]{5,}", phrase.text.casefold())[-2:]
        if len(heads) < 2:
            return False
        words = " ".join(heads)
        for sentence, section in self._note.assessed.prose:
            at = sentence.text.casefold().find(words)
            if at < 0 or section.kind not in (SectionKind.PLAN, SectionKind.ASSESSMENT):
                continue
            judged = self._reader.judge(sentence.text, at, at + len(words), section.kind)
            if judged.status is Status.ASSERTED:
                return True
        return False

    def _take_past(self, phrase: Phrase, details: tuple[Sentence, ...]) -> bool:
        """A past condition or an operation had, as the status code that says so."""
        operation = history.operation_code(phrase.text)
        named = self._reader.named(phrase.text)
        if operation is not None and not (named and named[0].end <= operation[1]):
            code, start, end = operation
            if code == "Z98.890" and self._found.coded:
                return False
            self._found.add_status(code, phrase, ((phrase.start + start, phrase.start + end),))
            return True
        words = PAST_LEAD.sub("", phrase.text)
        chosen = self._choose(words, details)
        if chosen is None and (head := re.split(r"[,(;:]", words)[0]) != words:
            chosen = self._choose(head, details)
        if chosen is None:
            return False
        past = history.past_code(chosen.code, phrase.text)
        if past is None or self._library.find(past) is None:
            self._found.add(chosen, phrase, Ground.TITLE)
            return True
        self._found.add_status(past, phrase, ((phrase.start, phrase.end),), chosen.candidate)
        return True

    # --- prose ------------------------------------------------------------------------------------

    def _take_prose(self) -> None:
        """Conditions that the assessment's running text assesses."""
        titled = bool(self._found.coded)
        prose = {(s.start, s.end) for s, _ in self._note.assessed.prose}
        kinds = {section.kind for _, section in self._note.places}
        whole = not kinds & {*_TITLED, SectionKind.PLAN, SectionKind.PROBLEMS}
        for mention in self._note.mentions:
            place = (mention.sentence.start, mention.sentence.end)
            if mention.judgement.status is not Status.ASSERTED:
                continue
            if (whole and mention.section.kind in TELLING) or (
                place in prose and mention.section.kind in _TITLED and not titled
            ):
                self._take_mention(mention)
            elif place in prose and REGARDING.match(mention.sentence.text):
                self._take_mention(mention, lasting=True)

    def _take_mention(self, mention: Mention, *, lasting: bool = False) -> None:
        if self._searches >= MOST_SEARCHED or len(self._found.coded) >= MOST_CODED:
            return
        if all(code in VAGUE or code[:3] in VAGUE for code in mention.codes):
            return
        if lasting and not any(history.LASTING.match(code) for code in mention.codes):
            return
        self._searches += 1
        phrase = Phrase(mention.start, mention.end, mention.text, Status.ASSERTED)
        chosen = self._choose(mention.text, (mention.sentence,))
        if chosen is not None:
            self._found.add(chosen, phrase, Ground.PROSE)

    def _take_reason(self) -> None:
        """The reason for the visit, where the note makes no diagnosis (IV.G)."""
        for sentence in self._note.of(SectionKind.COMPLAINT):
            words = sentence.text
            if NO_PROBLEM.match(words):
                continue
            for phrase in phrases_of(
                self._reader, self._text, sentence.start, sentence.end, SectionKind.COMPLAINT
            ):
                if phrase.status is Status.ASSERTED:
                    chosen = self._choose(phrase.text, (sentence,))
                    if chosen is not None:
                        self._found.add(chosen, phrase, Ground.REASON)
        if self._found.coded:
            return
        for mention in self._note.mentions:
            if mention.judgement.status is Status.ASSERTED and mention.section.kind in TELLING:
                self._take_mention(mention)
                if self._found.coded:
                    return

    # --- choosing ---------------------------------------------------------------------------------

    def _choose(self, words: str, details: tuple[Sentence, ...]) -> Chosen | None:
        return self._chooser.choose(words, details, self._encounter)

    @property
    def _encounter(self) -> str:
        return "subsequent encounter" if self._later else "initial encounter"

    # --- the case ---------------------------------------------------------------------------------

    def _say(self, sentence: str) -> None:
        if sentence not in self._cautions:
            self._cautions.append(sentence)

    def _case(self) -> Built:
        options = self._found.options()
        coded = self._found.coded
        taken = [span for each in coded.values() for span in each.spans]
        rejected = rejected_mentions(
            self._note, self._library, tuple(coded), taken, self._found.dropped
        )
        ranked = sorted(self._chooser.seen.values(), key=lambda c: (-c.score, c.code))
        gaps = {gap: None for option in options for gap in option.gaps}
        return Built(
            case=Case(self._text, self._setting, self._question.day, tuple(options)),
            candidates=tuple(ranked[:50]),
            gaps=tuple(gaps),
            cautions=tuple(self._cautions),
            open_choices=tuple(option for option in options if not option.final),
            trials=self._found.trials(),
            rejected=rejected,
            services=find_services(self._note),
        )


def _alike(one: str, other: str) -> bool:
    """Whether two titles are of one problem."""
    left, right = (set(re.findall(r"[a-z0-9]{2,}", t.casefold())) for t in (one, other))
    return bool(left and right) and len(left & right) / min(len(left), len(right)) >= 0.75
