"""`codecite slack check`: token, scopes and the blocks of a sample answer, asked of Slack."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.answer import Answer, Citation, Gap, Kind, Quote, Role, Setting, Suggestion
from bot.slack.app import SLACK_API, web_client
from bot.slack.blocks import render
from bot.slack.errors import MissingTokenError, SlackDoorError
from bot.slack.manifest import OPTIONAL_SCOPES, SCOPES
from bot.slack.standing import Standing

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.config import Settings


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was checked."""

    name: str
    ok: bool
    state: str


def check_app(settings: Settings, api_url: str = "") -> tuple[Checked, ...]:
    """Everything Slack says about the token and the blocks.

    Raises MissingTokenError, and SlackDoorError where Slack cannot be reached.
    """
    token = settings.slack_bot_token
    if token is None:
        raise MissingTokenError(("CODECITE_SLACK_BOT_TOKEN",))
    client = web_client(
        token.get_secret_value(), api_url.rstrip("/") + "/" if api_url else SLACK_API
    )
    try:
        return (*_token(client), _blocks(client))
    except OSError:
        raise SlackDoorError("Slack cannot be reached: check the network.") from None


def _token(client: WebClient) -> tuple[Checked, ...]:
    try:
        response = client.auth_test()
    except SlackApiError as error:
        return (Checked("token", False, f"refused ({error.response.get('error')})"),)
    headers = {str(k).casefold(): str(v) for k, v in (response.headers or {}).items()}
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")} - {""}
    state = f"{response.get('user')} in {response.get('team')}"
    found = [Checked("token", True, state)]
    if granted:
        missing = [scope for scope in SCOPES if scope not in granted]
        without = [scope for scope in OPTIONAL_SCOPES if scope not in granted]
        found.append(
            Checked(
                "scopes", not missing, f"missing {', '.join(missing)}" if missing else "all there"
            )
        )
        if without:
            found.append(Checked("optional scopes", True, f"without {', '.join(without)}"))
    return tuple(found)


def _blocks(client: WebClient) -> Checked:
    blocks = list(render(sample(), standing=Standing())[0].blocks)
    try:
        client.api_call("blocks.validate", params={"blocks": json.dumps(blocks)})
    except SlackApiError as error:
        code = str(error.response.get("error"))
        if code in ("unknown_method", "not_allowed_token_type", "missing_scope"):
            return Checked("blocks", True, f"not checked: Slack answers {code}")
        return Checked("blocks", False, f"refused ({code})")
    except SlackClientError:
        return Checked("blocks", False, "Slack did not answer")
    return Checked("blocks", True, "well-formed")


def sample() -> Answer:
    """An answer with every part, about nobody."""
    citation = Citation("icd10cm:FY2027:I10:title", "ICD-10-CM Tabular List", "FY2027", "I10",
                        "Essential (primary) hypertension")  # fmt: skip
    return Answer(
        exchange_id="sample",
        kind=Kind.SUGGESTION,
        setting=Setting.OUTPATIENT,
        day=date(2026, 11, 21),
        releases={"icd10cm": "FY2027"},
        headline="I10: Essential (primary) hypertension.",
        text="essential hypertension",
        suggestions=(
            Suggestion(
                "icd10cm", "I10", citation.text, True, Role.FIRST_LISTED, "Named in the text.",
                (Quote("essential hypertension", 0, 22),), (citation.id,),
            ),
        ),
        citations=(citation,),
        gaps=(Gap("stage", ("one", "two"), ("I10", "I15.9")),),
    )  # fmt: skip
