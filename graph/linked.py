"""Which models link to each fact, and to each base: of the whole graph, as arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from graph import snapshot, stages
from graph.database import Database
from graph.types import FACT_LABELS, IntArray


@dataclass(frozen=True, slots=True)
class Linked:
    """The nodes `keys` of one label, in order, and the numbers of the models that link to each: those of `keys[i]` are
    `models[bounds[i]:bounds[i + 1]]`, in order."""

    keys: list[str]
    bounds: IntArray
    models: IntArray

    def __iter__(self) -> Iterator[tuple[str, IntArray]]:
        for key, (start, end) in zip(self.keys, pairwise(self.bounds.tolist()), strict=True):
            yield key, self.models[start:end]

    @property
    def owners(self) -> IntArray:
        """(links,): the number of the node that each link leads to."""
        return np.repeat(np.arange(len(self.keys)), np.diff(self.bounds))

    @classmethod
    def of(cls, keys: Sequence[str], owners: IntArray, models: IntArray) -> Linked:
        """From links in any order, of the node `owners[i]` and the model `models[i]`. Nodes without a link are left
        out."""
        order = np.lexsort((models, owners))
        used, sizes = np.unique(owners, return_counts=True)
        bounds = np.r_[0, np.cumsum(sizes)].astype(np.int64)
        return cls([keys[i] for i in used.tolist()], bounds, models[order])


@dataclass(frozen=True, slots=True)
class AllLinked:
    """Every label's `Linked`, and under Model that of the bases, whose models are numbered as in `ids`."""

    ids: list[str]
    labels: dict[str, Linked]

    def among(self, ids: Sequence[str]) -> dict[str, Linked]:
        """The same of the models `ids` alone, numbered as there."""
        index = {id_: i for i, id_ in enumerate(ids)}
        place = np.array([index.get(id_, -1) for id_ in self.ids], dtype=np.int64)
        found = {}
        for label, linked in self.labels.items():
            models = place[linked.models]
            there = models >= 0
            found[label] = Linked.of(linked.keys, linked.owners[there], models[there])
        return found


def read(db: Database, home: Path | None = None) -> AllLinked:
    """Everything that models link to; of the same load it is read once, where there is a `home`."""
    loaded = stages.get(db, "load")
    state = loaded.fingerprint if loaded else ""
    labels = ("Model", *FACT_LABELS)
    kept = snapshot.load(home, "linked", state)
    if kept:
        found = {
            label: Linked(snapshot.names(kept[f"{label}Keys"]), kept[f"{label}Bounds"], kept[f"{label}Models"])
            for label in labels
        }
        return AllLinked(snapshot.names(kept["ids"]), found)
    index: dict[str, int] = {}
    found = {label: _read(db, label, index) for label in labels}
    arrays: dict[str, IntArray | list[str]] = {"ids": list(index)}
    for label, linked in found.items():
        arrays |= {f"{label}Keys": linked.keys, f"{label}Bounds": linked.bounds, f"{label}Models": linked.models}
    if loaded:
        snapshot.save(home, "linked", state, arrays)
    return AllLinked(list(index), found)


def _read(db: Database, label: str, index: dict[str, int]) -> Linked:
    keys: list[str] = []
    models: list[IntArray] = []
    for row in db.stream(f"export/links/{label}"):
        keys.append(row["key"])
        models.append(np.array([index.setdefault(id_, len(index)) for id_ in row["models"]], dtype=np.int64))
    order = sorted(range(len(keys)), key=keys.__getitem__)
    owners = np.repeat(np.arange(len(keys)), [len(models[i]) for i in order])
    return Linked.of(
        [keys[i] for i in order], owners, np.concatenate([np.zeros(0, np.int64), *(models[i] for i in order)])
    )
