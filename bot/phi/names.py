"""Names of persons, found without a model: by title, role, label, signature, relation and lists.

Strong evidence (a title, a label, a signature, credentials) takes any capitalised word that is not
an ordinary one. Weak evidence (the name lists alone) gives way to a clinical noun that follows, to
eponyms and to words that are also ordinary ones. 45 CFR 164.514(b)(2)(i)(A).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from bot.phi.lexicon import HEADS, LABELS, lexicon
from bot.phi.records import Identifier, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.phi.lexicon import Lexicon

_LETTER = r"[^\W\d_]"
WORD = re.compile(rf"{_LETTER}(?:{_LETTER}|['’\-](?={_LETTER}))*")
_INITIAL = re.compile(r"[A-Z]\.?(?![\w'’])")
_PARTICLES = frozenset(
    "de la del van von der den di da dos du el al bin ibn ter le st saint san santa".split()
)
_SUFFIX = frozenset("jr sr ii iii iv".split())
CREDENTIALS = (
    r"(?:M\.?D\.?|D\.?O\.?|R\.?N\.?|A?P\.?R\.?N\.?|N\.?P\.?|PA-?C?|P\.A\.|FNP(?:-?BC|-?C)?|ANP|AGNP|PMHNP|CNM|CNS|CRNA|CNA|CMA|RMA"
    r"|Ph\.?D\.?|Pharm\.?D\.?|RPh|D\.?P\.?M\.?|D\.?D\.?S\.?|D\.?M\.?D\.?|D\.?C\.?|O\.?D\.?|LCSW|LMSW|MSW|LPN|LVN|BSN|MSN|DNP|ARNP"
    r"|CNP|DPT|MPT|OTR(?:/L)?|PT|OT|SLP|CCC-SLP|RD|RDN|RRT|EMT(?:-P)?|MBBS|MBChB|FACS|FACP|FACC|FACOG|FAAP|FACEP|FRCS|MPH|Psy\.?D|LMFT"
    r"|LPC|Esq|CPC|CCS|RHIA|RHIT|D\.?V\.?M)"
)
_SHORT_CREDENTIALS = frozenset(
    {"PT", "OT", "PA", "DO", "OD", "RD", "DC", "SLP", "CNS", "RT", "ANP", "CCS", "CPC", "LPC"}
)
_TITLE = re.compile(
    r"(?<![\w])(?:Mr|Mrs|Ms|Mx|Miss|Mister|Madam|Dr|Drs|Doctor|Prof|Professor|Rev|Reverend|Pastor|Rabbi|Imam|Sgt|Sergeant|Capt|Captain"
    r"|Lt|Lieutenant|Col|Colonel|Maj|Officer|Ofc|Nurse|Judge|Hon|Señora?|Sra|Madame|Mme|Sir|Dame"
    r"|MR|MRS|MS|DR|MISS|PROF|mr|mrs|ms(?=\.)|dr|miss|doctor|nurse|officer|pastor)\b(?:\.[ ]?|[ ]+)(?:and[ ]+(?:Mrs?|Ms)\.?[ ]+)?(?=\w)"
)
_LABEL_WORDS = (
    r"(?:patient(?:'?s)?(?:[ ](?:full|legal|preferred))?(?:[ ]name)?|pt\.?(?:'s)?(?:[ ]name)?|(?:full|legal|first|last|middle|given|family|maiden|preferred|birth|sur)[ ]?name"
    r"|mother'?s[ ]maiden[ ]name|name(?:[ ](?:of[ ]\w+|\(last,?[ ]first(?:[ ]m(?:iddle|i)?)?\)))?|surname|alias|a\.?k\.?a\.?|guarantor|subscriber(?:[ ]name)?|insured|policy ?holder|beneficiary|member(?:[ ]name)?"
    r"|emergency[ ]contacts?|next[ ]of[ ]kin|nok|contact(?:[ ]person)?|spouse|wife|husband|partner|guardian|mother|father|parents?|son|daughter|sister|brother|care(?:giver|taker)|responsible[ ]party"
    r"|(?:attending|admitting|referring|ordering|consulting|treating|primary(?:[ ]care)?|rendering|performing|supervising|billing|operating|covering|discharging|family|interpreting|reading|assistant|co-?)?[ ]?"
    r"(?:physician|provider|surgeon|doctor|practitioner|clinician|md|nurse|therapist|pathologist|radiologist|anesthesiologist|cardiologist|oncologist|consultant|specialist)s?(?:[ ]name)?"
    r"|attending|pcp|resident|intern|fellow|surgeon|(?:first|second|surgical)?[ ]?assistants?|anesthesia|anesthetist|crna|scrub(?:[ ](?:nurse|tech))?|circulat(?:or|ing[ ]nurse)|rn|technologist|technician|tech|sonographer|phlebotomist|scribe|author"
    r"|(?:electronically[ ])?(?:signed|dictated|transcribed|authenticated|verified|reviewed|prepared|entered|ordered|requested|collected|referred|performed|interpreted|completed|seen|witnessed|cosigned|approved)(?:[ ]by)?"
    r"|signature|signed|cc|attn|attention|dear|from|to|re|employer|informant|historian|source|interpreter|witness|hc?poa|mpoa|poa|proxy|health[ ]?care[ ]proxy|surrogate|case[ ]manager|social[ ]worker|coordinator|donor|recipient|caller|spoke[ ]with|accompanied[ ]by|passenger|driver|ordering|operator|reader|client|coach|teacher|lawyer|attorney|employee|supervisor|user)"
)
_LABEL = re.compile(
    rf"(?<![\w\-])(?i:{_LABEL_WORDS})(?:[ ]?\((?:s|[a-z ]{{2,20}})\))?[ ]?(?:[:=|\t]|[ ]-[ ]|\#)[ \t|]*(?i:(?:is|the|dr|mr|mrs|ms|miss|prof)\b\.?[ ]*)?(?=\w)"
)
_BY = re.compile(
    r"(?<![\w])(?i:(?:(?:electronically|digitally|e-?)[ \-]?)?(?:signed|dictated|transcribed|authenticated|reviewed|verified|prepared|entered|documented|scribed|performed|read|interpreted|ordered"
    r"|referred|seen|evaluated|examined|followed|treated|managed|accompanied|attested|approved|co-?signed|witnessed|assisted|staffed|admitted|discharged|delivered|operated[ ]on|written|typed|completed|brought[ ]in|brought|driven|contacted|called|notified|paged|placed|done|given|told|supervised|cared[ ]for|collected|drawn|requested|recommended|prescribed|consulted|translated|interpreted|reported|provided|observed|found|raised|cosigned|obtained|administered)"
    r"[ ]+(?:electronically[ ]+)?(?:by|with|per|to|from)|discussed(?:[ ]\w+){0,3}?[ ]+with|d/w|spoke(?:n)?[ ]+(?:with|to)|talked[ ]+(?:with|to)|met[ ]+with|seen[ ]+with|saw|visited|consult(?:ed)?[ ]+(?:with|to)?|refer(?:red)?[ ]+to|follow(?:ed|s|ing)?[ -]?up[ ]+with|f/u[ ]+(?:with|w/)"
    r"|appointment[ ]+with|appt[ ]+(?:with|w/)|history[ ]+(?:from|per|by|obtained[ ]from)|per|cc|c/o[ ]+of|care[ ]+of|dear|hello|hi|thank[ ]you,?|thanks,?|sincerely,?|regards,?|best,?|respectfully,?|yours(?:[ ]truly)?,?|attn|via|/s/|///?|staffed[ ]with|attending|resident|surgeon|nurse|pharmacist|provider|therapist|counselor|patient|pt|client|resident|veteran|named|called|name[ ]is|names[ ]are|goes[ ]by|known[ ]as|aka|a\.k\.a\.|n[ée]e|formerly|alias|by|passenger|driver|introduced[ ]as|i,|i[ ]am|under[ ]+(?:the[ ]+)?(?:care|service)[ ]+of|on[ ]behalf[ ]of|with)(?![\w'’])"
    r"[ \t]*[:,\-]?[ \t\n]*(?i:(?:is|the|this|our|my|his|her|their|also|dr|mr|mrs|ms)\b\.?[ ]*)?"
    r"(?i:(?:attending|resident|surgeon|nurse|physician|provider|doctor|patient|fellow|intern|scribe|np|pa|rn|wife|husband|son|daughter|mother|father|sister|brother|friend|caregiver|aunt|uncle|neighbor|partner|spouse|mom|dad|grandmother|grandfather|niece|nephew|grandson|granddaughter)\b[ ,]*)?(?=[^\W\d_])"
)
_RELATION = re.compile(
    r"\b(?i:(?:wife|husband|son|daughter|mother|father|mom|dad|brother|sister|spouse|partner|aunt|uncle|niece|nephew|cousin|grandmother|grandfather|grandma|grandpa|grandson|granddaughter"
    r"|stepson|stepdaughter|stepmother|stepfather|girlfriend|boyfriend|fianc[ée]e?|friend|neighbou?r|caregiver|caretaker|aide|roommate|boss|supervisor|coworker|teacher|coach|twin|family|relatives|ex-wife|ex-husband"
    r"|daughter-in-law|son-in-law|mother-in-law|father-in-law|sibling|children|kids|sons|daughters|parents|interpreter|chaplain|social[ ]worker|case[ ]manager|cardiologist|neurologist|oncologist|urologist|nephrologist|psychiatrist"
    r"|psychologist|orthopedist|podiatrist|dentist|pediatrician|gynecologist|dermatologist|endocrinologist|rheumatologist|gastroenterologist|pulmonologist|ophthalmologist|hospitalist|internist|midwife|doula|dietitian|pharmacist|therapist|pcp|physician|surgeon|doctor|baby|infant|newborn|roommate))"
    r"(?:[ ]?[,(:][ ]?|[ ]+(?:is[ ]+|was[ ]+|named[ ]+|called[ ]+)?)(?=[A-ZÀ-Þ])"
)
_CREDENTIALED = re.compile(rf"(?P<comma>[ ]*,)?[ ]+(?P<c>{CREDENTIALS})(?![\w\-])(?!/)")
_SUBJECT = re.compile(
    r"(?:is|was|has been|will be)[ ]+(?:an?|the|our)[ ]+(?:\[|\d|(?:very[ ])?(?:pleasant|delightful|lovely|healthy|elderly|young|established|new|right|left|known|retired|previously|otherwise|obese|frail|thin|caucasian|african|hispanic|white|black|asian|male|female|man|woman|boy|girl|patient|gentleman|lady|year))"
    r"|(?:is|was)[ ]+(?:\d|seen|here|admitted|discharged|evaluated|accompanied|referred|brought|doing|feeling|being|presenting|complaining|scheduled|transferred|counseled|instructed|advised|alert|oriented|unable|agreeable|interested|concerned|in[ ](?:today|for|the[ ](?:office|clinic|ed)|no))"
    r"|(?:reports?|reported|denies|denied|states?|stated|presents|presented|complains|complained|endorses|endorsed|returns|returned|came|comes|arrived|notes[ ](?:that|she|he|some|no)|noted[ ](?:that|she|he)|feels|says|said|describes|described|admits|tolerated|underwent|agrees|agreed|understands|verbalized|wants|wishes|lives|works|takes|took|smokes|drinks|called|asked|has[ ](?:a|an|had|been|no|not|hypertension|diabetes|history|noticed|been)|had[ ](?:a|an|been|no)|does|did|continues|continued|lost|fell|follows|saw|tells|told|will[ ](?:follow|return|call|need|continue|see)|should[ ](?:follow|return|call|continue)|weighs|appears|looks|went|recently|also|currently|still|now|then|today|again|and[ ](?:his|her)[ ])\b",
)
# What hardly anything but a person does.
_PATIENT = re.compile(
    r"(?:is|was)[ ]+(?:an?|our)[ ]+(?:\d|\[AGE|(?:very[ ])?(?:pleasant|delightful|lovely|elderly|young"
    r"|retired)|[a-z]+[ -]year)|(?:denies|endorses|complains|complained|states|says|told"
    r"|presents[ ](?:to|with|for|today)|presented[ ](?:to|with|for)"
    r"|reports[ ](?:that|she|he|no|feeling|having)|returns[ ](?:to|for|today)|lives[ ]|works[ ]"
    r"|drinks[ ]|smokes[ ]|verbalized|understands|recalls|remembers|mentions|explains|believes|thinks|wonders|worries|prefers|declines|refuses|enjoys|acknowledges|(?:is|was)[ ]here)\b"
)
_NEXT = re.compile(
    r"(?:['’]s?)?[ \-–]+(?:and[ ]+|or[ ]+)?([A-Za-z]+)(?:[ \-–]+([A-Za-z]+))?(?:[ \-–]+([A-Za-z]+))?"
)


def fold(word: str) -> str:
    """A word as the lists hold it: casefolded, without a possessive ending."""
    low = word.casefold().replace("’", "'")
    return low[:-2] if low.endswith("'s") else low


def headed(text: str, end: int, within: int = 2) -> bool:
    """Whether a noun follows that makes a clinical term of what ends at ``end``."""
    match = _NEXT.match(text, end)
    if match is None:
        return False
    return any(word is not None and word.casefold() in HEADS for word in match.groups()[:within])


def _known(word: str, words: Lexicon) -> bool:
    low = fold(word)
    if words.is_name(low):
        return True
    return "-" in low and any(words.is_name(part) for part in low.split("-"))


def _plain(word: str, words: Lexicon) -> bool:
    low = fold(word)
    if words.is_plain(low):
        return True
    return "-" in low and all(words.is_plain(part) for part in low.split("-"))


def _acronym(word: str, words: Lexicon) -> bool:
    """Capitals that no name list knows as a name: "CHF", "MI", "PT"."""
    return word.isupper() and (len(word) <= 3 or not words.is_name(fold(word)))


def take(
    text: str, start: int, *, strong: bool, comma: bool = False, lower: bool = True
) -> int | None:
    """The end of the name that begins at ``start``, or None when none does.

    ``strong`` evidence accepts any capitalised word that is not an ordinary one, and lower-case
    words of the name lists. ``comma`` reads "Last, First Middle" as one name.
    """
    words = lexicon()
    if not lower and not text[start : start + 1].isupper():
        return None
    if comma and (shouted := _CAPITALS.match(text, start)) is not None:
        if not any(
            words.is_plain(fold(part)) for part in WORD.findall(shouted.group()) if len(part) > 1
        ):
            return shouted.end()
    position, end, count, solid = start, None, 0, False
    while count < 5:
        match = WORD.match(text, position)
        if match is None:
            break
        word, low = match.group(), fold(match.group())
        initial = _INITIAL.match(text, position)
        if initial is not None and word not in ("I",) or initial is not None and count:
            if count == 0 and not strong:
                break
            if word == "I" and count == 0:
                break
            end, position, count = initial.end(), initial.end(), count + 1
        elif low in _SUFFIX and count:
            end = position = match.end()
            if text[position : position + 1] == ".":
                end = position = position + 1
        elif (
            low in _PARTICLES
            and not words.is_plain(low)
            or low in _PARTICLES
            and count + 1 < 5
            and word != low.upper()
        ):
            following = WORD.match(text, _past_blank(text, match.end(), dot=True))
            if following is None or not following.group()[0].isupper():
                if not _accept(text, match, words, strong=strong, count=count):
                    break
                solid, end = True, match.end()
            elif count == 0 and low in ("st", "saint"):
                break
            elif not _accept(text, following, words, strong=True, count=count):
                if not _accept(text, match, words, strong=strong, count=count):
                    break
                solid, end = True, match.end()
            position, count = match.end(), count + 1
            if end != match.end():
                position = _past_blank(text, position, dot=True)
                continue
        elif low not in LABELS and (
            _accept(text, match, words, strong=strong, count=count)
            or (strong and count and _closes(text, match, words))
        ):
            solid = True
            end, position, count = match.end(), match.end(), count + 1
            if word[-2:] in ("'s", "’s"):
                end -= 2
                break
        else:
            break
        if comma and text[position : position + 1] == "," and count <= 3:
            rest = _past_blank(text, position + 1)
            given = WORD.match(text, rest)
            if given is not None and _given(given.group(), words):
                position, comma = rest, False
                continue
            break
        after = _past_blank(text, position)
        if after == position:
            break
        position = after
    return end if solid else None


_CAPITALS = re.compile(
    r"[A-ZÀ-Þ](?:[A-ZÀ-Þ]|['’\-](?=[A-ZÀ-Þ]))+,[ ]?[A-ZÀ-Þ](?:[A-ZÀ-Þ]|['’\-](?=[A-ZÀ-Þ]))+(?:[ ][A-Z]\b\.?)?(?![a-z])"
)


def _past_blank(text: str, position: int, *, dot: bool = False) -> int:
    if dot and text[position : position + 1] == ".":
        position += 1
    while text[position : position + 1] in (" ", "\u00a0") and text[position : position + 1]:
        position += 1
    return position


def _given(word: str, words: Lexicon) -> bool:
    low = fold(word)
    if low in LABELS or re.fullmatch(CREDENTIALS, word):
        return False
    return word[0].isupper() and (words.is_name(low) or not _plain(word, words))


def _accept(text: str, match: re.Match[str], words: Lexicon, *, strong: bool, count: int) -> bool:
    """Whether the word at ``match`` may be part of a name here."""
    word = match.group()
    low = fold(word)
    if low in _MONTHS and (
        low not in words.first or re.match(r"\.?[ ]*\d", text[match.end() : match.end() + 4])
    ):
        return False
    if re.fullmatch(CREDENTIALS, word) and (count or word not in ("Do",)):
        return False
    if word[0].islower():
        return strong and _known(word, words) and not _plain(word, words) and len(word) > 2
    if _known(word, words):
        if word.isupper() and len(word) > 1 and _plain(word, words) and count:
            return False
        if count and _plain(word, words):
            return low in words.last and not headed(text, match.start() + len(word), 1)
        return strong or not _plain(word, words)
    return (
        not _plain(word, words)
        and not _acronym(word, words)
        and (strong or low not in words.eponyms)
    )


def _closes(text: str, match: re.Match[str], words: Lexicon) -> bool:
    """Whether an ordinary word ends a name at the end of its line: "Name: John Q. Public"."""
    word, low = match.group(), fold(match.group())
    if not word.istitle() or low in HEADS or low in words.eponyms:
        return False
    return text[match.end() : match.end() + 1] in ("", "\n", "\r", ";", "|", "\t")


# The most frequent surnames, also where they are eponyms or words.
_COMMON = frozenset(
    """smith johnson williams jones brown davis wilson anderson thomas taylor moore jackson martin lee thompson white
    harris clark lewis robinson walker young allen king wright scott hill green adams baker nelson carter mitchell
    roberts turner phillips campbell parker evans edwards collins stewart morris murphy cook rogers morgan cooper
    peterson reed bailey bell kelly howard ward cox richardson wood watson brooks bennett gray james hughes price
    myers long foster sanders ross""".split()
)
_FAMILY = re.compile(
    rf"\b(?P<v>[A-ZÀ-Þ](?:{_LETTER}|['’\-](?={_LETTER}))+)(?=[ ](?:family|household|residence|estate)\b)"
)
_INITIALS = re.compile(
    r"(?i:\binitials)[ ]*(?:[:=]|are|is)?[ ]*(?P<a>(?:[A-Z]\.?[ ]?){2,3})(?![\w])"
    r"|(?:^|(?<=[.;:\n] )|(?<=\n))(?P<b>(?:[A-Z]\.[ ]?){2,3})(?=[ ]*(?:is|was)[ ]+an?[ ]+(?:\d|\[AGE|[a-z]+[ -]))"
    r"|\b(?:patient|pt|Patient|Pt)[ ](?P<c>(?:[A-Z]\.){2,3})(?!\w)",
)


def find_names(text: str) -> Iterator[Span]:
    """Names of ``text``, possibly overlapping; the strongest evidence has the lowest rank."""
    yield from _after(text, _TITLE, 60, comma=False)
    yield from _after(text, _LABEL, 61, comma=True)
    yield from _credentialed(text)
    yield from _called(text)
    yield from _shaped(text)
    yield from _beside(text)
    yield from _listed(text)


def _after(text: str, pattern: re.Pattern[str], rank: int, *, comma: bool) -> Iterator[Span]:
    for match in pattern.finditer(text):
        end = take(text, match.end(), strong=True, comma=comma)
        if end is not None:
            yield Span(Identifier.NAME, match.end(), end, rank)


def _called(text: str) -> Iterator[Span]:
    """Names after "signed by", "discussed with", "daughter" and the like."""
    words = lexicon()
    for pattern in (_BY, _RELATION):
        for match in pattern.finditer(text):
            begin = match.end()
            end = take(text, begin, strong=True, comma=pattern is _BY, lower=False)
            if end is not None and text[begin:end].isupper() and not _LISTED.search(match.group()):
                continue
            if end is None or headed(text, end) or text[end : end + 6] == " et al":
                continue
            parts = [fold(part) for part in WORD.findall(text[begin:end])]
            if not any(text[begin].isupper() or words.is_name(part) for part in parts):
                continue
            if len(parts) == 1 and parts[0] in words.eponyms and parts[0] not in _COMMON:
                if not (parts[0] in words.first and text[begin:end].istitle()):
                    continue
            if len(parts) == 1 and parts[0] not in words.first and parts[0] not in words.last:
                # One unknown word: a new drug or test as likely as a name.
                if pattern is _BY and not _NAMING.search(match.group()):
                    continue
            if len(parts) == 1 and parts[0] in words.words and not _NAMING.search(match.group()):
                if parts[0] not in words.first or pattern is not _RELATION:
                    continue
            if len(parts) == 1 and match.group().strip().casefold() in (
                "by",
                "driver",
                "passenger",
                "with",
            ):
                if parts[0] not in _given_names():
                    continue
            if all(part in words.cities or part in words.regions for part in parts):
                if not _NAMING.search(match.group()):
                    continue
            yield Span(Identifier.NAME, begin, end, 64)


_LISTED = re.compile(
    r"signed|dictated|transcribed|authenticated|/s/|dear|attn|patient|pt\b", re.IGNORECASE
)
_NAMING = re.compile(
    r"signed|dictated|transcribed|authenticated|scribed|attested|named|called|name|known as|aka|/s/|dear|sincerely|regards"
    r"|seen by|read by|evaluated by|examined by|interpreted by|ordered by|performed by|referred by|staffed|accompanied|spoke|d/w|discussed"
    r"|mother|father|wife|husband|son\b|daughter|brother|sister|mom|dad",
    re.IGNORECASE,
)


def _credentialed(text: str) -> Iterator[Span]:
    """Names before "MD", "RN" and other letters: walked back to where the name begins."""
    words = lexicon()
    for match in _CREDENTIALED.finditer(text):
        credential = match["c"].replace(".", "")
        begin, last = _walk_back(text, match.start(), words)
        if begin is None or last is None:
            continue
        name = [fold(part) for part in WORD.findall(text[begin : match.start()])]
        known = any(words.is_name(part) and not words.is_plain(part) for part in name)
        known = known or (
            len(name) > 1
            and match["comma"] is not None
            and not any(words.is_plain(part) or part in words.eponyms for part in name)
        )
        if (credential in _SHORT_CREDENTIALS or match["comma"] is None) and not known:
            continue
        if match["c"].islower() or (len(name) == 1 and not known and match["comma"] is None):
            continue
        yield Span(Identifier.NAME, begin, match.start(), 62)


_BACK = re.compile(rf"((?:{_LETTER}|['’\-.])+)[ ]*,?[ ]*\Z")


def _walk_back(text: str, end: int, words: Lexicon) -> tuple[int | None, str | None]:
    begin, last, position, count = None, None, end, 0
    while count < 4:
        match = _BACK.search(text, max(0, position - 40), position)
        if match is None or (count and "," in match.group() and count > 1):
            break
        word = match.group(1)
        low = fold(word.strip("."))
        bare = word.strip(".")
        if not bare or not bare[0].isupper() or low in LABELS:
            if not (low in _PARTICLES and count):
                break
        elif (
            len(bare) > 1
            and not _known(bare, words)
            and (_plain(bare, words) or (word.endswith(".") and low not in _SUFFIX))
        ):
            break
        elif len(bare) > 1 and word.endswith(".") and low not in _SUFFIX:
            break
        elif count and _plain(bare, words) and low not in words.first and len(bare) > 1:
            break
        begin, last = match.start(1), last or low
        position, count = match.start(1), count + 1
        if count > 1 and "," in text[match.end(1) : end] and low not in words.last:
            break
    if last is not None and len(last) == 1 and count == 1:
        return None, None
    return begin, last


@cache
def _given_names() -> frozenset[str]:
    """Given names that are no ordinary word and no eponym: taken without further evidence."""
    words = lexicon()
    plain = words.words | words.eponyms | words.cities | words.regions
    return frozenset(
        name
        for name in words.first
        if len(name) > 2 and name not in plain and name not in _NOT_ALONE
    )


# Given names that capitals, drugs, organisms, places or abbreviations also spell.
_NOT_ALONE = frozenset(
    """phe ana tim doug carma ros mai jan apr pam ada cora isis eve ira asia china paris london milan sydney vienna roma sierra savannah adelaide
    santiago houston dallas austin jordan kenya india israel georgia carolina virginia florida geneva alma cruz santa
    jesus angel candida aurora melena allegra yasmin lucentis camila natalia kelvin celsius joule mercury amber
    brandy sherry ginger basil olive jade opal rusty violet heather ivy lily myrtle laurel hazel rosemary saffron rose
    daisy marigold cassia senna dill chase price dale glen heath storm drew tad art gay guy king queen duke earl prince baron
    bishop dean marshall major sterling victor victory faith joy charity mercy prudence patience constance amity verity
    honor justice destiny trinity genesis nevaeh heaven harmony melody cadence piper tiffany porsche lexus mercedes
    dorsal tamar cash buck clay brook brooks reed ridge stone wood woods banks rivers ford wade pierce lance skip chip
    bud trey deon dion titus toro ward miles les see ty wes sol len lou mel nam ram kit kip jed jess del dell lee so
    thu tue sun mon sat wed fri eden ariel nova titan luna apollo atlas orion phoenix denver boston lane page paige read
    an ann anna min hung long sang wan wen young sung jung ming tang ting hai linh loan trinh chi chu chung ha han hong
    ina ima kia mira nada lasix vesta terra zora zetia lyrica elita emerald essence fantasia clarity unity tawny
    stormy windy misty sunny sparkle princess precious treasure contessa delicia star mariposa mila lidia
    kimora zeta hero perla coral chastity tranquility dong ping hilda vi shan shin sook soo jin""".split()
)


def _listed(text: str) -> Iterator[Span]:
    """Names by the lists alone: given name with surname, "Last, First", and given names."""
    words = lexicon()
    tokens = list(WORD.finditer(text))
    index = 0
    while index < len(tokens):
        found = _at(text, tokens, index, words)
        if found is None:
            index += 1
            continue
        end, rank = found
        yield Span(Identifier.NAME, tokens[index].start(), end, rank)
        while index < len(tokens) and tokens[index].start() < end:
            index += 1


def _at(
    text: str, tokens: list[re.Match[str]], index: int, words: Lexicon
) -> tuple[int, int] | None:
    token = tokens[index]
    word, low = token.group(), fold(token.group())
    if (
        low in LABELS
        or len(word) < 2
        or text[token.start() - 1 : token.start()] in ("-", "'", "’", "[", "/")
    ):
        return None
    possessive = word[-2:] in ("'s", "’s")
    first = low in words.first and word[0].isupper()
    if word[0].islower():
        return _lower_pair(text, tokens, index, words)
    if (found := _last_first(text, token, words)) is not None:
        return found, 70
    if first and not possessive and (found := _pair(text, token, words)) is not None:
        return found, 72
    end = token.end() - 2 if possessive else token.end()
    if first and low in _given_names() and not _capitals(text, token) and not headed(text, end):
        if text[token.end() : token.end() + 1] not in ("-", "/", "®", "™"):
            return end, 180
    if (end := _foreign(text, token, words)) is not None:
        return end, 184
    return _subject(text, token, words)


def _does(text: str, end: int, predicate: re.Pattern[str]) -> bool:
    """Whether what ends at ``end`` is the subject of ``predicate``."""
    return predicate.match(text, _past_blank(text, end)) is not None


def _unknown(text: str, token: re.Match[str], words: Lexicon) -> int | None:
    """The end of one or two words of no list that do what only persons do."""
    ends = [token.end()]
    following = WORD.match(text, _past_blank(text, token.end()))
    if following is not None and following.group()[0].isupper():
        ends.append(following.end())
    for end in reversed(ends):
        parts = WORD.findall(text[token.start() : end])
        new = all(
            (_known(part, words) or not _plain(part, words))
            and fold(part) not in words.eponyms
            and not _acronym(part, words)
            for part in parts
        )
        if new and text[end - 2 : end] not in ("'s", "’s") and _does(text, end, _PATIENT):
            return end
    return None


def _foreign(text: str, token: re.Match[str], words: Lexicon) -> int | None:
    """The end of a word of no list with a surname after it: "Ifunanya Simmons"."""
    word, low = token.group(), fold(token.group())
    following = WORD.match(text, token.end() + 1)
    if following is None or text[token.end()] != " " or len(word) < 3 or not word.istitle():
        return None
    surname, other = following.group(), fold(following.group())
    if _plain(word, words) or low in words.eponyms or low in words.cities or low in words.regions:
        return None
    if other in LABELS or other in _MONTHS or not surname[:1].isupper() or surname.isupper():
        return None
    if text[following.end() : following.end() + 1] in ("®", "™") or "&" in (
        text[max(0, token.start() - 2) : token.start()]
        + text[following.end() : following.end() + 2]
    ):
        return None
    if other not in words.last and (
        len(other) < 4
        or _plain(surname, words)
        or other in words.cities
        or other in words.regions
        or re.search(r"(?:us|um|ae|ella|ium|ii|ine|ide|ate|one|al|ic|in)$", low)
        or re.search(
            r"(?:ae|us|um|is|ans|ens|ensis|osa|ella|ii|ium|society|institute|faculty)$", other
        )
    ):
        return None
    if (_plain(surname, words) or other in words.eponyms) and other not in _COMMON:
        return None
    end = following.end() - (2 if surname[-2:] in ("'s", "’s") else 0)
    return None if headed(text, end) or text[end : end + 1] == "-" else end


def _beside(text: str) -> Iterator[Span]:
    """Names beside what is out already: "[NAME-1] and Aoife", "Ngozi Okonjo | MRN"."""
    words = lexicon()
    for match in _JOINED.finditer(text):
        name = "a" if match["a"] else "b"
        low = fold(match[name])
        new = not _plain(match[name], words) and low not in words.eponyms
        lettered = re.match(rf"{CREDENTIALS}(?![\w])", text[match.start(name) :]) is not None
        if lettered or text[match.end(name) : match.end(name) + 1] == "-":
            continue
        if (new or low in words.first) and low not in LABELS and not headed(text, match.end(name)):
            yield Span(Identifier.NAME, *match.span(name), 185)
    for match in _HEADER.finditer(text):
        parts = WORD.findall(match["v"])
        if all(
            not _plain(part, words) and fold(part) not in words.eponyms
            for part in parts
            if len(part) > 1
        ):
            yield Span(Identifier.NAME, *match.span("v"), 186)


_JOINED = re.compile(
    rf"\[NAME-\d+\](?:,[ ]?|[ ]?,?[ ](?:and|&|or)[ ])(?P<a>[A-ZÀ-Þ](?:{_LETTER}|['’\-](?={_LETTER}))+)(?![\w])"
    rf"|(?<![\w\-])(?P<b>[A-ZÀ-Þ](?:{_LETTER}|['’\-](?={_LETTER}))+)[ ](?:and|&|or)[ ]\[NAME-\d+\]"
)
_HEADER = re.compile(
    rf"(?<![\w\-])(?P<v>[A-ZÀ-Þ](?:{_LETTER}|['’\-](?={_LETTER}))+(?:[ ][A-Z]\b\.?)?(?:,?[ ][A-ZÀ-Þ](?:{_LETTER}|['’\-](?={_LETTER}))+){{1,2}})"
    r"(?=[ \t]*[|,;(\t][ \t(]*(?:MRN|DOB|SSN|D\.O\.B|Acct|Account|\[(?:DATE|RECORD|AGE|SSN|ID|PHONE)-|\d{1,3}[ -]?(?:y|M\b|F\b)))"
)


def _subject(text: str, token: re.Match[str], words: Lexicon) -> tuple[int, int] | None:
    """A capitalised word that does what patients do: "Okafor denies chest pain"."""
    word, low = token.group(), fold(token.group())
    before = text[max(0, token.start() - 2) : token.start()]
    if words.is_plain(low) and low not in words.first:
        return None
    if not (
        before.strip(" ") == ""
        or before[-1:] in "\n"
        or before.strip() in (".", ":", ";", "-", "•", ",")
    ):
        return None
    if token.start() and before.endswith(" ") and before[:1].isalnum():
        return None
    if (end := _unknown(text, token, words)) is not None:
        return end, 183
    if not words.is_name(low):
        return None
    if (low in words.eponyms and low not in words.first) or _acronym(word, words):
        return None
    match = re.match(r"(?:[ ]+[A-Z]\.)?[ ]+", text[token.end() :][:6])
    if match is None or _SUBJECT.match(text, token.end() + match.end()) is None:
        return None
    return token.end(), 182


def _capitals(text: str, token: re.Match[str]) -> bool:
    """An all-capitals word beside other capitals: a heading or shouted text, not a name by itself."""
    return token.group().isupper()


_MIDDLED = re.compile(
    rf"(?P<a>[A-ZÀ-Þ](?:{_LETTER}|-(?={_LETTER}))+)[ ][A-Z]\.[ ](?P<b>[A-ZÀ-Þ](?:{_LETTER}|['’\-](?={_LETTER}))+)"
)
_SHOUTED = re.compile(
    rf"^[ \t]*(?P<v>[A-ZÀ-Þ](?:[A-ZÀ-Þ]|['’\-](?=[A-ZÀ-Þ]))+,[ ]?(?:[A-ZÀ-Þ]|['’\-](?=[A-ZÀ-Þ])){{2,}}(?:[ ][A-ZÀ-Þ]\b\.?)?)"
    r"(?=[ \t]*(?:\n|\Z|\[|\d|\(|DOB|MRN|[ \t]{2}|,?[ ]?(?:M|F|male|female|age)\b))",
    re.MULTILINE,
)


def _shaped(text: str) -> Iterator[Span]:
    """Names by their shape alone: "Xiomara Q. Vandermolen", a line that opens "DVORAK, NGOZI"."""
    words = lexicon()
    for match in _MIDDLED.finditer(text):
        known = any(_known(match[part], words) for part in "ab")
        if known and not any(_plain(match[p], words) and not _known(match[p], words) for p in "ab"):
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
            and (low in _COMMON or not words.is_plain(low))
            and match["v"].istitle()
        ):
            yield Span(Identifier.NAME, *match.span("v"), 74)
    for match in _INITIALS.finditer(text):
        start, end = match.span(match.lastgroup or 0)
        yield Span(Identifier.NAME, start, start + len(text[start:end].rstrip()), 74)


def _last_first(text: str, token: re.Match[str], words: Lexicon) -> int | None:
    """The end of "Garcia, Maria L." when the lists know both words as what they stand for."""
    low = fold(token.group())
    if low not in words.last or token.group()[0].islower():
        return None
    match = re.compile(rf",[ ]?({_LETTER}+(?:-{_LETTER}+)*)(?:[ ][A-Z]\b\.?)?").match(
        text, token.end()
    )
    if match is None:
        return None
    given = match.group(1)
    other = fold(given)
    if not given[0].isupper() or other in LABELS or other in _MONTHS:
        return None
    if other not in words.first:
        unknown = (
            not _plain(given, words) and other not in words.eponyms and other not in words.last
        )
        certain = not _plain(token.group(), words) and low not in words.eponyms
        opens = token.start() == 0 or text[token.start() - 1] == "\n"
        return match.end() if unknown and certain and opens and len(other) > 3 else None
    if low in words.cities and other in words.regions:
        return None
    if _plain(given, words) or other in words.eponyms and low in words.eponyms:
        return None
    if (_plain(token.group(), words) or low in words.eponyms) and other not in _given_names():
        return None
    if (
        low in words.first
        and low in _given_names()
        and other in words.last
        and text[match.end() : match.end() + 1] == ","
    ):
        return None  # a list of given names
    return None if headed(text, match.end()) else match.end()


def _pair(text: str, token: re.Match[str], words: Lexicon) -> int | None:
    """The end of a given name with the surname after it."""
    low = fold(token.group())
    match = re.compile(
        rf"[ ]+(?:[A-Z]\.?[ ]+|[\"“(']{_LETTER}+[\"”)'][ ]+|(?:{_LETTER}+)[ ]+)?(?:(?:de la|de|del|van der|van|von|al|el|la|bin|St\.)[ \-]+)?({_LETTER}(?:{_LETTER}|['’\-](?={_LETTER}))*)"
    )
    simple = re.compile(
        rf"[ ]+(?:[A-Z]\.?[ ]+|[\"“(']{_LETTER}+[\"”)'][ ]+)?(?:(?:de la|de|del|van der|van|von|al|el|la|bin|St\.)[ \-]+)?({_LETTER}(?:{_LETTER}|['’\-](?={_LETTER}))*)"
    )
    for pattern in (simple, match):
        found = pattern.match(text, token.end())
        if found is None:
            continue
        surname = found.group(1)
        other = fold(surname)
        end = found.end() - (2 if surname[-2:] in ("'s", "’s") else 0)
        if pattern is match:
            middle = WORD.match(text, _past_blank(text, token.end()))
            if (
                middle is None
                or not middle.group()[0].isupper()
                or fold(middle.group()) not in words.first
            ):
                continue
            if not _surname(surname, other, words) or _plain(surname, words):
                continue
        elif not _surname(surname, other, words):
            continue
        weak_first = (
            _plain(token.group(), words)
            or low in words.eponyms
            or low in words.cities
            or low in words.regions
        )
        weak_last = _plain(surname, words) or other in words.eponyms
        if headed(text, end):
            continue
        if (
            weak_first
            and weak_last
            and other not in _COMMON
            and not (other in words.last and _does(text, end, _SUBJECT))
        ):
            continue
        if weak_first and not _known(surname, words) and not _does(text, end, _PATIENT):
            if low not in words.first or _plain(token.group(), words) or len(other) < 5:
                continue
        suffix = re.compile(r",?[ ](?:Jr|Sr|II|III|IV)\b\.?").match(text, end)
        return suffix.end() if suffix else end
    return None


_MONTHS = frozenset(
    """jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july
    august september october november december""".split()
)


def _surname(word: str, low: str, words: Lexicon) -> bool:
    if not word[0].isupper() or low in LABELS or low in _MONTHS or len(word) < 2:
        return False
    if re.fullmatch(CREDENTIALS, word):
        return False
    if low in words.last or low in words.first or ("-" in low and _known(word, words)):
        return not (word.isupper() and _plain(word, words))
    return not _plain(word, words) and not _acronym(word, words) and low not in words.cities


def _lower_pair(
    text: str, tokens: list[re.Match[str]], index: int, words: Lexicon
) -> tuple[int, int] | None:
    """ "maria garcia" without capitals: both words names and neither anything else."""
    if index + 1 >= len(tokens):
        return None
    token, following = tokens[index], tokens[index + 1]
    low, other = fold(token.group()), fold(following.group())
    if low not in _given_names() or text[token.end() : following.start()] != " ":
        return None
    if other not in words.last or words.is_plain(other) or len(other) < 3:
        return None
    if headed(text, following.end()) or following.group()[0].isupper():
        return None
    end = following.end() - (2 if following.group()[-2:] in ("'s", "’s") else 0)
    return end, 75
