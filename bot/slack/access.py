"""Who may ask, from where, and what each may do. One gate for every door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from slack_sdk.errors import SlackApiError

from bot.journal.door_records import DoorEvent, EventKind
from bot.slack.logs import describe, log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from slack_sdk import WebClient

    from bot.config import Settings
    from bot.slack.ports import Clock, DoorNotes

T = TypeVar("T")

PERSON_SECONDS = 60.0
GROUP_SECONDS = 300.0
RATE_WINDOW = timedelta(minutes=1)
# Answers of Slack that mean "this token may not look", not "something is wrong".
_MAY_NOT_LOOK = frozenset({"missing_scope", "not_allowed_token_type", "unknown_method"})


class Refusal(StrEnum):
    """Why somebody is not answered."""

    TEAM = "team"
    CHANNEL = "channel"
    SHARED_CHANNEL = "shared-channel"
    GROUP = "group"
    GUEST = "guest"
    STRANGER = "stranger"
    DEACTIVATED = "deactivated"
    ROLE = "role"
    RATE = "rate"


class Role(StrEnum):
    """What somebody is here; each may do what the ones before it may."""

    CLINICIAN = "clinician"
    CODER = "coder"
    LEAD = "lead"
    ADMIN = "admin"


_RANK = {Role.CLINICIAN: 0, Role.CODER: 1, Role.LEAD: 2, Role.ADMIN: 3}


def may(role: Role, needed: Role) -> bool:
    """Whether ``role`` may do what ``needed`` may.

    >>> may(Role.LEAD, Role.CODER), may(Role.CLINICIAN, Role.CODER)
    (True, False)
    """
    return _RANK[role] >= _RANK[needed]


@dataclass(frozen=True, slots=True)
class Someone:
    """A person as Slack knows them."""

    deleted: bool = False
    guest: bool = False
    stranger: bool = False


class Directory:
    """People, user groups and channels as Slack knows them, asked at most once a while."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[tuple[str, ...], tuple[float, Any]] = {}

    def person(self, client: WebClient, team: str, person: str) -> Someone:
        """Whether somebody is still here and one of us."""
        return self._keep(
            ("person", team, person),
            PERSON_SECONDS,
            lambda: _someone(client, team, person),
            Someone(),
        )

    def group(self, client: WebClient, team: str, group: str) -> frozenset[str]:
        """The members of a user group."""
        return self._keep(
            ("group", team, group),
            GROUP_SECONDS,
            lambda: frozenset[str](
                client.usergroups_users_list(usergroup=group).get("users") or ()
            ),
            frozenset[str](),
        )

    def shared(self, client: WebClient, team: str, channel: str) -> bool:
        """Whether a channel is shared with another organisation."""
        return self._keep(
            ("channel", team, channel),
            GROUP_SECONDS,
            lambda: _is_shared(client.conversations_info(channel=channel).get("channel") or {}),
            False,
        )

    def forget_person(self, team: str, person: str) -> None:
        """Ask anew next time: Slack said that something changed."""
        with self._lock:
            self._kept.pop(("person", team, person), None)

    def _keep(self, key: tuple[str, ...], seconds: float, ask: Callable[[], T], otherwise: T) -> T:
        now = monotonic()
        value: T
        with self._lock:
            found = self._kept.get(key)
        if found is not None and found[0] > now:
            value = found[1]
            return value
        try:
            value = ask()
        except SlackApiError as error:
            if error.response.get("error") not in _MAY_NOT_LOOK | {"channel_not_found"}:
                raise
            log.info("slack does not let this app look: %s", error.response.get("error"))
            value = otherwise
        with self._lock:
            if len(self._kept) > 50_000:
                self._kept.clear()
            self._kept[key] = (now + seconds, value)
        return value


class Gate:
    """Decides about each question and action, and keeps a row of every refusal."""

    def __init__(
        self, settings: Settings, notes: DoorNotes, clock: Clock, directory: Directory
    ) -> None:
        self._settings = settings
        self._notes = notes
        self._clock = clock
        self.directory = directory

    def refusal(
        self, client: WebClient, team: str, channel: str, person: str, *, shared: bool = False
    ) -> Refusal | None:
        """Why this person is not answered here; None where they are. Keeps a row of a refusal.

        Raises SlackClientError where Slack cannot be asked: nobody is let in by a failure.
        """
        found = self._found(client, team, channel, person, shared)
        if found is not None:
            self.keep_refusal(found, team, channel, person)
        return found

    def over_rate(self, team: str, channel: str, person: str) -> bool:
        """Whether this person asks more than may be asked in a minute. Keeps a row of it."""
        since = self._clock() - RATE_WINDOW
        if (
            self._notes.asked_since(team, person, since)
            <= self._settings.slack_questions_per_minute
        ):
            return False
        self.keep_refusal(Refusal.RATE, team, channel, person)
        return True

    def role(self, client: WebClient, team: str, person: str) -> Role:
        """What somebody is here: named roles first, the highest; a coder where none is named."""
        settings = self._settings
        named = (
            (Role.ADMIN, settings.slack_admins),
            (Role.LEAD, settings.slack_leads),
            (Role.CODER, settings.slack_coders),
            (Role.CLINICIAN, settings.slack_clinicians),
        )
        for role, ids in named:
            if self._among(client, team, person, ids):
                return role
        # With coders named, whoever is not one of them may ask and not decide.
        return Role.CLINICIAN if settings.slack_coders else Role.CODER

    def leads(self, client: WebClient, team: str) -> tuple[str, ...]:
        """Every lead's user id."""
        found: list[str] = []
        for id_ in self._settings.slack_leads:
            found.extend(
                sorted(self.directory.group(client, team, id_)) if id_.startswith("S") else [id_]
            )
        return tuple(dict.fromkeys(found))

    def keep_refusal(self, why: Refusal, team: str, channel: str, person: str) -> None:
        """A row of the audit: who was refused where and why, and nothing they wrote."""
        details = {"why": why.value}
        event = DoorEvent(EventKind.REFUSED, self._clock(), team, channel, person, "", details)
        try:
            self._notes.tell(event)
        except Exception as error:  # noqa: BLE001  # a refusal stands without its row
            log.error("refusal not recorded: %s", describe(error))

    def _found(
        self, client: WebClient, team: str, channel: str, person: str, shared: bool
    ) -> Refusal | None:
        settings = self._settings
        if settings.slack_teams and team not in settings.slack_teams:
            return Refusal.TEAM
        direct = channel.startswith("D") or not channel
        if not direct:
            if shared or self.directory.shared(client, team, channel):
                return Refusal.SHARED_CHANNEL
            if settings.slack_channels and channel not in settings.slack_channels:
                return Refusal.CHANNEL
        someone = self.directory.person(client, team, person)
        if someone.deleted:
            return Refusal.DEACTIVATED
        if someone.guest:
            return Refusal.GUEST
        if someone.stranger:
            return Refusal.STRANGER
        if settings.slack_groups and not self._among(client, team, person, settings.slack_groups):
            return Refusal.GROUP
        return None

    def _among(self, client: WebClient, team: str, person: str, ids: Iterable[str]) -> bool:
        return any(
            person == id_
            or (id_.startswith("S") and person in self.directory.group(client, team, id_))
            for id_ in ids
        )


def _someone(client: WebClient, team: str, person: str) -> Someone:
    try:
        user = client.users_info(user=person).get("user") or {}
    except SlackApiError as error:
        if error.response.get("error") in ("user_not_found", "user_not_visible"):
            return Someone(stranger=True)
        raise
    home = str(user.get("team_id") or team)
    enterprise = user.get("enterprise_user") or {}
    ours = home == team or team in (enterprise.get("teams") or ())
    return Someone(
        deleted=bool(user.get("deleted")),
        guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        stranger=bool(user.get("is_stranger")) or not ours,
    )


def _is_shared(channel: dict[str, Any]) -> bool:
    return bool(channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"))
