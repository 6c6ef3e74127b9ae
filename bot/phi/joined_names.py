"""Names beside a name that is out already, and names behind a role where case tells nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.phi.called import (
    BARRED,
    CAP,
    MONTHLY,
    SHORT_SURNAMES,
    bare_end,
    called,
    clinical_behind,
    either,
    in_list,
    odd,
)
from bot.phi.lexicon import lexicon
from bot.phi.name_words import LETTER, WORD, fold
from bot.phi.records import Identifier, Span
from bot.phi.roles import KIN
from bot.phi.strangers import kind
from codesets.abbreviations import meanings

if TYPE_CHECKING:
    from collections.abc import Iterator

_RANK = 78
_BETWEEN = re.compile(
    rf"\[NAME-\d+\][ ](?:to|and|&|or|with|→|->|for|from)[ ](?P<a>{CAP})(?![\w\-])|(?<![\w\-])(?P<b>{CAP})(?=[ ](?:to|and|&|or|→|->|/)[ ]\[NAME-\d+\])|\[NAME-\d+\]/(?P<d>(?:al-|el-)?{CAP})(?![\w\-])|(?<![\w\-/])(?P<e>{CAP})(?=/\[NAME-\d+\])|\[NAME-\d+\],[ ](?P<c>{CAP})(?=,[ ]|[ ]?[.;\n]|[ ]and[ ]|\Z)"
)


# What somebody is called by those who know him: in quotes behind a name, or behind "goes by".
_NICKED = re.compile(
    rf"\[NAME-\d+\],?[ ](?:[\"“‘'(])(?P<v>{CAP})(?=[\"”’')])|(?i:goes[ ]by|nicknamed|street[ ]name|also[ ]known[ ]as|known(?:[ ][a-z]+){{0,4}}[ ]as|call(?:s|ed)[ ](?:him|her)self|prefers[ ]to[ ]be[ ]called|calls[ ](?:his|her)[ ][a-z]+)[ ](?:[\"“‘'])?(?P<w>{CAP})(?![\w\-])"
)


_BY_Y = re.compile(
    rf"\[NAME-\d+\][ ]y[ ](?P<v>{CAP})|(?P<w>{CAP}[ ]y)[ ](?=\[NAME-\d+\])|(?<![\w\-])(?P<x>{CAP}[ ]y[ ]{CAP})(?![\w\-])"
)


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


def joined_names(text: str) -> Iterator[Span]:
    """Names beside a name that is out already, and what somebody is called by."""
    words = lexicon()
    for match in _BETWEEN.finditer(text):
        name = match.lastgroup or "a"
        if match[name].isupper():
            continue
        short = name in "de" and fold(match[name]) in SHORT_SURNAMES
        if (
            called(match[name])
            or short
            or odd(fold(match[name]))
            or (name in "de" and kind(fold(match[name])) in ("name", "strange"))
        ) and not clinical_behind(text, match.end(name)):
            yield Span(
                Identifier.NAME, match.start(name), bare_end(text, match.end(name)), _RANK + 2
            )
    for match in _BY_Y.finditer(text):
        name = match.lastgroup or "v"
        if name != "x" or kind(fold(match["x"].split()[0])) in ("name", "strange"):
            yield Span(Identifier.NAME, *match.span(name), _RANK + 3)
    for match in _TAILED.finditer(text):
        low = match["v"]
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if low in words.last and low not in _NEVER and low not in BARRED and line == line.lower():
            if (
                len(line) > 20
                and _QUIET_END.match(text, match.end())
                and not clinical_behind(text, match.end())
            ):
                yield Span(Identifier.NAME, *match.span("v"), _RANK + 3)
    for match in _BESIDE.finditer(text):
        if not meanings(match["v"]):
            yield Span(Identifier.NAME, *match.span("v"), _RANK)
    for match in _NICKED.finditer(text):
        name = match.lastgroup or "v"
        if not clinical_behind(text, match.end(name)):
            yield Span(Identifier.NAME, *match.span(name), _RANK)


_BESIDE = re.compile(r"\[NAME-\d+\][ ]/[ ](?P<v>[A-Z]{2,3})(?=[ ]/)")


_TAILED = re.compile(r"\[NAME-\d+\][ ](?P<v>[a-z]{3,})(?![\w\-])")


def quiet_names(text: str) -> Iterator[Span]:
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
                and either(low)
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
                good = good and (in_list(lows[0], words.first) or kind(lows[0]) == "name")
            elif not good:
                good = kind(lows[0]) == "name" or (
                    shouted and kind(lows[0]) == "strange" and len(lows[0]) > 3
                )
            if (
                good
                and (lows[0] not in BARRED or lows[0] in MONTHLY)
                and _QUIET_END.match(text, end)
                and not clinical_behind(text, end)
            ):
                if (
                    count == 1
                    and lows[0] not in words.first
                    and kind(lows[0]) not in ("name", "strange")
                    and match.group()[:2].casefold() not in ("do", "dr", "mi", "mr", "ms", "nu")
                ):
                    continue
                yield Span(Identifier.NAME, parts[0].start(), bare_end(text, end), _RANK + 2)
                break
