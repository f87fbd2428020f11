"""How good methods are for a part of the questions: authors of a size, models of a popularity or with a fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gnn.ranking.contest import Ranking, Task, by_method, mean
from gnn.ranking.measures import DEPTH, Interval, Values, by_query, coverage, gini, interval
from gnn.ranking.past import owner
from gnn.ranking.task import History
from graph.errors import BadInput
from graph.types import FACT_LABELS, IntArray

#: A group with fewer queries than this is counted to `OTHER`.
FEWEST = 20
OTHER, SEVERAL, UNKNOWN, YOUNGER = "other", "several", "unknown", "younger than the cut"
_FACTS = {"task": "Task", "library": "Library", "language": "Language"}
#: The least number of models of an author's size, and its name.
_SIZES = ((0, "none"), (1, "1"), (2, "2-4"), (5, "5-19"), (20, "20+"))


@dataclass(frozen=True, slots=True)
class Grouping:
    """Of each query, or of each item, the group; `order`: the groups, where they have one."""

    of: Mapping[str, str]
    of_queries: bool = False
    order: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class InGroup:
    """How a method did in a group of queries, or of truths.

    `queries`: how many have a truth in it. `intervals`: of the task's first two measures, means over seeds with a
    bootstrap over queries; `against`: the same of the differences to the method it is compared with, empty for itself.
    `items`: how many of it may be ranked; `coverage`, `gini`: of these, in the first 20 of all lists; `exposure`: the
    share that they hold of all these places. For a group of queries: of all items, in their lists; no exposure.
    """

    group: str
    method: str
    queries: int
    intervals: Mapping[str, Interval]
    against: Mapping[str, Interval]
    items: int
    coverage: float
    gini: float
    exposure: float | None


def grouping(task: Task[Any], past: History, by: str) -> Grouping:
    """Groups `by` author-size (of queries), popularity, task, library or language (of items), by what was known before
    the cut. A model with more than one value of a fact is of the group "several". Raises `BadInput` where the items of
    the task are no models."""
    if by == "author-size":
        return _sizes(task, past)
    rows = {model: row for row, model in enumerate(past.data.nodes["Model"])}
    known = [each for each in task.items if each in rows]
    if not known:
        raise BadInput(f"What is ranked here are no models, and has no {by}.", "Group the queries: --by author-size")
    if by == "popularity":
        return _popularity(known, past)
    return Grouping(_facts(known, np.array([rows[each] for each in known]), past, _FACTS[by]))


def by_group(task: Task[Any], rankings: Sequence[Ranking], groups: Grouping, against: str) -> list[InGroup]:
    """What each method is worth in each group; `against`: the method that the others are compared with. A query counts
    with its truths of a group only, and in each group that it has a truth of."""
    kind = task.shown[0].split(" ", 1)[0]
    truths = [
        [(each, groups.of[name] if groups.of_queries else groups.of.get(each, YOUNGER)) for each in truth]
        for name, truth in zip(task.names, task.kinds()[kind], strict=True)
    ]
    counts = Counter(label for row in truths for label in {label for _, label in row})
    kept = {label for label, count in counts.items() if count >= FEWEST}
    places = {label: place for place, label in enumerate(groups.order)}
    names = sorted(kept, key=lambda label: (places.get(label, len(places)), -counts[label], label))
    made = by_method(rankings)

    def group_of(label: str) -> str:
        return label if label in kept else OTHER

    found: list[InGroup] = []
    for group in [*names, *([OTHER] if set(counts) - kept else [])]:
        right = [[each for each, label in row if group_of(label) == group] for row in truths]
        items = {each for each in task.items if group_of(groups.of.get(each, YOUNGER)) == group}
        inside = None if groups.of_queries else items
        values = {name: mean([_values(task, each, right) for each in parts]) for name, parts in made.items()}
        for name, parts in made.items():
            rival = {} if name == against else values[against]
            found.append(
                InGroup(
                    group,
                    name,
                    sum(map(bool, right)),
                    {key: interval(each) for key, each in values[name].items()},
                    {key: interval(values[name][key] - each) for key, each in rival.items()},
                    *_recommended(task, parts, right, inside),
                )
            )
    return found


def _recommended(
    task: Task[Any], rankings: Sequence[Ranking], truths: Sequence[Sequence[str]], inside: set[str] | None
) -> tuple[int, float, float, float | None]:
    """Items, coverage, Gini and exposure, means over `rankings`, of the items `inside`; without: of all, in the lists
    of the queries that have a truth."""
    whole = [
        [row[:DEPTH] for row, truth in zip(each.ranked, truths, strict=True) if truth or inside is not None]
        for each in rankings
    ]
    if inside is None:
        lists, items = whole, len(task.items)
    else:
        lists = [[tuple(each for each in row if each in inside) for row in rows] for rows in whole]
        items = len(inside)
    shares = [sum(map(len, part)) / max(sum(map(len, rows)), 1) for part, rows in zip(lists, whole, strict=True)]
    covered, uneven = (float(np.mean([of(each, items) for each in lists])) for of in (coverage, gini))
    return items, covered, uneven, None if inside is None else float(np.mean(shares))


def _values(task: Task[Any], ranking: Ranking, truths: Sequence[Sequence[str]]) -> dict[str, Values]:
    """The task's first two measures of one ranking, (queries with a truth,) each."""
    found = by_query(ranking.ranked, truths)
    return {name: found[name.split(" ", 1)[1]] for name in task.shown[:2]}


def _sizes(task: Task[Any], past: History) -> Grouping:
    """Of each query by how many models its author, or the owner of the model that it is, had before the cut."""
    published = past.data.edges["Model", "PUBLISHED_BY", "Author"][1]
    counts = np.bincount(published, minlength=len(past.data.nodes["Author"])).tolist()
    models = dict(zip(past.data.nodes["Author"], counts, strict=True))
    named = {name: models.get(owner(name), 0) for name in task.names}
    of = {name: [label for least, label in _SIZES if count >= least][-1] for name, count in named.items()}
    return Grouping(of, of_queries=True, order=[label for _, label in _SIZES])


def _popularity(items: Sequence[str], past: History) -> Grouping:
    """Deciles, or quarters of few items, by how many authors had built on them; of equals all are in one."""
    builds = dict(zip(past.items, np.bincount(past.item, minlength=len(past.items)).tolist(), strict=True))
    counts = np.array([builds.get(each, 0) for each in items])
    parts, name = (10, "decile") if len(items) >= 100 else (4, "quarter")
    ascending = np.sort(counts)
    above = len(items) - (np.searchsorted(ascending, counts, "left") + np.searchsorted(ascending, counts, "right")) / 2
    numbers = np.minimum((above / len(items) * parts).astype(int), parts - 1)
    words: dict[int, str] = {}
    for part in np.unique(numbers).tolist():
        low, high = counts[numbers == part].min(), counts[numbers == part].max()
        words[part] = f"{name} {part + 1}: built upon by {low}" + (f" to {high}" if low < high else "")
    of = {each: words[part] for each, part in zip(items, numbers.tolist(), strict=True)}
    return Grouping(of, order=list(words.values()))


def _facts(items: Sequence[str], rows: IntArray, past: History, label: str) -> Mapping[str, str]:
    """The value of the fact of each item; `rows` of the items in the graph."""
    model, fact = past.data.edges["Model", FACT_LABELS[label][0], label]
    first = dict(zip(model.tolist(), fact.tolist(), strict=True))
    counts = np.bincount(model, minlength=len(past.data.nodes["Model"]))[rows].tolist()
    words = past.data.nodes[label]
    return {
        item: UNKNOWN if not count else SEVERAL if count > 1 else words[first[row]]
        for item, row, count in zip(items, rows.tolist(), counts, strict=True)
    }
