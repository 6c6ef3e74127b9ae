"""Views that the app publishes: the Home tab."""

from __future__ import annotations

from typing import Any

from bot.slack import wording
from bot.slack.packing import mrkdwn


def home() -> dict[str, Any]:
    """The Home tab of anyone: what to do, and what an answer promises. Holds no note text."""
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": wording.HOME_TITLE}},
            {"type": "section", "text": mrkdwn(wording.HOME_HOW)},
            {"type": "divider"},
            {"type": "section", "text": mrkdwn(wording.HOME_PROMISE)},
            {
                "type": "section",
                "text": mrkdwn(
                    "*Try*\n"
                    + "\n".join(f"• `{question}`" for _, question in wording.SUGGESTED_PROMPTS)
                ),
            },
        ],
    }
