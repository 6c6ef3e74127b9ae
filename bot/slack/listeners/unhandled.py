"""What no other listener takes: acknowledged, so that Slack neither retries nor shows an error."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slack_bolt import Ack, App

_ANYTHING = re.compile(".*")


def register(app: App) -> None:
    """Acknowledge every other event, action, command, shortcut and view."""

    @app.event(_ANYTHING)
    def on_other_event() -> None:
        """Bolt acknowledges events by itself; a listener is all it needs to know the event."""

    for kind in (app.action, app.command, app.shortcut, app.view, app.view_closed, app.options):
        kind(_ANYTHING)(_acknowledge)


def _acknowledge(ack: Ack) -> None:
    ack()
