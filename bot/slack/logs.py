"""Logging that cannot leak what people wrote.

The SDK's loggers print whole payloads at DEBUG, and Bolt prints the body of a badly signed request
at INFO. Bolt also copies the root's level onto each logger it makes, so that a root at DEBUG would
undo a level set on their parent: the app is therefore given the pinned logger as its base.
"""

from __future__ import annotations

import logging
from traceback import extract_tb

PINNED = ("slack_bolt", "slack_sdk")

log = logging.getLogger("codecite.slack")


def pin_loggers() -> logging.Logger:
    """Hold the SDK's loggers, those made so far included, at WARNING; return Bolt's base logger."""
    for name in (*PINNED, *list(logging.root.manager.loggerDict)):
        if name.split(".", 1)[0] in PINNED:
            logging.getLogger(name).setLevel(logging.WARNING)
    return logging.getLogger("slack_bolt")


def describe(error: BaseException) -> str:
    """The kinds of an error and its causes, and where they arose: never their messages.

    An exception's message may quote the note, so only type names and code positions are kept.
    """
    parts: list[str] = []
    current: BaseException | None = error
    while current is not None and len(parts) < 5:
        frames = extract_tb(current.__traceback__)[-3:]
        where = " > ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
        parts.append(f"{type(current).__name__} at {where or 'unknown place'}")
        current = current.__cause__ or current.__context__
    return "; after ".join(parts)
