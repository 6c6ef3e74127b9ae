"""Workspaces and organisations that installed the app by OAuth, their tokens encrypted at rest.

Tokens are encrypted with Fernet (AES-128-CBC with an HMAC) before the journal sees them; several
keys separated by commas let a key be rotated: the first encrypts, any decrypts.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

from slack_bolt.authorization.authorize import InstallationStoreAuthorize
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk.oauth.installation_store import InstallationStore
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.oauth.state_store import OAuthStateStore

from bot.errors import ConfigurationError
from bot.journal.door_records import StoredInstallation
from bot.slack.logs import log
from bot.slack.manifest import OPTIONAL_SCOPES, SCOPES

if TYPE_CHECKING:
    from logging import Logger

    from cryptography.fernet import MultiFernet
    from slack_sdk import WebClient
    from slack_sdk.oauth.installation_store.models.bot import Bot

    from bot.config import Settings
    from bot.slack.ports import Clock, DoorJournal, DoorNotes

STATE_SECONDS = 600


def wants_oauth(settings: Settings) -> bool:
    """Whether the app is set up to be installed by OAuth."""
    return bool(settings.slack_client_id)


def new_key() -> str:
    """A fresh encryption key."""
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()


class Installations(InstallationStore):
    """Bolt's store of installations, over the door's notes. Safe to use from many threads."""

    def __init__(self, settings: Settings, notes: DoorNotes, clock: Clock) -> None:
        """Raises ConfigurationError where the key is missing or is none."""
        self._notes = notes
        self._clock = clock
        self._box = _box(settings)

    @property
    def logger(self) -> Logger:
        """Where Bolt logs about installations."""
        return log

    def save(self, installation: Installation) -> None:
        """Keep an installation in place of the one before."""
        document = _storable(installation.to_dict())
        self._put(
            installation.enterprise_id,
            None if installation.is_enterprise_install else installation.team_id,
            document,
        )

    def save_bot(self, bot: Bot) -> None:
        """Keep a renewed bot token (rotation)."""
        team = None if bot.is_enterprise_install else bot.team_id
        kept = self._get(bot.enterprise_id, team) or {}
        self._put(bot.enterprise_id, team, kept | _storable(bot.to_dict()))

    def find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,  # noqa: ARG002  # one installation serves everyone
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """The installation that serves a workspace: its own, or its organisation's."""
        found = None if is_enterprise_install else self._get(None, team_id)
        if found is None and enterprise_id:
            found = self._get(enterprise_id, None)
        return None if found is None else Installation(**_known(found, Installation))

    def find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        """The bot of that installation."""
        installation = self.find_installation(
            enterprise_id=enterprise_id,
            team_id=team_id,
            is_enterprise_install=is_enterprise_install,
        )
        return None if installation is None else installation.to_bot()

    def delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget an installation."""
        self.delete_all(enterprise_id=enterprise_id, team_id=team_id)

    def delete_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
    ) -> None:
        """Forget an installation; a single person's leave changes nothing."""
        if user_id is None:
            self.delete_all(enterprise_id=enterprise_id, team_id=team_id)

    def delete_all(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget a workspace's installation, or its organisation's where there is only that."""
        if team_id and self._notes.drop_installation("", team_id):
            return
        if enterprise_id:
            self._notes.drop_installation(enterprise_id, "")

    def _put(self, enterprise: str | None, team: str | None, document: dict[str, Any]) -> None:
        secret = self._box.encrypt(json.dumps(document).encode())
        # A workspace is known by its own id, whether or not it belongs to an organisation.
        key = ("", team) if team else (enterprise or "", "")
        self._notes.put_installation(StoredInstallation(*key, secret, self._clock()))

    def _get(self, enterprise: str | None, team: str | None) -> dict[str, Any] | None:
        from cryptography.fernet import InvalidToken

        if not (enterprise or team):
            return None
        key = ("", team) if team else (enterprise or "", "")
        stored = self._notes.installation(*key)
        if stored is None:
            return None
        try:
            document: dict[str, Any] = json.loads(self._box.decrypt(stored.secret))
        except InvalidToken:
            log.error("an installation cannot be decrypted: was the encryption key changed?")
            return None
        return document


class States(OAuthStateStore):
    """OAuth states: signed, good for ten minutes, each used once over all processes."""

    def __init__(self, secret: str, journal: DoorJournal, clock: Clock) -> None:
        self._secret = secret.encode()
        self._journal = journal
        self._clock = clock

    @property
    def logger(self) -> Logger:
        """Where Bolt logs about states."""
        return log

    def issue(self, *args: Any, **kwargs: Any) -> str:  # noqa: ARG002  # fixed by the SDK
        """A new state."""
        body = f"{secrets.token_hex(16)}.{int(self._clock().timestamp())}"
        return f"{body}.{self._sign(body)}"

    def consume(self, state: str) -> bool:
        """Whether the state is one of ours, recent, and used for the first time."""
        body, _, signature = state.rpartition(".")
        if not hmac.compare_digest(signature, self._sign(body)):
            return False
        issued = int(body.rpartition(".")[2])
        if not 0 <= self._clock().timestamp() - issued + 1 <= STATE_SECONDS + 1:
            return False
        return self._journal.claim_event(f"oauth:{body}", self._clock())

    def _sign(self, body: str) -> str:
        return hmac.new(self._secret, body.encode(), hashlib.sha256).hexdigest()


def oauth_settings(
    settings: Settings,
    installations: Installations,
    journal: DoorJournal,
    clock: Clock,
    client: WebClient,
) -> OAuthSettings:
    """How Bolt installs the app. Raises ConfigurationError where the client secret is missing."""
    secret = settings.slack_client_secret
    if secret is None:
        raise ConfigurationError(
            "CODECITE_SLACK_CLIENT_SECRET is not set: copy it from the app's Basic Information."
        )
    made = OAuthSettings(
        client_id=settings.slack_client_id,
        client_secret=secret.get_secret_value(),
        scopes=[*SCOPES, *OPTIONAL_SCOPES],
        installation_store=installations,
        # One bot token a workspace: a person's own installation would be renewed beside it.
        installation_store_bot_only=True,
        state_store=States(secret.get_secret_value(), journal, clock),
        state_expiration_seconds=STATE_SECONDS,
        install_path="/slack/install",
        redirect_uri_path="/slack/oauth_redirect",
        logger=log,
    )
    # Bolt would call slack.com whatever server the app is pointed at.
    authorize = made.authorize
    if isinstance(authorize, InstallationStoreAuthorize) and authorize.token_rotator is not None:
        authorize.token_rotator.client = client
    return made


def _box(settings: Settings) -> MultiFernet:
    from cryptography.fernet import Fernet, MultiFernet

    key = settings.slack_encryption_key
    if key is None:
        raise ConfigurationError(
            "CODECITE_SLACK_ENCRYPTION_KEY is not set: make one with `codecite slack key`."
        )
    try:
        return MultiFernet([Fernet(part.strip()) for part in key.get_secret_value().split(",")])
    except ValueError:
        raise ConfigurationError(
            "CODECITE_SLACK_ENCRYPTION_KEY is not a key: make one with `codecite slack key`."
        ) from None


def _storable(values: dict[str, Any]) -> dict[str, Any]:
    """What JSON can carry of an installation; times as seconds."""
    times = [(name, value) for name, value in values.items() if isinstance(value, datetime)]
    seconds = {
        # The SDK reads a whole number of seconds in one place and a broken one in the other.
        name: value.timestamp() if name == "installed_at" else int(value.timestamp())
        for name, value in times
    }
    simple = (str, int, float, bool, list)
    return {name: value for name, value in values.items() if isinstance(value, simple)} | seconds


def _known(document: dict[str, Any], record: type[Any]) -> dict[str, Any]:
    import inspect

    names = inspect.signature(record.__init__).parameters
    return {name: value for name, value in document.items() if name in names}
