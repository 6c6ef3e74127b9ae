"""Every other door: follow-ups, shortcuts, the form, files, refinements, App Home, access."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

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

from bot.answer import Setting
from bot.journal.door import DoorStore
from bot.journal.door_records import EventKind, Turn, TurnState
from bot.sandbox import validator
from bot.sandbox.records import Channel, Person
from bot.slack import names, wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.answer import Answer, Question
    from bot.sandbox.records import Posted


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("doors")) as made:
        made.sandbox.client.hears_channels = True
        yield made


def settled(slack: Scene) -> None:
    slack.wait(lambda: not DoorStore(slack.journal).open_turns(), "every turn settled")


def ask(slack: Scene, text: str, thread: str = "", person: str = DANA) -> Posted:
    """Write in the channel and wait for the answer; the question."""
    count = len(slack.assistant.asked)
    posted, _ = slack.sandbox.client.say(person, CODING, text, thread)
    slack.wait(lambda: len(slack.assistant.asked) > count, "the question")
    settled(slack)
    return posted


def private(slack: Scene, person: str = DANA) -> list[Posted]:
    return [m for m in slack.sandbox.workspace.from_bot() if m.visible_to == person]


# -- follow-ups and refinements ----------------------------------------------------------------


def test_a_follow_up_in_a_thread_of_its_own_needs_no_mention(slack: Scene) -> None:
    first = ask(slack, "@Codecite right knee osteoarthritis")
    ask(slack, "what about the left one?", first.ts, MORGAN)
    asked = slack.assistant.asked[-1]
    assert asked.text == "left knee osteoarthritis"
    assert asked.context == ("right knee osteoarthritis",)
    shown = slack.replies(CODING, first.ts)[-1]
    assert "Read together" in shown
    assert "left knee osteoarthritis" in shown


@pytest.mark.parametrize("words", ["thanks!", "Okay, got it", f"<@{MORGAN}> what do you think"])
def test_what_people_say_to_each_other_is_no_question(slack: Scene, words: str) -> None:
    first = ask(slack, "@Codecite gout")
    count = len(slack.assistant.asked)
    ts = slack.sandbox.workspace.next_ts()
    envelope = slack.sandbox.client.deliver(
        {"type": "message", "channel": CODING, "channel_type": "channel", "user": DANA,
         "text": words, "ts": ts, "thread_ts": first.ts}
    )  # fmt: skip
    slack.wait(lambda: envelope.acknowledged, "the acknowledgement")
    assert len(slack.assistant.asked) == count
    assert DoorStore(slack.journal).turn(f"message:T0SANDBOX:{CODING}:{ts}") is None


def test_a_thread_that_others_opened_needs_the_mention(slack: Scene) -> None:
    opened, _ = slack.sandbox.client.say(DANA, CODING, "shall we code this together?")
    ask(slack, "@Codecite gout", opened.ts)
    count = len(slack.assistant.asked)
    _, envelopes = slack.sandbox.client.say(DANA, CODING, "asthma", opened.ts)
    slack.wait(lambda: all(e.acknowledged for e in envelopes), "the acknowledgement")
    assert len(slack.assistant.asked) == count


def test_settings_said_once_hold_for_the_thread(slack: Scene) -> None:
    first = ask(slack, "@Codecite possible pneumonia, inpatient")
    assert slack.assistant.asked[-1].setting is Setting.INPATIENT
    assert slack.assistant.asked[-1].text == "possible pneumonia"
    ask(slack, "as of last September", first.ts)
    asked = slack.assistant.asked[-1]
    assert (asked.text, asked.day) == ("possible pneumonia", date(2026, 9, 30))
    ask(slack, "@Codecite sepsis", first.ts)
    asked = slack.assistant.asked[-1]
    assert (asked.setting, asked.day) == (Setting.INPATIENT, date(2026, 9, 30))
    ask(slack, "@Codecite sepsis, elsewhere")
    asked = slack.assistant.asked[-1]
    assert (asked.setting, asked.day) == (Setting.OUTPATIENT, NOON.date())


def test_a_setting_with_nothing_before_it_is_noted(slack: Scene) -> None:
    count = len(slack.assistant.asked)
    first, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite inpatient")
    slack.wait(lambda: slack.replies(CODING, first.ts), "a word")
    assert len(slack.assistant.asked) == count
    assert "Noted for this conversation: inpatient" in slack.replies(CODING, first.ts)[0]


def test_a_direct_message_is_one_conversation(slack: Scene) -> None:
    for text in ("type 2 diabetes", "and if it is type 1"):
        count = len(slack.assistant.asked)
        slack.sandbox.client.say(MORGAN, "D0MORGAN", text)
        slack.wait(lambda: len(slack.assistant.asked) > count, "the question")  # noqa: B023  # at once
        settled(slack)
    assert slack.assistant.asked[-1].text == "type 1 diabetes"


def test_context_survives_a_restart(tmp_path) -> None:
    with scene(tmp_path) as slack:
        first = ask(slack, "@Codecite right knee osteoarthritis, inpatient")
        slack.finish()
        with connected(slack.sandbox, slack.assistant, tmp_path) as again:
            slack.connections[:] = [again]
            slack.wait(lambda: slack.sandbox.hub.connections == 1, "the new connection")
            ask(slack, "@Codecite the left one", first.ts)
            again.stop()
        asked = slack.assistant.asked[-1]
        assert asked.text == "left knee osteoarthritis"
        assert asked.setting is Setting.INPATIENT


def test_answers_of_a_thread_come_in_the_order_of_its_questions(tmp_path) -> None:
    with scene(tmp_path) as slack:
        root = ask(slack, "@Codecite begin")

        def uneven(question: Question) -> Answer:
            number = int(question.text.split()[-1])
            if number % 2 == 0:
                slack.sandbox.workspace.wait_until(lambda: False, 0.15)
            return answered(question, headline=f"Number {number}.")

        slack.assistant.script = uneven
        for number in range(8):
            slack.sandbox.client.say(DANA, CODING, f"@Codecite number {number}", root.ts)
        slack.wait(lambda: len(slack.replies(CODING, root.ts)) == 9, "eight answers")
        slack.finish()
        found = [t for t in slack.replies(CODING, root.ts) if "Number" in t]
        numbers = [int(t.split("Number ")[1].split(".")[0]) for t in found]
        assert numbers == list(range(8))
        # An answer that comes when a newer question waits says which question it is for.
        assert wording.EARLIER.strip("_") in found[0]
        assert wording.EARLIER.strip("_") not in found[-1]


# -- shortcuts, the form, files ------------------------------------------------------------------


def test_the_message_shortcut_answers_its_user_alone(slack: Scene) -> None:
    posted, _ = slack.sandbox.client.say(MORGAN, CODING, "left ankle sprain, she says")
    before = len(private(slack))
    slack.sandbox.client.message_shortcut(DANA, CODING, posted.ts, names.SUGGEST_SHORTCUT)
    slack.wait(lambda: len(private(slack)) > before, "the private answer")
    settled(slack)
    asked = slack.assistant.asked[-1]
    assert (asked.text, asked.person) == ("left ankle sprain, she says", DANA)
    shown = json.dumps(private(slack)[-1].blocks)
    assert names.SHARE in shown


def test_the_form_gives_everything_that_decides_a_code(slack: Scene) -> None:
    slack.sandbox.client.shortcut(DANA, names.NOTE_SHORTCUT)
    workspace = slack.sandbox.workspace
    slack.wait(lambda: workspace.views.get(DANA), "the form")
    view = workspace.top_view(DANA)
    assert validator.view_problems(view) == []
    before = len(workspace.from_bot(DIRECT))
    slack.sandbox.client.submit(
        DANA,
        {"setting": "inpatient", "date": "2026-09-30", "age": "54", "sex": "female",
         "systems": ["icd10cm", "hcpcs"], "note": "Acute kidney injury.\nSepsis."},
    )  # fmt: skip
    slack.wait(lambda: len(workspace.from_bot(DIRECT)) > before, "the answer in the messages")
    settled(slack)
    asked = slack.assistant.asked[-1]
    assert asked.text == "Acute kidney injury.\nSepsis."
    assert (asked.setting, asked.day) == (Setting.INPATIENT, date(2026, 9, 30))
    assert (asked.age, asked.sex, asked.systems) == (54, "female", ("icd10cm", "hcpcs"))
    assert "From “Code a note”" in workspace.from_bot(DIRECT)[-1].text
    assert not workspace.views[DANA]


def test_a_text_file_is_read_with_the_message(slack: Scene) -> None:
    client = slack.sandbox.client
    note = client.upload("note.txt", "Sepsis – due to E. coli.".encode())
    picture = client.upload("x.png", b"\x89PNG", "image/png")
    count = len(slack.assistant.asked)
    client.say(DANA, DIRECT, "please code", files=(note, picture))
    slack.wait(lambda: len(slack.assistant.asked) > count, "the question")
    settled(slack)
    assert slack.assistant.asked[-1].text == "please code\n\nSepsis – due to E. coli."
    assert wording.FILE_NOT_TEXT in slack.sandbox.workspace.from_bot(DIRECT)[-1].text


@pytest.mark.parametrize(
    ("content", "mimetype", "said"),
    [
        (b"x" * 1_000_001, "text/plain", wording.FILE_TOO_LARGE),
        (b"%PDF", "application/pdf", wording.FILE_NOT_TEXT),
    ],
)
def test_a_file_that_is_not_read_is_said_so(
    slack: Scene, content: bytes, mimetype: str, said: str
) -> None:
    file = slack.sandbox.client.upload("f", content, mimetype)
    count = len(slack.assistant.asked)
    before = len(slack.sandbox.workspace.from_bot(DIRECT))
    slack.sandbox.client.say(DANA, DIRECT, "", files=(file,))
    slack.wait(lambda: len(slack.sandbox.workspace.from_bot(DIRECT)) > before, "a word")
    assert said in slack.sandbox.workspace.from_bot(DIRECT)[-1].text
    assert len(slack.assistant.asked) == count


def test_the_token_goes_to_slack_only(slack: Scene) -> None:
    from bot.slack.files import FileReader

    file = {"mimetype": "text/plain", "size": 3, "url_private": "https://evil.test/files/F1"}
    attached = FileReader().read("xoxb-secret", [file])
    assert attached.texts == ()
    assert attached.problems == (wording.FILE_NOT_READ,)


# -- App Home ------------------------------------------------------------------------------------


def home_of(slack: Scene, person: str) -> str:
    workspace = slack.sandbox.workspace
    calls = len(workspace.calls_of("views.publish"))
    slack.sandbox.client.open_app(person, "home")
    slack.wait(lambda: len(workspace.calls_of("views.publish")) > calls, "the Home tab")
    assert validator.view_problems(workspace.homes[person]) == []
    return json.dumps(workspace.homes[person], ensure_ascii=False)


def test_home_shows_ones_own_questions_and_their_outcome(tmp_path) -> None:
    with scene(tmp_path) as slack:
        slack.assistant.script = lambda q: answered(
            q, suggestions=(suggestion("I10" if q.person == DANA else "J45.909"),)
        )
        posted = ask(slack, "@Codecite Zebulon has hypertension")
        ask(slack, "@Codecite asthma", person=MORGAN)
        answer = slack.sandbox.workspace.in_thread(CODING, posted.ts)[-1]
        slack.sandbox.client.press(DANA, CODING, answer.ts, names.ACCEPT)
        door = DoorStore(slack.journal)
        slack.wait(lambda: door.events_since(NOON, EventKind.ACCEPTED), "the decision")
        coder = home_of(slack, DANA)
        assert "`I10`" in coder
        assert "✅ Accepted" in coder
        assert "J45.909" not in coder
        assert "Review queue" not in coder
        assert "Zebulon" not in coder
        assert "FY2027" in coder
        assert f"/archives/{CODING}/p" in coder
        lead = home_of(slack, MORGAN)
        assert "Review queue" in lead
        assert "Zebulon" not in lead


def test_an_answer_opens_from_home_without_the_note(tmp_path) -> None:
    with scene(tmp_path) as slack:
        ask(slack, "@Codecite Zebulon has hypertension")
        home_of(slack, DANA)
        slack.sandbox.client.press_home(DANA, names.HOME_OPEN)
        views = slack.sandbox.workspace.views
        slack.wait(lambda: views.get(DANA), "the modal")
        shown = json.dumps(views[DANA][-1], ensure_ascii=False)
        assert "E11.22" in shown
        assert "Zebulon" not in shown
        assert "type 2 diabetes with diabetic CKD" not in shown  # a quote of the note
        slack.sandbox.client.press_view(DANA, names.HOME_SHOW)
        slack.wait(lambda: slack.sandbox.workspace.from_bot(DIRECT), "the whole answer")
        assert "type 2 diabetes with diabetic CKD" in json.dumps(
            slack.sandbox.workspace.from_bot(DIRECT)[-1].blocks
        )


def test_settings_of_home_hold_for_the_next_question(tmp_path) -> None:
    with scene(tmp_path) as slack:
        home_of(slack, DANA)
        for action, chosen in (
            (names.HOME_SETTING, "inpatient"),
            (names.HOME_SYSTEMS, ["icd10cm", "icd10pcs"]),
            (names.HOME_DATE, "2026-09-30"),
        ):
            calls = len(slack.sandbox.workspace.calls_of("views.publish"))
            slack.sandbox.client.press_home(DANA, action, chosen)
            slack.wait(
                lambda: len(slack.sandbox.workspace.calls_of("views.publish")) > calls,  # noqa: B023  # at once
                "the Home tab",
            )
        ask(slack, "@Codecite sepsis")
        asked = slack.assistant.asked[-1]
        assert (asked.setting, asked.systems) == (Setting.INPATIENT, ("icd10cm", "icd10pcs"))
        assert asked.day == date(2026, 9, 30)
        ask(slack, "@Codecite outpatient: sepsis")
        assert slack.assistant.asked[-1].setting is Setting.OUTPATIENT


# -- access --------------------------------------------------------------------------------------


def refused(slack: Scene) -> list[str]:
    return [
        e.details["why"]
        for e in DoorStore(slack.journal).events_since(NOON - timedelta(days=1), EventKind.REFUSED)
    ]


def people(slack: Scene, **changes: Any) -> None:
    slack.sandbox.workspace.change_person(replace(slack.sandbox.workspace.people[DANA], **changes))


@pytest.mark.parametrize(
    ("settings", "change", "why"),
    [
        ({"slack_teams": ("T0OTHER",)}, None, "team"),
        ({"slack_channels": ("C0OTHER",)}, None, "channel"),
        ({"slack_groups": ("S1",)}, None, "group"),
        ({}, lambda slack: people(slack, guest=True), "guest"),
        ({}, lambda slack: people(slack, deleted=True), "deactivated"),
        ({}, lambda slack: people(slack, home_team="T0FAR"), "stranger"),
        (
            {},
            lambda slack: slack.sandbox.workspace.channels.update(
                {CODING: replace(slack.sandbox.workspace.channels[CODING], ext_shared=True)}
            ),
            "shared-channel",
        ),
        ({"slack_questions_per_minute": 1}, lambda slack: ask(slack, "@Codecite first"), "rate"),
    ],
    ids=["team", "channel", "group", "guest", "deactivated", "stranger", "shared", "rate"],
)
def test_who_may_not_ask_is_told_kindly_and_alone(tmp_path, settings, change, why) -> None:
    with scene(tmp_path, **settings) as slack:
        slack.sandbox.workspace.groups["S1"] = (MORGAN,)
        if change is not None:
            change(slack)
        count = len(slack.assistant.asked)
        slack.sandbox.client.say(DANA, CODING, "@Codecite gout")
        slack.wait(lambda: private(slack), "the refusal")
        slack.finish()
        assert private(slack)[-1].text == wording.REFUSALS[why]
        assert len(slack.assistant.asked) == count
        assert refused(slack) == [why]


def test_the_same_gate_stands_before_commands_and_buttons(tmp_path) -> None:
    with scene(tmp_path) as slack:
        posted = ask(slack, "@Codecite gout")
        answer = slack.sandbox.workspace.in_thread(CODING, posted.ts)[-1]
        envelope = slack.sandbox.client.deactivate(DANA)
        slack.wait(lambda: envelope.acknowledged, "the change")
        slack.wait(
            lambda: _tried(slack, lambda: slack.sandbox.client.command(DANA, CODING, "/code", "x")),
            "the refusal of the command",
        )
        slack.sandbox.client.press(DANA, CODING, answer.ts, names.ACCEPT)
        slack.wait(lambda: refused(slack).count("deactivated") >= 2, "the refusal of the button")
        door = DoorStore(slack.journal)
        assert door.events_since(NOON, EventKind.ACCEPTED) == ()


def _tried(slack: Scene, act: Any) -> bool:
    act()
    return bool(refused(slack))


def test_members_of_a_group_may_ask(tmp_path) -> None:
    with scene(tmp_path, slack_groups=("S1",)) as slack:
        slack.sandbox.workspace.groups["S1"] = (DANA,)
        ask(slack, "@Codecite gout")
        assert refused(slack) == []


@pytest.mark.parametrize(
    ("settings", "may"),
    [
        ({}, True),
        ({"slack_clinicians": (DANA,)}, False),
        ({"slack_coders": ("S1",)}, False),
        ({"slack_coders": ("S2",)}, True),
        ({"slack_coders": (MORGAN,), "slack_admins": (DANA,)}, True),
    ],
    ids=["default", "clinician", "no coder", "coder by group", "admin"],
)
def test_only_who_codes_decides(tmp_path, settings, may: bool) -> None:
    with scene(tmp_path, **settings) as slack:
        slack.sandbox.workspace.groups |= {"S1": (MORGAN,), "S2": (DANA,)}
        posted = ask(slack, "@Codecite gout")
        answer = slack.sandbox.workspace.in_thread(CODING, posted.ts)[-1]
        slack.sandbox.client.press(DANA, CODING, answer.ts, names.ACCEPT)
        door = DoorStore(slack.journal)
        if may:
            slack.wait(lambda: door.events_since(NOON, EventKind.ACCEPTED), "the decision")
        else:
            slack.wait(lambda: private(slack), "the refusal")
            assert private(slack)[-1].text == wording.REFUSALS["role"]
            assert refused(slack) == ["role"]


def test_without_the_scope_to_look_people_are_answered(tmp_path) -> None:
    with scene(tmp_path) as slack:
        slack.sandbox.workspace.scopes -= {"users:read", "channels:read", "groups:read"}
        ask(slack, "@Codecite gout")


def test_where_slack_cannot_be_asked_nobody_is_let_in(tmp_path) -> None:
    from bot.sandbox.web_api import Fault

    with scene(tmp_path) as slack:
        slack.sandbox.api.fail_next("users.info", Fault(error="fatal_error"))
        posted, _ = slack.sandbox.client.say(DANA, CODING, "@Codecite gout")
        slack.wait(lambda: slack.replies(CODING, posted.ts), "a sentence")
        slack.finish()
        assert "error id" in slack.replies(CODING, posted.ts)[0]
        assert slack.assistant.asked == []


def test_a_stranger_from_elsewhere_in_the_channel(tmp_path) -> None:
    with scene(tmp_path) as slack:
        far = Person("U0FAR", "far", "Far Away", "Guest", home_team="T0FAR")
        workspace = slack.sandbox.workspace
        workspace.people[far.id] = far
        members = (*workspace.channels[CODING].members, far.id)
        workspace.channels[CODING] = Channel(CODING, "coding", members)
        slack.sandbox.client.say(far.id, CODING, "@Codecite gout")
        slack.wait(lambda: private(slack, far.id), "the refusal")
        assert refused(slack) == ["stranger"]


# -- after a crash -------------------------------------------------------------------------------


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
