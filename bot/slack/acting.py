"""Somebody pressed, chose or submitted something: who, where, on which message, checked once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.slack import wording
from bot.slack.access import Gate, Refusal, Role, may
from bot.slack.answering import failure_sentence
from bot.slack.blocks import plain_message
from bot.slack.errors import Gone
from bot.slack.logs import describe, log
from bot.slack.outbox import respond_with

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk import WebClient
    from slack_sdk.webhook import WebhookResponse

    from bot.slack.metrics import Metrics
    from bot.slack.packing import Message
    from bot.slack.ports import Block, Clock, DoorJournal


@dataclass(frozen=True, slots=True)
class Act:
    """One action. ``value`` is what the element carries: ids, never text.

    ``ts`` and ``thread`` are of the message it happened on, ``blocks`` and ``text`` its content
    (none for one that only its reader sees). ``trigger`` opens a modal, once, within three seconds.
    """

    value: str
    person: str
    team: str
    channel: str
    client: WebClient
    respond: Callable[..., WebhookResponse] | None = None
    ts: str = ""
    thread: str = ""
    ephemeral: bool = False
    blocks: tuple[Block, ...] = field(default=(), repr=False)
    text: str = field(default="", repr=False)
    trigger: str = ""

    def tell(self, message: Message) -> None:
        """Say something to this person alone. Raises SlackClientError."""
        if self.respond is not None:
            respond_with(self.respond, message, thread=self.thread)
        else:
            self.client.chat_postMessage(
                channel=self.person, text=message.text, blocks=list(message.blocks),
                unfurl_links=False, unfurl_media=False,
            )  # fmt: skip


def act_of(
    body: dict[str, Any],
    client: WebClient,
    respond: Callable[..., WebhookResponse] | None = None,
) -> Act:
    """The act that a `block_actions` payload tells of."""
    action = (body.get("actions") or [{}])[0]
    container = body.get("container") or {}
    message = body.get("message") or {}
    chosen = action.get("selected_option") or {}
    return Act(
        value=str(action.get("value") or chosen.get("value") or action.get("selected_date") or ""),
        person=str(body["user"]["id"]),
        team=team_of(body),
        channel=str((body.get("channel") or {}).get("id") or container.get("channel_id") or ""),
        client=client,
        respond=respond if body.get("response_url") or body.get("response_urls") else None,
        ts=str(container.get("message_ts") or message.get("ts") or ""),
        thread=str(message.get("thread_ts") or container.get("thread_ts") or ""),
        ephemeral=bool(container.get("is_ephemeral")),
        blocks=tuple(message.get("blocks") or ()),
        text=str(message.get("text") or ""),
        trigger=str(body.get("trigger_id") or ""),
    )


def team_of(body: dict[str, Any]) -> str:
    """The workspace an interaction happened in."""
    team = body.get("team") or {}
    user = body.get("user") or {}
    return str(team.get("id") or user.get("team_id") or body.get("team_id") or "")


class Desk:
    """Lets acts through the gate, once each, and never leaves one without a word."""

    def __init__(self, gate: Gate, journal: DoorJournal, clock: Clock, metrics: Metrics) -> None:
        self._gate = gate
        self._journal = journal
        self._clock = clock
        self._metrics = metrics

    def handle(
        self,
        kind: str,
        act: Act,
        work: Callable[[Act], str | Message | None],
        *,
        needs: Role = Role.CLINICIAN,
        once: str = "",
    ) -> None:
        """Run ``work`` where this person may; what it returns is said to them alone.

        ``once`` names the act over redeliveries. Never raises.
        """
        self._metrics.actions.labels(kind).inc()
        claimed = ""
        try:
            if once:
                claimed = f"act:{once}"[:255]
                if not self._journal.claim_event(claimed, self._clock()):
                    return
            said = self._refused(act, needs) or work(act)
        except Gone:
            said = wording.NOT_HERE_ANY_MORE
        except Exception as error:  # noqa: BLE001  # a pressed button is never left without a word
            self._metrics.failures.inc()
            said = failure_sentence(error)
            if claimed:
                self._release(claimed)
        if said:
            self._say(act, plain_message(said) if isinstance(said, str) else said)

    def _refused(self, act: Act, needs: Role) -> str:
        why = self._gate.refusal(act.client, act.team, act.channel, act.person)
        if why is not None:
            self._metrics.refusals.labels(why.value).inc()
            return wording.REFUSALS[why.value]
        if needs is not Role.CLINICIAN:
            role = self._gate.role(act.client, act.team, act.person)
            if not may(role, needs):
                self._gate.keep_refusal(Refusal.ROLE, act.team, act.channel, act.person)
                self._metrics.refusals.labels(Refusal.ROLE.value).inc()
                return wording.REFUSALS[Refusal.ROLE.value]
        return ""

    def _release(self, claim: str) -> None:
        try:
            self._journal.release_event(claim)
        except Exception as error:  # noqa: BLE001  # the person has been told already
            log.error("claim not released: %s", describe(error))

    def _say(self, act: Act, message: Message) -> None:
        try:
            act.tell(message)
        except Exception as error:  # noqa: BLE001  # there is no further way to reach the person
            failure_sentence(error)
