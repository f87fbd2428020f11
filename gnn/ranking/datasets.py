"""Datasets: on which was a new model trained, by what is known of it but its datasets and its bases?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

import numpy as np

from gnn.messages import Triple
from gnn.ranking.newcomers import NewModels, drawn
from gnn.ranking.past import title
from gnn.ranking.task import History
from graph.export import days
from graph.types import FloatArray, Subgraph


@dataclass(frozen=True, slots=True, eq=False)
class DatasetLink(NewModels):
    """Questions about new models that name a dataset or several. Candidates are all datasets that some model before the
    cut was trained on. `whole` and `past` are without what would give the answer away: see `without_answers`."""

    link: ClassVar[Triple] = ("Model", "TRAINED_ON", "Dataset")
    best_by: ClassVar[str] = "all mrr"
    shown: ClassVar[tuple[str, ...]] = ("all mrr", "all hits@10", "known mrr", "known hits@10")

    def kinds(self) -> Mapping[str, tuple[tuple[str, ...], ...]]:
        """The datasets of each model (all), and those that may be ranked (known)."""
        truths: dict[int, list[str]] = {row: [] for row in self.children.tolist()}
        for model, dataset in zip(*(end.tolist() for end in self.whole.edges[self.link]), strict=True):
            if model in truths:
                truths[model].append(self.whole.nodes["Dataset"][dataset])
        known = set(self.items)
        all_ = tuple(tuple(sorted(truth)) for truth in truths.values())
        return {"all": all_, "known": tuple(tuple(each for each in truth if each in known) for truth in all_)}

    def ask(self, whole: Subgraph, past: History, until: datetime) -> DatasetLink:
        return dataset_link(whole, past, until)

    def about(self) -> Mapping[str, int]:
        kinds = self.kinds()
        return {
            "new models": len(self.children),
            "datasets of theirs": sum(map(len, kinds["all"])),
            "of them known": sum(map(len, kinds["known"])),
            "candidates": len(self.candidates),
            "links before the cut": self.past.data.edges[self.link].shape[1],
        }


def dataset_link(whole: Subgraph, past: History, until: datetime, seed: int = 0) -> DatasetLink:
    """The questions that the `whole` graph answers about models from the cut until `until`."""
    born = whole.times["Model"]
    named = {name: row for row, name in enumerate(whole.nodes["Dataset"])}
    before = past.data.nodes["Dataset"]
    linked = np.unique(past.data.edges[DatasetLink.link][1]).tolist()
    candidates = np.array(sorted(named[before[row]] for row in linked), dtype=np.int64)
    models = np.unique(whole.edges[DatasetLink.link][0])
    models = models[(born[models] >= past.cut) & (born[models] < days(until))]
    if not len(candidates):
        models = models[:0]
    picked = drawn([whole.nodes["Model"][row] for row in models.tolist()], seed)
    known = replace(past, data=without_answers(past.data))
    return DatasetLink(known, without_answers(whole), models[picked], candidates)


def without_answers(data: Subgraph) -> Subgraph:
    """`data` without the text vectors of models, whose texts name their datasets, and without tags of a model that are
    spelt like a dataset of its own, with its owner or without."""
    none: FloatArray = np.zeros((len(data.nodes["Model"]), 0), np.float32)
    triple = ("Model", "HAS_TAG", "Tag")
    spellings: dict[str, int] = {}
    of_tag = [spellings.setdefault(_spelt(name), len(spellings)) for name in data.nodes["Tag"]]
    of_dataset = [[spellings.get(_spelt(each), -1) for each in (name, title(name))] for name in data.nodes["Dataset"]]
    model, dataset = data.edges[DatasetLink.link]
    own = np.array(of_dataset, dtype=np.int64).reshape(-1, 2)[dataset]
    telling = (model[:, None] * len(spellings) + own)[own >= 0]
    pair = data.edges[triple]
    kept = ~np.isin(pair[0] * len(spellings) + np.array(of_tag, dtype=np.int64)[pair[1]], telling)
    return replace(
        data,
        features={**data.features, "Model": none},
        edges={**data.edges, triple: pair[:, kept]},
        edge_times={**data.edge_times, triple: data.edge_times[triple][kept]},
    )


def _spelt(name: str) -> str:
    return name.casefold().replace("_", "-")
