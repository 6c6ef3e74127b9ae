"""One small index, built for real from a slice of the real library, for all tests here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from slices import LightEmbedder, Slice

from retrieval.index import VectorIndex
from retrieval.search import Searcher

if TYPE_CHECKING:
    from pathlib import Path

    from codesets.library import Library


@pytest.fixture(scope="session")
def small_library(library: Library) -> Any:
    return Slice(library)


@pytest.fixture(scope="session")
def embedder() -> LightEmbedder:
    return LightEmbedder()


@pytest.fixture(scope="session")
def index_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def index(index_home: Path, small_library: Any, embedder: LightEmbedder) -> VectorIndex:
    return VectorIndex.build(index_home, small_library, embedder)


@pytest.fixture(scope="session")
def searcher(small_library: Any, index: VectorIndex, embedder: LightEmbedder) -> Searcher:
    return Searcher.open(small_library, index, embedder)
