"""External causes of an injury: what happened, and doing what (I.C.20).

Coded beside an injury that is treated for the first time, from the sentences that tell how it
happened. The first rule that a sentence meets decides; general rules stand last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrieval.notes.sentences import Sentence

_FALL = r"\b(?:fell|falls?|fallen|falling|landed)\b"
_RULES: tuple[tuple[str, str], ...] = (
    (r"\b(?:pedestrian\b.{0,30}\bstruck|(?:hit|struck) by (?:a |the )?(?:car|vehicle|truck))\b", "V03.10XA"),
    (r"\bmotorcycle (?:accident|crash|collision)|(?:fell|thrown) (?:off|from) (?:his|her|a|the) motorcycle", "V29.99XA"),
    (r"\b(?:fell|fall|thrown|crashed) (?:off|from|on) (?:of )?(?:his|her|a|the) (?:bike|bicycle)|\b(?:bike|bicycle) (?:accident|crash)", "V18.0XXA"),
    (r"\b(?:mv[ac]|motor[- ]vehicle (?:accident|collision|crash)|(?:car|auto|automobile|vehicle) (?:accident|crash|wreck|collision)|rear[- ]ended|t-boned|restrained (?:driver|passenger))\b", "V89.2XXA"),
    (r"(?:thrown|fell|fall) (?:off|from) (?:of )?(?:his|her|a|the) horse", "V80.010A"),
    (r"\bdog (?:bite|bit)|(?:bitten|bit) by (?:a |the |his |her |their )?(?:\w+ )?dog\b", "W54.0XXA"),
    (r"\bcat bite|(?:bitten|bit) by (?:a |the |his |her |their )?(?:\w+ )?cat\b", "W55.01XA"),
    (r"\bcat scratch|scratched by (?:a |the |his |her |their )?cat\b", "W55.03XA"),
    (r"\btick bite|(?:bitten|bit) by (?:a |an |some )?(?:tick|insect|mosquito|bug|spider)", "W57.XXXA"),
    (r"\bhuman bite|bitten by (?:a |another )(?:person|child|resident|student|patient)", "W50.3XXA"),
    (r"\bneedle ?stick", "W46.0XXA"),
    (rf"{_FALL}.{{0,40}}\b(?:ice|snow|icy)\b|\b(?:slipped|slips)\b.{{0,25}}\b(?:ice|icy|snow)\b", "W00.0XXA"),
    (rf"{_FALL}.{{0,30}}\bcurb\b|\bstepp?(?:ed|ing) off (?:of )?(?:a|the) curb", "W10.1XXA"),
    (rf"{_FALL}.{{0,30}}\b(?:stairs?|steps|staircase|stairway)\b|\bmissed (?:a|the|the last) step\b", "W10.9XXA"),
    (rf"{_FALL}.{{0,20}}\bladder\b", "W11.XXXA"),
    (rf"{_FALL}.{{0,20}}\bscaffold", "W12.XXXA"),
    (rf"{_FALL}.{{0,20}}\broof\b", "W13.2XXA"),
    (rf"{_FALL}.{{0,20}}\btree\b", "W14.XXXA"),
    (rf"{_FALL}.{{0,20}}\b(?:out of|from|off) (?:of )?(?:his |her |the )?bed\b", "W06.XXXA"),
    (rf"{_FALL}.{{0,20}}\bwheelchair\b", "W05.0XXA"),
    (rf"{_FALL}.{{0,20}}\b(?:out of|from|off) (?:of )?(?:his |her |a |the )?(?:chair|couch|sofa|recliner)\b", "W07.XXXA"),
    (rf"{_FALL}.{{0,30}}\b(?:in|getting out of) (?:the |a )?(?:shower|bathtub|tub)\b", "W18.2XXA"),
    (rf"{_FALL}.{{0,20}}\btoilet\b", "W18.11XA"),
    (r"\b(?:collided|ran into|knocked (?:down|over)|pushed|tackled)\b.{0,60}\bfell\b|\bplayer\b.{0,30}\bran into\b.{0,40}\bfell\b", "W03.XXXA"),
    (r"\b(?:slip(?:ped)?|trip(?:ped)?|stumbl(?:ed|ing))\b.{0,60}\b(?:fell|fall|falling|landed)\b", "W01.0XXA"),
    (r"\bdropped\b.{0,40}\bon(?:to)? (?:his|her|their|the|my) (?:\w+ )?(?:foot|toes?|hand|head|leg|finger|arm|shoulder)\b|(?<!\bhe )(?<!\band )(?<!\bshe )\bfell on(?:to)? (?:his|her|the patient's) (?:\w+ )?(?:foot|toes?|hand|head|leg|finger)\b", "W20.8XXA"),
    (r"\b(?:hit|struck) (?:in the \w+ |on the \w+ )?(?:by|with) (?:a |the )?baseball", "W21.03XA"),
    (r"\b(?:hit|struck) (?:in the \w+ |on the \w+ )?(?:by|with) (?:a |the )?softball", "W21.07XA"),
    (r"\b(?:hit|struck) (?:in the \w+ |on the \w+ )?(?:by|with) (?:a |the )?soccer ball", "W21.02XA"),
    (r"\b(?:hit|struck) (?:in the \w+ |on the \w+ )?(?:by|with) (?:a |the )?basketball", "W21.05XA"),
    (r"\b(?:hit|struck) (?:in the \w+ |on the \w+ )?(?:by|with) (?:a |the )?golf ball", "W21.04XA"),
    (r"\b(?:caught|jammed|crushed|pinched|slammed|smashed)\b.{0,30}\b(?:in|between|by) (?:a |the |his |her )?(?:\w+ )?(?:door|drawer|gate|objects)\b", "W23.0XXA"),
    (r"\b(?:cut|lacerated|sliced|stabbed)\b.{0,50}\b(?:with|on|by) (?:a |the |his |her )?(?:\w+ )?knife\b", "W26.0XXA"),
    (r"\b(?:cut|lacerated|stepped)\b.{0,40}\b(?:with|on|by) (?:a |the |some |broken )*glass\b", "W25.XXXA"),
    (r"\b(?:burn(?:ed|t)?|scald(?:ed)?|spill(?:ed)?)\b.{0,50}\b(?:hot|boiling) (?:water|coffee|tea|oil|soup|grease|liquid)", "X12.XXXA"),
    (r"\b(?:burn(?:ed|t)?)\b.{0,40}\bstove\b", "X15.0XXA"),
    (r"\b(?:assault(?:ed)?|punched|fist ?fight|altercation|physical fight)\b", "Y04.0XXA"),
    (rf"{_FALL}", "W19.XXXA"),
    (r"\b(?:slipped|tripped|stumbled|misstep)\b", "W18.40XA"),
    (r"\b(?:lifting|lifted|picking up|picked up|moving|carrying|pulling|pushing)\b.{0,50}\b(?:heavy|box(?:es)?|furniture|weights?|couch|boulders?|bags?|equipment|patient|load)\b", "X50.0XXA"),
    (r"\b(?:overuse|repetitive|repeated(?:ly)?) (?:motion|movements?|use|strain|activity)?", "X50.3XXA"),
    (r"\b(?:twist(?:ed|ing)|rolled (?:his|her|the) ankle|inverted)\b", "X50.1XXA"),
    (r"\b(?:collided|ran into|elbowed|kicked|bumped)\b.{0,40}\b(?:player|person|opponent|teammate|someone)\b", "W51.XXXA"),
    (r"\b(?:hit|struck|bumped|banged|stubbed)\b.{0,40}\b(?:on|against|into) (?:a |an |the |his |her )", "W22.8XXA"),
)  # fmt: skip
_DOING: tuple[tuple[str, str], ...] = (
    (r"basketball", "Y93.67"), (r"flag football", "Y93.62"), (r"football", "Y93.61"), (r"soccer", "Y93.66"),
    (r"baseball|softball", "Y93.64"), (r"volleyball", "Y93.68"),
    (r"tennis|racquetball|squash|pickleball|badminton", "Y93.73"), (r"golf(?:ing)?", "Y93.53"),
    (r"ice hockey|hockey", "Y93.22"), (r"ski(?:ing)?|snowboard(?:ing)?|sledding", "Y93.23"),
    (r"ice[- ]skating", "Y93.21"), (r"gymnastics", "Y93.43"), (r"danc(?:e|ing)", "Y93.41"),
    (r"yoga", "Y93.42"), (r"biking|cycling|bike ride|riding (?:his|her|a) bi(?:ke|cycle)", "Y93.55"),
    (r"rock climbing|mountain climbing", "Y93.31"), (r"weight ?lifting|lifting weights|crossfit", "Y93.B3"),
    (r"gardening|landscaping|yard ?work|raking|mowing|shoveling", "Y93.H2"), (r"horseback riding", "Y93.52"),
    (r"wrestling", "Y93.72"), (r"karate|judo|martial arts|jiu[- ]jitsu", "Y93.75"), (r"lacrosse", "Y93.65"),
    (r"bowling", "Y93.54"), (r"trampoline", "Y93.44"), (r"cheerleading", "Y93.45"),
    (r"skateboarding|roller[- ]?skating|rollerblading", "Y93.51"), (r"swimming", "Y93.11"),
    (r"running|jogging", "Y93.02"), (r"walking|hiking", "Y93.01"), (r"cooking", "Y93.G3"),
    (r"vacuuming", "Y93.E3"),
)  # fmt: skip
_PLACES: tuple[tuple[str, str], ...] = (
    (r"\b(?:sidewalk|curb)\b", "Y92.480"), (r"\bin (?:a|the) parking lot\b", "Y92.481"),
    (r"\bat (?:the |a )?gym\b", "Y92.39"), (r"\bnursing home\b", "Y92.129"),
)  # fmt: skip
_HAPPENED = re.compile(
    r"\b(?:fell|injur\w+|hurt|hit|struck|accident|twist\w+|slip\w+|trip\w+|bit|bitten|sting|stung|cut|burn\w*"
    r"|dropped|landed|pop|rolled|caught|crash\w*|collid\w+|lifting|lifted|overuse|assault\w*|ran into|stepped|jammed|hyperextended|rear-ended|mv[ac]"
    r"|when|while|after|onset|sustained|scald\w*|bumped|banged|stubbed|punched|kicked|tackled)\b",
    re.IGNORECASE,
)
_DOES_USUALLY = re.compile(
    r"\b(?:enjoys?|likes|usually|participates?|avid|hobb(?:y|ies)|college|league|fan|used to|unable to|avoid|return to"
    r"|stop|retired|plays\b|difficulty|able to|denies|exercis\w+|pain (?:with|when)|every (?:day|morning))\b",
    re.IGNORECASE,
)
_LONG_AGO = re.compile(
    r"\b(?:\d+|several|many|few|couple of) years? ago|\bin the past\b|\bhistory of\b|\bprior\b|\bprevious",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cause:
    """An external cause: its code, and the words of the note that tell it."""

    code: str
    start: int
    end: int


def external_causes(sentences: Iterable[Sentence]) -> tuple[Cause, ...]:
    """How it happened, doing what and where, from the sentences that tell of the injury."""
    told = [
        sentence
        for sentence in sentences
        if _HAPPENED.search(sentence.text) and not _LONG_AGO.search(sentence.text)
    ]
    how = _first(told, _MECHANISMS)
    near = [s for s in told if not _DOES_USUALLY.search(s.text)]
    doing = _first(near, _ACTIVITIES)
    scene = [s for s in near if how is not None and s.start <= how.start < s.end]
    return tuple(each for each in (how, doing, _first(scene, _WHERE)) if each is not None)


def _first(
    sentences: list[Sentence], rules: tuple[tuple[re.Pattern[str], str], ...]
) -> Cause | None:
    for pattern, code in rules:
        for sentence in sentences:
            match = pattern.search(sentence.text)
            if match is not None:
                return Cause(code, sentence.start + match.start(), sentence.start + match.end())
    return None


def _compiled(
    rules: tuple[tuple[str, str], ...], around: str = "{}"
) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(around.format(words), re.IGNORECASE), code) for words, code in rules)


_MECHANISMS = _compiled(_RULES)
_ACTIVITIES = _compiled(_DOING, r"\b(?:{})\b")
_WHERE = _compiled(_PLACES)
