"""Refinements and settings in a conversation, with near-misses that must stay questions."""

from __future__ import annotations

from datetime import date

import pytest

from bot.answer import Setting
from bot.conversation import Said, understand

TODAY = date(2026, 11, 21)
KNEE = "right knee osteoarthritis"
DIABETES = "type 2 diabetes with diabetic CKD stage 3a"


@pytest.mark.parametrize(
    ("text", "previous", "asked"),
    [
        ("what about the left one", KNEE, "left knee osteoarthritis"),
        ("What about the left one?", KNEE, "left knee osteoarthritis"),
        ("and the left knee?", KNEE, "left knee osteoarthritis"),
        ("the other side", KNEE, "left knee osteoarthritis"),
        ("left", "knee osteoarthritis", "left knee osteoarthritis"),
        ("bilateral", KNEE, "bilateral knee osteoarthritis"),
        ("and if it is type 1", DIABETES, "type 1 diabetes with diabetic CKD stage 3a"),
        ("what if it's stage 4?", DIABETES, "type 2 diabetes with diabetic CKD stage 4"),
        ("no, type 1", DIABETES, "type 1 diabetes with diabetic CKD stage 3a"),
        ("actually it was acute", "bronchitis", "acute bronchitis"),
        ("subsequent encounter", "closed fracture of left radius, initial encounter",
         "closed fracture of left radius, subsequent encounter"),
        ("and hypertension", DIABETES, f"{DIABETES}, hypertension"),
        ("with long-term insulin", DIABETES, f"{DIABETES}, with long-term insulin"),
        ("what if she also has gout", KNEE, f"{KNEE}, gout"),
    ],
)  # fmt: skip
def test_a_refinement_changes_the_question_before(text: str, previous: str, asked: str) -> None:
    understood = understand(text, previous, TODAY)
    assert understood.text == asked
    assert understood.refined


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("gout", "gout"),
        ("left ankle sprain", "left ankle sprain"),
        ("what about gout", "gout"),
        ("what about M17.12?", "M17.12"),
        ("what does E11.9 exclude?", "what does E11.9 exclude?"),
        ("and M54.5", "and M54.5"),
        ("severe sepsis with septic shock", "severe sepsis with septic shock"),
        ("follow-up after inpatient stay for pneumonia",
         "follow-up after inpatient stay for pneumonia"),
        ("may be pneumonia", "may be pneumonia"),
        ("Assessment:\nleft knee pain", "Assessment:\nleft knee pain"),
    ],
)  # fmt: skip
def test_a_question_of_its_own_stays_one(text: str, asked: str) -> None:
    understood = understand(text, KNEE, TODAY)
    assert understood.text == asked
    assert not understood.refined
    assert understood.said == Said()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("inpatient", Said(Setting.INPATIENT)),
        ("and as an inpatient?", Said(Setting.INPATIENT)),
        ("it was an outpatient visit", Said(Setting.OUTPATIENT)),
        ("as of last September", Said(day=date(2026, 9, 30))),
        ("as of last December?", Said(day=date(2025, 12, 31))),
        ("as of 2026-09-30", Said(day=date(2026, 9, 30))),
        ("as of 9/30/2026", Said(day=date(2026, 9, 30))),
        ("date of service September 30, 2026", Said(day=date(2026, 9, 30))),
        ("under FY2026", Said(day=date(2026, 9, 30))),
        ("yesterday", Said(day=date(2026, 11, 20))),
        ("as of last month", Said(day=date(2026, 10, 31))),
        ("inpatient, as of October 2026", Said(Setting.INPATIENT, date(2026, 10, 31))),
        ("in HCPCS", Said(systems=("hcpcs",))),
    ],
)
def test_settings_alone_ask_the_question_before_again(text: str, said: Said) -> None:
    assert understand(text, KNEE, TODAY).said == said
    assert understand(text, KNEE, TODAY).text == KNEE
    assert understand(text, KNEE, TODAY).refined
    assert understand(text, "", TODAY).text == ""


@pytest.mark.parametrize(
    ("text", "asked", "said"),
    [
        ("inpatient: possible pneumonia", "possible pneumonia", Said(Setting.INPATIENT)),
        ("possible pneumonia, inpatient", "possible pneumonia", Said(Setting.INPATIENT)),
        ("possible pneumonia (inpatient)", "possible pneumonia", Said(Setting.INPATIENT)),
        ("gout as of 2026-09-30", "gout", Said(day=date(2026, 9, 30))),
        ("semi-electric bed, in HCPCS", "semi-electric bed", Said(systems=("hcpcs",))),
        ("and the left one, inpatient", "left knee osteoarthritis", Said(Setting.INPATIENT)),
    ],
)
def test_settings_beside_a_question_are_taken_out_of_it(text: str, asked: str, said: Said) -> None:
    understood = understand(text, KNEE, TODAY)
    assert (understood.text, understood.said) == (asked, said)


def test_impossible_days_are_left_in_the_text() -> None:
    assert understand("gout as of 2026-13-40", "", TODAY).text == "gout as of 2026-13-40"


def test_a_note_is_added_to_and_never_rewritten() -> None:
    note = "Left knee pain. " * 30
    understood = understand("and if it is the right one", note, TODAY)
    assert understood.text.startswith(note.rstrip())
    assert "right one" in understood.text[len(note) - 1 :].casefold()


def test_a_first_line_of_settings_belongs_to_the_note() -> None:
    understood = understand("Inpatient:\nAcute kidney injury.", "", TODAY)
    assert understood.text == "Acute kidney injury."
    assert understood.said.setting is Setting.INPATIENT


def test_later_settings_win_over_earlier_ones() -> None:
    earlier = Said(Setting.INPATIENT, date(2026, 9, 30))
    later = Said(Setting.OUTPATIENT, systems=("hcpcs",))
    together = later.over(earlier)
    assert together == Said(Setting.OUTPATIENT, date(2026, 9, 30), ("hcpcs",))
    assert Said.from_json(together.to_json()) == together
    assert Said.from_json({}) == Said()
