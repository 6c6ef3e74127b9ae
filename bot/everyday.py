"""Everyday questions: what can be asked, which release governs, what changed, a value's code."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import conversation, messages
from bot.answer import Citation, Kind
from bot.citing import cite
from bot.guideline_answers import quoted
from codesets.diffing import diff
from codesets.models import System
from codesets.quantities import Measure, range_of
from retrieval.passages import title_passage
from retrieval.requests import measured

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.answer import Answer, Blank
    from codesets.diffing import Difference
    from codesets.library import Library
    from codesets.models import Code, Release
    from codesets.releases import ReleaseStore
    from retrieval.guidelines import GuidelineSearch


_SHOWN = 12
_NAMES = {
    System.ICD10CM: "ICD-10-CM",
    System.ICD10PCS: "ICD-10-PCS",
    System.HCPCS: "HCPCS Level II",
    System.CPT: "CPT",
}
_CHAPTER = re.compile(r"\bchapter (\d{1,2})\b", re.IGNORECASE)
_RELEASE_ID = re.compile(r"\b(?:fy|fiscal year) ?-?(20)?(\d\d)\b", re.IGNORECASE)
_CALENDAR = re.compile(
    r"\b(?:(?P<month>october|april|oct|apr)\.?(?: 1(?:st)?,?)?\s*)?(?P<year>20\d\d)\b|"
    r"\b(?:this|last|past|in|since) (?P<bare>october|april)\b",
    re.IGNORECASE,
)
_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY_FIRST = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTHS})\.?,?"
    r"(?: (?P<year>20\d\d))?\b"
    rf"|\b(?P<month2>{_MONTHS})\.? (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,?(?: (?P<year2>20\d\d))?\b",
    re.IGNORECASE,
)
_HOME = {"bmi": ("Z68", Measure.BMI), "nihss": ("R29.7", Measure.NIHSS)}
_GOVERNED_BY = {
    "bmi": ("I.B.14", "I.C.21.c.3"),
    "bmi percentile": ("I.B.14", "I.C.21.c.3"),
    "nihss": ("I.C.18.i", "I.B.14"),
    "weeks": ("I.C.21.c.11", "I.C.15.a.7"),
}
_PERCENTILES = ((5, "Z68.51"), (85, "Z68.52"), (95, "Z68.53"))


def helping(blank: Blank) -> Answer:
    """What can be asked, an example of each; nothing is cited, for nothing medical is said."""
    lines = [messages.HELP, *(f"{what}: “{example}”" for what, example in messages.CAN_ASK)]
    return replace(
        blank(Kind.HELP, "\n".join(lines)), abstained=None, cautions=(messages.HELP_CITES_NOTHING,)
    )


# --- releases -------------------------------------------------------------------------------------


def release_answer(blank: Blank, store: ReleaseStore, asked: str, today: date) -> Answer:
    """Which installed release governs the day that ``asked`` names, or ``today``, a system a line.

    The governing date is the date of service; for an inpatient the discharge date.
    """
    day = named_day(asked, today) or today
    lines, cited = [], []
    releases: dict[str, str] = {}
    for system, name in _NAMES.items():
        installed = [release for release in store.installed() if release.system is system]
        if not installed:
            continue
        found = next((release for release in installed if release.covers(day)), None)
        if found is None:
            newest = max(installed, key=lambda release: release.effective_from)
            lines.append(
                messages.RELEASE_MISSING.format(name=name, day=day, newest=_period(newest))
            )
            continue
        lines.append(messages.RELEASE_GOVERNS.format(name=name, release=_period(found), day=day))
        releases[system.value] = found.id
        cited.append(_cite_release(found))
    answer = blank(Kind.LOOKUP, " ".join([*lines, messages.RELEASE_BY_DATE]))
    return replace(
        answer, day=day, releases=releases, citations=tuple(cited),
        abstained=None if cited else lines[0] if lines else messages.RELEASE_BY_DATE,
    )  # fmt: skip


def named_day(text: str, today: date) -> date | None:
    """The day a text names; without a year the latest that is not after ``today``.

    >>> from datetime import date
    >>> named_day("discharge on 30 September", date(2026, 11, 21))
    datetime.date(2026, 9, 30)
    >>> named_day("a visit on Feb 3", date(2026, 11, 21))
    datetime.date(2026, 2, 3)
    """
    if (iso := re.search(r"\b\d{4}-\d{2}-\d{2}\b", text)) is not None:
        return conversation.day_named(iso.group(), today)
    for match in _DAY_FIRST.finditer(text):
        month = match["month"] or match["month2"]
        day = match["day"] or match["day2"]
        year = match["year"] or match["year2"]
        found = conversation.day_named(f"{month} {day} {year or today.year}", today)
        if found is None:
            continue
        if year or found <= today:
            return found
        return found.replace(year=found.year - 1)
    return conversation.day_named(text, today)


def _period(release: Release) -> str:
    last = f" to {release.effective_to.isoformat()}" if release.effective_to else " on"
    return f"{release.id} (from {release.effective_from.isoformat()}{last})"


def _cite_release(release: Release) -> Citation:
    return Citation(
        id=f"{release.system.value}:{release.id}:release",
        source=release.source,
        release=release.id,
        locator=release.id,
        text=f"{_NAMES[release.system]} {_period(release)}",
    )


# --- what changed ---------------------------------------------------------------------------------


def changes_answer(blank: Blank, store: ReleaseStore, asked: str, day: date) -> Answer:
    """What changed from the release before to the one that ``asked`` names or that governs ``day``.

    Every code named is cited by its title in the release that has it.
    """
    releases = sorted(
        (r for r in store.installed() if r.system is System.ICD10CM),
        key=lambda release: release.effective_from,
    )
    new = _release_named(asked, releases, day)
    older = [r for r in releases if new is not None and r.effective_from < new.effective_from]
    if new is None or not older:
        said = messages.NO_CHANGES_KNOWN.format(
            installed=", ".join(release.id for release in releases)
        )
        return replace(blank(Kind.LOOKUP, said), abstained=said)
    chapter = match[1] if (match := _CHAPTER.search(asked)) is not None else None
    found = diff(store, older[-1], new, chapter)
    library, before = store.library(new), store.library(older[-1])
    where = f" in chapter {chapter}" if chapter else ""
    counts = messages.CHANGED.format(
        new=_period(new), old=older[-1].id, where=where, added=len(found.added),
        deleted=len(found.deleted), revised=len(found.revised),
    )  # fmt: skip
    cited = [*_cited(found.added, library), *_cited(found.deleted, before)]
    cited += _cited([library.get(each.code) for each in found.revised][:_SHOWN], library)
    lines = [counts, *_lists(found), messages.CHANGES_COMMAND.format(old=older[-1].id, new=new.id)]
    return replace(
        blank(Kind.LOOKUP, " ".join(lines)),
        releases={System.ICD10CM.value: new.id},
        citations=(_cite_release(new), *cited),
    )


def _lists(found: Difference) -> list[str]:
    lines = []
    if found.added:
        lines.append(f"New: {_few([code.code for code in found.added])}.")
    if found.deleted:
        gone = [
            code.code + (f" (now {', '.join(instead)})" if instead else "")
            for code in found.deleted
            if (instead := found.replacements.get(code.code, ())) is not None
        ]
        lines.append(f"No longer valid: {_few(gone)}.")
    if found.revised:
        lines.append(f"New titles: {_few([each.code for each in found.revised])}.")
    return lines


def _few(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _cited(codes: Sequence[Code], library: Library) -> list[Citation]:
    return [_cite_title(code, library) for code in codes[:_SHOWN]]


def _cite_title(code: Code, library: Library) -> Citation:
    return cite(title_passage(code, library.release.source))


def _release_named(asked: str, releases: Sequence[Release], day: date) -> Release | None:
    """The release a question names, by its fiscal year or month; else the one of ``day``."""
    if (match := _RELEASE_ID.search(asked)) is not None:
        wanted = f"FY20{match[2]}"
        return next((release for release in releases if release.id == wanted), None)
    if (match := _CALENDAR.search(asked)) is not None:
        month = (match["month"] or match["bare"] or "oct")[:3].casefold()
        number = 10 if month == "oct" else 4
        if match["year"]:
            year = int(match["year"])
            if not match["month"]:  # "the 2027 codes" are those of fiscal year 2027
                return next((r for r in releases if r.id == f"FY{year}"), None)
        else:
            year = day.year if (number, 1) <= (day.month, day.day) else day.year - 1
        starts = (year, number)
        return next(
            (r for r in releases if (r.effective_from.year, r.effective_from.month) == starts), None
        )
    return next((release for release in releases if release.covers(day)), None)


# --- a code for a value ---------------------------------------------------------------------------


def measure_answer(
    blank: Blank, library: Library, guidelines: GuidelineSearch, text: str
) -> Answer | None:
    """The code for a measured value, with the sections that say when it may be reported."""
    found = measured(text)
    if found is None:
        return None
    name, value = found
    code = _code_for(library, name, value)
    if code is None:
        said = messages.NO_CODE_FOR_VALUE.format(value=f"{value:g}", measure=name.upper())
        return replace(blank(Kind.LOOKUP, said), abstained=said)
    sections = [guidelines.section(number) for number in _GOVERNED_BY[name]]
    cited = [_cite_title(code, library)]
    cited += [
        Citation(s.passage.id, s.citation.label, s.citation.fiscal_year, s.citation.locator,
                 f"{s.citation.title}: {quoted(s, text)}")
        for s in sections if s is not None
    ]  # fmt: skip
    cautions = [messages.VALUE_NEEDS[name]] if name in messages.VALUE_NEEDS else []
    if name == "bmi":
        cautions.append(messages.ADULT_BMI)
    headline = messages.CODE_FOR_VALUE.format(code=code.code, title=code.title, value=f"{value:g}")
    return replace(blank(Kind.LOOKUP, headline), citations=tuple(cited), cautions=tuple(cautions))


def _code_for(library: Library, name: str, value: float) -> Code | None:
    if name == "bmi percentile":
        if not 0 <= value <= 100:
            return None
        limit = next((code for below, code in _PERCENTILES if value < below), None)
        # At or above the 95th percentile two codes differ by 120% of it: only one of them is safe
        # to name without that figure.
        return library.find(limit) if limit else library.find("Z68.54")
    if name == "weeks":
        return _of_weeks(library, value)
    category, measure = _HOME[name]
    for code in library.descendants(category):
        covers = range_of(code.title)
        if covers is not None and covers.measure is measure and covers.covers(value):
            return code
    return None


def _of_weeks(library: Library, value: float) -> Code | None:
    """Z3A for completed weeks: 34.6 weeks are 34."""
    for code in library.descendants("Z3A"):
        covers = range_of(code.title)
        if covers is not None and covers.measure is Measure.WEEKS and covers.covers(int(value)):
            return code
    return None
