"""The systems of procedures: HCPCS Level II, ICD-10-PCS and CPT, alone or beside diagnoses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import systems, unit_answers
from bot.answer import Kind, Setting
from bot.cpt_answers import CptDesk
from bot.drafting.rules import RulesDrafter
from bot.errors import NotReadyError
from bot.hcpcs_answers import HcpcsDesk
from bot.notes.services import NoteServices
from bot.pcs_answers import ProcedureDesk
from codesets.errors import ReleaseUnavailableError
from codesets.models import System

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.answer import Answer
    from bot.drafting.case import Drafter
    from bot.pcs_reading import Procedure
    from bot.pipeline.work import Work
    from codesets.models import Release
    from codesets.releases import ReleaseStore
    from retrieval.search import Searcher


class Procedures:
    """Answers about one installation's procedure systems. Safe to share between threads."""

    def __init__(
        self, store: ReleaseStore, searcher: Callable[[Release], Searcher], drafter: Drafter
    ) -> None:
        self._hcpcs = HcpcsDesk(store, searcher, drafter)
        self._pcs = ProcedureDesk(store, searcher, drafter)
        self._cpt = CptDesk(store, searcher, drafter)
        rules = RulesDrafter()
        self._services = NoteServices(
            self._hcpcs, ProcedureDesk(store, searcher, rules), CptDesk(store, searcher, rules)
        )

    def about_codes(
        self, work: Work, codes: Sequence[str], asked: Sequence[System]
    ) -> Answer | None:
        """What is known of codes so shaped; None where all of them are ICD-10-CM codes."""
        return self._hcpcs.about_codes(codes, asked, work.question.day, work.answer)

    def of_system(self, work: Work, system: System) -> Answer:
        """What a system of procedures has for the words of the question.

        Raises ReleaseUnavailableError or NotReadyError where none of it is installed for the day.
        """
        if system is System.ICD10PCS:
            return self.inpatient(work)
        if system is System.CPT:
            return self._suggest_cpt(work)
        return self._suggest_hcpcs(work)

    def beside(self, work: Work, answer: Answer, system: System) -> Answer:
        """The answer so far with what another system has for the same words.

        Without a release of it for the date, the answer stands and says what is missing.
        """
        before = work.candidates
        try:
            other = self.of_system(work, system)
        except (ReleaseUnavailableError, NotReadyError) as error:
            return replace(answer, cautions=(*answer.cautions, str(error)))
        work.candidates = (*before, *work.candidates)
        return systems.joined(answer, other)

    def of_note(self, work: Work, answer: Answer) -> Answer:
        """The answer to a note with candidates for the procedures and supplies that it documents.

        They stand in ``services``: ``suggestions`` are the diagnoses.
        """
        found = work.built.services if work.built is not None else ()
        answer = self._services.beside(answer, found, work.question, work.answer)
        work.releases = {**work.releases, **answer.releases}
        work.step("services")
        return answer

    def with_units(self, work: Work, order: str) -> Answer:
        """The drug of an order with its units; says so where no HCPCS release governs the day."""
        whole, work.text = work.text, order
        try:
            return self._suggest_hcpcs(work)
        except (ReleaseUnavailableError, NotReadyError) as error:
            return replace(work.answer(Kind.LOOKUP, str(error)), abstained=str(error))
        finally:
            work.text = whole

    def are_named(self, work: Work, asked: tuple[System, ...]) -> bool:
        """Whether an inpatient question that names no system names procedures, by their own names.

        Only where ICD-10-PCS is installed for the date: its codes are for inpatients alone.
        """
        question = work.question
        if question.systems or question.setting is not Setting.INPATIENT:
            return False
        if asked != (System.ICD10CM,) or not self._pcs.installed(question.day):
            return False
        work.procedures = self._pcs.asked_for(work.text, question.day)
        work.step("procedures")
        return bool(work.procedures)

    def inpatient(self, work: Work, found: tuple[Procedure, ...] | None = None) -> Answer:
        """ICD-10-PCS codes of the procedures that the text names, or of those already found."""
        answer = self._pcs.suggest(work.text, work.question, work.answer, found)
        work.releases = {**work.releases, **answer.releases}
        work.step("icd10pcs")
        return replace(answer, releases=dict(work.releases))

    def _suggest_cpt(self, work: Work) -> Answer:
        answer, work.candidates = self._cpt.suggest(work.text, work.question, work.answer)
        work.releases = {**work.releases, **answer.releases}
        work.step("cpt")
        return replace(answer, releases=dict(work.releases))

    def _suggest_hcpcs(self, work: Work) -> Answer:
        found = self._hcpcs.suggest(work.text, work.question, work.answer)
        work.candidates, work.explained = found.candidates, found.explained
        work.index_fingerprint = found.fingerprint
        work.releases = {**work.releases, **found.answer.releases}
        work.step("hcpcs")
        return unit_answers.counted(replace(found.answer, releases=dict(work.releases)), work.text)
