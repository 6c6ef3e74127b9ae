"""Identifiers are taken, clinical words are not."""

import pytest

from bot import phi

TAKEN = [
    ("Mr. Smith has gout", "Mr. [NAME-1] has gout"),
    ("Dr. Ann B. Lee saw her", "Dr. [NAME-1] saw her"),
    ("Patient: Garcia, Maria. Asthma.", "Patient: [NAME-1]. Asthma."),
    ("Patient name: John Q. Public", "Patient name: [NAME-1]"),
    ("Attending: Robert Jones", "Attending: [NAME-1]"),
    ("seen 03/04/2026 for gout", "seen [DATE-1] for gout"),
    ("seen 2026-03-04", "seen [DATE-1]"),
    ("on March 4, 2026 and again March 4, 2026", "on [DATE-1] and again [DATE-1]"),
    ("4 Mar 2026", "[DATE-1]"),
    ("DOB: 1/2/1950", "DOB: [DATE-1]"),
    ("MRN: 00123456", "MRN: [RECORD-1]"),
    ("account no. A-99812", "account no. [ACCOUNT-1]"),
    ("SSN 123-45-6789", "SSN [SSN-1]"),
    ("social security number 123456789", "social security number [SSN-1]"),
    ("call (555) 123-4567 or 555.123.4568", "call [PHONE-1] or [PHONE-2]"),
    ("mail jane.doe@example.org", "mail [EMAIL-1]"),
    ("see https://portal.example.org/p?id=9", "see [URL-1]"),
    ("from 10.20.30.40", "from [IP-1]"),
    ("a 93-year-old woman", "a [AGE-1]-year-old woman"),
    ("lives at 12 Oak Tree Lane", "lives at [PLACE-1]"),
    ("on the 4th of March she fell", "on [DATE-1] she fell"),
    ("seen between 3/4 and 3/9", "seen between [DATE-1] and [DATE-2]"),
    ("admitted 03/04/2026-03/09/2026", "admitted [DATE-1]-[DATE-2]"),
    ("worse since last April", "worse since last [DATE-1]"),
    ("DOB 1950", "DOB [DATE-1]"),
    ("95 y/o male; 97F with CHF", "[AGE-1] y/o male; [AGE-2]F with CHF"),
    ("pager 12345", "pager [PHONE-1]"),
    ("fax: 555.123.4567", "fax: [FAX-1]"),
    ("MBI 1EG4-TE5-MK73", "MBI [PLAN-1]"),
    ("NPI 1234567893", "NPI [LICENSE-1]"),
    ("DEA AB1234563", "DEA [LICENSE-1]"),
    ("VIN 1HGCM82633A004352", "VIN [VEHICLE-1]"),
    ("plate ABC-1234", "plate [VEHICLE-1]"),
    ("S/N: PJN123456H", "S/N: [DEVICE-1]"),
    ("fingerprint template 8833AA", "fingerprint template [BIOMETRIC-1]"),
    ("face_02.png on file", "[PHOTO-1] on file"),
    ("specimen #S25-99812", "specimen #[ID-1]"),
    ("resident of Duluth, MN 55802", "resident of [PLACE-1], MN [PLACE-2]"),
    ("seen at St. Mary's Hospital", "seen at [PLACE-1]"),
    ("her daughter Susan helps", "her daughter [NAME-1] helps"),
    ("Electronically signed by: JONES, SARAH M, MD", "Electronically signed by: [NAME-1], MD"),
    ("JOHN SMITH IS A 45 YEAR OLD MALE", "[NAME-1] IS A 45 YEAR OLD MALE"),
    ("maria garcia presents with cough", "[NAME-1] presents with cough"),
    ("J.D. is a 45-year-old man", "[NAME-1] is a 45-year-old man"),
    ("Mr. Graves has Graves disease", "Mr. [NAME-1] has Graves disease"),
    ("Will Smith and Grace Lee came", "[NAME-1] and [NAME-2] came"),
    ("[NAME-1] saw Dr. Smith", "[NAME-1] saw Dr. [NAME-2]"),
]
KEPT = [
    "Parkinson disease with dementia",
    "Graves disease, Hashimoto thyroiditis, Bell's palsy",
    "Colles' fracture of left radius",
    "a 64-year-old man, 89 years old mother",
    "BP 142/91, HR 90, SpO2 93%",
    "A1c 8.1, eGFR 52, BMI 41.2",
    "E11.22 with N18.31 and Z79.4",
    "CPT 99213-25, HCPCS J1885",
    "GCS 13, NIHSS 4/42, 5/5 strength",
    "pneumonia in May-Thurner syndrome",
    "Christmas disease",
    "symptoms since 2019, worse for 3 weeks",
    "L4-5 disc herniation, C5-C6",
    "metformin 500-1000 mg",
    "COVID-19, type 2 diabetes",
    "plan: repeat labs in 6 weeks",
    "stage 3a, T2N1M0, ECOG 1-2",
]


@pytest.mark.parametrize(("text", "expected"), TAKEN)
def test_identifiers_are_replaced(text: str, expected: str) -> None:
    assert phi.redact(text).text == expected


@pytest.mark.parametrize("text", KEPT)
def test_clinical_words_survive(text: str) -> None:
    assert phi.redact(text).text == text


def test_offsets_refer_to_the_original() -> None:
    text = "Mr. Smith (MRN 1234567) seen 3/4/2026 with gout"
    assert [text[r.start : r.end] for r in phi.find(text)] == ["Smith", "1234567", "3/4/2026"]


def test_one_person_keeps_one_placeholder() -> None:
    assert phi.redact("Mr. Smith and Ms. Jones; Mr. SMITH").text == (
        "Mr. [NAME-1] and Ms. [NAME-2]; Mr. [NAME-1]"
    )


def test_one_person_is_one_however_the_name_is_written() -> None:
    text = "John Smith came. Mr. Smith has gout. Smith, John: allopurinol. Dr. Jones agrees."
    names = [item.placeholder for item in phi.find(text)]
    assert names == ["[NAME-1]", "[NAME-1]", "[NAME-1]", "[NAME-2]"]


def test_one_day_is_one_however_the_date_is_written() -> None:
    dates = phi.find("3/4/2026, March 4, 2026, 2026-03-04, 4 Mar 2026 and 3/5/2026")
    assert [item.placeholder for item in dates] == ["[DATE-1]"] * 4 + ["[DATE-2]"]


@pytest.mark.parametrize(
    "text",
    [
        "HTN, DM", "HTN, DM2, HLD", "CAD, HTN", "OSA, GERD", "MDD, GAD", "RA, OA", "LBP, OA",
        "CHF, COPD", "DM, HTN, CKD", "UTI, AKI", "BPH, ED", "DVT, PE", "SOB, CP", "ESRD, HD",
        "PMH: HTN, DM, CAD s/p CABG", "Gout, HTN", "AFIB, CHF", "NSTEMI, CKD",
    ],
)  # fmt: skip
def test_a_list_of_abbreviations_is_no_name(text: str) -> None:
    assert phi.redact(text).text == text


def test_a_key_of_many_letters_is_taken_and_what_stands_beside_it_read() -> None:
    assert phi.redact("Key " + "aB3" * 6000 + " of Mr. Smith").text == "Key [ID-1] of Mr. [NAME-1]"
    assert phi.redact("A" * 20000).redactions == ()


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        (
            "admitted to Black Hills with a long course of pneumonia, seen by Anna\nQuintanilla",
            "Quintanilla",
        ),
        (
            "PID|1||4471~8812||OKONKWO^BEA||19500102|F|||12 ELM ST^^DULUTH^MN^55802",
            "OKONKWO ELM DULUTH 55802",
        ),
        ("NM1*QC*1*OKONKWO*BEA~N3*12 ELM ST~N4*DULUTH*MN*55802~", "OKONKWO BEA ELM DULUTH 55802"),
        (
            '{"family": "Okonkwo", "city": "Duluth", "birthDate": "1950-01-02"}',
            "Okonkwo Duluth 1950-01-02",
        ),
        ("Attending: Mendes GA, Oh WW, van der Berg CS", "Mendes Oh Berg"),
        ("nurse Dawn and Trooper Long spoke with A. Christmas.", "Dawn Long Christmas"),
        ("se cayó el 1 de noviembre de 2022", "noviembre 2022"),
        ("works for Halvorsen Trucking, lives above Duarte Tires", "Halvorsen Duarte"),
        ("2501 N 3rd Ave & Juniper, kit K52180, tag CUN 415", "Juniper K52180 CUN"),
    ],
)
def test_what_a_format_or_a_place_tells_goes(text: str, gone: str) -> None:
    left = phi.redact(text).text
    assert not [word for word in gone.split() if word in left]


@pytest.mark.parametrize(
    "text",
    [
        "Heschl gyrus and Bachmann bundle spared",
        "Nakata 220, Kawashima no",
        "Ely and Ober negative",
        "Rollator, Dycem and Hollister pouch",
        "Exophiala and Kluyvera isolated",
        "April or May pollen",
        "St. John's wort, St. Jude valve",
        "Rancho Los Amigos level VI",
        "Good Samaritan laws explained",
        "the 4th and 5th digits",
        "Long QT, 510 ms",
        "GCS E4V5M6",
        "G3P2-0-1-2",
        "circle of Willis",
    ],
)
def test_clinical_names_survive_the_nets(text: str) -> None:
    assert phi.redact(text).text == text
