"""The alphabetic indexes and the two tables: every feature in small, counts on the real files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codesets.errors import FormatError
from codesets.formats.index import IndexHeading, read_heading, read_index
from codesets.formats.tables import (
    DrugColumn,
    NeoplasmColumn,
    SiteMark,
    read_drugs,
    read_neoplasms,
)

if TYPE_CHECKING:
    from pathlib import Path

    from codesets.models import IndexTerm

INDEX = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index>
  <version>2027</version>
  <title>ICD-10-CM INDEX TO DISEASES and INJURIES</title>
  <letter>
    <title>A</title>
    <mainTerm>
      <title>Abrasion<nemod>(minor) (of (any) site)</nemod> NEC</title>
      <code>T14.8-</code>
      <term level="1">
        <title>eye</title>
        <code>S05.-</code>
        <manif>H42</manif>
        <term level="2"><title>left</title><see>Injury, eye</see></term>
        <term level="2"><title>left</title><code>S05.02</code></term>
      </term>
      <term level="1"><title>corneal</title><code>E10.3- [H36.-]</code></term>
    </mainTerm>
    <mainTerm>
      <title>Abuse</title>
      <seeAlso>Neglect</seeAlso><seeAlso>Harm</seeAlso>
      <seecat>T74</seecat><subcat>T75.0</subcat>
      <manif>ill-treatment</manif>
      <note>A note of the index.</note>
      <code>T74.91</code><code>QA0.01, C00-</code>
    </mainTerm>
  </letter>
</ICD10CM.index>
"""
TABLE = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index>
  <version>2027</version>
  <indexHeading>{heads}</indexHeading>
  <letter>
    <title>N</title>
    <mainTerm>
      <title>{main}</title>
      <cell col="2">{code}</cell>
      <cell col="3">T51.3X2</cell>
      <cell col="4">--</cell>
      <cell col="5">-</cell>
      <cell col="6">C79.8-</cell>
      <cell col="7">T51.3X6</cell>
      <term level="1"><title>sub<nemod>(one) (two)</nemod></title><see>Other</see></term>
    </mainTerm>
  </letter>
</ICD10CM.index>
"""
DRUG_HEADS = (
    "Substance",
    "Poisoning Accidental (unintentional)",
    "Poisoning Intentional self-harm",
    "Poisoning Assault",
    "Poisoning Undetermined",
    "Adverse effect",
    "Underdosing",
)
NEOPLASM_HEADS = (
    "Neoplasm",
    "Malignant Primary",
    "Malignant Secondary",
    "Ca in situ",
    "Benign",
    "Uncertain Behavior",
    "Unspecified Behavior",
)


def _file(folder: Path, text: str) -> Path:
    path = folder / "file.xml"
    path.write_text(text, encoding="utf-8")
    return path


def _table(heads: tuple[str, ...], main: str, code: str = "C80.1") -> str:
    cells = "".join(f'<head col="{n}">{head}</head>' for n, head in enumerate(heads, start=1))
    return TABLE.format(heads=cells, main=main, code=code)


def test_index_features(tmp_path: Path) -> None:
    path = _file(tmp_path, INDEX)
    terms = list(read_index(path))
    assert read_heading(path) == IndexHeading("2027", "ICD-10-CM INDEX TO DISEASES and INJURIES")
    assert [(term.path, term.level, term.order) for term in terms] == [
        (("Abrasion NEC",), 0, 0),
        (("Abrasion NEC", "eye"), 1, 1),
        (("Abrasion NEC", "eye", "left"), 2, 2),
        (("Abrasion NEC", "eye", "left"), 2, 3),
        (("Abrasion NEC", "corneal"), 1, 4),
        (("Abuse [ill-treatment]",), 0, 5),
    ]
    abrasion, eye, left, again, corneal, abuse = terms
    assert abrasion.modifiers == ("minor", "of (any) site")
    assert (abrasion.code, abrasion.incomplete, abrasion.line) == ("T14.8", True, 7)
    assert (eye.code, eye.incomplete, eye.manifestation) == ("S05", True, "H42")
    assert (left.see, left.code, left.incomplete) == (("Injury, eye",), None, False)
    assert (left.id, again.id) == ("abrasion-nec/eye/left", "abrasion-nec/eye/left~2")
    assert (corneal.codes, corneal.manifestations) == (("E10.3-",), ("H36.-",))
    assert corneal.manifestation == "H36"
    assert abuse.see_also == ("Neglect", "Harm")
    assert abuse.see_category == ("T74", "T75.0")
    assert abuse.codes == ("T74.91", "QA0.01", "C00-")
    assert abuse.notes == ("A note of the index.",)
    assert not abuse.incomplete


@pytest.mark.parametrize(
    ("old", "new", "line", "expected"),
    [
        ("ICD10CM.index>", "ICD10CM.tabular>", 2, "<ICD10CM.index> as the root"),
        ("<see>Injury, eye</see>", "<seen>x</seen>", 14, "found <seen>"),
        ('level="2"><title>left', 'level="3"><title>left', 14, 'level="2"'),
        (' level="1"><title>corneal', "><title>corneal", 17, "attribute level"),
        ("<code>S05.-</code>", "<code>S5.-</code>", 12, "an ICD-10-CM code, found 'S5.-'"),
        ("<title>Abuse</title>", "<title> </title>", 20, "words in the <title>"),
        ("<title>Abuse</title>", "", 19, "one <title>"),
        ("</mainTerm>\n  </letter>", "", 27, "well-formed XML"),
    ],
)
def test_index_names_the_line_that_departs(
    tmp_path: Path, old: str, new: str, line: int, expected: str
) -> None:
    changed = INDEX.replace(old, new)
    assert changed != INDEX
    with pytest.raises(FormatError) as caught:
        list(read_index(_file(tmp_path, changed)))
    assert expected in str(caught.value)
    assert caught.value.line == line


def test_an_index_without_terms_is_an_error(tmp_path: Path) -> None:
    path = _file(tmp_path, "<ICD10CM.index><version>2027</version></ICD10CM.index>")
    with pytest.raises(FormatError, match="at least one <mainTerm>"):
        list(read_index(path))
    with pytest.raises(FormatError, match="<version> and <title>"):
        read_heading(path)


def test_drug_columns(tmp_path: Path) -> None:
    main, sub = read_drugs(_file(tmp_path, _table(DRUG_HEADS, "Alcohol", "T51.3X1")))
    assert [main.code(column) for column in DrugColumn] == [
        "T51.3X1",
        "T51.3X2",
        None,
        None,
        "C79.8-",
        "T51.3X6",
    ]
    assert (sub.path, sub.modifiers, sub.see) == (("Alcohol", "sub"), ("one", "two"), ("Other",))
    assert (sub.level, sub.cells) == (1, (None,) * 6)


@pytest.mark.parametrize(
    ("title", "plain", "marks"),
    [
        ("face NEC *", "face NEC", (SiteMark.SKIN,)),
        ("ischium◊", "ischium", (SiteMark.BONE,)),
        ("bone", "bone", ()),
    ],
)
def test_neoplasm_marks(
    tmp_path: Path, title: str, plain: str, marks: tuple[SiteMark, ...]
) -> None:
    main, sub = read_neoplasms(_file(tmp_path, _table(NEOPLASM_HEADS, title)))
    assert (main.title, main.marks, sub.path) == (plain, marks, (plain, "sub"))
    assert main.code(NeoplasmColumn.MALIGNANT_PRIMARY) == "C80.1"
    assert main.code(NeoplasmColumn.IN_SITU) is None
    assert not main.is_note


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Poisoning Assault", "Poisoning Undetermined", "the columns Substance"),
        ('<cell col="3">', '<cell col="2">', "columns 2 to 7 in order"),
        ('<cell col="7">', '<cell col="8">', "columns 2 to 7 in order"),
        ("T51.3X2", "see below", "an ICD-10-CM code or a dash, found 'see below'"),
        ("<see>Other</see>", "<code>T51</code>", "found <code>"),
    ],
)
def test_tables_refuse_other_columns(tmp_path: Path, old: str, new: str, expected: str) -> None:
    changed = _table(DRUG_HEADS, "Alcohol").replace(old, new, 1)
    with pytest.raises(FormatError) as caught:
        list(read_drugs(_file(tmp_path, changed)))
    assert expected in str(caught.value)


def test_one_table_is_not_read_as_the_other(tmp_path: Path) -> None:
    path = _file(tmp_path, _table(NEOPLASM_HEADS, "abdomen"))
    with pytest.raises(FormatError, match="the columns Substance"):
        list(read_drugs(path))
    with pytest.raises(FormatError, match="<indexHeading> before the first term"):
        list(read_neoplasms(_file(tmp_path, INDEX)))


@pytest.fixture(scope="module")
def diseases(official: Path) -> list[IndexTerm]:
    return list(read_index(official / "icd10cm-index-2025.xml"))


@pytest.mark.official
def test_official_index_counts(diseases: list[IndexTerm]) -> None:
    assert sum(term.level == 0 for term in diseases) == 8100
    assert sum(term.level > 0 for term in diseases) == 72924
    assert sum(len(term.codes) for term in diseases) == 62721
    assert len({term.id for term in diseases}) == len(diseases)


@pytest.mark.official
def test_official_index_says_what_coders_look_up(diseases: list[IndexTerm]) -> None:
    terms = {term.path: term for term in diseases}
    assert terms[("Abdomen, abdominal", "acute")].code == "R10.0"
    assert terms[("Abandonment",)].see == ("Maltreatment",)
    assert terms[("Abasia",)].modifiers == ("-astasia", "hysterical")
    assert any(term.incomplete for term in diseases)


@pytest.mark.official
def test_official_external_cause_index(official: Path) -> None:
    path = official / "icd10cm-eindex-April-1-2026.xml"
    terms = list(read_index(path))
    # Titles are those of the terms, of the letters, and of the index itself.
    assert len(terms) + len({term.letter for term in terms}) + 1 == 8113
    assert read_heading(path).version == "2026"
    assert sum(bool(term.see_category) for term in terms) == 15


@pytest.mark.official
def test_official_tables(official: Path) -> None:
    drugs = list(read_drugs(official / "icd10cm-drug-April-1-2026.xml"))
    assert len(drugs) + len({term.letter for term in drugs}) == 7457
    sites = list(read_neoplasms(official / "icd10cm-neoplasm-April-1-2026.xml"))
    assert len(sites) + len({term.letter for term in sites}) == 1941
    by_path = {term.path: term for term in sites}
    abdomen = by_path[("Neoplasm, neoplastic", "abdomen, abdominal")]
    assert abdomen.cells == ("C76.2", "C79.8-", "D09.8", "D36.7", "D48.7", "D49.89")
    assert sum(term.is_note for term in sites) == 2
