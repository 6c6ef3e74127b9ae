"""The use of a substance, which is coded only where the record says it (I.C.5.b.3).

"Alcoholic cirrhosis" and a drug that is named say nothing of a use that would be a diagnosis.
"""

from __future__ import annotations

import re

_UNCOMPLICATED_USE = re.compile(r"F1[0-689]\.90$")
_USE = re.compile(
    r"\b(?:us(?:e|es|er|ers|ed|ing|age)|misus\w+|drink\w*|drank|consum\w+|smok\w+|vap(?:e|es|ing)"
    r"|snort\w*|inject\w*|shoot\w*|recreational\w*|habit|beers?|wine|liquor|joints?)\b",
    re.IGNORECASE,
)


def is_unsaid_use(code: str, text: str) -> bool:
    """Whether ``code`` is a substance use without complication, and the text says no use.

    >>> is_unsaid_use("F10.90", "alcoholic cirrhosis"), is_unsaid_use("F10.90", "alcohol use")
    (True, False)
    """
    return _UNCOMPLICATED_USE.match(code) is not None and _USE.search(text) is None
