"""The title of a problem cut into the conditions it names, each with its status.

"Hypertension, uncontrolled" is one condition, "hypertension, diabetes" are two: a piece that names
no condition of its own belongs to its neighbour. "Knee pain, possible ligament strain" keeps the
pain apart from what is only suspected.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.notes.records import Link, Phrase
from bot.notes.wording import CUT, QUALIFIES
from codesets.abbreviations import expand
from codesets.wordlists import level, lists

if TYPE_CHECKING:
    from retrieval.notes.headings import SectionKind
    from retrieval.notes.reading import NoteReader

_LINKS = {"due": Link.DUE_TO, "with": Link.WITH, "also": Link.AND, "doubt": Link.AND}
_MEASURED = (
    r"(?:bmi|hb ?a1c|a1c|hgb|hb|hct|ldl|hdl|tg|tsh|ft4|psa|inr|bnp|egfr|gfr|cr|creatinine|crp|esr"
    r"|wbc|plt|platelets?|ferritin|mcv|uric acid|vit(?:amin)? ?d|b12|glucose|fbs|na|k|ca|mg|phos"
    r"|ef|lvef|gad-?7|phq-?[29]|moca|mmse|t[- ]?score|ahi|fev1|bp|hr|spo2|o2 sats?|weight|wt)"
    r"\s*(?:of|is|was|at|=|:|~|<|>)?\s*[<>~]?-?\d[\d./,%]*"
)
_VALUE = re.compile(
    rf"[\s,;:(]+(?:(?:most )?recent |last |current |today'?s? )?{_MEASURED}.*$",
    re.IGNORECASE | re.DOTALL,
)
"""A measured value behind a condition: it says nothing of which condition it is (III.B)."""
_ONLY_VALUE = re.compile(
    rf"\W*(?:(?:most )?recent |last |current |today'?s? )?{_MEASURED}"
    r"\s*[a-z]{0,5}/?[a-z]{0,3}\W*",
    re.IGNORECASE,
)
_CONDITION_WORD = re.compile(
    r"(?:itis|osis|emia|pathy|algia|oma|plegia|paresis|ectasis|rrhea|rrhagia|uria|penia|cytosis|dynia|trophy|plasia|megaly|spasm|lithiasis|ism)$"
)


def phrases_of(
    reader: NoteReader, text: str, start: int, end: int, section: SectionKind
) -> list[Phrase]:
    """The conditions that ``text[start:end]``, the title of a problem, names, in order."""
    title = text[start:end]
    pieces = _merged(reader, title, _pieces(title))
    found = []
    for begin, stop, link in pieces:
        judgement = reader.judge(title, *_condition_at(reader, title, begin, stop), section)
        words = title[begin:stop]
        lead = len(words) - len(words.lstrip(" ,.;:-–"))
        begin, words = begin + lead, words[lead:].rstrip(" ,.;:-–")
        if words:
            found.append(
                Phrase(
                    start + begin, start + begin + len(words), words, judgement.status, link,
                    judgement.cue,
                )
            )  # fmt: skip
    return found


def _pieces(title: str) -> list[tuple[int, int, Link]]:
    pieces, position, link = [], 0, Link.NONE
    for match in CUT.finditer(title):
        if match.start() > position:
            pieces.append((position, match.start(), link))
        position = match.end()
        link = _LINKS[match.lastgroup or "also"]
    if position < len(title):
        pieces.append((position, len(title), link))
    return pieces


def _merged(
    reader: NoteReader, title: str, pieces: list[tuple[int, int, Link]]
) -> list[tuple[int, int, Link]]:
    """Pieces that name a condition, with the pieces that only qualify them."""
    kept: list[tuple[int, int, Link]] = []
    waiting: int | None = None
    waiting_link = Link.NONE
    whole = {(named.start, named.end) for named in reader.named(title)}
    for begin, stop, link in pieces:
        if waiting is not None:
            begin, link, waiting = waiting, waiting_link, None
        joined = kept and any(s < kept[-1][1] and e > begin for s, e in whole)
        if kept and (joined or not _names_condition(reader, title[begin:stop])):
            kept[-1] = (kept[-1][0], stop, kept[-1][2])
        elif not kept and not _names_condition(reader, title[begin:stop]):
            waiting, waiting_link = begin, link
        else:
            kept.append((begin, stop, link))
    if waiting is not None:
        kept.append((waiting, len(title), waiting_link))
    return kept


def without_value(reader: NoteReader, words: str) -> str:
    """The phrase up to a measured value, where a condition is named before it.

    "obesity BMI 34" is obesity, and "HLD LDL 160" no kind of hyperlipidemia; of "low K 2.9" the
    value is all there is. Nothing is left of a value alone.
    """
    if _ONLY_VALUE.fullmatch(words):
        return ""
    match = _VALUE.search(words)
    if match is None or not _names_condition(reader, words[: match.start()]):
        return words
    return words[: match.start()].rstrip(" ,.;:-–(")


_MANNER = re.compile(
    r"\W*(?:cardio)?(?:embolic|thrombotic|ischemic|hemorrhagic|lacunar|cryptogenic|idiopathic|traumatic|nontraumatic)\W*",
    re.IGNORECASE,
)
"""A piece that only says how the condition before it came about."""


def _names_condition(reader: NoteReader, words: str) -> bool:
    if _MANNER.fullmatch(words):
        return False
    if reader.names(words):
        return True
    if QUALIFIES.match(words) and len(words.split()) <= 3:
        return any(_CONDITION_WORD.search(w.casefold()) for w in re.findall(r"[A-Za-z]{7,}", words))
    return any(map(_is_condition_word, re.findall(r"[A-Za-z]{4,}", words)))


def _condition_at(reader: NoteReader, title: str, begin: int, stop: int) -> tuple[int, int]:
    """Where the first condition of a piece stands; its first word where none is known."""
    named = reader.named(title, begin, stop)
    if named:
        return named[0].start, named[0].end
    short = [(each.start, each.end) for each in expand(title) if begin <= each.start < stop]
    if short:
        return short[0]
    words = list(re.finditer(r"[A-Za-z]{3,}", title[begin:stop]))
    heads = [word for word in words if _is_condition_word(word.group())]
    for word in (*heads, *words):
        return begin + word.start(), begin + word.end()
    return begin, stop


def _is_condition_word(word: str) -> bool:
    return level(word) in lists().condition_words or bool(_CONDITION_WORD.search(word.casefold()))
