"""App Home: one's own questions, their answers, and settings for the next."""

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
    scene,
    suggestion,
)

from bot.answer import Setting
from bot.journal.door import DoorStore
from bot.journal.door_records import EventKind
from bot.sandbox import validator
from bot.slack import names

if TYPE_CHECKING:
    pass


@pytest.fixture(autouse=True)
def hears_channels(slack: Scene) -> None:
    """The app is told what is said in its channels, mentioned or not."""
    slack.sandbox.client.hears_channels = True


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
