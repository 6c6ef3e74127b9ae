"""Where an answer stands and what one can do about it, as blocks. Values carry ids only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.answer import Kind
from bot.slack import names, wording
from bot.slack.packing import context
from bot.slack.standing import Outcome, Standing
from bot.slack.text import escape

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.answer import Answer
    from bot.slack.ports import Block

DECIDED_KINDS = frozenset({Kind.SUGGESTION, Kind.CLARIFICATION})
_QUIET_KINDS = frozenset({Kind.REFUSAL, Kind.HELP})


def button(action: str, label: str, value: str, *, spoken: str = "", style: str = "") -> Block:
    """A button; ``spoken`` is what a screen reader says instead of its label."""
    made: Block = {
        "type": "button",
        "action_id": action,
        "text": {"type": "plain_text", "text": label, "emoji": True},
        "value": value,
    }
    if spoken:
        made["accessibility_label"] = spoken
    if style:
        made["style"] = style
    return made


def decision_blocks(answer: Answer, standing: Standing, *, more: bool = False) -> list[Block]:
    """The line that says where the answer stands, and the buttons that are left.

    ``more`` is whether something is folded away.
    """
    id_ = answer.exchange_id
    if answer.kind in _QUIET_KINDS:
        return []
    if answer.kind not in DECIDED_KINDS:
        return [feedback_block(id_)]
    blocks: list[Block] = []
    if line := standing_line(standing):
        blocks.append({**context(line), "block_id": f"{names.STANDING_BLOCK}{id_}"})
    helps = [
        button(names.ASK_LEAD, wording.ASK_LEAD, id_, spoken="Ask a coding lead about this answer")
    ]
    if answer.gaps:
        helps.append(
            button(names.DRAFT_QUERY, wording.DRAFT_QUERY, id_,
                   spoken="Draft a query to the provider about what is not documented")
        )  # fmt: skip
    if more:
        helps.append(
            button(names.SHOW_MORE, wording.SHOW_MORE, id_,
                   spoken="Show alternatives, mentions not coded and whole sources")
        )  # fmt: skip
    elements = [*_choices(answer, standing), *helps]
    blocks.append(
        {"type": "actions", "block_id": f"{names.DECIDE_BLOCK}{id_}", "elements": elements}
    )
    return blocks


def _choices(answer: Answer, standing: Standing) -> list[Block]:
    id_ = answer.exchange_id
    if standing.outcome is not Outcome.OPEN:
        return [button(names.REOPEN, wording.REOPEN, id_, spoken="Change the decision")]
    accept = [
        button(names.ACCEPT, wording.ACCEPT, id_, style="primary",
               spoken="Accept all suggested codes of this answer")
    ]  # fmt: skip
    return [
        *(accept if answer.suggestions else []),
        button(names.EDIT, wording.EDIT, id_, spoken="Edit the codes of this answer"),
        button(names.REJECT, wording.REJECT, id_, spoken="Reject this answer and say why"),
    ]


def feedback_block(exchange_id: str) -> Block:
    """Thumbs for answers that suggest no code."""

    def side(label: str, value: str) -> dict[str, Any]:
        return {
            "text": {"type": "plain_text", "text": label, "emoji": True},
            "value": f"{value}:{exchange_id}",
            "accessibility_label": label,
        }

    return {
        "type": "context_actions",
        "block_id": f"feedback:{exchange_id}",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": names.FEEDBACK,
                "positive_button": side(wording.HELPFUL, names.HELPFUL),
                "negative_button": side(wording.NOT_HELPFUL, names.UNHELPFUL),
            }
        ],
    }


def standing_line(standing: Standing) -> str:
    """One line of mrkdwn; "" while nobody has decided anything."""
    who = f"<@{standing.person}>"
    when = f" · {moment(standing.at)}" if standing.at is not None else ""
    parts = []
    if standing.outcome is Outcome.ACCEPTED:
        parts.append(f"✅ *Accepted* by {who}{when}")
    elif standing.outcome is Outcome.EDITED:
        parts.append(f"✏️ *Edited* by {who}{when}: {escape(edit_summary(standing))}")
    elif standing.outcome is Outcome.REJECTED:
        reason = wording.REASONS.get(standing.reason, standing.reason)
        said = f": {escape(reason)}" if reason else ""
        parts.append(f"⛔ *Rejected* by {who}{when}{said}")
        if standing.comment:
            parts.append(f"“{escape(standing.comment[:500])}”")
    if standing.asked_lead:
        parts.append(f"🙋 <@{standing.asked_lead}> asked a lead")
    return "\n".join(parts)


def edit_summary(standing: Standing) -> str:
    """The codes of an edit in words."""
    parts = [f"kept {', '.join(standing.kept)}" if standing.kept else "kept none"]
    if standing.added:
        parts.append(f"added {', '.join(standing.added)}")
    if standing.removed:
        parts.append(f"removed {', '.join(standing.removed)}")
    return "; ".join(parts)


def moment(at: datetime) -> str:
    """A time that Slack shows in the reader's own zone."""
    shown = f"{at:%Y-%m-%d %H:%M} UTC"
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{shown}>"


def with_decision(
    blocks: Iterable[Block], answer: Answer, standing: Standing, *, more: bool
) -> list[Block]:
    """A posted message's blocks with the decision's blocks replaced, the others as they are."""
    ours = (names.STANDING_BLOCK, names.DECIDE_BLOCK)
    kept = [b for b in blocks if not str(b.get("block_id") or "").startswith(ours)]
    return [*kept, *decision_blocks(answer, standing, more=more)]
