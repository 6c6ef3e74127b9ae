"""What people do about an answer: accept, edit, reject, ask a lead, draft a query, look closer."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackClientError

from bot import phi
from bot.clarify import draft_query
from bot.journal.door_records import DoorEvent, EventKind
from bot.journal.errors import AmbiguousExchangeError, UnknownExchangeError
from bot.journal.restoring import restore
from bot.slack import modals, names, wording
from bot.slack.answering import failure_sentence, within_uses
from bot.slack.blocks import plain_message, render
from bot.slack.decision_blocks import button, standing_line, with_decision
from bot.slack.details import more, source_view
from bot.slack.errors import Gone
from bot.slack.folding import fold
from bot.slack.logs import describe, log
from bot.slack.modals import Where
from bot.slack.outbox import respond_with
from bot.slack.packing import Line, Message, pack, sections
from bot.slack.standing import Standing, standing_of
from bot.slack.text import escape, one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk import WebClient

    from bot.answer import Answer
    from bot.journal.records import Exchange
    from bot.queries.desk import QueryKeeper
    from bot.slack.access import Gate
    from bot.slack.acting import Act
    from bot.slack.outbox import Outbox
    from bot.slack.ports import Clock, CodeFinder, DoorJournal, DoorNotes

_SEPARATORS = re.compile(r"[\s,;]+")


class DecisionDesk:
    """Acts on answers. Every method returns what to say to the person alone, or None.

    Only ids come from Slack; what is shown and decided is what the journal holds.
    """

    def __init__(
        self,
        journal: DoorJournal,
        notes: DoorNotes,
        clock: Clock,
        outbox: Outbox,
        gate: Gate,
        find_code: CodeFinder,
        lead_channel: str,
        queries: QueryKeeper | None = None,
    ) -> None:
        self._queries = queries
        self._journal = journal
        self._notes = notes
        self._clock = clock
        self._outbox = outbox
        self._gate = gate
        self._find_code = find_code
        self._lead_channel = lead_channel

    # -- buttons -----------------------------------------------------------------------------

    def accept(self, act: Act) -> str | None:
        """Every suggested code is right."""
        exchange = self._exchange(act.value)
        codes = [row["code"] for row in exchange.answer.get("suggestions", ())]
        self._tell(EventKind.ACCEPTED, exchange, act, {"kept": codes})
        self._refresh(act, exchange)
        return None

    def reopen(self, act: Act) -> str | None:
        """Decide anew; the decision before stays on record."""
        exchange = self._exchange(act.value)
        self._tell(EventKind.REOPENED, exchange, act, {})
        self._refresh(act, exchange)
        return None

    def open_form(self, act: Act, form: Callable[[Answer, Where], dict[str, Any]]) -> str | None:
        """Show a form about the answer; raises SlackClientError."""
        exchange = self._exchange(act.value)
        where = Where(
            exchange.exchange_id, act.channel, "" if act.ephemeral else act.ts, act.thread
        )
        act.client.views_open(trigger_id=act.trigger, view=form(restore(exchange.answer), where))
        return None

    def show_more(self, act: Act) -> Message | str | None:
        """Everything that was folded away, for this person alone."""
        messages = more(restore(self._exchange(act.value).answer))
        for message in messages[:4]:
            act.tell(message)
        return None

    def open_source(self, act: Act) -> str | None:
        """A cited passage in a modal. The menu's value is ``exchange:number``."""
        id_, _, number = act.value.rpartition(":")
        answer = restore(self._exchange(id_).answer)
        if not number.isdigit() or not 1 <= int(number) <= len(answer.citations):
            return wording.NOT_HERE_ANY_MORE
        act.client.views_open(trigger_id=act.trigger, view=source_view(answer, int(number)))
        return None

    def draft(self, act: Act) -> Message | str:
        """A compliant query to the provider, for this person alone to copy or post."""
        answer = restore(self._exchange(act.value).answer)
        query = draft_query(answer)
        if query is None:
            return wording.NOTHING_TO_ASK
        post = button(names.POST_QUERY, wording.POST_QUERY, answer.exchange_id,
                      spoken="Post this query where the question was asked")  # fmt: skip
        actions = {
            "type": "actions", "block_id": f"query:{answer.exchange_id}", "elements": [post]
        }  # fmt: skip
        if self._queries is not None:
            self._queries.drafted(answer.exchange_id, query.text(), act.person)
        return _one(pack([_copyable(wording.QUERY_TITLE, query.text()), (Line(actions),)]))

    def post_query(self, act: Act) -> str | None:
        """The query in the conversation, so that the provider can be shown it."""
        exchange = self._exchange(act.value)
        query = draft_query(restore(exchange.answer))
        if query is None:
            return wording.NOTHING_TO_ASK
        title = wording.QUERY_POSTED.format(person=act.person)
        for message in pack([_copyable(title, query.text())]):
            self._outbox.post(act.client, act.channel, message, act.thread or exchange.thread)
        if self._queries is not None:
            self._queries.posted(exchange.exchange_id, query.text(), act.channel, act.person)
        self._tell(EventKind.QUERIED, exchange, act, {})
        return None

    def feedback(self, act: Act) -> str:
        """Thumbs under an answer that suggests no code. The value is ``kind:exchange``."""
        kind, _, id_ = act.value.partition(":")
        exchange = self._exchange(id_)
        helpful = kind == names.HELPFUL
        self._tell(EventKind.HELPFUL if helpful else EventKind.UNHELPFUL, exchange, act, {})
        return wording.THANKS

    def show(self, act: Act) -> str | None:
        """The whole answer again: after a restart, or from App Home."""
        exchange = self._exchange(act.value)
        turn = self._notes.turn_of(exchange.exchange_id)
        allowed = act.person == exchange.person or act.channel == exchange.channel
        if not allowed:
            return wording.NOT_HERE_ANY_MORE
        answer, standing = restore(exchange.answer), self.standing(exchange.exchange_id)
        if act.respond is not None and not act.ephemeral and turn is not None:
            first, *rest = render(answer, standing=standing)
            self._outbox.update(act.client, act.channel, act.ts, first)
            for message in rest:
                self._outbox.post(act.client, act.channel, message, act.thread)
        else:
            for message in within_uses(answer, standing=standing):
                act.tell(message)
        self._journal.mark_delivered(exchange.exchange_id, act.channel, act.ts, self._clock())
        return None

    # -- forms -------------------------------------------------------------------------------

    def edit_problems(self, metadata: str, state: dict[str, Any]) -> dict[str, str]:
        """What is wrong with an edit, by field; empty where it can be kept."""
        exchange = self._exchange(Where.unpack(metadata).exchange_id)
        added = typed_codes(state)
        unknown, invalid = [], []
        for code in added:
            known = self._find_code(code, exchange.day)
            if known is None:
                unknown.append(code[:12])
            elif not known.valid:
                invalid.append(known.code)
        if unknown:
            return {"add": wording.EDIT_UNKNOWN.format(codes=", ".join(unknown))}
        if invalid:
            codes = ", ".join(invalid)
            return {"add": wording.EDIT_INVALID.format(codes=codes, day=exchange.day.isoformat())}
        if not added and not kept_codes(state):
            return {"add": wording.EDIT_NONE}
        return {}

    def edited(self, act: Act, metadata: str, state: dict[str, Any]) -> str | None:
        """Keep the edit."""
        where = Where.unpack(metadata)
        exchange = self._exchange(where.exchange_id)
        suggested = [row["code"] for row in exchange.answer.get("suggestions", ())]
        kept = [code for code in suggested if code in kept_codes(state)]
        found = [self._find_code(code, exchange.day) for code in typed_codes(state)]
        added = [known.code for known in found if known is not None and known.code not in kept]
        removed = [code for code in suggested if code not in kept]
        details = {
            "kept": kept, "added": list(dict.fromkeys(added)), "removed": removed,
            "comment": comment_of(state),
        }  # fmt: skip
        self._tell(EventKind.EDITED, exchange, act, details)
        self._refresh_at(act, where, exchange)
        return None

    def rejected(self, act: Act, metadata: str, state: dict[str, Any]) -> str | None:
        """Keep the rejection with its reason."""
        where = Where.unpack(metadata)
        exchange = self._exchange(where.exchange_id)
        reason = str(modals.value_of(state, "reason", "reason") or "other")
        details = {"reason": reason, "comment": comment_of(state)}
        self._tell(EventKind.REJECTED, exchange, act, details)
        self._refresh_at(act, where, exchange)
        return None

    def lead_asked(self, act: Act, metadata: str, state: dict[str, Any]) -> str:
        """Put the answer before a lead."""
        where = Where.unpack(metadata)
        exchange = self._exchange(where.exchange_id)
        places = (
            [self._lead_channel]
            if self._lead_channel
            else [lead for lead in self._gate.leads(act.client, act.team) if lead != act.person]
        )
        if not places:
            return wording.NO_LEADS
        comment = comment_of(state)
        message = self._for_lead(act, exchange, where, comment)
        copies = [list(self._outbox.post_to(act.client, place, message)) for place in places]
        details = {"comment": comment, "copies": copies}
        self._tell(EventKind.ESCALATED, exchange, act, details)
        self._refresh(replace(act, channel=where.channel, ts=where.ts), exchange)
        return wording.LEAD_ASKED

    # -- inside ------------------------------------------------------------------------------

    def standing(self, exchange_id: str) -> Standing:
        """Where an answer stands."""
        return standing_of(self._notes.events_of([exchange_id]))

    def _exchange(self, exchange_id: str) -> Exchange:
        try:
            return self._journal.get(exchange_id)
        except (UnknownExchangeError, AmbiguousExchangeError):
            raise Gone from None

    def _tell(self, kind: EventKind, exchange: Exchange, act: Act, details: dict[str, Any]) -> None:
        event = DoorEvent(
            kind, self._clock(), act.team, act.channel or exchange.channel, act.person,
            exchange.exchange_id, details,
        )  # fmt: skip
        self._notes.tell(event)

    def _refresh(self, act: Act, exchange: Exchange) -> None:
        """Show where the answer stands on every message that shows it."""
        answer = restore(exchange.answer)
        events = self._notes.events_of([exchange.exchange_id])
        standing = standing_of(events)
        if act.ephemeral and act.respond is not None:
            last = within_uses(answer, shareable=True, standing=standing)[-1]
            respond_with(act.respond, last, replace_original=True)
        turn = self._notes.turn_of(exchange.exchange_id)
        places = {(turn.channel, turn.replies[-1])} if turn is not None and turn.replies else set()
        original = next(iter(places), None)
        if act.ts and not act.ephemeral:
            places.add((act.channel, act.ts))
        for event in events:
            places |= {(str(c), str(ts)) for c, ts in event.details.get("copies") or ()}
        for channel, ts in sorted(places):
            shown = (
                Message(act.blocks, act.text) if (channel, ts) == (act.channel, act.ts) else None
            )
            if shown is None or not shown.blocks:
                shown = self._outbox.last(channel, ts)
            if shown is None and (channel, ts) == original:
                shown = render(answer, standing=standing)[-1]
            if shown is not None:
                self._redraw(act.client, channel, ts, shown, answer, standing)

    def _redraw(
        self, client: WebClient, channel: str, ts: str, shown: Message, answer: Answer,
        standing: Standing,
    ) -> None:  # fmt: skip
        blocks = with_decision(shown.blocks, answer, standing, more=bool(fold(answer).line))
        message = Message(tuple(blocks), _spoken(shown.text, standing))
        try:
            self._outbox.update(client, channel, ts, message)
        except (SlackClientError, OSError) as error:
            log.error("decision not shown on a message: %s", describe(error))

    def _refresh_at(self, act: Act, where: Where, exchange: Exchange) -> None:
        """The same after a form, which was opened from the message at ``where``."""
        self._refresh(replace(act, channel=where.channel, ts=where.ts), exchange)
        if not where.ts:
            line = standing_line(self.standing(exchange.exchange_id)) or wording.THANKS
            _quietly(act, plain_message(line))

    def _for_lead(self, act: Act, exchange: Exchange, where: Where, comment: str) -> Message:
        """What a lead gets: who asks, the codes, a link, and the answer to decide about."""
        codes = ", ".join(row["code"] for row in exchange.answer.get("suggestions", ()))
        heading = wording.LEAD_MESSAGE.format(person=act.person, codes=f"`{codes or 'no code'}`")
        if comment:
            heading += f"\n> {escape(one_line(comment))}"
        if where.ts:
            try:
                link = act.client.chat_getPermalink(channel=where.channel, message_ts=where.ts)
                heading += f"\n<{link['permalink']}|Open the conversation>"
            except SlackClientError as error:
                log.info("no permalink: %s", describe(error))
        answer = restore(exchange.answer)
        standing = self.standing(exchange.exchange_id)
        messages = render(answer, heading=heading, standing=standing)
        return (
            messages[0]
            if len(messages) == 1
            else _one(pack([sections(heading), (Line(_open_button(exchange.exchange_id)),)]))
        )


def _open_button(exchange_id: str) -> dict[str, Any]:
    shown = button(names.SHOW_ANSWER, wording.SHOW_ANSWER, exchange_id)
    return {"type": "actions", "block_id": f"show:{exchange_id}", "elements": [shown]}


def typed_codes(state: dict[str, Any]) -> list[str]:
    """The codes somebody typed into the edit form."""
    typed = str(modals.value_of(state, "add", "codes") or "")
    return [code for code in _SEPARATORS.split(typed) if code]


def kept_codes(state: dict[str, Any]) -> list[str]:
    """The codes somebody left ticked."""
    return [
        code
        for block in state
        if block.startswith("keep")
        for code in modals.value_of(state, block, "keep") or ()
    ]


def comment_of(state: dict[str, Any]) -> str:
    """What somebody added in their own words, without what looks like an identifier."""
    return phi.redact(str(modals.value_of(state, "comment", "text") or "").strip()).text


def _spoken(text: str, standing: Standing) -> str:
    """The fallback text with the decision at its end, once."""
    kept = [
        line for line in text.split("\n") if not line.startswith(("✅ ", "✏️ ", "⛔ *Rej", "🙋 "))
    ]
    return "\n".join([*kept, *filter(None, [standing_line(standing)])])[:39_000]


def _copyable(title: str, text: str) -> tuple[Line, ...]:
    """A title, and text in a fence that a person copies whole."""
    fenced = "```\n" + escape(text).replace("```", "'''") + "\n```"
    if len(fenced) <= 3_000:
        return (*sections(title), *sections(fenced))
    return (*sections(title), *sections(escape(text)))


def _one(messages: tuple[Message, ...]) -> Message:
    return messages[0]


def _quietly(act: Act, message: Message) -> None:
    try:
        act.tell(message)
    except (SlackClientError, OSError) as error:
        failure_sentence(error)
