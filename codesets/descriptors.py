"""What a HCPCS descriptor says of a drug: its names, its maker or trade name, form, route, dose.

"Injection, aripiprazole (abilify maintena), 1 mg" is the drug aripiprazole, the label abilify
maintena, given by injection, billed by the milligram. Descriptors are free text by many hands; what
is read here is only what decides between codes of one drug.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Trait(StrEnum):
    """Form, route and standing that tell codes of one drug apart."""

    INJECTED = "injection"
    ORAL = "oral"
    INHALED = "inhalation"
    NASAL = "nasal"
    TOPICAL = "topical"
    INTRAVENOUS = "intravenous"
    SUBCUTANEOUS = "subcutaneous"
    INTRAMUSCULAR = "intramuscular"
    COMPOUNDED = "compounded"
    APPROVED = "FDA-approved final product"
    CONCENTRATED = "concentrated form"
    UNIT_DOSE = "unit dose form"
    ESRD = "for ESRD on dialysis"
    NON_ESRD = "for non-ESRD use"
    PUMP = "through an infusion pump"
    NOT_EQUIVALENT = "not therapeutically equivalent"
    UNSPECIFIED = "not otherwise specified"
    BIOSIMILAR = "biosimilar"


ROUTES = frozenset({Trait.INJECTED, Trait.ORAL, Trait.INHALED, Trait.NASAL, Trait.TOPICAL})
PARENTERAL = frozenset({Trait.INTRAVENOUS, Trait.SUBCUTANEOUS, Trait.INTRAMUSCULAR})


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A descriptor taken apart; every word is lower case, without dose and form.

    ``names`` are the wordings of the drug that "or" joins, each as words; ``labels`` the trade
    names or makers in parentheses. ``dose`` is what one unit is, as printed, or "".
    """

    names: tuple[tuple[str, ...], ...]
    labels: tuple[tuple[str, ...], ...]
    traits: frozenset[Trait]
    dose: str


_NUMBER = r"\d[\d,]*(?:\.\d+)?(?:\s?x\s?10\s?\^?\s?\d+)?"
_UNIT = (
    r"(?:milligrams?|micrograms?|milliliters?|grams?|millicuries?|microcuries?|mcg|mg|mci|uci|gms?|"
    r"ml|cc|meq|kiu|iu|i\.u\.|units?|usp units?|million units|billion vector genomes|"
    r"vector genomes|plaque forming units|square (?:centimeter|cenitmeter)s?|sq cm|g|u)"
)
_AMOUNT = rf"{_NUMBER}(?:\s?-?\s?(?:million|billion))?\s?{_UNIT}(?:/{_NUMBER}\s?{_UNIT}|/ml)?"
_DOSE = re.compile(
    rf"(?<![\w-])(?:(?:less than or equal to|greater than|up to|over|at least|minimum of|per)\s+)*"
    rf"{_AMOUNT}(?![\w-])"
)
_PER = re.compile(
    r"\bper (?:single )?(?:use |dose )?(?:study dose|treatment dose|therapeutic dose|treatment|dose"
    rf"|vial|patch|implant|unit|study|{_UNIT}(?:\s+(?:length|vwf:rco))?)(?![\w-])"
    r"|,\s*each(?: unit)?\b|\bsingle unit dosage form\b"
)
_EQUIVALENT = re.compile(
    r",?\s*(?:and\s+)?not ther[ae]+peutically equivalent to\s+"
    r"(?:[a-z]\d{4}|maxipime)(?:\s*(?:,|or|and)\s*[a-z]\d{4})*"
)
# What is said in parentheses about who may bill it, and not about the drug.
_ASIDE = re.compile(
    r"\((?:code may be used|central venous|not to be used|not for use|e\.g\.|for circumstances"
    r"|list separately"
    r"|provided|loading|g-csf|gm-csf|up to|for example|\d)[^()]*(?:\([^()]*\)[^()]*)*\)"
)
_TAIL = re.compile(
    r",?\s*fda approved prescription anti-emetic, for use as a complete.*"
    r"|,?\s*for use as a complete therapeutic substitute.*"
    r"|,?\s*including (?:leukapheresis|implants? and supplies).*"
    r"|\bautologous (?:anti-|cd\d|b-cell)[^,]*"
)
_TRAITS: tuple[tuple[Trait, re.Pattern[str]], ...] = (
    (Trait.NON_ESRD, re.compile(r"\(?(?:for )?non[- ]?esrd(?: use)?\)?")),
    (Trait.ESRD, re.compile(r"\(?(?:for |used for )?esrd(?: on dialysis)?\)?|\bon dialysis\b")),
    (Trait.UNSPECIFIED, re.compile(r"\bnot otherwise (?:specified|classified)\b|\(?\bnos\b\)?")),
    (Trait.APPROVED, re.compile(
        r"\bfda[- ]approved(?: final product| prescription)?|\bnon-compounded\b")),
    (Trait.COMPOUNDED, re.compile(r"\bcompounded(?: product| drug)?\b")),
    (Trait.PUMP, re.compile(
        r"for administration through dme \(i\.e\., insulin pump\)|\binsulin pump\b")),
    (Trait.CONCENTRATED, re.compile(r"\bconcentrated(?: form)?\b")),
    (Trait.UNIT_DOSE, re.compile(r"\bunit dose(?: form)?\b")),
    (Trait.INHALED, re.compile(
        r"\b(?:administered as )?inhalation (?:solution|suspension)(?: through a nebulizer)?\b"
        r"|\bfor inhalation\b|\binhalation\b|\bnebuli[sz](?:er|ed)\b|\bnebs?\b|\binhaled\b"
        r"|\badministered through an inhaler\b")),
    (Trait.NASAL, re.compile(r"\bnasal(?: spray)?\b")),
    (Trait.INTRAVENOUS, re.compile(
        r"(?:for )?\bintravenous(?:ly)?\b(?: infusion| injection| use)?"
        r"|\bi\.?v\.?\b(?: push| infusion)?|\bivpb\b|\bivp\b")),
    (Trait.SUBCUTANEOUS, re.compile(
        r"(?:for )?\bsubcutaneous(?:ly)?\b(?: injection| use)?|\bsub-?cut\b|\bsub ?cu\b|\bsub-?q\b"
        r"|\bsq\b(?! cm)|\bsubq\b|\bsc\b")),
    (Trait.INTRAMUSCULAR, re.compile(
        r"(?:for )?\bintramuscular(?:ly)?\b(?: injection| use)?|\bi\.?m\.?(?![\w'])")),
    (Trait.ORAL, re.compile(
        r"\boral(?:ly)?\b(?: dosage form)?|\bp\.?o\.?\b|\btab(?:let)?s?\b|\bcap(?:sule)?s?\b"
        r"|\bby mouth\b")),
    (Trait.TOPICAL, re.compile(r"(?:for )?\btopical(?:ly)?\b(?: administration| use)?")),
    (Trait.BIOSIMILAR, re.compile(r"(?<!excludes )\bbiosimilars?\b")),
    (Trait.INJECTED, re.compile(
        r"^(?:injections?|injectable|infusion)\b,?|\binjections?\b|\binjectable\b|\binj\b\.?"
        r"|\bparenteral\b|\binfusion\b|\bshot\b")),
)  # fmt: skip
# The plain form of a drug, and words that lead to no code.
_DROPPED = re.compile(
    r"\bimmediate release(?: or delayed release)?\b|\bexcludes? biosimilars?\b|\(s\)"
    r"|\bor deriv[ai]tive\b|\bor therapeutically equivalent\b|\bimported\b"
    r"|\badministered through dme\b"
)
_WORD = re.compile(r"[a-z]+|\d+[a-z](?![a-z0-9])|\d+(?:\.\d+)?%?")
_INNER = re.compile(r"\(([^()]*)\)")
# Words in parentheses that describe the substance and name no product.
_PLAIN_LABELS_TEXT = """
human recombinant antihemophilic factor porcine ovine equine bovine lyophilized mal fdg
vitamin k nitrogen mustard purified non derived leukocyte locm hocm ucla nos noc one both ab
d depot suspension contraceptive bendamustine hiv treatment ivig injectable rabbit powder
solution liquid viii ix bmwd drt tm dmso ddi mithramycin
"""
_PLAIN_LABELS = frozenset(_PLAIN_LABELS_TEXT.split())
_FILLER_TEXT = """
and or of for the a an in with to by only use as any type units unit each per form dose
doses use used final product when at on via containing contains nominal least mg ml mcg
"""
_FILLER = frozenset(_FILLER_TEXT.split())


def fold(text: str) -> str:
    """Lower case, plain ASCII letters and hyphens, single blanks."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").replace("µ", "mc"))
    letters = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return " ".join(re.sub(r"[\u2010-\u2015\u2212]", "-", letters).split())


def words_of(text: str) -> tuple[str, ...]:
    """The words of folded text that can name a drug, in order; single letters and numbers stay.

    >>> words_of("injection, c-1 esterase inhibitor")
    ('injection', 'c', '1', 'esterase', 'inhibitor')
    """
    return tuple(word for word in _WORD.findall(text) if word not in _FILLER)


def strip_doses(text: str) -> str:
    """Folded text with every amount blanked out, offsets kept.

    >>> strip_doses("toradol 30 mg im")
    'toradol       im'
    """
    return _DOSE.sub(_blank, text)


def find_doses(text: str) -> tuple[str, ...]:
    """The amounts in folded text, as written, each once, in order.

    >>> find_doses("ceftolozane 50 mg and tazobactam 25 mg, per 1 gm")
    ('50 mg', '25 mg', 'per 1 gm')
    """
    return tuple(dict.fromkeys(match.group().strip() for match in _DOSE.finditer(text)))


def read_traits(text: str) -> tuple[frozenset[Trait], str]:
    """The traits that folded text states, and the text with their words blanked out."""
    found = set()
    for trait, pattern in _TRAITS:
        rest = pattern.sub(_blank, text)
        if rest != text:
            found.add(trait)
            text = rest
    if found & PARENTERAL:
        found.add(Trait.INJECTED)
    return frozenset(found), text


def parse_descriptor(title: str, *, listed: bool = False) -> Descriptor:
    """Take a long descriptor apart.

    ``listed`` says that commas too part names, as in descriptors that list products alone.

    >>> parse_descriptor("Injection, zoledronic acid, 1 mg").names
    (('zoledronic', 'acid'),)
    >>> found = parse_descriptor("Injection, aripiprazole (abilify maintena), 1 mg")
    >>> found.names, found.labels, found.dose
    ((('aripiprazole',),), (('abilify', 'maintena'),), '1 mg')
    """
    folded = text = fold(title)
    oral = ", oral" in text
    for pattern in (_ASIDE, _TAIL, _DROPPED):
        text = pattern.sub(" ", text)
    equivalent = _EQUIVALENT.sub(" ", text)
    traits, rest = read_traits(equivalent)
    if equivalent != text:
        traits |= {Trait.NOT_EQUIVALENT}
    if oral:
        traits |= {Trait.ORAL}
    rest = _PER.sub(" ", _DOSE.sub(" ", _PER.sub(" ", rest)))
    labels = []
    for inner in _INNER.findall(rest):
        found = words_of(inner)
        if found and not _PLAIN_LABELS.issuperset(found):
            labels += [words_of(part) for part in re.split(r"/|\bor\b|,", inner) if words_of(part)]
            rest = rest.replace(f"({inner})", " ")
    return Descriptor(
        names=_alternatives(rest, listed=listed),
        labels=tuple(dict.fromkeys(labels)),
        traits=traits,
        dose=" / ".join(find_doses(folded)),
    )


def _alternatives(text: str, *, listed: bool) -> tuple[tuple[str, ...], ...]:
    """The wordings that "or" joins; the parts between commas that have none belong to each."""
    if listed:
        parts = re.split(r",|\bor\b|\band\b", text)
        return tuple(dict.fromkeys(words for words in map(words_of, parts) if words))
    wordings: list[tuple[str, ...]] = [()]
    for segment in re.sub(r",\s*or\b", " or", text).split(","):
        choices = [words for words in map(words_of, re.split(r"\bor\b", segment)) if words]
        if choices:
            wordings = [(*wording, *choice) for wording in wordings for choice in choices]
    return tuple(dict.fromkeys(wording for wording in wordings if wording))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
