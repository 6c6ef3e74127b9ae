"""What people do about an answer, over the real protocol: buttons, menus and forms."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from slack_support import CODING, DANA, DIRECT, MORGAN, Scene, answered, suggestion

from bot.answer import Alternative, Kind, Rejected
from bot.journal.door import DoorStore
from bot.journal.door_records import EventKind
from bot.sandbox import validator
from bot.slack import names, wording
from bot.slack.blocks import render
from bot.slack.standing import Standing

if TYPE_CHECKING:
    from bot.answer import Answer, Question
    from bot.sandbox.records import Posted


def ask(slack: Scene, text: str, person: str = DANA) -> Posted:
    """Ask in the channel; the answer's message."""
    posted, _ = slack.sandbox.client.say(person, CODING, f"@Codecite {text}")
    slack.wait(lambda: slack.replies(CODING, posted.ts), "an answer")
    slack.wait(lambda: not DoorStore(slack.journal).open_turns(), "the turn settled")
    return slack.sandbox.workspace.in_thread(CODING, posted.ts)[-1]


def events(slack: Scene, answer: Posted) -> list[Any]:
    return list(DoorStore(slack.journal).events_of([exchange_of(answer)]))


def exchange_of(answer: Posted) -> str:
    (block,) = [b for b in answer.blocks if str(b.get("block_id")).startswith(names.DECIDE_BLOCK)]
    return str(block["block_id"]).removeprefix(names.DECIDE_BLOCK)


def now(slack: Scene, answer: Posted) -> Posted:
    return slack.sandbox.workspace.message(answer.channel, answer.ts)


def private(slack: Scene, person: str = DANA) -> list[Posted]:
    return [m for m in slack.sandbox.workspace.from_bot() if m.visible_to == person]


def actions(posted: Posted) -> list[str]:
    return [e["action_id"] for b in posted.blocks if b["type"] == "actions" for e in b["elements"]]


def test_an_answer_offers_what_one_can_do_about_it(slack: Scene) -> None:
    answer = ask(slack, "what to do")
    assert actions(answer) == [
        names.ACCEPT, names.EDIT, names.REJECT, names.ASK_LEAD, names.DRAFT_QUERY, names.SHOW_MORE,
    ]  # fmt: skip


def test_accepting_says_so_on_the_answer_and_in_the_journal(slack: Scene) -> None:
    answer = ask(slack, "accept me")
    slack.sandbox.client.press(DANA, CODING, answer.ts, names.ACCEPT)
    slack.wait(lambda: "✅" in now(slack, answer).text, "the decision on the answer")
    shown = now(slack, answer)
    assert f"*Accepted* by <@{DANA}>" in json.dumps(shown.blocks, ensure_ascii=False)
    assert names.ACCEPT not in actions(shown)
    assert names.REOPEN in actions(shown)
    (event,) = events(slack, answer)
    assert (event.kind, event.person) == (EventKind.ACCEPTED, DANA)
    assert event.details == {"kept": ["E11.22", "N18.31"]}
    assert shown.blocks[: len(answer.blocks) - 1] == answer.blocks[:-1]  # nothing else moved


def test_a_decision_is_changed_by_a_new_one(slack: Scene) -> None:
    answer = ask(slack, "decide twice")
    slack.sandbox.client.press(DANA, CODING, answer.ts, names.ACCEPT)
    slack.wait(lambda: names.REOPEN in actions(now(slack, answer)), "the decision")
    slack.sandbox.client.press(DANA, CODING, answer.ts, names.REOPEN)
    slack.wait(lambda: names.REJECT in actions(now(slack, answer)), "the buttons back")
    assert "✅" not in now(slack, answer).text
    assert [e.kind for e in events(slack, answer)] == [EventKind.ACCEPTED, EventKind.REOPENED]


def test_a_button_pressed_twice_counts_once(slack: Scene) -> None:
    answer = ask(slack, "press twice")
    envelope = slack.sandbox.client.press(DANA, CODING, answer.ts, names.ACCEPT)
    slack.wait(lambda: events(slack, answer), "the decision")
    slack.sandbox.hub.redeliver(envelope)
    slack.wait(lambda: len(envelope.sent) == 2, "the redelivery")
    slack.wait(lambda: names.REOPEN in actions(now(slack, answer)), "the decision on it")
    slack.sandbox.client.press(MORGAN, CODING, answer.ts, names.REOPEN)
    slack.wait(lambda: len(events(slack, answer)) == 2, "the next decision")
    assert [e.kind for e in events(slack, answer)] == [EventKind.ACCEPTED, EventKind.REOPENED]


def open_form(slack: Scene, person: str, answer: Posted, action: str) -> dict[str, Any]:
    before = (slack.sandbox.workspace.views.get(person) or [{"id": ""}])[-1]["id"]
    slack.sandbox.client.press(person, answer.channel, answer.ts, action)
    stack = slack.sandbox.workspace.views
    slack.wait(lambda: stack.get(person) and stack[person][-1]["id"] != before, "the form")
    return dict(slack.sandbox.workspace.top_view(person))


def test_rejecting_asks_for_a_reason_and_keeps_it(slack: Scene) -> None:
    answer = ask(slack, "reject me")
    view = open_form(slack, DANA, answer, names.REJECT)
    assert view["callback_id"] == names.REJECT_VIEW
    comment = "MRN: 4471882 is not diabetic"
    slack.sandbox.client.submit(DANA, {"reason": "not-supported", "comment": comment})
    slack.wait(lambda: "⛔ *Rejected*" in now(slack, answer).text, "the decision on the answer")
    shown = json.dumps(now(slack, answer).blocks, ensure_ascii=False)
    assert wording.REASONS["not-supported"] in shown
    (event,) = events(slack, answer)
    assert event.details["reason"] == "not-supported"
    assert "4471882" not in json.dumps(event.details)
    assert "[RECORD-1] is not diabetic" in event.details["comment"]


def test_editing_checks_every_code(slack: Scene) -> None:
    answer = ask(slack, "edit me")
    workspace = slack.sandbox.workspace
    open_form(slack, DANA, answer, names.EDIT)
    for typed, said in (
        ("ZZ9", "Not in any installed release: ZZ9."),
        ("M54.5", "Not valid on 2026-11-21: M54.5."),
    ):
        slack.sandbox.client.submit(DANA, {"keep0": ["E11.22"], "add": typed})
        slack.wait(lambda: workspace.view_errors.get(DANA) == {"add": said}, "the error")  # noqa: B023  # at once
    slack.sandbox.client.submit(DANA, {"keep0": [], "add": ""})
    slack.wait(lambda: workspace.view_errors[DANA] == {"add": wording.EDIT_NONE}, "the error")
    assert events(slack, answer) == []
    slack.sandbox.client.submit(DANA, {"keep0": ["E11.22"], "add": "z794; E11.22"})
    slack.wait(lambda: "✏️" in now(slack, answer).text, "the decision on the answer")
    (event,) = events(slack, answer)
    assert event.details["kept"] == ["E11.22"]
    assert event.details["added"] == ["Z79.4"]
    assert event.details["removed"] == ["N18.31"]


def test_a_lead_is_asked_and_decides_where_they_are(slack: Scene) -> None:
    answer = ask(slack, "ask a lead")
    open_form(slack, DANA, answer, names.ASK_LEAD)
    slack.sandbox.client.submit(DANA, {"comment": "Is stage 3a enough?"})
    slack.wait(lambda: slack.sandbox.workspace.from_bot("D0MORGAN"), "the lead's message")
    copy = slack.sandbox.workspace.from_bot("D0MORGAN")[-1]
    words = json.dumps(copy.blocks, ensure_ascii=False)
    assert f"<@{DANA}> asks a lead" in words
    assert "Is stage 3a enough?" in words
    assert "/archives/C0CODING/p" in words
    slack.wait(lambda: "asked a lead" in now(slack, answer).text, "the mark on the answer")

    slack.sandbox.client.press(MORGAN, "D0MORGAN", copy.ts, names.ACCEPT)
    slack.wait(lambda: "✅" in now(slack, answer).text, "the decision where it was asked")
    slack.wait(lambda: "✅" in now(slack, copy).text, "and on the lead's copy")
    assert f"<@{MORGAN}>" in now(slack, answer).text


def test_a_query_is_drafted_for_one_and_posted_when_asked(slack: Scene) -> None:
    answer = ask(slack, "draft a query")
    before = len(private(slack))
    slack.sandbox.client.press(DANA, CODING, answer.ts, names.DRAFT_QUERY)
    slack.wait(lambda: len(private(slack)) > before, "the draft")
    draft = private(slack)[-1]
    assert draft.thread_ts == answer.thread_ts
    assert "Unable to determine" in draft.text
    slack.sandbox.client.press(DANA, CODING, draft.ts, names.POST_QUERY)
    slack.wait(
        lambda: any("Provider query" in t for t in slack.replies(CODING, answer.thread_ts)),
        "the query for all",
    )
    slack.wait(lambda: events(slack, answer), "the event")
    assert events(slack, answer)[-1].kind is EventKind.QUERIED


def test_show_more_shows_what_was_folded(slack: Scene) -> None:
    def noted(question: Question) -> Answer:
        aside = Rejected("chest pain", 0, 10, "denied in the note", ("R07.9",))
        return answered(question, rejected=(aside,))

    slack.assistant.script = noted
    answer = ask(slack, "show more")
    slack.assistant.script = answered
    assert "1 mention not coded · 1 alternative considered" in answer.text
    assert "chest pain" not in json.dumps(answer.blocks)
    before = len(private(slack))
    slack.sandbox.client.press(DANA, CODING, answer.ts, names.SHOW_MORE)
    slack.wait(lambda: len(private(slack)) > before, "the rest")
    shown = private(slack)[-1].text
    assert "“chest pain” (R07.9): denied in the note" in shown
    assert "`E11.21`" in shown


def test_a_source_opens_its_passage(slack: Scene) -> None:
    answer = ask(slack, "open a source")
    value = f"{exchange_of(answer)}:1"
    slack.sandbox.client.press(DANA, CODING, answer.ts, names.OPEN_SOURCE, value)
    views = slack.sandbox.workspace.views
    slack.wait(lambda: views.get(DANA) and views[DANA][-1]["title"]["text"] == "Source 1", "it")
    text = json.dumps(views[DANA][-1]["blocks"])
    assert "Type 2 diabetes mellitus with diabetic chronic kidney disease" in text
    assert "icd10cm:FY2026-04:E11.22:title" in text


def test_thumbs_under_a_lookup_are_kept(slack: Scene) -> None:
    slack.assistant.script = lambda q: answered(q, kind=Kind.LOOKUP)
    posted, _ = slack.sandbox.client.say(DANA, DIRECT, "M54.5 please")
    slack.wait(lambda: len(slack.asked("M54.5 please")) == 1, "the question")
    slack.assistant.script = answered
    slack.wait(lambda: not DoorStore(slack.journal).open_turns(), "settled")
    answer = slack.sandbox.workspace.from_bot(DIRECT)[-1]
    slack.sandbox.client.press(DANA, DIRECT, answer.ts, names.FEEDBACK, "negative")
    slack.wait(lambda: any(m.text == wording.THANKS for m in private(slack)), "thanks")
    turn = DoorStore(slack.journal).turn(f"message:T0SANDBOX:{DIRECT}:{posted.ts}")
    assert turn is not None
    (event,) = DoorStore(slack.journal).events_of([turn.exchange_id])
    assert event.kind is EventKind.UNHELPFUL


def test_deciding_about_a_private_answer_changes_it_in_place(slack: Scene) -> None:
    before = len(private(slack))
    slack.sandbox.client.command(DANA, CODING, "/code", "a private decision")
    slack.wait(lambda: len(private(slack)) > before, "the private answer")
    answer = private(slack)[-1]
    slack.sandbox.client.press(DANA, CODING, answer.ts, names.ACCEPT)
    slack.wait(lambda: names.REOPEN in actions(now(slack, answer)), "the decision")
    assert now(slack, answer).visible_to == DANA
    assert names.SHARE in actions(now(slack, answer))


def test_an_answer_the_journal_lost_is_said_to_be_gone(slack: Scene) -> None:
    forged = render(answered(slack.asked("")[0], exchange_id="gone123"), shareable=True)[-1]
    posted = slack.sandbox.workspace.post(
        CODING, slack.sandbox.workspace.bot.user_id, "x", blocks=list(forged.blocks)
    )
    before = len(private(slack))
    slack.sandbox.client.press(DANA, CODING, posted.ts, names.SHARE)
    slack.wait(lambda: len(private(slack)) > before, "a word")
    assert private(slack)[-1].text == wording.NO_SUCH_EXCHANGE


def test_every_outbound_payload_was_valid(slack: Scene) -> None:
    """The sandbox refuses what Slack would refuse, so nothing may have been refused."""
    calls = slack.sandbox.workspace.calls
    assert len(calls) > 30
    assert [(c.method, c.error) for c in calls if c.error] == []
    for call in calls:
        if call.arguments.get("blocks"):
            assert validator.message_problems(call.arguments) == []


def test_a_decision_about_a_lost_answer_says_it_is_gone(slack: Scene) -> None:
    lost = answered(slack.asked("")[0], exchange_id="lost123")
    forged = render(lost, standing=Standing())[-1]
    posted = slack.sandbox.workspace.post(
        CODING, slack.sandbox.workspace.bot.user_id, "x", blocks=list(forged.blocks)
    )
    before = len(private(slack))
    slack.sandbox.client.press(DANA, CODING, posted.ts, names.ACCEPT)
    slack.wait(lambda: len(private(slack)) > before, "a word")
    assert private(slack)[-1].text == wording.NOT_HERE_ANY_MORE


def test_many_codes_take_several_groups_of_checkboxes(slack: Scene) -> None:
    many = tuple(suggestion(f"S{n}.0", alternatives=()) for n in range(10, 35))
    slack.assistant.script = lambda q: answered(q, suggestions=many)
    answer = ask(slack, "twenty-five codes")
    slack.assistant.script = answered
    view = open_form(slack, DANA, answer, names.EDIT)
    groups = [b for b in view["blocks"] if b["block_id"].startswith("keep")]
    assert [len(b["element"]["options"]) for b in groups] == [10, 10, 5]
    assert validator.view_problems(view) == []
    slack.sandbox.client.close(DANA)


def test_a_long_alternative_list_is_never_cut(slack: Scene) -> None:
    from bot.slack.details import more

    many = tuple(Alternative(f"T{n:03}", "t" * 100, "w" * 100) for n in range(200))
    answer = replace(answered(slack.asked("")[0]), suggestions=(suggestion(alternatives=many),))
    shown = more(answer)
    text = "".join(m.text for m in shown)
    assert all(f"T{n:03}" in text for n in range(200))
    for message in shown:
        assert validator.message_problems({"blocks": list(message.blocks)}) == []
