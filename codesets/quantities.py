"""Numbers that decide a code: a body mass index, weeks of gestation, a score, a birth weight.

A title states a range ("40.0-44.9", "19.9 or less", "22 weeks"); a text states a value. They are
compared only within one measure, so that "BMI 41" never becomes 41 weeks. Numbers decide only where
a title is about a number: they never stand in for a word ("class 3" is not read from a BMI).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

_NUMBER = r"\d+(?:\.\d+)?"


class Measure(StrEnum):
    """What a number measures."""

    BMI = "body mass index"
    WEEKS = "weeks of gestation"
    NIHSS = "NIHSS score"
    GCS = "Glasgow coma scale score"
    GRAMS = "grams"
    UNCONSCIOUS = "minutes of loss of consciousness"


# Words of a title that a stated value makes good.
MEASURE_WORDS = {
    Measure.BMI: frozenset({"body", "mass", "index", "adult", "bmi"}),
    Measure.WEEKS: frozenset({"week", "gestation", "gestational", "age", "completed", "pregnancy"}),
    Measure.NIHSS: frozenset({"nihss", "score"}),
    Measure.GCS: frozenset({"glasgow", "coma", "scale", "score", "total"}),
    Measure.GRAMS: frozenset({"gram", "extremely", "low", "birth", "weight"}),
    Measure.UNCONSCIOUS: frozenset(
        {"loss", "consciousness", "minute", "hour", "less", "greater", "than"}
    ),
}


@dataclass(frozen=True, slots=True)
class Range:
    """The values a title stands for: ``low`` included, ``high`` not; None where it is open."""

    measure: Measure
    low: float | None
    high: float | None

    def covers(self, value: float) -> bool:
        """Whether the value lies in the range.

        >>> Range(Measure.BMI, 40.0, 45.0).covers(41), Range(Measure.BMI, 40.0, 45.0).covers(45)
        (True, False)
        """
        return (self.low is None or self.low <= value) and (self.high is None or value < self.high)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value stated in a text, with the offsets of its words."""

    measure: Measure
    value: float
    start: int
    end: int


_TITLE_MEASURES = (
    (re.compile(r"body mass index.*\badult\b", re.IGNORECASE), Measure.BMI),
    (re.compile(r"\bweeks gestation\b|gestational age .*weeks", re.IGNORECASE), Measure.WEEKS),
    (re.compile(r"\bNIHSS score\b"), Measure.NIHSS),
    (re.compile(r"glasgow coma scale.*score", re.IGNORECASE), Measure.GCS),
    (re.compile(r"\bgrams\b", re.IGNORECASE), Measure.GRAMS),
)
_LOC_MOST = re.compile(r"consciousness of (\d+) minutes or less")
_LOC_MINUTES = re.compile(r"consciousness of (\d+) minutes to (\d+) minutes")
_LOC_HOURS = re.compile(r"consciousness of (\d+) hours? to (\d+) hours 59 minutes")
_LOC_DAY = re.compile(r"consciousness of (\d+) hours to (\d+) hours$")
_SPAN = re.compile(rf"({_NUMBER})\s*[-–]\s*({_NUMBER})")
_AT_MOST = re.compile(rf"({_NUMBER})\s+or\s+less")
_AT_LEAST = re.compile(rf"({_NUMBER})\s+or\s+(?:greater|more|over)")
_BELOW = re.compile(rf"less than\s+({_NUMBER})", re.IGNORECASE)
_ABOVE = re.compile(rf"(?:greater|more) than\s+({_NUMBER})", re.IGNORECASE)
_ONE = re.compile(rf"(?<![\w.])({_NUMBER})(?![\w.%])")


@lru_cache(maxsize=16_384)
def range_of(title: str) -> Range | None:
    """The range of values a title stands for, or None when it is not about a number.

    >>> range_of("Body mass index [BMI] 40.0-44.9, adult")
    Range(measure=<Measure.BMI: 'body mass index'>, low=40.0, high=45.0)
    >>> range_of("22 weeks gestation of pregnancy").covers(22), range_of("Obesity, class 3")
    (True, None)
    """
    if "loss of consciousness" in title:
        return _unconscious(title)
    measure = next((kind for pattern, kind in _TITLE_MEASURES if pattern.search(title)), None)
    if measure is None:
        return None
    if match := _SPAN.search(title):
        return Range(measure, float(match[1]), _after(match[2]))
    if match := _AT_MOST.search(title):
        return Range(measure, None, _after(match[1]))
    if match := _AT_LEAST.search(title):
        return Range(measure, float(match[1]), None)
    if match := _BELOW.search(title):
        return Range(measure, None, float(match[1]))
    if match := _ABOVE.search(title):
        return Range(measure, _after(match[1]), None)
    if match := _ONE.search(title):
        return Range(measure, float(match[1]), _after(match[1]))
    return None


def _unconscious(title: str) -> Range | None:
    """How long a loss of consciousness lasts, in minutes, of titles that give an exact span."""
    if match := _LOC_MOST.search(title):
        return Range(Measure.UNCONSCIOUS, None, float(match[1]) + 1)
    if match := _LOC_MINUTES.search(title):
        return Range(Measure.UNCONSCIOUS, float(match[1]), float(match[2]) + 1)
    if match := _LOC_HOURS.search(title):
        return Range(Measure.UNCONSCIOUS, 60 * float(match[1]), 60 * (float(match[2]) + 1))
    if match := _LOC_DAY.search(title):
        return Range(Measure.UNCONSCIOUS, 60 * float(match[1]), 60 * float(match[2]) + 1)
    return None


def _after(number: str) -> float:
    """The first value past a number, at the precision it is printed with: 44.9 ends at 45.0."""
    decimals = len(number.partition(".")[2])
    return float(f"{float(number) + 0.1**decimals:.{decimals}f}")


_BETWEEN = r"(?:\s*(?:is|was|of|at|=|:|today|currently|score|total|calculated|kg/m2|\(|,))*\s*"
_TEXT_MEASURES = (
    (
        Measure.BMI,
        re.compile(
            rf"\b(?:bmi|body mass index){_BETWEEN}(\d{{2}}(?:\.\d+)?)(?![\d%]|st|nd|rd|th)", re.I
        ),
    ),
    (Measure.BMI, re.compile(r"(?<![\d.])(\d{2}(?:\.\d+)?)\s*kg/m(?:2|²)", re.I)),
    (Measure.NIHSS, re.compile(rf"\bNIHSS{_BETWEEN}(\d{{1,2}})(?![\d.])", re.I)),
    (
        Measure.GCS,
        re.compile(rf"\b(?:GCS|glasgow coma (?:scale|score)){_BETWEEN}(\d{{1,2}})(?![\d.])", re.I),
    ),
    (Measure.GRAMS, re.compile(r"(?<![\d.])(\d{3,4})\s*(?:g|gm|grams?)\b", re.I)),
    (
        Measure.WEEKS,
        re.compile(
            r"(?<![\d.])(\d{1,2})(?:\s*(?:\+\s*\d|\d/7))?[\s-]*(?:weeks?|wks?)\b"
            r"(?:\s*(?:and\s*)?\d\s*days?)?(?!\s*(?:ago|later|postpartum|postop|of age|old))",
            re.I,
        ),
    ),
    (Measure.WEEKS, re.compile(r"(?<![\d.])(\d{2})\s*w\s*\d\s*d\b", re.I)),
)
_LOC_TEXT = re.compile(
    r"\b(?:LOC|loss of consciousness|unconscious(?:ness)?)\b[^.;\d]{0,20}"
    r"(\d+)[\s-]*(min|hour|hr|h\b)"
    r"|(\d+)[\s-]*(min|hour|hr)\w*\s+(?:of\s+)?(?:LOC\b|loss of consciousness|unconsciousness)",
    re.IGNORECASE,
)
# "for 2 weeks" and "x 3 weeks" are durations; weeks count as gestation beside one of these words.
_DURATION = re.compile(
    r"(?:\bfor|\bx|\bpast|\blast|\bin|\bevery|\bover|\bafter)\s*$", re.IGNORECASE
)
_GESTATION = re.compile(
    r"\b(?:gestation\w*|pregnan\w*|EGA|GA|IUP|SIUP|preterm|premature|newborn|G\d+\s*P\d|trimester|"
    r"\w*gravid\w*|labor|deliver\w*|eclampsia|preeclampsia|fetal|fetus|obstetric\w*|breech|twins?|"
    r"placenta\w*|previa|\w*hydramnios|P?PROM|chorioamnionitis|HELLP|antepartum)\b",
    re.IGNORECASE,
)
_AGE = re.compile(r"\b(\d{1,3})[\s-]*(?:years?|yrs?|y)[\s/-]*(?:old\b|o\b)", re.IGNORECASE)
# Official note at Z68: adult codes are for persons of 20 years or older.
_ADULT_BMI_AGE = 20


@lru_cache(maxsize=64)
def find_quantities(text: str) -> tuple[Quantity, ...]:
    """The measured values a text states, in order.

    Weeks count only in a text about a pregnancy or a newborn; an adult body mass index only when no
    age below 20 years is stated.

    >>> [(q.measure.name, q.value) for q in find_quantities("obesity, BMI 41.2; cough for 2 weeks")]
    [('BMI', 41.2)]
    """
    ages = [int(match[1]) for match in _AGE.finditer(text)]
    found = []
    for measure, pattern in _TEXT_MEASURES:
        if measure is Measure.BMI and any(age < _ADULT_BMI_AGE for age in ages):
            continue
        if measure is Measure.WEEKS and not _GESTATION.search(text):
            continue
        for match in pattern.finditer(text):
            if measure is Measure.WEEKS and _DURATION.search(text[: match.start()]):
                continue
            found.append(Quantity(measure, float(match[1]), match.start(), match.end()))
    for match in _LOC_TEXT.finditer(text):
        number, unit = (match[1], match[2]) if match[1] else (match[3], match[4])
        minutes = float(number) * (1 if unit.casefold() == "min" else 60)
        found.append(Quantity(Measure.UNCONSCIOUS, minutes, match.start(), match.end()))
    return tuple(sorted(found, key=lambda quantity: quantity.start))
