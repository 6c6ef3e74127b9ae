"""Candidates for the procedures, drugs and supplies that a note documents, beside its diagnoses.

Outpatients: HCPCS Level II for drugs given and supplies, CPT for what was done, from the licensee's
files. Inpatients: ICD-10-PCS for what was done. Only what the encounter did or ordered; what is
planned, declined or past is rejected with the reason. Where the words leave a choice, the choice is
a gap; where a system is not installed for the date, one sentence says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import messages
from bot.answer import Rejected, Role, Setting
from bot.errors import NotReadyError
from bot.notes import billing, operations
from bot.notes.parts import Part, quoted
from bot.systems import asked
from codesets.errors import ReleaseUnavailableError
from codesets.models import System
from retrieval.notes.services import ServiceKind, is_local_anesthetic
from retrieval.notes.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.answer import Answer, Blank, Question
    from bot.cpt_answers import CptDesk
    from bot.hcpcs_answers import HcpcsDesk
    from bot.pcs_answers import ProcedureDesk
    from retrieval.notes.services import Service


MOST_CPT = 8
_REASONS = {
    Standing.PLANNED: "{words}: planned, offered or recommended, not done at this encounter.",
    Standing.DECLINED: "{words}: not done; the note denies or defers it.",
    Standing.PAST: "{words}: before this encounter or elsewhere, not a service of it.",
    Standing.UNSAID: "{words}: named in the plan; the note does not say that it was done.",
    Standing.ORDERED: "{words}: ordered; the note does not say that it was done.",
}
_PART_OF_PROCEDURE = "{words}: a local anesthetic is part of the procedure it is given for."
_TOLD = frozenset({Standing.PLANNED, Standing.DECLINED, Standing.UNSAID, Standing.ORDERED})
_DONE_TO = frozenset({ServiceKind.PROCEDURE, ServiceKind.VACCINE, ServiceKind.TEST})


@dataclass(frozen=True, slots=True)
class NoteServices:
    """Codes the services of notes with what one installation has."""

    hcpcs: HcpcsDesk
    procedures: ProcedureDesk
    cpt: CptDesk

    def beside(
        self, answer: Answer, found: Sequence[Service], question: Question, blank: Blank
    ) -> Answer:
        """``answer`` with ``services``, and the gaps and rejected mentions that go with them.

        Asked are the systems that the question names, else those of its setting; its day says
        which releases govern.
        """
        if not found or not answer.text:
            return answer
        taken = [s for s in found if s.took_place and not is_local_anesthetic(s)]
        parts: list[Part] = []
        missing: dict[str, list[Service]] = {}
        for about, ask in self._asked(taken, question, blank, answer.text):
            try:
                parts.append(ask())
            except (ReleaseUnavailableError, NotReadyError) as error:
                missing.setdefault(str(error), []).extend(about)
        done = [(s.start, s.end) for s in found if s.took_place]
        kept = tuple(
            r for r in answer.rejected if not any(s < r.end and r.start < e for s, e in done)
        )
        answer = replace(answer, rejected=kept)
        return _joined(answer, parts, _absent(missing), _rejected(found, answer))

    def _asked(
        self, taken: Sequence[Service], question: Question, blank: Blank, text: str
    ) -> list[tuple[list[Service], Callable[[], Part]]]:
        """What each system is asked for, where there is anything to ask."""
        systems = _systems(question)
        done = [s for s in taken if s.kind is ServiceKind.PROCEDURE]
        wanted: list[tuple[list[Service], Callable[[], Part]]] = []
        if done and System.ICD10PCS in systems:
            wanted.append(
                (done, lambda: operations.code(self.procedures, done, question, blank, text))
            )
        sold = [s for s in taken if s.codes or s.kind is ServiceKind.DRUG]
        acts = [s for s in taken if s.kind in _DONE_TO]
        # An order for a test alone is no reason to speak of files that are not installed.
        spoken = [s for s in acts if s.kind is not ServiceKind.TEST and not s.codes]
        if sold and System.HCPCS in systems:
            wanted.append((sold, lambda: billing.code(self.hcpcs, sold, question, blank, text)))
        if System.CPT in systems and (spoken or (acts and self.cpt.installed)):
            wanted.append((spoken, lambda: self._cpt(acts[:MOST_CPT], question, blank)))
        return wanted

    def _cpt(self, acts: Sequence[Service], question: Question, blank: Blank) -> Part:
        """The nearest descriptors of the licensee's files, one service at a time."""
        whole = Part()
        for service in acts:
            answer, _ = self.cpt.suggest(service.text, question, blank)
            whole = whole.joined(Part.of(answer, shift=service.first))
        return whole


def _joined(
    answer: Answer, parts: Sequence[Part], absent: Sequence[str], rejected: Sequence[Rejected]
) -> Answer:
    whole = Part()
    for part in parts:
        whole = whole.joined(part)
    citations = {c.id: c for c in (*answer.citations, *whole.citations)}
    return replace(
        answer,
        services=tuple(replace(s, role=Role.PROCEDURE) for s in whole.suggestions),
        citations=tuple(citations.values()),
        gaps=tuple(dict.fromkeys((*answer.gaps, *whole.gaps))),
        cautions=tuple(dict.fromkeys((*answer.cautions, *whole.cautions, *absent))),
        rejected=(*answer.rejected, *rejected),
        releases={**answer.releases, **whole.releases},
    )


def _absent(missing: dict[str, list[Service]]) -> list[str]:
    """One sentence a system that is not installed."""
    return [
        messages.SERVICES_NOT_CODED.format(words=quoted(services), reason=reason)
        for reason, services in missing.items()
        if services
    ]


def _rejected(found: Sequence[Service], answer: Answer) -> list[Rejected]:
    """Services that the note names and that are no service of this encounter, each once."""
    done = {_key(s) for s in found if s.took_place}
    spans = [(r.start, r.end) for r in answer.rejected]
    spans += [(q.start, q.end) for s in answer.suggestions for q in s.evidence]
    kept: dict[tuple[str, Standing], Rejected] = {}
    for service in found:
        words = " ".join(answer.text[service.start : service.end].split())
        if is_local_anesthetic(service) and service.took_place:
            reason = _PART_OF_PROCEDURE.format(words=words)
        elif service.took_place or _key(service) in done:
            continue
        elif service.standing in _TOLD or service.kind is ServiceKind.PROCEDURE:
            reason = _REASONS[service.standing].format(words=words)
        else:
            continue
        if any(s < service.end and service.start < e for s, e in spans):
            continue
        rejected = Rejected(
            answer.text[service.start : service.end], service.start, service.end, reason, ()
        )
        kept.setdefault((_key(service), service.standing), rejected)
    return list(kept.values())


def _key(service: Service) -> str:
    return " ".join(service.text.casefold().split()) if not service.codes else service.codes[0]


def _systems(question: Question) -> frozenset[System]:
    """The systems of a note's services: those named, else those of the setting."""
    if question.systems:
        return frozenset(asked(question))
    if question.setting is Setting.INPATIENT:
        return frozenset({System.ICD10PCS})
    return frozenset({System.HCPCS, System.CPT})
