"""Names by weak evidence: the name lists, the shape of a name, what stands beside a name.

Weak evidence gives way to a clinical noun that follows, to eponyms and to ordinary words.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from bot.phi.doubts import followed_by_noun, in_clinical_list
from bot.phi.heads import EVERYDAY, OWNED
from bot.phi.lexicon import (
    LABELS,
    lexicon,
)
from bot.phi.name_words import (
    COMMON,
    CREDENTIALS,
    LETTER,
    MONTHS,
    WORD,
    fold,
    headed,
    is_acronym,
    is_known,
    is_plain_word,
    past_blank,
)
from bot.phi.records import Identifier, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.phi.lexicon import Lexicon

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


@cache
def given_names() -> frozenset[str]:
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
    kimora zeta hero perla coral chastity tranquility dong ping hilda vi shan shin sook soo jin
    august april june summer autumn sandy chuck dawn hope grace will mark bill art pat frank""".split()
)


def listed(text: str) -> Iterator[Span]:
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
    alone = token.end() - 2 if possessive else token.end()
    if first and low in given_names() and not _capitals(token) and not headed(text, alone):
        sized = re.match(
            r"[ ]\d+[ ]?(?:Fr|French|mm|cm|mg|mcg|mL|ml|units)\b|[ ](?:II|III|IV)\b",
            text[alone : alone + 16],
        )
        verb = (
            low in words.vocabulary
            and _opens(text, token.start())
            and not (_does(text, alone, _SUBJECT) or text[alone : alone + 1] in (",", ":", "("))
        )  # "Rob of sleep"
        doubted = followed_by_noun(text, alone, numbers=False) or in_clinical_list(
            text, token.start(), alone
        )
        if text[token.end() : token.end() + 1] not in ("-", "/", "®", "™") and not (
            verb or sized or doubted
        ):
            return alone, 180
    if (end := _foreign(text, token, words)) is not None:
        return end, 184
    return _subject(text, token, words)


def _opens(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start].rstrip(" \t")
    return not before or before[-1] in ".!?:;\n-•*"


def _does(text: str, end: int, predicate: re.Pattern[str]) -> bool:
    """Whether what ends at ``end`` is the subject of ``predicate``."""
    return predicate.match(text, past_blank(text, end)) is not None


def _unknown(text: str, token: re.Match[str], words: Lexicon) -> int | None:
    """The end of one or two words of no list that do what only persons do."""
    ends = [token.end()]
    following = WORD.match(text, past_blank(text, token.end()))
    if following is not None and following.group()[0].isupper():
        ends.append(following.end())
    for end in reversed(ends):
        parts = WORD.findall(text[token.start() : end])
        new = all(
            (is_known(part, words) or not is_plain_word(part, words))
            and fold(part) not in words.eponyms
            and not is_acronym(part, words)
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
    if (
        is_plain_word(word, words)
        or low in words.eponyms
        or low in words.cities
        or low in words.regions
    ):
        return None
    if other in LABELS or other in MONTHS or not surname[:1].isupper() or surname.isupper():
        return None
    if text[following.end() : following.end() + 1] in ("®", "™") or "&" in (
        text[max(0, token.start() - 2) : token.start()]
        + text[following.end() : following.end() + 2]
    ):
        return None
    if other not in words.last and (
        len(other) < 4
        or is_plain_word(surname, words)
        or other in words.cities
        or other in words.regions
        or re.search(r"(?:us|um|ae|ella|ium|ii|ine|ide|ate|one|al|ic|in)$", low)
        or re.search(
            r"(?:ae|us|um|is|ans|ens|ensis|osa|ella|ii|ium|society|institute|faculty)$", other
        )
    ):
        return None
    if (is_plain_word(surname, words) or other in words.eponyms) and other not in COMMON:
        return None
    end = following.end() - (2 if surname[-2:] in ("'s", "’s") else 0)
    return None if headed(text, end) or text[end : end + 1] == "-" else end


def beside(text: str) -> Iterator[Span]:
    """Names beside what is out already: "[NAME-1] and Aoife", "Ngozi Okonjo | MRN"."""
    words = lexicon()
    for match in _JOINED.finditer(text):
        name = "a" if match["a"] else "b"
        low = fold(match[name])
        new = not is_plain_word(match[name], words) and low not in words.eponyms
        lettered = re.match(rf"{CREDENTIALS}(?![\w])", text[match.start(name) :]) is not None
        lettered = lettered or is_acronym(match[name], words)
        if lettered or text[match.end(name) : match.end(name) + 1] == "-":
            continue
        if (new or low in words.first) and low not in LABELS and not headed(text, match.end(name)):
            yield Span(Identifier.NAME, *match.span(name), 185)
    for match in _HEADER.finditer(text):
        parts = WORD.findall(match["v"])
        if all(
            not is_plain_word(part, words) and fold(part) not in words.eponyms
            for part in parts
            if len(part) > 1
        ):
            yield Span(Identifier.NAME, *match.span("v"), 186)


_JOINED = re.compile(
    rf"\[NAME-\d+\](?:,[ ]?|[ ]?,?[ ](?:and|&|or)[ ])(?P<a>[A-ZÀ-Þ](?:{LETTER}|['’\-](?={LETTER}))+)(?![\w])"
    rf"|(?<![\w\-])(?P<b>[A-ZÀ-Þ](?:{LETTER}|['’\-](?={LETTER}))+)[ ](?:and|&|or)[ ]\[NAME-\d+\]"
)
_HEADER = re.compile(
    rf"(?<![\w\-])(?P<v>[A-ZÀ-Þ](?:{LETTER}|['’\-](?={LETTER}))+(?:[ ][A-Z]\b\.?)?(?:,?[ ][A-ZÀ-Þ](?:{LETTER}|['’\-](?={LETTER}))+){{1,2}})"
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
    if (low in words.eponyms and low not in words.first) or is_acronym(word, words):
        return None
    match = re.match(r"(?:[ ]+[A-Z]\.)?[ ]+", text[token.end() :][:6])
    if match is None or _SUBJECT.match(text, token.end() + match.end()) is None:
        return None
    return token.end(), 182


def _capitals(token: re.Match[str]) -> bool:
    """An all-capitals word beside other capitals: a heading or shouted text, not a name by itself."""
    return token.group().isupper()


def _last_first(text: str, token: re.Match[str], words: Lexicon) -> int | None:
    """The end of "Garcia, Maria L." when the lists know both words as what they stand for."""
    low = fold(token.group())
    if low not in words.last or token.group()[0].islower():
        return None
    match = re.compile(rf",[ ]?({LETTER}+(?:-{LETTER}+)*)(?:[ ][A-Z]\b\.?)?").match(
        text, token.end()
    )
    if match is None:
        return None
    given = match.group(1)
    other = fold(given)
    if not given[0].isupper() or other in LABELS or other in MONTHS:
        return None
    if other not in words.first:
        unknown = (
            not is_plain_word(given, words)
            and other not in words.eponyms
            and other not in words.last
        )
        certain = not is_plain_word(token.group(), words) and low not in words.eponyms
        opens = token.start() == 0 or text[token.start() - 1] == "\n"
        return match.end() if unknown and certain and opens and len(other) > 3 else None
    if low in words.cities and other in words.regions:
        return None
    if is_plain_word(given, words) or (other in words.eponyms and low in words.eponyms):
        return None
    if (is_plain_word(token.group(), words) or low in words.eponyms) and other not in given_names():
        return None
    if (
        low in words.first
        and low in given_names()
        and other in words.last
        and text[match.end() : match.end() + 1] == ","
    ):
        return None  # a list of given names
    return None if headed(text, match.end()) else match.end()


def _pair(text: str, token: re.Match[str], words: Lexicon) -> int | None:
    """The end of a given name with the surname after it."""
    low = fold(token.group())
    match = re.compile(
        rf"[ ]+(?:[A-Z]\.?[ ]+|[\"“(']{LETTER}+[\"”)'][ ]+|(?:{LETTER}+)[ ]+)?(?:(?:de la|de|del|van der|van|von|al|el|la|bin|St\.)[ \-]+)?({LETTER}(?:{LETTER}|['’\-](?={LETTER}))*)"
    )
    simple = re.compile(
        rf"[ ]+(?:[A-Z]\.?[ ]+|[\"“(']{LETTER}+[\"”)'][ ]+)?(?:(?:de la|de|del|van der|van|von|al|el|la|bin|St\.)[ \-]+)?({LETTER}(?:{LETTER}|['’\-](?={LETTER}))*)"
    )
    for pattern in (simple, match):
        found = pattern.match(text, token.end())
        if found is None:
            continue
        surname = found.group(1)
        other = fold(surname)
        end = found.end() - (2 if surname[-2:] in ("'s", "’s") else 0)
        if pattern is match:
            middle = WORD.match(text, past_blank(text, token.end()))
            if (
                middle is None
                or not middle.group()[0].isupper()
                or fold(middle.group()) not in words.first
            ):
                continue
            if not _surname(surname, other, words) or is_plain_word(surname, words):
                continue
        elif not _surname(surname, other, words):
            continue
        weak_first = (
            is_plain_word(token.group(), words)
            or low in words.eponyms
            or low in words.cities
            or low in words.regions
        )
        weak_last = is_plain_word(surname, words) or other in words.eponyms
        spared = frozenset() if weak_last else EVERYDAY if weak_first else OWNED
        if headed(text, end, spared=spared):
            continue
        if (low in words.eponyms or other in words.eponyms) and followed_by_noun(text, end):
            continue
        if (
            weak_first
            and weak_last
            and other not in COMMON
            and not (other in words.last and _does(text, end, _SUBJECT))
        ):
            continue
        if weak_first and not is_known(surname, words) and not _does(text, end, _PATIENT):
            if low not in words.first or is_plain_word(token.group(), words) or len(other) < 5:
                continue
        suffix = re.compile(r",?[ ](?:Jr|Sr|II|III|IV)\b\.?").match(text, end)
        return suffix.end() if suffix else end
    return None


def _surname(word: str, low: str, words: Lexicon) -> bool:
    if not word[0].isupper() or low in LABELS or low in MONTHS or len(word) < 2:
        return False
    if re.fullmatch(CREDENTIALS, word):
        return False
    if low in words.last or low in words.first or ("-" in low and is_known(word, words)):
        return not (word.isupper() and is_plain_word(word, words))
    return (
        not is_plain_word(word, words) and not is_acronym(word, words) and low not in words.cities
    )


def _lower_pair(
    text: str, tokens: list[re.Match[str]], index: int, words: Lexicon
) -> tuple[int, int] | None:
    """Find "maria garcia" without capitals: both words names and neither anything else."""
    if index + 1 >= len(tokens):
        return None
    token, following = tokens[index], tokens[index + 1]
    low, other = fold(token.group()), fold(following.group())
    if low not in given_names() or text[token.end() : following.start()] != " ":
        return None
    if other not in words.last or words.is_plain(other) or len(other) < 3:
        return None
    if headed(text, following.end()) or following.group()[0].isupper():
        return None
    end = following.end() - (2 if following.group()[-2:] in ("'s", "’s") else 0)
    return end, 75
