"""How a passage is compared with a question: the words it asks for, and those it merely allows.

Nonessential modifiers in parentheses (Official Guidelines I.A.7) and synonyms in brackets may be
said or left out; they never count against a passage. An index path is turned into running words,
"Failure, heart, congestive" into "congestive heart failure", since that is how people write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.passages import STEP, PassageKind

if TYPE_CHECKING:
    from retrieval.passages import Passage

VERSION = 1
"""Goes up when the same passage is worded differently, so that older indexes are rebuilt."""

_ROUND = re.compile(r"\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
_SQUARE = re.compile(r"\s*\[([^\]]*)\]")
_LINK = re.compile(
    r"(?:(?:associated |complicated )?(?:with|by)|without|due to|in|following|from|of|to|at|on"
    r"|during|after|affecting|involving|complicating|caused by|resulting from|secondary to|for"
    r"|as|and|or|because of)\b\s*",
    re.IGNORECASE,
)
_NEC = re.compile(r"\b(?:NEC|NOS)\b\s*")
_NEOPLASM = {
    "Malignant Primary": ("malignant neoplasm of {}", "cancer carcinoma primary tumor"),
    "Malignant Secondary": (
        "secondary malignant neoplasm of {}",
        "metastasis metastatic cancer carcinoma tumor",
    ),
    "Ca in situ": ("carcinoma in situ of {}", "neoplasm cancer"),
    "Benign": ("benign neoplasm of {}", "tumor"),
    "Uncertain Behavior": ("neoplasm of uncertain behavior of {}", "tumor"),
    "Unspecified Behavior": ("neoplasm of unspecified behavior of {}", "tumor mass growth"),
}
_DRUG = "poisoning by, adverse effect of and underdosing of {}"
_DRUG_ALSO = "overdose toxicity toxic ingestion accidental intentional self harm assault"


@dataclass(frozen=True, slots=True)
class Wording:
    """``spoken`` is embedded; ``asked`` are words a question should say, ``allowed`` it may say."""

    spoken: str
    asked: str
    allowed: str = ""


def wording_of(passage: Passage) -> Wording:
    """How ``passage`` is compared with a question."""
    if passage.kind in (PassageKind.INDEX, PassageKind.EXTERNAL_CAUSE):
        return _path(passage.text)
    if passage.kind is PassageKind.NEOPLASM:
        path, _, column = passage.text.rpartition(": ")
        site = _path(STEP.join(path.split(STEP)[1:]) or path)
        form, also = _NEOPLASM[column]
        spoken = form.format(site.spoken)
        return Wording(spoken, spoken, f"{also} {site.allowed}")
    if passage.kind is PassageKind.DRUG:
        drug = _path(passage.text.rpartition(": ")[0])
        return Wording(_DRUG.format(drug.spoken), drug.spoken, f"{_DRUG_ALSO} {drug.allowed}")
    plain, allowed = _without_modifiers(passage.text)
    asked = _SQUARE.sub(" ", plain)
    allowed += [match[1] for match in _SQUARE.finditer(plain)]
    return Wording(plain, asked, " ".join(allowed))


def _without_modifiers(text: str) -> tuple[str, list[str]]:
    """A text without what stands in parentheses, and that; the text itself if nothing is left."""
    plain = " ".join(_ROUND.sub(" ", text).replace(" ,", ",").split())
    if not any(character.isalpha() for character in plain):
        return text, []
    return plain, [match[1] for match in _ROUND.finditer(text)]


def _path(text: str) -> Wording:
    plain, allowed = _without_modifiers(text)
    steps = [_NEC.sub("", step).strip(" ,-") for step in plain.split(STEP)]
    forms = [_forms(step) for step in steps if step]
    spoken = running([first for first, _ in forms])
    return Wording(spoken, spoken, " ".join([*allowed, *(also for _, also in forms if also)]))


def _forms(step: str) -> tuple[str, str]:
    """A step in one form, and its other forms: "Disease, diseased" is "Disease", also "diseased".

    What follows a comma and is no other form of the word qualifies it: "Wound, open".
    """
    parts = [part for part in re.split(r",\s*", step) if part]
    if not parts:
        return step, ""
    head = parts[0]
    others = [part for part in parts[1:] if _akin(head, part)]
    qualifiers = [part for part in parts[1:] if not _akin(head, part)]
    if _LINK.match(head):
        return step, ""
    return " ".join([*reversed(qualifiers), head]), " ".join(others)


def _akin(one: str, other: str) -> bool:
    """Whether two words are forms of one: they share their first letters."""
    shared = 0
    for left, right in zip(one.casefold(), other.casefold(), strict=False):
        if left != right:
            break
        shared += 1
    return shared >= 4 or shared >= min(len(one), len(other)) - 1 > 1


def running(steps: list[str]) -> str:
    """The steps of a path in the order of running text.

    >>> running(["Failure", "heart", "congestive"])
    'congestive heart Failure'
    >>> running(["Diabetes", "type 2", "with", "retinopathy", "proliferative"])
    'type 2 Diabetes with proliferative retinopathy'
    """
    segments: list[tuple[str, list[str]]] = [("", [])]
    for step in steps:
        link = _LINK.match(step)
        if link and segments[0][1]:
            rest = step[link.end() :].strip()
            segments.append((link.group().strip(), [rest] if rest else []))
        else:
            segments[-1][1].insert(0, step)
    words = (part for link, parts in segments for part in (link, *parts) if part)
    return " ".join(words)
