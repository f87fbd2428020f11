"""Methods that are linear in what an author has built on: an item's score is a sum over the author's bases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.linalg import lapack

from gnn.ranking.methods import Popularity, Shares, decay
from gnn.ranking.task import History
from graph.types import FloatArray, IntArray


class Linear:
    """Scores are the author's row times a matrix of items; what is popular, where the author had built on nothing."""

    seeded = False
    _items: tuple[str, ...]
    _rows: sparse.csr_matrix
    _weights: FloatArray
    _popular: Popularity

    def fit(self, past: History, seed: int) -> None:
        raise NotImplementedError

    def scores(self, authors: IntArray) -> FloatArray:
        return self._popular.instead(self.products(authors), authors)

    def products(self, authors: IntArray) -> FloatArray:
        """(authors, items): zeros where an author had built on nothing."""
        return np.asarray(self._rows[authors] @ self._weights, dtype=np.float32)

    def for_items(self, items: IntArray) -> FloatArray:
        """(items, all items): the scores of an author who had built on the one item alone, just now."""
        return np.asarray(self._weights[items])

    def explain(self, author: int, item: int) -> Shares:
        known = self._rows.indptr[author] < self._rows.indptr[author + 1]
        return self.shares(author, item) if known else self._popular.explain(author, item)

    def shares(self, author: int, item: int) -> Shares:
        """What adds up to the product."""
        row = self._rows[author]
        shares = row.data * self._weights[row.indices, item]
        order = np.argsort(-np.abs(shares), kind="stable")
        return tuple((self._items[row.indices[i]], float(shares[i])) for i in order.tolist() if shares[i])


@dataclass
class ItemKNN(Linear):
    """The cosine of two items' authors, of each item's `neighbours` nearest (Sarwar et al., Item-based collaborative
    filtering, WWW 2001), shrunk where few authors speak for it. With `half_life` older bases weigh less."""

    neighbours: int = 500
    shrink: float = 100.0
    half_life: float | None = None

    def fit(self, past: History, seed: int) -> None:
        matrix = past.matrix()
        common = np.asarray((matrix.T @ matrix).todense(), dtype=np.float32)
        lengths = np.sqrt(np.diag(common))
        similar: FloatArray = np.asarray(common / (np.outer(lengths, lengths) + self.shrink), dtype=np.float32)
        np.fill_diagonal(similar, 0.0)
        if len(similar) > self.neighbours:
            limits = np.partition(similar, -self.neighbours, axis=0)[-self.neighbours]
            similar[similar < limits] = 0.0
        self._items, self._weights, self._popular = past.items, similar, _popular(past, self.half_life)
        self._rows = past.matrix(decay(past.ages, self.half_life))


@dataclass
class EASE(Linear):
    """The linear autoencoder in closed form (Steck, Embarrassingly shallow autoencoders, WWW 2019). With `half_life`
    older pairs weigh less, in what is learned and in what is asked."""

    regularisation: float = 1_000.0
    half_life: float | None = None

    def fit(self, past: History, seed: int) -> None:
        rows = past.matrix(decay(past.ages, self.half_life))
        # Pairs weigh by the square root on each side of the product, so that a pair's own weight is what it is.
        halves = past.matrix(np.sqrt(decay(past.ages, self.half_life)))
        gram = (halves.T @ halves).tocsr()
        # What nobody built on beside something else has no weights: the rest is inverted without it.
        linked = np.flatnonzero(np.diff(gram.indptr) > 1)
        weights = np.zeros(gram.shape, np.float32)
        if len(linked):
            part = gram[linked][:, linked].toarray()
            part[np.diag_indices_from(part)] += self.regularisation
            inverse = _inverse(part)
            inverse /= -np.diag(inverse).copy()
            np.fill_diagonal(inverse, 0.0)
            weights[np.ix_(linked, linked)] = inverse
        self._items, self._rows, self._weights = past.items, rows, weights
        self._popular = _popular(past, self.half_life)


@dataclass
class Blend:
    """`linear` with `share` times the logarithm of what is popular now; both in units of their standard deviation. For
    an author who had built on nothing only the latter counts."""

    linear: Linear
    popularity: Popularity
    share: float = 1.0
    seeded = False

    def fit(self, past: History, seed: int) -> None:
        self.linear.fit(past, seed)
        self.popularity.fit(past, seed)
        everyone = np.arange(past.builders)
        some = everyone[:: max(1, len(everyone) // 1_000)]
        self._unit = float(self.linear.products(some).std()) or 1.0
        logs = np.log1p(self.popularity.scores(some[:1])[0])
        self._logs = (self.share / (float(logs.std()) or 1.0) * logs).astype(np.float32)

    def scores(self, authors: IntArray) -> FloatArray:
        return np.asarray(self.linear.products(authors) / self._unit + self._logs, dtype=np.float32)

    def explain(self, author: int, item: int) -> Shares:
        ((words, _),) = self.popularity.explain(author, item)
        shares = [(name, share / self._unit) for name, share in self.linear.shares(author, item)]
        return tuple(sorted([*shares, (words, float(self._logs[item]))], key=lambda each: -abs(each[1])))


def _inverse(matrix: FloatArray) -> FloatArray:
    """Of a symmetric, positive definite matrix, by Cholesky: a third of the work of any other."""
    factor, failed = lapack.spotrf(matrix, lower=True)
    upside, failed = lapack.spotri(factor, lower=True) if not failed else (factor, failed)
    if failed:
        raise ValueError("The matrix is not positive definite.")
    return np.asarray(np.tril(upside) + np.tril(upside, -1).T)


def _popular(past: History, half_life: float | None) -> Popularity:
    popular = Popularity(half_life=half_life)
    popular.fit(past, 0)
    return popular
