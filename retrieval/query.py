"""What a question is about: a code, a term, a note, a comparison, a guideline, or nothing codable.

Only what the text plainly says is decided here; which code a term means is the search's and the
resolution's business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from codesets import abbreviations
from codesets.models import Level
from codesets.notation import find_codes
from retrieval.mentions import is_note
from retrieval.words import WEAK, terms

if TYPE_CHECKING:
    from codesets.library import Library


class Intent(StrEnum):
    """What kind of answer a question asks for."""

    CODE_LOOKUP = "code-lookup"
    NOTES_OF_CODE = "notes-of-code"
    COMPARISON = "comparison"
    CHECK = "check"
    GUIDELINE = "guideline"
    TERM = "term"
    NOTE = "note"
    HELP = "help"
    UNCODABLE = "uncodable"


@dataclass(frozen=True, slots=True)
class Query:
    """A question, understood.

    ``codes`` are the codes it names, as printed, with half-open character offsets; ``terms`` are
    its words as the word index compares them.
    """

    intent: Intent
    text: str
    codes: tuple[tuple[str, int, int], ...]
    terms: tuple[str, ...]


_HELP = re.compile(
    r"\W*(?:(?:hi|hello|hey|good (?:morning|afternoon|evening)|greetings|yo)(?: there| all| team)?"
    r"|help(?: me)?(?: please)?|(?:please )?help|thanks?(?: you)?(?: (?:so|very) much| a lot)?"
    r"|who are you|what (?:can|do) you do|what are you|how (?:do|can) (?:i|we) use (?:you|this)"
    r"|how does this work|what is this|start|usage|menu)\W*",
    re.IGNORECASE,
)
_NOTES = re.compile(
    r"\b(?:exclu(?:de|des|ded|ding|sion|sions)|excludes?[12]|inclu(?:de|des|ded|ding|sion|sions)"
    r"|notes?|instruct(?:ion|ions|ional)|code(?:d)? first|use additional|code also"
    r"|(?:seventh|7th)[ -]characters?)\b",
    re.IGNORECASE,
)
_COMPARE = re.compile(
    r"\b(?:vs\.?|versus|differ(?:ence|ences|ent|s)?|compare[ds]?|comparing|comparison|rather than"
    r"|instead of|better|or|between|which)\b",
    re.IGNORECASE,
)
_CHECK = re.compile(
    r"\b(?:check|verify|validate|audit|together|same (?:claim|encounter|visit)|both|with each other"
    r"|allowed|conflicts?|edits?|bill(?:ed|ing|able)?|report(?:ed|able)?|sequence[ds]?|order)\b",
    re.IGNORECASE,
)
_GUIDELINE = re.compile(
    r"\b(?:guidelines?|coding (?:rules?|convention|conventions|clinic)|official rules?"
    r"|section [IV]+\.[A-Z0-9.]+"
    r"|(?:how|when|where) (?:do|does|should|must|can|are|is|to) .{0,60}\b(?:cod(?:e|ed|ing)"
    r"|sequenc(?:e|ed|ing)|report(?:ed)?|assign(?:ed)?|list(?:ed)?)"
    r"|(?:can|may|should|do|must) (?:i|we|you|one|a coder) (?:ever )?"
    r"(?:code|report|assign|sequence)"
    r"|what (?:is|are) the rules?)\b",
    re.IGNORECASE,
)
# What only somebody who codes asks about, beside a word that asks.
_ASKING = re.compile(
    r"^\W*(?:(?:so|and|please|if)\b.*?)?\b(?:can|could|may|should|must|do|does|is|are|will|would|who"
    r"|when|how|what|which|where|why)\b"
    r"|, (?:which|what|how|when|is it|should it|can it)\b",
    re.IGNORECASE,
)
_CODERS_WORDS = re.compile(
    r"\b(?:principal|first[- ]listed|sequenc\w+|(?:be|is|are|ever|also|been|once|twice|not) "
    r"(?:reported|coded|assigned|sequenced|used)|coded|secondary diagnos[ei]s|additional (?:codes?"
    r"|diagnos[ei]s)|POA|present on admission|external cause|activity code|place of occurrence"
    r"|Z codes?|excludes ?[12]?|(?:7th|seventh) characters?|placeholder|trimester|laterality"
    r"|dominant|(?:is |not |be )documented|document|default|in the index|alphabetic index|tabular"
    r"|etiology|manifestation|NEC|NOS|clinical criteria|assumed?|presumed?|same code"
    r"|complication of care|combination code|which category|code also|code first|use additional)\b",
    re.IGNORECASE,
)
_NAMING_A_CODE = re.compile(
    r"\b(?:what(?:'s| is| are)?|which|is there an?|give me|find|need)(?: the| a)?"
    r"(?: icd\S*| z| diagnosis| dx| external cause)? codes? (?:for|of|is|to use for|if|when)\b"
    r"|\bwhat (?:is|are) .{1,40} coded as\b",
    re.IGNORECASE,
)
_BARE_RULE = re.compile(
    r"^\W*POA\b.{3,}|\b(?:rules?|guidelines?)\W*$|\bis it a complication\b"
    r"|\bfirst[- ]listed (?:code|diagnosis)\W*$|\bprincipal diagnosis\W*$|\bwhat is the default\b"
    r"|^\W*excludes ?[12] (?:or|vs\.?|versus|and) excludes ?[12]\b|\bchapter \d+ codes?\b"
    r"|\bdifference between (?:an? )?(?:adverse effects?|poisoning|underdosing|excludes)\b"
    r"|^\W*what (?:do|does) .{1,40} mean (?:in|on|at|beside)\b|\bwhat are (?:the )?(?:parentheses"
    r"|brackets|colons)\b|\bexternal cause codes? if\b|^\W*how long is the \w+ period\b"
    r"|^\W*how (?:are|is) .{1,60} documented\b",
    re.IGNORECASE,
)
_WHEN_USED = re.compile(
    r"^\W*when (?:do|does|is|are|should|can|may|must|would)\b.*\b(?:use[ds]?|add(?:ed)?|appl\w+"
    r"|appropriate|assign\w*|principal|code[ds]?|report\w*)\b",
    re.IGNORECASE,
)
_RULE_WORDS = 30
_OUTSIDE = re.compile(
    r"^\W*(?:please\s+)?(?:how (?:do|does|can|to|many|much|far|old|long|about)|what(?:'s| is| are"
    r"| was| time| does)?|who|where|when|why|can you|could you|will you|do you|are you"
    r"|is (?:it|there)"
    r"|tell me|write|sing|draw|translate|recommend|play|book|order|buy|send|set|open|give me|make"
    r"|explain|calculate|solve|show me|i (?:want|need|would like|love|like))\b",
    re.IGNORECASE,
)
_CODING = re.compile(
    r"\b(?:icd(?:-?10)?(?:-?cm|-?pcs)?|codes?|coded|coding|coder|bill(?:ing|able)?|dx|diagnos\w*"
    r"|hcpcs|cpt|modifier|drg|principal|first[- ]listed|encounter|patients?|pt)\b",
    re.IGNORECASE,
)
_QUESTION_WORDS = """
what is are does do the a an code codes icd 10 cm mean means meaning stand stands for valid billable
active still show me look up lookup tell about describe description title define definition explain
please can i we use used using it this that in on of to be and or vs versus between difference
differences different compare with which better right correct ok okay check verify together same
claim encounter visit both report reported bill billed validate these those today now current year
notes note exclude excludes excluded exclusion exclusions include includes included inclusion
inclusions first additional also instructions instructional character characters seventh 7th
excludes1 excludes2 1 2 type has have not any there list all under at
"""
_EVERYDAY = """
day time place person people man woman child family home house school work water food air animal car
bus train road street sport game light heat cold weather noise tool machine problem cause effect
result use contact exposure other need life factor history status service care help show give make
take long old new best good part area form level number first second following after before during
between out off up down over under activity language lack event external personal general
"""


@cache
def _question_words() -> frozenset[str]:
    return frozenset(terms(_QUESTION_WORDS))


def understand(text: str, library: Library) -> Query:
    """Read ``text``: its intent, and the codes it names that are codes and not words.

    A word of a code's shape counts as a code when the release knows it, when it is written with
    its point, or when the question holds nothing else; ``vitamin B12`` names none.
    """
    shaped = find_codes(text)
    rest = _without(text, shaped)
    said = [term for term in terms(rest) if term not in _question_words()]
    codes = tuple(
        found
        for found in shaped
        if "." in text[found[1] : found[2]] or not said or library.find(found[0]) is not None
    )
    return Query(_intent(text, codes, said, library), text, codes, tuple(terms(text)))


def _intent(
    text: str, codes: tuple[tuple[str, int, int], ...], said: list[str], library: Library
) -> Intent:
    if _HELP.fullmatch(text):
        return Intent.HELP
    if not any(character.isalpha() for character in text) and not codes:
        return Intent.UNCODABLE
    if is_note(text):
        return Intent.NOTE
    if codes:
        return _about_codes(text, len({code for code, _, _ in codes}), said)
    if _asks_for_a_rule(text):
        return Intent.GUIDELINE
    if _OUTSIDE.search(text) and not _CODING.search(text) and not _is_clinical(text, library):
        return Intent.UNCODABLE
    if _GUIDELINE.search(text):
        return Intent.GUIDELINE
    return Intent.TERM


def _asks_for_a_rule(text: str) -> bool:
    """Whether a short question is about how to code, and not for the code of a condition."""
    if len(text.split()) > _RULE_WORDS or _NAMING_A_CODE.search(text):
        return False
    if _BARE_RULE.search(text) or _WHEN_USED.search(text):
        return True
    return _ASKING.search(text) is not None and _CODERS_WORDS.search(text) is not None


def _about_codes(text: str, count: int, said: list[str]) -> Intent:
    """The intent of a short text that names codes; ``said`` are its words beside question words."""
    if _WHEN_USED.search(text):
        return Intent.GUIDELINE
    if _NOTES.search(text) and len(said) <= 1:
        return Intent.NOTES_OF_CODE
    if count > 1 and len(said) <= 2:
        if _CHECK.search(text):
            return Intent.CHECK
        return Intent.COMPARISON if _COMPARE.search(text) else Intent.CHECK
    if len(said) > 1:
        return Intent.GUIDELINE if _GUIDELINE.search(text) else Intent.TERM
    return Intent.CODE_LOOKUP


def _without(text: str, codes: list[tuple[str, int, int]]) -> str:
    pieces = []
    position = 0
    for _, start, end in codes:
        pieces.append(text[position:start])
        position = end
    pieces.append(text[position:])
    return " ".join(pieces)


def _is_clinical(text: str, library: Library) -> bool:
    """Whether any word is an abbreviation, lay term, drug, or stands in a category's title."""
    if abbreviations.find_lay_terms(text) or abbreviations.find_drugs(text):
        return True
    shorthand = abbreviations.Kind.SHORTHAND
    if any(each.meanings[0].kind is not shorthand for each in abbreviations.expand(text)):
        return True
    known = _category_words(library)
    return any(term in known for term in terms(text))


@lru_cache(maxsize=8)
def _category_words(library: Library) -> frozenset[str]:
    """Words of the category titles, without external causes and without everyday words."""
    words: set[str] = set()
    for number in range(1, 23):
        if number == 20:  # V00 to Y99 name the whole world: bread knives, ladders, streets
            continue
        chapter = library.find(str(number))
        if chapter is None:
            continue
        for section in library.children(chapter.code):
            found = [section, *library.children(section.code)]
            for record in found:
                if record.level in (Level.SECTION, Level.CATEGORY):
                    words.update(terms(record.title))
    return frozenset(word for word in words if len(word) > 2 and not word.isdigit()) - (
        WEAK | frozenset(terms(_EVERYDAY))
    )
