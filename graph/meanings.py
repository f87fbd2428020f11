"""Which models' texts are nearest in meaning to a text vector: an inverted file in the home folder, beside the index of
words.

The database's own index of these vectors, which Cypher asks, takes a hundred times as long: it reads every model that
it finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from graph.database import Database
from graph.text import DIMENSIONS
from graph.types import FloatArray, IntArray
from graph.vectors import VectorCache, gathered

#: Where a model lies in the index of words: part, place in it.
Address = tuple[int, int]

_FILE = "meanings.faiss"
#: Models of a list of the inverted file, roughly; lists, at most; how many of them are looked through for a vector;
#: models that are added at once.
_IN_LIST, _LISTS, _PROBES, _BATCH = 400, 2_048, 40, 50_000
_PART = np.int64(2**32)


class Meanings:
    """An inverted file (Jégou et al. 2011) of vectors whose numbers are kept in eight bits; threads may share it. It
    lies in its file, which all processes share, and only its centres in memory."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def open(cls, folder: Path) -> Meanings:
        """The one in this folder. Raises `RuntimeError` where it cannot be read."""
        import faiss

        index: Any = faiss.read_index(str(folder / _FILE), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
        lists: Any = faiss.downcast_InvertedLists(index.invlists)
        lists.prefetch_nthread = 0  # what is in memory is not fetched
        return cls(index)

    @staticmethod
    def make(
        db: Database, home: Path, folder: Path, ids: Sequence[str], hashes: Sequence[str | None], at: Sequence[Address]
    ) -> None:
        """Writes the one of the models `ids` that have a vector, which lie `at` these places."""
        import faiss

        vectors, there = gathered(db, VectorCache(home), ids, hashes)
        places = np.array(at, dtype=np.int64).reshape(len(at), 2)
        numbers = (places[:, 0] * _PART + places[:, 1])[there]
        rows = np.flatnonzero(there)
        lists = min(_LISTS, max(1, len(rows) // _IN_LIST))
        index = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(DIMENSIONS), DIMENSIONS, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
        )
        if len(rows):
            index.cp.min_points_per_centroid, index.cp.max_points_per_centroid = 1, 40
            index.cp.niter = 10
            index.train(_units(vectors[rows[:: max(1, len(rows) // (40 * lists))]]))
        for start in range(0, len(rows), _BATCH):
            some = slice(start, start + _BATCH)
            index.add_with_ids(_units(vectors[rows[some]]), numbers[some])
        faiss.write_index(index, str(folder / _FILE))

    def nearest(self, vector: Sequence[float], k: int, among: Sequence[Address] | None = None) -> list[Address]:
        """Where the `k` nearest models lie, nearest first; only of those `among`, of which all are compared."""
        import faiss

        if not self._index.ntotal:
            return []
        given: dict[str, Any] = {"nprobe": _PROBES}
        if among is not None:
            chosen: IntArray = np.array([part * _PART + place for part, place in among], dtype=np.int64)
            given = {"nprobe": self._index.nlist, "sel": faiss.IDSelectorBatch(chosen)}
        asked = np.asarray([vector], dtype=np.float32)
        numbers = self._index.search(asked, min(k, self._index.ntotal), params=faiss.SearchParametersIVF(**given))[1][0]
        return [(number // int(_PART), number % int(_PART)) for number in numbers.tolist() if number >= 0]


def one_thread() -> None:
    """From here on no search of this process is shared out among threads, which in a server wait for each other."""
    import faiss

    faiss.omp_set_num_threads(1)


def _units(vectors: FloatArray) -> FloatArray:
    return np.ascontiguousarray(vectors, dtype=np.float32)
