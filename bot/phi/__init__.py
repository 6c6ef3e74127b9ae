"""Identifiers in a question: found by recognizers kept as data, replaced by typed placeholders.

Covers the 18 Safe Harbor kinds (45 CFR 164.514(b)(2)(i)): names, places below state, dates more
exact than a year and ages over 89, telephone, fax, mail, social security, record, plan, account,
licence, vehicle and device numbers, web and IP addresses, biometric and photographic references,
and any other unique number. Ages below 90, intervals, laboratory values, scores, code numbers and
clinical words survive, because a coder needs them.
"""

from bot.phi.records import Identifier, Redaction, Screened
from bot.phi.screening import find, redact

__all__ = ["Identifier", "Redaction", "Screened", "find", "redact"]
