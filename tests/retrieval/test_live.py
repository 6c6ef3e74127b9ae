"""Rebuilding beside a running bot: the old index answers until the new one is whole."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from slices import LightEmbedder, Slice

from bot.config import Settings
from bot.runtime import Runtime, no_progress
from retrieval.index import VectorIndex, release_folder
from retrieval.live import LiveSearcher

if TYPE_CHECKING:
    from codesets.library import Library

CATEGORIES = ("I10", "N17", "N39")
REBUILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from slices import LightEmbedder, Slice
from codesets.releases import ReleaseStore
from retrieval.index import VectorIndex

home, codes, categories = Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:]
library = Slice(ReleaseStore(codes).library(ReleaseStore(codes).installed()[-1]), categories)
VectorIndex.build(home, library, LightEmbedder(), force=True)
"""


def rebuild(home: Path, codes: Path, *categories: str) -> subprocess.Popen[bytes]:
    """A rebuild in another process, under way."""
    here = str(Path(__file__).parent)
    command = [sys.executable, "-c", REBUILD, here, str(home), str(codes), *categories]
    return subprocess.Popen(command, cwd=Path(__file__).parents[2])


@pytest.fixture
def codes(library: Library) -> Any:
    return Slice(library, CATEGORIES)


def test_a_rebuild_by_another_process_disturbs_nobody_and_is_taken_up(
    tmp_path: Path, compiled_home: Path, codes: Any
) -> None:
    embedder = LightEmbedder()
    live = LiveSearcher(tmp_path, codes, embedder)
    first = live.get()
    assert live.get() is first
    index = VectorIndex.open(tmp_path, codes, embedder)
    vector = embedder.embed_query("acute kidney failure")
    expected = index.query(vector, 10)
    asked = 0
    with rebuild(tmp_path, compiled_home, *CATEGORIES) as process:
        while process.poll() is None:
            assert index.query(vector, 10) == expected
            assert index.store.by_id([expected[0][0]])
            assert live.get().search("acute kidney failure")[0].code == "N17"
            asked += 1
    assert process.returncode == 0
    assert asked > 10
    assert index.query(vector, 10) == expected
    renewed = VectorIndex.open(tmp_path, codes, embedder)
    assert renewed.manifest.folder != index.manifest.folder
    second = live.get()
    assert second is not first
    assert live.get() is second
    assert second.search("acute kidney failure")[0].code == "N17"


def test_the_runtime_of_a_bot_changes_over(tmp_path: Path, codes: Any) -> None:
    class Store:
        def library(self, _release: object) -> Any:
            return codes

    runtime = Runtime(Settings(home=tmp_path), no_progress)
    runtime.__dict__ |= {"store": Store(), "embedder": LightEmbedder()}
    first = runtime.searcher(codes.release)
    assert runtime.searcher(codes.release) is first
    runtime.build_index(codes.release, force=True)
    assert runtime.searcher(codes.release) is not first


def test_a_rebuilt_index_that_does_not_fit_is_left_alone(
    tmp_path: Path, codes: Any, library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    live = LiveSearcher(tmp_path, codes, LightEmbedder())
    first = live.get()
    VectorIndex.build(tmp_path, Slice(library, ("I10",)), LightEmbedder())
    with caplog.at_level(logging.WARNING):
        assert live.get() is first
        assert live.get() is first
    assert len(caplog.records) == 1
    assert "codecite index build" in caplog.text
    assert first.search("acute kidney failure")[0].code == "N17"


def test_an_index_that_is_taken_away_leaves_the_open_one(tmp_path: Path, codes: Any) -> None:
    live = LiveSearcher(tmp_path, codes, LightEmbedder())
    first = live.get()
    (release_folder(tmp_path, "icd10cm", codes.release.id) / "manifest.json").unlink()
    assert live.get() is first


def test_only_the_question_that_notices_opens_the_new_index(tmp_path: Path, codes: Any) -> None:
    """Others are answered from the old one meanwhile, however long the opening takes."""
    live = LiveSearcher(tmp_path, codes, LightEmbedder())
    first = live.get()
    path = release_folder(tmp_path, "icd10cm", codes.release.id) / "manifest.json"
    fresh = path.with_name("fresh.json")
    fresh.write_text(json.dumps(json.loads(path.read_text()), indent=3))
    fresh.replace(path)
    opening, proceed = threading.Event(), threading.Event()
    really_open = live._open

    def slowly() -> Any:
        opening.set()
        assert proceed.wait(30)
        return really_open()

    live._open = slowly  # type: ignore[method-assign]  # the opening has to wait for the test
    found: list[Any] = []
    notices = threading.Thread(target=lambda: found.append(live.get()))
    notices.start()
    assert opening.wait(30)
    assert live.get() is first
    proceed.set()
    notices.join()
    assert found[0] is not first
    assert live.get() is found[0]
