"""One question from Slack to its answer: ask the assistant, post what it verified."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import uuid4

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.answer import Answer, Question, Setting
from bot.errors import QuestionError
from bot.messages import FAILED
from bot.slack import wording
from bot.slack.blocks import plain_message, render, share_actions
from bot.slack.logs import describe, log
from bot.slack.packing import Line, Message, pack, sections
from bot.slack.status import SetStatus, Status
from bot.slack.text import escape
from codesets.errors import ReleaseUnavailableError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from slack_sdk import WebClient

    from bot.slack.ports import Answerer, Clock, DoorJournal

CONTEXT_QUESTIONS = 5
# A response_url may be used five times; one use is kept for a failure sentence.
RESPONSE_MESSAGES = 4

Respond: TypeAlias = Callable[..., Any]
_BLOCKS_REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})


@dataclass(frozen=True, slots=True)
class Incoming:
    """A question as it reached Slack. ``thread`` is the ts to answer under; "" for none."""

    text: str
    person: str
    channel: str
    thread: str = ""
    team: str = ""


class Answering:
    """What every listener calls. Safe to use from many threads.

    The assistant writes the exchange to the journal before it returns; a message is posted after
    that, and marked as delivered after that, so nothing is shown that is not on record.
    """

    def __init__(
        self,
        answer: Answerer,
        journal: DoorJournal,
        clock: Clock,
        *,
        setting: Setting,
        status_executor: Executor,
    ) -> None:
        self._answer = answer
        self._journal = journal
        self._clock = clock
        self._setting = setting
        self._status_executor = status_executor

    def reply(self, incoming: Incoming, client: WebClient, set_status: SetStatus | None) -> None:
        """Answer in the conversation the question came from. Never raises."""
        status = Status(set_status, self._status_executor)
        try:
            messages, exchange_id = self._messages(incoming)
            posted = [self._post(client, incoming, message) for message in messages]
        except Exception as error:  # noqa: BLE001  # a question is never left without a word
            sentence = failure_sentence(error)
            try:
                self._post(client, incoming, plain_message(sentence))
            except (SlackClientError, OSError) as again:
                log.error("failure sentence not posted: %s", describe(again))
                status.withdraw()
            status.finish()
            return
        status.finish()
        if exchange_id:
            self._delivered(exchange_id, incoming.channel, posted[0])

    def reply_privately(self, incoming: Incoming, respond: Respond) -> None:
        """Answer the person who typed the command, and only them. Never raises."""
        try:
            messages, exchange_id = self._messages(incoming, private=True)
            for message in messages:
                respond_with(respond, message)
        except Exception as error:  # noqa: BLE001  # a question is never left without a word
            sentence = failure_sentence(error)
            try:
                respond_with(respond, plain_message(sentence))
            except (SlackClientError, OSError) as again:
                log.error("failure sentence not sent: %s", describe(again))
            return
        if exchange_id:
            self._delivered(exchange_id, incoming.channel, "")

    def say(self, incoming: Incoming, sentence: str, client: WebClient) -> None:
        """Post a sentence of the bot's own where the question was asked."""
        self._post(client, incoming, plain_message(sentence))

    def _messages(
        self, incoming: Incoming, *, private: bool = False
    ) -> tuple[tuple[Message, ...], str]:
        """The messages to show and the exchange they belong to ("" when there is none)."""
        try:
            answer = self._answer(self._question(incoming))
        except (QuestionError, ReleaseUnavailableError) as error:
            # By contract their messages are sentences for the person and quote nothing.
            return (plain_message(escape(str(error))),), ""
        messages = within_uses(answer, shareable=True) if private else render(answer)
        return messages, answer.exchange_id

    def _question(self, incoming: Incoming) -> Question:
        return Question(
            text=incoming.text,
            day=self._clock().date(),
            setting=self._setting,
            door="slack",
            team=incoming.team,
            person=incoming.person,
            channel=incoming.channel,
            thread=incoming.thread,
            context=self._journal.thread_context(
                incoming.team, incoming.channel, incoming.thread, CONTEXT_QUESTIONS
            ),
        )

    def _post(self, client: WebClient, incoming: Incoming, message: Message) -> str:
        arguments: dict[str, Any] = {
            "channel": incoming.channel,
            "text": message.text,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if incoming.thread:
            arguments["thread_ts"] = incoming.thread
        try:
            response = client.chat_postMessage(blocks=list(message.blocks), **arguments)
        except SlackApiError as error:
            if error.response.get("error") not in _BLOCKS_REFUSED:
                raise
            # The words matter more than their dress: the fallback text carries the codes.
            log.error("blocks refused by Slack, posting text: %s", describe(error))
            response = client.chat_postMessage(**arguments)
        return str(response["ts"])

    def _delivered(self, exchange_id: str, channel: str, ts: str) -> None:
        try:
            self._journal.mark_delivered(exchange_id, channel, ts, self._clock())
        except Exception as error:  # noqa: BLE001  # the answer is out; only the mark is missing
            log.error("delivery of %s not recorded: %s", exchange_id, describe(error))


def failure_sentence(error: BaseException) -> str:
    """Log an error under a new id, without any text; return the sentence for the person."""
    error_id = uuid4().hex[:8]
    log.error("error %s: %s", error_id, describe(error))
    return FAILED.format(error_id=error_id)


def within_uses(
    answer: Answer, *, heading: str = "", shareable: bool = False
) -> tuple[Message, ...]:
    """The answer as messages for one response_url, which takes only so many.

    What would need more messages is left out by whole codes, and the last message says how many.
    """
    messages = render(answer, heading=heading, shareable=shareable)
    if len(messages) <= RESPONSE_MESSAGES:
        return messages
    kept = messages[: RESPONSE_MESSAGES - 1]
    shown = sum(message.cards for message in kept)
    closing = [sections(wording.rest_left_out(len(answer.suggestions) - shown))]
    if shareable:
        closing.append((Line(share_actions(answer.exchange_id)),))
    return (*kept, *pack(closing))


def respond_with(respond: Respond, message: Message, response_type: str = "ephemeral") -> None:
    """Send one message through a `response_url`. Raises SlackClientError when it is refused."""
    response = respond(
        text=message.text,
        blocks=list(message.blocks),
        response_type=response_type,
        replace_original=False,
        unfurl_links=False,
        unfurl_media=False,
    )
    if response.status_code != 200:
        raise SlackClientError(f"response_url answered {response.status_code}")
