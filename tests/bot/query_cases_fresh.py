# ruff: noqa: E501  # one query a line, as it was written
"""Queries written after the checker was last changed, to score it once more; `|` is a line break."""

COMPLIANT_TEXT = """
"Knee pain" is documented; MRI report states "medial meniscus tear". Do you agree with the MRI report of a meniscus tear?|[ ] Yes|[ ] No|[ ] Other|[ ] Unable to determine
The ED note records "difficulty swallowing" after the documented "stroke". Please clarify the relationship, if any.
Clinical indicators:|- "sleeps 12 hours, no interest"|- PHQ-9 of 14|Please document the diagnosis, if any, for which escitalopram was started.
The consultant documented "acute gout" and the progress note "septic arthritis". Please clarify the conflicting documentation.|[ ] Acute gout|[ ] Septic arthritis|[ ] Both|[ ] Other|[ ] Unable to determine
Urine culture grew E. coli over 100,000; nitrofurantoin ordered. Please document the clinical significance of the culture.
Can the side of the documented "inguinal hernia" be specified?|[ ] Right|[ ] Left|[ ] Bilateral|[ ] Other|[ ] Unable to determine
"Hyperkalemia" is documented with potassium 6.4; insulin and calcium given. Can the cause be specified?
The nursing note records a "skin tear of the right forearm". Please provide your own assessment of the wound.
"Lupus" is documented. Please specify the organ involvement, if any.
Was the documented "C. difficile colitis" present on admission?|[ ] Yes|[ ] No|[ ] Other|[ ] Clinically undetermined
Echo: EF 45%, septal hypokinesis. Please document the associated diagnosis, if any, in your judgment.
"Arthritis of the hip" is documented. Please specify the type.|[ ] Primary osteoarthritis|[ ] Post-traumatic osteoarthritis|[ ] Rheumatoid arthritis|[ ] Other|[ ] Unable to determine
Weight 62 kg, was 74 kg in May; "poor appetite" in the dietitian's note. Please document the nutritional diagnosis, if any.
The operative report describes a "small serosal tear, oversewn". Please clarify its clinical significance.|[ ] Incidental to the procedure|[ ] Complication|[ ] Other|[ ] Unable to determine
Is the documented "peripheral edema" related to the documented "amlodipine"?|[ ] Yes|[ ] No|[ ] Other|[ ] Unable to determine
"Hearing loss" is documented. Can the type and side be specified?
pH 7.21, bicarbonate 9, glucose 102, lactate 1.2. What diagnosis, if any, do these values represent?
"Schizophrenia" is documented as the reason for admission. Please specify the type, if known.
The record documents "drug use". Please clarify the substance and the pattern of use.|[ ] Use|[ ] Abuse|[ ] Dependence|[ ] Other|[ ] Unable to determine
The documented "toe gangrene": is it due to the documented "diabetes"?|[ ] Yes|[ ] No|[ ] Other|[ ] Unable to determine
"Low platelets" is documented, 41 and 38. Please document the diagnosis for this finding, if one can be made.
The cardiology note states "aortic stenosis". Please specify the severity and whether it is rheumatic.
The newborn exam records "murmur". Please document the diagnosis, if any.
"Back pain" is listed; the CT report describes an "L2 compression fracture". Please clarify the significance of the CT finding.
Please clarify whether the documented "leg ulcer" is venous, arterial or of another type.
"Heat exhaustion" is documented. Please specify the circumstances, if known.
Temperature 39.4, ANC 200, blood cultures pending; cefepime started. Please document the condition being treated.
"Parkinson's disease" and "memory loss" are documented. Please clarify the diagnosis for the memory loss.
The discharge summary lists "CVA". Please specify the vessel and cause, if known.|[ ] Embolic|[ ] Thrombotic|[ ] Other|[ ] Unable to determine
The infusion record shows vasopressin for 9 hours; "hypotensive" is documented. Please document the condition treated.
"Thyroid disease" is on the problem list with levothyroxine. Can it be further specified?
The EEG report states "focal slowing". Please document its clinical significance.
Is the "acute blood loss anemia" documented on day 2 due to the documented "GI bleed"?|[ ] Yes|[ ] No|[ ] Other|[ ] Unable to determine
"Ankle sprain" is documented. Please specify the ligament and the side, if known.
The biopsy report states "squamous cell carcinoma"; your note states "lesion of lip". Do you agree with the biopsy report?|[ ] Yes|[ ] No|[ ] Other|[ ] Unable to determine
"Preterm labor" is documented. Please specify the weeks of gestation and whether delivery occurred.
Phosphorus 0.9, replaced. What is the diagnosis, if any, being treated?
"Corneal ulcer" is documented. Which eye is affected?|[ ] Right|[ ] Left|[ ] Both|[ ] Other|[ ] Unable to determine
The transfer summary documents "empyema". Please clarify whether a fistula was present.|[ ] With fistula|[ ] Without fistula|[ ] Other|[ ] Unable to determine
"Contact dermatitis" is documented. Can the agent be specified?
"""

LEADING_TEXT = """
Ferritin 5. Please document iron deficiency anemia.
Is the patient in hepatic failure? INR 3, bilirubin 9.
You should add morbid obesity to the problem list.
Calcium 6.8 was replaced. Does this patient have hypertensive crisis? BP 230/130. Yes / No
Patient on BiPAP overnight; we feel this is chronic respiratory failure.
An MCC is missing on this account. Please review for sepsis.
Wouldn't you call this a stroke?
Clinical indicators:|- CRP 240|- "flank pain"|Diagnosis?|[ ] Sepsis due to pyelonephritis
Dementia query|Patient pulls at lines.|What is the diagnosis?
Kindly amend the note to say "acute pulmonary embolism".
Clinical indicators:|- pO2 50|Please choose|[ ] Acute respiratory failure|[ ] Acute on chronic respiratory failure
Does she have preeclampsia? BP 150/95.
The labs are consistent with rhabdomyolysis. Can you document it?
Was this a myocardial infarction? Troponin 2.4.
Your severity scores would improve with a diagnosis of malnutrition.
Please confirm the diagnosis of type 2 diabetes with neuropathy.
It seems he had delirium. Agree?
Clinical indicators:|- "cough"|[x] Pneumonia|[ ] Bronchitis|[ ] Other|[ ] Unable to determine
Can you write that the ulcer was present on admission so it is not counted against us?
Isn't a creatinine of 3 acute kidney injury?
"""

COMPLIANT = tuple(line.replace("|", "\n") for line in COMPLIANT_TEXT.strip().splitlines())
LEADING = tuple(line.replace("|", "\n") for line in LEADING_TEXT.strip().splitlines())
