"""An answer as its row in the journal: complete enough to replay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import prompts
from bot.answer import Kind
from bot.journal.records import CandidateTrace, Exchange, PassageTrace, Status

if TYPE_CHECKING:
    from bot.answer import Answer
    from bot.pipeline.work import Work
    from retrieval.search import Candidate


def exchange_of(work: Work, answer: Answer) -> Exchange:
    """What is kept of one question and its answer."""
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


def _trace(candidate: Candidate) -> CandidateTrace:
    return CandidateTrace(
        candidate.code,
        round(candidate.score, 6),
        tuple(
            PassageTrace(m.passage.id, m.lexical_rank, m.dense_rank, round(m.score, 6))
            for m in candidate.matches
        ),
    )
