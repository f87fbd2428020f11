"""What the networks learn and are judged by: events in time, and the moments at which they are predicted.

Three kinds of query: "author" (which base will they build on next?), "model" (which model was this one made from, and
what do people who built on it build on next?) and "dataset" (what was this model trained on?).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from gnn.messages import Days, builds
from graph.types import IntArray, Subgraph

#: The raw numbers behind a candidate model's score, as of the moment of the query. `graph.score` takes log1p of them.
TERMS = ("built_on", "built_on_90d")
DATASET_TERMS = ("trained_on",)

#: At most this many of an author's earlier bases count as the query of a later build.
_RECENT_BASES = 3
_MAX_PER_AUTHOR = 5
#: Dated lineage links that are enough to cut time by them alone.
_ENOUGH = 100


@dataclass(frozen=True, slots=True)
class Pairs:
    """(query, item) index pairs of one kind that came true in a window; `known[query]`: items it had before."""

    query: IntArray
    item: IntArray
    known: Mapping[int, npt.NDArray[np.int64]]

    def __len__(self) -> int:
        return len(self.query)


@dataclass(frozen=True, slots=True)
class Window:
    """What was predicted at `start` (days) and came true before `end`."""

    start: float
    end: float
    pairs: Mapping[str, Pairs]


class Events:
    """Every dated build, derivation and training set of a subgraph."""

    def __init__(self, data: Subgraph) -> None:
        self.data = data
        self.times = data.times["Model"]
        self.child, self.base = data.edges["Model", "BASED_ON", "Model"]
        self.trained, self.dataset = data.edges["Model", "TRAINED_ON", "Dataset"]
        self.authors, self.built, self.build_days = builds(data)
        self._author_of = np.full(len(data.nodes["Model"]), -1, dtype=np.int64)
        published = data.edges["Model", "PUBLISHED_BY", "Author"]
        self._author_of[published[0]] = published[1]

    def days(self) -> Days:
        """The sorted days of lineage, or of all that can be predicted where there is too little lineage."""
        moments = self.times[self.child]
        if np.isfinite(moments).sum() < _ENOUGH:
            moments = np.concatenate([moments, self.times[self.trained]])
        return np.sort(moments[np.isfinite(moments)])

    def counts(self, moment: float) -> npt.NDArray[np.float32]:
        """(models, len(TERMS)): `TERMS` of every model as of `moment`."""
        since = moment - self.times[self.child]
        columns = [
            np.bincount(self.base[(since > 0) & (since <= limit)], minlength=len(self.times))
            for limit in (np.inf, 90.0)
        ]
        return np.stack(columns, axis=1).astype(np.float32)

    def dataset_counts(self, moment: float) -> npt.NDArray[np.float32]:
        """(datasets, 1): how many models were trained on each before `moment`."""
        before = self.dataset[self.times[self.trained] < moment]
        return np.bincount(before, minlength=len(self.data.nodes["Dataset"]))[:, None].astype(np.float32)

    def window(self, start: float, end: float) -> Window:
        """The pairs of `start` ≤ day < `end` whose item was there before `start`."""
        pairs = {"author": self._author_pairs(start, end), "model": self._model_pairs(start, end)}
        inside = (self.times[self.trained] >= start) & (self.times[self.trained] < end)
        seen = np.zeros(len(self.data.nodes["Dataset"]), bool)
        seen[self.dataset[self.times[self.trained] < start]] = True
        keep = inside & seen[self.dataset]
        pairs["dataset"] = Pairs(self.trained[keep], self.dataset[keep], {})
        return Window(start, end, pairs)

    def _author_pairs(self, start: float, end: float) -> Pairs:
        inside = (self.build_days >= start) & (self.build_days < end) & (self.times[self.built] < start)
        active = np.zeros(len(self.data.nodes["Author"]), bool)
        active[self._author_of[(self.times < start) & (self._author_of >= 0)]] = True
        inside &= active[self.authors]
        before = self.build_days < start
        return Pairs(self.authors[inside], self.built[inside], _groups(self.authors[before], self.built[before]))

    def _model_pairs(self, start: float, end: float) -> Pairs:
        """Lineage of new models, and the earlier bases of an author with each base built on later."""
        made = (self.times[self.child] >= start) & (self.times[self.child] < end) & (self.times[self.base] < start)
        child, base = self.child[made], self.base[made]
        few = _first_of_each(self._author_of[child], _MAX_PER_AUTHOR)
        queries, items = [child[few]], [base[few]]
        later = self._author_pairs(start, end)
        order = np.argsort(self.build_days, kind="stable")
        past = order[self.build_days[order] < start]
        history = _groups(self.authors[past], self.built[past])
        for author, item in zip(later.query.tolist(), later.item.tolist(), strict=True):
            earlier = history.get(author, np.zeros(0, np.int64))[-_RECENT_BASES:]
            queries.append(earlier)
            items.append(np.full(len(earlier), item, dtype=np.int64))
        return Pairs(np.concatenate(queries), np.concatenate(items), {})


def _groups(keys: IntArray, values: IntArray) -> dict[int, IntArray]:
    order = np.argsort(keys, kind="stable")
    unique, first = np.unique(keys[order], return_index=True)
    return dict(zip(unique.tolist(), np.split(values[order], first[1:]), strict=True)) if len(unique) else {}


def _first_of_each(keys: IntArray, limit: int) -> npt.NDArray[np.bool_]:
    """Marks the first `limit` occurrences of each key."""
    seen: dict[int, int] = {}
    marks = np.zeros(len(keys), bool)
    for position, key in enumerate(keys.tolist()):
        seen[key] = seen.get(key, 0) + 1
        marks[position] = key < 0 or seen[key] <= limit
    return marks


def split(events: Events, windows: int = 10) -> tuple[list[Window], Window, Window]:
    """Training windows, then one to stop by, then one held out: 70, 15 and 15 % of the dated events, in time order.

    Raises `ValueError` where too few events carry a date.
    """
    moments = events.days()
    if len(moments) < 40 or moments[0] == moments[-1]:
        raise ValueError(f"Only {len(moments)} dated links to learn from; at least 40 on different days are needed.")
    edges = np.unique(np.quantile(moments, np.linspace(0.15, 0.70, windows + 1)))
    training = [events.window(float(a), float(b)) for a, b in pairwise(edges)]
    stop, held_out = (float(q) for q in np.quantile(moments, [0.70, 0.85]))
    return training, events.window(stop, held_out), events.window(held_out, float(moments[-1]) + 1.0)
