"""A provider query taken apart: title, what it quotes of the record, its questions, its options.

Whoever wrote it, and however: with a heading and boxes, or in one line of prose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_OPTION = re.compile(
    r"^\s*(?:[-*•]\s*)?(?:\[(?P<mark>[ xX✓*]?)\]|[☐□○◯]|\((?P<round>[ xX*]?)\)|[a-hA-H1-9][.)])\s+"
    r"(?P<option>.+)$"
)
_INLINE = re.compile(
    r"\((?: |x)?\)\s*(?P<box>[^()]+)|\b(?:options?|choices|select|choose)\s*:\s*(?P<list>[^?]+?)$",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"^\W*(?:clinical )?(?:indicators?|evidence|findings|data)(?: (?:in|from|of) the \w+)?"
    r"(?: for the documented [“\"][^”\"]*[”\"])?\s*:\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*[-*•]\s+(?!\[)(?P<item>.+)$")
_QUOTED = re.compile(r"[“\"]([^”\"]+)[”\"]")
_SENTENCE = re.compile(r"(?<=[.?!;])\s+(?=[A-Z“\"\[(])|\n+")
_RECORDED = re.compile(
    r"\b(?:document(?:s|ed|ation)?|not(?:e[ds]?|es)|states?d?|stating|record(?:s|ed)?|lists?(?:ed)?"
    r"|describ(?:es|ed)|report(?:s|ed)?|assessment|diagnosed|problem list|summary|impression"
    r"|consult(?:ation)?)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\b(?:quer(?:y|ies)|clarification|request)\b", re.IGNORECASE)
_MOST_TITLE_WORDS = 9
_STATED = re.compile(r"The [a-z ]+ (?:grew|show(?:s|ed)|was|were|had|has|is|read) ", re.IGNORECASE)
_CLOSING = re.compile(
    r"^please answer from your independent clinical judgment and document your response in the "
    r"medical record\.?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice offered; ``marked`` says that it is ticked or praised beforehand."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """A query taken apart.

    ``asked`` are the writer's own sentences, without what they quote; ``documented`` is all that
    the query gives as standing in the record, in lower case. ``has_indicators`` says that some of
    it is there; ``text`` is the query whole.
    """

    text: str
    title: str
    asked: tuple[str, ...]
    documented: str
    options: tuple[Option, ...]
    has_indicators: bool


def take_apart(text: str) -> Parts:
    """The parts of a query in plain text."""
    title = ""
    options: list[Option] = []
    indicators: list[str] = []
    prose: list[str] = []
    listing = False
    lines = [line.strip() for line in text.strip().splitlines()]
    for place, line in enumerate(lines):
        if not line:
            listing = False
        elif (option := _OPTION.match(line)) is not None:
            options.append(_option(option))
        elif (heading := _HEADING.match(line)) is not None:
            listing = True
            told, rest = _told_and_asked(heading["rest"])
            indicators += told
            prose += rest
        elif (bullet := _BULLET.match(line)) is not None and (listing or place):
            indicators.append(bullet["item"])
        elif place == 0 and len(lines) > 1 and _is_title(line):
            title = line
        elif not _CLOSING.match(line):
            listing = False
            prose.append(line)
    prose, more = _without_inline(prose)
    options += more
    asked, recorded = _sentences(prose)
    head, _, after = title.partition("|")
    quotes = _QUOTED.findall(" ".join(prose))
    documented = " ; ".join([*indicators, *recorded, *quotes]).casefold()
    # A value, or a plain statement of a finding, shows the provider what the question rests on.
    figures = any(
        re.search(r"\d", sentence) or (_STATED.match(sentence) and not _asks(sentence))
        for sentence in asked
    )
    return Parts(
        text, head, (*asked, *([after] if after else [])), documented, tuple(options),
        bool(documented.strip()) or figures,
    )  # fmt: skip


def unquoted(sentence: str) -> str:
    """A sentence without the words it quotes."""
    return _QUOTED.sub(" … ", sentence)


def _option(match: re.Match[str]) -> Option:
    mark = (match["mark"] or match["round"] or "").strip()
    return Option(match["option"].strip(), bool(mark))


def _is_title(line: str) -> bool:
    short = len(line.split()) <= _MOST_TITLE_WORDS
    return short and _TITLE.search(line) is not None and line[-1] not in ".?"


def _told_and_asked(rest: str) -> tuple[list[str], list[str]]:
    """The values after "Clinical indicators:", and sentences of the same line that ask."""
    told: list[str] = []
    asked: list[str] = []
    for sentence in filter(None, _SENTENCE.split(rest.strip())):
        (asked if asked or _asks(sentence) else told).append(sentence)
    return told, asked


def _asks(sentence: str) -> bool:
    start = r"(?:please|can|could|what|which|is|was|does|do|based|kindly|would|if)\b"
    return sentence.rstrip().endswith("?") or re.match(start, sentence, re.IGNORECASE) is not None


def _without_inline(prose: list[str]) -> tuple[list[str], list[Option]]:
    """Prose without choices given in the line: "Yes / No", "( ) Yes ( ) No"."""
    found: list[Option] = []
    kept = []
    for line in prose:
        rest = line
        for match in _INLINE.finditer(line):
            words = match["box"] or match["list"] or ""
            found += [Option(w.strip(" ."), marked=False) for w in re.split(r"[;/|]", words) if w]
            rest = rest.replace(match.group(), " ")
        yes_no = re.search(r"\b(yes) ?(?:/|or|,) ?(no)\b[ ?.]*$|\b(y)/(n)\b", rest, re.IGNORECASE)
        if yes_no is not None:
            found += [Option("Yes", marked=False), Option("No", marked=False)]
            rest = rest[: yes_no.start()]
        kept.append(rest)
    return kept, found


def _sentences(prose: list[str]) -> tuple[list[str], list[str]]:
    """The writer's own sentences, and those that only tell what the record says.

    A sentence of values ("WBC 18, lactate 4") tells nothing of a diagnosis and is neither.
    """
    asked: list[str] = []
    recorded: list[str] = []
    for sentence in filter(None, (s.strip() for line in prose for s in _SENTENCE.split(line))):
        asks = _asks(sentence)
        if _RECORDED.search(unquoted(sentence)) and not asks and _speaks_of_record(sentence):
            recorded.append(sentence)
        else:
            asked.append(sentence)
        if asks:
            recorded += re.findall(r"\bdocumented ((?:[a-z-]+ ){0,3}[a-z-]+)", sentence)
            recorded += re.findall(r"((?:[a-z-]+ ){0,3}[a-z-]+), documented\b", sentence)
    return asked, recorded


def _speaks_of_record(sentence: str) -> bool:
    """Whether a statement tells what stands in the record and not what should stand there."""
    wanting = re.search(
        r"\b(?:need|should|must|you were|not documented|undocumented|is not listed|would|forgot"
        r"|helpful|always|increase|improve|agree|want|cannot|score|penalt|denial|DRG|MCC|please"
        r"|kindly)\w*\b|^\W*(?:document|rewrite|link|add|write|list|update|state|change)\b",
        sentence,
        re.IGNORECASE,
    )
    return wanting is None
