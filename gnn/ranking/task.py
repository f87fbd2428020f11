"""Built-upon next: which base of somebody else will an author build on next, known only what was before a cut in time?

A pair is an author and a base; its day is that of the author's first model that was made from the base.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt
from scipy import sparse

from gnn.messages import Days, builds
from gnn.ranking.past import as_of, moment_of
from graph.errors import BadInput
from graph.export import days
from graph.types import FloatArray, IntArray, Subgraph

if TYPE_CHECKING:
    from gnn.ranking.methods import Method

Scores = npt.NDArray[np.float64]

#: Authors with more bases than this in all are machines or collections, and are not asked about.
MOST_BASES = 100


class Leak(BadInput):
    """Something of what a method may know is younger than the cut."""


class TooLittle(BadInput):
    """A history that nothing can be learned from."""

    def __init__(self, message: str = "Nothing came true before the cut that a method could learn from.") -> None:
        super().__init__(message, "Choose a later --cut, or load more models: hfmrs load FILE")


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What a method may know: who built on which base, before `cut` (days since 1970).

    `authors`, `items` (the bases): names in index order; `author_rows`, `item_rows`: where they stand in the graph. The
    first `builders` of the authors have a pair; others are there where they are asked about.
    `author`, `item`, `day` (pairs,): the pairs, by day. `created` (items,): the days of the bases, NaN where unknown.
    `data`: the graph as it was.
    """

    cut: float
    authors: tuple[str, ...]
    items: tuple[str, ...]
    author_rows: IntArray
    item_rows: IntArray
    author: IntArray
    item: IntArray
    day: Days
    created: Days
    data: Subgraph

    @property
    def builders(self) -> int:
        return int(self.author.max(initial=-1)) + 1

    @property
    def ages(self) -> Days:
        """(pairs,): days before the cut."""
        return np.asarray(self.cut - self.day)

    def matrix(self, weights: FloatArray | None = None) -> sparse.csr_matrix:
        """(authors, items): `weights` (pairs,) or ones."""
        values = np.ones(len(self.author), np.float32) if weights is None else np.asarray(weights, np.float32)
        shape = (len(self.authors), len(self.items))
        return sparse.csr_matrix((values, (self.author, self.item)), shape=shape)


@dataclass(frozen=True, slots=True)
class BuiltNext:
    """Questions about authors (indices into `history.authors`), and the bases that they built on from the cut until
    `until` (days since 1970): their ids, known to the history or not."""

    history: History
    until: float
    queries: IntArray
    truths: tuple[tuple[str, ...], ...]
    best_by: ClassVar[str] = "warm ndcg@20"
    shown: ClassVar[tuple[str, ...]] = ("warm recall@20", "warm ndcg@20", "strict recall@20", "strict ndcg@20")

    @property
    def items(self) -> tuple[str, ...]:
        """All bases that somebody had built on."""
        return self.history.items

    @property
    def names(self) -> tuple[str, ...]:
        """The authors who are asked about."""
        return tuple(self.history.authors[query] for query in self.queries.tolist())

    def kinds(self) -> Mapping[str, tuple[tuple[str, ...], ...]]:
        """Of each query the truths that somebody had built on before the cut (warm), and all (strict)."""
        return kinds(self.items, self.truths)

    def fit(self, method: Method, seed: int) -> None:
        method.fit(self.history, seed)

    def scores(self, method: Method, rows: slice) -> Scores:
        """What `method` gives the items for some of the queries; nothing to what their authors had built on."""
        authors = self.queries[rows]
        scores = np.array(method.scores(authors), dtype=np.float64)
        scores[self.history.matrix()[authors].nonzero()] = -np.inf
        return scores

    def about(self) -> Mapping[str, int]:
        """How large it is."""
        warm = self.kinds()["warm"]
        return {
            "training authors": self.history.builders,
            "items": len(self.items),
            "training pairs": len(self.history.author),
            "authors": len(self.queries),
            "pairs": sum(map(len, self.truths)),
            "warm authors": sum(bool(each) for each in warm),
            "warm pairs": sum(map(len, warm)),
        }


def kinds(items: Sequence[str], truths: tuple[tuple[str, ...], ...]) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Of each query the `truths` that are among `items` (warm), and all (strict)."""
    known = set(items)
    return {"warm": tuple(tuple(each for each in truth if each in known) for truth in truths), "strict": truths}


def history(data: Subgraph) -> History:
    """The history in a graph that was exported as of a cut. Raises `Leak` where something in it is younger."""
    if data.cut is None:
        raise ValueError("The graph was exported without a cut.")
    cut = days(data.cut)
    check(data, cut)
    authors, bases, moments = builds(data)
    kept, item = np.unique(bases, return_inverse=True)
    asked, author = np.unique(authors, return_inverse=True)
    order = np.lexsort((item, author, moments))
    return History(
        cut,
        tuple(data.nodes["Author"][i] for i in asked.tolist()),
        tuple(data.nodes["Model"][i] for i in kept.tolist()),
        asked,
        kept,
        author[order],
        item[order],
        moments[order],
        data.times["Model"][kept],
        data,
    )


def earlier(past: History, moments: int, step: float, ahead: float) -> Iterator[tuple[History, float]]:
    """Histories as of `moments` before the cut, `step` days apart, the latest `ahead` days before it; each with the day
    until which its truth goes, `ahead` days on."""
    for number in range(moments):
        start = past.cut - ahead - number * step
        yield history(as_of(past.data, moment_of(start))), start + ahead


def check(data: Subgraph, cut: float) -> None:
    """Raises `Leak` naming the first thing in `data` that is younger than `cut` (days since 1970): a model, a link, or
    a fact that no model before the cut had, which nobody could have known as a word of the vocabulary."""
    young = np.flatnonzero(data.times["Model"] >= cut)
    if len(young):
        raise Leak(f"Model {data.nodes['Model'][young[0]]} was created after the cut.")
    linked: dict[str, set[int]] = {label: set() for label in data.nodes}
    for (source, relationship, target), pair in data.edges.items():
        late = np.flatnonzero(data.edge_times[source, relationship, target] >= cut)
        if len(late):
            end = data.nodes[target][pair[1, late[0]]]
            raise Leak(f"A link {relationship} to {end} is younger than the cut.")
        linked[target].update(np.unique(pair[1]).tolist())
    for label, keys in data.nodes.items():
        if label != "Model" and len(linked[label]) < len(keys):
            unknown = next(key for i, key in enumerate(keys) if i not in linked[label])
            raise Leak(f"{label} {unknown} is of no model before the cut.")


def built_next(whole: Subgraph, past: History, until: datetime) -> BuiltNext:
    """The questions that the `whole` graph answers about `past`: authors who had built on something, with what they
    built on from the cut until `until` for the first time, where it was there before the cut."""
    author, base, _ = _built_after(whole, past, until, past.authors)
    return _asked(past, until, author, [whole.nodes["Model"][row] for row in base.tolist()])


def built_first(whole: Subgraph, past: History, until: datetime) -> BuiltNext:
    """The same of authors who had models, but had built on nothing: on which of the bases that were there before the
    cut did they build first? All bases of that first model count. The history has these authors after its own."""
    builders = set(past.authors)
    rows = np.array([i for i, name in enumerate(past.data.nodes["Author"]) if name not in builders], dtype=np.int64)
    names = [past.data.nodes["Author"][row] for row in rows.tolist()]
    author, base, moments = _built_after(whole, past, until, names)
    first = np.full(len(names), np.inf)
    np.minimum.at(first, author, moments)
    author, base = author[moments == first[author]], base[moments == first[author]]
    asked, author = np.unique(author, return_inverse=True)
    past = replace(
        past,
        authors=(*past.authors, *(names[i] for i in asked.tolist())),
        author_rows=np.concatenate([past.author_rows, rows[asked]]),
    )
    return _asked(past, until, past.builders + author, [whole.nodes["Model"][row] for row in base.tolist()])


def _built_after(
    whole: Subgraph, past: History, until: datetime, names: Sequence[str]
) -> tuple[IntArray, IntArray, Days]:
    """Of the authors `names`, what they built on from the cut until `until` for the first time, where it was there
    before the cut: (pairs,) of a place in `names`, a base (row of `whole`) and a day."""
    authors, bases, moments = builds(whole)
    asked = {name: i for i, name in enumerate(names)}
    of = np.array([asked.get(name, -1) for name in whole.nodes["Author"]], dtype=np.int64)[authors]
    all_bases = np.bincount(authors, minlength=len(whole.nodes["Author"]))[authors]
    wanted = (moments >= past.cut) & (moments < days(until)) & (whole.times["Model"][bases] < past.cut)
    wanted &= (of >= 0) & (all_bases <= MOST_BASES)
    return of[wanted], bases[wanted], moments[wanted]


def _asked(past: History, until: datetime, author: IntArray, bases: Sequence[str]) -> BuiltNext:
    found: dict[int, list[str]] = {}
    for each, base in zip(author.tolist(), bases, strict=True):
        found.setdefault(each, []).append(base)
    queries = sorted(found)
    truths = tuple(tuple(sorted(found[each])) for each in queries)
    return BuiltNext(past, days(until), np.array(queries, dtype=np.int64), truths)
