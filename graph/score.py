"""The one scorer: every score and every share of a score comes from here (numpy only).

A score is `scale * cosine(query, item) + text * closeness + sum of weight * log1p(count)`; closeness is the cosine of
the two text vectors. The last layer of the networks is linear in its neighbours (h = sum of attention * projected), so
the first cosine is an exact sum over (fact of the query, fact of the item) pairs: `flows` gives that matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.types import FloatArray, Neighbour, ScoreWeights

Float64Array = npt.NDArray[np.float64]

#: A model's recommendations are the best by score among so many models that lie nearest to it, by network and text
#: together: among all, what is built upon most would come first for everyone.
CANDIDATES = 40


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a scored pair.

    `embedding`: (d,), not normalised. `facts`: its kept neighbours, itself first. `attention`: (facts, heads).
    `projected`: (facts, d), what each fact sends, heads side by side. `counts`: (terms,), raw numbers of a model.
    `text`: its text vector, empty where it has none. `facts`, `attention` and `projected` may be empty where only a
    score is wanted.
    """

    label: str
    key: str
    embedding: FloatArray
    facts: tuple[Neighbour, ...]
    attention: FloatArray
    projected: FloatArray
    counts: FloatArray
    text: FloatArray


def _length(vector: FloatArray) -> float:
    return float(np.linalg.norm(vector.astype(np.float64))) or 1.0


def mean(vectors: Sequence[FloatArray], count: int) -> FloatArray:
    """(d,): the sum of `vectors` (d,) at length 1, over `count`; empty where there are none."""
    units = [each / _length(each) for each in vectors]
    return np.asarray(np.sum(units, axis=0) / count, dtype=np.float32) if units else np.zeros(0, np.float32)


def of_mean(weights: ScoreWeights, embedding: FloatArray, text: FloatArray) -> ScoreWeights:
    """The weights by which the score of a `mean` is the mean of the scores: a cosine forgets how long a mean of unit
    vectors is, the mean of the cosines does not. `embedding` (d,), `text` (256,) or empty."""
    near, alike = (float(np.linalg.norm(each.astype(np.float64))) for each in (embedding, text))
    return ScoreWeights(weights.scale * near, weights.terms, weights.text * alike)


def cosines(query: FloatArray, items: FloatArray) -> Float64Array:
    """Cosines (items,) of `query` (d,) with `items` (items, d); 0 where one of the two has no length."""
    lengths = np.linalg.norm(items.astype(np.float64), axis=1)
    return np.asarray(
        items.astype(np.float64) @ (query.astype(np.float64) / _length(query)) / np.maximum(lengths, 1e-12)
    )


def score(
    query: FloatArray,
    items: FloatArray,
    counts: FloatArray,
    closeness: npt.NDArray[np.floating[Any]] | float,
    terms: Sequence[str],
    weights: ScoreWeights,
) -> Float64Array:
    """Scores (items,) of `items` (items, d) with raw `counts` (items, terms) for one `query` (d,). `closeness`
    (items,): the cosines of their text vectors with the query's."""
    near = nearness(query, items, closeness, weights)
    return np.asarray(near + np.log1p(counts.astype(np.float64)) @ _term_weights(terms, weights))


def nearness(
    query: FloatArray, items: FloatArray, closeness: npt.NDArray[np.floating[Any]] | float, weights: ScoreWeights
) -> Float64Array:
    """The part of `score` that is about the pair, and not about how much an item is built upon."""
    return np.asarray(weights.scale * cosines(query, items) + weights.text * np.asarray(closeness, dtype=np.float64))


def score_pair(query: Side, item: Side, terms: Sequence[str], weights: ScoreWeights) -> float:
    """The score of one pair."""
    near = closeness(query, item)
    return float(score(query.embedding, item.embedding[None], item.counts[None], near, terms, weights)[0])


def closeness(query: Side, item: Side) -> float:
    """The cosine of the two text vectors; 0 where one has none."""
    if not (query.text.size and item.text.size):
        return 0.0
    return float(cosines(query.text, item.text[None])[0])


def _term_weights(terms: Sequence[str], weights: ScoreWeights) -> Float64Array:
    return np.array([weights.terms.get(name, 0.0) for name in terms], dtype=np.float64)


def term_shares(item: Side, terms: Sequence[str], weights: ScoreWeights) -> dict[str, float]:
    """What each term adds to the item's score, by name."""
    shares = np.log1p(item.counts.astype(np.float64)) * _term_weights(terms, weights)
    return {name: float(share) for name, share in zip(terms, shares, strict=True)}


def _messages(side: Side) -> Float64Array:
    """(facts, d): each fact's part of the unit embedding."""
    facts, heads = side.attention.shape
    weighed = (
        side.projected.astype(np.float64).reshape(facts, heads, -1) * side.attention.astype(np.float64)[:, :, None]
    )
    return np.asarray(weighed.reshape(facts, -1) / _length(side.embedding))


def flows(query: Side, item: Side, weights: ScoreWeights) -> Float64Array:
    """(facts of query, facts of item): the exact part of the score that each pair of facts carries.

    The sum is the network term, less what facts that were not kept carry.
    """
    return np.asarray(weights.scale * (_messages(query) @ _messages(item).T))
