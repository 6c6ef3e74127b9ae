"""The review form: codes and official titles, a verdict for each, and no word of the question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.review.records import CodeVerdict, Verdict
from bot.slack import names, wording
from bot.slack.decision_blocks import button, moment
from bot.slack.modals import Where, field, option, plain, value_of
from bot.slack.packing import mrkdwn
from bot.slack.text import escape, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.journal.records import Exchange
    from bot.review.records import CaseFile
    from bot.slack.ports import Block

MOST_CODES = 45
"""Two fields a code, and Slack takes 100 blocks a form."""
VERDICTS = {
    Verdict.ACCEPTED: "Accepted",
    Verdict.WRONG_CODE: "Wrong code",
    Verdict.OVER_CODED: "Over-coded",
    Verdict.UNDER_CODED: "Under-coded",
    Verdict.UNSUPPORTED: "Unsupported by the documentation",
    Verdict.WRONG_SEQUENCE: "Wrong sequence",
    Verdict.GUIDELINE_MISREAD: "Guideline misread",
    Verdict.DOCUMENTATION_INSUFFICIENT: "Documentation insufficient",
}


@dataclass(frozen=True, slots=True)
class Entered:
    """What somebody entered in the review form."""

    verdicts: tuple[CodeVerdict, ...]
    sequence: tuple[str, ...]
    comment: str


def codes_of(exchange: Exchange) -> tuple[tuple[str, str], ...]:
    """The suggested codes with their titles, each once, in the answer's order."""
    rows = exchange.answer.get("suggestions", ())
    return tuple({row["code"]: str(row["title"]) for row in rows}.items())


def review_view(file: CaseFile) -> dict[str, Any]:
    """The form for one answer. Its private_metadata is the exchange's id."""
    exchange, case = file.exchange, file.case
    codes = codes_of(exchange)
    blocks: list[Block] = [
        {
            "type": "section",
            "block_id": "review-about",
            "text": mrkdwn(
                f"{exchange.setting.value} · date of service {exchange.day.isoformat()} · "
                f"asked {moment(case.created_at)}\n"
                + (wording.REVIEW_BLINDED if file.blinded else wording.REVIEW_WHY_NOT_HERE)
            ),
            "accessory": button(
                names.REVIEW_SHOW, "Send it to me", exchange.exchange_id,
                spoken="Send question and answer to my direct messages",
            ),
        }
    ]  # fmt: skip
    options = [option(label, verdict.value) for verdict, label in VERDICTS.items()]
    for place, (code, title) in enumerate(codes):
        choice = {
            "type": "static_select",
            "action_id": "value",
            "placeholder": plain(f"Verdict on {code}"),
            "options": options,
        }
        blocks.append(field(f"verdict{place}", f"{code} {one_line(title)}"[:2_000], choice))
        right = _line("Only where another code is the right one", 20)
        blocks.append(field(f"right{place}", f"Right code for {code}", right, optional=True))
    missing = _line("Z79.4, N18.31", 500)
    blocks.append(
        field("missing", wording.REVIEW_MISSING, missing, optional=bool(codes),
              hint=wording.EDIT_ADD_HINT)
    )  # fmt: skip
    if codes:
        order = _line(", ".join(code for code, _ in codes[:2]), 1_000)
        blocks.append(
            field("sequence", wording.REVIEW_ORDER, order, optional=True,
                  hint=wording.REVIEW_ORDER_HINT)
        )  # fmt: skip
    comment = {"type": "plain_text_input", "action_id": "value", "multiline": True,
               "max_length": 2_000}  # fmt: skip
    blocks.append(
        field("comment", wording.REVIEW_COMMENT, comment, optional=True,
              hint=wording.NO_IDENTIFIERS)
    )  # fmt: skip
    return {
        "type": "modal",
        "callback_id": names.REVIEW_VIEW,
        "title": plain("Review"),
        "submit": plain("Record"),
        "close": plain("Cancel"),
        "blocks": blocks,
        "private_metadata": Where(exchange.exchange_id).pack(),
    }


def entered(state: dict[str, Any], codes: Sequence[tuple[str, str]]) -> Entered:
    """The form's content; raises ValueError where a code has no verdict or an unknown one."""
    found = [
        CodeVerdict(code, Verdict(value_of(state, f"verdict{place}")), _right(state, place))
        for place, (code, _) in enumerate(codes)
    ]
    found.extend(
        CodeVerdict("", Verdict.UNDER_CODED, code) for code in words(value_of(state, "missing"))
    )
    return Entered(
        tuple(found),
        words(value_of(state, "sequence")),
        str(value_of(state, "comment") or ""),
    )


def words(typed: str | None) -> tuple[str, ...]:
    """Codes parted by commas, semicolons or spaces, each once, in capitals.

    >>> words("z79.4; N18.31, z79.4")
    ('Z79.4', 'N18.31')
    """
    parted = str(typed or "").replace(",", " ").replace(";", " ").upper().split()
    return tuple(dict.fromkeys(parted))


def recorded(verdicts: Sequence[CodeVerdict], codes: Sequence[str]) -> str:
    """A sentence for the reviewer: codes and verdicts, no comment."""
    said = [
        f"missing `{escape(each.right_code)}`"
        if not each.code
        else f"`{escape(each.code)}` {VERDICTS[each.verdict].lower()}"
        + (f" (right: `{escape(each.right_code)}`)" if each.right_code else "")
        for each in verdicts
    ]
    final = ", ".join(f"`{escape(code)}`" for code in codes) or "none"
    return f"Your review is on record: {'; '.join(said)}. Codes as they should be: {final}."[:2_900]


def _right(state: dict[str, Any], place: int) -> str:
    return str(value_of(state, f"right{place}") or "").strip().upper()


def _line(shown: str, longest: int) -> dict[str, Any]:
    return {
        "type": "plain_text_input",
        "action_id": "value",
        "placeholder": plain(shown),
        "max_length": longest,
    }
