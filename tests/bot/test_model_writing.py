"""What a model may word besides a draft, and what of it is believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from model_support import Reply, ScriptedChat

from bot.answer import Answer, Citation, Kind, Setting
from bot.drafting.errors import ModelTimeoutError
from bot.drafting.writing import Writer

SECTIONS = (
    Citation("g:IV.H", "digest of IV.H", "FY2026", "IV.H",
             "Uncertain diagnosis: at an outpatient visit a diagnosis that is only suspected is not"
             " coded; code the sign or symptom."),
    Citation("g:II.H", "digest of II.H", "FY2026", "II.H",
             "Uncertain diagnosis: for an inpatient stay it is coded as if it existed."),
)  # fmt: skip
ASKED = Answer(
    "x", Kind.GUIDELINE, Setting.OUTPATIENT, date(2026, 11, 21), {}, "The rule. (IV.H)",
    text="can I code probable pneumonia outpatient?", citations=SECTIONS,
)  # fmt: skip


def says(answer: str, *cited: str, settled: bool = True) -> Writer:
    reply: Reply = {"answer": answer, "citations": list(cited), "settled": settled}
    return Writer(ScriptedChat(lambda _prompt, _ids: reply))


def test_a_direct_answer_leads_and_cites_its_section_first() -> None:
    found = says("For an inpatient stay it is coded as if it existed.", "c2").guideline(ASKED)
    assert found.headline == "For an inpatient stay it is coded as if it existed. (II.H)"
    assert [each.id for each in found.citations] == ["g:II.H", "g:IV.H"]
    assert found.drafter == "model:scripted:test"
    assert found.model is not None
    assert found.model["prompt"].startswith("guideline v1")


def test_what_the_sections_leave_open_is_said() -> None:
    found = says("The sections do not say.", "c1", settled=False).guideline(ASKED)
    assert "do not settle" in found.cautions[0]


@pytest.mark.parametrize(
    ("answer", "cited"),
    [
        ("No, code the symptom.", ()),
        ("No, code the symptom.", ("c9",)),
        ("No, report R05.9.", ("c1",)),
        ("No, see section 7.", ("c1",)),
        ("No, “never code doubt” applies.", ("c1",)),
        ("No, it lowers reimbursement.", ("c1",)),
        ("See http://x.example", ("c1",)),
        ("", ("c1",)),
    ],
)
def test_an_answer_beyond_its_sections_is_not_shown(answer: str, cited: tuple[str, ...]) -> None:
    found = says(answer, *cited).guideline(ASKED)
    assert found.headline == ASKED.headline
    assert found.citations == SECTIONS
    assert found.drafter == "rules"
    assert "sections speak for themselves" in found.cautions[-1]


def test_without_sections_or_without_the_model_the_rules_stand() -> None:
    chat = ScriptedChat(lambda _p, _i: ModelTimeoutError("late"))
    bare = replace(ASKED, citations=())
    assert Writer(chat).guideline(bare) == bare
    assert chat.prompts == []
    kept = Writer(chat).guideline(ASKED)
    assert kept.headline == ASKED.headline
    assert kept.model is not None
    assert kept.model["outcome"] == "timeout"


RADIUS = ("fracture of the right distal radius, first visit",)
CKD = ("type 2 diabetes with CKD stage 3a",)


@pytest.mark.parametrize(
    ("thread", "message", "wording", "taken"),
    [
        (RADIUS, "what about the left one", "fracture of the left distal radius, first visit", 1),
        (RADIUS, "what about the left one", "Fracture of left distal radius", 1),
        (RADIUS, "what about the left one", "fracture of the left distal ulna", 0),
        (RADIUS, "what about the left one", "S52.502A", 0),
        (RADIUS, "what about the left one", "open fracture of the left distal radius", 0),
        (RADIUS, "what about the left one", "what about the left one", 0),
        (RADIUS, "what about the left one", "", 0),
        (RADIUS, "what about the left one", "fracture, left: http://x.example", 0),
        (CKD, "rather neuropathy instead of that", "type 2 diabetes with neuropathy", 1),
        (CKD, "rather neuropathy instead of that", "type 2 diabetes", 0),  # the news is lost
        (CKD, "rather neuropathy instead of that", "neuropathy", 0),  # so is the thread
        (CKD, "stage 5 instead of that", "type 2 diabetes with CKD stage 5", 1),
        (CKD, "stage 5 instead of that", "type 2 diabetes with CKD stage 4, stage 5", 0),
        (("pneumonia, no sepsis",), "would it be bilateral", "pneumonia, no sepsis, bilateral", 1),
        (("pneumonia, no sepsis",), "would it be bilateral", "bilateral pneumonia, sepsis", 0),
        (("suspected pneumonia",), "is it coded inpatient", "pneumonia inpatient", 0),
        (("suspected pneumonia",), "is it coded inpatient", "suspected pneumonia, inpatient", 1),
        (("mother had gout",), "is that coded on the left", "left gout", 0),
        ((), "what about the left one", "the left one", 0),
    ],
)
def test_a_follow_up_says_what_was_said_and_no_more_and_no_less(
    thread: tuple[str, ...], message: str, wording: str, taken: bool
) -> None:
    writer = Writer(ScriptedChat(lambda _p, _i: {"question": wording}))
    said, use = writer.follow_up(thread, message)
    assert said == (wording if taken else message)
    assert use.outcome == ("worded" if taken else "unverified")
    assert use.prompt.startswith("follow_up v1 ")


@pytest.mark.parametrize(
    ("wording", "taken"),
    [
        ("Can the acuity of the heart failure be further specified?", True),
        ("Is it acute, chronic, or acute on chronic?", True),
        ("Is this likely acute heart failure?", False),
        ("Please document acute heart failure.", False),
        ("Can you confirm that it is acute?", False),
        ("Would acute raise the DRG?", False),
        ("Does the EF of 20 support a type?", False),
        ("Can the acuity be specified", False),
    ],
)
def test_a_query_wording_leads_to_no_option(wording: str, taken: bool) -> None:
    writer = Writer(ScriptedChat(lambda _p, _i: {"question": wording}))
    said, use = writer.query(
        "acuity of the heart failure", ["EF 35 %", "on furosemide"],
        ["acute", "chronic", "acute on chronic"],
    )  # fmt: skip
    assert (said is not None) is taken
    assert use.outcome == ("worded" if taken else "unverified")


def test_a_writer_that_fails_words_nothing() -> None:
    writer = Writer(ScriptedChat(lambda _p, _i: ModelTimeoutError("late")))
    said, use = writer.follow_up(("gout",), "left")
    assert (said, use.outcome) == ("left", "timeout")
    assert writer.query("side", [], ["left", "right"])[0] is None
