"""Installed indexes as passages: references followed, codes current, ids stable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slices import LightEmbedder, Slice

from codesets.installing import install
from codesets.releases import ReleaseStore
from retrieval.errors import IndexMismatchError
from retrieval.index import VectorIndex
from retrieval.indexed import index_passages, index_sources, installed_indexes
from retrieval.passages import PassageKind
from retrieval.search import Searcher
from retrieval.wordings import Wording, running, wording_of

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from codesets.library import Library
    from retrieval.passages import Passage

INDEX = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index>
  <version>2025</version>
  <title>ICD-10-CM INDEX TO DISEASES and INJURIES</title>
  <letter><title>A</title>
    <mainTerm><title>Bright's disease</title><see>Nephritis</see></mainTerm>
    <mainTerm><title>Failure, failed</title>
      <term level="1"><title>kidney<nemod>(renal)</nemod></title><code>N19</code>
        <term level="2"><title>acute</title><code>N17.9-</code></term>
      </term>
    </mainTerm>
    <mainTerm><title>Hypertension, hypertensive<nemod>(benign) (essential)</nemod></title>
      <code>I10</code>
      <term level="1"><title>malignant</title><see>Hypertension</see></term>
      <term level="1"><title>odd</title><see>condition</see></term>
      <term level="1"><title>lost</title><see>Nowhere, at all</see></term>
    </mainTerm>
    <mainTerm><title>Nephritis</title><see>Failure, kidney, acute</see></mainTerm>
    <mainTerm><title>Obesity</title><code>E66.8</code></mainTerm>
    <mainTerm><title>Wen, kidney</title><see>Neoplasm, kidney, benign</see></mainTerm>
  </letter>
</ICD10CM.index>
"""
NEOPLASMS = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index>
  <version>2026</version><title>ICD-10-CM TABLE of NEOPLASMS</title>
  <indexHeading>
    <head col="1">Neoplasm</head><head col="2">Malignant Primary</head>
    <head col="3">Malignant Secondary</head><head col="4">Ca in situ</head>
    <head col="5">Benign</head><head col="6">Uncertain Behavior</head>
    <head col="7">Unspecified Behavior</head>
  </indexHeading>
  <letter><title>N</title>
    <mainTerm><title>Neoplasm, neoplastic</title>
      <cell col="2">C80.1</cell><cell col="3">C79.9</cell><cell col="4">D09.9</cell>
      <cell col="5">D36.9</cell><cell col="6">D48.9</cell><cell col="7">D49.9</cell>
      <term level="1"><title>kidney<nemod>(parenchymal)</nemod></title>
        <cell col="2">C64.-</cell><cell col="3">C79.0-</cell><cell col="4">D09.19</cell>
        <cell col="5">D30.0-</cell><cell col="6">D41.0-</cell><cell col="7">D49.51-</cell>
      </term>
    </mainTerm>
  </letter>
</ICD10CM.index>
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("installed")
    inbox = tmp_path_factory.mktemp("inbox")
    (inbox / "icd10cm-index-2025.xml").write_text(INDEX)
    (inbox / "icd10cm-neoplasm-April-1-2026.xml").write_text(NEOPLASMS)
    for report in install([inbox], ReleaseStore(home)):
        assert report.outcome == "installed", report
    return home


@pytest.fixture(scope="module")
def found(installed: Path, library: Library) -> dict[str, Passage]:
    made = list(index_passages(library, installed_indexes(installed, library)))
    by_id = {passage.id: passage for passage in made}
    assert len(by_id) == len(made)
    return by_id


@pytest.mark.parametrize(
    ("identifier", "code", "text"),
    [
        ("hypertension-hypertensive", "I10", "Hypertension, hypertensive (benign) (essential)"),
        ("failure-failed/kidney/acute", "N17.9", "Failure, failed > kidney > acute"),
        # references, one after the other
        ("hypertension-hypertensive/malignant", "I10", "Hypertension, hypertensive > malignant"),
        ("nephritis", "N17.9", "Nephritis"),
        ("bright-s-disease", "N17.9", "Bright's disease"),
        ("wen-kidney", "D30.0", "Wen, kidney"),
        # valid no longer: what the release has below it
        ("obesity", "E66.8", "Obesity"),
    ],
)
def test_a_term_leads_to_a_code_of_the_release(
    found: dict[str, Passage], identifier: str, code: str, text: str
) -> None:
    passage = found[f"icd10cm:index-FY2025:{identifier}"]
    assert (passage.code, passage.text, passage.kind) == (code, text, PassageKind.INDEX)
    assert (passage.release, passage.source) == ("FY2025", "ICD-10-CM Alphabetic Index, FY2025")


@pytest.mark.parametrize("identifier", ["odd", "lost"])
def test_a_reference_to_no_entry_makes_no_passage(
    found: dict[str, Passage], identifier: str
) -> None:
    assert f"icd10cm:index-FY2025:hypertension-hypertensive/{identifier}" not in found


@pytest.mark.parametrize(
    ("column", "code", "spoken"),
    [
        ("malignant-primary", "C64", "malignant neoplasm of kidney"),
        ("malignant-secondary", "C79.0", "secondary malignant neoplasm of kidney"),
        ("benign", "D30.0", "benign neoplasm of kidney"),
        ("in-situ", "D09.19", "carcinoma in situ of kidney"),
    ],
)
def test_a_site_has_a_passage_for_each_column(
    found: dict[str, Passage], column: str, code: str, spoken: str
) -> None:
    passage = found[f"icd10cm:neoplasms-FY2026-04:neoplasm-neoplastic/kidney:{column}"]
    assert (passage.code, wording_of(passage).spoken) == (code, spoken)
    assert "parenchymal" in wording_of(passage).allowed


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (["Failure", "heart", "congestive"], "congestive heart Failure"),
        (["Diabetes", "type 2", "with", "ulcer", "foot"], "type 2 Diabetes with foot ulcer"),
        (["Pneumonia", "due to", "Klebsiella"], "Pneumonia due to Klebsiella"),
        (["Abscess", "in diseases", "skin"], "Abscess in skin diseases"),
        (["Abasia"], "Abasia"),
    ],
)
def test_a_path_in_running_words(steps: list[str], words: str) -> None:
    assert running(steps) == words


def test_nonessential_modifiers_are_allowed_and_not_asked(found: dict[str, Passage]) -> None:
    wording = wording_of(found["icd10cm:index-FY2025:hypertension-hypertensive"])
    assert wording == Wording("Hypertension", "Hypertension", "benign essential hypertensive")


def test_installing_an_index_rebuilds_with_only_its_texts_embedded(
    tmp_path: Path, installed: Path, library: Library
) -> None:
    small: Any = Slice(library, ("I10", "N17", "N19"))
    embedder = LightEmbedder()
    before = VectorIndex.build(tmp_path, small, embedder)
    assert before.manifest.sources == {}
    (tmp_path / "codesets").symlink_to(installed / "codesets")
    with pytest.raises(IndexMismatchError, match="codecite index build"):
        VectorIndex.open(tmp_path, small, embedder)
    embedder.embedded.clear()
    after = VectorIndex.build(tmp_path, small, embedder)
    files = installed_indexes(tmp_path, small)
    assert after.manifest.sources == index_sources(files)
    assert "Bright's disease" in embedder.embedded
    assert "Acute kidney failure, unspecified" not in embedder.embedded
    searcher = Searcher.open(small, after, embedder)
    best = searcher.search("Bright's disease")[0]
    assert best.resolved == "N17.9"
    assert best.matches[0].passage.id == "icd10cm:index-FY2025:bright-s-disease"
