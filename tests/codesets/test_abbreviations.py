"""Abbreviations are found whole, by case, and read by their context."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from codesets import abbreviations as ab


def test_volumes_and_shape() -> None:
    rows = ab.all_meanings()
    spellings = {row.abbreviation.casefold().replace("-", " ") for row in rows}
    assert len(spellings) >= 1_500
    for row in rows:
        assert row.abbreviation.strip() == row.abbreviation
        assert row.spoken.strip() == row.spoken
        assert row.index_wording.strip() == row.index_wording
        assert row.abbreviation
        assert row.spoken
        assert row.index_wording


def test_no_meaning_is_listed_twice_and_ranks_are_distinct() -> None:
    rows = ab.all_meanings()
    twice = Counter((row.abbreviation, row.spoken.casefold()) for row in rows)
    assert [key for key, count in twice.items() if count > 1] == []
    ranks = Counter((row.abbreviation, row.rank) for row in rows)
    assert [key for key, count in ranks.items() if count > 1] == []


def test_ambiguous_abbreviations_can_be_decided() -> None:
    by_letters = defaultdict(list)
    for row in ab.all_meanings():
        by_letters[row.abbreviation.casefold().replace("-", " ")].append(row)
    ambiguous = {key: rows for key, rows in by_letters.items() if len(rows) > 1}
    hinted = [key for key, rows in ambiguous.items() if sum(bool(r.hints) for r in rows) > 1]
    assert len(hinted) >= 150
    silent = [key for key, rows in ambiguous.items() if not any(r.hints for r in rows)]
    # These differ in wording only ("not otherwise specified" and its like need no context).
    assert len(silent) <= len(ambiguous) // 10, silent


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("AKI on CKD3a", ["AKI", "CKD3a"]),
        ("all of the above, as needed, or not", []),
        ("ALL in remission", ["ALL"]),
        ("s/p CABG w/o PE", ["s/p", "CABG", "w/o", "PE"]),
        ("afib and A-fib and a. fib", ["afib", "A-fib", "a. fib"]),
        ("AKIs and DVTs", ["AKIs", "DVTs"]),
        ("AKIN, preHTN1", []),
        ("", []),
        ("\u2764\ufe0f \x00 \ud83d", []),
        ("hx of chf", ["hx of", "chf"]),
        ("COPD/CHF", ["COPD", "CHF"]),
        ("C. diff colitis", ["C. diff"]),
        ("the mole on his nose may be cold", []),
        ("it is a net loss; she can be as mad as a cat", []),
        ("spa day in Lima; misc items, 5 mins ago, the pot of tea", []),
        ("mono", ["mono"]),
        ("mono-articular arthritis", []),
        ("hearing aids were fitted; he aids her", []),
        ("AIDS", ["AIDS"]),
        ("sats fine, vs stable", ["vs"]),
        ("heating pad", []),
        ("PAD with rest pain", ["PAD"]),
        ("DM II and T2DM", ["DM II", "T2DM"]),
        ("ran 5 min a day", []),
        ("BP.\nMI", ["BP", "MI"]),
        ("DM\n\nII", ["DM"]),
        ("COVID-19 pneumonia", ["COVID-19"]),
        ("vitamin B12 deficiency", ["vitamin B12"]),
    ],
)
def test_expand_finds_whole_abbreviations(text: str, surfaces: list[str]) -> None:
    found = ab.expand(text)
    assert [text[each.start : each.end] for each in found] == surfaces
    assert [each.surface for each in found] == surfaces


@pytest.mark.parametrize(
    ("line", "surfaces"),
    [
        ("PATIENT TOLERATED ALL MEDICATIONS AS ORDERED OR CHANGED", []),
        ("CHILD WITH ALL, BLASTS IN MARROW, LEUKEMIA INDUCTION", []),
        ("ALL", ["ALL"]),
        ("CHF, ALL, DM", ["CHF", "ALL", "DM"]),
        ("MURMUR FROM AS, AORTIC VALVE GRADIENT HIGH", ["AS"]),
    ],
)
def test_capitals_of_a_shouted_line_tell_nothing(line: str, surfaces: list[str]) -> None:
    words = {"ALL", "AS", "OR", "CHF", "DM"}
    assert [e.surface for e in ab.expand(line) if e.surface in words] == surfaces


@pytest.mark.parametrize(
    ("sentence", "surface", "spoken"),
    [
        ("Relapsing MS, on interferon, followed by neurology", "MS", "multiple sclerosis"),
        ("Rheumatic MS with a diastolic murmur and a tight valve", "MS", "mitral stenosis"),
        ("Given MS 4 mg IV for pain", "MS", "morphine sulfate"),
        ("MS: alert and oriented", "MS", "mental status"),
        ("Severe AS, murmur, considered for TAVR", "AS", "aortic stenosis"),
        ("AS with sacroiliitis, HLA-B27 positive", "AS", "ankylosing spondylitis"),
        ("RA on methotrexate with joint swelling", "RA", "rheumatoid arthritis"),
        ("SpO2 95% on RA", "RA", "room air"),
        ("Echo: dilated RA", "RA", "right atrium"),
        ("CTA chest shows PE with saddle embolus, heparin started", "PE", "pulmonary embolism"),
        ("PE: vitals normal, HEENT unremarkable", "PE", "physical examination"),
        ("PE tubes placed for recurrent otitis", "PE", "pressure equalization"),
        ("Pregnant at 34 weeks gestation, PE with proteinuria", "PE", "pre-eclampsia"),
        ("HD three times weekly through fistula for ESRD", "HD", "hemodialysis"),
        ("Chorea and a CAG repeat: HD", "HD", "Huntington disease"),
        ("PD on levodopa, tremor worse", "PD", "Parkinson disease"),
        ("ESRD on PD, catheter site clean, dialysate clear", "PD", "peritoneal dialysis"),
        ("CP radiating to the arm, troponin sent", "CP", "chest pain"),
        ("Spastic quadriplegic CP, baclofen pump", "CP", "cerebral palsy"),
        ("CF with pseudomonas, CFTR modulator", "CF", "cystic fibrosis"),
        ("ARF with creatinine 4, oliguria", "ARF", "acute renal failure"),
        ("ARF requiring BiPAP, hypercapnic", "ARF", "acute respiratory failure"),
        ("Septic from UC? no: bloody stools, mesalamine for UC flare", "UC", "ulcerative colitis"),
        ("ACS with troponin rise, heparin, cath today", "ACS", "acute coronary syndrome"),
        ("Sickle cell, Hb-SS, admitted with ACS", "ACS", "acute chest syndrome"),
        ("BPD in a preterm infant on oxygen in the NICU", "BPD", "bronchopulmonary dysplasia"),
        ("BPD with self-harm, in DBT", "BPD", "borderline personality disorder"),
        ("ASD, secundum, heart murmur", "ASD", "atrial septal defect"),
        ("ASD with speech delay, ABA therapy, behavior plan", "ASD", "autism spectrum disorder"),
        ("DI after pituitary surgery with polyuria, desmopressin", "DI", "diabetes insipidus"),
        ("AML in induction with cytarabine, blasts 40%", "AML", "acute myeloid leukemia"),
        ("AML of the kidney in tuberous sclerosis", "AML", "angiomyolipoma"),
        ("LAD stenosis, stent placed", "LAD", "left anterior descending artery"),
        ("Cervical LAD, nodes tender", "LAD", "lymphadenopathy"),
        ("HSP with purpura and abdominal pain in a child", "HSP", "Henoch-Schonlein purpura"),
        ("HSP with spastic gait, genetic testing", "HSP", "hereditary spastic paraplegia"),
        ("SBP, ascites, paracentesis PMN 600", "SBP", "spontaneous bacterial peritonitis"),
        ("SBP 90 mmHg", "SBP", "systolic blood pressure"),
        ("HCC with cirrhosis, AFP rising, TACE", "HCC", "hepatocellular carcinoma"),
        ("HCC capture for risk adjustment", "HCC", "hierarchical condition category"),
        ("GBS ascending weakness, IVIG", "GBS", "Guillain-Barre syndrome"),
        ("Pregnant, GBS swab positive, penicillin in labor", "GBS", "group B streptococcus"),
        ("CVA tenderness over the right flank", "CVA", "costovertebral angle"),
        ("CVA with hemiparesis and aphasia", "CVA", "cerebrovascular accident"),
        ("PT for gait and strengthening exercises", "PT", "physical therapy"),
        ("PT/INR elevated on warfarin", "PT", "prothrombin time"),
        ("ET with tremor, on propranolol", "ET", "essential tremor"),
        ("ET, JAK2 positive, platelets 900", "ET", "essential thrombocythemia"),
        ("OD 20/40, OS 20/20, vision stable", "OD", "right eye"),
        ("Heroin OD, naloxone given", "OD", "overdose"),
        ("IM with splenomegaly, EBV positive, fatigue", "IM", "infectious mononucleosis"),
        ("Ceftriaxone 250 mg IM injection given", "IM", "intramuscular"),
        ("AMA: left against medical advice", "AMA", "against medical advice"),
        ("AMA gravida 3, NIPT normal, 20 weeks gestation", "AMA", "advanced maternal age"),
        ("ED for years, sildenafil tried", "ED", "erectile dysfunction"),
        ("Presented to the ED by ambulance, triage level 2", "ED", "emergency department"),
        ("PCP jirovecii in HIV, on bactrim", "PCP", "Pneumocystis pneumonia"),
        ("Follow-up with PCP in clinic", "PCP", "primary care provider"),
        ("NEC in a preterm infant, pneumatosis", "NEC", "necrotizing enterocolitis"),
        ("Metastatic cancer, stage IV", "IV", "IV"),
        ("CRPS? no. ICP elevated, papilledema, mannitol", "ICP", "intracranial pressure"),
    ],
)
def test_hints_decide(sentence: str, surface: str, spoken: str) -> None:
    found = next(each for each in ab.expand(sentence) if each.surface == surface)
    assert len(found.meanings) > 1
    assert found.decided
    assert found.meanings[0].spoken == spoken
    reading = ab.disambiguate(surface, sentence, sentence.index(surface))
    assert reading.decided
    assert reading[0] == found.meanings[0]


def test_without_context_the_commonest_leads_and_nothing_is_decided() -> None:
    reading = ab.disambiguate("PE", "PE")
    assert not reading.decided
    assert [m.rank for m in reading] == sorted(m.rank for m in reading)
    assert reading.meanings[0].spoken == "pulmonary embolism"
    assert ab.disambiguate("AKI", "").decided
    assert ab.disambiguate("zzz", "zzz") == ab.Reading((), False)


def test_the_nearer_hint_wins() -> None:
    text = (
        "MS on interferon. " + "Nothing else of note was found. " * 12 + "MS, valve tight, murmur."
    )
    readings = [each for each in ab.expand(text) if each.surface == "MS"]
    assert [each.meanings[0].spoken for each in readings] == [
        "multiple sclerosis",
        "mitral stenosis",
    ]


def test_a_meaning_written_out_in_the_note_decides() -> None:
    text = "Known bullous pemphigoid (BP). Vitals: elevated reading. BP stable."
    found = [each for each in ab.expand(text) if each.surface == "BP"]
    assert found[0].meanings[0].spoken == "bullous pemphigoid"


@pytest.mark.parametrize(
    ("token", "first"),
    [
        ("Ca", "calcium"),
        ("CA", "carcinoma"),
        ("PsA", "psoriatic arthritis"),
        ("PSA", "prostate specific antigen"),
        ("psa", "prostate specific antigen"),
        ("pt", "patient"),
        ("PT", "physical therapy"),
        ("dm", "diabetes mellitus"),
        ("bp", "blood pressure"),
        ("IBS-D", "irritable bowel syndrome with diarrhea"),
        ("IBS D", "irritable bowel syndrome with diarrhea"),
        ("p.r.n.", "as needed"),
    ],
)
def test_capitals_choose_the_row(token: str, first: str) -> None:
    assert ab.meanings(token)[0].spoken == first


@pytest.mark.parametrize("word", ["all", "as", "or", "it", "cap", "pad", "aids", "add", "cold"])
def test_english_words_are_no_abbreviations(word: str) -> None:
    assert ab.meanings(word) == ()
    assert ab.expand(f"this {word} that") == []


def test_case_can_be_ignored_on_demand() -> None:
    assert ab.meanings("all", case_sensitive=False)[0].spoken == "acute lymphoblastic leukemia"


def test_offsets_hold_in_a_long_note() -> None:
    block = "68 yo pt w/ HTN, DM2, CKD3b & A-fib; c/o SOB, r/o PE.\n"
    text = block * 200
    found = ab.expand(text)
    assert all(text[each.start : each.end] == each.surface for each in found)
    assert len(found) == 200 * len(ab.expand(block))
    assert all(a.end <= b.start for a, b in pairwise(found))
