"""Notes and clinical lines written by someone who had not read the recognizers.

When first scored, recall was 0.785 on set A and 0.808 on B, which then served to mend the
recognizers, and 0.845 on C, held back till then; one clinical line of C was lost. The floors below
hold what the mended recognizers reach on all three, so C is no longer an unseen set.
"""

import pytest
from phi_fresh_notes import SETS, clinical, notes

from bot import phi
from bot.phi.records import Identifier

# The slots whose values must be called what they are, not only be gone.
KINDS = {
    "email": Identifier.EMAIL, "url": Identifier.URL, "ip": Identifier.IP, "ip_hex": Identifier.IP,
    "mac": Identifier.DEVICE, "vin": Identifier.VEHICLE, "photo": Identifier.PHOTO,
    "age90": Identifier.AGE, "phone_dot": Identifier.PHONE, "street": Identifier.PLACE,
    "hon_last": Identifier.NAME, "dt_iso": Identifier.DATE, "dt_long": Identifier.DATE,
}  # fmt: skip


def test_the_sets_are_large_enough() -> None:
    written = [note for name in SETS for note in notes(name)]
    assert len({note.template for note in written}) >= 60
    assert len(written) >= 300
    assert sum(len(note.planted) for note in written) >= 2000
    assert sum(len(clinical(name)) for name in SETS) >= 300


@pytest.mark.parametrize(("name", "floor"), [("A", 0.985), ("B", 0.99), ("C", 0.98)])
def test_recall_of_planted_identifiers(name: str, floor: float) -> None:
    found, planted, missed, called = 0, 0, [], []
    for note in notes(name):
        taken = bytearray(len(note.text))
        items = phi.find(note.text)
        for item in items:
            taken[item.start : item.end] = b"\1" * (item.end - item.start)
        for one in note.planted:
            planted += 1
            span = range(one.start, one.end)
            whole = all(taken[at] or not note.text[at].isalnum() for at in span)
            found += whole
            if not whole:
                missed.append((one.slot, note.template))
            elif one.slot in KINDS:
                kinds = [i.kind for i in items if i.start < one.end and one.start < i.end]
                called.append(KINDS[one.slot] in kinds)
    assert found / planted >= floor, missed
    assert sum(called) / len(called) >= 0.98


@pytest.mark.parametrize("name", list(SETS))
def test_no_clinical_line_is_touched(name: str) -> None:
    assert not [line for line in clinical(name) if phi.find(line)]


@pytest.mark.parametrize(
    "text",
    [
        "Dx F41.1. 53 min.",
        "ceftriaxone day 4/14, LP glucose 38",
        "Problem drinker, sober 3 years.",
        "droperidol 1.25 mg given for nausea",
        "common peroneal nerve palsy, left",
        "ED TRIAGE: chest pain. Triage RN notified.",
        "RE: Hashimoto's thyroiditis, stable",
        "A/P: Toprol-XL - stable, w/ Solu-Medrol today",
        "Didymytis remains febrile. Arachnodactyly noted.",
        "pt ambulated in hall, pt afebrile, pt agreeable",
        "Mason type II radial head fracture",
        "SNF on Monday, PT notified, RN aware",
        "tender LUE, w/ LUE swelling",
    ],
)
def test_what_was_taken_in_error_stays(text: str) -> None:
    assert phi.find(text) == ()


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("3/4/2025 - Jokinen - Neuro: EEG normal.", "Jokinen"),
        ("PCP van der Westhuizen notified.", "van der Westhuizen"),
        ("dr beulah tsereteli dictating", "beulah tsereteli"),
        ("struck at the corner of Quarry Rd and Fulton Drive.", "Quarry Rd and Fulton Drive"),
        ("My number is four one five, five five five, oh one nine two.", "four one five"),
        ("Officer Banks badge 27430 took report.", "27430"),
        ("HI Claim No. 208-64-5751A", "5751A"),
    ],
)
def test_what_was_missed_goes(text: str, gone: str) -> None:
    left = phi.redact(text).text
    assert not [word for word in gone.split() if word not in ("and", "der") and word in left]
