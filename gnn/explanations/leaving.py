"""Whether a model leaves the list without the facts that its counterfactual names, as the whole network sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gnn.explanations.computation import Computation, Whole
from gnn.explanations.fidelity import Measure
from gnn.explanations.naming import Pair
from gnn.training import Trained
from graph.counterfactual import Rivals, counterfactual
from graph.drafts import link_step
from graph.score import Side


@dataclass(frozen=True, slots=True)
class Leaving:
    """Of one pair: how many `links` the counterfactual drops, whether the item `left` the best when both layers were
    run again without them, for it and for its rivals."""

    links: int
    left: bool


def leaving(trained: Trained, whole: Whole, pair: Pair, rivals: Sequence[Side], k: int) -> Leaving | None:
    """None where nothing that is tried takes the item out of the `k` best of itself and its `rivals`."""
    if len(rivals) < k:
        return None
    query, item = pair.query, pair.item
    found = counterfactual(query, item, Rivals.of(query, rivals), k, pair.terms, pair.weights)
    if found is None:
        return None
    ends = ((query, found.of_query), (item, found.of_item))
    links = {step for side, dropped in ends for fact in dropped for step in link_step((side.label, side.key), fact)}
    models = (query.key, item.key, *(rival.key for rival in rivals))
    own, *others = Computation(trained, whole, models).scores(links).tolist()
    return Leaving(len(links), own < np.sort(others)[-k])


def agreement(found: Sequence[Leaving | None], k: int) -> list[Measure]:
    """The figures over all pairs."""
    told = [each for each in found if each is not None]
    if not told:
        return [Measure(f"have a counterfactual for leaving the best {k}", 0.0)]
    return [
        Measure(f"have a counterfactual for leaving the best {k}", len(told) / len(found)),
        Measure("links that a counterfactual drops", float(np.mean([each.links for each in told]))),
        Measure("of these counterfactuals the whole network agrees with", float(np.mean([each.left for each in told]))),
    ]
