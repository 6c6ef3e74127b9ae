"""Word lists that tell a name from a word: names, places, ordinary and clinical words, eponyms.

`first_names.txt` and `last_names.txt` are the United States Census Bureau's 1990 name files (public
domain; the 20,000 most frequent surnames) with given names and surnames since then added by hand.
`words.txt` holds words of the Tabular List, the Alphabetic Index and technical prose; `eponyms.txt`
holds names that diseases, signs, tests, scores and instruments carry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from codesets.phrases import read_rows

# Nouns that turn a name before them into a clinical term: "Colles fracture", "Foley catheter".
HEADS = frozenset(
    """agglutination amputation anastomosis anemia anomaly antibody antigen aphasia approach area
    arteritis arthroplasty assessment ataxia atrophy bag balloon bandage bath block blood bodies
    body boot brace breathing bypass canal cannula carcinoma cast catheter cells cell chart chorea
    circle clamp class classification clip coagulopathy cohort collar complex contraction
    contractions contracture corpuscle corpuscles crisis criteria curve cyst cysts dance deafness
    deformity dementia device dialysis diet disease diseases disorder dissection diverticulum drain
    drains duct dyskinesia dysplasia dystrophy ear edema elbow elevator encephalitis encephalopathy
    enteropathy epilepsy equation erythema esophagus exam exercise exercises exponent eye facies
    factor fascia fever fibers filter finger fissure fistula fixation flap foot foramen forceps
    formula fossa fracture fractures frame gangrene gene gland glands glands' grade grading graft
    granuloma granulomatosis hammer hand head heads hepatitis hernia hook hump hydrocele incision
    index infection inventory jelly joint juice keratitis knee knife knot lamp law lactate lesion
    lesions leukemia ligament light line lines lipoma lobe loop lymphoma malformation maneuver
    manoeuvre mask membrane meningitis metamorphosis method mole morphea mutation murmur myelopathy
    myopathy needle nephritis nephropathy neuralgia neuroma neuropathy node nodes nodule nodules
    nystagmus operation osteotomy palsy pancreatitis panel papule papules paralysis patch patches
    phenomenon phenotype pin pins plaque plaques plate plexus pneumonia point position pouch
    prep procedure prognathism projection prosthesis protein protocol psychosis pulse pump purpura
    puzzle quadriplegia questionnaire rash ratio reaction reduction reflex reflux regimen repair
    respiration respirations retractor ring rings rod rods root rule sac sarcoma scale scan scarlet
    scissors score scores screen screw shunt sign signs skin sling smear solution sores sore
    speculum sphincter spine splint spot spots spur stage staging stain stains stapler stent
    stenosis stitch strip strips stroke suture sutures symptom symptoms syndrome system teeth
    tensor test tests tetralogy thrombophlebitis thyroiditis toe tonometry triad triangle trial tube
    tubercle tumor tumors ulcer ulcers valve variant vein virus view wave web wire wires withdrawal
    wire yoke zone rules nails nail wonderland pupil pupils jaw jaws wort maneuvers manoeuvres eyes mandible heart lung liver spleen kidney bladder tooth stripe agar medium broth culture fundoplication shunts stitches brace paronychia purpurae tic tics paraplegia graph chair cane crutch bed lift walker
    type table dressing paste ointment salts dwarfism gait posture sequence anesthesia blockade osteodystrophy
    """.split()
)  # fmt: skip
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
    bolivia cuba cuban haiti haitian jamaica honduras guatemala salvador nicaragua panama nigeria nigerian ghana kenya
    ethiopia hong kong somalia somali sudan egypt morocco algeria tunisia libya uganda tanzania rwanda congo
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

    def is_name(self, word: str) -> bool:
        """Whether a person may be called so."""
        return word in self.first or word in self.last

    def is_plain(self, word: str) -> bool:
        """Whether ``word`` is an ordinary or clinical word."""
        if word[-1:] == "s" and word[:-1] in self.words and not self.is_name(word):
            return True
        return word in self.words or word in _KEPT or _FIELD.search(word) is not None


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
    """The word lists, read once (about 20 ms)."""
    drugs = drug_words()
    first, last = (_lines(name) - WIDE for name in ("first_names.txt", "last_names.txt"))
    return Lexicon(
        first=first,
        last=last,
        words=_lines("words.txt") | drugs | LABELS | WIDE,
        eponyms=_lines("eponyms.txt"),
        cities=_lines("cities.txt"),
        regions=_lines("regions.txt"),
    )
