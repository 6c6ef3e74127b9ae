"""What stands beside a suggested code: short, of the setting, and told where it is not current."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.answer import Answer, Kind, Role, Setting, Suggestion
from bot.informing import information_json, information_lines, information_of, informed
from bot.terminal import answer_view
from codesets import information
from codesets.installing import install
from codesets.releases import ReleaseStore
from tests.codesets.official_samples import linked_home, poa_list

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def listed(compiled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> ReleaseStore:
    """The packaged releases and a POA-exempt list with Z79.4."""
    folder = tmp_path_factory.mktemp("poa")
    store = ReleaseStore(linked_home(compiled_home, folder / "home"))
    path = folder / "POAexemptCodesFY27.txt"
    path.write_text(poa_list("Z79.4", "Z37.0"), encoding="utf-8")
    install([path], store)
    return store


@pytest.fixture(autouse=True)
def packages(monkeypatch: pytest.MonkeyPatch) -> None:
    """The optional packages as they would answer, in short."""
    engine = _Engine({"I5022": {"level": "CC"}, "J9601": {"level": "MCC"}})
    edition = (engine, "MS-DRG v43.1 (drgpy 0.2.1)", False)
    monkeypatch.setattr(information, "_engine", lambda _day: edition)
    monkeypatch.setattr(information, "_packaged_hcc", lambda _year: {"I5022": ["226"]})
    monkeypatch.setattr(information, "version", lambda _name: "0.4.0")


class _Engine:
    def __init__(self, ccmap: dict[str, dict[str, str]]) -> None:
        self.ccmap = ccmap


def answer(setting: Setting, *codes: tuple[str, str]) -> Answer:
    suggestions = tuple(
        Suggestion(system, code, code, True, Role.PRINCIPAL, "") for system, code in codes
    )
    return Answer("x", Kind.SUGGESTION, setting, DAY, {}, "headline", suggestions=suggestions)


@pytest.mark.parametrize(
    ("setting", "code", "shown"),
    [
        (Setting.INPATIENT, "I50.22", ("CC (MS-DRG v43.1 (drgpy 0.2.1))", "CMS-HCC V28 226")),
        (Setting.OUTPATIENT, "I50.22", ("CMS-HCC V28 226",)),
        (Setting.INPATIENT, "J96.01", ("MCC (MS-DRG v43.1 (drgpy 0.2.1))",)),
        (Setting.INPATIENT, "Z79.4", ("POA exempt",)),
        (Setting.OUTPATIENT, "Z79.4", ()),
        (Setting.INPATIENT, "J18.9", ()),
    ],
)
def test_facts_that_a_coder_acts_on(
    listed: ReleaseStore, setting: Setting, code: str, shown: tuple[str, ...]
) -> None:
    (found,) = informed(answer(setting, ("icd10cm", code)), listed).suggestions
    assert found.information == shown
    assert found.code == code


def test_codes_of_other_systems_are_left_as_they_are(listed: ReleaseStore) -> None:
    both = answer(Setting.INPATIENT, ("icd10pcs", "0FT44ZZ"), ("icd10cm", "I50.22"))
    pcs, diagnosis = informed(both, listed).suggestions
    assert pcs.information == ()
    assert diagnosis.information


def test_the_terminal_shows_them_in_one_line(listed: ReleaseStore) -> None:
    from rich.console import Console

    console = Console(width=120)
    with console.capture() as shown:
        console.print(
            answer_view(informed(answer(Setting.INPATIENT, ("icd10cm", "I50.22")), listed))
        )
    assert "CC (MS-DRG v43.1 (drgpy 0.2.1)) · CMS-HCC V28 226" in shown.get()


def test_everything_with_its_source(listed: ReleaseStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(information, "_engine", lambda _day: None)
    found = information_of(listed, "Z79.4", DAY)
    assert found is not None
    lines = information_lines(found)
    assert any(line.startswith("present on admission: exempt") for line in lines)
    assert any("drgpy is not installed" in line for line in lines)
    document = information_json(found)
    assert document is not None
    assert {fact["topic"] for fact in document["facts"]} >= {"effective dates", "CMS-HCC"}
    assert document["absent"]
    assert information_of(listed, "Z99.999", DAY) is None
    assert information_json(None) is None
