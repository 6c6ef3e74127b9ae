"""The ways in which a chat model may help beside drafting, by the names that settings use.

Measured on development rows with a strong model's recorded answers, none is proven, so that none
is on by default. ``expand`` bettered the list and not the suggestions: hit@10 0.912 to 0.938 on 80
ICU phrases and 0.883 to 0.917 on 60 disease names (+5 -1, sign test 0.22), hit@50 0.957 to 0.993
(+5 -0, 0.06), hit@1 and F1 unchanged, one call more. ``split`` (F1 0.745 to 0.769) and ``verify``
(0.745 to 0.760) each bettered one of 12 notes and worsened none; ``verify`` changed none of 60
phrases. Choosing index paths step by step lost (hit@1 +1 -4 of 60, 3.2 calls) and was taken out.
"""

from __future__ import annotations

from enum import StrEnum


class Assist(StrEnum):
    """One way in which a model helps (``bot.drafting.helping``)."""

    EXPAND = "expand"
    SPLIT = "split"
    VERIFY = "verify"
