"""The titled problems of a note: each cut into the conditions it names, each coded by itself.

A title of several conditions that are one is coded as one; a past condition and an operation had
become the status that says so; what is only suspected is coded for inpatients alone.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import messages
from bot.answer import Setting
from bot.notes import history
from bot.notes.phrases import phrases_of, without_value
from bot.notes.plainly import is_chronic_pain
from bot.notes.records import Ground, Link, Phrase
from bot.notes.secondly import is_weak
from bot.notes.sequelae import sequela_in
from bot.notes.wording import (
    AHEAD,
    HAD,
    NO_PROBLEM,
    ORDERED,
    PAST_LEAD,
    PLANNED_TEST,
)
from retrieval.notes.cues import Status
from retrieval.notes.headings import SectionKind
from retrieval.notes.tables import row_status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.drafting.case import Option
    from bot.notes.sequelae import Sequela
    from bot.notes.under_way import UnderWay
    from retrieval.notes.problems import Problem
    from retrieval.notes.sentences import Sentence

SURE = 0.55
"""Worth from which a part of a title stands beside another."""
TITLED = frozenset({SectionKind.ASSESSMENT, SectionKind.DIAGNOSES})


class Problems:
    """Codes the titled problems of one note."""

    def __init__(self, way: UnderWay) -> None:
        self._way = way

    def take(self) -> None:
        """Code every titled problem, those of the assessment first."""
        problems = self._way.note.assessed.problems
        titled = [p for p in problems if p.section.kind in TITLED]
        listed = [p for p in problems if p.section.kind is SectionKind.PROBLEMS]
        planned = [p for p in problems if p.section.kind is SectionKind.PLAN]
        told = [p for p in problems if p.section.kind is SectionKind.COURSE]
        lead = titled or listed or told
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
        only = len([p for p in self._way.note.assessed.problems if p.section.kind in TITLED]) == 1
        if only:
            body += [sentence for sentence, _ in self._way.note.assessed.prose]
        return tuple(body)

    def _take_problem(
        self, problem: Problem, body: tuple[Sentence, ...], *, sure: bool = True
    ) -> None:
        title = problem.title
        if NO_PROBLEM.match(title.text) or PLANNED_TEST.match(title.text):
            return
        if problem.section.kind is SectionKind.PLAN and (
            ORDERED.search(title.text) or AHEAD.search(title.text)
        ):
            return
        told = row_status(self._way.text, title.end)
        if told is not None and (told is not Status.UNCERTAIN or self._way.is_outpatient):
            return
        phrases = phrases_of(
            self._way.reader, self._way.text, title.start, title.end, problem.section.kind
        )
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
        whole = Phrase(title.start, title.end, title.text, Status.ASSERTED)
        parts = [(p.start - title.start, p.end - title.start) for p in phrases]
        if self._way.take_secondly(whole, title.text, lambda found: _joins(found, parts)):
            return True
        chosen = self._way.choose(title.text, details)
        if chosen is None or chosen.covered < 1 or chosen.worth < 0.75:
            return False
        alone = [each for p in phrases if (each := self._way.choose(p.text, details)) is not None]
        said = {each.code for each in alone}
        if chosen.code in said and any(
            each.code != chosen.code and each.worth >= SURE for each in alone
        ):
            return False  # it says one of them, and the others have codes of their own
        self._way.found.add(chosen, whole, Ground.TITLE)
        return True

    def _take_phrase(
        self, phrase: Phrase, details: tuple[Sentence, ...], *, sure: bool = True
    ) -> bool:
        status = phrase.status
        if status is Status.UNCERTAIN or status is Status.RULE_OUT:
            status = self._uncertain(phrase)
        if status is Status.RESOLVED and not self._way.is_outpatient:
            status = Status.ASSERTED  # it was treated during the stay
        if status in (Status.HISTORICAL, Status.RESOLVED):
            return self._take_past(phrase, details)
        operation = history.operation_code(phrase.text)
        had = HAD.search(phrase.text)
        if operation is not None and had is not None:
            before = phrase.text[: had.start()].rstrip(" ,;-–(")
            if not (before and self._way.reader.names(before) and operation[1] >= had.start()):
                return self._take_past(phrase, details)
            # "CAD s/p CABG" is the disease and the operation had for it.
            disease = replace(phrase, end=phrase.start + len(before), text=before)
            self._take_phrase(disease, details, sure=sure)
            code, start, end = operation
            if code != "Z98.890":
                span = ((phrase.start + start, phrase.start + end),)
                self._way.found.add_status(code, phrase, span)
            return True
        if status is not Status.ASSERTED:
            return False
        words = without_value(self._way.reader, phrase.text)
        if not words:
            return False
        if (past := sequela_in(words, details[0].text)) and self._take_sequela(past, phrase):
            return True
        chosen = self._way.choose(words, details)
        if sure and is_weak(chosen, words) and self._way.take_secondly(phrase, words):
            return True
        if sure and chosen is not None and chosen.rivals:
            tied = (chosen.candidate.code, *chosen.rivals)
            least = len(chosen.code)
            if self._way.take_secondly(phrase, words, lambda f: _is_among(f, tied, least)):
                return True
        if chosen is None and (head := re.split(r"[,(;:]", words)[0]) != words:
            chosen = self._way.choose(head, details)
        if chosen is None or (not sure and chosen.worth < 0.8):
            return False
        self._way.found.add(chosen, phrase, Ground.TITLE)
        self._way.found.add_sides(chosen.code, phrase)
        if is_chronic_pain(chosen.code, phrase.text):
            span = ((phrase.start, phrase.end),)
            self._way.found.add_status(
                "G89.29", phrase, span, None, Ground.TITLE, messages.CHRONIC_PAIN
            )
        return True

    def _take_sequela(self, found: Sequela, phrase: Phrase) -> bool:
        """What an injury has left, and the injury with the 7th character of a sequela."""
        chosen = self._way.chooser.choose(found.injury, (), "sequela", allow="[ST]")
        if chosen is None:
            return False
        code = f"{chosen.code[:-1]}S" if chosen.code.endswith(("A", "D", "S")) else chosen.code
        left = self._way.choose(found.residual, ()) if found.residual else None
        if left is not None and left.code[0] not in "ST":
            self._way.found.add(left, phrase, Ground.TITLE)
        span = ((phrase.start, phrase.end),)
        self._way.found.add_status(
            code, phrase, span, chosen.candidate, Ground.TITLE, messages.SEQUELA_OF
        )
        return code in self._way.found.coded

    def _uncertain(self, phrase: Phrase) -> Status:
        words = " ".join(phrase.text.split())
        if self._way.setting is Setting.INPATIENT:
            self._way.say(messages.UNCERTAIN_KEPT.format(words=words))
            return Status.ASSERTED
        if self._is_certain_elsewhere(phrase):
            return Status.ASSERTED
        self._way.say(messages.UNCERTAIN_SKIPPED.format(words=words))
        return Status.UNCERTAIN

    def _is_certain_elsewhere(self, phrase: Phrase) -> bool:
        """Whether the assessment or plan states without doubt what a title states with doubt."""
        heads = re.findall(r"[a-z]{5,}", phrase.text.casefold())[-2:]
        if len(heads) < 2:
            return False
        words = " ".join(heads)
        for sentence, section in self._way.note.assessed.prose:
            at = sentence.text.casefold().find(words)
            if at < 0 or section.kind not in (SectionKind.PLAN, SectionKind.ASSESSMENT):
                continue
            judged = self._way.reader.judge(sentence.text, at, at + len(words), section.kind)
            if judged.status is Status.ASSERTED:
                return True
        return False

    def _take_past(self, phrase: Phrase, details: tuple[Sentence, ...]) -> bool:
        """A past condition or an operation had, as the status code that says so."""
        operation = history.operation_code(phrase.text)
        named = self._way.reader.named(phrase.text)
        if operation is not None and not (named and named[0].end <= operation[1]):
            code, start, end = operation
            if code == "Z98.890" and self._way.found.coded:
                return False
            self._way.found.add_status(code, phrase, ((phrase.start + start, phrase.start + end),))
            return True
        words = PAST_LEAD.sub("", phrase.text)
        chosen = self._way.choose(words, details)
        if chosen is None and (head := re.split(r"[,(;:]", words)[0]) != words:
            chosen = self._way.choose(head, details)
        if chosen is None:
            return False
        past = history.past_code(chosen.code, phrase.text)
        if past is None or self._way.library.find(past) is None:
            self._way.found.add(chosen, phrase, Ground.TITLE)
            return True
        self._way.found.add_status(past, phrase, ((phrase.start, phrase.end),), chosen.candidate)
        return True


def _alike(one: str, other: str) -> bool:
    """Whether two titles are of one problem."""
    left, right = (set(re.findall(r"[a-z0-9]{2,}", t.casefold())) for t in (one, other))
    return bool(left and right) and len(left & right) / min(len(left), len(right)) >= 0.75


def _is_among(found: list[Option], codes: tuple[str, ...], least: int) -> bool:
    """Whether the first of ``found`` is one of ``codes`` or below it, and says no less."""
    return bool(found) and found[0].code.code.startswith(codes) and len(found[0].code.code) >= least


def _joins(found: list[Option], parts: list[tuple[int, int]]) -> bool:
    """Whether one of ``found`` says words of two parts of a title, and together they say all."""
    touched = [
        {n for n, (s, e) in enumerate(parts) if any(s <= a < e for a, _ in option.spans)}
        for option in found
    ]
    return any(len(each) > 1 for each in touched) and set().union(*touched) == set(
        range(len(parts))
    )
