"""The slash command, sharing, suggested prompts, and everything that nobody listens to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slack_support import (
    CODING,
    DANA,
    DIRECT,
    MORGAN,
    Scene,
    answered,
    scene,
    suggestion,
)

from bot.slack import wording
from bot.slack.blocks import SHARE_ACTION

if TYPE_CHECKING:
    from bot.answer import Answer, Question


pytestmark = pytest.mark.usefixtures("usual_script")


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
