"""Templates of synthetic notes.

The recognizers were made with ``OPEN`` in sight. ``HELD`` was scored once (recall 0.947), then read
and mended like the rest; ``LAST`` was written after that, with other names, and scored once.
"""

OPEN = (
    """CLINIC NOTE
Patient: {full:p}     MRN: {mrn}     DOB: {dob}
Date of visit: {us:v}

HPI: {given:p} is a 57-year-old woman with type 2 diabetes and hypertension. She was last seen on {us}. Her daughter {given:d} helps with insulin.
A1c 8.2 on {slash}. BP 142/88.
Assessment: type 2 diabetes with hyperglycemia. Plan: increase glargine, return in 3 months.
Electronically signed by {full:s}, MD on {us:v} at 14:32""",
    """DISCHARGE SUMMARY
Name: {reversed:p}
Medical record number {mrn}
Account #: {account}
Admitted: {written}   Discharged: {written}
Attending: Dr. {surname:a}
Mr. {surname:p} was admitted with acute on chronic systolic heart failure. He was diuresed for 4 days. Cardiology (Dr. {full:c}) recommended sacubitril.
He will follow up with Dr. {surname:c} on {us}. Call {phone} with questions. Fax records to {phone}.""",
    """{middle:p}, {old} year old male, resident of {town}, presents from home at {street}, {town}, with hip pain after a fall on {monthday}.
Social security number {ssn}. Insurance: member ID {plan}. Wife ({given:w}) can be reached at {phone}.""",
    """Operative report. Surgeon: {full:s}, MD. Assistant: {full}, PA-C.
Patient {full:p} (MRN {mrn}) underwent right total knee arthroplasty on {iso}. Implant serial number {serial}, lot {serial}.
Specimen {accession} sent to pathology. cc: {full}""",
    """Telephone encounter {us}
Caller: {full:p}. Phone {phone}. Email {email}.
States that pain is 8/10 since {monthday}. Advised to use patient portal at {url}. Logged in from {ip}.
Documented by {full}, RN""",
    """Progress note, {written}
S: Pt reports cough x 3 days. D/w {full} at bedside. Mother {given} accompanied.
O: T 38.1, HR 104, RR 22, SpO2 93% RA. Strength 5/5.
A/P: Community-acquired pneumonia. Ceftriaxone 1 g IV. Follow-up CXR on {slash}.
NPI 1234567893. License {license}. Signed, {full}, DO""",
    """EMERGENCY DEPARTMENT
{capitals:p}   {dob}   MRN {mrn}
Driver of a car (license plate {plate}) struck at 45 mph on {written} near {town}. Restrained, airbags deployed.
GCS 15. C-spine tender at C5-C6. CT negative. Photo on file: {photo}. Police notified.
Dr. {surname} evaluated the patient. Ms. {surname:p} was discharged to {street}.""",
    """To: {full}
From: {full}
Re: {full:p}, DOB {dob}
Dear Dr. {surname}, thank you for referring this pleasant 63 yo gentleman with Parkinson disease. He lives in {town}, {zip}... tremor since {monthyear}. Mrs. {surname:p} notes freezing of gait.
Sincerely,
{full}, MD""",
    """Device clinic. Pacemaker S/N {serial} implanted {monthyear} by Dr. {surname}. Battery 6.2 years. Threshold 0.75 V.
Health plan beneficiary number: {plan}. Claim # {account}. Driver's license number {license}.
Fingerprint ID: {biometric}. Accession number: {accession}.""",
    """34 yo G2P1 at 28w3d, LMP {us}, EDD {us}. Partner {full} present. Lives at {street}, {town}. Cell {phone}. Seen with {full}, CNM on {slash}.
Glucose 1-hr 128. Next visit in 2 weeks.""",
    """{given:p} {surname:p} denies chest pain. {given:p} says the swelling began on {monthday}. Per {full}, who manages her CKD stage 3b, creatinine 1.8. Emergency contact: {full}, {phone}.""",
    """PATHOLOGY  Case {accession}  Patient {reversed}  Collected {us}  Received {us}
Pathologist: {full}, MD. Diagnosis: invasive ductal carcinoma, grade 2, pT1cN0, Ki-67 20%.""",
)

HELD = (
    """ENCOUNTER SUMMARY | {us} | {full:p} | MRN# {mrn} | SSN: {ssn} | DOB={dob}
Guarantor: {reversed:g}; policy number {plan}; patient account number {account}
Mailing address
{street}
{town} {zip}
Home: {phone} / Work: {phone} / Fax: {phone}
Impression: atrial fibrillation with rapid ventricular response; hypokalemia 3.1.""",
    """Asked to see this {old}-year-old woman by Dr. {full:r} because of a syncopal episode on {written}. Ms. {surname:p} was found by her son, {full:s}, in the kitchen. {given:p} recalls nothing after breakfast. She takes lisinopril 10 mg. Orthostatic: BP 98/60 standing. Impression: dehydration. Thank you, Dr. {surname:r}.""",
    """Nursing: 0730 report received from {full:n}, RN. Pt awake. Foley patent. 1100 Dr. {surname:h} rounded, orders received. 1415 family ({given} and {given}) at bedside. 1600 transferred to rehab, belongings sent with {full}. Wristband no. {mrn}. Signed {full}, LPN {us}""",
    """REFERRAL LETTER
{written}
RE: {full:p} (date of birth {dob})
Dear Dr. {surname:d}:
I had the pleasure of seeing Mr. {surname:p} on {monthday}. As you know, he is a 71-year-old retired teacher from {town} with Crohn disease status post ileocecectomy in 2009. His biopsy ({accession}) showed chronic active ileitis. Please contact me at {email} or {phone}.
Warm regards,
{full:w}, MD, FACP
DEA AB1234563""",
    """Subjective: {full:p} returns for Graves disease. Lab work from {us} shows TSH <0.01. {surname:p} denies palpitations. Since {monthyear} weight down 8 lb. Her sister {given} has Hashimoto thyroiditis.
Plan: methimazole 10 mg daily; recheck {slash}.""",
    """Motor vehicle collision {iso}. Vehicle: VIN 1M8GDM9AXKP042788, license plate {plate}. Passenger {full}. EMS run by {full}, EMT-P. Patient's driver's license: {license}. Airbag. GCS 14. Closed fracture of left tibia shaft.""",
    """Cardiac device interrogation {us}. Model DDDR, serial no. {serial}. Implanting physician {full}, MD. Remote monitor web page {url}; transmitter at {ip}. Leads stable. AF burden 3%. Next remote check on {monthday}.""",
    """Consent for photography: image file {photo} stored {iso} by {full}. Voiceprint {biometric} enrolled. Witness: {full}. Certificate number {license}.""",
    """Psychiatry intake. Client {full:p} lives at {street} with her husband {given:h} and two children, {given} and {given}. Employer contact {phone}. PHQ-9 18. Denies SI. Health insurance ID {plan}. Therapist {full} notified {us}. Follow-up in 2 weeks with {full}, LCSW.""",
    """RADIOLOGY REPORT
PATIENT NAME: {capitals}
EXAM DATE: {us}   ACCESSION: {accession}   ORDERING: {full}
CT abdomen and pelvis with contrast. Comparison: {written}.
Impression: Acute appendicitis. Findings discussed with Dr. {surname} by telephone at 1432 on {us}.
Dictated by: {full}, M.D.   Transcribed {us}""",
    """Pt is a 4 y/o brought in by mother {full} for otitis media. Vaccines UTD per pediatrician {full}. School: withheld. Grandmother {given:g} ({phone}) may consent. Seen and examined by me, {full}, NP, on {written}.""",
    """Lab callback: {full:p}'s potassium 6.1 drawn {us} at our {town}, {zip} office. Spoke to {given:p} at {phone} at 9 pm; told to go to ED. Record number {mrn}. Claim number {account}. - {full}, PharmD""",
)

LAST = (
    """HOME HEALTH VISIT {us}. Client {full:p} ({dob}), {street}, {town}. Aide {full:a} in attendance. Wound 3 x 2 cm, granulating. Daughter {given} changes dressings. Supervisor notified at {phone}. Visit number {accession}. Signature: {full:a}, RN""",
    """INPATIENT CONSULT - NEPHROLOGY
Requesting: Dr. {full:q}
Consultant: {full:c}, MD
Patient {reversed:p}, record # {mrn}, room withheld.
Reason: AKI on CKD 3b. Creatinine 1.6 on {slash}, 3.9 today. {surname:p} was started on vancomycin {monthday}. Hx of Wegener granulomatosis. Discussed with Dr. {surname:q}. Thank you.
{full:c} {us} 1620""",
    """Hi, this is {full:p}'s husband {given:h}. She has been throwing up since {written}. We are at {street} in {town}. My cell is {phone}, her email {email}. Insurance card says ID {plan}. Thanks, {given:h} {surname:p}""",
    """SURGICAL PATHOLOGY {accession}
Patient: {capitals}  DOB: {dob}  MRN: {mrn}
Submitting physician: {full}, MD    Date collected: {iso}    Date reported: {iso}
A. Sigmoid polyp: tubular adenoma. B. Rectum: hyperplastic polyp.
Electronically signed by {full}, MD, {us}""",
    """PHYSICAL THERAPY EVAL. Pt: {middle}. Referred by Dr. {surname} after ACL reconstruction on {monthday}. Lachman negative. Quad strength 4/5, pain 3/10. SSN on file {ssn}. Next appointment {us} with {full}, DPT. Workers comp claim no. {account}, employer rep {full}, fax {phone}.""",
    """Coding query to Dr. {surname:d}: Mrs. {surname:p} (account {account}) was admitted {us} and discharged {us}. Documentation shows "sepsis" on {slash}; please clarify organism. Respond by {written}. {full}, CCS""",
    """ADDENDUM {us}: {given:p} {surname:p}, age {old}, expired on {written} at 0412. Family ({given}, son) informed by Dr. {full}. Medical examiner case {accession}. Pacemaker serial {serial} returned. Certificate no. {license}.""",
    """Trauma bay: unknown male, later identified as {full:p} by driver license {license}. Plate {plate}. From {town}. Fall 20 ft on {monthday}. GCS 7. Web chart {url}; images {photo}; kiosk fingerprint {biometric}; workstation {ip}. Fx L1 burst. {surname:p} intubated, Dr. {surname} present.""",
    """Newborn baby boy of {full:m}, delivered {us} by {full}, CNM, 39w1d, Apgars 8/9. Father {full}. Address {street}, {town}. Pediatrician: Dr. {full}. Beneficiary ID {plan}. Hep B given {monthday}.""",
    """{full:p} is a 48-year-old woman with von Willebrand disease and Christmas disease in a brother. In {monthyear} she saw Dr. {surname:e} in {town}; on {us} {given:p} called from {phone}. {surname:p} declines surgery.""",
)
