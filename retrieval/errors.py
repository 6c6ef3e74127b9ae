"""What can go wrong with retrieval.

RetrievalError
├── ModelError                  an embedding model folder is missing, damaged or not as published
├── SearchIndexError
│   ├── IndexMissingError       nothing built yet for the release (says the command that builds it)
│   ├── IndexMismatchError      built from another model, release or schema (says the command)
│   ├── IndexBuildError         a build could not finish or another build holds the lock
│   └── ChromaServerError       the configured Chroma server does not answer (says its address)
└── EvaluationFileError         a labelled row is not what its format says (file, line, expected)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BUILD_COMMAND = "codecite index build"


def build_command(system: str) -> str:
    """The command that builds the index of a system.

    >>> build_command("icd10cm"), build_command("hcpcs")
    ('codecite index build', 'codecite index build --system hcpcs')
    """
    return BUILD_COMMAND if system == "icd10cm" else f"{BUILD_COMMAND} --system {system}"


class RetrievalError(Exception):
    """Base of this package's errors; its message is one sentence that says what to do."""


class ModelError(RetrievalError):
    """The embedding model cannot be used: a file is missing, damaged or not as published."""


class SearchIndexError(RetrievalError):
    """Base of what can be wrong with a built index."""


class IndexMissingError(SearchIndexError):
    """No index has been built for this system and release."""

    def __init__(self, system: str, release: str) -> None:
        self.system = system
        self.release = release
        command = build_command(system)
        super().__init__(f"No {system} {release} index is built yet. Run `{command}`.")


class IndexMismatchError(SearchIndexError):
    """The index on disk was built from something else than what is asked of it.

    ``field`` names the manifest entry that differs; ``found`` and ``wanted`` are its two values.
    """

    def __init__(
        self, system: str, release: str, field: str, found: object, wanted: object
    ) -> None:
        self.field = field
        self.found = found
        self.wanted = wanted
        super().__init__(
            f"The {system} {release} index was built with another {field} "
            f"({found}, wanted {wanted}). Run `{build_command(system)}` to rebuild it."
        )


class IndexBuildError(SearchIndexError):
    """The index could not be built."""


class ChromaServerError(SearchIndexError):
    """The Chroma server that holds the index does not answer as one does."""

    def __init__(self, url: str, what: str = "does not answer") -> None:
        self.url = url
        super().__init__(
            f"The Chroma server at {url} {what}. Start it with `chroma run --path FOLDER "
            f"--host HOST --port PORT`, or unset CODECITE_CHROMA_URL to keep the index in a file."
        )


class EvaluationFileError(RetrievalError):
    """A line of a labelled file does not follow the format."""

    def __init__(self, path: Path | str, line: int, expected: str) -> None:
        self.path = str(path)
        self.line = line
        self.expected = expected
        super().__init__(f"{path}, line {line}: expected {expected}.")
