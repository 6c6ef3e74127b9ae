"""Slack's text in and out: from a message to plain words, and back without letting words act.

Slack escapes three characters (&, <, >) and gives `<…>` a meaning: mentions, channels, links,
dates, broadcasts. What a person or a code set wrote must never reach Slack unescaped, or a note
that quotes `<!channel>` would notify everyone.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"<([^<>]*)>")
_DATE = re.compile(r"!date\^[^|]*\|(.*)", re.DOTALL)


def plain(text: str, bot_user_id: str | None = None) -> str:
    """The words of a Slack message, without the bot's own mention and with entities resolved.

    >>> plain("<@U1> pain &amp; swelling, see <https://x.test|x> for <@U2>", "U1")
    'pain & swelling, see x for @someone'
    """

    def words(match: re.Match[str]) -> str:
        return _token(match.group(1), bot_user_id)

    bare = _TOKEN.sub(words, text)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        bare = bare.replace(entity, character)
    return bare.strip()


def _token(inside: str, bot_user_id: str | None) -> str:
    if inside.startswith("@"):
        name = inside[1:].split("|", 1)[0]
        return "" if name == bot_user_id else "@someone"
    if (dated := _DATE.match(inside)) is not None:
        return dated.group(1)
    label = inside.split("|", 1)[1] if "|" in inside else ""
    if inside.startswith("#"):
        return f"#{label}" if label else "#channel"
    if inside.startswith("!"):
        return label or f"@{inside[1:].split('^', 1)[0]}"
    return label or inside.removeprefix("mailto:").removeprefix("tel:")


def mentions(text: str, bot_user_id: str | None) -> bool:
    """Whether the message names the bot."""
    return bot_user_id is not None and f"<@{bot_user_id}" in text


def escape(text: str) -> str:
    """Text that Slack shows as it is: no mention, link, broadcast or entity takes effect.

    >>> escape("<!channel> R&D")
    '&lt;!channel&gt; R&amp;D'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def one_line(text: str) -> str:
    """The text with every run of white space, line breaks included, as one space."""
    return " ".join(text.split())


def pieces(text: str, limit: int) -> list[str]:
    """Cut escaped mrkdwn into parts of at most ``limit`` characters, losing nothing but the break.

    Breaks at a line end, else at a space, else between characters, never inside an entity.

    >>> pieces("one two three", 8)
    ['one two', 'three']
    """
    parts: list[str] = []
    rest = text
    while len(rest) > limit:
        cut = rest.rfind("\n", 1, limit + 1)
        if cut < 1:
            cut = rest.rfind(" ", 1, limit + 1)
        if cut < 1:
            cut = _outside_entity(rest, limit)
            parts.append(rest[:cut])
            rest = rest[cut:]
        else:
            parts.append(rest[:cut])
            rest = rest[cut + 1 :]
    parts.append(rest)
    return [part for part in parts if part.strip()] or [""]


def _outside_entity(text: str, cut: int) -> int:
    """``cut``, moved left of an entity (`&amp;`) it would split."""
    start = text.rfind("&", max(0, cut - 4), cut)
    if start > 0 and ";" not in text[start:cut]:
        return start
    return cut
