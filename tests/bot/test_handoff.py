"""Hand-off: accepted codes as FHIR R4, as HI segments and as CSV, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from journal_samples import exchange
from review_support import ANA, TWICE, accepted, coded, make_desk, wrong

from bot.answer import Setting
from bot.handoff.accepted import HandOff
from bot.handoff.accepted import accepted as to_hand_off
from bot.handoff.writing import Form, written
from bot.journal import Journal
from bot.review.errors import HandOffError
from bot.review.records import CodeVerdict, Feedback, Verdict

if TYPE_CHECKING:
    from bot.review.desk import Desk

ONE = exchange(1).exchange_id


@pytest.fixture
def desk(journal: Journal) -> Desk:
    return make_desk(journal)


def handed(desk: Desk, *codes: str, setting: Setting = Setting.OUTPATIENT) -> HandOff:
    desk.journal.append(coded(1, *codes, setting=setting))
    desk.decide(ANA, ONE, accepted(*codes))
    return to_hand_off(desk, ONE, lambda code, _day: f"title of {code}")


# What may be handed off


def test_the_last_decision_counts(desk: Desk) -> None:
    desk.journal.append(coded(1, "E11.9", "I10"))
    with pytest.raises(HandOffError, match="Nobody has accepted"):
        to_hand_off(desk, ONE)
    desk.decide(ANA, ONE, (*wrong("E11.9", "E11.22"), *accepted("I10")))
    given = to_hand_off(desk, ONE)
    assert [(c.code, c.rank) for c in given.codes] == [("E11.22", 1), ("I10", 2)]
    assert (given.person, given.role) == ("UANA", "reviewer")


def test_the_asker_may_accept_and_a_rejection_takes_it_back(desk: Desk) -> None:
    desk.journal.append(coded(1, "E11.9"))
    desk.feedback("U1", ONE, Feedback.ACCEPTED)
    given = to_hand_off(desk, ONE)
    assert ([c.code for c in given.codes], given.person, given.role) == (["E11.9"], "U1", "asker")
    desk.feedback("U1", ONE, Feedback.REJECTED)
    with pytest.raises(HandOffError, match="was not accepted"):
        to_hand_off(desk, ONE)


def test_what_two_still_judge_is_not_handed_off(journal: Journal) -> None:
    desk = make_desk(journal, TWICE)
    journal.append(coded(1, "E11.9"))
    desk.decide(ANA, ONE, accepted("E11.9"))
    with pytest.raises(HandOffError, match="still under review"):
        to_hand_off(desk, ONE)


def test_no_code_left_is_nothing_to_hand_off(desk: Desk) -> None:
    desk.journal.append(coded(1, "E11.9"))
    desk.decide(ANA, ONE, [CodeVerdict("E11.9", Verdict.UNSUPPORTED)])
    with pytest.raises(HandOffError, match="No code"):
        to_hand_off(desk, ONE)


# X12


@pytest.mark.parametrize(
    ("form", "codes", "expected"),
    [
        (Form.PROFESSIONAL, ("E11.22",), "HI*ABK:E1122~\n"),
        (Form.PROFESSIONAL, ("E11.22", "N18.31", "Z79.4"), "HI*ABK:E1122*ABF:N1831*ABF:Z794~\n"),
        (Form.PROFESSIONAL, ("S52.501A", "W19.XXXA"), "HI*ABK:S52501A*ABF:W19XXXA~\n"),
        (Form.PROFESSIONAL, ("E11.22", "J1885"), "HI*ABK:E1122~\n"),
        (Form.INSTITUTIONAL, ("E11.22",), "HI*ABK:E1122~\n"),
        (Form.INSTITUTIONAL, ("S52.501A", "W19.XXXA", "I10"),
         "HI*ABK:S52501A~\nHI*ABN:W19XXXA~\nHI*ABF:I10~\n"),
        (Form.INSTITUTIONAL, ("K35.80", "I10", "0DTJ4ZZ", "0DJD8ZZ"),
         "HI*ABK:K3580~\nHI*ABF:I10~\nHI*BBR:0DTJ4ZZ:D8:20261121~\nHI*BBQ:0DJD8ZZ:D8:20261121~\n"),
    ],
)  # fmt: skip
def test_hi_segments(desk: Desk, form: Form, codes: tuple[str, ...], expected: str) -> None:
    assert written(handed(desk, *codes), form) == expected


def test_twelve_codes_a_segment_and_no_more_than_the_claim_holds(desk: Desk) -> None:
    codes = tuple(f"M{number}.0" for number in range(10, 36))
    given = handed(desk, *codes)
    with pytest.raises(HandOffError, match="837P holds 12 diagnoses and 26"):
        written(given, Form.PROFESSIONAL)
    with pytest.raises(HandOffError, match="837I holds 24"):
        written(given, Form.INSTITUTIONAL)


def test_other_diagnoses_are_split_after_twelve(desk: Desk) -> None:
    codes = tuple(f"M{number}.0" for number in range(10, 24))
    lines = written(handed(desk, *codes), Form.INSTITUTIONAL).splitlines()
    assert [line.count(":") for line in lines] == [1, 12, 1]


def test_an_external_cause_never_comes_first(desk: Desk) -> None:
    with pytest.raises(HandOffError, match="is an external cause"):
        written(handed(desk, "W19.XXXA"), Form.PROFESSIONAL)


def test_a_claim_without_a_diagnosis_is_refused(desk: Desk) -> None:
    with pytest.raises(HandOffError, match="needs a diagnosis"):
        written(handed(desk, "J1885"), Form.PROFESSIONAL)


# FHIR


def resources(text: str) -> dict[str, list[dict[str, Any]]]:
    document = json.loads(text)
    Bundle.model_validate(document)
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in document["entry"]:
        found.setdefault(entry["resource"]["resourceType"], []).append(entry["resource"])
    return found


def test_a_bundle_names_codes_ranks_and_who_accepted_them(desk: Desk) -> None:
    given = handed(desk, "E11.22", "N18.31", "J1885")
    found = resources(written(given, Form.FHIR, "Patient/7"))
    (encounter,) = found["Encounter"]
    assert encounter["class"]["code"] == "AMB"
    assert [row["rank"] for row in encounter["diagnosis"]] == [1, 2]
    first, second = found["Condition"]
    assert first["code"]["coding"] == [
        {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "E11.22",
         "display": "title of E11.22"}
    ]  # fmt: skip
    ids = {f"Condition/{first['id']}", f"Condition/{second['id']}"}
    assert {row["condition"]["reference"] for row in encounter["diagnosis"]} == ids
    assert first["subject"] == {"reference": "Patient/7"}
    (procedure,) = found["Procedure"]
    assert procedure["code"]["coding"][0]["code"] == "J1885"
    (provenance,) = found["Provenance"]
    assert {row["reference"] for row in provenance["target"]} == {
        *ids, f"Procedure/{procedure['id']}",
    }  # fmt: skip
    assert provenance["agent"][0]["who"]["identifier"]["value"] == "UANA"
    assert provenance["entity"][0]["what"]["identifier"]["value"] == ONE


def test_an_inpatient_day_is_the_day_of_discharge(desk: Desk) -> None:
    given = handed(desk, "K35.80", "0DTJ4ZZ", setting=Setting.INPATIENT)
    found = resources(written(given, Form.FHIR))
    (encounter,) = found["Encounter"]
    assert encounter["period"] == {"end": "2026-11-21"}
    assert encounter["class"]["code"] == "IMP"
    assert encounter["subject"] == {"display": "to be filled in by the receiver"}
    assert found["Procedure"][0]["code"]["coding"][0]["system"].endswith("ICD10")


# CSV


def test_csv_has_a_line_a_code(desk: Desk) -> None:
    rows = list(csv.DictReader(io.StringIO(written(handed(desk, "E11.22", "I10"), Form.CSV))))
    assert [(row["rank"], row["code"], row["title"]) for row in rows] == [
        ("1", "E11.22", "title of E11.22"), ("2", "I10", "title of I10"),
    ]  # fmt: skip
    assert rows[0]["accepted_by"] == "UANA"
    assert rows[0]["release"] == "FY2027"
