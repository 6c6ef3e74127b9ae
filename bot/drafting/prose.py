"""What a model may say in its own words. A sentence that claims more is not shown.

Codes and quotes are checked elsewhere (``bot.verification``); here it is the prose around them: a
rationale must not smuggle in a code, a number, a quotation, a link or an instruction that stands in
neither the text nor the entries cited.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codesets.notation import find_codes

if TYPE_CHECKING:
    from collections.abc import Collection

LONGEST = 600
_SMUGGLED = re.compile(
    r"https?:|www\.|\]\(|<[!@#]|<[a-z/][^>]*>|[@#](?:channel|here|everyone)\b|```|\bdata:|javascript:"
    r"|[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]",
    re.IGNORECASE,
)
_PAYMENT = re.compile(
    r"\b(?:reimburs\w*|payments?|payers?|paid|revenue|DRG|profit\w*|higher[- ]paying|upcod\w*"
    r"|RAF|risk adjust\w*|quality (?:score|metric|measure)s?|severity of illness)\b",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:ignore|disregard)\b.{0,40}\b(?:instruction|rule|previous|above|guideline)"
    r"|\b(?:system prompt|as an ai|language model|jailbreak)\b",
    re.IGNORECASE | re.DOTALL,
)
_QUOTED = re.compile(r"[“\"]([^”\"]{2,200})[”\"]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_SHAPED = re.compile(r"\b(?:[A-Z]\d{4}|\d{4}[0-9FTU]|[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?)\b")
"""HCPCS-, CPT- and ICD-10-CM-shaped words."""


def may_say(sentence: str, *sources: str, codes: Collection[str] = ()) -> bool:
    """Whether ``sentence`` claims nothing that ``sources`` do not hold and names only ``codes``.

    >>> may_say("The text says stage 4.", "CKD stage 4")
    True
    >>> may_say("Use 99215.", "CKD stage 4")
    False
    """
    if not sentence.strip() or len(sentence) > LONGEST:
        return False
    if smuggles(sentence):
        return False
    known = " ".join(" ".join(sources).casefold().split())
    named = {code for code, _, _ in find_codes(sentence)} | set(_SHAPED.findall(sentence))
    if any(name not in codes and name.casefold() not in known for name in named):
        return False
    quoted = (" ".join(words.casefold().split()) for words in _QUOTED.findall(sentence))
    if any(words.strip(" .,;") not in known for words in quoted):
        return False
    numbers = set(_NUMBER.findall(known)) | {n for code in codes for n in _NUMBER.findall(code)}
    return all(number in numbers for number in _NUMBER.findall(sentence))


def smuggles(words: str) -> bool:
    """Whether words hold a link, a mention, markup, talk of payment or an order to a model."""
    return any(pattern.search(words) for pattern in (_SMUGGLED, _PAYMENT, _ADVICE))
