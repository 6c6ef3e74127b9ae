"""The reader of code addenda, and a release made from the one before by them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from codesets import packaged
from codesets.draft import Draft
from codesets.errors import FormatError
from codesets.formats.addenda import Addenda, Revision, read_addenda
from codesets.formats.tabular import read_tabular
from codesets.models import Level
from codesets.update import apply_addenda

if TYPE_CHECKING:
    from pathlib import Path

    from codesets.library import Library

DAY = date(2030, 10, 1)
TEXT = """\
Add:         C7831   Secondary malignant neoplasm of larynx
Delete:      D691    Qualitative platelet defects
Add:         D6911   Glanzmann thrombasthenia
Revise from: Z2914   Encounter for immune globin
Revise to:   Z2914   Encounter for immune globulin

Codes
  74719 codes in icd10cm_order_2026.txt
  74720 codes in icd10cm_order_2027.txt
      2 additions
      1 deletion
      1 revisions
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "addenda.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_official_text_is_read(tmp_path: Path) -> None:
    assert read_addenda(write(tmp_path, TEXT)) == Addenda(
        added={
            "C78.31": "Secondary malignant neoplasm of larynx",
            "D69.11": "Glanzmann thrombasthenia",
        },
        deleted={"D69.1": "Qualitative platelet defects"},
        revised={
            "Z29.14": Revision("Encounter for immune globin", "Encounter for immune globulin")
        },
        codes_before=74_719,
        codes_after=74_720,
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "expected"),
    [
        ("      2 additions", "      3 additions", 12, "2 additions counted at the end, not 3"),
        ("      1 deletion", "      1 addition", 12, "2 additions counted at the end, not 1"),
        ("  74720 codes", "  74721 codes", 12, "74719 codes and the changes to make 74721"),
        (
            "  74719 codes in icd10cm_order_2026.txt\n",
            "",
            11,
            "the number of codes before and after",
        ),
        ("Revise to:   Z2914", "Revise to:   Z2915", 5, "Revise to: Z29.14, not Z29.15"),
        ("Revise to:   Z2914   Encounter for immune globulin\n", "", 11, "a Revise to: at the end"),
        ("Delete:      D691 ", "Delete:      C7831 ", 2, "one change for C78.31"),
        ("Add:         D6911", "Append:      D6911", 3, "Add:, Delete:, Revise from:"),
        ("Add:         D6911   Glanzmann thrombasthenia", "Add:         D6911", 3, "Add:"),
        ("Delete:      D691 ", "Delete:      d691 ", 2, "Add:, Delete:"),
    ],
)
def test_departures_are_named_with_their_line(
    tmp_path: Path, old: str, new: str, line: int, expected: str
) -> None:
    assert old in TEXT
    with pytest.raises(FormatError) as error:
        read_addenda(write(tmp_path, TEXT.replace(old, new)))
    assert error.value.line == line
    assert expected in error.value.expected


@pytest.mark.official
def test_our_facts_are_the_official_ones(official: Path) -> None:
    read = read_addenda(official / "icd10cm_codes_addenda_2027.txt")
    ours = packaged.read_packaged_addenda(packaged.addenda_path()).addenda
    assert (len(read.added), len(read.deleted), len(read.revised)) == (190, 30, 4)
    assert ours.added == read.added
    assert ours.deleted == read.deleted
    assert ours.revised == read.revised
    assert (ours.codes_before, ours.codes_after) == (74_719, 74_879)
    assert (read.codes_before, read.codes_after) == (74_719, 74_879)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[add]", "[added]"),
        ("codes_after = 74879", "codes_after = 74880"),
        ('base = "FY2026-04"', "base = "),
        ('"D69.11" = ', '"D69.1X" = "a"\n"D69.11" = '),
    ],
)
def test_a_damaged_data_file_is_refused(tmp_path: Path, old: str, new: str) -> None:
    text = packaged.addenda_path().read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "facts.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FormatError):
        packaged.read_packaged_addenda(path)


SMALL = """<ICD10CM.tabular><version>1</version><chapter><name>1</name><desc>One (A00-B99)</desc>
<section id="A00-A09"><desc>Block (A00-A09)</desc>
<diag><name>A00</name><desc>Ache</desc><diag><name>A00.1</name><desc>Ache of hand</desc>
<inclusionTerm><note>Hand pain</note></inclusionTerm></diag>
<diag><name>A00.2</name><desc>Ache of foot</desc></diag></diag></section>
<section id="B00-B09"><desc>Block (B00-B09)</desc>
<diag><name>B00</name><desc>Burn</desc>
<sevenChrDef><extension char="A">first</extension><extension char="S">late</extension></sevenChrDef>
<diag><name>B00.1</name><desc>Burn of hand</desc></diag></diag></section></chapter>
</ICD10CM.tabular>"""


def small(folder: Path) -> Draft:
    path = folder / "tabular.xml"
    path.write_text(SMALL, encoding="utf-8")
    return Draft.from_tabular(read_tabular(path), "FY2030")


def change(draft: Draft, **changes: object) -> None:
    added, deleted = changes.get("added", {}), changes.get("deleted", {})
    after = 4 + len(added) - len(deleted)  # type: ignore[arg-type]  # both are mappings
    values = {"added": {}, "deleted": {}, "revised": {}, "codes_before": 4, "codes_after": after}
    apply_addenda(draft, Addenda(**{**values, **changes}), "FY2031", DAY, "test")  # type: ignore[arg-type]  # as the tests below name them


def valid(draft: Draft) -> list[str]:
    return [record.code for record in draft.walk() if record.valid]


def test_a_divided_code_stays_as_the_parent_of_its_parts(tmp_path: Path) -> None:
    draft = small(tmp_path)
    change(
        draft,
        added={"A00.11": "Ache of right hand", "A00.12": "Ache of left hand"},
        deleted={"A00.1": "Ache of hand"},
    )
    assert valid(draft) == ["A00.11", "A00.12", "A00.2", "B00.1XXA", "B00.1XXS"]
    parent = draft.records["A00.1"]
    assert (parent.valid, parent.level) == (False, Level.SUBCATEGORY)
    assert parent.effective_to == date(2030, 9, 30)
    assert parent.text_release == "FY2030"
    assert draft.records["A00.11"].effective_from == DAY
    assert draft.replacements["A00.1"] == ("A00.11", "A00.12")
    assert not draft.retired


def test_a_deleted_code_without_parts_is_retired(tmp_path: Path) -> None:
    draft = small(tmp_path)
    change(
        draft,
        deleted={"B00.1XXA": "Burn of hand, first", "B00.1XXS": "Burn of hand, late"},
        replacements={"B00.1XXA": ("A00.1",)},
    )
    assert valid(draft) == ["A00.1", "A00.2"]
    assert [record.code for record in draft.retired] == ["B00.1XXA", "B00.1XXS", "B00.1", "B00"]
    assert draft.replacements == {"B00.1XXA": ("A00.1",), "B00.1XXS": ()}


def test_seventh_characters_are_only_those_added(tmp_path: Path) -> None:
    draft = small(tmp_path)
    change(draft, added={"B00.21XA": "Burn of left foot, first"})
    stem = draft.records["B00.21"]
    assert [child.code for child in stem.children] == ["B00.21XA"]
    assert stem.children[0].extension
    assert (stem.title, stem.derived, stem.text_release) == (
        "Burn of left foot, first",
        True,
        "FY2031",
    )
    assert draft.records["B00.2"].parent is draft.records["B00"]


@pytest.mark.parametrize(
    ("code", "section"),
    [("A0A", "A00-A09"), ("A01", "A00-A09"), ("B0A", "B00-B09"), ("BA0", "B00-B09")],
)
def test_a_new_category_joins_the_block_before_it(tmp_path: Path, code: str, section: str) -> None:
    draft = small(tmp_path)
    change(draft, added={f"{code}.1": "New condition"})
    parent = draft.records[code].parent
    assert parent is not None
    assert parent.code == section
    assert draft.records[code].title == "New condition"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"added": {"A00.1": "Again"}}, "a new code, not A00.1"),
        ({"deleted": {"A00.3": "Unknown"}}, "A00.3 to be a valid code"),
        ({"deleted": {"A00": "Ache"}}, "A00 to be a valid code"),
        ({"deleted": {"A00.1": "Altered title"}}, "A00.1 with the title 'Ache of hand'"),
        ({"revised": {"A00.1": Revision("Wrong", "New")}}, "A00.1 with the title"),
        ({"added": {"A00.11": "Part"}}, "A00.1 deleted, for A00.11 is under it"),
        ({"codes_before": 5}, "5 valid codes, not 4"),
        ({"codes_after": 5}, "5 valid codes, not 4"),
        ({"moved_terms": (("A00.1", "Foot pain"),)}, "an inclusion term 'Foot pain' at A00.1"),
        (
            {"deleted": {"A00.1": "Ache of hand"}, "replacements": {"A00.1": ("A00.9",)}},
            "a valid code in place of A00.1, not A00.9",
        ),
    ],
)
def test_addenda_that_do_not_fit_are_refused(
    tmp_path: Path, changes: dict[str, object], expected: str
) -> None:
    with pytest.raises(FormatError) as error:
        change(small(tmp_path), **changes)
    assert expected in error.value.expected


def test_terms_that_moved_and_titles_that_changed(tmp_path: Path) -> None:
    draft = small(tmp_path)
    change(
        draft,
        revised={"A00.1": Revision("Ache of hand", "Ache of hand or wrist")},
        moved_terms=(("A00.1", "Hand pain"),),
    )
    record = draft.records["A00.1"]
    assert (record.title, record.text_release) == ("Ache of hand or wrist", "FY2031")
    assert record.notes == []


def test_every_new_parent_of_fy2027_is_marked_and_named(library: Library) -> None:
    derived = {code.code: code for code in library.nodes() if code.derived}
    assert len(derived) == library.counts()["derived"] == 48
    assert all(not code.valid and code.text_release == "FY2027" for code in derived.values())
    titles = {code: derived[code].title for code in ("J34.83", "K6A.0", "O00.12", "O31.4", "QA1")}
    assert titles == {
        "J34.83": "Odontogenic sinusitis",
        "K6A.0": "Pelvic abscess",
        "O00.12": "Interstitial ectopic pregnancy without intrauterine pregnancy",
        "O31.4": "Continuing pregnancy after vanishing twin syndrome of one fetus or more",
        "QA1": "Inherited neoplasm predisposition syndromes",
    }


def test_terms_with_a_code_of_their_own_leave_the_old_record(
    library: Library, library_fy2026: Library
) -> None:
    for code, term in (
        ("M72.2", "Plantar fasciitis"),
        ("O00.8", "Cervical pregnancy"),
        ("O00.8", "Cornual pregnancy"),
        ("Z77.39", "Agent Orange exposure"),
    ):
        assert term in library_fy2026.inclusion_terms(code)
        assert term not in library.inclusion_terms(code)
    assert "Mural pregnancy" in library.inclusion_terms("O00.8")
