"""Streets with their numbers, boxes and ZIP codes, and how the names of towns and states look."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.phi.records import Identifier, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

CAP = r"[A-ZÀ-Þ][\w'’\-]*\w"
TOWN = (
    rf"(?:(?:St|Ft|Mt|Pt)\.?[ ]+)?{CAP}"
    rf"(?:[ ]+(?:of[ ]+|on[ ]+|de[ ]+|la[ ]+|del[ ]+|the[ ]+)?(?:d['’])?{CAP}){{0,3}}"
)
STATES = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|PR|RI|S[CD]|T[NX]|UT"
    r"|V[AIT]|W[AIVY])"
)
STATE_NAMES = (
    r"(?:Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho"
    r"|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota"
    r"|Mississippi|Missouri|Montana|Nebraska|Nevada|New[ ]Hampshire|New[ ]Jersey|New[ ]Mexico|New[ ]York"
    r"|North[ ]Carolina|North[ ]Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode[ ]Island|South[ ]Carolina"
    r"|South[ ]Dakota|Tennessee|Texas|Utah|Vermont|Virginia|West[ ]Virginia|Wisconsin|Wyoming|Puerto[ ]Rico)"
)
_SUFFIX = (
    r"(?:street|str|st|avenue|aven|ave|av|road|rd|boulevard|blvd|lane|ln|drive|drv|dr|court|crt|ct|way|place|pl"
    r"|terrace|ter|circle|cir|highway|hwy|parkway|pkwy|trail|trl|square|sq|loop|alley|aly|plaza|plz|pike|turnpike"
    r"|crescent|route|rte|broadway|row|ridge|commons|crossing|xing|heights|hts|bend|path|mews|expressway|expy)"
)
_UNIT = r"(?:[,]?[ ]*\d{1,3}(?:st|nd|rd|th)[ ](?:floor|fl)\b|[,]?[ ]*(?:rear|upper|lower|front|basement|penthouse)\b|[,]?[ \n]*(?:apt|apartment|suite|ste|unit|bldg|building|floor|fl|rm|room|lot|trlr|no|\#)\.?[ ]*\#?[ ]*[A-Z0-9\-]{1,6}\b)"
ZIP = r"\d{5}(?:-\d{4})?"
_ADDRESSES = (
    rf"(?<![\w/.\-])\d{{1,6}}[A-Za-z]?(?:[ ]1/2)?[ ]+(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.?[ ]+)?"
    rf"(?:(?:[A-ZÀ-Þ][\w'’\-]*|\d{{1,3}}(?:st|nd|rd|th))\.?[ ]+){{1,4}}(?i:{_SUFFIX})\b\.?(?:[ ]+(?:N|S|E|W|NE|NW|SE|SW)\b)?(?i:{_UNIT})?",
    rf"(?<![\w/.\-])\d{{1,6}}[ ]+(?:(?:[ns]?[ew]?|north|south|east|west)[ ]+)?(?:[a-z]{{3,}}[ ]+){{1,2}}(?:street|avenue|boulevard|lane|road)\b(?i:{_UNIT})?",
    r"(?<![\w/.\-])\d{1,6}[ ]+(?:Broadway|Main[ ]St\.?|(?:County|State)[ ](?:Road|Rd|Route|Hwy)[ ]\d+|Highway[ ]\d+|Hwy\.?[ ]\d+|Route[ ]\d+|Rte\.?[ ]\d+|Avenue[ ](?:[A-Z]|of[ ][A-Z]\w+(?:[ ][A-Z]\w+)?))\b",
    r"(?i:\b(?:p\.?[ ]?o\.?[ ]?box|post[ ]office[ ]box|rural[ ]route|rr[ ]*\#?[ ]*\d+[ ,]+box)[ ]*\#?[ ]*\d{1,6}(?:[ ,]+box[ ]+\d+)?)",
    r"(?<![\w/.\-])\d{1,5}[A-Za-z]?[ ]+(?i:rue|calle|avenida|av\.|via|camino|paseo|rua|chemin|strasse|boulevard|plaza|camino real|calzada|carrera|avenue)(?:[ ](?:de|del|la|las|los|du|des|of))*(?:[ ][A-ZÀ-Þ][\w'’\-]+){1,3}",
    r"\b(?:PSC|CMR|Unit)[ ]\d{1,5},?[ ]Box[ ]\d{1,5}\b",
    r"(?<![\w/.\-])\d{1,6}[ ](?:(?!y|yo|mg|units|pills|tabs|days|hours|more)[a-z]{3,}[ ]){1,2}(?:apt|apartment|unit|suite)\.?[ ]?\#?[A-Za-z0-9]{1,4}\b",
    r"(?i:(?<=\w[ ,])(?:apt|apartment|suite|ste)\.?[ ]*\#?[ ]*(?=[A-Z]?\d)[A-Z0-9\-]{1,6}\b)",
)  # fmt: skip
_ZIPS = (
    rf"(?i:\bzip(?:[ ]?code)?|\bpostal[ ]?code|\bpostcode)[ \t]*(?:[:#=|]|is|of)?[ \t]*(?P<v>{ZIP})(?!\d)",
    rf"(?:{STATE_NAMES}|(?<=,[ ])ID|(?<=[,\s])(?!ID){STATES})[ ,.]+(?P<v>{ZIP})(?![\d\-])",
    r"(?<![\d\-\w])(?P<v>\d{5}-\d{4})(?![\d\-])",
    r"(?i:\bpost[ ]?code[ ]*[:=]?[ ]*|(?<=, )|(?<=\] ))(?P<v>[A-Z]{1,2}\d[A-Z\d]?[ ]\d[A-Z]{2})(?!\w)",
    r"(?:(?i:\bpostal[ ]?code)[ ]*[:=]?[ ]*|\b(?:ON|BC|QC|AB|MB|SK|NS|NB|NL|PE|Ontario|Quebec|Alberta|Manitoba)[ ,]+)(?P<v>[A-Z]\d[A-Z][ ]?\d[A-Z]\d)(?!\w)",
    rf"\b{STATES}[;|^*\t]{{1,2}}[ ]?(?P<v>{ZIP})(?![\d\-])",
)
_COMPILED_ADDRESSES = tuple(re.compile(pattern) for pattern in _ADDRESSES)
_COMPILED_ZIPS = tuple(re.compile(pattern) for pattern in _ZIPS)


def find_addresses(text: str) -> Iterator[Span]:
    """Streets, boxes and ZIP codes of ``text``, possibly overlapping."""
    for rank, pattern in enumerate(_COMPILED_ADDRESSES):
        for match in pattern.finditer(text):
            yield Span(Identifier.PLACE, match.start(), match.end(), 52 + rank)
    for pattern in _COMPILED_ZIPS:
        for match in pattern.finditer(text):
            yield Span(Identifier.PLACE, *match.span("v"), 88)
