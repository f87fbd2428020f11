"""Ranks all candidates for every held-out query and says how high the truth came."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from gnn.tasks import Events, Pairs, Window

#: (kind, query indices) -> scores (queries, items)
ScoreAll = Callable[[str, npt.NDArray[np.int64]], npt.NDArray[np.float64]]


def popularity(events: Events, moment: float, column: int = 0) -> ScoreAll:
    """The baseline that ranks by how often a model was built on (or a dataset trained on) before `moment`."""

    def score_all(kind: str, queries: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        counts = events.dataset_counts(moment)[:, 0] if kind == "dataset" else events.counts(moment)[:, column]
        return np.broadcast_to(counts.astype(np.float64), (len(queries), len(counts)))

    return score_all


def ranks(kind: str, pairs: Pairs, score_all: ScoreAll, candidates: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """(pairs,): the rank of each true item among `candidates`, ties counted at their middle.

    A query's other true items and what it already had do not stand in the way.
    """
    found = np.zeros(len(pairs))
    order = np.argsort(pairs.query, kind="stable")
    for start in range(0, len(order), 512):
        block = order[start : start + 512]
        queries, position = np.unique(pairs.query[block], return_inverse=True)
        scores = np.where(candidates, score_all(kind, queries), -np.inf)
        for row, query in enumerate(queries.tolist()):
            mine = block[position == row]
            truths = pairs.item[mine]
            own = scores[row].copy()
            own[pairs.known.get(query, np.zeros(0, np.int64))] = -np.inf
            if kind == "model":
                own[query] = -np.inf
            values = scores[row][truths]
            own[truths] = -np.inf
            found[mine] = [1 + (own > value).sum() + (own == value).sum() / 2 for value in values]
    return found


def judge(events: Events, window: Window, score_all: ScoreAll) -> dict[str, dict[str, float]]:
    """Per kind of query: MRR, Hits@1, Hits@10, Recall@20 and NDCG@20 over pairs, and their number."""
    table = {}
    for kind, pairs in window.pairs.items():
        if not len(pairs):
            continue
        found = ranks(kind, pairs, score_all, candidates(events, kind, window.start))
        table[kind] = {
            "pairs": float(len(found)),
            "mrr": float((1 / found).mean()),
            "hits@1": float((found <= 1).mean()),
            "hits@10": float((found <= 10).mean()),
            "recall@20": float((found <= 20).mean()),
            "ndcg@20": float(np.where(found <= 20, 1 / np.log2(found + 1), 0.0).mean()),
        }
    return table


def candidates(events: Events, kind: str, moment: float) -> npt.NDArray[np.bool_]:
    """Marks what may be recommended at `moment`: every model (or dataset) that was there before it."""
    if kind == "dataset":
        return np.asarray(events.dataset_counts(moment)[:, 0] > 0)
    return np.asarray(~(events.times >= moment))


def overall(table: Mapping[str, Mapping[str, float]], metric: str = "mrr") -> float:
    """The metric over all pairs of all kinds."""
    total = sum(row["pairs"] for row in table.values())
    return sum(row["pairs"] * row[metric] for row in table.values()) / total if total else 0.0
