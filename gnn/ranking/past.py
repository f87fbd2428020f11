"""The graph as it was: a subgraph without what is younger than a cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import numpy as np
from scipy import sparse

from gnn.messages import HIDDEN, Days
from graph.export import days
from graph.neighbours import places
from graph.types import FACT_LABELS, FloatArray, IntArray, Subgraph

_DAY = 86_400.0
#: What is a fact of a new model, and not what may have to be predicted of it.
FACTS = tuple(label for label, (link, _) in FACT_LABELS.items() if link not in HIDDEN and label != "Author")


def moment_of(day: float) -> datetime:
    """The moment of a day since 1970."""
    return datetime.fromtimestamp(day * _DAY, timezone.utc)


def as_of(data: Subgraph, cut: datetime) -> Subgraph:
    """`data` without the models that were created at or after `cut`, their links, and the facts that no other model
    has. Models without a date stay."""
    return replace(part(data, np.flatnonzero(~(data.times["Model"] >= days(cut)))), cut=cut)


def part(data: Subgraph, models: IntArray) -> Subgraph:
    """`data` with only some of its `models` (rows, ascending), the links between them, and the facts that they have."""
    kept: dict[str, IntArray] = {"Model": models}
    number = np.full(len(data.nodes["Model"]), -1, dtype=np.int64)
    number[models] = np.arange(len(models))
    edges: dict[tuple[str, str, str], IntArray] = {}
    for triple, (source, target) in data.edges.items():
        inside = number[source] >= 0
        if triple[2] == "Model":
            inside &= number[target] >= 0
            edges[triple] = np.stack([number[source[inside]], number[target[inside]]])
        else:
            kept[triple[2]], places = np.unique(target[inside], return_inverse=True)
            edges[triple] = np.stack([number[source[inside]], places])
    times = data.times["Model"][models]
    return replace(
        data,
        nodes={label: tuple(data.nodes[label][row] for row in rows.tolist()) for label, rows in kept.items()},
        edges=edges,
        edge_times={triple: times[pair[0]] for triple, pair in edges.items()},
        features={label: data.features[label][rows] for label, rows in kept.items()},
        times={"Model": times},
    )


def newest(models: IntArray, of: IntArray, born: Days, count: int) -> IntArray:
    """Of `models`, rows of a graph whose models were `born`, the `count` newest of each that they are `of`."""
    order = np.lexsort((-np.nan_to_num(born[models], nan=-np.inf), of))
    return np.asarray(models[order][places(of[order]) < count])


def bare(data: Subgraph) -> Subgraph:
    """`data` without its text vectors, which are most of its size."""
    return replace(data, features={label: each[:, :0] for label, each in data.features.items()})


def owner(model: str) -> str:
    """Who published a model, by its id."""
    return model.split("/", 1)[0]


def title(model: str) -> str:
    """The name of a model without its owner, in small letters."""
    return model.rsplit("/", 1)[-1].casefold()


def units(rows: Any) -> Any:
    """`rows` (n, d), dense or sparse, each at length 1; rows of zeros stay."""
    if sparse.issparse(rows):
        lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        return (sparse.diags((1 / np.maximum(lengths, 1e-12)).astype(np.float32)) @ rows).tocsr()
    dense = np.asarray(rows, dtype=np.float32)
    return dense / np.maximum(np.linalg.norm(dense, axis=1, keepdims=True), 1e-12)


def jaccard(rows: sparse.csr_matrix, others: sparse.csr_matrix) -> FloatArray:
    """(rows, others): the Jaccard index of what each holds, (rows, n) and (others, n); what is held has one weight."""
    both = np.asarray((rows @ (others > 0).astype(np.float32).T).todense(), dtype=np.float32)
    either = np.asarray(rows.sum(axis=1)) + np.asarray(others.sum(axis=1)).T - both
    return np.asarray(both / np.maximum(either, 1e-9), dtype=np.float32)


def facts_of(whole: Subgraph, before: Subgraph, labels: Sequence[str] = FACTS) -> sparse.csr_matrix:
    """(models of `whole`, facts of some `labels`): the weight of each fact, the logarithm of its rarity in `before`;
    what no model had before has no weight."""
    blocks = []
    models = len(before.nodes["Model"])
    for label in labels:
        relationship, _ = FACT_LABELS[label]
        pair = whole.edges["Model", relationship, label]
        had = dict(zip(*np.unique(before.edges["Model", relationship, label][1], return_counts=True), strict=True))
        counts = {before.nodes[label][i]: n for i, n in had.items()}
        weights = np.array([np.log(1 + models / counts[key]) if key in counts else 0.0 for key in whole.nodes[label]])
        shape = (len(whole.nodes["Model"]), len(whole.nodes[label]))
        blocks.append(sparse.csr_matrix((weights[pair[1]].astype(np.float32), (pair[0], pair[1])), shape=shape))
    return sparse.hstack(blocks).tocsr()


def texts_of_facts(whole: Subgraph, before: Subgraph) -> FloatArray:
    """(models of `whole`, dimensions): the mean of the text vectors of a model's facts, weighed as in `facts_of`, at
    length 1; zeros where it has none."""
    return np.asarray(units(facts_of(whole, before) @ fact_texts(whole)), dtype=np.float32)


def fact_texts(whole: Subgraph) -> FloatArray:
    """(facts, dimensions): the text vectors of the facts of `facts_of`, in its order, each at length 1."""
    return np.asarray(units(np.concatenate([whole.features[label] for label in FACTS])), dtype=np.float32)
