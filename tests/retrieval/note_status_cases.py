"""Invented sentences of clinical notes, each with one marked mention and what is claimed of it.

One a line: a letter, then the sentence with the mention in brackets. A asserted, N negated,
H historical, R resolved, F family, O someone else's, U uncertain, Q rule out, C conditional or
hypothetical, S screening, P copied forward. Every third sentence of the first list was held back
while the rules were written and scored once; the second list was written after that and scored
before anything was changed for it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

LETTERS = {
    "A": "asserted",
    "N": "negated",
    "H": "historical",
    "R": "resolved",
    "F": "family",
    "O": "someone else's",
    "U": "uncertain",
    "Q": "rule out",
    "C": "hypothetical",
    "S": "screening",
    "P": "copied forward",
}

_LINES = """
A Patient presents with [chest pain] radiating to the left arm.
N He denies [chest pain] or palpitations.
N She denies fever, chills, [night sweats] or weight loss.
A Denies fever but reports [cough] for three days.
N No evidence of [pneumonia] on the chest film.
N There is no [pleural effusion] or pneumothorax.
N There is no pleural effusion or [pneumothorax].
A No fever, however she has [sore throat].
N Lungs are clear without [wheezes] or rales.
N Negative for [influenza] A and B.
A He is not able to sleep because of [back pain].
A Her [hypertension] is not well controlled.
N The wound shows no signs of [infection].
N Abdomen soft, without [tenderness].
A Without treatment the [cellulitis] spread to the calf.
A No improvement in her [knee pain] since the injection.
A There has been no change in the [murmur].
N No [edema] of the lower extremities.
N [DVT] was ruled out by ultrasound.
N [Pulmonary embolism] has been ruled out.
N Troponin negative, so [myocardial infarction] is unlikely.
A He has no doubt that the [headaches] began in May.
N She has never had a [seizure].
N Patient is free of [angina] since the stent.
N [Fracture] not seen on these films.
N No acute [fracture] or dislocation is identified.
N No acute fracture or [dislocation] is identified.
N Neither [clubbing] nor cyanosis is present.
N Neither clubbing nor [cyanosis] is present.
N He does not have [diabetes].
N She doesn't have any [rash].
N The patient did not report [hematuria].
N Absence of [hepatomegaly] on palpation.
N Denies any history of [kidney stones].
N No history of [diabetes] or heart disease.
N No known history of [asthma].
N No personal history of [breast cancer].
N [Lymphadenopathy]: none.
N [Chest pain]: denies.
N Nausea - no; [vomiting] - no.
A Nausea - yes, [vomiting] - yes, fever - no.
A Not only [asthma] but also eczema were treated.
A She can walk without difficulty despite [osteoarthritis] of the hip.
A No longer using oxygen for her [COPD].
A Gram-negative [pneumonia] confirmed by culture.
A Triple negative [breast cancer], on chemotherapy.
N Biopsy was negative for [malignancy].
N CT head without [hemorrhage], positive for sinusitis.
A CT head without hemorrhage, positive for [sinusitis].
N Exam reveals no [jaundice]; liver edge palpable.
A Exam reveals no jaundice; [splenomegaly] is noted.
N Patient reports no [dysuria], no frequency and no flank pain.
N Patient reports no dysuria, no frequency and no [flank pain].
A Denies dyspnea, has [orthopnea] at night.
N I do not see any evidence of [osteomyelitis].
N I don't think she has [appendicitis].
N This is not consistent with [gout].
N Low suspicion for [meningitis].
N Findings argue against a diagnosis of [lupus].
N The patient is not [pregnant].
N She lacks [photophobia] and neck stiffness.
N Failed to reveal any [aneurysm].
N Ultrasound failed to demonstrate [gallstones].
A Cough without fever, due to [bronchitis].
A No cause of the [syncope] was found.
N No recurrence of [cancer] on surveillance CT.
A Denies relief of [migraine] with ibuprofen.
N Never diagnosed with [hepatitis].
N [Melena] has not been seen.
A [Hypothyroidism], not at goal on current dose.
A The [ulcer] is not healing.
A The [infection] has not resolved.
A [Atrial fibrillation] without RVR.
A [Diverticulosis] without bleeding.
N Diverticulosis without [bleeding].
N Migraine without [aura].
A [Pneumonia] cannot be ignored as the cause of his hypoxia.
H History of [stroke] in 2015 with no residual deficits.
H Past medical history significant for [pulmonary embolism].
H s/p [hip fracture] 2018.
H Status post [appendicitis] as a child.
H Prior [myocardial infarction].
H He had [rheumatic fever] as a child.
H She had a [DVT] 10 years ago.
H Remote history of [peptic ulcer disease].
H PMH: [tuberculosis], treated.
H Hx of [colon polyps].
H h/o [breast cancer], lumpectomy 2010.
H Previously had [shingles].
H Treated for [syphilis] many years ago.
H Old [compression fracture] at T12.
H Former [alcohol abuse].
H Personal history of [melanoma].
H Past history of [depression], stopped medication in 2012.
H Two prior episodes of [pancreatitis].
H He was hospitalized in the past for [pneumonia].
H She has a history of [kidney stones] and gout.
H She has a history of kidney stones and [gout].
A 60-year-old with history of stroke who presents with [dizziness].
A Patient with a history of asthma, presents today with [wheezing].
A Past medical history of hypertension, now with [chest pain].
A History of present illness: [cough] for 2 days.
A History and physical: [abdominal pain] in the right lower quadrant.
A Status post fall with [wrist pain].
A For the past 3 days she has had [diarrhea].
A Over the past week he noticed [swelling] of the foot.
A In the past month, [headaches] have worsened.
H [Gout] in the past.
H [Endometriosis] in her twenties.
H [Concussion] at age 12.
H [Kidney stone] several years ago.
H [Seizures] in childhood.
H [TIA] 3 years ago.
H Recovered from [COVID-19] in 2021.
H Survivor of [lymphoma].
H Used to have [asthma] as a teenager.
H The patient has had three previous [miscarriages].
A She was previously healthy and now has [jaundice].
H Past medical history: [hepatitis B], cholecystectomy.
H Surgical history includes repair of [inguinal hernia] in 1999.
H Cancer history: [prostate cancer] 2009, in remission.
H Longstanding history of [tobacco abuse], quit 2005.
H Her history includes [preeclampsia] with the first pregnancy.
H Distant history of [gastric ulcer].
H Known prior [CVA].
H History notable for [endocarditis].
H Patient has a past history of [bleeding ulcer].
H History significant for [lung cancer] treated with lobectomy.
R The [pneumonia] has resolved.
R [Cellulitis], resolved.
R Her [rash] has completely cleared.
R Resolved [acute kidney injury].
R The [hematoma] is gone.
R His [sciatica] is no longer present.
R [Vertigo] subsided after the maneuver.
R No longer has [heartburn].
R Complete resolution of the [effusion].
R [Otitis media] now resolved.
R [Anemia] has since resolved.
R The [lump] from last visit has resolved with massage.
R [Pneumonia] - resolved.
R [Bronchitis] cured.
R [Leukemia] in complete remission.
A [Leg pain] persists although the swelling resolved.
A The nausea resolved but [abdominal pain] remains.
A Resolving [pneumonia], continue antibiotics.
F Family history of [colon cancer].
F Mother with [diabetes] and hypertension.
F Mother with diabetes and [hypertension].
F Father died of [myocardial infarction] at 52.
F FHx: [breast cancer] in maternal aunt.
F Her sister has [lupus].
F His brother was diagnosed with [schizophrenia].
F [Heart disease] runs in the family.
F [Ovarian cancer] in her grandmother.
F Both parents have [hypertension].
F Paternal grandfather had [prostate cancer].
F Strong family history of [coronary artery disease].
F Positive family history for [glaucoma].
F Family hx significant for [stroke].
F [Huntington disease] on his father's side.
F Two cousins with [cystic fibrosis].
F [Colon cancer] (father), breast cancer (aunt).
F Colon cancer (father), [breast cancer] (aunt).
F Maternal uncle: [hemophilia].
F Her mother had [osteoporosis] and broke a hip.
F Twin sister recently found to have [celiac disease].
F Siblings with [sickle cell trait].
N No family history of [colon cancer].
N Denies family history of [sudden cardiac death].
N Family history negative for [diabetes].
N There is no family history of [bleeding disorders].
A Mother reports that the child has [fever].
A His mother states he has had [vomiting] since Sunday.
A Brought in by his father for [ear pain].
A Mother has diabetes; the patient has [gestational hypertension].
A Seen at the family practice clinic for [bronchitis].
A She lives with her sister and complains of [insomnia].
A Mother concerned about [bedwetting].
A Father had a stroke, and the patient has [hypertension].
O Her husband has the [flu].
O Exposed to a coworker with [COVID-19].
O His roommate was diagnosed with [strep throat].
O Son at home with [chickenpox].
O Wife recently had [pneumonia].
O Close contact with [tuberculosis].
O Neighbor's child has [measles].
O The donor had [hepatitis C].
O Partner tested positive for [chlamydia].
O Sick contacts: daughter with [croup].
A Husband reports that she has [memory loss].
A Wife noticed [slurred speech] this morning.
A Caregiver says the patient has [agitation] in the evening.
A Lives with her husband and has [arthritis].
U Probable [pneumonia].
U Possible [gallstones].
U Likely [viral gastroenteritis].
U Suspected [sepsis].
U Suspicious for [malignancy].
U Findings consistent with [pneumonia].
U Symptoms compatible with [fibromyalgia].
U Concern for [deep vein thrombosis].
U Concerning for [osteomyelitis].
U This may be [gout].
U It could be [shingles].
U Might represent an [abscess].
U Questionable [infiltrate] in the left base.
U Presumed [urinary tract infection].
U Working diagnosis: [temporal arteritis].
U Differential includes [lupus], sarcoidosis and lymphoma.
U Differential includes lupus, [sarcoidosis] and lymphoma.
U [Asthma] versus COPD.
U Asthma vs [COPD].
U I suspect [carpal tunnel syndrome].
U We cannot exclude [appendicitis].
U [Pulmonary embolism] cannot be excluded.
U [Stroke] is suspected.
U [Pneumonia]?
U ?[cholecystitis]
U Appears to be [contact dermatitis].
U Thought to be [drug rash].
U Imaging suggestive of [metastases].
U Suggests [hypothyroidism].
U Favor [reactive arthritis] over septic joint.
U High suspicion for [endocarditis].
U I am worried about [cauda equina syndrome].
U Felt to be [musculoskeletal pain].
U Most likely [tension headache].
U [Lyme disease] is possible.
U Left shoulder pain, possible [rotator cuff tear].
A Left [shoulder pain], possible rotator cuff tear.
A [Back pain] likely due to poor posture.
U Chest pain, probably [costochondritis].
A [Chest pain], probably costochondritis.
U Unclear whether this is [cellulitis].
U Raises concern for [child abuse].
U Equivocal for [tuberculosis].
U Potential [bowel obstruction].
U X-ray shows what looks suspicious for [stress fracture].
U Patient likely has [obstructive sleep apnea].
U Pain in the knee, presumably [meniscal tear].
U Indicative of [iron deficiency].
U Exam is worrisome for [melanoma].
A [Anemia] with suspected GI bleed.
A Will likely benefit from physical therapy for [low back pain].
A Given the [cough], chest x-ray to exclude pneumonia.
Q Rule out [myocardial infarction].
Q R/o [DVT].
Q CT ordered to rule out [appendicitis].
Q Renal ultrasound to evaluate for [hydronephrosis].
Q Chest x-ray to exclude [pneumonia].
Q Workup for [pheochromocytoma] is pending.
Q Sent for PSA to rule out [prostate cancer].
Q Evaluate for [sleep apnea] with polysomnography.
Q MRI to assess for [multiple sclerosis].
Q [Lupus] to be ruled out.
Q Tested for [gonorrhea] and chlamydia.
Q Check for [hypothyroidism] given weight gain.
A Rule out pneumonia given [fever] and cough.
C Return to the ER if [chest pain] recurs.
C Call if you develop [fever] or redness.
C If [bleeding] occurs, hold the medication.
C Should [symptoms of stroke] appear, call 911.
C Tylenol as needed for [pain].
C Risks include [infection], bleeding and nerve damage.
C Risks include infection, [bleeding] and nerve damage.
C Side effects such as [nausea] were discussed.
C At high risk for [falls].
C Aspirin to prevent [stroke].
C Prophylaxis against [malaria].
C In case of [anaphylaxis] use the EpiPen.
C She was educated about signs of [hypoglycemia].
C Watch for [wound infection].
C Uncontrolled diabetes can lead to [blindness].
C Return precautions given for [shortness of breath].
C Zofran prn [nausea].
C Complications such as [perforation] were explained.
C To reduce the risk of [osteoporosis], take calcium.
C Seek care if there is [vision loss].
C Unless [fever] develops, no antibiotics.
C She is at risk of [falling].
A If no improvement of the [sinusitis] in a week, return.
A Continue statin for [hyperlipidemia] to prevent stroke.
A Albuterol for [asthma], return if worse.
S Screening for [colon cancer].
S Due for [breast cancer] screening.
S Depression screen: [depression] screening negative.
S Screened for [domestic violence].
S [Hepatitis B] vaccine given.
S Vaccinated against [influenza].
S Immunization for [tetanus] is up to date.
S She needs a [pneumonia] vaccine.
S [Shingles] vaccination next month.
A Screening colonoscopy showed [diverticulosis].
P Copied forward from prior note: [knee effusion].
P Per prior note, [leg swelling] was noted.
P As documented in the previous note, [anxiety] is stable.
A [Type 2 diabetes mellitus], on metformin.
A Continue lisinopril for [hypertension].
A [Asthma] exacerbation treated with prednisone.
A Endorses [fatigue] and dizziness.
A Complains of [sore throat] x 3 days.
A X-ray shows a [distal radius fracture].
A Assessment: [acute bronchitis].
A Positive for [hematuria].
A Diagnosed with [psoriasis] last week.
A Being treated for [osteoporosis] with alendronate.
A Known [coronary artery disease], stable.
A She has [COPD] and continues to smoke.
A MRI confirmed a [rotator cuff tear].
A Chronic [back pain], worse since the fall.
A [Hyperlipidemia]: continue atorvastatin.
A Admits to [depression] and poor sleep.
A Worsening [renal failure].
A Cough and [fever] since Monday, no vomiting.
A [Obesity] with BMI of 34.
A Found to have [iron deficiency anemia].
A [Insomnia] has improved with melatonin.
N Patient has a cough without [hemoptysis].
N Denies: fever, chills, [dyspnea].
N ROS negative for [weight loss], night sweats, fatigue.
N ROS negative for weight loss, night sweats, [fatigue].
N Extremities: no [cyanosis], clubbing or edema.
N Extremities: no cyanosis, clubbing or [edema].
N Skin: no [rashes].
N Cardiac: regular rhythm, no [murmurs], rubs or gallops.
N No complaints of [chest pain] today.
N No [nausea], vomiting, diarrhea or constipation; appetite good.
N No nausea, vomiting, [diarrhea] or constipation; appetite good.
A No nausea or vomiting, but [constipation] for a week.
"""

_LATER_LINES = """
N Patient denies any [shortness of breath] at rest.
N Without [orthopnea] or leg swelling.
N Chest CT is negative for [pulmonary embolism].
N No [suicidal ideation] is expressed.
N There has been no [hemoptysis] since discharge.
N Her mammogram shows no suspicious [mass].
N [Ketones] were absent in the urine.
N He has not had any [falls] this year.
N He reports no [joint swelling], stiffness or redness.
N He reports no joint swelling, stiffness or [redness].
N She was ruled out for [myocardial infarction].
N Denies [polyuria], polydipsia.
N No acute [intracranial hemorrhage].
N Gait is normal; no [tremor].
N Strep test came back negative for [streptococcal pharyngitis].
N He isn't having [palpitations].
N There were no signs of [compartment syndrome].
N Patient does not meet criteria for [sepsis].
N [Hernia] is not palpated.
N Never had [chickenpox].
A Reports [heartburn] but denies dysphagia.
A Denies trauma; complains of [neck pain].
A The [seizures] are not controlled on levetiracetam.
A No relief from ibuprofen for the [toothache].
A [Constipation] without alarm features.
A He cannot sleep because of [restless legs].
H Past medical history is notable for [ulcerative colitis].
H History of [pulmonary embolism] after surgery in 2011.
H She had [bacterial meningitis] as a child.
H S/p [ankle fracture] with ORIF 2016.
H Prior history of [C. difficile colitis].
H PMHx: [anemia], resolved after iron.
H Previous [stroke] without deficits.
H [Bell's palsy] 4 years ago.
H Formerly treated for [anorexia nervosa].
H Known history of [Hodgkin lymphoma], treated 2003.
H [Appendicitis] in 1998.
H He has a remote history of [heroin abuse].
H Hx [gestational diabetes].
H Years ago she was treated for [endometriosis].
A Now has recurrent [sinusitis] after a history of polyps.
A 70-year-old with prior MI, here for [knee pain].
A History of gout, admitted with [septic arthritis].
A Over the past year her [tremor] has progressed.
R [Hoarseness] has resolved completely.
R Her [cough] went away last week.
R The [abscess] has healed.
R [Thrush] - cleared.
R Resolved [hyponatremia].
R No longer reports [diarrhea].
R [Hives] are gone.
A [Edema] improved, not resolved.
F Her mother and sister had [breast cancer].
F Family history includes [alcoholism].
F Dad with [Parkinson disease].
F Brother: [type 1 diabetes].
F Maternal grandmother with [Alzheimer disease].
F [Thyroid disease] in several family members.
F FH of [polycystic kidney disease].
F Father had [colon cancer] at 60, mother alive and well.
F Grandparents with [hypertension].
F Aunt had [multiple sclerosis].
F One sibling has [asthma].
F Family history is positive for [melanoma].
N Family history: no [premature coronary disease].
N Denies a family history of [ovarian cancer].
A Daughter reports worsening [confusion] at home.
A He was brought by his mother for [rash].
A Her sister drove her in because of [vomiting].
O Her boyfriend was treated for [gonorrhea].
O His wife is sick with [norovirus].
O A classmate has [lice].
O Her son was diagnosed with [hand, foot and mouth disease].
A Wife states he has [snoring].
U Suspect [acute cholecystitis].
U Imaging is suspicious for [renal cell carcinoma].
U Possible early [cellulitis].
U Likely [plantar fasciitis].
U Findings could represent [pneumonitis].
U May have [celiac disease].
U Cannot rule out [scaphoid fracture].
U Consistent with [eczema].
U Probable [Crohn disease] flare.
U Concern for [elder abuse].
U Presumptive [Lyme disease].
U [Vasculitis] is in the differential.
U Differential diagnosis: [pseudogout], cellulitis.
U Differential diagnosis: pseudogout, [cellulitis].
U [Small bowel obstruction] suspected.
U Question of [dementia].
U Symptoms suggest [irritable bowel syndrome].
U It seems like [vertigo] of vestibular origin.
U I believe this is [trochanteric bursitis].
U Lesion, favor [seborrheic keratosis].
U Most consistent with [viral pharyngitis].
U [Medication overuse headache] versus migraine.
U Potential [drug interaction].
A [Dyspnea], suspect anxiety.
A [Fatigue], possibly from the beta blocker.
Q Ordered ultrasound to rule out [DVT].
Q R/O [fracture].
Q Colonoscopy to evaluate for [inflammatory bowel disease].
Q To exclude [malignancy], biopsy was taken.
C Return if [fever] or vomiting develops.
C Risks of surgery include [stroke].
C Ibuprofen as needed for [headache].
C If [symptoms] worsen, go to the ER.
C Counseled regarding signs of [infection].
C Metoprolol can cause [fatigue].
S Screening for [hepatitis C].
S [Osteoporosis] screening is due.
S Received [pneumococcal] vaccine.
"""


class Case(NamedTuple):
    """One sentence without its brackets, where the mention stands, and its status."""

    text: str
    start: int
    end: int
    status: str
    held: bool
    later: bool


def cases() -> tuple[Case, ...]:
    """The table."""
    found = []
    lines = [line for line in _LINES.splitlines() if line.strip()]
    later = [line for line in _LATER_LINES.splitlines() if line.strip()]
    for number, line in enumerate([*lines, *later]):
        letter, sentence = line[0], line[2:]
        match = re.search(r"\[(.*?)\]", sentence)
        assert match is not None, line
        text = sentence.replace("[", "").replace("]", "")
        start = match.start()
        found.append(
            Case(
                text,
                start,
                start + len(match[1]),
                LETTERS[letter],
                number % 3 == 2,
                number >= len(lines),
            )
        )
    return tuple(found)


def f1(pairs: list[tuple[str, str]], *statuses: str) -> float:
    """F1 of saying one of ``statuses``, over (expected, given) pairs."""
    right = sum(expected in statuses and given in statuses for expected, given in pairs)
    said = sum(given in statuses for _, given in pairs)
    wanted = sum(expected in statuses for expected, _ in pairs)
    return 2 * right / max(said + wanted, 1)
