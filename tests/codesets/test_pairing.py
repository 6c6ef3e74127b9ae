"""Companions that the notes of the real release ask for and the text supports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codesets.errors import UnknownCodeError
from codesets.models import NoteKind
from codesets.pairing import companions, prompted

if TYPE_CHECKING:
    from codesets.library import Library

DIABETES = "type 2 diabetes with diabetic CKD stage 3a, on long-term insulin"

PAIRS = [
    ("E11.22", DIABETES, {"N18.31": "E11.22", "Z79.4": "E11"}),
    ("E11.22", "T2DM with CKD IIIb on insulin", {"N18.32": "E11.22", "Z79.4": "E11"}),
    ("E66.9", "obesity BMI 41", {"Z68.41": "E66"}),
    ("E66.9", "obesity, body mass index of 33.4", {"Z68.33": "E66"}),
    ("E66.3", "overweight, BMI 27", {"Z68.27": "E66"}),
    ("N39.0", "E. coli UTI", {"B96.20": "N39.0"}),
    ("N39.0", "UTI due to Klebsiella pneumoniae", {"B96.1": "N39.0"}),
    ("L03.115", "MRSA cellulitis of right lower limb", {"B95.62": "L00-L08"}),
    ("J44.9", "COPD, former smoker", {"Z87.891": "10"}),
    ("J45.909", "asthma with tobacco use", {"Z72.0": "J45"}),
    ("C34.90", "lung cancer, history of tobacco dependence", {"Z87.891": "C34"}),
    ("D63.1", "anemia in CKD stage 4", {"N18.4": "D63.1"}),
    ("N18.31", "type 2 diabetes with diabetic CKD stage 3a", {"E11.22": "N18"}),
    ("N18.6", "ESRD on dialysis", {"Z99.2": "N18.6"}),
    (
        "I13.0",
        "hypertensive heart and CKD stage 3b with acute on chronic systolic heart failure",
        {"I50.23": "I13.0", "N18.32": "I13.0"},
    ),
    ("I50.9", "heart failure due to hypertension with CKD stage 4", {"I13.0": "I50"}),
    ("O24.419", "gestational diabetes, 28 weeks gestation", {"Z3A.28": "15"}),
    ("O14.13", "severe preeclampsia third trimester at 34 weeks", {"Z3A.34": "15"}),
    ("O80", "normal delivery, single live birth at 39 weeks", {"Z37.0": "O80", "Z3A.39": "15"}),
    ("E11.621", "diabetic foot ulcer, left heel with fat layer exposed", {"L97.422": "E11.621"}),
    ("J18.9", "pneumonia due to influenza", {"J11.00": "J18"}),
    ("N40.1", "BPH with nocturia and urinary retention", {"R35.1": "N40.1", "R33.8": "N40.1"}),
    ("I10", "hypertension, smokes cigarettes", {"Z72.0": "I10-I1A"}),
    ("K70.30", "alcoholic cirrhosis with alcohol dependence", {"F10.20": "K70"}),
    ("K25.4", "chronic gastric ulcer with hemorrhage, alcohol abuse", {"F10.10": "K25"}),
    ("L89.153", "stage 3 pressure ulcer of sacrum with gangrene", {"I96": "L89"}),
    ("C50.412", "left breast cancer, estrogen receptor positive", {"Z17.0": "C50"}),
    ("G63", "polyneuropathy in amyloidosis", {"E85.9": "G63"}),
    (
        "R65.20",
        "severe sepsis with acute kidney failure",
        {"A41.9": "R65.2", "N17.9": "R65.2"},
    ),
]


@pytest.mark.parametrize(("code", "text", "expected"), PAIRS, ids=[p[1][:40] for p in PAIRS])
def test_what_a_note_asks_for_and_the_text_says(
    library: Library, code: str, text: str, expected: dict[str, str]
) -> None:
    found = companions(library, code, text)
    assert {c.code.code: c.note.owner for c in found} == expected
    for companion in found:
        assert companion.code.valid
        assert companion.spans
        assert all(0 <= a < b <= len(text) for a, b in companion.spans)
        assert companion.note.owner in companion.reason


NOTHING = [
    ("E11.22", "type 2 diabetes with diabetic CKD"),
    ("E11.9", "type 2 diabetes, not on insulin"),
    ("E11.65", "type 2 diabetes, temporarily on insulin during admission"),
    ("E66.9", "obesity"),
    ("E66.9", "obesity, 41 years old"),
    ("E66.9", "obesity in a 15-year-old, BMI 41"),
    ("N39.0", "UTI"),
    ("N39.0", "UTI, no E. coli grown"),
    ("J44.9", "COPD, never smoker"),
    ("J44.9", "COPD, denies tobacco use"),
    ("D63.1", "anemia"),
    ("O14.13", "severe preeclampsia third trimester, headache for 2 weeks"),
    ("I10", "hypertension"),
    ("L89.153", "stage 3 pressure ulcer of sacrum without gangrene"),
    ("R65.20", "severe organ dysfunction"),
]


@pytest.mark.parametrize(("code", "text"), NOTHING, ids=[" ".join(row)[:48] for row in NOTHING])
def test_nothing_is_added_that_the_text_does_not_say(
    library: Library, code: str, text: str
) -> None:
    assert companions(library, code, text) == ()


def test_spans_quote_the_words_that_support_the_companion(library: Library) -> None:
    found = {c.code.code: c for c in companions(library, "E11.22", DIABETES)}
    quoted = {
        code: [DIABETES[start:end] for start, end in companion.spans]
        for code, companion in found.items()
    }
    assert quoted == {"N18.31": ["CKD stage 3a"], "Z79.4": ["long-term insulin"]}


def test_a_former_smoker_has_no_dependence(library: Library) -> None:
    codes = {c.code.code for c in companions(library, "J44.9", "COPD, former smoker")}
    assert codes == {"Z87.891"}


def test_an_excludes1_note_keeps_companions_apart(library: Library) -> None:
    text = "COPD, tobacco dependence, tobacco use"
    codes = {c.code.code for c in companions(library, "J44.9", text)}
    assert codes == {"F17.200"}


def test_code_first_says_the_order(library: Library) -> None:
    [companion] = companions(library, "D63.1", "anemia in CKD stage 4")
    assert companion.note.kind is NoteKind.CODE_FIRST
    assert "sequenced before D63.1" in companion.reason


def test_a_missing_stage_is_prompted_for(library: Library) -> None:
    prompts = prompted(library, "E11.22", "type 2 diabetes with diabetic CKD")
    texts = [prompt.text for prompt in prompts]
    assert texts[0] == (
        "Use additional code to identify stage of chronic kidney disease (N18.1-N18.6)"
    )
    assert any("control using" in text and "insulin (Z79.4)" in text for text in texts)
    assert all(prompt.note.references for prompt in prompts)


def test_what_is_met_is_not_prompted_for(library: Library) -> None:
    prompts = prompted(library, "E11.22", DIABETES)
    assert not any("stage of chronic" in p.text or "control using" in p.text for p in prompts)


def test_a_conditional_note_is_marked(library: Library) -> None:
    prompts = {p.text: p.conditional for p in prompted(library, "E66.9", "obesity")}
    assert prompts[
        "Use additional code to identify body mass index (BMI), if known, for adults "
        "(Z68.1-Z68.45) or pediatrics (Z68.5-)"
    ]


@pytest.mark.parametrize("text", ["", "🙂", "x" * 5_000, "BMI BMI BMI", "insulin " * 400])
def test_any_text_is_answered(library: Library, text: str) -> None:
    assert {c.code.code for c in companions(library, "E11.9", text)} <= {"Z79.4"}


def test_an_unknown_code_is_refused(library: Library) -> None:
    with pytest.raises(UnknownCodeError):
        companions(library, "Q99.99X", "text")
