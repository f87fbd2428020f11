"""What networks learn from: moments before a cut, each with what was known then and what came true after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch

from gnn.messages import MessageGraphs, Messages
from gnn.ranking.features import features_of
from gnn.ranking.past import newest, part
from gnn.ranking.task import History, TooLittle, earlier
from graph.neighbours import places
from graph.types import FloatArray, IntArray, Subgraph

#: Of each author so many models are in the graph, the newest; beside all bases.
_OWN = 8
#: Authors by whom pair features are scaled, at most.
_SCALED_BY = 500


class Scaled:
    """Features in units of their deviation, so that moments at which more or less was built are alike.

    `items`: (items, ITEM_FEATURES). `built`: (authors, items), ones where an author had built on an item.
    """

    def __init__(self, past: History) -> None:
        self._raw = features_of(past)
        self.built = self._raw.built
        self.items = _standard(self._raw.items, self._raw.items)
        known = past.author_rows[: past.builders]
        self._known = self._raw.authors(known)
        some = known[:: max(1, len(known) // _SCALED_BY)]
        squares = (self._raw.pairs(some) ** 2).astype(np.float64)
        # Over what is not zero: most pairs have nothing to do with each other.
        means = squares.sum((0, 1)) / np.maximum((squares > 1e-12).sum((0, 1)), 1)
        self._units = np.sqrt(np.where(means > 0, means, 1.0)).astype(np.float32)

    def authors(self, rows: IntArray) -> FloatArray:
        """(authors, AUTHOR_FEATURES): against authors who had built on something; from -3 to 3."""
        return np.clip(_standard(self._raw.authors(rows), self._known), -3, 3)

    def pairs(self, rows: IntArray) -> FloatArray:
        """(authors, items, PAIR_FEATURES): logarithms, as few are very large."""
        values = self._raw.pairs(rows) / self._units
        return np.asarray(np.sign(values) * np.log1p(np.abs(values)))


@dataclass(frozen=True, slots=True)
class Moment:
    """What was known at a moment, and what came true after it. `authors`, `items`: rows of the graph's nodes; `true`,
    `known`: (2, pairs) of a row of `authors` and a column of `items`.

    `author_features` (authors, ·), `item_features` (items, ·), `pair_features` (authors, items, ·) in half precision.
    """

    messages: Messages
    authors: torch.Tensor
    items: torch.Tensor
    author_features: torch.Tensor
    item_features: torch.Tensor
    pair_features: torch.Tensor
    true: IntArray
    known: IntArray


@dataclass(frozen=True, slots=True)
class Prepared:
    """A history for networks. `data`: the part of its graph through which messages go. `asked`: the same with the
    authors who had built on nothing and are asked about, of whom nothing is learned; `messages`: its own, at the cut;
    `authors`, `items`: rows of its nodes, in the history's order."""

    data: Subgraph
    graphs: MessageGraphs
    moments: Sequence[Moment]
    asked: Subgraph
    messages: Messages
    authors: torch.Tensor
    items: torch.Tensor
    scaled: Scaled


@lru_cache(maxsize=1)
def prepare(past: History, count: int, step: float, ahead: float, queries: int) -> Prepared:
    """`count` moments, `step` days apart, the last of them `ahead` days before the cut, with at most so many authors
    each; the same for every network that asks. Raises `TooLittle` where nothing came true."""
    random = np.random.default_rng(0)
    data = _around(past, past.author_rows[: past.builders])
    graphs = MessageGraphs(data)
    made = [_moment(past, then, end, data, graphs, queries, random) for then, end in earlier(past, count, step, ahead)]
    found = [each for each in made if each is not None]
    if not found:
        raise TooLittle()
    asked = data if past.builders == len(past.authors) else _around(past, past.author_rows)
    messages = (graphs if asked is data else MessageGraphs(asked)).at(past.cut)
    authors, items = (_rows(asked, messages, *of) for of in (("Author", past.authors), ("Model", past.items)))
    return Prepared(data, graphs, found, asked, messages, authors, items, Scaled(past))


def _moment(
    past: History,
    then: History,
    end: float,
    data: Subgraph,
    graphs: MessageGraphs,
    queries: int,
    random: np.random.Generator,
) -> Moment | None:
    authors, true = _came_true(past, then, end)
    if not true.shape[1]:
        return None
    if len(authors) > queries:
        kept = np.sort(random.permutation(len(authors))[:queries])
        number = np.full(len(authors), -1)
        number[kept] = np.arange(len(kept))
        true = np.stack([number[true[0]], true[1]])[:, number[true[0]] >= 0]
        authors = [authors[i] for i in kept.tolist()]
    index = {name: i for i, name in enumerate(then.data.nodes["Author"])}
    rows = np.array([index[name] for name in authors], dtype=np.int64)
    scaled = Scaled(then)
    messages = graphs.at(then.cut)
    return Moment(
        messages,
        _rows(data, messages, "Author", authors),
        _rows(data, messages, "Model", then.items),
        torch.from_numpy(scaled.authors(rows)),
        torch.from_numpy(scaled.items),
        torch.from_numpy(scaled.pairs(rows)).half(),
        true,
        np.stack(scaled.built[rows].nonzero()).astype(np.int64),
    )


def _came_true(past: History, then: History, until: float) -> tuple[list[str], IntArray]:
    """Authors who were there at `then`, whether they had built on something or not, and what they built on for the
    first time until `until`: (2, pairs) of their place and the item."""
    items = {name: i for i, name in enumerate(then.items)}
    there = set(then.data.nodes["Author"])
    inside = (past.day >= then.cut) & (past.day < until)
    found: dict[str, list[int]] = {}
    for author, item in zip(past.author[inside].tolist(), past.item[inside].tolist(), strict=True):
        name, base = past.authors[author], items.get(past.items[item], -1)
        if base >= 0 and name in there:
            found.setdefault(name, []).append(base)
    authors = sorted(found)
    pairs = [(row, base) for row, name in enumerate(authors) for base in found[name]]
    return authors, np.array(pairs, dtype=np.int64).reshape(-1, 2).T


def _around(past: History, authors: IntArray) -> Subgraph:
    """The bases, and of `authors` (rows of the graph) the models by which they built on one first, and their newest."""
    data = past.data
    builder = np.zeros(len(data.nodes["Author"]), bool)
    builder[authors] = True
    model, author = data.edges["Model", "PUBLISHED_BY", "Author"]
    model, author = model[builder[author]], author[builder[author]]
    own = newest(model, author, data.times["Model"], _OWN)
    author_of = np.full(len(data.nodes["Model"]), -1, dtype=np.int64)
    author_of[model] = author
    child, base = data.edges["Model", "BASED_ON", "Model"]
    child, base = child[author_of[child] >= 0], base[author_of[child] >= 0]
    order = np.lexsort((data.times["Model"][child], base, author_of[child]))
    pair = author_of[child[order]] * len(data.nodes["Model"]) + base[order]
    first = child[order][places(pair) == 0]
    return part(data, np.unique(np.concatenate([past.item_rows, own, first])))


def _rows(data: Subgraph, messages: Messages, label: str, names: list[str] | tuple[str, ...]) -> torch.Tensor:
    index: Mapping[str, int] = {name: i for i, name in enumerate(data.nodes[label])}
    start, _ = messages.span[label]
    return torch.tensor([start + index[name] for name in names], dtype=torch.int64)


def _standard(values: FloatArray, among: FloatArray) -> FloatArray:
    """Each column of `values` (rows, columns) less the mean of `among`, in units of its deviation."""
    return np.asarray((values - among.mean(0)) / (among.std(0) + 1e-6), dtype=np.float32)
