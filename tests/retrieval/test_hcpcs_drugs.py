"""Orders of drugs against HCPCS: on made-up descriptors, and on the official release."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hcpcs_cases import NEVER_FIRST, ORDERS

from codesets.descriptors import Trait, parse_descriptor, read_traits, strip_doses
from codesets.drug_brands import all_brands, find_brands
from retrieval.drugs import EXACT, DrugIndex

if TYPE_CHECKING:
    from codesets.library import Library

# Drugs that do not exist, in the wording that descriptors use.
MADE_UP = {
    "J0001": "Injection, zelumab, excludes biosimilar, 10 mg",
    "Q5101": "Injection, zelumab-abcd, biosimilar, (zelbrand), 10 mg",
    "Q5102": "Injection, zelumab-efgh (otherzel), biosimilar, 10 mg",
    "J0002": "Injection, zelumab, 10 mg and hyaluronidase-oqqk",
    "J0003": "Injection, quortane hydrochloride, 1 mg",
    "J0004": "Injection, quortane hydrochloride (maker one), not therapeutically equivalent to "
    "j0003, 1 mg",
    "J0005": "Quortane, oral, 5 mg",
    "J0006": "Quortane, inhalation solution, compounded product, administered through dme, unit "
    "dose form, per milligram",
    "J0007": "Quortane, inhalation solution, fda-approved final product, non-compounded, "
    "administered through dme, unit dose form, 1 mg",
    "J0008": "Quortane, inhalation solution, fda-approved final product, non-compounded, "
    "administered through dme, concentrated form, 1 mg",
    "J0009": "Injection, vesperin alfa, 100 units (for esrd on dialysis)",
    "J0010": "Injection, vesperin alfa, (for non-esrd use), 1000 units",
    "C9001": "Injection, vesperin beta, 1 mg",
    "S0012": "Injection, loristat sodium, 500 mg",
    "J0011": "Injection, loristat sodium, 1 gm",
    "Q4101": "Graftone, or grafttwo hd, per square centimeter",
    "E0001": "Quortane carrying case, each",
}
CASES = [
    ("zelumab", "J0001"),
    ("zelumab 400 mg IV", "J0001"),
    ("zelumab-abcd", "Q5101"),
    ("Zelbrand", "Q5101"),
    ("otherzel", "Q5102"),
    ("zelumab and hyaluronidase", "J0002"),
    ("quortane HCl", "J0003"),
    ("quortane (Maker One)", "J0004"),
    ("quortane tablets", "J0005"),
    ("quortane 5 mg PO", "J0005"),
    ("quortane neb", "J0007"),
    ("quortane neb compounded", "J0006"),
    ("quortane inhalation concentrated", "J0008"),
    ("vesperin alfa, patient with ESRD on dialysis", "J0009"),
    ("vesperin alpha", "J0010"),
    ("vesperin beta", "C9001"),
    ("loristat", "J0011"),
    ("grafttwo hd", "Q4101"),
    ("grafttwohd", "Q4101"),
    ("zelumb", "J0001"),
]


@pytest.fixture(scope="module")
def made_up() -> DrugIndex:
    codes = [SimpleNamespace(code=code, title=title) for code, title in MADE_UP.items()]
    library: Any = SimpleNamespace(valid_codes=lambda: iter(codes))
    return DrugIndex(library)


@pytest.fixture(scope="module")
def drugs(hcpcs_library: Library) -> DrugIndex:
    return DrugIndex(hcpcs_library)


@pytest.mark.parametrize(("text", "code"), CASES)
def test_the_code_that_says_the_order_and_least_besides(
    made_up: DrugIndex, text: str, code: str
) -> None:
    assert made_up.read(text)[0].code == code


def test_what_is_no_drug_is_left_to_the_description_search(made_up: DrugIndex) -> None:
    assert made_up.read("carrying case") == []
    assert "E0001" not in {reading.code for reading in made_up.read("quortane carrying case")}
    assert made_up.read("") == made_up.read("what is the code for") == []


def test_an_unknown_suffix_names_no_product(made_up: DrugIndex) -> None:
    best = made_up.read("zelumab-wxyz")[0]
    assert best.score < EXACT
    assert made_up.read("zelumab")[0].score >= EXACT


def test_another_drugs_words_keep_a_code_from_standing(made_up: DrugIndex) -> None:
    assert made_up.read("quortane")[0].names_it
    assert not any(reading.names_it for reading in made_up.read("quortane loristat"))


def test_c_codes_come_first_only_in_a_facility() -> None:
    codes = [
        SimpleNamespace(code="C9257", title="Injection, zelumab, 0.25 mg"),
        SimpleNamespace(code="J0001", title="Injection, zelumab, 10 mg"),
    ]
    library: Any = SimpleNamespace(valid_codes=lambda: iter(codes))
    index = DrugIndex(library)
    office = index.read("zelumab 0.25 mg")
    facility = index.read("zelumab 0.25 mg", facility=True)
    assert (office[0].code, facility[0].code) == ("J0001", "C9257")


def test_spans_point_at_the_words_of_the_order(made_up: DrugIndex) -> None:
    text = "give  ZELUMAB-abcd 10 mg, tomorrow"
    best = made_up.read(text)[0]
    assert [text[start:end] for start, end in best.spans] == ["ZELUMAB", "abcd"]
    slip = made_up.read("the zelumb dose")[0]
    assert [("the zelumb dose")[start:end] for start, end in slip.spans] == ["zelumb"]


@pytest.mark.parametrize(
    ("title", "names", "labels", "traits", "dose"),
    [
        ("Injection, zelumab, 10 mg", [("zelumab",)], [], {Trait.INJECTED}, "10 mg"),
        ("Quortane; oral, per 2.5 mg", [("quortane",)], [], {Trait.ORAL}, "per 2.5 mg"),
        (
            "Injection, quortane, for subcutaneous use, 1 mg (code may be used for medicare when "
            "drug administered under the direct supervision of a physician, not for use when drug "
            "is self administered)",
            [("quortane",)],
            [],
            {Trait.INJECTED, Trait.SUBCUTANEOUS},
            "1 mg",
        ),
        (
            "Injection, quortane 50 mg and loristat 25 mg",
            [("quortane", "loristat")],
            [],
            {Trait.INJECTED},
            "50 mg / 25 mg",
        ),
        (
            "Injection, vesperin (one brand/other brand), biosimilar, 1 mg",
            [("vesperin",)],
            [("one", "brand"), ("other", "brand")],
            {Trait.INJECTED, Trait.BIOSIMILAR},
            "1 mg",
        ),
        (
            "Factor xx (antihemophilic factor, recombinant), not otherwise specified, per i.u.",
            [("factor", "xx", "antihemophilic", "factor", "recombinant")],
            [],
            {Trait.UNSPECIFIED},
            "",
        ),
    ],
)
def test_a_descriptor_taken_apart(
    title: str, names: list[Any], labels: list[Any], traits: set[Trait], dose: str
) -> None:
    found = parse_descriptor(title)
    assert list(found.names) == names
    assert list(found.labels) == labels
    assert found.traits == traits
    assert found.dose == dose


@pytest.mark.parametrize(
    ("text", "traits"),
    [
        ("toradol 30 mg im", {Trait.INJECTED, Trait.INTRAMUSCULAR}),
        ("zofran i.v.", {Trait.INJECTED, Trait.INTRAVENOUS}),
        ("humira sub-q", {Trait.INJECTED, Trait.SUBCUTANEOUS}),
        ("graft 16 sq cm", set()),
        ("imitrex", set()),
        ("factor ix", set()),
        ("epoetin, non-esrd", {Trait.NON_ESRD}),
    ],
)
def test_forms_that_an_order_states(text: str, traits: set[Trait]) -> None:
    assert read_traits(strip_doses(text))[0] == traits


def test_the_table_of_names_is_large_and_says_nothing_twice() -> None:
    rows = [(brand.name.casefold(), brand.wording) for brand in all_brands()]
    assert len(rows) >= 1400
    assert len(set(rows)) == len(rows)
    assert all(wording == wording.casefold().strip() for _, wording in rows)


def test_names_are_found_whole() -> None:
    assert [match.wordings for match in find_brands("Eylea HD")] == [("aflibercept hd",)]
    assert [match.wordings for match in find_brands("Eylea")] == [("aflibercept",)]
    assert find_brands("Cryo-Cord") == []


@pytest.mark.official
def test_every_name_leads_to_a_code_of_the_release(drugs: DrugIndex) -> None:
    lost = [
        (brand.name, brand.wording)
        for brand in all_brands()
        if not any(reading.names_it for reading in drugs.read(brand.wording)[:3])
    ]
    assert lost == []


@pytest.mark.official
@pytest.mark.parametrize(("text", "code"), ORDERS)
def test_orders_on_the_official_release(drugs: DrugIndex, text: str, code: str) -> None:
    found = drugs.read(text)
    assert found[0].code == code
    assert found[0].names_it
    assert found[0].score >= EXACT


@pytest.mark.official
@pytest.mark.parametrize(("text", "code", "why"), NEVER_FIRST)
def test_near_misses_on_the_official_release(
    drugs: DrugIndex, text: str, code: str, why: str
) -> None:
    standing = [reading.code for reading in drugs.read(text) if reading.score >= EXACT]
    assert standing[:1] != [code], why


@pytest.mark.official
def test_one_code_for_two_products_of_one_drug(drugs: DrugIndex) -> None:
    assert drugs.read("Prolia")[0].code == drugs.read("Xgeva")[0].code == "J0897"


@pytest.mark.official
def test_no_code_is_ended(drugs: DrugIndex, hcpcs_library: Library) -> None:
    for text in ("methylprednisolone", "hydromorphone", "vancomycin", "levetiracetam"):
        codes = [hcpcs_library.get(reading.code) for reading in drugs.read(text)]
        assert codes
        assert all(code.valid for code in codes)
