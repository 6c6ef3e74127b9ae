"""answer(): the one way an answer is made. Every door calls it and only renders the result.

Screen identifiers, understand, retrieve, resolve, draft, verify, journal. The exchange is in the
journal before the answer is returned, so a reply that is lost on its way can be found again.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any

import prompts
from bot import (
    checked_answers,
    code_answers,
    coding,
    comparing,
    documentation,
    everyday,
    guideline_answers,
    instructions,
    lookup,
    messages,
    opinions,
    phi,
    suggesting,
    systems,
    unit_answers,
)
from bot.answer import Answer, Kind, Setting
from bot.checking import CheckRequest, check_codes
from bot.config import PhiPolicy
from bot.cpt_answers import CptDesk
from bot.errors import NotReadyError
from bot.explaining import Explanation, explained
from bot.hcpcs_answers import HcpcsDesk
from bot.informing import informed
from bot.journal.records import CandidateTrace, Exchange, PassageTrace, Status
from bot.pcs_answers import ProcedureDesk
from bot.pcs_reading import besides, says_more
from codesets.errors import (
    CodesetError,
    NotationError,
    ReleaseUnavailableError,
    UnknownCodeError,
)
from codesets.models import System
from codesets.rules.records import Sex
from retrieval import requests
from retrieval.notes.language import foreign_language
from retrieval.query import Intent, understand

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.answer import Question
    from bot.checking import CheckResult
    from bot.drafting.case import Drafter
    from bot.drafting.writing import Writer
    from bot.explaining import Explained
    from bot.journal.store import Journal
    from bot.local_policies import LocalPolicies
    from bot.lookup import Lookup
    from bot.pcs_reading import Procedure
    from codesets.library import Library
    from codesets.models import Release
    from codesets.releases import ReleaseStore
    from retrieval.guidelines import GuidelineSearch
    from retrieval.query import Query
    from retrieval.search import Candidate, Searcher

    Watch = Callable[[str], None]

MAX_CHARACTERS = 150_000
_ABOUT_CODES = frozenset(
    {Intent.CODE_LOOKUP, Intent.NOTES_OF_CODE, Intent.COMPARISON, Intent.CHECK}
)
_IN_WORDS = frozenset({Kind.SUGGESTION, Kind.CLARIFICATION, Kind.REFUSAL})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


@dataclass(frozen=True, slots=True)
class Ranking:
    """Codes ranked best first, those an answer would assign, and what a model was asked for it."""

    ranked: tuple[str, ...]
    suggested: tuple[str, ...]
    model: dict[str, Any] | None = None


class Assistant:
    """Answers questions. Everything it works with is handed in.

    ``searcher`` gives the search over one release and may build what it needs on first use.
    """

    def __init__(
        self,
        store: ReleaseStore,
        searcher: Callable[[Release], Searcher],
        journal: Journal,
        drafter: Drafter,
        guidelines: GuidelineSearch,
        policy: PhiPolicy = PhiPolicy.REDACT,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
        local: LocalPolicies | None = None,
        writer: Writer | None = None,
        screen: Callable[[str], phi.Screened] = phi.redact,
    ) -> None:
        self._screened = screen
        self._store = store
        self._searcher = searcher
        self._journal = journal
        self._drafter = drafter
        self._guidelines = guidelines
        self._hcpcs = HcpcsDesk(store, searcher, drafter)
        self._procedures = ProcedureDesk(store, searcher, drafter)
        self._cpt = CptDesk(store, searcher, drafter)
        self._policy = policy
        self._clock = clock
        self._new_id = new_id
        self._local = local
        self._writer = writer

    def answer(self, question: Question, watch: Watch | None = None) -> Answer:
        """The verified, journalled answer to ``question``.

        ``watch`` hears the name of each stage as it ends (``messages.STAGES``), never its content:
        nothing of an answer is shown before it is verified and in the journal.

        Raises ReleaseUnavailableError when nothing installed governs the date of service, and
        JournalError when the exchange cannot be written: then nothing is shown.
        """
        work = _Work(question, question.exchange_id or self._new_id(), self._clock(), watch)
        return self._answered(work)

    def explain(self, question: Question, *, record: bool = True) -> Explanation:
        """The answer to ``question``, with what became of every candidate retrieved for it.

        ``record`` is False for scoring labelled rows: nothing is journalled then. Raises as
        ``answer`` does.
        """
        work = _Work(question, self._new_id(), self._clock())
        answer = self._answered(work, record=record)
        if work.built is None:
            return Explanation(answer, work.explained)
        library = self._store.library_for(System.ICD10CM, question.day)
        return Explanation(answer, explained(answer, work.built, library))

    def _answered(self, work: _Work, *, record: bool = True) -> Answer:
        screened = self._screen(work)
        answer = self._route(work) if screened is None else screened
        if self._local is not None and screened is None and answer.kind in _IN_WORDS:
            answer = self._local.apply(answer, work.question, work.text)
            work.step("policies")
        answer = replace(
            answer, redactions=work.redactions, timings_ms=work.timings(), text=work.text
        )
        if record:
            self._journal.append(self._exchange(work, answer))
        return answer

    def rank(self, question: Question) -> Ranking:
        """Codes ranked for ``question``, best first, and those an answer would assign.

        For scoring labelled rows: nothing is journalled.
        """
        work = _Work(question, self._new_id(), self._clock())
        if self._screen(work) is not None:
            return Ranking((), ())
        answer = self._route(work)
        whole = work.built.whole if work.built is not None else ()
        ranked = suggesting.ranked_codes(answer, work.candidates, whole)
        return Ranking(ranked, tuple(each.code for each in answer.suggestions), answer.model)

    def _screen(self, work: _Work) -> Answer | None:
        """Clean and redact the text; a refusal when it cannot be taken."""
        raw = _CONTROL.sub(" ", work.question.text.replace("\r\n", "\n").replace("\r", "\n"))
        raw = raw.strip()
        too_long = messages.TOO_LONG.format(length=len(raw), limit=MAX_CHARACTERS)
        if len(raw) > 4 * MAX_CHARACTERS:  # not screened either, so not kept
            return work.refusal(too_long)
        work.text = raw
        if self._policy is not PhiPolicy.ALLOW:
            work.text = ""
            screened = self._screened(raw)
            work.redactions = len(screened.redactions)
            if work.redactions and self._policy is PhiPolicy.REFUSE:
                return work.refusal(messages.PHI_REFUSED.format(count=work.redactions))
            work.text = screened.text
        work.step("screen")
        if len(raw) > MAX_CHARACTERS:
            return work.refusal(too_long)
        if not any(character.isalnum() for character in work.text):
            return work.refusal(messages.EMPTY)
        if (language := foreign_language(work.text)) is not None:
            return work.refusal(messages.NOT_ENGLISH.format(language=language))
        return None

    def _route(self, work: _Work) -> Answer:
        asked = systems.asked(work.question)
        if (request := requests.read_screened(work.question.text, work.text)) is not None:
            answer = self._requested(work, request, asked)
            if answer is not None:
                work.releases = answer.releases
                return answer
        if codes := systems.procedure_codes(work.text):
            answer = self._hcpcs.about_codes(codes, asked, work.question.day, work.answer)
            if answer is not None:
                work.releases = answer.releases
                return answer
        if System.ICD10CM not in asked:
            answer = self._of_system(work, asked[0])
            asked = asked[1:]
        elif self._is_procedural(work, asked):
            return self._route_procedures(work)
        else:
            answer = self._route_diagnoses(work)
        for system in asked:
            if system is not System.ICD10CM and answer.kind in _IN_WORDS:
                answer = self._beside(work, answer, system)
        return answer

    def _requested(
        self, work: _Work, asked: requests.Asked, systems_asked: tuple[System, ...]
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
            return self._with_units(work, asked.subject)
        if System.ICD10CM not in systems_asked:
            return None
        library = self._store.library_for(System.ICD10CM, question.day)
        work.releases = {System.ICD10CM.value: library.release.id}
        if asked.request is said.MEASURE:
            return everyday.measure_answer(work.answer, library, self._guidelines, asked.subject)
        return self._documentation(work, asked, library)

    def _documentation(self, work: _Work, asked: requests.Asked, library: Library) -> Answer:
        """What to document for a condition, or whether the note that follows says it."""
        whole, note = work.text, None
        try:
            work.text = asked.subject or asked.note
            target = documentation.target_of(self._suggest(work, library))
            if asked.note:
                # Offsets stay those of the whole text: what was asked is blanked out.
                start = len(whole) - len(asked.note)
                work.text = " " * start + whole[start:]
                note = self._suggest(work, library)
        finally:
            work.text = whole
        subject = asked.subject or messages.THE_NOTE
        if target is None:
            return documentation.not_found(work.answer, subject)
        found = documentation.standing(library, target, f"{asked.subject}. {asked.note}".strip())
        return documentation.describe(work.answer, library, self._guidelines, found, subject, note)

    def _with_units(self, work: _Work, order: str) -> Answer:
        """The drug of an order with its units; says so where no HCPCS release governs the day."""
        whole, work.text = work.text, order
        try:
            return self._suggest_hcpcs(work)
        except (ReleaseUnavailableError, NotReadyError) as error:
            return replace(work.answer(Kind.LOOKUP, str(error)), abstained=str(error))
        finally:
            work.text = whole

    def _of_system(self, work: _Work, system: System) -> Answer:
        """What a system of procedures has for the words of the question."""
        if system is System.ICD10PCS:
            return self._suggest_procedures(work)
        if system is System.CPT:
            return self._suggest_cpt(work)
        return self._suggest_hcpcs(work)

    def _suggest_cpt(self, work: _Work) -> Answer:
        answer, work.candidates = self._cpt.suggest(work.text, work.question, work.answer)
        work.releases = {**work.releases, **answer.releases}
        work.step("cpt")
        return replace(answer, releases=dict(work.releases))

    def _beside(self, work: _Work, answer: Answer, system: System) -> Answer:
        """The answer so far with what another system has for the same words.

        Without a release of it for the date, the answer stands and says what is missing.
        """
        before = work.candidates
        try:
            other = self._of_system(work, system)
        except (ReleaseUnavailableError, NotReadyError) as error:
            return replace(answer, cautions=(*answer.cautions, str(error)))
        work.candidates = (*before, *work.candidates)
        return systems.joined(answer, other)

    def _is_procedural(self, work: _Work, asked: tuple[System, ...]) -> bool:
        """Whether an inpatient question that names no system names procedures, by their own names.

        Only where ICD-10-PCS is installed for the date: its codes are for inpatients alone.
        """
        question = work.question
        if question.systems or question.setting is not Setting.INPATIENT:
            return False
        if asked != (System.ICD10CM,) or not self._procedures.installed(question.day):
            return False
        work.procedures = self._procedures.asked_for(work.text, question.day)
        work.step("procedures")
        return bool(work.procedures)

    def _route_procedures(self, work: _Work) -> Answer:
        """The procedures of an inpatient text, and the diagnoses that its other words say."""
        whole = work.text
        if not says_more(whole, work.procedures):
            return self._suggest_procedures(work, work.procedures)
        work.text = besides(whole, work.procedures)
        try:
            answer = self._route_diagnoses(work)
        finally:
            work.text = whole
        answer = replace(answer, text=whole)
        if answer.kind not in _IN_WORDS:
            return answer
        before = work.candidates
        other = self._suggest_procedures(work, work.procedures)
        work.candidates = before
        return systems.joined(answer, other)

    def _suggest_procedures(
        self, work: _Work, found: tuple[Procedure, ...] | None = None
    ) -> Answer:
        answer = self._procedures.suggest(work.text, work.question, work.answer, found)
        work.releases = {**work.releases, **answer.releases}
        work.step("icd10pcs")
        return replace(answer, releases=dict(work.releases))

    def _suggest_hcpcs(self, work: _Work) -> Answer:
        found = self._hcpcs.suggest(work.text, work.question, work.answer)
        work.candidates, work.explained = found.candidates, found.explained
        work.index_fingerprint = found.fingerprint
        work.releases = {**work.releases, **found.answer.releases}
        work.step("hcpcs")
        return unit_answers.counted(replace(found.answer, releases=dict(work.releases)), work.text)

    def _route_diagnoses(self, work: _Work) -> Answer:
        library = self._store.library_for(System.ICD10CM, work.question.day)
        work.releases = {System.ICD10CM.value: library.release.id}
        query = understand(work.text, library)
        work.step("understand")
        if query.intent is Intent.HELP:
            return everyday.helping(work.answer)
        if query.intent in _ABOUT_CODES and query.codes:
            return self._about_codes(work, query)
        if query.intent is Intent.UNCODABLE:
            return work.refusal(messages.NOT_CODABLE)
        if query.intent is Intent.GUIDELINE:
            found = self._guidelines.search(
                work.text, setting=guideline_answers.setting_of(work.text)
            )
            work.step("retrieve")
            answer = guideline_answers.describe(work.answer, found, work.text)
            if self._writer is not None:
                answer = self._writer.guideline(answer)
                work.step("word")
            return answer
        return self._suggest(work, library)

    def _about_codes(self, work: _Work, query: Query) -> Answer:
        """Look up the codes named: one verdict each, and the notes the question is about."""
        records: list[Lookup] = []
        unknown: list[str] = []
        for name in dict.fromkeys(code for code, _, _ in query.codes):
            try:
                records.append(lookup.lookup(self._store, name, work.question.day))
            except UnknownCodeError as error:
                line = messages.UNKNOWN_CODE.format(code=error.code)
                if error.nearest:
                    line += " " + messages.UNKNOWN_CODE_NEAREST.format(
                        nearest=", ".join(error.nearest)
                    )
                unknown.append(line)
            except (NotationError, CodesetError) as error:
                unknown.append(str(error))
        work.step("resolve")
        if not records:
            return replace(work.answer(Kind.LOOKUP, " ".join(unknown)), abstained="unknown-code")
        if query.intent is Intent.CHECK and len(records) > 1:
            return checked_answers.describe(
                work.answer, self._check(work, [r.code.code for r in records]), tuple(unknown)
            )
        if query.intent is Intent.COMPARISON and len(records) > 1:
            library = self._store.library_for(System.ICD10CM, work.question.day)

            def checked(codes: list[str]) -> CheckResult:
                return self._check(work, codes)

            return comparing.describe(work.answer, records, tuple(unknown), library, checked)
        asked = None
        if query.intent is Intent.NOTES_OF_CODE:
            asked = code_answers.kinds_asked_for(work.text)
        return code_answers.describe(work.answer, records, tuple(unknown), asked)

    def _suggest(self, work: _Work, library: Library) -> Answer:
        searcher = self._searcher(library.release)
        work.index_fingerprint = searcher.fingerprint
        work.step("open")
        text, barred = instructions.covered(work.text)
        case = coding.build_case(text, work.question, library, searcher)
        work.question = replace(work.question, setting=case.case.setting)
        if barred:
            said = messages.NOT_DOCUMENTATION.format(count=barred)
            case = replace(case, cautions=(*case.cautions, said))
        work.candidates, work.built = case.candidates, case
        work.step("retrieve")
        case = opinions.offered(self._drafter, case, library)
        draft = self._drafter.draft(case.case)
        work.step("draft")
        answer = suggesting.suggestion_answer(work.answer, case, draft, library)
        answer = opinions.compared(answer, case, draft, library, work.answer)
        answer = opinions.ruled(answer, case, lambda codes: self._check(work, codes).findings)
        work.step("verify")
        answer = informed(answer, self._store)
        work.step("inform")
        return answer

    def _check(self, work: _Work, codes: list[str]) -> CheckResult:
        question = work.question
        request = CheckRequest(
            tuple(codes),
            question.day,
            question.setting,
            age=question.age,
            sex=Sex(question.sex) if question.sex else None,
        )
        return check_codes(self._store, request)

    def _exchange(self, work: _Work, answer: Answer) -> Exchange:
        question = work.question
        document = answer.to_json()
        status = Status.ANSWERED
        if answer.kind is Kind.REFUSAL:
            status = Status.REFUSED
        elif answer.abstained:
            status = Status.ABSTAINED
        return Exchange(
            exchange_id=answer.exchange_id,
            created_at=work.started_at,
            door=question.door,
            text=work.text,
            setting=question.setting,
            day=question.day,
            kind=answer.kind,
            headline=answer.headline,
            answer=document,
            status=status,
            team=question.team,
            channel=question.channel,
            thread=question.thread,
            person=question.person,
            candidates=tuple(_trace(candidate) for candidate in work.candidates),
            findings=tuple(finding for s in document["suggestions"] for finding in s["findings"]),
            releases=work.releases,
            index_fingerprint=work.index_fingerprint,
            prompt_fingerprint=prompts.fingerprint(),
            drafter=answer.drafter,
            timings_ms=answer.timings_ms,
        )


class _Work:
    """One question under way: what is known so far, and how long each stage took."""

    def __init__(
        self,
        question: Question,
        exchange_id: str,
        started_at: datetime,
        watch: Watch | None = None,
    ) -> None:
        self.question = question
        self.exchange_id = exchange_id
        self.started_at = started_at
        self.text = ""
        self.redactions = 0
        self.releases: dict[str, str] = {}
        self.candidates: tuple[Candidate, ...] = ()
        self.built: coding.Built | None = None
        self.procedures: tuple[Procedure, ...] = ()
        self.explained: tuple[Explained, ...] = ()
        self.index_fingerprint = ""
        self._watch = watch
        self._began = self._last = perf_counter()
        self._timings: dict[str, float] = {}

    def step(self, name: str) -> None:
        """Note that the stage ``name`` ends now."""
        now = perf_counter()
        self._timings[name] = round((now - self._last) * 1000, 2)
        self._last = now
        if self._watch is not None:
            self._watch(name)

    def timings(self) -> dict[str, float]:
        """Milliseconds a stage, and in total."""
        return {**self._timings, "total": round((perf_counter() - self._began) * 1000, 2)}

    def answer(self, kind: Kind, headline: str) -> Answer:
        """An answer of this question with nothing in it yet."""
        return Answer(
            exchange_id=self.exchange_id,
            kind=kind,
            setting=self.question.setting,
            day=self.question.day,
            releases=dict(self.releases),
            headline=headline,
            text=self.text,
        )

    def refusal(self, reason: str) -> Answer:
        """A kind refusal: the reason is the headline."""
        return replace(self.answer(Kind.REFUSAL, reason), abstained=reason)


def _trace(candidate: Candidate) -> CandidateTrace:
    return CandidateTrace(
        candidate.code,
        round(candidate.score, 6),
        tuple(
            PassageTrace(m.passage.id, m.lexical_rank, m.dense_rank, round(m.score, 6))
            for m in candidate.matches
        ),
    )
