"""Names as registers, boards and journals write them: "Mendes GA", "SO, ULISES L", "Niamh Do"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.phi.called import BARRED, CAP, SHORT_SURNAMES, in_list
from bot.phi.lexicon import drug_words, lexicon
from bot.phi.name_words import CREDENTIALS, LETTER, fold
from bot.phi.records import Identifier, Span
from bot.phi.roles import DOERS
from bot.phi.strangers import kind
from codesets.abbreviations import meanings

if TYPE_CHECKING:
    from collections.abc import Iterator

_RANK = 78

PART = r"(?:(?:[Dd]e|[Vv]an|[Vv]on|[Ll]a|[Dd]el|[Dd]er|[Dd]en|[Dd]i|[Dd]a|[Ee]l|[Aa]l|[Bb]in|[Ss]t\.?|[Ó]|DE|LA|VAN|VON|DER|DEL)[ ])"


# "Mendes GA": surname and initials as registers and journals write them.
_REGISTERED = re.compile(
    rf"(?<![\w\-])(?P<v>{PART}{{0,3}}(?:[Aa]l-)?(?P<l>[A-ZÀ-Þ](?:{LETTER}|['’\-](?={LETTER}))+)(?:[ ]y[ ]{CAP})?[ ](?P<i>[A-Z]{{2}}))(?=[ ]?[,;.(\n|]|[ ]{{2}}|\Z|[ ]?/)"
)


_STATES = frozenset(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY UK AM".split()
)


_RELEASE = frozenset(
    "II IV VI XL SR CR ER XR LA DS IR DR EC HD PF ODT HFA PO IV IM SQ SC PR PM BP HR RR MD DO RN NP PA PT OT RT DC OD OS OU LT RT UE LE US MR CT XR ED ER OR IN ON AT TO OF BY AS IS NO AL AK AZ AR CA CO FL GA HI ID IL IA KS KY ME MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK RI SD TN TX UT VT VA WA WV WI WY".split()
)


_SHORT = re.compile(
    rf"(?<![\w\-.])(?P<v>(?P<f>{CAP})[ ](?P<l>[A-Z][a-z]))(?=[ ]?[,;.()\n|]|[ ]{{2}}|\Z|[ ](?:is|was|has|MD|RN|DO|NP|and|to|reports|denies|in|at|who|with|for|RT|PA|\d))"
)


_TITLED_SHORT = re.compile(
    r"\b(?:Dr|Drs|Mr|Mrs|Ms|Prof|Miss)\.?[ ](?P<v>[A-Z](?:[a-z]{1,2})?)(?![\w.]\w|\w)|\b(?:[Bb]aby|bb)[ ](?:[Bb]oy|[Gg]irl)[ ](?P<w>[A-Z][a-z]+)(?![\w])|\b(?:by|per|with|w/|Dr|fellow|operators?|scrub|tech|RN|RT|//|neo|nurse)[ ](?P<x>(?!Dr|Mr|Ms|St|Mt|Ft|No|Pt|Rt|Lt)[A-Z][a-z])(?=[ ]?[,;.)\n/|]|[ ]{2}|\Z)"
)


_LOUD_COMMA = re.compile(
    r"(?<![\w\-])(?P<v>(?P<l>(?:[A-ZÀ-Þ][A-ZÀ-Þ'’\-]*[ ]){0,3}[A-ZÀ-Þ][A-ZÀ-Þ'’\-]+),[ ]?(?P<f>[A-ZÀ-Þ][A-ZÀ-Þ'’\-]+)(?:[ ][A-Z]\b\.?)?)(?![a-z])"
)


_SOFT_COMMA = re.compile(
    rf"(?<![\w\-])(?P<v>{PART}{{1,3}}(?P<l>{CAP}),[ ](?P<f>{CAP})(?:[ ][A-Z]\b\.?)?)(?![\w\-])"
)


_LOUD_SLASH = re.compile(
    r"(?<![\w\-/])(?P<a>[A-ZÀ-Þ][A-ZÀ-Þ'’\-]{2,})/(?P<b>[A-ZÀ-Þ][A-ZÀ-Þ'’\-]{2,})(?![\w\-/])"
)


_STAFFED = re.compile(
    r"\((?P<t>[A-Z]{2,3}),[ ](?=\d{1,2}[/\-]|\[DATE)|\b(?:RPh|RN|MD|tech|nurse)[ ]on[ ](?:duty|call)[ :]+(?P<x>[A-Z]{2,3})(?=[ ]?[|,;.)\n])|(?:by|typist|trans|dd|dt)[ :]+(?P<y>[a-z]{2,3}[/:][a-z]{2,3})(?![\w/])|(?<![\w.])(?P<z>(?:[A-Z]\.){2,3})(?=,?[ ](?:aged?[ ]\d|\d{1,3}[ ]?(?:yo\b|y/o|[MF]\b|year)))|\b(?:tech|nurse|scribe|ordering|reader|operator|initials|staff|prep|embryologist)[ :]+(?P<v>[A-Z]{3})(?=[ ]?[|,;)\n])|\#\d+[ ](?P<w>[A-Z]{2,3})(?=[ ]/[ ])"
)


_COMMA_INITIAL = re.compile(
    rf"(?<![\w\-])(?P<v>(?P<l>(?:(?:DE|LA|VAN|VON|DER|DEL|De|La|Van|Von|Del|St\.|EL|AL)[ ]){{0,2}}(?:{CAP})),[ ][A-Z]\.)(?=[ ]?[;,)\n|]|[ ]{{2}}|\Z|[ ]\(|[ ](?:and|MD|RN|DO|NP|PA|\d))"
)


_ONE_LETTER = re.compile(rf"(?<![\w\-.])(?P<v>(?P<f>{CAP})[ ][A-Z])(?=,[ ])")


def registered(text: str) -> Iterator[Span]:
    """Names as lists and registers write them: "Mendes GA", "Niamh Do", "SO, ULISES L"."""
    words = lexicon()
    for match in _REGISTERED.finditer(text):
        low, initials = fold(match["l"]), match["i"]
        if initials in _RELEASE and not (
            in_list(low, words.last) and initials in _STATES and low not in words.cities
        ):
            continue
        led = match["v"] != f"{match['l']} {initials}" or re.search(
            r"(?:\[NAME-\d+\]|[A-Z]{2}),[ ]\Z", text[max(0, match.start() - 12) : match.start()]
        )
        if meanings(initials) and kind(low) not in ("name", "strange") and len(low) > 2 and not led:
            continue
        short = low in SHORT_SURNAMES
        if (
            kind(low) == "both"
            and not short
            and not re.search(
                r"[:,;|(][ ]+\Z|[ ]{2}\Z", text[max(0, match.start() - 4) : match.start()]
            )
        ):
            continue  # "Long QT"
        if (
            (
                short
                or (kind(low) in ("both", "eponym") and in_list(low, words.last))
                or kind(low) in ("name", "strange")
            )
            and low not in BARRED - {"do"}
            and low not in drug_words()
        ):
            yield Span(Identifier.NAME, *match.span("v"), _RANK)
    for match in _SHORT.finditer(text):
        first, last = fold(match["f"]), fold(match["l"])
        if (
            last in SHORT_SURNAMES
            and (first in words.first or kind(first) == "name")
            and first not in DOERS
            and last not in ("pa", "ed", "st")
        ):
            yield Span(Identifier.NAME, *match.span("v"), _RANK)
    for match in _TITLED_SHORT.finditer(text):
        yield Span(Identifier.NAME, *match.span(match.lastgroup or "v"), _RANK)
    for pattern in (_LOUD_COMMA, _SOFT_COMMA):
        for match in pattern.finditer(text):
            parts = match["l"].split()
            first, last = fold(match["f"]), fold(parts[-1])
            if (
                not (
                    in_list(first, words.first)
                    or (
                        kind(first) == "name"
                        and (
                            last in SHORT_SURNAMES
                            or (
                                pattern is _LOUD_COMMA
                                and (in_list(last, words.last) or kind(last) == "name")
                            )
                        )
                    )
                )
                or (last in BARRED and len(last) > 2)
                or meanings(match["f"])
                or (meanings(parts[-1]) and text[match.start() - 2 : match.start()] != ": ")
            ):
                continue
            if (
                in_list(last, words.last)
                or last in SHORT_SURNAMES
                or kind(last) in ("name", "strange")
            ):
                skip = 0
                while skip < len(parts) - 1 and (
                    parts[skip].casefold() not in PARTICLED
                    and kind(fold(parts[skip])) not in ("name", "strange")
                ):
                    skip += 1
                start = match.start("v") + sum(len(part) + 1 for part in parts[:skip])
                yield Span(Identifier.NAME, start, match.end("v"), _RANK)
    for match in _LOUD_SLASH.finditer(text):
        lows = [fold(match["a"]), fold(match["b"])]
        kinds = [kind(low) for low in lows]
        if (
            any(low in words.first for low in lows)
            and set(kinds) <= {"name", "strange", "both", "town"}
            and "name" in kinds
        ):
            yield Span(Identifier.NAME, match.start(), match.end(), _RANK)
    for match in _STAFFED.finditer(text):
        said = match[match.lastgroup or "v"]
        if (
            "." in said
            or "/" in said
            or (
                not meanings(said)
                and kind(said.casefold()) not in ("plain", "label")
                and not re.fullmatch(CREDENTIALS, said)
            )
        ):
            yield Span(Identifier.NAME, *match.span(match.lastgroup or "v"), _RANK)
    for match in _COMMA_INITIAL.finditer(text):
        low = fold(match["l"].split()[-1])
        if (
            low in SHORT_SURNAMES
            or kind(low) in ("name", "strange")
            or (kind(low) in ("both", "eponym") and in_list(low, words.last))
        ):
            yield Span(Identifier.NAME, *match.span("v"), _RANK)
    for match in _ONE_LETTER.finditer(text):
        if in_list(fold(match["f"]), words.first) and kind(fold(match["f"])) == "name":
            yield Span(Identifier.NAME, *match.span("v"), _RANK)


PARTICLED = frozenset("de la van von der del den di da el al bin st st. y ó mac".split())
