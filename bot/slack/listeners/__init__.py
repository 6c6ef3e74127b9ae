"""Listeners: each unpacks a payload, calls one service, and leaves rendering to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.listeners import (
    command,
    direct_message,
    home,
    lifecycle,
    mention,
    share,
    unhandled,
)

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.slack.answering import Answering
    from bot.slack.sharing import Sharing


def register(app: App, answering: Answering, sharing: Sharing) -> None:
    """Give every subscribed event, the command and the button their listener.

    Order matters to Bolt: the first that matches wins, so the ones that take anything come last.
    """
    mention.register(app, answering)
    direct_message.register(app, answering)
    command.register(app, answering)
    share.register(app, sharing)
    home.register(app)
    lifecycle.register(app)
    unhandled.register(app)
