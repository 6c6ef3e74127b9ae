# ruff: noqa: E501  # one query a line, as it was written
"""Provider queries a compliance officer would let through. Invented; `|` is a line break.

Multiple choice, open, and yes/no where it is allowed. Every third one is held back.
"""

COMPLIANT_TEXT = """
Documentation clarification|Clinical indicators:|- "heart failure, on furosemide" (progress note)|- EF 30% on echo|Can the heart failure be further specified?|[ ] Acute systolic heart failure|[ ] Chronic systolic heart failure|[ ] Acute on chronic systolic heart failure|[ ] Other (please specify)|[ ] Unable to determine
Clinical indicators:|- WBC 18.2, lactate 4.1, temp 39.2|- IV vancomycin and cefepime|- Blood cultures drawn|Please clarify the condition being treated with these antibiotics.|[ ] Sepsis|[ ] Localized infection without sepsis|[ ] Other|[ ] Unable to determine
Clinical indicators: sodium 122, 118, 126; 3% saline; fluid restriction. What diagnosis, if any, is associated with these findings and treatment?
The progress note of day 2 states "AKI". Creatinine 0.9, 2.4, 3.8; muddy brown casts; nephrology consulted. Can the cause of the AKI be further specified?|[ ] Acute tubular necrosis|[ ] Prerenal azotemia|[ ] Other cause|[ ] Unable to determine
The discharge summary documents "pneumonia". Was the pneumonia present on admission?|[ ] Yes|[ ] No|[ ] Other|[ ] Clinically undetermined
The H&P documents "diabetes" and "foot ulcer". Is the foot ulcer due to the diabetes?|[ ] Yes|[ ] No|[ ] Other|[ ] Unable to determine
The pathology report states "invasive ductal carcinoma of the left breast". Do you agree with the pathology report?|[ ] Yes|[ ] No|[ ] Other|[ ] Clinically unable to determine
The emergency physician documented "NSTEMI" and the cardiology consult documented "demand ischemia". Please clarify the conflicting documentation.|[ ] NSTEMI|[ ] Demand ischemia without infarction|[ ] Other|[ ] Unable to determine
Indicators: "confused and oriented to self only" (nursing, day 1), ammonia 98, lactulose ordered. Please provide the diagnosis, if any, that explains the change in mental status.
Dietitian note: weight loss of 12% in 3 months, moderate muscle wasting, intake under 50%. Please document the patient's nutritional status based on your clinical judgment.|[ ] Mild malnutrition|[ ] Moderate malnutrition|[ ] Severe malnutrition|[ ] No malnutrition|[ ] Other|[ ] Unable to determine
The operative note documents "bowel was entered during lysis of adhesions". Please clarify the clinical significance of this event.|[ ] Inherent to the procedure|[ ] Complication of the procedure|[ ] Other|[ ] Unable to determine
The assessment states "anemia". Hemoglobin 12.1 on admission, 7.4 after surgery; 2 units of red cells given. Can the type and cause of the anemia be specified?|[ ] Acute blood loss anemia|[ ] Anemia of chronic disease|[ ] Dilutional drop without anemia|[ ] Other|[ ] Unable to determine
Nursing documents a "stage 3 sacral pressure injury" on admission. Please document your own assessment of the sacral wound.
"CKD" is documented in the assessment. GFR 24, 26 and 23 over the last five months. Can the stage of CKD be specified?|[ ] Stage 3a|[ ] Stage 3b|[ ] Stage 4|[ ] Stage 5|[ ] Other|[ ] Unable to determine
Documentation clarification|"COPD" is documented; wheezing, prednisone 40 mg started, nebulizers every 4 hours. Please clarify the status of the COPD during this stay.|[ ] With acute exacerbation|[ ] Without exacerbation|[ ] Other|[ ] Unable to determine
The radiology report describes "acute appendicitis with perforation". The discharge summary states "appendicitis". Do you agree with the radiologist's finding of perforation?|[ ] Yes|[ ] No|[ ] Other|[ ] Unable to determine
The progress note states "respiratory distress". SpO2 84% on room air, RR 34, 6 L by nasal cannula. Please clarify the diagnosis that required oxygen.|[ ] Acute hypoxic respiratory failure|[ ] Hypoxemia without respiratory failure|[ ] Other|[ ] Unable to determine
"Fracture of the right hip" is documented after a fall from standing; a DEXA score of -3.1 is on file. Can the nature of the fracture be specified?|[ ] Traumatic fracture|[ ] Pathological fracture|[ ] Other|[ ] Unable to determine
Blood cultures grew E. coli in 2 of 2 bottles; ceftriaxone was given for 7 days. Please document the clinical significance of the positive blood cultures.
The discharge summary lists "UTI"; a Foley catheter was placed on day 1 and urine was cultured on day 4. Please clarify the relationship, if any, between the UTI and the catheter.|[ ] UTI due to the catheter|[ ] UTI not related to the catheter|[ ] Other|[ ] Unable to determine
Your note states "encephalopathy". Can the type of encephalopathy be further specified?|[ ] Metabolic|[ ] Toxic|[ ] Hepatic|[ ] Other|[ ] Unable to determine
The patient is documented as "obese" with a BMI of 43.2. Can the class of obesity be specified?|[ ] Class 1|[ ] Class 2|[ ] Class 3|[ ] Other|[ ] Unable to determine
"Asthma" is documented in the problem list. Daily symptoms, nightly awakening twice a week. Can the severity of the asthma be specified?|[ ] Mild intermittent|[ ] Mild persistent|[ ] Moderate persistent|[ ] Severe persistent|[ ] Other|[ ] Unable to determine
The ED note documents "laceration of hand". Please specify which hand.|[ ] Right|[ ] Left|[ ] Both|[ ] Other|[ ] Unable to determine
Platelets 62, 48, 71; heparin stopped on day 5. What is the clinical significance, if any, of the platelet counts?
"Hypotension" is documented; MAP 52, norepinephrine for 18 hours, lactate 4.8. Please clarify the cause of the hypotension.|[ ] Septic shock|[ ] Hypovolemic shock|[ ] Cardiogenic shock|[ ] Drug-induced hypotension|[ ] Other|[ ] Unable to determine
The H&P documents "stroke in 2022" and "left arm weakness". Is the left arm weakness a sequela of the documented stroke?|[ ] Yes|[ ] No|[ ] Other|[ ] Unable to determine
The consult documents "deep vein thrombosis of the left leg" on day 3. Was the deep vein thrombosis present at the time of the admission order?|[ ] Yes|[ ] No|[ ] Other|[ ] Clinically undetermined
Clinical indicators:|- "major depression" (psychology note)|- PHQ-9 of 17|- sertraline increased|Please specify the episode and severity.|[ ] Single episode, mild|[ ] Single episode, moderate|[ ] Single episode, severe|[ ] Recurrent, moderate|[ ] Recurrent, severe|[ ] Other|[ ] Unable to determine
Clinical indicators:|- "alcohol use, 10 drinks a day"|- CIWA 18|- lorazepam taper|Please clarify the pattern of alcohol use and any associated condition.
Troponin 0.04, 0.9, 2.1; heparin infusion; cardiology consult. Please document the diagnosis, if any, that these findings represent.
"Pulmonary hypertension" is documented. Right heart catheterization with mean PA pressure 42. Can the group of pulmonary hypertension be specified?|[ ] Group 1|[ ] Group 2|[ ] Group 3|[ ] Other|[ ] Unable to determine
The progress notes document "seizure". Please specify, if known, whether this is epilepsy, a provoked seizure or another condition.
"Atrial fibrillation" is documented; amiodarone started, cardioversion on day 2. Can the type of atrial fibrillation be specified?|[ ] Paroxysmal|[ ] Persistent|[ ] Longstanding persistent|[ ] Permanent|[ ] Other|[ ] Unable to determine
The note states "type 2 diabetes, neuropathy". Is the neuropathy related to the documented diabetes?|[ ] Yes|[ ] No|[ ] Other|[ ] Unable to determine
The wound culture grew MRSA. Please clarify the clinical significance of the culture result.|[ ] Infection|[ ] Colonization|[ ] Contaminant|[ ] Other|[ ] Unable to determine
"Chest pain" is documented as the final diagnosis. Troponins normal, stress test negative, pantoprazole started. Can the cause of the chest pain be specified?
The anesthesia record notes "difficult intubation"; reintubated 2 hours after surgery for SpO2 80%. Please clarify the reason for the reintubation.
Creatinine 1.0 at baseline, 1.9 on day 2, 1.1 on day 4; IV fluids given. Please document the associated diagnosis, if any.|[ ] Acute kidney injury|[ ] Expected change without a diagnosis|[ ] Other|[ ] Unable to determine
The discharge summary documents "sepsis, possible". Please clarify the status of the documented sepsis at discharge.|[ ] Confirmed|[ ] Ruled out|[ ] Remains possible at discharge|[ ] Other|[ ] Unable to determine
The postoperative note documents "ileus" on day 2. Please clarify the clinical significance of the ileus.|[ ] Expected after this procedure|[ ] A complication of the procedure|[ ] Other|[ ] Unable to determine
"Cirrhosis" and "ascites" are documented, with 12 drinks a day in the social history. Can the cause of the cirrhosis be specified?|[ ] Alcoholic|[ ] Viral|[ ] Metabolic-associated|[ ] Other|[ ] Unable to determine
Clinical indicators: potassium 2.6, replaced with 80 mEq. Please document the diagnosis, if any, for which potassium was replaced.
The burn center note documents "burn of forearm". Please specify the degree and the side.
"Glaucoma" is documented on the right. Can the stage be specified?|[ ] Mild|[ ] Moderate|[ ] Severe|[ ] Indeterminate|[ ] Other|[ ] Unable to determine
The prenatal record documents "hypertension". Please clarify when the hypertension began.|[ ] Before the pregnancy|[ ] During the pregnancy|[ ] Other|[ ] Unable to determine
The delivery note documents a "second degree laceration" and the nursing note a "third degree laceration". Please clarify the degree.|[ ] First|[ ] Second|[ ] Third|[ ] Other|[ ] Unable to determine
"Migraine" is documented. Frequency of 16 headache days a month, failed two preventives. Please specify the type of migraine and whether it is intractable.
The neurosurgery note documents "midline shift of 7 mm" on CT. Please document the diagnosis, if any, associated with this finding.
"Osteomyelitis of the left foot" is documented. Can the acuity be specified?|[ ] Acute|[ ] Subacute|[ ] Chronic|[ ] Other|[ ] Unable to determine
The chart documents "hepatitis C". Can the course be specified?|[ ] Acute|[ ] Chronic|[ ] History of, resolved|[ ] Other|[ ] Unable to determine
Your H&P documents "history of lung cancer"; chemotherapy was given last week. Please clarify the status of the lung cancer.|[ ] Current, under treatment|[ ] No evidence of disease, treatment complete|[ ] Other|[ ] Unable to determine
"Dementia" is documented with "hits staff, wanders". Please specify the type, severity and behavioral disturbance, if any.
The orthopedic note documents "fracture of distal radius". Please specify whether the fracture is displaced.|[ ] Displaced|[ ] Nondisplaced|[ ] Other|[ ] Unable to determine
Is the "right leg cellulitis" documented on admission related to the documented insect bite?|[ ] Yes|[ ] No|[ ] Other|[ ] Unable to determine
Bilirubin 6.2, INR 2.4, AST 1900 after acetaminophen ingestion as documented in the ED note. Please document the liver condition, if any, being treated.
The nephrology consult states "ATN" while your progress notes state "AKI, prerenal". Please clarify the conflicting documentation.|[ ] Acute tubular necrosis|[ ] Prerenal AKI|[ ] Other|[ ] Unable to determine
The skin assessment documents "deep purple area on left heel" at admission. Please provide the diagnosis for this finding, if one can be made.
"Hyponatremia" is documented. Urine osmolality 540, serum osmolality 258. Can the cause be specified?|[ ] SIADH|[ ] Diuretic-related|[ ] Volume depletion|[ ] Other|[ ] Unable to determine
Please clarify the laterality of the documented "cataract extraction".|[ ] Right eye|[ ] Left eye|[ ] Other|[ ] Unable to determine
Documentation clarification|Clinical indicators:|- "lower back pain radiating to the leg"|- MRI: L4-L5 disc herniation|Please document the diagnosis that explains the pain.|[ ] Lumbar disc displacement with radiculopathy|[ ] Lumbar strain|[ ] Other|[ ] Unable to determine
The cardiology note of 10:40 documents "acute pericarditis" and the discharge summary does not mention it. Please clarify whether this diagnosis was confirmed, ruled out or remains uncertain.
"Neutropenia" is documented; ANC 300 on day 9 of chemotherapy; temperature 38.6. Is the fever associated with the documented neutropenia?|[ ] Yes|[ ] No|[ ] Other|[ ] Unable to determine
"Pressure ulcer of sacrum, stage 3" is documented on day 4. Was it present on admission?|[ ] Yes|[ ] No|[ ] Other|[ ] Clinically undetermined
Hemoglobin A1c 9.4, glucose 310; metformin and glargine ordered. The problem list states "diabetes". Can the type of diabetes be specified?|[ ] Type 1|[ ] Type 2|[ ] Other type|[ ] Unable to determine
"Gout flare" is documented. Please specify the joint and side, if known.
The hospice note documents "terminal illness" without naming it. Please document the condition for which hospice care is given.
The ED record documents "overdose". Please clarify the intent, if known.|[ ] Accidental|[ ] Intentional self-harm|[ ] Assault|[ ] Other|[ ] Undetermined
"Bleeding on warfarin" is documented, INR 6.2. Please clarify the relationship, if any, between the bleeding and warfarin.|[ ] Adverse effect of warfarin taken as prescribed|[ ] Taken other than as prescribed|[ ] Not related to warfarin|[ ] Other|[ ] Unable to determine
"Acute cholecystitis" is documented with stones on ultrasound. Do you agree with the radiologist's finding of cholelithiasis?|[ ] Yes|[ ] No|[ ] Other|[ ] Unable to determine
Oxygen at 2 L at home for 3 years as documented in the H&P; pCO2 58 at baseline. Please document the condition, if any, for which home oxygen is used.
The echo report states "moderate mitral regurgitation". Please document the clinical significance of this finding, if any.
Ferritin 6, iron 18, "fatigue" documented; IV iron given. Can you clarify the diagnosis for which iron was given?
Can the etiology of the documented "pleural effusion" be further specified?|[ ] Heart failure|[ ] Malignancy|[ ] Infection|[ ] Other|[ ] Unable to determine
Could you please clarify the type of shock documented as "shock, on pressors" on day 1?|[ ] Septic|[ ] Cardiogenic|[ ] Hypovolemic|[ ] Other|[ ] Unable to determine
Based on your clinical judgment, can the following be further specified: acuity of the documented "heart failure"?|[ ] Acute|[ ] Chronic|[ ] Acute on chronic|[ ] Other (please specify)|[ ] Unable to determine
Please clarify whether the documented "acute kidney injury" had resolved, was improving or continued at discharge.
The physical therapist documents "unable to move any extremity, total care". Please document the diagnosis, if any, that explains this finding.
"Tobacco use" is documented. Please specify the product and the pattern of use.|[ ] Cigarettes, dependence|[ ] Cigarettes, use without dependence|[ ] Other product|[ ] Other|[ ] Unable to determine
The wound care note documents "ulcer of left ankle with fat layer exposed". Please document the type of ulcer.|[ ] Venous|[ ] Arterial|[ ] Diabetic|[ ] Pressure|[ ] Other|[ ] Unable to determine
The transfer record documents "respiratory failure". Please specify the acuity and type.|[ ] Acute with hypoxia|[ ] Acute with hypercapnia|[ ] Chronic with hypoxia|[ ] Acute on chronic|[ ] Other|[ ] Unable to determine
Clinical indicators:|- Lactate 2.4|- "fever, cough, infiltrate"|- ceftriaxone and azithromycin|Can the infection being treated be specified, with its organism if known?
"Angina" is documented with "CAD". Can the type of angina be specified?|[ ] Stable|[ ] Unstable|[ ] With documented spasm|[ ] Other|[ ] Unable to determine
Is the documented "chronic kidney disease" due to the documented "hypertension", to the documented "diabetes", or to another cause?|[ ] Hypertension|[ ] Diabetes|[ ] Both|[ ] Other|[ ] Unable to determine
The dietitian's and your documentation of nutritional status differ ("severe malnutrition"; "well nourished"). Please clarify.|[ ] Severe malnutrition|[ ] Moderate malnutrition|[ ] No malnutrition|[ ] Other|[ ] Unable to determine
Haptoglobin under 10, LDH 900, hemoglobin 6.8 after a new antibiotic. Please document the condition, if any, being treated with prednisone.
"Pancreatitis" is documented with lipase 1,200 and gallstones. Can the cause be specified?|[ ] Biliary|[ ] Alcohol-related|[ ] Drug-related|[ ] Other|[ ] Unable to determine
The surgical note documents "adhesions". Please clarify whether the adhesions were incidental or contributed to the obstruction.|[ ] Incidental|[ ] Cause of the obstruction|[ ] Other|[ ] Unable to determine
CK 12,400 with IV fluids at 200 mL/h after "found down 14 hours" (ED note). What diagnosis, if any, corresponds to these findings?
Please clarify the site of the documented "melanoma", including side.
The newborn record documents "jaundice" with phototherapy for 2 days. Can the cause of the jaundice be specified?
"GI bleed" is documented; EGD shows a gastric ulcer with a visible vessel. Is the GI bleed due to the documented gastric ulcer?|[ ] Yes|[ ] No|[ ] Other|[ ] Unable to determine
"Acute respiratory failure" is documented on day 1 only. Please clarify the status of this diagnosis.|[ ] Confirmed, resolved|[ ] Ruled out|[ ] Other|[ ] Unable to determine
Clinical indicators for the documented "sepsis": temp 37.1, WBC 9.8, lactate 1.1, cultures negative. Please document the clinical indicators that support the diagnosis, or clarify if it was ruled out.|[ ] Sepsis confirmed, supported by (please specify)|[ ] Sepsis ruled out|[ ] Other|[ ] Unable to determine
"Cystic fibrosis" is documented. Please specify the manifestations treated during this stay.
"Sickle cell disease" is documented with chest infiltrate and hypoxia. Can the crisis or complication, if any, be specified?|[ ] With acute chest syndrome|[ ] With vaso-occlusive pain alone|[ ] Without crisis|[ ] Other|[ ] Unable to determine
Please specify the trimester or completed weeks at the visit where "gestational diabetes" is documented, and how it is controlled.
Hypoglycemia of 42 mg/dL treated with D50 after glipizide is noted in the ED record. Please document the associated diagnosis and its cause, if known.
"Compression fracture of T12" is documented. Please clarify the cause and age of the fracture.|[ ] Acute traumatic|[ ] Acute pathological, osteoporotic|[ ] Old, healed|[ ] Other|[ ] Unable to determine
The nursing admission assessment records "catheter in place from nursing home". Was the documented "UTI" present on admission?|[ ] Yes|[ ] No|[ ] Other|[ ] Clinically undetermined
The oncology note documents "metastatic cancer". Please specify the primary and secondary sites, if known.
"Peripheral vascular disease" is documented with rest pain of the right foot. Can the condition be further specified?|[ ] Atherosclerosis with rest pain|[ ] Atherosclerosis with claudication|[ ] Other|[ ] Unable to determine
Please document the reason for the blood transfusion on day 3 (hemoglobin 6.9).
Please indicate whether the documented "urinary retention" is related to the documented "BPH".|[ ] Related|[ ] Not related|[ ] Other|[ ] Unable to determine
The MRI report states "acute infarct, left MCA territory". The progress note states "stroke". Do you agree with the MRI report as to site?|[ ] Yes|[ ] No|[ ] Other|[ ] Unable to determine
"Hepatic encephalopathy" and "coma" are documented by different providers on the same day. Please clarify the patient's level of consciousness.
Insulin pump malfunction is recorded with glucose of 480. Please clarify what happened and the resulting condition, if any.
Sputum grew Pseudomonas; cefepime for 8 days; "pneumonia" documented. Can the organism responsible for the pneumonia be specified?|[ ] Pseudomonas|[ ] Organism not identified|[ ] Other|[ ] Unable to determine
Apixaban is on the documented medication list. Please clarify the indication for its long-term use.
"Lymphoma" is documented in remission in one note and active in another. Please clarify.|[ ] Active|[ ] In remission|[ ] Other|[ ] Unable to determine
The ED physician documented "syncope"; orthostatic drop of 34 mmHg. Can the cause of the syncope be specified?|[ ] Orthostatic hypotension|[ ] Vasovagal|[ ] Arrhythmia|[ ] Other|[ ] Unable to determine
"Hematuria" and "acute cystitis" are documented. Is the hematuria a part of the documented cystitis?|[ ] Yes|[ ] No|[ ] Other|[ ] Unable to determine
Weight 3.1 kg lost, "poor feeding" documented in the newborn note. Please document the clinical significance.
"Bipolar disorder" is documented. Please specify the current episode and its severity.|[ ] Manic|[ ] Depressed, mild or moderate|[ ] Depressed, severe|[ ] Mixed|[ ] In remission|[ ] Other|[ ] Unable to determine
Clinical indicators:|- "sacral wound, bone visible"|- wound care daily|Please document the type and stage of the wound, if applicable.
"Stage 2" and "stage 3" are both documented for the same heel ulcer on the same day. Which stage reflects your assessment?|[ ] Stage 2|[ ] Stage 3|[ ] Other|[ ] Unable to determine
The consult states "CHF". Can the type and acuity be specified based on the echo of the same day (EF 60%, E/e' 18)?|[ ] Diastolic, acute|[ ] Diastolic, chronic|[ ] Diastolic, acute on chronic|[ ] Systolic|[ ] Other|[ ] Unable to determine
Provider query|"Post-op day 1: Hgb 8.9, was 13.0" is noted in your progress note. Please document the clinical significance of the change, if any.|[ ] Expected blood loss without anemia|[ ] Acute blood loss anemia|[ ] Other|[ ] Unable to determine
Request for clarification|The allergy list and "rash after amoxicillin" are documented. Please clarify the diagnosis for the rash.|[ ] Adverse effect of amoxicillin|[ ] Viral exanthem|[ ] Other|[ ] Unable to determine
Clinical indicators:|- "on chronic prednisone 20 mg"|- hydrocortisone given before surgery|What condition, if any, was the hydrocortisone given for?
"Drug-induced neuropathy" is documented. Please specify the drug.
Please clarify if the documented "hypertension" is essential, secondary or another type.
The infectious disease consult documents "HIV". Please clarify the status of the HIV.|[ ] Asymptomatic HIV infection|[ ] HIV disease|[ ] Other|[ ] Unable to determine
The operative report describes removal of "part of the right upper lobe". Please clarify the extent of the resection.|[ ] Wedge resection|[ ] Segmentectomy|[ ] Lobectomy|[ ] Other|[ ] Unable to determine
"Pain control" is documented as the reason for admission in a patient with documented "bone metastasis". Please clarify the reason for the admission.
Magnesium 1.1 replaced twice. Please document the diagnosis, if any, being treated.
"Diverticulitis" is documented; CT report describes a 3 cm abscess. Do you agree with the CT finding of an abscess?|[ ] Yes|[ ] No|[ ] Other|[ ] Unable to determine
Please specify the type of "dialysis-dependent kidney disease" documented and its stage.
"Fall at home" is documented with "hip fracture". Please clarify the activity and place, if known.
Wheezing, SpO2 90%, and "bronchitis" documented. Can the bronchitis be specified as acute, chronic or other?
The record documents "unresponsive" with GCS 6. Please document the associated diagnosis, if any.
The neurologist documented "hemiparesis". Please specify the side and whether it is the dominant side.
"Preeclampsia" is documented with BP 168/112 and platelets 88. Can the severity be specified?|[ ] Mild to moderate|[ ] Severe|[ ] HELLP syndrome|[ ] Other|[ ] Unable to determine
Please clarify the relationship, if any, of the documented "postoperative fever" to the surgery.
The discharge summary documents "COVID-19" and "pneumonia". Is the pneumonia due to the documented COVID-19?|[ ] Yes|[ ] No|[ ] Other|[ ] Unable to determine
"Thyroid nodule" biopsy report: papillary carcinoma. Your note states "thyroid nodule". Do you agree with the biopsy report?|[ ] Yes|[ ] No|[ ] Other|[ ] Unable to determine
Clinical indicators:|- "intubated for airway protection"|- pO2 92 on room air before intubation|Please clarify the diagnosis that required ventilation.|[ ] Acute respiratory failure|[ ] Airway protection only|[ ] Other|[ ] Unable to determine
Your documentation states "chronic pain". Please specify the cause or syndrome, if known.
The admission note documents "weakness". MRI, EMG and neurology consult are complete. Can the cause be specified?
Cultures of the documented "abscess" grew Staphylococcus aureus, methicillin resistant. Please document the organism, if clinically significant.
"Neonatal sepsis ruled out" and "sepsis" are both documented. Please clarify.|[ ] Sepsis confirmed|[ ] Sepsis ruled out|[ ] Other|[ ] Unable to determine
The record documents "malnutrition". Can the degree be specified?|[ ] Mild|[ ] Moderate|[ ] Severe|[ ] Other|[ ] Unable to determine
Please document the patient's vaccination status, if it bears on this visit, as recorded "unvaccinated" in the nursing note.
"Obstructive sleep apnea" is documented with "uses CPAP". Please clarify if obesity hypoventilation, documented in 2025, was evaluated during this stay.|[ ] Evaluated|[ ] Not evaluated|[ ] Other|[ ] Unable to determine
"Ascites" is documented; 4 L removed, cell count 800 with 85% neutrophils, cefotaxime started. Please document the condition treated with cefotaxime.
"Heel ulcer" is documented in the podiatry note of a patient with documented "diabetes". Is the ulcer related to the documented diabetes?|[ ] Yes|[ ] No|[ ] Other|[ ] Unable to determine
Please specify the side of the documented "pneumothorax" and whether it was spontaneous, traumatic or postprocedural.
The record documents "dehydration" with sodium 158. What is the clinical significance, if any, of the sodium value?
"Cellulitis of the leg" is documented. Please specify which leg.|[ ] Right|[ ] Left|[ ] Both|[ ] Other|[ ] Unable to determine
The ED note documents "burn of the hand, blistered". Can the degree of the burn be specified?|[ ] First|[ ] Second|[ ] Third|[ ] Other|[ ] Unable to determine
The cardiac catheterization report states "90% stenosis of the LAD". Please document the associated diagnosis, if any.
"Anxiety" is documented with panic attacks twice a week. Can the anxiety disorder be further specified?|[ ] Panic disorder|[ ] Generalized anxiety disorder|[ ] Adjustment disorder|[ ] Other|[ ] Unable to determine
"""

COMPLIANT = tuple(line.replace("|", "\n") for line in COMPLIANT_TEXT.strip().splitlines())
