"""Which part of the pipeline answers a screened question."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import documentation, everyday, messages, systems
from bot.answer import Kind
from bot.pcs_reading import besides, says_more
from codesets.models import System
from retrieval import requests
from retrieval.mentions import is_note

if TYPE_CHECKING:
    from bot.answer import Answer
    from bot.pipeline.diagnoses import Diagnoses
    from bot.pipeline.procedures import Procedures
    from bot.pipeline.work import Work
    from codesets.library import Library
    from codesets.releases import ReleaseStore
    from retrieval.guidelines import GuidelineSearch

IN_WORDS = frozenset({Kind.SUGGESTION, Kind.CLARIFICATION, Kind.REFUSAL})
"""Answers about the words of a text, not about codes or guidelines that it names."""


class Router:
    """Sends a screened question where it is answered. Safe to share between threads."""

    def __init__(
        self,
        store: ReleaseStore,
        guidelines: GuidelineSearch,
        diagnoses: Diagnoses,
        procedures: Procedures,
    ) -> None:
        self._store = store
        self._guidelines = guidelines
        self._diagnoses = diagnoses
        self._procedures = procedures

    def answer(self, work: Work) -> Answer:
        """The answer to the screened text of ``work``, verified but not yet recorded.

        Raises ReleaseUnavailableError when nothing installed governs the date of service, and
        NotReadyError where a system is asked for that is not installed.
        """
        asked = systems.asked(work.question)
        answer = self._beside_codes(work, asked)
        if answer is not None:
            work.releases = answer.releases
            return answer
        if System.ICD10CM not in asked:
            answer = self._procedures.of_system(work, asked[0])
            asked = asked[1:]
        elif is_note(work.text):
            answer = self._diagnoses.route(work)
            return self._procedures.of_note(work, answer) if answer.kind in IN_WORDS else answer
        elif self._procedures.are_named(work, asked):
            return self._with_procedures(work)
        else:
            answer = self._diagnoses.route(work)
        for system in asked:
            if system is not System.ICD10CM and answer.kind in IN_WORDS:
                answer = self._procedures.beside(work, answer, system)
        return answer

    def _beside_codes(self, work: Work, asked: tuple[System, ...]) -> Answer | None:
        """A request of another kind, or procedure codes looked up; None where it is neither."""
        request = requests.read_screened(work.question.text, work.text)
        answer = self._requested(work, request, asked) if request is not None else None
        if answer is not None:
            return answer
        codes = systems.procedure_codes(work.text) or systems.written_hcpcs(work.text)
        return self._procedures.about_codes(work, codes, asked) if codes else None

    def _requested(
        self, work: Work, asked: requests.Asked, systems_asked: tuple[System, ...]
    ) -> Answer | None:
        """What is asked beside codes, notes and guidelines; None where that is for others."""
        question, said = work.question, requests.Request
        work.step("understand")
        if asked.request is said.EXAMPLES:
            return everyday.helping(work.answer)
        if asked.request is said.RELEASE:
            return everyday.release_answer(work.answer, self._store, asked.subject, question.day)
        if asked.request is said.WHAT_CHANGED:
            return everyday.changes_answer(work.answer, self._store, asked.subject, question.day)
        if asked.request is said.UNITS:
            return self._procedures.with_units(work, asked.subject)
        if System.ICD10CM not in systems_asked:
            return None
        library = self._store.library_for(System.ICD10CM, question.day)
        work.releases = {System.ICD10CM.value: library.release.id}
        if asked.request is said.MEASURE:
            return everyday.measure_answer(work.answer, library, self._guidelines, asked.subject)
        return self._documentation(work, asked, library)

    def _documentation(self, work: Work, asked: requests.Asked, library: Library) -> Answer:
        """What to document for a condition, or whether the note that follows says it."""
        whole, note = work.text, None
        try:
            work.text = asked.subject or asked.note
            target = documentation.target_of(self._diagnoses.suggest(work, library))
            if asked.note:
                # Offsets stay those of the whole text: what was asked is blanked out.
                start = len(whole) - len(asked.note)
                work.text = " " * start + whole[start:]
                note = self._diagnoses.suggest(work, library)
        finally:
            work.text = whole
        subject = asked.subject or messages.THE_NOTE
        if target is None:
            return documentation.not_found(work.answer, subject)
        found = documentation.standing(library, target, f"{asked.subject}. {asked.note}".strip())
        return documentation.describe(work.answer, library, self._guidelines, found, subject, note)

    def _with_procedures(self, work: Work) -> Answer:
        """The procedures of an inpatient text, and the diagnoses that its other words say."""
        whole = work.text
        if not says_more(whole, work.procedures):
            return self._procedures.inpatient(work, work.procedures)
        work.text = besides(whole, work.procedures)
        try:
            answer = self._diagnoses.route(work)
        finally:
            work.text = whole
        answer = replace(answer, text=whole)
        if answer.kind not in IN_WORDS:
            return answer
        before = work.candidates
        other = self._procedures.inpatient(work, work.procedures)
        work.candidates = before
        return systems.joined(answer, other)
