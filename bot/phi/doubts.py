"""What speaks against a name: a clinical noun behind the word, a dose, a grade, an ending.

The nets of ``strangers`` and the name lists ask here before they take a word that no list explains.
"""

from __future__ import annotations

import re

from bot.phi.heads import EVERYDAY, FOLLOWING, HEADS, NEAR_HEADS, OWNED
from bot.phi.lexicon import drug_words, lexicon
from bot.phi.name_words import COMMON, CREDENTIALS, LETTER, fold
from codesets.abbreviations import meanings

_GRADED = re.compile(
    r"['’]?s?[ ]?(?:[ ](?:type|grade|class|stage|score|level|scale|index)\b|[ ](?:I{1,3}|IV|V|VI)\b|[ ]?(?:>|<|≥|≤|=)?[ ]?\d{1,3}(?![\d/\-]|[ ]?(?:[MF]\b|yo\b|y/o|YO\b|year|yr))|[ ]*:"
    r"|[ ][A-D](?:\d|[ ]?[,.;)]|\Z)|[ ](?:positive|negative|pos|neg)\b)"
)


# A level behind a name that nobody is known to be given: "Balthazar C", "Modic 1 at L4".
_LEVEL = re.compile(
    r"[ ](?:[A-E]\d?|i?\d[a-z]?|I)(?=[ ]?[,;.)]|\Z|\n|[ ]at[ ][A-Z]\d)|[ ](?:II|III|IV|VI?)[abc]?(?![\w])"
)


_SIGN_BEFORE = re.compile(
    r"\b(?:[Pp]ositive|[Nn]egative|[Pp]os|[Nn]eg|[Mm]odified|[Ee]quivocal|[Tt]ype|[Ss]tage|[Gg]rade|[Cc]lass|[Aa]llergic[ ]to|[Aa]llergy[ ]to|[Ii]ntoleran(?:t|ce)[ ](?:to|of)"
    r"|[Rr]efilled|[Ww]ean(?:ed)?[ ]off|[Tt]itrate[d]?|[Pp]rescribed|[Oo]n|[Tt]akes|[Tt]aking|[Ss]tart(?:ed)?|[Ss]top(?:ped)?|[Cc]ontinue[sd]?|[Hh]old|[Hh]eld|[Uu]ses?|[Uu]sing|[Ii]njects?|[Gg]ave|[Rr]eceived|[Rr]esume[d]?|[Ss]witch(?:ed)?[ ]to)[ ]+(?:the[ ]+|an?[ ]+|his[ ]+|her[ ]+|home[ ]+)?\Z"
)


DOSED = re.compile(
    r"[®™]|[ ]?(?:\(?[a-z]+(?:ine|ol|ide|ate|mab|nib|one|in)\)?[ ]?)?\d[\d.,/\-]*[ ]?(?:mg|mcg|g\b|ml|mL|unit|iu|IU|%|gauge|Fr\b|French|mm|cm)"
    r"|[ ](?:XR|ER|SR|CR|LA|XL|DS|HFA|ODT|IV|IM|PO|SQ|SC|subq|drops|gtts|tablet|tab|capsule|cream|ointment|inhaler|patch|pen|injection|infusion|solution|spray|nebs?)\b"
    r"|[ ](?:once|twice|daily|nightly|weekly|monthly|bid|tid|qid|qhs|prn|BID|TID|QID|QHS|PRN|q\d|every[ ](?:\d|other))\b"
)


# How names of drugs, organisms, chemicals and Latin terms end.
MADE = re.compile(
    r"(?:[^eaoi]us|[^hn]um|ae|ella|cter|ine|ide|ate|[^tm]one|ase|ans|ensis|itis|osis|emia|uria|pathy|gram|scope|ology|tion|ment|ness|able|ible"
    r"|ous|ive|ism|ist|ity|ally|ing|ised|ized|cillin|mycin|vir|zole|pril|sartan|statin|mab|nib|tide|oxin|xaban|lol|phage|phaga|trophia|ophila|eryma|wire|stop|cath|flex|clip|port|vac|lock|seal|graft|guard|meter|ject|derm|gel|foam|plex|trak|fix|max|pulse|sense|tron|tech|pharm|vax|mune|zumab|phiala|mitra|mucor|thrix|nema|stoma|filaria|oides|virus|cocci|coccus"
    r"|bacter|monas|bacillus|spora|phyton|phora|myces|plasma|dermic|lytic|trophic|genic|algia|plasty|pexy|stomy|tomy|scopic|graphy|metry|cele)$"
)


# How medical words begin that no list can hold in full.
_PREFIXED = re.compile(
    r"(?:immuno|histo|cyto|hemo|haemo|hemato|neuro|cardio|gastro|hepato|nephro|uro|oto|otorhino|rhino|laryngo|intra|inter|peri|para|endo|trans|sub|supra|hyper|hypo|micro|macro|poly|multi|pseudo|electro|radio|thrombo|angio|broncho|pneumo|dermato|myco|osteo|arthro|chondro|lympho|adeno|myelo|fibro|lipo|sarco|blasto|kerato|ophthalmo|retino|vitreo|cerebro|encephalo|spondylo|tendo|myo|vaso|veno|arterio|phlebo|entero|colo|procto|chole|pancreat|spleno|adreno|thyro|glyco|gluco|lacto|proteo|chemo|photo|cryo|sono|echo|anti|auto|hetero|homo|iso|neo|post|pre|retro|ante|tri|tetra|hemi|semi|sulf|chlor|fluor|brom|meth|eth|phen|benz|amino|hydro|oxy|nitro|acet)(?=\w{4,}(?:ic|al|ous|ly|ar|ia|es|is|in|ine|ed|ing|um|us|on|or|ist|ies|ion|tion|ate|ide|ol|ose|ase|gen|oid|cyte|cytes|gram|logy|logist|pathy)$)"
)


_ARTICLE = re.compile(r"\b[Aa]n?[ ]\Z")


_CAMEL = re.compile(r"[a-zà-þ][A-ZÀ-Þ]")


_SCOTTISH = re.compile(
    r"(?:Mc|Mac|O['’]|D['’]|De|Di|Du|La|Le|Van|Von|Fitz|St|Al|El|Des|Del|Da|Dos)(?:[A-Z]|-[A-Z])"
)


_BRANDED = re.compile(
    r"\b(?:brand|model|device|system|catheter|stent|valve|by|from|via|manufacturer|vendor|company)[ ]+\Z"
)


def stands(text: str, token: re.Match[str], what: str, length: int) -> bool:
    """Whether the place of a word of no other list lets it be a name."""
    word, start, end = token.group(), token.start(), token.end()
    after = text[end : end + 1]
    if text[start - 1 : start] in ("-", "_", "/", "@", "\\", "#", "'", "’", "[") or after in (
        "®",
        "™",
        "_",
        "@",
        "\\",
    ):
        return False
    if after == "-" or (after == "/" and what != "name"):
        return False
    if _CAMEL.search(word) and not _SCOTTISH.match(word):
        return False
    low = fold(word)
    if re.fullmatch(CREDENTIALS, word) or meanings(word):
        return False
    if DOSED.match(text, end) or part_of(text, start):
        return False
    if what == "name":
        level = _LEVEL.match(text, end)
        return level is None or (low in lexicon().first and level.group()[1] not in "IV")
    if (
        len(low) < 4
        or MADE.search(low)
        or _PREFIXED.match(low)
        or _ARTICLE.search(text, max(0, start - 4), start)
        or _SIGN_BEFORE.search(text, max(0, start - 24), start)
    ):
        return False
    if _GRADED.match(text, end) or _BRANDED.search(text, max(0, start - 16), start):
        return False
    return length < 5


def part_of(text: str, start: int) -> bool:
    """Whether an anatomical noun leads to the word: "zone of Zinn", "Salmonella Heidelberg"."""
    match = _OF.search(text, max(0, start - 28), start)
    if match is None:
        return False
    low = match["a"].casefold()
    return (
        low in HEADS and low not in OWNED
        if match["of"]
        else _GENUS.fullmatch(match["a"]) is not None
    )


_OF = re.compile(r"(?<![\w])(?P<a>[A-Za-z]+)[ ](?P<of>of[ ](?:the[ ])?)?\Z")


_GENUS = re.compile(
    r"Salmonella|Leptospira|Borrelia|Rickettsia|Shigella|Bartonella|Legionella|Coxsackie|serovar|serotype|strain|Type|type"
)


def followed_by_noun(text: str, end: int, *, numbers: bool = True) -> bool:
    """Whether a word in small letters follows that nobody's name is followed by: "Heschl gyrus"."""
    match = _SMALL.match(text, end)
    if match is None:
        tested = _TESTED.match(text, end)
        return tested is not None and (numbers or not tested.group()[1:2].isdigit())
    low = match[1]
    if low in FOLLOWING or low in EVERYDAY or low.endswith(("ed", "ing", "ly", "n't")):
        return _TESTED.match(text, end) is not None
    return len(low) > 2


_SMALL = re.compile(r"(?:['’]s)?[ ]([a-z][a-z'’]*)(?![\w/])")


_TESTED = re.compile(
    r"[ ](?:in[ ]place|in[ ]situ|to[ ](?:gravity|suction|drainage|wall|bulb)|left[ ]in|removed|inflated|deflated|placed|deployed|applied|inserted|exchanged|flushed|clamped|pulled|out\b|off\b|held|negative|positive|patent|absent|present|normal|equivocal|no|yes|n/a|intact|spared)\b|[ ](?:type|grade|class|stage|phase|group|zone|level|category|pattern)\b|[ ](?:[A-E]\d?|\d{1,3}[A-Da-d]?|i?\d[a-z])(?![\w/:\-])(?![ ]?(?:yo\b|y/o|y\.o|years?|yrs?|[MF]\b|male|female|mo\b|\(|x\b))(?=[ ]?[,;.)]|[ ](?:and|or|at|with|on|by|vs|of|in|to|degrees|gauge|mm|cm|Fr|[a-z])|\Z|\n)"
)


def in_clinical_list(text: str, start: int, end: int) -> bool:
    """Whether a neighbour in a list of names carries a disease or is a drug: "Ely, Ober and Thomas"."""
    words = lexicon()
    before = _LISTED_BEFORE.search(text, max(0, start - 40), start)
    after = _LISTED_AFTER.match(text, end)
    for match in (before, after):
        if match is not None:
            low = fold(match["v"])
            if (low in words.eponyms and low not in words.last) or low in drug_words():
                return True
            if low in words.eponyms and low not in words.first and low not in COMMON:
                return True
    return False


_LISTED_BEFORE = re.compile(
    rf"(?<![\w\-])(?P<v>{LETTER}+(?:-{LETTER}+)*)(?:,[ ]|,?[ ](?:and|or|&)[ ](?:\d+[ ]?mL[ ])?)\Z"
)


_LISTED_AFTER = re.compile(
    rf"(?:,[ ]|,?[ ](?:and|or|&)[ ])(?:and[ ])?(?P<v>{LETTER}+(?:-{LETTER}+)*)"
)


def term_follows(text: str, end: int, *, named: bool) -> bool:
    """Whether a noun follows that makes a clinical term even of a word of no list."""
    match = NEXT.match(text, end)
    if match is None:
        return False
    owned = text[end - 2 : end] in ("'s", "’s") or match["s"] is not None
    spared = OWNED if owned else EVERYDAY
    for at, word in enumerate(match.group("a", "b")):
        if word is None:
            break
        low = word.casefold()
        if (low in HEADS or (at == 0 and not owned and low in NEAR_HEADS)) and not (
            low in EVERYDAY or (named and low in spared)
        ):
            return True
        if at == 0 and _CLINICAL_NOUN.search(low):
            return True
    return False


NEXT = re.compile(r"(?P<s>['’]s?)?[ \-–](?P<a>[A-Za-z]+)(?:[ \-–]+(?P<b>[A-Za-z]+))?")


_CLINICAL_NOUN = re.compile(
    r"(?:itis|osis|oma|omas|emia|pathy|ectomy|otomy|ostomy|plasty|pexy|scopy|syndromes?|plegia|paresis|trophy|plasia|sarcoma|cephaly|dactyly"
    r"|rraphy|stricture|forme|variant|criteria|sign|signs|triad|stain|agar|maneuver|classification|scale|questionnaire)$"
)
