"""What "Show more" and a source's menu open: everything an answer kept back, in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack import wording
from bot.slack.folding import fold
from bot.slack.packing import SECTION_LIMIT, Line, Message, Unit, context, mrkdwn, pack, sections
from bot.slack.text import escape, one_line, pieces

if TYPE_CHECKING:
    from bot.answer import Answer, Citation
    from bot.slack.ports import Block


def more(answer: Answer) -> tuple[Message, ...]:
    """Alternatives by code, mentions read and not coded, and what a coder wants beside."""
    units: list[Unit] = [sections("*More about this answer*")]
    for item in answer.suggestions:
        beside = [escape(one_line(line)) for line in item.information]
        rows = [
            f"• `{escape(other.code)}` {escape(one_line(other.title))}"
            + (f": {escape(one_line(other.why))}" if other.why else "")
            for other in item.alternatives
        ]
        rows.extend(
            f"• {axis.position} {escape(axis.axis)}: `{escape(axis.character)}` "
            f"{escape(axis.label)}" + (f" – {escape(one_line(axis.why))}" if axis.why else "")
            for axis in item.axes
        )
        if rows or beside:
            taken = "Characters" if item.axes else "Considered instead"
            heading = f"*{taken} of {escape(item.code)}*" if rows else ""
            known = [f"*{escape(item.code)}* · {line}" for line in beside]
            units.append(sections("\n".join(filter(None, [*known, heading, *rows]))))
    folded = fold(answer)
    if folded.set_aside:
        rows = [f"• {escape(one_line(caution))}" for caution in folded.set_aside]
        units.append(sections("\n".join(["*Read and not coded*", *rows])))
    if len(units) == 1:
        units.append(sections(wording.NOTHING_MORE))
    units.append((Line(context(f"exchange {escape(answer.exchange_id[:8])}")),))
    return pack(units)


def source_view(answer: Answer, number: int) -> dict[str, Any]:
    """A modal with one cited passage: official text, where it stands and in which release."""
    citation = answer.citations[number - 1]
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": f"Source {number}"},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": passage_blocks(citation),
    }


def passage_blocks(citation: Citation) -> list[Block]:
    """The passage with its place."""
    release = f" · text of {escape(citation.release)}" if citation.release else ""
    heading: Block = {
        "type": "header",
        "text": {"type": "plain_text", "text": one_line(citation.locator)[:150] or "Passage"},
    }
    return [
        heading,
        *(
            {"type": "section", "text": mrkdwn(part)}
            for part in pieces(escape(citation.text) or "—", SECTION_LIMIT)[:90]
        ),
        context(f"{escape(citation.source)}{release}"),
        context(f"`{escape(citation.id)}`"),
    ]
