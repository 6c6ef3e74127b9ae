"""The review queue's buttons and its form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack import names
from bot.slack.acting import Act, act_of, team_of
from bot.slack.answering import failure_sentence
from bot.slack.errors import Gone
from bot.slack.listeners.home import publish
from bot.slack.logs import describe, log
from bot.slack.wording import NOT_HERE_ANY_MORE

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import Ack, App
    from slack_sdk import WebClient

    from bot.slack.services import Services


def register(app: App, services: Services) -> None:
    """Listen for each. What a person may do is asked at the desk, by ``Reviews``."""
    reviews = services.reviews
    table: tuple[tuple[str, Callable[[Act], str | None], bool], ...] = (
        (names.REVIEW_CLAIM, reviews.claim, True),
        (names.REVIEW_RELEASE, reviews.release, True),
        (names.REVIEW_OPEN, reviews.open, False),
        (names.REVIEW_SHOW, reviews.show, False),
    )
    for action_id, work, changes in table:
        _listen(app, services, action_id, work, changes=changes)

    @app.view(names.REVIEW_VIEW)
    def on_review(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        view = body["view"]
        metadata, state = str(view["private_metadata"]), view["state"]["values"]
        act = Act("", str(body["user"]["id"]), team_of(body), "", client)
        try:
            problems = reviews.problems(act, metadata, state)
        except Gone:
            problems = {"comment": NOT_HERE_ANY_MORE}
        except Exception as error:  # noqa: BLE001  # said in the form, where the person is
            problems = {"comment": failure_sentence(error)[:150]}
        if problems:
            ack(response_action="errors", errors=problems)
            return
        ack()
        services.desk.handle(
            "review", act,
            lambda a: _then_publish(services, a, reviews.decided(a, metadata, state)),
            once=f"view:{view['id']}",
        )  # fmt: skip


def _listen(
    app: App,
    services: Services,
    action_id: str,
    work: Callable[[Act], str | None],
    *,
    changes: bool,
) -> None:
    @app.action(action_id)
    def on_action(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        act = act_of(body, client)
        once = f"{action_id}:{act.person}:{act.value}:{body['actions'][0].get('action_ts')}"

        def do(found: Act) -> str | None:
            said = work(found)
            return _then_publish(services, found, said) if changes else said

        services.desk.handle(action_id, act, do, once=once)


def _then_publish(services: Services, act: Act, said: str | None) -> str | None:
    """Show the queue as it is now. What was done is done, whether or not Home can be shown."""
    try:
        publish(services, act.client, act.team, act.person)
    except Exception as error:  # noqa: BLE001  # the verdict is on record; Home is drawn when opened
        log.warning("home not shown: %s", describe(error))
    return said
