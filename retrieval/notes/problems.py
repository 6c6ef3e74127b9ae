"""The problems of an assessment or plan: what each is called, and what is said under it.

Assessments come as numbered or bulleted problems, as bare lines with bullets below, as
"Problem: what is done", as a comma list, or as prose. A line is a problem's title unless it
reads as something said about one: an action, a labelled remark, a sentence about the patient.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.notes.headings import SectionKind
from retrieval.notes.sentences import Line, Sentence, find_lines, find_sentences

if TYPE_CHECKING:
    from retrieval.notes.sections import Section, Sections

_LONGEST_TITLE = 22
"""Words of the longest line that is read as a title."""
_SHORT_TITLE = 8
"""Words of a sentence behind a title that is read as another title."""
_LISTED_IN_PROSE = frozenset({SectionKind.ASSESSMENT, SectionKind.DIAGNOSES})
_TABLED = re.compile(r"\t|\|| {4,}")
_SAYS_HOW = re.compile(
    r"\W*(?:(?:un|well |poorly )?[- ]?controlled|stable|unstable|improv\w+|worsening|doing|resolv\w+|at goal"
    r"|not |no |without|likely|possibl\w+|probabl\w+|asymptomatic|tolerat\w+|compliant|on |with |due to|as (?:above|below)"
    r"|good|better|worse|same|unchanged|feel\w*|patient|pt\b|overall|otherwise|currently|labs?|imaging|x-?rays?|ekg|mri|ct\b"
    r"|bp\b|a1c|last|most recent|see |discussed|plan|follow|high|low|mild|moderate|severe|\d)",
    re.IGNORECASE,
)
"""How a sentence begins that only says how a problem stands."""
_LABEL = re.compile(
    r"(?P<name>[A-Za-z](?:[A-Za-z0-9 /&'’()\-,]|\.(?=\d)){1,60}?)\s*(?::|\s[-–—]{1,2}\s)\s*"
)
_REMARKS = re.compile(
    r"^(?:(?:medical|clinical) (?:reasoning|treatment|decision making)|additional (?:testing|workup|notes?)"
    r"|(?:patient )?education(?: and counsel(?:l)?ing)?|counsel(?:l)?ing|specialist referrals?|referrals?|procedures?"
    r"|plan|assessment|status|follow[- ]?up|medications?|meds|monitoring|recommendations?|patient agreements?|goals?"
    r"|diagnostics?|therap(?:y|ies)|treatment|labs?|imaging|rationale|reasoning|disposition|course|subjective|objective"
    r"|action|today|note|comment|ddx|differential(?: diagnos[ei]s)?|evaluation|work[- ]?up|risk|orders?|prescriptions?"
    r"|discussion|summary|impression|rx|tx|dx|consults?|instructions?|return precautions|pcp|code status|diet|activity|fen|ppx"
    r"|prophylaxis|dispo|access|communication|contact|onset|severity|symptoms|exam|vitals|results?|history|hpi|testing|next steps?"
    r"|mdm|time|attestation|prevention|interventions?|response|barriers?|considerations?)$",
    re.IGNORECASE,
)
_ACTION = re.compile(
    r"^(?:please |will |also |then |and |can |to |ok to |we(?:'ll| will)? |i(?:'ll| will)? |"
    r"(?:the )?(?:patient|pt) (?:will |is to |should |was |has been )?|(?:he|she|they) (?:will |is to |should |was |can )?)?"
    r"(?:continue[sd]?|cont\.?|start(?:ed)?|stop(?:ped)?|begin|increase[sd]?|decrease[sd]?|hold|held|resume[sd]?|taper(?:ed)?|order(?:ed|s)?"
    r"|refer(?:red)?|referral|schedule[sd]?|obtain(?:ed)?|check(?:ed)?|recheck|repeat(?:ed)?|monitor(?:ed|ing)?|follow(?:ed)?|return(?:ed)?|rtc|discuss(?:ed)?"
    r"|recommend(?:ed)?|advise[sd]?|encourage[sd]?|educated|counsel(?:l)?ed|prescribe[sd]?|given|give|administer(?:ed)?|add(?:ed)?|switch(?:ed)?|change[sd]?"
    r"|consider(?:ed)?|proceed|send|sent|draw|get|review(?:ed)?|call(?:ed)?|consult(?:ed)?|titrate[sd]?|avoid(?:ed)?|apply|ice|rest|elevate|provided?|await|await(?:ing)?"
    r"|trial of|plan(?:ned)? to|plan for|f/u|prn|use|take|wean(?:ed)?|wear|keep|limit|discontinue[sd]?|dc|d/c|reassess|reassure[sd]?|agree[sd]?|see|seen|maintain|complete[sd]?|perform(?:ed)?"
    r"|verbali[sz]ed|understands?|denies|reports?|states|noted|most recent|appears|prescription (?:for|sent|provided)|labs? (?:ordered|today|reviewed)"
    r"|no (?:changes?|further|new|refills?|need|other)|we |i |he |she |they |this |these |it |there |his |her |their |our |my |the patient|patient |pt |if |when |while |at this |questions|all questions|in regards?|in the meantime|given |after |regarding |based on|as (?:above|needed|discussed)|today |once |due to (?:her|his)|overall|currently|depending|bring|due for|up to date|refill(?:ed|s)?|rtw|out of work|work note|records|written)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|should|would|reports?|denies|states|presents?|presented|takes|continues?|appears?|demonstrated|demonstrates|showed|shows|reveals?|revealed|recommend|discussed|advised|ordered|prescribed|started|underwent|explained|encouraged)\b",
    re.IGNORECASE,
)
_DOSE = re.compile(
    r"\b\d+(?:\.\d+)? ?(?:mg|mcg|ml|units?|g|tablets?|tabs?|puffs?|iu)\b", re.IGNORECASE
)
_DETAIL = re.compile(
    r"(?:left|right|bilateral|acute|chronic|stage|type|grade|class|mild|moderate|severe|uncontrolled|controlled"
    r"|well|poorly|resolved|recurrent|with|without|due to|secondary to|initial|subsequent)\b",
    re.IGNORECASE,
)
_TITLED = (
    SectionKind.ASSESSMENT,
    SectionKind.DIAGNOSES,
    SectionKind.PROBLEMS,
    SectionKind.PLAN,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: its title's sentence, the sentences below it, and the section it stands in."""

    title: Sentence
    body: tuple[Sentence, ...]
    section: Section


@dataclass(frozen=True, slots=True)
class Assessed:
    """What the assessing sections hold: titled problems, and prose that belongs to none."""

    problems: tuple[Problem, ...]
    prose: tuple[tuple[Sentence, Section], ...]


def find_problems(text: str, sections: Sections) -> Assessed:
    """The problems and the prose of every assessing section, in order."""
    problems: list[Problem] = []
    prose: list[tuple[Sentence, Section]] = []
    by_problem = [s for s in sections.of(SectionKind.COURSE) if _is_by_problem(text, s)]
    for section in sorted((*sections.of(*_TITLED), *by_problem), key=lambda s: s.start):
        found, rest = _of_section(text, section)
        problems += found
        prose += [(sentence, section) for sentence in rest]
    return Assessed(tuple(problems), tuple(prose))


def _of_section(text: str, section: Section) -> tuple[list[Problem], list[Sentence]]:
    lines = find_lines(text, section.body, section.end)
    level = _title_level(text, lines, section)
    problems: list[Problem] = []
    bodies: list[list[Sentence]] = []
    prose: list[Sentence] = []
    for line in lines:
        title, rest = _title(text, line, level, section) if level is not None else (None, None)
        if title is None:
            said = list(find_sentences(text, line.start, line.end))
            (bodies[-1] if bodies else prose).extend(said)
            continue
        problems.append(Problem(title, (), section))
        bodies.append([])
        plain = not line.mark and not _TABLED.search(line.text(text))
        for sentence in rest or ():
            if plain and section.kind in _LISTED_IN_PROSE and _stands_as_title(sentence.text):
                problems.append(Problem(sentence, (), section))
                bodies.append([])
            else:
                bodies[-1].append(sentence)
    done = [Problem(p.title, tuple(b), p.section) for p, b in zip(problems, bodies, strict=True)]
    return done, prose


def _is_by_problem(text: str, section: Section) -> bool:
    """Whether a hospital course is told problem by problem, each with its sign or number."""
    if "by problem" in section.name or "by system" in section.name:
        return True
    lines = find_lines(text, section.body, section.end)
    return len(lines) > 1 and all(_marker(line) == "number" for line in lines[:2])


def _stands_as_title(said: str) -> bool:
    """Whether a sentence behind a title is one itself, as "Viral URI" in "Asthma. Viral URI"."""
    words = said.split()
    return (
        0 < len(words) <= _SHORT_TITLE
        and not (_ACTION.match(said) or _VERB.search(said) or _DOSE.search(said))
        and not _SAYS_HOW.match(said)
    )


def _title_level(text: str, lines: tuple[Line, ...], section: Section) -> str | None:
    """The marker that titles of this section carry: "number", "bullet" or "none"."""
    for line in lines:
        if _reads_as_title(text, line, section):
            return _marker(line)
    return None


def _marker(line: Line) -> str:
    if not line.mark:
        return "none"
    return "number" if any(c.isalnum() for c in line.mark) or "#" in line.mark else "bullet"


def _title(
    text: str, line: Line, level: str, section: Section
) -> tuple[Sentence | None, list[Sentence] | None]:
    """The title of a line and the sentences behind it; (None, None) where it has no title."""
    marker = _marker(line)
    if marker == "bullet" and level != "bullet":
        return None, None
    if marker == "none" and level == "number" and line.end - line.start > 80:
        return None, None
    if not _reads_as_title(text, line, section):
        return None, None
    label = _LABEL.match(text, line.start, line.end)
    if label and label.end() < line.end and not _is_remark(label["name"]):
        first = Sentence(label.start("name"), label.end("name"), label["name"])
        rest = list(find_sentences(text, label.end(), line.end))
        if _is_short_detail(rest):
            whole = rest[0]
            first = Sentence(first.start, whole.end, text[first.start : whole.end])
            rest = rest[1:]
        return first, rest
    said = list(find_sentences(text, line.start, line.end))
    return (said[0], said[1:]) if said else (None, None)


def _is_remark(name: str) -> bool:
    return bool(_REMARKS.match(name.strip()))


def _is_short_detail(rest: list[Sentence]) -> bool:
    """Whether what follows "Problem:" only qualifies it ("left", "stage 3a", "uncontrolled")."""
    return (
        bool(rest)
        and len(rest[0].text.split()) <= 3
        and "," not in rest[0].text
        and bool(_DETAIL.match(rest[0].text))
        and not (
            _ACTION.match(rest[0].text) or _DOSE.search(rest[0].text) or _VERB.search(rest[0].text)
        )
    )


def _reads_as_title(text: str, line: Line, section: Section) -> bool:
    words = line.text(text)
    label = _LABEL.match(words)
    if label and label.end() <= len(words):
        name = label["name"]
        if _is_remark(name):
            return False
        head = name
        if label.end() < len(words) and len(name.split()) <= 9:
            return not _ACTION.match(head) and not _VERB.search(head)
    first = next(iter(find_sentences(text, line.start, line.end)), None)
    if first is None or not any(c.isalpha() for c in first.text):
        return False
    said = first.text
    if len(said.split()) > _LONGEST_TITLE or _ACTION.match(said):
        return False
    if section.kind is SectionKind.PLAN and (_DOSE.search(said) or len(said.split()) > 10):
        return False
    if _VERB.search(said) and section.kind is not SectionKind.DIAGNOSES:
        return (
            line.mark != ""
            and len(said.split()) <= 12
            and not re.match(r"(?:the |this |she|he|patient|pt)\b", said, re.IGNORECASE)
            and section.kind is not SectionKind.PLAN
        )
    return not re.match(r"\d+[- ]year[- ]old|\d+ ?y/?o", said, re.IGNORECASE)
