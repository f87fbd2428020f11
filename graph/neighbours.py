"""The nearest neighbours of each of many rows: by cosine of vectors, or by another score that is worked out in blocks.

Scores are exact. By cosine all rows are compared up to `EXACT_LIMIT` of them, and above it an inverted file chooses
what is compared. Rows come most important first: among equals the first counts where all rows are compared.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from graph.types import FloatArray, IntArray
from graph.vectors import lengths

Booleans = npt.NDArray[np.bool_]
#: A row, and its neighbours and their scores, best first.
Found = Iterator[tuple[int, IntArray, FloatArray]]
#: Rows, one other row for each, and the score of the two.
Pairs = tuple[IntArray, IntArray, FloatArray]

_Made = TypeVar("_Made")

EXACT_LIMIT = 20_000

#: Lists of the inverted file, at most; how many of them are looked through for a row; rows that a list is made from.
_LISTS, _PROBES, _TRAINING_ROWS_PER_LIST, _ROUNDS = 2_048, 40, 40, 6
#: How many of its neighbours a row asks for theirs.
_ASKED = 10
#: Scores that are worked out together: rows times columns, small enough for the processor's cache.
_ROWS, _COLUMNS = 1_000, 4_096
#: Rows that compare themselves with the neighbours of their neighbours at once; rows that look for their lists at once.
_FEW, _ASKING = 200, 20_000

#: Hears how much is done, of how much.
Told = Callable[[int, int], object]

#: Of the rows from one number up to another: what works out the scores that given rows have with these.
Scores = Callable[[int, int], Callable[[IntArray], FloatArray]]


def _silent(done: int, total: int) -> None:
    """Nobody listens."""


class Rows(Protocol):
    """Rows of length one, (rows, d), of which only some are asked for at once: a matrix, or what makes them."""

    @property
    def shape(self) -> tuple[int, ...]: ...
    def __len__(self) -> int: ...
    def __getitem__(self, rows: Any, /) -> Any: ...


class Joined:
    """Rows side by side from several matrices (rows, ·), without a second copy of these: the cosine of two of them is
    the sum of the parts' cosines, each times its weight (which add up to 1 here)."""

    def __init__(self, *parts: tuple[FloatArray, float]) -> None:
        whole = sum(weight for _, weight in parts) or 1.0
        self._parts = [
            (vectors, (np.float32((weight / whole) ** 0.5) / lengths(vectors))[:, None]) for vectors, weight in parts
        ]

    @property
    def shape(self) -> tuple[int, ...]:
        return len(self), sum(vectors.shape[1] for vectors, _ in self._parts)

    def __len__(self) -> int:
        return len(self._parts[0][0])

    def __getitem__(self, rows: Any) -> FloatArray:
        return np.concatenate([vectors[rows] * factors[rows] for vectors, factors in self._parts], axis=-1)


@dataclass(slots=True)
class Best:
    """The best `kept` others of each row so far, above 0: `scores` and `others` are (rows, kept), best first, with 0
    and -1 where there are fewer."""

    scores: FloatArray
    others: IntArray

    @classmethod
    def empty(cls, rows: int, kept: int) -> Best:
        return cls(np.zeros((rows, kept), np.float32), np.full((rows, kept), -1, np.int64))

    def offer(self, rows: IntArray, others: IntArray, scores: FloatArray) -> None:
        """Lets every row of `rows`, each there once, choose from `others`, by `scores` (rows, others). Among equals
        what came first stays."""
        kept = self.scores.shape[1]
        limits = self.scores[rows, -1]
        strict = np.ones(len(rows), dtype=bool)
        fresh = np.flatnonzero(limits <= 0)
        if len(fresh) and scores.shape[1] > kept:
            # Before anything is sorted: the score that so many reach. What equals it may count.
            limits[fresh] = np.maximum(np.partition(scores[fresh], -kept, axis=1)[:, -kept], 0)
            strict[fresh] = limits[fresh] <= 0
        floor = np.where(strict, limits, np.nextafter(limits, np.float32(-1), dtype=np.float32))
        flat = np.flatnonzero(scores > floor[:, None])
        if len(flat):
            row, column = np.divmod(flat, scores.shape[1])
            self.add((rows[row], others[column], scores.ravel()[flat]))

    def add(self, pairs: Pairs) -> None:
        """Lets rows choose from single others; one that a row has already is not taken again."""
        touched = np.unique(pairs[0])
        kept = self.scores.shape[1]
        rows = np.concatenate([np.repeat(touched, kept), pairs[0]])
        others = np.concatenate([self.others[touched].ravel(), pairs[1]])
        scores = np.concatenate([self.scores[touched].ravel(), pairs[2]])
        rows, others, scores = first_of_each(rows[others >= 0], others[others >= 0], scores[others >= 0])
        place = places(rows)
        inside = place < kept
        rows, others, scores, place = rows[inside], others[inside], scores[inside], place[inside]
        self.scores[touched], self.others[touched] = 0, -1
        self.scores[rows, place], self.others[rows, place] = scores, others

    def found(self, rows: IntArray, kept: IntArray) -> Found:
        """The neighbours of `rows`, which stand here in this order; the i-th has up to `kept[i]`."""
        counts = np.minimum((self.others >= 0).sum(axis=1), kept).tolist()
        for number, (row, count) in enumerate(zip(rows.tolist(), counts, strict=True)):
            yield row, self.others[number, :count], self.scores[number, :count]


def first_of_each(rows: IntArray, others: IntArray, scores: FloatArray) -> Pairs:
    """The pairs by row, best first and among equals by number; of a pair that is there twice the first one stands."""
    order = np.lexsort((np.arange(len(rows)), others, rows))
    new = np.ones(len(rows), dtype=bool)
    new[1:] = (np.diff(rows[order]) != 0) | (np.diff(others[order]) != 0)
    order = order[new]
    order = order[np.lexsort((others[order], -scores[order], rows[order]))]
    return rows[order], others[order], scores[order]


def places(rows: IntArray) -> IntArray:
    """The place of each entry among those of the same row, from 0; `rows` is sorted."""
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    return np.arange(len(rows)) - np.repeat(starts, np.diff(starts, append=len(rows)))


def by_cosine(
    units: Rows,
    kept: IntArray,
    exact_limit: int = EXACT_LIMIT,
    rows: IntArray | None = None,
    on_progress: Told = _silent,
) -> Found:
    """Up to `kept[i]` neighbours of every row i of `units` (rows, d), whose rows have length one; or only of `rows`.

    `on_progress` hears how many lists have been compared, of how many, where there are lists.
    """
    rows = np.arange(len(units)) if rows is None else rows
    most = int(kept[rows].max(initial=0))
    return candidates_by_cosine(units, rows, most, exact_limit, on_progress).found(rows, kept[rows])


def candidates_by_cosine(
    units: Rows,
    rows: IntArray,
    kept: int,
    exact_limit: int = EXACT_LIMIT,
    on_progress: Told = _silent,
    among: Booleans | None = None,
) -> Best:
    """The best of each of `rows`: of all where there are up to `exact_limit`, else of the lists nearest to it; only
    those that stand in `among` (rows,), where it is given."""
    if len(units) > exact_limit:
        return _by_inverted_file(units, rows, kept, on_progress, among)

    def scores(start: int, end: int) -> Callable[[IntArray], FloatArray]:
        out = None if among is None else ~among[start:end]

        def of(some: IntArray) -> FloatArray:
            found = np.asarray(units[some] @ units[start:end].T)
            if out is not None:
                found[:, out] = -1.0
            return found

        return of

    return nearest(scores, len(units), rows, kept)[0]


def nearest_by_cosine(units: Rows, rows: IntArray, kept: int, limits: FloatArray | None = None) -> tuple[Best, Pairs]:
    """The nearest of `rows` among all, exactly; and who is nearer to any row i than `limits[i]`: pairs of that row and
    one of `rows`."""
    return nearest(
        lambda start, end: lambda some: np.asarray(units[some] @ units[start:end].T), len(units), rows, kept, limits
    )


def nearest(
    scores_of: Scores, count: int, rows: IntArray, kept: int, limits: FloatArray | None = None
) -> tuple[Best, Pairs]:
    """The best of each of `rows` among `count` rows, and what is above a row's limit: (row, one of `rows`, score)."""
    best = Best.empty(len(rows), kept)
    above: list[Pairs] = []
    chunks = range(0, len(rows) if kept else 0, _ROWS)
    with _threads() as each:
        for start in range(0, count, _COLUMNS):
            end = min(start + _COLUMNS, count)
            columns, score = np.arange(start, end), scores_of(start, end)

            def compare(
                first: int, start: int = start, columns: IntArray = columns, score: Callable[..., FloatArray] = score
            ) -> Pairs | None:
                some = rows[first : first + _ROWS]
                scores = score(some)
                own = np.flatnonzero((some >= start) & (some < start + len(columns)))
                scores[own, some[own] - start] = -1.0
                best.offer(np.arange(first, first + len(some)), columns, scores)
                if limits is None:
                    return None
                row, column = np.divmod(np.flatnonzero(scores > limits[None, columns]), len(columns))
                return columns[column], some[row], scores[row, column]

            above += [pairs for pairs in each(compare, chunks) if pairs is not None]
    if not above:
        return best, (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))
    near, who, found = (np.concatenate(part) for part in zip(*above, strict=True))
    return best, (near, who, found)


@contextmanager
def _threads() -> Iterator[Callable[[Callable[[int], _Made], Iterable[int]], Iterator[_Made]]]:
    """A `map` on all cores. Each works on matrices of its own: the library that multiplies them loses more time than
    it saves by sharing small ones out, most of all on a machine that is busy."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        yield pool.map


def _by_inverted_file(units: Rows, rows: IntArray, kept: int, on_progress: Told, among: Booleans | None = None) -> Best:
    """The best of each of `rows` in the lists nearest to it (an inverted file, Jégou et al. 2011).

    List by list, so that one matrix product compares it with all rows that look through it: the scores are exact, and
    no second copy of the vectors is kept.
    """
    count, cores = len(units), os.cpu_count() or 1
    centres = _centres(units, min(_LISTS, int((len(rows) * _PROBES) ** 0.5), count))
    near = _nearest_centres(centres, units, rows, min(_PROBES, len(centres)))
    list_of = near[:, 0] if len(rows) == count else _nearest_centres(centres, units, np.arange(count), 1)[:, 0]
    if among is not None:  # what is not among them lies in a list of its own, which nobody looks through
        list_of = np.where(among, list_of, len(centres))
    members, ends = _sorted_by(list_of, len(centres))
    best = Best.empty(len(rows), kept)

    def search(part: int) -> None:
        """Rows of one core."""
        mine = np.arange(part, len(rows), cores)
        # The nearest list first: what it holds keeps nearly everything of the others out.
        for turn, lists in enumerate((near[mine, :1], near[mine, 1:])):
            asking, limits = _sorted_by(lists.ravel(), len(centres))
            for number in range(len(centres)):
                if not part:
                    on_progress(turn * len(centres) + number, 2 * len(centres))
                inside = members[ends[number] : ends[number + 1]]
                for start in range(limits[number], limits[number + 1], _ROWS) if len(inside) else ():
                    some = mine[asking[start : min(start + _ROWS, limits[number + 1])] // lists.shape[1]]
                    scores = units[rows[some]] @ units[inside].T
                    scores[rows[some][:, None] == inside[None, :]] = -1.0
                    best.offer(some, inside, scores)

    with _threads() as each:
        list(each(search, range(cores)))
    if len(rows) == count:
        _ask_neighbours(units, best)
    return best


def _ask_neighbours(units: Rows, best: Best) -> None:
    """Every row looks at the neighbours of its neighbours (a round of NN-descent, Dong et al. 2011): what lies behind
    the border of a list is found so, for less work than through more lists."""
    known = best.others[:, :_ASKED].copy()

    def ask(start: int) -> None:
        own = known[start : start + _FEW]
        others = np.where(own[:, :, None] < 0, -1, known[own]).reshape(len(own), known.shape[1] ** 2)
        rows = np.arange(start, start + len(own))
        scores = np.matmul(units[others], units[rows][:, :, None])[:, :, 0]
        row, column = np.nonzero((scores > best.scores[rows, -1:]) & (others >= 0) & (others != rows[:, None]))
        if len(row):
            best.add((rows[row], others[row, column], scores[row, column]))

    with _threads() as each:
        list(each(ask, range(0, len(known), _FEW)))


def _centres(units: Rows, lists: int) -> FloatArray:
    """(lists, d): k-means of a sample of the rows, by cosine."""
    import faiss

    clustering = faiss.Clustering(units.shape[1], max(lists, 1))
    clustering.spherical, clustering.niter = True, _ROUNDS
    clustering.max_points_per_centroid, clustering.min_points_per_centroid = _TRAINING_ROWS_PER_LIST, 1
    step = max(1, len(units) // (max(lists, 1) * _TRAINING_ROWS_PER_LIST))
    clustering.train(np.ascontiguousarray(units[::step]), faiss.IndexFlatIP(units.shape[1]))
    return np.asarray(faiss.vector_to_array(clustering.centroids).reshape(-1, units.shape[1]), dtype=np.float32)


def _nearest_centres(centres: FloatArray, units: Rows, rows: IntArray, probes: int) -> IntArray:
    """(rows, probes): the centres nearest to each of `rows`, nearest first."""
    import faiss

    index = faiss.IndexFlatIP(centres.shape[1])
    index.add(centres)
    found: IntArray = np.zeros((len(rows), probes), dtype=np.int32)
    for start in range(0, len(rows), _ASKING):
        some = rows[start : start + _ASKING]
        found[start : start + _ASKING] = index.search(np.ascontiguousarray(units[some]), probes)[1]
    return found


def _sorted_by(lists: IntArray, count: int) -> tuple[IntArray, IntArray]:
    """The numbers of `lists` in the order of their values, and where each of `count` values begins, and the end."""
    order = np.argsort(lists, kind="stable")
    return order, np.searchsorted(lists[order], np.arange(count + 1))
