"""Ways to trace a lineage that need no network: what is built upon, names, texts, tags, and a learned mix of them.

What is written for `NewModels` answers for datasets too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Generic

import numpy as np
from scipy.optimize import minimize

from gnn.ranking.embeddings import embeddings
from gnn.ranking.features import letters
from gnn.ranking.hindsight import Numbers
from gnn.ranking.lineage import Lineage
from gnn.ranking.methods import OUTSIDE
from gnn.ranking.newcomers import AnyTask, NewModels, Tracer
from gnn.ranking.past import facts_of, jaccard, moment_of, title, units
from gnn.ranking.rerank import TraceRanker
from gnn.ranking.task import TooLittle, earlier
from gnn.ranking.traces import TRACES
from gnn.ranking.tracing import TraceNetwork
from gnn.ranking.trees import Marks
from graph.types import FloatArray, IntArray

#: New models by whom sums are scaled, at most.
_SCALED_BY = 200


@dataclass
class Children:
    """How many models linked to a candidate before the cut; with `window`, in so many days before it."""

    window: float | None = None
    seeded = False

    def fit(self, task: NewModels, seed: int) -> None:
        data, label = task.past.data, task.link[2]
        child, base = data.edges[task.link]
        ages = task.past.cut - data.times["Model"][child]
        inside = np.ones(len(ages), bool) if self.window is None else ages <= self.window
        counts = np.bincount(base[inside], minlength=len(data.nodes[label]))
        known = dict(zip(data.nodes[label], counts.tolist(), strict=True))
        self._counts = np.log1p([known.get(item, 0) for item in task.items]).astype(np.float32)

    def scores(self, children: IntArray) -> FloatArray:
        return np.broadcast_to(self._counts, (len(children), len(self._counts)))


@dataclass
class Names:
    """The cosine of names (without their owner) in TF-IDF of runs of two to four letters."""

    seeded = False

    def fit(self, task: NewModels, seed: int) -> None:
        known = set(task.past.data.nodes[task.link[2]])
        titles = [title(item) for item in task.items]
        # The vocabulary and its weights are of names that were there before the cut.
        before = [title for title, item in zip(titles, task.items, strict=True) if item in known]
        self._vectorizer = letters()
        self._vectorizer.fit(before)
        self._models = task.whole.nodes["Model"]
        self._items = self._vectorizer.transform(titles).T.tocsr()

    def scores(self, children: IntArray) -> FloatArray:
        rows = self._vectorizer.transform([title(self._models[row]) for row in children.tolist()])
        return np.asarray((rows @ self._items).todense(), dtype=np.float32)


@dataclass
class Texts:
    """The cosine of text vectors."""

    seeded = False

    def fit(self, task: Lineage, seed: int) -> None:
        self._vectors = task.whole.features["Model"]
        self._items = units(self._vectors[task.candidates]).T

    def scores(self, children: IntArray) -> FloatArray:
        return np.asarray(units(self._vectors[children]) @ self._items, dtype=np.float32)


@dataclass
class Facts:
    """The Jaccard index of facts, each weighing the logarithm of its rarity before the cut."""

    seeded = False

    def fit(self, task: Lineage, seed: int) -> None:
        self._facts = facts_of(task.whole, task.past.data)
        self._items = self._facts[task.candidates]

    def scores(self, children: IntArray) -> FloatArray:
        return jaccard(self._facts[children], self._items)


class Parts(Generic[AnyTask]):
    """Several tracers, fitted to one task: what each says is a number of a pair."""

    def __init__(self, make: Mapping[str, Callable[[], Tracer[AnyTask]]], task: AnyTask, seed: int) -> None:
        self._fitted = [each() for each in make.values()]
        for each in self._fitted:
            each.fit(task, seed)

    def columns(self, children: IntArray) -> Iterator[FloatArray]:
        """(children, candidates) each."""
        return (each.scores(children) for each in self._fitted)

    def of(self, children: IntArray) -> FloatArray:
        """(children, candidates, parts)."""
        return np.stack(list(self.columns(children)), axis=2)


@dataclass
class Mix(Generic[AnyTask]):
    """A weighted sum of other tracers, whose weights make what the models of the `days` before the cut linked to
    likeliest among all candidates (a conditional logit, McFadden 1974)."""

    parts: Mapping[str, Callable[[], Tracer[AnyTask]]]
    days: float = 60.0
    asked: int = 500
    seeded = False
    weights: FloatArray = field(init=False)

    def fit(self, task: AnyTask, seed: int) -> None:
        ((then, end),) = earlier(task.past, 1, 0.0, self.days)
        inner = task.ask(task.past.data, then, moment_of(end))
        answered = np.unique(inner.right(inner.children)[0])
        if not len(answered):
            raise TooLittle()
        chosen = np.random.default_rng(seed).permutation(len(answered))[: self.asked]
        self.weights = self._learned(inner, inner.children[answered[np.sort(chosen)]], seed)
        self._fitted = Parts(self.parts, task, seed)

    def scores(self, children: IntArray) -> FloatArray:
        columns = self._fitted.columns(children)
        return np.asarray(sum(w * each for w, each in zip(self.weights, columns, strict=True)), dtype=np.float32)

    def _learned(self, task: AnyTask, children: IntArray, seed: int) -> FloatArray:
        values = Parts(self.parts, task, seed).of(children)
        asked, true = task.right(children)
        hidden = ~task.allowed(children)

        def loss(weights: FloatArray) -> tuple[float, FloatArray]:
            logits = values @ weights
            logits[hidden] = -np.inf
            logits -= logits.max(axis=1, keepdims=True)
            likely = np.exp(logits)
            likely /= likely.sum(axis=1, keepdims=True)
            found = -np.log(np.maximum(likely[asked, true], 1e-12)).mean()
            expected = np.einsum("qi,qif->qf", likely, values)
            return float(found), (expected[asked] - values[asked, true]).mean(axis=0)

        found = minimize(loss, np.ones(values.shape[2]), jac=True, method="L-BFGS-B", options={"maxiter": 50})
        return np.asarray(found.x, dtype=np.float32)


@dataclass
class Together(Generic[AnyTask]):
    """The sum of other tracers, each in units of its deviation over what no part leaves outside; what one does leave
    outside stays there."""

    parts: Sequence[Callable[[], Tracer[AnyTask]]]
    seeded = True

    def fit(self, task: AnyTask, seed: int) -> None:
        self._fitted = [make() for make in self.parts]
        for number, each in enumerate(self._fitted):
            each.fit(task, len(self.parts) * seed + number)
        found, inside = self._asked(task.children[:: max(1, len(task.children) // _SCALED_BY)])
        self._units = [float(each[inside].std()) or 1.0 for each in found]

    def scores(self, children: IntArray) -> FloatArray:
        found, inside = self._asked(children)
        whole = sum(each / unit for each, unit in zip(found, self._units, strict=True))
        return np.where(inside, whole, OUTSIDE).astype(np.float32)

    def _asked(self, children: IntArray) -> tuple[list[FloatArray], Marks]:
        found = [each.scores(children) for each in self._fitted]
        return found, np.logical_and.reduce([each > OUTSIDE for each in found])


def tracers(device: str = "cpu") -> Mapping[str, Callable[[], Tracer[Lineage]]]:
    """Every tracer by name. Networks learn on `device`, see `gnn.device`."""
    all_: dict[str, Callable[[], Tracer[Lineage]]] = {
        "children": Children,
        "recent-children": lambda: Children(window=30),
        "names": Names,
        "texts": Texts,
        "facts": Facts,
    }
    return {
        **all_,
        "names-children": lambda: Mix({name: all_[name] for name in ("names", "children")}),
        "mix": lambda: Mix(all_),
        **embeddings(),
        **learned(TRACES, device),
    }


def learned(numbers: Numbers[AnyTask], device: str) -> Mapping[str, Callable[[], Tracer[AnyTask]]]:
    """Trees and networks over some numbers of pairs, and their sum."""
    trees, network = partial(TraceRanker, numbers), partial(TraceNetwork, numbers, device=device)
    return {
        "reranker": trees,
        "gat": network,
        "gcn": lambda: network("gcn"),
        "no-messages": lambda: network(without=frozenset({"messages"})),
        "gat-reranker": lambda: Together([network, trees]),
    }
