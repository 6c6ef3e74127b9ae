"""One note under way: what was read of it, in which setting, and what has been found so far."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import messages
from bot.answer import Setting
from bot.notes.choosing import Chooser, without_codes
from bot.notes.circumstances import reads_inpatient
from bot.notes.collected import Collected
from bot.notes.plainly import plainly, sex_of
from bot.notes.secondly import second_reading
from bot.notes.whole import weeks_of
from bot.notes.wording import LATER, SIDED
from retrieval.notes.headings import SectionKind
from retrieval.notes.reading import reader_of
from retrieval.notes.services import find_services

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.answer import Question
    from bot.coding.built import Built
    from bot.drafting.case import Option
    from bot.notes.records import Chosen, Phrase
    from codesets.library import Library
    from retrieval.notes.sentences import Sentence
    from retrieval.search import Searcher

MOST_SECOND = 12
"""Phrases of one note that are read a second time."""


class UnderWay:
    """One note under way. Its parts read it and put what they find into ``found``.

    ``setting`` is the one asked for, or the one that the note shows where none was given;
    ``cautions`` are what a reader has to be told.
    """

    def __init__(self, text: str, question: Question, library: Library, searcher: Searcher) -> None:
        self.text = text
        self.question = question
        self.library = library
        self.reader = reader_of(searcher.index)
        self.note = self.reader.read(text)
        self.services = find_services(self.note)
        self.chooser = Chooser(library, searcher, self.reader)
        weeks = weeks_of(self.note)
        self.chooser.weeks = f"{weeks[0]} weeks gestation" if weeks else ""
        self.found = Collected(self.note, library)
        self.cautions: list[str] = []
        self.setting = self._setting()
        self.encounter = "subsequent encounter" if self._is_later() else "initial encounter"
        self._searcher = searcher
        self._sex = question.sex or sex_of(text)
        self._second = 0

    @property
    def is_outpatient(self) -> bool:
        """Whether uncertain diagnoses are not coded (IV.H)."""
        return self.setting is Setting.OUTPATIENT

    def say(self, sentence: str) -> None:
        """Tell the reader ``sentence``, once."""
        if sentence not in self.cautions:
            self.cautions.append(sentence)

    def choose(self, words: str, details: tuple[Sentence, ...]) -> Chosen | None:
        """The code for ``words``; ``details`` are sentences that may say what they leave open."""
        words = plainly(words, self._sex)
        chosen = self.chooser.choose(words, details, self.encounter)
        if chosen is None and (plain := SIDED.sub("", words)) != words:
            # Many conditions have no side in the classification, whatever the note says.
            chosen = self.chooser.choose(plain, details, self.encounter)
        return chosen

    def take_secondly(
        self, phrase: Phrase, words: str, accept: Callable[[list[Option]], bool] = bool
    ) -> bool:
        """Take what reading ``words`` as a question finds, if it is acceptable; whether it is."""
        if self._second >= MOST_SECOND:
            return False
        self._second += 1
        found = second_reading(words, self.encounter, self._read_question)
        if not accept(found):
            return False
        for option in found:
            self.found.add_option(option, phrase)
            self.found.add_sides(option.code.code, phrase)
        return True

    def _read_question(self, words: str) -> Built:
        from bot.coding.case import build_case  # which reads notes by these modules

        words = without_codes(words)
        question = replace(self.question, text=words, setting=self.setting)
        return build_case(words, question, self.library, self._searcher)

    def _setting(self) -> Setting:
        signs = reads_inpatient(self.note)
        given = self.question.setting
        if not signs or given is not Setting.OUTPATIENT:
            return given
        shown = ", ".join(f"“{sign}”" for sign in signs[:3])
        if self.question.infer_setting:
            self.say(messages.INFERRED_INPATIENT.format(signs=shown))
            return Setting.INPATIENT
        self.say(messages.READS_INPATIENT.format(signs=shown))
        return given

    def _is_later(self) -> bool:
        """Whether the note is of a later visit for what it treats, not of the first."""
        opening = [s.text for s in self.note.of(SectionKind.COMPLAINT)]
        told = [s.text for s in self.note.of(SectionKind.PRESENT, SectionKind.OPENING)][:3]
        return any(LATER.search(words) for words in (*opening, *told))
