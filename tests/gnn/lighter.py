"""The methods as the tests of ranking fit them."""

from __future__ import annotations

from collections.abc import Callable

from gnn.ranking.ensemble import Together
from gnn.ranking.factors import Factors
from gnn.ranking.methods import Method, methods
from gnn.ranking.network import GraphNetwork
from gnn.ranking.rerank import Reranker
from gnn.ranking.task import History
from gnn.ranking.trees import Trees

UNEXPLAINED = ("als", "bpr")
_LIGHTER: dict[str, Callable[[], Method]] = {  # as they are, but trained for less long
    "als": lambda: Factors("als", regularisation=0.05),  # the graph is small
    "gat": lambda: GraphNetwork(moments=4, step=20, epochs=10),
    "gcn": lambda: GraphNetwork("gcn", moments=4, step=20, epochs=10),
    "no-messages": lambda: GraphNetwork(moments=4, step=20, epochs=2, without=frozenset({"messages"})),
    "reranker": lambda: Reranker(moments=4, step=20, trees=Trees(rounds=60)),
    "gat-reranker": lambda: Together([(1.0, _LIGHTER["gat"]), (1.0, _LIGHTER["reranker"])]),
}
METHODS = {**methods(), **_LIGHTER}


def fitted(make: Callable[[], Method], past: History) -> Method:
    method = make()
    method.fit(past, 0)
    return method
