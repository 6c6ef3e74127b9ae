"""Billing units from doses: exact on awkward units, strengths, weights and waste."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from unit_cases import CASES

from bot.answer import Answer, Kind, Quote, Role, Setting, Suggestion
from bot.unit_answers import counted
from codesets.doses import read_order
from codesets.errors import DoseError
from codesets.units import bill, billing_unit
from retrieval.requests import Request, read

if TYPE_CHECKING:
    from codesets.library import Library

LEAST_CASES = 100


def test_there_are_a_hundred_cases() -> None:
    assert len(CASES) >= LEAST_CASES
    assert len({order for _, order, _, _ in CASES}) == len(CASES)


@pytest.mark.parametrize(("descriptor", "order", "units", "discarded"), CASES)
def test_units_are_exact(descriptor: str, order: str, units: int, discarded: int | None) -> None:
    unit = billing_unit(descriptor)
    assert unit is not None
    found = bill(unit, read_order(order))
    assert (found.count, found.discarded) == (units, discarded)
    assert found.steps


@pytest.mark.parametrize(
    ("descriptor", "order", "missing"),
    [
        ("Injection, ketorolac tromethamine, per 15 mg", "ketorolac 1 mL IM", "strength"),
        ("Injection, ketorolac tromethamine, per 15 mg", "ketorolac IM", "no dose"),
        ("Injection, bevacizumab, 10 mg", "bevacizumab 5 mg/kg", "weight"),
        ("Injection, bevacizumab, 10 mg", "bevacizumab 500 mg from a 400 mg vial", "more than"),
        ("Injection, heparin sodium, per 1000 units", "heparin 5 mg", "units"),
        ("Injection, bevacizumab, 10 mg", "bevacizumab 0 mg", "nothing"),
    ],
)
def test_what_cannot_be_counted_says_why(descriptor: str, order: str, missing: str) -> None:
    unit = billing_unit(descriptor)
    assert unit is not None
    with pytest.raises(DoseError, match=missing):
        bill(unit, read_order(order))


@pytest.mark.parametrize(
    "descriptor",
    [
        "Technetium tc-99m sestamibi, diagnostic, per study dose",
        "Hyaluronan or derivative, orthovisc, for intra-articular injection, per dose",
        "Unclassified drugs",
        "Contraceptive supply, hormone containing patch, each",
    ],
)
def test_a_descriptor_without_an_amount_has_no_billing_unit(descriptor: str) -> None:
    assert billing_unit(descriptor) is None


def _answer(*drugs: tuple[str, str, str], text: str) -> Answer:
    """An answer that suggests drugs: code, title and the words of the text they rest on."""
    suggestions = tuple(
        Suggestion(
            "hcpcs", code, title, True, Role.FIRST_LISTED, "",
            (Quote(words, text.index(words), text.index(words) + len(words)),),
        )
        for code, title, words in drugs
    )  # fmt: skip
    return Answer("e", Kind.SUGGESTION, Setting.OUTPATIENT, date(2025, 10, 15), {}, "Found.", text,
                  suggestions)  # fmt: skip


KETOROLAC = ("J1885", "Injection, ketorolac tromethamine, per 15 mg", "ketorolac")
ONDANSETRON = ("J2405", "Injection, ondansetron hydrochloride, per 1 mg", "ondansetron")


def test_each_drug_is_counted_from_its_own_dose() -> None:
    text = "ketorolac 60 mg IM and ondansetron 4 mg IV"
    answer = counted(_answer(KETOROLAC, ONDANSETRON, text=text), text)
    assert "J1885: bill 4 units" in answer.headline
    assert "J2405: bill 4 units" in answer.headline
    assert answer.suggestions[1].information[0].startswith("J2405: bill 4 units (4 mg")


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("ketorolac 15 mg from a 30 mg vial", "1 unit of discarded drug on a separate line"),
        ("ketorolac 30 mg from a 30 mg vial, no waste", "modifier JZ"),
        ("ketorolac 25 mg, 5 mg discarded", "no JW line"),
        ("ketorolac 30 mg IM", "say what the container held"),
    ],
)
def test_waste_names_its_modifier(text: str, remark: str) -> None:
    answer = counted(_answer(KETOROLAC, text=text), text)
    assert any(remark in caution for caution in answer.cautions)


def test_an_answer_without_a_dose_stays_as_it_is() -> None:
    answer = _answer(KETOROLAC, text="ketorolac")
    assert counted(answer, "ketorolac") is answer


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("HCPCS for albuterol neb 2.5 mg", "albuterol neb 2.5 mg"),
        ("how many units of bevacizumab 400 mg?", "bevacizumab 400 mg"),
        ("J code for Toradol 30 mg", "Toradol 30 mg"),
        ("toradol 30 mg IM units", "toradol 30 mg IM units"),
        ("J1885 30 mg IM", "J1885 30 mg IM"),
    ],
)
def test_the_order_is_what_is_left_of_the_question(text: str, order: str) -> None:
    asked = read(text)
    assert asked is not None
    assert (asked.request, asked.subject) == (Request.UNITS, order)


@pytest.mark.parametrize("text", ["insulin 10 units", "knee pain after 30 mg toradol", "E11.9"])
def test_a_dose_in_a_phrase_is_no_order(text: str) -> None:
    asked = read(text)
    assert asked is None or asked.request is not Request.UNITS


@pytest.mark.official
def test_most_drug_descriptors_have_a_billing_unit(hcpcs_library: Library) -> None:
    drugs = [code for code in hcpcs_library.valid_codes() if code.code.startswith("J")]
    read_units = [code for code in drugs if billing_unit(code.title) is not None]
    assert len(read_units) > 0.8 * len(drugs)
