"""k-means over vectors: how many clusters, which ones, and what the models of each have that others lack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.metrics import (
    calinski_harabasz_score,
    davies_bouldin_score,
    pairwise_distances,
    silhouette_score,
)
from threadpoolctl import threadpool_limits

from graph.types import FloatArray, IntArray

#: The numbers of clusters that are tried; a cluster should have at least `_LEAST` points on average.
GRID = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
_LEAST = 40

#: How many points at most the measures and the final centres are worked out from.
_MEASURED, _SILHOUETTE, _FINAL = 20_000, 5_000, 60_000

#: How often the final centres are sought; the best are taken, because k-means gets stuck.
_STARTS = 5

#: How many facts name a cluster, and how many of its models at least must have such a fact.
NAMES = 3
_NAMING_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Trial:
    """One number of clusters. Inertia: the mean squared distance to the nearest centre. Higher is better for the
    silhouette (-1 to 1) and Calinski-Harabasz, lower for Davies-Bouldin."""

    k: int
    inertia: float
    silhouette: float
    davies_bouldin: float
    calinski_harabasz: float


@dataclass(frozen=True, slots=True)
class Clustering:
    """`labels` (n,): each point's cluster, 0 the largest one, below `count`. `k` of the `trials` was chosen; there are
    none where there are too few points. `why` is a sentence on the choice."""

    labels: IntArray
    count: int
    k: int
    trials: tuple[Trial, ...]
    why: str


def cluster(points: FloatArray, *, seed: int = 0) -> Clustering:
    """Clusters of (n, d) `points`, as many as fit them best."""
    random = np.random.default_rng(seed)
    sample = _some(points, _MEASURED, random)
    distinct = len(np.unique(sample, axis=0))
    grid = [k for k in GRID if k * _LEAST <= len(sample) and k < distinct]
    if not grid:
        return Clustering(np.zeros(len(points), dtype=np.int64), 1, 1, (), "Too few models to group.")
    few = random.permutation(len(sample))[:_SILHOUETTE]
    distances = pairwise_distances(sample[few])
    # Of many small products; more threads would mostly wait for each other.
    with threadpool_limits(1):
        trials = tuple(_tried(sample, k, few, distances, seed) for k in grid)
        chosen, why = choose(trials)
        centres = _fit(_some(points, _FINAL, random), chosen.k, seed, starts=_STARTS).cluster_centers_
    labels = _nearest(points, centres)
    sizes = np.bincount(labels, minlength=chosen.k)
    order = np.argsort(-sizes, kind="stable")
    return Clustering(np.argsort(order)[labels], int((sizes > 0).sum()), chosen.k, trials, why)


def choose(trials: Sequence[Trial]) -> tuple[Trial, str]:
    """The trial to go by, and why in a sentence: from the number on at which the inertia bends, the one that stands
    best by silhouette and Davies-Bouldin together, of equals the one with the fewest clusters.

    None will do alone: on vectors of texts the silhouette may ask for two clusters, which leave nearly everything
    unexplained, and Davies-Bouldin for as many as it gets. Calinski-Harabasz, which falls there with nearly every
    further cluster, is only told.
    """
    bend = elbow(trials)
    judged = [each for each in trials if each.k >= bend]
    close = _places([-each.silhouette for each in judged])
    apart = _places([each.davies_bouldin for each in judged])
    sums = [sum(places) for places in zip(close, apart, strict=True)]
    best = sums.index(min(sums))
    other = max(trials, key=lambda each: each.calinski_harabasz).k
    why = (
        f"{judged[best].k} clusters, because of the {len(judged)} numbers tried from {bend} on, where the inertia "
        f"bends, this one stands best by silhouette and Davies-Bouldin together (places {close[best]} and "
        f"{apart[best]}); fewer would leave much unexplained. Calinski-Harabasz is best at {other}."
    )
    return judged[best], why


def _places(values: Sequence[float]) -> list[int]:
    """The place of each value, 1 for the lowest."""
    ordered = sorted(values)
    return [ordered.index(value) + 1 for value in values]


def elbow(trials: Sequence[Trial]) -> int:
    """The k at which the inertia lies farthest below the straight line from its first to its last value."""
    first, last = trials[0], trials[-1]
    if first is last:
        return first.k

    def below(each: Trial) -> float:
        along = (each.k - first.k) / (last.k - first.k)
        return first.inertia + along * (last.inertia - first.inertia) - each.inertia

    return max(trials, key=below).k


def telling(
    facts: sparse.csr_matrix, labels: IntArray, count: int, names: Sequence[str], first: int | None = None
) -> list[list[int]]:
    """For each cluster the columns of (models, facts) `facts` that tell it apart, best first, at most `NAMES`.

    A fact weighs how much likelier the cluster's models have it than all models (the logarithm of the lift), times how
    many of them have it. Columns from `first` on come in only where there are too few others. Of facts with the same
    name one is taken; a list that another cluster has too grows longer.
    """
    models, columns = facts.shape
    member = sparse.csr_matrix((np.ones(models, np.float32), (labels, np.arange(models))), shape=(count, models))
    having = np.asarray((member @ facts).todense(), dtype=np.float64)
    sizes = np.bincount(labels, minlength=count)
    expected = np.outer(sizes, having.sum(axis=0)) / max(models, 1)
    weights = np.where(having > 0, having * np.log(np.maximum(having, 1e-9) / np.maximum(expected, 1e-9)), 0.0)
    weights[having < _NAMING_SHARE * sizes[:, None]] = 0.0
    later = np.arange(columns) >= (columns if first is None else first)
    found: list[list[int]] = []
    taken: set[tuple[str, ...]] = set()
    for row in weights:
        ranked: dict[str, int] = {}
        for column in np.lexsort((-row, later)).tolist():
            if row[column] > 0 and len(ranked) < 3 * NAMES:
                ranked.setdefault(_plain(names[column]), column)
        wanted = NAMES
        while tuple(ranked)[:wanted] in taken and wanted < len(ranked):
            wanted += 1
        taken.add(tuple(ranked)[:wanted])
        found.append(list(ranked.values())[:wanted])
    return found


def _plain(name: str) -> str:
    return name.casefold().replace("-", " ").replace("_", " ")


def _some(points: FloatArray, most: int, random: np.random.Generator) -> FloatArray:
    if len(points) <= most:
        return points
    return points[np.sort(random.choice(len(points), most, replace=False))]


def _fit(points: FloatArray, k: int, seed: int, starts: int = 1) -> KMeans:
    return KMeans(k, n_init=starts, max_iter=100, random_state=seed).fit(points)


def _tried(sample: FloatArray, k: int, few: IntArray, distances: FloatArray, seed: int) -> Trial:
    fitted = _fit(sample, k, seed)
    seen = len(set(fitted.labels_[few].tolist()))
    return Trial(
        k,
        float(fitted.inertia_) / len(sample),
        float(silhouette_score(distances, fitted.labels_[few], metric="precomputed")) if 1 < seen < len(few) else 0.0,
        float(davies_bouldin_score(sample, fitted.labels_)),
        float(calinski_harabasz_score(sample, fitted.labels_)),
    )


def _nearest(points: FloatArray, centres: FloatArray, rows: int = 50_000) -> IntArray:
    """(n,): the nearest of the (k, d) `centres`."""
    found = np.empty(len(points), dtype=np.int64)
    lengths = (centres * centres).sum(axis=1)
    for start in range(0, len(points), rows):
        found[start : start + rows] = (lengths - 2 * points[start : start + rows] @ centres.T).argmin(axis=1)
    return found
