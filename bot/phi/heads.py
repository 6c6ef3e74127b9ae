"""Nouns that make a clinical term of a name before them, and nouns that stand behind anybody's."""

from __future__ import annotations

# Nouns that turn a name before them into a clinical term: "Colles fracture", "Foley catheter".
HEADS = frozenset(
    """agglutination amputation anastomosis anemia anomaly antibody antigen aphasia approach area
    arteritis arthroplasty assessment ataxia atrophy bag balloon bandage bath block blood bodies
    body boot brace breathing bypass canal cannula carcinoma cast catheter cells cell chart chorea
    circle clamp class classification clip coagulopathy cohort collar complex contraction
    contractions contracture corpuscle corpuscles crisis criteria curve cyst cysts dance deafness
    deformity dementia device dialysis diet disease diseases disorder dissection diverticulum drain
    drains duct dyskinesia dysplasia dystrophy ear edema elbow elevator encephalitis encephalopathy
    enteropathy epilepsy equation erythema esophagus exam exercise exercises exponent eye facies
    factor fascia fever fibers filter finger fissure fistula fixation flap foot foramen forceps
    formula fossa fracture fractures frame gangrene gene gland glands glands' grade grading graft
    granuloma granulomatosis hammer hand head heads hepatitis hernia hook hump hydrocele incision
    index infection inventory jelly joint juice keratitis knee knife knot lamp law lactate lesion
    lesions leukemia ligament light line lines lipoma lobe loop lymphoma malformation maneuver
    manoeuvre mask membrane meningitis metamorphosis method mole morphea mutation murmur myelopathy
    myopathy needle nephritis nephropathy neuralgia neuroma neuropathy node nodes nodule nodules
    nystagmus operation osteotomy palsy pancreatitis panel papule papules paralysis patch patches
    phenomenon phenotype pin pins plaque plaques plate plexus pneumonia point position pouch
    prep procedure prognathism projection prosthesis protein protocol psychosis pulse pump purpura
    puzzle quadriplegia questionnaire rash ratio reaction reduction reflex reflux regimen repair
    respiration respirations retractor ring rings rod rods root rule sac sarcoma scale scan scarlet
    scissors score scores screen screw shunt sign signs skin sling smear solution sores sore
    speculum sphincter spine splint spot spots spur stage staging stain stains stapler stent
    stenosis stitch strip strips stroke suture sutures symptom symptoms syndrome system teeth
    tensor test tests tetralogy thrombophlebitis thyroiditis toe tonometry triad triangle trial tube
    tubercle tumor tumors ulcer ulcers valve variant vein virus view wave web wire wires withdrawal
    wire yoke zone rules nails nail wonderland pupil pupils jaw jaws wort maneuvers manoeuvres eyes mandible heart lung liver spleen kidney bladder tooth stripe agar medium broth culture fundoplication shunts stitches brace paronychia purpurae tic tics paraplegia graph chair cane crutch bed lift walker
    type table dressing paste ointment salts dwarfism gait posture sequence anesthesia blockade osteodystrophy
    """.split()
)  # fmt: skip
# Nouns of the ward behind anybody's name, and more of them behind a possessive: "Garcia's knee".
EVERYDAY = frozenset("bed chart family room".split())
OWNED = EVERYDAY | frozenset(
    """head history system table test tests area bath block blood bodies body boot breathing cell cells chair class device diet ear exam exercise exercises eye eyes
    finger foot glove hand hands heart infection jaw joint kidney knee line lines liver lung mouth nail nails operation panel
    patch pins plate posture gait procedure pulse pump pupil pupils reaction repair scan score scores skin spine spot stroke
    symptom symptoms teeth tooth tube tubes ulcer vein virus walker cane wave withdrawal culture crutch dressing bandage cast
    fracture fractures pain surgery disease lesion tumor infection pneumonia dementia stage type""".split()
)
# Nouns of procedures, instruments and anatomy beside the heads of diseases and signs.
NEAR_HEADS = frozenset(
    """annulus bar bars casting cerclage coil coils colpotomy curette dissector elevators extent fusion harness implant implants incisor
    insertion interposition knot ligation lobule loops magnet osteotome plication port pouches prostheses rasp recess reconstruction
    resection retractors ridge ring rongeur septum sleeve sound spatula speculums spreader staples sulcus table technique template trap
    trocar trocars tubing turbinate valvulotome vent wrap zone zones space spaces tip tips stitch closure blade blades scope
    laryngoscope ligament ligaments membrane groove crest notch tubercles trigone sinus sinuses cord cords cave island islands
    islet islets layer layers cells corpuscle body receptor receptors pathway cycle effect criterion staging score scored scoring scores
    interval formula equation nomogram quotient coefficient plot stage stages class-iv dose units unit rule rules ratio protocol
    regimen therapy treatment manoeuvre test-negative posture hold splints orthosis orthotic boot shoe shoes stocking stockings hose
    collar cervical bandage wrap dressing solution paste powder cream ointment lotion salts wash soak soaks swab swabs
    medium media plate plates agglutinin antigen antigens haptens phage bacillus bacilli organism virus fever pox ulcer tick fly bug bugs
    lymphoma leukemia sarcoma adenoma carcinoma tumor tumour tumours cancer metastasis node nodule pit pits dot dots ring streaks lines arc
    furrow patches scar hernia space triangle canal duct ducts ampulla pouch fold folds flaps graft grafts bypass shunt anastomosis
    amputation amputations arthrodesis release transfer tenotomy advancement osteotomies hip knee replacement prosthetic cup stem cage rods
    screws nail pin staple wire cable plate fixator frame traction tongs halo hook hooks suspension bed gauge needle needles catheters cannulae
    drain bag bags bulb tubes airway blade mask circuit valve bellows ventilator monitor meter lens lenses prism rod lamp chart charts plates cards
    inventory scales index indices checklist battery interview questionnaire screener vocabulary matrices pegboard figure""".split()
)

# What stands behind a person's name in running text. Any other word in small letters behind an
# unknown name is taken for the noun that makes a clinical term of it ("Birbeck granules").
FOLLOWING = frozenset(
    """a an the is was has had have will would can could may might must shall should did does do are were be been being am s and or but nor so yet if when while who whom whose that which this these those
    to from for with without at in on of by about after before since until till during through over under into onto off out up down per via than then as because although though via versus vs w
    not no never always often also still just only now today tonight tomorrow yesterday here there again soon later already too very quite ever even back home away together alone daily nightly weekly
    next door he she they we i you it his her their our my your him them us me himself herself
    reports states denies says notes endorses complains presents returns comes came went goes gets got takes took gives gave makes made wants wishes needs likes prefers feels felt thinks thought knows knew believes understands understood
    remembers recalls lives works drives smokes drinks eats ate sleeps slept walks runs ran sits sat stands stood falls fell calls asks tells told speaks spoke writes wrote reads sees saw looks seems appears remains became becomes begins began continues starts stops
    plans agrees agreed refuses declines accepts signs recommends suggests orders requests advises counsels discusses explains reviews performs places removes holds held keeps kept lets helps brings brought drove sends sent pays paid
    arrives leaves left departs visits attends stays transfers moves answers replies responds confirms verifies documents dictates assists covers manages follows sees meets met chooses chose wins lost loses finds found hears heard tries
    uses used spends spent wakes woke wears wore carries rides rode plays sings teaches taught studies coaches owns rents sells sold buys bought cooks cleans gardens farms hunts fishes swims travels traveled flew flies married divorced retired
    died dies expired passed delivered born aged age alert awake asleep stable unstable comfortable afebrile febrile hypotensive hypertensive tachycardic bradycardic hypoxic agitated confused sedated intubated extubated oriented cooperative pleasant anxious tearful calm
    unresponsive responsive ambulatory bedbound npo present absent-minded aware ready able unable willing unwilling available unavailable late early sick ill well better worse fine okay ok upset happy angry sad tired sleepy weak dizzy nauseous pale
    both all one two three also please thanks thank hi hello regards family mom dad mother father brother sister wife husband son daughter children kids chart room bed bedside case clinic office team service notified paged updated informed
    x has hasn't isn't wasn't didn't doesn't won't can't re cc md rn do np pa phd pharmd lpn cna rt pt ot msw lcsw jr sr yo y/o year years old male female man woman boy girl dob mrn acct account ssn tel phone cell fax email ext pager
    rounding dictating calling speaking covering admitting attending consulting scrubbing assisting operating seen examined evaluated admitted discharged transferred sched scheduled am pm noon hrs h signed sig e-signed cosigned okd oks ok'd recs rec r/o s/p p/w c/o d/c f/u""".split()
)
