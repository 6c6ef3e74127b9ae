"""Questions about documentation, releases, changes, units and measured values, told by their words.

What is decided here is only what the text plainly asks; each pattern leaves the subject over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from codesets.descriptors import find_doses, fold


class Request(StrEnum):
    """What is asked for, beside codes, notes and guidelines."""

    EXAMPLES = "examples"
    RELEASE = "release"
    WHAT_CHANGED = "what-changed"
    DOCUMENTATION = "documentation"
    NOTE_ENOUGH = "note-enough"
    MEASURE = "measure"
    UNITS = "units"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request and the words it is about ("" where it is about none)."""

    request: Request
    subject: str = ""
    note: str = ""


_EXAMPLES = re.compile(
    r"\W*(?:(?:show|give|list)(?: me)?(?: some| a few)? (?:examples?|sample questions|commands)"
    r"|examples?(?: questions)?|sample questions|commands"
    r"|what (?:can|could|should|do) (?:i|we|one) ask(?: you)?(?: about)?"
    r"|what (?:kinds?|sorts?) of questions (?:can|do) (?:i|we|you) (?:ask|answer)"
    r"|what (?:questions|else) can (?:i|we|you) (?:ask|answer|do))\W*",
    re.IGNORECASE,
)
_SET = r"(?:icd(?:-?10)?(?:-?(?:cm|pcs))?|hcpcs|code ?sets?|codes?|guidelines?|tabular(?: list)?)"
_RELEASE = re.compile(
    r"\b(?:(?:which|what)(?:'s| is| are)?(?: the)?(?: current)?(?: [\w-]+){0,3}?"
    rf" (?:releases?|versions?|code ?set|edition|fiscal year|fy)\b"
    rf"|(?:which|what) {_SET} (?:release|version|year|edition|set)"
    r"|what year'?s codes)",
    re.IGNORECASE,
)
_RELEASE_CONTEXT = re.compile(
    r"\b(?:you|your|govern\w*|appl(?:y|ies)|for|on|use[ds]?|using|installed|current|active|running"
    r"|valid|effective|date|discharge|encounter|visit|service|in force)\b",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\b(?:what(?:'s| is| has| was|'ve| have)?(?: been)?(?: got)? (?:changed|new"
    r"|different|changes?)"
    r"|what changed|(?:which|what|how many|any|list|show(?: me)?)(?: the| all| of"
    r" the)?(?: icd\S*)? "
    r"(?:new |deleted |revised |added |changed )?codes?(?: titles?)? "
    r"(?:were|was|are|got|have been|has been)? ?"
    r"(?:new|added|deleted|revised|changed|removed|retired|invalidated)"
    r"|(?:which|what|any|list|show(?: me)?|how many)(?: the| all)?(?: icd\S*)? "
    r"(?:new|deleted|revised|added|changed) (?:icd\S* )?codes?"
    r"|(?:new|deleted|revised|added) (?:icd\S* )?codes? (?:for|in|this|of) "
    r"(?:fy ?\d*|fiscal|20\d\d|october|april|this|the)"
    r"|changes (?:for|in|to|of|this|effective)\b.{0,30}(?:fy ?\d|20\d\d|october|april|release))\b",
    re.IGNORECASE,
)
_CHANGED_CONTEXT = re.compile(
    r"\b(?:october|april|oct\b|apr\b|fy ?-?20\d\d|fy ?\d\d|fiscal year|20\d\d|release"
    r"|version|update"
    r"|this year|codes?|icd|since|lately|recently|code ?sets?|tabular|addend\w+)\b",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(
    r"^\W*(?:please )?(?:(?:tell|show) me )?(?:so )?(?:"
    r"(?:what|how)(?: all| exactly| else| specifically)? (?:do|does|should|must|would|can"
    r"|could|did)"
    r" (?:i|we|one|you|they|he|she|(?:the |a |my |our )?(?:note|provider|physician|doctor|clinician"
    r"|hospitalist|surgeon|documentation|record|chart))"
    r"(?: need| have| want| ought)?(?: to)? (?:be )?(?:document(?:ed)?|chart|write|say"
    r"|state|include"
    r"|specify|contain|record|note)(?: down)?(?: in (?:the|my) (?:note|chart|record))?"
    r"|what (?:must|should|needs to|has to|have to|ought to) be (?:documented|charted"
    r"|written|stated"
    r"|specified|in the (?:note|record|chart))"
    r"|what(?:'s| is| are)?(?: the)? (?:documentation(?: (?:needed|required|requirements?|elements"
    r"|specifics|specificity|tips?|details))?|document(?:ation)? (?:needs|requirements))"
    r"(?: (?:do|does) (?:i|we|you|a coder|coders) need| is needed| is required| supports?"
    r"| are needed| are required)?"
    r"|documentation (?:requirements?|needs|tips|elements|needed|required|checklist|specificity)"
    r"|which (?:details|specifics|elements) (?:do|should) (?:i|we) (?:document|include|specify)"
    r"|what (?:details|specifics|specificity)(?: do| does| should)?(?: (?:i|we|coders))? ?"
    r"(?:need|document|specify|include)?(?: to (?:document|specify|include))?)"
    r"(?: (?:for|of|about|when|to (?:code|support|report|capture)|with|in|on|if it is"
    r"|regarding))?\s+(?:coding |reporting |documenting |a |an |the |patient with"
    r" )*(?P<subject>.+?)"
    r"(?: (?:to be coded|correctly|properly|fully|completely|in detail|to code it|to the highest"
    r" specificity|(?:for|as) (?:a )?(?:specific code|coding|coders)))*[\s?.!]*$",
    re.IGNORECASE | re.DOTALL,
)
_ENOUGH = re.compile(
    r"^\W*(?:(?:is|does|would|will|do)|can (?:you|we|i) code) (?:my|this|the|our|that"
    r"|following|below)"
    r"(?: (?:following|below))? "
    r"(?:note|documentation|record|chart|text|excerpt|statement|wording|charting)"
    r"(?: (?:below|here))?"
    r"(?: (?:be |is )?(?:good |specific |detailed |complete )?(?:enough|sufficient"
    r"|adequate|complete"
    r"|support(?:s)?|suffice|specific))(?: enough)?(?: (?:for|to (?:code|support|report|assign|bill"
    r"|capture)|as|of))?(?: (?:a|an|the|coding))?\s*(?P<subject>[^:\n?“\"]*?)\s*"
    r"(?:[:?]\s*|\n+|(?=[“\"])|$)(?P<note>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_MEASURE = re.compile(
    r"\b(?:which|what|need|give me|find)\b[^.?]{0,30}\b(?:code|z68|z3a)\b|\bcode (?:for|of)\b",
    re.IGNORECASE,
)
_MEASURED = (
    (
        "bmi",
        re.compile(r"\b(?:bmi|body mass index|z68)\b", re.IGNORECASE),
    ),
    ("nihss", re.compile(r"\b(?:nihss|nih stroke)\b", re.IGNORECASE)),
    (
        "weeks",
        re.compile(r"\b(?:weeks?(?: of)? gestation|gestation(?:al)?|z3a|weeks pregnant)\b", re.I),
    ),
)
_VALUE = re.compile(r"(?<![\w.-])(\d{1,3}(?:\.\d+)?)(?![\w]|\.\d|-)")
_PERCENTILE = re.compile(r"(?<![\w.])(\d{1,3}(?:\.\d+)?)\s*(?:th|st|nd|rd)?\s*percentile", re.I)
_MOST_MEASURE_WORDS = 16
_UNITS = re.compile(
    r"\b(?:hcpcs|j[- ]?codes?|billing units?|how many units|units (?:for|of|to bill|do|should)"
    r"|number of units|unit count)\b"
    r"|(?<!\d )(?<!\d)\bunits\W*$"  # "toradol 30 mg IM units", not "insulin 10 units"
    r"|^\W*(?:please )?(?:bill|billing|charge|code) (?:for )?(?=\w+ \d)"
    r"|(?<![\w.-])[JQ]\d{4}(?![\w.-])",
    re.IGNORECASE,
)
_UNITS_NOISE = re.compile(
    r"^\W*(?:please )?(?:(?:what|which)(?:'s| is| are)?(?: the)?|give me|find|i need|need|the)?\s*"
    r"(?:(?:hcpcs|j)(?!\d)(?:[- ]?(?:level ii|level 2))?[- ]?(?:codes?|units?)?(?: and units)?"
    r"|how many(?: billing| hcpcs)? units(?: (?:do|should|can|would|to|are)(?: (?:i|we|you|it))?"
    r"(?: (?:bill|report|billed|charge|be billed|code))?)?|(?:billing )?units|number of units)"
    r"(?: (?:do|should|can) (?:i|we) (?:use|bill|report))?"
    r"(?:\s*\b(?:of|for|is|to bill for|when giving|to report for)\b)*\s*",
    re.IGNORECASE,
)
_NOTE_CHARACTERS = 4000


def read(text: str) -> Asked | None:
    """What ``text`` requests; None where it is a question about codes, terms or guidelines.

    >>> read("what do I need to document for heart failure?")
    Asked(request=<Request.DOCUMENTATION: 'documentation'>, subject='heart failure', note='')
    >>> read("which BMI code for 41.3").request.value
    'measure'
    >>> read("what is the code for asthma") is None
    True
    """
    if len(text) > _NOTE_CHARACTERS:
        return None
    if _EXAMPLES.fullmatch(text):
        return Asked(Request.EXAMPLES)
    if (found := _ENOUGH.match(text)) is not None:
        return Asked(Request.NOTE_ENOUGH, found["subject"].strip(" ,"), found["note"].strip())
    if (found := _DOCUMENT.match(text)) is not None and found["subject"].strip():
        return Asked(Request.DOCUMENTATION, found["subject"].strip())
    if len(text.split()) > 40:
        return None
    if _UNITS.search(text) and find_doses(fold(text)):
        return Asked(Request.UNITS, _UNITS_NOISE.sub("", text, count=1).strip(" ?."))
    if _CHANGED.search(text) and _CHANGED_CONTEXT.search(text):
        return Asked(Request.WHAT_CHANGED, text)
    if _RELEASE.search(text) and _RELEASE_CONTEXT.search(text):
        return Asked(Request.RELEASE, text)
    if measured(text) is not None:
        return Asked(Request.MEASURE, text)
    return None


def read_screened(raw: str, screened: str) -> Asked | None:
    """``read`` of a text after identifiers were removed.

    A question about a release is read as it was typed: the day it names is no patient's, and
    screening takes every day out.

    >>> read_screened("what changed this October", "what changed this [DATE]").request.value
    'what-changed'
    """
    typed = read(raw)
    if typed is not None and typed.request in (Request.RELEASE, Request.WHAT_CHANGED):
        return typed
    return read(screened)


def measured(text: str) -> tuple[str, float] | None:
    """The measure a short question asks a code for, and its value.

    >>> measured("which BMI code for 41.3"), measured("obesity with BMI 41.3")
    (('bmi', 41.3), None)
    """
    if not _MEASURE.search(text) or len(text.split()) > _MOST_MEASURE_WORDS:
        return None
    for name, words in _MEASURED:
        if words.search(text) is None:
            continue
        percentile = _PERCENTILE.search(text)
        if percentile is not None:
            return ("bmi percentile", float(percentile[1])) if name == "bmi" else None
        values = _VALUE.findall(re.sub(r"\b(?:kg/m2|z68|z3a)\b", " ", text, flags=re.I))
        return (name, float(values[0])) if len(values) == 1 else None
    return None
