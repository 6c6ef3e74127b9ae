"""The app's forms. Their private_metadata names an exchange and a message, and no words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.answer import Setting
from bot.slack import names, wording
from bot.slack.packing import mrkdwn
from bot.slack.text import one_line

if TYPE_CHECKING:
    from datetime import date

    from bot.answer import Answer
    from bot.conversation import Said

CHECKBOXES = 10
SYSTEMS = {
    "icd10cm": "ICD-10-CM diagnoses",
    "icd10pcs": "ICD-10-PCS procedures",
    "hcpcs": "HCPCS supplies and drugs",
}
NOTE_CHARACTERS = 3_000


@dataclass(frozen=True, slots=True)
class Where:
    """The message a form was opened from; ``ts`` is "" for one that only its asker sees."""

    exchange_id: str
    channel: str = ""
    ts: str = ""
    thread: str = ""

    def pack(self) -> str:
        """As ``private_metadata``: ids only."""
        return json.dumps([self.exchange_id, self.channel, self.ts, self.thread])

    @classmethod
    def unpack(cls, metadata: str) -> Where:
        """What ``pack`` wrote. Raises ValueError for anything else."""
        values = json.loads(metadata or "null")
        if not isinstance(values, list) or len(values) != 4:
            raise ValueError("not a message of this app")
        return cls(*map(str, values))


def edit_view(answer: Answer, where: Where) -> dict[str, Any]:
    """Which of the suggested codes to keep, which to add, and why."""
    blocks: list[dict[str, Any]] = []
    codes = list(dict.fromkeys((item.code, item.title) for item in answer.suggestions))
    for start in range(0, len(codes), CHECKBOXES):
        options = [
            option(f"{code} {one_line(title)}", code)
            for code, title in codes[start : start + CHECKBOXES]
        ]
        element = {
            "type": "checkboxes",
            "action_id": "keep",
            "options": options,
            "initial_options": options,
        }
        label = wording.EDIT_KEEP if start == 0 else wording.EDIT_KEEP_FURTHER
        blocks.append(field(f"keep{start}", label, element, optional=True))
    added = {
        "type": "plain_text_input",
        "action_id": "codes",
        "placeholder": plain("Z79.4, N18.31"),
        "max_length": 500,
    }
    blocks.append(field("add", wording.EDIT_ADD, added, optional=True, hint=wording.EDIT_ADD_HINT))
    blocks.append(_comment(wording.EDIT_WHY))
    return _form(names.EDIT_VIEW, "Edit the codes", "Save", blocks, where)


def reject_view(where: Where) -> dict[str, Any]:
    """Why an answer is rejected."""
    reasons = {
        "type": "radio_buttons",
        "action_id": "reason",
        "options": [option(label, key) for key, label in wording.REASONS.items()],
    }
    blocks = [field("reason", "What is wrong?", reasons), _comment(wording.REJECT_MORE)]
    return _form(names.REJECT_VIEW, "Reject the answer", "Reject", blocks, where)


def ask_lead_view(where: Where) -> dict[str, Any]:
    """What a lead shall look at."""
    blocks = [
        {"type": "section", "text": mrkdwn(wording.ASK_LEAD_HOW)},
        _comment(wording.ASK_LEAD_WHAT),
    ]
    return _form(names.ASK_LEAD_VIEW, "Ask a lead", "Send", blocks, where)


def note_view(said: Said, setting: Setting, today: date) -> dict[str, Any]:
    """A note with what decides its codes: setting, date of service, age, sex, code systems."""
    settings = [option(name.value.capitalize(), name.value) for name in Setting]
    chosen = said.setting or setting
    systems = [option(label, name) for name, label in SYSTEMS.items()]
    picked = [o for o in systems if o["value"] in (said.systems or ("icd10cm",))]
    blocks = [
        field("setting", "Setting", {
            "type": "radio_buttons", "action_id": "value", "options": settings,
            "initial_option": next(o for o in settings if o["value"] == chosen.value),
        }),
        field("date", "Date of service", {
            "type": "datepicker", "action_id": "value",
            "initial_date": (said.day or today).isoformat(),
        }, hint="For an inpatient stay, the date of discharge."),
        field("age", "Age in years", {
            "type": "number_input", "action_id": "value", "is_decimal_allowed": False,
            "min_value": "0", "max_value": "130",
        }, optional=True),
        field("sex", "Sex", {
            "type": "static_select", "action_id": "value", "placeholder": plain("Not stated"),
            "options": [option("Female", "female"), option("Male", "male")],
        }, optional=True),
        field("systems", "Code systems", {
            "type": "checkboxes", "action_id": "value", "options": systems,
            "initial_options": picked or systems[:1],
        }),
        field("note", "Note or question", {
            "type": "plain_text_input", "action_id": "value", "multiline": True,
            "max_length": NOTE_CHARACTERS,
            "placeholder": plain("Assessment: type 2 diabetes with diabetic CKD stage 3a …"),
        }, hint=wording.NOTE_HINT),
    ]  # fmt: skip
    return _form(names.NOTE_VIEW, "Code a note", "Code it", blocks, None)


def field(
    block_id: str, label: str, element: dict[str, Any], *, optional: bool = False, hint: str = ""
) -> dict[str, Any]:
    """An input with its label."""
    made: dict[str, Any] = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        "optional": optional,
    }
    if hint:
        made["hint"] = plain(hint)
    return made


def option(label: str, value: str) -> dict[str, Any]:
    """A choice; Slack takes 75 characters of label."""
    shown = label if len(label) <= 75 else label[:74].rstrip() + "…"
    return {"text": plain(shown), "value": value}


def plain(text: str) -> dict[str, Any]:
    """A plain text object."""
    return {"type": "plain_text", "text": text}


def value_of(state: dict[str, Any], block: str, action: str = "value") -> Any:
    """What somebody entered in a field: a text, an option's value, a list of values, or None."""
    entered = (state.get(block) or {}).get(action) or {}
    if "selected_options" in entered:
        return [item["value"] for item in entered["selected_options"] or ()]
    if "selected_option" in entered:
        return (entered["selected_option"] or {}).get("value")
    return entered.get("value") or entered.get("selected_date")


def _comment(label: str) -> dict[str, Any]:
    element = {
        "type": "plain_text_input",
        "action_id": "text",
        "multiline": True,
        "max_length": 1_000,
    }
    return field("comment", label, element, optional=True, hint=wording.NO_IDENTIFIERS)


def _form(
    callback: str, title: str, submit: str, blocks: list[dict[str, Any]], where: Where | None
) -> dict[str, Any]:
    form: dict[str, Any] = {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title),
        "submit": plain(submit),
        "close": plain("Cancel"),
        "blocks": blocks,
    }
    if where is not None:
        form["private_metadata"] = where.pack()
    return form
