"""An index on a real Chroma server: shared, swept, resumed, and plain when it is down."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pytest
from chroma_process import ChromaProcess
from slices import LightEmbedder, Slice

from retrieval.errors import ChromaServerError, IndexBuildError, IndexMissingError
from retrieval.index import VectorIndex, release_folder
from retrieval.passages import passages
from retrieval.search import Searcher
from retrieval.server import ChromaServer, content_digest, slug
from retrieval.traits import signature

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from codesets.library import Library

QUESTIONS = ("acute kidney failure", "essential hypertension", "UTI", "chronic kidney disease 3a")
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaProcess]:
    process = ChromaProcess(tmp_path_factory.mktemp("chroma"))
    process.start()
    yield process
    process.stop()


@pytest.fixture
def server(chroma: ChromaProcess) -> Iterator[ChromaServer]:
    """The running server, emptied afterwards."""
    opened = ChromaServer(chroma.url)
    yield opened
    for each in opened.client.list_collections():
        opened.client.delete_collection(each.name)


class Remembering(LightEmbedder):
    """Embeds a text once in all these tests; ``embedded`` still lists what was asked of it."""

    known: ClassVar[dict[str, Any]] = {}

    def bulk(self, texts: Sequence[str], progress: Any = None, keep: Any = None) -> Any:
        self.embedded += texts
        assert self._light is not None
        fresh = [text for text in texts if text not in self.known]
        self.known.update(zip(fresh, self._light.encode(fresh), strict=True))
        vectors = np.stack([self.known[text] for text in texts])
        if keep is not None:
            keep(list(range(len(texts))), vectors)
        return vectors


def part(library: Library, *categories: str) -> Any:
    return Slice(library, categories or ("I10", "N17", "N18", "N39"))


def names(server: ChromaServer) -> list[str]:
    return sorted(each.name for each in server.client.list_collections())


def about(created: datetime = NOW, release: str = "FY2027") -> dict[str, str]:
    return {
        "system": "icd10cm", "release": release, "fingerprint": "model:1",
        "created": created.isoformat(timespec="microseconds"),
    }  # fmt: skip


def test_the_server_answers_as_the_file_does(
    tmp_path: Path, library: Library, server: ChromaServer
) -> None:
    codes, embedder = part(library), Remembering()
    embedded = VectorIndex.build(tmp_path, codes, embedder)
    served = VectorIndex.build(tmp_path, codes, embedder, chroma_url=server.url)
    assert len(served) == len(embedded) > 50
    assert VectorIndex.open(tmp_path, codes, embedder).manifest == embedded.manifest
    for question in QUESTIONS:
        vector = embedder.embed_query(question)
        one, other = embedded.query(vector, 20), served.query(vector, 20)
        assert [score for _, score in one] == pytest.approx([s for _, s in other], abs=1e-5)
        assert set(dict(one[:10])) <= set(dict(other))
        both = [
            Searcher.open(codes, index, embedder).search(question) for index in (embedded, served)
        ]
        assert [c.code for c in both[0][:10]] == [c.code for c in both[1][:10]]


def test_a_collection_is_named_after_what_is_in_it(
    tmp_path: Path, library: Library, server: ChromaServer
) -> None:
    codes, embedder = part(library, "I10"), Remembering()
    index = VectorIndex.build(tmp_path, codes, embedder, chroma_url=server.url)
    made_with = f"{embedder.fingerprint}:{signature()}"
    digest = content_digest(made_with, list(passages(codes)))
    assert names(server) == [f"icd10cm-fy2027-{digest}"] == [index.manifest.collection]
    assert content_digest("another model", list(passages(codes))) != digest
    assert content_digest(made_with, list(passages(codes))[1:]) != digest


def test_another_home_takes_the_vectors_from_the_server(
    tmp_path: Path, library: Library, server: ChromaServer
) -> None:
    codes = part(library)
    first = VectorIndex.build(tmp_path / "a", codes, Remembering(), chroma_url=server.url)
    second = Remembering()
    index = VectorIndex.build(tmp_path / "b", codes, second, chroma_url=server.url)
    assert second.embedded == []
    assert index.manifest.collection == first.manifest.collection
    assert names(server) == [first.manifest.collection]
    vector = second.embed_query("acute kidney failure")
    assert index.query(vector, 5) == first.query(vector, 5)
    unit, everything = np.asarray([vector], np.float32), np.arange(len(index))
    alike = (each.similarities(unit, everything).tolist() for each in (index, first))
    assert next(alike) == next(alike)


def test_many_threads_of_two_clients_share_one_collection(
    tmp_path: Path, library: Library, server: ChromaServer
) -> None:
    codes, embedder = part(library), Remembering()
    VectorIndex.build(tmp_path, codes, embedder, chroma_url=server.url)
    clients = [VectorIndex.open(tmp_path, codes, embedder, server.url) for _ in range(2)]
    vectors = [embedder.embed_query(question) for question in QUESTIONS]
    expected = [clients[0].query(vector, 10) for vector in vectors]
    wrong: list[object] = []

    def ask(index: VectorIndex) -> None:
        for vector, wanted in zip(vectors, expected, strict=True):
            found = index.query(vector, 10)
            if found != wanted:
                wrong.append(found)

    threads = [threading.Thread(target=ask, args=(clients[n % 2],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_langchain_can_use_the_served_index(
    tmp_path: Path, library: Library, server: ChromaServer
) -> None:
    codes = part(library, "I10", "N17")
    index = VectorIndex.build(tmp_path, codes, Remembering(), chroma_url=server.url)
    (document,) = index.as_retriever(1).invoke("acute kidney failure")
    assert document.metadata["code"].startswith("N17")


def test_rebuilding_keeps_the_replaced_collection_and_no_older_one(
    tmp_path: Path, library: Library, server: ChromaServer
) -> None:
    codes, embedder = part(library, "I10"), Remembering()
    builds = [
        VectorIndex.build(
            tmp_path, codes, embedder, force=True, chroma_url=server.url,
            now=lambda day=day: NOW + timedelta(days=day),  # type: ignore[misc]  # the default binds the loop's value
        )
        for day in range(3)
    ]  # fmt: skip
    collections = [build.manifest.collection for build in builds]
    assert len(set(collections)) == 3
    assert names(server) == sorted(collections[1:])
    vector = embedder.embed_query("hypertension")
    assert builds[1].query(vector, 3) == builds[2].query(vector, 3)
    with pytest.raises(IndexBuildError, match="codecite index build"):
        builds[0].query(vector, 3)


def test_sweeping_leaves_other_releases_and_fills_under_way(
    library: Library, server: ChromaServer
) -> None:
    def make(name: str, complete: bool, created: datetime, release: str = "FY2027") -> None:
        metadata = about(created, release) | {"complete": complete}
        server.client.create_collection(name, embedding_function=None, metadata=metadata)

    for day in range(4):
        make(f"done-{day}", True, NOW - timedelta(days=day))
    make("filling", False, NOW - timedelta(hours=1))
    make("abandoned", False, NOW - timedelta(days=2))
    make("other-release", True, NOW - timedelta(days=9), "FY2026-04")
    server.client.create_collection("someone-elses", embedding_function=None)
    server.sweep(about(), {"done-3"})
    left = ["done-0", "done-1", "done-3", "filling", "other-release", "someone-elses"]
    assert names(server) == left


def test_a_fill_that_was_cut_short_goes_on_where_it_stopped(
    library: Library, server: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.server.MOST_PER_ADD", 20)
    found = list(passages(part(library, "I10", "K64", "M17", "N17", "N18", "N39")))
    vectors = Remembering().bulk([passage.text for passage in found])

    def stop(_stage: str, done: int, _total: int) -> None:
        if done >= 60:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        server.fill(about(), found, vectors, stop)
    assert server.complete(about(), found) is None
    steps: list[int] = []
    name = server.fill(about(), found, vectors, lambda _stage, done, _total: steps.append(done))
    assert steps[0] == 80
    assert steps[-1] == len(found) == len(server.open(name))
    assert server.complete(about(), found) == name
    assert server.fill(about(), found, vectors, stop) == name  # nothing left to do


def test_a_server_that_is_down_is_named_with_what_to_do(
    tmp_path: Path, library: Library, chroma: ChromaProcess, server: ChromaServer
) -> None:
    codes, embedder = part(library, "I10"), Remembering()
    index = VectorIndex.build(tmp_path, codes, embedder, chroma_url=server.url)
    vector = embedder.embed_query("hypertension")
    expected = index.query(vector, 3)
    chroma.stop()
    try:
        for act in (
            lambda: index.query(vector, 3),
            lambda: VectorIndex.open(tmp_path, codes, embedder, server.url),
            lambda: VectorIndex.build(tmp_path, codes, embedder, chroma_url=server.url),
        ):
            with pytest.raises(ChromaServerError) as caught:
                act()
            message = str(caught.value)
            assert server.url in message
            assert "chroma run" in message
            assert "CODECITE_CHROMA_URL" in message
            assert "\n" not in message
    finally:
        chroma.start()
    assert index.query(vector, 3) == expected


def test_something_else_at_the_address_is_told_from_chroma(
    tmp_path: Path, library: Library, web_page: str
) -> None:
    with pytest.raises(ChromaServerError, match=web_page):
        VectorIndex.build(tmp_path, part(library, "I10"), Remembering(), chroma_url=web_page)


@pytest.fixture
def web_page() -> Iterator[str]:
    """A web server that answers everything with a page."""
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(502)
            self.end_headers()
            self.wfile.write(b"<html>Bad gateway</html>")

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Page) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


def test_a_lost_collection_is_built_again(
    tmp_path: Path, library: Library, server: ChromaServer
) -> None:
    codes, embedder = part(library, "I10"), Remembering()
    index = VectorIndex.build(tmp_path, codes, embedder, chroma_url=server.url)
    server.client.delete_collection(index.manifest.collection)
    with pytest.raises(IndexBuildError, match="codecite index build"):
        VectorIndex.open(tmp_path, codes, embedder, server.url)
    again = VectorIndex.build(tmp_path, codes, embedder, chroma_url=server.url)
    assert again.query(embedder.embed_query("hypertension"), 1)


def test_each_server_has_a_folder_of_its_own(tmp_path: Path, library: Library) -> None:
    urls = [None, "http://one:8000", "http://one:8001", "https://one"]
    folders = {release_folder(tmp_path, "icd10cm", "FY2027", url) for url in urls}
    assert len(folders) == len(urls)
    assert slug("http://ONE:8000/") == slug("http://one:8000")
    with pytest.raises(IndexMissingError):
        VectorIndex.open(tmp_path, part(library, "I10"), Remembering(), "http://one:8000")
