"""HFMRS: recommends models on the Hugging Face Hub and says why.

import hfmrs
with hfmrs.connect() as db:
    hfmrs.recommend(db, "google-bert/bert-base-uncased")
    hfmrs.query(db, "analysis/ancestry", id="sentence-transformers/all-MiniLM-L6-v2").frame()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graph.database import Database
    from graph.pairs import why
    from graph.recommend import recommend, recommend_for_author, recommend_for_liked
    from graph.search import search
    from hfmrs.answers import draw, query
    from hfmrs.asking import catalogue
    from hfmrs.settings import Settings

__version__ = "0.1.0"
__all__ = [
    "__version__",
    "catalogue",
    "connect",
    "draw",
    "query",
    "recommend",
    "recommend_for_author",
    "recommend_for_liked",
    "search",
    "why",
]

#: Where the reading functions are.
_PLACES = {
    "catalogue": "hfmrs.asking",
    "draw": "hfmrs.answers",
    "query": "hfmrs.answers",
    "recommend": "graph.recommend",
    "recommend_for_author": "graph.recommend",
    "recommend_for_liked": "graph.recommend",
    "search": "graph.search",
    "why": "graph.pairs",
}


def connect(settings: Settings | None = None, *, create: bool = False) -> Database:
    """The database that `settings` name; without them, those of the environment and the home folder.

    Starts the embedded database where none is running; `create` makes an empty one in a home that has none. Raises
    `NotBuilt` for such a home without it, and `DatabaseUnavailable`. Close it, or use it in a `with`.
    """
    from graph.database import connect as open_database
    from hfmrs.settings import load

    chosen = settings or load()
    if not create:
        chosen.need_graph()
    return open_database(
        chosen.home,
        uri=chosen.db or None,
        user=chosen.db_user,
        password=chosen.db_password.get_secret_value(),
        database=chosen.db_name or None,
        reader=chosen.reader,
        heap=chosen.heap,
        analysts_heap=chosen.analysts_heap,
    )


def __getattr__(name: str) -> Any:
    """The reading functions, imported when first used: `import hfmrs` alone stays quick."""
    if name in _PLACES:
        from importlib import import_module

        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
