"""Invented notes in many styles, each with the codes a coder gives it. No person, no real record.

The codes were written down before the notes were first run, and two of them mended afterwards (gout
without a type is M10.9 wherever it is; a referral for screening is no encounter for it): diagnoses
that the encounter evaluated or treated, as the Official Guidelines have them for the setting. Long-term drugs beside insulin and
anticoagulants are left to the payer unless the note calls their use long-term.
"""

from __future__ import annotations

from typing import NamedTuple


class Varied(NamedTuple):
    """A note, its setting, and the codes in any order."""

    name: str
    setting: str
    text: str
    codes: tuple[str, ...]


VARIED = (
    Varied(
        "SOAP, chronic disease follow-up",
        "outpatient",
        """S: 58 yo F here for follow up of DM2, HTN and cholesterol. Sugars running 180-240 at home. Denies chest
pain, SOB, polyuria. Taking metformin and lisinopril.
O: BP 128/76, BMI 33.4. Feet: monofilament intact. A1c 9.2 today.
A:
1. T2DM with hyperglycemia, not at goal
2. Essential hypertension - at goal
3. Mixed hyperlipidemia
4. Obesity, class 1, BMI 33.4
P: Increase metformin to 1000 mg BID. Continue lisinopril. Start atorvastatin 20 mg. RTC 3 months.
""",
        ("E11.65", "I10", "E78.2", "E66.811", "Z68.33"),
    ),
    Varied(
        "discharge summary, heart failure",
        "inpatient",
        """DISCHARGE SUMMARY

Principal Diagnosis: Acute on chronic systolic heart failure
Secondary Diagnoses:
1. Hypertension
2. CKD stage 3b
3. Atrial fibrillation, persistent
4. Hypokalemia

Hospital Course:
The patient is a 71-year-old man who was admitted with worsening dyspnea and leg edema. He was diuresed with IV
furosemide with good response. Hypokalemia was repleted. Atrial fibrillation was rate controlled with metoprolol and
apixaban was continued. Pneumonia was ruled out by chest x-ray.

Discharge Medications: apixaban 5 mg BID, furosemide 40 mg daily, metoprolol succinate 50 mg daily.
Disposition: Home.
""",
        ("I13.0", "I50.23", "N18.32", "I48.19", "E87.6", "Z79.01"),
    ),
    Varied(
        "ED note, renal colic",
        "outpatient",
        """EMERGENCY DEPARTMENT NOTE
Chief complaint: flank pain
HPI: 34-year-old male with sudden onset severe left flank pain radiating to the groin, with nausea and vomiting. No
fever. No dysuria.
ED course: Given ketorolac 30 mg IV and ondansetron 4 mg IV with relief. UA with blood. CT abdomen/pelvis: 4 mm left
ureteral stone with mild hydronephrosis.
Impression: Left ureterolithiasis with hydronephrosis.
Disposition: discharged home with tamsulosin, strain urine, urology follow-up.
""",
        ("N13.2",),
    ),
    Varied(
        "dictated without line breaks",
        "outpatient",
        "This is a 66-year-old woman seen in follow-up for her rheumatoid arthritis. She has seropositive rheumatoid "
        "arthritis of multiple sites treated with methotrexate and feels well. She also has osteoporosis without any "
        "fracture and takes alendronate weekly. She denies fevers, rash or mouth sores. Exam shows no active synovitis. "
        "Impression: 1. Seropositive rheumatoid arthritis, in low disease activity. 2. Postmenopausal osteoporosis. "
        "3. Long-term methotrexate use, labs stable. Plan: Continue methotrexate and folic acid. DEXA in one year.",
        ("M05.9", "M81.0", "Z79.631"),
    ),
    Varied(
        "problem table pasted from a record",
        "outpatient",
        """Problems addressed this visit
Problem\tICD\tStatus\tComment
Gout of right great toe\tM10.9\tActive\tflare, colchicine
Hypothyroidism\tE03.9\tActive\tTSH 2.1, same dose
Pneumonia\tJ18.9\tResolved\t2021

Plan: colchicine 0.6 mg BID x 5 days; continue levothyroxine 75 mcg.
""",
        ("M10.9", "E03.9"),
    ),
    Varied(
        "problem list with codes on lines of their own",
        "outpatient",
        """ASSESSMENT AND PLAN
Gout
M10.9
- uric acid 8.9, start allopurinol 100 mg
Iron deficiency anemia
D50.9
- ferrous sulfate daily
Primary hypertension
I10
- continue amlodipine
""",
        ("M10.9", "D50.9", "I10"),
    ),
    Varied(
        "telephone encounter",
        "outpatient",
        """Telephone encounter
Caller: patient
Reason for call: cough and congestion x 4 days.
Patient reports nasal congestion, sore throat and dry cough. No fever or shortness of breath. Home COVID test negative.
Assessment: Viral upper respiratory infection.
Plan: Supportive care, fluids, call back if worse or not improved in 7 days.
""",
        ("J06.9",),
    ),
    Varied(
        "pediatric visit",
        "outpatient",
        """CC: ear pain and fever
HPI: 2-year-old girl brought by mother for 2 days of right ear pulling, fever to 102 and fussiness. Brother has a cold.
No vomiting.
PE: Right TM bulging and erythematous with purulent effusion, no perforation. Left TM clear. Lungs clear.
A/P:
1. Right acute suppurative otitis media - amoxicillin 90 mg/kg/day x 10 days.
2. Eczema, mild flare - hydrocortisone 1% BID.
Return if no improvement in 48-72 hours.
""",
        ("H66.001", "L30.9"),
    ),
    Varied(
        "obstetric visit with a urinary infection",
        "outpatient",
        """OB VISIT
26 yo G2P1 at 20w3d by LMP here with dysuria and frequency. No contractions, bleeding or leakage of fluid. Good fetal
movement.
UA: nitrite positive, large LE.
ASSESSMENT:
1. UTI in pregnancy
2. Pregnancy at 20 weeks gestation
PLAN: Nitrofurantoin 100 mg BID x 7 days, urine culture, return in 4 weeks.
""",
        ("O23.42", "Z3A.20"),
    ),
    Varied(
        "orthopedic injury",
        "outpatient",
        """ORTHOPEDIC CLINIC NOTE
HPI: 45-year-old right hand dominant male who tripped over a hose in his garden yesterday and fell onto his right
outstretched hand. Pain and swelling of the right wrist.
X-RAYS: Three views of the right wrist show a nondisplaced fracture of the scaphoid waist.
ASSESSMENT: Closed nondisplaced fracture of the middle third of the scaphoid of the right wrist.
PLAN: Placed in a short arm thumb spica cast. Follow up in 2 weeks with repeat films.
""",
        ("S62.024A", "W01.0XXA"),
    ),
    Varied(
        "behavioral health",
        "outpatient",
        """PSYCHIATRY FOLLOW-UP
INTERVAL HISTORY: Mood improved on sertraline but still low energy and poor sleep. Denies suicidal ideation. Drinking
has stopped; sober 14 months. Smokes half a pack of cigarettes per day.
MSE: Cooperative, mood "ok", affect constricted, no psychosis.
DIAGNOSES:
1. Major depressive disorder, recurrent, moderate
2. Generalized anxiety disorder
3. Alcohol use disorder, severe, in sustained remission
4. Nicotine dependence, cigarettes
PLAN: Increase sertraline to 150 mg. CBT referral. Varenicline discussed.
""",
        ("F33.1", "F41.1", "F10.21", "F17.210"),
    ),
    Varied(
        "oncology follow-up on treatment",
        "outpatient",
        """HEMATOLOGY/ONCOLOGY CLINIC
DIAGNOSIS: Stage IV adenocarcinoma of the sigmoid colon with liver metastases
INTERVAL HISTORY: Here for evaluation before cycle 6 of FOLFOX. Nausea controlled. Numbness of the fingers and toes.
ASSESSMENT AND PLAN:
1. Sigmoid colon cancer metastatic to the liver: responding, continue FOLFOX.
2. Chemotherapy-induced peripheral neuropathy: reduce oxaliplatin.
3. Anemia due to antineoplastic chemotherapy: Hgb 9.4, monitor.
""",
        ("C18.7", "C78.7", "G62.0", "D64.81", "T45.1X5A"),
    ),
    Varied(
        "cancer that is over",
        "outpatient",
        """SURVEILLANCE VISIT
67-year-old man, prostate cancer treated with radical prostatectomy in 2017, PSA undetectable since.
Assessment/Plan:
- History of prostate cancer, no evidence of disease. PSA yearly.
- Stress urinary incontinence after prostatectomy: pelvic floor therapy.
- Erectile dysfunction following radical prostatectomy: sildenafil.
""",
        ("Z85.46", "N39.3", "N52.31"),
    ),
    Varied(
        "urgent care, laceration",
        "outpatient",
        """URGENT CARE
Patient cut his left index finger with a kitchen knife while cooking 2 hours ago. Tetanus up to date in 2021.
Exam: 2 cm laceration of the volar left index finger, no tendon or nail involvement, no foreign body.
Procedure: Wound irrigated, closed with 4 interrupted 5-0 nylon sutures under digital block.
Dx: Laceration of left index finger without foreign body or nail damage.
Plan: Suture removal in 10 days.
""",
        ("S61.211A", "W26.0XXA", "Y93.G3"),
    ),
    Varied(
        "discharge summary, sepsis",
        "inpatient",
        """DISCHARGE DIAGNOSES:
1. Sepsis due to E. coli
2. Acute pyelonephritis
3. Acute kidney injury
4. Type 2 diabetes mellitus with diabetic neuropathy, on long term insulin
HOSPITAL COURSE: 62-year-old woman admitted with fever, flank pain and hypotension that responded to fluids. Blood and
urine cultures grew E. coli. Treated with ceftriaxone. Creatinine peaked at 2.1 and returned to 0.9. Septic shock was
not present.
DISCHARGE MEDICATIONS: cefpodoxime, insulin glargine 18 units, gabapentin.
""",
        ("A41.51", "N10", "N17.9", "E11.40", "Z79.4"),
    ),
    Varied(
        "knee osteoarthritis with an injection",
        "outpatient",
        """SUBJECTIVE: 70-year-old woman with worsening bilateral knee pain for a year, worse with stairs.
OBJECTIVE: Crepitus and medial joint line tenderness both knees. X-rays: tricompartmental narrowing bilaterally.
ASSESSMENT: Bilateral primary osteoarthritis of the knees.
PLAN: Discussed options. After consent, the right knee was injected with 40 mg of Kenalog and 4 mL of 1% lidocaine.
Total knee replacement was discussed but she declined.
""",
        ("M17.0",),
    ),
    Varied(
        "newborn record",
        "inpatient",
        """NEWBORN DISCHARGE SUMMARY
Term male infant born at 39 weeks by vaginal delivery in this hospital to a 28-year-old G1P1. Apgars 8 and 9.
Hospital course: Breastfed well. Jaundice noted on day 2, bilirubin 14, treated with phototherapy for one day. Hearing
screen passed. Hepatitis B vaccine given.
Discharge diagnoses:
1. Single liveborn infant, delivered vaginally
2. Neonatal jaundice
""",
        ("Z38.00", "P59.9", "Z23"),
    ),
    Varied(
        "delivery",
        "inpatient",
        """DISCHARGE SUMMARY
30-year-old G1P0 at 40 weeks admitted in spontaneous labor. She delivered a live male infant vaginally with a second
degree perineal laceration, repaired.
DISCHARGE DIAGNOSES:
1. Term pregnancy delivered
2. Second degree perineal laceration during delivery
HOSPITAL COURSE: Uncomplicated postpartum course.
""",
        ("O70.1", "Z37.0", "Z3A.40"),
    ),
    Varied(
        "burn scar",
        "outpatient",
        """DERMATOLOGY NOTE
HPI: 29 y/o woman with a raised itchy scar on the right forearm from a hot-oil burn three years ago.
Exam: 5 cm hypertrophic scar, dorsal right forearm.
Assessment: Hypertrophic scar of the right forearm, sequela of third degree burn.
Plan: Intralesional triamcinolone, silicone sheeting.
""",
        ("L91.0", "T22.311S"),
    ),
    Varied(
        "stroke clinic with deficits",
        "outpatient",
        """NEUROLOGY FOLLOW-UP
72-year-old right-handed man with ischemic stroke in March with residual right hemiparesis and aphasia. Walking with
a quad cane. On clopidogrel.
IMPRESSION:
1. Right dominant hemiparesis as late effect of stroke
2. Aphasia following cerebral infarction
3. Essential hypertension
PLAN: Continue PT and speech therapy, clopidogrel, lisinopril.
""",
        ("I69.351", "I69.320", "I10"),
    ),
    Varied(
        "pulmonary clinic, COPD flare and sleep apnea",
        "outpatient",
        """CHIEF COMPLAINT: shortness of breath
HISTORY OF PRESENT ILLNESS: 64M former smoker (quit 2015, 40 pack years) with COPD, 5 days of increased sputum and
wheezing. On 2 L home oxygen for chronic hypoxic respiratory failure. Uses CPAP nightly.
ASSESSMENT & PLAN
# COPD with acute exacerbation - prednisone 40 mg x 5 days, azithromycin
# Chronic hypoxic respiratory failure - continue 2 L oxygen
# OSA - compliant with CPAP, new CPAP supplies ordered
# Former smoker
""",
        ("J44.1", "J96.11", "G47.33", "Z87.891", "Z99.81"),
    ),
    Varied(
        "annual physical with findings",
        "outpatient",
        """ANNUAL PHYSICAL EXAM
52-year-old woman here for her annual exam. No complaints.
Assessment/Plan:
1. Annual physical exam with abnormal findings.
2. Prediabetes, A1c 6.1 - diet and exercise.
3. Vitamin D deficiency - cholecalciferol 2000 IU daily.
4. Colon cancer screening - colonoscopy referral.
5. Flu shot given.
""",
        ("Z00.01", "R73.03", "E55.9", "Z23"),
    ),
    Varied(
        "symptom without a diagnosis",
        "outpatient",
        """HPI
47-year-old man with intermittent palpitations and lightheadedness for 3 weeks. No syncope or chest pain. Two cups of
coffee a day. Father had atrial fibrillation.
EKG: normal sinus rhythm.
A/P
Palpitations - possible paroxysmal atrial fibrillation. 14 day monitor, TSH.
Lightheadedness - orthostatics negative, hydrate.
""",
        ("R00.2", "R42"),
    ),
    Varied(
        "wound clinic",
        "outpatient",
        """WOUND CARE CENTER
HPI: 59 yo man with type 2 diabetes and neuropathy with a non-healing ulcer of the right great toe for 6 weeks. No
fever. Takes insulin glargine.
WOUND: right great toe plantar ulcer 1.2 x 0.8 cm, fat layer exposed, no bone.
ASSESSMENT:
1. Type 2 diabetes with right great toe ulcer, fat layer exposed
2. Diabetic polyneuropathy
PLAN: Sharp debridement performed. Offloading with surgical shoe provided. Continue insulin.
""",
        ("E11.621", "L97.512", "E11.42", "Z79.4"),
    ),
    Varied(
        "consult in an impression of prose",
        "outpatient",
        """GASTROENTEROLOGY CONSULTATION
Reason for consultation: iron deficiency anemia.
History: 61-year-old woman on aspirin with fatigue and dark stools. EGD last week showed a chronic gastric ulcer
without bleeding and H. pylori gastritis; biopsies positive. No weight loss. Mother had colon cancer.
Impression: This is a woman with chronic gastric ulcer due to H. pylori infection and iron deficiency anemia. She has
GERD that is well controlled with omeprazole.
Recommendations: Quadruple therapy for 14 days, iron, repeat EGD in 8 weeks.
""",
        ("K25.7", "B96.81", "D50.9", "K21.9"),
    ),
)
