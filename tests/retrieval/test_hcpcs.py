"""Search over HCPCS: drugs by name before descriptions, descriptions for everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from slices import LightEmbedder, Slice

from retrieval.hcpcs import HcpcsSearcher, in_facility
from retrieval.index import VectorIndex
from retrieval.passages import passages, resolve_citation

if TYPE_CHECKING:
    from pathlib import Path

    from codesets.library import Library

pytestmark = pytest.mark.official

CATEGORIES = ("J18", "K00", "E02", "E13", "G01")


@pytest.fixture(scope="module")
def part(hcpcs_library: Library) -> Any:
    return Slice(hcpcs_library, CATEGORIES)


@pytest.fixture(scope="module")
def hcpcs(
    tmp_path_factory: pytest.TempPathFactory, part: Any, embedder: LightEmbedder
) -> HcpcsSearcher:
    home: Path = tmp_path_factory.mktemp("hcpcs")
    return HcpcsSearcher.open(part, VectorIndex.build(home, part, embedder))


def test_both_descriptors_are_passages_that_resolve(part: Any) -> None:
    found = {passage.id: passage for passage in passages(part)}
    title, short = "hcpcs:2025-10:J1885:title", "hcpcs:2025-10:J1885:short-title"
    assert found[title].text != found[short].text
    for name in (title, short):
        assert resolve_citation(part, name) == found[name]
    assert resolve_citation(part, "hcpcs:2024-10:J1885:short-title") is None
    assert resolve_citation(part, "hcpcs:2025-10:J0000:short-title") is None
    # A short descriptor that repeats the long one would only be cited twice.
    assert len({(p.code, p.text.casefold()) for p in found.values()}) == len(found)


def test_a_named_drug_comes_before_every_description(hcpcs: HcpcsSearcher) -> None:
    found = hcpcs.search("Toradol 30 mg IM")
    assert found[0].code == "J1885"
    assert found[0].matches[0].variant.startswith("ketorolac")
    scores = [candidate.score for candidate in found]
    assert scores == sorted(scores, reverse=True)
    assert len({candidate.code for candidate in found}) == len(found)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("oxygen concentrator", "E1390"),
        ("semi-electric hospital bed with mattress", "E0260"),
        ("standard wheelchair", "K0001"),
        ("prostate cancer screening, digital rectal exam", "G0102"),
    ],
)
def test_supplies_and_services_are_found_by_description(
    hcpcs: HcpcsSearcher, text: str, code: str
) -> None:
    assert code in [candidate.code for candidate in hcpcs.search(text)[:5]]


def test_a_code_for_the_rest_steps_back_unless_it_is_asked_for(hcpcs: HcpcsSearcher) -> None:
    plain = [candidate.code for candidate in hcpcs.search("manual wheelchair")]
    asked = [candidate.code for candidate in hcpcs.search("other manual wheelchair")]
    assert asked[0] == "K0009"
    assert plain.index("K0009") > 0


def test_ended_codes_are_never_candidates(hcpcs: HcpcsSearcher, hcpcs_library: Library) -> None:
    ended = {code.code for code in hcpcs_library.retired_codes()}
    assert ended
    for text in ("wheelchair", "ketorolac", "methylprednisolone", "irrigation supply sleeve"):
        assert not ended & {candidate.code for candidate in hcpcs.search(text)}


@pytest.mark.parametrize("text", ["", "   ", "?!"])
def test_nothing_to_search(hcpcs: HcpcsSearcher, text: str) -> None:
    assert hcpcs.search(text) == []


@pytest.mark.parametrize(
    ("text", "facility"),
    [
        ("OPPS: bevacizumab", True),
        ("hospital outpatient department", True),
        ("given in the ASC", True),
        ("office injection", False),
        ("ascites tap", False),
    ],
)
def test_facility(text: str, facility: bool) -> None:
    assert in_facility(text) is facility
