"""Sign in with Slack: OpenID Connect's code flow, as Slack documents it.

The ID token comes from Slack's token endpoint itself over TLS, so its signature adds nothing
(OpenID Connect Core 3.1.3.7, 6); issuer, audience, nonce and end are checked, and Slack is asked
who the access token belongs to.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import httpx

from bot.review.errors import NotPermittedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

SLACK_API = "https://slack.com/api/"
ISSUER = "https://slack.com"
_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class SlackSignIn:
    """One Slack app's sign-in. ``api`` is Slack's Web API; ``redirect`` where Slack sends back."""

    client_id: str
    client_secret: str
    redirect: str
    teams: Sequence[str] = ()
    api: str = SLACK_API

    def address(self, state: str, nonce: str) -> str:
        """Where the browser goes to be asked."""
        parts = urlsplit(self.api)
        query = urlencode(
            {
                "response_type": "code",
                "scope": "openid",
                "client_id": self.client_id,
                "state": state,
                "nonce": nonce,
                "redirect_uri": self.redirect,
            }
        )
        return f"{parts.scheme}://{parts.netloc}/openid/connect/authorize?{query}"

    def person(self, code: str, nonce: str, now: datetime) -> str:
        """The Slack user id that a code stands for. Raises NotPermittedError."""
        with httpx.Client(base_url=self.api, timeout=_SECONDS) as client:
            granted = _ask(
                client,
                "openid.connect.token",
                data={
                    "client_id": self.client_id,
                    "client_secret": self.client_secret,
                    "code": code,
                    "grant_type": "authorization_code",
                    "redirect_uri": self.redirect,
                },
            )
            claims = _claims(str(granted.get("id_token", "")))
            audience = claims.get("aud")
            fitting = (
                claims.get("nonce") == nonce
                and claims.get("iss") == ISSUER
                and self.client_id in (audience if isinstance(audience, list) else [audience])
                and float(claims.get("exp", 0)) > now.timestamp()
            )
            if not fitting:
                raise NotPermittedError("Slack's answer does not belong to this sign-in.")
            bearer = {"Authorization": f"Bearer {granted.get('access_token', '')}"}
            found = _ask(client, "openid.connect.userInfo", headers=bearer)
        person = str(found.get("https://slack.com/user_id") or "")
        team = str(found.get("https://slack.com/team_id") or "")
        if not person or person != claims.get("https://slack.com/user_id", person):
            raise NotPermittedError("Slack's answer does not belong to this sign-in.")
        if self.teams and team not in self.teams:
            raise NotPermittedError("Your workspace has no access to this console.")
        return person


def _ask(client: httpx.Client, method: str, **arguments: Any) -> dict[str, Any]:
    try:
        reply = client.post(method, **arguments)
        document: dict[str, Any] = reply.json()
    except (httpx.HTTPError, ValueError):
        document = {}
    if not document.get("ok"):
        raise NotPermittedError("Slack did not confirm the sign-in; try again.")
    return document


def _claims(token: str) -> dict[str, Any]:
    parts = token.split(".")
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        claims = json.loads(base64.urlsafe_b64decode(padded))
    except (IndexError, ValueError):
        return {}  # not a token: without claims nobody is signed in
    return claims if isinstance(claims, dict) else {}
