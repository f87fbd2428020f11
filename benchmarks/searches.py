"""Ways to find the nearest neighbours of each of many unit vectors, all with the same two steps: build, then ask."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from graph import neighbours
from graph.types import FloatArray, IntArray

#: Links of a node of an HNSW graph, and how many candidates are held while it is built and searched
#: (Malkov and Yashunin 2018).
M, EF = 16, 100
BLOCK = 500

#: Vectors and k → the numbers of the k nearest of each, itself included where it is found.
Ask = Callable[[FloatArray, int], IntArray]


class Search(NamedTuple):
    """`build` takes the vectors and a number of threads. `exact`: each row costs the same, so that a sample will do.
    `package`: what has to be installed for it, beside what training needs; `hint`: and what that needs."""

    build: Callable[[FloatArray, int], Ask]
    exact: bool = False
    package: str = ""
    hint: str = ""


def _product(units: FloatArray, threads: int) -> Ask:
    def ask(queries: FloatArray, k: int) -> IntArray:
        parts = []
        for start in range(0, len(queries), BLOCK):
            scores = queries[start : start + BLOCK] @ units.T
            best = np.argpartition(scores, -k, axis=1)[:, -k:]
            order = np.argsort(-np.take_along_axis(scores, best, axis=1), axis=1)
            parts.append(np.take_along_axis(best, order, axis=1))
        return np.concatenate(parts)

    return ask


def _flat(units: FloatArray, threads: int) -> Ask:
    import faiss

    return _faiss(faiss.IndexFlatIP(units.shape[1]), units, threads)


def _ivf(units: FloatArray, threads: int) -> Ask:
    """The lists and probes of `graph.neighbours`, with vectors in 8 bits whose scores stand as they are."""
    import faiss

    count, width = units.shape
    lists, probes = ivf_shape(count)
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(width), width, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.cp.niter, index.cp.max_points_per_centroid = neighbours._ROUNDS, neighbours._TRAINING_ROWS_PER_LIST
    index.cp.min_points_per_centroid = 1  # without its warning where there are few
    index.nprobe = probes
    return _faiss(index, units, threads)


def ivf_shape(count: int) -> tuple[int, int]:
    """How many lists `graph.neighbours` makes of so many rows, and how many of them it looks through."""
    lists = max(1, min(neighbours._LISTS, int((count * neighbours._PROBES) ** 0.5)))
    return lists, min(neighbours._PROBES, lists)


def _faiss_hnsw(units: FloatArray, threads: int) -> Ask:
    import faiss

    index = faiss.IndexHNSWFlat(units.shape[1], M, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = index.hnsw.efSearch = EF
    return _faiss(index, units, threads)


def _faiss(index: Any, units: FloatArray, threads: int) -> Ask:
    import faiss

    faiss.omp_set_num_threads(threads)
    index.train(units)
    index.add(units)
    return lambda queries, k: np.asarray(index.search(queries, k)[1], dtype=np.int64)


def _hnswlib(units: FloatArray, threads: int) -> Ask:
    hnswlib = import_module("hnswlib")

    index = hnswlib.Index(space="ip", dim=units.shape[1])
    index.init_index(max_elements=len(units), M=M, ef_construction=EF, random_seed=0)
    index.set_num_threads(threads)
    index.add_items(units)
    index.set_ef(EF)
    return lambda queries, k: np.asarray(index.knn_query(queries, k=k)[0], dtype=np.int64)


def _usearch(units: FloatArray, threads: int) -> Ask:
    make = import_module("usearch.index").Index
    index = make(ndim=units.shape[1], metric="ip", dtype="f32", connectivity=M, expansion_add=EF, expansion_search=EF)
    index.add(np.arange(len(units)), units, threads=threads)
    return lambda queries, k: np.asarray(index.search(queries, k, threads=threads).keys, dtype=np.int64)


def _ours(units: FloatArray, threads: int) -> Ask:
    """`graph.neighbours.by_cosine`, which builds and asks in one: it is asked for all rows, whatever the queries."""

    def ask(queries: FloatArray, k: int) -> IntArray:
        found = np.full((len(units), k), -1, dtype=np.int64)
        for row, others, _ in neighbours.by_cosine(units, np.full(len(units), k - 1, dtype=np.int64)):
            found[row, : len(others)] = others
        return found

    return ask


SEARCHES = {
    "brute force, blocked product": Search(_product, exact=True),
    "faiss flat": Search(_flat, exact=True),
    "faiss IVF, 8 bits": Search(_ivf),
    "faiss HNSW": Search(_faiss_hnsw),
    "hnswlib": Search(_hnswlib, package="hnswlib", hint=" (a C++ compiler builds it)"),
    "usearch": Search(_usearch, package="usearch"),
    "graph.neighbours.by_cosine": Search(_ours),
}
