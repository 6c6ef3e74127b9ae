"""How far each provider query has come: drafted, sent, answered, agreed; all of it in the journal.

Every step is one event of the append-only, hash-chained history; the state is read from them, and
nothing is ever changed. Turnaround runs from sending to the answer.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.errors import AssistantError
from bot.queries.forms import Form, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime, timedelta

    from bot.journal.reviews import Event, ReviewStore

SHORTEST_ID = 4


class QueryError(AssistantError):
    """The query does not exist, or its state does not allow that step."""


class Step(StrEnum):
    """What happened to a query; the values are kinds of events."""

    DRAFTED = "query-drafted"
    SENT = "query-sent"
    ANSWERED = "query-answered"
    AGREED = "query-agreed"


_NEXT = {
    Step.SENT: (Step.DRAFTED,),
    Step.ANSWERED: (Step.SENT,),
    Step.AGREED: (Step.ANSWERED,),
}


@dataclass(frozen=True, slots=True)
class QueryState:
    """One query as it stands. ``turnaround`` is None until it was answered.

    ``text`` and ``answer`` hold words of the record: show them only where the note may be shown.
    """

    query_id: str
    exchange_id: str
    form: Form
    text: str
    step: Step
    drafted_at: datetime
    sent_at: datetime | None = None
    sent_to: str = ""
    answered_at: datetime | None = None
    answer: str = ""
    agreed_at: datetime | None = None

    @property
    def turnaround(self) -> timedelta | None:
        """From sending to the answer."""
        if self.sent_at is None or self.answered_at is None:
            return None
        return self.answered_at - self.sent_at

    def to_json(self) -> dict[str, Any]:
        """Plain values; moments in ISO format, the turnaround in seconds."""
        return {
            "id": self.query_id,
            "exchange_id": self.exchange_id,
            "form": self.form.value,
            "state": self.step.value.removeprefix("query-"),
            "text": self.text,
            "drafted_at": self.drafted_at.isoformat(),
            "sent_at": self.sent_at.isoformat() if self.sent_at else None,
            "sent_to": self.sent_to,
            "answered_at": self.answered_at.isoformat() if self.answered_at else None,
            "answer": self.answer,
            "agreed_at": self.agreed_at.isoformat() if self.agreed_at else None,
            "turnaround_s": self.turnaround.total_seconds() if self.turnaround else None,
        }


class QueryDesk:
    """Takes queries through their steps. ``redact`` removes identifiers from an answer's words."""

    def __init__(
        self,
        store: ReviewStore,
        clock: Callable[[], datetime],
        redact: Callable[[str], str],
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex[:12],
    ) -> None:
        self._store = store
        self._clock = clock
        self._redact = redact
        self._new_id = new_id

    def draft(
        self,
        exchange_id: str,
        form: Form,
        text: str,
        actor: str,
        model: Sequence[dict[str, Any]] = (),
    ) -> QueryState:
        """Keep a query. Raises QueryRefusedError where it leads, whoever wrote it.

        ``model`` is what a chat model was asked for its wording.
        """
        refuse(text)
        document: dict[str, Any] = {
            "query": self._new_id(), "form": form.value, "text": self._redact(text),
        }  # fmt: skip
        if model:
            document["model"] = list(model)
        self._tell(Step.DRAFTED, exchange_id, actor, document)
        return self.get(document["query"])

    def sent(self, reference: str, to: str, actor: str) -> QueryState:
        """The query went to ``to``, an opaque id or role, not a patient."""
        return self._step(Step.SENT, reference, actor, {"to": to})

    def answered(self, reference: str, answer: str, actor: str) -> QueryState:
        """The provider answered."""
        return self._step(Step.ANSWERED, reference, actor, {"answer": self._redact(answer)})

    def agreed(self, reference: str, actor: str) -> QueryState:
        """Record and codes agree with the answer now: the query is closed."""
        return self._step(Step.AGREED, reference, actor, {})

    def get(self, reference: str) -> QueryState:
        """The query of this id, or the only one whose id begins so. Raises QueryError."""
        wanted = reference.strip().casefold()
        found = [q for q in self.all() if q.query_id == wanted] or [
            q for q in self.all() if len(wanted) >= SHORTEST_ID and q.query_id.startswith(wanted)
        ]
        if len(found) != 1:
            raise QueryError(
                "No query has that id; `codecite query list` shows them."
                if not found
                else "Several queries begin so: give more of the id."
            )
        return found[0]

    def all(self, exchange_id: str | None = None) -> tuple[QueryState, ...]:
        """Every query, or those about one exchange, the oldest first."""
        states: dict[str, QueryState] = {}
        for event in self._store.events(*(step.value for step in Step), exchange_id=exchange_id):
            name = event.document["query"]
            states[name] = _after(states.get(name), event)
        return tuple(states.values())

    def _step(self, step: Step, reference: str, actor: str, more: dict[str, Any]) -> QueryState:
        now = self.get(reference)
        if now.step not in _NEXT[step]:
            raise QueryError(
                f"The query is {_word(now.step)}; only one that is "
                f"{' or '.join(_word(each) for each in _NEXT[step])} can be {_word(step)}."
            )
        self._tell(step, now.exchange_id, actor, {"query": now.query_id, **more})
        return self.get(now.query_id)

    def _tell(self, step: Step, exchange_id: str, actor: str, document: dict[str, Any]) -> None:
        with self._store.change() as change:
            change.add(step.value, exchange_id, actor, self._clock(), document)


class QueryKeeper:
    """Notes the queries that a door drafts and posts, each text of an exchange once."""

    def __init__(self, desk: QueryDesk) -> None:
        self._desk = desk

    def drafted(self, exchange_id: str, text: str, actor: str) -> QueryState:
        """The query as kept. Raises QueryRefusedError where it leads."""
        for state in self._desk.all(exchange_id):
            if state.text == text:
                return state
        return self._desk.draft(exchange_id, Form.MULTIPLE_CHOICE, text, actor)

    def posted(self, exchange_id: str, text: str, to: str, actor: str) -> QueryState:
        """The query as sent to a conversation; sent once however often it is posted."""
        state = self.drafted(exchange_id, text, actor)
        if state.step is not Step.DRAFTED:
            return state
        return self._desk.sent(state.query_id, to, actor)


def _word(step: Step) -> str:
    return step.value.removeprefix("query-")


def _after(state: QueryState | None, event: Event) -> QueryState:
    document, step = event.document, Step(event.kind)
    if state is None:
        return QueryState(
            document["query"], event.exchange_id, Form(document["form"]), document["text"], step,
            event.at,
        )  # fmt: skip
    if step is Step.SENT:
        return replace(state, step=step, sent_at=event.at, sent_to=document["to"])
    if step is Step.ANSWERED:
        return replace(state, step=step, answered_at=event.at, answer=document["answer"])
    return replace(state, step=step, agreed_at=event.at)
