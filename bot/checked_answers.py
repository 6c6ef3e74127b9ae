"""What the coding rules have to say, on an answer's own suggestions and on a list to check."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import messages
from bot.answer import Kind, Severity
from bot.citing import readable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.answer import Answer, Blank, Finding
    from bot.checking import CheckResult

# The note that asks for a missing code is told as a caution, in its own words.
_TOLD_ELSEWHERE = frozenset({"missing-additional-code"})


def with_findings(answer: Answer, findings: Iterable[Finding]) -> Answer:
    """``answer`` with each error and warning beside the suggestions it is about."""
    told = [
        finding
        for finding in findings
        if finding.severity is not Severity.INFORMATION and finding.rule not in _TOLD_ELSEWHERE
    ]
    return replace(
        answer,
        suggestions=tuple(
            replace(each, findings=tuple(f for f in told if each.code in f.codes))
            for each in answer.suggestions
        ),
    )


def describe(blank: Blank, result: CheckResult, unknown: tuple[str, ...]) -> Answer:
    """The answer about a list: how many things are wrong, then each with its fix and source."""
    codes = ", ".join(result.codes)
    serious = [f for f in result.findings if f.severity is not Severity.INFORMATION]
    headline = " ".join([_verdict(codes, serious), *unknown])
    return replace(
        blank(Kind.CHECK, headline), cautions=tuple(_sentence(f) for f in result.findings)
    )


def _verdict(codes: str, serious: list[Finding]) -> str:
    """Whether the list stands, and how much is against it."""
    if not serious:
        return messages.CHECKED_CLEAR.format(codes=codes)
    counts = Counter(finding.severity for finding in serious)
    told = [
        f"{count} {severity.value}{'s' if count > 1 else ''}"
        for severity in Severity
        if (count := counts[severity])
    ]
    form = messages.CHECKED_WRONG if counts[Severity.ERROR] else messages.CHECKED_WARNED
    return form.format(codes=codes, told=" and ".join(told))


def _sentence(finding: Finding) -> str:
    fix = f" {finding.fix}" if finding.fix else ""
    source = readable(finding.citation)
    return f"{finding.severity.value.capitalize()}: {finding.message}{fix} [{source}]"
