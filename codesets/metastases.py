"""A primary neoplasm and its metastases in one phrase, told apart (Official Guidelines I.C.2).

"Lung cancer of the right upper lobe with brain metastasis" names two neoplasms: words of one say
nothing of the other. Each is read by itself.
"""

from __future__ import annotations

import re

_PRIMARY = re.compile(
    r"\b(?:cancer|carcinoma|adenocarcinoma|malignan\w+|ca|melanoma|sarcoma|primary)\b",
    re.IGNORECASE,
)
_METASTASES = r"(?:metastas[ie]s|mets|metastatic disease)"
# "with brain metastasis", "due to bone metastases", ", liver mets"
_JOINED = re.compile(
    rf"(?:\b(?:with|and|due to|secondary to|from|causing)\b|,)\s*"
    rf"(?P<piece>(?:[\w/-]+\s+){{0,5}}?{_METASTASES}\b(?:\s+(?:to|in|of)\s+(?:the\s+)?[\w ]+)?)",
    re.IGNORECASE,
)
# "breast cancer metastatic to bone", "colon cancer which metastasized to the liver"
_SPREAD = re.compile(
    rf"\b(?P<piece>(?:metastatic|metastasi[sz]ed|{_METASTASES}|mets)\s+to\s+(?:the\s+)?[\w ,]+)",
    re.IGNORECASE,
)
# "metastatic bone cancer from prostate"
_FROM = re.compile(
    r"\bmetastatic\s+(?:[\w-]+\s+){1,2}?(?P<word>cancer|carcinoma|disease)\s+from\s+[\w ]+",
    re.IGNORECASE,
)
# "metastatic breast cancer to bone and liver"
_METASTATIC_TO = re.compile(
    r"\bmetastatic\s+(?P<primary>(?:[\w-]+\s+){1,3}?(?:cancer|carcinoma|adenocarcinoma|melanoma"
    r"|sarcoma|ca))\s+(?:with (?:mets|metastas[ie]s) )?to\s+(?P<sites>[\w ,&]+)",
    re.IGNORECASE,
)
_SITE = re.compile(r"(?!(?:the|and)\b)\b\w[\w ]*?(?=\s*(?:,|&|\band\b|$))", re.IGNORECASE)
_PRIMARY_LAST = re.compile(
    rf"^(?P<piece>(?:[\w/-]+\s+){{0,4}}?{_METASTASES}\b)\s*(?:,|\bfrom\b|\bwith\b)", re.IGNORECASE
)
# "primary unknown", "unknown primary site", "cancer of unknown primary", "CUP"
_UNKNOWN = re.compile(
    r"\b(?:(?:cancer|carcinoma|malignancy|malignant neoplasm)\s+(?:of|with)\s+(?:an\s+)?)?"
    r"(?:unknown|occult|undetermined)\s+primary(?:\s+(?:site|tumou?r|cancer|malignancy))?\b"
    r"|\bprimary(?:\s+(?:site|tumou?r|cancer|malignancy))?\s+(?:is\s+)?"
    r"(?:unknown|undetermined|not (?:known|found|identified))\b",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^(?:with|and|due to|secondary to|which|that|has)\s+", re.IGNORECASE)


def neoplasm_pieces(text: str) -> tuple[tuple[int, int], ...]:
    """Half-open offsets of the primary's words and of the metastases'; empty unless both are there.

    >>> text = "lung cancer, right upper lobe, with brain metastasis"
    >>> [text[a:b] for a, b in neoplasm_pieces(text)]
    ['lung cancer, right upper lobe', 'brain metastasis']
    >>> text = "metastatic bone cancer from prostate"
    >>> [text[a:b] for a, b in neoplasm_pieces(text)]
    ['metastatic bone cancer', 'cancer from prostate']
    """
    if match := _FROM.search(text):
        return _trimmed(
            text, (match.start(), match.end("word")), (match.start("word"), match.end())
        )
    for pattern in (_SPREAD, _JOINED, _PRIMARY_LAST):
        match = pattern.search(text)
        if match is None:
            continue
        start, end = match.span("piece")
        rest = [(0, match.start())] if match.start() else [(match.end(), len(text))]
        if match.start() and match.end() < len(text):
            rest.append((match.end(), len(text)))
        pieces = [(a, b) for a, b in rest if _PRIMARY.search(text, a, b) or "fracture" in text[a:b]]
        if pieces and not all("fracture" in text[a:b] for a, b in pieces):
            return _trimmed(text, *pieces, (start, end))
    return ()


def metastatic_to(text: str) -> tuple[tuple[int, int], tuple[tuple[int, int], ...]] | None:
    """Half-open offsets of a primary called metastatic, and of each site it has spread to.

    >>> text = "metastatic breast cancer to bone and liver"
    >>> (a, b), sites = metastatic_to(text)
    >>> text[a:b], [text[c:d] for c, d in sites]
    ('breast cancer', ['bone', 'liver'])
    """
    match = _METASTATIC_TO.search(text)
    if match is None:
        return None
    first = match.start("sites")
    sites = [(first + m.start(), first + m.end()) for m in _SITE.finditer(match["sites"])]
    return match.span("primary"), tuple(sites)


def only_metastases(text: str) -> bool:
    """Whether a phrase names metastases and no primary neoplasm.

    >>> only_metastases("liver metastases"), only_metastases("lung cancer with metastases")
    (True, False)
    """
    return re.search(_METASTASES, text, re.IGNORECASE) is not None and not _PRIMARY.search(text)


def unknown_primary(text: str) -> tuple[int, int] | None:
    """Half-open offsets of the words that call the primary site unknown; None if none.

    >>> unknown_primary("liver metastases, primary unknown")
    (18, 33)
    >>> unknown_primary("primary hypertension, cause unknown") is None
    True
    """
    match = _UNKNOWN.search(text)
    return match.span() if match is not None else None


def metastasis_piece(text: str) -> tuple[int, int] | None:
    """Half-open offsets of the words that name a metastasis beside something else; None if none.

    >>> text = "pathological fracture of left femur due to bone metastasis"
    >>> start, end = metastasis_piece(text)
    >>> text[start:end]
    'bone metastasis'
    """
    for pattern in (_SPREAD, _JOINED):
        match = pattern.search(text)
        if match is not None:
            return _trimmed(text, match.span("piece"))[0]
    return None


def _trimmed(text: str, *pieces: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    found = []
    for start, end in pieces:
        words = text[start:end]
        bare = _LEADING.sub("", words.strip(" ,;."))
        offset = start + words.index(bare) if bare else start
        found.append((offset, offset + len(bare)))
    return tuple(piece for piece in found if piece[1] > piece[0])
