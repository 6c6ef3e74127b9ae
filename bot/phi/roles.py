"""What people are to a patient or to a ward, as words before a name."""

from __future__ import annotations

KIN = (
    r"mother|father|mom|mommy|mum|dad|daddy|pop|sister|brother|sis|bro|wife|husband|spouse|partner|son|daughter|child|baby|infant|twin|kid|aunt|auntie|uncle|cousin|niece|nephew|grand(?:mother|father|ma|pa|son|daughter)"
    r"|step(?:mother|father|mom|dad|son|daughter|sister|brother)|bio(?:logical)?[ ](?:mom|dad|mother|father)|birth[ ](?:mom|dad|mother|father)|foster[ ](?:mom|dad|mother|father|parents?)|fianc[ée]e?|girlfriend|boyfriend|ex|roommate|friend|best[ ]friend|neighbou?r|godmother|godfather|(?:mother|father|sister|brother|son|daughter)-in-law|sibling|parent|widow(?:er)?|buddy|boarder|housemate"
)
WORKER = (
    r"nurse|rn|lpn|cna|np|pa|aide|clerk|tech(?:nician|nologist)?|sitter|trooper|officer|deputy|dep|detective|det|sergeant|sgt|sheriff|captain|lieutenant|chief|inspector|agent|bystander|witness|co-?worker|colleague|recorder|scribe|team[ ]lead(?:er)?|lead|leader|crew|coach|teacher|principal|professor|tutor|faculty|presenter|moderator"
    r"|priest|pastor|rabbi|imam|chaplain|minister|deacon|reverend|elder|landlord|landlady|boss|supervisor|manager|foreman|forewoman|lawyer|attorney|atty|judge|magistrate|guardian|caregiver|caretaker|carer|babysitter|nanny|housekeeper|driver|passenger|pilot|paramedic|medic|emt|firefighter|dispatcher|operator|caller|interpreter|translator|navigator"
    r"|coordinator|counsell?or|therapist|psychologist|psychiatrist|doctor|dr|physician|surgeon|resident|intern|fellow|attending|hospitalist|intensivist|pharmacist|dietitian|nutritionist|midwife|doula|student|preceptor|instructor|trainer|reviewer|adjuster|broker|rep|representative|secretary|receptionist|registrar|coder|biller|auditor|analyst|vendor"
    r"|specialist|assistant|director|president|owner|client|inmate|mister|missus|miss|ms|mrs|mr|madam|sir|donor|phlebotomist|sonographer|radiographer|perfusionist|anesthetist|anesthesiologist|cardiologist|neurologist|oncologist|urologist|nephrologist|radiologist|pathologist|podiatrist|dentist|hygienist|optometrist|orthodontist|dermatologist|pediatrician|obstetrician|gynecologist|endocrinologist|rheumatologist|pulmonologist|gastroenterologist|ophthalmologist|audiologist|chiropractor|acupuncturist|social[ ]worker|case[ ](?:manager|worker)|caseworker|proxy|poa|historian|informant|visitor|volunteer|advocate|liaison|sponsor|decedent|veteran|proband|subject|participant|customer|employee|employer|tenant|(?-i:ME|PI|PHN|RD|DA|AP)"
)
# Words before a name that begin a sentence or say who it is, though somebody is called so.
DOERS = frozenset(
    """call dear human subj apgars fell nurse aide client patient doctor tech rn dr mr mrs ms hi hello hey thanks thank from to cc re via per attn page note see saw told ask tell copy family clinic
    plan page team unit room report progress reach crew buddy officer trooper deputy detective sergeant captain chief judge pastor priest coach teacher
    driver pilot medic sister brother mother father mom dad wife husband son daughter aunt uncle friend neighbor client caller witness inmate student resident intern fellow attending coordinator
    manager director agent clerk reviewer vendor boss foreman minister bishop elder deacon abbot major marshall sheriff steward tutor warden porter page rabbi grandma grandpa advocate examinee interpreter butler carter cook miller mason baker""".split()
) - frozenset(
    "bishop elder abbot major marshall steward warden porter butler carter cook miller mason baker".split()
)
