"""The nearest sets of facts by weighted Jaccard index: brute force, and `etl.jaccard.by_jaccard`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import sparse

from etl.jaccard import by_jaccard
from graph.similarity import fact_weight
from graph.types import FloatArray, IntArray, ModelRecord

_BLOCK = 100


def facts(models: Sequence[ModelRecord]) -> tuple[sparse.csr_matrix, FloatArray]:
    """(models, facts) ones and zeros, the author left out, as in the similar stage; and what each fact weighs."""
    numbers: dict[tuple[str, str], int] = {}
    columns, ends = [], [0]
    for model in models:
        one = {"task": model.task, "library": model.library, "license": model.license}
        named = [(kind, name) for kind, name in one.items() if name]
        for kind in ("tags", "languages", "architectures", "datasets", "papers"):
            named += [(kind, name) for name in dict.fromkeys(getattr(model, kind))]
        columns += [numbers.setdefault(fact, len(numbers)) for fact in named]
        ends.append(len(columns))
    shape = (len(models), max(len(numbers), 1))
    matrix = sparse.csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=shape)
    degrees = np.bincount(columns, minlength=shape[1]).tolist()
    return matrix, np.array([fact_weight(degree, len(models)) for degree in degrees], dtype=np.float32)


def scores(sets: sparse.csr_matrix, weights: FloatArray, rows: IntArray) -> FloatArray:
    """(rows, all): the weight of what both have over the weight of what either has."""
    sizes = np.asarray(sets @ weights, dtype=np.float32)
    both = (sets[rows] @ sparse.diags(weights) @ sets.T).toarray()
    return np.asarray(both / np.maximum(sizes[rows][:, None] + sizes[None, :] - both, 1e-9), dtype=np.float32)


#: Sets, their weights, the rows that are asked for and k → the k nearest of each row.
Ask = Callable[[sparse.csr_matrix, FloatArray, IntArray, int], IntArray]


def brute_force(sets: sparse.csr_matrix, weights: FloatArray, rows: IntArray, k: int) -> IntArray:
    parts = []
    for start in range(0, len(rows), _BLOCK):
        some = scores(sets, weights, rows[start : start + _BLOCK])
        parts.append(np.argpartition(some, -k - 1, axis=1)[:, -k - 1 :])
    return np.concatenate(parts)


def ours(sets: sparse.csr_matrix, weights: FloatArray, rows: IntArray, k: int) -> IntArray:
    """Of all rows, whichever are asked for."""
    found = np.full((sets.shape[0], k), -1, dtype=np.int64)
    for row, others, _ in by_jaccard(sets, weights, np.full(sets.shape[0], k, dtype=np.int64)):
        found[row, : len(others)] = others
    return found[rows]
