"""Resolution on the real FY2027 release: what the words support, and what they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from resolution_cases import CASES

from codesets.errors import UnknownCodeError
from codesets.resolution import resolve

if TYPE_CHECKING:
    from codesets.library import Library
    from codesets.resolution import Resolution


def quoted(text: str, resolution: Resolution) -> list[str]:
    return [text[start:end] for start, end in resolution.spans]


def gap(resolution: Resolution, name: str) -> dict[str, tuple[str, ...]]:
    return {
        option.label: option.codes
        for axis in resolution.gaps
        if axis.name == name
        for option in axis.options
    }


@pytest.mark.parametrize(("start", "text", "expected"), CASES, ids=[c[1][:48] for c in CASES])
def test_the_code_the_words_support(library: Library, start: str, text: str, expected: str) -> None:
    resolution = resolve(library, start, text)
    assert resolution.code.code == expected
    assert resolution.final
    assert resolution.code.valid
    assert all(0 <= a < b <= len(text) for a, b in resolution.spans)


def test_the_table_covers_every_chapter(library: Library) -> None:
    chapters = {library.lineage(expected)[0].code for _, _, expected in CASES}
    assert chapters >= {str(number) for number in range(1, 23)} - {"20"}
    assert len(CASES) >= 200


# --- what must not be inferred --------------------------------------------------------------------

NEVER = [
    # a number is no class, a class of another scale is none either
    ("E66", "obesity BMI 41", "E66.9"),
    ("E66", "obesity, NYHA class III heart failure", "E66.9"),
    # the proposed code is more specific than the text
    ("E11.21", "type 2 diabetes", "E11.9"),
    ("E11.65", "type 2 diabetes mellitus", "E11.9"),
    ("E11.319", "type 2 diabetes", "E11.9"),
    ("J44.1", "COPD", "J44.9"),
    ("M17.12", "knee osteoarthritis", "M17.9"),
    ("M17.12", "right knee osteoarthritis", "M17.11"),
    ("I50.23", "heart failure", "I50.9"),
    ("I50.21", "systolic heart failure", "I50.20"),
    ("N18.31", "chronic kidney disease", "N18.9"),
    ("N18.4", "CKD stage 3", "N18.30"),
    ("F32.1", "major depression, single episode", "F32.9"),
    ("C50.412", "left breast cancer in a woman", "C50.912"),
    ("I63.412", "stroke", "I63.9"),
    ("K57.32", "diverticulosis", "K57.90"),
    ("J15.0", "bacterial pneumonia", "J15.9"),
    ("L89.153", "pressure ulcer of sacrum", "L89.159"),
    # qualifiers of another condition
    ("I50", "acute sinusitis. systolic heart failure", "I50.20"),
    ("I50", "acute bronchitis and systolic heart failure", "I50.20"),
    ("I50", "systolic heart failure with acute bronchitis", "I50.20"),
    ("L89.15", "stage 3 CKD, pressure ulcer of sacrum", "L89.159"),
    ("M17", "right knee osteoarthritis, left hip pain", "M17.11"),
    ("M25.51", "left foot fracture and shoulder pain", "M25.519"),
    ("I63", "stroke with right hemiparesis", "I63.9"),
    # negations
    ("E11", "type 2 diabetes, no neuropathy", "E11.9"),
    ("E11", "type 2 diabetes without retinopathy", "E11.9"),
    ("E11", "type 2 diabetes, denies foot ulcer", "E11.9"),
    ("I50", "no systolic dysfunction, heart failure", "I50.9"),
    ("K21", "GERD without esophagitis", "K21.9"),
    ("S06.0", "concussion without loss of consciousness, initial encounter", "S06.0X0A"),
    ("F32", "major depression, severe, no psychotic features", "F32.2"),
    ("J45", "asthma, no exacerbation", "J45.909"),
    # never the "other specified" choice for a text that names nothing of its own
    ("H91", "hearing loss", "H91.90"),
    ("D50", "iron deficiency anemia", "D50.9"),
    ("M54.5", "low back pain", "M54.50"),
]


@pytest.mark.parametrize(
    ("start", "text", "expected"), NEVER, ids=[c[0] + " " + c[1] for c in NEVER]
)
def test_specificity_is_never_inferred(
    library: Library, start: str, text: str, expected: str
) -> None:
    assert resolve(library, start, text).code.code == expected


UNDECIDED = [
    ("S72.00", "fracture of neck of right femur", "S72.001", "episode of care"),
    ("S52.5", "torus fracture of distal right radius", "S52.521", "episode of care"),
    ("S93.4", "ankle sprain", "S93.409", "episode of care"),
    ("C50", "breast cancer", "C50.9", "sex"),
    ("W19", "fall", "W19", "episode of care"),
]


@pytest.mark.parametrize(("start", "text", "reached", "name"), UNDECIDED)
def test_what_is_not_said_is_offered_not_guessed(
    library: Library, start: str, text: str, reached: str, name: str
) -> None:
    resolution = resolve(library, start, text)
    assert not resolution.final
    assert resolution.code.code == reached
    assert not resolution.code.valid
    assert resolution.alternatives
    assert all(code.valid for code in resolution.alternatives)
    assert gap(resolution, name)


def test_a_fracture_not_said_to_be_open_offers_no_open_characters(library: Library) -> None:
    codes = [c.code for c in resolve(library, "S72.001", "hip fracture, right").alternatives]
    assert codes == [f"S72.001{letter}" for letter in "ADGKPS"]


# --- gaps, spans, steps ---------------------------------------------------------------------------


def test_the_kind_of_a_fracture_is_a_gap_with_the_codes_it_leads_to(library: Library) -> None:
    text = "closed fracture of distal left radius, initial encounter"
    resolution = resolve(library, "S52.50", text)
    kinds = gap(resolution, "kind of fracture")
    assert kinds["Colles' fracture"] == ("S52.532A",)
    assert kinds["Smith's fracture"] == ("S52.542A",)
    assert kinds["Barton's fracture"] == ("S52.562A",)
    assert kinds["Torus fracture"] == ("S52.522A",)
    assert any("intraarticular" in label for label in kinds)
    assert any("extraarticular" in label for label in kinds)
    assert quoted(text, resolution) == ["closed fracture of distal left radius", "initial"]
    assert any("left" in step and "over right and unspecified" in step for step in resolution.steps)


def test_the_organism_of_a_pneumonia_is_found_in_the_neighbouring_categories(
    library: Library,
) -> None:
    resolution = resolve(library, "J18", "pneumonia")
    assert resolution.gaps[0].name == "organism"
    options = gap(resolution, "organism")
    assert options["Streptococcus pneumoniae"] == ("J13",)
    assert "J15.0" in options["Bacterial"]
    assert not any(code.startswith("J17") for codes in options.values() for code in codes)


def test_a_code_in_the_text_is_where_the_choice_starts(library: Library) -> None:
    resolution = resolve(library, "M54.5", "M54.5")
    assert resolution.code.code == "M54.50"
    assert set(gap(resolution, "type").values()) == {("M54.51",), ("M54.59",)}


def test_laterality_is_a_gap_of_its_own(library: Library) -> None:
    resolution = resolve(library, "M25.5", "shoulder pain")
    assert gap(resolution, "laterality") == {"right": ("M25.511",), "left": ("M25.512",)}


def test_two_conditions_of_one_category_are_both_named(library: Library) -> None:
    resolution = resolve(library, "E11", "type 2 diabetes with polyneuropathy and CKD stage 4")
    assert {resolution.code.code, *(code.code for code in resolution.also)} == {"E11.22", "E11.42"}


def test_dominance_follows_the_guideline_and_says_so(library: Library) -> None:
    resolution = resolve(library, "G81", "left hemiparesis")
    assert resolution.code.code == "G81.94"
    assert any("I.C.6.a" in step for step in resolution.steps)


def test_displacement_is_assumed_from_the_note_and_stays_a_gap(library: Library) -> None:
    text = "fracture of shaft of left clavicle, initial encounter"
    resolution = resolve(library, "S42.02", text)
    assert resolution.code.code == "S42.022A"
    assert gap(resolution, "displacement") == {"nondisplaced": ("S42.025A",)}
    assert any("displaced" in step for step in resolution.steps)


def test_a_code_partly_named_is_an_alternative(library: Library) -> None:
    resolution = resolve(library, "E66", "morbid obesity")
    assert resolution.code.code == "E66.9"
    assert "E66.01" in {code.code for code in resolution.alternatives}


@pytest.mark.parametrize("code", ["4", "E08-E13", "X99.999Q", "ZZZ"])
def test_what_is_no_category_is_refused(library: Library, code: str) -> None:
    with pytest.raises(UnknownCodeError):
        resolve(library, code, "type 2 diabetes")


@pytest.mark.parametrize("text", ["", " ", "🙂", "\x00\x01", "12345", "w" * 20_000, "of the and"])
def test_any_text_is_answered(library: Library, text: str) -> None:
    resolution = resolve(library, "J18.9", text)
    assert resolution.code.code == "J18.9"
    assert resolution.spans == ()


def test_every_category_settles_on_a_record_of_its_own(library: Library) -> None:
    """A sample over the whole release: nothing fails, and final always means valid."""
    categories = [code for code in library.nodes() if len(code.code) == 3][::9]
    assert len(categories) > 200
    for category in categories:
        resolution = resolve(library, category.code, category.title)
        assert resolution.code.code.startswith(category.code)
        assert resolution.final == resolution.code.valid
        assert resolution.final or resolution.alternatives or not library.descendants(category.code)


def test_a_title_leads_to_its_own_code(library: Library) -> None:
    """The title of a code, as a text, supports that code: at least 93 in 100 of a wide sample."""
    codes = [c for c in library.valid_codes() if len(c.code) < 8 and c.code[0] not in "VWXY"][::67]
    right = 0
    for code in codes:
        resolution = resolve(library, code.code[:3], code.title)
        right += resolution.code.code == code.code or code in resolution.alternatives
    assert right / len(codes) >= 0.93, f"{right} of {len(codes)}"
