"""Whatever a drafter writes, only what the records and the text bear out is left."""

from dataclasses import replace
from datetime import date

import pytest

from bot.answer import Role, Setting
from bot.drafting.case import Case, Draft, DraftItem, Option
from bot.verification import Failure, verify
from codesets.library import Library
from retrieval.passages import title_passage

TEXT = "long-standing gout of the left foot"
DAY = date(2026, 11, 21)


def option(library: Library, name: str, option_id: str = "o1") -> Option:
    code = library.get(name)
    return Option(
        id=option_id,
        code=code,
        score=1.0,
        spans=((14, 18),),
        passages=(title_passage(code, "Tabular"),),
        final=code.valid,
    )


def case_of(*options: Option) -> Case:
    return Case(TEXT, Setting.OUTPATIENT, DAY, options)


def item(**changes: object) -> DraftItem:
    plain = DraftItem(
        option_id="o1",
        role=Role.FIRST_LISTED,
        rationale="The text says so.",
        quotes=((14, 18, "gout"),),
        citations=("icd10cm:FY2026-04:M10.9:title",),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # a table of field changes


def test_what_holds_is_kept_whole(library: Library) -> None:
    found = verify(case_of(option(library, "M10.9")), Draft((item(),)), library)
    assert found.dropped == ()
    (suggestion,) = found.suggestions
    assert (suggestion.code, suggestion.valid) == ("M10.9", True)
    assert [(q.quote, q.start, q.end) for q in suggestion.evidence] == [("gout", 14, 18)]
    assert [c.id for c in found.citations] == list(suggestion.citations)


@pytest.mark.parametrize(
    ("change", "failure"),
    [
        ({"option_id": "o9"}, Failure.UNKNOWN_OPTION),
        ({"option_id": "M10.9"}, Failure.UNKNOWN_OPTION),
        ({"citations": ()}, Failure.NOTHING_LEFT),
        ({"citations": ("icd10cm:FY2026-04:M10.0:title",)}, Failure.CITATION_NOT_RETRIEVED),
    ],
)
def test_an_item_without_ground_is_dropped(
    library: Library, change: dict[str, object], failure: Failure
) -> None:
    found = verify(case_of(option(library, "M10.9")), Draft((item(**change),)), library)
    assert found.suggestions == ()
    assert failure in {reason for reason, _ in found.dropped}


@pytest.mark.parametrize(
    "quote",
    [
        (14, 18, "Gout"),
        (13, 18, "gout"),
        (14, 18, "gouty"),
        (14, 99, "gout"),
        (-4, 18, "gout"),
        (18, 14, "gout"),
        (14, 14, ""),
    ],
)
def test_a_quote_that_is_not_at_its_offsets_is_dropped(
    library: Library, quote: tuple[int, int, str]
) -> None:
    draft = Draft((item(quotes=(quote, (14, 18, "gout"))),))
    found = verify(case_of(option(library, "M10.9")), draft, library)
    assert [q.quote for q in found.suggestions[0].evidence] == ["gout"]
    assert found.dropped == ((Failure.QUOTE_NOT_IN_TEXT, "o1"),)


def test_a_code_is_suggested_once(library: Library) -> None:
    found = verify(case_of(option(library, "M10.9")), Draft((item(), item())), library)
    assert len(found.suggestions) == 1
    assert found.dropped == ((Failure.REPEATED_OPTION, "o1"),)


@pytest.mark.parametrize("name", ["M10", "M54.5", "S52.502"])
def test_a_category_is_never_suggested(library: Library, name: str) -> None:
    forced = replace(option(library, name), final=True)
    cited = item(citations=(forced.passages[0].id,))
    found = verify(case_of(forced), Draft((cited,)), library)
    assert found.suggestions == ()
    assert found.dropped == ((Failure.NOT_VALID, "o1"),)


def test_an_unfinished_code_is_never_suggested(library: Library) -> None:
    open_option = replace(option(library, "M10.9"), final=False)
    found = verify(case_of(open_option), Draft((item(),)), library)
    assert found.dropped == ((Failure.NOT_FINAL, "o1"),)


def test_a_code_no_release_has_is_dropped(library: Library) -> None:
    real = option(library, "M10.9")
    invented = replace(real, code=replace(real.code, code="M10.999"))
    found = verify(case_of(invented), Draft((item(),)), library)
    assert found.dropped == ((Failure.UNKNOWN_CODE, "o1"),)


def test_a_release_that_does_not_govern_the_date_validates_nothing(library: Library) -> None:
    late = replace(case_of(option(library, "M10.9")), day=date(2026, 9, 30))
    found = verify(late, Draft((item(),)), library)
    assert found.dropped == ((Failure.NOT_VALID, "o1"),)
