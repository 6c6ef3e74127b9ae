"""Every row of the word tables leads to wording that the classification prints."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

import pytest

from codesets import abbreviations as ab
from codesets.spelling import american_word, misspellings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codesets.library import Library

_STOP = frozenset(
    ["a", "an", "and", "as", "at", "by", "due", "for", "from", "in", "of", "on", "or", "the", "to"]
)
_STOP |= {"with", "without"}
_JUDGED = {ab.Kind.CONDITION, ab.Kind.SYMPTOM, ab.Kind.STATUS}


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "is", "us")):
        return word[:-1]
    return word


def _content(text: str) -> frozenset[str]:
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’]s\b", "", text.lower()))
    return frozenset(_stem(word) for word in words) - _STOP


class Wording:
    """Lines of official wording and the codes they lead to, searched by all of their words."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self._with: dict[str, set[int]] = {}

    def add(self, text: str, code: str) -> None:
        for word in _content(text):
            self._with.setdefault(word, set()).add(len(self.codes))
        self.codes.append(code)

    def codes_for(self, text: str) -> set[str]:
        """Codes of the lines that hold every content word of ``text``."""
        lines: set[int] | None = None
        for word in _content(text):
            having = self._with.get(word, set())
            lines = having if lines is None else lines & having
        return {self.codes[line] for line in lines or ()}


def _terms(element: ET.Element, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    title = element.find("title")
    assert title is not None
    here = (*path, "".join(title.itertext()).strip())
    yield ", ".join(here), element.findtext("code") or "see"
    for child in element.findall("term"):
        yield from _terms(child, here)


@pytest.fixture(scope="module")
def tabular(library: Library) -> Wording:
    wording = Wording()
    for code in library.nodes():
        wording.add(code.title, code.code)
        for note in library.notes(code.code, inherited=False):
            if note.kind.value in ("inclusion-term", "includes"):
                wording.add(note.text, code.code)
    for code in library.valid_codes():
        wording.add(code.title, code.code)
    return wording


@pytest.fixture(scope="module")
def official_wording(tabular: Wording, official: Path) -> Wording:
    wording = Wording()
    wording.codes = list(tabular.codes)
    wording._with = {word: set(lines) for word, lines in tabular._with.items()}
    for name in ("icd10cm-index-2025.xml", "icd10cm-eindex-April-1-2026.xml"):
        for main in ET.parse(official / name).getroot().iter("mainTerm"):
            for text, code in _terms(main, ()):
                wording.add(text, code)
    return wording


def _failing(
    rows: list[tuple[str, str, str]], wording: Wording
) -> tuple[list[str], list[tuple[str, str, str]]]:
    """Rows (name, wording, category) whose words stand in no line; whose lines lead elsewhere."""
    unknown: list[str] = []
    elsewhere: list[tuple[str, str, str]] = []
    for name, text, category in rows:
        codes = wording.codes_for(text)
        if not codes:
            unknown.append(f"{name}: {text}")
        elif category and not any(code.startswith(category) for code in codes):
            elsewhere.append((name, text, category))
    return unknown, elsewhere


def _abbreviation_rows() -> list[tuple[str, str, str]]:
    return [
        (row.abbreviation, row.index_wording, row.code_hint)
        for row in ab.all_meanings()
        if row.kind in _JUDGED
    ]


def _lay_rows() -> list[tuple[str, str, str]]:
    return [
        (row.phrase, row.index_wording, row.code_hint)
        for row in ab.all_lay_terms()
        if row.kind in _JUDGED
    ]


@pytest.mark.official
@pytest.mark.parametrize("rows", [_abbreviation_rows, _lay_rows])
def test_wording_stands_in_the_index_or_the_tabular(rows, official_wording: Wording) -> None:
    listed = rows()
    unknown, elsewhere = _failing(listed, official_wording)
    assert len(unknown) + len(elsewhere) <= len(listed) // 100, (unknown, elsewhere)


@pytest.mark.parametrize("rows", [_abbreviation_rows, _lay_rows])
def test_most_wording_stands_in_the_tabular_alone(rows, tabular: Wording) -> None:
    listed = rows()
    unknown, _ = _failing(listed, tabular)
    assert len(unknown) <= len(listed) // 8, unknown


def test_category_hints_exist(library: Library) -> None:
    hints = {row.code_hint for row in ab.all_meanings()} | {
        row.code_hint for row in ab.all_lay_terms()
    }
    assert [hint for hint in sorted(hints - {""}) if library.find(hint) is None] == []


def test_lay_terms_volume_and_duplicates() -> None:
    rows = ab.all_lay_terms()
    assert len({row.phrase.casefold() for row in rows}) >= 1_000
    twice = Counter((row.phrase.casefold(), row.index_wording) for row in rows)
    assert [key for key, count in twice.items() if count > 1] == []
    # A phrase that is already official stands only to keep a shorter one from matching inside.
    phrases = {row.phrase.casefold() for row in rows}
    same = [row.phrase.casefold() for row in rows if row.phrase == row.index_wording]
    assert [p for p in same if not any(q in p for q in phrases - {p})] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("had a heart attack last May", [("heart attack", "myocardial infarction")]),
        ("two heart attacks", [("heart attacks", "myocardial infarction")]),
        ("Takes a water pill", [("water pill", "diuretic")]),
        ("Lou Gehrig’s disease", [("Lou Gehrig’s disease", "amyotrophic lateral sclerosis")]),
        ("pink-eye", [("pink-eye", "conjunctivitis")]),
        ("broken hip", [("broken hip", "fracture of femur, neck")]),
        ("He was cold. Sore throat", [("Sore throat", "acute pharyngitis")]),
        ("cold\n- sore throat", [("sore throat", "acute pharyngitis")]),
        ("a heart\nattack", [("heart\nattack", "myocardial infarction")]),
        ("hardening of the arteries", [("hardening of the arteries", "atherosclerosis")]),
        ("sugar diabetes", [("sugar diabetes", "diabetes mellitus")]),
        ("alcohol consumption", []),
        ("rupture of membranes", []),
        ("the central nervous system", []),
        ("fits the criteria", []),
        ("non-smoker", []),
        ("implanted devices", []),
        ("she sat down", []),
        ("flu-like symptoms", []),
        ("Niemann-Pick disease", []),
        ("sunstroke", [("sunstroke", "heatstroke and sunstroke")]),
        ("heat stroke", [("heat stroke", "heatstroke")]),
        ("gallstone ileus", [("gallstone ileus", "gallstone ileus")]),
        ("sickle cell trait", [("sickle cell trait", "sickle-cell trait")]),
        ("", []),
    ],
)
def test_lay_terms_in_text(text: str, found: list[tuple[str, str]]) -> None:
    matches = ab.find_lay_terms(text)
    assert [(match.surface, match.term.index_wording) for match in matches] == found
    assert all(text[match.start : match.end] == match.surface for match in matches)


def test_lay_answers_only_the_whole_phrase() -> None:
    assert [term.code_hint for term in ab.lay("Shingles")] == ["B02"]
    assert ab.lay("shingles on the roof") == ()
    assert ab.lay("") == ()


def test_drug_names_volume_and_duplicates() -> None:
    rows = ab.all_drugs()
    trade = {row.name.casefold() for row in rows if row.name != row.generic}
    assert len(trade) >= 600
    twice = Counter((row.name.casefold(), row.generic) for row in rows)
    assert [key for key, count in twice.items() if count > 1] == []


# The words of each code's title that make it the code of the class.
_LONG_TERM = {
    "Z79.01": "anticoagulants",
    "Z79.02": "antithrombotics/antiplatelets",
    "Z79.1": "non-steroidal anti-inflammatories",
    "Z79.2": "antibiotics",
    "Z79.3": "hormonal contraceptives",
    "Z79.4": "insulin",
    "Z79.51": "inhaled steroids",
    "Z79.52": "systemic steroids",
    "Z79.61": "immunomodulator",
    "Z79.620": "immunosuppressive biologic",
    "Z79.621": "calcineurin inhibitor",
    "Z79.622": "Janus kinase inhibitor",
    "Z79.623": "mammalian target of rapamycin",
    "Z79.624": "inhibitors of nucleotide synthesis",
    "Z79.630": "alkylating agent",
    "Z79.631": "antimetabolite agent",
    "Z79.632": "antitumor antibiotic",
    "Z79.633": "mitotic inhibitor",
    "Z79.634": "topoisomerase inhibitor",
    "Z79.64": "myelosuppressive agent",
    "Z79.810": "selective estrogen receptor modulators",
    "Z79.811": "aromatase inhibitors",
    "Z79.818": "affecting estrogen receptors",
    "Z79.82": "aspirin",
    "Z79.83": "bisphosphonates",
    "Z79.84": "oral hypoglycemic drugs",
    "Z79.85": "injectable non-insulin antidiabetic drugs",
    "Z79.890": "hormone replacement therapy",
    "Z79.891": "opiate analgesic",
    "Z79.899": "other long term (current) drug therapy",
}


def test_long_term_codes_are_valid_and_say_the_class(library: Library) -> None:
    used = {row.long_term_code for row in ab.all_drugs()} - {""}
    assert used == set(_LONG_TERM)
    for number in sorted(used):
        code = library.get(number)
        assert code.valid, number
        assert _LONG_TERM[number].casefold() in code.title.casefold(), (number, code.title)


@pytest.mark.parametrize(
    ("name", "generic", "code"),
    [
        ("Eliquis", "apixaban", "Z79.01"),
        ("coumadin", "warfarin", "Z79.01"),
        ("Plavix", "clopidogrel", "Z79.02"),
        ("Lantus", "insulin glargine", "Z79.4"),
        ("Ozempic", "semaglutide", "Z79.85"),
        ("Rybelsus", "semaglutide", "Z79.84"),
        ("Wegovy", "semaglutide", ""),
        ("Metformin", "metformin", "Z79.84"),
        ("Advair", "fluticasone-salmeterol", "Z79.51"),
        ("Norco", "hydrocodone-acetaminophen", "Z79.891"),
        ("Suboxone", "buprenorphine-naloxone", ""),
        ("Fosamax", "alendronate", "Z79.83"),
        ("Humira", "adalimumab", "Z79.620"),
        ("MS Contin", "morphine", "Z79.891"),
    ],
)
def test_drugs(name: str, generic: str, code: str) -> None:
    assert (generic, code) in {(d.generic, d.long_term_code) for d in ab.drugs(name)}


def test_drugs_in_text() -> None:
    text = "On Toprol-XL, Eliquis and ciclosporin; allergic to Keflex."
    found = [(match.surface, match.drugs[0].generic) for match in ab.find_drugs(text)]
    assert found == [
        ("Toprol-XL", "metoprolol"),
        ("Eliquis", "apixaban"),
        ("Keflex", "cephalexin"),
    ]
    assert ab.drugs("unobtainium") == ()


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("Anaemia", "Anemia"),
        ("OEDEMA", "EDEMA"),
        ("gastro-oesophageal", "gastro-esophageal"),
        ("gastrooesophageal", "gastroesophageal"),
        ("gastroesophageal", "gastroesophageal"),
        ("angioedema", "angioedema"),
        ("angiooedema", "angioedema"),
        ("lymphoedema", "lymphedema"),
        ("foetal", "fetal"),
        ("tumours", "tumors"),
        ("paediatric", "pediatric"),
        ("orthopaedic", "orthopedic"),
        ("diarrhoea", "diarrhea"),
        ("dyspnoea", "dyspnea"),
        ("anaesthesia", "anesthesia"),
        ("paraesthesia", "paresthesia"),
        ("leucocytosis", "leukocytosis"),
        ("leucovorin", "leucovorin"),
        ("leucine", "leucine"),
        ("leukaemia", "leukemia"),
        ("haemorrhoids", "hemorrhoids"),
        ("ischaemic", "ischemic"),
        ("phaeochromocytoma", "pheochromocytoma"),
        ("coeliac", "celiac"),
        ("caesarean", "cesarean"),
        ("hospitalised", "hospitalized"),
        ("exercise", "exercise"),
        ("haemodialysed", "hemodialyzed"),
        ("Haemophilus", "Haemophilus"),
        ("Schistosoma haematobium", "Schistosoma haematobium"),
        ("hyperlipidaemia", "hyperlipidemia"),
        ("septicaemia", "septicemia"),
        ("diabetis", "diabetes"),
        ("Pnuemonia", "Pneumonia"),
        ("hemmorrhage", "hemorrhage"),
        ("fibre", "fiber"),
        ("aerobic", "aerobic"),
        ("phoenix", "phoenix"),
    ],
)
def test_spelling(british: str, american: str) -> None:
    assert ab.americanize(british) == american


def test_spelling_keeps_offsets_and_the_rest_of_the_text() -> None:
    text = "No anaemia; iron OK.\nOesophagitis (2019)"
    changed = [(c.start, c.end, c.surface, c.replacement) for c in ab.corrections(text)]
    assert changed == [(3, 10, "anaemia", "anemia"), (21, 33, "Oesophagitis", "Esophagitis")]
    assert ab.americanize(text) == "No anemia; iron OK.\nEsophagitis (2019)"


def test_spelling_changes_no_word_that_the_tabular_prints(library: Library) -> None:
    assert len(misspellings()) >= 200
    printed: set[str] = set()
    for code in library.nodes():
        printed.update(re.findall(r"[^\W\d_]+", code.title.lower()))
        for term in library.inclusion_terms(code.code):
            printed.update(re.findall(r"[^\W\d_]+", term.lower()))
    assert {w: american_word(w) for w in sorted(printed) if american_word(w) != w} == {}
    assert sorted(printed & set(misspellings())) == []
    assert [w for w, right in misspellings().items() if american_word(right) != right] == []


def test_no_abbreviation_reads_like_a_code(library: Library) -> None:
    spellings = {row.abbreviation for row in ab.all_meanings()}
    shaped = [each for each in sorted(spellings) if re.fullmatch(r"[A-Za-z]\d\w", each)]
    assert [each for each in shaped if library.find(each.upper()) is not None] == []
