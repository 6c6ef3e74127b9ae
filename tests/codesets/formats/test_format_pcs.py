"""ICD-10-PCS: tables that build and explain codes, definitions, the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codesets.errors import AxisError, FormatError, NotationError
from codesets.formats.pcs import PcsTables, read_tables
from codesets.formats.pcs_definitions import (
    PcsDefinitions,
    read_aggregations,
    read_definitions,
)
from codesets.formats.pcs_index import PcsReference, read_pcs_index

if TYPE_CHECKING:
    from pathlib import Path


def _axis(position: int, title: str, *labels: str, definition: str = "") -> str:
    values = "".join(f'<label code="{text[0]}">{text[2:]}</label>' for text in labels)
    meaning = f"<definition>{definition}</definition>" if definition else ""
    return (
        f'<axis pos="{position}" values="{len(labels)}"><title>{title}</title>'
        f"{values}{meaning}</axis>\n"
    )


HEAD = (
    _axis(1, "Section", "0 Medical and Surgical")
    + _axis(2, "Body System", "D Gastrointestinal System")
    + _axis(3, "Operation", "T Resection", definition="Cutting out all of a body part")
)
# Two rows: the approach Open goes with both body parts, Percutaneous with Appendix only.
ROWS = (
    '<pcsRow codes="2">'
    + _axis(4, "Body Part", "J Appendix")
    + _axis(5, "Approach", "0 Open", "3 Percutaneous")
    + _axis(6, "Device", "Z No Device")
    + _axis(7, "Qualifier", "Z No Qualifier")
    + '</pcsRow><pcsRow codes="1">'
    + _axis(4, "Body Part", "P Rectum")
    + _axis(5, "Approach", "0 Open")
    + _axis(6, "Device", "Z No Device")
    + _axis(7, "Qualifier", "Z No Qualifier")
    + "</pcsRow>"
)
TABLES = (
    f"<ICD10PCS.tabular><version>2027</version><title>T</title>\n<pcsTable>\n{HEAD}{ROWS}"
    "</pcsTable></ICD10PCS.tabular>"
)
DEFINITIONS = """<ICD10PCS.definitions><version>2027</version><title>D</title>
<section code="0"><title>Medical and Surgical</title>
<axis pos="4"><title>Body Part</title>
<terms><title>Appendix</title><title>Cecum</title><includes>Vermiform appendix</includes></terms>
</axis><axis pos="3"><title>Operation</title>
<terms><title>Resection</title><definition>All of it</definition>
<explanation>Not some of it</explanation></terms></axis></section>
<deviceAggregation><aggregate><device>Lead</device><operation>Insertion</operation>
<bodySys>Heart</bodySys><bodySys>Veins</bodySys><parent value="M">Any Lead</parent></aggregate>
</deviceAggregation></ICD10PCS.definitions>"""
INDEX = """<ICD10PCS.index><version>2027</version><title>I</title><letter><title>A</title>
<mainTerm><title>Abdominoplasty</title>
<term level="1"><see>Alteration, Wall<codes>0W0F</codes></see></term>
<term level="1"><see>Repair<tab>0WQ</tab></see></term>
<term level="1"><code>02JY4ZZ</code></term>
<term level="1"><title>by laser</title><use>Light</use></term></mainTerm>
<mainTerm><title>Appendectomy</title><code>0DTJ4ZZ</code></mainTerm></letter></ICD10PCS.index>"""


@pytest.fixture
def tables(tmp_path: Path) -> PcsTables:
    path = tmp_path / "tables.xml"
    path.write_text(TABLES)
    return PcsTables(read_tables(path))


def test_expand_gives_each_rows_combinations(tables: PcsTables) -> None:
    assert list(tables.codes()) == ["0DTJ0ZZ", "0DTJ3ZZ", "0DTP0ZZ"]
    assert [table.prefix for table in tables] == ["0DT"]


@pytest.mark.parametrize(
    ("prefix", "title", "characters"),
    [
        ("", "Section", "0"),
        ("0D", "Operation", "T"),
        ("0DT", "Body Part", "JP"),
        ("0dtj", "Approach", "03"),
        ("0DTP", "Approach", "0"),
        ("0DTJ3Z", "Qualifier", "Z"),
    ],
)
def test_options_follow_the_rows(
    tables: PcsTables, prefix: str, title: str, characters: str
) -> None:
    axis = tables.options(prefix)
    assert (axis.title, "".join(v.character for v in axis.values)) == (title, characters)


def test_build_takes_labels_and_characters(tables: PcsTables) -> None:
    assert tables.build("0DT", "appendix", "Percutaneous", "Z", "no qualifier") == "0DTJ3ZZ"
    assert tables.build("0DTP0ZZ") == "0DTP0ZZ"


@pytest.mark.parametrize(
    ("code", "position", "axis", "allowed"),
    [
        ("1DTJ0ZZ", 1, "Section", ("0 Medical and Surgical",)),
        ("0FTJ0ZZ", 2, "Body System", ("D Gastrointestinal System",)),
        ("0DBJ0ZZ", 3, "Operation", ("T Resection",)),
        ("0DTX0ZZ", 4, "Body Part", ("J Appendix", "P Rectum")),
        ("0DTJ4ZZ", 5, "Approach", ("0 Open", "3 Percutaneous")),
        # Percutaneous exists in the table, but not in the row of this body part.
        ("0DTP3ZZ", 5, "Approach", ("0 Open",)),
        ("0DTJ0DZ", 6, "Device", ("Z No Device",)),
        ("0DTJ0ZX", 7, "Qualifier", ("Z No Qualifier",)),
    ],
)
def test_a_wrong_character_names_its_axis(
    tables: PcsTables, code: str, position: int, axis: str, allowed: tuple[str, ...]
) -> None:
    for refuse in (tables.explain, tables.build):
        with pytest.raises(AxisError) as caught:
            refuse(code)
        found = caught.value
        assert (found.position, found.axis, found.allowed) == (position, axis, allowed)
        assert axis in str(found)
    assert not tables.is_valid(code)


@pytest.mark.parametrize("text", ["0DTJ0Z", "0DTJ0ZZZ", "0ITJ0ZZ", "0OTJ0ZZ", "0DT-0ZZ", ""])
def test_what_cannot_be_a_code_is_refused(tables: PcsTables, text: str) -> None:
    with pytest.raises(NotationError):
        tables.build(text)
    with pytest.raises(NotationError):
        tables.explain(text)


def test_explain_joins_labels_and_definitions(tables: PcsTables, tmp_path: Path) -> None:
    path = tmp_path / "definitions.xml"
    path.write_text(DEFINITIONS)
    choices = tables.explain("0DTJ3ZZ", PcsDefinitions(read_definitions(path)))
    assert [(c.axis, c.character, c.label) for c in choices[2:5]] == [
        ("Operation", "T", "Resection"),
        ("Body Part", "J", "Appendix"),
        ("Approach", "3", "Percutaneous"),
    ]
    assert choices[2].definition == "Cutting out all of a body part"
    assert choices[2].explanation == "Not some of it"
    assert choices[3].includes == ("Vermiform appendix",)
    (aggregation,) = read_aggregations(path)
    assert aggregation.body_systems == ("Heart", "Veins")
    assert (aggregation.parent_value, aggregation.parent) == ("M", "Any Lead")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('codes="2"', 'codes="3"', "3 codes in this row, found 2"),
        ('pos="5" values="2"', 'pos="5" values="1"', "1 labels on this axis, found 2"),
        ('pos="7"', 'pos="8"', "an axis position 1 to 7"),
        ('<label code="J">', '<label code="I">', "one ICD-10-PCS character, found 'I'"),
        ('<label code="J">', "<label>", "attribute code"),
        ("pcsTable>", "table>", "found <table>"),
        ("</pcsTable></ICD10PCS.tabular>", "", "well-formed XML"),
        ("ICD10PCS.tabular>", "ICD10CM.tabular>", "as the root element"),
    ],
)
def test_altered_tables_are_refused(tmp_path: Path, old: str, new: str, expected: str) -> None:
    path = tmp_path / "tables.xml"
    path.write_text(TABLES.replace(old, new))
    with pytest.raises(FormatError) as caught:
        list(read_tables(path))
    assert expected in str(caught.value)


def test_index_folds_untitled_terms_into_their_parent(tmp_path: Path) -> None:
    path = tmp_path / "index.xml"
    path.write_text(INDEX)
    plasty, laser, appendectomy = read_pcs_index(path)
    assert plasty.see == (PcsReference("Alteration, Wall", "0W0F"), PcsReference("Repair", "0WQ"))
    assert (plasty.prefixes, plasty.code) == (("02JY4ZZ",), "02JY4ZZ")
    assert (laser.path, laser.use) == (
        ("Abdominoplasty", "by laser"),
        (PcsReference("Light", None),),
    )
    assert appendectomy.code == "0DTJ4ZZ"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("<codes>0W0F</codes>", "<codes>0W0I</codes>", "a beginning of a code in <codes>"),
        ("<code>0DTJ4ZZ</code>", "<code>0DTJ</code>", "a whole ICD-10-PCS code in <code>"),
        ('level="1"><title>by', 'level="2"><title>by', 'level="1"'),
        ("<use>Light</use>", "<seeAlso>Light</seeAlso>", "found <seeAlso>"),
    ],
)
def test_an_altered_index_is_refused(tmp_path: Path, old: str, new: str, expected: str) -> None:
    path = tmp_path / "index.xml"
    path.write_text(INDEX.replace(old, new))
    with pytest.raises(FormatError) as caught:
        list(read_pcs_index(path))
    assert expected in str(caught.value)


@pytest.mark.official
def test_official_tables(official: Path) -> None:
    tables = PcsTables(read_tables(official / "icd10pcs_tables_2026.xml"))
    assert len(tables) == 914
    codes = list(tables.codes())
    assert len(codes) == len(set(codes)) == 79115
    definitions = PcsDefinitions(read_definitions(official / "icd10pcs_definitions_2026.xml"))
    choices = tables.explain("0DTJ4ZZ", definitions)
    assert [choice.label for choice in choices] == [
        "Medical and Surgical",
        "Gastrointestinal System",
        "Resection",
        "Appendix",
        "Percutaneous Endoscopic",
        "No Device",
        "No Qualifier",
    ]
    assert "Vermiform appendix" in choices[3].includes
    assert choices[4].definition is not None
    assert tables.build("0DT", "Appendix", "Percutaneous Endoscopic", "Z", "Z") == "0DTJ4ZZ"


@pytest.mark.official
def test_official_definitions_and_index(official: Path) -> None:
    definitions = official / "icd10pcs_definitions_2026.xml"
    assert sum(1 for _ in read_definitions(definitions)) == 954
    assert sum(1 for _ in read_aggregations(definitions)) == 60
    terms = list(read_pcs_index(official / "icd10pcs_index_2025.xml"))
    assert sum(term.level == 0 for term in terms) == 3215
