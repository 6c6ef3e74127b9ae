from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_core.vectorstores import VectorStore
from slices import LightEmbedder, Slice

from retrieval.errors import IndexBuildError, IndexMismatchError, IndexMissingError
from retrieval.index import VectorIndex, build_lock, release_folder
from retrieval.passages import passages
from retrieval.wordings import wording_of

if TYPE_CHECKING:
    from codesets.library import Library

KILLED_BUILD = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from slices import LightEmbedder, Slice
from codesets.releases import ReleaseStore
from retrieval.index import VectorIndex

home, codes, stage, categories = Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4], sys.argv[5:]
library = Slice(ReleaseStore(codes).library(ReleaseStore(codes).installed()[-1]), categories)

def kill(name, done, total):
    if name == stage:
        os.kill(os.getpid(), signal.SIGKILL)

VectorIndex.build(home, library, LightEmbedder(), kill)
"""


def kill_a_build(home: Path, codes: Path, stage: str, *categories: str) -> None:
    here = str(Path(__file__).parent)
    command = [sys.executable, "-c", KILLED_BUILD, here, str(home), str(codes), stage, *categories]
    done = subprocess.run(command, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == -9


def test_every_passage_is_indexed_with_its_own_vector(
    index: VectorIndex, small_library: Any, embedder: LightEmbedder
) -> None:
    found = list(passages(small_library))
    assert len(index) == len(found) == index.manifest.passages > 300
    for passage in found[::40]:
        vector = embedder.embed_query(wording_of(passage).spoken)
        nearest = index.query(vector, 5)
        best = [identifier for identifier, score in nearest if score > nearest[0][1] - 1e-4]
        assert passage.id in best
        assert nearest[0][1] == pytest.approx(1.0, abs=1e-3)


def test_the_graph_finds_what_exact_search_finds(
    index: VectorIndex, embedder: LightEmbedder, small_library: Any
) -> None:
    texts = [wording_of(passage).spoken for passage in passages(small_library)]
    vectors = np.stack([embedder.embed_query(text) for text in texts[::3]])
    everything = np.arange(len(texts))
    found = 0
    for vector in vectors[:40]:
        exact = index.similarities(vector[None], everything)[0]
        floor = sorted(exact, reverse=True)[49] - 1e-3
        found += sum(score >= floor for _, score in index.query(vector.tolist(), 50))
    assert found / (40 * 50) >= 0.99


def test_a_fitting_index_is_not_built_again(
    index: VectorIndex, index_home: Path, small_library: Any, embedder: LightEmbedder
) -> None:
    before = len(embedder.embedded)
    again = VectorIndex.build(index_home, small_library, embedder)
    assert again.manifest == index.manifest
    assert len(embedder.embedded) == before


def test_an_index_can_be_built_again_from_its_vectors(tmp_path: Path, library: Library) -> None:
    part = Slice(library, ("I10",))
    embedder = LightEmbedder()
    first = VectorIndex.build(tmp_path, part, embedder)
    before = len(embedder.embedded)
    second = VectorIndex.build(tmp_path, part, embedder, force=True)
    assert second.manifest.folder != first.manifest.folder
    assert len(embedder.embedded) == before


def test_langchain_can_use_the_index(index: VectorIndex) -> None:
    store = index.as_vectorstore()
    assert isinstance(store, VectorStore)
    scored = store.similarity_search_with_relevance_scores("kidney failure", k=3)
    assert scored[0][0].metadata["code"].startswith("N1")
    assert 0.5 < scored[0][1] <= 1.0
    retriever = index.as_retriever(4)
    assert isinstance(retriever, BaseRetriever)
    documents = retriever.invoke("hemorrhoids")
    assert len(documents) == 4
    assert documents[0].id in index.store.by_id([str(documents[0].id)])
    assert documents[0].metadata["code"].startswith("K64")


def test_nothing_built_names_the_command(
    tmp_path: Path, small_library: Any, embedder: LightEmbedder
) -> None:
    with pytest.raises(IndexMissingError, match="codecite index build"):
        VectorIndex.open(tmp_path, small_library, embedder)


def test_a_build_killed_while_embedding_goes_on_from_what_it_had(
    tmp_path: Path, compiled_home: Path, library: Library
) -> None:
    kill_a_build(tmp_path, compiled_home, "embed", "N17", "N18", "I21")
    part = Slice(library, ("N17", "N18", "I21"))
    embedder = LightEmbedder()
    with pytest.raises(IndexMissingError):
        VectorIndex.open(tmp_path, part, embedder)
    index = VectorIndex.build(tmp_path, part, embedder)
    texts = {wording_of(passage).spoken for passage in passages(part)}
    assert len(embedder.embedded) == len(texts) - LightEmbedder.block
    number = next(iter(index.store.by_id(["icd10cm:FY2026-04:N17.9:title"]).values()))[0]
    exact = np.asarray(embedder.embed_query("Acute kidney failure, unspecified"), np.float32)
    assert index.similarities(exact[None], np.array([number]))[0, 0] == pytest.approx(1.0, abs=1e-3)


def test_a_build_killed_while_filling_chroma_leaves_the_old_index_alone(
    tmp_path: Path, compiled_home: Path, library: Library
) -> None:
    old = Slice(library, ("I10", "N39"))
    embedder = LightEmbedder()
    first = VectorIndex.build(tmp_path, old, embedder)
    kill_a_build(tmp_path, compiled_home, "index", "I10", "N39", "N17")
    folder = release_folder(tmp_path, "icd10cm", library.release.id)
    assert len(list(folder.glob("build-*"))) == 2
    assert VectorIndex.open(tmp_path, old, embedder).manifest == first.manifest
    new = Slice(library, ("I10", "N39", "N17"))
    with pytest.raises(IndexMismatchError, match="codecite index build"):
        VectorIndex.open(tmp_path, new, embedder)
    before = len(embedder.embedded)
    second = VectorIndex.build(tmp_path, new, embedder)
    assert len(embedder.embedded) == before  # the killed build had stored every vector
    kept = {first.manifest.folder, second.manifest.folder}
    assert {path.name for path in folder.glob("build-*")} == kept
    assert first.query(embedder.embed_query("hypertension"), 1)[0][0].startswith("icd10cm:")


def test_another_release_reuses_the_vectors_of_unchanged_texts(
    index_home: Path, index: VectorIndex, library_fy2026: Library, embedder: LightEmbedder
) -> None:
    before = len(embedder.embedded)
    other = VectorIndex.build(index_home, Slice(library_fy2026), embedder)
    assert other.manifest.release == "FY2026-04"
    assert len(embedder.embedded) - before < 0.02 * len(other)
    assert VectorIndex.open(index_home, Slice(library_fy2026), embedder).manifest.release != (
        index.manifest.release
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"schema": 0}, "schema"),
        ({"library_sha256": "0" * 64}, "code library"),
        ({"fingerprint": "all-MiniLM-L6-v2:0000:mean_tokens"}, "embedding model"),
        ({"unexpected": 1}, "schema"),
    ],
)
def test_an_index_of_something_else_is_refused(
    tmp_path: Path, library: Library, change: dict[str, object], field: str
) -> None:
    part = Slice(library, ("I10",))
    embedder = LightEmbedder()
    VectorIndex.build(tmp_path, part, embedder)
    path = release_folder(tmp_path, "icd10cm", library.release.id) / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(IndexMismatchError, match="codecite index build") as caught:
        VectorIndex.open(tmp_path, part, embedder)
    assert caught.value.field == field
    assert len(VectorIndex.build(tmp_path, part, embedder)) > 0


@pytest.mark.parametrize("lost", ["passages.sqlite3", "chroma.sqlite3", "idf.npy", "vectors.npy"])
def test_a_lost_file_is_reported_and_mended(tmp_path: Path, library: Library, lost: str) -> None:
    part = Slice(library, ("I10",))
    embedder = LightEmbedder()
    built = VectorIndex.build(tmp_path, part, embedder)
    folder = release_folder(tmp_path, "icd10cm", library.release.id) / built.manifest.folder
    (folder / lost).unlink()
    with pytest.raises(IndexBuildError, match="codecite index build"):
        VectorIndex.open(tmp_path, part, embedder)
    assert len(VectorIndex.build(tmp_path, part, embedder)) == len(built)


def test_two_builds_do_not_run_at_once(tmp_path: Path) -> None:
    with (
        build_lock(tmp_path / "index"),
        pytest.raises(IndexBuildError, match="Another process"),
        build_lock(tmp_path / "index", timeout=0),
    ):
        pass


def test_a_manifest_that_is_cut_short_is_refused(tmp_path: Path, library: Library) -> None:
    part = Slice(library, ("I10",))
    embedder = LightEmbedder()
    VectorIndex.build(tmp_path, part, embedder)
    path = release_folder(tmp_path, "icd10cm", library.release.id) / "manifest.json"
    path.write_text(path.read_text()[:50])
    with pytest.raises(IndexMismatchError, match="codecite index build"):
        VectorIndex.open(tmp_path, part, embedder)


def test_a_folder_without_its_manifest_is_no_index(tmp_path: Path, library: Library) -> None:
    part = Slice(library, ("I10",))
    embedder = LightEmbedder()
    VectorIndex.build(tmp_path, part, embedder)
    folder = release_folder(tmp_path, "icd10cm", library.release.id)
    (folder / "manifest.json").unlink()
    with pytest.raises(IndexMissingError):
        VectorIndex.open(tmp_path, part, embedder)
    shutil.rmtree(folder)
