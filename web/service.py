"""What every request shares in one process: the database, the text embedder and a bounded memory of answers."""

from __future__ import annotations

import atexit
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Literal, NamedTuple, TypeVar

from flask import current_app

from graph import beginnings, family, growth, kinds, models, pairs, recommend, report, schema, search, tiles
from graph.database import Database, connect
from graph.errors import NotBuilt, NotFound
from graph.filters import Filters
from graph.known import Known, Suggestion
from graph.query_language import Query
from graph.search import SearchPage
from graph.slots import ADVICE_METHOD
from graph.text import StaticEmbedder
from graph.types import Answer, ModelCard
from web.kept import FILE, KeptPages, Page, program
from web.settings import WebSettings

T = TypeVar("T")

#: How many answers (some 50 kB each) are kept, and for how long a new run or load may go unnoticed.
_KEPT = 500
_STALE_SECONDS = 2.0
#: How many models are asked about before anybody asks.
_WARMED = 3
#: How many of what a search finds are shown on the map.
_PLACED = 400


class RunInfo(NamedTuple):
    """An algorithm and the run that serves it; the ones that need no network have none."""

    method: str
    run: str | None
    created_at: Any
    metrics: Mapping[str, Any]


class Placed(NamedTuple):
    """What a search found, as the map shows it. `models`: maps of id, downloads, x and y (0 to 1) and cluster, of the
    first ones found that have a place; the rest as in `SearchPage`."""

    query: Query
    corrected: bool
    notes: tuple[str, ...]
    total: int
    total_is_lower_bound: bool
    models: tuple[dict[str, Any], ...]


class Service:
    """The database behind an application. It is opened on first use, so after a fork; threads share it."""

    def __init__(self, settings: WebSettings) -> None:
        self.settings = settings
        self._lock = threading.RLock()
        self._database: Database | None = None
        self._embedder: StaticEmbedder | None = None
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._pages = KeptPages(settings.home / FILE)
        self._state: tuple[RunInfo, ...] = ()
        self._fingerprint: object = None
        self._looked_at = float("-inf")

    @property
    def db(self) -> Database:
        with self._lock:
            if self._database is None:
                s = self.settings
                self._database = connect(
                    s.home, s.uri, s.user, s.password, s.database, s.reader, s.heap, s.analysts_heap
                )
                atexit.register(self.close)
            return self._database

    def close(self) -> None:
        """Close the connection; the next use opens it again."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None
                atexit.unregister(self.close)
            self._pages.close()

    def load_embedder(self) -> StaticEmbedder | None:
        """What turns texts into vectors, None where none has been made yet. It holds no connection."""
        with self._lock, suppress(NotBuilt):
            self._embedder = self._embedder or StaticEmbedder.load(self.settings.home / "embedder")
            return self._embedder
        return None

    def warm(self, going_on: Callable[[], bool] = lambda: True) -> None:
        """Ask for a few of each sort of answer, none of which is kept, as long as it is `going_on`: the first questions
        after a start read the indexes, which takes seconds in a large graph, and nobody should wait for them."""
        ids: list[str] = []
        with suppress(NotBuilt):
            ids = [card.id for card in self.popular()[:_WARMED]]

        def ask(method: str, asked: Sequence[str]) -> None:
            with suppress(NotBuilt):
                recommend.recommend(self.db, asked, method=method)

        steps: list[Callable[[], object]] = [self.counts]
        if ids:
            steps += [lambda: self.known().speller, lambda: self.search(Query(("warm",)), limit=1)]
            steps += [partial(models.get, self.db, each) for each in ids]
            # Several at once are looked for in the indexes.
            steps += [
                partial(ask, method, each) for method in recommend.METHODS for each in (*([id] for id in ids), ids)
            ]
        for step in steps:
            if not going_on():
                return
            with suppress(NotBuilt):
                step()

    def warm_console(self) -> None:
        """Have the analysts' server started and its copy taken, which takes seconds in a large graph."""
        self.db.ask("RETURN 1")

    # What is asked of the graph. All but the facts a filter changes are kept until a run or a load changes them.

    def counts(self) -> Mapping[str, int]:
        """How many nodes of each label there are."""
        return self._remember(("counts",), lambda: models.counts(self.db))

    def popular(self) -> tuple[ModelCard, ...]:
        """Models most people know: the most downloaded."""
        return self._remember(("popular",), lambda: tuple(self.search(Query(), limit=9).cards))

    def resolve(self, model_id: str) -> str:
        """The id that a model has now. Raises `NotFound`."""
        return self._remember(("resolve", model_id), lambda: models.resolve(self.db, model_id))

    def facts(self, model_id: str) -> models.ModelPage:
        """What is known about a model."""
        return self._remember(("facts", model_id), lambda: models.get(self.db, model_id))

    def ancestry(self, model_id: str) -> tuple[family.Base, ...]:
        """What a model was made from, up to the roots."""
        return self._remember(("ancestry", model_id), lambda: family.ancestry(self.db, model_id))

    def children(self, model_id: str, kind: str | None, skip: int, limit: int) -> tuple[family.Child, ...]:
        """Models made from a model, of a kind or all, the most downloaded first."""
        return self._remember(
            ("children", model_id, kind, skip, limit),
            lambda: family.children(self.db, model_id, kind, skip=skip, limit=limit),
        )

    def known(self) -> Known:
        """The names in the graph."""
        return self._remember(("known",), lambda: Known(self.db, self.settings.home))

    def suggest(self, text: str) -> list[Suggestion]:
        """What somebody may be typing. Not kept: there would be many."""
        return self.known().suggest(text)

    def search(
        self,
        query: Query,
        *,
        sort: str = "relevance",
        limit: int = 20,
        offset: int = 0,
        literal: bool = False,
        forms: bool = False,
    ) -> SearchPage:
        """One page of models; by words alone where there is no embedder yet."""
        choices: dict[str, Any] = {"sort": sort, "limit": limit, "offset": offset, "literal": literal, "forms": forms}
        return self._remember(
            ("search", query.text, *choices.values()),
            lambda: search.search(self.db, query, self._vector, known=self.known(), **choices),
        )

    def recommend(
        self,
        ids: tuple[str, ...],
        method: str,
        k: int,
        sort: str,
        filters: Filters,
        reasons: Literal["none", "first", "all"] = "first",
        novelty: float = 0.0,
    ) -> Answer:
        """Recommendations for models by their present ids."""
        return self._remember(
            ("recommend", ids, method, k, sort, filters, reasons, novelty),
            lambda: recommend.recommend(
                self.db,
                ids,
                method=method,
                k=k,
                sort=sort,
                filters=filters,
                reasons=reasons,
                novelty=novelty,
                resolved=True,
            ),
        )

    def recommend_for_author(
        self, name: str, method: str | None, k: int, sort: str, filters: Filters, novelty: float = 0.0
    ) -> Answer:
        """What an author could build on next; without a method, by what is stored for them."""
        return self._remember(
            ("author", name, method, k, sort, filters, novelty),
            lambda: recommend.recommend_for_author(
                self.db, name, method=method, k=k, sort=sort, filters=filters, novelty=novelty
            ),
        )

    def recommend_for_liked(
        self,
        liked: Sequence[str],
        method: str,
        k: int,
        reasons: Literal["none", "first", "all"],
        novelty: float,
        **more: Any,
    ) -> Answer:
        """Recommendations for somebody who liked these models. Not kept: what people like is theirs."""
        return recommend.recommend_for_liked(
            self.db, liked, method=method, k=k, reasons=reasons, novelty=novelty, **more
        )

    def present(self, ids: Sequence[str]) -> dict[str, str]:
        """The ids that those of `ids` have now which are models (still), by the ids asked for."""
        rows = self.db.read("explore/resolve", ids=list(ids)) if ids else []
        return {row["asked"]: row["id"] for row in reversed(rows)}

    def tasks(self) -> tuple[str, ...]:
        """The tasks, those of most models first."""
        return tuple(name for name, _ in self.names("task"))

    def most_used(self, task: str) -> tuple[ModelCard, ...]:
        """What to begin with for a task."""
        return self._remember(("most used", task), lambda: tuple(beginnings.most_used(self.db, self.known(), task)))

    def cards(self, ids: Sequence[str]) -> dict[str, ModelCard]:
        """What lists show of those of `ids` that exist."""
        return models.cards(self.db, ids)

    def why(self, a: str, b: str, method: str, k: int, filters: Filters) -> Answer:
        """Every reason for one pair, and where the second model stands among `k` for the first."""
        return self._remember(
            ("why", a, b, method, k, filters),
            lambda: pairs.why(self.db, a, b, method=method, k=k, filters=filters),
        )

    def why_each(self, ids: Sequence[str], method: str, k: int) -> dict[tuple[str, str], Answer | NotBuilt]:
        """The same for each two of some models by their present ids, both ways round."""
        return self._remember(("why each", *ids, method, k), lambda: pairs.why_each(self.db, ids, method=method, k=k))

    def published(self, name: str) -> tuple[tuple[ModelCard, ...], int]:
        """An author's most downloaded models and how many there are. Raises `NotFound`."""

        def make() -> tuple[tuple[ModelCard, ...], int]:
            rows = self.db.read("explore/published", name=name)
            if not rows:
                raise NotFound(f"There is no author called {name!r} in the graph.", "Search for one of their models.")
            return tuple(models.cards(self.db, [row["id"] for row in rows]).values()), rows[0]["total"] or len(rows)

        return self._remember(("published", name), make)

    def growth(self, name: str) -> tuple[growth.Month, ...]:
        """How many models of an author were made in each month."""
        return self._remember(("growth", name), lambda: growth.read(self.db, "Author", name))

    def kind(self, field: str, name: str) -> kinds.KindPage:
        """What is known of a task, library, licence, language or dataset. Raises `NotFound`."""
        return self._remember(("kind", field, name), lambda: kinds.read(self.db, self.known(), field, name))

    def names(self, field: str) -> list[tuple[str, int]]:
        """All of a kind with how many models have each, the most first."""
        return self._remember(("names", field), lambda: kinds.listed(self.db, self.known(), field))

    def report(self) -> tuple[report.Section, ...]:
        """The sections of the report on the graph as a whole. Raises `NotBuilt`."""
        return self._remember(("report",), lambda: report.read(self.db))

    def map(self) -> dict[str, Any]:
        """The index of the map of all models. Raises `NotBuilt`."""
        return self._remember(("map", tiles.changed(self.settings.home)), lambda: tiles.read(self.settings.home))

    def places(self, query: Query) -> Placed:
        """Where on the map the first models lie that a query finds, best first. Their cards are not kept."""

        def make() -> Placed:
            page = search.search(self.db, query, self._vector, known=self.known(), limit=_PLACED, forms=True)
            ids = [card.id for card in page.cards]
            places = {row["id"]: row for row in self.db.read("explore/places", ids=ids)} if ids else {}
            found = tuple(places[card.id] | {"downloads": card.downloads} for card in page.cards if card.id in places)
            notes = (*page.notes, *([page.fallback] if page.fallback else []))
            return Placed(page.query, page.corrected, notes, page.total, page.total_is_lower_bound, found)

        return self._remember(("places", query.text), make)

    def schema(self) -> schema.Schema:
        """Labels, relationships and their properties."""
        return self._remember(("schema",), lambda: schema.read(self.db))

    def runs(self) -> tuple[RunInfo, ...]:
        """Every algorithm with the run in service."""
        self._look()
        return self._state

    def state(self) -> object:
        """What changes whenever an answer might."""
        self._look()
        return self._fingerprint

    def method(self, otherwise: str = "cosine") -> str:
        """The best network in service, `otherwise` where none is."""
        published = {each.method for each in self.runs() if each.run}
        return next((each for each in recommend.METHODS if each in published), otherwise)

    # Pages as they were made (`web.keeping`).

    def page(self, key: str) -> tuple[Page | None, str]:
        """The page kept under this key, None where there is none; and the state of the graph that goes with it."""
        self._look()
        state = self._page_state()
        return self._pages.get(key, state), state

    def keep_page(self, key: str, as_of: str, page: Page) -> None:
        """Keep a page made from the graph in the state `as_of`, unless it has another by now."""
        if as_of == self._page_state():
            self._pages.put(key, as_of, page)

    def _page_state(self) -> str:
        """What changes whenever a page might."""
        return f"{program()} {self.settings} {self._fingerprint}"

    # Behind it.

    def _vector(self, text: str) -> list[float] | None:
        """The text's vector, or None where no embedder has been made yet."""
        embedder = self.load_embedder()
        return embedder.vector(text) if embedder else None

    def _look(self) -> None:
        """Forget all answers when the graph has another run or load than the one they came from."""
        now = time.monotonic()
        if now - self._looked_at < _STALE_SECONDS:
            return
        state, fingerprint = self._in_service()
        with self._lock:
            if fingerprint != self._fingerprint:
                self._kept.clear()
            self._state, self._fingerprint, self._looked_at = state, fingerprint, now

    def _in_service(self) -> tuple[tuple[RunInfo, ...], object]:
        """The runs in service, and what changes whenever an answer might."""
        runs = {row["method"]: row for row in self.db.read("explore/runs")}
        built = [row for row in self.db.read("explore/stages") if row["stage"] != report.STAGE]  # that is under way
        stages = [(row["stage"], row["fingerprint"]) for row in built]
        state = tuple(
            RunInfo(method, row["run"], row["createdAt"], json.loads(row["metrics"] or "{}"))
            if (row := runs.get(method))
            else RunInfo(method, None, None, {})
            for method in (*recommend.METHODS, ADVICE_METHOD)
        )
        return state, (stages, [each.run for each in state])

    def _remember(self, key: Hashable, make: Callable[[], T]) -> T:
        self._look()
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                found: T = self._kept[key]
                return found
            fingerprint = self._fingerprint
        made = make()
        with self._lock:
            if fingerprint == self._fingerprint:
                self._kept[key] = made  # the latest last; what was not asked for longest goes
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return made


def service() -> Service:
    """The service of the application in whose request this runs."""
    found: Service = current_app.extensions["hfmrs"]
    return found
