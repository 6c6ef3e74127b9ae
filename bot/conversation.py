"""What a message means after the one before it: settings that were said, and refinements.

"what about the left one", "and if it is type 1", "inpatient" and "as of last September" say little
by themselves; after "right knee osteoarthritis" each is a whole question. Pure functions: text and
the day in, text out. What cannot be read with certainty is left as a question of its own.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from bot.answer import Setting
from codesets.notation import find_codes

_SHORT_WORDS = 16
_NOTE_WORDS = 40
_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name} | {
    name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name
} | {"sept": 9}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Said:
    """Settings somebody named; None for what was left open."""

    setting: Setting | None = None
    day: date | None = None
    systems: tuple[str, ...] | None = None

    def over(self, earlier: Said) -> Said:
        """These settings, completed by ``earlier`` ones."""
        return Said(
            self.setting or earlier.setting,
            self.day or earlier.day,
            self.systems or earlier.systems,
        )

    def to_json(self) -> dict[str, Any]:
        """What was said, as plain values; what was not is left out."""
        document: dict[str, Any] = {}
        if self.setting is not None:
            document["setting"] = self.setting.value
        if self.day is not None:
            document["day"] = self.day.isoformat()
        if self.systems is not None:
            document["systems"] = list(self.systems)
        return document

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Said:
        """What ``to_json`` wrote."""
        setting, day, systems = (document.get(name) for name in ("setting", "day", "systems"))
        return cls(
            Setting(setting) if setting else None,
            date.fromisoformat(day) if day else None,
            tuple(systems) if systems else None,
        )


@dataclass(frozen=True, slots=True)
class Understood:
    """The question to ask, "" where only settings were said and nothing was asked before.

    ``refined`` says that it is made from the question before; ``leans`` that it rests on what was
    said before and that no rule reads how: a chat model may word it, where one is configured.
    """

    text: str
    said: Said = Said()
    refined: bool = False
    leans: bool = False


# Words around a setting that add nothing to it.
_FILLER = re.compile(
    r"\b(?:and|now|ok|okay|please|what|about|if|how|same|again|for|as|an?|the|in|it|it's|its|is|was"
    r"|this|that|they|he|she|were|be|make|setting|patient|encounter|stay|visit|instead|but|of|on|at"
    r"|use|using|with|codes?|only|question|one|date|service|under|so|then|actually|no)\b|[\W_]+",
    re.IGNORECASE,
)
_SETTING = r"(?P<setting>inpatient|outpatient)"
# A setting that stands as a remark on the question, not as part of the story it tells.
_SETTING_REMARKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^\s*{_SETTING}\s*[:;,\-–—]\s*",
        rf"\s*[,;(\-–—]\s*(?:in the |for an? |as an? )?{_SETTING}(?: setting)?\)?\s*[.?!]?\s*$",
        rf"\s*\b(?:in the {_SETTING} setting)\b",
        rf"\s*\bsetting\s*[:=]\s*{_SETTING}\b",
    )
)
_DAY = (
    r"(?P<iso>\d{4}-\d{2}-\d{2})"
    r"|(?P<us>\d{1,2}/\d{1,2}/\d{4})"
    rf"|(?P<named>(?:{_MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})"
    rf"|(?P<month>(?:last\s+)?(?:{_MONTH})\.?(?:\s+\d{{4}})?)(?=\W|$)"
    r"|(?P<fiscal>(?:fy|fiscal year)\s*\d{4})"
    r"|(?P<relative>today|yesterday|last month)"
)
_DAY_REMARK = re.compile(
    rf"[,;(\s]*\b(?:as of|as at|on the date|date of service|dos|effective|discharged on"
    rf"|date)\s*[:=]?\s*(?:{_DAY})\)?",
    re.IGNORECASE,
)
_DAY_ALONE = re.compile(rf"\b(?:{_DAY})", re.IGNORECASE)
_SYSTEM_REMARK = re.compile(
    r"[,;(\s]*\b(?:in|with|using|only|system\s*[:=]?)\s+"
    r"(?P<system>icd-?10-?cm|icd-?10-?pcs|hcpcs)\b\)?",
    re.IGNORECASE,
)

# Words that decide one axis of a code: a new one takes the place of the old one.
_AXES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        r"left|right|bilateral|both",
        r"type\s*(?:1|2|one|two|ii|i)",
        r"acute on chronic|subacute|acute|chronic",
        r"stage\s*(?:\d[ab]?|[ivx]+)|end[- ]stage",
        r"initial(?: encounter)?|subsequent(?: encounter)?|sequela",
        r"(?:first|second|third) trimester",
        r"open|closed",
        r"displaced|non-?displaced",
        r"mild|moderate|severe",
        r"single episode|recurrent",
        r"primary|secondary|post-?traumatic",
        r"upper|lower",
        r"male|female",
    )
)
_BEFORE_THE_NOUN = re.compile(
    r"left|right|bilateral|acute.*|subacute|chronic|mild|moderate|severe|recurrent|open|closed"
    r"|displaced|non-?displaced|type.*|primary|secondary",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"^(?:and |but |or )?(?:what )?(?:if|suppose|assume|assuming|say)\b[,:]?\s*"
    r"(?:(?:it|this|that|he|she|they|the patient)(?:\s+(?:is|was|were|be)|'s|’s)?\b\s*)?"
    r"(?:(?:is|was|were)\b\s*)?(?:(?:also\s+)?(?:has|had|have)\b\s*|on\b\s*(?=$))?",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"^(?:and |but |or |so )?(?:what|how) about\s+", re.IGNORECASE)
_ADDITION = re.compile(
    r"^(?:and|also|plus|with|without|but)\b(?: also| with)?[,:]?\s*", re.IGNORECASE
)
_CORRECTION = re.compile(
    r"^(?:no|actually|sorry|i mean(?:t)?|make (?:it|that)|same(?: but)?|instead)\b[,:]?\s*"
    r"(?:(?:it|this|that)(?:\s+(?:is|was)|'s|’s)\b\s*)?",
    re.IGNORECASE,
)
_ANAPHORA = re.compile(
    r"\b(?:the (?:other )?one|(?:the )?(?:left|right|other) one|that one|the other side"
    r"|the same)\b",
    re.IGNORECASE,
)
_EMPTY_WORDS = re.compile(
    r"\b(?:the|a|an|one|side|it|is|was|this|that|and|instead|then|now|please|same|in|on|of)\b",
    re.IGNORECASE,
)
_LEANING = re.compile(
    r"\b(?:it|its|it's|that|those|these|they|them|the same|instead|the former|the latter|the first"
    r"|the second|as before|else|rather|earlier|still)\b|^(?:and|but|or|so|then)\b",
    re.IGNORECASE,
)
_OTHER_SIDE = re.compile(r"\bother (?:one|side)\b", re.IGNORECASE)


def understand(text: str, previous: str, today: date) -> Understood:
    """What ``text`` asks after ``previous`` ("" for a first question), on ``today``.

    >>> understand("what about the left one?", "right knee osteoarthritis", date(2026, 11, 21)).text
    'left knee osteoarthritis'
    >>> understand("inpatient", "possible pneumonia", date(2026, 11, 21)).said.setting.value
    'inpatient'
    """
    words = text.strip()
    if "\n" in words or len(words.split()) > _SHORT_WORDS:
        return _long(words, today)
    alone = _settings_alone(words, today)
    if alone is not None:
        return Understood(previous, alone, refined=bool(previous))
    rest, said = _remarks(words, today)
    if not previous or not rest:
        return Understood(rest, said)
    refined = _refined(rest, previous)
    if refined is None:
        return Understood(rest, said, leans=_leans(rest))
    return replace(refined, said=said)


def _long(words: str, today: date) -> Understood:
    """A note is a question of its own; only its very first line may be a remark."""
    first, _, rest = words.partition("\n")
    if rest.strip() and len(first.split()) <= _SHORT_WORDS:
        alone = _settings_alone(first.strip().rstrip(":"), today)
        if alone is not None:
            return Understood(rest.strip(), alone)
    return Understood(words)


def _settings_alone(text: str, today: date) -> Said | None:
    """The settings, where the text names nothing else; None otherwise."""
    rest, said = text, Said()
    if (found := re.search(rf"\b{_SETTING}\b", rest, re.IGNORECASE)) is not None:
        said = replace(said, setting=Setting(found["setting"].casefold()))
        rest = rest[: found.start()] + " " + rest[found.end() :]
    if (dated := _DAY_ALONE.search(rest)) is not None:
        day = _day(dated, today)
        if day is not None:
            said = replace(said, day=day)
            rest = rest[: dated.start()] + " " + rest[dated.end() :]
    if (
        system := re.search(r"\b(icd-?10-?cm|icd-?10-?pcs|hcpcs)\b", rest, re.IGNORECASE)
    ) is not None:
        said = replace(said, systems=(_system(system.group(1)),))
        rest = rest[: system.start()] + " " + rest[system.end() :]
    if said == Said() or _FILLER.sub("", rest):
        return None
    return said


def _remarks(text: str, today: date) -> tuple[str, Said]:
    """The text without its remarks on setting, date and system, and what they said."""
    rest, said = text, Said()
    for pattern in _SETTING_REMARKS:
        if (found := pattern.search(rest)) is not None and rest[: found.start()] + rest[
            found.end() :
        ]:
            said = replace(said, setting=Setting(found["setting"].casefold()))
            rest = rest[: found.start()] + " " + rest[found.end() :]
            break
    if (dated := _DAY_REMARK.search(rest)) is not None and (day := _day(dated, today)) is not None:
        said = replace(said, day=day)
        rest = rest[: dated.start()] + " " + rest[dated.end() :]
    if (system := _SYSTEM_REMARK.search(rest)) is not None:
        said = replace(said, systems=(_system(system["system"]),))
        rest = rest[: system.start()] + " " + rest[system.end() :]
    if said == Said():
        return text, said
    return " ".join(rest.split()).strip(" ,;"), said


def _system(name: str) -> str:
    return name.casefold().replace("-", "")


def day_named(text: str, today: date) -> date | None:
    """The one day that a question names; None where it names none."""
    found = _DAY_ALONE.search(text)
    return _day(found, today) if found is not None else None


def _day(found: re.Match[str], today: date) -> date | None:
    """The day that was named; a month stands for its last day, a fiscal year likewise."""
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        if found["us"]:
            month, day, year = (int(part) for part in found["us"].split("/"))
            return date(year, month, day)
        if found["named"]:
            name, day_text, year_text = re.findall(r"[A-Za-z]{3,}|\d+", found["named"])[:3]
            return date(int(year_text), _MONTHS[name.casefold()], int(day_text))
        if found["fiscal"]:
            return date(int(found["fiscal"][-4:]), 9, 30)
        if found["relative"]:
            return _relative(found["relative"].casefold(), today)
        return _month(found["month"], today)
    except (ValueError, KeyError):
        return None  # no day of the calendar: left as the words of a question


def _relative(words: str, today: date) -> date:
    if words == "last month":
        return today.replace(day=1) - timedelta(days=1)
    return today - timedelta(days=words == "yesterday")


def _month(words: str, today: date) -> date | None:
    """The last day of a month; without a year, of its last occurrence that is over."""
    parts = re.findall(r"[A-Za-z]+|\d{4}", words)
    named = [part for part in parts if part.casefold() in _MONTHS]
    month = _MONTHS[named[0].casefold()]
    if parts[-1].isdigit():
        year = int(parts[-1])
    elif parts[0].casefold() == "last":
        year = today.year if month < today.month else today.year - 1
    else:
        return None  # "may" is a word more often than a month
    return date(year, month, calendar.monthrange(year, month)[1])


def _refined(text: str, previous: str) -> Understood | None:
    """The previous question as ``text`` changes it; None where it is a question of its own."""
    bare = text.rstrip(" ?!.")
    if (about := _ABOUT.match(bare)) is not None:
        change = bare[about.end() :]
        if find_codes(change):
            return Understood(change)
        if _axis_words(change) or _ANAPHORA.search(change):
            return Understood(_changed(previous, change), refined=True)
        return Understood(change)
    if find_codes(bare):
        return None
    for pattern in (_CONDITION, _CORRECTION, _ADDITION):
        found = pattern.match(bare)
        if found is not None and found.end() and bare[found.end() :].strip():
            kept = bare if bare.casefold().startswith("with") else bare[found.end() :]
            return Understood(_changed(previous, kept), refined=True)
    if _ANAPHORA.search(bare) or _only_axes(bare):
        return Understood(_changed(previous, bare), refined=True)
    return None


def _leans(text: str) -> bool:
    """Whether a message says that something before it is meant ("would that change without it?").

    One that names a code is a question about the code.
    """
    return _LEANING.search(text) is not None and not find_codes(text)


def _axis_words(text: str) -> list[tuple[re.Pattern[str], str]]:
    return [(axis, found.group()) for axis in _AXES if (found := axis.search(text)) is not None]


def _only_axes(text: str) -> bool:
    """Whether the text is nothing but words that decide an axis ("left", "stage 4")."""
    rest = text
    for axis, word in _axis_words(text):
        rest = axis.sub(" ", rest, count=1) if word else rest
    rest = _EMPTY_WORDS.sub(" ", rest)
    return rest != text and not re.sub(r"[\W_]+", "", rest)


def _changed(previous: str, change: str) -> str:
    """``previous`` with the words of ``change`` in place of those that decided the same axis."""
    if len(previous.split()) > _NOTE_WORDS:
        # In a note the same word stands for many things: what is new is added, nothing replaced.
        return f"{previous.rstrip()}\n{change.strip()[:1].upper()}{change.strip()[1:]}."
    if _OTHER_SIDE.search(change) and (side := re.search(r"\b(left|right)\b", previous, re.I)):
        change = "right" if side.group().casefold() == "left" else "left"
    result, rest = previous.strip().rstrip(".?!"), change
    for axis, word in _axis_words(change):
        rest = axis.sub(" ", rest, count=1)
        if axis.search(result):
            result = axis.sub(word, result)
        elif _BEFORE_THE_NOUN.fullmatch(word) and "," not in result:
            result = f"{word} {result}"
        else:
            result = f"{result}, {word}"
    known = {word.casefold() for word in re.findall(r"\w+", result)}
    left = _EMPTY_WORDS.sub(" ", rest)
    new = [word for word in re.findall(r"\w+", left) if word.casefold() not in known]
    if new and not set(map(str.casefold, new)) <= {"about", "if", "what", "how"}:
        result = f"{result}, {' '.join(rest.split()).strip(' ,;')}"
    return result
