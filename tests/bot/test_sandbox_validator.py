"""The validator: for every limit, the last payload Slack takes and the first it does not."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.models.blocks import Block

from bot.sandbox.validator import message_problems, too_long, view_problems


def mrkdwn(length: int = 5, **extra: Any) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": "x" * length, **extra}


def plain(length: int = 5, **extra: Any) -> dict[str, Any]:
    return {"type": "plain_text", "text": "x" * length, **extra}


def section(length: int = 5, **extra: Any) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(length), **extra}


def button(number: int = 0, **extra: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": f"a{number}", "text": plain(), **extra}


def actions(*elements: dict[str, Any], **extra: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **extra}


def context(count: int) -> dict[str, Any]:
    return {"type": "context", "elements": [mrkdwn() for _ in range(count)]}


def feedback(value: str = "id", length: int = 5) -> dict[str, Any]:
    one = {"text": plain(length), "value": value}
    return {"type": "feedback_buttons", "positive_button": one, "negative_button": one}


def image(**extra: Any) -> dict[str, Any]:
    return {"type": "image", "alt_text": "a chart", "image_url": "https://x.test/i.png", **extra}


def markdown(length: int) -> dict[str, Any]:
    return {"type": "markdown", "text": "x" * length}


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(elements)}


QUOTE = {"type": "rich_text_quote", "elements": [{"type": "text", "text": "x"}]}

# (name, blocks that pass, blocks that do not, words of the problem)
PAIRS: list[tuple[str, list[Any], list[Any], str]] = [
    ("section text", [section(3_000)], [section(3_001)], "blocks[0].text.text: 3001"),
    ("section needs something", [section()], [{"type": "section"}], "needs text or fields"),
    (
        "field text",
        [{"type": "section", "fields": [mrkdwn(2_000)]}],
        [{"type": "section", "fields": [mrkdwn(2_001)]}],
        "fields[0].text: 2001",
    ),
    (
        "fields",
        [{"type": "section", "fields": [mrkdwn()] * 10}],
        [{"type": "section", "fields": [mrkdwn()] * 11}],
        "1 to 10 fields",
    ),
    (
        "header",
        [{"type": "header", "text": plain(150)}],
        [{"type": "header", "text": plain(151)}],
        "151 characters",
    ),
    (
        "header is plain",
        [{"type": "header", "text": plain()}],
        [{"type": "header", "text": mrkdwn()}],
        "must be plain_text",
    ),
    ("empty text", [section(1)], [section(0)], "text.text: required"),
    ("text object", [section()], [{"type": "section", "text": "words"}], "a text object"),
    (
        "verbatim is for mrkdwn",
        [{"type": "section", "text": mrkdwn(verbatim=True)}],
        [{"type": "section", "text": plain(verbatim=True)}],
        "verbatim: only for mrkdwn",
    ),
    (
        "emoji is for plain",
        [{"type": "section", "text": plain(emoji=True)}],
        [{"type": "section", "text": mrkdwn(emoji=True)}],
        "emoji: only for plain_text",
    ),
    ("context elements", [context(10)], [context(11)], "1 to 10 elements"),
    ("context is not empty", [context(1)], [context(0)], "1 to 10 elements"),
    (
        "context text",
        [{"type": "context", "elements": [mrkdwn(3_000)]}],
        [{"type": "context", "elements": [mrkdwn(3_001)]}],
        "3001 characters",
    ),
    (
        "actions elements",
        [actions(*(button(n) for n in range(25)))],
        [actions(*(button(n) for n in range(26)))],
        "1 to 25 elements",
    ),
    (
        "button text",
        [actions(button(text=plain(75)))],
        [actions(button(text=plain(76)))],
        "76 characters",
    ),
    (
        "button value",
        [actions(button(value="v" * 2_000))],
        [actions(button(value="v" * 2_001))],
        "value: 2001",
    ),
    ("button url", [actions(button(url="u" * 3_000))], [actions(button(url="u" * 3_001))], "url"),
    ("button style", [actions(button(style="danger"))], [actions(button(style="red"))], "style"),
    (
        "button label",
        [actions(button(accessibility_label="l" * 75))],
        [actions(button(accessibility_label="l" * 76))],
        "accessibility_label",
    ),
    (
        "action ids in a block",
        [actions(button(1), button(2))],
        [actions(button(1), button(1))],
        "action_id: used twice",
    ),
    (
        "action ids across blocks",
        [actions(button(1)), actions(button(1))],
        [actions(button(1), button(1))],
        "used twice",
    ),
    (
        "action id length",
        [actions(button(action_id="a" * 255))],
        [actions(button(action_id="a" * 256))],
        "action_id: 1 to 255",
    ),
    (
        "accessory",
        [section(accessory=button())],
        [section(accessory=button(text=plain(76)))],
        "accessory.text",
    ),
    (
        "block ids",
        [section(block_id="a"), section(block_id="b")],
        [section(block_id="a"), section(block_id="a")],
        "blocks[1].block_id: used twice",
    ),
    (
        "block id length",
        [section(block_id="b" * 255)],
        [section(block_id="b" * 256)],
        "block_id: 1 to 255",
    ),
    (
        "feedback",
        [{"type": "context_actions", "elements": [feedback("v" * 2_000, 75)]}],
        [{"type": "context_actions", "elements": [feedback("v" * 2_001, 75)]}],
        "value: 2001",
    ),
    (
        "context actions elements",
        [{"type": "context_actions", "elements": [feedback()] * 5}],
        [{"type": "context_actions", "elements": [feedback()] * 6}],
        "1 to 5 elements",
    ),
    (
        "context actions take no button",
        [{"type": "context_actions", "elements": [feedback()]}],
        [{"type": "context_actions", "elements": [button()]}],
        "feedback_buttons or icon_button",
    ),
    ("markdown", [markdown(12_000)], [markdown(12_001)], "markdown"),
    ("markdown in all", [markdown(6_000)] * 2, [markdown(6_000), markdown(6_001)], "12001"),
    ("blocks", [section()] * 50, [section()] * 51, "51 blocks, at most 50"),
    ("block type", [section()], [{"type": "sektion"}], "unsupported block 'sektion'"),
    ("divider", [{"type": "divider"}], [{"type": "divider", "text": mrkdwn()}], "has no text"),
    ("image", [image()], [{"type": "image", "alt_text": "x"}], "image_url or slack_file"),
    ("image alt text", [image(alt_text="x" * 2_000)], [image(alt_text="x" * 2_001)], "alt_text"),
    ("image title", [image(title=plain(2_000))], [image(title=plain(2_001))], "title"),
    ("rich text", [rich(QUOTE)], [rich({"type": "rich_text_poem"})], "rich_text_poem"),
    ("rich text parts", [rich(QUOTE)], [rich({"type": "rich_text_quote"})], "elements: required"),
    (
        "input",
        [{"type": "input", "label": plain(2_000), "element": {"type": "plain_text_input"}}],
        [{"type": "input", "label": plain(2_001), "element": {"type": "plain_text_input"}}],
        "label",
    ),
]


@pytest.mark.parametrize(
    ("good", "bad", "words"), [pair[1:] for pair in PAIRS], ids=[pair[0] for pair in PAIRS]
)
def test_each_limit_from_both_sides(good: list[Any], bad: list[Any], words: str) -> None:
    assert message_problems({"text": "t", "blocks": good}) == []
    problems = message_problems({"text": "t", "blocks": bad})
    assert any(words in problem for problem in problems), problems


@pytest.mark.parametrize("blocks", ["[]", {"type": "section"}, ["section"], 7])
def test_blocks_are_a_list_of_objects(blocks: Any) -> None:
    assert message_problems({"blocks": blocks}) == ["blocks: must be a list of objects"]


def test_a_message_may_have_no_blocks() -> None:
    assert message_problems({"text": "words"}) == []


def test_the_text_of_a_message() -> None:
    assert message_problems({"text": "x" * 40_000}) == []
    assert message_problems({"text": "x" * 40_001}) != []


@pytest.mark.parametrize(("length", "answer"), [(2_640, False), (2_641, True)])
def test_all_text_together(length: int, answer: bool) -> None:
    assert too_long({"blocks": [section(length)] * 5}) is answer


def modal(**changes: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain(), "blocks": [section()], **changes}


INPUT = {"type": "input", "label": plain(), "element": {"type": "plain_text_input"}}


@pytest.mark.parametrize(
    ("good", "bad", "words"),
    [
        (modal(title=plain(24)), modal(title=plain(25)), "title"),
        (modal(submit=plain(24)), modal(submit=plain(25)), "submit"),
        (modal(submit=plain(), blocks=[INPUT]), modal(blocks=[INPUT]), "submit: required"),
        (modal(private_metadata="m" * 3_000), modal(private_metadata="m" * 3_001), "private"),
        (modal(callback_id="c" * 255), modal(callback_id="c" * 256), "callback_id"),
        (modal(blocks=[section()] * 100), modal(blocks=[section()] * 101), "at most 100"),
        (modal(), modal(blocks=[markdown(5)]), "unsupported block 'markdown'"),
        (modal(), modal(type="panel"), "type: must be home or modal"),
        ({"type": "home", "blocks": []}, {"type": "home"}, "must be a list"),
    ],
)
def test_views_from_both_sides(good: Any, bad: Any, words: str) -> None:
    assert view_problems(good) == []
    assert any(words in problem for problem in view_problems(bad))


@pytest.mark.parametrize("name", [pair[0] for pair in PAIRS if pair[0] in (
    "section text", "fields", "header", "context elements", "actions elements", "button text",
    "button value", "block id length", "section needs something", "markdown",
)])  # fmt: skip
def test_the_sdks_own_models_agree(name: str) -> None:
    """slack_sdk checks some of the same limits: it must judge both sides alike."""
    from slack_sdk.errors import SlackObjectFormationError

    good, bad = next(pair[1:3] for pair in PAIRS if pair[0] == name)

    def build(blocks: list[Any]) -> None:
        for block in Block.parse_all(blocks):
            block.to_dict()

    build(good)
    with pytest.raises(SlackObjectFormationError):
        build(bad)
