"""A coder's shorthand finds what its full form finds: the same first code, on the whole release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from answer_support import TODAY

if TYPE_CHECKING:
    from bot.runtime import Runtime
    from retrieval.search import Searcher

# What is typed, and the same in the full words of the classification.
PAIRS = [
    # abbreviations
    ("HTN", "hypertension"),
    ("T2DM", "type 2 diabetes mellitus"),
    ("DM2", "type 2 diabetes mellitus"),
    ("AKI", "acute kidney injury"),
    ("CKD stage 4", "chronic kidney disease stage 4"),
    ("ESRD", "end stage renal disease"),
    ("COPD", "chronic obstructive pulmonary disease"),
    ("COPD exacerbation", "chronic obstructive pulmonary disease with acute exacerbation"),
    ("CHF", "congestive heart failure"),
    ("A-fib", "atrial fibrillation"),
    ("PAF", "paroxysmal atrial fibrillation"),
    ("UTI", "urinary tract infection"),
    ("GERD", "gastroesophageal reflux disease"),
    ("DVT", "deep vein thrombosis"),
    ("NSTEMI", "non-ST elevation myocardial infarction"),
    ("CAD", "coronary artery disease"),
    ("TIA", "transient ischemic attack"),
    ("CVA", "cerebrovascular accident"),
    ("BPH", "benign prostatic hyperplasia"),
    ("OSA", "obstructive sleep apnea"),
    ("MDD", "major depressive disorder"),
    ("PTSD", "post-traumatic stress disorder"),
    ("ADHD", "attention deficit hyperactivity disorder"),
    ("IBS", "irritable bowel syndrome"),
    ("SLE", "systemic lupus erythematosus"),
    ("PNA", "pneumonia"),
    ("SOB", "shortness of breath"),
    ("DKA", "diabetic ketoacidosis"),
    ("ARDS", "acute respiratory distress syndrome"),
    ("SIADH", "syndrome of inappropriate secretion of antidiuretic hormone"),
    # s/p, h/o, w/, d/t
    ("h/o breast ca", "history of breast cancer"),
    ("migraine w/ aura", "migraine with aura"),
    ("migraine w/o aura", "migraine without aura"),
    ("anemia d/t chronic blood loss", "anemia due to chronic blood loss"),
    ("s/p kidney transplant", "kidney transplant status"),
    # laterality
    ("L knee OA", "left knee osteoarthritis"),
    ("R hip pain", "right hip pain"),
    ("b/l cataracts", "bilateral cataracts"),
    # numerals and Greek letters
    ("type II diabetes", "type 2 diabetes"),
    ("CKD stage IIIb", "chronic kidney disease stage 3b"),
    ("stage III pressure ulcer of sacrum", "stage 3 pressure ulcer of sacrum"),
    ("β-thalassemia", "beta thalassemia"),
    ("α1-antitrypsin deficiency", "alpha-1-antitrypsin deficiency"),
    # misspellings
    ("diabetis", "diabetes"),
    ("pnuemonia", "pneumonia"),
    ("hypertention", "hypertension"),
    ("hypothyroidsm", "hypothyroidism"),
    ("fibromyalgya", "fibromyalgia"),
    ("sarcoidosys", "sarcoidosis"),
    ("appendicitus", "appendicitis"),
    ("cholecystitus", "cholecystitis"),
    # British spelling
    ("anaemia", "anemia"),
    ("oesophageal varices", "esophageal varices"),
    ("haemorrhoids", "hemorrhoids"),
    ("diarrhoea", "diarrhea"),
    ("leukaemia", "leukemia"),
    # lay words
    ("heart attack", "myocardial infarction"),
    ("high blood pressure", "hypertension"),
    ("kidney stones", "calculus of kidney"),
    ("shingles", "herpes zoster"),
    ("pink eye", "conjunctivitis"),
    ("stroke", "cerebral infarction"),
    ("low blood sugar", "hypoglycemia"),
    ("100 day cough", "whooping cough"),
    # eponyms
    ("Crohn's", "Crohn's disease"),
    ("Graves disease", "Graves' disease"),
    ("Lou Gehrig's disease", "amyotrophic lateral sclerosis"),
    # word order and plurals
    ("failure, heart, congestive", "congestive heart failure"),
    ("pneumonia, aspiration", "aspiration pneumonia"),
    ("fractures of femur", "fracture of femur"),
    ("renal cysts", "cyst of kidney"),
    ("knee osteoarthritis, left", "osteoarthritis of left knee"),
    ("PNEUMONIA", "pneumonia"),
]


@pytest.fixture(scope="module")
def searcher(built_runtime: Runtime) -> Searcher:
    return built_runtime.searcher(built_runtime.release(TODAY))


@pytest.mark.parametrize(("typed", "full"), PAIRS)
def test_shorthand_and_its_full_form_find_the_same_first_code(
    searcher: Searcher, typed: str, full: str
) -> None:
    short, long = searcher.search(typed), searcher.search(full)
    assert short[0].resolved == long[0].resolved
