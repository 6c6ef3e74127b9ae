"""Listeners: each unpacks a payload, calls one service, and leaves rendering to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.listeners import (
    actions,
    command,
    form,
    home,
    lifecycle,
    questions,
    review,
    shortcuts,
    unhandled,
)

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.slack.services import Services


def register(app: App, services: Services) -> None:
    """Give every subscribed event, command, shortcut, action and form its listener.

    Order matters to Bolt: the first that matches wins, so the ones that take anything come last.
    """
    questions.register(app, services)
    command.register(app, services)
    shortcuts.register(app, services)
    form.register(app, services)
    actions.register(app, services)
    home.register(app, services)
    review.register(app, services)
    lifecycle.register(app, services)
    unhandled.register(app)
