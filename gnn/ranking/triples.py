"""What is known of models, as the triples of a knowledge graph: entities are models and what they link to, relations
are the relationships."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gnn.messages import HIDDEN, Triple
from gnn.ranking.newcomers import NewModels, place
from gnn.ranking.trees import Marks
from graph.neighbours import places
from graph.types import IntArray

#: Of the facts of a label a model counts with so many, the rarest.
_FACTS = 16


@dataclass(frozen=True, slots=True, eq=False)
class Triples:
    """`head`, `relation`, `tail` (triples,): numbers of entities and of relations.

    `entities`, `relations`: how many there are. `link`: the relation that is asked for. `models` (models of the whole
    graph,): the entity of each, or -1. `candidates` (candidates,): theirs.
    """

    head: IntArray
    relation: IntArray
    tail: IntArray
    entities: int
    relations: int
    link: int
    models: IntArray
    candidates: IntArray


def triples(task: NewModels) -> Triples:
    """What a task lets its methods know, and only of the models that matter to it: those that had the link that is
    asked for before the cut, what they link to, the candidates and the new models.

    Links to bases and datasets are those from before the cut. Of models that are younger than it there are facts, where
    an older one has them too. A fact that one model alone has says nothing and is left out, and of each label a model
    has its rarest facts. An author is linked to all that their models were linked to by the link that is asked for.
    """
    whole = task.whole
    young = whole.times["Model"] >= task.past.cut
    chosen = _chosen(task, young)
    first = dict(zip(whole.nodes, np.cumsum([0, *map(len, whole.nodes.values())]).tolist(), strict=False))
    pairs = {triple: _pairs(task, triple, chosen, young) for triple in whole.edges}
    pairs["Author", task.link[1], task.link[2]] = _by_author(
        *pairs["Model", "PUBLISHED_BY", "Author"], *pairs[task.link]
    )
    head = np.concatenate([source + first[label] for (label, _, _), (source, _) in pairs.items()])
    tail = np.concatenate([end + first[label] for (_, _, label), (_, end) in pairs.items()])
    models, candidates = np.arange(len(young)) + first["Model"], task.candidates + first[task.link[2]]
    used = np.unique(np.concatenate([head, tail, candidates, models[task.children]]))
    number = place(used, sum(map(len, whole.nodes.values())))
    return Triples(
        number[head],
        np.repeat(np.arange(len(pairs)), [len(end) for _, end in pairs.values()]),
        number[tail],
        len(used),
        len(pairs),
        list(pairs).index(task.link),
        number[models],
        number[candidates],
    )


def _chosen(task: NewModels, young: Marks) -> Marks:
    """(models,): marks the models that matter."""
    model, end = task.whole.edges[task.link]
    chosen = np.zeros(len(young), bool)
    chosen[task.children] = True
    if task.link[2] == "Model":
        old = ~young[model] & ~young[end]
        chosen[end[old]] = chosen[task.candidates] = True
    else:
        old = ~young[model]
    chosen[model[old]] = True
    return chosen


def _pairs(task: NewModels, triple: Triple, chosen: Marks, young: Marks) -> tuple[IntArray, IntArray]:
    """Of a relationship the models and what they link to, rows of the whole graph."""
    _, relationship, label = triple
    model, end = task.whole.edges[triple]
    kept = chosen[model]
    if relationship in HIDDEN:
        kept = kept & ~young[model]
    if label == "Model":
        kept &= chosen[end] & ~young[end]
        return model[kept], end[kept]
    count = len(task.whole.nodes[label])
    known = np.bincount(end[kept & ~young[model]], minlength=count) > 0
    kept &= known[end]
    having = np.bincount(end[kept], minlength=count)
    if triple != task.link:
        kept &= having[end] > 1
    model, end = model[kept], end[kept]
    order = np.lexsort((having[end], model))
    few = order[places(model[order]) < _FACTS]
    return model[few], end[few]


def _by_author(published: IntArray, author: IntArray, linked: IntArray, end: IntArray) -> tuple[IntArray, IntArray]:
    """Authors, and what the models that they `published` are `linked` to; each pair once."""
    of = dict(zip(published.tolist(), author.tolist(), strict=True))
    pairs = {(of[model], to) for model, to in zip(linked.tolist(), end.tolist(), strict=True) if model in of}
    found = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]
