"""Who is signed in: signed cookies, tokens against forged forms, and links that work once."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

COOKIE = "codecite_session"
STATE_COOKIE = "codecite_signin"
SESSION_SECONDS = 8 * 3600
STATE_SECONDS = 600
LINK_SECONDS = 600
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in person. ``local`` came by the link printed on this machine: a lead."""

    person: str
    local: bool
    nonce: str


class Signer:
    """Signs small documents that expire. One key an installation, readable by its user only."""

    def __init__(self, key: bytes, clock: Callable[[], datetime]) -> None:
        self._key = key
        self._clock = clock

    def sign(self, purpose: str, document: dict[str, Any], seconds: int) -> str:
        """The document with its end and a signature, fit for a cookie."""
        end = int(self._clock().timestamp()) + seconds
        body = json.dumps(document | {"end": end}, separators=(",", ":")).encode()
        packed = base64.urlsafe_b64encode(body).decode()
        return f"{packed}.{self._mac(purpose, packed)}"

    def read(self, purpose: str, signed: str) -> dict[str, Any] | None:
        """The document, or None where it is forged, of another purpose, or over."""
        packed, _, mac = signed.rpartition(".")
        if not packed or not hmac.compare_digest(mac.encode(), self._mac(purpose, packed).encode()):
            return None
        try:
            document: dict[str, Any] = json.loads(base64.urlsafe_b64decode(packed))
        except (ValueError, binascii.Error):
            return None  # not a document that was signed here
        return document if document["end"] > self._clock().timestamp() else None

    def form_token(self, session: Session) -> str:
        """What a form of this session must carry."""
        return self._mac("form", f"{session.person}:{session.nonce}")

    def fits(self, session: Session, token: str) -> bool:
        """Whether a form's token is this session's."""
        return hmac.compare_digest(token.encode(), self.form_token(session).encode())

    def _mac(self, purpose: str, words: str) -> str:
        return hmac.new(self._key, f"{purpose}\0{words}".encode(), hashlib.sha256).hexdigest()


class OneTimeLinks:
    """Tokens that sign in once, kept in this process only."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._open: dict[str, float] = {}

    def new(self) -> str:
        """A fresh token, good for ten minutes."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._open[_digest(token)] = self._clock().timestamp() + LINK_SECONDS
        return token

    def use(self, token: str) -> bool:
        """True for the first use of a token in time, and never again."""
        with self._lock:
            end = self._open.pop(_digest(token), 0.0)
        return end > self._clock().timestamp()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def key_of(home: Path) -> bytes:
    """The installation's key; made on first use."""
    path = home / "console.key"
    home.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        found = path.read_bytes()
        if len(found) == _KEY_BYTES:
            return found
        # Another process has just made it and not yet written it, or it is damaged: renew it.
        handle = os.open(path, os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        key = secrets.token_bytes(_KEY_BYTES)
        file.write(key)
    return key


def new_session(person: str, *, local: bool) -> Session:
    """A session with a nonce of its own."""
    return Session(person, local, secrets.token_urlsafe(12))
