"""Provider queries: indicators from the text, every option, a neutral question, no payment."""

from __future__ import annotations

import pytest
from slack_support import answered, question, suggestion

from bot.answer import Gap, Quote
from bot.clarify import FORBIDDEN, OTHER, UNDETERMINED, draft_query


def test_a_query_quotes_the_record_and_offers_every_option() -> None:
    query = draft_query(answered(question()))
    assert query is not None
    assert query.indicators == ("type 2 diabetes with diabetic CKD", "CKD stage 3a")
    (point,) = query.points
    assert point.options == ("Insulin", "Oral drugs", OTHER, UNDETERMINED)
    text = query.text()
    assert text.index("Clinical indicators") < text.index("use of insulin")
    assert "E11.22" not in text
    assert "Z79.4" not in text
    assert FORBIDDEN.search(text) is None


def test_no_gap_is_no_query() -> None:
    assert draft_query(answered(question(), gaps=())) is None


@pytest.mark.parametrize(
    "gap",
    [
        Gap("which option raises the DRG", ("a", "b"), ()),
        Gap("type", ("with MCC", "without MCC"), ()),
        Gap("  ", ("a",), ()),
    ],
)
def test_a_gap_that_speaks_of_payment_is_not_asked(gap: Gap) -> None:
    assert draft_query(answered(question(), gaps=(gap,))) is None


def test_unspecified_is_no_option_and_other_stands_once() -> None:
    gap = Gap("type", ("type 1", "unspecified", "Other"), ())
    query = draft_query(answered(question(), gaps=(gap,)))
    assert query is not None
    assert query.points[0].options == ("Type 1", OTHER, UNDETERMINED)


def test_a_quote_within_another_is_left_out() -> None:
    quotes = (Quote("CKD", 0, 3), Quote("CKD stage 3a", 0, 12))
    query = draft_query(answered(question(), suggestions=(suggestion(evidence=quotes),)))
    assert query is not None
    assert query.indicators == ("CKD stage 3a",)


def test_a_text_without_quotes_is_its_own_indicator() -> None:
    query = draft_query(answered(question("fracture of wrist"), suggestions=()))
    assert query is not None
    assert query.indicators == ("fracture of wrist",)
