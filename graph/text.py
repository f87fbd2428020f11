"""The static embedder: vectors of texts that people type, in the same space as every stored `textEmbedding`.

It needs numpy and a tokenizer, not torch: the folder was distilled once from the sentence transformer (`etl.embed`).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from graph.errors import NotBuilt
from graph.types import FloatArray

#: Length of a text vector.
DIMENSIONS = 256

#: Stands for a text in which the embedder knows no word, so that every vector has length one.
_UNKNOWN = "unknown"


class StaticEmbedder:
    """Turns texts into unit vectors by averaging word-piece vectors; threads may share it."""

    def __init__(self, model: object) -> None:
        self._model = model
        self._lock = threading.Lock()  # the tokenizer refuses two at once

    @classmethod
    def load(cls, folder: Path | str) -> StaticEmbedder:
        """The embedder in `folder`. Raises `NotBuilt` where there is none."""
        if not (Path(folder) / "model.safetensors").is_file():
            raise NotBuilt(f"There is no text embedder in {folder}.", "Run: hfmrs build --only embed")
        from model2vec import StaticModel

        return cls(StaticModel.from_pretrained(str(folder)))

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """float32 (texts, 256), every row of length one; a text without a known word gets that of "unknown"."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        vectors = self._raw(texts)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        empty = lengths[:, 0] < 1e-6
        if empty.any():
            vectors[empty] = self._raw([_UNKNOWN])
            lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / lengths, dtype=np.float32)

    def vector(self, text: str) -> list[float]:
        """One text's row of `encode`, as the database takes it."""
        return [float(each) for each in self.encode([text])[0]]

    def _raw(self, texts: Sequence[str]) -> FloatArray:
        # One process: the library would start workers for many texts, and their start costs more than they save.
        with self._lock:
            encoded = self._model.encode(list(texts), use_multiprocessing=False)  # type: ignore[attr-defined]
        return np.asarray(encoded, dtype=np.float32)
