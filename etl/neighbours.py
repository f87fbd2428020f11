"""The nearest neighbours of each of many models: by cosine of vectors, or by weighted Jaccard index of sets of facts.

Both give exact scores. Jaccard is exact altogether, because models with equal facts are one set; cosine is exact up to
`EXACT_LIMIT` rows, and above it an inverted file proposes candidates. Rows come most important first: among equals the
first counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from graph.types import FloatArray, IntArray

#: A row, and its neighbours and their scores, best first.
Found = Iterator[tuple[int, IntArray, FloatArray]]

EXACT_LIMIT = 20_000
_CHUNK = 500
_SEARCH_CHUNK = 4_000

#: Lists of the inverted file, at most; how many of them are looked through; candidates for each row.
_LISTS, _PROBES, _CANDIDATES = 4_096, 48, 32
_TRAINING_ROWS_PER_LIST = 48

#: Facts that more than this share of all sets have are compared by a dense product, the others by a sparse one.
_DENSE_SHARE = 0.02


def by_cosine(units: FloatArray, kept: IntArray, exact_limit: int = EXACT_LIMIT) -> Found:
    """Up to `kept[i]` neighbours of every row of `units` (rows, d), whose rows have length one."""
    if len(units) > exact_limit:
        yield from _by_inverted_file(units, kept)
        return
    for start in range(0, len(units), _CHUNK):
        scores = units[start : start + _CHUNK] @ units.T
        rows = np.arange(len(scores))
        scores[rows, start + rows] = -1.0
        for row, (others, found) in enumerate(_best(scores, int(kept.max(initial=0)))):
            yield start + row, others[: kept[start + row]], found[: kept[start + row]]


def by_jaccard(facts: sparse.csr_matrix, weights: FloatArray, kept: IntArray) -> Found:
    """Up to `kept[i]` neighbours of every row of `facts` (rows, facts), ones and zeros, by the weight of the facts that
    both have over the weight of those that either has. A row without facts has no neighbours."""
    group, members = _equal_rows(facts)
    sets = facts[[rows[0] for rows in members]]
    most = int(kept.max(initial=0))
    # Where a row has more equals than are wanted, nothing else is looked for.
    searched = [i for i, rows in enumerate(members) if len(rows) <= most and sets.indptr[i] < sets.indptr[i + 1]]
    near: dict[int, tuple[IntArray, FloatArray]] = dict(
        zip(searched, _near_sets(sets, weights, searched, most), strict=True)
    )
    nothing = np.zeros(0, np.int64), np.zeros(0, np.float32)
    for row in range(facts.shape[0]):
        own = int(group[row])
        if sets.indptr[own] == sets.indptr[own + 1]:
            yield row, *nothing
            continue
        others = [other for other in members[own][: kept[row] + 1] if other != row]
        scores = [1.0] * len(others)
        for other_set, score in zip(*near.get(own, nothing), strict=True):
            if len(others) >= kept[row]:
                break
            fresh = members[other_set]
            others.extend(fresh)
            scores.extend([float(score)] * len(fresh))
        yield row, np.array(others[: kept[row]], np.int64), np.array(scores[: kept[row]], np.float32)


def _by_inverted_file(units: FloatArray, kept: IntArray) -> Found:
    """An inverted file with 8-bit codes (Jégou et al. 2011, in faiss) proposes, the vectors themselves decide."""
    import faiss

    count, width = units.shape
    lists = max(1, min(_LISTS, int(4 * count**0.5)))
    coarse = faiss.IndexFlatIP(width)
    index = faiss.IndexIVFScalarQuantizer(
        coarse, width, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.cp.niter, index.cp.max_points_per_centroid = 8, _TRAINING_ROWS_PER_LIST
    index.train(np.ascontiguousarray(units[:: max(1, count // (lists * _TRAINING_ROWS_PER_LIST))]))
    for start in range(0, count, 50_000):
        index.add(units[start : start + 50_000])
    index.nprobe = min(_PROBES, lists)
    for start in range(0, count, _SEARCH_CHUNK):
        chunk = units[start : start + _SEARCH_CHUNK]
        _, candidates = index.search(chunk, min(_CANDIDATES, count))
        scores = np.einsum("rcd,rd->rc", units[candidates], chunk)
        own = np.arange(start, start + len(chunk))
        scores[(candidates < 0) | (candidates == own[:, None])] = -1.0
        order = np.lexsort((candidates, -scores), axis=1)
        for row in range(len(chunk)):
            best = order[row][: kept[start + row]]
            best = best[scores[row][best] > 0]
            yield start + row, candidates[row][best], scores[row][best]


def _best(scores: npt.NDArray[np.floating[Any]], kept: int) -> Iterator[tuple[IntArray, FloatArray]]:
    """The best of each row that are above 0; among equals the first."""
    kept = min(kept, scores.shape[1])
    limits = np.partition(scores, scores.shape[1] - kept, axis=1)[:, scores.shape[1] - kept]
    for row, limit in zip(scores, limits, strict=True):
        candidates = np.flatnonzero((row >= limit) & (row > 0))
        order = np.lexsort((candidates, -row[candidates]))[:kept]
        yield candidates[order], row[candidates][order].astype(np.float32)


def _equal_rows(facts: sparse.csr_matrix) -> tuple[IntArray, list[list[int]]]:
    """The group of every row, and the rows of every group in order: rows with equal facts are one group."""
    facts.sort_indices()
    numbers: dict[bytes, int] = {}
    members: list[list[int]] = []
    group = np.zeros(facts.shape[0], dtype=np.int64)
    for row, (start, end) in enumerate(zip(facts.indptr[:-1], facts.indptr[1:], strict=True)):
        number = numbers.setdefault(facts.indices[start:end].tobytes(), len(numbers))
        if number == len(members):
            members.append([])
        members[number].append(row)
        group[row] = number
    return group, members


def _near_sets(
    sets: sparse.csr_matrix, weights: FloatArray, searched: list[int], kept: int
) -> Iterator[tuple[IntArray, FloatArray]]:
    """For each of `searched` the nearest other sets."""
    weighed = sets.astype(np.float32) @ sparse.diags(np.sqrt(weights).astype(np.float32))
    weighed = weighed.tocsc()
    dense = np.diff(weighed.indptr) > _DENSE_SHARE * sets.shape[0]
    common: FloatArray = weighed[:, dense].toarray()
    rare = weighed[:, ~dense].tocsr()
    rare_transposed = rare.T.tocsr()
    sizes = np.asarray(sets @ weights, dtype=np.float32)
    for start in range(0, len(searched), _CHUNK):
        rows = searched[start : start + _CHUNK]
        shared = common[rows] @ common.T
        shared += (rare[rows] @ rare_transposed).toarray()
        shared /= np.maximum(sizes[rows][:, None] + sizes[None, :] - shared, 1e-9)
        shared[np.arange(len(rows)), rows] = -1.0
        yield from _best(shared, kept)
