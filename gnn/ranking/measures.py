"""How high the truth came, by `ir_measures` in trec_eval's definitions, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

#: How deep a list is looked through; how many resamplings an interval is made from.
DEPTH, RESAMPLES = 20, 2_000

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and the 95 % bootstrap interval around it."""

    mean: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """Whether zero lies outside."""
        return self.low > 0 or self.high < 0


def by_query(ranked: Sequence[Sequence[str]], truths: Sequence[Sequence[str]]) -> Mapping[str, Values]:
    """Recall@20, NDCG@20, MRR and Hits@10, (queries,) each, of the queries that have a truth.

    `ranked`: ids, best first. Recall = hits / truths; NDCG has gains of one and its ideal from all truths.
    """
    from ir_measures import RR, R, Success, iter_calc, nDCG

    names = {"recall@20": R @ DEPTH, "ndcg@20": nDCG @ DEPTH, "mrr": RR, "hits@10": Success @ 10}
    asked = [number for number, truth in enumerate(truths) if truth]
    relevant = {str(number): dict.fromkeys(truths[number], 1) for number in asked}
    # Places instead of scores: among equal scores the measures would break ties in their own way.
    run = {str(number): {id_: -float(place) for place, id_ in enumerate(ranked[number])} for number in asked}
    found = {name: dict.fromkeys(map(str, asked), 0.0) for name in names}
    spelt = {str(measure): name for name, measure in names.items()}
    for each in iter_calc(list(names.values()), relevant, run):
        found[spelt[str(each.measure)]][each.query_id] = each.value
    return {name: np.array(list(values.values()), dtype=np.float64) for name, values in found.items()}


def interval(values: Values, seed: int = 0) -> Interval:
    """The mean of `values` (queries,), with a percentile bootstrap over the queries; of differences: paired."""
    from scipy.stats import bootstrap

    mean = float(values.mean()) if len(values) else float("nan")
    if len(values) < 2 or not np.ptp(values):
        return Interval(mean, mean, mean)
    drawn = bootstrap(
        (values,), np.mean, n_resamples=RESAMPLES, method="percentile", rng=np.random.default_rng(seed), batch=100
    )
    return Interval(mean, float(drawn.confidence_interval.low), float(drawn.confidence_interval.high))


def coverage(ranked: Sequence[Sequence[str]], items: int) -> float:
    """The share of all items that stand in somebody's first 20."""
    return len({each for row in ranked for each in row[:DEPTH]}) / items if items else 0.0


def gini(ranked: Sequence[Sequence[str]], items: int) -> float:
    """How unevenly the first 20 of all lists are spread over the items: 0 all alike, towards 1 always the same."""
    counts: dict[str, int] = {}
    for row in ranked:
        for each in row[:DEPTH]:
            counts[each] = counts.get(each, 0) + 1
    shown = np.zeros(items)
    shown[items - len(counts) :] = sorted(counts.values())
    total = shown.sum()
    if not total:
        return 0.0
    places = np.arange(1, items + 1)
    return float((2 * places - items - 1) @ shown / (items * total))
