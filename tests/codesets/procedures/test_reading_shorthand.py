"""Shorthand, conduits, layers, both sides and ways in, on phrases with official tables."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from codesets.procedures import resolve_procedures
from codesets.procedures.guidelines import guidelines, guidelines_for
from codesets.procedures.lexicon import expansions, reaches
from codesets.procedures.patterns import key

if TYPE_CHECKING:
    from codesets.procedures import ProcedureBook, ProcedureResolution
    from codesets.releases import ReleaseStore


@pytest.fixture(scope="module")
def book(pcs_store: ReleaseStore) -> ProcedureBook:
    return pcs_store.procedure_book(date(2026, 2, 21))


def written(found: ProcedureResolution) -> str:
    chosen = {a.position: a.chosen.character for a in found.axes if a.chosen}
    return "".join(chosen.get(p, "_") for p in range(1, 8 if found.table else 4))


@pytest.mark.official
@pytest.mark.parametrize(
    ("text", "codes"),
    [
        # shorthand
        ("lap appy", ["0DTJ4ZZ"]),
        ("lap chole", ["0FT44ZZ"]),
        ("L TKA cemented", ["0SRD0J9"]),
        ("R TKA cemented", ["0SRC0J9"]),
        ("laparoscopic LSO", ["0UT64ZZ", "0UT14ZZ"]),
        ("open LIH repair with mesh", ["0YU60JZ"]),
        ("TIPS", ["06183J4"]),
        ("PICC line, tip in SVC", ["02HV33Z"]),
        ("trach and PEG", ["0B11_F4", "0DH63UZ"]),
        ("thrombectomy of right MCA with stent retriever", ["03CG3Z7"]),
        ("AICD placement, dual chamber", ["0JH__8Z"]),
        # several procedures
        ("laparoscopic left salpingectomy and left oophorectomy", ["0UT64ZZ", "0UT14ZZ"]),
        ("laparoscopic total sigmoid colectomy with anastomosis", ["0DTN4ZZ"]),
        ("spontaneous vaginal delivery with episiotomy", ["10E0XZZ", "0W8NXZZ"]),
        # a code a conduit (B3.6c)
        ("CABG x3, LIMA to LAD, SVG from aorta to RCA and OM1", ["02100Z9", "021109W"]),
        ("open CABG x3 with saphenous vein graft from aorta", ["021209W"]),
        ("CABG x4 using LIMA and saphenous vein", ["021_0Z9", "021_09_"]),
        # both sides (B4.3)
        ("bilateral TKA cemented", ["0SRC0J9", "0SRD0J9"]),
        ("myringotomy with tubes, both ears", ["099500Z", "099600Z"]),
        ("bilateral mastectomy", ["0HTV0ZZ"]),
        ("laparoscopic bilateral salpingectomy", ["0UT74ZZ"]),
        # the deepest layer (B3.5)
        ("excisional debridement of right thigh down to muscle, open", ["0KBQ0ZZ"]),
        ("excisional debridement of left heel ulcer to bone, open", ["0QBM0ZZ"]),
        ("excisional debridement of skin and fascia of right lower leg, open", ["0JBN0ZZ"]),
        ("excisional debridement of skin of left foot", ["0HBNXZZ"]),
        ("maze procedure, open", ["02580ZZ"]),
        ("D&E for missed abortion", ["10D17ZZ"]),
        ("D&C", ["0UDB7ZZ"]),
    ],
)
def test_every_procedure_of_a_text_is_resolved(
    book: ProcedureBook, text: str, codes: list[str]
) -> None:
    found = resolve_procedures(book, text)
    assert [written(each) for each in found] == codes
    for each in found:
        assert all(0 <= a < b <= len(text) for axis in each.axes for a, b in axis.spans)


@pytest.mark.official
@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("colonoscopy with polypectomy", "Cecum", "Stomach"),
        ("EGD with biopsy", "Stomach", "Rectum"),
        ("sigmoidoscopy with biopsy", "Rectum", "Cecum"),
        ("ERCP with stone extraction", "Common Bile Duct", "Gallbladder"),
    ],
)
def test_a_way_in_offers_only_what_it_reaches(
    book: ProcedureBook, text: str, inside: str, outside: str
) -> None:
    (found,) = resolve_procedures(book, text)
    (gap,) = [gap for gap in found.gaps if gap.position == 4]
    labels = {option.label for option in gap.options}
    assert inside in labels
    assert outside not in labels


@pytest.mark.official
def test_parts_that_ways_reach_are_in_the_tables(book: ProcedureBook) -> None:
    labels = {
        key(value.label)
        for table in book.tables.values()
        for row in table.rows
        for value in row.axes[0]
    }
    for phrase, parts in reaches():
        assert sum(key(part) in labels for part in parts) >= len(parts) - 4, phrase


def test_no_shorthand_is_listed_twice() -> None:
    shorts = [short for short, _ in expansions()]
    assert len(shorts) == len(set(shorts))


@pytest.mark.parametrize(
    ("table", "labels", "numbers"),
    [
        ("0DT", {3: "Resection", 4: "Appendix", 6: "No Device"}, ["B3.8"]),
        ("0DB", {3: "Excision", 7: "Diagnostic"}, ["B3.4a"]),
        ("021", {3: "Bypass", 4: "Coronary Artery, One Artery"}, ["B3.6b", "B3.6c"]),
        ("027", {3: "Dilation", 4: "Coronary Artery, One Artery"}, ["B4.4"]),
        ("0W9", {3: "Drainage", 6: "Drainage Device"}, ["B6.2"]),
        ("0HT", {3: "Resection", 4: "Breast, Bilateral"}, ["B3.8", "B4.3"]),
        ("10D", {3: "Extraction"}, ["C1"]),
        ("5A1", {3: "Performance", 6: "Ventilation"}, []),
    ],
)
def test_guidelines_that_decide(table: str, labels: dict[int, str], numbers: list[str]) -> None:
    assert [section.number for section in guidelines_for(table, labels)] == numbers


def test_guidelines_are_told_apart_by_number() -> None:
    assert all(section.text.endswith(".") for section in guidelines().values())
    assert {"A9", "B3.8", "B5.2a", "B6.1a", "C1"} <= guidelines().keys()
