"""The Slack app end to end: real Bolt, WebSocket, Web API over HTTP and journal."""

from __future__ import annotations

from contextlib import ExitStack
from threading import Event
from typing import TYPE_CHECKING

import pytest
from slack_support import (
    CODING,
    DANA,
    DIRECT,
    MORGAN,
    NOON,
    Scene,
    answered,
    connected,
    scene,
    suggestion,
)

from bot.errors import QuestionError
from bot.journal.door import DoorStore
from bot.journal.door_records import EventKind
from bot.sandbox.web_api import Fault
from bot.slack import wording
from bot.slack.blocks import SHARE_ACTION
from codesets.errors import ReleaseUnavailableError
from codesets.models import System

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.answer import Answer, Question


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """One scene for the tests that can share it; each uses its own thread."""
    with scene(tmp_path_factory.mktemp("slack")) as made:
        yield made


@pytest.fixture(autouse=True)
def usual_script(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "slack" in request.fixturenames:
        request.getfixturevalue("slack").assistant.script = answered


def test_a_mention_is_answered_in_its_thread(slack: Scene) -> None:
    posted, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite left knee osteoarthritis")
    slack.wait(lambda: slack.replies(CODING, posted.ts), "an answer in the thread")

    (asked,) = slack.asked("left knee")
    assert asked.text == "left knee osteoarthritis"
    assert (asked.person, asked.channel, asked.thread) == (DANA, CODING, posted.ts)
    assert (asked.door, asked.day) == ("slack", NOON.date())
    (call,) = [
        call
        for call in slack.sandbox.workspace.calls_of("chat.postMessage")
        if call.arguments.get("thread_ts") == posted.ts
    ]
    assert call.arguments["unfurl_links"] is False
    assert call.arguments["unfurl_media"] is False
    assert "E11.22" in call.arguments["text"]


def test_the_answer_is_marked_as_delivered_under_its_message(slack: Scene) -> None:
    posted, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite delivery")
    slack.wait(lambda: slack.replies(CODING, posted.ts), "an answer in the thread")
    (reply,) = slack.sandbox.workspace.in_thread(CODING, posted.ts)
    exchange = next(e for e in slack.journal.list() if e.text == "delivery")

    slack.wait(lambda: slack.journal.deliveries_of(exchange.exchange_id), "a mark")
    (delivery,) = slack.journal.deliveries_of(exchange.exchange_id)
    assert (delivery.channel, delivery.message_ts) == (CODING, reply.ts)


def test_a_direct_message_is_answered_where_it_is(slack: Scene) -> None:
    before = len(slack.replies(DIRECT))
    slack.sandbox.client.say(DANA, DIRECT, "essential hypertension")
    slack.wait(lambda: len(slack.replies(DIRECT)) > before, "an answer")

    (asked,) = slack.asked("essential hypertension")
    assert (asked.channel, asked.thread) == (DIRECT, "")


def test_a_direct_message_in_a_thread_is_answered_in_it(slack: Scene) -> None:
    first, _ = slack.sandbox.client.say(DANA, DIRECT, "pneumonia")
    slack.wait(lambda: slack.asked("pneumonia"), "the first question")
    slack.sandbox.client.say(DANA, DIRECT, "and viral", first.ts)
    slack.wait(lambda: slack.replies(DIRECT, first.ts), "an answer in the thread")


def test_a_channel_message_that_names_nobody_is_not_a_question(tmp_path) -> None:
    with scene(tmp_path) as slack:
        slack.sandbox.client.hears_channels = True
        slack.sandbox.client.say(DANA, CODING, "lunch?")
        slack.finish()
        assert slack.assistant.asked == []
        assert slack.sandbox.workspace.from_bot() == []


def test_earlier_questions_of_the_thread_are_its_context(slack: Scene) -> None:
    first, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite fracture of the wrist")
    slack.wait(lambda: slack.replies(CODING, first.ts), "the first answer")
    slack.sandbox.client.say(MORGAN, CODING, "@Codecite pneumonia", first.ts)
    slack.wait(lambda: len(slack.replies(CODING, first.ts)) == 2, "the second answer")

    (asked,) = [q for q in slack.asked("pneumonia") if q.thread == first.ts]
    assert asked.context == ("fracture of the wrist",)
    other, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite another matter")
    slack.wait(lambda: slack.replies(CODING, other.ts), "the other answer")
    (unrelated,) = slack.asked("another matter")
    assert unrelated.context == ()


def test_it_acknowledges_before_it_answers(slack: Scene) -> None:
    may_answer = Event()

    def slow(question: Question) -> Answer:
        assert may_answer.wait(20)
        return answered(question)

    slack.assistant.script = slow
    posted, (envelope,) = slack.sandbox.client.say(DANA, CODING, "@Codecite slowly")
    try:
        slack.wait(lambda: envelope.acknowledged, "the acknowledgement")
        slack.wait(lambda: (CODING, posted.ts) in slack.sandbox.workspace.statuses, "the status")
        assert slack.sandbox.workspace.statuses[CODING, posted.ts] == wording.STATUS
        assert slack.replies(CODING, posted.ts) == []
    finally:
        may_answer.set()
    slack.wait(lambda: slack.replies(CODING, posted.ts), "the answer")
    assert (CODING, posted.ts) not in slack.sandbox.workspace.statuses


def test_twenty_slow_answers_do_not_hold_up_an_acknowledgement(slack: Scene) -> None:
    may_answer = Event()

    def slow(question: Question) -> Answer:
        assert may_answer.wait(20)
        return answered(question)

    slack.assistant.script = slow
    sent = [
        slack.sandbox.client.say(DANA, CODING, f"@Codecite many {number}") for number in range(20)
    ]
    try:
        slack.wait(
            lambda: all(envelope.acknowledged for _, (envelope,) in sent), "20 acknowledgements"
        )
    finally:
        may_answer.set()
    slack.wait(lambda: all(slack.replies(CODING, posted.ts) for posted, _ in sent), "20 answers")


@pytest.mark.parametrize(
    "fault",
    [Fault(error="not_allowed_token_type"), Fault(status=500), Fault(error="channel_not_found")],
    ids=lambda fault: fault.error or str(fault.status),
)
def test_a_failing_status_costs_nothing(slack: Scene, fault: Fault) -> None:
    slack.sandbox.api.fail_next("assistant.threads.setStatus", fault)
    posted, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite without a status")
    slack.wait(lambda: slack.replies(CODING, posted.ts), "an answer all the same")
    assert "E11.22" in slack.replies(CODING, posted.ts)[0]


def test_a_server_error_of_slack_is_tried_again(slack: Scene) -> None:
    slack.sandbox.api.fail_next("chat.postMessage", Fault(status=503))
    posted, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite through a bad moment")
    slack.wait(lambda: slack.replies(CODING, posted.ts), "the answer after a retry")
    assert len(slack.replies(CODING, posted.ts)) == 1


def test_a_rate_limit_is_waited_out(slack: Scene) -> None:
    slack.sandbox.api.fail_next("chat.postMessage", Fault("ratelimited", 429, retry_after=1))
    posted, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite through a rate limit")
    slack.wait(lambda: slack.replies(CODING, posted.ts), "the answer after the wait")
    assert len(slack.replies(CODING, posted.ts)) == 1


def test_refused_blocks_leave_the_words(slack: Scene) -> None:
    slack.sandbox.api.fail_next("chat.postMessage", Fault(error="invalid_blocks"))
    posted, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite plain words")
    slack.wait(lambda: slack.replies(CODING, posted.ts), "the answer as text")
    (reply,) = slack.sandbox.workspace.in_thread(CODING, posted.ts)
    assert reply.blocks == []
    assert "N18.31" in reply.text


def test_a_question_error_is_said_as_it_is(slack: Scene) -> None:
    def refuse(question: Question) -> Answer:
        raise QuestionError("That text is too long: send the part to code.")

    slack.assistant.script = refuse
    posted, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite a very long note")
    slack.wait(lambda: slack.replies(CODING, posted.ts), "the sentence")
    assert slack.replies(CODING, posted.ts) == ["That text is too long: send the part to code."]


def test_a_long_answer_becomes_several_messages_in_order(slack: Scene) -> None:
    codes = [f"S{number}.0" for number in range(10, 50)]

    def long(question: Question) -> Answer:
        return answered(
            question,
            suggestions=tuple(suggestion(code, rationale="Because. " * 60) for code in codes),
        )

    slack.assistant.script = long
    posted, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite everything at once")
    slack.wait(
        lambda: any("exchange" in text for text in slack.replies(CODING, posted.ts)), "the footer"
    )
    replies = slack.replies(CODING, posted.ts)
    assert len(replies) > 1
    together = "\n".join(replies)
    positions = [together.index(f"{code}:") for code in codes]
    assert positions == sorted(positions)
    refused = [c for c in slack.sandbox.workspace.calls_of("chat.postMessage") if c.error]
    assert not [c for c in refused if c.arguments.get("thread_ts") == posted.ts]


def test_a_long_note_arrives_whole(slack: Scene) -> None:
    note = "Zuckerkrankheit mit Nephropathie – café & <b> " * 800
    posted, _ = slack.sandbox.client.say(DANA, CODING, f"@Codecite {note}")
    slack.wait(lambda: slack.replies(CODING, posted.ts), "the answer")
    (asked,) = slack.asked("Zuckerkrankheit")
    assert asked.text == note.strip()


def test_no_release_for_the_day_is_said_as_it_is(slack: Scene) -> None:
    def refuse(question: Question) -> Answer:
        raise ReleaseUnavailableError(System.ICD10CM, question.day, "FY2030")

    slack.assistant.script = refuse
    posted, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite in a year to come")
    slack.wait(lambda: slack.replies(CODING, posted.ts), "the sentence")
    assert "it needs FY2030" in slack.replies(CODING, posted.ts)[0]


def test_files_without_words_are_not_answered_as_if_read(slack: Scene) -> None:
    event = {
        "type": "message",
        "subtype": "file_share",
        "user": DANA,
        "channel": DIRECT,
        "channel_type": "im",
        "text": "",
        "files": [{"id": "F1", "name": "note.txt"}],
        "ts": slack.sandbox.workspace.next_ts(),
    }
    slack.sandbox.client.deliver(event)
    slack.wait(lambda: f"ℹ️ {wording.FILE_NOT_TEXT}" in slack.replies(DIRECT), "the sentence")


# -- once -----------------------------------------------------------------------------------------


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
        working, may_answer = Event(), Event()

        def slow(question: Question) -> Answer:
            if question.text == "first words":
                working.set()
                assert may_answer.wait(20)
            return answered(question, headline=f"About {question.text}.")

        slack.assistant.script = slow
        posted, _ = slack.sandbox.client.say(DANA, DIRECT, "first words")
        assert working.wait(10)
        (envelope,) = slack.sandbox.client.edit(DANA, DIRECT, posted.ts, "other words")
        slack.wait(lambda: envelope.acknowledged, "the edit")
        turn = DoorStore(slack.journal)
        slack.wait(lambda: any(t.revision for t in turn.open_turns()), "the edit taken on")
        may_answer.set()
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
        working, may_answer = Event(), Event()

        def slow(question: Question) -> Answer:
            working.set()
            assert may_answer.wait(20)
            return answered(question)

        slack.assistant.script = slow
        posted, _ = slack.sandbox.client.say(DANA, DIRECT, "never mind")
        assert working.wait(10)
        slack.sandbox.client.delete(DANA, DIRECT, posted.ts)
        door = DoorStore(slack.journal)
        slack.wait(lambda: not door.open_turns(), "the withdrawal")
        may_answer.set()
        slack.finish()
        assert slack.replies(DIRECT) == []


# -- connections ----------------------------------------------------------------------------------


def test_a_refreshed_connection_loses_nothing(tmp_path) -> None:
    with scene(tmp_path, ack_seconds=0.5) as slack:
        may_answer = Event()

        def slow(question: Question) -> Answer:
            assert may_answer.wait(20)
            return answered(question)

        slack.assistant.script = slow
        before, (envelope,) = slack.sandbox.client.say(DANA, CODING, "@Codecite before")
        slack.wait(lambda: envelope.acknowledged, "the acknowledgement")
        slack.sandbox.hub.refresh()
        after, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite after")
        slack.wait(lambda: slack.sandbox.hub.connections == 1, "the new connection")
        may_answer.set()
        for posted in (before, after):
            slack.wait(lambda: slack.replies(CODING, posted.ts), "an answer")  # noqa: B023  # at once
        slack.finish()
        assert len(slack.assistant.asked) == 2


def test_a_dropped_connection_is_opened_again(tmp_path) -> None:
    with scene(tmp_path, ack_seconds=0.5) as slack:
        slack.sandbox.hub.drop()
        posted, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite after the drop")
        slack.wait(lambda: slack.replies(CODING, posted.ts), "the answer")


def test_stopping_finishes_the_running_answer(tmp_path) -> None:
    with scene(tmp_path) as slack:
        working, may_answer = Event(), Event()

        def slow(question: Question) -> Answer:
            working.set()
            assert may_answer.wait(20)
            return answered(question)

        slack.assistant.script = slow
        posted, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite last words")
        assert working.wait(10)
        slack.sandbox.workspace.on_change(
            lambda: may_answer.set() if slack.sandbox.hub.connections == 0 else None
        )
        slack.finish()
        assert len(slack.replies(CODING, posted.ts)) == 1


# -- the command and its button -------------------------------------------------------------------


def ephemeral(slack: Scene, person: str = DANA) -> list:
    return [m for m in slack.sandbox.workspace.from_bot(CODING) if m.visible_to == person]


def test_the_command_answers_only_who_typed_it_and_shares_when_asked(tmp_path) -> None:
    with scene(tmp_path) as slack:
        envelope = slack.sandbox.client.command(DANA, CODING, "/code", "left knee osteoarthritis")
        slack.wait(lambda: ephemeral(slack), "the ephemeral answer")
        assert envelope.acknowledged is not None
        (private,) = ephemeral(slack)
        assert "E11.22" in private.text
        assert [m for m in slack.sandbox.workspace.from_bot(CODING) if not m.visible_to] == []

        (button,) = private.blocks[-1]["elements"]
        (exchange,) = slack.journal.list()
        assert (button["action_id"], button["value"]) == (SHARE_ACTION, exchange.exchange_id)

        slack.sandbox.client.press(DANA, CODING, private.ts, SHARE_ACTION)
        slack.sandbox.client.press(DANA, CODING, private.ts, SHARE_ACTION)
        slack.wait(lambda: len(ephemeral(slack)) == 2, "the word that it is shared already")
        slack.finish()
        (public,) = [m for m in slack.sandbox.workspace.from_bot(CODING) if not m.visible_to]
        assert f"<@{DANA}>" in public.text
        assert "N18.31" in public.text
        assert ephemeral(slack)[1].text == wording.SHARED_ALREADY


def test_nobody_shares_the_answer_of_another(tmp_path) -> None:
    with scene(tmp_path) as slack:
        slack.sandbox.client.command(DANA, CODING, "/code", "gout")
        slack.wait(lambda: ephemeral(slack), "the ephemeral answer")
        private = ephemeral(slack)[0]
        posted = slack.sandbox.workspace.post(
            CODING, slack.sandbox.workspace.bot.user_id, "forged", blocks=private.blocks
        )
        slack.sandbox.client.press(MORGAN, CODING, posted.ts, SHARE_ACTION)
        slack.wait(lambda: ephemeral(slack, MORGAN), "the refusal")
        assert ephemeral(slack, MORGAN)[0].text == wording.NOT_YOURS_TO_SHARE


def test_an_empty_command_says_how_to_use_it(slack: Scene) -> None:
    before = len(ephemeral(slack))
    slack.sandbox.client.command(DANA, CODING, "/code", "  ")
    slack.wait(lambda: len(ephemeral(slack)) > before, "the usage line")
    assert ephemeral(slack)[-1].text == wording.COMMAND_USAGE


def test_a_command_answer_too_long_for_its_url_says_what_is_left_out(tmp_path) -> None:
    with scene(tmp_path) as slack:

        def long(question: Question) -> Answer:
            many = tuple(
                suggestion(f"S{number}.0", rationale="Because. " * 200) for number in range(10, 60)
            )
            return answered(question, suggestions=many)

        slack.assistant.script = long
        slack.sandbox.client.command(DANA, CODING, "/code", "everything")
        slack.wait(lambda: any("not fit" in m.text for m in ephemeral(slack)), "the last message")
        slack.finish()
        shown = sum(m.text.count("(First-listed") for m in ephemeral(slack))
        assert f"{50 - shown} more codes do not fit" in ephemeral(slack)[-1].text
        refused = [c for c in slack.sandbox.workspace.calls_of("response") if c.error]
        assert refused == []


# -- opening the app, and what nobody asked for ---------------------------------------------------


def test_opening_the_messages_tab_offers_four_prompts(slack: Scene) -> None:
    slack.sandbox.client.open_app(DANA, "messages")
    slack.wait(lambda: DIRECT in slack.sandbox.workspace.prompts, "prompts")
    offered = slack.sandbox.workspace.prompts[DIRECT]
    assert offered["title"] == wording.GREETING
    assert len(offered["prompts"]) == 4


def test_opening_the_home_tab_publishes_it(slack: Scene) -> None:
    slack.sandbox.client.open_app(MORGAN, "home")
    slack.wait(lambda: MORGAN in slack.sandbox.workspace.homes, "the home view")
    assert not [c for c in slack.sandbox.workspace.calls_of("views.publish") if c.error]


@pytest.mark.parametrize(
    "event",
    [
        {"type": "app_uninstalled"},
        {"type": "tokens_revoked", "tokens": {"bot": ["U0CODECITE"]}},
        {"type": "team_join", "user": {"id": DANA}},
        {"type": "message", "subtype": "channel_topic", "channel": CODING,
         "channel_type": "channel", "user": DANA, "text": "<@U0CODECITE> topic", "ts": "1.2"},
    ],
    ids=lambda event: event.get("subtype", event["type"]),
)  # fmt: skip
def test_every_other_event_is_acknowledged_and_answered_by_nothing(slack: Scene, event) -> None:
    before = len(slack.assistant.asked)
    envelope = slack.sandbox.client.deliver(event)
    slack.wait(lambda: envelope.acknowledged, "the acknowledgement")
    assert len(envelope.sent) == 1
    assert len(slack.assistant.asked) == before


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("slash_commands", {"command": "/other", "text": "x", "user_id": DANA}),
        ("interactive", {"type": "block_actions", "actions": [{"action_id": "old_button"}]}),
        ("interactive", {"type": "shortcut", "callback_id": "unknown"}),
        (
            "interactive",
            {"type": "view_submission", "view": {"type": "modal", "callback_id": "unknown"}},
        ),
    ],
    ids=["command", "action", "shortcut", "view"],
)
def test_what_no_listener_knows_is_acknowledged(slack: Scene, kind, payload) -> None:
    who = {"team": {"id": "T0SANDBOX"}, "user": {"id": DANA}, "team_id": "T0SANDBOX"}
    envelope = slack.sandbox.hub.send(kind, who | payload)
    slack.wait(lambda: envelope.acknowledged, "the acknowledgement")
