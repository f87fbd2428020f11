"""Matrix factorisation by the package `implicit`: an author's and an item's vectors, whose product is the score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from threadpoolctl import threadpool_limits

from gnn.ranking.methods import Popularity, Shares
from gnn.ranking.task import History
from graph.types import FloatArray, IntArray


@dataclass
class Factors:
    """ALS (Hu, Koren and Volinsky, Collaborative filtering for implicit feedback datasets, ICDM 2008) or BPR (Rendle
    et al., Bayesian personalized ranking, UAI 2009); what is popular, where an author had built on nothing."""

    kind: Literal["als", "bpr"]
    size: int = 64
    rounds: int = 30
    regularisation: float = 0.05
    learning_rate: float = 0.05
    seeded = True

    def fit(self, past: History, seed: int) -> None:
        from implicit.als import AlternatingLeastSquares
        from implicit.bpr import BayesianPersonalizedRanking

        shared = {
            "factors": self.size,
            "iterations": self.rounds,
            "regularization": self.regularisation,
            "random_state": seed,
            "num_threads": 1,  # with more, BPR's outcome depends on who was first
        }
        with threadpool_limits(1, user_api="blas"):  # the package wants its threads to itself
            if self.kind == "als":
                model = AlternatingLeastSquares(**shared)
            else:
                model = BayesianPersonalizedRanking(**shared, learning_rate=self.learning_rate)
            model.fit(past.matrix()[: past.builders], show_progress=False)
        self._items = np.asarray(model.item_factors)
        self._authors = np.zeros((len(past.authors), self._items.shape[1]), np.float32)
        self._authors[: past.builders] = model.user_factors
        self._popular = Popularity()
        self._popular.fit(past, seed)

    def scores(self, authors: IntArray) -> FloatArray:
        found = np.asarray(self._authors[authors] @ self._items.T, dtype=np.float32)
        return self._popular.instead(found, authors)

    def explain(self, author: int, item: int) -> Shares:
        return ()
