"""Review from Slack: what leads and reviewers do at the desk, held to their access every time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.journal.errors import UnknownExchangeError
from bot.journal.restoring import restore
from bot.review import verdicts as judging
from bot.review.errors import NotPermittedError, ReviewError, VerdictError
from bot.review.people import require
from bot.review.records import (
    KEEPS_THE_CODE,
    NEEDS_THE_RIGHT_CODE,
    WAITING,
    Access,
    CodeVerdict,
    State,
)
from bot.slack import wording
from bot.slack.access import Refusal, Role, may
from bot.slack.answering import within_uses
from bot.slack.errors import Gone
from bot.slack.modals import Where
from bot.slack.queue import SHOWN, QueuePage, queue_filter
from bot.slack.review_views import MOST_CODES, codes_of, entered, recorded, review_view
from bot.slack.text import escape

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from slack_sdk import WebClient

    from bot.journal.records import Exchange
    from bot.review.records import Case, Person
    from bot.slack.access import Gate
    from bot.slack.acting import Act
    from bot.slack.outbox import Outbox
    from bot.slack.ports import Clock, CodeFinder, ReviewDesk
    from bot.slack.queue import QueueFilter
    from bot.slack.review_views import Entered

QUESTION_CHARACTERS = 1_500


def checked_by(find: CodeFinder) -> Callable[[str, date], str]:
    """Gives a code as printed; raises VerdictError where it is not valid on the day."""

    def validate(code: str, day: date) -> str:
        known = find(code, day)
        if known is None:
            raise VerdictError(wording.EDIT_UNKNOWN.format(codes=code[:20]))
        if not known.valid:
            raise VerdictError(wording.EDIT_INVALID.format(day=day.isoformat(), codes=known.code))
        return known.code

    return validate


class Reviews:
    """The desk as Slack's people reach it. Every method asks anew what the person may do."""

    def __init__(
        self, desk: ReviewDesk, gate: Gate, outbox: Outbox, clock: Clock, find: CodeFinder
    ) -> None:
        self._desk = desk
        self._gate = gate
        self._outbox = outbox
        self._clock = clock
        self._validate = checked_by(find)

    def reviewer(self, client: WebClient, team: str, person: str) -> Person:
        """Somebody with the access that Slack's roles or a lead's grant give them."""
        known = self._desk.person(person)
        if may(self._gate.role(client, team, person), Role.LEAD):
            return replace(known, access=Access.LEAD)
        return known

    def page(
        self, client: WebClient, team: str, person: str, chosen: QueueFilter
    ) -> QueuePage | None:
        """The queue for somebody's Home; None for who does not review."""
        if not self.reviewer(client, team, person).access.includes(Access.REVIEWER):
            return None
        items = self._desk.queue(queue_filter(chosen, person), SHOWN)
        cases = tuple(item.case for item in items)
        return QueuePage(person, self._clock(), cases, self._desk.tally(), chosen)

    def claim(self, act: Act) -> str | None:
        """Take an answer on."""
        return self._held(act, lambda who: self._desk.claim(who, act.value))

    def release(self, act: Act) -> str | None:
        """Give an answer back."""
        return self._held(act, lambda who: self._desk.release(who, act.value))

    def open(self, act: Act) -> str | None:
        """Open the review form."""

        def show(who: Person) -> str | None:
            file = self._desk.open(who, act.value)
            if obstacle := self._obstacle(who, file.case):
                return obstacle
            if len(codes_of(file.exchange)) > MOST_CODES:
                return wording.REVIEW_TOO_MANY
            act.client.views_open(trigger_id=act.trigger, view=review_view(file))
            return None

        return self._held(act, show)

    def show(self, act: Act) -> str | None:
        """Question and answer as a message to the reviewer, where health data may be."""

        def send(who: Person) -> None:
            exchange = self._desk.open(who, act.value).exchange
            heading = f"*Question*\n{escape(exchange.text[:QUESTION_CHARACTERS])}"
            for message in within_uses(restore(exchange.answer), heading=heading):
                self._outbox.post(act.client, act.person, message)

        return self._held(act, send)

    def problems(self, act: Act, metadata: str, state: dict[str, Any]) -> dict[str, str]:
        """What is wrong in a submitted form, by field. Nothing is written.

        Who may not review gets no answer here but in ``decided``, which refuses them.
        """
        who = self.reviewer(act.client, act.team, act.person)
        if not who.access.includes(Access.REVIEWER):
            return {}
        try:
            file = self._desk.open(who, Where.unpack(metadata).exchange_id)
        except UnknownExchangeError:
            raise Gone(wording.NOT_HERE_ANY_MORE) from None
        codes = codes_of(file.exchange)
        if obstacle := self._obstacle(who, file.case):
            return {"comment": obstacle}
        try:
            said = entered(state, codes)
        except ValueError:
            return {"comment": wording.REVIEW_EVERY_CODE}
        wrong = self._code_problems(file.exchange, said)
        return wrong or self._order_problem(file.exchange, said)

    def decided(self, act: Act, metadata: str, state: dict[str, Any]) -> str | None:
        """Record the verdicts; what is on record now, as a sentence."""
        exchange_id = Where.unpack(metadata).exchange_id

        def decide(who: Person) -> str:
            said = entered(state, codes_of(self._desk.open(who, exchange_id).exchange))
            made = self._desk.decide(
                who, exchange_id, said.verdicts, sequence=said.sequence, note=said.comment
            )
            return recorded(made.verdicts, made.codes)

        return self._held(act, decide)

    def _held(self, act: Act, do: Callable[[Person], Any]) -> str | None:
        """Run ``do`` as this person; a refusal of the desk's is a sentence for them."""
        try:
            who = self.reviewer(act.client, act.team, act.person)
            require(who, Access.REVIEWER)
            said = do(who)
        except NotPermittedError:
            self._gate.keep_refusal(Refusal.ROLE, act.team, act.channel, act.person)
            return wording.REFUSALS[Refusal.ROLE.value]
        except UnknownExchangeError:
            raise Gone(wording.NOT_HERE_ANY_MORE) from None
        except ReviewError as error:
            # By contract its messages are sentences for a person, without text of a question.
            return str(error)
        return said if isinstance(said, str) else None

    def _obstacle(self, who: Person, case: Case) -> str:
        """Why the desk would take no verdict of this person's: said before they fill a form in."""
        if case.held_by(self._clock()) not in ("", who.id):
            return wording.REVIEW_HELD
        if case.state is State.DONE:
            return wording.REVIEW_DONE
        if who.id in case.reviewers and case.state in WAITING:
            return wording.REVIEW_YOURS
        if case.state is State.ADJUDICATION and who.access is not Access.LEAD:
            return wording.REVIEW_LEADS
        return ""

    def _code_problems(self, exchange: Exchange, said: Entered) -> dict[str, str]:
        problems: dict[str, str] = {}
        judged = [each for each in said.verdicts if each.code]
        for place, each in enumerate(judged):
            if wrong := self._problem(each, exchange.day):
                problems[f"right{place}"] = wrong
        lacking = (each.right_code for each in said.verdicts if not each.code)
        missing = (self._invalid(code, exchange.day) for code in lacking)
        if found := next(filter(None, missing), ""):
            problems["missing"] = found
        elif not said.verdicts:
            problems["missing"] = wording.REVIEW_NAME_MISSING
        return problems

    def _problem(self, each: CodeVerdict, day: date) -> str:
        if each.verdict in NEEDS_THE_RIGHT_CODE and not each.right_code:
            return wording.REVIEW_NEEDS_RIGHT
        if each.verdict in KEEPS_THE_CODE and each.right_code:
            return wording.REVIEW_KEEPS
        if not each.right_code:
            return ""
        if wrong := self._invalid(each.right_code, day):
            return wrong
        same = self._validate(each.right_code, day) == each.code
        return wording.REVIEW_SAME_CODE if same else ""

    def _invalid(self, code: str, day: date) -> str:
        try:
            self._validate(code, day)
        except VerdictError as error:
            return str(error)
        return ""

    def _order_problem(self, exchange: Exchange, said: Entered) -> dict[str, str]:
        """Whether codes and order hold together, asked of the desk's own rules."""
        where = "sequence" if any(each.code for each in said.verdicts) else "missing"
        try:
            checked = judging.checked(exchange, said.verdicts, self._validate, str)
            judging.final_codes(checked, said.sequence)
        except VerdictError as error:
            return {where: str(error)[:150]}
        return {}
