"""Names that are ordinary words too: "Dawn", "Hope", "Case", told by where they stand.

The word must be a given name or a surname of the lists; what makes a person of it is a role before
it ("Trooper Long"), an initial ("L. Fields"), another name beside it, who speaks in a chat, or letters
behind it. In text without capitals, or with nothing else, a role is asked for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.phi.called import (
    BARRED,
    CAP,
    MONTHLY,
    NAMED_LABELS,
    SHORT_SURNAMES,
    UNPAIRED,
    bare_end,
    called,
    clinical_behind,
    in_list,
    odd,
)
from bot.phi.heads import FOLLOWING, OWNED
from bot.phi.joined_names import joined_names, quiet_names
from bot.phi.lexicon import LABELS, lexicon
from bot.phi.name_words import CREDENTIALS, WORD, fold, headed
from bot.phi.records import Identifier, Span
from bot.phi.registers import registered
from bot.phi.roles import DOERS, KIN, WORKER
from bot.phi.strangers import kind
from codesets.abbreviations import meanings

if TYPE_CHECKING:
    from collections.abc import Iterator

_RANK = 78
_ROLE = re.compile(
    rf"(?<![\w\-])(?i:(?P<r>{KIN}|{WORKER})s?)\.?(?:[ ](?i:is|was|named|called)|['’]s[ ](?i:name[ ]is))?[,:]?[ ]+(?:\((?=[A-Z]))?(?P<v>{CAP}(?:[ ](?:[A-Z]\.?[ ])?{CAP})?)(?![\w])"
)
_LED = re.compile(
    rf"\b(?i:ask(?:ed|s)?[ ]for|speak[ ](?:to|with)|spoke[ ](?:to|with|w/)|call(?:ed|s)?|text(?:ed)?|page[d]?|tell|told|thanks?(?:[ ]you)?,?|copy|cc|w/|with|named|name[ ]is|loop[ ]in|looped[ ]in|signed[ ]for|reports?[ ]to|report[ ](?:to|from|by)|handoff[ ](?:to|from)|relieved[ ]by|per|cosign(?:ed)?|love,|hugs,|from|by|for|to|and|meet|remind|email(?:ed)?|notif(?:y|ied)|contact(?:ed)?|see|saw|reach|update[d]?|inform(?:ed)?|let|about|attn:?|dear|hi|hello|hey)[ ]+(?P<v>{CAP}(?:[ ](?:[A-Z]\.?[ ])?{CAP})?)(?P<t>['’]s[ ]|(?=[ ]*(?:[,.;:)!?\n\"”]|\Z))|(?=[ ](?:\d{{1,2}}/|because\b|re\b|today|tomorrow|next|at[ ](?:\d|\(|\[|x\d|ext)|and|who|whom|is|was|has|for[ ]|on[ ]|to[ ]|in[ ]|or|if|when|will[ ](?:come|call|see|be)|know|\[|\(|@|RN|MD|before|after|about|from)))"
)
_INITIALED = re.compile(
    rf"(?<![\w.\-/])(?P<v>(?:[A-ZÀ-Þ]\.[ ]?){{1,2}}(?P<n>(?:(?:de|van|von|la|del|St\.)[ ])?{CAP}))(?![\w])"
)
_SPEAKER = re.compile(
    rf"(?m:^)[ \t]*(?:[\[(][^\])\n]{{3,28}}[\])]|\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:[ ]?[AaPp][Mm])?|\d{{4}})[ \t]*[-–—|]?[ \t]*(?P<v>{CAP}(?:[ ](?:[A-Z]\b\.?|{CAP}))?)(?=[ ]?:|[ ]?>|,[ ](?:RN|RT|MD|NP|PA|LPN|CNA|DO|EMT|PT|OT|RRT|PharmD)\b)"
)
_PAIR = re.compile(rf"(?<![\w\-.])(?P<a>{CAP})[ ](?:[A-Z]\.?[ ])?(?P<b>{CAP})(?![\w\-])")
_COMMA = re.compile(
    rf"(?<![\w\-])(?P<l>{CAP}),[ ]?(?P<f>{CAP})(?P<m>[ ][A-Z]\b\.?)?(?=[ ]*(?:[#\d(|\n]|\Z|\[|(?i:mrn|dob|sched|age|sex|male|female|\d)))"
)
_LABEL_BEFORE = re.compile(
    r"(?:[:=|#][ ]*|^[ \t]*|\n[ \t]*|\b(?:[Pp]atient|[Pp]t|[Nn]ame|[Cc]lient|[Mm]ember)[ ]+)\Z"
)
_LETTERED = re.compile(
    rf"(?<![\w\-])(?P<v>{CAP}),[ ](?:{CREDENTIALS}|RT|RRT|EMT|CRT|LAT|ATC|OTR|PTA|COTA|CST|MA|CPhT|HUC|US)(?![\w\-/])"
)
_PRACTICE = re.compile(
    rf"(?<![\w\-])(?P<v>{CAP}?)['’]s[ ](?=(?:nurse|office|team|partner|wife|husband|mother|father|son|daughter|assistant|PA|NP|MA|RN|secretary|receptionist|staff|scheduler|practice|service|patient|resident|voicemail)\b)"
)
_BEDDED = re.compile(
    rf"(?<![\w\-])(?P<v>{CAP})(?=[ ](?:in|from|@|-)[ ]?(?:bed|room|rm|bay|chair|slot|pod)[ ]?\#?\d)"
)
_SIGNS = re.compile(
    r"(?<![A-Za-z])(?i:initials)[ ]?[:=][ ]?[\"']?(?P<x>[A-Z]{2,4})(?![\w])|(?<![\w.])(?P<v>[A-Z]{2,3})(?=,?[ ](?:signed|signing|dictating|dictated|transcribed|charting|documenting|scribing)\b)|(?m:\b(?i:signed|initials|sig)[ ]?:[ ]?(?P<y>[a-z]{2,4})[ ]*$)|\b(?i:initialed|initials|signed|scribed|charted|entered|typed|checked|verified|cosigned|dict|trans|transcribed|dictated)(?:[ ]by)?[ ]?[:/]?[ ](?P<w>[A-Z]{2,3})(?=[ ]?[.,;)\n/|]|\Z)"
)
_LETTER_LAST = re.compile(
    rf"(?<![\w\-.])(?P<v>{CAP}[ ][A-Z]\.)(?=[,;:)\n]|[ ]\(|[ ](?:is|was|has|and|gr\b|age|reports|states|came|sent|seen|called|says)|\Z|[ ]?-[ ])"
)
_AGED_INITIALS = re.compile(
    r"(?<![\w/.])\d{1,3}[ ]?(?:yo[ ]?|y/o[ ]?)?[MF],?[ ](?P<v>[A-Z]{2,3})(?=,|[ ]?\(|[ ]?[;|])"
)
_SLASHED = re.compile(rf"(?<![\w\-/])(?P<a>{CAP})/(?P<b>{CAP})(?![\w\-/])")


_MODAL = frozenset(
    {
        "will",
        "may",
        "can",
        "mark",
        "grant",
        "drew",
        "pat",
        "bill",
        "page",
        "frank",
        "art",
        "case",
        "strong",
        "young",
        "long",
        "sharp",
        "rich",
        "wise",
        "best",
    }
)


def find_plain_names(text: str, *, later: bool = False) -> Iterator[Span]:
    """Names of ``text`` that are ordinary words; ``later`` only beside placeholders."""
    yield from joined_names(text)
    if later:
        return
    for pattern in (_ROLE, _LED):
        for match in pattern.finditer(text):
            end = _end(text, match, strong=pattern is _ROLE)
            if end is not None:
                yield Span(Identifier.NAME, match.start("v"), end, _RANK)
    for match in _INITIALED.finditer(text):
        if _initialed(text, match):
            yield Span(Identifier.NAME, match.start("v"), bare_end(text, match.end("v")), _RANK)
    for match in _SPEAKER.finditer(text):
        if called(match["v"].split()[0]) or kind(fold(match["v"].split()[0])) in (
            "name",
            "strange",
        ):
            yield Span(Identifier.NAME, *match.span("v"), _RANK)
    for match in _PAIR.finditer(text):
        if _paired(text, match):
            yield Span(Identifier.NAME, match.start(), bare_end(text, match.end()), _RANK + 1)
    for match in _COMMA.finditer(text):
        words = lexicon()
        led = _LABEL_BEFORE.search(text, max(0, match.start() - 9), match.start())
        last, first = fold(match["l"]), fold(match["f"])
        if (
            (led or match["m"])
            and in_list(last, words.last)
            and in_list(first, words.first)
            and last not in BARRED
        ):
            yield Span(Identifier.NAME, *match.span(), _RANK)
    for match in _LETTERED.finditer(text):
        low = fold(match["v"])
        if (
            called(match["v"])
            and kind(low) == "both"
            and text[match.start() - 2 : match.start() - 1] not in "-"
        ):
            yield Span(Identifier.NAME, *match.span("v"), _RANK)
    for match in _PRACTICE.finditer(text):
        low = fold(match["v"])
        if kind(low) in ("name", "strange") or in_list(low, lexicon().last):
            yield Span(Identifier.NAME, *match.span("v"), _RANK)
    for match in _BEDDED.finditer(text):
        if lexicon().is_name(fold(match["v"])) or kind(fold(match["v"])) in ("name", "strange"):
            yield Span(Identifier.NAME, *match.span("v"), _RANK)
    for pattern in (_LETTER_LAST, _AGED_INITIALS):
        for match in pattern.finditer(text):
            name = match.lastgroup or "v"
            low = fold(match[name].split()[0])
            if kind(low) in ("name", "both", "strange", "town") or (
                pattern is _LETTER_LAST and odd(low)
            ):
                if low not in DOERS and not (pattern is _AGED_INITIALS and meanings(match[name])):
                    yield Span(Identifier.NAME, *match.span(name), _RANK)
    for match in _SIGNS.finditer(text):
        if kind(fold(match[match.lastgroup or "v"])) not in ("plain", "label"):
            yield Span(Identifier.NAME, *match.span(match.lastgroup or "v"), _RANK)
    for match in _SLASHED.finditer(text):
        lows = [fold(match["a"]), fold(match["b"])]
        if all(in_list(low, lexicon().last) for low in lows) and not all(
            kind(low) in ("plain", "label", "both") for low in lows
        ):
            if not clinical_behind(text, match.end()):
                yield Span(Identifier.NAME, *match.span("a"), _RANK)
                yield Span(Identifier.NAME, *match.span("b"), _RANK)
    yield from registered(text)
    yield from quiet_names(text)


def _end(text: str, match: re.Match[str], *, strong: bool) -> int | None:
    """The end of the name behind a role or a verb, or None."""
    parts = WORD.finditer(text, match.start("v"), match.end("v"))
    named = [part for part in parts if len(part.group()) > 1]
    first = named[0].group()
    low = fold(first)
    known = called(first) or (
        strong and not first.isupper() and (kind(low) in ("name", "strange", "town") or odd(low))
    )
    if (
        not known
        or (first.isupper() and (len(first) < 4 or any(c.islower() for c in match.group())))
        or (low in BARRED and low not in MONTHLY)
    ):
        return None
    if (
        low in lexicon().eponyms
        and low not in lexicon().first
        and _AFFLICTED.match(text, named[0].end())
    ):
        return None  # "father Parkinson at 61"
    if re.fullmatch(CREDENTIALS, first) or (
        low in lexicon().eponyms and low not in lexicon().first and not strong
    ):
        return None
    if not strong and low not in lexicon().first and low not in MONTHLY and len(named) < 2:
        if kind(low) != "both" and low not in NAMED_LABELS:
            if not (
                low in lexicon().last
                and re.match(
                    r"[ ](?:because|re|about|who|today|tomorrow|next)\b",
                    text[named[0].end() :][:12],
                )
            ):
                return None
    if not strong and low in lexicon().regions:
        return None
    led = text[max(0, match.start("v") - 5) : match.start("v")].casefold()
    if led in ("from ",) and text[match.start("v") : named[-1].end()].casefold() in lexicon().towns:
        return None  # "from New Bedford"
    end = named[-1].end()
    if len(named) > 1:
        last = named[-1].group()
        if (
            not (called(last) or kind(fold(last)) in ("name", "strange"))
            or fold(last) in BARRED
            or re.fullmatch(CREDENTIALS, last)
        ):
            end = named[0].end()
            if kind(fold(last)) == "plain" and text[end : end + 1] == " " and not last.isupper():
                return None  # a heading: "Nurse Page Number"
    if low in _MODAL and end == named[0].end() and (verb := _VERB_AFTER.match(text, end)):
        if low in ("will", "may", "can") or verb.group().strip() not in FOLLOWING:
            return None
    if (
        not strong
        and low in MONTHLY
        and re.match(r"[ ]?\d|,?[ ](?:\d{1,2}|of|19|20)\b|[ ]and[ ]", text[end:])
    ):
        return None
    if strong and low in MONTHLY and re.match(r",?[ ](?:\d|of[ ]\d|19|20)", text[end:]):
        return None
    if clinical_behind(text, end):
        return None
    return bare_end(text, end)


_AFFLICTED = re.compile(
    r"['’]?s?(?:[ ]at[ ](?:age[ ])?\d|[ ]?[,;.)]|[ ](?:and|at|in[ ]his|in[ ]her|onset|dx|diagnosed)\b|\Z)"
)


_VERB_AFTER = re.compile(
    r"[ ](?!is\b|was\b|who\b|and\b|at\b|has\b|in\b|to\b|on\b|for\b|with\b|from\b|did\b|or\b|said\b|says\b|will\b)[a-z]+"
)


def _initialed(text: str, match: re.Match[str]) -> bool:
    """Whether an initial and a word are a name and no organism, list item or abbreviation."""
    low = fold(match["n"].split()[-1])
    what = kind(low)
    if low in NAMED_LABELS:
        what = "both"
    if what == "short" or (low in LABELS and len(low) == 2):
        return low in SHORT_SURNAMES
    if what in ("plain", "label") or low in BARRED or low in _SPECIES:
        return False
    start = match.start()
    opens = (
        start == 0
        or text[start - 1] == "\n"
        or text[max(0, start - 2) : start].strip() in ("", "\n")
    )
    if what in ("both", "eponym") and opens and text[start] in "ABCDEFGH":
        return re.match(
            r",[ ][A-Z]|[ ]*\n|[ ]*\Z", text[match.end() :]
        ) is not None and not clinical_behind(text, match.end())
    return not clinical_behind(text, match.end())


_SPECIES = frozenset(
    "coli diff difficile aureus pylori pneumoniae pneumo albicans faecalis faecium cereus burgdorferi jejuni maltophilia baumannii avium dorsi strep staph max min".split()
)


def _paired(text: str, match: re.Match[str]) -> bool:
    """Whether two capitalised ordinary words are given name and surname, in either order."""
    words = lexicon()
    first, last = fold(match["a"]), fold(match["b"])
    if {first, last} & (UNPAIRED | words.regions) or match["a"].isupper() != match["b"].isupper():
        return False
    forward = in_list(first, words.first) and in_list(last, words.last)
    backward = in_list(first, words.last) and in_list(last, words.first)
    if not (forward or backward) or (first in words.eponyms and last in words.eponyms):
        return False
    if match["a"].isupper():
        return forward and _SUBJECTED.match(text, match.end()) is not None
    if f"{first} {last}" in words.cities or headed(text, match.end(), 3, spared=OWNED):
        return False
    if f"{first} {last}" in words.towns or clinical_behind(text, match.end()):
        return False
    if not forward and not (match.start() == 0 or text[match.start() - 1] == "\n"):
        return False
    before = re.search(rf"({CAP})[ ]\Z", text[max(0, match.start() - 24) : match.start()])
    after = re.match(rf"[ ]({CAP})", text[match.end() : match.end() + 24])
    crowded = [
        kind(fold(m[1])) in ("plain", "label") and not re.fullmatch(CREDENTIALS, m[1])
        for m in (before, after)
        if m
    ]
    return not (
        crowded and all(crowded) and (len(crowded) == 2 or kind(first) == kind(last) == "both")
    )


_SUBJECTED = re.compile(
    r"[ ]?,?[ ](?:IS|WAS|HAS|DENIES|REPORTS|PRESENTS|CAME|COMES|STATES|RETURNS|SEEN|WILL|TO|AND|LIVES|CALLED|AGE|WITH|MD|RN|DO|NP|PA)\b"
)
