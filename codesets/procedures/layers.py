"""How deep an operation went: the deepest layer decides its body system.

ICD-10-PCS guideline B3.5: Excision, Extraction, Repair or Inspection of overlapping layers of the
musculoskeletal system is coded to the deepest of them.
"""

from __future__ import annotations

import re

OPERATIONS = frozenset({"Excision", "Extraction", "Repair", "Inspection"})
# From the surface down: what the text says, and the body systems that have the layer.
_LAYERS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("skin", r"skin|epidermis|dermis", frozenset({"Skin and Breast"})),
    (
        "subcutaneous",
        r"subcutaneous(?: tissue)?|sub-?q|fat|fascia",
        frozenset({"Subcutaneous Tissue and Fascia"}),
    ),
    ("tendon", r"tendons?", frozenset({"Tendons"})),
    ("muscle", r"muscles?", frozenset({"Muscles"})),
    ("bone", r"bones?", frozenset({"Head and Facial Bones", "Upper Bones", "Lower Bones"})),
)
_DEBRIDED = re.compile(r"\bdebrid", re.IGNORECASE)


def deepest_layer(text: str) -> str:
    """The deepest layer that the text of a debridement names, or "" where it names none.

    >>> deepest_layer("excisional debridement of skin and fascia down to muscle")
    'muscle'
    >>> deepest_layer("excision of muscle")
    ''
    """
    if _DEBRIDED.search(text) is None:
        return ""
    found = ""
    for name, words, _ in _LAYERS:
        if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE):
            found = name
    return found


def systems_of(layer: str) -> frozenset[str]:
    """The body systems that have a layer, as the tables name them."""
    return next(systems for name, _, systems in _LAYERS if name == layer)
