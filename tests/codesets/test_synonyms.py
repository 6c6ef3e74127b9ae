"""The table of synonyms: every code exists, every wording is its title, variants follow by rule."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from codesets.lay_terms import all_lay_terms, find_lay_terms
from codesets.library import Library
from codesets.synonyms import all_synonyms, is_acronym, spellings


def test_every_code_is_in_the_release_and_worded_as_it_prints(library: Library) -> None:
    wrong = []
    for term in all_synonyms():
        code = library.find(term.code_hint)
        title = re.sub(r",? unspecified$", "", code.title) if code is not None else None
        if term.index_wording != title:
            wrong.append((term.phrase, term.code_hint, term.index_wording))
    assert wrong == []


def test_no_phrase_stands_twice_or_is_a_title_itself(library: Library) -> None:
    rows = all_synonyms()
    assert len(rows) >= 8_000
    twice = Counter(row.phrase.casefold() for row in rows)
    assert [phrase for phrase, count in twice.items() if count > 1] == []
    assert [r.phrase for r in rows if r.phrase.casefold() == r.index_wording.casefold()] == []
    assert [row.phrase for row in rows if len(row.phrase) < 3] == []


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("Zuelzer-Wilson syndrome", "Hirschsprung's disease"),
        ("Köhler's disease of navicular", "Juvenile osteochondrosis of tarsus"),
        ("spot baldness", "Alopecia areata"),
        ("jackhammer esophagus", "Dyskinesia of esophagus"),
        ("jackhammer oesophagus", "Dyskinesia of esophagus"),
        ("satyr ear", "Other misshapen ear"),
    ],
)
def test_a_synonym_is_found_however_it_is_spelled(text: str, wording: str) -> None:
    assert wording in [match.term.index_wording for match in find_lay_terms(text)]


@pytest.mark.parametrize("text", ["the gist of it", "the meal was satyrical", "satyrs and ears"])
def test_an_acronym_in_small_letters_is_a_word(text: str) -> None:
    assert [match.surface for match in find_lay_terms(text)] == []


@pytest.mark.parametrize(
    ("phrase", "wanted"),
    [
        ("arylsulfatase A deficiency", "deficiency of arylsulfatase A"),
        ("glycogen storage disease type 2", "glycogen storage disease type ii"),
        ("neurofibromatosis type II", "neurofibromatosis type 2"),
        ("multiple endocrine neoplasia type 2b", "multiple endocrine neoplasia type iib"),
    ],
)
def test_variants_by_rule(phrase: str, wanted: str) -> None:
    assert wanted in spellings(phrase)


@pytest.mark.parametrize("phrase", ["gout", "type 2 diabetes", "Hench syndrome", "vitamin D lack"])
def test_what_does_not_vary_stands_alone(phrase: str) -> None:
    assert [s for s in spellings(phrase) if s != phrase] in ([], ["type ii diabetes"])


def test_acronyms_are_told_from_words() -> None:
    assert is_acronym("GIST")
    assert not is_acronym("Gist")
    lay = {term.phrase.casefold() for term in all_lay_terms()}
    both = [s.phrase for s in all_synonyms() if s.phrase.casefold() in lay]
    assert both == []  # the table of lay terms goes before
