"""Learning from some of all candidates: those that stand high, and others, drawn, that stand for all the rest."""

from __future__ import annotations

import numpy as np
import torch

from gnn.ranking.trees import Marks
from graph.types import FloatArray, IntArray


def beside(
    high: Marks, allowed: Marks, count: int, random: np.random.Generator
) -> tuple[IntArray, IntArray, FloatArray]:
    """Of each query what is `high` (queries, candidates), and `count` drawn of all others that are `allowed`.

    (pairs,) each: the query, ascending, the candidate, and the logarithm of how many candidates it stands for, which is
    more than 0 for what was drawn.
    """
    columns, weights = [], []
    for row in range(len(high)):
        first = np.flatnonzero(high[row])
        others = np.flatnonzero(allowed[row] & ~high[row])
        drawn = random.choice(others, min(count, len(others)), replace=False)
        weight = np.log(len(others) / len(drawn)) if len(drawn) else 0.0
        columns.append(np.r_[first, drawn])
        weights.append(np.r_[np.zeros(len(first)), np.full(len(drawn), weight)].astype(np.float32))
    queries = np.repeat(np.arange(len(high)), [len(each) for each in columns])
    return queries, np.concatenate(columns), np.concatenate(weights)


def softmax_loss(
    logits: torch.Tensor, stands_for: torch.Tensor, asked: torch.Tensor, true: torch.Tensor, queries: int
) -> torch.Tensor:
    """Cross-entropy of each true candidate among those of its query that are not true.

    `logits`, `stands_for`, `asked` (the query), `true`: (pairs,). What stands for more counts as often (the correction
    of sampled softmax: Bengio and Senecal, Adaptive importance sampling, 2008).
    """
    false = (logits + stands_for).masked_fill(true, -torch.inf)
    highest = torch.full((queries,), -1e30, device=logits.device).scatter_reduce(0, asked, false.detach(), "amax")
    sums = torch.zeros(queries, device=logits.device).index_add(0, asked, (false - highest[asked]).exp())
    rest = (sums.log() + highest)[asked[true]]
    loss: torch.Tensor = (torch.logaddexp(logits[true], rest) - logits[true]).mean()
    return loss
