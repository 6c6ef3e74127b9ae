"""What a name looks like, and how far one reaches: the words that may stand in it and may not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.phi.heads import HEADS
from bot.phi.lexicon import (
    LABELS,
    lexicon,
)

if TYPE_CHECKING:
    from bot.phi.lexicon import Lexicon

LETTER = r"[^\W\d_]"
WORD = re.compile(rf"{LETTER}(?:{LETTER}|['’\-](?={LETTER}))*")
_INITIAL = re.compile(r"[A-Z]\.?(?![\w'’])")
PARTICLES = frozenset(
    "de la del van von der den di da dos du el al bin ibn ter le st saint san santa".split()
)
SUFFIX = frozenset("jr sr ii iii iv".split())
CREDENTIALS = (
    r"(?:M\.?D\.?|D\.?O\.?|R\.?N\.?|A?P\.?R\.?N\.?|N\.?P\.?|PA-?C?|P\.A\.|FNP(?:-?BC|-?C)?|ANP|AGNP|PMHNP|CNM|CNS|CRNA|CNA|CMA|RMA"
    r"|Ph\.?D\.?|Pharm\.?D\.?|RPh|D\.?P\.?M\.?|D\.?D\.?S\.?|D\.?M\.?D\.?|D\.?C\.?|O\.?D\.?|LCSW|LMSW|MSW|LPN|LVN|BSN|MSN|DNP|ARNP"
    r"|CNP|DPT|MPT|OTR(?:/L)?|PT|OT|SLP|CCC-SLP|RD|RDN|RRT|EMT(?:-P)?|MBBS|MBChB|FACS|FACP|FACC|FACOG|FAAP|FACEP|FRCS|MPH|Psy\.?D|LMFT"
    r"|LPC|Esq|CPC|CCDS|CCS|CGC|CDCES|CHPN|CWOCN|RHIA|RHIT|D\.?V\.?M)"
)
SHORT_CREDENTIALS = frozenset(
    {"PT", "OT", "PA", "DO", "OD", "RD", "DC", "SLP", "CNS", "RT", "ANP", "CCS", "CPC", "LPC"}
)
# The most frequent surnames, also where they are eponyms or words.
COMMON = frozenset(
    """smith johnson williams jones brown davis wilson anderson thomas taylor moore jackson martin lee thompson white
    harris clark lewis robinson walker young allen king wright scott hill green adams baker nelson carter mitchell
    roberts turner phillips campbell parker evans edwards collins stewart morris murphy cook rogers morgan cooper
    peterson reed bailey bell kelly howard ward cox richardson wood watson brooks bennett gray james hughes price
    myers long foster sanders ross""".split()
)


MONTHS = frozenset(
    """jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july
    august september october november december""".split()
)

# Labels that are surnames too, behind a title.
_SURNAMES = frozenset({"case", "day", "race", "page", "home", "work", "note", "field"})
_NEXT = re.compile(
    r"(?:['’]s?)?[ \-–]+(?:and[ ]+|or[ ]+)?([A-Za-z]+)(?:[ \-–]+([A-Za-z]+))?(?:[ \-–]+([A-Za-z]+))?"
)


def fold(word: str) -> str:
    """A word as the lists hold it: casefolded, without a possessive ending."""
    low = word.casefold().replace("’", "'")
    return low[:-2] if low.endswith("'s") else low


def headed(text: str, end: int, within: int = 2, *, spared: frozenset[str] = frozenset()) -> bool:
    """Whether a noun follows that makes a clinical term of what ends at ``end``.

    ``spared`` are nouns that do not, because a whole name stands before them: "Ann Lee's chart".
    """
    match = _NEXT.match(text, end)
    if match is None:
        return False
    said = [word.casefold() for word in match.groups()[:within] if word is not None]
    return any(word in HEADS and word not in spared for word in said)


def is_known(word: str, words: Lexicon) -> bool:
    """Whether a person may be called ``word``, hyphens and possessives aside."""
    low = fold(word)
    if words.is_name(low):
        return True
    return "-" in low and any(words.is_name(part) for part in low.split("-"))


def is_plain_word(word: str, words: Lexicon) -> bool:
    """Whether ``word`` is an ordinary or clinical one, hyphens and possessives aside."""
    low = fold(word)
    if words.is_plain(low):
        return True
    return "-" in low and all(words.is_plain(part) for part in low.split("-"))


def is_acronym(word: str, words: Lexicon) -> bool:
    """Capitals that no name list knows as a name: "CHF", "MI", "PT"."""
    return word.isupper() and (len(word) <= 3 or not words.is_name(fold(word)))


def take(
    text: str,
    start: int,
    *,
    strong: bool,
    comma: bool = False,
    lower: bool = True,
    titled: bool = False,
) -> int | None:
    """The end of the name that begins at ``start``, or None when none does.

    ``strong`` evidence accepts any capitalised word that is not an ordinary one, and lower-case
    words of the name lists. ``comma`` reads "Last, First Middle" as one name.
    """
    words = lexicon()
    if not lower and not text[start : start + 1].isupper():
        return None
    if (
        comma
        and (shouted := _CAPITALS.match(text, start)) is not None
        and not any(
            words.is_plain(fold(part)) for part in WORD.findall(shouted.group()) if len(part) > 1
        )
    ):
        return shouted.end()
    position, end, count, solid = start, None, 0, False
    while count < 5:
        match = WORD.match(text, position)
        if match is None:
            break
        word, low = match.group(), fold(match.group())
        initial = _INITIAL.match(text, position)
        if (initial is not None and word not in ("I",)) or (initial is not None and count):
            if count == 0 and not strong:
                break
            if word == "I" and count == 0:
                break
            end, position, count = initial.end(), initial.end(), count + 1
        elif low in SUFFIX and count:
            end = position = match.end()
            if text[position : position + 1] == ".":
                end = position = position + 1
        elif (low in PARTICLES and not words.is_plain(low)) or (
            low in PARTICLES and count + 1 < 5 and word != low.upper()
        ):
            following = WORD.match(text, past_blank(text, match.end(), dot=True))
            while following is not None and following.group() in PARTICLES:  # "van der Westhuizen"
                following = WORD.match(text, past_blank(text, following.end(), dot=True))
            if following is None or not following.group()[0].isupper():
                if not _accept(text, match, words, strong=strong, count=count):
                    break
                solid, end = True, match.end()
            elif count == 0 and low in ("st", "saint") and not titled:
                break
            elif not _accept(text, following, words, strong=True, count=count):
                if not _accept(text, match, words, strong=strong, count=count):
                    break
                solid, end = True, match.end()
            position, count = match.end(), count + 1
            if end != match.end():
                position = past_blank(text, position, dot=True)
                continue
        elif (
            low not in LABELS or (titled and count == 0 and low in _SURNAMES and word.istitle())
        ) and (
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
            rest = past_blank(text, position + 1)
            given = WORD.match(text, rest)
            if given is not None and _given(given.group(), words):
                position, comma = rest, False
                continue
            break
        after = past_blank(text, position)
        if after == position:
            break
        position = after
    return end if solid else None


_CAPITALS = re.compile(
    r"[A-ZÀ-Þ](?:[A-ZÀ-Þ]|['’\-](?=[A-ZÀ-Þ]))+,[ ]?[A-ZÀ-Þ](?:[A-ZÀ-Þ]|['’\-](?=[A-ZÀ-Þ]))+(?:[ ][A-Z]\b\.?)?(?![a-z])"
)


def past_blank(text: str, position: int, *, dot: bool = False) -> int:
    """The offset after the blanks at ``position``, and after a point where ``dot`` says so."""
    if dot and text[position : position + 1] == ".":
        position += 1
    while text[position : position + 1] in (" ", "\u00a0") and text[position : position + 1]:
        position += 1
    return position


def _given(word: str, words: Lexicon) -> bool:
    low = fold(word)
    if low in LABELS or re.fullmatch(CREDENTIALS, word):
        return False
    return word[0].isupper() and (words.is_name(low) or not is_plain_word(word, words))


def _accept(text: str, match: re.Match[str], words: Lexicon, *, strong: bool, count: int) -> bool:
    """Whether the word at ``match`` may be part of a name here."""
    word = match.group()
    low = fold(word)
    if low in MONTHS and (
        low not in words.first or re.match(r"\.?[ ]*\d", text[match.end() : match.end() + 4])
    ):
        return False
    if re.fullmatch(CREDENTIALS, word) and (count or word not in ("Do",)):
        return False
    if word[0].islower():
        return strong and is_known(word, words) and not is_plain_word(word, words) and len(word) > 2
    if is_known(word, words):
        if word.isupper() and len(word) > 1 and is_plain_word(word, words) and count:
            return False
        if count and is_plain_word(word, words):
            return low in words.last and not headed(text, match.start() + len(word), 1)
        return strong or not is_plain_word(word, words)
    return (
        not is_plain_word(word, words)
        and not is_acronym(word, words)
        and (strong or low not in words.eponyms)
    )


def _closes(text: str, match: re.Match[str], words: Lexicon) -> bool:
    """Whether an ordinary word ends a name at the end of its line: "Name: John Q. Public"."""
    word, low = match.group(), fold(match.group())
    if not word.istitle() or low in HEADS or low in words.eponyms:
        return False
    return text[match.end() : match.end() + 1] in ("", "\n", "\r", ";", "|", "\t")
