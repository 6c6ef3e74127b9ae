"""Buttons and menus under an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack import modals, names
from bot.slack.access import Role
from bot.slack.acting import Act, act_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import Ack, App, Respond
    from slack_sdk import WebClient

    from bot.slack.packing import Message
    from bot.slack.services import Services


def register(app: App, services: Services) -> None:
    """Listen for each. Who may do what is in the third column."""
    decide = services.decisions
    table: tuple[tuple[str, Callable[[Act], str | Message | None], Role], ...] = (
        (names.SHARE, services.sharing.share, Role.CLINICIAN),
        (names.ACCEPT, decide.accept, Role.CODER),
        (names.REOPEN, decide.reopen, Role.CODER),
        (names.EDIT, lambda act: decide.open_form(act, modals.edit_view), Role.CODER),
        (names.REJECT, lambda act: decide.open_form(act, _reject), Role.CODER),
        (names.ASK_LEAD, lambda act: decide.open_form(act, _ask_lead), Role.CLINICIAN),
        (names.DRAFT_QUERY, decide.draft, Role.CLINICIAN),
        (names.POST_QUERY, decide.post_query, Role.CLINICIAN),
        (names.SHOW_MORE, decide.show_more, Role.CLINICIAN),
        (names.SHOW_ANSWER, decide.show, Role.CLINICIAN),
        (names.OPEN_SOURCE, decide.open_source, Role.CLINICIAN),
        (names.FEEDBACK, decide.feedback, Role.CLINICIAN),
    )
    for action_id, work, needs in table:
        _listen(app, services, action_id, work, needs)


def _listen(
    app: App,
    services: Services,
    action_id: str,
    work: Callable[[Act], str | Message | None],
    needs: Role,
) -> None:
    @app.action(action_id)
    def on_action(ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond) -> None:
        ack()
        act = act_of(body, client, respond)
        action = body["actions"][0]
        once = f"{action_id}:{act.person}:{act.value}:{action.get('action_ts')}"
        services.desk.handle(action_id, act, work, needs=needs, once=once)


def _reject(_answer: Any, where: modals.Where) -> dict[str, Any]:
    return modals.reject_view(where)


def _ask_lead(_answer: Any, where: modals.Where) -> dict[str, Any]:
    return modals.ask_lead_view(where)
