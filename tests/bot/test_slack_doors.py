"""Follow-ups in a thread, shortcuts, the form, and files."""

from __future__ import annotations

import json
from datetime import date
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
    ask,
    connected,
    private,
    scene,
    settled,
)

from bot.answer import Setting
from bot.journal.door import DoorStore
from bot.sandbox import validator
from bot.slack import names, wording

if TYPE_CHECKING:
    from bot.answer import Answer, Question


@pytest.fixture(autouse=True)
def hears_channels(slack: Scene) -> None:
    """The app is told what is said in its channels, mentioned or not."""
    slack.sandbox.client.hears_channels = True


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
