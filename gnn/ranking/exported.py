"""Ranked lists in a file, a line of JSON each: {"method", "seed", "query", "ranked": [ids, best first], "scores"}."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from gnn.ranking.contest import KEPT, Ranking
from graph.errors import BadInput

#: Of a method and a seed: of each query the ids and their scores.
Lists = Mapping[tuple[str, int], Mapping[str, tuple[tuple[str, ...], tuple[float, ...]]]]


def read(path: Path) -> Lists:
    """The lists in a file, cut after the first `KEPT` ids. Raises `BadInput` naming the first line that is none."""
    found: dict[tuple[str, int], dict[str, tuple[tuple[str, ...], tuple[float, ...]]]] = {}
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            try:
                row = json.loads(line)
                ids = tuple(str(each) for each in row["ranked"][:KEPT])
                scores = tuple(float(each) for each in row.get("scores", ())[:KEPT])
                found.setdefault((str(row["method"]), int(row.get("seed", 0))), {})[str(row["query"])] = ids, scores
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                raise BadInput(
                    f"{path}, line {number}: this is no ranked list ({error}).",
                    'A line is {"method": …, "query": …, "ranked": [ids, best first]}.',
                ) from error
    return found


def rankings(lists: Lists, names: Sequence[str], path: Path) -> list[Ranking]:
    """The lists in the order of the queries `names`. Raises `BadInput` where one is missing."""
    made = []
    for (method, seed), answers in lists.items():
        if missing := [name for name in names if name not in answers]:
            raise BadInput(
                f"{path}: {method} with seed {seed} has no list for {missing[0]}, nor for {len(missing) - 1} others.",
                "Lists answer the questions of one task, cut and end: give the same as when they were made.",
            )
        ranked, scores = zip(*(answers[name] for name in names), strict=True)
        made.append(Ranking(method, seed, ranked, scores))
    return made
