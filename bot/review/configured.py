"""The desk of an installation: its settings, its journal, its code sets."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.review.desk import Desk
from bot.review.errors import VerdictError
from bot.review.facts import facts_from
from bot.review.printed import system_of
from bot.review.sampling import SamplingRules
from codesets.errors import CodesetError
from codesets.models import System
from codesets.notation import detect_system

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from bot.config import Settings
    from bot.journal.store import Journal
    from codesets.releases import ReleaseStore


def desk_of(settings: Settings, journal: Journal, store: ReleaseStore) -> Desk:
    """The desk over ``journal`` as ``settings`` want it."""
    return Desk(
        journal,
        rules=rules_of(settings),
        facts=facts_from(store),
        validate=validator(store),
        release_end=lambda day: _release_end(store, day),
        leads=(*settings.review_leads, *settings.slack_leads, *settings.slack_admins),
        claim_for=timedelta(hours=settings.review_claim_hours),
    )


def rules_of(settings: Settings) -> SamplingRules:
    """The queue's configuration."""
    return SamplingRules(
        rate=settings.review_rate,
        second_rate=settings.review_second_rate,
        seed=settings.review_seed,
        weights=settings.review_weights,
    )


def validator(store: ReleaseStore) -> Callable[[str, date], str]:
    """Gives a code as printed; raises VerdictError where it is not valid on the day."""

    def validate(code: str, day: date) -> str:
        typed = code.strip().upper()
        # Typed without its point, E1122 could be either; what the release has valid is meant.
        systems = dict.fromkeys((detect_system(typed) or System.ICD10CM, system_of(typed)))
        fault = VerdictError("A code is needed.")
        for system in systems:
            try:
                found = store.library_for(system, day).get(typed)
            except CodesetError as error:
                fault = VerdictError(str(error))
                continue
            if found.valid:
                return found.code
            fault = VerdictError(
                f"{found.code} is not valid on {day}: it needs more characters or was deleted."
            )
        raise fault

    return validate


def titles(store: ReleaseStore) -> Callable[[str, date], str]:
    """Gives a code's title on a day; empty where no installed release knows it. Never CPT's."""

    def title(code: str, day: date) -> str:
        system = system_of(code)
        if system is System.CPT:
            return ""
        try:
            found = store.library_for(system, day).find(code)
        except CodesetError:
            return ""  # a report shows the bare code where no release of the day has a title
        return found.title if found is not None else ""

    return title


def _release_end(store: ReleaseStore, day: date) -> date | None:
    try:
        return store.for_date(System.ICD10CM, day).effective_to
    except CodesetError:
        return None  # nothing governs the day, so nothing ends
