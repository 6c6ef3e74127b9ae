"""The collaborators of one process, built when first needed and shared from then on."""

from __future__ import annotations

import gc
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bot.assistant import Assistant
from bot.drafting.rules import RulesDrafter
from codesets.models import System
from codesets.releases import ReleaseStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from bot.assisting import Assisting
    from bot.config import Settings
    from bot.drafting.case import Case, Drafter
    from bot.drafting.chat import ChatModel
    from bot.drafting.writing import Writer
    from bot.journal.store import Journal
    from bot.local_policies import LocalPolicies
    from bot.phi.engine import Screener
    from bot.review.desk import Desk
    from codesets.library import Library
    from codesets.models import Release
    from retrieval.embedding import Embedder
    from retrieval.guidelines import GuidelineSearch
    from retrieval.index import VectorIndex
    from retrieval.live import LiveSearcher
    from retrieval.search import Searcher

    Progress = Callable[[str, int, int], None]


def no_progress(_stage: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


class Runtime:
    """Code sets, search, journal and assistant for one set of settings; safe between threads."""

    def __init__(self, settings: Settings, progress: Progress) -> None:
        self.settings = settings
        self._progress = progress
        self._lock = threading.RLock()
        self._searchers: dict[tuple[System, str], LiveSearcher] = {}

    @cached_property
    def store(self) -> ReleaseStore:
        """The installed releases; the packaged ones are compiled on first use."""
        store = ReleaseStore(self.settings.home)
        store.ensure_default(self._progress)
        return store

    @cached_property
    def journal(self) -> Journal:
        """The journal, migrated to the newest schema."""
        from bot.journal.store import Journal

        if self.settings.database_url is None:
            self.settings.home.mkdir(parents=True, exist_ok=True)
        return Journal(self.settings.journal_url)

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model that is configured."""
        from retrieval.embedding import Embedder

        return Embedder(self.settings.embedding_model)

    @cached_property
    def guidelines(self) -> GuidelineSearch:
        """The Official Guidelines, digest or installed text."""
        from retrieval.guidelines import GuidelineSearch

        return GuidelineSearch(self.settings.home, self.embedder, self._progress)

    @cached_property
    def chat_model(self) -> ChatModel | None:
        """The configured model, one for all it is asked: its failures are counted together.

        Raises ConfigurationError where the model's settings do not fit together.
        """
        from bot.drafting.configured import chat_model

        return chat_model(self.settings)

    @cached_property
    def drafter(self) -> Drafter:
        """Who drafts: the configured model, or the rules. Raises as ``chat_model``."""
        if self.chat_model is None:
            return RulesDrafter()
        from bot.drafting.model import ModelDrafter

        return ModelDrafter(self.chat_model, self._guidance)

    @cached_property
    def writer(self) -> Writer | None:
        """Who words guideline answers; None where the rules' wording stands. Raises likewise."""
        if self.chat_model is None:
            return None
        from bot.drafting.writing import Writer

        return Writer(self.chat_model)

    @cached_property
    def assisting(self) -> Assisting:
        """What the configured model helps with beside drafting; nothing where none is."""
        from bot.assisting import Assisting

        return Assisting(self.chat_model, self.settings.model_assist)

    def _guidance(self, case: Case) -> str:
        """The rules of the guidelines that bear on a case, a line each, for a model's prompt."""
        from bot.guideline_answers import guidance

        return guidance(self.guidelines, case.text, case.setting)

    @cached_property
    def screener(self) -> Screener:
        """What removes identifiers."""
        from bot.phi.engine import Screener

        return Screener(self.settings.names_model)

    @cached_property
    def assistant(self) -> Assistant:
        """What answers."""
        return Assistant(
            self.store,
            self.searcher,
            self.journal,
            self.drafter,
            self.guidelines,
            self.settings.phi,
            local=self.local_policies,
            writer=self.writer,
            screen=self.screener.redact,
            assisting=self.assisting,
        )

    @cached_property
    def desk(self) -> Desk:
        """The leads' desk."""
        from bot.review.configured import desk_of

        return desk_of(self.settings, self.journal, self.store)

    @cached_property
    def local_policies(self) -> LocalPolicies:
        """What leads approved, applied to answers."""
        from bot.local_policies import LocalPolicies
        from retrieval.local import LocalIndex

        return LocalPolicies(
            self.desk.policies, self.store, LocalIndex(self.settings.home, self.embedder)
        )

    def release(self, day: date) -> Release:
        """The ICD-10-CM release that governs ``day``. Raises ReleaseUnavailableError."""
        return self.store.for_date(System.ICD10CM, day)

    def library(self, day: date) -> Library:
        """The code set of ``day``. Raises ReleaseUnavailableError."""
        return self.store.library(self.release(day))

    def searcher(self, release: Release) -> Searcher:
        """The search over one release; its index is built on first use, reopened once rebuilt."""
        from retrieval.live import LiveSearcher

        with self._lock:
            key = (release.system, release.id)
            found = self._searchers.get(key)
            if found is None:
                found = self._searchers[key] = LiveSearcher(
                    self.settings.home,
                    self.store.library(release),
                    self.embedder,
                    self._progress,
                    self.settings.chroma_url,
                )
                # What is loaded by now stays: the collector need not walk it in the middle of an
                # answer, which took up to a quarter of a second.
                gc.freeze()
        return found.get()

    def build_index(self, release: Release, *, force: bool = False) -> VectorIndex:
        """Build the index of a release, or open it when it already fits."""
        from retrieval.errors import SearchIndexError
        from retrieval.index import VectorIndex

        library = self.store.library(release)
        if not force:
            try:
                return VectorIndex.open(
                    self.settings.home, library, self.embedder, self.settings.chroma_url
                )
            except SearchIndexError:
                pass  # missing or of another model or release: exactly what building mends
        return VectorIndex.build(
            self.settings.home, library, self.embedder, self._progress,
            force=force, chroma_url=self.settings.chroma_url,
        )  # fmt: skip

    def warm(self) -> None:
        """Load what an answer needs today, so that the first person does not wait."""
        from datetime import date

        self.screener.load()
        searcher = self.searcher(self.release(date.today()))  # the local calendar day
        searcher.search("hypertension")
        _ = self.journal

    def index_status(self) -> list[dict[str, Any]]:
        """A row for each installed release: whether its index fits, and what it holds."""
        from retrieval.errors import (
            ChromaServerError,
            IndexMismatchError,
            IndexMissingError,
            SearchIndexError,
        )
        from retrieval.index import VectorIndex

        rows = []
        for release in self.store.installed():
            row: dict[str, Any] = {
                "system": release.system.value, "release": release.id, "state": "ready",
                "passages": 0, "model": self.embedder.name, "built": "", "reason": "",
            }  # fmt: skip
            try:
                index = VectorIndex.open(
                    self.settings.home, self.store.library(release), self.embedder,
                    self.settings.chroma_url,
                )  # fmt: skip
                row["passages"] = index.manifest.passages
                row["built"] = index.manifest.created
            except IndexMissingError as error:
                row |= {"state": "not built", "reason": str(error)}
            except IndexMismatchError as error:
                row |= {"state": "does not fit", "reason": str(error)}
            except ChromaServerError as error:
                row |= {"state": "server does not answer", "reason": str(error)}
            except SearchIndexError as error:
                row |= {"state": "damaged", "reason": str(error)}
            rows.append(row)
        return rows
