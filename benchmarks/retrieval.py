"""What nearest texts are judged by: a balanced sample of models, texts without what gives the answer away, measures.

For a query with R relevant texts in the sample, of whose ten nearest others `hit(i)` says whether the i-th is relevant:
precision@10 = hits / 10, recall@10 = hits / R, MAP@10 = mean of sum(precision@i * hit(i)) / min(R, 10)
(Manning, Raghavan and Schütze 2008, chapter 8).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from etl import cleaning
from etl.reading import read_models
from graph.types import IntArray, ModelRecord

#: The models are drawn from so many times as many, the most downloaded; so many of each base.
POOL, OF_A_BASE = 20, 10
DEPTH = 10
_BLOCK = 500

#: Similarities of a block of texts (start, end) to all of them.
Similarities = Callable[[int, int], npt.NDArray[np.floating[Any]]]


@dataclass(frozen=True, slots=True)
class Sample:
    """Models, half of them drawn by base and half by task. `pool`: how many they come from, and the share of distinct
    soups among those."""

    models: tuple[ModelRecord, ...]
    pool: int
    distinct: float

    @property
    def bases(self) -> list[str | None]:
        """What each was built from first."""
        return [model.bases[0][0] if model.bases else None for model in self.models]

    @property
    def tasks(self) -> list[str | None]:
        return [model.task for model in self.models]


@dataclass(frozen=True, slots=True)
class Measures:
    """Means over the queries that have a relevant text, each from 0 to 1."""

    queries: int
    recall: float
    precision: float
    map: float


def draw(file: Path, models: int, seed: int = 0) -> Sample:
    """Ten models of each of some bases, then the same number of each task as far as they go."""
    pool = list(read_models(file, limit=models * POOL))
    chance = random.Random(seed)
    chance.shuffle(pool)
    families = _groups(pool, lambda model: model.bases[0][0] if model.bases else None)
    chosen = {model.id: model for group in families if len(group) >= OF_A_BASE for model in group[:OF_A_BASE]}
    chosen = dict(list(chosen.items())[: models // 2])
    turns = zip_longest(*_groups((model for model in pool if model.id not in chosen), lambda model: model.task))
    for model in (model for turn in turns for model in turn if model):
        if len(chosen) == models:
            break
        chosen[model.id] = model
    drawn = list(chosen.values())
    chance.shuffle(drawn)  # among equally near ones the first counts: no group may lie together
    return Sample(tuple(drawn), len(pool), len({model.soup for model in pool}) / len(pool))


def hidden(model: ModelRecord) -> str:
    """The soup without any word of the model's task and of its bases' names, wherever it stands."""
    names = [base.rsplit("/", 1)[-1] for base, _ in model.bases] + [model.task or ""]
    spelt = [cleaning.plain(each) for name in names for each in (name, cleaning.split_words(name))]
    gone = set(" ".join(spelt).split())
    return " ".join(word for word in model.soup.split() if word not in gone)


def product(vectors: Any) -> Similarities:
    """Cosines of vectors of length one, dense or sparse."""

    def similarities(start: int, end: int) -> npt.NDArray[np.floating[Any]]:
        block = vectors[start:end] @ vectors.T
        return np.asarray(block.toarray() if hasattr(block, "toarray") else block)

    return similarities


def judge(similarities: Similarities, groups: Sequence[str | None]) -> Measures:
    """How well the texts of a group find each other among all."""
    numbers = {group: number for number, group in enumerate(dict.fromkeys(group for group in groups if group))}
    of = np.array([numbers.get(group, -1) if group else -1 for group in groups])
    relevant = np.bincount(of[of >= 0], minlength=len(numbers))[of] - 1
    queries = np.flatnonzero((of >= 0) & (relevant > 0))
    hits = _nearest(similarities, len(groups))[queries]
    hits = of[hits] == of[queries][:, None]
    wanted = relevant[queries]
    precisions = np.cumsum(hits, axis=1) / np.arange(1, DEPTH + 1)
    average = (precisions * hits).sum(axis=1) / np.minimum(wanted, DEPTH)
    found = hits.sum(axis=1)
    return Measures(len(queries), float((found / wanted).mean()), float(found.mean() / DEPTH), float(average.mean()))


def _nearest(similarities: Similarities, count: int) -> IntArray:
    """The ten nearest others of every text."""
    parts = []
    for start in range(0, count, _BLOCK):
        scores = similarities(start, min(start + _BLOCK, count))
        rows = np.arange(len(scores))
        scores[rows, start + rows] = -np.inf
        parts.append(np.argsort(-scores, axis=1, kind="stable")[:, :DEPTH])
    return np.concatenate(parts)


def _groups(models: Iterable[ModelRecord], key: Callable[[ModelRecord], str | None]) -> list[list[ModelRecord]]:
    found: dict[str, list[ModelRecord]] = {}
    for model in models:
        if name := key(model):
            found.setdefault(name, []).append(model)
    return list(found.values())
