"""Names by what they are not: a capitalised word of no English or clinical list names somebody.

The other recognizers read what stands around a name. This one is the net below them: it takes a
capitalised word that the surname lists know and no other list does, one that no list knows at all,
and both again where a text has no capitals or nothing else. A clinical noun behind the word, a dose,
or the ending of a drug or an organism speaks against it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.phi.doubts import (
    DOSED,
    MADE,
    NEXT,
    followed_by_noun,
    in_clinical_list,
    part_of,
    stands,
    term_follows,
)
from bot.phi.heads import HEADS, NEAR_HEADS
from bot.phi.lexicon import LABELS, WIDE, drug_words, lexicon, plain_letters
from bot.phi.name_words import COMMON, CREDENTIALS, MONTHS, PARTICLES, WORD, fold
from bot.phi.records import Identifier, Span
from bot.phi.roles import DOERS
from codesets.abbreviations import meanings

if TYPE_CHECKING:
    from collections.abc import Iterator

_RANK = 240
_LOWER_RANK = 245
_BLANK = re.compile(r"[ ]{1,2}(?![ ])")


_DAYS = frozenset("mon tue tues wed weds thu thur thurs fri sat sun".split())


@lru_cache(maxsize=8192)
def kind(word: str) -> str:
    """What a casefolded word is: label, plain, eponym, both, name, town, short or strange.

    "plain" is a word of English or of medicine that nobody is called; "both" somebody is.
    """
    words = lexicon()
    if len(word) < 3:
        return "short"
    if (
        word in LABELS
        or word in _DAYS
        or word in MONTHS
        or word in HEADS
        or word in WIDE
        or word in words.regions
    ):
        return "label"
    parts = [part for part in word.replace("’", "'").split("-") if part]
    if len(parts) > 1:
        kinds = {kind(part) for part in parts}
        if (
            min(map(len, parts)) == 1
            and "name" in kinds
            and len(parts) == 2
            and parts[0] not in ("o", "d")
        ):
            return "plain"  # "X-ray", "K-wire"
        if kinds <= {"plain", "label", "short"}:
            return "plain"
        if "eponym" in kinds:
            return "eponym"
        if "name" in kinds or kinds == {"both"}:
            return "name"
        return "plain" if kinds & {"plain", "label"} else "strange"
    named = words.is_name(word) or plain_letters(word) in words.rare
    if word in words.eponyms or plain_letters(word) in words.eponyms:
        return "eponym" if word not in COMMON else "both"
    if word[-1] == "s" and word[:-1] in words.eponyms and not words.is_name(word):
        return "eponym" if word not in COMMON else "both"
    if words.is_worded(word) or word in drug_words():
        return "both" if named else "plain"
    if named:
        return "name"
    if word in words.cities or word in words.towns:
        return "town"
    return "strange"


def strangers(text: str) -> Iterator[Span]:
    """Names of ``text`` that only the lists of words tell, possibly overlapping."""
    for match in _ABOUT.finditer(text):
        if not meanings(re.sub(r"[ .]", "", match["v"])):
            yield Span(Identifier.NAME, *match.span("v"), _RANK)
    tokens = list(WORD.finditer(text))
    shouted, quiet = _cases(text, tokens)
    index = 0
    while index < len(tokens):
        token = tokens[index]
        word = token.group()
        if word[0].isupper() and not word.isupper():
            run = _run(text, tokens, index)
            yield from _titled(text, tokens[index:run])
            index = run
            continue
        if word.isupper():
            if _in(shouted, token.start()):
                yield from _bare(text, token, _RANK + 2)
            elif len(word) > 2:
                yield from _loud(text, token)
        elif _in(quiet, token.start()):
            yield from _bare(text, token, _LOWER_RANK)
        index += 1


def _cases(
    text: str, tokens: list[re.Match[str]]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Lines that are all capitals, and lines of some length that have none or hardly any."""
    shouted, quiet = [], []
    bounds = [at.start() for at in re.finditer("\n", text)]
    low, position = 0, 0
    for high in (*bounds, len(text)):
        line = []
        while position < len(tokens) and tokens[position].start() < high:
            line.append(tokens[position].group())
            position += 1
        long = [word for word in line if len(word) > 1]
        if len(long) >= 3 and sum(word.isupper() for word in long) >= 0.9 * len(long):
            shouted.append((low, high))
        if len(long) >= 6 and sum(word.islower() for word in long) >= 0.94 * len(long):
            quiet.append((low, high))
        low = high + 1
    return shouted, quiet


def _in(ranges: list[tuple[int, int]], at: int) -> bool:
    return any(low <= at <= high for low, high in ranges)


def _run(text: str, tokens: list[re.Match[str]], index: int) -> int:
    """Where the run of capitalised words, initials and particles that begins at ``index`` ends."""
    end = index + 1
    while end < len(tokens):
        between = text[tokens[end - 1].end() : tokens[end].start()]
        word = tokens[end].group()
        initial = len(tokens[end - 1].group()) == 1 and between == ". "
        if between != " " and not initial:
            break
        if word[0].islower():
            following = tokens[end + 1].group() if end + 1 < len(tokens) else ""
            if word not in PARTICLES or not following[:1].isupper():
                break
        elif word.isupper() and len(word) > 2:
            break
        end += 1
    return end


def _titled(text: str, run: list[re.Match[str]]) -> Iterator[Span]:
    """Names in a run of capitalised words."""
    kinds = [kind(fold(token.group())) for token in run]
    seeds = [
        at
        for at, token in enumerate(run)
        if kinds[at] in ("name", "strange") and stands(text, token, kinds[at], len(run))
    ]
    taken: set[int] = set()
    for at in seeds:
        if at in taken:
            continue
        low, high = at, at
        while low and _joins(run[low - 1].group(), kinds[low - 1]):
            low -= 1
        if low and low == at and kinds[low - 1] in ("plain", "label") and _adjoins(run[low - 1]):
            low -= 1
        if (
            high == at
            and high + 1 < len(run)
            and kinds[at] == "strange"
            and kinds[high + 1] in ("plain", "eponym")
        ):
            high += _adjoins(run[high + 1]) or high + 2 == len(run)
        while high + 1 < len(run) and _joins(run[high + 1].group(), kinds[high + 1]):
            high += 1
        while high > at and (
            run[high].group().casefold() in PARTICLES or len(run[high].group()) == 1
        ):
            high -= 1
        given = any(fold(run[i].group()) in lexicon().first for i in range(low, high + 1))
        if term_follows(
            text, run[high].end(), named=any(kinds[i] == "name" for i in range(low, high + 1))
        ):
            continue
        whole = given and high > low and not any(kinds[i] == "eponym" for i in range(low, high + 1))
        if not whole and (
            followed_by_noun(text, run[high].end())
            or in_clinical_list(text, run[low].start(), run[high].end())
        ):
            continue
        taken.update(range(low, high + 1))
        end = run[high].end() - (2 if run[high].group()[-2:] in ("'s", "’s") else 0)
        start = run[low].start()
        if (initials := _INITIALS.search(text, max(0, start - 8), start)) is not None:
            start = initials.start()
        yield Span(Identifier.NAME, start, end, _RANK)
    if not taken:
        yield from _called(text, run, kinds)


# Letters that stand for a person where a message says whom it is about.
_ABOUT = re.compile(
    r"(?im:^[ \t]*(?:subject|subj|re|regarding|topic)[ ]?:[^\n]{0,70}?)(?:(?<=[\-–—:,/(] )|(?<=\()|(?<=\bpt )|(?<=patient )|(?<=for )|(?<=on ))(?P<v>[A-Z]\.?[ ]?[A-Z]\.?(?:[ ]?[A-Z]\.?)?)(?=[ ]*(?:[,;)\n]|\Z|[(]))"
)

_INITIALS = re.compile(r"(?<![\w.\-/])(?:[A-ZÀ-Þ]\.[ \-]?){1,3}\Z|(?<![\w.\-/])[A-HJ-ZÀ-Þ][ ]\Z")
# What is done to persons, or leads to one, before a word that is also an ordinary one.
_PERSON_BEFORE = re.compile(
    r"\b(?:copy|copied|cc|with|by|tell|told|ask|asked|asks|thanks?|dear|hi|hello|hey|per|see|sees|saw|call|calls|called|contact|contacted|paged?|text(?:ed)?|emailed?|me[et]t|notify|notified"
    r"|remind(?:ed)?|let|inform(?:ed)?|updated?|via|from|named|knows|helps?|lives[ ]with|brother|sister|son|daughter|wife|husband|mother|father|mom|dad|friend|aunt|uncle|niece|nephew|cousin|and)[ ]+\Z",
    re.IGNORECASE,
)


def _called(text: str, run: list[re.Match[str]], kinds: list[str]) -> Iterator[Span]:
    """A given name or surname that is an ordinary word too, where a sentence speaks of a person."""
    token = run[0]
    if len(run) > 2 or kinds[0] != "both" or not token.group().istitle() or len(token.group()) < 3:
        return
    if len(run) == 2 and kinds[1] != "both":
        return
    words, low, start, end = lexicon(), fold(token.group()), token.start(), run[-1].end()
    if (
        text[start - 1 : start] != " "
        or text[start - 2 : start - 1] in ".!?:;\n"
        or DOSED.match(text, end)
    ):
        return
    rare = low not in words.words and words.is_name(low) and low in words.vocabulary
    led = _PERSON_BEFORE.search(text, max(0, start - 14), start) is not None
    if not (low in words.first or (rare and low in words.last)) or low in words.eponyms:
        return
    if not led or text[end : end + 1] in ("-", "/", "®", "™") or meanings(token.group()):
        return
    if term_follows(text, end, named=False) or _followed(text, end):
        return
    yield Span(
        Identifier.NAME, start, end - (2 if text[end - 2 : end] in ("'s", "’s") else 0), _RANK + 3
    )


def _followed(text: str, end: int) -> bool:
    """Whether a clinical noun stands right behind: "with Rose spots", "by Wood lamp"."""
    match = NEXT.match(text, end)
    if match is None:
        return False
    return match["a"].casefold() in NEAR_HEADS and match["s"] is None


def _adjoins(token: re.Match[str]) -> bool:
    """Whether an ordinary word before a stranger is part of its name: "Temperance Haile"."""
    words, low = lexicon(), fold(token.group())
    if low in words.words or low in DOERS or token.group().isupper() or low in drug_words():
        return False
    return (
        low in words.vocabulary
        and kind(low) != "eponym"
        and len(low) > 3
        and low[-2:] not in ("ed", "ly")
    )


def _joins(word: str, what: str) -> bool:
    """Whether a word beside a name belongs to it."""
    if re.fullmatch(CREDENTIALS, word) or word.casefold() in DOERS:
        return False
    return (
        what in ("name", "strange", "both", "town")
        or len(word) == 1
        or word.casefold() in PARTICLES
    )


_CAPITAL_PAIR = re.compile(
    r"(?P<a>[A-ZÀ-Þ]{3,})[ ](?:[A-Z]\.?[ ])?(?P<b>[A-ZÀ-Þ][A-ZÀ-Þ'’\-]{2,})(?![\w\-])"
)


def _loud(text: str, token: re.Match[str]) -> Iterator[Span]:
    """A surname in capitals amid ordinary writing: no abbreviation is five letters and a surname."""
    low = fold(token.group())
    pair = _CAPITAL_PAIR.match(text, token.start())
    if pair is not None and not meanings(pair["a"]) and not meanings(pair["b"]):
        kinds = {kind(fold(pair["a"])), kind(fold(pair["b"]))}
        if (
            kinds <= {"name", "both", "strange"}
            and "name" in kinds
            and (fold(pair["a"]) in lexicon().first or kind(fold(pair["a"])) == "name")
        ):
            yield Span(Identifier.NAME, *pair.span(), _RANK + 1)
    if kind(low) != "name" or meanings(token.group()) or meanings(low.upper()):
        return
    words = lexicon()
    if (
        len(low) < 5
        or not words.is_name(low)
        or text[token.end() : token.end() + 1] in ("-", "®", "™")
    ):
        return
    if text[token.start() - 1 : token.start()] in ("-", "/", "_", "#", "["):
        return
    if term_follows(text, token.end(), named=True) or DOSED.match(text, token.end()):
        return
    if part_of(text, token.start()):
        return
    end = token.end() - (2 if token.group()[-2:].casefold() in ("'s", "’s") else 0)
    yield Span(Identifier.NAME, token.start(), end, _RANK + 1)


def _bare(text: str, token: re.Match[str], rank: int) -> Iterator[Span]:
    """A name where case tells nothing: a line in capitals, dictation without any."""
    low = fold(token.group())
    if len(low) < 4 or kind(low) != "name" or meanings(low.upper()):
        return
    if text[token.start() - 1 : token.start()] in ("-", "/", "_", "@", "#", ".", "'", "’", "["):
        return
    if text[token.end() : token.end() + 1] in ("-", "/", "_", "@", "®", "™"):
        return
    if not lexicon().is_name(low) and (MADE.search(low) or len(low) < 5):
        return
    if term_follows(text, token.end(), named=True) or DOSED.match(text, token.end()):
        return
    if part_of(text, token.start()):
        return
    if (
        token.group().islower()
        and low not in lexicon().first
        and followed_by_noun(text, token.end())
    ):
        return
    end = token.end() - (2 if token.group()[-2:].casefold() in ("'s", "’s") else 0)
    yield Span(Identifier.NAME, token.start(), end, rank)
