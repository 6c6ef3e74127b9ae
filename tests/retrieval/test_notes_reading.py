"""Mentions of conditions in notes, against a real index of a slice of the release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrieval.notes.cues import Status
from retrieval.notes.lexicon import Lexicon, tokens
from retrieval.notes.otherwise import codes, worded_otherwise
from retrieval.notes.reading import NoteReader, reader_of

if TYPE_CHECKING:
    from codesets.library import Library
    from retrieval.index import VectorIndex

NOTE = """HPI: A man with type 2 diabetes. He denies pneumonia. Father had urinary infections.

PMH
Essential (primary) hypertension | Active
Pneumonia | Resolved

ASSESSMENT
1. Chronic kidney disease, stage 4.
2. Acute kidney failure, possible.
"""


@pytest.fixture(scope="module")
def reader(index: VectorIndex) -> NoteReader:
    return NoteReader(index)


def test_mentions_have_offsets_codes_and_status(reader: NoteReader) -> None:
    note = reader.read(NOTE)
    found = {(m.text.casefold(), m.judgement.status) for m in note.mentions}
    assert ("pneumonia", Status.NEGATED) in found
    assert ("pneumonia", Status.RESOLVED) in found
    assert ("acute kidney failure", Status.UNCERTAIN) in found
    assert any(m.codes[0] == "N18.4" for m in note.mentions)
    assert all(NOTE[m.start : m.end] == m.text for m in note.mentions)
    assert all(a.end <= b.start for a, b in zip(note.mentions, note.mentions[1:], strict=False))


def test_word_order_does_not_matter(reader: NoteReader) -> None:
    for words in ("chronic kidney disease", "kidney disease, chronic"):
        assert reader.lexicon.exact(words) == reader.lexicon.exact("chronic kidney disease") != ()


def test_what_no_passage_words_is_not_named(reader: NoteReader) -> None:
    assert reader.lexicon.find("the patient drove to work on a Tuesday") == []
    assert reader.lexicon.exact("") == ()


def test_no_mention_runs_over_a_comma_or_an_or(reader: NoteReader) -> None:
    text = "No pneumonia or hypertension, chronic kidney disease"
    words = [text[n.start : n.end] for n in reader.lexicon.find(text)]
    assert words == ["pneumonia", "hypertension", "chronic kidney disease"]


def test_tokens_keep_their_places() -> None:
    text = "Crohn's disease of the colon"
    assert [text[t.start : t.end] for t in tokens(text)] == ["Crohn's", "disease", "colon"]


def test_the_reader_is_made_once_an_index(index: VectorIndex) -> None:
    assert reader_of(index) is reader_of(index)


def test_reading_twice_gives_the_same(reader: NoteReader) -> None:
    assert reader.read(NOTE) == reader.read(NOTE)


def test_words_that_the_release_words_otherwise(library: Library) -> None:
    assert [library.find(code) for code in codes() if not library.get(code).valid] == []
    text = "A diabetic smoker with E. coli in the urine"
    found = {text[o.start : o.end]: o.code for o in worded_otherwise(text)}
    assert found == {"diabetic": "E11.9", "smoker": "F17.200", "E. coli": "B96.20"}


def test_a_lexicon_counts_only_what_a_passage_asks_for(index: VectorIndex) -> None:
    lexicon = Lexicon(index)
    assert lexicon.exact("hypertension")  # "Essential (primary) hypertension" and its synonyms
