"""HFMRS: recommends models on the Hugging Face Hub and says why.

import hfmrs
db = hfmrs.connect()
answer = hfmrs.recommend(db, "google-bert/bert-base-uncased")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graph.database import Database
    from graph.recommend import recommend, recommend_for_author, recommend_for_liked, why
    from graph.search import search
    from hfmrs.settings import Settings

__version__ = "0.1.0"
__all__ = ["__version__", "connect", "recommend", "recommend_for_author", "recommend_for_liked", "search", "why"]


def connect(settings: Settings | None = None) -> Database:
    """The database that `settings` name; without them, those of the environment and the home folder.

    Starts the embedded database where none is running. Raises `DatabaseUnavailable`.
    """
    from graph.database import connect as open_database
    from hfmrs.settings import load

    chosen = settings or load()
    return open_database(
        chosen.home,
        uri=chosen.db or None,
        user=chosen.db_user,
        password=chosen.db_password.get_secret_value(),
        database=chosen.db_name or None,
        reader=chosen.reader,
        heap=chosen.heap,
    )


def __getattr__(name: str) -> Any:
    """The reading functions, imported when first used: `import hfmrs` alone stays quick."""
    if name in ("recommend", "recommend_for_author", "recommend_for_liked", "why"):
        import graph.recommend

        return getattr(graph.recommend, name)
    if name == "search":
        import graph.search

        return graph.search.search
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
