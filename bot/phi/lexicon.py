"""Word lists that tell a name from a word: names, places, ordinary and clinical words, eponyms.

`first_names.txt` and `last_names.txt` are the United States Census Bureau's 1990 name files (public
domain; the 20,000 most frequent surnames) with given names and surnames since then added by hand.
`words.txt` holds words of the Tabular List, the Alphabetic Index and technical prose, and
`vocabulary.txt` the rest of English and of clinical language; `eponyms.txt` holds names that diseases,
signs, tests, scores and instruments carry. `data/SOURCES.md` says where each list comes from.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

from codesets.phrases import read_rows

# Words in capitals or at a line's start that are never part of a name.
LABELS = frozenset(
    """age date dob mrn sex gender male female ssn phone fax email address id no number npi dea
    signature electronically signed reviewed dictated transcribed attending provider physician
    patient pt name diagnosis impression assessment plan history subjective objective allergies
    medications chief complaint hpi pmh psh ros exam vitals labs imaging note notes report time
    seen admitted discharged unknown none denies reports presents states today md rn np pa do phd
    dr mr mrs ms miss account acct policy member insurance room bed unit floor status visit date
    dos year years old yo here there she he they it his her their the a an and or of for with was
    is are has had who whom this that these those at in on to from by as about after before
    jr sr ii iii iv race ethnicity language religion marital telephone cell home work fin csn
    monday tuesday wednesday thursday friday saturday sunday weekend morning evening
    mx hrn ptan subscriber guarantor insured policyholder relationship encounter facility location department clinic hospital service author specimen accession case
    """.split()
)  # fmt: skip
# Endings of medical words that no list can hold in full.
_FIELD = re.compile(
    r"(?:ology|ologic(?:al)?|ologist|istry|iatr(?:y|ic|ics|ist)|facial|[st]ion|imaging|p[a]?edics?|surgery|surgical"
    r"|therapy|therapist|medicine|itis|osis|oses|emia|uria|pathy|ectomy|otomy|ostomy|plasty|scopy|graphy|gram|oma|omas"
    r"|algia|plegia|paresis|penia|philia|phobia|rrhea|rrhage|sclerosis|stenosis|trophy|plasia|megaly|genic|ergic|lytic"
    r"|mycin|cillin|azole|statin|sartan|pril|olol|dipine|gliptin|gliflozin|glutide|mab|nib|parin|oxacin|cycline|vir"
    r"|azepam|barbital|caine|prazole|tidine|setron|triptan|thiazide|semide|lactone|sulin)$"
)
# Reference works, companies and sayings whose names are no patient's.
_KEPT = frozenset({"medicare", "medicaid", "tricare", "lantus", "epic", "cerner"})


# Countries, continents and their peoples: wider than a state, so they survive and name nobody.
WIDE = frozenset(
    """saharan sub africa african america american asia asian australia europe european mexico mexican canada
    canadian india indian china chinese japan japanese korea korean vietnam vietnamese philippines filipino england
    english scotland ireland irish wales britain british france french germany german italy italian spain spanish portugal
    portuguese russia russian ukraine ukrainian poland polish brazil argentina chile peru colombia venezuela ecuador
    bolivia cuba cuban haiti haitian jamaica honduras guatemala nicaragua panama nigeria nigerian ghana kenya
    ethiopia kong somalia somali sudan egypt morocco algeria tunisia libya uganda tanzania rwanda congo
    zimbabwe zambia angola cameroon liberia sierra leone guinea senegal mali pakistan bangladesh nepal
    afghanistan iran iraq syria lebanon turkey greece greek saudi arabia yemen thailand cambodia laos burma
    myanmar malaysia indonesia singapore taiwan mongolia norway sweden swedish denmark finland iceland netherlands
    dutch belgium switzerland swiss austria hungary romania bulgaria serbia croatia bosnia albania usa us uk
    united states kingdom emirates east west central eastern western southern northern midwest
    northeast southeast southwest northwest dominican republic puerto rico trinidad barbados bahamas gambia
    caribbean zealand islands hispanic latino latina caucasian""".split()
)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Casefolded words: names of persons and places, ordinary words, eponyms."""

    first: frozenset[str]
    last: frozenset[str]
    words: frozenset[str]
    eponyms: frozenset[str]
    cities: frozenset[str]
    regions: frozenset[str]
    vocabulary: frozenset[str]
    rare: frozenset[str]
    towns: frozenset[str]

    def is_name(self, word: str) -> bool:
        """Whether a person may be called so."""
        if word in self.first or word in self.last:
            return True
        if word.isascii() and "'" not in word:
            return False
        bare = plain_letters(word)
        return bare in self.first or bare in self.last

    def is_plain(self, word: str) -> bool:
        """Whether ``word`` is an ordinary or clinical word."""
        if word[-1:] == "s" and word[:-1] in self.words and not self.is_name(word):
            return True
        if word in self.words or word in _KEPT:
            return True
        return not self.is_name(word) and self.is_worded(word)

    def is_worded(self, word: str) -> bool:
        """Whether ``word`` stands in the wide vocabulary or ends as medical words do."""
        if word in self.words or word in self.vocabulary or _FIELD.search(word) is not None:
            return True
        return word[-1:] == "s" and (word[:-1] in self.vocabulary or word[:-1] in self.words)


def plain_letters(word: str) -> str:
    """A casefolded word without marks and apostrophes, as the Census writes it.

    >>> plain_letters("o'malley"), plain_letters("nuñez")
    ('omalley', 'nunez')
    """
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in decomposed if letter.isalpha())


def _lines(name: str) -> frozenset[str]:
    text = resources.files("bot.phi").joinpath("data", name).read_text(encoding="utf-8")
    return frozenset(line for line in text.split("\n") if line and not line.startswith("#"))


@cache
def drug_words() -> frozenset[str]:
    """Every word of a trade or generic drug name, casefolded."""
    names = [
        name
        for row in read_rows("drug_names.tsv", ("name", "generic", "drug_class", "long_term_code"))
        for name in row[:2]
    ]
    names += [row[0] for row in read_rows("drug_brands.tsv", ("name", "wording"))]
    return frozenset(
        word.casefold()
        for name in names
        for part in name.split()
        for word in (part, *part.split("-"))
        if len(word) > 1 and word.replace("-", "").isalpha()
    )


@cache
def lexicon() -> Lexicon:
    """The word lists, read once (about 80 ms)."""
    drugs = drug_words()
    first, last = (_lines(name) - WIDE for name in ("first_names.txt", "last_names.txt"))
    return Lexicon(
        first=first,
        last=last,
        words=_lines("words.txt") | drugs | LABELS | WIDE,
        eponyms=_lines("eponyms.txt"),
        cities=_lines("cities.txt"),
        regions=_lines("regions.txt"),
        vocabulary=_lines("vocabulary.txt"),
        rare=_lines("surnames_rare.txt"),
        towns=_lines("towns.txt"),
    )
