"""The graph as it was: a subgraph without what is younger than a cut."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import numpy as np

from graph.types import IntArray, Subgraph

_DAY = 86_400.0


def day_of(moment: datetime) -> float:
    """Days since 1970; without a time zone it is UTC."""
    return float(moment.replace(tzinfo=moment.tzinfo or timezone.utc).timestamp() / _DAY)


def moment_of(day: float) -> datetime:
    """The moment of a day since 1970."""
    return datetime.fromtimestamp(day * _DAY, timezone.utc)


def as_of(data: Subgraph, cut: datetime) -> Subgraph:
    """`data` without the models that were created at or after `cut`, their links, and the facts that no other model
    has. Models without a date stay."""
    kept: dict[str, IntArray] = {"Model": np.flatnonzero(~(data.times["Model"] >= day_of(cut)))}
    number = np.full(len(data.nodes["Model"]), -1, dtype=np.int64)
    number[kept["Model"]] = np.arange(len(kept["Model"]))
    edges: dict[tuple[str, str, str], IntArray] = {}
    for triple, (source, target) in data.edges.items():
        inside = number[source] >= 0
        if triple[2] == "Model":
            inside &= number[target] >= 0
            edges[triple] = np.stack([number[source[inside]], number[target[inside]]])
        else:
            kept[triple[2]], places = np.unique(target[inside], return_inverse=True)
            edges[triple] = np.stack([number[source[inside]], places])
    times = data.times["Model"][kept["Model"]]
    return replace(
        data,
        nodes={label: tuple(data.nodes[label][row] for row in rows.tolist()) for label, rows in kept.items()},
        edges=edges,
        edge_times={triple: times[pair[0]] for triple, pair in edges.items()},
        features={label: data.features[label][rows] for label, rows in kept.items()},
        times={"Model": times},
        cut=cut,
    )


def owner(model: str) -> str:
    """Who published a model, by its id."""
    return model.split("/", 1)[0]
