"""Every rule over one list of codes: ``check``, and the registry of the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.errors import ReleaseUnavailableError
from codesets.rules import (
    age_conflict,
    code_first,
    combination_available,
    duplicate,
    excludes1,
    excludes2,
    external_cause_first,
    first_listed_only,
    hcpcs_modifier,
    hcpcs_terminated,
    inpatient_procedure,
    integral_symptom,
    invalid_code,
    laterality_conflict,
    manifestation_first,
    missing_additional_code,
    mue,
    ncci_ptp,
    outcome_of_delivery,
    parent_with_child,
    poa_exempt,
    seventh_character,
    sex_conflict,
    unacceptable_principal,
    uncertain_diagnosis,
    unspecified_with_specific,
    with_without_conflict,
    z3a_missing,
)
from codesets.rules.claim import Claim
from codesets.rules.records import Rule, RuleFinding, Severity, Sex

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from codesets.guidelines import GuidelineSetting
    from codesets.library import Library
    from codesets.releases import ReleaseStore
    from codesets.rules.attributes import DiagnosisAttributes, ProcedureEdits

__all__ = ["RULES", "Rule", "RuleFinding", "Severity", "Sex", "check", "rule"]

# In the order their findings are shown within one severity.
RULES: tuple[Rule, ...] = (
    invalid_code.RULE,
    seventh_character.RULE,
    duplicate.RULE,
    parent_with_child.RULE,
    manifestation_first.RULE,
    external_cause_first.RULE,
    unacceptable_principal.RULE,
    code_first.RULE,
    excludes1.RULE,
    age_conflict.RULE,
    sex_conflict.RULE,
    outcome_of_delivery.RULE,
    z3a_missing.RULE,
    combination_available.RULE,
    with_without_conflict.RULE,
    laterality_conflict.RULE,
    unspecified_with_specific.RULE,
    integral_symptom.RULE,
    uncertain_diagnosis.RULE,
    missing_additional_code.RULE,
    first_listed_only.RULE,
    ncci_ptp.RULE,
    mue.RULE,
    hcpcs_terminated.RULE,
    hcpcs_modifier.RULE,
    inpatient_procedure.RULE,
    excludes2.RULE,
    poa_exempt.RULE,
)
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFORMATION: 2}


def rule(name: str) -> Rule:
    """The rule of that id.

    Raises:
        KeyError: there is none.

    """
    found = {one.id: one for one in RULES}
    return found[name]


def check(
    library: Library,
    codes: Sequence[str],
    *,
    day: date,
    setting: GuidelineSetting,
    age: float | None = None,
    sex: Sex | None = None,
    text: str | None = None,
    attributes: DiagnosisAttributes | None = None,
    ncci: ProcedureEdits | None = None,
    hcpcs: Library | None = None,
    pcs: Library | None = None,
    store: ReleaseStore | None = None,
    rules: Sequence[Rule] = RULES,
) -> tuple[RuleFinding, ...]:
    """What the rules say of ``codes``, in the order a claim lists them; errors first.

    ``library`` is the ICD-10-CM release that governs ``day``, the date of service (of discharge for
    an inpatient). ``codes`` may be in any spelling; HCPCS and CPT codes may carry modifiers and
    units (``J1885-RTx2``). ``age`` is in years. ``text`` is the redacted note the codes are for.
    What CMS tables say comes in through ``attributes`` (a ``ReleaseStore``), ``ncci`` (its
    ``edits``), ``hcpcs`` and ``pcs``, the HCPCS and ICD-10-PCS releases of the day; ``store`` lets
    a finding about an invalid code say when it is valid.

    Raises:
        ReleaseUnavailableError: ``library`` does not govern ``day``.

    """
    if not library.release.covers(day):
        from codesets.releases import release_needed

        system = library.release.system
        raise ReleaseUnavailableError(system, day, release_needed(system, day))
    claim = Claim(
        library,
        codes,
        day=day,
        setting=setting,
        age=age,
        sex=sex,
        text=text,
        attributes=attributes,
        ncci=ncci,
        hcpcs=hcpcs,
        pcs=pcs,
        store=store,
    )
    found = [finding for one in rules for finding in one.find(claim)]
    return tuple(sorted(found, key=lambda finding: _ORDER[finding.severity]))
