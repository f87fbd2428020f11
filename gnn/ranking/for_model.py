"""For a model: what will those who built on it build on next, known only what was before a cut in time?

So a recommendation for a model is judged by what came true, not by how alike two models are. Models that share a base
with it, or are its base or child, are known before the cut: they are no truth, and may speak for one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from gnn.ranking.past import owner
from gnn.ranking.task import History, Scores, built_next, kinds
from graph.types import FloatArray, IntArray, Subgraph

#: So many authors at least must have built on a model that is asked about, and on something else from the cut: one
#: person's taste is no truth about a model. At most so many models are asked about, drawn at random.
FEWEST_AUTHORS, MOST = 3, 2_000


class ModelMethod(Protocol):
    """Learns from a history, then scores all its items for some of them."""

    seeded: bool

    def fit(self, past: History, seed: int) -> None: ...

    def scores(self, models: IntArray, /) -> FloatArray:
        """(models, items) for rows of `past.items`; higher is better."""
        ...


@dataclass(frozen=True, slots=True)
class ForModel:
    """Questions about bases (`models`, indices into `past.items`), and what is built on next by those who had built on
    them: ids of bases of other owners, known to the history or not. An author's pairs count as in `BuiltNext`."""

    past: History
    models: IntArray
    truths: tuple[tuple[str, ...], ...]
    best_by: ClassVar[str] = "warm ndcg@20"
    shown: ClassVar[tuple[str, ...]] = ("warm recall@20", "warm ndcg@20", "strict recall@20", "strict ndcg@20")

    @property
    def items(self) -> tuple[str, ...]:
        """All bases that somebody had built on."""
        return self.past.items

    @property
    def names(self) -> tuple[str, ...]:
        """The models that are asked about."""
        return tuple(self.past.items[model] for model in self.models.tolist())

    def kinds(self) -> Mapping[str, tuple[tuple[str, ...], ...]]:
        """Of each model the truths that somebody had built on before the cut (warm), and all (strict)."""
        return kinds(self.items, self.truths)

    def fit(self, method: ModelMethod, seed: int) -> None:
        method.fit(self.past, seed)

    def scores(self, method: ModelMethod, rows: slice) -> Scores:
        """What `method` gives the items for some of the models; nothing to what is of the same owner."""
        models = self.models[rows]
        scores = np.array(method.scores(models), dtype=np.float64)
        scores[~self.allowed(models)] = -np.inf
        return scores

    def allowed(self, models: IntArray) -> npt.NDArray[np.bool_]:
        """(models, items): what is not of the same owner."""
        _, owners = np.unique([owner(each) for each in self.items], return_inverse=True)
        return np.asarray(owners[models][:, None] != owners[None, :])

    def about(self) -> Mapping[str, int]:
        """How large it is."""
        warm = self.kinds()["warm"]
        return {
            "items": len(self.items),
            "models": len(self.models),
            "pairs": sum(map(len, self.truths)),
            "warm models": sum(bool(each) for each in warm),
            "warm pairs": sum(map(len, warm)),
        }


def for_model(whole: Subgraph, past: History, until: datetime, seed: int = 0) -> ForModel:
    """The questions that the `whole` graph answers about the items of `past`."""
    asked = built_next(whole, past, until)
    had = past.matrix()
    owners = [owner(each) for each in past.items]
    truths: dict[int, set[str]] = {}
    authors: dict[int, int] = {}
    for author, built in zip(asked.queries.tolist(), asked.truths, strict=True):
        for model in had[author].indices.tolist():
            foreign = {each for each in built if owner(each) != owners[model]}
            if foreign:
                truths.setdefault(model, set()).update(foreign)
                authors[model] = authors.get(model, 0) + 1
    models = np.array(sorted(model for model in truths if authors[model] >= FEWEST_AUTHORS), dtype=np.int64)
    if len(models) > MOST:
        models = np.sort(np.random.default_rng(seed).permutation(models)[:MOST])
    return ForModel(past, models, tuple(tuple(sorted(truths[model])) for model in models.tolist()))


def model_methods(device: str = "cpu") -> Mapping[str, Callable[[], ModelMethod]]:
    """Every method by name; networks learn on `device`, see `gnn.device`. The weights of the blend are set by hand."""
    from gnn.ranking.linear import EASE, ItemKNN
    from gnn.ranking.methods import Popularity
    from gnn.ranking.model_ranker import ModelRanker
    from gnn.ranking.neighbours import Facts, Kinship, Rows, Sum, Texts
    from gnn.ranking.novelty import PopularityShare
    from gnn.ranking.served import Served

    plain: dict[str, Callable[[], ModelMethod]] = {
        "popularity": Popularity,
        "recent-popularity": lambda: Popularity(window=30),
        "item-knn": lambda: Rows(ItemKNN()),
        "ease": lambda: Rows(EASE()),
        "ease-decayed": lambda: Rows(EASE(half_life=90)),
        "texts": Texts,
        "facts": Facts,
        "kinship": Kinship,
    }
    return {
        **plain,
        "blend": lambda: Sum(
            [
                (1.0, lambda: Rows(EASE(half_life=90))),
                (0.3, PopularityShare),
                (0.1, Texts),
                (0.1, Facts),
                (0.1, Kinship),
            ]
        ),
        "reranker": lambda: ModelRanker(plain),
        "gat": lambda: Served(device=device),
        "gcn": lambda: Served("gcn", device),
    }
