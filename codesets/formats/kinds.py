"""The kinds of official file that this package knows, and the code system of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from codesets.models import System


class FileKind(StrEnum):
    """What a file is."""

    ICD10CM_TABULAR = "icd10cm-tabular"
    ICD10CM_INDEX = "icd10cm-index"
    ICD10CM_EXTERNAL_CAUSE_INDEX = "icd10cm-external-cause-index"
    ICD10CM_DRUG_TABLE = "icd10cm-drug-table"
    ICD10CM_NEOPLASM_TABLE = "icd10cm-neoplasm-table"
    ICD10CM_CODES = "icd10cm-codes"
    ICD10CM_ORDER = "icd10cm-order"
    ICD10CM_CODES_ADDENDA = "icd10cm-codes-addenda"
    ICD10CM_ORDER_ADDENDA = "icd10cm-order-addenda"
    ICD10CM_CONVERSION = "icd10cm-conversion"
    ICD10CM_GUIDELINES = "icd10cm-guidelines"
    ICD10CM_POA_EXEMPT = "icd10cm-poa-exempt"
    ICD10CM_POA_CHANGES = "icd10cm-poa-changes"
    ICD10CM_MCE_FLAGS = "icd10cm-mce-flags"
    ICD10CM_HCC = "icd10cm-hcc"
    ICD10PCS_TABLES = "icd10pcs-tables"
    ICD10PCS_DEFINITIONS = "icd10pcs-definitions"
    ICD10PCS_INDEX = "icd10pcs-index"
    ICD10PCS_CODES = "icd10pcs-codes"
    ICD10PCS_ORDER = "icd10pcs-order"
    ICD10PCS_ORDER_ADDENDA = "icd10pcs-order-addenda"
    HCPCS_SPREADSHEET = "hcpcs-spreadsheet"
    HCPCS_CONTRACTOR = "hcpcs-contractor"
    CPT_DESCRIPTORS = "cpt-descriptors"
    CPT_MODIFIERS = "cpt-modifiers"
    NCCI_PTP = "ncci-ptp"
    NCCI_MUE = "ncci-mue"
    NCCI_ADD_ONS = "ncci-add-ons"
    ARCHIVE = "archive"
    DAMAGED = "damaged"
    UNKNOWN = "unknown"

    @property
    def system(self) -> System | None:
        """The code system, by the first part of the name; None for NCCI, archives and unknowns."""
        first = self.value.partition("-")[0]
        return System(first) if first in set(System) else None

    @property
    def has_updates(self) -> bool:
        """Whether April updates of this kind are published beside the October release."""
        return self in _UPDATED


_UPDATED = frozenset(
    {
        FileKind.ICD10CM_TABULAR,
        FileKind.ICD10CM_INDEX,
        FileKind.ICD10CM_EXTERNAL_CAUSE_INDEX,
        FileKind.ICD10CM_DRUG_TABLE,
        FileKind.ICD10CM_NEOPLASM_TABLE,
        FileKind.ICD10CM_CODES,
        FileKind.ICD10CM_ORDER,
        FileKind.ICD10CM_CODES_ADDENDA,
        FileKind.ICD10CM_ORDER_ADDENDA,
        FileKind.ICD10CM_GUIDELINES,
        FileKind.ICD10PCS_TABLES,
        FileKind.ICD10PCS_DEFINITIONS,
        FileKind.ICD10PCS_INDEX,
        FileKind.ICD10PCS_CODES,
        FileKind.ICD10PCS_ORDER,
        FileKind.ICD10PCS_ORDER_ADDENDA,
    }
)


@dataclass(frozen=True, slots=True)
class Guess:
    """A kind, and the release that the content states, if it does."""

    kind: FileKind
    release: str | None = None
