"""The digest: sections by any spelling, what surrounds them, which touch a code, what is cited."""

from __future__ import annotations

import pytest

from codesets.errors import NotationError, UnknownSectionError
from codesets.guidelines import (
    Digest,
    GuidelineSetting,
    NoRule,
    cite,
    load,
)
from codesets.models import GuidelineSection
from codesets.official_guidelines import OfficialGuidelines
from codesets.section_numbers import display, normalize_number


@pytest.fixture(scope="module")
def digest() -> Digest:
    return load()


@pytest.mark.parametrize(
    ("spelling", "number"),
    [
        ("I.C.4.a", "I.C.4.a"),
        ("Section I.C.4.a.", "I.C.4.a"),
        ("1.C.4.a", "I.C.4.a"),
        ("ic4a", "I.C.4.a"),
        ("I C 4 a 6 (b) (ii)", "I.C.4.a.6.b.ii"),
        ("guideline I.C.1.a.2.(i)", "I.C.1.a.2.i"),
        ("I.C.1.g.1.c.iii", "I.C.1.g.1.c.iii"),
        ("§ I.A.15", "I.A.15"),
        ("Section II, H.", "II.H"),
        ("II.I.1", "II.I.1"),
        ("IIIC", "III.C"),
        ("4.H", "IV.H"),
        ("I.C.09.a", "I.C.9.a"),
        ("digest of I.B.14", "I.B.14"),
        ("Appendix I", "POA"),
        ("appendix I, Obstetrical conditions", "POA.obstetrical-conditions"),
        ("POA.perinatal-conditions", "POA.perinatal-conditions"),
    ],
)
def test_numbers_are_read_in_every_spelling(spelling: str, number: str) -> None:
    assert normalize_number(spelling) == number


@pytest.mark.parametrize("text", ["", "I10", "E11.9", "V.A", "I.C.4.a and b", "chapter 4", "0.A"])
def test_other_words_are_no_section_number(text: str) -> None:
    assert normalize_number(text) is None


def test_every_number_of_the_digest_normalises_to_itself(digest: Digest) -> None:
    assert [normalize_number(number) for number in digest.numbers()] == list(digest.numbers())
    assert normalize_number(display("POA.perinatal-conditions")) == "POA.perinatal-conditions"


def test_entries_are_whole(digest: Digest) -> None:
    for entry in digest:
        assert entry.fiscal_year == "FY2026"
        assert entry.title, entry.number
        assert entry.rule.endswith((".", ")")), entry.number
        assert 7 <= entry.page <= 121, entry.number


def test_rules_have_one_to_four_sentences(digest: Digest) -> None:
    long = {
        entry.number: ends
        for entry in digest
        if not 1 <= (ends := sum(word.endswith(".") for word in entry.rule.split())) <= 4
    }
    assert long == {}


def test_pages_never_run_backward(digest: Digest) -> None:
    pages = [entry.page for entry in digest]
    assert pages == sorted(pages)


@pytest.mark.parametrize(
    ("number", "words", "setting"),
    [
        ("II.H", ("as if it existed",), GuidelineSetting.INPATIENT),
        ("IV.H", ("Do not code", "highest degree of certainty"), GuidelineSetting.OUTPATIENT),
        ("I.C.9.a.2", ("I12", "N18"), GuidelineSetting.BOTH),
        ("I.C.4.a.2", ("defaults to type 2", "E11"), GuidelineSetting.BOTH),
        ("I.C.12.a.6", ("two codes",), GuidelineSetting.INPATIENT),
        ("I.C.15.n.3", ("Z37.0",), GuidelineSetting.BOTH),
        ("I.C.20.a.6", ("No external cause code",), GuidelineSetting.BOTH),
    ],
)
def test_rules_that_coders_cite(
    digest: Digest, number: str, words: tuple[str, ...], setting: GuidelineSetting
) -> None:
    entry = digest.get(number)
    assert entry.setting is setting
    for part in words:
        assert part in entry.rule


def test_parents_and_children_follow_the_numbers(digest: Digest) -> None:
    assert digest.parents("I.C.4.a.6.b.i") == (
        "I",
        "I.C",
        "I.C.4",
        "I.C.4.a",
        "I.C.4.a.6",
        "I.C.4.a.6.b",
    )
    assert digest.children("IC4a6b") == ("I.C.4.a.6.b.i", "I.C.4.a.6.b.ii")
    assert digest.children("II") == tuple(f"II.{letter}" for letter in "ABCDEFGHIJK")
    assert digest.children("I.C")[8:11] == ("I.C.9", "I.C.10", "I.C.11")
    assert digest.children("I.A.1") == ()
    assert digest.title("I.C.9.e") == "Acute myocardial infarction"


def test_a_heading_says_why_it_has_no_rule(digest: Digest) -> None:
    reasons = {heading.number: heading.reason for heading in digest.headings}
    assert reasons["I.C.3"] is NoRule.RESERVED
    assert reasons["II.E"] is NoRule.DELETED
    assert reasons["I.C.1.a"] is NoRule.HEADING
    with pytest.raises(UnknownSectionError) as caught:
        digest.get("I.C.1.a")
    assert caught.value.nearest[0] == "I.C.1.a.1"


@pytest.mark.parametrize("number", ["I.C.4.z", "II.Z", "nonsense", "I.C.99"])
def test_an_unknown_section_is_named(digest: Digest, number: str) -> None:
    with pytest.raises(UnknownSectionError, match="FY2026 guidelines have no rule"):
        digest.get(number)


@pytest.mark.parametrize(
    ("code", "inside", "outside"),
    [
        ("E11.22", {"I.C.4.a", "I.C.4.a.3", "I.C.15.g"}, {"I.C.4.a.1.a", "I.C.4.a.6", "I.C.9.a"}),
        ("i10", {"I.C.9.a.1", "I.C.9.a.8"}, {"I.C.9.a.6", "I.C.4.a"}),
        ("Z79.4", {"I.C.4.a.3", "I.C.15.i"}, {"I.C.4.a.5.a", "I.C.20"}),
        ("I21.A1", {"I.C.9.e.4", "I.C.9.e.5"}, {"I.C.9.e.2", "I.C.9.e.6"}),
        ("T38.3X6A", {"I.C.4.a.5.a", "I.C.19.e.5.c"}, {"I.C.4.a.5.b", "I.C.19.e.5.d"}),
        ("E10", {"I.C.4.a.1.a"}, {"I.C.4.a.1.b"}),
        ("Q00.0", {"I.C.17"}, {"I.C.16"}),
    ],
)
def test_sections_that_touch_a_code(
    digest: Digest, code: str, inside: set[str], outside: set[str]
) -> None:
    found = {entry.number for entry in digest.sections_for(code)}
    assert inside <= found
    assert not outside & found


def test_sections_for_a_code_come_narrowest_first_and_by_setting(digest: Digest) -> None:
    numbers = [entry.number for entry in digest.sections_for("Z34.01")]
    assert numbers.index("I.C.15.b.1") < numbers.index("I.C.21.a")
    inpatient = [e.number for e in digest.sections_for("Z34.01", GuidelineSetting.INPATIENT)]
    assert "I.C.15.b.1" not in inpatient
    assert "I.C.21.a" in inpatient
    with pytest.raises(NotationError):
        digest.sections_for("not a code")


def test_settings_split_the_digest(digest: Digest) -> None:
    inpatient = {e.number for e in digest.for_setting(GuidelineSetting.INPATIENT)}
    outpatient = {e.number for e in digest.for_setting(GuidelineSetting.OUTPATIENT)}
    assert inpatient | outpatient == {entry.number for entry in digest}
    assert "II.H" in inpatient - outpatient
    assert "IV.H" in outpatient - inpatient
    assert "I.A.15" in inpatient & outpatient


def test_the_digest_is_cited_until_the_official_text_is_there() -> None:
    text = "Invented text of an installed PDF."
    section = GuidelineSection("I.C.4.a.2", "Invented title", text, 40, 41, "FY2026")
    heading = GuidelineSection("I.C.4", "Invented heading", "", 39, 39, "FY2026")
    official = OfficialGuidelines("FY2026", "0" * 64, [section, heading])

    plain = cite("IC4a2")
    assert (plain.locator, plain.label, plain.official) == (
        "I.C.4.a.2",
        "digest of I.C.4.a.2",
        False,
    )
    assert plain.text == load().get("I.C.4.a.2").rule

    whole = cite("Section I.C.4.a.2", official)
    assert whole.label == "Official Guidelines FY2026, I.C.4.a.2, page 40"
    assert (whole.text, whole.page, whole.official) == (text, 40, True)

    # A section that this PDF lacks is still cited from the digest; a bare heading by neither.
    assert cite("II.H", official).label == "digest of II.H"
    assert cite("Appendix I", official).label == "digest of Appendix I"
    with pytest.raises(UnknownSectionError):
        cite("I.C.4", official)


def test_a_year_without_a_digest_is_an_error() -> None:
    with pytest.raises(UnknownSectionError, match="FY2019"):
        load("FY2019")
