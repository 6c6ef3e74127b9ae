from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrieval.query import Intent, understand

if TYPE_CHECKING:
    from codesets.library import Library


@pytest.mark.parametrize(
    ("text", "intent", "codes"),
    [
        ("M54.5", Intent.CODE_LOOKUP, ["M54.5"]),
        ("e1122", Intent.CODE_LOOKUP, ["E11.22"]),
        ("is E11.22 valid?", Intent.CODE_LOOKUP, ["E11.22"]),
        ("what is the code I10 for", Intent.CODE_LOOKUP, ["I10"]),
        ("E11.999", Intent.CODE_LOOKUP, ["E11.999"]),
        ("what does E11.9 exclude?", Intent.NOTES_OF_CODE, ["E11.9"]),
        ("includes notes of I10", Intent.NOTES_OF_CODE, ["I10"]),
        ("7th characters of S52.5", Intent.NOTES_OF_CODE, ["S52.5"]),
        ("E11.9 vs E11.22", Intent.COMPARISON, ["E11.9", "E11.22"]),
        ("difference between I10 and I11.9", Intent.COMPARISON, ["I10", "I11.9"]),
        ("can I code E11.9 with E11.22", Intent.CHECK, ["E11.9", "E11.22"]),
        ("E11.9, I10, N18.31", Intent.CHECK, ["E11.9", "I10", "N18.31"]),
        ("vitamin B12 deficiency", Intent.TERM, []),
        ("compression fracture of T12 vertebra", Intent.TERM, []),
        ("AKI", Intent.TERM, []),
        ("essential hypertension", Intent.TERM, []),
        ("how do I treat pneumonia", Intent.TERM, []),
        ("what is the code for asthma", Intent.TERM, []),
        ("when should I code a history of cancer?", Intent.GUIDELINE, []),
        ("how do I bake bread", Intent.UNCODABLE, []),
        ("who won the world cup", Intent.UNCODABLE, []),
        ("😀", Intent.UNCODABLE, []),
        ("???", Intent.UNCODABLE, []),
        ("", Intent.UNCODABLE, []),
        ("Hello!", Intent.HELP, []),
        ("what can you do?", Intent.HELP, []),
        ("HPI: cough.\nAssessment:\n1. Pneumonia\n2. AKI", Intent.NOTE, []),
    ],
)
def test_the_intent_and_the_codes_named(
    library: Library, text: str, intent: Intent, codes: list[str]
) -> None:
    query = understand(text, library)
    assert (query.intent, [code for code, _, _ in query.codes]) == (intent, codes)


def test_offsets_point_at_the_words(library: Library) -> None:
    text = "Is e1122 the same as N18.-?"
    assert [text[start:end] for _, start, end in understand(text, library).codes] == [
        "e1122",
        "N18",
    ]
