# ruff: noqa: E501  # one query a line, as it was written
"""Provider queries that lead, press, pay or leave out what they owe. Invented; `|` is a line break.

Every third one is held back: it is scored, never tuned on.
"""

LEADING_TEXT = """
WBC 18.2, lactate 4.1, temp 39.2. Does the patient have sepsis? Yes / No
Please document acute respiratory failure in your next progress note.
The patient's sodium was 128. Would you agree that this is hyponatremia?
Hemoglobin fell from 12 to 7.4 after surgery. Isn't this acute blood loss anemia?
Creatinine rose from 0.9 to 2.4. Please add AKI to the discharge summary.
The clinical indicators clearly support severe protein-calorie malnutrition. Please agree and document.
Adding encephalopathy as a diagnosis would give us an MCC. Is the patient encephalopathic?
Dr., documenting acute on chronic systolic heart failure will increase the DRG weight. Can you update your note?
BNP 2400, EF 25%, IV Lasix given. Please document acute systolic heart failure so we can capture the severity.
Sepsis Query|Clinical indicators:|- WBC 19|- HR 122|What diagnosis is being treated?|[ ] Sepsis|[ ] Other|[ ] Unable to determine
Clinical indicators:|- Albumin 2.1|- BMI 16|Please select:|[ ] Severe protein-calorie malnutrition
Clinical indicators:|- pH 7.22, pCO2 68|Based on these, the diagnosis is:|[ ] Acute hypercapnic respiratory failure|[ ] Other
Clinical indicators:|- "confused, pulls at lines"|What is the cause?|[ ] Metabolic encephalopathy|[ ] Toxic encephalopathy
It appears the patient had a type 2 MI. Please confirm.
Troponin peaked at 3.2. We think this represents a type 2 myocardial infarction; do you concur?
You forgot to document the patient's obesity. Please addend.
For our quality scores we need you to state that the pressure ulcer was present on admission.
Can you document that the UTI was not catheter associated? It would count as a hospital-acquired condition otherwise.
Please confirm that the patient has chronic respiratory failure since he uses home oxygen.
The patient meets criteria for severe sepsis. Please document severe sepsis with organ dysfunction.
Please change "urosepsis" to "sepsis due to UTI" so that it can be coded.
Was the patient in shock? BP 82/40, on Levophed. Yes or no?
Pt on BiPAP with RR 34. This is acute hypoxic respiratory failure, correct?
I believe the patient's altered mental status is due to metabolic encephalopathy. Please document if you agree.
Documentation of morbid obesity would help our risk adjustment scores. BMI 43. Please include it.
Clinical indicators:|- Na 124|- 3% saline ordered|[x] Hyponatremia|[ ] Other|[ ] Unable to determine
Clinical indicators:|- Platelets 62|Please choose:|[ ] Thrombocytopenia (recommended)|[ ] Other|[ ] Unable to determine
Don't you think the drop in hemoglobin should be called acute blood loss anemia?
In order for the hospital to be reimbursed properly, can the type of heart failure be given?
Should we code this as aspiration pneumonia? Patient had right lower lobe infiltrate and dysphagia.
Pneumonia clarification|The patient received Zosyn and vancomycin. Was gram-negative pneumonia being treated?
If you agree that the patient was septic, reply "yes" and I will add it for you.
The radiologist saw an infiltrate. Obviously pneumonia. Please document.
Lactate 5.0 and MAP 55 are consistent with septic shock. Please document septic shock in the record.
Malnutrition query: please document severe malnutrition as the dietitian recommended it for the MCC.
Does this patient have acute kidney injury? ( ) Yes ( ) No
Does the patient also have delirium? Nursing noted agitation overnight.
Please state that the fracture is pathological because of her osteoporosis.
Can we say the patient has functional quadriplegia? He is total care.
The chart supports acute pulmonary edema. Kindly add it to your final diagnoses.
Please update your documentation to reflect acute metabolic acidosis, bicarbonate was 12.
Clinical indicators:|- Hgb 6.9|- 2 units PRBC|What type of anemia?|[ ] Acute blood loss anemia|[ ] Other
Clinical indicators:|- Ammonia 140|- lactulose started|Diagnosis?|[ ] Hepatic encephalopathy|[ ] Unable to determine
Clinical indicators:|- EF 20%|Which is it?|[ ] Acute systolic heart failure|[ ] Acute on chronic systolic heart failure
As we discussed in the hallway, you were going to put down sepsis. Please do so.
Your length of stay looks long for this DRG. Are there any other diagnoses such as encephalopathy?
The case mix index is low this month; would you review whether respiratory failure can be added?
To avoid a denial, please document that inpatient criteria for acute respiratory failure were met.
Most likely this is hepatorenal syndrome given the creatinine of 3.1. Do you agree?
Would it be correct to document severe malnutrition in this patient with 20% weight loss?
Query: Acute Encephalopathy|Indicators: confusion, ammonia 98|Please document the diagnosis.
Mr. Harlan Voss, MRN 4438821, had a lactate of 4. Can you clarify the diagnosis?|[ ] Sepsis|[ ] Other|[ ] Unable to determine
Respond by 5 pm with the diagnosis of acute respiratory failure or the claim cannot be billed.
The other hospitalists always document acute blood loss anemia here. Please do the same.
Patient has CKD stage 4. Please document stage 4 CKD because GFR was 22.
GFR 22 for six months. You need to document CKD stage 4.
Kindly document hypertensive heart and chronic kidney disease with heart failure.
Is the patient's sepsis due to pneumonia? WBC 15, right lower lobe infiltrate on film.
Would you like to add "toxic encephalopathy" to the problem list?
The patient was obtunded after oxycodone. Since this is toxic encephalopathy, please add it.
Coding needs the word "acute" in front of respiratory failure. Please amend.
We would like to capture an HCC for this visit. Does the patient have major depression?
Please specify that the diabetes is with neuropathy, as this carries a RAF value.
The patient surely has pneumonia; please document it as the reason for admission.
Clinical indicators:|- T 38.9|- WBC 17|Can you clarify?|[ ] Sepsis|[ ] SIRS due to infection
Clinical indicators:|- SpO2 84% on room air|- 6 L nasal cannula|[ ] Acute hypoxic respiratory failure|[ ] Yes|[ ] No
Clinical indicators:|- BMI 41|Please check one:|[ ] Morbid obesity|[ ] Obesity|[ ] Overweight
Clinical indicators:|- K 2.6, replaced|[ ] Hypokalemia ** preferred **|[ ] Other|[ ] Unable to determine
It seems the wound is a stage 4 pressure ulcer. Please document stage 4 pressure ulcer.
Patient's INR was 6 on warfarin with GI bleed: document coagulopathy due to warfarin please.
Please document the diagnosis of cerebral edema seen on the CT so severity of illness is reflected.
Would you consider documenting cerebral edema?
Could this be acute cor pulmonale? RV strain on echo.
Any chance you would call the hypotension "shock"?
To support medical necessity, please write that the patient had unstable angina.
Is it possible that the patient was septic on arrival? HR 130, WBC 22.
The patient has indicators of severe sepsis and we want to make sure you get credit for how sick they were. Please document.
Your physician profile shows low severity. Documenting AKI would improve it.
Patient is a DNR with cachexia, wouldn't you agree?
Clarification - acute myocardial infarction|Troponin 0.9 then 4.5.|Please indicate the diagnosis.
The echo shows grade 2 diastolic dysfunction and he got Lasix, so he has diastolic heart failure. Please confirm.
Please confirm acute diastolic heart failure.
Doctor, please note "acute tubular necrosis" rather than AKI; ATN is an MCC.
Can you state the patient has type 2 diabetes with hyperosmolarity? Glucose 720.
Does the patient have diabetic ketoacidosis? Glucose 540, anion gap 24.
The dietitian documented weight loss of 15%. Do you agree that the patient has severe malnutrition?|[ ] Yes
I noticed that dysphagia is not listed. Please list dysphagia following stroke.
In your medical opinion, this was sepsis, wasn't it?
Given the patient's acute respiratory failure, what caused it? RR 32, SpO2 85%.
What is the type of encephalopathy? Patient was confused and given lactulose.
What organism caused the patient's pneumonia? Infiltrate on film, on vancomycin.
Since the patient has sepsis, please document the associated organ dysfunction. WBC 20.
How severe is the patient's malnutrition? BMI 15.9.
What stage is the pressure injury? Nursing: open area on sacrum.
Is the acute kidney injury due to ATN? Creatinine 4.2.
Please agree with the CDI assessment of acute hypoxemic respiratory failure.
CDI has determined that severe malnutrition criteria are met. Sign below to accept.
Sign here to confirm: The patient has acute metabolic encephalopathy.
By answering yes you confirm that the patient had a postoperative ileus. Yes / No
Rewrite your assessment as "acute on chronic hypoxic respiratory failure".
Consider documenting: severe sepsis with septic shock.
Suggested wording for your addendum: "acute blood loss anemia due to operative loss".
For best reimbursement the principal diagnosis should be sepsis rather than UTI.
PSI-90 excludes this if you document that the laceration was integral to the procedure. Please do.
Readmission penalties apply unless COPD is removed. Can you remove COPD exacerbation?
The patient's BP was 210/120 with headache. Please upgrade hypertension to hypertensive emergency.
Would "acute pulmonary embolism with acute cor pulmonale" be a better description?
Patient needed 4 L oxygen. Please document hypoxia or respiratory failure.
We cannot code from the nurse's note, so please repeat "stage 3 pressure ulcer of the sacrum" in yours.
Bilirubin 6 and INR 2.2 suggest acute liver failure. Can you add this?
CT shows ileus. Please document postoperative ileus as a complication of surgery.
The findings point to aspiration pneumonia. Can you clarify?|[ ] Aspiration pneumonia|[ ] Other|[ ] Unable to determine
Acute respiratory failure clarification|RR 30, SpO2 86%|[ ] Agree|[ ] Disagree
Agree or disagree: the patient has chronic systolic heart failure. EF 30%.
[ ] I agree the patient has AKI|[ ] I do not agree
Patient Name: Jane Roe DOB 04/05/1950|Lactate 3.9. Please clarify the condition treated.|[ ] Sepsis|[ ] Infection without sepsis|[ ] Other|[ ] Unable to determine
Clinical indicators:|- Lipase 1200|What was treated?|[ ] Acute pancreatitis with necrosis|[ ] Acute pancreatitis without necrosis
Clinical indicators:|- Hgb 7.1|- "fatigue"|Options:|[ ] Anemia, clinically significant, impacts DRG|[ ] Other|[ ] Unable to determine
Clinical indicators:|- Troponin 1.1|Choose one:|[ ] NSTEMI|[ ] Type 2 MI
I do not see that you documented obesity class 3. It must be added for the BMI code to be paid.
Kindly include "with acute exacerbation" after COPD; steroids were given.
Steroids were given, so the COPD must be in exacerbation. Please addend.
Please write "due to" between diabetes and CKD.
Link the foot ulcer to diabetes in your note please.
We need the link: document that the cellulitis is a postoperative wound infection.
For risk of mortality purposes please add that the patient was comatose.
Isn't the wound infection a surgical complication?
Can you please change the diagnosis to acute coronary syndrome?
Please remove the word "probable" before pneumonia.
Document "sepsis, ruled in".
It would be helpful if you documented hyperlipidemia, morbid obesity and type 2 diabetes with CKD.
You should document the encephalopathy.
The H&P says AMS. AMS is a symptom; encephalopathy codes better. Please document encephalopathy.
This DRG pays 6,200 versus 11,400 with pneumonia. Did the patient have pneumonia?
Please document the presence of severe sepsis. Options: severe sepsis; sepsis.
Given lactate of 6 you would probably call this septic shock. Please clarify.
Patient has the following undocumented diagnosis: hypernatremia. Please document.
Is the patient malnourished? Albumin 2.0.
Was there an acute stroke? MRI pending.
Did the patient develop acute postoperative respiratory failure?
Has the patient got a deep vein thrombosis? D-dimer 4.0.
Was rhabdomyolysis treated? CK 12,000, IV fluids 200 mL/h.
Do you think he has bacteremia or sepsis? Please pick sepsis if IV antibiotics were needed.
Hemoglobin 8, iron 20. Iron deficiency anemia? Y/N
Potential diagnosis: Acute renal failure. Please validate by documenting it.
Query for malnutrition|Weight down 12 kg|Please indicate the degree: severe
Clinical indicators support pancytopenia. Do you wish to document this?
Provider, our records show the denial rate falls when sepsis is documented with SOFA. Please document both.
Please clarify: the patient had delirium due to hepatic encephalopathy, yes?
The lactic acidosis was not documented. Document it now to complete the chart.
Could you be so kind as to document acute cystitis with hematuria?
"""

LEADING = tuple(line.replace("|", "\n") for line in LEADING_TEXT.strip().splitlines())
