"""Names by the place they stand in: after a role without a colon, before a relation, in a cell.

A row says what leads to a name and what must follow it. Where the place alone is convincing an
ordinary word that is also a surname is taken ("RN Stone notified"); elsewhere it is not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.phi.heads import HEADS
from bot.phi.lexicon import LABELS, lexicon
from bot.phi.name_lists import given_names
from bot.phi.name_words import (
    COMMON,
    CREDENTIALS,
    LETTER,
    MONTHS,
    WORD,
    fold,
    headed,
    is_known,
    is_plain_word,
)
from bot.phi.records import Identifier, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.phi.lexicon import Lexicon

_PARTICLE = r"(?:(?:de|la|las|los|del|della|van|von|der|den|di|da|dos|du|el|al|bin|ibn|ter|ten|le|St\.|San|Santa)[ ])"
_CAP = rf"[A-ZÀ-Þ](?:{LETTER}|['’\-](?={LETTER}))+"
_INITIAL = r"(?:[A-Z](?:\.[ ]?|[ ]))"
_PERSON = re.compile(
    rf"{_INITIAL}{{0,2}}{_PARTICLE}{{0,3}}{_CAP}(?:[ ]{_INITIAL}?{_PARTICLE}{{0,3}}{_CAP}){{0,2}}(?![\w])"
)
_GIVEN_COMMA = re.compile(rf",[ ]?(?P<g>{_CAP})(?:[ ][A-Z]\b\.?)?(?![\w])")
_SAINT = ("St", "San", "Santa", "De", "La")
_POSSESSIVE = re.compile(r"['’]s\Z")

_KIN = (
    r"(?:wife|husband|spouse|partner|son|daughter|mother|father|mom|dad|sister|brother|aunt|uncle|cousin|niece|nephew"
    r"|grandson|granddaughter|grandmother|grandfather|grandma|grandpa|friend|neighbou?r|roommate|fianc[ée]e?|girlfriend"
    r"|boyfriend|step(?:son|daughter|mother|father)|ex-(?:wife|husband)|(?:son|daughter|mother|father|sister|brother)-in-law"
    r"|caregiver|guardian|twin)"
)
_LETTERS = r"(?:RN|LPN|LVN|CNA|MD|NP|PA-C|PCP|RT|LCSW|LMSW|CRNA|CNM|EMT|MA|PharmD|PMD)"
_ROLE = (
    r"(?:[Tt]ech(?:nician|nologist)?|[Rr]ep(?:resentative)?|(?:[Uu]nit[ ])?[Cc]lerk|[Nn]avigator|[Ss]cribe|[Ff]ellow|[Rr]esident|[Ii]ntern"
    r"|[Aa]ttending|[Hh]ospitalist|[Aa]djuster|[Cc]oordinator|[Pp]harmacist|[Tt]herapist|[Cc]haplain|[Ii]nterpreter|[Dd]eputy|[Dd]etective"
    r"|[Pp]aramedic|[Mm]idwife|[Cc]ounselor|[Tt]eacher|[Cc]oder|[Bb]iller|[Dd]ietitian|[Nn]ephrologist|[Cc]ardiologist|[Nn]eurologist"
    r"|[Uu]rologist|[Oo]ncologist|[Ss]urgeon|[Pp]sychiatrist|[Ii]ntensivist|[Rr]adiologist|[Pp]athologist|[Pp]odiatrist)"
)
# What only a person does or is told: it makes a name of an ordinary word before it.
_DOES = (
    r"(?:,?[ ]+(?:notified|aware|paged|updated|informed|called|at[ ]bedside|agrees|agreeable|in[ ]room|present|here|ok'?d|recs?|recommends?"
    r"|says|said|states|stated|documented|wrote|dictated|signed|saw|sees|following|to[ ](?:see|follow|call|round|evaluate|bedside)"
    r"|ordered|placed|removed|performed|scoped|covering|took|gave|verified|witnessed|will[ ](?:see|call|follow|start|return|need|be)))\b"
)
_STATE = (
    r"(?:[ ]+(?:(?:was|is|remains?|became|now|still|got|has[ ]been|being)[ ]+)?(?:re|self-)?(?:intubated|extubated|transferred|febrile|afebrile|hypotensive"
    r"|tachycardic|hypoxic|agitated|confused|alert|sedated|proned|ambulating|comfortable|discharged|readmitted|consented|agreeable|obtunded"
    r"|somnolent|asleep|intoxicated|combative|weaned|made[ ](?:DNR|comfort|NPO)|DNR|DNI|full[ ]code|NPO|on[ ](?:BiPAP|CPAP|pressors|room[ ]air|RA\b|\d+[ ]?L\b))"
    r"|[ ]+(?:aware[ ]of|to[ ](?:see|follow|round)[ ](?:in|pt|tomorrow|today|patient|on|this)|is[ ]aware|will[ ](?:start|see|need|return|call)|recommends|rounding"
    r"|reports|denies|endorses|tolerated|refused|declined|signed[ ]out|left[ ]AMA|passed[ ]away|expired[ ]at|coded|desatted|vomited|ambulated|voided))\b"
)
_OPENS = r"(?:^|(?<=\n)|(?<=[.;!?][ ])|(?<=[.;!?][ ]{2})|(?<=[-–—•*][ ])|(?<=:[ ]))"

# Lead, what follows, whether an ordinary word may be the name, whether a word of no list may be.
_ROWS: tuple[tuple[str, str, bool, bool], ...] = (
    (rf"(?<![\w/,.\-])(?:{_LETTERS}|{_ROLE})[ ]+", rf"{_DOES}|[ ]?[,;.)\n]|[ ]?\Z|[ ]+\(", True, True),
    (rf"(?<![\w/,.\-])(?:{_LETTERS}|{_ROLE})[ ]+", "", False, True),
    (r"(?<!\w)[Pp]t\.?[ ]+", rf"{_STATE}|{_DOES}|[ ]?,|[ ]+(?:is|was|has)\b", True, True),
    (r"(?<!\w)[Pp]t\.?[ ]+", r"(?=)", False, False),
    (r"\b(?:H&P|[Nn]otes?|[Cc]onsult(?:ation)?|[Aa]ddendum|[Ss]ummary|[Qq]uery|[Dd]ocumentation|[Rr]eport|[Rr]ead|[Ss]een|[Pp]laced|[Ss]coped|[Rr]epair|[Ss]urgery|[Rr]eviewed|[Ii]ntubated|[Ss]igned|[Pp]erformed)[ ]+(?:by|per|from|w/)[ ]+", "", True, True),
    (r"\b(?:[Cc]olonoscopy|EGD|[Ee]ndoscopy|ERCP|[Cc]ath|[Ss]urgery|[Vv]isit|[Aa]ppt|[Aa]ppointment|[Cc]linic|[Ff]/u|[Ff]ollow[ -]?up|[Dd]iscussed|[Rr]eviewed|[Ss]een|[Mm]et|[Ss]poke|[Tt]alked|[Cc]onsult(?:ed)?)[ ]+(?:w/|with|w)[ ]+", r"[ ]+(?:done|on|in|at|for|re|about|from|who|today|tomorrow|regarding|scheduled|this|last|next|and|\[DATE)\b|[ ]?[,;.)(]|[ ]?\Z|\n", True, True),
    (r"(?:^|(?<=[.;\n][ ])|(?<=\n))Per[ ]+", r",", True, True),
    (r"\b(?:[Ww]itness(?:ed)?(?:[ ]by)?|[Cc]o-?signed)[ ]+", "", True, True),
    (r"\b(?:this[ ]is|[Ii]t['’]s|I['’]m|my[ ]name[ ]is|call[ ]me|[Nn]ick(?:name)?|goes[ ]by)[ ]+", r"[ ]?[,.\n]|[ ]?\Z|[ ]+(?:calling|from|with|and|again)\b|[ ]?[\"”]", True, True),
    (r"\b(?:pleasure[ ]of[ ](?:seeing|meeting|evaluating)|thank[ ]you[ ]for[ ](?:referring|sending|asking[ ]me[ ]to[ ]see)|on[ ]file[ ]for|(?:chart|note|correction|coding|query)[ ]+(?:correction|question|on|re|for)?[ ]*)[ ]*", r"[ ]?[,.\n]|[ ]?\Z|[ ]+(?:with|for|today|in|who|on|and)\b", False, False),
    (r"\b(?:Kin|NOK|Operators?|[Pp]resent|[Rr]eferring|Ref|ATTN|Attn|[Cc]c|CC)[ ]?[:]?[ ]+", r"[ ]?[,;(\n]|[ ]?\Z|[ ]+(?:and|&)\b|,?[ ]+(?:MD|DO|RN|NP)\b", True, True),
    (r"\[NAME-\d+\](?:,?[ ]+(?:MD|DO|RN|NP|PA-C|PA|PhD))*[ ]?[,;/&][ ]?", r"[ ]?[,;.)\n]|[ ]?\Z|[ ]+(?:team|service|clinic)\b|[ ]+(?:and|&)\b|,?[ ]+(?:MD|DO|RN|NP)\b", True, False),
    (r"\[NAME-\d+\],?[ ]+(?:and|&|or)[ ]+", r"[ ]?[,;.)\n]|[ ]?\Z", True, True),
    (r"\[DATE-\d+\](?:[ ]+\d{1,2}:?\d{2})?[ ]*[-–—:|][ ]*", r"[ ]+[-–—:][ ]|:[ ]|[ ]*\||,[ ]?\[NAME-\d+\]", True, True),
    (r"(?<![\w.])(?=[A-Z][. ])", rf"(?:,[ ]*|[ ]+)(?:{CREDENTIALS})(?![\w/])", True, True),
    (rf"(?<![\w.])(?={_CAP}[ ][A-Z]\.[ ])", rf",?[ ]+(?:{CREDENTIALS})(?![\w/])", False, True),
    (r"\bw/[ ]+", r"[ ]+(?:from[ ](?:\[|[A-Z])|at[ ]bedside)", False, True),
    (r"\[DATE-\d+\](?:[ ]\d{4})?,[ ]+", r"[ ]?[.;\n]|[ ]?\Z", False, True),
    (r"\b(?:[Ff]orwarding|[Rr]egarding|about|for|on|of|[Rr][Ee]:?)[ ]+", r"['’]s[ ]+(?:chart|note|record|account|acct|encounter|claim)\b|[ ]*\(?(?:MRN|DOB|\[RECORD|\[DATE)", True, True),
    (r"\b(?:[Ff]ax(?:ed)?|[Ss]en[dt]|[Ff]orward(?:ed)?|[Cc]opy|[Rr]eleased|[Mm]ail(?:ed)?|[Rr]eport|[Hh]anded[ ]off)[ ](?:[a-z]+[ ]){0,2}to[ ]+", r"[ ]?[,.;(\n]|[ ]?\Z|[ ]+(?:at|from|RN|MD)\b", True, True),
    (r"\b[A-Za-z]+(?:ed|en)[ ]by[ ]+", r"[ ]?[,.;\n]|[ ]?\Z|[ ]+(?:and|in|at|from)\b", True, False),
    (r"\b(?:[Ss]ibs|[Ss]iblings|[Kk]ids|[Cc]hildren|[Tt]wins|[Pp]arents|[Pp]roband|[Ss]isters|[Bb]rothers|[Ss]ons|[Dd]aughters)[ ]+", r"[ ]?[,.;(\n]|[ ]?\Z|[ ]+(?:and|&)\b", True, True),
    (r"\((?=[A-Z][. ])", r"\)", True, True),
    (r"(?:[ ]|(?<=\n))[-–—~][ ]?", r"[ ]*\Z", True, True),
    (_OPENS, r"[ ]+(?:wrote|documented|dictated|says|said)\b", True, True),
    (r"\[NAME-\d+\](?:/|[ ]w/[ ])", r"[ ]?[,;.)\n]|[ ]?\Z|[ ]+(?:team|service|clinic|and)\b", True, True),
    (r"\b[Ff]/u[ ]+(?:w/[ ])?", r"[ ]+(?:clinic|\[DATE|in[ ]\d)", True, True),
    (r"(?<![\w/.])\d{1,2}[ ]?(?:yo[ ]?|y/o[ ]?)?[MF][ ]+", r"[ ]+(?:w/|with|s/p|p/w|admitted|here)", False, True),
    (r"\b(?:[Bb]ed|[Rr]oom|[Rr]m)[ ]\d{1,4}[A-Z]?[ ]+", r"[ ]?[:,]|[ ]-", False, True),
    (r"\b(?:[Aa]ccepting|[Oo]n[ -]call|[Cc]overing|[Dd]river|[Cc]ontact|[Oo]perator|[Cc]aller)[ ]?:?[ ]+", r"[ ]?[:;,.(\n]|[ ]?\Z|[ ]+(?:x|p|\#)?\d|[ ]+\[(?:PHONE|FAX|DATE)", True, True),
    (r"\[(?:PHONE|FAX)-\d+\][,;][ ]", r"[ ]+(?:x|p|\#)\d|[ ]+\[PHONE", True, True),
    (r"\b(?:OB|[Pp]eds|[Oo]rtho|[Cc]ards|[Nn]euro|[Pp]ulm|[Rr]enal)[ ]+", r"[;,.]|[ ]?\Z", True, True),
    (r"\b(?:[Ss]ubscriber|[Gg]uarantor|[Ii]nsured|[Ee]mployee|[Ll]egal[ ]name|[Mm]aiden[ ]name|[Bb]irth[ ]name|[Nn]ée|[Pp]olicyholder|[Dd]ecedent)[ ]+", r"[ ]*[Pp]olicy\b|[ ]{2}|[ ]?[,;.(\n]|[ ]?\Z", True, True),
    (r"\b(?:[Rr]eintubated|[Ee]xtubated|[Ss]plinted|[Cc]asted|[Dd]rained|[Tt]apped|[Dd]elivered|[Ss]utured)[ ]by[ ]+", "", True, True),
    (r"\b(?:ok|OK|okay|[Cc]leared|held|stopped|started|ordered|read|approved|stable|updated|changed)[ ]+per[ ]+", r"[ ]?[.,;\n]|[ ]?\Z", True, True),
    (r"\b(?:[Bb]aby|bb)[ ](?:[Bb]oy|[Gg]irl|BOY|GIRL)[ ]+", "", False, True),
    (r"(?:[ \"”]|(?<=\n))[-–—~][ ]?", r"[ ]+\[DATE", True, True),
    (_OPENS, r"['’]s[ ]+(?:vent|chart|labs?|family|room|nurse|foley|dressing|meds|diet|drips?|insulin|wife|vitals|A1c|BP|glucose)\b", False, True),
    (r"(?<![\w\-])(?=[A-ZÀ-Þ])", r"[ ]+family[ ]+(?:at|in|here|present|updated|aware|wants|requests)\b", False, True),
    (_OPENS, _STATE, False, True),
    (_OPENS, r"['’]s[ ]+(?:" + _KIN[3:] + r"\b", True, True),
    (r"(?<![\w\-])(?=[A-ZÀ-Þ])", rf"[ ]?\((?:[a-z]+['’]?s?[ ])?{_KIN}\b", True, True),
)  # fmt: skip
_CONTEXTS = tuple((re.compile(a), re.compile(b), c, d) for a, b, c, d in _ROWS)
_LATER = tuple(row for row in _CONTEXTS if r"\[" in row[0].pattern + row[1].pattern)

_CELL = re.compile(
    r"(?:^|(?<=\n)|(?<=[|\t\[])|(?<=[|:][ ])|(?<=[ ]{2})|(?<=\bPt[ ])|(?<=\bPT[ ])|(?<=prov:[ ])|(?<=Patient[ ]))"
    r"(?P<l>[A-ZÀ-Þ](?:[A-ZÀ-Þ]|['’\-](?=[A-ZÀ-Þ])|[ ](?=[A-ZÀ-Þ]{3})){1,24}),[ ]?(?P<g>[A-ZÀ-Þ](?:[A-ZÀ-Þ]|-(?=[A-ZÀ-Þ]))+)(?:[ ][A-Z]\b\.?)?"
    r"(?=[ \t]*(?:[|\[\n\t,;(]|[ ]{2}|\Z))"
)
_CAPITALS = re.compile(
    r"(?:^|(?<=\n)|(?<=[:—–][ ])|(?<=\bFOR[ ])|(?<=[ ]{2})|(?<=—[ ]))"
    r"(?P<f>[A-ZÀ-Þ](?:[A-ZÀ-Þ]|-(?=[A-ZÀ-Þ]))+)[ ](?:[A-Z]\.?[ ])?(?P<l>(?:(?:DE|LA|VAN|DER|VON|DI|ST\.)[ ]){0,2}[A-ZÀ-Þ](?:[A-ZÀ-Þ]|['’\-](?=[A-ZÀ-Þ]))+)"
    r"(?=[ \t]*(?:[\n,;(\[—–]|[ ]{2}|\Z))"
)
_ALONGSIDE = re.compile(
    rf"\bw/[ ]+(?P<v>{_CAP})(?=[ ]?[,.;(\n]|[ ]?\Z|[ ]+(?:from|at[ ]bedside|tomorrow|tmrw|today)\b)"
)
_NAMED = re.compile(
    r"(?:\bRE|PATIENT|NAME|PT|ORDERING|ATTENDING|REFERRING|PHYSICIAN|SURGEON|PROVIDER|\bFOR|SUBJECT|RECORD)[ ]?[:—–]?[ ]+\Z"
)
_REVERSED = re.compile(
    rf"(?<![\w\-])(?P<l>{_PARTICLE}{{0,3}}{_CAP}),[ ]?(?P<g>{_CAP})(?:[ ][A-Z]\b\.?)?(?=[ ]?[;|(\n]|[ ]?\Z|[ ]-[ ])"
)
_MIDDLED = re.compile(rf"(?<![\w\-])(?P<a>{_CAP})[ ][A-Z]\.[ ]{_PARTICLE}{{0,3}}(?P<b>{_CAP})")
_NICK = re.compile(
    rf"(?P<f>{_CAP})[ ][\"“'(](?P<n>{_CAP})[\"”')](?:[ ](?P<l>{_PARTICLE}{{0,2}}{_CAP}))"
)
_SPELLED = re.compile(
    r"(?<![\w\-])(?P<w>(?:[A-Z]-){3,}[A-Z])(?![\w\-])|\b(?:spell(?:ed|s|ing)?|last[ ]name|first[ ]name)\b[^.\n]{0,14}?(?P<v>[A-Z](?:[-–. ][ ]?[A-Z]){2,14})(?![\w])"
)
# "Case 3: AC, 58F" and "— KT, RN": letters that stand for a person.
_INITIALS = re.compile(
    r"(?:^|(?<=\n)|(?<=[:#.][ ])|(?<=\bproband[ ])|(?<=\b[Pp]atient[ ])|(?<=\b[Pp]t[ ]))(?P<v>(?:[A-Z]\.){2,3}|[A-Z]{2,3})"
    r"(?=,?[ ](?:is[ ]an?[ ])?\d{1,2}[ -]?(?:yo|y/o|y\.o\.|year|[MF]\b)|[ ]\((?:\[NAME|[A-ZÀ-Þ][a-zà-þ]+[ ]))"
    r"|(?<=\()(?P<w>(?:[A-Z]\.){2,3})(?=\))|\[(?:ID|RECORD)-\d+\][ ]\((?P<x>[A-Z]{2,3})(?=\))"
)
_SIGNED = re.compile(
    r"(?:[-–—~/]|[.;])[ ]?(?P<v>[A-Z]{2,3})(?=,?[ ]?(?:RN|LPN|LVN|CNA|NP|PA-C|RT|MSW|LCSW)\b\.?[ ]*(?:\Z|\n))"
)
_WARDS = frozenset({"ED", "ER", "OR", "ICU", "AM", "PM", "IV", "MD", "OB", "GI", "IR", "CM", "ID"})
_LOWER = re.compile(
    rf"(?<![\w\-])(?:(?P<w>dr\.?|doctor|patient|pt\.?|{_KIN}|spoke[ ]w(?:/|ith)?|d/w|paged|notified|called[ ](?:to[ ]me[ ])?by|called|per)[ ]+(?:is[ ]+)?|(?:—|/s/)[ ]?)"
    rf"(?P<a>[a-zà-þ](?:{LETTER}|['’\-](?={LETTER}))+)(?:[ ](?P<b>[a-zà-þ](?:{LETTER}|['’\-](?={LETTER}))+))?(?![\w])"
)
_ENDS_AS_WORD = re.compile(
    r"(?:ed|ing|ly|tion|ive|al|ic|ous|able|ible|ent|ment|ory|ness|ful|less|ity|ism|ist|ize|ate|ure|age|ance|ence|itis|osis|emia|uria|pathy)$"
)


def placed(text: str, *, later: bool = False) -> Iterator[Span]:
    """Names of ``text`` by the place they stand in; ``later`` only beside placeholders."""
    words = lexicon()
    for lead, tail, plain, unknown in _LATER if later else _CONTEXTS:
        for match in lead.finditer(text):
            if not text[match.end() : match.end() + 1].isalpha():
                continue
            end = _person(text, match.end(), tail, words, plain=plain, unknown=unknown)
            if end is not None:
                yield Span(Identifier.NAME, match.end(), end, 68)
    yield from _initialled(text, words)
    if later:
        return
    for match in _ALONGSIDE.finditer(text):
        if fold(match["v"]) in given_names():
            yield Span(Identifier.NAME, *match.span("v"), 77)
    yield from _written_large(text, words)
    for match in _REVERSED.finditer(text):
        family, given = match["l"].split()[-1], fold(match["g"])
        tight = "," in match.group() and (
            match.group()[-1] == "." or match.group().split(",")[1][:1] != " "
        )  # "Ndlovu,Rhys" and "Ndlovu, Rhys T.": no list of findings is written so
        able = given in words.first if tight else given in given_names()
        if tight and given not in words.eponyms:
            able = able or not is_plain_word(given, words)
        if able and not is_plain_word(family, words):
            if fold(family) not in words.eponyms and fold(family) not in LABELS | MONTHS:
                yield Span(Identifier.NAME, *match.span(), 73)
    for match in _MIDDLED.finditer(text):
        low = [fold(match["a"]), fold(match["b"])]
        odd = any(is_plain_word(w, words) or w in words.eponyms or w in LABELS for w in low)
        if not odd and not headed(text, match.end()):
            yield Span(Identifier.NAME, *match.span(), 71)
    for match in _NICK.finditer(text):
        last = match["l"].split()[-1]
        quoted = match.group()[len(match["f"]) + 1] != "(" and not any(
            is_plain_word(w, words) or fold(w) in words.eponyms for w in (match["f"], last)
        )
        if quoted or _known_pair(match["f"], last, words):
            yield Span(Identifier.NAME, match.start(), match.end(), 68)
    for match in _SPELLED.finditer(text):
        yield Span(Identifier.NAME, *match.span(match.lastgroup or "v"), 67)
    yield from _lowered(text, words)


def _initialled(text: str, words: Lexicon) -> Iterator[Span]:
    """Letters that stand for a person: "Case 3: AC, 58F", "— KT, RN"."""
    for pattern in (_INITIALS, _SIGNED):
        for match in pattern.finditer(text):
            value = match[match.lastgroup or 0]
            sure = (
                match.lastgroup != "v"
                or "." in value
                or " is a" in text[match.end() : match.end() + 6]
                or (pattern is _SIGNED and value not in _WARDS)
            )
            if sure or not is_plain_word(value, words):
                yield Span(Identifier.NAME, *match.span(match.lastgroup or 0), 77)


def _person(
    text: str, start: int, tail: re.Pattern[str], words: Lexicon, *, plain: bool, unknown: bool
) -> int | None:
    """The end of the longest name at ``start`` that ``tail`` follows."""
    match = _PERSON.match(text, start)
    if match is None:
        return None
    parts = [part for part in re.finditer(_CAP, match.group()) if part.group() not in _SAINT]
    lettered = re.search(r"(?<!\w)[A-Z](?:\.|[ ])", match.group()) is not None
    for count in range(len(parts), 0, -1):
        end = start + parts[count - 1].end()
        if (found := _POSSESSIVE.search(text[start:end])) is not None:
            end = start + found.start()
        fits = tail.match(text, end) is not None
        given = _GIVEN_COMMA.match(text, end) if count == 1 and tail.pattern else None
        if not fits and given is None:
            continue
        said = [part.group() for part in parts[:count]]
        sure = lettered and (count > 1 or match.group()[1:2] in (".", " "))
        if not _nameable(said, words, plain=plain or sure, unknown=unknown or sure):
            continue
        if given is not None and (close := _given_after(text, given, tail, words)) is not None:
            return close
        if fits and not headed(text, end) and not _coded(text, start, end):
            return end
    return None


def _given_after(
    text: str, given: re.Match[str], tail: re.Pattern[str], words: Lexicon
) -> int | None:
    """The end of "Ndlovu, Rhys T." where ``tail`` follows it."""
    close = given.end() - (2 if _POSSESSIVE.search(given["g"]) else 0)
    low = fold(given["g"])
    if low in words.first or not (is_plain_word(low, words) or low in words.eponyms):
        return close if tail.match(text, close) else None
    return None


def _coded(text: str, start: int, end: int) -> bool:
    """Capitals of two to four letters alone stand for something clinical: "w/ LUE today"."""
    return text[start:end].isupper() and end - start < 5


def _nameable(said: list[str], words: Lexicon, *, plain: bool, unknown: bool) -> bool:
    for at, word in enumerate(said):
        low = fold(word)
        if low in LABELS or low in MONTHS or low in HEADS or re.fullmatch(CREDENTIALS, word):
            return False
        if word.isupper() and (len(word) < 5 or not words.is_name(low)):
            return False
        known = is_known(word, words)
        if low in words.eponyms and not known:
            return False
        joined = low.split("-")
        if (
            len(joined) > 1
            and joined[0] in words.eponyms
            and (joined[0] not in COMMON or joined[-1] in words.eponyms)
        ):
            return False  # "Cruveilhier-Baumgarten"
        if is_plain_word(word, words):
            if not known or (at == 0 and not plain):
                return False
        elif not known and (not (unknown or at) or (len(said) == 1 and _CLINICAL_END.search(low))):
            return False
    return True


def _known_pair(first: str, last: str, words: Lexicon) -> bool:
    """Whether a given name and a surname, of which at most one is a word of no list."""
    given, family = fold(first), fold(last)
    if {given, family} & (LABELS | HEADS):
        return False
    if is_plain_word(first, words) and given not in words.first:
        return False
    if is_plain_word(last, words):
        return is_known(last, words) and given in words.first and not is_plain_word(first, words)
    if given in words.eponyms and family in words.eponyms:
        return False
    strange = [w for w in (first, last) if not is_known(w, words)]
    return not (set(map(fold, strange)) & words.eponyms) and len(strange) < 2 and len(given) > 2


def _written_large(text: str, words: Lexicon) -> Iterator[Span]:
    """Names in capitals: "STONE, EOGHAN L" in a cell, "ANOUSH HADDAD" alone on a line."""
    for match in _CELL.finditer(text):
        family = match["l"].split()[-1]
        strange = not any(
            is_plain_word(w, words) or fold(w) in words.eponyms or len(w) < 4
            for w in (family, match["g"])
        )
        piped = text[match.end() :].lstrip(" ")[:1] == "|" and fold(family) in words.last
        if piped:  # a cell of a table holds nothing but the name
            low = fold(match["g"])
            strange = low in words.first or not is_plain_word(match["g"], words)
        if strange or _known_pair(match["g"], family, words):
            yield Span(Identifier.NAME, *match.span(), 68)
    for match in _CAPITALS.finditer(text):
        given, family = match["f"], match["l"].split()[-1]
        labelled = _NAMED.search(text, max(0, match.start() - 24), match.start()) is not None
        fresh = not any(
            is_plain_word(w, words) or (fold(w) in words.eponyms and fold(w) not in words.first)
            for w in (given, family)
        )
        surname = fold(family) in words.last and not is_plain_word(given, words)
        if labelled and (fresh or (surname and fold(given) not in words.eponyms)):
            yield Span(Identifier.NAME, match.start("f"), match.end("l"), 59)
        elif min(len(given), len(family)) > 1 and _known_pair(given, family, words):
            if not (fold(given) in words.eponyms or fold(family) in words.eponyms - COMMON):
                yield Span(Identifier.NAME, match.start("f"), match.end("l"), 68)


def _lowered(text: str, words: Lexicon) -> Iterator[Span]:
    """Names without capitals after a role: "pt tshabalala agreeable", "wife priyanka"."""
    for match in _LOWER.finditer(text):
        lead = (match["w"] or "").rstrip(".")
        strong = lead in ("dr", "doctor", "d/w", "spoke w", "spoke w/", "spoke with")
        doctor = lead in ("dr", "doctor")
        ends = [match.end("b")] if match["b"] else []
        for end in (*ends, match.end("a")):
            parts = WORD.findall(text[match.start("a") : end])
            named = all(_lower_name(part, words, strong=strong) for part in parts)
            if len(parts) == 2 and lead in ("dr", "doctor", "patient", "pt") and not named:
                first, last = map(fold, parts)
                named = (
                    first in words.first
                    and last not in LABELS
                    and (not is_plain_word(parts[1], words) or last in words.last)
                    and (first not in words.words or not is_plain_word(parts[1], words))
                    and _ENDS_AS_WORD.search(last) is None
                )
            short = len(parts) == 1 and fold(parts[0]) in words.first and _DOING.match(text, end)
            if not (named or (short and not is_plain_word(parts[0], words))) or headed(text, end):
                continue
            if doctor or any(is_known(part, words) for part in parts) or _DOING.match(text, end):
                yield Span(Identifier.NAME, match.start("a"), end, 59 if len(parts) > 1 else 76)
                break


_CLINICAL_END = re.compile(
    r"(?:[^e]us|(?<!ba)um|ae|ella|cter|ine|ide|ate|one|ase|(?<!v)ic|ing|(?<![ym])ed|ans|ens|ensis|itis|osis|emia|uria|pathy|gram|scope|ology|tion|ment|ness|able|ible|ous|ive)$"
)
_DOING = re.compile(rf"(?:{_DOES}|{_STATE}|[ ]+(?:is|was|has|from|in|and|seen|medical|[md]ob)\b)")


def is_subject(text: str, end: int) -> bool:
    """Whether what ends at ``end`` does or suffers what only a person does."""
    return _SUBJECT.match(text, end) is not None


_SUBJECT = re.compile(_STATE)


HAPPENED = frozenset(
    {
        "fell", "slipped", "tripped", "held", "left", "met", "lost", "cut", "hit", "bit", "felt",
        "bled", "broke", "burned", "hurt", "rose", "stood", "sat", "ran", "read", "bent", "swore",
        "drove", "rode", "dove", "wept", "slept", "ate", "drank", "came", "went", "made", "told",
        "said", "saw", "gave", "kept", "spoke", "woke", "threw", "blew", "drew", "grew", "knew",
        "may", "will", "can", "might", "must", "shall", "should", "would", "could",
    }
)  # fmt: skip
"""What patients do or did: in small letters behind "pt" never a surname, though Fell is one."""


def _lower_name(word: str, words: Lexicon, *, strong: bool) -> bool:
    low = fold(word)
    if low in HAPPENED:
        return False
    if low in LABELS or low in HEADS or len(low) < 3 or (low in words.eponyms and not strong):
        return False
    if is_plain_word(word, words):
        return strong and low in words.last and low in COMMON
    if is_known(word, words):
        return True
    return len(low) > 4 and _ENDS_AS_WORD.search(low) is None
