"""Text in and out of Slack."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.text import escape, mentions, one_line, pieces, plain


@pytest.mark.parametrize(
    ("slack", "words"),
    [
        ("<@U1> left knee pain", "left knee pain"),
        ("left knee pain <@U1>", "left knee pain"),
        ("<@U1|codecite> left", "left"),
        ("<@U12> left", "@someone left"),
        ("ask <@U2>", "ask @someone"),
        ("BMI &lt; 19 &amp; weight loss", "BMI < 19 & weight loss"),
        ("&amp;lt;", "&lt;"),
        ("<https://x.test/a?b=1&amp;c=2>", "https://x.test/a?b=1&c=2"),
        ("<https://x.test|the page>", "the page"),
        ("<mailto:a@x.test|a@x.test>", "a@x.test"),
        ("<tel:5551234>", "5551234"),
        ("<#C1|coding>", "#coding"),
        ("<#C1>", "#channel"),
        ("<!here>", "@here"),
        ("<!subteam^S1|@coders>", "@coders"),
        ("<!date^1392734382^{date}|18 Feb 2014>", "18 Feb 2014"),
        ("temp > 38 and HR<90", "temp > 38 and HR<90"),
        ("", ""),
        ("  \n ", ""),
    ],
)
def test_plain(slack: str, words: str) -> None:
    assert plain(slack, "U1") == words


def test_without_a_known_bot_every_mention_is_someone() -> None:
    assert plain("<@U1> x") == "@someone x"


@pytest.mark.parametrize(
    ("text", "bot", "named"),
    [("<@U1> x", "U1", True), ("<@U1|c> x", "U1", True), ("@U1 x", "U1", False),
     ("<@U2> x", "U1", False), ("<@U1> x", None, False)],
)  # fmt: skip
def test_mentions(text: str, bot: str | None, named: bool) -> None:
    assert mentions(text, bot) is named


@given(st.text())
def test_what_is_escaped_is_read_back(text: str) -> None:
    assert "<" not in escape(text)
    assert plain(escape(text)) == text.strip()


@given(st.text(alphabet="ab &<>\n", max_size=200), st.integers(min_value=8, max_value=40))
def test_pieces_fit_lose_nothing_and_keep_entities_whole(text: str, limit: int) -> None:
    escaped = escape(text)
    parts = pieces(escaped, limit)
    assert all(len(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(escaped.split())
    for part in parts:
        assert part.count("&") == sum(part.count(e) for e in ("&amp;", "&lt;", "&gt;"))


def test_one_line() -> None:
    assert one_line(" a\n b\t\r\nc ") == "a b c"
