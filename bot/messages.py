"""Every sentence Codecite says by itself, in one place, in plain words.

Rendering code and the pipeline take their sentences from here, so that tone and wording can be
read and changed as a whole, and so that no message is built from an exception or from note text.
"""

from __future__ import annotations

ASK_EXAMPLES = (
    "type 2 diabetes with diabetic CKD stage 3a, on long-term insulin",
    "M54.5",
    "what does E11.9 exclude?",
)

EMPTY = (
    "There is nothing to code in that message. Ask about a diagnosis, for example "
    f"“{ASK_EXAMPLES[0]}”, or about a code, for example “{ASK_EXAMPLES[1]}”."
)
NOT_CODABLE = (
    "I found no diagnosis or code in that. I can answer with ICD-10-CM codes for a condition, "
    f"injury, symptom or note excerpt, for example “{ASK_EXAMPLES[0]}”; look up a code, for "
    f"example “{ASK_EXAMPLES[1]}”; or quote its notes, for example “{ASK_EXAMPLES[2]}”."
)
TOO_LONG = (
    "That text has {length:,} characters and the limit is {limit:,}. Send the part of the note "
    "that documents this encounter, or split it."
)
PHI_REFUSED = (
    "That message holds {count} patient identifier(s), and this installation refuses them. "
    "Remove names, dates, numbers and addresses, and ask again."
)
PHI_REDACTED = "{count} patient identifier(s) were removed before anything was searched or stored."
HELP = (
    "Ask in your own words: a diagnosis, an injury, a symptom or a pasted note excerpt, and I "
    "suggest ICD-10-CM codes with the words and official entries they rest on. Send a code to see "
    "its title, validity and notes. I say what the record does not document instead of guessing."
)
CAN_ASK = (
    ("Code a phrase or a note", ASK_EXAMPLES[0]),
    ("Look up a code", "is M54.5 valid?"),
    ("Read its notes", ASK_EXAMPLES[2]),
    ("Compare codes", "I50.22 vs I50.23"),
    ("Check codes together", "can I report E11.9 with E11.22?"),
    ("Ask about the guidelines", "can I code probable pneumonia outpatient?"),
    ("Ask what to document", "what do I need to document for heart failure?"),
    ("Have a note read for it", "is my note enough for heart failure: HFrEF, on furosemide"),
    ("A code for a value", "which BMI code for 41.3"),
    ("A drug with its units", "HCPCS for albuterol neb 2.5 mg"),
    ("Which release governs", "which release for a discharge on 30 September"),
    ("What changed", "what changed this October"),
)
"""What can be asked, each with an example that is answered as it stands."""
HELP_CITES_NOTHING = "This describes Codecite itself, so there is nothing to cite."
RELEASE_GOVERNS = "{name}: {release} governs {day}."
RELEASE_MISSING = (
    "{name}: no installed release governs {day}; the newest installed is {newest}. Run `codecite "
    "codesets update`, or install its files."
)
RELEASE_BY_DATE = (
    "The date of service decides, for an inpatient the date of discharge, not the day of coding."
)
CHANGED = (
    "ICD-10-CM {new} against {old}{where}: {added} codes added, {deleted} no longer valid, "
    "{revised} with a new title."
)
CHANGES_COMMAND = "`codecite codesets diff {old} {new}` lists them all."
NO_CHANGES_KNOWN = (
    "I cannot say what changed: the release named, or the one before it, is not installed "
    "(installed: {installed})."
)
CODE_FOR_VALUE = "{code}: {title}. It is the code for {value}."
NO_CODE_FOR_VALUE = "ICD-10-CM has no code for a {measure} of {value}."
ADULT_BMI = "Z68.1 to Z68.45 are for persons of 20 years and older; under 20, give the percentile."
VALUE_NEEDS = {
    "bmi": (
        "A BMI code is only reported with an associated diagnosis (such as overweight or obesity) "
        "that the provider documents; the value itself may come from other clinicians."
    ),
    "bmi percentile": (
        "A BMI code is only reported with an associated diagnosis that the provider documents. "
        "From the 95th percentile on, Z68.54, Z68.55 and Z68.56 differ by the share of the 95th "
        "percentile (below 120%, below 140%, 140% and more)."
    ),
    "nihss": "The stroke code (I63.-) is sequenced first; R29.7- is an additional code.",
    "weeks": "Z3A goes with codes of the pregnancy chapter, on the mother's record only.",
}
THE_NOTE = "what the note is about"
TO_DOCUMENT = (
    "For {subject} ({category}) the words alone lead to {code} ({title}). A more specific code "
    "needs these details in the provider's documentation:"
)
NOTE_IS_ENOUGH = "Yes. The note supports {code} ({title})."
NOTE_IS_OPEN = (
    "In part. The note supports {code} ({title}), and {count} detail(s) that other codes of "
    "{category} ask for are not documented."
)
NOTE_IS_NOT_ENOUGH = (
    "Not yet. The note leads to {code} ({title}), which needs details that are not documented: "
    "{count}."
)
NOTE_DOES_NOT_NAME = (
    "No. The note does not establish {subject} ({category}): nothing in it can be coded there. "
    "Findings alone are for the provider to interpret."
)
DOCUMENTED = "Documented: {axes}."
MISSING = "Not documented, {axis}: {options}."
NOTHING_MISSING = "Nothing else that its codes differ on is missing."
ASKS_BESIDE = "The Tabular List at {owner} says “{kind}”: {text}"
ALL_SAID = "For {subject} ({category}) the words alone lead to {code} ({title})."
DRAFT_A_QUERY = (
    "What is missing is a question to the provider: the button, or `codecite query draft` with "
    "this exchange, drafts a compliant query."
)
NO_CATEGORY = (
    "I found no category for “{subject}”. Name the condition, for example “what do I need to "
    "document for heart failure?”."
)
UNITS_OF = "{code}: bill {count} {unit} ({step})."
UNITS_OPEN = "{code}: the units cannot be counted. {reason}"
JW = (
    "{code}: report {count} {unit} of discarded drug on a separate line with modifier JW, and "
    "document the amount (single-dose containers, Medicare Part B)."
)
JW_NONE = (
    "{code}: what was discarded is less than a whole unit beyond those billed, so no JW line: the "
    "last unit billed covers it."
)
JZ = "{code}: nothing discarded of a single-dose container: modifier JZ (Medicare Part B)."
WASTE_UNSAID = (
    "From a single-dose container Medicare Part B wants JW on a line for discarded units, or JZ "
    "where nothing was discarded: say what the container held."
)

UNKNOWN_CODE = "{code} is not an ICD-10-CM code in any installed release."
UNKNOWN_CODE_NEAREST = "Close to it: {nearest}."
VALID = "{code} is valid on {day}: {title}."
NOT_VALID_CATEGORY = (
    "{code} ({title}) is not valid for reporting on {day}: it needs more characters."
)
NOT_VALID_DELETED = "{code} ({title}) is not valid on {day}: it was valid until {last}."
NOT_VALID_YET = "{code} ({title}) is not valid on {day}: it becomes valid on {first}."
NOT_VALID_SECTION = "{code} is a {level} of the Tabular List, not a code."
REPLACED_BY = "Use instead: {codes}."
CHOOSE = "Choose: {codes}."
NOTES_OF = "Notes that apply to {code} ({title}), its own first and then inherited:"
NO_NOTES = "No {kind} notes apply to {code} ({title}), neither its own nor inherited."
COMPARED = "{codes} side by side."
DIFFER = "{codes} differ in {axes}."
SAME_WORDS = "Nothing in the titles or the Tabular List tells {codes} apart."
RECORD_DECIDES = (
    "The words of the record decide; what it does not say is a question to the provider."
)

SUGGESTED_ONE = "{code}: {title}."
SUGGESTED_MANY = "{count} codes fit, {code} ({title}) first."
CHOICE_NEEDED = (
    "{code} ({title}) fits, but it needs a further character that the text does not give: "
    "{axis}. Choose one of the codes below."
)
CHOICE_BESIDE = (
    "{code} ({title}) belongs here too, but needs a further character that the text does not give: "
    "{axis}. It is none of the suggestions until it is chosen."
)
GAP_CAUTION = "The text does not document {axis}."
COMPANION_MISSING = "The note at {owner} asks for another code the text does not support: {text}"
NOTHING_TO_ASSIGN = "No code can be assigned from what the text establishes."
DISAGREE = (
    "The model and the rules disagree: the model says {model}, the rules say {rules}. Both are "
    "shown; decide from the record."
)
NOT_DOCUMENTATION = (
    "{count} passage(s) of the text address the assistant instead of documenting care; they were "
    "left out of the answer."
)
STAGES = {
    "screen": "identifiers removed",
    "follow": "follow-up read in its thread",
    "understand": "question understood",
    "retrieve": "codes and guidelines found",
    "draft": "answer drafted",
    "word": "answer worded",
    "verify": "answer verified",
}
"""What a watcher is shown as each stage of an answer ends; stages not listed are not shown."""
MODEL_NOT_USED = "The model's wording could not be used; the sections speak for themselves."
GUIDELINE_UNSETTLED = "The sections found do not settle the question."
MODEL_UNVERIFIED = (
    "Nothing that the model chose could be verified against the text and the code set; the rules "
    "answered."
)
DROPPED = "{count} drafted item(s) failed verification and were left out."
UNCERTAIN_SKIPPED = (
    "“{words}” is stated as uncertain. In the outpatient setting an uncertain diagnosis is not "
    "coded; code the sign, symptom or reason for the visit instead (guideline IV.H)."
)
UNCERTAIN_KEPT = (
    "“{words}” is stated as uncertain. For an inpatient stay it is coded as if established when "
    "documented so at discharge (guidelines II.H and III.C)."
)
NOT_ENGLISH = (
    "That text reads as {language}. Codecite reads notes in English only: a translated word may "
    "carry another code. Send the note in English."
)
UNKNOWN_PRIMARY = (
    "The text calls the primary site unknown: {code} stands for a primary that cannot be "
    "determined (I.C.2.k)."
)
READS_INPATIENT = (
    "The note reads as one of a hospital stay ({signs}) and is coded by the outpatient rules it "
    "was asked for. Ask with the setting inpatient to code uncertain diagnoses as established."
)
INFERRED_INPATIENT = (
    "No setting was given. The note reads as one of a hospital stay ({signs}), so it is coded by "
    "the inpatient rules (guidelines II and III)."
)
ULCER_SITE = "The note at {code} asks for another code for the site of the ulcer (L97)."
FROM_THE_NOTE = "The note adds elsewhere: {words}."
BOTH_SIDES = "Both sides are said and no code says both: one code a side (I.B.13)."
CHRONIC_PAIN = "The code of the site does not say that the pain is chronic (I.C.6.b.1.b)."
SEQUELA_OF = "The injury is over and has left something: 7th character S (I.C.19.a)."
SERVICES_NOT_CODED = "The note documents {words}, which got no candidates. {reason}"
SERVICES_HEADING = "Procedures, drugs and supplies (candidates)"
SERVICE_DONE = "The note says that it was done or given at this encounter."
SERVICE_ORDERED = "The note orders it at this encounter."
ROUTE_OF = "route of {words}"
AMOUNT_OF = "amount given of “{words}”"
ONE_UNIT = "one billing unit is {unit}"
PRODUCT_OF = "which product of {words}"
NEGATED_SKIPPED = "“{words}” is denied in the text and was not coded."
HISTORY_SKIPPED = "“{words}” is stated as history and was not coded as a current condition."
FAMILY_SKIPPED = "“{words}” is stated about a relative and was not coded as the patient's."
FAMILY_HISTORY = (
    "{condition} is {code}, and {history} stands for a relative's “{term}” (I.C.21.c.4)."
)
PERSONAL_HISTORY = (
    "“{condition}” as a condition of today would be {code}; treated and gone, it is “{term}”, so "
    "{history} (I.C.21.c.4)."
)
FOLLOW_UP = (
    "The text says a follow-up after treatment that is over, and nothing of the condition now: "
    "{code}, with the history of what was treated (I.C.21.c.8)."
)
OLD_INFARCTION = (
    "The text puts the infarction more than four weeks (28 days) back: {code}, an old one, unless "
    "the encounter still deals with it (I.C.9.e.1)."
)
REINFARCTION = (
    "The text says another infarction within four weeks of the first: {code}, beside the code of "
    "the first (I.C.9.e.4)."
)
MEANING_ASKED = (
    "“{token}” may mean {meanings}, and the text does not say which: no code rests on it. Say "
    "which one is meant."
)
NEAREST = (
    "The words as they stand carry no one code. The nearest entries are listed; say which one is "
    "documented, or say more."
)
NEAREST_AXIS = "which of the nearest entries"
HCPCS_WORDS_DIFFER = (
    "The text writes {named}, and its words name {code} ({title}). Check which one was given."
)
MEANING_AXIS = "meaning of “{token}”"
AMBIGUOUS = (
    "“{token}” may mean {meanings}. The text does not decide; the answer takes the first that "
    "fits. Say which one is meant."
)

CHECKED_CLEAR = "No rule objects to {codes} together."
CHECKED_WRONG = "Not as listed: {told} on {codes}."
CHECKED_WARNED = "Not without a second look: {told} on {codes}."
NO_GUIDELINE = (
    "I found no section of the Official Guidelines that settles this. Name the condition or the "
    "convention, for example “how is sepsis with organ dysfunction sequenced?”."
)
GUIDELINE_YEAR = "The sections cited are those of the {year} Official Guidelines."
GUIDELINE_SETTING = "The first section binds the {setting} setting only."
GUIDELINE_EITHER = "The first section binds inpatient and outpatient alike."
GUIDELINE_EXAMPLE = "Example: {example}"
GUIDELINE_NO_YES_NO = (
    "The sections found do not say yes or no in those words: read them against the record."
)
GUIDELINE_DIGEST = (
    "The wording is Codecite's own digest; install the official PDF (`codecite codesets install "
    "PATH`) to have the official text quoted."
)
UNSETTLED_SEQUENCE = (
    "Not settled by the section: the order in every case; it follows from the circumstances of the "
    "encounter."
)
UNSETTLED_QUERY = "Not settled where the record is unclear or conflicts: query the provider."
UNSETTLED_EXCEPTION = (
    "Not settled without the provider's own words: whether the exception applies to this patient."
)
UNSETTLED_ELSEWHERE = (
    "Not settled by the guidelines: payer and facility policy, and whether a documented diagnosis "
    "is clinically valid."
)

NO_SYSTEM = "{name} is not a code system. Codecite knows {known}."
CPT_NOT_LICENSED = (
    "CPT is the AMA's. It is searched once your licensed files are imported: `codecite codesets "
    "install PATH --licensee NAME`."
)
NO_CPT_FOUND = (
    "I found no CPT code in your licensed files whose wording is near that. Name the service in "
    "the words of its descriptor."
)
WHICH_CPT = (
    "Several CPT descriptors come about as near to the words: {codes}. Say the site, the extent or "
    "the approach."
)
NO_PROCEDURE_FOUND = (
    "I found no procedure in that. Say what was done, to which body part and by which approach, "
    "for example “laparoscopic cholecystectomy” or “right chest tube, percutaneous”."
)
WHICH_PROCEDURE = (
    "No word of that names a procedure for certain. The tables that come near begin {tables}. Say "
    "what was done, to which body part and by which approach."
)
PCS_OPEN_AXES = "{words} is {title}, table {table} ({code}). The text does not give: {gaps}."
PCS_OPEN_TABLE = "{words} does not lead to one ICD-10-PCS table. The text does not give: {gaps}."
PCS_SO_FAR = "{words} so far: {axes}."
PCS_OTHER_TABLES = (
    "The tables of {codes} are not installed. The characters were chosen in those of {tables} of "
    "the same fiscal year, and every code suggested is in the list of {codes}."
)
PCS_NOT_LISTED = (
    "{code} is in the tables of {tables}, but not in the code list of {codes}, so it is not "
    "suggested."
)
UNKNOWN_PCS = "{code} is not an ICD-10-PCS code of {release}. {reason}"
PCS_SHAPED = "{code} has the form of an ICD-10-PCS code. {reason}"
CPT_NOT_INSTALLED = (
    "{code} has the form of a CPT code. CPT is the AMA's; import your licensed files with "
    "`codecite codesets install PATH --licensee NAME`."
)
UNKNOWN_HCPCS = "{code} is not a HCPCS code in any installed release."
NO_HCPCS_FOUND = (
    "I found no HCPCS Level II code for that. Name the drug or the supply, for example “ketorolac "
    "30 mg IM” or “semi-electric hospital bed”."
)
HCPCS_SHAPED = "{code} has the form of a HCPCS Level II code. {reason}"
WHICH_HCPCS = (
    "HCPCS has several codes that this may be, and the words do not decide: {codes} come closest. "
    "Say the product, its form, type or suffix."
)
HCPCS_CHOSEN = "It says what the text says, and least besides."
HCPCS_NOT_CHOSEN = (
    "It says less of the text, or more besides: another drug, form, maker or use than the text "
    "gives."
)

FAILED = (
    "Something went wrong and your question was not answered. Nothing was lost; please ask again. "
    "If it happens again, give your administrator the error id {error_id}."
)

POLICY_DECIDES = "{label}, asks for {codes} here; the official entries led to {official}."
POLICY_AGREES = "{label}, and the official entries lead to the same codes."
POLICY_ALONE = "{label}, decides this; the official entries alone led to no code."
POLICY_NEAR = "{label}, is about a similar question; it was not applied. See its text."
POLICY_NOT_FOLLOWED = "{label}, asks for {codes} here and was not followed: {why}"
POLICY_OBSOLETE = "the release of that date no longer has its codes as they were approved."
POLICY_REFUSED = "the official rules refuse it. {why}"
