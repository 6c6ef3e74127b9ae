"""The search index of one release: built atomically, checked when opened, queried by vector.

``HOME/index/<system>/<release>/manifest.json`` names a sibling folder with the Chroma collection,
the word index, the passages and their vectors; where a Chroma server holds the collection, that is
``<release>@<server>`` and the folder holds the rest. A build writes a new folder and replaces the
manifest last; one that was killed leaves a folder that no manifest names, and the next build sweeps
it away and goes on from the vectors it had finished. The replaced index stays on disk until the
build after, so that whoever has it open is not disturbed.
"""

from __future__ import annotations

import secrets
import shutil
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from codesets.models import System
from retrieval import procedures
from retrieval.collection import Collection, fill
from retrieval.errors import BUILD_COMMAND, IndexBuildError, IndexMismatchError, IndexMissingError
from retrieval.indexed import index_passages, index_sources, installed_indexes
from retrieval.lexical import LexicalIndex
from retrieval.manifest import SCHEMA, Manifest, read_manifest
from retrieval.passages import passages as passages_of
from retrieval.passagestore import PassageStore, write_passages
from retrieval.server import ChromaServer, slug
from retrieval.traits import Titled, Traits, signature
from retrieval.vectorcache import VectorCache, cache_folder
from retrieval.wordings import wording_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from langchain_chroma import Chroma
    from langchain_core.vectorstores import VectorStoreRetriever
    from numpy.typing import NDArray

    from codesets.library import Library
    from retrieval.embedding import Embedder
    from retrieval.passages import Passage
    from retrieval.server import ServedCollection

    Progress = Callable[[str, int, int], None]

_VECTORS = "vectors.npy"
_SAME = 0.99


def _utc_now() -> datetime:
    return datetime.now(UTC)


def release_folder(home: Path, system: str, release: str, chroma_url: str | None = None) -> Path:
    """Where the index of one release lives; one whose collection a server holds lives apart."""
    name = release if chroma_url is None else f"{release}@{slug(chroma_url)}"
    return home / "index" / system / name


class VectorIndex:
    """One built index, open for questions. Safe to share between threads.

    ``store`` holds its passages, ``lexical`` their words, ``traits`` what else is fixed about them;
    ``fingerprint`` is the embedder's. The collection is in the same folder, or on the Chroma server
    at ``chroma_url``.
    """

    def __init__(
        self, folder: Path, manifest: Manifest, embedder: Embedder, chroma_url: str | None = None
    ) -> None:
        import numpy as np

        files = folder / manifest.folder
        self.manifest = manifest
        self.embedder = embedder
        try:
            self._vectors: NDArray[np.float16] = np.load(files / _VECTORS, mmap_mode="r")
        except (OSError, ValueError) as error:
            raise _damaged(files) from error
        self.store = PassageStore(files)
        self.lexical = LexicalIndex.open(files)
        self.traits = Traits.open(files)
        sizes = {len(self.lexical), len(self.traits), len(self._vectors), manifest.passages}
        if len(sizes) > 1:
            raise _damaged(files)
        self._collection: Collection | ServedCollection = (
            Collection(files, manifest.collection)
            if chroma_url is None
            else ChromaServer(chroma_url).open(manifest.collection)
        )
        if not self._finds_itself():
            raise _damaged(files)

    def _finds_itself(self) -> bool:
        """Whether stored vectors find their own passages; it loads the graph, too.

        Chroma does not notice that its vector files are gone: it answers with whatever is left.
        """
        for number in {0, len(self) // 2, len(self) - 1} if len(self) else ():
            nearest = self._collection.query(self._vectors[number].astype(float).tolist(), 1)
            if not nearest or nearest[0][1] < _SAME:
                return False
        return True

    @property
    def fingerprint(self) -> str:
        """What the vectors were made with."""
        return self.manifest.fingerprint

    def __len__(self) -> int:
        return self.manifest.passages

    @classmethod
    def open(
        cls, home: Path, library: Library, embedder: Embedder, chroma_url: str | None = None
    ) -> VectorIndex:
        """Open the index of the library's release.

        Raises:
            IndexMissingError: none is built; the message names the command.
            IndexMismatchError: it was built from another library, model or schema; so does this.
            IndexBuildError: a file of it is missing or damaged; so does this.
            ChromaServerError: the server does not answer; the message says how to start one.

        """
        system, release = library.release.system.value, library.release.id
        folder = release_folder(home, system, release, chroma_url)
        manifest = read_manifest(folder, system, release)
        manifest.check(library.sha256, embedder.fingerprint, _sources(home, library))
        return cls(folder, manifest, embedder, chroma_url)

    @classmethod
    def build(
        cls,
        home: Path,
        library: Library,
        embedder: Embedder,
        progress: Progress | None = None,
        now: Callable[[], datetime] = _utc_now,
        *,
        force: bool = False,
        chroma_url: str | None = None,
    ) -> VectorIndex:
        """Build the index of the library's release unless a fitting one is there, and open it.

        ``force`` builds it all the same, from the vectors already computed.

        ``progress`` is called with ("embed", done, total) and ("index", done, total). A second
        process waits for the first and then opens what that one built.
        """
        root = home / "index"
        with build_lock(root):
            if not force:
                try:
                    return cls.open(home, library, embedder, chroma_url)
                except (IndexMissingError, IndexMismatchError, IndexBuildError):
                    pass  # exactly what building mends
            server = None if chroma_url is None else ChromaServer(chroma_url)
            _Builder(root, library, embedder, progress, server).run(now(), force)
            return cls.open(home, library, embedder, chroma_url)

    def query(self, vector: Sequence[float], limit: int) -> list[tuple[str, float]]:
        """The nearest passages' citation ids and cosine similarities, best first."""
        return self._collection.query(vector, limit)

    def nearest(self, vectors: NDArray[np.float32], limit: int) -> list[NDArray[np.int64]]:
        """For each of ``vectors`` (rows) the numbers of the nearest passages, best first.

        All are asked for at once: to a Chroma server that is one request.
        """
        import numpy as np

        found = self._collection.query_many(vectors.tolist(), limit) if len(vectors) else []
        names = ([name for name, _ in near] for near in found)
        return [np.array(self.store.numbers(each), np.int64) for each in names]

    def similarities(
        self, vectors: NDArray[np.float32], numbers: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Exact cosines of unit ``vectors`` (rows) to the passages ``numbers`` (columns)."""
        import numpy as np

        similar: NDArray[np.float32] = vectors @ self._vectors[numbers].astype(np.float32).T
        return similar

    def as_vectorstore(self) -> Chroma:
        """The collection as a LangChain vector store; documents carry ``code`` and ``kind``."""
        return self._collection.as_vectorstore(self.embedder)

    def as_retriever(self, k: int = 10) -> VectorStoreRetriever:
        """The collection as a LangChain retriever of the ``k`` nearest passages."""
        return self.as_vectorstore().as_retriever(search_kwargs={"k": k})


def _sources(home: Path, library: Library) -> dict[str, str]:
    """What the passages of a release are made from besides its codes, each with its digest."""
    if library.release.system is System.ICD10PCS:
        return procedures.sources(home, library)
    return index_sources(installed_indexes(home, library))


def _contents(home: Path, library: Library) -> tuple[list[Passage], dict[str, str], Titled]:
    """The passages of a release, their sources, and what names the codes they stand under."""
    if library.release.system is System.ICD10PCS:
        made = procedures.contents(home, library)
        return list(made.passages), made.sources, made
    installed = installed_indexes(home, library)
    found = [*passages_of(library), *index_passages(library, installed)]
    return found, index_sources(installed), library


def _damaged(files: Path) -> IndexBuildError:
    return IndexBuildError(f"The index in {files} is damaged. Run `{BUILD_COMMAND}`.")


@contextmanager
def build_lock(root: Path, timeout: float = -1) -> Iterator[None]:
    """Hold the one lock of all builds under ``root``; the system frees it if the process dies.

    ``timeout`` is seconds, -1 to wait without end. Raises IndexBuildError when it passes.
    """
    from filelock import FileLock, Timeout

    root.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(root / "build.lock", timeout=timeout):
            yield
    except Timeout:
        raise IndexBuildError("Another process is building the index; try again later.") from None


class _Builder:
    """One build, under the lock: its collection into the folder, or onto ``server``."""

    def __init__(
        self,
        root: Path,
        library: Library,
        embedder: Embedder,
        progress: Progress | None,
        server: ChromaServer | None,
    ) -> None:
        self._library = library
        self._embedder = embedder
        self._progress = progress
        self._root = root
        self._server = server
        release = library.release
        self._folder = release_folder(
            root.parent, release.system.value, release.id, server.url if server else None
        )

    def run(self, created: datetime, again: bool) -> None:
        import numpy as np

        found, sources, titles = _contents(self._root.parent, self._library)
        wordings = [wording_of(passage) for passage in found]
        spoken = [wording.spoken for wording in wordings]
        texts = list(dict.fromkeys(spoken))
        vectors = self._vectors(found, spoken)
        name = f"build-{secrets.token_hex(4)}"
        self._sweep(keep=self._current())
        files = self._folder / name
        files.mkdir(parents=True)
        write_passages(files, found)
        asked = (wording.asked for wording in wordings)
        LexicalIndex.build(asked, (wording.allowed for wording in wordings)).save(files)
        Traits.build(found, titles).save(files)
        np.save(files / _VECTORS, vectors)
        if self._server is None:
            collection = f"{self._library.release.system.value}-{self._library.release.id}".lower()
            fill(files, collection, found, vectors, self._progress)
        else:
            collection = self._serve(self._server, found, vectors, created, again)
        manifest = self._manifest(name, collection, created)
        manifest = replace(manifest, passages=len(found), texts=len(texts), sources=sources)
        manifest.write(self._folder)

    def _vectors(self, found: list[Passage], texts: list[str]) -> NDArray[np.float16]:
        """The vector of each passage's ``texts``: the cache's, else the server's, else made now."""
        embedder = self._embedder
        folder = cache_folder(self._root, embedder.fingerprint)
        cache = VectorCache(folder, embedder.dimension)
        if self._server is not None and any(text not in cache for text in texts):
            self._fetch(self._server, found, texts, cache)
        missing = list(dict.fromkeys(text for text in texts if text not in cache))
        if missing:
            embedder.bulk(
                missing,
                self._progress,
                lambda rows, block: cache.add([missing[row] for row in rows], block),
            )
        return cache.take(texts)

    def _fetch(
        self, server: ChromaServer, found: list[Passage], texts: list[str], cache: VectorCache
    ) -> None:
        """Take the vectors that another home put on the server for the same passages."""
        name = server.complete(self._about(), found)
        if name is None:
            return
        said = {passage.id: text for passage, text in zip(found, texts, strict=True)}
        for ids, vectors in server.stored_vectors(name):
            rows = {
                said[each]: row for row, each in enumerate(ids) if said[each] not in cache
            }  # fmt: skip
            cache.add(list(rows), vectors[list(rows.values())])

    def _serve(
        self,
        server: ChromaServer,
        found: list[Passage],
        vectors: NDArray[np.float16],
        created: datetime,
        again: bool,
    ) -> str:
        """Fill the collection on the server and return its name; the one it replaces stays."""
        about = self._about() | {"created": created.isoformat(timespec="microseconds")}
        before = self._current()
        name = server.fill(about, found, vectors, self._progress, again=again)
        server.sweep(about, {name} | ({before.collection} if before else set()))
        return name

    def _about(self) -> dict[str, str]:
        release = self._library.release
        return {
            "system": release.system.value,
            "release": release.id,
            "fingerprint": f"{self._embedder.fingerprint}:{signature()}",
        }

    def _manifest(self, name: str, collection: str, created: datetime) -> Manifest:
        """What is known of the index before its passages are counted."""
        release = self._library.release
        return Manifest(
            schema=SCHEMA,
            system=release.system.value,
            release=release.id,
            library_sha256=self._library.sha256,
            sources={},
            wording=signature(),
            model=self._embedder.name,
            fingerprint=self._embedder.fingerprint,
            dimension=self._embedder.dimension,
            passages=0,
            texts=0,
            collection=collection,
            folder=name,
            created=created.isoformat(timespec="seconds"),
        )

    def _current(self) -> Manifest | None:
        release = self._library.release
        try:
            return read_manifest(self._folder, release.system.value, release.id)
        except (IndexMissingError, IndexMismatchError):
            return None  # then there is no index to keep

    def _sweep(self, keep: Manifest | None) -> None:
        """Remove what killed builds left, and indexes replaced before the current one.

        The one that this build replaces stays until the next: a running bot may still read it.
        """
        for folder in self._folder.glob("build-*"):
            if keep is None or folder.name != keep.folder:
                shutil.rmtree(folder, ignore_errors=True)
