"""A text read as phrases a coder would look up, each with its offsets and what is claimed of it.

The status of a phrase decides whether it may be coded: denied and relatives' conditions are not,
an uncertain diagnosis depends on the setting (Official Guidelines II.H, III.C and IV.H).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from retrieval.segments import Segment, clauses, sentences

MAX_QUESTION_WORDS = 40
"""A longer text, or one with line breaks, is read as a note."""


class Assertion(StrEnum):
    """What the text claims of a phrase."""

    ASSERTED = "asserted"
    NEGATED = "negated"
    UNCERTAIN = "uncertain"
    FAMILY = "family"


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase: half-open offsets, its words, its status, and the sentence it stands in."""

    start: int
    end: int
    text: str
    status: Assertion
    sentence: Segment


# II.H and IV.H list these words; "concern for" and "suspicious for" are read as the same in use.
_UNCERTAIN = re.compile(
    r"\b(?:probabl[ey]|suspect(?:ed|ing|s)?|suspicious for|likely|questionable|possibl[ey]|presumed"
    r"|r/o|rule[- ]?out|ruling out|to be ruled out|compatible with|consistent with"
    r"|concern(?:s|ed|ing)? (?:for|of|about)|working diagnosis|cannot exclude|may (?:be|have)"
    r"|might (?:be|have)|could be|vs\.?|versus|differential)(?!\w)"
    r"|(?:^|\s)\?\s*(?=[A-Za-z])",
    re.IGNORECASE,
)
# Where a clause turns from what is certain to what is not.
_DOUBT = re.compile(
    r"(?<!known or )(?<!for )(?<!to )(?<!of )\b(?:r/o|rule[- ]?out|ruling out|possibl[ey]"
    r"|probabl[ey]|suspected|suspicious for|suspicion of|likely|questionable|presumed"
    r"|concern(?:ing|ed)? for|compatible with|consistent with|c/w|suggestive of|cannot exclude"
    r"|to rule out)\s+(?=\w)"
    r"|(?<=\w )\?\s*(?=[A-Za-z])",
    re.IGNORECASE,
)
_RULING_OUT = re.compile(r"^\W*(?:r/o|rule[- ]?out|ruling out|to rule out)\b", re.IGNORECASE)
_SAYS = re.compile(r"[A-Za-z]{2,}")
_UNLIKELY = re.compile(r"\b(?:unlikely|less likely|ruled out|low suspicion)\b", re.IGNORECASE)
_NEGATED = re.compile(
    r"^\W*(?:no(?!\s+(?:longer|residual|further))|not|without|denies|denied|negative for|neg for"
    r"|non-?smok\w*|absent|absence of|never|free of|no evidence of|no signs? of|ruled out)\b",
    re.IGNORECASE,
)
_DENIAL_RUNS_ON = re.compile(
    r"^\W*(?:denies|denied|negative for|no evidence of|no)\b", re.IGNORECASE
)
RELATIVES = (
    r"fhx?|fam hx|mother|father|brother|sister|siblings?|grand(?:mother|father)|aunt|uncle|cousin"
    r"|maternal|paternal"
)
"""Words for relatives and their history, as alternatives of a pattern."""
_FAMILY = re.compile(rf"\b(?:family (?:medical )?history|{RELATIVES})\b", re.IGNORECASE)
_MATERNAL_CARE = re.compile(r"\bmaternal (?:care|conditions?|infection|diabetes)\b", re.IGNORECASE)
_KNOWN_HEADINGS = re.compile(
    r"^(?:chief complaint|cc|history(?: of present illness)?|hpi"
    r"|past (?:medical |surgical )?history|pmh|psh|social history|family history"
    r"|review of systems|ros|medications?|current medications?"
    r"|allergies|vitals?(?: signs)?|vitals reviewed|physical exam(?:ination)?|exam|results?|labs?"
    r"|laboratory(?: data)?|imaging|assessment(?: (?:and|&) plan)?|assessment/plan|a/?p|impression"
    r"|plan|diagnos[ei]s|final diagnos[ei]s|discharge diagnos[ei]s|problem list|subjective"
    r"|objective|instructions?|procedures?|hospital course|admitting diagnosis)$",
    re.IGNORECASE,
)


def is_note(text: str) -> bool:
    """Whether the text is a note excerpt rather than one question."""
    return "\n" in text.strip() or len(text.split()) > MAX_QUESTION_WORDS


def find_mentions(text: str) -> tuple[Mention, ...]:
    """The phrases of a text in order; those of a note come from its sentences, clause by clause."""
    found: list[Mention] = []
    for sentence in sentences(text):
        if _KNOWN_HEADINGS.match(sentence.text.rstrip(":")):
            continue
        family = bool(_FAMILY.search(_MATERNAL_CARE.sub("", sentence.text)))
        denied = ruled = False
        for clause in _parted(sentence, text):
            ruled = bool(_RULING_OUT.match(clause.text)) or (ruled and not _turns(clause.text))
            denied = bool(_NEGATED.match(clause.text)) or (denied and not _turns(clause.text))
            status = _status(clause.text, denied, family)
            if ruled and status is Assertion.ASSERTED:
                status = Assertion.UNCERTAIN
            found.append(Mention(clause.start, clause.end, clause.text, status, sentence))
            denied = denied and bool(_DENIAL_RUNS_ON.match(sentence.text))
    return tuple(found)


def _parted(sentence: Segment, text: str) -> list[Segment]:
    """Its clauses, cut once more where what is only suspected follows what is not.

    "Chest pain r/o MI" says a pain for certain (Official Guidelines IV.D, IV.H).
    """
    found = []
    for clause in clauses(sentence, text):
        doubt = _DOUBT.search(clause.text)
        before = clause.text[: doubt.start()].rstrip(" ,;:-(") if doubt is not None else ""
        if doubt is None or not _SAYS.search(before) or _UNCERTAIN.search(before):
            found.append(clause)
            continue
        end, start = clause.start + len(before), clause.start + doubt.start()
        found += [
            Segment(clause.start, end, before),
            Segment(start, clause.end, text[start : clause.end]),
        ]
    return found


def status_of(text: str) -> Assertion:
    """The status of one phrase by itself.

    >>> status_of("probable pneumonia"), status_of("no fever")
    (<Assertion.UNCERTAIN: 'uncertain'>, <Assertion.NEGATED: 'negated'>)
    """
    family = bool(_FAMILY.search(_MATERNAL_CARE.sub("", text)))
    return _status(text, bool(_NEGATED.match(text)), family)


def _status(words: str, denied: bool, family: bool) -> Assertion:
    if family:
        return Assertion.FAMILY
    if denied or _UNLIKELY.search(words):
        return Assertion.NEGATED
    if _UNCERTAIN.search(words):
        return Assertion.UNCERTAIN
    return Assertion.ASSERTED


def _turns(words: str) -> bool:
    """Whether a clause after a denial says something positive again."""
    return bool(
        re.match(r"\W*(?:but|has|had|have|is|was|reports?|complains?|with|on|does)\b", words)
    )
