"""Text vectors as the stages of a build read them: from files, by the hash of the text; else from the database.

The database holds every vector, and streaming a million of them takes minutes where reading a file takes seconds. The
hash stands beside the vector in the graph, so that what the files hold is never out of date, only superfluous.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from graph.database import Database
from graph.errors import NotBuilt
from graph.types import FloatArray

#: Folder in the home's cache, by property.
_FOLDERS = {"textEmbedding": "texts", "sentenceEmbedding": "sentences"}
#: Vectors that are asked for at once.
_ASK = 5_000

Mask = npt.NDArray[np.bool_]


class VectorCache:
    """Vectors of one property by hash, in .npz files of `home`; without a home it stays empty. A damaged file is
    dropped."""

    def __init__(self, home: Path | None, property: str = "textEmbedding") -> None:
        self.property = property
        self._folder = home / "cache" / _FOLDERS[property] if home else None

    def gather(self, hashes: Sequence[str | None]) -> tuple[FloatArray, Mask]:
        """The vectors behind `hashes`, (hashes, d), and which of them are there; the others are zeros. Where there are
        none, d is 0."""
        wanted = np.array([hash_ or "" for hash_ in hashes], dtype="S")
        order = np.argsort(wanted, kind="stable")
        ordered = wanted[order]
        found = np.zeros((len(wanted), 0), dtype=np.float32)
        there = np.zeros(len(wanted), dtype=bool)
        for known, vectors in self._parts():
            first, last = (np.searchsorted(ordered, known, side) for side in ("left", "right"))
            counts = last - first
            if counts.any():
                rows = np.repeat(np.arange(len(known)), counts)
                places = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
                at = order[np.repeat(first, counts) + places]
                found = _as_wide(found, vectors.shape[1])
                found[at], there[at] = vectors[rows], True
        return found, there

    def add(self, hashes: Sequence[str], vectors: FloatArray) -> None:
        """Keeps `vectors` (hashes, d) in a file of their own."""
        if self._folder is None or not len(hashes):
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.blake2b("".join(hashes).encode(), digest_size=8).hexdigest()
        draft = self._folder / f"{name}.{os.getpid()}.part"
        with draft.open("wb") as file:
            np.savez(file, hashes=np.array(hashes, dtype="S"), vectors=np.asarray(vectors, dtype=np.float32))
        draft.replace(self._folder / f"{name}.npz")

    def tidy(self, most: int) -> None:
        """Empties the folder where it holds more than `most` vectors: those in use are read again."""
        if sum(len(known) for known, _ in self._parts()) > most:
            for file in self._files():
                file.unlink()

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.npz")) if self._folder else []

    def _parts(self) -> Iterator[tuple[npt.NDArray[np.bytes_], FloatArray]]:
        for file in self._files():
            try:
                with np.load(file, allow_pickle=False) as part:
                    known, vectors = part["hashes"].astype("S"), part["vectors"]
                if vectors.ndim != 2 or len(vectors) != len(known):
                    raise ValueError(vectors.shape)
            except (OSError, ValueError, KeyError, zipfile.BadZipFile):
                file.unlink(missing_ok=True)
            else:
                yield known, vectors


def vectors_of(db: Database, cache: VectorCache, ids: Sequence[str], hashes: Sequence[str | None]) -> FloatArray:
    """The vectors of the models `ids`, (ids, d), as of `gathered`. Raises `NotBuilt` where a model has no vector."""
    found, there = gathered(db, cache, ids, hashes)
    without = len(ids) - int(there.sum())
    if without:
        raise NotBuilt(f"{without} of {len(ids)} models have no text vector.", "Run: hfmrs build --only embed")
    return found


def gathered(
    db: Database, cache: VectorCache, ids: Sequence[str], hashes: Sequence[str | None]
) -> tuple[FloatArray, Mask]:
    """The vectors of the models `ids`, (ids, d), and which of them have one; what `cache` lacks is read from the
    database and added to it. `hashes`: of the texts behind the vectors, as the graph says."""
    found, there = cache.gather(hashes)
    missing = {ids[i]: i for i in np.flatnonzero(~there).tolist()}
    for part in stored(db, "Model", cache.property, list(missing)):
        rows = [missing[key] for key, _ in part]
        for i, (_, vector) in zip(rows, part, strict=True):
            found = _as_wide(found, len(vector))
            found[i], there[i] = vector, True
        hashed = [i for i in rows if hashes[i]]
        cache.add([str(hashes[i]) for i in hashed], found[hashed])
    return found, there


def stored(db: Database, label: str, property: str, keys: Sequence[str]) -> Iterator[list[tuple[str, list[float]]]]:
    """Those nodes of `keys` that have the vector `property`, and the vector, some thousand at a time."""
    for start in range(0, len(keys), _ASK):
        rows = db.read(f"export/vectors/{label}", keys=list(keys[start : start + _ASK]), property=property)
        yield [(row["key"], row["vector"]) for row in rows]


def lengths(vectors: FloatArray) -> FloatArray:
    """(rows,): the length of each row of `vectors` (rows, d), at least 1e-12; without a second matrix of their size."""
    return np.asarray(np.maximum(np.sqrt(np.einsum("nd,nd->n", vectors, vectors)), 1e-12), dtype=np.float32)


def _as_wide(vectors: FloatArray, dimensions: int) -> FloatArray:
    """`vectors` once it is known how many numbers each has."""
    return vectors if vectors.shape[1] else np.zeros((len(vectors), dimensions), dtype=np.float32)
