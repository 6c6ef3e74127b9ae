"""Events come twice, late and out of order: each question is answered once, as it stands."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from slack_support import (
    CODING,
    DANA,
    DIRECT,
    Held,
    answered,
    connected,
    scene,
)

from bot.journal.door import DoorStore
from bot.journal.door_records import EventKind

if TYPE_CHECKING:
    pass


pytestmark = pytest.mark.usefixtures("usual_script")


def test_a_redelivered_event_is_answered_once(tmp_path) -> None:
    with scene(tmp_path) as slack:
        posted, (envelope,) = slack.sandbox.client.say(DANA, CODING, "@Codecite once")
        slack.wait(lambda: slack.replies(CODING, posted.ts), "the answer")
        for _ in range(3):
            slack.sandbox.hub.redeliver(envelope)
        slack.wait(lambda: len(envelope.sent) == 4, "three redeliveries")
        slack.finish()
        assert len(slack.assistant.asked) == 1
        assert len(slack.replies(CODING, posted.ts)) == 1


def test_a_redelivery_after_a_restart_is_known(tmp_path) -> None:
    with scene(tmp_path) as slack:
        posted, (envelope,) = slack.sandbox.client.say(DANA, CODING, "@Codecite once")
        slack.wait(lambda: slack.replies(CODING, posted.ts), "the answer")
        slack.finish()
        with connected(slack.sandbox, slack.assistant, tmp_path) as again:
            slack.wait(lambda: slack.sandbox.hub.connections == 1, "the new connection")
            envelope.acknowledged = None
            slack.sandbox.hub.redeliver(envelope)
            slack.wait(lambda: envelope.acknowledged, "the acknowledgement")
            again.stop()
        assert len(slack.assistant.asked) == 1


def test_mention_and_message_of_one_text_are_answered_once(tmp_path) -> None:
    with scene(tmp_path) as slack:
        slack.sandbox.client.hears_channels = True
        posted, envelopes = slack.sandbox.client.say(DANA, CODING, "@Codecite in two shapes")
        assert [e.payload["event"]["type"] for e in envelopes] == ["app_mention", "message"]
        slack.wait(lambda: slack.replies(CODING, posted.ts), "the answer")
        slack.finish()
        assert len(slack.assistant.asked) == 1
        assert len(slack.replies(CODING, posted.ts)) == 1


def test_two_processes_with_one_journal_answer_once(tmp_path) -> None:
    with scene(tmp_path) as slack, ExitStack() as stack:
        slack.connections.append(
            stack.enter_context(connected(slack.sandbox, slack.assistant, tmp_path))
        )
        slack.wait(lambda: slack.sandbox.hub.connections == 2, "both connections")
        asked = [
            slack.sandbox.client.say(DANA, CODING, f"@Codecite shared {number}")
            for number in range(6)
        ]
        for _, (envelope,) in asked:
            slack.sandbox.hub.redeliver(envelope)
            slack.sandbox.hub.redeliver(envelope)
        slack.wait(lambda: all(len(e.sent) == 3 for _, (e,) in asked), "all deliveries")
        slack.finish()
        assert [len(slack.replies(CODING, posted.ts)) for posted, _ in asked] == [1] * 6
        assert len(slack.assistant.asked) == 6


def test_an_event_the_journal_could_not_claim_is_delivered_again(tmp_path, monkeypatch) -> None:
    with scene(tmp_path, ack_seconds=0.2) as slack:
        begin, failures = DoorStore.begin, iter([True])

        def fail_once(notes, turn):
            if next(failures, False):
                raise OSError("the disk is away")
            return begin(notes, turn)

        monkeypatch.setattr(DoorStore, "begin", fail_once)
        posted, (envelope,) = slack.sandbox.client.say(DANA, CODING, "@Codecite second try")
        slack.wait(lambda: slack.replies(CODING, posted.ts), "the answer")
        slack.finish()
        assert len(envelope.sent) >= 2
        assert len(slack.assistant.asked) == 1


def test_the_bots_own_and_other_bots_words_are_no_questions(tmp_path) -> None:
    with scene(tmp_path) as slack:
        bot = slack.sandbox.workspace.bot
        for author in (
            {"user": bot.user_id, "bot_id": bot.bot_id},
            {"user": "U0OTHER", "bot_id": "B0OTHER"},
        ):
            for kind in ("message", "app_mention"):
                ts = slack.sandbox.workspace.next_ts()
                event = {"type": kind, "channel": DIRECT, "channel_type": "im", "ts": ts}
                slack.sandbox.client.deliver(event | author | {"text": "I10"})
        slack.finish()
        assert slack.assistant.asked == []


def test_an_edit_of_the_question_changes_its_answer_in_place(tmp_path) -> None:
    with scene(tmp_path) as slack:
        posted, _ = slack.sandbox.client.say(DANA, DIRECT, "first words")
        slack.wait(lambda: slack.replies(DIRECT), "the answer")
        (before,) = slack.sandbox.workspace.from_bot(DIRECT)
        (envelope,) = slack.sandbox.client.edit(DANA, DIRECT, posted.ts, "other words")
        slack.wait(lambda: slack.asked("other words"), "the question anew")
        slack.sandbox.hub.redeliver(envelope)
        slack.wait(lambda: len(envelope.sent) == 2, "the redelivery")
        slack.finish()
        assert [q.text for q in slack.assistant.asked] == ["first words", "other words"]
        (after,) = slack.sandbox.workspace.from_bot(DIRECT)
        assert after.ts == before.ts
        assert after.edited
        exchange = next(e for e in slack.journal.list() if e.text == "other words")
        assert exchange.exchange_id[:8] in after.text


def test_an_edit_that_changes_no_words_asks_nothing(tmp_path) -> None:
    with scene(tmp_path) as slack:
        posted, _ = slack.sandbox.client.say(DANA, DIRECT, "same words")
        slack.wait(lambda: slack.replies(DIRECT), "the answer")
        slack.sandbox.client.edit(DANA, DIRECT, posted.ts, "same words")
        slack.finish()
        assert len(slack.assistant.asked) == 1


def test_an_edit_while_the_answer_is_under_way_leaves_no_stale_answer(tmp_path) -> None:
    with scene(tmp_path) as slack:
        held = Held()
        slack.assistant.script = lambda question: replace(
            held(question) if question.text == "first words" else answered(question),
            headline=f"About {question.text}.",
        )
        posted, _ = slack.sandbox.client.say(DANA, DIRECT, "first words")
        assert held.working.wait(10)
        (envelope,) = slack.sandbox.client.edit(DANA, DIRECT, posted.ts, "other words")
        slack.wait(lambda: envelope.acknowledged, "the edit")
        turn = DoorStore(slack.journal)
        slack.wait(lambda: any(t.revision for t in turn.open_turns()), "the edit taken on")
        held.let_go()
        slack.wait(lambda: slack.replies(DIRECT), "the answer")
        slack.finish()
        (reply,) = slack.replies(DIRECT)
        assert "About other words." in reply


def test_a_deleted_question_takes_its_answer_with_it(tmp_path) -> None:
    with scene(tmp_path) as slack:
        posted, _ = slack.sandbox.client.say(DANA, DIRECT, "first words")
        slack.wait(lambda: slack.replies(DIRECT), "the answer")
        slack.sandbox.client.delete(DANA, DIRECT, posted.ts)
        slack.wait(lambda: not slack.replies(DIRECT), "the withdrawal")
        slack.finish()
        (exchange,) = slack.journal.list()  # the journal keeps what was answered
        (event,) = DoorStore(slack.journal).events_of([exchange.exchange_id])
        assert event.kind is EventKind.WITHDRAWN


def test_a_question_deleted_while_it_is_worked_on_is_not_answered(tmp_path) -> None:
    with scene(tmp_path) as slack:
        held = slack.assistant.script = Held()
        posted, _ = slack.sandbox.client.say(DANA, DIRECT, "never mind")
        assert held.working.wait(10)
        slack.sandbox.client.delete(DANA, DIRECT, posted.ts)
        door = DoorStore(slack.journal)
        slack.wait(lambda: not door.open_turns(), "the withdrawal")
        held.let_go()
        slack.finish()
        assert slack.replies(DIRECT) == []
