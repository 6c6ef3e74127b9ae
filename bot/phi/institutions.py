"""Institutions by name: where somebody is treated, lives, learns, prays or works.

A name of an institution is capitalised words before a noun of institutions; at least one of them must
be no word of a kind of institution ("Mercy Ridge Medical Center" goes, "Wound Care Clinic" stays).
An employer is whatever capitalised words stand behind "works for" or "retired from".
45 CFR 164.514(b)(2)(i) speaks of the individual's employers and of places below state.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.phi.heads import HEADS, NEAR_HEADS
from bot.phi.lexicon import WIDE, drug_words, lexicon
from bot.phi.records import Identifier, Span
from bot.phi.strangers import kind

if TYPE_CHECKING:
    from collections.abc import Iterator

_CAP = r"(?:St\.|Mt\.|Ft\.|Dr\.|[A-ZÀ-Þ][\w'’\-]*)"
_JOIN = r"[ ](?:of[ ]|and[ ]|&[ ]|the[ ]|de[ ])*"
_KIND = (
    r"(?:Hospitals?|Medical[ ](?:Center|Centre|Ctr|Group|Associates|Plaza|Park|Clinic|Partners)|Med(?:ical)?[ ]Ctr|Health(?:care)?[ ](?:System|Center|Network|Partners|Services|Department|Clinic|Care[ ]System)"
    r"|Health|Healthcare|HealthCare|Clinics?|Hospice|Infirmary|Sanatorium|Sanitarium|Nursing(?:[ ](?:Home|Center|Facility|(?:and|&)[ ]Rehab(?:ilitation)?(?:[ ]Center)?))|Rehab(?:ilitation)?(?:[ ](?:Center|Hospital|Institute|Facility))?"
    r"|(?:Care|Surgery|Surgical|Cancer|Heart|Imaging|Dialysis|Kidney|Wellness|Community|Senior|Treatment|Recovery|Trauma|Birth|Women['’]s|Children['’]s|Birthing|Medical|Endoscopy|Eye|Pain|Sleep|Infusion|Outpatient|Ambulatory|Counseling|Crisis|Detention|Diagnostic)[ ](?:Center|Centre|Ctr|Institute|Pavilion|Clinic)"
    r"|Institute|Memorial|Regional|General|Methodist|Presbyterian|Lutheran|Adventist|Medical[ ]School|(?:Physicians|Pediatrics|Orthop(?:a)?edics|Cardiology|Dermatology|Oncology|Family[ ](?:Practice|Medicine|Health|Physicians)|Internal[ ]Medicine|Dental|Primary[ ]Care|Urgent[ ]Care|(?:Family|Internal|Sports)[ ]Med|Peds|Eye[ ]Care|Physical[ ]Therapy|Home[ ](?:Health|Care)|Behavioral[ ]Health|Mental[ ]Health)(?:[ ](?:Group|Associates|Clinic|Center|Partners|Care|Services|Agency))?"
    r"|(?:Oral[ ]Surgery|Endodontics|Orthodontics|Periodontics|Dentistry|Chiropractic|Optometry|Audiology|Podiatry|Neurology|Urology|Gastroenterology|Nephrology|Rheumatology|Endocrinology|Pulmonology|Psychiatry|Psychology|Counseling|Veterinary|OB/?GYN|ENT|Allergy|Surgery|Anesthesia|Pathology|Fertility|IVF|Midwifery|Eye[ ]Associates|Vision|Hearing|Rehab)"
    r"|[Cc]linic|[Hh]ospital|[Pp]lant|[Ff]actory|[Ww]arehouse|[Tt]railer[ ]park|[Aa]partments?|[Ss]helter|[Nn]ursing[ ]home|[Rr]ehab|[Hh]ospice|[Rr]espite|[Cc]hurch|[Ss]chool|[Pp]harmacy|[Ss]tore|[Pp]rison|[Jj]ail|[Cc]ampus|[Ff]arm|[Mm]ill|[Rr]anch|[Cc]asino|[Mm]all|[Hh]otel|[Mm]otel|[Dd]iner|[Oo]ffice[ ]park|[Uu]rgent[ ]care|[Dd]ialysis[ ](?:center|unit)|[Cc]are[ ]center|[Cc]ommunity[ ]center|[Ss]enior[ ]center|[Aa]ssisted[ ]living|[Gg]roup[ ]home|[Ff]acility"
    r"|(?:Heart|Medical|Dental|Surgical|Vascular|Physicians?|Eye|Kidney|Cancer|Health|Care|Clinic|Spine|Hand|Sports)[ ](?:Group|Specialists|Associates)|Wom[ae]n['’]s[ ](?:Care|Health|Clinic|Center|Hospital)|Children['’]s(?:[ ](?:Hospital|Clinic|Center))?|Tires?|Catfish|Cannery|Orchards?|Nursery|Garage|Auto|Deli|Pizza|Market|Laundry|Cleaners|Hardware|Lumber|Seafood|Packing|Meats|Trailers|Center|Centre|Congregation|Fellowship|Assembly|AME|Zion|Parish|Picnic|picnic|Fair|fair|Festival|festival|underpass|bridge|Bridge|Pier|Station|station|Island|Isle|Beach|Harbor|Middle(?=[\n,.])"
    r"|Pharmacy|Drugs?(?:tore)?|Drug[ ]Store|Apothecary|Laborator(?:y|ies)|Labs|Diagnostics|Radiology|Imaging|Dialysis|Ambulance|EMS|Hospice(?:[ ]Care)?|Home[ ]Health|Manor|Villa|Village|Gardens|Estates|Lodge|House|Haven|Terrace|Commons|Pointe|Acres|Assisted[ ]Living|Senior[ ]Living|Memory[ ]Care|Retirement(?:[ ](?:Community|Home|Village|Center))?|Group[ ]Home"
    r"|(?:Elementary|High|Middle|Primary|Charter|Prep(?:aratory)?|Grade|Junior[ ]High|Law|Nursing|Medical|Day)[ ]School|Elementary|School(?:[ ]District)?|University|College|Academy|Preschool|Daycare|Day[ ]Care|Kindergarten|Head[ ]Start|Montessori"
    r"|Church|Temple|Mosque|Synagogue|Cathedral|Chapel|Ministries|Tabernacle|Prison|Jail|Correctional(?:[ ](?:Facility|Institution|Center))?|Penitentiary|Detention|Reformatory|Shelter|Mission|Police(?:[ ]Department)?|Sheriff(?:['’]s[ ](?:Office|Department))?|Fire(?:[ ](?:Department|Dept|Rescue))|Airport|Hotel|Motel|Inn|Resort|Casino|Mall|Home(?!\w)|Apartments|Towers?|Condominiums|Trailer[ ]Park|Mobile[ ]Home[ ]Park|RV[ ]Park|Campground|State[ ]Park|Country[ ]Club|Golf[ ]Club|YMCA|Air[ ]Force[ ]Base|AFB|Army[ ]Base"
    r"|(?:&[ ]|and[ ])(?:Sons|Daughters|Brothers|Bros\.?|Associates|Company|Co\.?|Partners)|Funeral[ ]Home|Mortuary|Cremation|Inc|LLC|Corp(?:oration)?|Company|Co|Industries|Enterprises|Construction|Trucking|Logistics|Foods|Motors|Automotive|Poultry|Farms?|Dairy|Bakery|Restaurant|Cafe|Diner|Grill|Insurance|Bank|Credit[ ]Union|Realty|Plumbing|Electric|Roofing|Landscaping|Steel|Manufacturing|Mills?|Mine|Brewery|Winery|Vineyards?|Ranch|Salon|Barbershop|Foundation|Society|Union[ ]Local|Airlines|ISD|USD|Freight|Transport|Shipping|Supply|Solutions|Systems|Technologies|Holdings|Logistics|Brands|Stores|Markets?|Grocery|Airways|Railroad|Transit|Public[ ]Library|Library|Museum|Theat(?:er|re)|Arena|Stadium)"
)
_NAMED = re.compile(
    rf"(?<![\w/.@\-])(?P<v>{_CAP}(?:{_JOIN}{_CAP}){{0,4}}?(?:[ ]|,[ ]|[ ]&[ ]){_KIND}(?:(?:[ ]|{_JOIN}){_KIND}){{0,2}}(?:[ ](?:Service|Services)(?:[ ][A-Z][a-z]+)?)?(?:[ ]on[ ](?!Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:[A-Z]\w+|\d+(?:st|nd|rd|th))(?:[ ](?:St|Ave|Rd))?)?(?:[ ](?:West|East|North|South|Central|House|Campus|Downtown|downtown|Inc\.?|LLC))?(?:[ ]&[ ](?:Sons|Bros|Co))?)(?![\w\-])(?!\.\w)"
)
_LOUD_KIND = re.compile(
    r"(?<![\w\-.])(?P<v>(?:[A-Z][A-Z'’.&\-]*[ ]){1,5}(?:HOSPITAL|MEDICAL (?:CENTER|CTR|GROUP|ASSOCIATES)|HEALTH (?:SYSTEM|CENTER|NETWORK)|HEALTHCARE|HEALTH|CLINIC|HOSPICE|NURSING HOME|(?:REHAB(?:ILITATION)?|CARE|SURGERY|SURGICAL|CANCER|IMAGING|DIALYSIS) (?:CENTER|HOSPITAL)|MEMORIAL|REGIONAL|GENERAL|PHARMACY|LABORATOR(?:Y|IES)|UNIVERSITY|ELEMENTARY|HIGH SCHOOL|PEDIATRICS|URGENT CARE|FAMILY (?:PRACTICE|MEDICINE|HEALTH)|PHYSICIANS|ASSOCIATES|INSTITUTE|MEDICINE CLINIC|IMAGING|RADIOLOGY|ORTHOPEDICS|DENTAL|HOME HEALTH|SCHOOL|ACADEMY|COLLEGE|MANOR))(?![\w])"
)
_OF_PLACE = re.compile(
    rf"\b(?P<v>(?:University|Hospital|College|Church|Diocese|Archdiocese|Port|Bank|City|Sisters|Children['’]s[ ]Hospital|School[ ]District)[ ]of[ ](?:the[ ])?{_CAP}(?:[ ]{_CAP}){{0,3}})"
)
# Institutions that carry a saint's name or a word of faith and nothing else.
_SAINTLY = re.compile(
    r"(?<![\w\-])(?P<v>(?:(?:St\.?|Saint|Ste\.?|Sts\.?|San|Santa)[ ][A-ZÀ-Þ][\w\-]+(?:['’]s)?|(?:Our[ ]Lady[ ]of|Church[ ]of|Sisters[ ]of|Temple|Mount|Congregation)[ ](?:the[ ])?[A-Z]\w+(?:[ ][A-Z]\w+)?"
    r"|(?:Sacred[ ]Heart|Good[ ](?:Samaritan|Shepherd)|(?:Holy|Immaculate|Blessed|Divine)[ ][A-Z]\w+|First[ ](?:Baptist|Methodist|Presbyterian|Lutheran|United|Christian|Assembly|Congregational)|Mount[ ]Sinai|Beth[ ]Israel|Trinity[ ](?:Lutheran|Methodist)|Calvary|Bethel|Providence|Mercy|University[ ]Hospitals?(?:[ ]of)?[ ][A-Z]\w+)))(?:['’]s)?(?![\w\-])"
)
_LOUD_SAINT = re.compile(
    r"(?<![\w\-])(?P<v>SACRED HEART|GOOD (?:SAMARITAN|SHEPHERD)|HOLY (?:CROSS|FAMILY|NAME|SPIRIT)|OUR LADY OF [A-Z]+|ST\.? [A-Z]{4,}(?:'?S)?(?= (?:HOSPITAL|MEDICAL|CLINIC|CENTER)| ?/|\n|\Z)|MOUNT SINAI|BETH ISRAEL)(?![\w\-])"
)
_QUIET_KIND = re.compile(
    r"(?<![\w\-])(?:at|to|from|near)[ ](?:the[ ])?(?P<v>(?:[a-z]+[ ]){1,3}?(?:hospitals?(?:[ ](?:west|east|north|south))?|clinic|medical[ ]center|health[ ]center|pediatrics|general|regional|memorial|nursing[ ]home|hospice|surgery[ ]center|dialysis|pharmacy|elementary|high[ ]school|university|college|manor|church))(?=[ ]*(?:[.,;)\n]|\Z|(?:and|on|for|in|with|where|this|last|since|about|end|period|because|who|to|by|he|she|today|yesterday|tomorrow|when|or|but)\b))"
    r"|(?<![\w\-])(?:at|to|from|near)[ ](?:the[ ])?(?P<w>sacred[ ]heart|good[ ]samaritan|good[ ]shepherd|holy[ ](?:cross|family|name|spirit)|our[ ]lady[ ]of[ ]\w+|(?:st\.?|saint)[ ](?!status)[a-z]+(?:['’]s|s)?|mount[ ]sinai|beth[ ]israel)(?![\w])"
)
_CORNER = re.compile(
    r"(?<![\w.\-])(?P<v>\d{1,3}(?i:st|nd|rd|th)[ ](?:(?:Ave|St|Street|Avenue|Rd|Road|Blvd)\.?[ ])?(?:and|AND|&|at)[ ](?:(?!AND|OR|THE)[A-Z][A-Za-z']{2,}))(?!\w)"
    r"|(?<![\w.\-/])(?P<w>\d{2,5}[ ](?:North|South|East|West|NORTH|SOUTH|EAST|WEST|[NSEW]\.?|NE|NW|SE|SW)[ ][A-Z][A-Za-z]{3,})(?![\w])"
    r"|\b(?P<x>(?:Route|Rte\.?|Highway|Hwy\.?|Interstate|US-|State[ ]Road|County[ ]Road|(?<=on )I-|(?<=off )I-|(?<=near )I-)[ ]?\d{1,4}(?:[ ](?:North|South|East|West|and[ ][A-Z]\w+))?(?:[ ]near[ ]the[ ][a-z]+(?:[ ][a-z]+)?)?)(?!\w)"
)
# Capitalised words behind a preposition of place: "above Duarte Tires", "at Ward County Memorial".
_BY_PLACE = re.compile(
    rf"(?<![\w\-])(?:[Aa]t|[Ff]rom|[Nn]ear|[Aa]bove|[Aa]round|[Oo]utside|[Bb]ehind|[Ii]n|[Tt]o|[Bb]eside|[Tt]oward|across[ ]from)[ ](?!(?:Dr|Drs|Mr|Mrs|Ms|Prof|MD)\b)(?P<t>the[ ])?(?P<v>{_CAP}(?:{_JOIN}(?:{_CAP}|\d{{1,4}}(?![\w/.]))){{0,4}}(?:[ ]on[ ]{_CAP}[ ](?:St|Ave|Rd|Blvd|Street|Avenue|Road|Drive|Dr|Lane|Highway))?)(?![\w\-])"
)
_ODD_ADDRESS = re.compile(
    r"(?:\b(?:at|live|lives|lived|resides|address|of|from)[ ]|,[ ])(?P<v>\d{2,5}(?:[ ]1/2)?[ ][A-Z][A-Za-z'’]{2,}(?:[ ][A-Z][A-Za-z'’]{2,}){0,2})(?=[ ]*(?:[,.;)\n]|\Z)|[ ]in[ ])"
    r"|(?P<w>\d{1,5}[ ]block[ ]of[ ](?:[A-Z][\w'’]+[ ]?){1,4}(?<![ ]))|(?<![\w.])(?P<x>Box[ ]\d{1,5}(?:,[ ][A-Z]\w+(?:[ ][A-Z]\w+)?)?)(?!\w)|(?<![\w.])(?P<y>(?:P|I|M|J\.?H|H)\.S\.[ ]?\d{1,3})(?!\w)"
    r"|\b(?:on|at|near|by|of)[ ](?P<z>[A-Z]\w{2,}[ ](?:and|&|at)[ ]\d{1,3}(?:st|nd|rd|th)(?:[ ](?:St|Ave|Street|Avenue))?)(?!\w)"
)
_SIDE = re.compile(r"\bon[ ](?P<v>[A-Z][a-z]{2,})[ ]side\b")
_JOB = re.compile(
    rf"\b(?:job|work|shift|employer|workplace|employment)[ ]?\([ ]?(?P<v>{_CAP}(?:{_JOIN}{_CAP}){{0,4}})(?=[ ]?[),;])"
)
_CAMP = re.compile(
    r"(?<![\w\-])(?P<v>(?:Camp|Lake|Cape|Rancho|Casa|Hacienda|Isla|Mount|Planned[ ]Parenthood|Lac|Glen)[ ](?:of[ ])?[A-ZÀ-Þ][a-zà-þ']{2,})(?![\w\-])|\b(?:at|school|attends)[ ](?P<w>P\.?S\.?[ ]?\d{1,3})(?!\w)|\b(?:from|at|by|via|to|near)[ ](?:the[ ])?(?P<y>[A-Z][a-z]+(?:Med|Care|Stop|Rx|Mart|Clinic|Health|Doc|Plus))(?!\w)|\bon[ ](?P<x>(?:3[2-9]|[4-9]\d|\d{3})(?:st|nd|rd|th))(?!\w)"
)
_EMPLOYED = re.compile(
    rf"\b(?i:(?:work(?:s|ed|ing)?|employed|job|manager|supervisor|driver|drives|clerk|cashier|cook|nurse|teacher|teaches|professor|engineer|welder|foreman|mechanic|janitor|security|guard|volunteers?|volunteered|intern|interned|server|waitress|shifts?|career|position|hired|fired|laid[ ]off|retired|pension|student|freshman|sophomore|junior|senior|attends|attended|enrolled|graduated|graduate|stud(?:ies|ied))"
    rf"(?:[ ][a-z]+){{0,3}}?[ ](?:at|for|by|from|with)|where[ ]do[ ]you[ ]work\??|work[ ]or[ ]study\??|attends|attended|employer(?:[ ]is|[ ]?[:=]|,)?|school(?:[ ]?[:=])|occupation[ ]?[:=][^\n,;]{{0,20}}[ ](?:at|for)|owns|runs)[ ]+(?:the[ ]+|an?[ ]+)?(?P<v>{_CAP}(?:(?:{_JOIN}|[ ]\#?(?=\d)){_CAP}){{0,4}})"
)
_BED_AT = re.compile(
    rf"\b(?i:(?:bed|placement|appointment|appt|care|admitted|transferred|transfer|seen|visit|go|sent|discharged|referred|referral|records?|surgery|follow(?:ed)?[ -]?up|delivered|born|treated|hospitali[sz]ed|taken|brought|flown|airlifted|stay(?:s|ed|ing)?|dialysis|rehab|ED|ER|evaluated|presented|imaging|labs?|done|performed)[ ](?:[a-z]+[ ]){{0,4}}?(?:at|to|from))[ ]+(?:the[ ]+)?(?P<v>{_CAP}(?:{_JOIN}{_CAP}){{0,3}})(?=[ ]?[,.;:)\n]|\Z|[ ](?:on|in|for|with|but|and|where|last|today|this|by|after|since|then|now|via|per|because|who|due|when|before|at|\[DATE|\d))"
)
# Words that say what kind of institution it is, never which one.
_GENERIC = frozenset(
    """detention intake log sheet record records notes form summary up down seen admitted admit call fax phone sent send discharged return returns visit visits appointment follow-up the a an our this that her his their my of and or for to at in on from with near new old local main nearby another outside general regional memorial
    county city state national federal public private community central university teaching academic tertiary rural urban district area
    hospital hospitals medical center centre ctr health healthcare clinic clinics care home house facility unit ward department dept office offices service services system
    network group associates partners program institute school college nursing skilled rehab rehabilitation hospice assisted senior living memory adult day pharmacy drug store lab labs laboratory
    laboratories radiology imaging dialysis surgery surgical outpatient inpatient ambulatory emergency urgent nephrology tele telemetry stepdown floor primary acute subacute long term critical intensive special specialty
    women's womens men's children's childrens pediatric pediatrics neonatal maternity birth birthing labor delivery family internal medicine practice physician physicians doctor doctors dr
    heart cardiac cardiology vascular lung pulmonary kidney renal liver gi gastroenterology endoscopy eye ophthalmology vision hearing ent dental oral foot podiatry skin dermatology bone joint spine back brain neuro neurology neurosurgery
    stroke cancer oncology hematology infusion chemo chemotherapy radiation breast prostate urology pain sleep wound burn trauma transplant fertility diabetes diabetic endocrine endocrinology thyroid obesity weight bariatric nutrition allergy asthma
    immunology rheumatology arthritis infectious disease hiv std travel tb behavioral mental psychiatric psychiatry psychology addiction substance abuse methadone suboxone recovery detox treatment counseling crisis autism developmental
    physical occupational speech therapy therapist sports orthopedic orthopedics orthopaedic hand hip knee shoulder geriatric geriatrics elder veterans va military army navy coumadin anticoagulation coagulation device pacemaker heart-failure failure hypertension
    lipid preoperative preop pre-op postoperative pre post admission screening vaccine vaccination immunization employee occupational student mobile walk-in walk free safety net low cost teen resident residents faculty
    high middle elementary junior secondary grade grammar law prep charter independent group foster shelter homeless women men church bible sunday temple police fire sheriff ems ambulance fort base airport hotel mall park
    north south east west northern southern eastern western upper lower first second third please see call note plan assessment follow continue discharge transfer transferred referral patient pt labs ct mri
    hospitalist night float team medicine/ icu micu sicu nicu picu ccu er ed or pacu snf ltac irf alf diagnostic nuclear interventional genetics genetic counselor social work case management home-health visiting nurse aide
    monday tuesday wednesday thursday friday saturday sunday morning evening today tomorrow physical history review social global public world united american international department human state hispanic drug administration
    joint commission environmental occupational safety department education vital good excellent fair poor normal overall mode better best his her male female current former past prior no yes""".split()
)
_WIDE_EMPLOYER = frozenset(
    "army navy marines marine corps force air coast guard military national veterans covid usps postal post office government state county city federal i monday tuesday wednesday thursday friday saturday sunday".split()
)
_BEGINS = frozenset(
    {
        "dr",
        "dr.",
        "st.",
        "mt.",
        "ft.",
        "st",
        "saint",
        "mount",
        "new",
        "north",
        "south",
        "east",
        "west",
        "university",
    }
)
_WORD = re.compile(r"[^\W\d_][\w'’]*")


def find_institutions(text: str, *, later: bool = False) -> Iterator[Span]:
    """Names of institutions and employers of ``text``, possibly overlapping; none ``later``."""
    if later:
        return
    for match in _NAMED.finditer(text):
        yield from _distinct(match)
    for match in _LOUD_KIND.finditer(text):
        yield from _distinct(match)
    for match in _OF_PLACE.finditer(text):
        if match["v"].split(" of ")[-1].casefold() not in lexicon().regions | WIDE:
            yield from _distinct(match, least=2)
    for match in _SAINTLY.finditer(text):
        whole = " " in match["v"] and not match["v"].startswith("S")
        if not (_CHEMICAL.match(text, match.end()) if whole else _headed(text, match.end())):
            yield Span(Identifier.PLACE, *match.span("v"), 59)
    for match in _LOUD_SAINT.finditer(text):
        yield Span(Identifier.PLACE, *match.span("v"), 59)
    for match in _QUIET_KIND.finditer(text):
        name = match.lastgroup or "v"
        if name == "w" or not all(_generic(word.title()) for word in match["v"].split()[:-1]):
            yield Span(Identifier.PLACE, *match.span(name), 152)
    for match in _CAMP.finditer(text):
        if not _clinical(text, match.end()):
            yield Span(Identifier.PLACE, *match.span(match.lastgroup or "v"), 86)
    for match in _CORNER.finditer(text):
        yield Span(Identifier.PLACE, *match.span(match.lastgroup or "v"), 86)
    for match in _BY_PLACE.finditer(text):
        if _somewhere(match):
            yield Span(Identifier.PLACE, *match.span("v"), 194)
    for match in _ODD_ADDRESS.finditer(text):
        name = match.lastgroup or "v"
        if name != "v" or all(
            kind(w.casefold()) in ("name", "both", "strange", "town", "short")
            for w in _WORD.findall(match["v"])
        ):
            yield Span(Identifier.PLACE, *match.span(name), 85)
    for pattern in (_JOB, _SIDE):
        for match in pattern.finditer(text):
            yield Span(Identifier.PLACE, *match.span("v"), 60)
    for match in _EMPLOYED.finditer(text):
        if not _plain(match["v"], _WIDE_EMPLOYER | _GENERIC):
            yield Span(Identifier.PLACE, *match.span("v"), 155)
    for match in _BED_AT.finditer(text):
        if _unheard(match["v"]):
            yield Span(Identifier.PLACE, *match.span("v"), 192)


_CHEMICAL = re.compile(
    r"['’]?s?[ ](?:wort|shunt|mechanical|bileaflet|prosthetic|aortic|mitral|vitus|fire|dance|disease|syndrome|virus|encephalitis|fever|bacterium|valve|medical|jude|score|scale|joseph|criteria|classification|index|lesion|sign|palsy|splint|maneuver|incision|procedure|stain|laws?|acts?)\b|[ ](?:Anthony|Vitus|John)['’]s[ ](?:fire|dance|wort)",
    re.IGNORECASE,
)


def _headed(text: str, end: int) -> bool:
    """Whether what follows makes a clinical term of a saint's name: "St. John's wort"."""
    return _CHEMICAL.match(text, end) is not None or _clinical(text, end)


def _distinct(match: re.Match[str], least: int = 1) -> Iterator[Span]:
    """The institution from its first word that is its own; nothing where no word is."""
    name, start = match["v"], match.start("v")
    parts = list(re.finditer(r"\S+", name))
    own = [
        at
        for at, part in enumerate(parts[: len(parts) - (least < 2)])
        if not _generic(part.group())
    ]
    county = next(
        (at for at, part in enumerate(parts) if at and part.group() in ("County", "COUNTY")), None
    )
    if not own and county is None:
        return
    first = own[0] if own else county - 1 if county else 0
    while first and (
        parts[first - 1].group().casefold().strip(".,'’") not in _GENERIC
        and parts[first - 1].group()[0].isupper()
    ):
        first -= 1
    while first and parts[first - 1].group().casefold() in _BEGINS:
        first -= 1
    if least > 1:
        first = 0
    yield Span(Identifier.PLACE, start + parts[first].start(), start + len(name), 58)


def _generic(word: str) -> bool:
    """Whether a word says a kind of institution, joins words, or is clinical."""
    low = word.casefold().strip(".,;:'’&")
    if any(c.isdigit() for c in word) or (word.isupper() and len(word) < 4):
        return True
    if low in _GENERIC or not low or not word[0].isupper():
        return True
    words = lexicon()
    if low in words.eponyms or low in drug_words() or low in words.regions:
        return low not in words.last and low not in words.cities
    return (
        re.search(r"(?:ology|iatrics?|itis|oma|osis|pathy|scopy|graphy|ectomy|emia|therapy)$", low)
        is not None
    )


def _somewhere(match: re.Match[str]) -> bool:
    """Whether capitalised words behind a preposition name a place and nothing clinical."""
    words = lexicon()
    name = match["v"]
    said = [word.casefold() for word in _WORD.findall(name)]
    if (
        not said
        or all(word.isupper() for word in _WORD.findall(name) if len(word) > 3)
        or _clinical(match.string, match.end("v"))
    ):
        return False
    kinds = [kind(word) for word in said]
    if len(said) == 1:
        if match["t"] is not None:
            return kinds[0] in ("town", "strange", "name") or (
                kinds[0] == "plain"
                and said[0] in words.vocabulary - words.words
                and said[0] not in drug_words()
                and _generic(name) is False
            )
        return kinds[0] == "town"
    own = [at for at, word in enumerate(said) if word not in _GENERIC]
    if not own or any(kinds[at] == "eponym" or said[at] in drug_words() for at in own):
        return False
    return sum(said[at] not in words.words or kinds[at] == "both" for at in own) * 2 >= len(own)


def _clinical(text: str, end: int) -> bool:
    following = re.match(r"['’]?s?[ \-]([A-Za-z]+)", text[end : end + 24])
    return following is not None and (following[1].casefold() in HEADS | NEAR_HEADS)


def _plain(name: str, kept: frozenset[str]) -> bool:
    return all(word.casefold() in kept for word in _WORD.findall(name))


def _unheard(name: str) -> bool:
    """Whether capitalised words after "a bed at" can only name a place: none is clinical."""
    words = lexicon()
    said = [word.casefold() for word in _WORD.findall(name)]
    own = [w for w in said if w not in _GENERIC]
    if not own or name.isupper() or any(w in words.eponyms or w in drug_words() for w in own):
        return False
    if len(own) == 1 and (_generic(own[0].title()) or words.is_plain(own[0])):
        return False
    return any(w not in words.words and w not in WIDE and w not in words.regions for w in own)
