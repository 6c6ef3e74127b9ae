"""Notes in another language are told; English ones with foreign names and Latin are not."""

from __future__ import annotations

import pytest

from retrieval.notes.language import foreign_language

FOREIGN = [
    ("El paciente refiere dolor en el pecho desde hace dos días, sin fiebre ni tos.", "Spanish"),
    ("Le patient présente une douleur thoracique depuis deux jours avec fièvre et sans toux.", "French"),
    ("Der Patient klagt über Schmerzen seit zwei Tagen, kein Fieber und nicht mehr als das.", "German"),
    ("Il paziente riferisce dolore da due giorni con febbre e tosse, non dispnea.", "Italian"),
    ("O paciente refere dor no peito há dois dias, sem febre, com tosse e não melhora.", "Portuguese"),
    ("De patiënt heeft sinds twee dagen pijn op de borst, geen koorts en niet kortademig.", "Dutch"),
    ("患者主诉胸痛两天，无发热，无咳嗽，既往有糖尿病史，现服用二甲双胍治疗。", "another script"),
    ("Пациент жалуется на боль в груди в течение двух дней.", "another script"),
]  # fmt: skip
ENGLISH = [
    "Patient is a 45 y/o with DM2, HTN, HLD. BP 120/80. A1c 7.2. Continue metformin. RTC 3 mo.",
    "Ms. de la Cruz and Dr. von der Heide discussed El Paso travel and con A titers with no change.",
    "Assessment: pes planus, hallux valgus, tinea pedis, verruca vulgaris, lichen planus, herpes zoster.",
    "Dx: café-au-lait spots, Ménière disease, Sjögren syndrome, Guillain-Barré syndrome, Behçet disease.",
    "hypertension",
    "el dolor",
    "",
]


@pytest.mark.parametrize(("text", "language"), FOREIGN)
def test_other_languages(text: str, language: str) -> None:
    assert foreign_language(text) == language


@pytest.mark.parametrize("text", ENGLISH)
def test_english_with_foreign_names(text: str) -> None:
    assert foreign_language(text) is None
