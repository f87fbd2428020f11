"""Ways to trace a lineage that need no network: what is built upon, names, texts, tags, and a learned mix of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import minimize

from gnn.ranking.lineage import Lineage, Tracer, lineage
from gnn.ranking.past import as_of, facts_of, jaccard, moment_of, title, units
from gnn.ranking.rerank import TraceRanker
from gnn.ranking.task import history
from graph.types import FloatArray, IntArray


@dataclass
class Children:
    """How many models were made from a candidate before the cut; with `window`, in so many days before it."""

    window: float | None = None
    seeded = False

    def fit(self, task: Lineage, seed: int) -> None:
        data = task.past.data
        child, base = data.edges["Model", "BASED_ON", "Model"]
        ages = task.past.cut - data.times["Model"][child]
        inside = np.ones(len(ages), bool) if self.window is None else ages <= self.window
        counts = np.bincount(base[inside], minlength=len(data.nodes["Model"]))
        known = dict(zip(data.nodes["Model"], counts.tolist(), strict=True))
        self._counts = np.log1p([known.get(item, 0) for item in task.items]).astype(np.float32)

    def scores(self, children: IntArray) -> FloatArray:
        return np.broadcast_to(self._counts, (len(children), len(self._counts)))


@dataclass
class Names:
    """The cosine of names (without their owner) in TF-IDF of runs of two to four letters."""

    seeded = False

    def fit(self, task: Lineage, seed: int) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        known = set(task.past.data.nodes["Model"])
        titles = [title(item) for item in task.items]
        # The vocabulary and its weights are of names that were there before the cut.
        before = [title for title, item in zip(titles, task.items, strict=True) if item in known]
        self._vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, dtype=np.float32)
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


@dataclass
class Mix:
    """A weighted sum of other tracers, whose weights make the bases of the `days` before the cut likeliest among all
    candidates (a conditional logit, McFadden 1974)."""

    parts: Mapping[str, Callable[[], Tracer]]
    days: float = 60.0
    asked: int = 500
    seeded = False
    weights: FloatArray = field(init=False)

    def fit(self, task: Lineage, seed: int) -> None:
        start = task.past.cut - self.days
        then = history(as_of(task.past.data, moment_of(start)))
        inner = lineage(task.past.data, then, moment_of(task.past.cut))
        chosen = np.random.default_rng(seed).permutation(len(inner.children))[: self.asked]
        self.weights = self._learned(inner, np.sort(chosen), seed)
        self._fitted = self._fit_all(task, seed)

    def scores(self, children: IntArray) -> FloatArray:
        return np.asarray(
            sum(w * each.scores(children) for w, each in zip(self.weights, self._fitted, strict=True)), dtype=np.float32
        )

    def _fit_all(self, task: Lineage, seed: int) -> list[Tracer]:
        fitted = [make() for make in self.parts.values()]
        for each in fitted:
            each.fit(task, seed)
        return fitted

    def _learned(self, task: Lineage, rows: IntArray, seed: int) -> FloatArray:
        children, bases = task.children[rows], task.bases[rows]
        values = np.stack([each.scores(children) for each in self._fit_all(task, seed)], axis=2)
        true = np.searchsorted(task.candidates, bases)
        born = task.whole.times["Model"]
        hidden = ~(born[task.candidates][None, :] < born[children][:, None])
        asked = np.arange(len(rows))

        def loss(weights: FloatArray) -> tuple[float, FloatArray]:
            logits = values @ weights
            logits[hidden] = -np.inf
            logits -= logits.max(axis=1, keepdims=True)
            likely = np.exp(logits)
            likely /= likely.sum(axis=1, keepdims=True)
            found = -np.log(np.maximum(likely[asked, true], 1e-12)).mean()
            expected = np.einsum("qi,qif->qf", likely, values)
            return float(found), (expected - values[asked, true]).mean(axis=0)

        found = minimize(loss, np.ones(values.shape[2]), jac=True, method="L-BFGS-B", options={"maxiter": 50})
        return np.asarray(found.x, dtype=np.float32)


def tracers() -> Mapping[str, Callable[[], Tracer]]:
    """Every tracer by name."""
    all_: dict[str, Callable[[], Tracer]] = {
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
        "reranker": TraceRanker,
    }
