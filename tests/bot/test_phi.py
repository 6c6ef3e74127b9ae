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
