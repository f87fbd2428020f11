"""The moments that networks learn from, each with the messages of its day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np
import torch

from gnn.messages import MessageGraphs, Messages
from gnn.ranking.moments import Moment, Scaled, moments, squeezed
from gnn.ranking.past import newest, part
from gnn.ranking.task import History
from graph.neighbours import places
from graph.types import IntArray, Subgraph

#: Of each author so many models are in the graph, the newest; beside all bases.
_OWN = 8


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """A moment (`gnn.ranking.moments.Moment`) as tensors. `authors`, `items`: nodes of the messages; all features are
    scaled, `pair_features` (pairs, ·) in half precision."""

    messages: Messages
    authors: torch.Tensor
    items: torch.Tensor
    author_features: torch.Tensor
    item_features: torch.Tensor
    asked: torch.Tensor
    column: torch.Tensor
    pair_features: torch.Tensor
    true: torch.Tensor
    stands_for: torch.Tensor

    def to(self, device: torch.device) -> Lesson:
        """The same on `device`."""
        return replace(self, **{each.name: getattr(self, each.name).to(device) for each in fields(self)})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A history for networks. `data`: the part of its graph through which messages go. `asked`: the same with the
    authors who had built on nothing and are asked about, of whom nothing is learned; `messages`: its own, at the cut;
    `authors`, `items`: rows of its nodes, in the history's order."""

    data: Subgraph
    graphs: MessageGraphs
    lessons: Sequence[Lesson]
    asked: Subgraph
    messages: Messages
    authors: torch.Tensor
    items: torch.Tensor
    scaled: Scaled


@lru_cache(maxsize=1)
def prepare(past: History, count: int, step: float, ahead: float) -> Prepared:
    """The moments of a history, see `gnn.ranking.moments.moments`; the same for every network that asks. Raises
    `TooLittle` where nothing came true."""
    data = around(past, past.author_rows[: past.builders])
    graphs = MessageGraphs(data)
    lessons = [_lesson(each, graphs) for each in moments(past, count, step, ahead)]
    asked = data if past.builders == len(past.authors) else around(past, past.author_rows)
    messages = (graphs if asked is data else MessageGraphs(asked)).at(past.cut)
    authors, items = (_nodes(asked, messages, *of) for of in (("Author", past.authors), ("Model", past.items)))
    return Prepared(data, graphs, lessons, asked, messages, authors, items, Scaled(past))


def _lesson(moment: Moment, graphs: MessageGraphs) -> Lesson:
    messages = graphs.at(moment.start)
    return Lesson(
        messages,
        _nodes(graphs.data, messages, "Author", moment.authors),
        _nodes(graphs.data, messages, "Model", moment.items),
        torch.from_numpy(moment.scaled[0]),
        torch.from_numpy(moment.scaled[1]),
        torch.from_numpy(moment.asked),
        torch.from_numpy(moment.column),
        torch.from_numpy(squeezed(moment.numbers.astype(np.float32), moment.units)).half(),
        torch.from_numpy(moment.true),
        torch.from_numpy(moment.stands_for),
    )


def around(past: History, authors: IntArray) -> Subgraph:
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


def _nodes(data: Subgraph, messages: Messages, label: str, names: Sequence[str]) -> torch.Tensor:
    index: Mapping[str, int] = {name: i for i, name in enumerate(data.nodes[label])}
    start, _ = messages.span[label]
    return torch.tensor([start + index[name] for name in names], dtype=torch.int64)
