"""Accepted codes as a FHIR R4 bundle: an Encounter, its Conditions and Procedures, a Provenance.

Every resource is validated by ``fhir.resources`` (its R4B models, whose constraints on these
resources are R4's). Codecite knows no patient: the caller names references, or a reader sees that
they are to be filled in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.answer import Setting
from codesets.models import System

if TYPE_CHECKING:
    from bot.handoff.accepted import AcceptedCode, HandOff

SYSTEMS = {
    System.ICD10CM: "http://hl7.org/fhir/sid/icd-10-cm",
    System.ICD10PCS: "http://www.cms.gov/Medicare/Coding/ICD10",
    System.HCPCS: "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    System.CPT: "http://www.ama-assn.org/go/cpt",
}
"""Names of the code systems as HL7's terminology lists them."""

_TERMS = "http://terminology.hl7.org/CodeSystem/"
_CLASS = {
    Setting.INPATIENT: ("IMP", "inpatient encounter"),
    Setting.OUTPATIENT: ("AMB", "ambulatory"),
}


def bundle(given: HandOff, patient: str = "") -> dict[str, Any]:
    """The bundle as plain values. ``patient`` is a reference such as ``Patient/123``."""
    from fhir.resources.R4B.bundle import Bundle

    subject = {"reference": patient} if patient else {"display": "to be filled in by the receiver"}
    diagnoses, done = given.of(System.ICD10CM), given.of(*(set(SYSTEMS) - {System.ICD10CM}))
    resources = [_condition(given, each, subject) for each in diagnoses]
    resources += [_procedure(given, each, subject, n) for n, each in enumerate(done, start=1)]
    targets = [f"{each['resourceType']}/{each['id']}" for each in resources]
    whole = [_encounter(given, diagnoses, subject), *resources, _provenance(given, targets)]
    document = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": given.at.isoformat(timespec="seconds"),
        "entry": [{"fullUrl": f"urn:codecite:{each['id']}", "resource": each} for each in whole],
    }
    checked: dict[str, Any] = Bundle.model_validate(document).model_dump(mode="json")
    return checked


def _id(given: HandOff, kind: str, rank: int = 0) -> str:
    """An id of FHIR's form, up to 64 letters, digits and hyphens."""
    tail = f"{kind}{rank}" if rank else kind
    return f"{given.exchange_id.replace('_', '-')[: 63 - len(tail)]}-{tail}"


def _coding(each: AcceptedCode) -> dict[str, Any]:
    coding = {"system": SYSTEMS[each.system], "code": each.code}
    # A CPT descriptor is the AMA's: it is not handed on.
    if each.title and each.system is not System.CPT:
        coding["display"] = each.title
    return {"coding": [coding]}


def _concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": _TERMS + system, "code": code}]}


def _encounter(
    given: HandOff, diagnoses: tuple[AcceptedCode, ...], subject: dict[str, str]
) -> dict[str, Any]:
    code, display = _CLASS[given.setting]
    role = "DD" if given.setting is Setting.INPATIENT else "CC"
    day = given.day.isoformat()
    # The date of service is the discharge date of an inpatient: when it began is not known here.
    period = {"end": day} if given.setting is Setting.INPATIENT else {"start": day, "end": day}
    found: dict[str, Any] = {
        "resourceType": "Encounter",
        "id": _id(given, "encounter"),
        "status": "finished",
        "class": {"system": f"{_TERMS}v3-ActCode", "code": code, "display": display},
        "subject": subject,
        "period": period,
    }
    if diagnoses:
        found["diagnosis"] = [
            {
                "condition": {"reference": f"Condition/{_id(given, 'condition', each.rank)}"},
                "use": _concept("diagnosis-role", role if each.rank == 1 else "CM"),
                "rank": each.rank,
            }
            for each in diagnoses
        ]
    return found


def _condition(given: HandOff, each: AcceptedCode, subject: dict[str, str]) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "id": _id(given, "condition", each.rank),
        "clinicalStatus": _concept("condition-clinical", "active"),
        "verificationStatus": _concept("condition-ver-status", "confirmed"),
        "category": [_concept("condition-category", "encounter-diagnosis")],
        "code": _coding(each),
        "subject": subject,
        "encounter": {"reference": f"Encounter/{_id(given, 'encounter')}"},
        "recordedDate": given.at.isoformat(timespec="seconds"),
    }


def _procedure(
    given: HandOff, each: AcceptedCode, subject: dict[str, str], number: int
) -> dict[str, Any]:
    return {
        "resourceType": "Procedure",
        "id": _id(given, "procedure", number),
        "status": "completed",
        "code": _coding(each),
        "subject": subject,
        "encounter": {"reference": f"Encounter/{_id(given, 'encounter')}"},
        "performedDateTime": given.day.isoformat(),
    }


def _provenance(given: HandOff, targets: list[str]) -> dict[str, Any]:
    releases = ", ".join(f"{system} {release}" for system, release in given.releases.items())
    return {
        "resourceType": "Provenance",
        "id": _id(given, "provenance"),
        "target": [{"reference": target} for target in targets],
        "recorded": given.at.isoformat(timespec="seconds"),
        "activity": {"text": f"codes accepted by the {given.role}"},
        "agent": [
            {
                "type": _concept("provenance-participant-type", "verifier"),
                "who": {
                    "identifier": {"value": given.person},
                    "display": given.person or "unknown",
                },
            },
            {
                "type": _concept("provenance-participant-type", "assembler"),
                "who": {"display": f"Codecite, {given.drafter} drafter; {releases}".strip("; ")},
            },
        ],
        "entity": [
            {
                "role": "source",
                "what": {
                    "identifier": {"system": "urn:codecite:exchange", "value": given.exchange_id},
                    "display": "Codecite exchange",
                },
            }
        ],
    }
