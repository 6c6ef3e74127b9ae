"""An answer as Block Kit messages: pure functions, every limit of Slack kept, nothing cut.

Whatever is not our own wording (titles, quotes, passages) is escaped, so that no mention, broadcast
or link inside it takes effect. Button values carry the exchange id and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import messages
from bot.answer import (
    Answer,
    Finding,
    Gap,
    Kind,
    Role,
    Severity,
    Suggestion,
)
from bot.citing import readable
from bot.slack import names, wording
from bot.slack.decision_blocks import DECIDED_KINDS, button, decision_blocks
from bot.slack.folding import fold
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
    from collections.abc import Iterator

    from bot.answer import Citation
    from bot.slack.ports import Block
    from bot.slack.standing import Standing

SHARE_ACTION = names.SHARE
MOST_OPTIONS = 100
OPTION_TEXT = 75
SOURCE_TEXT = 110

_ROLES = {
    Role.FIRST_LISTED: "First-listed",
    Role.PRINCIPAL: "Principal",
    Role.SECONDARY: "Secondary",
    Role.PROCEDURE: "Procedure",
}
_FINDINGS = {
    Severity.ERROR: "⛔ *Error:*",
    Severity.WARNING: "⚠️ *Warning:*",
    Severity.INFORMATION: "ℹ️ *Note:*",
}
_SYSTEMS = {"icd10cm": "ICD-10-CM", "icd10pcs": "ICD-10-PCS", "hcpcs": "HCPCS", "cpt": "CPT"}
_ROLELESS = frozenset({Kind.LOOKUP, Kind.COMPARISON, Kind.GUIDELINE, Kind.CHECK})


_WEIGHTS = {"Error": "⛔ *Error:*", "Warning": "⚠️ *Warning:*", "Information": "ℹ️ *Note:*"}


def _caution(kind: Kind, caution: str) -> str:
    """A caution as mrkdwn; a finding of a check leads with its own weight."""
    weight, colon, rest = caution.partition(": ")
    if kind is Kind.CHECK and colon and weight in _WEIGHTS:
        return f"{_WEIGHTS[weight]} {escape(rest)}"
    return f"⚠️ *Caution:* {escape(caution)}"


def render(
    answer: Answer,
    *,
    heading: str = "",
    shareable: bool = False,
    standing: Standing | None = None,
) -> tuple[Message, ...]:
    """The answer as one or more messages, in reading order.

    ``heading`` is a line of our own mrkdwn above it; ``shareable`` adds the button that posts it
    to the channel. ``standing`` is where it stands; without one it ends with its footer.
    """
    numbers = {citation.id: number for number, citation in enumerate(answer.citations, start=1)}
    units: list[Unit] = [sections(heading)] if heading else []
    units.append(_headline(answer))
    # A reason of one word is a name for programs; the headline has said it in a sentence.
    if answer.abstained and " " in answer.abstained and answer.abstained != answer.headline:
        units.append(sections(f"*Why no code:* {escape(answer.abstained)}"))
    told: dict[Finding, str] = {}
    units.extend(_card(suggestion, answer, numbers, told) for suggestion in answer.suggestions)
    units.extend(_services(answer, numbers))
    folded = fold(answer)
    tail = [_gap(gap, answer.kind) for gap in answer.gaps]
    tail.extend(sections(_caution(answer.kind, caution)) for caution in folded.cautions)
    tail.extend(_copy_line(answer))
    if tail and answer.suggestions:
        tail[0] = (Line({"type": "divider"}), *tail[0])
    units.extend(tail)
    units.extend(_sources(answer))
    if folded.line:
        units.append((Line(context(folded.line), folded.line),))
    footer = [Line(context(_footer(answer)), _footer(answer))]
    if standing is not None:
        footer.extend(map(Line, decision_blocks(answer, standing, more=bool(folded.line))))
    if shareable:
        footer.append(Line(share_actions(answer.exchange_id)))
    units.append(tuple(footer))
    return pack(units)


def _headline(answer: Answer) -> Unit:
    """The answer in a sentence, strong where codes follow it."""
    words = escape(one_line(answer.headline)) or "No answer."
    if answer.suggestions and "*" not in words and len(words) < 600:
        return (Line({"type": "section", "text": mrkdwn(f"*{words}*")}, words),)
    return sections(escape(answer.headline) or "No answer.")


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
            button(
                names.SHARE, wording.SHARE_BUTTON, exchange_id,
                spoken="Share this answer with everyone in the channel",
            )
        ],
    }  # fmt: skip


def _card(
    suggestion: Suggestion, answer: Answer, numbers: dict[str, int], told: dict[Finding, str]
) -> Unit:
    """Code and title, its standing, why, the words of the note, findings.

    A finding about several codes is told in full at the first; ``told`` says where.
    """
    standing = _standing(suggestion, answer)
    title = f"*{escape(suggestion.code)}*  {escape(one_line(suggestion.title))}"
    cited = [f"[{numbers[id_]}]" for id_ in suggestion.citations if id_ in numbers]
    small = " · ".join([*standing, *([_cited(cited)] if cited else [])])
    spoken = f"{escape(suggestion.code)}: {escape(one_line(suggestion.title))}"
    body = [escape(suggestion.rationale)] if suggestion.rationale else []
    body.extend(f"> “{escape(one_line(quote.quote))}”" for quote in suggestion.evidence)
    for finding in suggestion.findings:
        first = told.setdefault(finding, suggestion.code)
        if first == suggestion.code:
            body.append(_finding(finding, numbers))
        else:
            body.append(f"{_FINDINGS[finding.severity]} the same as at {escape(first)}.")
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


def _services(answer: Answer, numbers: dict[str, int]) -> Iterator[Unit]:
    """Candidates for what a note says was done, given or ordered, apart from its diagnoses."""
    for place, item in enumerate(answer.services):
        title = f"*{escape(item.code)}*  {escape(one_line(item.title))}"
        body = [escape(one_line(line)) for line in item.information]
        body.extend(f"> “{escape(one_line(quote.quote))}”" for quote in item.evidence)
        cited = [f"[{numbers[id_]}]" for id_ in item.citations if id_ in numbers]
        system = _SYSTEMS.get(item.system, item.system)
        small = " · ".join([system, _valid(item, answer), *([_cited(cited)] if cited else [])])
        heading = [f"*{messages.SERVICES_HEADING}*"] if not place else []
        divider = [Line({"type": "divider"})] if not place else []
        text = "\n".join([*heading, title, *body])
        spoken = f"{escape(item.code)}: {escape(one_line(item.title))} ({system})"
        head, *rest = pieces(text, SECTION_LIMIT)
        yield (
            *divider,
            Line({"type": "section", "text": mrkdwn(head)}, spoken, card=True),
            *(Line({"type": "section", "text": mrkdwn(part)}, part) for part in rest),
            Line(context(small)),
        )


def _valid(suggestion: Suggestion, answer: Answer) -> str:
    day = answer.day.isoformat()
    return f"✓ Valid on {day}" if suggestion.valid else f"✗ Not valid on {day}"


def _standing(suggestion: Suggestion, answer: Answer) -> list[str]:
    role = [] if answer.kind in _ROLELESS else [_ROLES[suggestion.role]]
    return [*role, _valid(suggestion, answer)]


def _cited(marks: list[str]) -> str:
    return f"{'Source' if len(marks) == 1 else 'Sources'} {' '.join(marks)}"


def _finding(finding: Finding, numbers: dict[str, int]) -> str:
    source = (
        f" [{numbers[finding.citation]}]"
        if finding.citation in numbers
        else f" ({escape(readable(finding.citation))})"
        if finding.citation
        else ""
    )
    fix = f" → {escape(finding.fix)}" if finding.fix else ""
    return f"{_FINDINGS[finding.severity]} {escape(finding.message)}{fix}{source}"


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
    """Every citation by number.

    In a lookup they are the answer, so they are set in full size. Under suggestions they are a line
    of numbers with a menu that opens the passage.
    """
    citations = answer.citations
    if not citations:
        return []
    origins = list(dict.fromkeys(escape(one_line(item.source)) for item in citations))
    releases = list(dict.fromkeys(escape(item.release) for item in citations))
    release = f" · text of {releases[0]}" if len(releases) == 1 and releases[0] else ""
    # One release is named once, in the heading; several are named line by line.
    several = len(releases) > 1
    if answer.kind in DECIDED_KINDS:
        heading = f"*Sources* from {'; '.join(origins)}{release}"
        rows = [_source_row(number, item, several) for number, item in _numbered(answer)]
        menu = {"type": "section", "text": mrkdwn(heading), "accessory": source_menu(answer)}
        menu["block_id"] = f"sources:{answer.exchange_id}"
        small = [(Line(context(part)),) for part in pieces("\n".join(rows), SECTION_LIMIT)]
        return [(Line({"type": "divider"}), Line(menu), *small[0]), *small[1:]]
    rows = [_source_row(number, item, several, whole=True) for number, item in _numbered(answer)]
    text = "\n".join([f"*Entries* from {'; '.join(origins)}{release}", *rows])
    first, *rest = sections(text)
    return [(Line({"type": "divider"}), first), *((line,) for line in rest)]


def _numbered(answer: Answer) -> Iterator[tuple[int, Citation]]:
    return enumerate(answer.citations, start=1)


def _source_row(number: int, item: Citation, several: bool, *, whole: bool = False) -> str:
    """A source in a line; cut only where the menu beside it opens the whole passage."""
    words = one_line(item.text)
    if not whole and len(words) > SOURCE_TEXT:
        words = words[: SOURCE_TEXT - 1].rstrip() + "…"
    release = f" ({escape(item.release)})" if several and item.release else ""
    return f"[{number}] *{escape(item.locator)}* {escape(words)}{release}"


def source_menu(answer: Answer) -> Block:
    """The menu that opens a cited passage; Slack takes 100 options of 75 characters."""
    options = [
        {
            "text": {
                "type": "plain_text",
                "text": _option(f"[{number}] {item.locator} {one_line(item.text)}"),
                "emoji": False,
            },
            "value": f"{answer.exchange_id}:{number}",
        }
        for number, item in enumerate(answer.citations[:MOST_OPTIONS], start=1)
    ]
    return {
        "type": "static_select",
        "action_id": names.OPEN_SOURCE,
        "placeholder": {"type": "plain_text", "text": wording.OPEN_SOURCE, "emoji": True},
        "options": options,
    }


def _option(words: str) -> str:
    return words if len(words) <= OPTION_TEXT else words[: OPTION_TEXT - 1].rstrip() + "…"


def _footer(answer: Answer) -> str:
    releases = [
        f"{_SYSTEMS.get(system, system)} {escape(release)}"
        for system, release in answer.releases.items()
    ]
    day = f"date of service {answer.day.isoformat()}"
    parts = [*releases, day, answer.setting.value]
    if answer.redactions:
        noun = "identifier" if answer.redactions == 1 else "identifiers"
        parts.append(f"{answer.redactions} {noun} removed; please edit them out of your message")
    return " · ".join([*parts, f"exchange {escape(answer.exchange_id[:8])}"])
