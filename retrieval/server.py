"""A Chroma server that holds indexes for many processes: fill, open, share and sweep collections.

A collection is named after what is in it (``icd10cm-fy2027-<digest>``), so that a second home
whose passages and model are the same finds it, and takes the vectors from it instead of embedding
them again. Its metadata say ``complete`` once it is: a fill that was killed goes on where it
stopped, and two that run at once write the same entries.
"""

from __future__ import annotations

import hashlib
import secrets
import weakref
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from retrieval.collection import (
    MOST_PER_ADD,
    SEARCH_BEAM,
    batch_size,
    entries,
    graph,
    shuffled,
    vectorstore,
)
from retrieval.errors import BUILD_COMMAND, ChromaServerError, IndexBuildError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings
    from numpy.typing import NDArray

    from retrieval.passages import Passage

    Progress = Callable[[str, int, int], None]

TIMEOUT = 30.0
"""Seconds until a server that took a request counts as not answering."""
KEPT = 2
"""Complete collections a release keeps: the newest, and the one it replaced, for its readers."""
ABANDONED = timedelta(days=1)
"""Age from which a collection that was never completed is swept."""
_PAGE = 2000
_PORTS = {"http": 80, "https": 443}


def slug(url: str) -> str:
    """The server's address as part of a folder name.

    >>> slug("http://Chroma.internal:8000/")
    'chroma.internal-8000'
    """
    parts = urlsplit(url)
    return f"{parts.hostname}-{parts.port or _PORTS.get(parts.scheme, 0)}"


def content_digest(fingerprint: str, passages: Sequence[Passage]) -> str:
    """What a collection holds, in 16 hexadecimal digits: the model's vectors of these passages."""
    digest = hashlib.blake2b(fingerprint.encode(), digest_size=8)
    for passage in passages:
        digest.update(f"\0{passage.id}\0{passage.text}".encode())
    return digest.hexdigest()


class ChromaServer:
    """The server at ``url`` (``http://host:port``). Nothing is sent until it is used.

    Its connections are let go of with the object.
    """

    def __init__(self, url: str) -> None:
        self.url = url

    @cached_property
    def client(self) -> Any:
        """The client, once the server has answered. Raises ChromaServerError."""
        import chromadb
        from chromadb.config import Settings

        parts = urlsplit(self.url)
        with talking(self.url):
            self._greet()
            client = chromadb.HttpClient(
                host=parts.hostname or "",
                port=parts.port or _PORTS[parts.scheme],
                ssl=parts.scheme == "https",
                settings=Settings(anonymized_telemetry=False),
            )
        for session in _sessions(client):
            session.timeout = TIMEOUT
        weakref.finalize(self, _let_go, client)
        return client

    def _greet(self) -> None:
        """See that a Chroma server answers: Chroma's client is slow to say, and vague, if not."""
        import httpx

        reply = httpx.get(f"{self.url.rstrip('/')}/api/v2/heartbeat", timeout=TIMEOUT)
        if not reply.is_success or "heartbeat" not in reply.text:
            raise ChromaServerError(self.url, "does not answer as Chroma does")

    def open(self, name: str) -> ServedCollection:
        """The filled collection ``name``.

        Raises ChromaServerError, and IndexBuildError where the server does not have it.
        """
        return ServedCollection(self, name)

    def fill(
        self,
        about: dict[str, str],
        passages: Sequence[Passage],
        vectors: NDArray[np.float16],
        progress: Progress | None = None,
        *,
        again: bool = False,
    ) -> str:
        """Put the passages into their collection, unless it is there, and return its name.

        ``about`` needs ``system``, ``release``, ``fingerprint`` and ``created`` (ISO 8601).
        ``again`` fills a new one even so.
        """
        name = self.name_of(about, passages)
        if again:
            name = f"{name}-{secrets.token_hex(2)}"
        elif found := self.complete(about, passages):
            return found
        with talking(self.url):
            batch = min(batch_size(len(passages)), self.client.get_max_batch_size(), MOST_PER_ADD)
            collection = self.client.get_or_create_collection(
                name,
                embedding_function=None,
                configuration=graph(batch),
                metadata={**about, "complete": False},
            )
            there = set(_ids(collection))
            order = [row for row in shuffled(len(passages)) if passages[row].id not in there]
            for start in range(0, len(order), batch):
                rows = order[start : start + batch]
                collection.upsert(**entries([passages[row] for row in rows], vectors[rows]))
                if progress is not None:
                    progress("index", len(there) + start + len(rows), len(passages))
            collection.modify(metadata={**about, "complete": True})
        return name

    def complete(self, about: dict[str, str], passages: Sequence[Passage]) -> str | None:
        """The newest complete collection of exactly these passages and this model, if any."""
        wanted = self.name_of(about, passages)
        found = [
            each
            for each in self._of_release(about)
            if each.name.startswith(wanted) and each.metadata.get("complete")
        ]
        return str(found[0].name) if found else None

    def stored_vectors(self, name: str) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
        """The ids and vectors of a collection, page by page."""
        import numpy as np

        with talking(self.url):
            collection = self.client.get_collection(name, embedding_function=None)
            for start in range(0, collection.count(), _PAGE):
                page = collection.get(limit=_PAGE, offset=start, include=["embeddings"])
                yield list(page["ids"]), np.asarray(page["embeddings"], np.float32)

    def sweep(self, about: dict[str, str], keep: set[str]) -> None:
        """Delete what ``about``'s release no longer needs on the server.

        The newest ``KEPT`` complete collections stay, and those named in ``keep``; of those never
        completed, the ones that another process may still be filling.
        """
        oldest = (datetime.fromisoformat(about["created"]) - ABANDONED).isoformat()
        collections = self._of_release(about)
        done = [each for each in collections if each.metadata.get("complete")]
        stale = done[KEPT:] + [
            each
            for each in collections
            if not each.metadata.get("complete") and each.metadata.get("created", "") < oldest
        ]
        with talking(self.url):
            for each in stale:
                if each.name not in keep:
                    self.client.delete_collection(each.name)

    def name_of(self, about: dict[str, str], passages: Sequence[Passage]) -> str:
        """System, release and content of a collection as its name."""
        digest = content_digest(about["fingerprint"], passages)
        return f"{about['system']}-{about['release']}-{digest}".lower()

    def _of_release(self, about: dict[str, str]) -> list[Any]:
        """The server's collections of a system and release, newest first."""
        with talking(self.url):
            found = [
                each
                for each in self.client.list_collections(limit=10_000)
                if (each.metadata or {}).get("system") == about["system"]
                and each.metadata.get("release") == about["release"]
            ]
        return sorted(found, key=lambda each: str(each.metadata.get("created")), reverse=True)


class ServedCollection:
    """A filled collection on a server, open for questions. Safe to share between threads."""

    def __init__(self, server: ChromaServer, name: str) -> None:
        self.server = server
        self.name = name
        with talking(server.url, name):
            self._collection = server.client.get_collection(name, embedding_function=None)

    def __len__(self) -> int:
        with talking(self.server.url, self.name):
            return int(self._collection.count())

    def query(self, vector: Sequence[float], limit: int) -> list[tuple[str, float]]:
        """The nearest passages' ids and cosine similarities, best first.

        Raises ChromaServerError, and IndexBuildError where the collection is gone.
        """
        return self.query_many([vector], limit)[0]

    def query_many(
        self, vectors: Sequence[Sequence[float]], limit: int
    ) -> list[list[tuple[str, float]]]:
        """``query`` for several vectors in one request, in their order."""
        with talking(self.server.url, self.name):
            found = self._collection.query(
                query_embeddings=[list(vector) for vector in vectors],
                n_results=max(limit, SEARCH_BEAM),
                include=["distances"],
            )
        return [
            [(name, 1.0 - float(far)) for name, far in zip(names, fars, strict=True)][:limit]
            for names, fars in zip(found["ids"], found["distances"], strict=True)
        ]

    def as_vectorstore(self, embedder: Embeddings) -> Chroma:
        """The same collection as LangChain's Chroma vector store."""
        return vectorstore(self.server.client, self.name, embedder)


@contextmanager
def talking(url: str, name: str = "") -> Iterator[None]:
    """Turn what a silent or odd server makes of a request into one sentence about it.

    ``name`` is the collection asked for: where the server has none, building mends it.
    """
    import httpx
    from chromadb.errors import ChromaError, NotFoundError

    try:
        yield
    except NotFoundError as error:
        if not name:
            raise ChromaServerError(url, "lost a collection meanwhile") from error
        raise IndexBuildError(
            f"The Chroma server at {url} has no index {name}. Run `{BUILD_COMMAND}`."
        ) from error
    except httpx.HTTPError as error:
        raise ChromaServerError(url) from error
    except (ChromaError, JSONDecodeError) as error:
        raise ChromaServerError(url, "does not answer as Chroma does") from error
    except Exception as error:
        if type(error) is not Exception:
            raise
        # Chroma's client raises a bare Exception for an error page that is not its own.
        raise ChromaServerError(url, "does not answer as Chroma does") from error


def _sessions(client: Any) -> list[Any]:
    """The HTTP sessions of a Chroma client and of the one it makes for itself.

    Chroma waits for an answer without end and leaves its connections open; it has no setting for
    either.
    """
    holders = (client, getattr(client, "_admin_client", None))
    found = (getattr(getattr(each, "_server", None), "_session", None) for each in holders)
    return [session for session in found if session is not None]


def _let_go(client: Any) -> None:
    for session in _sessions(client):
        session.close()
    client.close()


def _ids(collection: Any) -> Iterator[str]:
    for start in range(0, collection.count(), _PAGE):
        yield from collection.get(limit=_PAGE, offset=start, include=[])["ids"]
