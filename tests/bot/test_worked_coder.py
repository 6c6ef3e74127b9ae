"""Terms and phrases as coders, clinicians and problem lists word them, by the class of rule.

Each table holds a class: phrases of it with the codes in order, and neighbours where one word
changes the answer. OFFERED are what the text leaves open, with the record the choice is made under.
"""

from __future__ import annotations

import pytest
from answer_support import codes, question

from bot.assistant import Assistant

OVER = [  # I.C.21.c.4 and c.8, I.C.2.m, I.C.9.e.1 and e.4, I.B.10
    ("follow up after colon cancer treatment", "Z08 Z85.038"),
    ("follow-up exam after completed treatment for melanoma", "Z08 Z85.820"),
    ("follow up pneumonia, resolved", "Z09 Z87.01"),
    ("follow up of colon cancer", "C18.9"),
    ("h/o TIA", "Z86.73"),
    ("TIA", "G45.9"),
    ("h/o MRSA infection", "Z86.14"),
    ("h/o prostate cancer, mets to bone", "C79.51 Z85.46"),
    ("right hemiparesis due to old stroke", "I69.351"),
    ("left knee pain due to old fracture of tibia", "M25.562 S82.202S"),
    ("MI 3 months ago", "I25.2"),
    ("NSTEMI 2 weeks ago", "I21.4"),
    ("STEMI 3 weeks ago, now NSTEMI", "I21.3 I22.2"),
]  # fmt: skip

MEASURED = [  # trimesters (chapter 15), handedness (I.C.6.a), stages and grades, birth weight (P07)
    ("UTI in pregnancy at 20 weeks", "O23.42 Z3A.20"),
    ("UTI in pregnancy at 32 weeks", "O23.43 Z3A.32"),
    ("38 weeks, twin pregnancy dichorionic diamniotic", "O30.043 Z3A.38"),
    ("22 weeks pregnant with gestational diabetes", "O24.419 Z3A.22"),
    ("breech presentation 39 weeks, single fetus", "O32.1XX0 Z3A.39"),
    ("type 2 DM in pregnancy second trimester", "O24.112 E11.9"),
    ("left spastic hemiplegia, left handed", "G81.12"),
    ("left spastic hemiplegia, right handed", "G81.14"),
    ("bleeding internal hemorrhoids grade 2", "K64.1"),
    ("newborn delivered vaginally in hospital", "Z38.00"),
]  # fmt: skip

DRUGS = [  # I.C.19.e.5, I.C.5.b.3, T51-T65
    ("rash due to penicillin, initial encounter", "R21 T36.0X5A"),
    ("alcoholic cirrhosis with ascites", "K70.31"),
    ("long term opioid use", "Z79.891"),
    ("opioid dependence on methadone", "F11.20"),
    ("underdosing of insulin due to cost, initial", "T38.3X6A Z91.120"),
    ("anaphylaxis due to bee sting, initial", "T63.441A"),
    ("tobacco use, 1 ppd, counseled", "Z72.0"),
]  # fmt: skip

CAUSES = [  # I.C.4.a.6, I.C.10.d.1, I.C.14.a.1, I.A.13, I.A.14
    ("secondary diabetes due to chronic pancreatitis", "K86.1 E08.9"),
    ("COPD exacerbation with acute bronchitis", "J44.0 J44.1 J20.9"),
    ("acute hypoxic respiratory failure due to COPD exacerbation", "J96.01 J44.1"),
    ("acute on chronic respiratory failure with hypoxia", "J96.21"),
    ("VAP due to pseudomonas", "J95.851 B96.5"),
    ("pneumonia due to pseudomonas", "J15.1"),
    ("malignant pleural effusion, lung cancer", "C34.90 J91.0"),
    ("metastatic colon cancer to liver and lung", "C18.9 C78.7 C78.00"),
    ("anemia in ESRD on dialysis", "N18.6 D63.1 Z99.2"),
    ("influenza A with pneumonia", "J10.00"),
    ("influenza with pneumonia", "J11.00"),
    ("hyponatremia", "E87.1"),
]  # fmt: skip

SITES = [  # I.C.19.a and c, I.A.9, I.C.9.e
    ("STEMI of LAD", "I21.02"),
    ("STEMI of the left circumflex artery", "I21.21"),
    ("open fracture right tibial shaft type II, initial", "S82.201B"),
    ("lipoma of back", "D17.1"),
    ("left shoulder impingement", "M75.42"),
    ("DM2 with diabetic peripheral neuropathy, on metformin", "E11.42 Z79.84"),
    ("lung mass", "R91.8"),
    ("generalised anxiety disorder", "F41.1"),
]  # fmt: skip

CERTAIN = [  # IV.D, IV.H
    ("chest pain r/o MI", "R07.9"),
    ("cough, possible pneumonia", "R05.9"),
    ("r/o MI and PE", ""),
]  # fmt: skip

NOTHING = ["1 ppd", "urosepsis"]

OFFERED = [
    ("intertrochanteric fracture of right hip", "S72.141"),
    ("intertrochanteric fracture of left hip", "S72.142"),
    ("left ankle fracture", "S82.892"),
    ("CAUTI due to Foley", "T83.511"),
    ("constipation due to opioids", "T40.2X5"),
    ("anemia due to chemotherapy for lung cancer", "T45.1X5"),
    ("left breast cancer on tamoxifen", "C50.9"),
]  # fmt: skip

CODED = OVER + MEASURED + DRUGS + CAUSES + SITES + CERTAIN


@pytest.mark.parametrize(("text", "expected"), CODED, ids=[c[0][:60] for c in CODED])
def test_a_phrase(coder: Assistant, text: str, expected: str) -> None:
    assert codes(coder.answer(question(text))) == expected


@pytest.mark.parametrize("text", NOTHING)
def test_what_names_nothing_to_code(coder: Assistant, text: str) -> None:
    answer = coder.answer(question(text))
    assert not answer.suggestions
    assert answer.abstained


@pytest.mark.parametrize(("text", "stem"), OFFERED, ids=[c[0] for c in OFFERED])
def test_what_is_left_open_is_offered(coder: Assistant, text: str, stem: str) -> None:
    answer = coder.answer(question(text))
    assert any(code.startswith(stem) for gap in answer.gaps for code in gap.codes)
    assert not any(s.code.startswith(stem) for s in answer.suggestions)


@pytest.mark.parametrize("text", ["h/o AKI", "h/o hip fracture"])
def test_an_attack_that_is_history_is_said_not_to_be_coded(coder: Assistant, text: str) -> None:
    answer = coder.answer(question(text))
    assert not answer.suggestions
    assert any("stated as history" in caution for caution in answer.cautions)


def test_no_receptor_status_rests_on_a_drug(coder: Assistant) -> None:
    answer = coder.answer(question("left breast cancer on tamoxifen"))
    assert "Z79.810" in codes(answer)
    assert "Z17" not in codes(answer)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("follow up after colon cancer treatment", "I.C.21.c.8"),
        ("STEMI 3 weeks ago, now NSTEMI", "I.C.9.e.4"),
        ("MI 3 months ago", "I.C.9.e.1"),
        ("anaphylaxis due to bee sting, initial", "T51-T65"),
        ("rash due to penicillin, initial encounter", "I.C.19.e.5.a"),
    ],
)
def test_the_rule_is_named(coder: Assistant, text: str, words: str) -> None:
    answer = coder.answer(question(text))
    assert words in " ".join(suggestion.rationale for suggestion in answer.suggestions)
