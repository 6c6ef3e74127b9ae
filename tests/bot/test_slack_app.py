"""The Slack app end to end: real Bolt, WebSocket, Web API over HTTP and journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slack_support import (
    CODING,
    DANA,
    DIRECT,
    MORGAN,
    NOON,
    Held,
    Scene,
    answered,
    scene,
    suggestion,
)

from bot.errors import QuestionError
from bot.sandbox.web_api import Fault
from bot.slack import wording
from codesets.errors import ReleaseUnavailableError
from codesets.models import System

if TYPE_CHECKING:
    from bot.answer import Answer, Question


pytestmark = pytest.mark.usefixtures("usual_script")


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
    held = slack.assistant.script = Held()
    posted, (envelope,) = slack.sandbox.client.say(DANA, CODING, "@Codecite slowly")
    try:
        slack.wait(lambda: envelope.acknowledged, "the acknowledgement")
        slack.wait(lambda: (CODING, posted.ts) in slack.sandbox.workspace.statuses, "the status")
        assert slack.sandbox.workspace.statuses[CODING, posted.ts] == wording.STATUS
        assert slack.replies(CODING, posted.ts) == []
    finally:
        held.let_go()
    slack.wait(lambda: slack.replies(CODING, posted.ts), "the answer")
    assert (CODING, posted.ts) not in slack.sandbox.workspace.statuses


def test_twenty_slow_answers_do_not_hold_up_an_acknowledgement(slack: Scene) -> None:
    held = slack.assistant.script = Held()
    sent = [
        slack.sandbox.client.say(DANA, CODING, f"@Codecite many {number}") for number in range(20)
    ]
    try:
        slack.wait(
            lambda: all(envelope.acknowledged for _, (envelope,) in sent), "20 acknowledgements"
        )
    finally:
        held.let_go()
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
