"""The leads' desk from Slack, over the real protocol: queue, claims, the review form, access."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from slack_support import CODING, DANA, MORGAN, NOON, Scene, answered, scene, suggestion

from bot.answer import Quote
from bot.journal.door import DoorStore
from bot.journal.door_records import EventKind
from bot.review.desk import Desk
from bot.review.records import Access, CodeVerdict, Person, State, Verdict
from bot.review.sampling import SamplingRules
from bot.sandbox import validator
from bot.slack import names, wording
from bot.slack.review_views import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterator

PLANTED = "Zebulon has diabetic CKD"
ONCE = SamplingRules(second_rate=0.0)
LEAD = Person(MORGAN, Access.LEAD)


@pytest.fixture
def slack(tmp_path) -> Iterator[Scene]:
    with scene(tmp_path, review_second_rate=0.0) as made:
        yield made


def desk_of(slack: Scene) -> Desk:
    return Desk(slack.journal, rules=ONCE, clock=lambda: NOON, leads=(MORGAN,))


def escalated(slack: Scene, text: str = PLANTED) -> str:
    """Ask, then ask a lead; the exchange's id."""
    workspace, client = slack.sandbox.workspace, slack.sandbox.client
    posted, _ = client.say(DANA, CODING, f"@Codecite {text}")
    slack.wait(lambda: slack.replies(CODING, posted.ts), "an answer")
    door = DoorStore(slack.journal)
    slack.wait(lambda: not door.open_turns(), "settled")
    answer = workspace.in_thread(CODING, posted.ts)[-1]
    count = len(door.events_since(NOON, EventKind.ESCALATED))
    if names.ASK_LEAD in json.dumps(answer.blocks):
        client.press(DANA, CODING, answer.ts, names.ASK_LEAD)
        slack.wait(lambda: workspace.views.get(DANA), "the form")
        client.submit(DANA, {})
        slack.wait(
            lambda: len(door.events_since(NOON, EventKind.ESCALATED)) > count, "the escalation"
        )
    return door.turns_of("T0SANDBOX", DANA)[0].exchange_id


def home_of(slack: Scene, person: str = MORGAN) -> dict[str, Any]:
    workspace = slack.sandbox.workspace
    calls = len(workspace.calls_of("views.publish"))
    slack.sandbox.client.open_app(person, "home")
    slack.wait(lambda: len(workspace.calls_of("views.publish")) > calls, "the Home tab")
    assert validator.view_problems(workspace.homes[person]) == []
    return workspace.homes[person]


def press_home(slack: Scene, action: str, person: str = MORGAN) -> None:
    """Press, and wait for the Home that shows what came of it."""
    workspace = slack.sandbox.workspace
    calls = len(workspace.calls_of("views.publish"))
    slack.sandbox.client.press_home(person, action)
    slack.wait(lambda: len(workspace.calls_of("views.publish")) > calls, "the new Home")


def form(slack: Scene, person: str = MORGAN) -> dict[str, Any]:
    home_of(slack, person)
    slack.sandbox.client.press_home(person, names.REVIEW_OPEN)
    views = slack.sandbox.workspace.views
    slack.wait(lambda: views.get(person), "the form")
    assert validator.view_problems(views[person][-1]) == []
    return dict(views[person][-1])


def told(slack: Scene, person: str = MORGAN) -> list[str]:
    place = slack.sandbox.workspace.direct_with(person).id
    return [posted.text for posted in slack.sandbox.workspace.from_bot(place)]


ACCEPTED = {"verdict0": "accepted", "verdict1": "accepted"}


def test_the_queue_of_home_is_the_desks(slack: Scene) -> None:
    exchange_id = escalated(slack)
    shown = json.dumps(home_of(slack), ensure_ascii=False)
    assert "*1 answer waits for a lead*" in shown
    assert f"queue:{exchange_id}" in shown
    assert "a lead was asked" in shown
    assert "`E11.22`, `N18.31`" in shown
    assert "Zebulon" not in shown
    assert "Review queue" not in json.dumps(home_of(slack, DANA))


def test_claim_and_release_are_the_desks(slack: Scene) -> None:
    exchange_id = escalated(slack)
    home_of(slack)
    press_home(slack, names.REVIEW_CLAIM)
    shown = json.dumps(slack.sandbox.workspace.homes[MORGAN])
    assert "claimed by you" in shown
    assert names.REVIEW_CLAIM not in shown
    assert desk_of(slack).open(LEAD, exchange_id).case.held_by(NOON) == MORGAN
    press_home(slack, names.REVIEW_RELEASE)
    assert desk_of(slack).open(LEAD, exchange_id).case.held_by(NOON) == ""
    assert names.REVIEW_CLAIM in json.dumps(slack.sandbox.workspace.homes[MORGAN])


def test_what_somebody_else_has_claimed_is_not_offered(slack: Scene) -> None:
    exchange_id = escalated(slack)
    home_of(slack)
    other = Person("U0OTHER", Access.LEAD)
    desk_of(slack).claim(other, exchange_id)
    press_home(slack, names.REVIEW_CLAIM)  # pressed on a Home that is out of date
    slack.wait(lambda: "U0OTHER has claimed that exchange" in told(slack)[-1], "the refusal")
    shown = json.dumps(slack.sandbox.workspace.homes[MORGAN])
    assert "claimed by <@U0OTHER>" in shown
    assert names.REVIEW_OPEN not in shown


def test_a_filter_is_the_desks_and_is_kept(slack: Scene) -> None:
    escalated(slack)
    home_of(slack)
    slack.sandbox.client.press_home(MORGAN, names.HOME_STATUS, "rejected")
    slack.wait(
        lambda: "Nothing waits" in json.dumps(slack.sandbox.workspace.homes[MORGAN]), "filtered"
    )
    assert "Nothing waits" in json.dumps(home_of(slack))
    slack.sandbox.client.press_home(MORGAN, names.HOME_STATUS, "escalated")
    slack.wait(lambda: "E11.22" in json.dumps(slack.sandbox.workspace.homes[MORGAN]), "filtered")


def test_the_form_offers_every_verdict_for_every_code(slack: Scene) -> None:
    exchange_id = escalated(slack)
    view = form(slack)
    assert set(VERDICTS) == set(Verdict)
    for place, code in enumerate(("E11.22", "N18.31")):
        (block,) = [b for b in view["blocks"] if b.get("block_id") == f"verdict{place}"]
        assert block["label"]["text"].startswith(code)
        values = [o["value"] for o in block["element"]["options"]]
        assert values == [verdict.value for verdict in Verdict]
    assert json.loads(view["private_metadata"]) == [exchange_id, "", "", ""]


def test_a_review_is_an_event_at_the_desk(slack: Scene) -> None:
    exchange_id = escalated(slack)
    form(slack)
    slack.sandbox.client.submit(
        MORGAN,
        ACCEPTED
        | {"verdict0": "wrong-code", "right0": "z794", "comment": "MRN: 4471882, see the note"},
    )
    desk = desk_of(slack)
    slack.wait(lambda: desk.decisions(exchange_id), "the decision")
    (made,) = desk.decisions(exchange_id)
    assert made.reviewer == MORGAN
    assert [(v.code, v.verdict, v.right_code) for v in made.verdicts] == [
        ("E11.22", Verdict.WRONG_CODE, "Z79.4"),
        ("N18.31", Verdict.ACCEPTED, ""),
    ]
    assert made.codes == ("Z79.4", "N18.31")
    assert made.severity == 2  # the first-listed diagnosis counts double
    assert "4471882" not in made.note
    slack.wait(lambda: "wrong code (right: `Z79.4`)" in told(slack)[-1], "the receipt")
    assert "see the note" not in told(slack)[-1]
    slack.wait(
        lambda: names.REVIEW_OPEN not in json.dumps(slack.sandbox.workspace.homes[MORGAN]),
        "the queue without it",
    )


@pytest.mark.parametrize(
    ("entered", "wrong"),
    [
        ({"verdict0": "wrong-code"}, {"right0": wording.REVIEW_NEEDS_RIGHT}),
        ({"right1": "Z79.4"}, {"right1": wording.REVIEW_KEEPS}),
        (
            {"verdict0": "wrong-code", "right0": "ZZ9"},
            {"right0": "Not in any installed release: ZZ9."},
        ),
        (
            {"verdict1": "unsupported", "right1": "M54.5"},
            {"right1": "Not valid on 2026-11-21: M54.5."},
        ),
        ({"verdict0": "wrong-code", "right0": "e1122"}, {"right0": wording.REVIEW_SAME_CODE}),
        ({"missing": "Z79.4, ZZ9"}, {"missing": "Not in any installed release: ZZ9."}),
        ({"verdict0": "wrong-sequence"}, {"sequence": "A wrong sequence needs the right one."}),
        (
            {"verdict0": "wrong-sequence", "sequence": "N18.31"},
            {"sequence": "The sequence must name these codes: E11.22, N18.31."},
        ),
    ],
    ids=["no right code", "kept with another", "unknown", "invalid", "same", "missing", "no order",
         "other order"],
)  # fmt: skip
def test_what_does_not_fit_is_said_at_its_field(
    slack: Scene, entered: dict[str, str], wrong: dict[str, str]
) -> None:
    exchange_id = escalated(slack)
    form(slack)
    slack.sandbox.client.submit(MORGAN, ACCEPTED | entered)
    slack.wait(lambda: slack.sandbox.workspace.view_errors.get(MORGAN) == wrong, str(wrong))
    assert desk_of(slack).decisions(exchange_id) == ()


def test_missing_codes_and_an_order_are_recorded(slack: Scene) -> None:
    exchange_id = escalated(slack)
    form(slack)
    slack.sandbox.client.submit(
        MORGAN,
        ACCEPTED | {"verdict0": "wrong-sequence", "missing": "z794",
                    "sequence": "N18.31, E11.22, Z79.4"},
    )  # fmt: skip
    desk = desk_of(slack)
    slack.wait(lambda: desk.decisions(exchange_id), "the decision")
    (made,) = desk.decisions(exchange_id)
    assert made.codes == ("N18.31", "E11.22", "Z79.4")
    assert (made.verdicts[-1].code, made.verdicts[-1].right_code) == ("", "Z79.4")


def test_a_submission_delivered_twice_is_one_event(slack: Scene) -> None:
    exchange_id = escalated(slack)
    form(slack)
    envelope = slack.sandbox.client.submit(MORGAN, ACCEPTED)
    desk = desk_of(slack)
    slack.wait(lambda: desk.decisions(exchange_id), "the decision")
    slack.sandbox.hub.redeliver(envelope)
    slack.wait(lambda: len(envelope.sent) == 2, "the redelivery")
    slack.finish()
    assert len(desk.decisions(exchange_id)) == 1


@pytest.mark.parametrize("action", [names.REVIEW_CLAIM, names.REVIEW_OPEN, names.REVIEW_SHOW])
def test_who_may_not_review_is_refused_on_the_server(slack: Scene, action: str) -> None:
    """A payload with the right ids is not enough: the desk asks who sends it."""
    exchange_id = escalated(slack)
    button = {"type": "button", "action_id": action, "value": exchange_id,
              "text": {"type": "plain_text", "text": "x"}}  # fmt: skip
    forged = {"type": "home", "blocks": [{"type": "actions", "elements": [button]}]}
    slack.sandbox.workspace.publish_home(DANA, forged)
    slack.sandbox.client.press_home(DANA, action)
    slack.wait(lambda: wording.REFUSALS["role"] in told(slack, DANA), "the refusal")
    assert not slack.sandbox.workspace.views.get(DANA)
    assert desk_of(slack).open(LEAD, exchange_id).case.holder == ""
    refusals = DoorStore(slack.journal).events_since(NOON, EventKind.REFUSED)
    assert [(e.person, e.details["why"]) for e in refusals] == [(DANA, "role")]


def test_a_forged_submission_changes_nothing(slack: Scene) -> None:
    exchange_id = escalated(slack)
    view = form(slack)
    slack.sandbox.workspace.push_view(DANA, view, root=True)
    slack.sandbox.client.submit(DANA, ACCEPTED)
    slack.wait(lambda: wording.REFUSALS["role"] in told(slack, DANA), "the refusal")
    assert desk_of(slack).decisions(exchange_id) == ()


def test_a_reviewer_whom_a_lead_named_reviews_too(slack: Scene) -> None:
    exchange_id = escalated(slack)
    desk = desk_of(slack)
    desk.people.grant(LEAD, DANA, Access.REVIEWER)
    form(slack, DANA)
    slack.sandbox.client.submit(DANA, ACCEPTED)
    slack.wait(lambda: desk.decisions(exchange_id), "the decision")
    assert desk.decisions(exchange_id)[0].reviewer == DANA


def test_a_decided_answer_is_not_decided_again(slack: Scene) -> None:
    exchange_id = escalated(slack)
    form(slack)
    desk = desk_of(slack)
    other = Person("U0OTHER", Access.LEAD)
    desk.decide(other, exchange_id, _all_accepted(desk, exchange_id))
    assert desk.open(LEAD, exchange_id).case.state is State.DONE
    slack.sandbox.client.submit(MORGAN, ACCEPTED)
    errors = slack.sandbox.workspace.view_errors
    slack.wait(lambda: errors.get(MORGAN) == {"comment": wording.REVIEW_DONE}, "the error")
    assert len(desk.decisions(exchange_id)) == 1


def _all_accepted(desk: Desk, exchange_id: str) -> tuple[CodeVerdict, ...]:
    codes = desk.open(LEAD, exchange_id).case.codes
    return tuple(CodeVerdict(code, Verdict.ACCEPTED) for code in codes)


def test_a_second_review_is_blinded_and_somebody_elses(tmp_path) -> None:
    with scene(tmp_path, review_second_rate=1.0, slack_leads=(MORGAN, DANA)) as slack:
        exchange_id = escalated(slack)
        form(slack)
        slack.sandbox.client.submit(MORGAN, ACCEPTED | {"comment": "kidneys"})
        workspace, desk = slack.sandbox.workspace, desk_of(slack)
        slack.wait(
            lambda: "judged by you" in json.dumps(workspace.homes[MORGAN]), "the queue after it"
        )
        assert names.REVIEW_OPEN not in json.dumps(workspace.homes[MORGAN])
        view = form(slack, DANA)
        assert "kept from you" in json.dumps(view)
        assert MORGAN not in json.dumps([view, workspace.homes[DANA]["blocks"][3:5]])
        slack.sandbox.client.submit(DANA, ACCEPTED)
        slack.wait(lambda: len(desk.decisions(exchange_id)) == 2, "the second review")
        assert [made.round for made in desk.decisions(exchange_id)] == [1, 2]
        assert desk.open(LEAD, exchange_id).case.state is State.DONE


def test_the_question_is_sent_as_a_message_only(slack: Scene) -> None:
    quote = f"{PLANTED} stage 3a"

    def quoting(question: Any) -> Any:
        made = suggestion(evidence=(Quote(quote, 0, len(quote)),), rationale=quote)
        return answered(question, suggestions=(made,), headline=quote)

    slack.assistant.script = quoting
    escalated(slack)
    view = form(slack)
    outside = json.dumps([view, slack.sandbox.workspace.homes])
    assert "Zebulon" not in outside
    assert "E11.22" in outside
    before = len(told(slack))
    slack.sandbox.client.press_view(MORGAN, names.REVIEW_SHOW)
    slack.wait(lambda: len(told(slack)) > before, "the message")
    assert "Zebulon" in told(slack)[-1] or "Zebulon" in json.dumps(
        slack.sandbox.workspace.from_bot(slack.sandbox.workspace.direct_with(MORGAN).id)[-1].blocks
    )
