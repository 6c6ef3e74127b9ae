"""The axes of categories, computed from the real release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codesets.errors import UnknownCodeError
from codesets.specificity import axes, expand

if TYPE_CHECKING:
    from codesets.library import Library


def options(library: Library, code: str) -> dict[str, dict[str, tuple[str, ...]]]:
    return {
        axis.name: {option.label: option.codes for option in axis.options}
        for axis in axes(library, code)
    }


NAMED = [
    ("S52.5", {"kind of fracture", "laterality", "displacement", "episode of care"}),
    ("E11", {"complication", "severity", "laterality"}),
    ("I50", {"type", "acuity", "laterality"}),
    ("N18", {"stage"}),
    ("C50", {"site", "laterality", "sex"}),
    ("A41", {"organism"}),
    ("J15", {"organism"}),
    ("J45", {"severity", "complication"}),
    ("K50", {"site", "complication"}),
    ("O24", {"trimester"}),
    ("H40.1", {"laterality", "stage"}),
    ("L89.15", {"stage"}),
    ("L89", {"site", "laterality"}),
    ("G81", {"laterality", "dominant side"}),
    ("T36.0", {"intent", "episode of care"}),
    ("M54.5", {"type"}),
    ("M17", {"laterality"}),
    ("I63", {"cause", "laterality"}),
]


@pytest.mark.parametrize(("code", "names"), NAMED, ids=[code for code, _ in NAMED])
def test_the_axes_on_which_codes_differ(library: Library, code: str, names: set[str]) -> None:
    assert names <= set(options(library, code))


def test_options_carry_the_codes_they_lead_to(library: Library) -> None:
    found = options(library, "S52.5")
    assert found["kind of fracture"]["Colles' fracture"] == ("S52.531", "S52.532", "S52.539")
    assert set(found["laterality"]) == {"right", "left"}
    assert "S52.532" in found["laterality"]["left"]
    assert "S52.532A" in found["episode of care"]["initial encounter for closed fracture"]
    assert options(library, "N18")["stage"]["stage 3a"] == ("N18.31",)
    assert options(library, "M54.5")["type"].keys() == {"Vertebrogenic low", "other"}
    stages = options(library, "L89.15")["stage"]
    assert {"stage 1", "stage 2", "stage 3", "stage 4", "unstageable"} <= set(stages)


def test_acuity_reads_both_words_of_acute_on_chronic(library: Library) -> None:
    assert options(library, "I50.2")["acuity"] == {
        "acute": ("I50.21",),
        "chronic": ("I50.22",),
        "acute on chronic": ("I50.23",),
    }


@pytest.mark.parametrize("code", ["I10", "E11.22", "S52.502A", "N17.9", "Z79.4"])
def test_a_final_code_has_no_axes(library: Library, code: str) -> None:
    assert axes(library, code) == ()


def test_every_named_code_exists(library: Library) -> None:
    """No option names a code the release does not have, over a sample of all categories."""
    categories = [code.code for code in library.nodes() if len(code.code) == 3][::25]
    for category in categories:
        for axis in axes(library, category):
            assert axis.name
            assert axis.options
            for option in axis.options:
                assert option.label
                assert all(code.startswith(category) for code in option.codes)
                assert library.find(option.codes[0]) is not None


@pytest.mark.parametrize("code", ["4", "E08-E13", "Q99.99X"])
def test_chapters_sections_and_unknown_codes_are_refused(library: Library, code: str) -> None:
    with pytest.raises(UnknownCodeError):
        axes(library, code)


@pytest.mark.parametrize(
    ("stem", "character", "code"),
    [("S52.502", "A", "S52.502A"), ("T36.0X1", "D", "T36.0X1D"), ("M1A.9", "0", "M1A.9XX0"),
     ("S00.01", "S", "S00.01XS"), ("X58", "A", "X58.XXXA")],
)  # fmt: skip
def test_placeholders_fill_the_code(library: Library, stem: str, character: str, code: str) -> None:
    assert expand(stem, character) == code
    assert library.get(code).valid
