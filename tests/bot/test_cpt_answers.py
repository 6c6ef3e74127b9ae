"""CPT is searched in the licensee's own files, and nowhere else. Descriptors here are invented."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from bot.answer import Kind, Question, Setting
from bot.assistant import Assistant
from bot.drafting.rules import RulesDrafter
from bot.errors import NotReadyError
from codesets.errors import ReleaseUnavailableError
from codesets.installing import Outcome, install
from codesets.releases import ReleaseStore
from tests.bot.part_support import part_searcher
from tests.codesets.official_samples import CPT_NOTICE

if TYPE_CHECKING:
    from bot.answer import Answer
    from bot.journal.store import Journal

DAY = date(2026, 6, 1)
WORDINGS = {
    "99901": "Invented inspection of the moonstone duct, one side",
    "99902": "Invented inspection of the moonstone duct, both sides",
    "99903": "Polishing of a glass harp under water",
    "99904": "Counting of lighthouse stairs by telephone, each hundred",
}


@pytest.fixture(scope="module")
def licensed(tmp_path_factory: pytest.TempPathFactory) -> tuple[ReleaseStore, Any]:
    folder = tmp_path_factory.mktemp("cpt")
    rows = "".join(f"{code}\t{text}\r\n" for code, text in WORDINGS.items())
    path = folder / "LONG_2026.txt"
    path.write_bytes((CPT_NOTICE + rows).encode())
    store = ReleaseStore(folder / "home")
    (report,) = install([path], store, licensee="Example Hospital")
    assert report.outcome is Outcome.INSTALLED
    return store, part_searcher(store, folder / "index", ("999",))


def ask(store: ReleaseStore, searcher: Any, journal: Journal, text: str, day: date = DAY) -> Answer:
    guidelines: Any = None
    assistant = Assistant(store, searcher, journal, RulesDrafter(), guidelines)
    return assistant.answer(Question(text, day, Setting.OUTPATIENT, ("cpt",)))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("polishing of a glass harp", "99903"),
        ("counting lighthouse stairs by telephone", "99904"),
        ("inspection of the moonstone duct, both sides", "99902"),
    ],
)
def test_a_service_is_found_by_the_licensees_wording(
    licensed: tuple[ReleaseStore, Any], journal: Journal, text: str, code: str
) -> None:
    store, searcher = licensed
    answer = ask(store, searcher, journal, text)
    (found,) = answer.suggestions
    assert (found.system, found.code, found.title) == ("cpt", code, WORDINGS[code])
    assert [citation.text for citation in answer.citations] == [WORDINGS[code]]
    assert answer.releases == {"cpt": "2026"}


def test_wordings_that_fit_alike_are_a_choice(
    licensed: tuple[ReleaseStore, Any], journal: Journal
) -> None:
    store, searcher = licensed
    answer = ask(store, searcher, journal, "moonstone duct inspection")
    assert answer.kind is Kind.CLARIFICATION
    assert answer.suggestions == ()
    assert set(answer.gaps[0].codes) == {"99901", "99902"}


def test_what_no_wording_is_near_to_has_no_code(
    licensed: tuple[ReleaseStore, Any], journal: Journal
) -> None:
    store, searcher = licensed
    answer = ask(store, searcher, journal, "appendicitis with peritonitis")
    assert answer.suggestions == ()
    assert "no CPT code" in answer.headline


def test_dates_are_strict(licensed: tuple[ReleaseStore, Any], journal: Journal) -> None:
    store, searcher = licensed
    with pytest.raises(ReleaseUnavailableError, match="2027"):
        ask(store, searcher, journal, "polishing of a glass harp", date(2027, 1, 1))


def test_without_a_licence_the_answer_says_how(store: ReleaseStore, journal: Journal) -> None:
    with pytest.raises(NotReadyError, match="--licensee NAME"):
        ask(store, None, journal, "office visit")
