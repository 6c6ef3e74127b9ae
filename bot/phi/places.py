"""Places smaller than a state: streets, towns, counties, ZIP codes, named institutions.

45 CFR 164.514(b)(2)(i)(B). States and countries survive, and so do towns inside the name of a
disease, score or device (Lyme disease, Boston criteria, Milwaukee brace).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.phi.addresses import CAP, STATE_NAMES, STATES, TOWN, ZIP, find_addresses
from bot.phi.heads import HEADS
from bot.phi.lexicon import WIDE, lexicon
from bot.phi.name_words import headed
from bot.phi.records import Identifier, Span
from bot.phi.strangers import kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.phi.lexicon import Lexicon

_CITY_STATE = rf"{TOWN},[ ]*(?P<state>{STATE_NAMES}|{STATES}\b\.?)(?:[ ,]+{ZIP}(?!\d))?"
_LIVES = re.compile(
    rf"\b(?i:(?:liv(?:es?|ed|ing)|resid(?:es?|ed|ing)|born(?:[ ]and[ ]raised)?|raised|grew[ ]up|mov(?:ed|ing)(?:[ ]here)?|relocat(?:ed|ing)|works?|worked"
    rf"|working|vacation(?:ed|ing)?|retired|visit(?:ed|ing)|travel(?:l?ed|l?ing|s)?(?:[ ]back)?|trips?|flew|drove|commutes|incarcerated|native|originally|hails?)"
    rf"[ ]+(?:in|from|to|at|near|outside(?:[ ]of)?|of|around|back[ ]to|just[ ]outside)|resident[ ]of|native[ ]of|city[ ]of|town[ ]of|village[ ]of|township[ ]of|borough[ ]of|suburb[ ]of|hometown(?:[ ]of|[ ]is)?|(?:city|town|county|municipality|birthplace|place[ ]of[ ]birth|residence|address|hometown|parish|neighborhood|precinct)[ ]*[:|=])[ \t]+(?:the[ ]+)?(?P<v>{TOWN})"
)
_WEAKLY = re.compile(rf"\b(?i:from|near|outside|in|at|to|of|around)[ ]+(?P<v>{TOWN})")
# What follows a street or a town that is already out: "[PLACE-1], Grand Forks", "[PLACE-2] 58201".
_BESIDE = re.compile(
    rf"\[PLACE-\d+\][ ]*(?:,|\n|in\b)?[ ]*(?P<v>{TOWN})(?=[ ]*(?:[,.;\n)]|\Z|\d{{5}}|\[PLACE|(?:{STATES}|{STATE_NAMES})\b))"
    rf"|\[PLACE-\d+\][ ]*,?[ ]*(?:{STATE_NAMES}|{STATES})?[ ,.]*(?P<z>{ZIP})(?![\d\-])"
)
_ZIPPED = re.compile(rf"\b(?P<v>{TOWN}),[ ]*(?P<z>{ZIP})(?![\d\-])")
_FROM = re.compile(
    rf"\b(?i:(?:man|woman|male|female|gentleman|lady|boy|girl|patient|person|child|resident|teacher|worker|farmer|nurse|veteran|student"
    rf"|driver|mechanic|engineer|retiree|immigrant|refugee|visitor|tourist|miner|lawyer|clerk|musician|accountant|carpenter)[ ]+from"
    rf"|(?:is|was|are|were|comes?|came|here|visiting|flew[ ]in|originally|arrived|back|returned|drove[ ]in)[ ]+from|(?<=[.;:\n] )from)[ ]+(?P<v>{TOWN})"
)
_DROVE = re.compile(
    rf"(?:\b(?i:drove|brought|driven|transferred|transported|referred|flown|airlifted|travel(?:l?ed|s)|retired|local|visitor|walked|came|practices|licensed|based)"
    rf"(?:[ ]+[a-z]+){{0,3}}|\b[Pp]t\.?|\[NAME-\d+\]|\b\d+[ ]?(?:yo|y/o|[MF])\b(?:[ ][MF]\b)?)[ ]+(?:(?:here[ ])?from|in)[ ]+(?P<v>{TOWN})(?=[ ]*(?:[,.;\n)]|\Z|with\b|for\b|to\b|by\b))"
)
_DISTRICT = re.compile(
    rf"(?P<v>{TOWN})(?=[ ](?:school[ ]district|public[ ]schools|schools|police|fire[ ](?:department|dept)|ISD|USD|Unified|city[ ](?:hall|council)|post[ ]office)\b)"
    rf"|\b(?:[Pp]rovider|[Pp]atient|[Cc]linician|[Pt]t|located|staying|based|office|home)[ ](?:in|at)[ ]+(?P<w>{TOWN})(?=[ ]*(?:[,.;\n)]|\Z))"
)
# A street without a number: "struck at the corner of Quarry Rd and Fulton Drive".
_ROADS = re.compile(
    r"(?:\b(?:on|off|near|along|down|(?:corner|intersection)[ ]of)|\[PLACE-\d+\][ ]+(?:and|&|at))[ ]+(?:(?:N|S|E|W|NE|NW|SE|SW)\.?[ ]+)?"
    r"(?P<v>(?:(?:[A-ZÀ-Þ][\w'’ʻ\-]*|\d{1,3}(?:st|nd|rd|th))\.?[ ]+){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Court|Parkway|Pkwy"
    r"|Terrace|Highway|Hwy|Turnpike|Circle|Trail)\b)(?![ ]+(?:[Cc]atheter|[Cc]linic))"
)
_DWELLS = re.compile(
    rf"\b(?i:lives?|living|lived|resides?|stays?|staying)[ ](?:on|off|at|by|near|around)[ ](?P<v>{CAP}(?:[ ]{CAP})?)(?![\w])|\bC/O[ ](?P<w>{CAP}(?:[ ]{CAP}){{0,3}})"
)
_ENCLOSED = re.compile(
    rf"(?:\((?=[A-Z][\w ]+(?:\)| outside| facility| clinic| office| hospital))|\[PLACE-\d+\][ ]*[.,][ ]+)(?P<v>{CAP}(?:[ ]{CAP})?)"
)
# A town behind somebody or some place: "Dovie Sigurdsson MD, New Bedford".
_BEHIND = re.compile(
    rf"\[(?:NAME|PLACE)-\d+\](?:,?[ ](?:MD|DO|RN|NP|PA-C|PhD))?,[ ](?P<v>{CAP}(?:[ ]{CAP}){{0,2}})(?=[ ]*(?:[.,;)\n]|\Z))"
)
_LOUD = re.compile(
    r"(?<![\w\-])(?:AT|NEAR|IN|FROM|OF|TO)[ ](?P<v>[A-Z]{3,}(?:[ ][A-Z]{2,})?)(?=[ ]*(?:[.,;)\n]|\Z|(?:ON|BY|AND|WITH|IN|FOR|WHERE|SINCE)\b))"
)
# A town without a capital: "from spokane washington", "out past flagstaff".
_QUIET = re.compile(
    rf"(?<![\w\-])(?:in|from|near|to|past|outside|of|at|around|via|through|lives)[ ](?P<v>[a-z]{{4,}}(?:[ ][a-z]{{4,}})??)(?P<s>,?[ ](?i:{STATE_NAMES}))?(?![\w\-])(?![ ](?:syndrome|disease|criteria|score|classification|virus|fever|sign|test|scale))"
)
_STREET = re.compile(
    r"(?<![\w.\-])(?P<v>(?:[A-ZÀ-Þ][\w'’ʻ\-]*[ ]){1,3}(?:Street|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Drive|Court|Parkway|Pkwy|Highway|Hwy|Turnpike|Terrace|Circle|Trail))(?![\w])"
)
_CLOSE_TO = re.compile(
    rf"\b(?:near|outside(?:[ ]of)?|just[ ]north[ ]of|just[ ]south[ ]of)[ ]+(?P<v>{TOWN})(?=[ ]*(?:[,.;\n)]|\Z|when\b|and\b|on\b|at\b))"
)
_COUNTY = re.compile(
    rf"(?P<v>(?:(?:St|Ste|Mt)\.?[ ]+)?{CAP}(?:[ ]+{CAP})?[ ]+(?:County|Parish|Township|Borough))\b|\b(?i:county[ ]of)[ ]+(?P<w>{CAP}(?:[ ]{CAP})?)"
)
_FACILITY = re.compile(
    rf"(?P<v>(?:(?:St|Mt)\.?[ ]+)?{CAP}(?:[ ]+(?:of[ ]+|and[ ]+|&[ ]+|the[ ]+)*{CAP}){{0,4}}[ ]+"
    r"(?:Hospital|Medical[ ]Center|Health[ ]System|Health[ ]Center|Healthcare|Clinic|Hospice|Infirmary|Sanitarium|Nursing[ ]Home|Rehabilitation(?:[ ]Center)?"
    r"|Elementary|(?:Elementary|High|Middle|Primary)[ ]School|School|University|College|Academy|Church|Manor|Assisted[ ]Living|Senior[ ]Living|Pharmacy|Correctional|Prison|Jail))\b"
)
_CAPWORD = re.compile(rf"\b{CAP}(?:[ ]+{CAP}){{0,2}}")
_WORDS = re.compile(r"[^\W\d_][\w'’]*")
_NEXT = re.compile(r"['’]?s?[ \-]+([A-Za-z]+)(?:[ \-]+([A-Za-z]+))?")
# Words that are no place of their own beside the countries.
_NO_PLACE = WIDE | frozenset(
    """hong hawaii alaska home work hospital clinic emergency department room er ed icu snf ltac rehab facility
    assisted living skilled group independent senior apartment shelter trailer house homeless
    nursing office school urgent care county state metropolitan general memorial regional community
    central university city municipal veterans outpatient inpatient monday tuesday wednesday thursday
    friday saturday sunday january february march april may june july august september october november
    december medicare medicaid va i the a an his her their my our""".split()
)


def _headed(text: str, end: int) -> bool:
    """Whether a noun follows that makes a clinical term of what ends at ``end``."""
    match = _NEXT.match(text, end)
    return match is not None and any(
        word is not None and word.casefold() in HEADS for word in match.groups()
    )


def _wide(place: str) -> bool:
    """Whether ``place`` is a state, a country or no place at all."""
    low = place.casefold()
    return low in lexicon().regions or all(
        word.casefold() in _NO_PLACE for word in _WORDS.findall(place)
    )


def find_places(text: str, *, later: bool = False) -> Iterator[Span]:
    """Places of ``text`` below state, possibly overlapping; ``later`` only beside placeholders."""
    words = lexicon()
    yield from _next_to(text, words)
    if later:
        return
    yield from find_addresses(text)
    for match in _CITY.finditer(text):
        yield from _city_state(text, match, words)
    for match in _COUNTY.finditer(text):
        name = "v" if match["v"] else "w"
        first, _, rest = match[name].casefold().partition(" ")
        if first in _NO_PLACE and " " in rest:
            yield Span(Identifier.PLACE, match.end(name) - len(rest), match.end(name), 150)
            continue
        if first not in _NO_PLACE | {"this", "each", "local", "same", "other", "and", "or"}:
            yield Span(Identifier.PLACE, *match.span(name), 150)
            continue
        yield from _trimmed(match[name], match.start(name), words, keep_last=True)
    for match in _LIVES.finditer(text):
        place = _said(text, match, words)
        if (
            place
            and _town_like(place)
            and not _wide(place)
            and not _headed(text, match.start("v") + len(place))
        ):
            yield Span(Identifier.PLACE, match.start("v"), match.start("v") + len(place), 160)
    for match in _ZIPPED.finditer(text):
        place = match["v"]
        if (
            _town_like(place)
            and not _wide(place)
            and not (" " not in place and words.is_plain(place.casefold()))
        ):
            yield Span(Identifier.PLACE, *match.span("v"), 91)
            yield Span(Identifier.PLACE, *match.span("z"), 88)
    for match in _FROM.finditer(text):
        place = _said(text, match, words)
        if not place or not _town_like(place) or _wide(place) or place.casefold() in words.eponyms:
            continue
        if not _headed(text, match.start("v") + len(place)):
            yield Span(Identifier.PLACE, match.start("v"), match.start("v") + len(place), 160)
    for match in _STREET.finditer(text):
        low = match["v"].casefold().split()
        site = re.match(
            r"[ ](?:office|location|clinic|store|branch|house|apartment|building|site|entrance|garage|lot|shelter)\b",
            text[match.end() : match.end() + 14],
        )
        if (site or not all(words.is_plain(word) for word in low[:-1])) and not _headed(
            text, match.end()
        ):
            yield Span(Identifier.PLACE, *match.span("v"), 87)
    for match in _DISTRICT.finditer(text):
        name = "v" if match["v"] else "w"
        low = match[name].casefold()
        if _wide(low) or not _town_like(match[name]) or words.is_plain(low.split()[0]):
            continue
        yield Span(Identifier.PLACE, *match.span(name), 160)
    for match in _WEAKLY.finditer(text):
        place = _until_plain(match["v"], words)
        low = place.casefold()
        town = low in words.towns and low not in words.words and not _wide(low)
        if low in words.eponyms and match.group()[:2].casefold() in ("of", "at", "to", "ar"):
            town = False  # "circle of Willis"
        if (low in words.cities or town) and not _headed(text, match.start("v") + len(place)):
            yield Span(Identifier.PLACE, match.start("v"), match.start("v") + len(place), 161)
    for match in _FACILITY.finditer(text):
        yield from _trimmed(match["v"], match.start("v"), words, keep_last=True)
    yield from _towns(text, words)
    for match in _DWELLS.finditer(text):
        name = match.lastgroup or "v"
        low = match[name].split()[0].casefold()
        if not _wide(low) and low not in _NO_PLACE and not low.isupper():
            yield Span(Identifier.PLACE, *match.span(name), 164)
    for match in _LOUD.finditer(text):
        low = match["v"].casefold()
        known = low in words.cities or low in words.towns
        odd = all(kind(word) in ("strange", "name", "town") for word in low.split())
        if (
            (known or odd)
            and not _wide(low)
            and low not in words.words
            and low not in words.eponyms
            and not _headed(text, match.end())
        ):
            yield Span(Identifier.PLACE, *match.span("v"), 163)
    for match in _QUIET.finditer(text):
        low = match["v"]
        town = low in words.cities or low in words.towns
        if (
            town
            and not words.is_plain(low)
            and low not in words.regions | WIDE
            and (match["s"] or not words.is_worded(low))
            and low not in words.eponyms
        ):
            yield Span(Identifier.PLACE, *match.span("v"), 162)


def _next_to(text: str, words: Lexicon) -> Iterator[Span]:
    """Places beside what is out already, and the rules that may read it."""
    for match in _BESIDE.finditer(text):
        if match["z"]:
            yield Span(Identifier.PLACE, *match.span("z"), 88)
            continue
        place = _said(text, match, words)
        if place and _town_like(place) and not _wide(place):
            yield Span(Identifier.PLACE, match.start("v"), match.start("v") + len(place), 89)
    for match in _ROADS.finditer(text):
        yield Span(Identifier.PLACE, *match.span("v"), 87)
    for match in (*_CLOSE_TO.finditer(text), *_DROVE.finditer(text)):
        place = _said(text, match, words)
        if not place or not _town_like(place) or _wide(place) or place.casefold() in words.eponyms:
            continue
        if not _headed(text, match.start("v") + len(place)):
            yield Span(Identifier.PLACE, match.start("v"), match.start("v") + len(place), 160)
    for match in _ENCLOSED.finditer(text):
        low = match["v"].casefold()
        if (
            (low in words.cities or low in words.towns)
            and not _wide(low)
            and low not in words.words
        ):
            yield Span(Identifier.PLACE, *match.span("v"), 84)
    for match in _BEHIND.finditer(text):
        low = match["v"].casefold()
        if (
            (low in words.cities or low in words.towns)
            and not _wide(low)
            and low not in words.words
        ):
            yield Span(Identifier.PLACE, *match.span("v"), 163)


def _city_state(text: str, match: re.Match[str], words: Lexicon) -> Iterator[Span]:
    """A town before its state; the state itself stays unless a ZIP code ends the match."""
    town = text[match.start() : match.start("state")].rstrip(" ,")
    parts = list(re.finditer(r"\S+", town))
    first = 0
    # A sentence's first words may stand before the town: "Seen in Portland, OR".
    for index, part in enumerate(parts[:-1]):
        if words.is_plain(part.group().casefold()) and town.casefold() not in words.cities:
            low = " ".join(p.group() for p in parts[index:]).casefold()
            if low in words.cities:
                break
            if part.group().casefold() in _LEAD:
                first = index + 1
    state = match["state"].rstrip(".")
    low = " ".join(part.group() for part in parts[first:]).casefold()
    sure = len(state) > 2 or low in words.cities or re.search(r"\d{5}", match.group()) is not None
    if not sure and (state in _WORDLIKE_STATES or all(words.is_plain(w) for w in low.split())):
        return
    lead = re.search(
        r"(?:\b(?:in|of|at|from|near|to|lives|resides)|[:\d,])[ \t]*\Z",
        text[
            max(0, match.start() + parts[first].start() - 12) : match.start() + parts[first].start()
        ],
    )
    if not sure and lead is None and state in _CLINICAL_STATES:
        return
    if state == "MD" and not sure and any(words.is_name(w) for w in low.split()):
        return
    if (
        low
        and not _wide(low)
        and _town_like(town[parts[first].start() :])
        and not town[1:2].isupper()
    ):
        yield Span(
            Identifier.PLACE, match.start() + parts[first].start(), match.start() + len(town), 90
        )


_LEAD = frozenset(
    "in at of from to near the patient seen lives resides born he she address home".split()
)
_WORDLIKE_STATES = frozenset(
    {"OR", "IN", "ME", "OK", "HI", "PA", "LA", "MA", "ID", "AL", "DE", "CO", "OH"}
)
_CLINICAL_STATES = frozenset(
    "CT MS MI PA CA MD LA RI SC DC AR NC ND VA GA ID DE CO OH PR AL NE MO MT AK WA".split()
)
_CITY = re.compile(_CITY_STATE)


def _town_like(place: str) -> bool:
    """No acronym, level of the spine or other word with a digit."""
    return (
        len(place) > 2 and not any(c.isdigit() for c in place) and any(c.islower() for c in place)
    )


def _said(text: str, match: re.Match[str], words: Lexicon) -> str:
    """The town that a phrase leads to: all of it where punctuation or a ZIP code ends it."""
    place = match["v"]
    closed = re.match(
        rf"[ ]*(?:[.,;)\n]|\Z|(?:(?:{STATES}\b|{STATE_NAMES})[ ]*)?(?:\d{{5}}|\[PLACE)|with\b|since\b|and\b|for\b)",
        text[match.end("v") : match.end("v") + 30],
    )
    if closed and len(place.split()) < 4 and not _wide(place) and " " in place:
        return place
    return _until_plain(place, words)


def _until_plain(place: str, words: Lexicon) -> str:
    """The words of ``place`` up to the first that is no part of a town's name."""
    if place.casefold() in words.cities or (" " in place and place.casefold() in words.towns):
        return place
    end = 0
    for match in re.finditer(r"\S+", place):
        word = match.group().casefold().rstrip(".,")
        known = place[: match.end()].casefold() in words.cities
        if words.is_plain(word) and not known and not (end and word in _TOWN_WORDS):
            break
        end = match.end()
    found = place[:end]
    for city_end in (m.end() for m in re.finditer(r"\S+", place)):
        if place[:city_end].casefold() in words.cities:
            found = place[: max(city_end, len(found))]
    return found


_TOWN_WORDS = frozenset(
    """city beach falls springs park hills heights ridge valley lake village grove point creek rapids
    haven port field bay island center""".split()
)


def _trimmed(name: str, start: int, words: Lexicon, *, keep_last: bool) -> Iterator[Span]:
    """A named institution or county; only where some word of the name is no ordinary one."""
    parts = list(re.finditer(r"\S+", name))
    core = parts[:-1] if keep_last else parts
    first = next(
        (i for i, part in enumerate(core) if not words.is_plain(part.group().casefold().rstrip(".,"))
         and part.group().casefold().rstrip(".,'s") not in _NO_PLACE), None,
    )  # fmt: skip
    if first is not None:
        while first and core[first - 1].group().rstrip(".") in ("St", "Mt", "Saint", "Mount"):
            first -= 1
        yield Span(Identifier.PLACE, start + parts[first].start(), start + len(name), 150)


def _towns(text: str, words: Lexicon) -> Iterator[Span]:
    """Large towns by name alone, unless a clinical noun follows or a name stands around them."""
    for match in _CAPWORD.finditer(text):
        parts = list(re.finditer(r"\S+", match.group()))
        for first in range(len(parts)):
            for last in range(len(parts), first, -1):
                low = match.group()[parts[first].start() : parts[last - 1].end()].casefold()
                town = (
                    " " in low
                    and low in words.towns
                    and any(word not in words.words for word in low.split())
                )
                opens = match.start() == 0 or text[match.start() - 2 : match.start()].strip(
                    " "
                ) in (".", ":", "", "\n")
                if low in words.vocabulary and opens and " " not in low:
                    continue  # "Bend it."
                if (low in words.cities or town) and low not in words.words and not _wide(low):
                    end = match.start() + parts[last - 1].end()
                    alone = first == 0 and last == len(parts)
                    name_like = words.is_name(low) or low in words.eponyms
                    if headed(text, end, 3):
                        break
                    if not _headed(text, end) and (alone or not name_like) and not name_like:
                        yield Span(Identifier.PLACE, match.start() + parts[first].start(), end, 190)
                    break
