"""Snippets and text attachments of a question, read with the bot's token and nothing else's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from bot.slack import wording
from bot.slack.logs import describe, log

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST = 1_000_000
"""Bytes of text that are read; Slack's own snippets are never larger."""
MOST_FILES = 5
SLACK_HOSTS = ("files.slack.com", "slack-files.com")
_SECONDS = 10.0
_TEXT_TYPES = frozenset({"text", "markdown", "post", "csv", "xml", "html", "json", "rtf_text"})


@dataclass(frozen=True, slots=True)
class Attached:
    """The texts of a question's files, and a sentence for each that was not read."""

    texts: tuple[str, ...] = field(default=(), repr=False)
    problems: tuple[str, ...] = ()


class FileReader:
    """Reads text files from Slack; safe to use from many threads.

    The token is only ever sent to Slack's file hosts, or to ``host`` where another server plays
    Slack. Redirects are not followed: a redirect could lead the token elsewhere.
    """

    def __init__(self, host: str = "") -> None:
        self._hosts = frozenset({*SLACK_HOSTS, *([host] if host else [])})

    def read(self, token: str, files: Sequence[dict[str, Any]]) -> Attached:
        """The texts of these Slack file objects. Never raises."""
        texts: list[str] = []
        problems: list[str] = []
        for file in files[:MOST_FILES]:
            if not is_text(file):
                problems.append(wording.FILE_NOT_TEXT)
            elif int(file.get("size") or 0) > LARGEST:
                problems.append(wording.FILE_TOO_LARGE)
            else:
                text = self._download(token, str(file.get("url_private_download")
                                                 or file.get("url_private") or ""))  # fmt: skip
                if text is None:
                    problems.append(wording.FILE_NOT_READ)
                else:
                    texts.append(text.strip())
        if len(files) > MOST_FILES:
            problems.append(wording.TOO_MANY_FILES.format(limit=MOST_FILES))
        return Attached(tuple(filter(None, texts)), tuple(dict.fromkeys(problems)))

    def _download(self, token: str, url: str) -> str | None:
        parts = urlsplit(url)
        if parts.netloc not in self._hosts:
            return None
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
            return None
        try:
            with httpx.stream(
                "GET", url, headers={"Authorization": f"Bearer {token}"}, timeout=_SECONDS
            ) as response:
                if response.status_code != 200:
                    return None
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > LARGEST:
                        return None
        except httpx.HTTPError as error:
            log.warning("a file was not read: %s", describe(error))
            return None
        return bytes(body).decode("utf-8", errors="replace")


def is_text(file: dict[str, Any]) -> bool:
    """Whether Slack says that a file is text."""
    kind = str(file.get("mimetype") or "")
    return (
        file.get("mode") == "snippet"
        or kind.startswith("text/")
        or kind in ("application/json", "application/xml")
        or str(file.get("filetype") or "") in _TEXT_TYPES
    )
