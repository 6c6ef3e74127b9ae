from __future__ import annotations

import pytest

from retrieval.rewriting import MOST_VARIANTS, variants


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("AKI", "acute kidney injury"),
        ("UTI", "urinary tract infection"),
        ("heart attack", "myocardial infarction"),
        ("oesophageal varices", "esophageal varices"),
        ("pneumonia", "pneumonia"),
        ("MS", "mitral stenosis"),
        ("cancer of the appendix", "malignant neoplasm of appendix"),
        ("ca transverse colon", "malignant neoplasm of transverse colon"),
    ],
)
def test_a_question_gets_the_words_of_the_classification(text: str, wanted: str) -> None:
    assert wanted in [variant.text for variant in variants(text)]


def test_what_was_typed_is_always_searched_too() -> None:
    assert "AKI" in [variant.text for variant in variants("AKI")]
    assert "heart attack" in [variant.text for variant in variants("heart attack")]


def test_cancer_alone_is_searched_with_its_site_left_open() -> None:
    assert variants("Patient has cancer.")[0].text == "cancer unspecified site"
    assert variants("lung cancer")[0].text == "lung cancer"


@pytest.mark.parametrize("text", ["carcinoma in situ of breast", "elevated CA 125"])
def test_cancer_is_not_always_a_primary_malignancy(text: str) -> None:
    assert all("malignant neoplasm of" not in variant.text for variant in variants(text))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("probable pneumonia", "pneumonia"),
        ("r/o sepsis", "sepsis"),
        ("suspected appendicitis", "appendicitis"),
        ("chest pain concerning for angina", "chest pain angina"),
        ("observation for suspected sepsis", "observation for suspected sepsis"),
        ("suspected fetal anemia", "suspected fetal anemia"),
        ("suspected child abuse", "suspected child abuse"),
    ],
)
def test_doubt_is_not_searched_unless_it_has_codes(text: str, wanted: str) -> None:
    assert variants(text)[0].text == wanted


def test_a_guess_weighs_less_than_a_certainty() -> None:
    weights = {variant.text: variant.weight for variant in variants("MS")}
    assert weights["multiple sclerosis"] > weights["mitral stenosis"]


@pytest.mark.parametrize(
    "text", ["", "   ", "w/ MS, RA, PE, PT, CP, DM, HTN and CHF s/p MI", "x " * 999]
)
def test_variants_are_few_and_distinct(text: str) -> None:
    found = [variant.text.casefold() for variant in variants(text)]
    assert len(found) == len(set(found)) <= MOST_VARIANTS


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("fractured right hip", "fracture of right hip"),
        ("torn left ACL", "tear of left anterior cruciate ligament"),
        ("Tylenol overdose", "acetaminophen overdose"),
        (
            "warfarin toxicity",
            "Poisoning by, adverse effect of and underdosing of anticoagulants",
        ),
    ],
)
def test_what_happened_and_what_was_taken_are_worded_as_the_index_leads(
    text: str, wanted: str
) -> None:
    assert wanted in [variant.text for variant in variants(text)]


@pytest.mark.parametrize(
    "text", ["on warfarin", "Tylenol for pain", "fractured", "sprained ankles"]
)
def test_a_drug_that_is_only_taken_is_no_poisoning(text: str) -> None:
    assert not [v.text for v in variants(text) if "oisoning" in v.text]
