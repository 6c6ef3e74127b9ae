"""An answer as Block Kit messages: pure functions, every limit of Slack kept, nothing cut.

Whatever is not our own wording (titles, quotes, passages) is escaped, so that no mention, broadcast
or link inside it takes effect. Button values carry the exchange id and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answer import (
    Alternative,
    Answer,
    Finding,
    Gap,
    Kind,
    Role,
    Severity,
    Suggestion,
)
from bot.slack import wording
from bot.slack.packing import (
    SECTION_LIMIT,
    Line,
    Message,
    Unit,
    context,
    mrkdwn,
    pack,
    sections,
)
from bot.slack.text import escape, one_line, pieces

if TYPE_CHECKING:
    from bot.slack.ports import Block

SHARE_ACTION = "share_answer"

_ROLES = {
    Role.FIRST_LISTED: "First-listed",
    Role.PRINCIPAL: "Principal",
    Role.SECONDARY: "Secondary",
}
_FINDINGS = {
    Severity.ERROR: "⛔ *Error:*",
    Severity.WARNING: "⚠️ *Warning:*",
    Severity.INFORMATION: "ℹ️ *Note:*",
}
_SYSTEMS = {"icd10cm": "ICD-10-CM", "icd10pcs": "ICD-10-PCS", "hcpcs": "HCPCS", "cpt": "CPT"}
_ROLELESS = frozenset({Kind.LOOKUP, Kind.COMPARISON, Kind.GUIDELINE, Kind.CHECK})


def render(answer: Answer, *, heading: str = "", shareable: bool = False) -> tuple[Message, ...]:
    """The answer as one or more messages, in reading order.

    ``heading`` is a line of our own mrkdwn above it; ``shareable`` ends it with the button that
    posts it to the channel.
    """
    numbers = {citation.id: number for number, citation in enumerate(answer.citations, start=1)}
    units: list[Unit] = [sections(heading)] if heading else []
    units.append(sections(escape(answer.headline) or "No answer."))
    # A reason of one word is a name for programs; the headline has said it in a sentence.
    if answer.abstained and " " in answer.abstained and answer.abstained != answer.headline:
        units.append(sections(f"*Why no code:* {escape(answer.abstained)}"))
    units.extend(_card(suggestion, answer, numbers) for suggestion in answer.suggestions)
    tail = [_gap(gap, answer.kind) for gap in answer.gaps]
    tail.extend(sections(f"⚠️ *Caution:* {escape(caution)}") for caution in answer.cautions)
    tail.extend(_copy_line(answer))
    if tail and answer.suggestions:
        tail[0] = (Line({"type": "divider"}), *tail[0])
    units.extend(tail)
    units.extend(_sources(answer))
    units.append((Line(context(_footer(answer)), _footer(answer)),))
    if shareable:
        units.append((Line(share_actions(answer.exchange_id)),))
    return pack(units)


def plain_message(text: str) -> Message:
    """A sentence of the bot's own as a message; longer than a block, it takes several."""
    (message, *_) = pack([sections(text)])
    return message


def share_actions(exchange_id: str) -> Block:
    """The button under an ephemeral answer."""
    return {
        "type": "actions",
        "block_id": f"share:{exchange_id}"[:255],
        "elements": [
            {
                "type": "button",
                "action_id": SHARE_ACTION,
                "text": {"type": "plain_text", "text": wording.SHARE_BUTTON, "emoji": True},
                "value": exchange_id,
                "accessibility_label": "Share this answer with everyone in the channel",
            }
        ],
    }


def _card(suggestion: Suggestion, answer: Answer, numbers: dict[str, int]) -> Unit:
    """Code and title, its standing, why, the words of the note, findings, what else to weigh."""
    standing = _standing(suggestion, answer)
    title = f"*{escape(suggestion.code)}*  {escape(one_line(suggestion.title))}"
    cited = [f"[{numbers[id_]}]" for id_ in suggestion.citations if id_ in numbers]
    small = " · ".join([*standing, *([_cited(cited)] if cited else [])])
    spoken = f"{escape(suggestion.code)}: {escape(one_line(suggestion.title))}"
    body = [escape(suggestion.rationale)] if suggestion.rationale else []
    body.extend(f"> “{escape(one_line(quote.quote))}”" for quote in suggestion.evidence)
    body.extend(_finding(finding, numbers) for finding in suggestion.findings)
    body.extend(_alternatives(suggestion.alternatives))
    head, *rest = pieces("\n".join([title, *body]), SECTION_LIMIT)
    lines = [
        Line({"type": "divider"}),
        Line(
            {"type": "section", "text": mrkdwn(head)},
            f"{spoken} ({', '.join(standing)})",
            card=True,
        ),
    ]
    lines.extend(Line({"type": "section", "text": mrkdwn(part)}, part) for part in rest)
    lines.extend(Line(context(part)) for part in pieces(small, SECTION_LIMIT))
    return tuple(lines)


def _standing(suggestion: Suggestion, answer: Answer) -> list[str]:
    day = answer.day.isoformat()
    valid = f"✓ Valid on {day}" if suggestion.valid else f"✗ Not valid on {day}"
    role = [] if answer.kind in _ROLELESS else [_ROLES[suggestion.role]]
    return [*role, valid]


def _cited(marks: list[str]) -> str:
    return f"{'Source' if len(marks) == 1 else 'Sources'} {' '.join(marks)}"


def _finding(finding: Finding, numbers: dict[str, int]) -> str:
    source = (
        f" [{numbers[finding.citation]}]"
        if finding.citation in numbers
        else f" ({escape(finding.citation)})"
        if finding.citation
        else ""
    )
    fix = f" → {escape(finding.fix)}" if finding.fix else ""
    return f"{_FINDINGS[finding.severity]} {escape(finding.message)}{fix}{source}"


def _alternatives(alternatives: tuple[Alternative, ...]) -> list[str]:
    if not alternatives:
        return []
    return [
        "*Also consider*",
        *(
            f"• `{escape(other.code)}` {escape(one_line(other.title))}"
            + (f": {escape(one_line(other.why))}" if other.why else "")
            for other in alternatives
        ),
    ]


def _gap(gap: Gap, kind: Kind) -> Unit:
    """What is left to choose, each choice with its code where there is one code a choice."""
    axis = escape(one_line(gap.axis))
    # Nobody documented anything in a lookup: the gap is a choice among codes.
    heading = axis[:1].upper() + axis[1:] if kind in _ROLELESS else f"Not documented: {axis}"
    lines = [f"❓ *{heading}*"]
    options = [escape(one_line(option)) for option in gap.options]
    codes = [f"`{escape(code)}`" for code in gap.codes]
    if len(options) == len(codes):
        lines.extend(f"• {code} {option}" for code, option in zip(codes, options, strict=True))
    else:
        lines.extend(["; ".join(options)] if options else [])
        lines.extend([f"Codes to choose from: {', '.join(codes)}"] if codes else [])
    return sections("\n".join(lines))


def _copy_line(answer: Answer) -> list[Unit]:
    """The valid codes alone, for copying; only suggestions say more than what was asked."""
    codes = list(dict.fromkeys(item.code for item in answer.suggestions if item.valid))
    if not codes or answer.kind is not Kind.SUGGESTION:
        return []
    # A code span that is cut in two would lose its closing mark, so lines are cut between codes.
    rows = pieces(escape(", ".join(codes)), SECTION_LIMIT - 20)
    return [
        (
            Line(
                {"type": "section", "text": mrkdwn(f"*Codes:* `{row.rstrip(', ')}`")},
                f"Codes: {row.rstrip(', ')}",
            ),
        )
        for row in rows
    ]


def _sources(answer: Answer) -> list[Unit]:
    """Every citation by number. In a lookup they are the answer, so they are set in full size."""
    citations = answer.citations
    if not citations:
        return []
    origins = list(dict.fromkeys(escape(one_line(item.source)) for item in citations))
    releases = list(dict.fromkeys(escape(item.release) for item in citations))
    # One release is named once, in the heading; several are named line by line.
    rows = [
        f"[{number}] *{escape(item.locator)}* {escape(one_line(item.text))}"
        + (f" ({escape(item.release)})" if len(releases) > 1 and item.release else "")
        for number, item in enumerate(citations, start=1)
    ]
    full_size = answer.kind in _ROLELESS
    heading = f"*{'Entries' if full_size else 'Sources'}* from {'; '.join(origins)}"
    if len(releases) == 1 and releases[0]:
        heading += f" · text of {releases[0]}"
    units: list[Unit] = [(Line({"type": "divider"}),)]
    for part in pieces("\n".join([heading, *rows]), SECTION_LIMIT):
        block = {"type": "section", "text": mrkdwn(part)} if full_size else context(part)
        units.append((Line(block, part if full_size else ""),))
    units[:2] = [(*units[0], *units[1])]
    return units


def _footer(answer: Answer) -> str:
    releases = [
        f"{_SYSTEMS.get(system, system)} {escape(release)}"
        for system, release in answer.releases.items()
    ]
    day = f"date of service {answer.day.isoformat()}"
    parts = [*releases, day, answer.setting.value]
    if answer.redactions:
        noun = "identifier" if answer.redactions == 1 else "identifiers"
        parts.append(f"{answer.redactions} {noun} removed")
    return " · ".join([*parts, f"exchange {escape(answer.exchange_id[:8])}"])
