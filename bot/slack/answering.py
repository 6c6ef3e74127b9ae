"""One question from Slack to its answer: ask the assistant, post what it verified, once."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias
from uuid import uuid4

from slack_sdk.errors import SlackClientError

from bot import conversation
from bot.answer import Answer, Question, Setting
from bot.errors import QuestionError
from bot.journal.door_records import TurnState
from bot.messages import FAILED
from bot.pipeline.following import is_reworded
from bot.slack import wording
from bot.slack.blocks import plain_message, render, share_actions
from bot.slack.decision_blocks import decision_blocks
from bot.slack.deliveries import Delivery, PostDelivery, Superseded
from bot.slack.logs import describe, log
from bot.slack.packing import Line, Message, pack, sections
from bot.slack.standing import Standing, standing_of
from bot.slack.status import SetStatus, Status
from bot.slack.steps import Steps
from bot.slack.text import escape, one_line
from codesets.errors import ReleaseUnavailableError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from slack_sdk import WebClient

    from bot.conversation import Said, Understood
    from bot.journal.door_records import Turn
    from bot.slack.access import Gate
    from bot.slack.files import FileReader
    from bot.slack.incoming import Incoming
    from bot.slack.lanes import Lanes, Place
    from bot.slack.memory import Memory
    from bot.slack.metrics import Metrics
    from bot.slack.outbox import Outbox
    from bot.slack.ports import Answerer, Clock, DoorJournal, WatchedAnswerer
    from bot.slack.turns import Turns

# A response_url may be used five times; one use is kept for a failure sentence.
RESPONSE_MESSAGES = 4

Taken: TypeAlias = "tuple[Turn, Place]"


class Answering:
    """What every listener calls. Safe to use from many threads.

    The assistant writes the exchange to the journal before it returns; a message is posted after
    that, and marked as delivered after that, so nothing is shown that is not on record. ``watched``
    is asked in place of ``answer`` where answers take seconds: its steps are shown meanwhile.
    """

    def __init__(
        self,
        answer: Answerer,
        journal: DoorJournal,
        clock: Clock,
        *,
        setting: Setting,
        status_executor: Executor,
        turns: Turns,
        lanes: Lanes,
        memory: Memory,
        outbox: Outbox,
        gate: Gate,
        files: FileReader,
        metrics: Metrics,
        watched: WatchedAnswerer | None = None,
    ) -> None:
        self._answer = answer
        self._journal = journal
        self._clock = clock
        self._setting = setting
        self._status_executor = status_executor
        self._turns = turns
        self._lanes = lanes
        self._memory = memory
        self._outbox = outbox
        self._gate = gate
        self._files = files
        self._metrics = metrics
        self._watched = watched

    # -- taking a question on ----------------------------------------------------------------

    def take(self, incoming: Incoming) -> Taken | None:
        """Take the question on and its place in the conversation; None where it is taken.

        Raises JournalError where that cannot be written: nothing is acknowledged then, and Slack
        delivers the event again.
        """
        place = self._lanes.expect(incoming.lane, incoming.position)
        try:
            turn = self._turns.begin(incoming)
        except BaseException:
            self._lanes.drop(incoming.lane, place)
            raise
        if turn is None:
            self._lanes.drop(incoming.lane, place)
            self._metrics.repeats.inc()
            return None
        self._metrics.questions.labels(incoming.door).inc()
        return turn, place

    def reply(
        self,
        taken: Taken,
        incoming: Incoming,
        client: WebClient,
        delivery: Delivery,
        set_status: SetStatus | None = None,
    ) -> None:
        """Answer in the conversation's turn. Returns at once; never raises."""
        turn, place = taken
        begun = monotonic()
        status = Status(set_status, self._status_executor)
        steps = Steps(client, incoming, status, self._status_executor)

        def work() -> None:
            try:
                outcome = self._work(turn, place, incoming, client, delivery, status, steps)
            finally:
                steps.close()
            self._metrics.answers.labels(outcome).inc()
            self._metrics.seconds.observe(monotonic() - begun)

        self._lanes.submit(incoming.lane, place, work)

    # -- a question that changed or went -------------------------------------------------------

    def revise(self, turn: Turn, incoming: Incoming, client: WebClient) -> None:
        """The question was edited: answer its new words, in place of the answer it had."""
        place = self._lanes.expect(incoming.lane, incoming.position)
        newer: Turn | None = None
        try:
            newer = self._turns.revise(turn)
        finally:
            if newer is None:
                self._lanes.drop(incoming.lane, place)
        if newer is not None:
            delivery = PostDelivery(
                self._outbox, client, newer.channel, newer.thread, newer.replies
            )
            self.reply((newer, place), incoming, client, delivery)

    def withdraw(self, turn: Turn, client: WebClient) -> None:
        """The question was deleted: take its answer away. The journal keeps the exchange."""
        gone = self._turns.withdraw(turn)
        for ts in gone.replies if gone is not None else ():
            try:
                self._outbox.delete(client, turn.channel, ts)
            except (SlackClientError, OSError) as error:
                log.error("answer not withdrawn: %s", describe(error))

    # -- the work ------------------------------------------------------------------------------

    def _work(
        self,
        turn: Turn,
        place: Place,
        incoming: Incoming,
        client: WebClient,
        delivery: Delivery,
        status: Status,
        steps: Steps,
    ) -> str:
        """Answer and settle the turn; the outcome as a word for the metrics."""
        try:
            if sentence := self._refused(incoming, client):
                delivery.whisper(plain_message(sentence), incoming.person)
                status.withdraw()
                self._turns.settle(turn, TurnState.FAILED)
                return "refused"
            self._turns.await_earlier(turn)
            messages, state = self._messages(turn, place, incoming, client, steps)
            if not self._turns.posting(turn):
                status.withdraw()
                return "superseded"
            replies = delivery.deliver(messages)
        except Superseded:
            status.withdraw()
            return "superseded"
        except Exception as error:  # noqa: BLE001  # a question is never left without a word
            self._fail(turn, delivery, status, error)
            return "failed"
        status.finish()
        if not self._turns.settle(turn, state, replies, delivery.channel):
            # Edited or deleted while the answer was going out: a stale answer does not stay.
            delivery.undo(replies)
            return "superseded"
        if state is TurnState.ANSWERED:
            self._delivered(turn, replies, delivery.channel)
        return state.value

    def _messages(
        self, turn: Turn, place: Place, incoming: Incoming, client: WebClient, steps: Steps
    ) -> tuple[tuple[Message, ...], TurnState]:
        """What to show, and how the turn ends with it."""
        attached = self._files.read(client.token or "", incoming.files)
        text = "\n\n".join(filter(None, (incoming.text, *attached.texts)))
        notes = "\n".join(f"ℹ️ {escape(problem)}" for problem in attached.problems)
        if incoming.files and not text:
            return (plain_message(notes or wording.FILES_NOT_READ),), TurnState.FAILED
        context = self._memory.context(incoming)
        today = self._clock().date()
        understood = conversation.understand(text, context[-1] if context else "", today)
        self._memory.keep(incoming, understood.said)
        said = incoming.said.over(understood.said.over(self._memory.said(incoming)))
        if not understood.text and understood.said != conversation.Said():
            kept = wording.SETTINGS_KEPT.format(settings=settings_in_words(understood.said))
            return (plain_message(escape(kept)),), TurnState.FAILED
        question = self._question(turn, incoming, understood, said, context)
        try:
            if self._watched is not None:
                answer = self._watched(question, steps.ended)
            else:
                answer = self._answer(question)
        except (QuestionError, ReleaseUnavailableError) as error:
            # By contract their messages are sentences for the person and quote nothing.
            return (plain_message(escape(str(error))),), TurnState.FAILED
        heading = "\n".join(
            filter(
                None,
                (
                    wording.EARLIER if self._lanes.newer_waits(incoming.lane, place) else "",
                    read_as(answer) if understood.refined or is_reworded(answer) else "",
                    notes,
                ),
            )
        )
        if incoming.door == "form":
            heading = "\n".join(filter(None, (from_form(incoming), heading)))
        elif incoming.private:
            shareable = not incoming.channel.startswith("D")
            return within_uses(answer, heading=heading, shareable=shareable), TurnState.ANSWERED
        return render(answer, heading=heading, standing=Standing()), TurnState.ANSWERED

    def _refused(self, incoming: Incoming, client: WebClient) -> str:
        """A sentence for somebody who is not answered; "" for everybody else."""
        found = self._gate.refusal(
            client, incoming.team, incoming.channel, incoming.person, shared=incoming.shared
        )
        if found is None:
            if not self._gate.over_rate(incoming.team, incoming.channel, incoming.person):
                return ""
            why = "rate"
        else:
            why = found.value
        self._metrics.refusals.labels(why).inc()
        return wording.REFUSALS[why]

    def _question(
        self,
        turn: Turn,
        incoming: Incoming,
        understood: Understood,
        said: Said,
        context: tuple[str, ...],
    ) -> Question:
        question = Question(
            text=understood.text,
            day=said.day or self._clock().date(),
            setting=said.setting or self._setting,
            infer_setting=said.setting is None,
            door="slack",
            team=incoming.team,
            person=incoming.person,
            channel=incoming.channel,
            thread=incoming.thread,
            context=context,
            exchange_id=turn.exchange_id,
            leans=understood.leans,
            age=incoming.age,
            sex=incoming.sex,
        )
        return question if said.systems is None else replace(question, systems=said.systems)

    def _fail(self, turn: Turn, delivery: Delivery, status: Status, error: Exception) -> None:
        self._metrics.failures.inc()
        sentence = failure_sentence(error)
        replies: tuple[str, ...] = ()
        try:
            replies = delivery.deliver((plain_message(sentence),))
        except (SlackClientError, OSError, Superseded) as again:
            log.error("failure sentence not posted: %s", describe(again))
            status.withdraw()
        status.finish()
        try:
            self._turns.settle(turn, TurnState.FAILED, replies)
        except Exception as unsettled:  # noqa: BLE001  # its lease ends and the repair settles it
            log.error("turn not settled: %s", describe(unsettled))

    def _delivered(self, turn: Turn, replies: tuple[str, ...], channel: str) -> None:
        shown = replies[0] if replies else ""
        place = channel or turn.channel
        try:
            self._journal.mark_delivered(turn.exchange_id, place, shown, self._clock())
        except Exception as error:  # noqa: BLE001  # the answer is out; only the mark is missing
            log.error("delivery of %s not recorded: %s", turn.exchange_id, describe(error))


def failure_sentence(error: BaseException) -> str:
    """Log an error under a new id, without any text; return the sentence for the person."""
    error_id = uuid4().hex[:8]
    log.error("error %s: %s", error_id, describe(error))
    return FAILED.format(error_id=error_id)


def read_as(answer: Answer) -> str:
    """The line that says how a refinement was read; a long note is not repeated."""
    text = one_line(answer.text)
    shown = text if len(text) <= 300 else text[:200].rstrip() + " … " + text[-80:].lstrip()
    return wording.READ_AS.format(text=escape(shown))


def from_form(incoming: Incoming) -> str:
    """The line above an answer to a form, with what the footer does not say."""
    parts = [f"{incoming.age} years" if incoming.age is not None else "", incoming.sex or ""]
    told = ", ".join(filter(None, parts))
    return wording.FROM_FORM + (f" _({told})_" if told else "")


def settings_in_words(said: Said) -> str:
    """Settings as a person would say them."""
    parts = []
    if said.setting is not None:
        parts.append(said.setting.value)
    if said.day is not None:
        parts.append(f"date of service {said.day.isoformat()}")
    if said.systems is not None:
        parts.append(", ".join(said.systems))
    return ", ".join(parts)


def within_uses(
    answer: Answer,
    *,
    heading: str = "",
    shareable: bool = False,
    standing: Standing | None = None,
) -> tuple[Message, ...]:
    """The answer as messages for one response_url, which takes only so many.

    What would need more messages is left out by whole codes, and the last message says how many.
    """
    messages = render(answer, heading=heading, shareable=shareable, standing=standing or Standing())
    if len(messages) <= RESPONSE_MESSAGES:
        return messages
    kept = messages[: RESPONSE_MESSAGES - 1]
    shown = sum(message.cards for message in kept)
    closing = [Line(block) for block in decision_blocks(answer, standing or standing_of(()))]
    if shareable:
        closing.append(Line(share_actions(answer.exchange_id)))
    rest = sections(wording.rest_left_out(len(answer.suggestions) - shown))
    return (*kept, *pack([(*rest, *closing)]))
