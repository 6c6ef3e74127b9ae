"""Services that notes document: what is named, and whether this encounter did or ordered it."""

from __future__ import annotations

import pytest

from retrieval.notes.problems import Assessed
from retrieval.notes.reading import Note
from retrieval.notes.sections import find_sections
from retrieval.notes.sentences import find_sentences
from retrieval.notes.services import Service, find_services, is_local_anesthetic
from retrieval.notes.standing import Standing, Verdict, governed


def read(text: str) -> tuple[Service, ...]:
    sections = find_sections(text)
    places = tuple(
        (sentence, section)
        for section in sections.all
        for sentence in find_sentences(text, section.body, section.end)
    )
    return find_services(Note(text, sections, places, Assessed((), ()), ()))


def named(text: str) -> list[tuple[str, str]]:
    return [(service.text, service.standing.value) for service in read(text)]


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        ("Received ceftriaxone 1 g IM in clinic.", [("ceftriaxone 1 g IM", "done")]),
        ("Ketorolac 30 mg IM given today, follow up in 2 weeks.", [("Ketorolac 30 mg IM", "done")]),
        ("Toradol 60 mg IM x1.", [("Toradol 60 mg IM", "done")]),
        ("Will give Rocephin 1 g IM now.", [("Rocephin 1 g IM", "ordered")]),
        ("B12 1000 mcg IM.", [("B12 1000 mcg IM", "ordered")]),
        ("Knee injected with 40 mg of Kenalog.", [("40 mg of Kenalog", "done")]),
        ("Continue lisinopril 20 mg daily.", []),
        ("Start amoxicillin 500 mg three times a day.", []),
        ("Humira 40 mg SC every 2 weeks.", []),
        ("B12 1000 mcg IM monthly.", []),
        ("Provided prescription for ondansetron 4 mg ODT.", []),
        ("Given samples of Breo.", []),
        ("She was given a walking boot and crutches.", [("walking boot", "done"), ("crutches", "done")]),
        ("Needs new CPAP supplies, ordered.", [("CPAP supplies", "ordered")]),
        ("- Walking boot", [("Walking boot", "ordered")]),
        ("He uses a walker.", [("walker", "past")]),
        ("Recommend compression stockings.", [("compression stockings", "planned")]),
        ("Flu shot given today.", [("Flu shot", "done")]),
        ("Flu shot given last week at the pharmacy.", [("Flu shot", "past")]),
        ("Declined flu shot.", [("flu shot", "declined")]),
        ("I&D of abscess performed.", [("I&D of abscess", "done")]),
        ("Laceration repaired with 4-0 nylon.", [("Laceration repaired", "done")]),
        ("Will schedule colonoscopy.", [("colonoscopy", "planned")]),
        ("Colonoscopy - overdue, will schedule.", [("Colonoscopy", "planned")]),
        ("Consider steroid injection if no improvement.", [("steroid injection", "planned")]),
        ("Discussed steroid injection; patient declined.", [("steroid injection", "planned")]),
        ("Steroid injection was declined.", [("Steroid injection", "declined")]),
        ("No injection of the knee was done; knee aspiration not performed.", [("knee aspiration", "declined")]),
        ("After discussing options, a knee injection was performed.", [("knee injection", "done")]),
        ("Referred to GI for colonoscopy.", [("colonoscopy", "planned")]),
        ("s/p laparoscopic cholecystectomy.", [("cholecystectomy", "past")]),
        ("Colonoscopy performed in 2019 was normal.", [("Colonoscopy", "past")]),
        ("POD#2 s/p appendectomy, doing well.", [("appendectomy", "done")]),
        ("I&D", [("I&D", "unsaid")]),
        ("His mother had a mastectomy.", []),
        ("Patient was given the option of IUD insertion.", [("IUD insertion", "planned")]),
    ],
)  # fmt: skip
def test_what_a_plan_says_of_services(plan: str, found: list[tuple[str, str]]) -> None:
    assert named(f"ASSESSMENT:\nGout.\n\nPLAN:\n{plan}\n") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("PAST SURGICAL HISTORY:\nAppendectomy, knee replacement.\n\nPLAN:\nRest.\n", []),
        ("MEDICATIONS:\nB12 1000 mcg IM\n\nPLAN:\nRest.\n", []),
        ("HPI:\nTired.\n\nMEDICATIONS ADMINISTERED:\nB12 1000 mcg IM\n\nPLAN:\nRest.\n", [("B12 1000 mcg IM", "done")]),
        ("PROCEDURE:\nShave biopsy of the left cheek\n\nPLAN:\nRest.\n", [("Shave biopsy of the left cheek", "done")]),
        ("PROCEDURE PERFORMED:\nZenker repair, endoscopic\n\nPLAN:\nRest.\n", [("Zenker repair, endoscopic", "done")]),
        ("PROCEDURE:\nAppendectomy\n\nANESTHESIA:\nGeneral.\n\nCOMPLICATIONS:\nNone.\n", [("Appendectomy", "done")]),
        ("HPI:\nHe received morphine 4 mg IV at the outside hospital.\n\nPLAN:\nRest.\n", [("morphine 4 mg IV", "past")]),
        ("HPI:\nHe was given ketorolac 30 mg IM.\n\nPLAN:\nRest.\n", [("ketorolac 30 mg IM", "past")]),
        ("Here for knee pain, given ketorolac 30 mg IM.", [("ketorolac 30 mg IM", "done")]),
        ("REVIEW OF SYSTEMS:\nCPAP ordered.\n\nPLAN:\nRest.\n", []),
    ],
)  # fmt: skip
def test_the_section_decides_where_words_do_not(text: str, found: list[tuple[str, str]]) -> None:
    assert named(text) == found


def test_offsets_are_those_of_the_note() -> None:
    text = "PLAN:\nGave 40 mg of Kenalog and 4 cc of 1% lidocaine. Wrist splint applied.\n"
    for service in read(text):
        assert text[service.first : service.last] == service.text
        assert service.first <= service.start < service.end <= service.last


def test_an_order_is_a_service_unless_it_is_for_a_procedure() -> None:
    boot, colonoscopy = read("PLAN:\n- Ordered walking boot.\n- Ordered colonoscopy.\n")
    assert (boot.standing, boot.took_place) == (Standing.ORDERED, True)
    assert (colonoscopy.standing, colonoscopy.took_place) == (Standing.ORDERED, False)


def test_local_anesthetics_belong_to_the_procedure() -> None:
    found = read("PROCEDURE:\nBupivacaine 5 mg injected; ketorolac 30 mg IM given.\n")
    assert [is_local_anesthetic(service) for service in found] == [True, False]


@pytest.mark.parametrize(
    ("text", "words", "verdict"),
    [
        ("Gave ketorolac", "ketorolac", Verdict.DONE),
        ("Continue ketorolac", "ketorolac", Verdict.HOME),
        ("given his pain, brace", "brace", Verdict.NONE),
        ("ordered brace, follow up in 2 weeks", "brace", Verdict.ORDERED),
        ("brace", "brace", Verdict.NONE),
    ],
)
def test_governing_words(text: str, words: str, verdict: Verdict) -> None:
    start = text.index(words)
    assert governed(text, start, start + len(words), drug=True) is verdict
