"""Who may ask and who may decide; what a person who may not is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from slack_support import (
    CODING,
    DANA,
    MORGAN,
    NOON,
    Scene,
    ask,
    private,
    scene,
)

from bot.journal.door import DoorStore
from bot.journal.door_records import EventKind
from bot.sandbox.records import Channel, Person
from bot.slack import names, wording

if TYPE_CHECKING:
    pass


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
