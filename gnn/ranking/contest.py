"""Every method on one task: fitted once a seed, all candidates ranked for every query, all measured alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np

from gnn.ranking.measures import Interval, Values, by_query, coverage, gini, interval
from gnn.ranking.task import Scores
from graph import memory

#: How many are kept of a list.
KEPT = 100
_BLOCK = 1_000

#: Hears how many methods are done, and what is being done.
Told = Callable[[int, str], object]


class Seeded(Protocol):
    """What all methods have: whether another seed gives another outcome."""

    seeded: bool


AnyMethod = TypeVar("AnyMethod", bound=Seeded, contravariant=True)


class Task(Protocol[AnyMethod]):
    """Questions with an answer. `items`: the ids that may be ranked; `names`: the queries'. `best_by`: the measure by
    which methods are ordered; `shown`: those of a short table. Measures are called by kind of truth and name."""

    best_by: ClassVar[str]
    shown: ClassVar[tuple[str, ...]]

    @property
    def items(self) -> tuple[str, ...]: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    def kinds(self) -> Mapping[str, tuple[tuple[str, ...], ...]]:
        """Of each query the ids that are right, whether they may be ranked or not, by kind of truth."""
        ...

    def about(self) -> Mapping[str, int]:
        """How large it is."""
        ...

    def fit(self, method: AnyMethod, seed: int) -> None:
        """Shows `method` what it may know."""
        ...

    def scores(self, method: AnyMethod, rows: slice) -> Scores:
        """(queries, items): what `method` says of some of the queries; minus infinity where it may not answer so."""
        ...


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a method answered: of each query of the task ids, best first, at most `KEPT`, with their scores.

    `seconds`: to fit and to ask. `peak_mb`: the most memory that this process held meanwhile, in MB, with the graph,
    the questions and what earlier methods left. None where they were not taken.
    """

    method: str
    seed: int
    ranked: tuple[tuple[str, ...], ...]
    scores: tuple[tuple[float, ...], ...]
    seconds: float | None = None
    peak_mb: float | None = None

    def rows(self, names: Sequence[str]) -> Iterator[dict[str, Any]]:
        """One a query, JSON-ready; `names` of the queries."""
        for name, ids, scores in zip(names, self.ranked, self.scores, strict=True):
            yield {
                "method": self.method,
                "seed": self.seed,
                "query": name,
                "ranked": list(ids),
                "scores": [round(score, 6) for score in scores],
            }


@dataclass(frozen=True, slots=True)
class Judged:
    """A method over its seeds. `measures`: means over seeds and queries, by name; `spread`: standard deviations over
    seeds; `intervals`: bootstrap over queries; `against`: the same of the differences to the method it is compared
    with, empty for itself. `queries`: the values behind them, (queries,), means over seeds. `seconds`: the mean over
    seeds; `peak_mb`: the highest of them."""

    method: str
    seeds: int
    measures: Mapping[str, float]
    spread: Mapping[str, float]
    intervals: Mapping[str, Interval]
    against: Mapping[str, Interval]
    queries: Mapping[str, Values]
    seconds: float | None
    peak_mb: float | None


def rank(name: str, method: AnyMethod, task: Task[AnyMethod], seed: int) -> Ranking:
    """Fits, asks about all, keeps the best, and takes time and memory."""
    gc.collect()  # what the method before held in circles is not this one's
    with memory.measured() as peak_mb:
        begun = time.perf_counter()
        ranked, scores = _asked(name, method, task, seed)
        seconds = time.perf_counter() - begun
        return Ranking(name, seed, ranked, scores, seconds, peak_mb() if memory.begins_anew() else None)


def _asked(
    name: str, method: AnyMethod, task: Task[AnyMethod], seed: int
) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[float, ...], ...]]:
    """Of each query the ids that `method`, fitted, ranks best, and their scores."""
    task.fit(method, seed)
    ids = np.array(task.items, dtype=object)
    ranked: list[tuple[str, ...]] = []
    kept: list[tuple[float, ...]] = []
    for start in range(0, len(task.names), _BLOCK):
        scores = task.scores(method, slice(start, start + _BLOCK))
        if np.isnan(scores).any():
            raise ValueError(f"{name} gave a score that is no number.")
        order = np.argsort(-scores, axis=1, kind="stable")[:, :KEPT]
        for row, best in zip(scores, order, strict=True):
            there = best[np.isfinite(row[best])]
            ranked.append(tuple(ids[there].tolist()))
            kept.append(tuple(row[there].tolist()))
    return tuple(ranked), tuple(kept)


def measured(ranking: Ranking, task: Task[Any]) -> dict[str, Values]:
    """The measures of each query that has a truth of the kind, by kind and name."""
    found: dict[str, Values] = {}
    for kind, truths in task.kinds().items():
        for name, values in by_query(ranking.ranked, truths).items():
            found[f"{kind} {name}"] = values
    return found


def contest(
    task: Task[AnyMethod],
    methods: Mapping[str, Callable[[], AnyMethod]],
    seeds: Sequence[int] = (0,),
    on_ranking: Callable[[Ranking], object] = lambda ranking: None,
    tell: Told = lambda done, text: None,
    against: str | None = None,
) -> list[Judged]:
    """Fits and judges `methods`; see `judge`. `on_ranking` gets every list that was made."""
    rankings: list[Ranking] = []
    for number, (name, make) in enumerate(methods.items()):
        for seed in seeds:
            tell(number, f"{name}, seed {seed}")
            method = make()
            rankings.append(rank(name, method, task, seed))
            on_ranking(rankings[-1])
            if not method.seeded:
                break
    return judge(task, rankings, against)


def judge(task: Task[Any], rankings: Sequence[Ranking], against: str | None = None) -> list[Judged]:
    """The methods that made `rankings`, best first, each compared with the one that is named, or with the best."""
    made_by = by_method(rankings)
    values = {name: [measured(each, task) for each in made] for name, made in made_by.items()}
    means = {name: mean(parts) for name, parts in values.items()}
    best = max(means, key=lambda name: (float(means[name][task.best_by].mean()), name), default=None)
    other = best if against is None else against
    items = len(task.items)
    judged = []
    for name, queries in means.items():
        made = made_by[name]
        covered, uneven = (float(np.mean([of(each.ranked, items) for each in made])) for of in (coverage, gini))
        seconds = [each.seconds for each in made if each.seconds is not None]
        peaks = [each.peak_mb for each in made if each.peak_mb is not None]
        rival = {} if other is None or name == other else means[other]
        judged.append(
            Judged(
                name,
                len(made),
                {key: float(each.mean()) for key, each in queries.items()} | {"coverage": covered, "gini": uneven},
                {key: float(np.std([part[key].mean() for part in values[name]])) for key in queries},
                {key: interval(each) for key, each in queries.items()},
                {key: interval(queries[key] - each) for key, each in rival.items()},
                queries,
                float(np.mean(seconds)) if seconds else None,
                max(peaks, default=None),
            )
        )
    return sorted(judged, key=lambda each: (-each.measures[task.best_by], each.method))


def by_method(rankings: Sequence[Ranking]) -> dict[str, list[Ranking]]:
    """Those of each method, in their order."""
    found: dict[str, list[Ranking]] = {}
    for each in rankings:
        found.setdefault(each.method, []).append(each)
    return found


def mean(parts: Sequence[Mapping[str, Values]]) -> dict[str, Values]:
    """Of each measure the mean over `parts`, query by query."""
    return {key: np.mean([part[key] for part in parts], axis=0) for key in parts[0]}
