"""Doses and descriptors with the units a biller would enter, and those of waste where one is said.

Descriptors are HCPCS Level II's or their billing unit alone. ``None`` for waste: nothing is said.
"""

ALBUTEROL = "Albuterol, inhalation solution, fda-approved final product, non-compounded, administered through dme, unit dose, 1 mg"  # noqa: E501  # as printed
KETOROLAC = "Injection, ketorolac tromethamine, per 15 mg"
BEVACIZUMAB = "Injection, bevacizumab, 10 mg"
HEPARIN = "Injection, heparin sodium, per 1000 units"
PENICILLIN = "Injection, penicillin g benzathine, 100,000 units"
COBALAMIN = "Injection, vitamin b-12 cyanocobalamin, up to 1000 mcg"
EPINEPHRINE = "Injection, adrenalin, epinephrine, 0.1 mg"
RANIBIZUMAB = "Injection, ranibizumab, 0.1 mg"
INSULIN = "Injection, insulin, per 5 units"
EPOETIN = "Injection, epoetin alfa, (for non-esrd use), 1000 units"
UNASYN = "Injection, ampicillin sodium/sulbactam sodium, per 1.5 gm"
ZOSYN = "Injection, piperacillin sodium/tazobactam sodium, 1 gram/0.125 grams (1.125 grams)"
ZERBAXA = "Injection, ceftolozane 50 mg and tazobactam 25 mg"
BACTRIM = "Injection, sulfamethoxazole 5 mg and trimethoprim 1 mg"
DUONEB = "Albuterol, up to 2.5 mg and ipratropium bromide, up to 0.5 mg, fda-approved final product, non-compounded, administered through dme"  # noqa: E501  # as printed
CONTRAST = "Low osmolar contrast material, 300-399 mg/ml iodine concentration, per ml"
ACETYLCYSTEINE = "Acetylcysteine, inhalation solution, fda-approved final product, non-compounded, administered through dme, unit dose form, per gram"  # noqa: E501  # as printed
FDOPA = "Fluorodopa f-18, diagnostic, per millicurie"
POTASSIUM = "Injection, potassium chloride, per 2 meq"
FILGRASTIM = "Injection, filgrastim (g-csf), excludes biosimilars, 1 microgram"
FACTOR = "Factor ix (antihemophilic factor, purified, non-recombinant) per i.u."
DEPO = "Injection, methylprednisolone acetate, 40 mg"
MG250 = "Injection, ceftriaxone sodium, per 250 mg"

# (descriptor, order, units, discarded units)
CASES: list[tuple[str, str, int, int | None]] = [
    (ALBUTEROL, "albuterol neb 2.5 mg", 3, None),
    (ALBUTEROL, "albuterol 2.5 mg/3 mL nebulized once", 3, None),
    (ALBUTEROL, "albuterol 0.083% 3 mL neb", 3, None),
    (ALBUTEROL, "albuterol 1.25 mg neb", 2, None),
    (ALBUTEROL, "albuterol 0.63 mg/3 mL", 1, None),
    (ALBUTEROL, "albuterol 5 mg neb", 5, None),
    (ALBUTEROL, "two vials of albuterol 2.5 mg/3 mL", 3, None),
    (ALBUTEROL, "albuterol 2.5 mg x 3", 8, None),
    (ALBUTEROL, "3 x 2.5 mg albuterol", 8, None),
    (ALBUTEROL, "albuterol 0.5% 0.5 mL", 3, None),
    (ALBUTEROL, "albuterol 2500 mcg", 3, None),
    (ALBUTEROL, "albuterol 0.0025 g", 3, None),
    (ALBUTEROL, "albuterol 2.0 mg", 2, None),
    (ALBUTEROL, "albuterol neb 2.5 mg x 3 days", 3, None),
    (KETOROLAC, "ketorolac 30 mg IM", 2, None),
    (KETOROLAC, "ketorolac 60 mg IM", 4, None),
    (KETOROLAC, "Toradol 10 mg IV", 1, None),
    (KETOROLAC, "ketorolac 15.5 mg", 2, None),
    (KETOROLAC, "ketorolac 1 mL of 30 mg/mL IM", 2, None),
    (KETOROLAC, "ketorolac 0.5 mL of 30 mg/mL", 1, None),
    (KETOROLAC, "ketorolac 30 mg (30 mg/mL, 1 mL)", 2, None),
    (KETOROLAC, "ketorolac .03 g", 2, None),
    (BEVACIZUMAB, "bevacizumab 5 mg/kg, patient weighs 82.4 kg", 42, None),
    (BEVACIZUMAB, "bevacizumab 400 mg from a 400 mg vial, no waste", 40, 0),
    (BEVACIZUMAB, "bevacizumab 380 mg from a 400 mg single-dose vial", 38, 2),
    (BEVACIZUMAB, "bevacizumab 385 mg, 15 mg wasted", 39, 1),
    (BEVACIZUMAB, "bevacizumab 395 mg, discarded 5 mg", 40, 0),
    (BEVACIZUMAB, "bevacizumab 7.5 mg/kg for 180 lb", 62, None),
    (BEVACIZUMAB, "bevacizumab 1.25 mg intravitreal", 1, None),
    (BEVACIZUMAB, "bevacizumab 16 mL of 25 mg/mL", 40, None),
    (BEVACIZUMAB, "bevacizumab 0.4 g", 40, None),
    (BEVACIZUMAB, "bevacizumab 520 mg from 2 400 mg vials", 52, 28),
    (BEVACIZUMAB, "bevacizumab 750 mg drawn from two 400 mg vials", 75, 5),
    (BEVACIZUMAB, "bevacizumab 1,000 mg", 100, None),
    (BEVACIZUMAB, "bevacizumab 15 mg per kg, 70 kg", 105, None),
    (HEPARIN, "heparin 5,000 units SQ", 5, None),
    (HEPARIN, "heparin 5000 units", 5, None),
    (HEPARIN, "heparin 7500 U bolus", 8, None),
    (HEPARIN, "heparin 80 units/kg, 71 kg", 6, None),
    (HEPARIN, "heparin 25,000 units in 250 mL", 25, None),
    (HEPARIN, "heparin 0.5 mL of 10,000 units/mL", 5, None),
    (HEPARIN, "heparin 10k units", 10, None),
    (HEPARIN, "heparin 500 units flush", 1, None),
    (HEPARIN, "heparin 5 thousand units", 5, None),
    (PENICILLIN, "penicillin G benzathine 1.2 million units IM", 12, None),
    (PENICILLIN, "Bicillin L-A 2.4 million units", 24, None),
    (PENICILLIN, "Bicillin 2,400,000 units", 24, None),
    (PENICILLIN, "penicillin G benzathine 600,000 units/mL, 2 mL", 12, None),
    (PENICILLIN, "penicillin G benzathine 50,000 units/kg, 22.5 kg", 12, None),
    (PENICILLIN, "Bicillin 600,000 units", 6, None),
    (COBALAMIN, "B12 1000 mcg IM", 1, None),
    (COBALAMIN, "cyanocobalamin 1 mg IM", 1, None),
    (COBALAMIN, "cyanocobalamin 1,500 micrograms", 2, None),
    (COBALAMIN, "cyanocobalamin 100 mcg", 1, None),
    (COBALAMIN, "cyanocobalamin 1 mL of 1000 mcg/mL", 1, None),
    (EPINEPHRINE, "epinephrine 0.3 mg IM", 3, None),
    (EPINEPHRINE, "epinephrine 0.15 mg", 2, None),
    (EPINEPHRINE, "epinephrine 300 mcg", 3, None),
    (EPINEPHRINE, "epinephrine 0.01 mg/kg, weight 17 kg", 2, None),
    (EPINEPHRINE, "epinephrine 1 mg/mL 0.5 mL", 5, None),
    (EPINEPHRINE, "epinephrine 1 mg/10 mL syringe", 10, None),
    (RANIBIZUMAB, "ranibizumab 0.5 mg", 5, None),
    (RANIBIZUMAB, "ranibizumab 0.05 mL of 10 mg/mL", 5, None),
    (RANIBIZUMAB, "ranibizumab 0.3 mg", 3, None),
    (INSULIN, "insulin 12 units", 3, None),
    (INSULIN, "insulin U-100 0.2 mL", 4, None),
    (INSULIN, "regular insulin 8 units of U-100", 2, None),
    (INSULIN, "insulin 10 units", 2, None),
    (EPOETIN, "epoetin 40,000 units weekly", 40, None),
    (EPOETIN, "epoetin alfa 100 units/kg, 65 kg", 7, None),
    (EPOETIN, "Procrit 10,000 units/mL 0.75 mL", 8, None),
    (EPOETIN, "epoetin 3,500 IU", 4, None),
    (UNASYN, "Unasyn 3 g IV", 2, None),
    (UNASYN, "ampicillin-sulbactam 1.5 g", 1, None),
    (UNASYN, "ampicillin/sulbactam 3000 mg", 2, None),
    (ZOSYN, "Zosyn 3.375 g", 3, None),
    (ZOSYN, "Zosyn 4.5 g IV", 4, None),
    (ZOSYN, "piperacillin/tazobactam 2.25 g", 2, None),
    (ZOSYN, "piperacillin/tazobactam 2.5 g", 3, None),
    (ZERBAXA, "ceftolozane/tazobactam 1.5 g", 20, None),
    (ZERBAXA, "ceftolozane 1 g and tazobactam 0.5 g", 20, None),
    (BACTRIM, "sulfamethoxazole 400 mg and trimethoprim 80 mg", 80, None),
    (BACTRIM, "sulfamethoxazole/trimethoprim 800/160 mg", 160, None),
    (DUONEB, "albuterol/ipratropium 2.5 mg/0.5 mg", 1, None),
    (DUONEB, "ipratropium 0.5 mg and albuterol 2.5 mg", 1, None),
    (DUONEB, "ipratropium-albuterol 0.5-2.5 mg", 1, None),
    (CONTRAST, "iohexol 350 mg/mL, 95 mL", 95, None),
    (CONTRAST, "Omnipaque 300, 100 mL", 100, None),
    (CONTRAST, "iopamidol 74.5 cc", 75, None),
    (ACETYLCYSTEINE, "acetylcysteine 20% 4 mL neb", 1, None),
    (ACETYLCYSTEINE, "acetylcysteine 10% 10 mL", 1, None),
    (ACETYLCYSTEINE, "acetylcysteine 20% 6 mL", 2, None),
    (FDOPA, "fluorodopa 5.2 mCi", 6, None),
    (FDOPA, "fluorodopa F-18 5000 microcuries", 5, None),
    (POTASSIUM, "potassium chloride 40 mEq IV", 20, None),
    (POTASSIUM, "KCl 15 meq", 8, None),
    (FILGRASTIM, "filgrastim 300 mcg", 300, None),
    (FILGRASTIM, "filgrastim 0.48 mg", 480, None),
    (FILGRASTIM, "filgrastim 5 mcg/kg, 62.5 kg", 313, None),
    (FILGRASTIM, "filgrastim 480 mcg/0.8 mL", 480, None),
    (FACTOR, "factor IX 2,512 IU", 2512, None),
    (DEPO, "Depo-Medrol 80 mg/mL, 1 mL", 2, None),
    (DEPO, "methylprednisolone acetate 40 mg from an 80 mg vial, 40 mg discarded", 1, 1),
    (DEPO, "methylprednisolone acetate 60 mg", 2, None),
    (MG250, "ceftriaxone 1 g IM", 4, None),
    (MG250, "ceftriaxone 50 mg/kg, 14.2 kg", 3, None),
    (MG250, "ceftriaxone 2 gm IV", 8, None),
    (MG250, "ceftriaxone 500 mg x 2", 4, None),
    (MG250, "ceftriaxone 0.5 g (500 mg)", 2, None),
    ("Injection, paclitaxel, 1 mg", "paclitaxel 175 mg/m2, BSA 1.83 m2", 321, None),
    ("Injection, cabazitaxel, 1 mg", "20 mg/m² at 1.9 m²", 38, None),
]
