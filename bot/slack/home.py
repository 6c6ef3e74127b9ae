"""App Home: a person's recent questions, a lead's queue, what is installed, settings.

Slack keeps a Home view outside of messages, where no health data may be: it shows codes, kinds,
outcomes and times, and never a word of a question.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.answer import Kind, Setting
from bot.journal.door_records import TurnState
from bot.journal.errors import JournalError
from bot.slack import names, wording
from bot.slack.decision_blocks import button, moment, standing_line
from bot.slack.modals import SYSTEMS, option, plain
from bot.slack.packing import context, mrkdwn
from bot.slack.queue import QueueFilter, queue_blocks
from bot.slack.standing import Outcome, Standing, standing_of
from bot.slack.text import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.conversation import Said
    from bot.journal.door_records import DoorEvent, Turn
    from bot.journal.records import Exchange, Status
    from bot.slack.memory import Memory
    from bot.slack.ports import Block, DoorJournal, DoorNotes, InstalledRelease
    from bot.slack.queue import QueuePage

RECENT = 8
ICONS = {
    Outcome.OPEN: "◻️ Not decided",
    Outcome.ACCEPTED: "✅ Accepted",
    Outcome.EDITED: "✏️ Edited",
    Outcome.REJECTED: "⛔ Rejected",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer as App Home shows it: no word of the question."""

    exchange_id: str
    person: str
    at: datetime
    kind: Kind
    status: Status
    codes: tuple[str, ...]
    standing: Standing
    link: str = ""


@dataclass(frozen=True, slots=True)
class HomePage:
    """Everything one person's Home shows."""

    recent: tuple[Entry, ...]
    queue: QueuePage | None
    installed: tuple[InstalledRelease, ...]
    said: Said
    setting: Setting


class Home:
    """Gathers a Home page from the journal."""

    def __init__(
        self,
        journal: DoorJournal,
        notes: DoorNotes,
        memory: Memory,
        setting: Setting,
        installed: Callable[[], Sequence[InstalledRelease]],
    ) -> None:
        self._journal = journal
        self._notes = notes
        self._memory = memory
        self._setting = setting
        self._installed = installed

    def page(
        self, team: str, person: str, queue: QueuePage | None = None, workspace_url: str = ""
    ) -> HomePage:
        """What this person's Home shows now; ``queue`` for those who review."""
        turns = [t for t in self._notes.turns_of(team, person, RECENT * 2)
                 if t.state is TurnState.ANSWERED][:RECENT]  # fmt: skip
        return HomePage(
            recent=tuple(self._entries(turns, workspace_url)),
            queue=queue,
            installed=tuple(self._installed()),
            said=self._memory.preferences(team, person),
            setting=self._setting,
        )

    def filter(self, team: str, person: str) -> QueueFilter:
        """The queue's filter as this person left it."""
        kept = self._memory.home(team, person).get("status", "")
        return QueueFilter(kept) if kept in set(QueueFilter) else QueueFilter.WAITING

    def entry(self, exchange_id: str, workspace_url: str = "") -> tuple[Entry, Exchange] | None:
        """One answer; None where its question is not known any more."""
        turn = self._notes.turn_of(exchange_id)
        found = self._entries([turn], workspace_url) if turn is not None else []
        return (found[0], self._journal.get(exchange_id)) if found else None

    def _entries(self, turns: Sequence[Turn], workspace_url: str) -> list[Entry]:
        by_exchange: dict[str, list[DoorEvent]] = {}
        for event in self._notes.events_of([turn.exchange_id for turn in turns]):
            by_exchange.setdefault(event.exchange_id, []).append(event)
        entries = []
        for turn in turns:
            try:
                exchange = self._journal.get(turn.exchange_id)
            except JournalError:
                continue  # a turn that a sentence of the door's own has settled
            standing = standing_of(by_exchange.get(turn.exchange_id, ()))
            entries.append(_entry(turn, exchange, standing, workspace_url))
        return entries


def home_view(page: HomePage) -> dict[str, Any]:
    """The Home tab as a view."""
    blocks: list[Block] = [
        {"type": "header", "text": plain(wording.HOME_TITLE)},
        {"type": "section", "text": mrkdwn(wording.HOME_HOW)},
    ]
    if page.queue is not None:
        blocks.extend(queue_blocks(page.queue))
    blocks.extend(_recent(page))
    blocks.extend(_settings(page))
    blocks.extend(_installed(page.installed))
    blocks.append(context(wording.HOME_PROMISE))
    return {"type": "home", "blocks": blocks}


def _recent(page: HomePage) -> list[Block]:
    blocks: list[Block] = [
        {"type": "divider"},
        {"type": "header", "text": plain("Your recent questions")},
    ]
    if not page.recent:
        tries = "\n".join(f"• `{question}`" for _, question in wording.SUGGESTED_PROMPTS)
        blocks.append({"type": "section", "text": mrkdwn(f"None yet. Try\n{tries}")})
    for entry in page.recent:
        blocks.extend(_row(entry))
    return blocks


def _row(entry: Entry) -> list[Block]:
    """Codes, outcome, when, and a button that opens the answer. Ids only in its value."""
    codes = ", ".join(f"`{escape(code)}`" for code in entry.codes[:8]) or f"_{_kind(entry)}_"
    if len(entry.codes) > 8:
        codes += f" and {len(entry.codes) - 8} more"
    outcome = ICONS[entry.standing.outcome] if entry.kind in _DECIDED else "No decision needed"
    if entry.standing.asked_lead:
        outcome += " · 🙋 lead asked"
    link = f" · <{entry.link}|Go to it>" if entry.link else ""
    return [
        {
            "type": "section",
            "block_id": f"recent:{entry.exchange_id}",
            "text": mrkdwn(f"{codes}\n{outcome} · {moment(entry.at)}{link}"),
            "accessory": button(
                names.HOME_OPEN, "Open", entry.exchange_id, spoken="Open this answer"
            ),
        }
    ]


_DECIDED = frozenset({Kind.SUGGESTION, Kind.CLARIFICATION})
_KINDS = {
    Kind.LOOKUP: "Code looked up",
    Kind.COMPARISON: "Codes compared",
    Kind.GUIDELINE: "Guideline",
    Kind.CHECK: "Codes checked",
    Kind.CLARIFICATION: "A choice was left",
    Kind.REFUSAL: "Nothing to code",
    Kind.HELP: "Help",
    Kind.SUGGESTION: "No code suggested",
}


def _kind(entry: Entry) -> str:
    return _KINDS[entry.kind]


def _settings(page: HomePage) -> list[Block]:
    said = page.said
    settings = [option(s.value.capitalize(), s.value) for s in Setting]
    systems = [option(label, name) for name, label in SYSTEMS.items()]
    picked = [o for o in systems if o["value"] in (said.systems or ())]
    checkboxes: Block = {
        "type": "checkboxes", "action_id": names.HOME_SYSTEMS, "options": systems,
    }  # fmt: skip
    if picked:
        checkboxes["initial_options"] = picked
    dated: Block = {
        "type": "datepicker", "action_id": names.HOME_DATE, "placeholder": plain("Today"),
    }  # fmt: skip
    elements = [dated]
    if said.day is not None:
        dated["initial_date"] = said.day.isoformat()
        elements.append(button(names.HOME_CLEAR_DATE, "Back to today", "today"))
    return [
        {"type": "divider"},
        {"type": "header", "text": plain("Your settings")},
        context("They hold where a question or its conversation does not say otherwise."),
        {
            "type": "section", "block_id": "home-setting",
            "text": mrkdwn("*Setting*"),
            "accessory": _select(
                names.HOME_SETTING, "Setting", settings, (said.setting or page.setting).value
            ),
        },
        {"type": "section", "block_id": "home-systems",
         "text": mrkdwn("*Code systems* (none ticked: what the question asks for)"),
         "accessory": checkboxes},
        {"type": "section", "block_id": "home-date-label", "text": mrkdwn("*Date of service*")},
        {"type": "actions", "block_id": "home-date", "elements": elements},
    ]  # fmt: skip


def _installed(installed: Sequence[InstalledRelease]) -> list[Block]:
    rows = [
        f"• {escape(item.system)} *{escape(item.release)}* · {escape(item.effective)}"
        for item in installed[:25]
    ]
    return [
        {"type": "divider"},
        {"type": "header", "text": plain("Installed code sets")},
        {"type": "section", "text": mrkdwn("\n".join(rows) or "None.")},
    ]


def _select(action: str, label: str, options: list[Block], chosen: str) -> Block:
    return {
        "type": "static_select",
        "action_id": action,
        "placeholder": plain(label),
        "options": options,
        "initial_option": next(o for o in options if o["value"] == chosen),
    }


def _entry(turn: Turn, exchange: Exchange, standing: Standing, workspace_url: str) -> Entry:
    return Entry(
        exchange_id=turn.exchange_id,
        person=turn.person,
        at=turn.started_at,
        kind=exchange.kind,
        status=exchange.status,
        codes=tuple(row["code"] for row in exchange.answer.get("suggestions", ())),
        standing=standing,
        link=permalink(workspace_url, turn),
    )


def permalink(workspace_url: str, turn: Turn) -> str:
    """Where the answer stands; "" where nobody else could see it or nothing is known."""
    if not workspace_url or not turn.replies:
        return ""
    ts = turn.replies[0]
    link = f"{workspace_url.rstrip('/')}/archives/{turn.channel}/p{ts.replace('.', '')}"
    return f"{link}?thread_ts={turn.thread}&cid={turn.channel}" if turn.thread else link


def entry_view(entry: Entry, exchange: Exchange, *, may_show: bool) -> dict[str, Any]:
    """An answer opened from Home: codes and official titles, no words of the question.

    ``may_show`` adds the button that sends the whole answer as a message, where notes may be.
    """
    rows = [
        f"`{escape(row['code'])}` {escape(row['title'])}"
        for row in exchange.answer.get("suggestions", ())
    ]
    findings = [
        f"• {escape(finding['message'])}"
        for row in exchange.answer.get("suggestions", ())
        for finding in row["findings"]
    ]
    blocks: list[Block] = [
        {"type": "section", "text": mrkdwn("\n".join(rows)[:3_000] or f"_{_kind(entry)}_")}
    ]
    if findings:
        shown = "\n".join(["*Findings*", *dict.fromkeys(findings)])
        blocks.append({"type": "section", "text": mrkdwn(shown[:3_000])})
    decided = standing_line(entry.standing) or ICONS[entry.standing.outcome]
    releases = " · ".join(f"{system} {release}" for system, release in exchange.releases.items())
    blocks.extend(
        [
            {"type": "section", "text": mrkdwn(decided[:3_000])},
            context(
                f"Asked by <@{entry.person}> · {moment(entry.at)} · {exchange.setting.value} · "
                f"date of service {exchange.day.isoformat()} · {escape(releases)}"
            ),
        ]
    )
    if may_show:
        elements = [button(names.HOME_SHOW, "Send it to my messages", entry.exchange_id,
                           spoken="Send the whole answer to my direct messages")]  # fmt: skip
        if entry.link:
            elements.append(
                {"type": "button", "action_id": names.HOME_LINK, "text": plain("Go to it"),
                 "url": entry.link}
            )  # fmt: skip
        blocks.append({"type": "actions", "block_id": "entry-actions", "elements": elements})
        blocks.append(context(wording.HOME_WHY_NOT_HERE))
    return {"type": "modal", "title": plain("Answer"), "close": plain("Close"), "blocks": blocks}
