"""Blocks into messages that Slack accepts: what does not fit goes to the next one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.slack.text import pieces

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.slack.ports import Block

SECTION_LIMIT = 3_000
MESSAGE_BLOCKS = 50
# Slack refuses about 13,200 characters of block text in all; fallback text stays readable in 4,000.
MESSAGE_CHARACTERS = 11_500
FALLBACK_CHARACTERS = 3_900


@dataclass(frozen=True, slots=True)
class Message:
    """One Slack message: its blocks, and the same content as text for notifications and readers.

    ``cards`` is how many codes it presents.
    """

    blocks: tuple[Block, ...]
    text: str
    cards: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One block, and the words that stand for it where blocks are not shown.

    ``card`` marks the block that opens a code's card.
    """

    block: Block
    text: str = ""
    card: bool = False


Unit: TypeAlias = tuple[Line, ...]
"""Lines that belong together, such as one card."""


def mrkdwn(text: str) -> Block:
    """A text object in which Slack links nothing by itself (``verbatim``)."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def sections(text: str, *, fallback: bool = True) -> Unit:
    """As many sections as the (escaped) text needs; ``fallback`` repeats it as plain words."""
    return tuple(
        Line({"type": "section", "text": mrkdwn(part)}, part if fallback else "")
        for part in pieces(text, SECTION_LIMIT)
    )


def context(*texts: str) -> Block:
    """A line of small print; Slack takes at most ten elements of at most 3,000 characters."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts]}


def characters(block: Block) -> int:
    """Characters of every text in a block, however deep."""
    return _characters(block)


def _characters(value: Any) -> int:
    if isinstance(value, dict):
        return sum(
            len(item) if key == "text" and isinstance(item, str) else _characters(item)
            for key, item in value.items()
        )
    if isinstance(value, list | tuple):
        return sum(_characters(item) for item in value)
    return 0


def pack(units: Iterable[Unit]) -> tuple[Message, ...]:
    """Fill messages with whole units; only one larger than a message is divided, between lines."""
    messages: list[Message] = []
    pile: list[Line] = []
    for unit in units:
        for group in [unit] if _fits(unit) else [(line,) for line in unit]:
            if pile and not _fits((*pile, *group)):
                messages.append(_message(pile))
                pile = []
            pile.extend(group)
    if pile:
        messages.append(_message(pile))
    return tuple(messages)


def _fits(lines: Unit) -> bool:
    return (
        len(lines) <= MESSAGE_BLOCKS
        and sum(characters(line.block) for line in lines) <= MESSAGE_CHARACTERS
        and sum(len(line.text) + 1 for line in lines) <= FALLBACK_CHARACTERS
    )


def _message(lines: list[Line]) -> Message:
    return Message(
        blocks=tuple(line.block for line in lines),
        # A message of small print alone still needs words for a notification.
        text="\n".join(line.text for line in lines if line.text) or "(continued)",
        cards=sum(line.card for line in lines),
    )
