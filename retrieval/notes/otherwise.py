"""Conditions that notes word as adjectives, habits or organisms, with the code each leads to.

Each line: the words, then the record of the Tabular they mean by themselves. Only what a coder
would look up under another word stands here; what the release words itself is in the lexicon.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

_TABLE = r"""
ex[- ]?smoker|former smoker|previous smoker|quit smoking|stopped smoking|past smoker = Z87.891
smok(?:er|es|ed)|active smok\w+|cigarettes?(?: (?:a|per|/) ?day|/day| daily)?|pack[- ]years?|tobacco (?:use|user|abuse|habit)|smoking habit = F17.200
alcoholic|heavy drink\w+|alcohol (?:abuse|consumption|intake|habit)|drinks alcohol|enolic habit|drinker = F10.90
cocaine (?:use|user|abuse) = F14.10
(?:intravenous|iv|parenteral|injection) drug (?:use|user|abuse|addict\w*)|drug addict\w* = F19.10
diabetic = E11.9
hypertensive = I10
asthmatic = J45.909
obese = E66.9
epileptic = G40.909
anemic = D64.9
febrile|feverish = R50.9
tachycardic = R00.0
bradycardic = R00.1
hypotensive = I95.9
dyspneic|breathless = R06.00
cyanotic = R23.0
icteric|jaundiced|icterus|ictericia = R17
edematous|oedematous = R60.9
erythematous|redness|reddened = L53.9
necrotic|necrosis|gangrenous = I96
painful|pains|aching = R52
hemorrhagic|haemorrhagic|bleeds?|bled|bleeding|hemorrhages? = R58
pale|paleness|pallor = R23.1
sweating|sweats|sweaty|diaphoretic|diaphoresis = R61
drows\w+|somnolent = R40.0
(?:decreas\w+|reduced|reduction (?:of|in)|loss of|low|diminished|poor|worsening of) (?:\w+ )?(?:vision|visual acuity)|blind(?:ness)?|amaurosis = H54.7
blurred vision = H53.8
scars?|scarring|cicatricial = L90.5
wounds?|lesions? of trauma\w*|traumatisms?|trauma|traumatic = T14.90XA
metasta(?:sis|ses|tic|sized)|dissemination of the tumou?r = C79.9
(?:hepatic|liver) metasta\w+|metasta\w+ (?:to|in|of) the liver = C78.7
(?:pulmonary|lung) metasta\w+|metasta\w+ (?:to|in|of) the lungs? = C78.00
(?:bone|osseous|bony) metasta\w+ = C79.51
(?:brain|cerebral) metasta\w+ = C79.31
(?:lymph(?: ?node)?|nodal|lymphatic) metasta\w+|metasta\w+ (?:to|in|of) (?:the )?lymph = C77.9
(?:tumou?ral|neoplastic)|neoplas(?:m|ia)|tumou?rs? = D49.9
(?:lymph ?aden|aden)opath(?:y|ies)|enlarged (?:lymph )?nodes? = R59.9
staphylococcus aureus|s\. aureus = B95.61
staphylococc\w+ = B95.8
streptococc\w+ = B95.5
enterococc\w+ = B95.2
(?:escherichia|e\.) ?coli = B96.20
klebsiella = B96.1
pseudomonas = B96.5
proteus mirabilis = B96.4
(?:haemophilus|hemophilus) influenzae = B96.3
helicobacter(?: pylori)?|h\. ?pylori = B96.81
(?:cytomegalovirus|cmv)(?: infection| disease)? = B25.9
virus(?:es)?|viral = B97.89
heart disease|cardiopathy|cardiac (?:disease|involvement) = I51.9
(?:testicular|scrotal) (?:pain|discomfort)|orchialgia|painful testic(?:le|is) = N50.819
(?:testicular|testis|scrotal) (?:mass(?:es)?|nodules?|lesions?|enlargement)|(?:mass|nodule|lesion) (?:of|in|on) the (?:right |left )?test(?:icle|is) = N50.89
(?:voiding|micturition|urinary) (?:symptoms?|syndrome|discomfort|complaints?|problems?)|lower urinary tract symptoms = R39.9
(?:renal|kidney) (?:cell )?(?:adeno)?carcinomas?|(?:renal|kidney) cancers?|hypernephroma = C64.9
(?:renal|kidney) (?:tumou?rs?|neoplasms?) = D49.519
(?:palpebral |eyelid |lid )?ptosis(?! of the (?:breast|kidney|stomach))|droop(?:ing|y) (?:eye)?lids? = H02.409
(?:urinary )?bladder (?:tumou?rs?|neoplasms?) = D49.4
(?:bladder|vesical) (?:mass(?:es)?|lesions?|wall thickening|induration) = N32.9
(?:testicular|testis) (?:tumou?rs?|neoplas(?:ms?|ia)) = D49.59
(?:penile|glans) (?:mass(?:es)?|lesions?|pain) = N48.9
(?:skin|cutaneous) (?:changes|discolou?ration) = R23.8
(?:intestinal|bowel|colonic) (?:perforation|lesions?) = K63.9
candida(?: albicans)?|candid\w+ = B37.9
hiv(?:[- ](?:positive|infect\w+))? = B20
(?:hepatitis c virus|hcv) = B19.20
(?:hepatitis b virus|hbv) = B19.10
(?:deteriorat\w+|loss|worsening|decrease|impairment) (?:of|in) (?:the )?(?:renal|kidney) function|(?:renal|kidney) function (?:deteriorat\w+|worsen\w+)|renal (?:impairment|deterioration) = N28.9
(?:renal|kidney|ureteral|urinary) lithiasis = N20.0
(?:skin|cutaneous) (?:necrosis|ulceration) = L98.499
(?:renal|kidney) (?:lesions?|mass(?:es)?|disease|insufficiency|dysfunction) = N28.9
(?:liver|hepatic) (?:lesions?|disease|dysfunction) = K76.9
(?:skin|cutaneous) lesions? = L98.9
(?:bone|osseous|bony|lytic) lesions? = M89.9
(?:brain|cerebral) lesions? = G93.9
(?:lung|pulmonary) (?:nodules?|lesions?|mass(?:es)?) = R91.8
(?:abdominal|pelvic|inguinal) mass(?:es)? = R19.00
mass(?:es)?|lumps?|nodules? = R22.9
(?:abdominal|epigastric|hypogastric|iliac fossa|flank|lumbar fossa|right upper quadrant|pelvic)\b.{0,20}\bpain|pain in (?:the )?(?:right |left |lower |upper )*(?:iliac fossa|abdomen|hypochondrium|flank|hypogastrium|epigastrium) = R10.9
(?:low(?:er)? back|lumbar|back|dorsal|lumbosacral) pain|lumbago|low back ache = M54.50
(?:leg|arm|limb|thigh|foot|hand|heel|calf|extremity) pain|pain in (?:the |his |her )?(?:right |left |lower |upper )*(?:legs?|arms?|limbs?|thighs?|foot|feet|hands?|extremit\w+) = M79.609
(?:joint|knee|hip|shoulder|ankle|wrist|elbow) pain|pain in (?:the |his |her )?(?:right |left )?(?:joints?|knees?|hips?|shoulders?|ankles?|wrists?|elbows?)|arthralgias? = M25.50
syncope|syncopal|passed out|faint(?:ed|ing) = R55
dizzy|dizziness|giddiness|light[- ]?headed(?:ness)? = R42
unconscious\w*|loss of consciousness|comatose = R40.20
(?:abdominal )?(?:distension|distention|bloating) = R14.0
swelling|swollen|tumefaction = R60.9
weight loss|lost weight|loss of weight = R63.4
asthenia|weak(?:ness)?|tired(?:ness)?|malaise = R53.1
anorex\w+|loss of appetite|poor appetite = R63.0
(?:high|elevated|increased|raised) (?:transaminases|liver enzymes|got|gpt|alt|ast|ggt) = R74.01
(?:high|elevated|increased) (?:esr|vsg|crp|sedimentation rate|c-reactive protein) = R70.0
leukocytosis|neutrophilia = D72.829
leukopenia|neutropenia = D70.9
(?:low|decreased) platelets|thrombopenia = D69.6
hyperbilirubinemia|(?:high|elevated|increased) bilirubin = E80.6
proteinuria = R80.9
(?:mechanical(?:ly)? ventilat\w+|intubat\w+) = Z99.11
(?:hemo|haemo)?dialy\w+ = Z99.2
illness(?:es)?|diseases?|patholog(?:y|ies) = R69
lithiasis = N20.9
gastroenteritis = K52.9
"""


class Otherwise(NamedTuple):
    """Words of a text, where they stand, and the code they mean by themselves."""

    start: int
    end: int
    code: str


@cache
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = (line.rpartition(" = ") for line in _TABLE.strip().splitlines())
    return tuple((re.compile(rf"\b(?:{words})\b", re.IGNORECASE), code) for words, _, code in rows)


def codes() -> tuple[str, ...]:
    """Every code of the table."""
    return tuple(code for _, code in _rules())


def worded_otherwise(text: str) -> list[Otherwise]:
    """What ``text`` names in these words, in order of the table."""
    return [
        Otherwise(match.start(), match.end(), code)
        for pattern, code in _rules()
        for match in pattern.finditer(text)
    ]
