"""What is searched: of each method the settings that matter, and what they may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from gnn.ranking.factors import Factors
from gnn.ranking.linear import EASE, Blend, ItemKNN
from gnn.ranking.methods import Popularity
from gnn.ranking.network import GraphNetwork
from gnn.ranking.rerank import Reranker, TraceRanker
from gnn.ranking.traces import TRACES
from gnn.ranking.tracing import TraceNetwork
from gnn.ranking.trees import Trees

Settings = Mapping[str, Any]
Knobs = Mapping[str, BaseDistribution]


@dataclass(frozen=True, slots=True)
class Search:
    """Settings of one method that are searched together; `name` begins with that of the method.

    `make`: what makes the method of its settings. `knobs`: what each of these may be. `first`: the settings in use,
    which are tried first. `after`: the search whose best settings stay as they are while these are searched; so what
    needs a preparation of its own, which takes long, is searched after all that does not.
    """

    name: str
    make: Callable[..., Any]
    knobs: Knobs
    first: Settings | None = None
    after: str | None = None

    @property
    def method(self) -> str:
        return self.name.split(" ", 1)[0]

    def grid(self) -> list[Settings] | None:
        """Every combination, where all knobs are lists of values; None where they are not."""
        lists = [each.choices for each in self.knobs.values() if isinstance(each, CategoricalDistribution)]
        if len(lists) < len(self.knobs):
            return None
        return [dict(zip(self.knobs, values, strict=True)) for values in product(*lists)]


def searches(task: str) -> Sequence[Search]:
    """Those of built-next or lineage, in the order in which they share most."""
    return _lineage() if task == "lineage" else (*_plain(), *_built_next())


def _plain() -> Sequence[Search]:
    half_lives = (None, 30, 90, 180)
    return (
        Search("recent-popularity", Popularity, _lists(window=(7, 14, 30, 60, 90))),
        Search("decayed-popularity", Popularity, _lists(half_life=(4, 7, 15, 30, 60))),
        Search(
            "item-knn",
            ItemKNN,
            _lists(neighbours=(50, 200, 500), shrink=(5.0, 20.0, 50.0, 100.0), half_life=half_lives[:3]),
        ),
        Search("ease", EASE, _lists(regularisation=(100.0, 300.0, 1_000.0, 3_000.0), half_life=half_lives)),
        Search(
            "ease-recency",
            lambda regularisation, window, share: Blend(EASE(regularisation, 90), Popularity(window), share),
            _lists(regularisation=(300.0, 1_000.0, 3_000.0), window=(7, 14, 30), share=(0.3, 0.6, 1.0, 1.5)),
        ),
        Search(
            "als", partial(Factors, "als", rounds=30), _lists(size=(8, 16, 32), regularisation=(1.0, 3.0, 10.0, 30.0))
        ),
        Search(
            "bpr",
            partial(Factors, "bpr"),
            _lists(size=(8, 32), regularisation=(0.01, 0.03, 0.1), rounds=(100, 400)),
        ),
    )


def _built_next() -> Sequence[Search]:
    network: Knobs = {
        **_lists(size=(16, 32, 64), heads=(1, 2, 4, 8)),
        "dropout": FloatDistribution(0.0, 0.7, step=0.1),
        "learning_rate": FloatDistribution(5e-4, 1e-2, log=True),
        "feature_rate": FloatDistribution(2e-3, 5e-2, log=True),
        "weight_decay": FloatDistribution(1e-4, 1e-1, log=True),
        "epochs": IntDistribution(4, 24, step=4),
    }
    cheap = (*_networks(GraphNetwork, network), Search("reranker", _reranker, TREES, _in_use(Trees(), TREES)))
    moments = _lists(moments=(8, 16), step=(10.0, 20.0), ahead=(30.0, 60.0, 90.0))
    return (*cheap, *(Search(f"{each.name} moments", each.make, moments, after=each.name) for each in cheap))


def _lineage() -> Sequence[Search]:
    network: Knobs = {
        **_lists(size=(32, 64, 128), heads=(1, 2, 4, 8), hidden=(16, 32, 64)),
        "dropout": FloatDistribution(0.0, 0.7, step=0.1),
        "learning_rate": FloatDistribution(1e-3, 1e-2, log=True),
        "number_rate": FloatDistribution(2e-3, 5e-2, log=True),
        "weight_decay": FloatDistribution(1e-4, 1e-1, log=True),
        "epochs": IntDistribution(4, 16, step=4),
    }
    trees = Search(
        "reranker", lambda **settings: TraceRanker(TRACES, Trees(**settings)), TREES, _in_use(Trees(), TREES)
    )
    return (*_networks(partial(TraceNetwork, TRACES), network), trees)


def _networks(make: Callable[..., Any], knobs: Knobs) -> Sequence[Search]:
    """With attention, without it (and so without heads), and without messages: each is searched as much."""
    without_heads = {name: each for name, each in knobs.items() if name != "heads"}
    return (
        Search("gat", make, knobs, _in_use(make(), knobs)),
        Search("gcn", partial(make, "gcn"), without_heads, _in_use(make(), without_heads)),
        Search(
            "no-messages", partial(make, without=frozenset({"messages"})), without_heads, _in_use(make(), without_heads)
        ),
    )


def _reranker(**settings: Any) -> Reranker:
    trees = {name: settings.pop(name) for name in TREES if name in settings}
    return Reranker(**settings, trees=Trees(**trees))


def _lists(**values: Sequence[Any]) -> Knobs:
    return {name: CategoricalDistribution(each) for name, each in values.items()}


def _in_use(method: object, knobs: Knobs) -> Settings:
    return {name: getattr(method, name) for name in knobs}


#: Of trees; a depth of -1 is any.
TREES: Knobs = {
    "rounds": IntDistribution(100, 1_000, step=100),
    "leaves": IntDistribution(7, 63, log=True),
    "learning_rate": FloatDistribution(0.01, 0.2, log=True),
    "depth": CategoricalDistribution((-1, 4, 6, 8)),
}
