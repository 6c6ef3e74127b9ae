"""A reviewer's list and replay show what the journal holds and cannot drive a terminal."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from journal_samples import NOON, PASSAGE, exchange
from rich.console import Console
from rich.text import Text

from bot.answer import Kind
from bot.journal import CandidateTrace, Delivery, Journal, Status
from bot.review.tables import listing_table, replay_view
from bot.review.views import listing, replay

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType

ID = exchange().exchange_id


def shown(renderable: RenderableType, width: int = 220) -> str:
    console = Console(
        file=io.StringIO(), width=width, color_system="truecolor", force_terminal=True
    )
    console.print(renderable)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def test_a_row_says_when_who_what_and_which_codes() -> None:
    (row,) = listing([exchange(5, person="U1", text="AKI,\n\n  then\tCKD")])
    assert row == (
        "00000005",
        "2026-11-21 12:05",
        "terminal",
        "U1",
        "suggestion",
        "answered",
        "AKI, then CKD",
        "N17.9",
        "41",
    )


@pytest.mark.parametrize(
    ("length", "ends"), [(60, "x"), (61, "…"), (5000, "…")], ids=["fits", "one over", "note"]
)
def test_a_long_question_is_cut_to_fit(length: int, ends: str) -> None:
    (row,) = listing([exchange(text="x" * length)])
    assert len(row.question) == 60
    assert row.question.endswith(ends)


def test_an_exchange_without_suggestions_or_timings_is_listed() -> None:
    bare = exchange(kind=Kind.REFUSAL, status=Status.FAILED, answer={}, timings_ms={})
    (row,) = listing([bare])
    assert (row.kind, row.status, row.codes, row.milliseconds) == ("refusal", "failed", "", "")


@pytest.mark.parametrize(
    ("ids", "short"),
    [
        ([], []),
        (["0123456789"], ["01234567"]),
        (["0123456789", "1123456789"], ["01234567", "11234567"]),
        (["0123456789", "0123456780"], ["0123456789", "0123456780"]),
        (["bbbbbbbb-1-x", "aaaaaaaa", "bbbbbbbb-2-x"], ["bbbbbbbb-1", "aaaaaaaa", "bbbbbbbb-2"]),
        (["abcdef", "abcdef-123456"], ["abcdef", "abcdef-1"]),
    ],
)
def test_ids_are_as_short_as_tells_them_apart(ids: list[str], short: list[str]) -> None:
    rows = listing([exchange(exchange_id=exchange_id) for exchange_id in ids])
    assert [row.id for row in rows] == short


def test_a_listed_id_shows_its_exchange(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.sqlite") as journal:
        for tail in ("abc", "abd", "xyz"):
            journal.append(exchange(exchange_id=f"01234567-{tail}"))
        listed = journal.list()
        assert [journal.get(row.id) for row in listing(listed)] == list(listed)


def test_a_replay_has_the_question_the_answer_and_how_it_came_about() -> None:
    view = replay(exchange(door="slack", channel="C1"), [Delivery(ID, "C1", "2.2", NOON)])
    assert view.question == "AKI, patient number 1"
    assert view.headline == "N17.9 fits best."
    assert [(row.code, row.role, row.evidence, row.citations) for row in view.suggestions] == [
        ("N17.9", "first-listed", ("AKI",), (PASSAGE,))
    ]
    assert view.gaps == ("lesion: tubular necrosis, other",)
    assert view.cautions == ("Not a substitute for the record.",)
    assert [(row.rule, row.severity, row.codes) for row in view.findings] == [
        ("code-first", "warning", ("N17.9",))
    ]
    assert [(row.id, row.locator) for row in view.sources] == [(PASSAGE, "N17.9")]
    assert view.timings == (("retrieve", 12.5), ("draft", 3.25), ("total", 41.0))
    assert view.deliveries == (("C1", "2.2", "2026-11-21 12:00"),)
    circumstances = dict(view.circumstances)
    assert circumstances["asked"] == "2026-11-21 12:01:00 UTC"
    assert circumstances["date of service"] == "2026-11-21"
    assert circumstances["channel"] == "C1"
    assert "thread" not in circumstances
    assert dict(view.provenance) == {
        "release icd10cm": "FY2027",
        "drafter": "rules",
        "index": "i1:0f0f",
        "prompt": "p1:abab",
    }


def test_candidates_carry_their_best_ranks_and_whether_they_were_suggested() -> None:
    first, second = replay(exchange()).candidates
    assert (first.rank, first.code, first.score) == (1, "N17.9", 0.0325)
    assert (first.lexical_rank, first.dense_rank, first.suggested) == (1, 2, True)
    assert first.passages[0] == PASSAGE
    assert (second.rank, second.lexical_rank, second.dense_rank) == (2, None, None)
    assert (second.passages, second.suggested) == ((), False)


def test_a_failed_exchange_replays_too() -> None:
    view = replay(exchange(kind=Kind.REFUSAL, answer={}, candidates=(), findings=()))
    assert (view.suggestions, view.gaps, view.sources, view.candidates) == ((), (), (), ())
    assert "AKI, patient number 1" in shown(replay_view(view))


def test_a_replay_is_the_same_after_the_journal(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.sqlite") as journal:
        journal.append(exchange())
        assert replay(journal.get(ID)) == replay(exchange())
    assert json.loads(json.dumps(replay(exchange()).to_json()))["exchange_id"] == ID


def test_the_terminal_shows_every_part() -> None:
    view = replay(exchange(door="slack"), [Delivery(ID, "C1", "2.2", NOON)])
    text = shown(replay_view(view))
    for part in (
        ID,
        "AKI, patient number 1",
        "N17.9 fits best.",
        "Acute kidney failure, unspecified",
        "tubular necrosis",
        "code-first",
        "Candidates (2)",
        "0.0325",
        PASSAGE,
        "12.5 ms",
        "i1:0f0f",
        "2.2",
    ):
        assert part in text
    assert "00000001" in shown(listing_table(listing([exchange()])))


@pytest.mark.parametrize("width", [80, 120])
def test_the_list_fits_a_terminal_and_loses_no_word(width: int) -> None:
    words = ["type", "2", "diabetes", "with", "diabetic", "CKD", "stage", "3a"]
    row = exchange(text=" ".join(words), person="U0123", door="slack", status=Status.ABSTAINED)
    text = shown(listing_table(listing([row])), width)
    for part in (*words, "00000001", "2026-11-21 12:01", "slack U0123", "abstained", "N17.9", "41"):
        assert part in text
    assert max(len(Text.from_ansi(line)) for line in text.splitlines()) <= width


def test_only_the_first_candidates_are_printed() -> None:
    many = tuple(CandidateTrace(f"N17.{n}", 1.0) for n in range(30))
    text = shown(replay_view(replay(exchange(candidates=many)), candidates=3))
    assert "Candidates (30)" in text
    assert "N17.2" in text
    assert "N17.3" not in text


@pytest.mark.parametrize(
    "hostile",
    ["\x1b[2J\x1b]0;owned\x07", "\x9b2J", "\x08\x08\x08", "\u202egpj.exe", "\ud83d"],
    ids=["escape", "c1", "backspace", "right-to-left", "half pair"],
)
def test_a_question_cannot_drive_the_terminal(hostile: str) -> None:
    row = exchange(text=f"AKI {hostile} CKD", headline=hostile, person=hostile)
    plain = exchange(text="AKI CKD", headline="-", person="-")
    for made in (
        lambda item: listing_table(listing([item])),
        lambda item: replay_view(replay(item)),
    ):
        text = shown(made(row))
        driving = {letter for letter in hostile if not letter.isprintable()}
        assert driving - {"\x1b"} <= set(hostile) - set(text)
        assert text.count("\x1b") == shown(made(plain)).count("\x1b")
        assert "\ufffd" in text


def test_brackets_in_a_question_are_words_and_not_markup() -> None:
    row = exchange(text="pain [red]left[/red] knee [/]")
    assert "[red]left[/red] knee [/]" in shown(replay_view(replay(row)))
    assert "[red]left[/red]" in shown(listing_table(listing([row])))
