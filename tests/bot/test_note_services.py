"""Services of a note on real HCPCS and ICD-10-PCS files: candidates, choices, reasons, absence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from bot.answer import Answer, Kind, Question, Role, Setting
from bot.cpt_answers import CptDesk
from bot.drafting.rules import RulesDrafter
from bot.hcpcs_answers import HcpcsDesk
from bot.notes.services import NoteServices
from bot.pcs_answers import ProcedureDesk
from bot.slack.blocks import render
from bot.terminal import answer_view
from codesets.installing import install
from codesets.models import System
from codesets.releases import ReleaseStore
from retrieval.notes.services import listed_codes
from tests.bot.part_support import part_searcher
from tests.codesets.official_samples import CPT_NOTICE
from tests.retrieval.test_note_services import read

if TYPE_CHECKING:
    from pathlib import Path

    from codesets.library import Library

DAY = date(2025, 10, 15)
LATER = date(2026, 11, 21)


def services(
    hcpcs: ReleaseStore, pcs: ReleaseStore, cpt: ReleaseStore, searcher: Any = None
) -> NoteServices:
    drafter = RulesDrafter()
    return NoteServices(
        HcpcsDesk(hcpcs, searcher, drafter),
        ProcedureDesk(pcs, searcher, drafter),
        CptDesk(cpt, searcher, drafter),
    )


def ask(
    desk: NoteServices, text: str, setting: Setting = Setting.OUTPATIENT, day: date = DAY
) -> Answer:
    question = Question(text, day, setting)

    def blank(kind: Kind, headline: str) -> Answer:
        return Answer("x", kind, setting, day, {}, headline, text=text)

    return desk.beside(blank(Kind.SUGGESTION, "Coded."), read(text), question, blank)


@pytest.fixture
def desk(hcpcs_home: Path, pcs_store: ReleaseStore, tmp_path: Path) -> NoteServices:
    return services(ReleaseStore(hcpcs_home), pcs_store, ReleaseStore(tmp_path / "none"))


@pytest.mark.official
def test_the_data_lists_valid_codes(hcpcs_library: Library) -> None:
    listed = listed_codes()
    assert len(listed) > 100
    assert [code for code in listed if not hcpcs_library.get(code).valid] == []


@pytest.mark.official
@pytest.mark.parametrize(
    ("plan", "codes"),
    [
        ("Received ceftriaxone 1 g IM in clinic.", {"J0696": 4}),
        ("Ketorolac 60 mg IM given.", {"J1885": 4}),
        ("Left knee injected with 40 mg of Kenalog and 4 cc of 1% lidocaine.", {"J3301": 4}),
        ("B12 1000 mcg IM given today.", {"J3420": 1}),
        ("Gave ondansetron 4 mg IV and 1 L normal saline bolus.", {"J2405": 4, "J7030": 1}),
        ("500 mL normal saline infused.", {"J7040": 1}),
        ("Albuterol neb 2.5 mg given.", {"J7613": 3}),
        ("Depo-Provera 150 mg IM administered.", {"J1050": 150}),
        ("Flu shot given today.", {"G0008": None}),
        ("Knee immobilizer applied.", {"L1830": None}),
        ("Arm sling provided.", {"A4565": None}),
        ("Ordered glucose test strips and lancets.", {"A4253": None, "A4259": None}),
        ("CPAP full face mask ordered.", {"A7030": None}),
        ("Spacer dispensed.", {"A4627": None}),
        ("8-year-old boy placed in a short arm fiberglass cast.", {"Q4012": None}),
        ("40-year-old man placed in a short leg plaster splint.", {"Q4045": None}),
        ("Given ibuprofen 600 mg PO.", {}),
        ("Continue ketorolac 10 mg tablets.", {}),
        ("Will schedule knee injection with 40 mg Kenalog.", {}),
        ("Declined flu shot.", {}),
        ("Uses a cane.", {}),
    ],
)
def test_outpatients_get_hcpcs(desk: NoteServices, plan: str, codes: dict[str, int | None]) -> None:
    text = f"ASSESSMENT:\nGout.\n\nPLAN:\n{plan}\n"
    answer = ask(desk, text)
    assert {s.code for s in answer.services} == set(codes)
    assert answer.suggestions == ()
    for found in answer.services:
        assert (found.system, found.role, found.valid) == ("hcpcs", Role.PROCEDURE, True)
        assert found.evidence
        assert all(text[q.start : q.end] == q.quote for q in found.evidence)
        assert set(found.citations) <= {citation.id for citation in answer.citations}
        count = codes[found.code]
        if count is not None:
            assert any(f"bill {count} unit" in line for line in found.information)


@pytest.mark.official
@pytest.mark.parametrize(
    ("plan", "axis", "codes"),
    [
        ("Pneumatic walking boot given.", "which product of “Pneumatic walking boot”", {"L4360", "L4361"}),
        ("Crutches provided.", "which product of “Crutches”", {"E0110", "E0112", "E0114"}),
        ("Acetaminophen 650 mg given.", "route of “Acetaminophen 650 mg”", {"J0131"}),
        ("Ceftriaxone IM given.", "amount given of “Ceftriaxone IM”", {"J0696"}),
        ("Placed in a short arm fiberglass cast.", "which product of “short arm fiberglass cast”", {"Q4010", "Q4012"}),
    ],
)  # fmt: skip
def test_what_the_note_leaves_open_is_a_gap(
    desk: NoteServices, plan: str, axis: str, codes: set[str]
) -> None:
    answer = ask(desk, f"PLAN:\n{plan}\n")
    gap = next(gap for gap in answer.gaps if gap.axis == axis)
    assert codes <= set(gap.codes)
    assert len(gap.options) == len(gap.codes)


STAY = """HISTORY OF PRESENT ILLNESS:
Status post hysterectomy in 2010.

HOSPITAL COURSE:
She underwent laparoscopic cholecystectomy. She was placed on mechanical ventilation for 48 hours.
Hemodialysis was not needed. Plan for outpatient colonoscopy.

PROCEDURES:
Laparoscopic cholecystectomy
Left BKA
Ceftriaxone 1 g IV
"""


@pytest.mark.official
def test_inpatients_get_pcs(desk: NoteServices) -> None:
    answer = ask(desk, STAY, Setting.INPATIENT)
    assert [s.code for s in answer.services] == ["0FT44ZZ", "5A1945Z"]
    assert {s.system for s in answer.services} == {"icd10pcs"}
    assert all(STAY[q.start : q.end] == q.quote for s in answer.services for q in s.evidence)
    assert len(answer.services[0].axes) == 7
    (gap,) = answer.gaps
    assert gap.axis.startswith("qualifier (character 7)")
    assert set(gap.codes) == {"0Y6J0Z1", "0Y6J0Z2", "0Y6J0Z3"}
    assert answer.releases == {"icd10pcs": "FY2026"}
    reasons = {rejected.quote: rejected.reason for rejected in answer.rejected}
    assert "before this encounter" in reasons["hysterectomy"]
    assert "denies or defers" in reasons["Hemodialysis"]
    assert "planned" in reasons["colonoscopy"]


@pytest.mark.official
def test_a_sentence_that_says_it_whole_closes_the_gap_of_another(desk: NoteServices) -> None:
    text = (
        "HOSPITAL COURSE:\nAppendectomy was performed.\n\nPROCEDURES:\nLaparoscopic appendectomy\n"
    )
    answer = ask(desk, text, Setting.INPATIENT)
    assert [s.code for s in answer.services] == ["0DTJ4ZZ"]
    assert answer.gaps == ()
    alone = ask(desk, "PROCEDURE:\nAppendectomy\n", Setting.INPATIENT)
    assert alone.services == ()
    assert alone.gaps[0].axis == "approach (character 5)"


def test_a_system_that_is_not_installed_is_named_once(tmp_path: Path) -> None:
    store = ReleaseStore(tmp_path / "home")
    desk = services(store, store, store)
    text = "PLAN:\nKetorolac 30 mg IM given. Walking boot ordered. I&D of abscess performed.\n"
    answer = ask(desk, text, day=LATER)
    assert answer.services == ()
    hcpcs, cpt = answer.cautions
    assert "“Ketorolac 30 mg IM”, “Walking boot”" in hcpcs
    assert "2026-11-21" in hcpcs
    assert "“I&D of abscess”" in cpt
    assert "licensed files" in cpt
    stay = ask(desk, "PROCEDURE:\nAppendectomy\n", Setting.INPATIENT, LATER)
    (line,) = stay.cautions
    assert "“Appendectomy”" in line
    plain = ask(desk, "PLAN:\nRest. Will schedule colonoscopy. EKG ordered.\n", day=LATER)
    assert plain.cautions == ()
    assert [r.quote for r in plain.rejected] == ["colonoscopy"]


def test_licensed_cpt_files_are_searched_service_by_service(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("cpt")
    rows = (
        "99901\tInvented laceration repair of the moonstone\r\n99903\tPolishing of a glass harp\r\n"
    )
    path = folder / "LONG_2026.txt"
    path.write_bytes((CPT_NOTICE + rows).encode())
    store = ReleaseStore(folder / "home")
    install([path], store, licensee="Example Hospital")
    desk = services(store, store, store, part_searcher(store, folder / "index", ("999",)))
    text = "PLAN:\nLaceration repair performed. Will schedule colonoscopy.\n"
    answer = ask(desk, text, day=date(2026, 6, 1))
    assert [(s.system, s.code) for s in answer.services] == [(System.CPT.value, "99901")]
    (quote,) = answer.services[0].evidence
    assert text[quote.start : quote.end] == quote.quote == "Laceration repair"


@pytest.mark.official
def test_both_doors_show_services_apart_from_diagnoses(desk: NoteServices) -> None:
    answer = ask(desk, "PLAN:\nKetorolac 30 mg IM given. Sling provided.\n")
    paper = StringIO()
    Console(width=100, file=paper).print(answer_view(answer))
    shown = paper.getvalue()
    assert shown.index("Procedures, drugs and supplies") < shown.index("J1885")
    assert "HCPCS Level II" in shown
    assert "bill 2 units" in shown
    (message,) = render(replace(answer, exchange_id="abc"))
    blocks = str(message.blocks)
    assert blocks.index("Procedures, drugs and supplies") < blocks.index("J1885")
    assert "bill 2 units" in blocks
    assert "HCPCS · ✓ Valid" in blocks
