"""Ways to tell on which datasets a new model was trained: what earlier models like it, and by its author, were trained
on, and learned mixes of that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from scipy import sparse

from gnn.ranking.datasets import DatasetLink
from gnn.ranking.embeddings import embeddings
from gnn.ranking.features import dense, letters, matrix
from gnn.ranking.hindsight import Numbers
from gnn.ranking.methods import blocks, decay
from gnn.ranking.newcomers import Tracer, place
from gnn.ranking.past import fact_texts, facts_of, title, units
from gnn.ranking.tracers import Children, Mix, Names, Parts, learned
from graph.types import FloatArray, IntArray

View = Literal["names", "texts", "facts"]


class Witnesses:
    """The models before the cut that name a dataset (`rows` of the whole graph), as they look to a method.

    `held` (witnesses, candidates): ones where a witness was trained on a dataset. `ages` (witnesses,): days before the
    cut. Texts are those of a model's facts, as its own text names its datasets.
    """

    def __init__(self, task: DatasetLink) -> None:
        whole, past = task.whole, task.past
        born = whole.times["Model"]
        model, dataset = whole.edges[task.link]
        old = ~(born[model] >= past.cut)
        self.rows, witness = np.unique(model[old], return_inverse=True)
        column = place(task.candidates, len(whole.nodes["Dataset"]))[dataset[old]]
        self.held = matrix(np.ones(len(witness)), witness, column, (len(self.rows), len(task.candidates)))
        # A model without a date counts as old.
        self.ages = np.nan_to_num(past.cut - born[self.rows], nan=1_000.0)
        self._names = whole.nodes["Model"]
        self._facts, self._words = facts_of(whole, past.data), fact_texts(whole)
        self._letters = letters()
        self._letters.fit([title(self._names[row]) for row in self.rows.tolist()])
        self._seen: dict[View, Any] = {}

    def seen(self, view: View) -> Any:
        """(witnesses, dimensions), dense or sparse, rows of length 1."""
        if view not in self._seen:
            self._seen[view] = self.of(view, self.rows)
        return self._seen[view]

    def of(self, view: View, models: IntArray) -> Any:
        """The same for any models, by their rows."""
        if view == "names":
            return self._letters.transform([title(self._names[row]) for row in models.tolist()])
        facts = units(self._facts[models])
        return facts if view == "facts" else units(facts @ self._words)


@lru_cache(maxsize=2)
def witnesses(task: DatasetLink) -> Witnesses:
    """The witnesses of a task, the same for every method."""
    return Witnesses(task)


@dataclass
class Profile:
    """The cosine of a model to the mean of the models that were trained on a dataset."""

    view: View
    seeded = False

    def fit(self, task: DatasetLink, seed: int) -> None:
        self._witnesses = witnesses(task)
        self._profiles = units(self._witnesses.held.T @ self._witnesses.seen(self.view))

    def scores(self, children: IntArray) -> FloatArray:
        return _dense(self._witnesses.of(self.view, children) @ self._profiles.T)


@dataclass
class Nearest:
    """The `count` earlier models most like the new one vote for their datasets, each by the square of its cosine."""

    view: View
    count: int = 50
    seeded = False

    def fit(self, task: DatasetLink, seed: int) -> None:
        self._witnesses = witnesses(task)

    def scores(self, children: IntArray) -> FloatArray:
        return np.concatenate([self._voted(part) for part in blocks(children)])

    def _voted(self, children: IntArray) -> FloatArray:
        seen, held = self._witnesses.seen(self.view), self._witnesses.held
        alike = _dense(self._witnesses.of(self.view, children) @ seen.T)
        count = min(self.count, alike.shape[1])
        best = np.argpartition(-alike, count - 1, axis=1)[:, :count]
        votes = np.take_along_axis(alike, best, axis=1) ** 2
        voters = np.repeat(np.arange(len(children)), count), best.ravel()
        return dense(matrix(votes.ravel(), *voters, alike.shape) @ held)


@dataclass
class OwnEarlier:
    """How often the same author trained on a dataset before, each model weighing half after `half_life` days."""

    half_life: float = 60.0
    seeded = False

    def fit(self, task: DatasetLink, seed: int) -> None:
        model, author = task.whole.edges["Model", "PUBLISHED_BY", "Author"]
        shape = (len(task.whole.nodes["Author"]), len(task.whole.nodes["Model"]))
        self._by = matrix(np.ones(len(model)), author, model, shape)
        known = witnesses(task)
        weights = sparse.diags(decay(known.ages, self.half_life))
        self._trained = (self._by[:, known.rows] @ weights @ known.held).tocsr()

    def scores(self, children: IntArray) -> FloatArray:
        return np.log1p(dense(self._by[:, children].T @ self._trained))


_PLAIN: Mapping[str, Callable[[], Tracer[DatasetLink]]] = {
    "popularity": Children,
    "popularity-90-days": lambda: Children(window=90),
    "popularity-30-days": lambda: Children(window=30),
    "names": Names,
    "texts": lambda: Profile("texts"),
    "facts": lambda: Profile("facts"),
    "nearest-names": lambda: Nearest("names"),
    "nearest-texts": lambda: Nearest("texts"),
    "nearest-facts": lambda: Nearest("facts"),
    "author": OwnEarlier,
}
_NUMBERS: Mapping[str, Callable[[], Tracer[DatasetLink]]] = {
    **_PLAIN,
    "popularity-7-days": lambda: Children(window=7),
    "names of its models": lambda: Profile("names"),
    "the nearest name": lambda: Nearest("names", 1),
    "the nearest text": lambda: Nearest("texts", 1),
    "the nearest facts": lambda: Nearest("facts", 1),
    "the author's last": lambda: OwnEarlier(half_life=5),
}

#: What plain methods say of a pair, and a little more.
NUMBERS: Numbers[DatasetLink] = Numbers(
    tuple(_NUMBERS),
    of_candidates=frozenset(name for name in _NUMBERS if name.startswith("popularity")),
    known=lambda task: Parts(_NUMBERS, task, seed=0),
    propose=tuple(_NUMBERS),
    depth=30,
)


def linkers(device: str = "cpu") -> Mapping[str, Callable[[], Tracer[DatasetLink]]]:
    """Every method by name. Networks learn on `device`, see `gnn.device`."""
    return {
        **_PLAIN,
        "mix": lambda: Mix(_PLAIN),
        **embeddings(),
        **learned(NUMBERS, device),
    }


def _dense(found: Any) -> FloatArray:
    return dense(found) if sparse.issparse(found) else np.asarray(found, dtype=np.float32)
