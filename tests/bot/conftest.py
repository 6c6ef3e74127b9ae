"""A whole assistant over the packaged release: built once a machine, shared by the tests."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from answer_support import TODAY
from filelock import FileLock
from model_support import Make, RememberingSearcher, Server, loopback_server
from postgres_support import EMPTY_JOURNAL, fresh_database, postgres_server
from slack_support import Scene, answered, scene

from bot.assistant import Assistant
from bot.assisting import UNASSISTED, Assisting
from bot.config import Settings
from bot.drafting.case import Drafter
from bot.drafting.rules import RulesDrafter
from bot.drafting.writing import Writer
from bot.journal.store import Journal
from bot.runtime import Runtime, no_progress
from codesets.releases import ReleaseStore


@pytest.fixture(scope="session")
def built_runtime(compiled_home: Path) -> Runtime:
    """Code sets compiled and the whole index built, kept between runs while the sources stay."""
    runtime = Runtime(Settings(home=compiled_home), no_progress)
    with FileLock(f"{compiled_home}.index.lock"):
        runtime.build_index(runtime.release(TODAY))
    return runtime


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server on loopback; what asks for it is skipped where none is installed."""
    with postgres_server() as url:
        Journal(fresh_database(url, EMPTY_JOURNAL)).close()
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a new, empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'home' / 'journal.sqlite'}"
    return fresh_database(
        request.getfixturevalue("postgres"), f"j{uuid.uuid4().hex}", EMPTY_JOURNAL
    )


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.sqlite") as opened:
        yield opened


@pytest.fixture
def assistant(built_runtime: Runtime, store: ReleaseStore, journal: Journal) -> Assistant:
    """The real pipeline on the real release, with a journal of its own."""
    return Assistant(
        store,
        built_runtime.searcher,
        journal,
        RulesDrafter(),
        built_runtime.guidelines,
        clock=lambda: datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
    )


@pytest.fixture(scope="session")
def remembering(built_runtime: Runtime) -> RememberingSearcher:
    """The search over today's release, which looks up each text once."""
    return RememberingSearcher(built_runtime.searcher(built_runtime.release(TODAY)))


@pytest.fixture
def assisted(
    built_runtime: Runtime, store: ReleaseStore, journal: Journal, remembering: RememberingSearcher
) -> Make:
    """The real pipeline with the drafter given, and with what a model helps with."""

    def make(
        drafts: Drafter, assisting: Assisting = UNASSISTED, writer: Writer | None = None
    ) -> Assistant:
        return Assistant(
            store, lambda _release: remembering, journal, drafts, built_runtime.guidelines,
            clock=lambda: datetime(2026, 11, 21, 12, 0, tzinfo=UTC), assisting=assisting,
            writer=writer,
        )  # fmt: skip

    return make


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """An OpenAI-compatible server on loopback, which behaves as its mode says."""
    with loopback_server() as running:
        yield running


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A workspace with the app in it, for the tests of a module that can share one."""
    with scene(tmp_path_factory.mktemp("slack")) as made:
        yield made


@pytest.fixture
def usual_script(request: pytest.FixtureRequest) -> Iterator[None]:
    """Answers of the shared workspace are the usual ones again after a test."""
    yield
    if "slack" in request.fixturenames:
        request.getfixturevalue("slack").assistant.script = answered


@pytest.fixture(scope="module")
def coder(
    built_runtime: Runtime, store: ReleaseStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    """The real pipeline on the packaged release, once for all cases of a module."""
    with Journal(tmp_path_factory.mktemp("coder") / "journal.sqlite") as kept:
        yield Assistant(
            store,
            built_runtime.searcher,
            kept,
            RulesDrafter(),
            built_runtime.guidelines,
            clock=lambda: datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
        )
