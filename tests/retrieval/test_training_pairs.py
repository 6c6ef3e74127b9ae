from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from retrieval.training.pairs import OfficialFiles, PairSource, official_pairs
from retrieval.training.phrasing import printed, steps_of, worded

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.training.pairs import Pair


@pytest.mark.parametrize(
    ("path", "modifiers", "wording"),
    [
        (("Abasia",), (), "Abasia"),
        (("Neutropenia, neutropenic", "cyclic"), (), "cyclic Neutropenia"),
        (("Fracture, traumatic", "radius", "lower end"), (), "lower end radius traumatic Fracture"),
        (("Pneumonia", "in", "Herellea"), (), "Pneumonia in Herellea"),
        (("Varix", "with", "rupture"), (), "Varix with rupture"),
        (("Herniation", "inguinal NEC"), (), "inguinal Herniation"),
        (("Periodontitis",), ("chronic", "simplex"), "chronic Periodontitis"),
        (("Shifting sleep-work schedule",), ("affecting sleep",), "Shifting sleep-work schedule"),
        (("Sclerosis, sclerotic", "Alzheimer's"), ("senile",), "Alzheimer's Sclerosis"),
        (("NEC",), (), ""),
    ],
)
def test_an_index_path_in_running_words(
    path: tuple[str, ...], modifiers: tuple[str, ...], wording: str
) -> None:
    assert worded(path, modifiers) == wording


def test_an_index_path_as_printed_has_no_editing_marks() -> None:
    assert printed(("Disorder", "nerve", "third NEC", "NOS")) == "Disorder, nerve, third"
    assert steps_of("Disease, Alzheimer's") == ("disease", "alzheimer's")


TABULAR = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular>
  <version>2026</version>
  <chapter><name>1</name><desc>Everything (A00-Z99)</desc>
    <section id="A00-Z99"><desc>All (A00-Z99)</desc>
      {diagnoses}
    </section>
  </chapter>
</ICD10CM.tabular>
"""
TITLES = {
    "C34": "Malignant neoplasm of bronchus and lung",
    "D02": "Carcinoma in situ of middle ear and respiratory system",
    "F00": "Dementia in Alzheimer's disease",
    "G30": "Alzheimer's disease",
    "J44": "Other chronic obstructive pulmonary disease",
    "T46": "Poisoning by agents affecting the cardiovascular system",
    "W10": "Fall on and from stairs and steps",
}
INDEX = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index>
  <version>2026</version><title>{title}</title>
  <letter><title>A</title>{terms}</letter>
</ICD10CM.index>
"""
DISEASES = """
<mainTerm><title>Disease, diseased</title>
  <term level="1"><title>Alzheimer's NEC</title><code>G30.-</code></term>
  <term level="1"><title>lung</title>
    <term level="2"><title>chronic obstructive</title><code>J44</code></term>
    <term level="2"><title>nowhere</title><code>Q99</code></term>
  </term>
</mainTerm>
<mainTerm><title>Sclerosis, sclerotic</title>
  <term level="1"><title>Alzheimer's</title><see>Disease, Alzheimer's</see></term>
  <term level="1"><title>lung</title><see>Disease</see></term>
</mainTerm>
"""
FALLS = """
<mainTerm><title>Fall, falling</title>
  <term level="1"><title>from, off</title>
    <term level="2"><title>stairs</title><code>W10.-</code></term>
  </term>
</mainTerm>
"""
TABLE = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index>
  <version>2026</version><indexHeading>{heads}</indexHeading>
  <letter><title>A</title>{terms}</letter>
</ICD10CM.index>
"""
SITE_HEADS = (
    "Neoplasm", "Malignant Primary", "Malignant Secondary", "Ca in situ", "Benign",
    "Uncertain Behavior", "Unspecified Behavior",
)  # fmt: skip
DRUG_HEADS = (
    "Substance", "Poisoning Accidental (unintentional)", "Poisoning Intentional self-harm",
    "Poisoning Assault", "Poisoning Undetermined", "Adverse effect", "Underdosing",
)  # fmt: skip
SITES = """
<mainTerm><title>Neoplasm, neoplastic</title>
  <term level="1"><title>lung</title><cell col="2">C34.-</cell><cell col="4">D02</cell></term>
</mainTerm>
"""
DRUGS = """
<mainTerm><title>Digoxin</title><cell col="2">T46</cell><cell col="6">T46</cell></mainTerm>
<mainTerm><title>Digitoxin</title><cell col="2">T46</cell><cell col="6">T46</cell></mainTerm>
<mainTerm><title>Unlisted</title><cell col="2">T99</cell></mainTerm>
"""


def _table(heads: tuple[str, ...], terms: str) -> str:
    cells = "".join(f'<head col="{n}">{head}</head>' for n, head in enumerate(heads, start=1))
    return TABLE.format(heads=cells, terms=terms)


def _diagnosis(code: str, title: str) -> str:
    term = "Chronic obstructive pulmonary disease with smoking" if code == "J44" else title
    notes = f"<inclusionTerm><note>{term}</note></inclusionTerm>"
    return f"<diag><name>{code}</name><desc>{title}</desc>{notes}</diag>"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> OfficialFiles:
    folder = tmp_path_factory.mktemp("official")

    def write(name: str, text: str) -> Path:
        path = folder / name
        path.write_text(text, encoding="utf-8")
        return path

    diagnoses = "".join(_diagnosis(*item) for item in TITLES.items())
    return OfficialFiles(
        write("tabular.xml", TABULAR.format(diagnoses=diagnoses)),
        write("index.xml", INDEX.format(title="INDEX TO DISEASES", terms=DISEASES)),
        write("external.xml", INDEX.format(title="EXTERNAL CAUSE INDEX", terms=FALLS)),
        write("neoplasms.xml", _table(SITE_HEADS, SITES)),
        write("drugs.xml", _table(DRUG_HEADS, DRUGS)),
    )


@pytest.fixture(scope="module")
def pairs(files: OfficialFiles) -> list[Pair]:
    return official_pairs(files)


@pytest.mark.parametrize(
    ("source", "code", "wordings"),
    [
        ("inclusion-term", "J44", ("Chronic obstructive pulmonary disease with smoking",
                                   "COPD with smoking")),
        ("index", "G30", ("Disease, diseased, Alzheimer's",)),
        ("index", "J44", ("Disease, diseased, lung, chronic obstructive",
                          "chronic obstructive lung Disease")),
        ("index", "G30", ("Sclerosis, sclerotic, Alzheimer's", "Alzheimer's Sclerosis")),
        ("external-cause", "W10", ("Fall, falling, from, off, stairs", "Fall from, off stairs")),
        ("neoplasm", "C34", ("lung cancer", "malignant neoplasm of lung")),
        ("neoplasm", "D02", ("lung carcinoma in situ", "in situ neoplasm of lung")),
        ("drug", "T46", ("Digoxin poisoning", "accidental overdose of Digoxin")),
        ("drug", "T46", ("adverse effect of Digitoxin",
                         "reaction to Digitoxin, correctly taken")),
    ],
)  # fmt: skip
def test_each_official_file_gives_its_pairs(
    pairs: list[Pair], source: str, code: str, wordings: tuple[str, ...]
) -> None:
    found = [pair for pair in pairs if pair.wordings[: len(wordings)] == wordings]
    assert [(pair.source, pair.code, pair.title) for pair in found] == [
        (PairSource(source), code, TITLES[code])
    ]


def test_nothing_else_is_a_pair(pairs: list[Pair]) -> None:
    """No code that the Tabular lacks, no ``see`` that names no coded path, no title as itself."""
    assert len(pairs) == 9
    assert all(pair.title.casefold() not in map(str.casefold, pair.wordings) for pair in pairs)


def test_from_official_files_to_an_embedder(files: OfficialFiles, tmp_path: Path) -> None:
    from retrieval.embedding import PACKAGED_SHA256, Embedder
    from retrieval.training.finetune import Settings, run, save

    dev = tmp_path / "dev"
    dev.mkdir()
    row = {"id": "1", "text": "smoker's lung", "codes": ["J44"], "tabular_overlap": "none"}
    for name in ("eicu_dx", "doid_agree", "mondo_names"):
        (dev / f"{name}.jsonl").write_text(json.dumps(row) + "\n")
    said: list[str] = []
    tensors, card = run(files, dev, Settings(steps=50, batch=4, cluster=2), said.append)
    save(tensors, tmp_path / "small", card)
    embedder = Embedder(tmp_path / "small")
    assert embedder.name == "small"
    assert embedder.dimension == 384
    assert np.linalg.norm(embedder.embed_query("lung cancer")) == pytest.approx(1, abs=1e-5)
    assert card["base_sha256"] == PACKAGED_SHA256
    assert card["pairs"] == 9
    assert len(card["data"]) == 5
    assert len(card["losses"]) == 1
    assert set(card["hit_at_1_and_10"]["tuned"]) == {
        "eicu_dx",
        "doid_agree without overlap",
        "mondo_names without overlap",
    }
    assert "step 50 of 50" in " ".join(said)
