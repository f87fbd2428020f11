"""Embeddings of a knowledge graph: each entity and each relation has a vector, and a triple a score by the three."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import torch
from torch.nn.functional import embedding

from gnn.ranking.newcomers import NewModels
from gnn.ranking.task import TooLittle
from gnn.ranking.triples import Triples, triples
from graph.types import FloatArray, IntArray

#: How long the vectors are in the beginning, by each number.
_START = 0.1


class Geometry(Protocol):
    """How vectors of `size` numbers make a score."""

    def moved(self, heads: torch.Tensor, relations: torch.Tensor) -> torch.Tensor:
        """(…, size) of both -> (…, size): where a tail would have to lie."""
        ...

    def scores(self, moved: torch.Tensor, tails: torch.Tensor) -> torch.Tensor:
        """(…, n, size), (…, m, size) -> (…, n, m)."""
        ...

    def norm(self, vectors: torch.Tensor) -> torch.Tensor:
        """(…, size) -> (…,): what regularisation keeps small."""
        ...


class TransE:
    """A relation moves the head to where the tail is, and the score is how near that comes (Bordes et al., Translating
    embeddings for modeling multi-relational data, NIPS 2013)."""

    def moved(self, heads: torch.Tensor, relations: torch.Tensor) -> torch.Tensor:
        return heads + relations

    def scores(self, moved: torch.Tensor, tails: torch.Tensor) -> torch.Tensor:
        return -torch.cdist(moved, tails)

    def norm(self, vectors: torch.Tensor) -> torch.Tensor:
        return (vectors**2).sum(-1)


class ComplEx:
    """The real part of the product of head, relation and conjugate tail, vectors of complex numbers (Trouillon et al.,
    Complex embeddings for simple link prediction, ICML 2016): real parts first, imaginary parts after them."""

    def moved(self, heads: torch.Tensor, relations: torch.Tensor) -> torch.Tensor:
        (a, b), (c, d) = heads.chunk(2, -1), relations.chunk(2, -1)
        return torch.cat([a * c - b * d, a * d + b * c], -1)

    def scores(self, moved: torch.Tensor, tails: torch.Tensor) -> torch.Tensor:
        return moved @ tails.transpose(-1, -2)

    def norm(self, vectors: torch.Tensor) -> torch.Tensor:
        """The nuclear 3-norm (N3: Lacroix et al., Canonical tensor decomposition for knowledge base completion, ICML
        2018)."""
        real, imaginary = vectors.chunk(2, -1)
        return ((real**2 + imaginary**2 + 1e-12) ** 1.5).sum(-1)


@dataclass(frozen=True, slots=True)
class _Direction:
    """The triples of a relation, or of its reciprocal (Lacroix et al. 2018): from `heads` (triples,) to `tails`, which
    are to be told apart from all `ends` of the relation."""

    relation: int
    heads: torch.Tensor
    tails: torch.Tensor
    ends: torch.Tensor


@dataclass
class Embeddings:
    """Learns, by Adagrad, vectors by which the tail of a triple is likelier than other ends of its relation (a softmax:
    Ruffinelli et al., You CAN teach an old dog new tricks, ICLR 2020, found it best for both scores).

    New models have no link of the kind that is asked for, but vectors of their own, which come from their facts: these
    take part like all others. Ends of the relation that is asked for are all compared; of more ends of another than
    `negatives`, so many are drawn for each batch and stand for all.
    """

    geometry: Geometry
    size: int = 128
    epochs: int = 8
    learning_rate: float = 0.1
    regularisation: float = 0.0
    negatives: int = 256
    batch: int = 1_024
    seeded = True

    def fit(self, task: NewModels, seed: int) -> None:
        """Raises `TooLittle` where there was no link of the kind before the cut."""
        self._known = known = triples(task)
        if not (known.relation == known.link).any():
            raise TooLittle()
        generator, random = torch.Generator().manual_seed(seed), np.random.default_rng(seed)
        self._entities, self._relations = (
            torch.nn.Parameter(torch.randn(count, self.size, generator=generator) * _START)
            for count in (known.entities, 2 * known.relations)
        )
        optimiser = torch.optim.Adagrad([self._entities, self._relations], self.learning_rate)
        directions = [*_directions(known)]
        for _ in range(self.epochs):
            batches = [each for direction in directions for each in self._batches(direction, random)]
            for number in random.permutation(len(batches)):
                loss = self._loss(batches[number], random)
                optimiser.zero_grad()
                # Gradients of the few vectors of a batch are sparse, and the library wants to hear that it need not
                # check them.
                with torch.sparse.check_sparse_tensor_invariants(False):  # type: ignore[no-untyped-call]
                    loss.backward()  # type: ignore[no-untyped-call]
                    optimiser.step()

    def scores(self, children: IntArray) -> FloatArray:
        with torch.no_grad():
            heads = self._entities[torch.from_numpy(self._known.models[children])]
            moved = self.geometry.moved(heads, self._relations[self._known.link])
            found = self.geometry.scores(moved, self._entities[torch.from_numpy(self._known.candidates)])
        return np.asarray(found.numpy(), dtype=np.float32)

    def _batches(self, of: _Direction, random: np.random.Generator) -> Iterator[_Direction]:
        order = random.permutation(len(of.heads))
        for start in range(0, len(order), self.batch):
            rows = torch.from_numpy(order[start : start + self.batch])
            yield replace(of, heads=of.heads[rows], tails=of.tails[rows])

    def _loss(self, of: _Direction, random: np.random.Generator) -> torch.Tensor:
        """Cross-entropy of the true tails of some triples, and their regularisation."""
        tails, ends = of.tails, of.ends
        stands_for = 1.0
        if of.relation != self._known.link and len(ends) > self.negatives:
            ends = ends[torch.from_numpy(random.integers(len(ends), size=self.negatives))]
            stands_for = len(of.ends) / len(ends)
        head, tail, end = (embedding(each, self._entities, sparse=True) for each in (of.heads, tails, ends))
        relation = self._relations[of.relation]
        moved = self.geometry.moved(head, relation)
        true = self.geometry.scores(moved[:, None], tail[:, None]).flatten()
        others = self.geometry.scores(moved, end).masked_fill(tails[:, None] == ends, -torch.inf)
        loss = cross_entropy(true, others, stands_for).mean()
        norms = sum(self.geometry.norm(each).mean() for each in (head, relation, tail))
        return loss + self.regularisation * norms


def cross_entropy(true: torch.Tensor, others: torch.Tensor, stands_for: float) -> torch.Tensor:
    """Scores (n,) and (n, m) -> (n,): minus the logarithm of how likely each true one is among itself and the others,
    each of which stands for so many."""
    return torch.logaddexp(true, others.logsumexp(1) + np.log(stands_for)) - true


def _directions(known: Triples) -> Iterator[_Direction]:
    for relation in np.unique(known.relation).tolist():
        of = known.relation == relation
        for number, start, end in (
            (relation, known.head[of], known.tail[of]),
            (relation + known.relations, known.tail[of], known.head[of]),
        ):
            yield _Direction(number, *(torch.from_numpy(each) for each in (start, end, np.unique(end))))


def embeddings() -> Mapping[str, Callable[[], Embeddings]]:
    """Each by name."""
    return {
        "transe": lambda: Embeddings(TransE(), learning_rate=0.3),
        "complex": lambda: Embeddings(ComplEx(), regularisation=0.03),
    }
