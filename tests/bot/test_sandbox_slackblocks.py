"""The validator against `slackblocks`, whose constructors check Slack's limits independently."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import slackblocks as sb

from bot.sandbox.validator import message_problems, view_problems

if TYPE_CHECKING:
    from collections.abc import Callable


def plain(text: str) -> sb.Text:
    return sb.Text(text, type_=sb.TextType.PLAINTEXT)


def option(number: int) -> sb.Option:
    return sb.Option(plain(f"option {number}"), str(number))


# What each makes of a length or a count; the second number is the last that Slack takes.
MADE: dict[str, tuple[Callable[[int], Any], int]] = {
    "section text": (lambda n: sb.SectionBlock("x" * n), 3_000),
    "section fields": (lambda n: sb.SectionBlock(fields=["f"] * n), 10),
    "header": (lambda n: sb.HeaderBlock("x" * n), 150),
    "context elements": (lambda n: sb.ContextBlock([sb.Text("x")] * n), 10),
    "button text": (lambda n: sb.ActionsBlock([sb.Button("x" * n, "a")]), 75),
    "button value": (lambda n: sb.ActionsBlock([sb.Button("x", "a", value="v" * n)]), 2_000),
    "action id": (lambda n: sb.ActionsBlock([sb.Button("x", "a" * n)]), 255),
    "actions elements": (
        lambda n: sb.ActionsBlock([sb.Button("x", f"a{k}") for k in range(n)]), 25
    ),
    "menu options": (
        lambda n: sb.ActionsBlock(
            [sb.StaticSelectMenu("a", [option(k) for k in range(n)], placeholder="p")]
        ),
        100,
    ),
    "checkboxes": (
        lambda n: sb.ActionsBlock([sb.CheckboxGroup("a", [option(k) for k in range(n)])]), 10
    ),
    "block id": (lambda n: sb.DividerBlock(block_id="b" * n), 255),
}  # fmt: skip


def taken(make: Callable[[int], Any], size: int) -> tuple[bool, bool | None]:
    """Whether slackblocks makes it, and whether the validator takes it (None where not made)."""
    try:
        block = json.loads(json.dumps(make(size)._resolve()))
    except sb.errors.InvalidUsageError:
        return False, None
    return True, message_problems({"blocks": [block]}) == []


@pytest.mark.parametrize("name", MADE)
def test_the_largest_that_both_take(name: str) -> None:
    make, largest = MADE[name]
    assert taken(make, 1) == (True, True)
    assert taken(make, largest) == (True, True)


@pytest.mark.parametrize("name", MADE)
def test_what_is_one_larger_neither_takes(name: str) -> None:
    make, largest = MADE[name]
    made, valid = taken(make, largest + 1)
    assert not made or valid is False


def test_a_view_of_slackblocks_is_valid() -> None:
    view = sb.ModalView(
        title="t" * 24,
        blocks=[sb.InputBlock("Label", sb.PlainTextInput("a"), block_id="b")],
        submit="Send",
    )
    assert view_problems(json.loads(json.dumps(view.to_dict()))) == []
