from __future__ import annotations

import pytest

from retrieval.conventions import MOST, Reading


@pytest.mark.parametrize(
    ("question", "code", "title", "lowered"),
    [
        ("cervicitis", "O86.11", "Cervicitis following delivery", True),
        ("cervicitis after childbirth", "O86.11", "Cervicitis following delivery", False),
        ("cervicitis", "N72", "Inflammatory disease of cervix uteri", False),
        ("septic shock", "T81.12", "Postprocedural septic shock", True),
        ("postoperative septic shock", "T81.12", "Postprocedural septic shock", False),
        ("septic shock", "R65.21", "Severe sepsis with septic shock", False),
        ("pneumonia", "P23", "Congenital pneumonia", True),
        ("neonatal pneumonia", "P23", "Congenital pneumonia", False),
        ("lung cancer", "C78.0", "Secondary malignant neoplasm of lung", True),
        ("lung cancer with mets", "C78.0", "Secondary malignant neoplasm of lung", False),
        ("lung cancer", "C34.9", "Malignant neoplasm of unspecified part of lung", False),
        ("colon cancer", "S36.5", "Injury of colon", True),
        ("colon cancer", "D12.6", "Benign neoplasm of colon, unspecified", True),
        ("colon polyp", "D12.6", "Benign neoplasm of colon, unspecified", False),
        ("ductal carcinoma in situ", "D05.1", "Intraductal carcinoma in situ of breast", False),
        ("stroke", "Z86.73", "Personal history of transient ischemic attack", True),
        ("h/o stroke", "Z86.73", "Personal history of transient ischemic attack", False),
        ("stroke", "I69.3", "Sequelae of cerebral infarction", True),
        (
            "glomerulonephritis",
            "N08",
            "Glomerular disorders in diseases classified elsewhere",
            True,
        ),
        ("fracture of radius", "S52.9", "Unspecified fracture of forearm", False),
        ("hip fracture", "M84.459", "Pathological fracture, hip, unspecified", True),
        ("pathologic hip fracture", "M84.459", "Pathological fracture, hip, unspecified", False),
        ("hip pain", "S72.0", "Fracture of head and neck of femur", True),
        ("fall from ladder", "W11", "Fall on and from ladder", False),
        ("ladder", "W11", "Fall on and from ladder", True),
        ("type 2 diabetes", "E11.9", "Type 2 diabetes mellitus without complications", False),
    ],
)
def test_a_code_steps_back_unless_the_question_calls_for_it(
    question: str, code: str, title: str, *, lowered: bool
) -> None:
    weight, rules = Reading(question).lowers(code, title)
    assert (weight > 0) is lowered
    assert bool(rules) is lowered
    assert weight <= MOST


def test_a_passage_that_says_the_very_words_is_spared_unless_the_rule_always_holds() -> None:
    reading = Reading("ladder")
    assert reading.lowers("W11", "Fall on and from ladder", 1.0)[0] == 0
    assert reading.lowers("W11", "Fall on and from ladder", 0.5)[0] > 0
    manifestation = ("J17", "Pneumonia in diseases classified elsewhere")
    assert Reading("pneumonia").lowers(*manifestation, 1.0)[0] > 0
