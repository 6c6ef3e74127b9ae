"""Whether a text is English: a count of the small words that every sentence needs.

Deterministic and linear. A note is refused only when another language clearly speaks in it, or
when hardly any of its letters are Latin; names, drug names and Latin diagnoses decide nothing.
"""

from __future__ import annotations

import re

LEAST_WORDS = 12
"""Shorter texts are not judged: "Morbus Crohn" is asked by English speakers too."""
_LATIN = 0.6
_FOREIGN_SHARE = 0.08
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENGLISH = frozenset(
    """
    the of and to with was is for on she he her his has had are not from at by this that which were
    no patient history pain denies reports without today will be been who have after an or as it
    continue daily stable left right acute chronic follow up days years old normal noted
    """.split()
)
_FOREIGN: dict[str, frozenset[str]] = {
    "Spanish": frozenset(
        """
        el los las del una unos unas que con por para sin como más pero su sus se fue años paciente
        dolor presenta refiere desde hasta también muy este esta hace días niega antecedentes tratamiento
        """.split()
    ),
    "French": frozenset(
        """
        le les des une du est et dans pour avec sans sur qui que par au aux ce cette ans elle il a été
        patiente depuis douleur chez plus pas antécédents traitement présente jours
        """.split()
    ),
    "German": frozenset(
        """
        der die das und mit ist nicht ein eine einer eines dem den des bei wurde wird keine auf zur zum
        seit nach sich patientin jahre schmerzen vor oder auch über befund
        """.split()
    ),
    "Italian": frozenset(
        """
        il gli della dello delle dei degli del una che con per non più sono è anni paziente dolore
        nella nel alla da riferisce giorni senza presenta terapia storia
        """.split()
    ),
    "Portuguese": frozenset(
        """
        o os as da do das dos uma um que com por para sem não mais anos paciente dor apresenta há
        refere desde também muito foi dias nega ao
        """.split()
    ),
    "Dutch": frozenset(
        """
        het een van en met voor niet zijn bij op uit naar aan heeft wordt patiënt jaar pijn ook sinds
        geen door werd
        """.split()
    ),
    "Polish": frozenset("się jest nie na do od lat oraz pacjent pacjentka bólu przez po ze".split()),
    "Turkish": frozenset("ve bir bu için ile olan hasta hastanın ağrı gün yıl yok var da de".split()),
    "Indonesian": frozenset("yang dan dengan tidak pasien sejak nyeri hari pada untuk ini".split()),
    "Vietnamese": frozenset("và của bệnh nhân không có đau từ được ngày trong cho".split()),
}  # fmt: skip


def foreign_language(text: str) -> str | None:
    """The language ``text`` is in where that is not English, "another script" for non-Latin ones.

    >>> foreign_language("Patient denies chest pain. Continue lisinopril 20 mg daily. Follow up soon.")
    >>> foreign_language("El paciente refiere dolor en el pecho desde hace dos días, sin fiebre ni tos.")
    'Spanish'
    """
    letters = [letter for letter in text if letter.isalpha()]
    if (
        len(letters) > 20
        and sum(letter < "\u0250" or letter in "ấậắặ" for letter in letters)
        < (_LATIN * len(letters))
        and not any("\u1e00" <= letter <= "\u1eff" for letter in letters)
    ):
        return "another script"
    words = [word.casefold() for word in _WORD.findall(text)]
    if len(words) < LEAST_WORDS:
        return None
    english = sum(word in _ENGLISH for word in words)
    counts = {
        name: sum(word in small and word not in _ENGLISH for word in words)
        for name, small in _FOREIGN.items()
    }
    name = max(counts, key=lambda each: counts[each])
    clearly = counts[name] >= 3 and counts[name] >= _FOREIGN_SHARE * len(words)
    return name if clearly and counts[name] > 1.5 * english else None
