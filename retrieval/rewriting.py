"""A question in the classification's own words: abbreviations, lay words and British spelling.

The question is never replaced, only joined by variants: each is searched, and a passage keeps the
best of its scores. A variant that rests on a guess (an abbreviation with several meanings and
nothing around it to decide) weighs a little less than one that does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets import abbreviations
from codesets.spelling import americanize
from retrieval.causes import by_cause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Mend = Callable[[str], str]

MOST_VARIANTS = 7
_WORDS_EXPANDED = 60
"""A longer text is a note; its sentences are searched one by one, each expanded then."""
_ABBREVIATED = 0.93
_SECOND_MEANING = 0.85
_LAY = 0.99
_MENDED = 0.98
_PART = 0.9
"""What a wording weighs that leaves something out: the head or the last part of a list."""
_SPLIT = re.compile(r"\s*[,;:]\s+|\s+[-\u2013\u2014]\s+|-\s+|\s*[()]\s*")

_CONTENT = frozenset(
    {
        abbreviations.Kind.CONDITION,
        abbreviations.Kind.SYMPTOM,
        abbreviations.Kind.STATUS,
    }
)


@dataclass(frozen=True, slots=True)
class Variant:
    """One wording to search, the weight of what it finds, and the words it replaced.

    ``whole`` is False for a part of the question; a part is searched by its words only.
    """

    text: str
    weight: float
    because: str = ""
    whole: bool = True


def variants(text: str, mend: Mend | None = None) -> tuple[Variant, ...]:
    """Wordings of ``text`` to search, the likeliest first; at most MOST_VARIANTS, none repeated.

    ``mend`` gives a text with its unknown words in the spelling of known ones. The whole question
    in its likeliest reading comes first, parts of it last.

    >>> [variant.text for variant in variants("AKI")][:2]
    ['acute kidney injury', 'acute kidney failure']
    """
    words = text.split()
    text = " ".join(words)  # runs of spaces say nothing, and patterns that skip them take long
    text = _BARE_CANCER.sub("cancer unspecified site", text)
    if len(words) > _WORDS_EXPANDED:
        return (Variant(americanize(text), 1.0),)
    mended = _sides(_SUBJECT.sub("", mend(text) if mend is not None else text))
    mended = _ENCOUNTER.sub("", mended) or mended
    mended = _surely(mended)
    found = abbreviations.expand(mended)
    made: list[Variant] = []
    if found:
        made += _expanded(mended, found)
    else:
        made.append(Variant(americanize(mended), 1.0))
    first = made[:2]
    made += [lay for variant in first if (lay := _lay(variant)) is not None]
    made += [formal for variant in first if (formal := _malignant(variant)) is not None]
    made += [told for variant in first[:1] for told in (*_happened(variant), *_drugged(variant))]
    made += [typed for variant in first[:1] if (typed := _typed(variant)) is not None]
    made += [bare for variant in first[:1] if (bare := _unsided(variant)) is not None]
    made[2:2] = [Variant(told, _LAY, why) for told, why in by_cause(first[0].text)]
    if found:
        made.append(Variant(americanize(mended), _ABBREVIATED))
    if mended != text:
        made.append(Variant(americanize(text), _MENDED))
    made += _parts(made[0])
    return tuple(_distinct(made))[:MOST_VARIANTS]


_EMPTY = re.compile(
    r"\W*(?:(?:left|right|bilateral|unilateral|acute|chronic|mild|moderate|severe|closed|open"
    r"|primary|secondary|other|unspecified|unknown|initial|subsequent|sequela|type|stage|grade)"
    r"|[\W\d]|\b\w{1,2}\b)*",
    re.IGNORECASE,
)
"""A part that says no condition by itself."""
_BARE_CANCER = re.compile(
    r"\A\W*(?:(?:the )?(?:pt|patient) (?:has|with) |a |has )?(?:cancers?|carcinomas?)\W*\Z",
    re.IGNORECASE,
)
"""Cancer and nothing else. The Index prints the fear of it (F45.29) as "Cancer (o)", its "phobia"
lost, which no cancer is; the site left open has an entry of its own."""
_SUBJECT = re.compile(
    r"^\W*(?:the |this |a )?(?:pt|patient)s? (?:is |was )?(?:w/|with|has|have|had|c/o"
    r"|diagnosed with"
    r"|known (?:to have|with)|present(?:s|ed|ing)? (?:with|for)|complain(?:s|ed|ing) of)\s+(?=\w)",
    re.IGNORECASE,
)
_ENCOUNTER = re.compile(
    r"\s*[,;(-]?\s*\b(?:initial|subsequent) (?:encounter|visit)\b(?: for)?\W*$"
    r"|\s*[,;]\s*(?:initial|subsequent)\W*$",
    re.IGNORECASE,
)
"""Says only the 7th character; the same in thousands of titles."""
_UNCERTAIN = re.compile(
    r"(?<![\w-])(?:(?:probabl[ey]|possibl[ey]|presumed|presumptive|questionable"
    r"|(?:very |most )?likely"
    r"|suspected|suspect|suspicious for|suspicion of|concern(?:ing)? for|r/o|rule out"
    r"|compatible with|consistent with|c/w|indicative of|suggestive of|appears to be"
    r"|working diagnosis(?: of)?|cannot (?:rule out|exclude))\s+(?=\w)"
    r"|still to be ruled out\W*$)",
    re.IGNORECASE,
)
"""How sure somebody is (II.H, IV.H): whether to code turns on it, what to search does not."""
_OBSERVED = re.compile(
    r"\b(?:observation|encounter|evaluation|ruled out|not found|fetal|fetus|maternal|abuse|neglect"
    r"|exploitation|exposure|newborn)\b",
    re.IGNORECASE,
)
"""Titles that say "suspected" themselves: Z03, Z05, O35, T76."""
_SIDES = (
    (re.compile(r"(?<![\w.\-])(?:[Bb]/[Ll]|[Bb]ilat|BL)(?![\w\-])\.?"), "bilateral"),
    (
        re.compile(
            r"(?<![\w.\-])(?<!\d )(?<!type )(?<!class )(?:L|[Ll]t)(?![\w/\-])\.?(?= *[a-z])"
        ),
        "left",
    ),
    (re.compile(r"(?<![\w.\-])(?<!type )(?<!class )(?:R|[Rr]t)(?![\w/\-])\.?(?= *[a-z])"), "right"),
    (re.compile(r"(?<=[a-z] )(?<!type )L$|(?<=[a-z], )L$"), "left"),
    (re.compile(r"(?<=[a-z] )R$|(?<=[a-z], )R$"), "right"),
)
"""Sides as coders shorten them; "2 L" of oxygen and "L5" are no sides."""
_SHORT_CANCER = re.compile(
    r"(?<!low )(?<!high )(?<!serum )(?<!ionized )(?<!elevated )(?<=[a-z] )ca\b(?![ -]?\d|[-/])"
    r"|^ca\b(?= (?:of )?[a-z]{4})"
)
"""Cancer in small letters, which stands for calcium only beside a level."""


def _sides(text: str) -> str:
    """``text`` with shortened sides and cancers in full.

    >>> _sides("L knee OA, b/l cataracts, h/o breast ca, on 2 L oxygen")
    'left knee OA, bilateral cataracts, h/o breast cancer, on 2 L oxygen'
    """
    for pattern, word in _SIDES:
        text = pattern.sub(word, text)
    return _SHORT_CANCER.sub("cancer", text)


def _surely(text: str) -> str:
    """``text`` without words of doubt, unless the classification has codes for the doubt itself.

    >>> _surely("probable pneumonia"), _surely("observation for suspected sepsis")
    ('pneumonia', 'observation for suspected sepsis')
    """
    if _OBSERVED.search(text):
        return text
    return _UNCERTAIN.sub("", text) or text


_PARTICIPLES = {
    "fractured": "fracture", "broken": "fracture", "dislocated": "dislocation", "torn": "tear",
    "sprained": "sprain", "strained": "strain", "lacerated": "laceration", "ruptured": "rupture",
    "bruised": "contusion", "perforated": "perforation", "obstructed": "obstruction",
    "infected": "infection", "herniated": "displacement", "burned": "burn", "burnt": "burn",
    "amputated": "traumatic amputation", "inflamed": "inflammation", "dilated": "dilatation",
}  # fmt: skip
_DONE = re.compile(rf"\b({'|'.join(_PARTICIPLES)})\b(?= [a-z])", re.IGNORECASE)


def _happened(variant: Variant) -> list[Variant]:
    """What happened to a part as the Index leads with it: "fractured hip" is a fracture of hip."""
    match = _DONE.search(variant.text)
    if match is None:
        return []
    rest = f"{variant.text[: match.start()]}{variant.text[match.end() + 1 :]}"
    noun = _PARTICIPLES[match[1].casefold()]
    because = "; ".join(filter(None, (variant.because, f"{match[1]} = {noun}")))
    return [Variant(f"{noun} of {rest.strip()}", variant.weight * _LAY, because)]


_DIABETES = re.compile(r"\b(?:diabetes(?: mellitus)?|diabetic)\b", re.IGNORECASE)
_TYPE_SAID = re.compile(
    r"\btype|due to|secondary|induced|drug|steroid|pancrea|underlying|other specified|gestation"
    r"|pregnan|neonat|newborn|insipidus|juvenile|autoimmune|lada|mody|monogenic|cystic|postproc"
    r"|pre-?diabet|family|history|screen|\b(?:t1|t2|1|2|i|ii)\b|latent|bronze|insulin[- ]dep",
    re.IGNORECASE,
)


def _typed(variant: Variant) -> Variant | None:
    """Diabetes whose type is not documented, as type 2: its default (I.C.4.a.2)."""
    if not _DIABETES.search(variant.text) or _TYPE_SAID.search(variant.text):
        return None
    text = _DIABETES.sub("type 2 diabetes mellitus", variant.text, count=1)
    because = "; ".join(filter(None, (variant.because, "no type documented = type 2")))
    return Variant(text, variant.weight * _LAY, because)


_SIDED = re.compile(
    r"\b(?:left|right)\s+(?=\w)|,?\s*\b(?:left|right)\b(?=\s*(?:,|$))", re.IGNORECASE
)
_BROKEN = re.compile(r"\bfractured?\b", re.IGNORECASE)


def _unsided(variant: Variant) -> Variant | None:
    """A fracture without its side: entries of the Index name sites, and codes then the side."""
    if not _BROKEN.search(variant.text) or not _SIDED.search(variant.text):
        return None
    return Variant(_SIDED.sub("", variant.text, count=1), variant.weight * _LAY, variant.because)


_TAKEN = re.compile(
    r"\b(?:overdos\w*|poison\w*|toxicity|ingest\w*|underdos\w*"
    r"|(?:adverse|side) (?:effect|reaction)s?"
    r"|took too (?:much|many))\b",
    re.IGNORECASE,
)


def _drugged(variant: Variant) -> list[Variant]:
    """A drug that did harm under its generic name, and as T36 to T50 word the class it is in."""
    if not _TAKEN.search(variant.text):
        return []
    made = []
    for match in abbreviations.find_drugs(variant.text)[:1]:
        generic = match.drugs[0].generic
        text = f"{variant.text[: match.start]}{generic}{variant.text[match.end :]}"
        because = "; ".join(filter(None, (variant.because, f"{match.surface} = {generic}")))
        made.append(Variant(text, variant.weight * _LAY, because))
        made += [
            Variant(term.index_wording, variant.weight * _LAY, because)
            for term in abbreviations.lay(f"{generic} poisoning")[:1]
        ]
    return made


def _parts(variant: Variant) -> list[Variant]:
    """The head of a list ("hypomagnesemia, due to alcohol abuse") and its last part."""
    pieces = [piece for piece in _SPLIT.split(variant.text) if piece]
    if len(pieces) < 2:
        return []
    pieces = [piece for piece in pieces if not _EMPTY.fullmatch(piece)]
    if not pieces:
        return []
    ends = dict.fromkeys((pieces[0], pieces[-1]))
    return [Variant(end, variant.weight * _PART, f"only {end}", whole=False) for end in ends]


def _expanded(text: str, found: list[abbreviations.Expansion]) -> list[Variant]:
    because = ", ".join(f"{each.surface} = {each.meanings[0].spoken}" for each in found)
    spoken = [each.meanings[0].spoken for each in found]
    printed = [each.meanings[0].index_wording for each in found]
    made = [
        Variant(americanize(_replaced(text, found, spoken)), 1.0, because),
        Variant(americanize(_replaced(text, found, printed)), 1.0, because),
    ]
    for place, each in enumerate(found):
        if each.decided:
            continue
        for meaning in each.meanings[1:3]:
            if meaning.kind in _CONTENT:
                wording = [*spoken[:place], meaning.spoken, *spoken[place + 1 :]]
                reason = f"{each.surface} = {meaning.spoken}"
                other = americanize(_replaced(text, found, wording))
                made.append(Variant(other, _SECOND_MEANING, reason))
    return made


def _lay(variant: Variant) -> Variant | None:
    """The variant with its lay phrases in the classification's words."""
    matches = {match.start: match for match in abbreviations.find_lay_terms(variant.text)}
    if not matches:
        return None
    pieces: list[str] = []
    position = 0
    for start in sorted(matches):
        match = matches[start]
        pieces += [variant.text[position:start], match.term.index_wording]
        position = match.end
    pieces.append(variant.text[position:])
    because = "; ".join(
        part
        for part in (
            variant.because,
            ", ".join(f"{m.surface} = {m.term.index_wording}" for m in matches.values()),
        )
        if part
    )
    return Variant("".join(pieces), variant.weight * _LAY, because)


_CANCER = re.compile(
    r"\b(?:primary )?(?:cancers?|carcinomas?|ca|malignant tumou?rs?|malignanc(?:y|ies))\b"
    r"(?: of)?(?: the)?",
    re.IGNORECASE,
)
_NOT_PRIMARY = re.compile(
    r"in situ|stage 0|metasta|secondary|history|h/o|screen|family|malignant (?!tumou?r)|antigen"
    r"|\b(?:ca|cancer|carcinoma) ?(?:125|19)",
    re.IGNORECASE,
)


def _malignant(variant: Variant) -> Variant | None:
    """Cancer of a site as the Tabular titles it: malignant neoplasm of the site (C00 to C80)."""
    if _NOT_PRIMARY.search(variant.text) or not _CANCER.search(variant.text):
        return None
    site = " ".join(_CANCER.sub(" ", variant.text).split())
    if not site:
        return None
    because = "; ".join(filter(None, (variant.because, "cancer = malignant neoplasm")))
    return Variant(f"malignant neoplasm of {site}", variant.weight * _LAY, because)


def _replaced(text: str, found: list[abbreviations.Expansion], wording: Iterable[str]) -> str:
    pieces: list[str] = []
    position = 0
    for each, words in zip(found, wording, strict=True):
        pieces += [text[position : each.start], words]
        position = each.end
    pieces.append(text[position:])
    return "".join(pieces)


def _distinct(made: Iterable[Variant]) -> Iterable[Variant]:
    seen: set[str] = set()
    for variant in made:
        key = " ".join(variant.text.casefold().split())
        if key and key not in seen:
            seen.add(key)
            yield variant
