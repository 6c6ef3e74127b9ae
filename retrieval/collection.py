"""One embedded Chroma collection on disk: fill it once, query it cheaply, hand it to LangChain.

Questions go straight to Chroma's compiled core, which opens in a hundredth of a second; importing
the ``chromadb`` package around it takes two, and is done only to build or to lend the collection
to other LangChain code.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from retrieval.errors import IndexBuildError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy as np
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings
    from numpy.typing import NDArray

    from retrieval.passages import Passage

    Progress = Callable[[str, int, int], None]

TENANT = "default_tenant"
DATABASE = "default_database"

_NEIGHBOURS = 16
_BUILD_BEAM = 100
SEARCH_BEAM = 200
"""The graph's beam however few results are wanted: its recall at 50 is 0.99."""
MOST_PER_ADD = 5000
_HANDLES = 64
_SEED = 20260401


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


def graph(batch: int) -> dict[str, Any]:
    """The configuration of every collection of ours, whose entries arrive ``batch`` at a time."""
    return {
        "hnsw": {
            "space": "cosine",
            "max_neighbors": _NEIGHBOURS,
            "ef_construction": _BUILD_BEAM,
            "ef_search": SEARCH_BEAM,
            "batch_size": min(batch, 1000),
            "sync_threshold": max(batch, 2),
        }
    }


def entries(passages: Sequence[Passage], vectors: NDArray[np.float16]) -> dict[str, Any]:
    """What Chroma keeps of passages, as the arguments of its ``add``."""
    import numpy as np

    return {
        "ids": [passage.id for passage in passages],
        "embeddings": vectors.astype(np.float32),
        "documents": [passage.text for passage in passages],
        "metadatas": [{"code": each.code, "kind": each.kind.value} for each in passages],
    }


def shuffled(count: int) -> NDArray[np.int64]:
    """The fixed order in which ``count`` passages enter a collection.

    In the Tabular's order a run of near-identical titles links only to itself and parts of the
    graph become unreachable, which costs a percent of recall.
    """
    import numpy as np

    return np.random.default_rng(_SEED).permutation(count)


def batch_size(count: int) -> int:
    """Passages added at a time: as even as can be, never more than Chroma takes."""
    return max(count // max(-(-count // MOST_PER_ADD), 1), 1)


def fill(
    folder: Path,
    name: str,
    passages: Sequence[Passage],
    vectors: NDArray[np.float16],
    progress: Progress | None = None,
) -> None:
    """Create collection ``name`` in ``folder`` and add every passage with its vector.

    Batches are as large as the collection's write threshold, so that nothing stays in the log for
    the first question to replay.
    """
    count = len(passages)
    batch = batch_size(count)
    client = _client(folder)
    try:
        collection = client.create_collection(
            name, embedding_function=None, configuration=graph(batch)
        )
        order = shuffled(count)
        starts = list(range(0, count - batch + 1, batch))
        for start in starts:
            end = count if start == starts[-1] else start + batch
            rows = order[start:end]
            collection.add(**entries([passages[row] for row in rows], vectors[rows]))
            if progress is not None:
                progress("index", end, count)
    finally:
        client.close()


class Collection:
    """A filled collection, open for questions. Safe to share between threads."""

    def __init__(self, folder: Path, name: str) -> None:
        import chromadb_rust_bindings as core  # type: ignore[import-untyped]  # no stubs

        self.folder = folder
        self.name = name
        database = folder / "chroma.sqlite3"
        if not database.is_file():
            raise IndexBuildError(f"{database} is missing. Run `codecite index build`.")
        self._core = core.Bindings(
            allow_reset=False,
            sqlite_db_config=core.SqliteDBConfig(
                url=str(database),
                hash_type=core.MigrationHash.MD5,
                migration_mode=core.MigrationMode.Apply,
            ),
            hnsw_cache_size=_HANDLES,
            persist_path=str(folder),
        )
        self._id = str(self._core.get_collection(name, TENANT, DATABASE).id)

    def __len__(self) -> int:
        return int(self._core.count(self._id, TENANT, DATABASE))

    def query(self, vector: Sequence[float], limit: int) -> list[tuple[str, float]]:
        """The nearest passages' ids and cosine similarities, best first."""
        return self.query_many([vector], limit)[0]

    def query_many(
        self, vectors: Sequence[Sequence[float]], limit: int
    ) -> list[list[tuple[str, float]]]:
        """``query`` for several vectors in one call, in their order."""
        asked = [list(vector) for vector in vectors]
        found = self._core.query(
            self._id, None, asked, limit, None, None, ["distances"], TENANT, DATABASE
        )
        return [
            [(name, 1.0 - float(far)) for name, far in zip(names, fars, strict=True)][:limit]
            for names, fars in zip(found.ids, found.distances, strict=True)
        ]

    def as_vectorstore(self, embedder: Embeddings) -> Chroma:
        """The same collection as LangChain's Chroma vector store; ``ef_search`` applies."""
        return vectorstore(_client(self.folder), self.name, embedder)


def vectorstore(client: Any, name: str, embedder: Embeddings) -> Chroma:
    """Collection ``name`` of a Chroma client as LangChain's vector store."""
    from langchain_chroma import Chroma

    with warnings.catch_warnings():
        # Chroma calls a collection that stores no embedding function of its own "legacy".
        warnings.simplefilter("ignore", DeprecationWarning)
        return Chroma(
            collection_name=name,
            embedding_function=embedder,
            client=client,
            create_collection_if_not_exists=False,
            relevance_score_fn=_similarity,
        )


def _similarity(distance: float) -> float:
    """Cosine similarity of a cosine distance."""
    return 1.0 - distance
