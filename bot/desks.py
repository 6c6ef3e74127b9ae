"""What a desk for one code system works with: its releases, the search over them, a drafter."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.drafting.case import Drafter
    from codesets.models import Release
    from codesets.releases import ReleaseStore
    from retrieval.search import Searcher


class Desk:
    """Answers about one installation's releases of a system. Safe to share between threads.

    ``searcher`` gives the search over one release and may build what it needs on first use.
    """

    def __init__(
        self, store: ReleaseStore, searcher: Callable[[Release], Searcher], drafter: Drafter
    ) -> None:
        self._store = store
        self._searcher = searcher
        self._drafter = drafter
