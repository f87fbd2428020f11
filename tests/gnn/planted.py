"""A planted subgraph: every author keeps building within one of four families, whose models share tags and names."""

from __future__ import annotations

import numpy as np

from graph.types import FACT_LABELS, Subgraph

FAMILIES, BASES, CHILDREN = 4, 6, 240


def planted(seed: int = 0, *, noise: bool = False) -> Subgraph:
    """24 bases made at the start, then 240 models by 40 authors, each built on a base of the author's family.

    With `noise` the base is drawn from all and no fact tells the family.
    """
    random = np.random.default_rng(seed)
    bases = [f"org{f}/base-{f}-{i}" for f in range(FAMILIES) for i in range(BASES)]
    models = list(bases)
    family = [f for f in range(FAMILIES) for _ in range(BASES)]
    times = [float(i) for i in range(len(bases))]
    lineage, authors = [], [f"org{f}" for f in range(FAMILIES)] + [f"author{a}" for a in range(40)]
    published = [(i, f) for i, f in enumerate(family)]
    for n in range(CHILDREN):
        author = int(random.integers(40))
        base = int(random.integers(len(bases)) if noise else (author % FAMILIES) * BASES + random.integers(BASES))
        published.append((len(models), FAMILIES + author))
        lineage.append((len(models), base))
        family.append(int(random.integers(FAMILIES)) if noise else family[base])
        models.append(f"author{author}/child-{n}")
        times.append(100.0 + 2.0 * n)
    links = {
        ("Model", "BASED_ON", "Model"): lineage,
        ("Model", "PUBLISHED_BY", "Author"): published,
        ("Model", "HAS_TAG", "Tag"): [(i, f) for i, f in enumerate(family)],
    }
    nodes = {"Model": tuple(models), "Author": tuple(authors), "Tag": tuple(f"family-{f}" for f in range(FAMILIES))}
    for label, (relationship, _) in FACT_LABELS.items():
        nodes.setdefault(label, ())
        links.setdefault(("Model", relationship, label), [])
    meaning = random.normal(size=(FAMILIES, 16))
    day = np.array(times)
    edges = {triple: np.array(pairs, dtype=np.int64).reshape(-1, 2).T for triple, pairs in links.items()}
    features = {label: random.normal(size=(len(keys), 16)).astype(np.float32) for label, keys in nodes.items()}
    if not noise:
        features["Model"] += 2 * meaning[family].astype(np.float32)
    return Subgraph(
        nodes=nodes,
        edges=edges,
        edge_times={triple: day[pair[0]] for triple, pair in edges.items()},
        features=features,
        times={"Model": day},
    )
