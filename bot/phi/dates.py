"""Dates more exact than a year, in every usual way of writing them, and ages over 89.

45 CFR 164.514(b)(2)(i)(C): all elements of dates except the year, and all ages over 89. Intervals
("for 2 weeks"), times of day, days of the week on their own and years on their own survive.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.phi.lexicon import drug_words, lexicon
from bot.phi.records import Identifier, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MONTH = (
    r"(?P<m>jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_MONTH2 = _MONTH.replace("?P<m>", "?:")
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_TH = r"(?:st|nd|rd|th)"
_SPELLED = (
    r"(?:(?:twenty|thirty)[ \-])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
    r"|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth"
    r"|nineteenth|twentieth|thirtieth"
)
_YEAR = r"(?:(?:18|19|20|21)\d{2})"
# A year as it is dictated: "nineteen fifty six", "twenty twenty one", "two thousand four".
_SAID_YEAR = r"(?:[ ,]+(?:nineteen|twenty|two[ ]thousand)(?:[ ]and)?(?:[ \-](?:hundred|oh|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|one|two|three|four|five|six|seven|eight|nine)){1,2})?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\.?,?[ ]+(?:the[ ]+)?)?"
_TO = r"[ \t]*(?:-|–|—|/|&|,|\bto\b|\bthrough\b|\bthru\b|\buntil\b|\band\b|\bor\b)[ \t]*"
# Words after which a bare "3/4" is a date.
_BEFORE = (
    r"(?:on|since|until|till|til|by|before|after|dated?|re-?check(?:ed)?|repeat(?:ed)?|return(?:s|ed)?|rtc|available|available by|deadline|starts?|ends?|given|cut|stitches out|removal|refill(?:ed)?|booster|vaccine|shot|dose \d|delivered|delivery|placed|removed|inserted|implanted|of|from|between|through|thru|during|for|starting|started"
    r"|began|beginning|ending|ended|effective|eff|due|as of|per|seen|admitted|adm|admit|discharged|d/?c'?e?d?|dob|dos|doa|dod"
    r"|doi|lmp|edd|edc|born|birth|birthdate|birthday|visit|appt|appointment|follow[ -]?up|f/u|fu|last|next|collected|drawn|resulted"
    r"|received|reported|signed|performed|completed|surgery|procedure|scheduled|rescheduled|labs?|culture[sd]?|cx|bcx|ucx|biopsy"
    r"|ct|mri|xr|cxr|us|echo|ekg|ecg|colonoscopy|egd|mammogram|dexa|pet|scan|x-?ray|imaging|injury|accident|fall|fell|onset"
    r"|expires|expired|exp|died|deceased|transferred|consult(?:ed)?|note|today|yesterday|tomorrow|this am|mon|tue|tues|wed|thu"
    r"|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|week of|w/?o|night of|morning of|and|vs|to|at|date|bm|(?:last|next|first|since|w/|noted|done|neg|pos|removed|placed|started|stopped)[ ]\w+)"
)
_SCORED = re.compile(
    r"\b(?:pain|strength|motor|power|score[sd]?|rat(?:ed?|ing)|scale|murmur|severity|graded?|vision|acuity|va|reflex(?:es)?|dtrs?"
    r"|pulses?|tone|nrs|vas|mood|anxiety|gcs|glasgow|phq|gad|mmse|moca|apgars?|sem|intensity|mmt|biceps|triceps|quadriceps|deltoid|grip"
    r"|fatigue|severe|discomfort|headache|bp|ratio|fev1|nyha|level|bottles?|sets?|nodes?|swallow|stations?|effacement|tab(?:let)?s?"
    r"|dose|drops?|confidence|wells|positive|criteria|aches?|aching|soreness|hurts?|worst|best|baseline|out of|epworth|curb|titers?|agglutinat\w+|anti-?\w+|serology|dilution|positive at)\b",
    re.IGNORECASE,
)
_AFTER_NO_DATE = re.compile(
    r"\s*(?:strength|murmur|pain|ns\b|normal saline|tablets?|tabs?\b|systolic|diastolic|scale|sem\b|power|motor|pulses|reflex|dtr"
    r"|of\b|mg|ml|cup|inch|in\b(?!\s+the)|lb|dose|severity|intensity|points?|blood cultures|bottles?|nodes?|positive|quadrants?"
    r"|times|throughout|bilateral(?:ly)?|in severity|on (?:a|the) (?:pain )?scale|weekly|criteria|sets?|way|full|to light|upper|lower"
    r"|left|right|grade|holosystolic|ejection|in all|in (?:both|bilateral|the (?:upper|lower|left|right)))\b",
    re.IGNORECASE,
)  # fmt: skip
_UNIT = re.compile(
    r"\s*(?:%|mg|mcg|ml|cc|units?|tabs?|tablets?|times|x\b(?!-)|days?|weeks?|months?|hours?|hrs?|mins?|minutes"
    r"|films?|strips?|patch(?:es)?|caps(?:ules)?|doses?|puffs|drops|cm\b|mm\b|°|mmhg|/\d)",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\s*(?:lymph|nodes?|cores?|biops\w+|samples?|patients|cases|teeth|joints?|sessions?|treatments?|fractions?|cycles?|visits?"
    r"|positive|were|are|criteria|points|on the|weeks|kg|mmhg|days)\b",
    re.IGNORECASE,
)
_MONTH_BEFORE = re.compile(
    r"\b(?:in|since|last|early|late|mid|of|by|until|till|through|this|next|from|around|before|after|during|every"
    r"|for|between|to|(?:in|since|between|from|of|early|late)[ ](?:early[ ]|late[ ]|mid-?)?[A-Z][a-z]{2,8}[ ](?:and|or)|the (?:beginning|middle|end) of|past|previous|following|back in|on|as of|again|expected|due|dated|as early as)[ \-]+\Z",
    re.IGNORECASE,
)
_AMBIGUOUS = frozenset(
    {"may", "march", "mar", "dec", "sep", "oct", "jan", "june", "april", "august"}
)


def _number_ok(first: str, second: str) -> bool:
    """Whether two numbers may be month and day, in either order."""
    a, b = int(first), int(second)
    return 1 <= a <= 31 and 1 <= b <= 31 and (a <= 12 or b <= 12)


def _numeric(text: str, match: re.Match[str]) -> bool:
    if not _number_ok(match["a"], match["b"]):
        return False
    if match["s"] != "/" and text[match.start() - 1 : match.start()] in ("-", "–"):
        return False
    before = text[max(0, match.start() - 14) : match.start()].casefold()
    short = len(match["y"]) == 2
    if (
        short
        and match["s"] in "-–"
        and re.search(r"(?<![a-z])(?:gcs|tpal|para|[gp]\d*)\s*:?\s*\Z", before)
    ):
        return False
    if short and match["s"] == ".":
        two = len(match["a"]) == 2 and len(match["b"]) == 2
        two = two or (
            12 < int(match["b"]) <= 31 and re.search(r"[A-Za-z,]\s\Z", before) is not None
        )
        headed = text[match.end() : match.end() + 1] == ":"  # a note's heading: "Podiatry 11.7.24:"
        return (
            two
            or headed
            or re.search(r"\b(?:on|since|dob|dos|dated?|from|to|until|by)[: ]*\Z", before)
            is not None
        )
    return True


def _slashed(text: str, match: re.Match[str]) -> bool:
    """A bare month/day after a word that dates; scores, strengths and fractions are refused."""
    first, second = match["a"], match["b"]
    if not (1 <= int(first) <= 12 and 1 <= int(second) <= 31):
        return False
    start, end = match.start("a"), match.end("b")
    if _AFTER_NO_DATE.match(text, end):
        return False
    clause = re.split(r"[.;\n]", text[max(0, start - 45) : start])[-1]
    following = re.split(r"[.;,\n]", text[end : end + 24])[0]
    doubtful = int(second) in (5, 6, 10) or match["w"].casefold() in (
        "for",
        "at",
        "to",
        "and",
        "vs",
        "of",
        "from",
    )
    return not (doubtful and (_SCORED.search(clause) or _SCORED.search(following)))


def _bare(text: str, match: re.Match[str]) -> bool:
    """A month/day with a day no score or fraction usually has below it: "recheck 7/26"."""
    if not 1 <= int(match["a"]) <= 12 or _AFTER_NO_DATE.match(text, match.end()):
        return False
    if _UNIT.match(text, match.end()) or _COUNTED.match(text, match.end()):
        return False
    before = re.split(r"[.;\n]", text[max(0, match.start() - 45) : match.start()])[-1]
    if _SCORED.search(before) or _SCORED.match(text, match.end() + 1):
        return False
    if re.search(
        r"\b(?:days?|wk|weeks?|visits?|cycle|session|fraction|fx|treatment|part)[ ]?#?\Z",
        before,
        re.I,
    ):
        return False  # "ceftriaxone day 4/14"
    word = re.search(r"([A-Za-z][\w\-]*)[:,;(]? \Z", before)
    return word is None or not (_measures(word[1].casefold()))


def _measures(low: str) -> bool:
    """Whether a word before a fraction is a drug or carries the name of a test: "Ishihara 12/14"."""
    return low in drug_words() or low in lexicon().eponyms


def _falling(text: str, match: re.Match[str]) -> bool:
    """A month/day whose month is the greater: no score exceeds its scale, so it is a date."""
    if not (int(match["b"]) < int(match["a"]) <= 12 and int(match["b"]) > 0):
        return False
    before = re.split(r"[.;\n]", text[max(0, match.start() - 30) : match.start()])[-1]
    if re.search(
        r"(?:\b(?:bp|ratio|vision|va|apgars?|od|os|ou|i/?e|ps|peep|vent|settings?|bipap|cpap|pressures?|reps|sets|titer|snellen|visual)\b|\d/\d+,?)[^.;\n]{0,10}\Z",
        before,
        re.IGNORECASE,
    ):
        return False
    if (word := re.search(r"([A-Za-z][\w\-]*)[:,;(]? \Z", before)) and _measures(
        word[1].casefold()
    ):
        return False
    return not (_AFTER_NO_DATE.match(text, match.end()) or _UNIT.match(text, match.end()))


def _clocked(_text: str, match: re.Match[str]) -> bool:
    return 1 <= int(match["a"]) <= 12 and 1 <= int(match["b"]) <= 31


def _leading(text: str, match: re.Match[str]) -> bool:
    """A month/day that opens a line or an entry: "3/4 - WBC 12"."""
    if not (1 <= int(match["a"]) <= 12 and 1 <= int(match["b"]) <= 31):
        return False
    end = match.end("b")
    if _AFTER_NO_DATE.match(text, end) or _COUNTED.match(text, end):
        return False
    return int(match["b"]) not in (5, 6, 10)


def _range(text: str, match: re.Match[str]) -> bool:
    ok = all(
        1 <= int(match[a]) <= 12 and 1 <= int(match[b]) <= 31 for a, b in (("a", "b"), ("c", "d"))
    )
    if not ok or _AFTER_NO_DATE.match(text, match.end()):
        return False
    clause = re.split(r"[.;\n]", text[max(0, match.start() - 45) : match.start()])[-1]
    same = match["b"] == match["d"] and int(match["b"]) in (4, 5, 6, 10)
    return not (same or _SCORED.search(clause))


def _with_day(text: str, match: re.Match[str]) -> bool:
    """A month's name beside a day: words that only look like a month are refused."""
    month, whole = match["m"], match.group()
    if re.search(r"\d{4}|\d(?:st|nd|rd|th)|of|first|second|third|th\b|'\d", whole, re.IGNORECASE):
        return not (month == "OCT" and re.fullmatch(r"OCT[ .]+\d{4}", whole))
    if _UNIT.match(text, match.end()) or text[match.end() : match.end() + 2] in ("-0", "/1"):
        return False
    if month.casefold() in _AMBIGUOUS and month[0].islower():
        return False
    return month not in ("OCT", "MAR", "SEP", "DEC") or whole != whole.upper() or len(whole) > 6


def _month_alone(text: str, match: re.Match[str]) -> bool:
    month = match["m"]
    low = month.casefold()
    if len(low) < 4 and low != "may":
        return False
    end = match.end("m")
    if text[end : end + 1] in ("-", "–") or text[end : end + 2] in ("'s", "’s"):
        return text[end + 1 : end + 2].upper() not in ("T", "G", "S", "W", "H")
    before = text[max(0, match.start("m") - 24) : match.start("m")]
    dated = _MONTH_BEFORE.search(before)
    if low in ("may", "march", "august", "april", "june"):
        if dated is None:
            return False
        if low in ("may", "march") and month[0].islower():
            return (
                re.search(r"\b(?:in|since|last|early|late|mid|of|until|during)[ \-]+\Z", before)
                is not None
            )
        if low in ("april", "june", "may") and text[end : end + 2].strip() == "":
            return (
                re.match(r"\s+[A-Z]|\s+(?:is|was|reports|hegglin|thurner|repeat)\b", text[end:])
                is None
            )
        return True
    return month[0].isupper() or dated is not None


def _nth(_text: str, match: re.Match[str]) -> bool:
    return int(match["d"]) <= 31


def _aged(text: str, match: re.Match[str]) -> bool:
    """Tell that "93F" is a woman of 93; "99 F" after a word of temperature is none."""
    rest = text[match.end() : match.end() + 3].strip(" -")
    before = text[max(0, match.start() - 30) : match.start()]
    if rest[:1] == "F" and rest[1:2].strip() == "":
        if _WARM.search(before) or _WARM.match(text, match.end() + 2):
            return False
        return int(match["v"]) < 96 or not text[match.start() - 1 : match.start()].isalpha()
    return match.start() == 0 or not before[-1].isalnum()


_WARM = re.compile(
    r"\b(?:temp(?:erature)?s?|tmax|tm|t|fevers?|febrile|degrees?|vitals?|vs|low[ -]grade|axillary|oral|tympanic|rectal)\b",
    re.IGNORECASE,
)


def _lived(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 12) : match.start()]
    return (
        re.search(
            r"(?:\bfor|\bx|\bover|\bpast|\blast|\bevery|\bin|\bnext|\d)[ ]?\Z",
            before,
            re.IGNORECASE,
        )
        is None
    )


def _always(_text: str, _match: re.Match[str]) -> bool:
    return True


_ROWS: tuple[tuple[Identifier, str, Callable[[str, re.Match[str]], bool]], ...] = (
    (Identifier.DATE, rf"(?<![\d\-/.]){_YEAR}[\-/.](?:0?[1-9]|1[0-2])[\-/.]{_DAY}(?!\d)(?:(?<=\d\d)T\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?(?:Z|[+\-]\d{{2}}:?\d{{2}})?)?", _always),
    (Identifier.DATE, r"(?<![\d/.\w])(?P<a>\d{1,2})(?P<s>[/\-–.])[ ]?(?P<b>\d{1,2})(?P=s)[ ]?(?P<y>(?:18|19|20|21)\d{2}|\d{2})(?!\d|/\d|\.\d|-\d{3}|-\d(?!\d?/))", _numeric),
    (Identifier.DATE, r"\b(?:dob|d\.o\.b\.?|date of birth|birth ?date|born(?: on)?|dos|date of service|date)[ \t]*[:#=|]?[ \t]*(?P<v>\d{1,2}[ ]\d{1,2}[ ](?:\d{4}|\d{2})|\d{8}|\d{6})(?!\d)", _always),
    (Identifier.DATE, r"(?<![\d\-/.\w])(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[T ]?\d{4}(?:\d{2})?)?(?![\d\-])", _always),
    (Identifier.DATE, rf"(?<![\w/]){_WEEKDAY}(?:the[ ]+)?(?<!\d[./\-])(?P<d>{_DAY})[ ]?{_TH}?[ ]*(?:(?:-|–|to|and|&)[ ]*{_DAY}[ ]?{_TH}?[ ]*)?(?:of[ ]+|day[ ]of[ ]+)?[\-/.]?[ ]*{_MONTH}\b\.?(?:,?[ ]*(?:of[ ]+)?[\-/]?[ ]*(?:{_YEAR}\b|'\d{{2}}\b)|-\d{{2}}\b)?", _with_day),
    (Identifier.DATE, rf"\b\d{{2}}{_MONTH}(?:{_YEAR}|\d{{2}})\b", _always),
    (Identifier.DATE, rf"(?<!\w){_WEEKDAY}\b{_MONTH}\b\.?[ ]*[\-/]?[ ]*(?:the[ ]+)?(?P<d>{_DAY})(?!\d|[./]\d){_TH}?(?:{_TO}(?:{_MONTH2}\.?[ ]*)?{_DAY}(?!\d|[./:]\d){_TH}?(?![ ]?(?:days|weeks|am|pm|a\.m|p\.m)))?(?:[ ]*,?[ ]*(?:of[ ]+)?[\-/]?[ ]*(?:{_YEAR}\b|'\d{{2}}\b))?", _with_day),
    (Identifier.DATE, rf"(?<!\w)(?:the[ ]+)?(?:{_SPELLED})(?:[ ]+day)?[ ]+of[ ]+{_MONTH}\b\.?(?:,?[ ]*(?:of[ ]+)?{_YEAR}\b|{_SAID_YEAR})?", _always),
    (Identifier.DATE, rf"\b{_MONTH}[ ]+(?:the[ ]+)?(?:{_SPELLED})\b(?:,?[ ]*{_YEAR}\b|{_SAID_YEAR})?", _always),
    (Identifier.DATE, rf"\b{_MONTH}\b\.?[ ]*(?:,[ ]*|of[ ]+|[\-/][ ]*)?(?:{_YEAR}\b|'\d{{2}}\b)", _with_day),
    (Identifier.DATE, rf"(?:(?<![\w\-])|(?<=mid-)|(?<=early-)|(?<=late-))(?P<v>{_MONTH})\b", _month_alone),
    (Identifier.DATE, r"(?<![\d/.\-\w])(?P<v>(?P<a>\d{1,2})/(?P<b>\d{1,2})[ ]*(?:-|–|—|to|through|thru|until)[ ]*(?P<c>\d{1,2})/(?P<d>\d{1,2})(?:/\d{2,4})?)(?![\d/\w]|\.\d)", _range),
    (Identifier.DATE, rf"(?<![\w/])(?P<w>{_BEFORE})\.?[ ]*[:#,(|]?[ ]*(?:the[ ]+)?(?P<v>(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}}))(?![\d/\-%\w]|\.\d)", _slashed),
    (Identifier.DATE, r"(?:(?<=[A-Za-z,;:(] )|(?<=\())(?P<v>(?P<a>\d{1,2})/(?P<b>1[1-9]|2\d|3[01]))(?![\d/\-%\w]|\.\d)", _bare),
    (Identifier.DATE, r"(?:^|(?<=\n)|(?<=[;|]))[ \t]*(?:[-*•][ ]*)?\(?(?P<v>(?P<a>\d{1,2})/(?P<b>\d{1,2}))\)?(?=[ \t]*[:\-–|)]|[ ]+(?!strength|murmur|pain|NS|of)[A-Za-z])(?![\-–]?\d)", _leading),
    (Identifier.DATE, r"\b(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?s?\.?,?[ ]*\(?(?:the[ ])?(?P<v>(?P<a>\d{1,2})[/\-](?P<b>\d{1,2}))(?![\d/\-%\w]|\.\d)", _clocked),
    (Identifier.DATE, r"(?<![\d/.\-\w])(?P<v>(?P<a>\d{1,2})/(?P<b>\d{1,2}))(?=[ ]*[@,]?[ ]*(?:at[ ])?(?:(?:[01]\d|2[0-3]):?|\d:)[0-5]\d(?:[ ]?[AaPp]\.?[Mm]|[ ]?h(?:rs?)?)?(?![\d/]))(?![\d/\-%\w]|\.\d)", _clocked),
    (Identifier.DATE, r"(?:(?<=[A-Za-z,;:(.\-–|\]] )|(?<=\())(?P<v>(?P<a>\d{1,2})/(?P<b>[1-9]|1[01]))(?![\d/\-%\w]|\.\d)", _falling),
    (Identifier.DATE, r"(?<=[A-Za-z,;:(.\-–] )(?P<v>(?P<a>\d{1,2})/(?P<b>[79]))(?![\d/\-%\w]|\.\d)", _bare),
    (Identifier.DATE, r"(?<![\d/.\-\w])(?:0?[1-9]|1[0-2])/(?:19|20)\d{2}(?![\d/\-])", _always),
    (Identifier.DATE, r"(?<![\d/.\-\w])(?:0[1-9]|1[0-2])-(?:19|20)\d{2}(?![\d/\-]|[ ]?(?:mg|mcg|units|ml|kcal|cal))", _always),
    (Identifier.DATE, r"(?<![\d/.\-\w])(?:19|20)\d{2}[\-/](?:0[1-9]|1[0-2])(?![\d/\-])", _always),
    (Identifier.DATE, rf"\b(?:on|until|till|since|by|before|after|from|through|around|night of|morning of|evening of|for)[ ]+(?:[a-z]+day[ ]+)?(?P<v>the[ ]+(?P<d>{_DAY})(?:st|nd|rd|th))(?=[ ]*(?:[.,;:)\n]|\Z|(?:at|for|with|when|she|he|they|we|because|due|in|but|around|of (?:this|last|next|the) month)\b))", _nth),
    (Identifier.DATE, r"\b(?:on|since|before|after|around|by|until|last|this|next|past|during|over|for|at)[ ]+(?P<v>(?:new year'?s(?: eve| day)?|christmas(?: eve| day)?|thanksgiving(?: day)?|easter(?: sunday)?|halloween|memorial day|labor day|independence day|valentine'?s day|mother'?s day|father'?s day|veterans day|mlk day|good friday|hanukkah|diwali|cinco de mayo)(?:,?[ ]+(?:of[ ]+)?\d{4})?)(?![ ]?(?:disease|factor|eye|tree))\b", _always),
    (Identifier.DATE, r"\b(?:christmas (?:eve|day)|new year'?s (?:eve|day)|thanksgiving day)\b|\b(?:christmas|thanksgiving|easter|halloween|memorial day|labor day),?[ ]+(?:of[ ]+)?(?:19|20)\d{2}\b", _always),
    (Identifier.DATE, r"\b(?:spring|summer|fall|autumn|winter)(?:[ ]+of)?[ ]+(?:19|20)\d{2}\b", _always),
    (Identifier.DATE, r"\b(?:q[1-4]|(?:first|second|third|fourth|last)[ ]quarter)(?:[ ]+of)?[ ]+(?:19|20)\d{2}\b", _always),
    (Identifier.DATE, rf"\b(?:dob|d\.o\.b\.?|date of birth|birth ?(?:date|year)|year of birth|born(?: in)?|yob)[ \t]*[:=|]?[ \t]*(?P<v>{_YEAR})\b", _always),
    (Identifier.AGE, r"(?<![\d.\-/])(?P<v>9\d|1[0-3]\d)(?=[ \-]?(?:years?|yrs?|y)[ \-]?(?:old|o\b|/o\b|\.o\.)|[ \-]?y\.?/?o\b|[ ]?y\.[ ]?o\.|[ ]?(?:yof|yom)\b|[ ]?(?:-year-old|yrs? old))", _always),
    (Identifier.AGE, r"(?<![\d.\-/])(?P<v>9\d|1[0-3]\d)(?=[ ]?(?:-?(?-i:[FM])\b(?![°.\-/])|[ \-](?:female|male|woman|man|lady|gentleman)\b))", _aged),
    (Identifier.AGE, r"\b(?:age[ds]?|turn(?:ed|ing|s)?|age at \w+)[ \t]*(?:[:=|]|is|of|was)?[ \t]*(?P<v>9\d|1[0-3]\d)(?![\d%]|\.\d|[ ]?(?:days|weeks|months|hours|mg|%|-day|/))", _always),
    (Identifier.AGE, r"\b(?:died|dead|deceased|passed|death|alive|living|expired)\b[^.;\n\d]{0,40}?\bat[ ](?P<v>9\d|1[01]\d)(?![\d%/]|\.\d|[ ]?(?:days|weeks|months|hours|mg|percent|degrees))", _always),
    (Identifier.AGE, r"\[NAME-\d+\][ ]?[,(][ ]?(?:age[d]?[ ])?(?P<v>9\d|1[01]\d)(?=[ ]?[,;.)]|[ ](?:who|is|was|and|with|from|of)\b)", _always),
    (Identifier.AGE, r"(?<![\d.\-/\w])(?P<v>9\d|1[01]\d)(?=[ ]years?\b(?!\s*(?:ago|of\s|later|after|since|with|follow|history|smok|experience|pack|prior|before|in\b|at\b|on\b|supply)))", _lived),
    (Identifier.DATE, r"\b(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\.?,?[ ]+(?:the[ ]+)?(?P<v>(?P<d>\d{1,2})(?:st|nd|rd|th))(?![\w])(?![ ]+(?:rib|digit|toe|finger|cranial|degree|percentile|intercostal|metatarsal|metacarpal|dose|visit|grade|floor|nerve|ventricle))", _nth),
    (Identifier.DATE, r"\b(?:born(?:[ ]on)?|birthday(?:[ ]is)?|birth[ ]?date(?:[ ]is)?|d\.?o\.?b\.?)[ ]+(?P<v>(?:(?:oh|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ \-]|\b)){3,9})(?<![ ])", _always),
    (Identifier.DATE, rf"\b(?:el[ ]|le[ ]|am[ ]|il[ ]|em[ ])?(?P<v>(?:{_DAY})(?:\.|er|º|°)?[ ](?:de[ ]|di[ ])?(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre|januar|februar|m[äa]rz|juni|juli|oktober|dezember|janeiro|fevereiro|mar[çc]o|maio|junho|julho|setembro|outubro|novembro|dezembro|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre)\b(?:[ ](?:de[l]?[ ])?{_YEAR}\b)?)", _always),
    (Identifier.DATE, r"(?:[AaPp]\.?[Mm]\.?|\b\d{1,2}:\d{2})[ ,]+(?:on[ ])?(?P<v>(?P<a>\d{1,2})/(?P<b>\d{1,2}))(?![\d/\-%\w]|\.\d)", _clocked),
    (Identifier.AGE, r"(?<![\d.\-/\w])(?P<v>9\d|1[01]\d)(?=[ ](?:next|this|last|come|as[ ]of)[ ](?:week|month|year|spring|summer|fall|winter|monday|tuesday|wednesday|thursday|friday|saturday|sunday|birthday)\b)", _always),
    (Identifier.DATE, r"\bday[ ]\d{1,3}[ ]of[ ](?:19|20)\d{2}\b", _always),
    (Identifier.DATE, r"\b(?:ramadan|eid(?:[ ]al-\w+)?|passover|rosh[ ]hashanah|yom[ ]kippur|hanukkah|diwali|lunar[ ]new[ ]year|chinese[ ]new[ ]year|mardi[ ]gras|super[ ]bowl[ ]sunday|black[ ]friday|juneteenth|groundhog[ ]day|ash[ ]wednesday|palm[ ]sunday|lent|advent|holi|nowruz|tet)(?:[ ]+of)?,?[ ]+(?:19|20)\d{2}\b", _always),
    (Identifier.AGE, r"(?<![\d.\-/\w])(?P<v>9\d|1[01]\d)(?=y\b)", _always),
    (Identifier.AGE, r"\b(?:aged?|turned|turning|turns|is)[ ]+(?P<v>ninety(?:[ \-](?:one|two|three|four|five|six|seven|eight|nine))?|(?:one|a)[ ]hundred(?:[ ]and)?(?:[ \-](?:one|two|three|four|five|six|seven|eight|nine|ten))?)(?![ \-]?(?:percent|degrees|mg|over|beats|minutes|days|pounds|feet|and[ ]\w+[ ]over))\b", _always),
    (Identifier.AGE, r"\b(?:birthday|candles|turn(?:s|ed|ing))\b[^.\n\d]{0,20}(?P<v>9\d|1[01]\d)(?![\d/%.\-])", _always),
    (Identifier.DATE, r"\[(?:NAME|PLACE|PHONE)-\d+\],?[ ](?P<v>(?P<a>\d{1,2})/(?P<b>\d{1,2}))(?![\d/\-%\w]|\.\d)", _clocked),
    (Identifier.AGE, r"(?<![\d.\-/\w])(?P<v>9\d|1[0-3]\d)(?=[ ]?/[ ]?(?-i:[MF])\b(?![/\-]))", _always),
    (Identifier.AGE, r"(?<![\d.\-/])(?P<v>9\d|1[0-3]\d)(?=[ ]+(?:years?|yrs?)[ ]+(?:of[ ]+age|young))", _always),
    (Identifier.AGE, r"(?<![\w])(?:s?he|patient|pt|client|resident|who|they|mother|father|wife|husband|lady|gentleman|woman|man|\[NAME-\d+\])[ ]+(?:is|was|turned|turns|just[ ]turned)[ ]+(?:now[ ]|about[ ]|almost[ ]|nearly[ ])?(?P<v>9\d|1[01]\d)(?=[ ]*(?:[.,;)]|\Z|\n)|[ ](?:and|who|with|but|or|now|lives|living|years?|yrs?)\b)", _always),
    (Identifier.AGE, r"\b(?:ninety(?:[ \-](?:one|two|three|four|five|six|seven|eight|nine))?|(?:one|a)[ ]hundred(?:[ ]and)?(?:[ \-](?:one|two|three|four|five|six|seven|eight|nine|ten))?)(?=[ \-]+(?:years?|yrs?)[ \-]+(?:old|of[ ]age))", _always),
    (Identifier.AGE, r"\b(?:nonagenarian|centenarian|supercentenarian)\b", _always),
)  # fmt: skip
_RULES = tuple((kind, re.compile(pattern, re.IGNORECASE), check) for kind, pattern, check in _ROWS)


_LATER = tuple((rank, rule) for rank, rule in enumerate(_RULES) if "-\\d+\\]" in rule[1].pattern)
# The day of the week belongs to the date it stands before: "Tuesday 12/7".
_DAY_BEFORE = re.compile(
    r"\b(?P<v>(?:mon|tues?|wed(?:nes|s)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?)\.?,?[ ]*\(?(?:the[ ]+)?\Z",
    re.IGNORECASE,
)
_HAS_DAY = re.compile(r"\d")


def find_dates(text: str, *, later: bool = False) -> Iterator[Span]:
    """Dates and ages over 89 of ``text``, possibly overlapping; ``later`` only beside placeholders."""
    for rank, (kind, pattern, check) in _LATER if later else tuple(enumerate(_RULES)):
        for match in pattern.finditer(text):
            if check(text, match):
                start, end = match.span("v" if "v" in pattern.groupindex else 0)
                while end > start and text[end - 1] in " ,.":
                    end -= 1
                if kind is Identifier.DATE and _HAS_DAY.search(text, start, end):
                    day = _DAY_BEFORE.search(text, max(0, start - 14), start)
                    start = day.start("v") if day else start
                yield Span(kind, start, end, 100 + rank)
