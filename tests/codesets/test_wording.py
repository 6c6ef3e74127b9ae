"""Words and numbers brought to one form, and what a title asks."""

from __future__ import annotations

import pytest

from codesets.asks import asks_of
from codesets.quantities import Measure, find_quantities, range_of
from codesets.wording import read_text, read_title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("distal", "lower end"),
        ("renal", "kidney"),
        ("embolic", "embolism"),
        ("diabetic", "diabetes"),
        ("stage IIIa", "stage 3a"),
        ("Stage 3A", "stage 3a"),
        ("1st trimester", "first trimester"),
        ("ischaemic", "ischemia"),
        ("Colles'", "Colles"),
        ("arteries", "artery"),
        ("undisplaced", "nondisplaced"),
        ("post-traumatic", "posttraumatic"),
    ],
)
def test_two_spellings_are_one_form(text: str, title: str) -> None:
    assert read_text(text)[0].forms[0] == read_title(title)[0].forms[0]


@pytest.mark.parametrize(
    ("text", "implied"),
    [
        ("CKD 3b", "stage=3b"),
        ("b/l", "bilateral"),
        ("left MCA", "middle"),
        ("stroke", "infarction"),
        ("left", "unilateral"),
        ("follow-up", "subsequent"),
        ("she", "female"),
    ],
)
def test_a_text_says_what_its_words_stand_for(text: str, implied: str) -> None:
    assert any(implied in word.forms for word in read_text(text))


@pytest.mark.parametrize(
    ("text", "denied", "asserted"),
    [
        ("no fever", {"fever"}, set()),
        ("no fever but cough", {"fever"}, {"cough"}),
        ("denies nausea, vomiting", {"nausea", "vomiting"}, set()),
        ("cough. no fever. headache", {"fever"}, {"cough", "headache"}),
        ("severe without psychotic features", {"psychosis"}, {"severe"}),
        ("not only fever", set(), {"fever"}),
        ("uncomplicated", {"complication"}, set()),
    ],
)
def test_a_negation_covers_its_words(text: str, denied: set[str], asserted: set[str]) -> None:
    words = read_text(text)
    said = {form for word in words if not word.negated for form in word.forms}
    unsaid = {form for word in words if word.negated for form in word.forms}
    assert denied <= unsaid
    assert asserted <= said
    assert not denied & said


def test_offsets_are_those_of_the_text() -> None:
    text = "Pt has  T2DM w/ CKD stage 3a; obesity"
    for word in read_text(text):
        assert text[word.start : word.end].startswith(word.surface.split()[0])


def test_another_scale_binds_no_class() -> None:
    forms = {form for word in read_text("NYHA class III") for form in word.forms}
    assert "class=3" not in forms
    assert "class=3" in {form for word in read_text("class III") for form in word.forms}


@pytest.mark.parametrize(
    ("title", "groups", "negated", "other", "unspecified"),
    [
        ("Right heart failure", [{"right"}, {"heart"}, {"failure"}], [], False, False),
        ("Essential (primary) hypertension", [{"essential"}, {"hypertension"}], [], False, False),
        ("Gastritis without bleeding", [{"gastritis"}], [{"bleeding"}], False, False),
        ("Other gastritis", [{"gastritis"}], [], True, False),
        ("Unspecified cataract", [], [], False, True),
        ("Asthma NOS", [{"asthma"}], [], False, False),
        ("Pain in ankle and foot", [{"pain"}, {"ankle", "foot"}], [], False, False),
        ("Type 2 diabetes mellitus", [{"type=2"}, {"diabete"}, {"mellitus"}], [], False, False),
    ],
)
def test_what_a_title_asks(
    title: str,
    groups: list[set[str]],
    negated: list[set[str]],
    other: bool,
    unspecified: bool,
) -> None:
    ask = asks_of(title)[0]
    assert [set(group) for group in ask.groups] == groups
    assert [set(phrase) for phrase in ask.negated] == negated
    assert (ask.other, ask.unspecified) == (other, unspecified)


@pytest.mark.parametrize(
    ("title", "inside", "outside"),
    [
        ("Body mass index [BMI] 40.0-44.9, adult", (40, 44.95), (39.9, 45)),
        ("Body mass index [BMI] 19.9 or less, adult", (12, 19.9), (20, 30)),
        ("Body mass index [BMI] 70 or greater, adult", (70, 90), (69.9, 40)),
        ("22 weeks gestation of pregnancy", (22, 22), (21, 23)),
        ("Less than 8 weeks gestation of pregnancy", (4, 7), (8, 9)),
        ("Glasgow coma scale score 9-12", (9, 12), (8, 13)),
        ("NIHSS score 12", (12, 12), (1, 13)),
        ("Other low birth weight newborn, 1000-1249 grams", (1000, 1249), (999, 1250)),
        ("Concussion with loss of consciousness of 30 minutes or less", (1, 30), (31, 90)),
    ],
)
def test_a_title_stands_for_a_range(
    title: str, inside: tuple[float, float], outside: tuple[float, float]
) -> None:
    found = range_of(title)
    assert found is not None
    assert all(found.covers(value) for value in inside)
    assert not any(found.covers(value) for value in outside)


@pytest.mark.parametrize("title", ["Obesity, class 3", "Type 2 diabetes mellitus", "Cough"])
def test_a_title_without_a_measure_is_no_range(title: str) -> None:
    assert range_of(title) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BMI 41", [(Measure.BMI, 41.0)]),
        ("BMI of 32.4 kg/m2, stable", [(Measure.BMI, 32.4)]),
        ("IUP at 39 3/7 weeks", [(Measure.WEEKS, 39.0)]),
        ("pregnant, 22w3d", [(Measure.WEEKS, 22.0)]),
        ("NIHSS 12, GCS 14", [(Measure.NIHSS, 12.0), (Measure.GCS, 14.0)]),
        ("LOC for 20 minutes", [(Measure.UNCONSCIOUS, 20.0)]),
        ("cough for 2 weeks", []),
        ("pregnant, cough for 2 weeks", []),
        ("15-year-old, BMI 41", []),
        ("41 years old", []),
        ("BMI 95th percentile", []),
    ],
)
def test_values_a_text_states(text: str, expected: list[tuple[Measure, float]]) -> None:
    found = {(quantity.measure, quantity.value) for quantity in find_quantities(text)}
    assert found == set(expected)
