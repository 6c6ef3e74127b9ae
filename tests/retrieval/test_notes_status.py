"""What sentences claim of their mentions: a table of 442, a part of it held back."""

from __future__ import annotations

import pytest
from note_status_cases import Case, cases, f1

from retrieval.notes.cues import Status, cues
from retrieval.notes.headings import SectionKind
from retrieval.notes.sentences import find_sentences
from retrieval.notes.status import SentenceStatus

GROUPS = {
    "negation": ("negated",),
    "history": ("historical", "resolved"),
    "family": ("family",),
    "uncertainty": ("uncertain", "rule out"),
}


def judged(case: Case) -> str:
    """The status that the rules give a case, read as a note would be."""
    sentence = next(s for s in find_sentences(case.text) if s.start <= case.start < s.end)
    scopes = SentenceStatus(sentence.text)
    return scopes.of(case.start - sentence.start, case.end - sentence.start).status.value


def test_the_table_is_large_and_says_each_status() -> None:
    table = cases()
    assert len(table) >= 300
    assert sum(case.held for case in table if not case.later) >= 100
    assert {case.status for case in table} == {status.value for status in Status}


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("part", ["written with", "held back", "written later"])
def test_f1_of_every_group(group: str, part: str) -> None:
    chosen = {
        "written with": lambda case: not case.held and not case.later,
        "held back": lambda case: case.held and not case.later,
        "written later": lambda case: case.later,
    }[part]
    pairs = [(case.status, judged(case)) for case in cases() if chosen(case)]
    assert f1(pairs, *GROUPS[group]) >= 0.95


def test_asserted_conditions_are_rarely_lost() -> None:
    pairs = [(case.status, judged(case)) for case in cases()]
    assert f1(pairs, "asserted") >= 0.95


def test_the_cue_is_quoted_with_its_place() -> None:
    text = "She denies fever, chills or cough"
    found = SentenceStatus(text).of(text.index("cough"), len(text))
    assert found.status is Status.NEGATED
    assert text[found.start : found.end] == found.cue == "denies"


def test_a_family_section_speaks_of_relatives() -> None:
    found = SentenceStatus("Diabetes and stroke", SectionKind.FAMILY).of(0, 8)
    assert found.status is Status.FAMILY
    assert SentenceStatus("Diabetes and stroke").of(0, 8).status is Status.ASSERTED


def test_every_status_has_cues_and_an_end() -> None:
    known = cues()
    opened = {status for status, _, _ in known.openings}
    assert opened == set(Status) - {Status.ASSERTED}
    assert set(known.ends) == opened - {Status.COPIED}
    assert known.hidden.search("no change in the cough")
    assert not known.hidden.search("no cough")
