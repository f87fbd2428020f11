"""What becomes of a score without the links that were named, or with nothing else: fidelity as ERASER has it.

DeYoung et al., ERASER: A Benchmark to Evaluate Rationalized NLP Models (ACL 2020), call the first comprehensiveness.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from gnn.explanations.computation import Computation
from gnn.explanations.naming import NAMINGS, Naming, Pair
from gnn.ranking.measures import Interval, Values, interval
from graph.types import Step

#: The most links that can be named: three reasons, each with a link of either model.
MOST = 6
#: What is drawn at random is drawn so often, and the mean counts.
DRAWS = 5
#: How much more than random links the reasons should matter, and how much faster than GNNExplainer they should be.
TIMES_RANDOM, FASTER = 3, 1_000
MEASURED = ("dropped", "of_item", "lost")
#: What all others are compared with, and what decides how many links they may name.
OURS = "reasons"


@dataclass(frozen=True, slots=True)
class Named:
    """What one method named of a pair: `links`, best first; `dropped`: how much of the score goes with them, `of_item`
    with those of the recommended model alone; `lost`: how much goes with all others of that model; `seconds` to name
    them."""

    links: tuple[Step, ...]
    dropped: float
    of_item: float
    lost: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Fidelity:
    """A method over all pairs. `dropped`, `of_item`, `lost`, `against` (differences of these to the reasons, empty for
    themselves): bootstrap over pairs; `times_random`: its drops over those of random links; `stability`: mean overlap
    (Jaccard) of what is named over seeds, None with one seed; `distinct`: different facts named, `most`: the share of
    pairs for which the most frequent one is named; `seconds`: median."""

    method: str
    dropped: Interval
    of_item: Interval
    lost: Interval
    against: Mapping[str, Interval]
    times_random: Mapping[str, float]
    stability: float | None
    distinct: int
    most: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure. `goal`: what it should be, empty where nothing is asked; `met`: whether it is."""

    name: str
    value: float
    goal: str = ""
    met: bool | None = None


def name_all(
    pair: Pair, computation: Computation, seed: int, namings: Mapping[str, Naming] = NAMINGS
) -> dict[str, Named]:
    """What each method names of a pair, and what that does to its score; empty where the reasons name no link."""
    ours = NAMINGS[OURS](pair, computation, MOST, seed)
    if not ours:
        return {}
    sizes = len(ours), len(_of_item(pair, ours))
    full = float(computation.scores()[0])
    own = {*computation.links[1]}
    found = {}
    for name, naming in namings.items():
        draws = DRAWS if name == "random" else 1
        made = [_named(naming, pair, computation, sizes, DRAWS * seed + i, full, own) for i in range(draws)]
        means = {what: float(np.mean([getattr(each, what) for each in made])) for what in (*MEASURED, "seconds")}
        found[name] = Named(made[0].links, **means)
    return found


def _named(
    naming: Naming,
    pair: Pair,
    computation: Computation,
    sizes: tuple[int, int],
    seed: int,
    full: float,
    own: set[Step],
) -> Named:
    begun = time.perf_counter()
    ranked = naming(pair, computation, sizes[0], seed)
    seconds = time.perf_counter() - begun
    links, of_item = tuple(ranked[: sizes[0]]), _of_item(pair, ranked)[: sizes[1]]
    left = [float(computation.scores(gone)[0]) for gone in (links, of_item, own - {*of_item})]
    dropped, dropped_of_item, lost = (full - each for each in left)
    return Named(links, dropped, dropped_of_item, lost, seconds)


def _of_item(pair: Pair, links: Sequence[Step]) -> list[Step]:
    item = ("Model", pair.item.key)
    return [step for step in links if item in (step.start, step.end)]


def links_of(
    pair: Pair, computation: Computation, seed: int, namings: Mapping[str, Naming] = NAMINGS
) -> dict[str, tuple[Step, ...]]:
    """What each method names of a pair, by the network of `computation`."""
    most = len(NAMINGS[OURS](pair, computation, MOST, seed))
    return {name: tuple(naming(pair, computation, most, seed)[:most]) for name, naming in namings.items()}


def overlap(named: Sequence[Sequence[Step]]) -> float:
    """The mean Jaccard index of every two of several sets of links."""
    pairs = [({*a}, {*b}) for a, b in combinations(named, 2)]
    return float(np.mean([len(a & b) / len(a | b) if a | b else 1.0 for a, b in pairs]))


def facts(pair: Pair, links: Sequence[Step]) -> set[tuple[str, str]]:
    """What links of a pair lead to."""
    ends = {("Model", id) for id in pair.ids}
    return {node for step in links for node in (step.start, step.end) if node not in ends} or ends


def judge(
    pairs: Sequence[Pair], found: Sequence[Mapping[str, Named]], stability: Mapping[str, float]
) -> list[Fidelity]:
    """Every method over `pairs`, of each of which `found` holds what all named; the reasons first, then by how much of
    the score goes."""
    values = {
        name: {what: np.array([getattr(each[name], what) for each in found]) for what in (*MEASURED, "seconds")}
        for name in found[0]
    }
    rows = []
    for name, own in values.items():
        named: Counter[tuple[str, str]] = Counter()
        for pair, each in zip(pairs, found, strict=True):
            named.update(facts(pair, each[name].links))
        against = {what: interval(own[what] - values[OURS][what]) for what in MEASURED}
        rows.append(
            Fidelity(
                method=name,
                **{what: interval(own[what]) for what in MEASURED},
                against={} if name == OURS else against,
                times_random={what: _ratio(own[what], values["random"][what]) for what in MEASURED[:2]},
                stability=stability.get(name),
                distinct=len(named),
                most=named.most_common(1)[0][1] / len(pairs),
                seconds=float(np.median(own["seconds"])),
            )
        )
    return sorted(rows, key=lambda row: (row.method != OURS, -row.dropped.mean))


def goals(rows: Sequence[Fidelity]) -> list[Measure]:
    """How the reasons stand to random links, and to GNNExplainer."""
    by_name = {row.method: row for row in rows}
    ours, other = by_name[OURS], by_name["gnn-explainer"]
    asked = []
    for what, name in (("dropped", "deletion"), ("of_item", "deletion of the item's alone")):
        times = ours.times_random[what]
        ahead = -other.against[what].mean
        asked.append(
            Measure(f"{name}, times that of random links", times, f"at least {TIMES_RANDOM}", times >= TIMES_RANDOM)
        )
        asked.append(Measure(f"{name}, above that of gnn-explainer by", ahead, "above 0", ahead > 0))
    faster = other.seconds / ours.seconds
    return [*asked, Measure("times as fast as gnn-explainer", faster, f"at least {FASTER:,}", faster >= FASTER)]


def _ratio(values: Values, others: Values) -> float:
    mean = float(others.mean())
    return float(values.mean()) / mean if mean > 0 else float("inf")
