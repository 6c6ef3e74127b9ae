"""Spellings of codes, and the references that notes print."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codesets.errors import NotationError
from codesets.models import CodeRange, System
from codesets.notation import (
    detect_system,
    dotted,
    find_codes,
    in_range,
    normalize,
    parse_references,
    possible_systems,
    undotted,
)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("E11.22", "E11.22"),
        ("E1122", "E11.22"),
        ("e11.22", "E11.22"),
        (" e1122 ", "E11.22"),
        ("E11.22.", "E11.22"),
        ("E11 22", "E11.22"),
        ("“E11.22”,", "E11.22"),
        ("(E11.22)", "E11.22"),
        ("`E11.22`", "E11.22"),
        ("Ｅ１１．２２", "E11.22"),
        ("I10", "I10"),
        ("i10.", "I10"),
        ("E10.-", "E10"),
        ("E10-", "E10"),
        ("E10.–", "E10"),
        ("S42.40—", "S42.40"),
        ("S42.40\u2212", "S42.40"),
        ("s52.502a", "S52.502A"),
        ("S43.60XA", "S43.60XA"),
        ("qa0.0101", "QA0.0101"),
        ("c7a.00", "C7A.00"),
        ("M1A.0110", "M1A.0110"),
    ],
)
def test_every_spelling_has_one_printed_form(written: str, printed: str) -> None:
    assert normalize(written) == printed


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "-",
        "E",
        "E1",
        "11.22",
        "EE1.2",
        "AB12",
        "E1.122",
        "E112.2",
        "E11.2.2",
        "E 1122",
        "E11.22345",
        "E11.2é",
        "É11.2",
        "E11-22",
        "A00-A09",
        "hello",
        "99213",
        "E11.22; drop",
        "Ⅸ10",
        "٣10",
    ],
)
def test_what_cannot_be_a_code_is_refused(written: str) -> None:
    with pytest.raises(NotationError):
        normalize(written)


def test_a_refusal_does_not_repeat_a_long_text() -> None:
    with pytest.raises(NotationError) as refusal:
        normalize("x" * 10_000)
    assert len(str(refusal.value)) < 250


CODES = st.from_regex(r"[A-Z][0-9][0-9AB]([0-9A-Z]{1,4})?", fullmatch=True, alphabet=None)


@given(CODES, st.booleans(), st.booleans(), st.sampled_from(["", " ", ".", "-", ".-", "–", ", "]))
def test_normalizing_undoes_case_point_and_edges(
    key: str, pointed: bool, lower: bool, after: str
) -> None:
    written = dotted(key) if pointed else key
    written = (written.lower() if lower else written) + after
    printed = normalize(written)
    assert undotted(printed) == key
    assert normalize(printed) == printed


@given(st.text(max_size=40))
def test_any_text_is_a_code_or_a_refusal(text: str) -> None:
    try:
        printed = normalize(text)
    except NotationError:
        return  # the refusal
    assert normalize(printed) == printed
    assert len(undotted(printed)) in range(3, 8)


@given(st.text(max_size=80))
def test_found_codes_stand_at_their_offsets(text: str) -> None:
    for code, start, end in find_codes(text):
        assert normalize(text[start:end]) == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("E1122", ["E11.22"]),
        ("is i10 valid?", ["I10"]),
        ("E11.22, N18.31 and Z79.4.", ["E11.22", "N18.31", "Z79.4"]),
        ("E11.22/N18.31", ["E11.22", "N18.31"]),
        ("codes from N18.- apply", ["N18"]),
        ("(E08-E13)", ["E08"]),
        ("s52.502a: left wrist", ["S52.502A"]),
        ("QA0.0101 or C7A.00", ["QA0.0101", "C7A.00"]),
        ("HLA-B27 positive", []),
        ("COVID-19, A1C 7.2, H1N1, G6PD", []),
        ("BP 110/80, T4N1M0, L5-S1, C5", []),
        ("abcE11.22", []),
        ("E11.22345", []),
        ("2020-01-01", []),
        ("", []),
    ],
)
def test_codes_in_free_text(text: str, expected: list[str]) -> None:
    assert [code for code, _, _ in find_codes(text)] == expected


@pytest.mark.parametrize(
    ("written", "systems"),
    [
        ("E11.22", [System.ICD10CM]),
        ("I10", [System.ICD10CM]),
        ("S52502A", [System.ICD10CM]),
        ("0DTJ4ZZ", [System.ICD10PCS]),
        ("B2111ZZ", [System.ICD10PCS]),
        ("XW03331", [System.ICD10PCS]),
        ("X000XXA", [System.ICD10CM, System.ICD10PCS]),
        ("H353210", [System.ICD10CM, System.ICD10PCS]),
        ("GZ2ZZZZ", [System.ICD10PCS]),
        ("0DTJ4ZO", []),  # O is not a PCS character
        ("J1100", [System.ICD10CM, System.HCPCS]),
        ("D0120", [System.ICD10CM]),  # CDT is not loaded
        ("W0000", [System.ICD10CM]),
        ("99213", [System.CPT]),
        ("0001F", [System.CPT]),
        ("9921", []),
        ("hello", []),
        ("", []),
    ],
)
def test_shapes_of_systems(written: str, systems: list[System]) -> None:
    assert list(possible_systems(written)) == systems
    assert detect_system(written) == (systems[0] if systems else None)


def read(text: str) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for reference in parse_references(text):
        row: tuple[object, ...] = (reference.first, reference.last)
        if reference.condition is not None:
            row += (reference.condition.place.value, "".join(reference.condition.values))
        rows.append(row)
    return rows


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("insulin (Z79.4)", [("Z79.4", "Z79.4")]),
        ("type 1 diabetes mellitus (E10.-)", [("E10", "E10")]),
        ("chronic kidney disease (N18.1-N18.6)", [("N18.1", "N18.6")]),
        ("sepsis (O98.-, P35-P39)", [("O98", "O98"), ("P35", "P39")]),
        ("fracture (S42.40-)", [("S42.40", "S42.40")]),
        ("stroke (I60-I62, I69.0-)", [("I60", "I62"), ("I69.0", "I69.0")]),
        ("hernia (C43.2-,C44.2-)", [("C43.2", "C43.2"), ("C44.2", "C44.2")]),
        ("(K50.014, K50.914,)", [("K50.014", "K50.014"), ("K50.914", "K50.914")]),
        ("(I60.-. I61.-, I62.-)", [("I60", "I60"), ("I61", "I61"), ("I62", "I62")]),
        ("(J00-J06; J20-J22)", [("J00", "J06"), ("J20", "J22")]),
        ("(S24.0 and S24.1)", [("S24.0", "S24.0"), ("S24.1", "S24.1")]),
        ("(A00-R94 and T80-T88.6, T88.8)", [("A00", "R94"), ("T80", "T88.6"), ("T88.8", "T88.8")]),
        ("(M05.00 to M05.8A)", [("M05.00", "M05.8A")]),
        ("(S00 - S09)", [("S00", "S09")]),
        ("(I01.0 -I01.9)", [("I01.0", "I01.9")]),
        ("(I70.2--I70.7-)", [("I70.2", "I70.7")]),
        ("(Q70.0- -Q70.3-)", [("Q70.0", "Q70.3")]),
        ("(P28.3- - P28.4-)", [("P28.3", "P28.4")]),
        ("(F98.2.-F98.3)", [("F98.2", "F98.3")]),
        ("(S12.0--S12.6.-)", [("S12.0", "S12.6")]),
        ("(D29.2.-)", [("D29.2", "D29.2")]),
        ("(K85-K86.-)", [("K85", "K86")]),
        # a comma lost in print: the two subcategories, not what lies between them
        ("(I69.01-I69.11-)", [("I69.01", "I69.01"), ("I69.11", "I69.11")]),
        ("(T82.0-T82.5)", [("T82.0", "T82.5")]),
        ("(T36-T50 with fifth or sixth character 5)", [("T36", "T50", "intent", "5")]),
        ("(T36-T50 with fifth or six character 5)", [("T36", "T50", "intent", "5")]),
        ("(T36-T65 with fifth or sixth character 1-4 or 6)", [("T36", "T65", "intent", "12346")]),
        ("(T39.0-, with sixth character 5)", [("T39.0", "T39.0", "sixth", "5")]),
        ("(T43.1X with sixth character 1-4)", [("T43.1X", "T43.1X", "sixth", "1234")]),
        ("(T51-T65 with fifth or sixth character to indicate intent)", [("T51", "T65")]),
        ("(V01-V09 with 5th character 9)", [("V01", "V09", "fifth", "9")]),
        ("(A37 with fifth-character 1)", [("A37", "A37", "fifth", "1")]),
        ("(F10-F19 with 5th character .6)", [("F10", "F19", "fifth", "6")]),
        ("(F11-F19 with fifth to sixth characters 51)", [("F11", "F19", "fifth", "51")]),
        ("(S02.- with 7th character B)", [("S02", "S02", "seventh", "B")]),
        ("(S92.-with 7th character B)", [("S92", "S92", "seventh", "B")]),
        ("(S42.- with 7th character B or C)", [("S42", "S42", "seventh", "BC")]),
        ("(S52.- with open fracture 7th character)", [("S52", "S52", "seventh", "BCEFHJMNQR")]),
        ("(E08-E13 with .52)", [("E08", "E13", "after-category", "52")]),
        ("(E08-E13 with .62-)", [("E08", "E13", "after-category", "62")]),
        ("(F10-F19, with .17, .27, .97)", [("F10", "F19", "after-category", "172797")]),
        ("(F11-F19 with .15. .25, .95)", [("F11", "F19", "after-category", "152595")]),
        ("(I69. with final characters -23)", [("I69", "I69", "ending", "23")]),
        ("(T36-T50 with final character 6)", [("T36", "T50", "ending", "6")]),
        (
            "(E08, E13 with final characters .00 or .01)",
            [("E08", "E08", "after-category", "0001"), ("E13", "E13", "after-category", "0001")],
        ),
        ("code from category O30, Multiple gestation", [("O30", "O30")]),
        ("conditions in categories E43, E50-E63 as the cause", [("E43", "E43"), ("E50", "E63")]),
        ("Conditions classifiable to C00-C14, C40-C49", [("C00", "C14"), ("C40", "C49")]),
        ("any condition in N18 and N26 - due to", [("N18", "N18"), ("N26", "N26")]),
        ("subcategories S06.1- to S06.6-, and S06.81-", [("S06.1", "S06.6"), ("S06.81", "S06.81")]),
        ("injury to visual cortex S04.04-", [("S04.04", "S04.04")]),
        # words that only look like codes
        ("vitamin B12 deficiency", []),
        ("vitamin B12 deficiency anemia (D51.-)", [("D51", "D51")]),
        ("LGMD R22 collagen 6-related", []),
        ("glucose-6-phosphate dehydrogenase (G6PD) deficiency", []),
        ("C1 esterase inhibitor [C1-INH] deficiency", []),
        ("Cell membrane receptor complex [CR3] defect", []),
        ("E. coli O157:H- (nonmotile)", []),
        ("influenza A/H1N1 (J10.-)", [("J10", "J10")]),
        ("Human prion disease", []),
        ("", []),
    ],
)
def test_references_of_notes(note: str, expected: list[tuple[object, ...]]) -> None:
    assert read(note) == expected


@pytest.mark.parametrize(
    ("note", "inside", "outside"),
    [
        (
            "(N18.1-N18.6)",
            ["N18.1", "N18.2", "N18.30", "N18.31", "N18.6"],
            ["N18", "N18.9", "N17.9", "N19"],
        ),
        ("(E10.-)", ["E10", "E10.9", "E10.3211"], ["E11.9", "E1", "E09.9"]),
        ("(S42.40-)", ["S42.401A", "S42.409S"], ["S42.411A", "S42.4"]),
        (
            "(T36-T50 with fifth or sixth character 5)",
            ["T36.0X5A", "T42.75XA", "T50.905S", "T43.655A"],
            # T43.65- is methamphetamine: its fifth character is no intent
            ["T36.0X1A", "T36.5X1A", "T43.651A", "T51.0X1A", "T36", "T36.0X"],
        ),
        (
            "(T36-T50 with final character 6)",
            ["T36.0X6A", "T42.76XD", "T50.906A"],
            ["T36.6X1A", "T36.0X5A"],
        ),
        ("(E08-E13 with .52)", ["E11.52", "E08.52"], ["E11.51", "E11.621", "E14.52", "E11"]),
        ("(E08-E13 with .62-)", ["E11.621", "E13.628"], ["E11.65"]),
        ("(I69. with final characters -23)", ["I69.023", "I69.923"], ["I69.021", "I69.23"]),
        ("(S02.- with 7th character B)", ["S02.0XXB"], ["S02.0XXA", "S02.0", "S03.0XXB"]),
        ("(S52.- with open fracture 7th character)", ["S52.502B", "S52.502J"], ["S52.502A"]),
        ("(F11-F19 with fifth to sixth characters 51)", ["F11.151", "F19.951"], ["F11.150"]),
        ("(V01-V09 with 5th character 9)", ["V01.09XA", "V03.19XD"], ["V01.02XA", "V09.20XA"]),
        ("(B27.0-B27.9 with fifth character 2)", ["B27.02", "B27.92"], ["B27.01", "B27"]),
    ],
)
def test_what_a_reference_covers(note: str, inside: list[str], outside: list[str]) -> None:
    references = parse_references(note)
    for code in inside:
        assert any(in_range(code, reference) for reference in references), code
    for code in outside:
        assert not any(in_range(code, reference) for reference in references), code


def test_ends_of_a_range_stand_for_what_is_under_them() -> None:
    reference = CodeRange("M05.00", "M05.8A")
    assert in_range("M05.09", reference)
    assert in_range("M05.8A", reference)
    assert not in_range("M05.9", reference)
