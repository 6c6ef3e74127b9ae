"""Whether somebody is called a word, ordinary or not, and whether a clinical noun follows it."""

from __future__ import annotations

import re

from bot.phi.heads import EVERYDAY, HEADS, NEAR_HEADS, OWNED
from bot.phi.lexicon import LABELS, drug_words, lexicon, plain_letters
from bot.phi.name_words import LETTER, fold
from bot.phi.roles import DOERS

# Surnames of two letters, which no list of words can tell from other short words.
SHORT_SURNAMES = frozenset(
    "so do le oh ng ma vo li lu wu xu hu yu yi ko ho ha mo an bo go ku su ly tu ye qi he fu du gu pu ge ai bi ro ba ka ta ty".split()
)


CAP = rf"[A-ZÀ-Þ](?:{LETTER}|['’\-](?={LETTER}))+"


MONTHLY = frozenset(
    {"april", "may", "june", "august", "jan", "january", "summer", "autumn", "wednesday"}
)


# Labels and heads of diseases that are surnames of many.
NAMED_LABELS = frozenset(
    {"case", "day", "race", "page", "cross", "dot", "knight", "point", "fields", "rose"}
)


BARRED = (LABELS | HEADS) - NAMED_LABELS


UNPAIRED = BARRED | DOERS | frozenset("new old left right home care pain night day bed".split())


UNNAMED = LABELS - NAMED_LABELS


def in_list(low: str, names: frozenset[str]) -> bool:
    """Whether ``names`` hold a casefolded word, its marks and hyphens aside."""
    return (
        low in names
        or plain_letters(low) in names
        or ("-" in low and any(p in names for p in low.split("-")))
    )


def either(low: str) -> bool:
    """Whether a casefolded word is a given name or a surname."""
    words = lexicon()
    return in_list(low, words.first) or in_list(low, words.last)


def called(word: str) -> bool:
    """Whether somebody is called ``word``, a capitalised one."""
    low = fold(word)
    return len(low) > 1 and (low in MONTHLY or (low not in UNNAMED and either(low)))


def bare_end(text: str, end: int) -> int:
    """The offset before a possessive ending, or ``end``."""
    return end - 2 if text[end - 2 : end] in ("'s", "’s") else end


def clinical_behind(text: str, end: int) -> bool:
    """Whether a noun follows that makes a clinical term of what ends at ``end``."""
    match = _NEXT.match(text, end)
    if match is None:
        return False
    low = match["a"].casefold()
    if match["s"] is not None or text[end - 2 : end] in ("'s", "’s"):
        return low in HEADS and low not in OWNED
    return (low in HEADS or low in NEAR_HEADS) and low not in EVERYDAY


_NEXT = re.compile(r"(?P<s>['’]s?)?[ \-–]+(?P<a>[A-Za-z]+)")


def odd(low: str) -> bool:
    """Whether a word is an ordinary one of English and none of medicine: it may be anybody's name."""
    words = lexicon()
    return (
        low in words.vocabulary
        and low not in words.words
        and low not in drug_words()
        and len(low) > 3
    )
