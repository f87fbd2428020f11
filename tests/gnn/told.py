"""Planted subgraphs in which one thing alone tells what an author builds on next."""

from __future__ import annotations

from typing import Literal

import numpy as np

from graph.types import FACT_LABELS, IntArray, Subgraph

What = Literal["text", "time", "TRAINED_ON"]
FAMILIES, BASES, AUTHORS = 4, 24, 300
#: Periods of so many days, in which four bases each are in fashion; a day in the last of them.
PERIODS, PERIOD = 18, 30.0
CUT = 530.0


def fashion() -> IntArray:
    """(periods, 4): the bases of each."""
    random = np.random.default_rng(1)
    return np.stack([random.permutation(BASES)[:4] for _ in range(PERIODS)])


def told_by(what: What, seed: int = 0) -> Subgraph:
    """Each of 24 bases has an owner; 240 authors make three models each at random days: the first from any base, the
    others from one of the author's family. What their texts, or the datasets they were trained on, say of models is
    their family, and nothing else is said. By time there are no families: everyone builds on what is in fashion.
    """
    random = np.random.default_rng(seed)
    models = [f"maker{i}/base" for i in range(BASES)]
    family = [i % FAMILIES for i in range(BASES)]
    born = [-100.0] * BASES
    bases, published = [], [(i, i) for i in range(BASES)]
    for author in range(AUTHORS):
        for number, day in enumerate(np.sort(random.uniform(0, PERIODS * PERIOD, size=3)).tolist()):
            if what == "time":
                base = int(random.choice(fashion()[int(day / PERIOD)]))
            elif number:
                base = FAMILIES * int(random.integers(BASES // FAMILIES)) + author % FAMILIES
            else:
                base = int(random.integers(BASES))
            published.append((len(models), BASES + author))
            bases.append((len(models), base))
            models.append(f"author{author}/{'abc'[number]}")
            family.append(author % FAMILIES)
            born.append(day)
    links = {("Model", "BASED_ON", "Model"): bases, ("Model", "PUBLISHED_BY", "Author"): published}
    owners = (*(f"maker{i}" for i in range(BASES)), *(f"author{i}" for i in range(AUTHORS)))
    nodes: dict[str, tuple[str, ...]] = {"Model": tuple(models), "Author": owners}
    if what == "TRAINED_ON":
        nodes["Dataset"] = tuple(f"data{i}" for i in range(FAMILIES))
        links["Model", "TRAINED_ON", "Dataset"] = list(enumerate(family))
    for label, (relationship, _) in FACT_LABELS.items():
        nodes.setdefault(label, ())
        links.setdefault(("Model", relationship, label), [])
    meaning = random.normal(size=(FAMILIES, 16)).astype(np.float32)
    features = {label: np.zeros((len(keys), 16), np.float32) for label, keys in nodes.items()}
    features["Dataset"] = meaning[: len(nodes["Dataset"])]
    if what == "text":
        features["Model"] = meaning[family]
    day = np.array(born)
    edges = {triple: np.array(pairs, dtype=np.int64).reshape(-1, 2).T for triple, pairs in links.items()}
    return Subgraph(
        nodes=nodes,
        edges=edges,
        edge_times={triple: day[pair[0]] for triple, pair in edges.items()},
        features=features,
        times={"Model": day},
    )
