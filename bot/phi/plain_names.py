"""Names that are ordinary words too: "Dawn", "Hope", "Case", told by where they stand.

The word must be a given name or a surname of the lists; what makes a person of it is a role before
it ("Trooper Long"), an initial ("L. Fields"), another name beside it, who speaks in a chat, or letters
behind it. In text without capitals, or with nothing else, a role is asked for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.phi.heads import EVERYDAY, HEADS, NEAR_HEADS, OWNED
from bot.phi.lexicon import LABELS, drug_words, lexicon, plain_letters
from bot.phi.name_words import CREDENTIALS, LETTER, WORD, fold, headed
from bot.phi.records import Identifier, Span
from bot.phi.roles import DOERS, KIN, WORKER
from bot.phi.strangers import kind
from codesets.abbreviations import meanings

if TYPE_CHECKING:
    from collections.abc import Iterator

_RANK = 78
_CAP = rf"[A-ZÀ-Þ](?:{LETTER}|['’\-](?={LETTER}))+"
_MONTHLY = frozenset(
    {"april", "may", "june", "august", "jan", "january", "summer", "autumn", "wednesday"}
)
_ROLE = re.compile(
    rf"(?<![\w\-])(?i:(?P<r>{KIN}|{WORKER})s?)\.?(?:[ ](?i:is|was|named|called)|['’]s[ ](?i:name[ ]is))?[,:]?[ ]+(?:\((?=[A-Z]))?(?P<v>{_CAP}(?:[ ](?:[A-Z]\.?[ ])?{_CAP})?)(?![\w])"
)
_LED = re.compile(
    rf"\b(?i:ask(?:ed|s)?[ ]for|speak[ ](?:to|with)|spoke[ ](?:to|with|w/)|call(?:ed|s)?|text(?:ed)?|page[d]?|tell|told|thanks?(?:[ ]you)?,?|copy|cc|w/|with|named|name[ ]is|loop[ ]in|looped[ ]in|signed[ ]for|reports?[ ]to|report[ ](?:to|from|by)|handoff[ ](?:to|from)|relieved[ ]by|per|cosign(?:ed)?|love,|hugs,|from|by|for|to|and|meet|remind|email(?:ed)?|notif(?:y|ied)|contact(?:ed)?|see|saw|reach|update[d]?|inform(?:ed)?|let|about|attn:?|dear|hi|hello|hey)[ ]+(?P<v>{_CAP}(?:[ ](?:[A-Z]\.?[ ])?{_CAP})?)(?P<t>['’]s[ ]|(?=[ ]*(?:[,.;:)!?\n\"”]|\Z))|(?=[ ](?:\d{{1,2}}/|because\b|re\b|today|tomorrow|next|at[ ](?:\d|\(|\[|x\d|ext)|and|who|whom|is|was|has|for[ ]|on[ ]|to[ ]|in[ ]|or|if|when|will[ ](?:come|call|see|be)|know|\[|\(|@|RN|MD|before|after|about|from)))"
)
_INITIALED = re.compile(
    rf"(?<![\w.\-/])(?P<v>(?:[A-ZÀ-Þ]\.[ ]?){{1,2}}(?P<n>(?:(?:de|van|von|la|del|St\.)[ ])?{_CAP}))(?![\w])"
)
_SPEAKER = re.compile(
    rf"(?m:^)[ \t]*(?:[\[(][^\])\n]{{3,28}}[\])]|\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:[ ]?[AaPp][Mm])?|\d{{4}})[ \t]*[-–—|]?[ \t]*(?P<v>{_CAP}(?:[ ](?:[A-Z]\b\.?|{_CAP}))?)(?=[ ]?:|[ ]?>|,[ ](?:RN|RT|MD|NP|PA|LPN|CNA|DO|EMT|PT|OT|RRT|PharmD)\b)"
)
_PAIR = re.compile(rf"(?<![\w\-.])(?P<a>{_CAP})[ ](?:[A-Z]\.?[ ])?(?P<b>{_CAP})(?![\w\-])")
_COMMA = re.compile(
    rf"(?<![\w\-])(?P<l>{_CAP}),[ ]?(?P<f>{_CAP})(?P<m>[ ][A-Z]\b\.?)?(?=[ ]*(?:[#\d(|\n]|\Z|\[|(?i:mrn|dob|sched|age|sex|male|female|\d)))"
)
_LABEL_BEFORE = re.compile(
    r"(?:[:=|#][ ]*|^[ \t]*|\n[ \t]*|\b(?:[Pp]atient|[Pp]t|[Nn]ame|[Cc]lient|[Mm]ember)[ ]+)\Z"
)
_LETTERED = re.compile(
    rf"(?<![\w\-])(?P<v>{_CAP}),[ ](?:{CREDENTIALS}|RT|RRT|EMT|CRT|LAT|ATC|OTR|PTA|COTA|CST|MA|CPhT|HUC|US)(?![\w\-/])"
)
_PRACTICE = re.compile(
    rf"(?<![\w\-])(?P<v>{_CAP}?)['’]s[ ](?=(?:nurse|office|team|partner|wife|husband|mother|father|son|daughter|assistant|PA|NP|MA|RN|secretary|receptionist|staff|scheduler|practice|service|patient|resident|voicemail)\b)"
)
_BEDDED = re.compile(
    rf"(?<![\w\-])(?P<v>{_CAP})(?=[ ](?:in|from|@|-)[ ]?(?:bed|room|rm|bay|chair|slot|pod)[ ]?\#?\d)"
)
_BETWEEN = re.compile(
    rf"\[NAME-\d+\][ ](?:to|and|&|or|with|→|->|for|from)[ ](?P<a>{_CAP})(?![\w\-])|(?<![\w\-])(?P<b>{_CAP})(?=[ ](?:to|and|&|or|→|->|/)[ ]\[NAME-\d+\])|\[NAME-\d+\]/(?P<d>(?:al-|el-)?{_CAP})(?![\w\-])|(?<![\w\-/])(?P<e>{_CAP})(?=/\[NAME-\d+\])|\[NAME-\d+\],[ ](?P<c>{_CAP})(?=,[ ]|[ ]?[.;\n]|[ ]and[ ]|\Z)"
)
_SIGNS = re.compile(
    r"(?<![A-Za-z])(?i:initials)[ ]?[:=][ ]?[\"']?(?P<x>[A-Z]{2,4})(?![\w])|(?<![\w.])(?P<v>[A-Z]{2,3})(?=,?[ ](?:signed|signing|dictating|dictated|transcribed|charting|documenting|scribing)\b)|(?m:\b(?i:signed|initials|sig)[ ]?:[ ]?(?P<y>[a-z]{2,4})[ ]*$)|\b(?i:initialed|initials|signed|scribed|charted|entered|typed|checked|verified|cosigned|dict|trans|transcribed|dictated)(?:[ ]by)?[ ]?[:/]?[ ](?P<w>[A-Z]{2,3})(?=[ ]?[.,;)\n/|]|\Z)"
)
# What somebody is called by those who know him: in quotes behind a name, or behind "goes by".
_NICKED = re.compile(
    rf"\[NAME-\d+\],?[ ](?:[\"“‘'(])(?P<v>{_CAP})(?=[\"”’')])|(?i:goes[ ]by|nicknamed|street[ ]name|also[ ]known[ ]as|known(?:[ ][a-z]+){{0,4}}[ ]as|call(?:s|ed)[ ](?:him|her)self|prefers[ ]to[ ]be[ ]called|calls[ ](?:his|her)[ ][a-z]+)[ ](?:[\"“‘'])?(?P<w>{_CAP})(?![\w\-])"
)
_LETTER_LAST = re.compile(
    rf"(?<![\w\-.])(?P<v>{_CAP}[ ][A-Z]\.)(?=[,;:)\n]|[ ]\(|[ ](?:is|was|has|and|gr\b|age|reports|states|came|sent|seen|called|says)|\Z|[ ]?-[ ])"
)
_AGED_INITIALS = re.compile(
    r"(?<![\w/.])\d{1,3}[ ]?(?:yo[ ]?|y/o[ ]?)?[MF],?[ ](?P<v>[A-Z]{2,3})(?=,|[ ]?\(|[ ]?[;|])"
)
_SLASHED = re.compile(rf"(?<![\w\-/])(?P<a>{_CAP})/(?P<b>{_CAP})(?![\w\-/])")
_PART = r"(?:(?:[Dd]e|[Vv]an|[Vv]on|[Ll]a|[Dd]el|[Dd]er|[Dd]en|[Dd]i|[Dd]a|[Ee]l|[Aa]l|[Bb]in|[Ss]t\.?|[Ó]|DE|LA|VAN|VON|DER|DEL)[ ])"
# "Mendes GA": surname and initials as registers and journals write them.
_REGISTERED = re.compile(
    rf"(?<![\w\-])(?P<v>{_PART}{{0,3}}(?:[Aa]l-)?(?P<l>[A-ZÀ-Þ](?:{LETTER}|['’\-](?={LETTER}))+)(?:[ ]y[ ]{_CAP})?[ ](?P<i>[A-Z]{{2}}))(?=[ ]?[,;.(\n|]|[ ]{{2}}|\Z|[ ]?/)"
)
_STATES = frozenset(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY UK AM".split()
)
_RELEASE = frozenset(
    "II IV VI XL SR CR ER XR LA DS IR DR EC HD PF ODT HFA PO IV IM SQ SC PR PM BP HR RR MD DO RN NP PA PT OT RT DC OD OS OU LT RT UE LE US MR CT XR ED ER OR IN ON AT TO OF BY AS IS NO AL AK AZ AR CA CO FL GA HI ID IL IA KS KY ME MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK RI SD TN TX UT VT VA WA WV WI WY".split()
)
_SHORT = re.compile(
    rf"(?<![\w\-.])(?P<v>(?P<f>{_CAP})[ ](?P<l>[A-Z][a-z]))(?=[ ]?[,;.()\n|]|[ ]{{2}}|\Z|[ ](?:is|was|has|MD|RN|DO|NP|and|to|reports|denies|in|at|who|with|for|RT|PA|\d))"
)
_TITLED_SHORT = re.compile(
    r"\b(?:Dr|Drs|Mr|Mrs|Ms|Prof|Miss)\.?[ ](?P<v>[A-Z](?:[a-z]{1,2})?)(?![\w.]\w|\w)|\b(?:[Bb]aby|bb)[ ](?:[Bb]oy|[Gg]irl)[ ](?P<w>[A-Z][a-z]+)(?![\w])|\b(?:by|per|with|w/|Dr|fellow|operators?|scrub|tech|RN|RT|//|neo|nurse)[ ](?P<x>(?!Dr|Mr|Ms|St|Mt|Ft|No|Pt|Rt|Lt)[A-Z][a-z])(?=[ ]?[,;.)\n/|]|[ ]{2}|\Z)"
)
_LOUD_COMMA = re.compile(
    r"(?<![\w\-])(?P<v>(?P<l>(?:[A-ZÀ-Þ][A-ZÀ-Þ'’\-]*[ ]){0,3}[A-ZÀ-Þ][A-ZÀ-Þ'’\-]+),[ ]?(?P<f>[A-ZÀ-Þ][A-ZÀ-Þ'’\-]+)(?:[ ][A-Z]\b\.?)?)(?![a-z])"
)
_SOFT_COMMA = re.compile(
    rf"(?<![\w\-])(?P<v>{_PART}{{1,3}}(?P<l>{_CAP}),[ ](?P<f>{_CAP})(?:[ ][A-Z]\b\.?)?)(?![\w\-])"
)
_LOUD_SLASH = re.compile(
    r"(?<![\w\-/])(?P<a>[A-ZÀ-Þ][A-ZÀ-Þ'’\-]{2,})/(?P<b>[A-ZÀ-Þ][A-ZÀ-Þ'’\-]{2,})(?![\w\-/])"
)
_BY_Y = re.compile(
    rf"\[NAME-\d+\][ ]y[ ](?P<v>{_CAP})|(?P<w>{_CAP}[ ]y)[ ](?=\[NAME-\d+\])|(?<![\w\-])(?P<x>{_CAP}[ ]y[ ]{_CAP})(?![\w\-])"
)
_STAFFED = re.compile(
    r"\((?P<t>[A-Z]{2,3}),[ ](?=\d{1,2}[/\-]|\[DATE)|\b(?:RPh|RN|MD|tech|nurse)[ ]on[ ](?:duty|call)[ :]+(?P<x>[A-Z]{2,3})(?=[ ]?[|,;.)\n])|(?:by|typist|trans|dd|dt)[ :]+(?P<y>[a-z]{2,3}[/:][a-z]{2,3})(?![\w/])|(?<![\w.])(?P<z>(?:[A-Z]\.){2,3})(?=,?[ ](?:aged?[ ]\d|\d{1,3}[ ]?(?:yo\b|y/o|[MF]\b|year)))|\b(?:tech|nurse|scribe|ordering|reader|operator|initials|staff|prep|embryologist)[ :]+(?P<v>[A-Z]{3})(?=[ ]?[|,;)\n])|\#\d+[ ](?P<w>[A-Z]{2,3})(?=[ ]/[ ])"
)
_COMMA_INITIAL = re.compile(
    rf"(?<![\w\-])(?P<v>(?P<l>(?:(?:DE|LA|VAN|VON|DER|DEL|De|La|Van|Von|Del|St\.|EL|AL)[ ]){{0,2}}(?:{_CAP})),[ ][A-Z]\.)(?=[ ]?[;,)\n|]|[ ]{{2}}|\Z|[ ]\(|[ ](?:and|MD|RN|DO|NP|PA|\d))"
)
_ONE_LETTER = re.compile(rf"(?<![\w\-.])(?P<v>(?P<f>{_CAP})[ ][A-Z])(?=,[ ])")


# Surnames of two letters, which no list of words can tell from other short words.
_SHORT_SURNAMES = frozenset(
    "so do le oh ng ma vo li lu wu xu hu yu yi ko ho ha mo an bo go ku su ly tu ye qi he fu du gu pu ge ai bi ro ba ka ta ty".split()
)


def _registered(text: str) -> Iterator[Span]:
    """Names as lists and registers write them: "Mendes GA", "Niamh Do", "SO, ULISES L"."""
    words = lexicon()
    for match in _REGISTERED.finditer(text):
        low, initials = fold(match["l"]), match["i"]
        if initials in _RELEASE and not (
            _in(low, words.last) and initials in _STATES and low not in words.cities
        ):
            continue
        led = match["v"] != f"{match['l']} {initials}" or re.search(
            r"(?:\[NAME-\d+\]|[A-Z]{2}),[ ]\Z", text[max(0, match.start() - 12) : match.start()]
        )
        if meanings(initials) and kind(low) not in ("name", "strange") and len(low) > 2 and not led:
            continue
        short = low in _SHORT_SURNAMES
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
                or (kind(low) in ("both", "eponym") and _in(low, words.last))
                or kind(low) in ("name", "strange")
            )
            and low not in _BARRED - {"do"}
            and low not in drug_words()
        ):
            yield Span(Identifier.NAME, *match.span("v"), _RANK)
    for match in _SHORT.finditer(text):
        first, last = fold(match["f"]), fold(match["l"])
        if (
            last in _SHORT_SURNAMES
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
                    _in(first, words.first)
                    or (
                        kind(first) == "name"
                        and (
                            last in _SHORT_SURNAMES
                            or (
                                pattern is _LOUD_COMMA
                                and (_in(last, words.last) or kind(last) == "name")
                            )
                        )
                    )
                )
                or (last in _BARRED and len(last) > 2)
                or meanings(match["f"])
                or (meanings(parts[-1]) and text[match.start() - 2 : match.start()] != ": ")
            ):
                continue
            if (
                _in(last, words.last)
                or last in _SHORT_SURNAMES
                or kind(last) in ("name", "strange")
            ):
                skip = 0
                while skip < len(parts) - 1 and (
                    parts[skip].casefold() not in _PARTICLED
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
        if "." in said or "/" in said or (
            not meanings(said)
            and kind(said.casefold()) not in ("plain", "label")
            and not re.fullmatch(CREDENTIALS, said)
        ):
            yield Span(Identifier.NAME, *match.span(match.lastgroup or "v"), _RANK)
    for match in _COMMA_INITIAL.finditer(text):
        low = fold(match["l"].split()[-1])
        if (
            low in _SHORT_SURNAMES
            or kind(low) in ("name", "strange")
            or (kind(low) in ("both", "eponym") and _in(low, words.last))
        ):
            yield Span(Identifier.NAME, *match.span("v"), _RANK)
    for match in _ONE_LETTER.finditer(text):
        if _in(fold(match["f"]), words.first) and kind(fold(match["f"])) == "name":
            yield Span(Identifier.NAME, *match.span("v"), _RANK)


_PARTICLED = frozenset("de la van von der del den di da el al bin st st. y ó mac".split())
_QUIET_ROLE = re.compile(
    rf"(?<![\w\-])(?i:{KIN}|doctor|dr\.?|mister|mr\.?|mrs\.?|ms\.?|miss|missus|nurse|this[ ]is|my[ ]name[ ]is|named|i['’]?m|copy[ ]to|caregiver|home[ ]nurse|officer|trooper|therapist|aide)[ ]+(?P<v>(?!(?i:doctor|dr|mister|mr|mrs|ms|miss|nurse|my|the|her|his|a)\b){LETTER}(?:{LETTER}|['’\-](?={LETTER}))+(?:[ ]{LETTER}(?:{LETTER}|['’\-](?={LETTER}))+)?)(?![\w])"
)
_QUIET_END = re.compile(
    r"[ ]*(?:[.,;)\n]|\Z)|[ ](?:dictating|calling|speaking|from|at|on|for|with|and|is|was|has|who|said|says|walks?|i['’]?m|his|her|he|she|okay|thanks|seen|of|in|to|period|comma|medical|mrn|date|dob|patient|will|called|told|came|wants|denies|reports|agrees|ordered|end|age|aged|years?)\b",
    re.IGNORECASE,
)
# Words that stand behind a role and name nobody, though somebody is called so.
_NEVER = frozenset(
    """will may can said say says did do does has had have was is are were be been being am saw see told read about at on off gave give put came come go goes went got
    get in out the a an and or but not no yes so if as of to for from by with when who whom what where how why then than that this these those there here now today day night
    call page note please good best better well right left high low long short new old big small little young early late more most much many any some all both each every one two
    three four five six seven eight nine ten first second third last next home work room bed floor unit care case service services health group practice station line line side front back
    back again also still just only over under up down before after during since until while because stable alert awake aware ready able sick weak strong positive negative line visit rounds round
    staff team office desk chart order orders report reports history exam plan labs lab meds med pain blood heart rate pressure temp fever cough rash fall falls stroke cancer
    use used using make made take took taken keep kept let set run ran ask asked answer need needs want wants like love miss missed hope wish think feel felt feels try tried
    help helps end start begin stop time times week month year man woman boy girl child baby people person student driver patient parent doctor nurse""".split()
)
# Labels and heads of diseases that are surnames of many.
_NAMED_LABELS = frozenset(
    {"case", "day", "race", "page", "cross", "dot", "knight", "point", "fields", "rose"}
)
_BARRED = (LABELS | HEADS) - _NAMED_LABELS
_UNPAIRED = _BARRED | DOERS | frozenset("new old left right home care pain night day bed".split())
_UNNAMED = LABELS - _NAMED_LABELS
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
    yield from _joined(text)
    if later:
        return
    for pattern in (_ROLE, _LED):
        for match in pattern.finditer(text):
            end = _end(text, match, strong=pattern is _ROLE)
            if end is not None:
                yield Span(Identifier.NAME, match.start("v"), end, _RANK)
    for match in _INITIALED.finditer(text):
        if _initialed(text, match):
            yield Span(Identifier.NAME, match.start("v"), _bare_end(text, match.end("v")), _RANK)
    for match in _SPEAKER.finditer(text):
        if _called(match["v"].split()[0]) or kind(fold(match["v"].split()[0])) in (
            "name",
            "strange",
        ):
            yield Span(Identifier.NAME, *match.span("v"), _RANK)
    for match in _PAIR.finditer(text):
        if _paired(text, match):
            yield Span(Identifier.NAME, match.start(), _bare_end(text, match.end()), _RANK + 1)
    for match in _COMMA.finditer(text):
        words = lexicon()
        led = _LABEL_BEFORE.search(text, max(0, match.start() - 9), match.start())
        last, first = fold(match["l"]), fold(match["f"])
        if (
            (led or match["m"])
            and _in(last, words.last)
            and _in(first, words.first)
            and last not in _BARRED
        ):
            yield Span(Identifier.NAME, *match.span(), _RANK)
    for match in _LETTERED.finditer(text):
        low = fold(match["v"])
        if (
            _called(match["v"])
            and kind(low) == "both"
            and text[match.start() - 2 : match.start() - 1] not in "-"
        ):
            yield Span(Identifier.NAME, *match.span("v"), _RANK)
    for match in _PRACTICE.finditer(text):
        low = fold(match["v"])
        if kind(low) in ("name", "strange") or _in(low, lexicon().last):
            yield Span(Identifier.NAME, *match.span("v"), _RANK)
    for match in _BEDDED.finditer(text):
        if lexicon().is_name(fold(match["v"])) or kind(fold(match["v"])) in ("name", "strange"):
            yield Span(Identifier.NAME, *match.span("v"), _RANK)
    for pattern in (_LETTER_LAST, _AGED_INITIALS):
        for match in pattern.finditer(text):
            name = match.lastgroup or "v"
            low = fold(match[name].split()[0])
            if kind(low) in ("name", "both", "strange", "town") or (
                pattern is _LETTER_LAST and _odd(low)
            ):
                if low not in DOERS and not (pattern is _AGED_INITIALS and meanings(match[name])):
                    yield Span(Identifier.NAME, *match.span(name), _RANK)
    for match in _SIGNS.finditer(text):
        if kind(fold(match[match.lastgroup or "v"])) not in ("plain", "label"):
            yield Span(Identifier.NAME, *match.span(match.lastgroup or "v"), _RANK)
    for match in _SLASHED.finditer(text):
        lows = [fold(match["a"]), fold(match["b"])]
        if all(_in(low, lexicon().last) for low in lows) and not all(
            kind(low) in ("plain", "label", "both") for low in lows
        ):
            if not _clinical_behind(text, match.end()):
                yield Span(Identifier.NAME, *match.span("a"), _RANK)
                yield Span(Identifier.NAME, *match.span("b"), _RANK)
    yield from _registered(text)
    yield from _quiet(text)


def _joined(text: str) -> Iterator[Span]:
    """Names beside a name that is out already, and what somebody is called by."""
    words = lexicon()
    for match in _BETWEEN.finditer(text):
        name = match.lastgroup or "a"
        if match[name].isupper():
            continue
        short = name in "de" and fold(match[name]) in _SHORT_SURNAMES
        if (
            _called(match[name])
            or short
            or _odd(fold(match[name]))
            or (name in "de" and kind(fold(match[name])) in ("name", "strange"))
        ) and not _clinical_behind(text, match.end(name)):
            yield Span(
                Identifier.NAME, match.start(name), _bare_end(text, match.end(name)), _RANK + 2
            )
    for match in _BY_Y.finditer(text):
        name = match.lastgroup or "v"
        if name != "x" or kind(fold(match["x"].split()[0])) in ("name", "strange"):
            yield Span(Identifier.NAME, *match.span(name), _RANK + 3)
    for match in _TAILED.finditer(text):
        low = match["v"]
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if low in words.last and low not in _NEVER and low not in _BARRED and line == line.lower():
            if (
                len(line) > 20
                and _QUIET_END.match(text, match.end())
                and not _clinical_behind(text, match.end())
            ):
                yield Span(Identifier.NAME, *match.span("v"), _RANK + 3)
    for match in _BESIDE.finditer(text):
        if not meanings(match["v"]):
            yield Span(Identifier.NAME, *match.span("v"), _RANK)
    for match in _NICKED.finditer(text):
        name = match.lastgroup or "v"
        if not _clinical_behind(text, match.end(name)):
            yield Span(Identifier.NAME, *match.span(name), _RANK)


def _in(low: str, names: frozenset[str]) -> bool:
    return (
        low in names
        or plain_letters(low) in names
        or ("-" in low and any(p in names for p in low.split("-")))
    )


def _either(low: str) -> bool:
    words = lexicon()
    return _in(low, words.first) or _in(low, words.last)


def _called(word: str) -> bool:
    """Whether somebody is called ``word``, a capitalised one."""
    low = fold(word)
    return len(low) > 1 and (low in _MONTHLY or (low not in _UNNAMED and _either(low)))


def _bare_end(text: str, end: int) -> int:
    return end - 2 if text[end - 2 : end] in ("'s", "’s") else end


def _clinical_behind(text: str, end: int) -> bool:
    match = _NEXT.match(text, end)
    if match is None:
        return False
    low = match["a"].casefold()
    if match["s"] is not None or text[end - 2 : end] in ("'s", "’s"):
        return low in HEADS and low not in OWNED
    return (low in HEADS or low in NEAR_HEADS) and low not in EVERYDAY


_NEXT = re.compile(r"(?P<s>['’]s?)?[ \-–]+(?P<a>[A-Za-z]+)")


def _end(text: str, match: re.Match[str], *, strong: bool) -> int | None:
    """The end of the name behind a role or a verb, or None."""
    parts = WORD.finditer(text, match.start("v"), match.end("v"))
    named = [part for part in parts if len(part.group()) > 1]
    first = named[0].group()
    low = fold(first)
    known = _called(first) or (
        strong and not first.isupper() and (kind(low) in ("name", "strange", "town") or _odd(low))
    )
    if (
        not known
        or (first.isupper() and (len(first) < 4 or any(c.islower() for c in match.group())))
        or (low in _BARRED
        and low not in _MONTHLY)
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
    if not strong and low not in lexicon().first and low not in _MONTHLY and len(named) < 2:
        if kind(low) != "both" and low not in _NAMED_LABELS:
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
            not (_called(last) or kind(fold(last)) in ("name", "strange"))
            or fold(last) in _BARRED
            or re.fullmatch(CREDENTIALS, last)
        ):
            end = named[0].end()
            if kind(fold(last)) == "plain" and text[end : end + 1] == " " and not last.isupper():
                return None  # a heading: "Nurse Page Number"
    if low in _MODAL | {"may"} and end == named[0].end() and _VERB_AFTER.match(text, end):
        return None
    if (
        not strong
        and low in _MONTHLY
        and re.match(r"[ ]?\d|,?[ ](?:\d{1,2}|of|19|20)\b|[ ]and[ ]", text[end:])
    ):
        return None
    if strong and low in _MONTHLY and re.match(r",?[ ](?:\d|of[ ]\d|19|20)", text[end:]):
        return None
    if _clinical_behind(text, end):
        return None
    return _bare_end(text, end)


_AFFLICTED = re.compile(
    r"['’]?s?(?:[ ]at[ ](?:age[ ])?\d|[ ]?[,;.)]|[ ](?:and|at|in[ ]his|in[ ]her|onset|dx|diagnosed)\b|\Z)"
)


def _odd(low: str) -> bool:
    """Whether a word is an ordinary one of English and none of medicine: it may be anybody's name."""
    words = lexicon()
    return (
        low in words.vocabulary
        and low not in words.words
        and low not in drug_words()
        and len(low) > 3
    )


_VERB_AFTER = re.compile(
    r"[ ](?!is\b|was\b|who\b|and\b|at\b|has\b|in\b|to\b|on\b|for\b|with\b|from\b|did\b|or\b|said\b|says\b|will\b)[a-z]+"
)


def _initialed(text: str, match: re.Match[str]) -> bool:
    """Whether an initial and a word are a name and no organism, list item or abbreviation."""
    low = fold(match["n"].split()[-1])
    what = kind(low)
    if low in _NAMED_LABELS:
        what = "both"
    if what == "short" or (low in LABELS and len(low) == 2):
        return low in _SHORT_SURNAMES
    if what in ("plain", "label") or low in _BARRED or low in _SPECIES:
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
        ) is not None and not _clinical_behind(text, match.end())
    return not _clinical_behind(text, match.end())


_SPECIES = frozenset(
    "coli diff difficile aureus pylori pneumoniae pneumo albicans faecalis faecium cereus burgdorferi jejuni maltophilia baumannii avium dorsi strep staph max min".split()
)


def _paired(text: str, match: re.Match[str]) -> bool:
    """Whether two capitalised ordinary words are given name and surname, in either order."""
    words = lexicon()
    first, last = fold(match["a"]), fold(match["b"])
    if {first, last} & (_UNPAIRED | words.regions) or match["a"].isupper() != match["b"].isupper():
        return False
    forward = _in(first, words.first) and _in(last, words.last)
    backward = _in(first, words.last) and _in(last, words.first)
    if not (forward or backward) or (first in words.eponyms and last in words.eponyms):
        return False
    if match["a"].isupper():
        return forward and _SUBJECTED.match(text, match.end()) is not None
    if f"{first} {last}" in words.cities or headed(text, match.end(), 3, spared=OWNED):
        return False
    if f"{first} {last}" in words.towns or _clinical_behind(text, match.end()):
        return False
    if not forward and not (match.start() == 0 or text[match.start() - 1] == "\n"):
        return False
    before = re.search(rf"({_CAP})[ ]\Z", text[max(0, match.start() - 24) : match.start()])
    after = re.match(rf"[ ]({_CAP})", text[match.end() : match.end() + 24])
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


_BESIDE = re.compile(r"\[NAME-\d+\][ ]/[ ](?P<v>[A-Z]{2,3})(?=[ ]/)")
_TAILED = re.compile(r"\[NAME-\d+\][ ](?P<v>[a-z]{3,})(?![\w\-])")


def _quiet(text: str) -> Iterator[Span]:
    """Names behind a role where case tells nothing: "doctor case at", "CAREGIVER JOY."."""
    words = lexicon()
    for match in _QUIET_ROLE.finditer(text):
        said = match["v"]
        if not (said.islower() or said.isupper()):
            continue
        parts = list(WORD.finditer(text, match.start("v"), match.end("v")))
        shouted = said.isupper() and not any(c.islower() for c in match.group())
        if said.isupper() and not shouted:
            continue
        for count in range(len(parts), 0, -1):
            lows = [fold(part.group()) for part in parts[:count]]
            end = parts[count - 1].end()
            good = all(
                low[:2] not in ("i'", "i’")
                and _either(low)
                and low
                not in _NEVER
                - (
                    {"will", "grant", "case", "strong", "young", "long", "hope", "may", "love"}
                    if count > 1 or match.group()[:2].casefold() in ("do", "dr", "mi", "mr", "ms")
                    else set()
                )
                for low in lows
            )
            if count == 2:
                good = good and (_in(lows[0], words.first) or kind(lows[0]) == "name")
            elif not good:
                good = kind(lows[0]) == "name" or (
                    shouted and kind(lows[0]) == "strange" and len(lows[0]) > 3
                )
            if (
                good
                and (lows[0] not in _BARRED or lows[0] in _MONTHLY)
                and _QUIET_END.match(text, end)
                and not _clinical_behind(text, end)
            ):
                if (
                    count == 1
                    and lows[0] not in words.first
                    and kind(lows[0]) not in ("name", "strange")
                    and match.group()[:2].casefold() not in ("do", "dr", "mi", "mr", "ms", "nu")
                ):
                    continue
                yield Span(Identifier.NAME, parts[0].start(), _bare_end(text, end), _RANK + 2)
                break
