"""The nearest sets of facts of each of many models by weighted Jaccard index. Exact, because models with equal facts
are one set."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse

from graph.neighbours import Found, Scores, nearest
from graph.types import FloatArray, IntArray

#: Facts that more than this share of all sets have are compared by a dense product, the others by a sparse one.
_DENSE_SHARE = 0.02


def by_jaccard(facts: sparse.csr_matrix, weights: FloatArray, kept: IntArray, rows: IntArray | None = None) -> Found:
    """Up to `kept[i]` neighbours of every row i of `facts` (rows, facts), ones and zeros, or only of `rows`: by the
    weight of the facts that both have over the weight of those that either has. A row without facts has none."""
    rows = np.arange(facts.shape[0]) if rows is None else rows
    group, members = _equal_rows(facts)
    sets = facts[[each[0] for each in members]]
    most = int(kept[rows].max(initial=0))
    # Where a row has more equals than are wanted, nothing else is looked for.
    wanted = np.unique(group[rows]).tolist()
    searched = np.array([i for i in wanted if len(members[i]) <= most and _has_facts(sets, i)], dtype=np.int64)
    best, _ = nearest(_set_scores(sets, weights), sets.shape[0], searched, most)
    place = {set_: number for number, set_ in enumerate(searched.tolist())}
    for row in rows.tolist():
        own, wants = int(group[row]), int(kept[row])
        others = [other for other in members[own][: wants + 1] if other != row] if _has_facts(sets, own) else []
        scores = [1.0] * len(others)
        if own in place and len(others) < wants:
            number = place[own]
            for other_set, score in zip(best.others[number].tolist(), best.scores[number].tolist(), strict=True):
                if other_set < 0 or len(others) >= wants:
                    break
                fresh = members[other_set][:wants]
                others.extend(fresh)
                scores.extend([score] * len(fresh))
        yield row, np.array(others[:wants], np.int64), np.array(scores[:wants], np.float32)


def nearer_by_jaccard(facts: sparse.csr_matrix, weights: FloatArray, rows: IntArray, limits: FloatArray) -> IntArray:
    """The rows i that one of `rows` is nearer to than `limits[i]`."""
    group, members = _equal_rows(facts)
    sets = facts[[each[0] for each in members]]
    lowest = np.full(len(members), np.inf, dtype=np.float32)
    np.minimum.at(lowest, group, limits)
    own = np.unique(group[rows])
    own = own[np.diff(sets.indptr)[own] > 0]
    _, (near, _, scores) = nearest(_set_scores(sets, weights), sets.shape[0], own, 1, lowest)
    reached = np.zeros(len(members), dtype=np.float32)
    np.maximum.at(reached, near, scores)
    reached[own] = 1.0
    return np.flatnonzero(reached[group] > limits)


def _has_facts(sets: sparse.csr_matrix, number: int) -> bool:
    return bool(sets.indptr[number] < sets.indptr[number + 1])


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


def _set_scores(sets: sparse.csr_matrix, weights: FloatArray) -> Scores:
    """The weighted Jaccard index of sets: common facts are compared by a dense product, rare ones by a sparse one."""
    weighed = (sets.astype(np.float32) @ sparse.diags(np.sqrt(weights).astype(np.float32))).tocsc()
    dense = np.diff(weighed.indptr) > _DENSE_SHARE * sets.shape[0]
    common: FloatArray = weighed[:, dense].toarray()
    rare = weighed[:, ~dense].tocsr()
    sizes = np.asarray(sets @ weights, dtype=np.float32)

    def scores_of(start: int, end: int) -> Callable[[IntArray], FloatArray]:
        turned = rare[start:end].T.tocsr()

        def scores(rows: IntArray) -> FloatArray:
            shared: FloatArray = common[rows] @ common[start:end].T
            few = (rare[rows] @ turned).tocoo()
            shared[few.row, few.col] += few.data
            either = sizes[rows][:, None] + sizes[None, start:end]
            either -= shared
            np.maximum(either, 1e-9, out=either)
            np.divide(shared, either, out=shared)
            return shared

        return scores

    return scores_of
