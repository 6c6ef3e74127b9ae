"""answer(): the one way an answer is made. Every door calls it and only renders the result.

Screen identifiers, understand, retrieve, resolve, draft, verify, journal (``bot.pipeline``). The
exchange is in the journal before the answer is returned, so a reply that is lost on its way can be
found again.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot import phi, suggesting
from bot.assisting import UNASSISTED
from bot.config import PhiPolicy
from bot.drafting.chat import one_answer
from bot.explaining import Explanation, explained
from bot.pipeline.diagnoses import Diagnoses
from bot.pipeline.following import follow, noted
from bot.pipeline.procedures import Procedures
from bot.pipeline.recording import exchange_of
from bot.pipeline.routing import IN_WORDS, Router
from bot.pipeline.screening import screened
from bot.pipeline.work import Work
from codesets.models import System

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.answer import Answer, Question
    from bot.assisting import Assisting
    from bot.drafting.case import Drafter
    from bot.drafting.writing import Writer
    from bot.journal.store import Journal
    from bot.local_policies import LocalPolicies
    from bot.pipeline.work import Watch
    from codesets.models import Release
    from codesets.releases import ReleaseStore
    from retrieval.guidelines import GuidelineSearch
    from retrieval.search import Searcher


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
        assisting: Assisting = UNASSISTED,
    ) -> None:
        self._store = store
        self._router = Router(
            store,
            guidelines,
            Diagnoses(store, searcher, drafter, guidelines, writer, assisting),
            Procedures(store, searcher, drafter),
        )
        self._journal = journal
        self._policy = policy
        self._clock = clock
        self._new_id = new_id
        self._local = local
        self._redact = screen
        self._writer = writer

    def answer(self, question: Question, watch: Watch | None = None) -> Answer:
        """The verified, journalled answer to ``question``.

        ``watch`` hears the name of each stage as it ends (``messages.STAGES``), never its content:
        nothing of an answer is shown before it is verified and in the journal.

        Raises ReleaseUnavailableError when nothing installed governs the date of service, and
        JournalError when the exchange cannot be written: then nothing is shown.
        """
        work = Work(question, question.exchange_id or self._new_id(), self._clock(), watch)
        return self._answered(work)

    def explain(self, question: Question, *, record: bool = True) -> Explanation:
        """The answer to ``question``, with what became of every candidate retrieved for it.

        ``record`` is False for scoring labelled rows: nothing is journalled then. Raises as
        ``answer`` does.
        """
        work = Work(question, self._new_id(), self._clock())
        answer = self._answered(work, record=record)
        if work.built is None:
            return Explanation(answer, work.explained)
        library = self._store.library_for(System.ICD10CM, question.day)
        return Explanation(answer, explained(answer, work.built, library))

    def rank(self, question: Question) -> Ranking:
        """Codes ranked for ``question``, best first, and those an answer would assign.

        For scoring labelled rows: nothing is journalled.
        """
        work = Work(question, self._new_id(), self._clock())
        if screened(work, self._policy, self._redact) is not None:
            return Ranking((), ())
        with one_answer():
            answer = self._router.answer(work)
        whole = work.built.whole if work.built is not None else ()
        ranked = suggesting.ranked_codes(answer, work.candidates, whole)
        return Ranking(ranked, tuple(each.code for each in answer.suggestions), answer.model)

    def _answered(self, work: Work, *, record: bool = True) -> Answer:
        refusal = screened(work, self._policy, self._redact)
        with one_answer():
            use = follow(work, self._writer) if refusal is None else None
            answer = self._router.answer(work) if refusal is None else refusal
        answer = noted(answer, use)
        if self._local is not None and refusal is None and answer.kind in IN_WORDS:
            answer = self._local.apply(answer, work.question, work.text)
            work.step("policies")
        answer = replace(
            answer, redactions=work.redactions, timings_ms=work.timings(), text=work.text
        )
        if record:
            self._journal.append(exchange_of(work, answer))
        return answer
