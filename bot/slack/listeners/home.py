"""`app_home_opened`: suggested prompts in the agent view, and the Home tab with what is on it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from bot.journal.restoring import restore
from bot.slack import names, wording
from bot.slack.access import Role, may
from bot.slack.acting import Act, act_of
from bot.slack.answering import within_uses
from bot.slack.home import entry_view, home_view
from bot.slack.logs import describe, log

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import Ack, App, BoltContext
    from slack_sdk import WebClient

    from bot.slack.services import Services


def register(app: App, services: Services) -> None:
    """Listen for someone opening the app, and for what they press there."""

    @app.event("app_home_opened")
    def on_home_opened(
        event: dict[str, Any],
        client: WebClient,
        context: BoltContext,
        set_suggested_prompts: Callable[..., Any] | None,
    ) -> None:
        try:
            if event.get("tab") == "home":
                publish(services, client, str(context.team_id or ""), str(event["user"]))
            elif event.get("tab") == "messages" and set_suggested_prompts is not None:
                set_suggested_prompts(
                    title=wording.GREETING,
                    prompts=[
                        {"title": title, "message": message}
                        for title, message in wording.SUGGESTED_PROMPTS
                    ],
                )
        except Exception as error:  # noqa: BLE001  # a greeting is a courtesy; nobody asked anything
            log.warning("home or prompts not shown: %s", describe(error))

    @app.action(names.HOME_OPEN)
    def on_open(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        services.desk.handle("home-open", act_of(body, client), lambda act: _open(services, act))

    @app.action(names.HOME_SHOW)
    def on_show(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        act = act_of(body, client)
        once = f"{act.value}:{act.person}:{body['actions'][0].get('action_ts')}"
        services.desk.handle("home-show", act, lambda a: _send(services, a), once=once)

    preferences: tuple[tuple[str, Callable[[dict[str, Any]], dict[str, Any]]], ...] = (
        (names.HOME_STATUS, lambda action: {"status": _chosen(action)}),
        (names.HOME_SETTING, lambda action: {"setting": _chosen(action)}),
        (names.HOME_SYSTEMS, lambda action: {"systems": _ticked(action)}),
        (names.HOME_DATE, lambda action: {"day": _day(action)}),
        (names.HOME_CLEAR_DATE, lambda _: {"day": None}),
    )
    for action_id, values in preferences:
        _prefer(app, services, action_id, values)


def publish(services: Services, client: WebClient, team: str, person: str) -> None:
    """Publish somebody's Home. Raises SlackClientError."""
    refused = services.gate.refusal(client, team, "", person)
    if refused is not None:
        view = {"type": "home", "blocks": [_sentence(wording.REFUSALS[refused.value])]}
    else:
        chosen = services.home.filter(team, person)
        queue = services.reviews.page(client, team, person, chosen)
        view = home_view(services.home.page(team, person, queue, services.workspace_url(client)))
    client.views_publish(user_id=person, view=view)


def _prefer(
    app: App,
    services: Services,
    action_id: str,
    values: Callable[[dict[str, Any]], dict[str, Any]],
) -> None:
    @app.action(action_id)
    def on_choice(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()

        def keep(act: Act) -> None:
            services.memory.prefer(act.team, act.person, **values(body["actions"][0]))
            publish(services, act.client, act.team, act.person)

        services.desk.handle("home-setting", act_of(body, client), keep)


def _open(services: Services, act: Act) -> str | None:
    """An answer from Home; a lead sees everyone's, others their own."""
    found = services.home.entry(act.value, services.workspace_url(act.client))
    if found is None or not _may_see(services, act, found[0].person):
        return wording.NOT_HERE_ANY_MORE
    view = entry_view(*found, may_show=True)
    act.client.views_open(trigger_id=act.trigger, view=view)
    return None


def _send(services: Services, act: Act) -> str | None:
    """The whole answer as a message to this person."""
    found = services.home.entry(act.value)
    if found is None or not _may_see(services, act, found[0].person):
        return wording.NOT_HERE_ANY_MORE
    answer = restore(found[1].answer)
    for message in within_uses(answer, standing=services.decisions.standing(act.value)):
        services.outbox.post(act.client, act.person, message)
    return None


def _may_see(services: Services, act: Act, asker: str) -> bool:
    return act.person == asker or may(
        services.gate.role(act.client, act.team, act.person), Role.LEAD
    )


def _chosen(action: dict[str, Any]) -> str:
    return str((action.get("selected_option") or {}).get("value") or "")


def _ticked(action: dict[str, Any]) -> list[str]:
    return [str(item["value"]) for item in action.get("selected_options") or ()]


def _day(action: dict[str, Any]) -> str | None:
    chosen = action.get("selected_date")
    return date.fromisoformat(chosen).isoformat() if chosen else None


def _sentence(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "plain_text", "text": text}}
