"""Names by their shape alone: "Xiomara Q. Vandermolen", "DVORAK, NGOZI", "the Okafor family"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.phi.lexicon import lexicon
from bot.phi.name_words import COMMON, LETTER, WORD, fold, headed, is_known, is_plain_word
from bot.phi.records import Identifier, Span

if TYPE_CHECKING:
    from collections.abc import Iterator


_FAMILY = re.compile(
    rf"\b(?P<v>[A-ZÀ-Þ](?:{LETTER}|['’\-](?={LETTER}))+)(?=[ ](?:family|household|residence|estate)\b)"
)


_INITIALS = re.compile(
    r"(?i:\binitials)[ ]*(?:[:=]|are|is)?[ ]*(?P<a>(?:[A-Z]\.?[ ]?){2,3})(?![\w])"
    r"|(?:^|(?<=[.;:\n] )|(?<=\n))(?P<b>(?:[A-Z]\.[ ]?){2,3})(?=[ ]*(?:is|was)[ ]+an?[ ]+(?:\d|\[AGE|[a-z]+[ -]))"
    r"|\b(?:patient|pt|Patient|Pt)[ ](?P<c>(?:[A-Z]\.){2,3})(?!\w)",
)


_MIDDLED = re.compile(
    rf"(?P<a>[A-ZÀ-Þ](?:{LETTER}|-(?={LETTER}))+)[ ][A-Z]\.[ ](?P<b>[A-ZÀ-Þ](?:{LETTER}|['’\-](?={LETTER}))+)"
)


_SHOUTED = re.compile(
    r"^[ \t]*(?P<v>[A-ZÀ-Þ](?:[A-ZÀ-Þ]|['’\-](?=[A-ZÀ-Þ]))+,[ ]?(?:[A-ZÀ-Þ]|['’\-](?=[A-ZÀ-Þ])){2,}(?:[ ][A-ZÀ-Þ]\b\.?)?)"
    r"(?=[ \t]*(?:\n|\Z|\[|\d|\(|DOB|MRN|[ \t]{2}|,?[ ]?(?:M|F|male|female|age)\b))",
    re.MULTILINE,
)


def shaped(text: str) -> Iterator[Span]:
    """Names by their shape alone: "Xiomara Q. Vandermolen", a line that opens "DVORAK, NGOZI"."""
    words = lexicon()
    for match in _MIDDLED.finditer(text):
        known = any(is_known(match[part], words) for part in "ab")
        if known and not any(
            is_plain_word(match[p], words) and not is_known(match[p], words) for p in "ab"
        ):
            if not headed(text, match.end()):
                yield Span(Identifier.NAME, match.start(), match.end(), 71)
    for match in _SHOUTED.finditer(text):
        parts = [fold(part) for part in WORD.findall(match["v"])]
        if all(
            not words.is_plain(part) and part not in words.eponyms
            for part in parts
            if len(part) > 1
        ):
            yield Span(Identifier.NAME, *match.span("v"), 71)
    for match in _FAMILY.finditer(text):
        low = fold(match["v"])
        if (
            low in words.last
            and (low in COMMON or not words.is_plain(low))
            and match["v"].istitle()
        ):
            yield Span(Identifier.NAME, *match.span("v"), 74)
    for match in _INITIALS.finditer(text):
        start, end = match.span(match.lastgroup or 0)
        yield Span(Identifier.NAME, start, start + len(text[start:end].rstrip()), 74)
