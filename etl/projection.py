"""Vectors in few dimensions: principal components, and UMAP for a picture in which neighbours lie together.

The UMAP here is the method of McInnes, Healy and Melville (2018) in numpy. The package umap-learn compiles itself for
half a minute before the first picture, as long as the whole demo takes otherwise.
"""

from __future__ import annotations

import faiss
import numpy as np
from scipy import sparse
from sklearn.decomposition import PCA

from graph.types import FloatArray, IntArray

#: How many models at most are laid out by UMAP itself; the others are placed by the nearest of these.
LANDMARKS = 20_000
NEIGHBOURS = 15

#: Of 1 / (1 + A·d^2B), the nearness of two points of the picture at distance d: flat up to 0.1, where they touch.
_A, _B = 1.577, 0.895
_NEGATIVES = 5
_EPOCHS = 200
_PLACED_BY = 5
_ROWS = 50_000


def principal(vectors: FloatArray, dimensions: int) -> tuple[FloatArray, float]:
    """The rows of (n, d) `vectors` on their first principal components, (n, `dimensions` or fewer but at least 2), and
    the share of the variance that these hold."""
    components = min(dimensions, *vectors.shape)
    points = np.zeros((len(vectors), max(components, 2)), dtype=np.float32)
    if len(vectors) < 2:
        return points, 0.0
    pca = PCA(components, svd_solver="covariance_eigh").fit(vectors)
    for start in range(0, len(vectors), _ROWS):
        points[start : start + _ROWS, :components] = pca.transform(vectors[start : start + _ROWS])
    return points, float(np.nan_to_num(pca.explained_variance_ratio_).sum())


def picture(points: FloatArray, *, landmarks: int = LANDMARKS, seed: int = 0) -> FloatArray:
    """(n, 2): UMAP of (n, d) `points`, at least one, the longer side between 0 and 1.

    Of more than `landmarks` points a random choice is laid out, and each other one is put among its nearest of these.
    """
    random = np.random.default_rng(seed)
    if len(points) <= landmarks:
        return fitted(_gathered(umap(points, random)))
    chosen = np.sort(random.choice(len(points), landmarks, replace=False))
    laid = umap(points[chosen], random)
    placed = np.empty((len(points), 2), dtype=np.float32)
    index = faiss.IndexFlatL2(points.shape[1])
    index.add(points[chosen])
    for start in range(0, len(points), _ROWS):
        distances, nearest = index.search(points[start : start + _ROWS], _PLACED_BY)
        # Relative to the nearest one, so that an average over two far islands does not end up in the sea between.
        weights = np.maximum(distances[:, :1], 1e-9) / np.maximum(distances, 1e-9)
        weights = weights**4 / (weights**4).sum(axis=1, keepdims=True)
        placed[start : start + _ROWS] = (laid[nearest] * weights[:, :, None]).sum(axis=1)
    placed[chosen] = laid
    return fitted(_gathered(placed))


def umap(points: FloatArray, random: np.random.Generator) -> FloatArray:
    """(n, 2): a layout of (n, d) `points`, d at least 2, in which near ones lie near each other. Begins with their
    first two columns, which should be those that vary most."""
    count = len(points)
    start = points[:, :2]
    if count <= NEIGHBOURS:
        return start
    layout = 10 * start / (np.abs(start).max() or 1.0) + random.normal(scale=1e-3, size=(count, 2))
    edges = _nearness(points)
    return _attracted(layout.astype(np.float32), edges.row, edges.col, edges.data / edges.data.max(), random)


def _nearness(points: FloatArray) -> sparse.coo_matrix:
    """(n, n): how surely two points are neighbours, 0 to 1, each pair once in each direction."""
    count = len(points)
    index = faiss.IndexFlatL2(points.shape[1])
    index.add(points)
    squares, found = index.search(points, NEIGHBOURS + 1)
    distances = np.sqrt(np.maximum(squares[:, 1:], 0))
    excess = np.maximum(distances - distances[:, :1], 0)
    low, high = np.zeros((count, 1)), np.full((count, 1), 1e3)
    for _ in range(40):  # the width at which the neighbours count as log2 of their number
        middle = (low + high) / 2
        many = np.exp(-excess / middle).sum(axis=1, keepdims=True) > np.log2(NEIGHBOURS)
        low, high = np.where(many, low, middle), np.where(many, middle, high)
    sure = np.exp(-excess / np.maximum(high, 1e-3 * distances.mean() + 1e-12))
    rows = np.repeat(np.arange(count), NEIGHBOURS)
    one = sparse.csr_matrix((sure.ravel(), (rows, found[:, 1:].ravel())), shape=(count, count))
    one.setdiag(0)
    both = (one + one.T - one.multiply(one.T)).tocoo()
    both.eliminate_zeros()
    return both


def _attracted(
    layout: FloatArray, heads: IntArray, tails: IntArray, weights: FloatArray, random: np.random.Generator
) -> FloatArray:
    """Moves the points of `layout`: together along edges, each as often as its weight says, and apart from random ones.

    Several edges are taken at a time, few enough that a point is in about one of them: all at once they overshoot.
    """
    count = len(layout)
    for epoch in range(_EPOCHS):
        step = np.float32(1 - epoch / _EPOCHS)
        drawn = np.flatnonzero(random.random(len(weights)) < weights)
        for batch in np.array_split(random.permutation(drawn), max(1, len(drawn) // count)):
            head, tail = heads[batch], tails[batch]
            away = layout[head] - layout[tail]
            squares = np.maximum((away * away).sum(axis=1), 1e-8)
            power = squares**_B
            pulls = np.clip((-2 * _A * _B * power / squares / (1 + _A * power))[:, None] * away, -4, 4)
            pushed = np.repeat(head, _NEGATIVES)
            away = layout[pushed] - layout[random.integers(0, count, len(pushed))]
            squares = (away * away).sum(axis=1)
            pushes = np.clip((2 * _B / ((1e-3 + squares) * (1 + _A * squares**_B)))[:, None] * away, -4, 4)
            whom = np.concatenate([head, tail, pushed])
            moves = np.concatenate([pulls, -pulls, pushes])
            for axis in (0, 1):
                layout[:, axis] += step * np.bincount(whom, moves[:, axis], count).astype(np.float32)
    return layout


def _gathered(layout: FloatArray) -> FloatArray:
    """With far islands drawn in: nothing holds them back, and they would leave little room for the rest. How far out a
    point lies grows with the logarithm beyond where half of them are."""
    away = layout - np.median(layout, axis=0)
    far = np.linalg.norm(away, axis=1, keepdims=True)
    most = max(float(np.median(far)), 1e-9)
    out = np.maximum(far / most, 1.0)
    return np.asarray(away / out * (1 + np.log(out)), dtype=np.float32)


def fitted(layout: FloatArray) -> FloatArray:
    """Moved and scaled, both axes alike, so that the longer side goes from 0 to 1."""
    layout = layout - layout.min(axis=0)
    return np.asarray(layout / (layout.max(initial=0) or 1.0), dtype=np.float32)
