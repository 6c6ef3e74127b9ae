"""Identifiers in whole notes, clinical words left alone, and Presidio's engine finding the same."""

from pathlib import Path

import phi_templates
import pytest
from phi_notes import Note, notes

from bot import phi
from bot.errors import ConfigurationError
from bot.phi.engine import Screener, person_model

CLINICAL = [
    line for line in (Path(__file__).parent / "phi_clinical.txt").read_text().splitlines() if line
]
FLOOR = 0.98


def missed(written: list[Note]) -> tuple[float, set[str]]:
    """The share of planted identifiers found whole, and the kinds that were missed."""
    kinds, found, planted = set(), 0, 0
    for note in written:
        taken = bytearray(len(note.text))
        for item in phi.find(note.text):
            taken[item.start : item.end] = b"\1" * (item.end - item.start)
        for one in note.planted:
            planted += 1
            whole = all(
                taken[at] or not note.text[at].isalnum() for at in range(one.start, one.end)
            )
            found += whole
            if not whole:
                kinds.add(one.kind)
    return found / planted, kinds


@pytest.mark.parametrize(
    ("templates", "other"),
    [(phi_templates.OPEN, False), (phi_templates.HELD, False), (phi_templates.LAST, True)],
    ids=["open", "held", "last"],
)
def test_recall_on_notes_of_every_kind(templates: tuple[str, ...], other: bool) -> None:
    recall, kinds = missed(notes(templates, 10, 2026, other=other))
    assert recall >= FLOOR, kinds


def test_there_are_enough_clinical_terms() -> None:
    assert len(set(CLINICAL)) >= 600


@pytest.mark.parametrize("start", range(0, 1000, 100))
def test_no_clinical_term_is_taken(start: int) -> None:
    lost = [line for line in CLINICAL[start : start + 100] if phi.find(line)]
    assert not lost


def test_screening_a_screened_note_changes_nothing() -> None:
    for note in notes(phi_templates.OPEN + phi_templates.HELD, 3, 7):
        once = phi.redact(note.text)
        again = phi.redact(once.text)
        assert again.text == once.text
        assert again.redactions == ()


def test_offsets_go_both_ways() -> None:
    for note in notes(phi_templates.HELD, 2, 8):
        screened = phi.redact(note.text)
        for item in screened.redactions:
            at = screened.to_redacted(item.start)
            assert screened.text[at : at + len(item.placeholder)] == item.placeholder
            assert screened.to_original(at) == item.start
        kept = [
            at
            for at in range(len(note.text))
            if not any(item.start <= at < item.end for item in screened.redactions)
        ]
        for at in kept:
            assert screened.text[screened.to_redacted(at)] == note.text[at]
            assert screened.to_original(screened.to_redacted(at)) == at


@pytest.fixture(scope="module")
def presidio() -> Screener:
    screener = Screener("none")
    screener.load()
    return screener


def test_presidio_finds_what_the_recognizers_find(presidio: Screener) -> None:
    for note in notes(phi_templates.OPEN + phi_templates.HELD + phi_templates.LAST, 2, 9):
        assert presidio.redact(note.text) == phi.redact(note.text)


def test_a_person_name_model_adds_names(tmp_path: Path) -> None:
    import spacy

    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns(  # type: ignore[attr-defined]  # the ruler's own
        [{"label": "PERSON", "pattern": "quillfeather"}, {"label": "PERSON", "pattern": "Crohn"}]
    )
    pipeline.to_disk(tmp_path / "names")
    text = "Advice of quillfeather was sought about Crohn disease."
    assert phi.redact(text).text == text
    with_model = Screener(str(tmp_path / "names")).redact(text).text
    assert with_model == "Advice of [NAME-1] was sought about Crohn disease."


def test_a_model_that_is_not_here_is_never_fetched(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="CODECITE_NAMES_MODEL"):
        person_model("en_core_web_nowhere")
    with pytest.raises(ConfigurationError):
        Screener(str(tmp_path / "absent")).load()
