"""What a crash left behind is found, answered once, and shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from slack_support import (
    CODING,
    DANA,
    DIRECT,
    NOON,
    Scene,
    ask,
    connected,
    scene,
)

from bot.journal.door import DoorStore
from bot.journal.door_records import Turn, TurnState
from bot.slack import names, wording

if TYPE_CHECKING:
    pass


def left_behind(slack: Scene, number: int, **changes: Any) -> Turn:
    """A turn of a process that died; its question is in the workspace."""
    posted = slack.sandbox.workspace.post(CODING, DANA, f"question {number}")
    turn = Turn(
        turn_id=f"message:T0SANDBOX:{CODING}:{posted.ts}", team="T0SANDBOX", channel=CODING,
        thread=posted.ts, position=posted.ts, person=DANA, door="message",
        exchange_id=f"crashed{number}", owner="elsewhere:1:x", started_at=NOON,
        lease_until=NOON - timedelta(seconds=1),
    )  # fmt: skip
    turn = replace(turn, **changes)
    assert DoorStore(slack.journal).begin(turn)
    return turn


def journalled(slack: Scene, turn: Turn) -> None:
    from slack_support import question

    slack.assistant(
        question(
            "the crashed question",
            exchange_id=turn.exchange_id,
            channel=turn.channel,
            thread=turn.thread,
            person=turn.person,
        )
    )


def test_what_a_crash_left_is_repaired_at_start(tmp_path) -> None:
    with scene(tmp_path) as slack:
        slack.finish()
        answered_ = left_behind(slack, 1)
        journalled(slack, answered_)
        lost = left_behind(slack, 2)
        posting = left_behind(slack, 3, state=TurnState.POSTING)
        journalled(slack, posting)
        privately = left_behind(slack, 4, door="command", thread="")
        journalled(slack, privately)
        overtaken = left_behind(slack, 5)
        journalled(slack, overtaken)
        left_behind(slack, 6, thread=overtaken.thread, state=TurnState.ANSWERED)
        alive = left_behind(slack, 7, lease_until=NOON + timedelta(seconds=30))
        with (
            connected(slack.sandbox, slack.assistant, tmp_path) as one,
            connected(slack.sandbox, slack.assistant, tmp_path) as two,
        ):
            door = DoorStore(slack.journal)
            slack.wait(lambda: len(door.open_turns()) == 1, "all but the living settled")
            one.stop()
            two.stop()
        (reply,) = slack.replies(CODING, answered_.thread)
        assert "E11.22" in reply
        assert slack.replies(CODING, lost.thread) == [wording.LOST]
        for turn in (posting, overtaken):
            (reply,) = slack.replies(CODING, turn.thread)
            assert reply == wording.MAYBE_SHOWN
        (told,) = slack.sandbox.workspace.from_bot(DIRECT)
        assert told.text == wording.MAYBE_SHOWN
        assert slack.replies(CODING, alive.thread) == []
        assert slack.journal.undelivered(NOON - timedelta(days=1), "slack") == ()


def test_the_button_after_a_crash_shows_the_answer(tmp_path) -> None:
    with scene(tmp_path) as slack:
        turn = left_behind(slack, 1, state=TurnState.POSTING)
        journalled(slack, turn)
        slack.connections[0]._app.repair.run()
        slack.wait(lambda: slack.replies(CODING, turn.thread), "the word")
        (posted,) = slack.sandbox.workspace.in_thread(CODING, turn.thread)
        slack.wait(lambda: not DoorStore(slack.journal).open_turns(), "settled")
        slack.sandbox.client.press(DANA, CODING, posted.ts, names.SHOW_ANSWER)
        slack.wait(
            lambda: "E11.22" in slack.replies(CODING, turn.thread)[0], "the answer in its place"
        )
        assert len(slack.replies(CODING, turn.thread)) == 1


def test_echoes_of_the_bots_own_words_ask_nothing(tmp_path) -> None:
    with scene(tmp_path) as slack:
        slack.sandbox.client.hears_channels = slack.sandbox.client.echoes = True
        posted = ask(slack, "@Codecite gout")
        slack.wait(lambda: slack.replies(CODING, posted.ts), "the answer")
        slack.finish()
        assert len(slack.assistant.asked) == 1
        assert len(slack.replies(CODING, posted.ts)) == 1
